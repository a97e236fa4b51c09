/**
 * What the owner of a registration does on its page, or staff for them: cancel, leave the waitlist,
 * accept or decline an offer. The seat goes back in the transaction that changes the state.
 */
import { bookedSessions, cancelDeadline } from '../courses/rules.ts';
import { getCourse } from '../courses/store.ts';
import { type TransactWrite, Unavailable } from '../platform/database.ts';
import type { ApiDeps } from '../platform/deps.ts';
import { changeOfPlaces } from './commit.ts';
import { changeOfEntry } from './entry.ts';
import type { Registration, RegistrationEvent } from './model.ts';
import { type ChangeRefusal, changePlaces, type OwnersAction } from './places.ts';
import type { AppliedBy } from './rules.ts';
import { getRegistration } from './store.ts';

const TRIES = 10;
const EVENT_KIND = {
  cancel: 'registration_cancelled',
  accept: 'registration_accepted',
  decline: 'registration_declined',
} as const satisfies Record<OwnersAction, RegistrationEvent['kind']>;

/** What is asked for; without a pool it is meant for everything. */
export interface Change {
  readonly action: OwnersAction;
  readonly poolKey?: string | undefined;
  /** A family's own page closes the day before; staff take a cancellation at any time. */
  readonly by: AppliedBy;
  /** What else belongs into the transaction: the row of the audit, when staff do it. */
  readonly also?: readonly TransactWrite[];
}

/** @returns the changed registration, or why it cannot be changed. */
export async function changeRegistration(
  deps: ApiDeps,
  registrationId: Registration['registrationId'],
  { action, poolKey, by, also = [] }: Change,
  now: Date,
): Promise<Registration | ChangeRefusal> {
  const { database, centre, ids } = deps;
  for (let tries = 0; tries < TRIES; tries += 1) {
    const registration = await getRegistration(database, registrationId);
    const course = registration && (await getCourse(database, registration.courseId));
    if (!registration || !course) throw new Error('A registration without its course');
    if (action === 'accept' && course.publication === 'cancelled') {
      return { refused: 'not_possible_now', sentence: 'この講座は中止になりました。' };
    }
    const cancelUntil = (sessionKey: string | undefined) =>
      by === 'staff'
        ? undefined
        : cancelDeadline(bookedSessions(course, sessionKey), centre.booking.cancelUntil);
    const places = changePlaces(
      registration.places,
      action,
      poolKey,
      cancelUntil,
      ids.waitNumber(now),
      now,
    );
    if ('refused' in places) return places;
    const { changed, writes } = changeOfPlaces(deps, registration, places, EVENT_KIND[action], now);
    const entry = await changeOfEntry(deps, course, registration, changed);
    if ((await database.transact([...writes, ...entry, ...also])).committed) return changed;
  }
  throw new Unavailable('The registration changed too often while this was decided');
}
