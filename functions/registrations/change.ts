/**
 * What the owner of a registration does on its page: cancel, leave the waitlist, accept or decline
 * an offer. The seat goes back in the transaction that changes the state.
 */
import { freeSeats, getCourse, leaveWaitlist } from '../courses/store.ts';
import { removeDeadline } from '../platform/agenda.ts';
import { type TransactWrite, Unavailable } from '../platform/database.ts';
import type { ApiDeps } from '../platform/deps.ts';
import { appendEvent } from '../platform/events-store.ts';
import { offerDeadlineKey } from './lapse.ts';
import type { Registration, RegistrationEvent } from './model.ts';
import { type ChangeRefusal, decideChange, isLive } from './rules.ts';
import { getRegistration, releaseHousehold, replaceRegistration, withStatus } from './store.ts';

const TRIES = 10;
const EVENT_KIND = {
  cancel: 'registration_cancelled',
  accept: 'registration_accepted',
  decline: 'registration_declined',
} as const satisfies Record<string, RegistrationEvent['kind']>;

/** @returns the changed registration, or why it cannot be changed. */
export async function changeRegistration(
  deps: ApiDeps,
  registrationId: Registration['registrationId'],
  action: 'cancel' | 'accept' | 'decline',
  now: Date,
): Promise<Registration | ChangeRefusal> {
  const { database, centre, ids } = deps;
  for (let tries = 0; tries < TRIES; tries += 1) {
    const registration = await getRegistration(database, registrationId);
    const course = registration && (await getCourse(database, registration.courseId));
    if (!registration || !course) throw new Error('A registration without its course');
    const decision = decideChange({ registration, course }, action, centre.booking, now);
    if ('refused' in decision) return decision;

    const changed = withStatus(registration, decision.to);
    const { courseId, poolKey, waitNumber, householdKeys } = registration;
    const writes: TransactWrite[] = [
      replaceRegistration(database, changed, registration.revision),
      ...(decision.freesSeats > 0
        ? [freeSeats(database, courseId, poolKey, decision.freesSeats)]
        : []),
      ...(registration.status === 'waiting' && waitNumber !== undefined
        ? [leaveWaitlist(database, courseId, poolKey, waitNumber)]
        : []),
      ...(registration.status === 'offered'
        ? [removeDeadline(database, offerDeadlineKey(registrationId))]
        : []),
      ...(isLive(changed.status)
        ? []
        : householdKeys.map((key) => releaseHousehold(database, key, registrationId))),
      appendEvent(database, {
        eventId: ids.event(now),
        kind: EVENT_KIND[action],
        at: now.toISOString(),
        courseId,
        poolKey,
        registrationId,
      } satisfies RegistrationEvent),
    ];
    if ((await database.transact(writes)).committed) return changed;
  }
  throw new Unavailable('The registration changed too often while this was decided');
}
