/** A course is made, with its seats, the deadlines of its window, and an event. */
import type { ApiDeps } from '../platform/deps.ts';
import { appendEvent } from '../platform/events-store.ts';
import type { Course, CourseEvent } from './model.ts';
import { setMoments } from './moments.ts';
import { putNewCourse } from './store.ts';

/** @returns false when a course with this id exists; then nothing is changed. */
export async function createCourse(
  deps: Pick<ApiDeps, 'database' | 'ids'>,
  course: Course,
  actor: string,
  now: Date,
): Promise<boolean> {
  const { database, ids } = deps;
  const outcome = await database.transact([
    ...putNewCourse(database, course),
    ...setMoments(database, course, now),
    appendEvent(database, {
      eventId: ids.event(now),
      kind: 'course_created',
      at: now.toISOString(),
      courseId: course.courseId,
      actor,
    } satisfies CourseEvent),
  ]);
  return outcome.committed;
}
