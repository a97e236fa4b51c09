/** An offer that nobody answered ends: the clock gives its seats back, and the next is asked. */
import { freeSeats } from '../courses/store.ts';
import { Unavailable } from '../platform/database.ts';
import type { ApiDeps } from '../platform/deps.ts';
import { appendEvent } from '../platform/events-store.ts';
import type { Registration, RegistrationEvent } from './model.ts';
import { nextStatus } from './rules.ts';
import { getRegistration, releaseHousehold, replaceRegistration, withStatus } from './store.ts';

/** Key of the deadline of an offer. */
export function offerDeadlineKey(registrationId: string): string {
  return `offer ${registrationId}`;
}

/** Ends the offer if it is still open and its time is over; otherwise nothing. Safe to repeat. */
export async function lapseOffer(
  deps: ApiDeps,
  registrationId: Registration['registrationId'],
): Promise<void> {
  const { database, clock, ids } = deps;
  const now = clock.now();
  const registration = await getRegistration(database, registrationId);
  const to = registration && nextStatus(registration.status, 'lapse');
  if (!registration || !to) return;
  if (registration.offerExpiresAt === undefined) return;
  if (now.toISOString() < registration.offerExpiresAt) return;
  const { courseId, poolKey, seats, householdKeys } = registration;
  const outcome = await database.transact([
    replaceRegistration(database, withStatus(registration, to), registration.revision),
    freeSeats(database, courseId, poolKey, seats),
    ...householdKeys.map((key) => releaseHousehold(database, key, registrationId)),
    appendEvent(database, {
      eventId: ids.event(now),
      kind: 'registration_lapsed',
      at: now.toISOString(),
      courseId,
      poolKey,
      registrationId,
    } satisfies RegistrationEvent),
  ]);
  // Somebody answered in this very moment: the clock looks again.
  if (!outcome.committed) throw new Unavailable('The offer changed while it was ended');
}
