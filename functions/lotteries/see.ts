/** What anybody may see of a draw: as much as its state allows. */
import type { Course, CourseId } from '../courses/model.ts';
import { getCourse, listCurrentCourses } from '../courses/store.ts';
import type { ApiDeps } from '../platform/deps.ts';
import type { DrawFile } from './model.ts';
import { drawFile } from './rules.ts';
import { getLottery, listNumbers } from './store.ts';

/** The draw of a course with a public page; undefined when there is none. */
export async function publicDraw(
  { database }: Pick<ApiDeps, 'database'>,
  courseId: CourseId,
): Promise<{ readonly course: Course; readonly file: DrawFile } | undefined> {
  const course = await getCourse(database, courseId);
  if (course?.publication !== 'published' && course?.publication !== 'cancelled') return undefined;
  const lottery = await getLottery(database, courseId);
  if (!lottery) return undefined;
  const entries = lottery.drawnAt === undefined ? [] : await listNumbers(database, courseId);
  return { course, file: drawFile(lottery, course.title, entries) };
}

/** Ids of every course that is not over and draws lots. */
export async function lotteryCourseIds({
  database,
}: Pick<ApiDeps, 'database'>): Promise<CourseId[]> {
  return (await listCurrentCourses(database))
    .filter(({ course }) => course.application.method === 'lottery')
    .map(({ course }) => course.courseId);
}
