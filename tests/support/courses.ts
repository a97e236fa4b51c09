/** Edits of courses as tests need them. */
import type { Course, CourseChanges } from '../../functions/courses/model.ts';

/**
 * What the desk writes to give one pool another size: the course's seats, a session's, or the
 * childcare places, of which each session has as many.
 */
export function resizing(
  { capacity, sessions, childcare }: Course,
  poolKey: string,
  size: number,
  waitlist: number,
): CourseChanges {
  if (poolKey.startsWith('childcare') && childcare) {
    return { childcare: { ...childcare, places: size } };
  }
  if (!capacity.perSession) return { capacity: { ...capacity, seats: size, waitlist } };
  return {
    capacity: { ...capacity, waitlist },
    sessions: sessions.map((session) =>
      session.key === poolKey ? { ...session, seats: size } : session,
    ),
  };
}
