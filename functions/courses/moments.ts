/** The instants at which a course changes by the clock alone, as deadlines of the one clock. */
import { setDeadline } from '../platform/agenda.ts';
import type { Database, TransactWrite } from '../platform/database.ts';
import type { ApiDeps } from '../platform/deps.ts';
import type { Course, CourseId } from './model.ts';
import { isCurrent, statusInstants } from './rules.ts';
import { checkVersion, getCourse, putInOver, removeFromCurrent } from './store.ts';

/** Kind of the deadlines at which applications open or close, or the course is over. */
export const COURSE_MOMENT = 'course_moment';

/**
 * One deadline for each instant that is still to come; a pattern has none. Those of an older version
 * stay and do no harm: whoever meets one looks at the course as it is then.
 */
export function setMoments(database: Database, course: Course, now: Date): TransactWrite[] {
  if (course.publication === 'template') return [];
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

/** The same after an event that moved them, such as a draw: leftover seats have a last day. */
export async function followMoments(
  { database, clock }: Pick<ApiDeps, 'database' | 'clock'>,
  courseId: CourseId,
): Promise<void> {
  const course = await getCourse(database, courseId);
  const deadlines = course ? setMoments(database, course, clock.now()) : [];
  if (deadlines.length > 0) await database.transact(deadlines);
}

/** Applications opened or closed, or the course is over and leaves the current ones. */
export async function meetMoment(
  { database, clock }: Pick<ApiDeps, 'database' | 'clock'>,
  courseId: CourseId,
): Promise<void> {
  const course = await getCourse(database, courseId);
  if (!course || isCurrent(course, clock.now())) return;
  // An edit in between that moves the last date has put the course where it belongs.
  await database.transact([
    removeFromCurrent(database, course),
    putInOver(database, course),
    checkVersion(database, course),
  ]);
}
