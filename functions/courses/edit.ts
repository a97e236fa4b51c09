/**
 * The desk changes seats or publication of the version that it has seen. Somebody else's change in
 * between is never lost: the edit is refused and the newer version goes back with the refusal.
 */
import { type TransactWrite, Unavailable } from '../platform/database.ts';
import type { ApiDeps } from '../platform/deps.ts';
import { appendEvent } from '../platform/events-store.ts';
import type { CourseEdit, CourseEvent, CourseId, CourseWithSeats } from './model.ts';
import { decideEdit, type EditRefusal } from './rules.ts';
import { getCourseWithSeats, replaceCourse, resizePool } from './store.ts';

const TRIES = 20;

/** @returns the course after the edit, or why it was not made. */
export async function editCourse(
  deps: Pick<ApiDeps, 'database' | 'ids'>,
  courseId: CourseId,
  edit: CourseEdit,
  actor: string,
  now: Date,
): Promise<CourseWithSeats | EditRefusal> {
  const { database, ids } = deps;
  for (let tries = 0; tries < TRIES; tries += 1) {
    const seen = await getCourseWithSeats(database, courseId);
    const plan = decideEdit(seen, edit, now);
    if ('refused' in plan) return plan;
    const writes: TransactWrite[] = [
      replaceCourse(database, plan.course, edit.version),
      ...plan.resized.map(({ pool, capacity, waitlistCapacity }) =>
        resizePool(database, pool, { capacity, waitlistCapacity }),
      ),
      appendEvent(database, {
        eventId: ids.event(now),
        kind: 'course_edited',
        at: now.toISOString(),
        courseId,
        actor,
      } satisfies CourseEvent),
    ];
    if ((await database.transact(writes)).committed) {
      const edited = await getCourseWithSeats(database, courseId);
      if (!edited) throw new Error('An edited course is gone');
      return edited;
    }
    // A booking took a seat meanwhile, or a colleague was quicker: look again.
  }
  throw new Unavailable('The course changed too often while it was edited');
}
