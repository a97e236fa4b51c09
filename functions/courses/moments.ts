/** The instants at which a course changes by the clock alone, as deadlines of the one clock. */
import { setDeadline } from '../platform/agenda.ts';
import type { Database, TransactWrite } from '../platform/database.ts';
import type { ApiDeps } from '../platform/deps.ts';
import type { Course, CourseId } from './model.ts';
import { endsAt, lastSession, statusInstants } from './rules.ts';
import { getCourse, putInOver, removeFromCurrent } from './store.ts';

/** Kind of the deadlines at which applications open or close, or the course is over. */
export const COURSE_MOMENT = 'course_moment';

/** One deadline for each instant that is still to come. */
export function setMoments(database: Database, course: Course, now: Date): TransactWrite[] {
  return statusInstants(course)
    .filter((instant) => instant > now.toISOString())
    .map((dueAt) =>
      setDeadline(database, {
        key: `course ${course.courseId} ${dueAt}`,
        kind: COURSE_MOMENT,
        subject: course.courseId,
        dueAt,
      }),
    );
}

/** Applications opened or closed, or the course is over and leaves the current ones. */
export async function meetMoment(
  { database, clock }: Pick<ApiDeps, 'database' | 'clock'>,
  courseId: CourseId,
): Promise<void> {
  const course = await getCourse(database, courseId);
  if (!course || endsAt(lastSession(course.sessions)) > clock.now()) return;
  await database.transact([removeFromCurrent(database, course), putInOver(database, course)]);
}
