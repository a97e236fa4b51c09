/**
 * People who come without a booking: counted, not named. Whether there is room is for the worker at
 * the door to see; no seat is taken.
 */
import { expiryAfter } from '../calendar/model.ts';
import type { CourseId } from '../courses/model.ts';
import type { ApiDeps } from '../platform/deps.ts';
import { appendEvent } from '../platform/events-store.ts';
import { retentionEnd } from '../registrations/rules.ts';
import type { AttendanceEvent, AttendanceMarks, WalkInRequest } from './model.ts';
import { type SeenSession, seeMarks, sessionOf } from './see.ts';
import { deleteWalkIn, putWalkIn } from './store.ts';

type Refusal = Extract<Awaited<ReturnType<typeof sessionOf>>, { refused: unknown }>;

/** Counts a walk-in; the same one that is sent again is there already. */
export async function recordWalkIn(
  deps: Pick<ApiDeps, 'database' | 'ids' | 'centre'>,
  courseId: CourseId,
  sessionKey: string,
  { walkInId, counts }: WalkInRequest,
  actor: string,
  now: Date,
): Promise<AttendanceMarks | Refusal> {
  const { database, centre } = deps;
  const found = await sessionOf(deps, courseId, sessionKey);
  if ('refused' in found) return found;
  const expiresAt = expiryAfter(retentionEnd(found.seen.course, centre.booking.countsDays), 0);
  const walkIn = { walkInId, counts, at: now.toISOString(), by: actor };
  await database.transact([
    putWalkIn(database, courseId, sessionKey, walkIn, expiresAt),
    appendEvent(database, eventOf(deps, found, 'walk_in_recorded', actor, now)),
  ]);
  return seeMarks(deps, courseId, sessionKey);
}

/** Takes a walk-in back; one that is gone already stays gone. */
export async function removeWalkIn(
  deps: Pick<ApiDeps, 'database' | 'ids'>,
  courseId: CourseId,
  sessionKey: string,
  walkInId: string,
  actor: string,
  now: Date,
): Promise<AttendanceMarks | Refusal> {
  const found = await sessionOf(deps, courseId, sessionKey);
  if ('refused' in found) return found;
  await deps.database.transact([
    deleteWalkIn(deps.database, courseId, sessionKey, walkInId),
    appendEvent(deps.database, eventOf(deps, found, 'walk_in_removed', actor, now)),
  ]);
  return seeMarks(deps, courseId, sessionKey);
}

function eventOf(
  { ids }: Pick<ApiDeps, 'ids'>,
  { seen, session }: SeenSession,
  kind: AttendanceEvent['kind'],
  actor: string,
  now: Date,
): AttendanceEvent {
  return {
    eventId: ids.event(now),
    kind,
    at: now.toISOString(),
    courseId: seen.course.courseId,
    sessionKey: session.key,
    actor,
  };
}
