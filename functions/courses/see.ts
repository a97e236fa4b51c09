/** Who may see which courses: families what is published, the desk everything that is not over. */
import type { ApiDeps } from '../platform/deps.ts';
import { type Refused, refuse } from '../platform/refusals.ts';
import type { CourseId, CourseWithSeats, PublicCourse } from './model.ts';
import { statusEntry } from './rules.ts';
import { getCourseWithSeats, listCurrentCourses } from './store.ts';

type Database = Pick<ApiDeps, 'database'>;

/** Published or called off. */
function isPublic({ course }: CourseWithSeats): boolean {
  return course.publication === 'published' || course.publication === 'cancelled';
}

/** What the public list shows, by first date. */
export async function listedCourses({ database }: Database): Promise<CourseWithSeats[]> {
  return (await listCurrentCourses(database)).filter(
    (each) => isPublic(each) && each.course.listed,
  );
}

/** A course with a public page, or undefined. Who has its address may see an unlisted one. */
export async function publicCourse(
  { database }: Database,
  courseId: CourseId,
): Promise<CourseWithSeats | undefined> {
  const seen = await getCourseWithSeats(database, courseId);
  return seen && isPublic(seen) ? seen : undefined;
}

/** What programs of others may read: listed courses with counts of seats. */
export async function coursesForAnyone(deps: Database): Promise<PublicCourse[]> {
  return (await listedCourses(deps)).map(forAnyone);
}

/** The same for one course. */
export async function courseForAnyone(
  deps: Database,
  courseId: CourseId,
): Promise<PublicCourse | (Refused & { readonly refused: 'course_not_found' })> {
  const seen = await publicCourse(deps, courseId);
  return seen?.course.listed
    ? forAnyone(seen)
    : {
        ...refuse('course_not_found', 'この講座は見つかりませんでした。'),
        refused: 'course_not_found',
      };
}

function forAnyone({ course, pools }: CourseWithSeats): PublicCourse {
  return { course, status: statusEntry(course, pools) };
}

/** Every course that is not over: drafts, hidden and unlisted ones included. For the desk. */
export function coursesForDesk({ database }: Database): Promise<CourseWithSeats[]> {
  return listCurrentCourses(database);
}

/** Ids of every course that is not over. */
export async function currentCourseIds(deps: Database): Promise<CourseId[]> {
  return (await coursesForDesk(deps)).map(({ course }) => course.courseId);
}
