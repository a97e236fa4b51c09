/**
 * The one way in which a registration changes: its places before and after become a transaction of
 * registration, pools, queues, deadlines of offers, household rows and the event that tells of it.
 */
import { removeDeadline, setDeadline } from '../platform/agenda.ts';
import type { TransactWrite } from '../platform/database.ts';
import type { ApiDeps } from '../platform/deps.ts';
import { appendEvent } from '../platform/events-store.ts';
import type { Place, Registration, RegistrationEvent } from './model.ts';
import { isLive, isQueued, OFFER_ENDS } from './places.ts';
import { movePlaces, releaseHousehold, replaceRegistration, standInQueue } from './store.ts';

/** Key of the deadline of an offer. */
export function offerDeadlineKey(registrationId: string, poolKey: string): string {
  return `offer ${registrationId} ${poolKey}`;
}

/** What else changes in the same transaction, beside the places. */
type Also = Partial<Pick<Registration, 'sessionKeys' | 'notes' | 'households'>>;

/**
 * The writes that take a registration to other places, and how it then is.
 * @param also other fields that change with it
 * @param drawn the places as the pools have them since a draw was published; what of them the
 *   registration does not keep is given back
 */
export function changeOfPlaces(
  { database, ids }: Pick<ApiDeps, 'database' | 'ids'>,
  registration: Registration,
  places: readonly Place[],
  kind: RegistrationEvent['kind'],
  now: Date,
  also: Also = {},
  drawn?: readonly Place[],
): { readonly changed: Registration; readonly writes: TransactWrite[] } {
  const { registrationId, courseId } = registration;
  const isForLiveSession = (sessionKey: string | undefined) =>
    places.some(
      (place) => isLive(place) && (sessionKey === undefined || place.sessionKey === sessionKey),
    );
  const isOver = ({ sessionKey }: Registration['households'][number]) =>
    !isForLiveSession(sessionKey);
  const released = registration.households.filter(isOver);
  const releasedKeys = released.map(({ key }) => key);
  const households = also.households ?? registration.households;
  const changed: Registration = {
    ...registration,
    ...also,
    places: [...places],
    households: households.filter(({ key }) => !releasedKeys.includes(key)),
    revision: registration.revision + 1,
  };
  return {
    changed,
    writes: [
      replaceRegistration(database, changed, registration.revision),
      ...movePlaces(database, registration, drawn ?? registration.places, places),
      ...(drawn
        ? places.filter(isQueued).map((place) => standInQueue(database, registration, place))
        : []),
      ...offerDeadlines({ database }, registration, places),
      ...released.map(({ key }) => releaseHousehold(database, key, registrationId)),
      appendEvent(database, {
        eventId: ids.event(now),
        kind,
        at: now.toISOString(),
        courseId,
        poolKeys: changedPools(registration.places, places),
        registrationId,
      } satisfies RegistrationEvent),
    ],
  };
}

/** Pools in which something is different. */
export function changedPools(before: readonly Place[], after: readonly Place[]): string[] {
  const keys = [...new Set([...before, ...after].map(({ poolKey }) => poolKey))];
  const stateIn = (places: readonly Place[], key: string) => {
    const place = places.find(({ poolKey }) => poolKey === key);
    return place && `${place.status} ${place.count} ${place.waitNumber ?? ''}`;
  };
  return keys.filter((key) => stateIn(before, key) !== stateIn(after, key));
}

/** Offers that begin get a deadline, offers that end lose theirs. */
function offerDeadlines(
  { database }: Pick<ApiDeps, 'database'>,
  { registrationId, places: before }: Registration,
  after: readonly Place[],
): TransactWrite[] {
  const key = ({ poolKey }: Place) => offerDeadlineKey(registrationId, poolKey);
  const isSame = (a: Place, b: Place) =>
    a.poolKey === b.poolKey && a.offerExpiresAt === b.offerExpiresAt;
  const begun = after.filter(
    (place) =>
      place.offerExpiresAt !== undefined && !before.some((earlier) => isSame(earlier, place)),
  );
  const over = before.filter(
    (place) =>
      place.offerExpiresAt !== undefined &&
      !after.some((later) => later.poolKey === place.poolKey && later.offerExpiresAt !== undefined),
  );
  return [
    ...begun.map((place) =>
      setDeadline(database, {
        key: key(place),
        kind: OFFER_ENDS,
        subject: registrationId,
        dueAt: place.offerExpiresAt ?? '',
      }),
    ),
    ...over.map((place) => removeDeadline(database, key(place))),
  ];
}
