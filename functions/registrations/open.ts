/** Opens one registration at the desk: all that this person may see of it, and what can be done. */
import { recordRead } from '../audit/store.ts';
import { getCourseWithSeats } from '../courses/store.ts';
import type { ApiDeps } from '../platform/deps.ts';
import type { Actor } from '../platform/endpoint.ts';
import { rightsOf } from '../platform/rights.ts';
import type { OpenedRegistration } from './desk-model.ts';
import { peopleOn, possibleActions, possibleMoves } from './desk-rules.ts';
import type { Registration, RegistrationId } from './model.ts';
import { BOOKING_NOT_FOUND, rosterCourse, rowFor } from './shown.ts';
import { getRegistration } from './store.ts';

export async function openRegistration(
  deps: ApiDeps,
  { subject, roles }: Actor,
  registrationId: RegistrationId,
  now: Date,
): Promise<OpenedRegistration | typeof BOOKING_NOT_FOUND> {
  const registration = await getRegistration(deps.database, registrationId);
  if (!registration) return BOOKING_NOT_FOUND;
  const people = peopleOn(registration);
  await recordRead(
    deps,
    { action: 'booking_read', actor: subject, subject: registrationId, people },
    now,
  );
  return opened(deps, { subject, roles }, registration, now);
}

/** The same without a row of the audit, for who has just changed it: that was written down. */
export async function opened(
  { database }: ApiDeps,
  { roles }: Actor,
  registration: Registration,
  now: Date,
): Promise<OpenedRegistration> {
  const seen = await getCourseWithSeats(database, registration.courseId);
  if (!seen) throw new Error('A registration without its course');
  return {
    ...rowFor(roles, registration, seen),
    course: rosterCourse(seen.course),
    can: [...possibleActions(registration.places)],
    moves: possibleMoves(seen.course, registration, now).map(({ from, to }) => ({
      from,
      to: [...to],
    })),
    may: [...rightsOf(roles)],
  };
}
