/**
 * What a registration has in each pool, and what may become of it. A household is decided as one:
 * the seat of a session and the childcare places beside it are taken together or not at all, unless
 * the parent comes without childcare too. Pure: places go in, places come out; what that means for
 * the pools is the difference between the two (see store.ts).
 */
import { momentName, shortDayName } from '../calendar/rules.ts';
import type { Course, SeatPool } from '../courses/model.ts';
import { childcareKey, poolKey, takesSeats } from '../courses/rules.ts';
import type { DrawnPlace, LotteryEntry } from '../lotteries/model.ts';
import type { Place, Registration, RegistrationStatus } from './model.ts';

/** Kind of the deadline at which an offer ends; its subject is the registration. */
export const OFFER_ENDS = 'offer_ends';

/** What can happen to a place, and what it then is. Nothing else is legal. */
export type PlaceAction = 'cancel' | 'offer' | 'accept' | 'decline' | 'lapse' | 'win' | 'lose';
const TRANSITIONS: Readonly<
  Record<PlaceAction, { from: readonly RegistrationStatus[]; to: RegistrationStatus }>
> = {
  cancel: { from: ['applied', 'confirmed', 'waiting'], to: 'cancelled' },
  offer: { from: ['waiting'], to: 'offered' },
  accept: { from: ['offered'], to: 'confirmed' },
  decline: { from: ['offered'], to: 'declined' },
  lapse: { from: ['offered'], to: 'lapsed' },
  win: { from: ['applied'], to: 'offered' },
  lose: { from: ['applied'], to: 'lost' },
};

/** The state after an action, or undefined when the action is not legal from here. */
export function nextStatus(
  from: RegistrationStatus,
  action: PlaceAction,
): RegistrationStatus | undefined {
  const transition = TRANSITIONS[action];
  return transition.from.includes(from) ? transition.to : undefined;
}

/** Whether a place is held in its pool: taken, or kept for an answer. */
export function isHeld({ status }: Pick<Place, 'status'>): boolean {
  return status === 'confirmed' || status === 'offered';
}

/** Whether a place stands in the queue of its own pool. */
export function isQueued({ status, waitNumber }: Pick<Place, 'status' | 'waitNumber'>): boolean {
  return status === 'waiting' && waitNumber !== undefined;
}

/** Whether something may still come of it. */
export function isLive({ status }: Pick<Place, 'status'>): boolean {
  return isHeld({ status }) || status === 'waiting' || status === 'applied';
}

/** The seats; where no seats are counted, the childcare places are what was applied for. */
export function mainPlaces(places: readonly Place[]): readonly Place[] {
  const seats = places.filter(({ kind }) => kind === 'seat');
  return seats.length > 0 ? seats : places;
}

const FROM_MOST_TELLING: readonly RegistrationStatus[] = [
  'offered',
  'confirmed',
  'waiting',
  'applied',
  'lapsed',
  'declined',
  'lost',
  'cancelled',
];

/** The one word for the whole: what asks for an answer first, what is over last. */
export function statusOf(places: readonly Place[]): RegistrationStatus {
  const here = new Set(mainPlaces(places).map(({ status }) => status));
  return FROM_MOST_TELLING.find((status) => here.has(status)) ?? 'cancelled';
}

/** The childcare place that belongs to a seat. */
export function childcareBeside(places: readonly Place[], seat: Place): Place | undefined {
  return places.find(
    ({ kind, sessionKey }) => kind === 'childcare' && sessionKey === seat.sessionKey,
  );
}

/** The seat that a childcare place belongs to. */
function seatOf(places: readonly Place[], place: Place): Place | undefined {
  return place.kind === 'seat'
    ? undefined
    : places.find(({ kind, sessionKey }) => kind === 'seat' && sessionKey === place.sessionKey);
}

/** What a household asks for. */
export interface Wish {
  /** Chosen sessions; in order of preference where one of them is meant. */
  readonly sessionKeys: readonly string[];
  readonly seats: number;
  readonly childcare: number;
  readonly courseWithoutChildcare: boolean;
}

export interface SeenPools {
  readonly course: Course;
  readonly pools: readonly SeatPool[];
}

export interface PlacesRefusal {
  readonly refused: 'course_full' | 'childcare_full';
  readonly sentence: string;
  readonly field?: string;
}

const isRefusal = (value: readonly Place[] | PlacesRefusal): value is PlacesRefusal =>
  'refused' in value;

/** Whether a pool has this much for somebody who comes now: nobody overtakes who waits. */
function isFree(pool: SeatPool | undefined, count: number): boolean {
  return pool !== undefined && pool.waiting === 0 && pool.free >= count;
}

function canWait(pool: SeatPool | undefined, count: number): boolean {
  return pool !== undefined && pool.waiting < pool.waitlistCapacity && count <= pool.capacity;
}

/**
 * Seats, childcare places and waitlist places for an application to a first-come course. One of
 * several sessions: the first preference that has room, else the wait for the first that takes it.
 * Several dates: each of them, or nothing.
 * @param waitNumber the applicant's place in every queue that is joined
 */
export function decidePlaces(
  seen: SeenPools,
  wish: Wish,
  waitNumber: number,
): readonly Place[] | PlacesRefusal {
  const { sessionChoice } = seen.course;
  const forSession = (key: string | undefined) => placesFor(seen, wish, key, waitNumber);
  if (sessionChoice === 'all') return forSession(undefined);
  if (sessionChoice === 'each') {
    const all: Place[] = [];
    for (const key of wish.sessionKeys) {
      const places = forSession(key);
      if (isRefusal(places)) return withDate(seen.course, key, places);
      all.push(...places);
    }
    return all;
  }
  const tried = wish.sessionKeys.map(forSession);
  const taken = tried.find((places) => !isRefusal(places) && mainPlaces(places).every(isHeld));
  const found = taken ?? tried.find((places) => !isRefusal(places)) ?? tried[0];
  if (!found) throw new Error('A choice without a session');
  return found;
}

function withDate(course: Course, key: string, refusal: PlacesRefusal): PlacesRefusal {
  const session = course.sessions.find((candidate) => candidate.key === key);
  if (!session) return refusal;
  return {
    ...refusal,
    sentence: `${shortDayName(session.date)} の回：${refusal.sentence}`,
    field: refusal.field ?? 'sessionKeys.0',
  };
}

function placesFor(
  { course, pools }: SeenPools,
  wish: Wish,
  key: string | undefined,
  waitNumber: number,
): readonly Place[] | PlacesRefusal {
  const find = (wanted: string) => pools.find((pool) => pool.key === wanted);
  const session = key === undefined ? {} : { sessionKey: key };
  const seat = (status: RegistrationStatus): Place[] =>
    takesSeats(course)
      ? [{ poolKey: poolKey(course, key), kind: 'seat', ...session, count: wish.seats, status }]
      : [];
  const childcare = (status: RegistrationStatus): Place[] =>
    wish.childcare > 0
      ? [
          {
            poolKey: childcareKey(course, key),
            kind: 'childcare',
            ...session,
            count: wish.childcare,
            status,
          },
        ]
      : [];
  const queued = (places: readonly Place[]) => places.map((place) => ({ ...place, waitNumber }));
  const seatPool = find(poolKey(course, key));
  const childcarePool = find(childcareKey(course, key));
  const childcareIsFree = wish.childcare === 0 || isFree(childcarePool, wish.childcare);
  const childcareCanWait = canWait(childcarePool, wish.childcare);

  if (!takesSeats(course)) {
    if (childcareIsFree) return childcare('confirmed');
    return childcareCanWait ? queued(childcare('waiting')) : CHILDCARE_FULL;
  }
  if (isFree(seatPool, wish.seats)) {
    if (childcareIsFree) return [...seat('confirmed'), ...childcare('confirmed')];
    if (!wish.courseWithoutChildcare) return CHILDCARE_FULL_ONLY;
    return childcareCanWait
      ? [...seat('confirmed'), ...queued(childcare('waiting'))]
      : [...seat('confirmed')];
  }
  const mayBecomeBoth = wish.childcare <= (childcarePool?.capacity ?? 0);
  if (wish.childcare > 0 && !mayBecomeBoth && !wish.courseWithoutChildcare) return CHILDCARE_FULL;
  return canWait(seatPool, wish.seats)
    ? [...queued(seat('waiting')), ...(mayBecomeBoth ? childcare('waiting') : [])]
    : courseFull(seatPool);
}

/** Says how many seats are left to a household that is larger than they are. */
function courseFull(pool: SeatPool | undefined): PlacesRefusal {
  const left = pool !== undefined && pool.waiting === 0 ? pool.free : 0;
  return {
    refused: 'course_full',
    sentence:
      left > 0
        ? `残りの席は ${left} です。人数を変えるか、お電話でご相談ください。`
        : '席もキャンセル待ちも、いっぱいになりました。',
  };
}
const CHILDCARE_FULL: PlacesRefusal = {
  refused: 'childcare_full',
  sentence: '保育の席がいっぱいです。',
  field: 'childcare.0.name',
};
const CHILDCARE_FULL_ONLY: PlacesRefusal = {
  refused: 'childcare_full',
  sentence:
    '講座の席はありますが、保育の席がいっぱいです。保育がなくても参加できるときは、「保育の席がなくても参加する」を選んでください。保育はキャンセル待ちになります。',
  field: 'courseWithoutChildcare',
};

/**
 * The places of an application to a lottery: nothing is taken before the draw. Where one session of
 * several is wished for, the first wish stands for all of them until it is known which comes true.
 */
export function placesOfEntry(course: Course, wish: Wish): readonly Place[] {
  const status = 'applied';
  const keys = course.sessionChoice === 'each' ? wish.sessionKeys : wish.sessionKeys.slice(0, 1);
  return (keys.length > 0 ? keys : [undefined]).flatMap((key) => {
    const session = course.sessionChoice === 'all' || key === undefined ? {} : { sessionKey: key };
    const seat: Place = {
      poolKey: poolKey(course, key),
      kind: 'seat',
      ...session,
      count: wish.seats,
      status,
    };
    const childcare: Place = {
      poolKey: childcareKey(course, key),
      kind: 'childcare',
      ...session,
      count: wish.childcare,
      status,
    };
    return [...(takesSeats(course) ? [seat] : []), ...(wish.childcare > 0 ? [childcare] : [])];
  });
}

/** An application as the draw sees it; undefined when nothing of it waits for the draw (any more). */
export function entryOf(
  { sessionChoice }: Pick<Course, 'sessionChoice'>,
  {
    entry,
    sessionKeys,
    courseWithoutChildcare,
    places,
  }: Pick<Registration, 'entry' | 'sessionKeys' | 'courseWithoutChildcare' | 'places'>,
): LotteryEntry | undefined {
  const applied = places.filter(({ status }) => status === 'applied');
  if (!entry || applied.length === 0) return undefined;
  const count = (kind: Place['kind']) => applied.find((place) => place.kind === kind)?.count;
  return {
    ...entry,
    seats: count('seat') ?? 1,
    sessionKeys: sessionKeys.filter(
      (key) => sessionChoice !== 'each' || applied.some(({ sessionKey }) => sessionKey === key),
    ),
    childcare: count('childcare') ?? 0,
    courseWithoutChildcare,
  };
}

/**
 * What a draw gave to an application, as places: this is how the pools have it from the moment of
 * its publication.
 * @param rank in the order of the draw, by which the reserve queues before whoever comes later
 */
export function placesOfDraw(
  drawn: readonly DrawnPlace[],
  rank: number,
  offerExpiresAt: (sessionKey: string | undefined) => string,
): readonly Place[] {
  return drawn.map(({ result, position, ...place }): Place => {
    if (result === 'won') {
      return { ...place, status: 'offered', offerExpiresAt: offerExpiresAt(place.sessionKey) };
    }
    if (result === 'lost') return { ...place, status: 'lost' };
    // Childcare without a position waits with its seat.
    return { ...place, status: 'waiting', ...(position === undefined ? {} : { waitNumber: rank }) };
  });
}

/**
 * The places of a registration after the draw. What was given up since the list was sealed (or
 * before) stays given up: of that, the family keeps nothing that was drawn for it.
 */
export function placesAfterDraw(
  course: Pick<Course, 'sessionChoice'>,
  before: readonly Place[],
  drawn: readonly Place[],
): readonly Place[] {
  const isEach = course.sessionChoice === 'each';
  const isSame = (a: Place, b: Place) =>
    a.kind === b.kind && (!isEach || a.sessionKey === b.sessionKey);
  const given = drawn.map((place): Place => {
    const earlier = before.find((each) => isSame(each, place))?.status ?? 'cancelled';
    if (earlier === 'applied') return place;
    const { waitNumber: _, ...rest } = ended(place, earlier);
    return rest;
  });
  const [seat] = given;
  const kept = before
    .filter((place) => place.status !== 'applied' && !drawn.some((each) => isSame(each, place)))
    // It was for the session that was wished first; the family now comes to the one it won.
    .map((place) =>
      course.sessionChoice === 'one_of' && seat?.sessionKey !== undefined
        ? {
            ...place,
            sessionKey: seat.sessionKey,
            poolKey: childcareKey(course, seat.sessionKey),
          }
        : place,
    );
  return [...given, ...kept];
}

/**
 * The places of a household whose turn has come in `poolKey`: the seat is offered with its childcare
 * places, or without them to who comes anyway.
 * @returns undefined when it does not fit what is free now
 */
export function offerPlaces(
  places: readonly Place[],
  key: string,
  {
    pools,
    courseWithoutChildcare,
  }: {
    readonly pools: readonly SeatPool[];
    readonly courseWithoutChildcare: boolean;
  },
  expiresAt: string,
): readonly Place[] | undefined {
  const pool = pools.find((candidate) => candidate.key === key);
  const place = places.find((candidate) => candidate.poolKey === key);
  if (!pool || !place || !isQueued(place) || pool.free < place.count) return undefined;
  const beside = place.kind === 'seat' ? childcareBeside(places, place) : undefined;
  const waitsBeside = beside?.status === 'waiting' ? beside : undefined;
  const besidePool = pools.find((candidate) => candidate.key === waitsBeside?.poolKey);
  const isBoth = waitsBeside !== undefined && isFree(besidePool, waitsBeside.count);
  if (waitsBeside && !isBoth && !courseWithoutChildcare) return undefined;
  return places.map((each) =>
    each === place || (isBoth && each === waitsBeside)
      ? { ...each, status: 'offered' as const, offerExpiresAt: expiresAt }
      : each,
  );
}

/** Ends every offer whose time is over; childcare that waited for the seat ends with it. */
export function lapsePlaces(places: readonly Place[], now: Date): readonly Place[] {
  return endWithSeats(
    places.map((place) => (isPastDeadline(place, now) ? ended(place, 'lapsed') : place)),
  );
}

function isPastDeadline({ status, offerExpiresAt }: Place, now: Date): boolean {
  return (
    status === 'offered' && offerExpiresAt !== undefined && offerExpiresAt <= now.toISOString()
  );
}

/** Nobody is looked after whose parent has no seat and waits for none. */
function endWithSeats(places: readonly Place[]): readonly Place[] {
  return places.map((place) => {
    const seat = seatOf(places, place);
    if (!seat || isLive(seat) || !isLive(place)) return place;
    const isRefused = place.status === 'offered' && seat.status === 'cancelled';
    return ended(place, isRefused ? 'declined' : seat.status);
  });
}

/** A place in a new state, without the deadline of the old one. */
export function ended(place: Place, status: RegistrationStatus): Place {
  const { offerExpiresAt: _, ...rest } = place;
  return { ...rest, status };
}

export interface ChangeRefusal {
  readonly refused: 'not_possible_now' | 'cancel_deadline_passed' | 'offer_expired';
  readonly sentence: string;
}

/** What the owner of a registration, or staff for them, can ask for. */
export type OwnersAction = 'cancel' | 'accept' | 'decline';

const NOT_NOW: ChangeRefusal = {
  refused: 'not_possible_now',
  sentence: 'この申し込みは、いまは変更できません。今の状態をご確認ください。',
};

/**
 * The places after an action. A seat takes its childcare places along; childcare can be given up
 * alone, and accepted where the seat is had. Whoever accepts a seat without its childcare joins the
 * queue for childcare. What can no longer be done to one date is done to the others.
 * @param target the pool that is meant; without one, everything
 * @param cancelUntil until when a session (or the course) may be cancelled; undefined: no limit
 * @param waitNumber the place in a queue that is joined now
 */
export function changePlaces(
  places: readonly Place[],
  action: OwnersAction,
  target: string | undefined,
  cancelUntil: (sessionKey: string | undefined) => Date | undefined,
  waitNumber: number,
  now: Date,
): readonly Place[] | ChangeRefusal {
  const meant = target === undefined ? places : placesMeant(places, action, target);
  // A cancellation is for the seats: childcare alone is given up by naming it.
  const asked = action === 'cancel' ? mainPlaces(meant) : meant;
  const possible = asked.filter(({ status }) => nextStatus(status, action) !== undefined);
  const isTooLate = (place: Place) => {
    if (action !== 'cancel') return isPastDeadline(place, now);
    const until = cancelUntil(place.sessionKey);
    return place.status === 'confirmed' && until !== undefined && now > until;
  };
  const [first] = possible;
  if (!first) return NOT_NOW;
  if (possible.every(isTooLate)) {
    return action === 'cancel'
      ? cancelledTooLate(cancelUntil(first.sessionKey))
      : answeredTooLate(first);
  }
  return endWithSeats(
    places.map((place) => {
      const seat = seatOf(meant, place);
      if (!meant.includes(place) || isTooLate(place) || (seat && isTooLate(seat))) return place;
      const to = nextStatus(place.status, action);
      if (to !== undefined) return ended(place, to);
      // Everything is given up: also what was only on offer.
      if (action === 'cancel' && place.status === 'offered') return ended(place, 'declined');
      const joinsQueue =
        action === 'accept' && seat?.status === 'offered' && place.status === 'waiting';
      return joinsQueue && !isQueued(place) ? { ...place, waitNumber } : place;
    }),
  );
}

/** What is done to a seat is done to its childcare; childcare is not accepted without its seat. */
function placesMeant(
  places: readonly Place[],
  action: OwnersAction,
  target: string,
): readonly Place[] {
  const main = places.find(({ poolKey }) => poolKey === target);
  if (!main) return [];
  const seat = seatOf(places, main);
  const other =
    main.kind === 'seat'
      ? childcareBeside(places, main)
      : action === 'accept' && seat?.status === 'offered'
        ? seat
        : undefined;
  return other ? [main, other] : [main];
}

function cancelledTooLate(until: Date | undefined): ChangeRefusal {
  return {
    refused: 'cancel_deadline_passed',
    sentence: `このページで取り消せるのは ${
      until === undefined ? '前日' : momentName(until)
    } まででした。お電話でお知らせください。`,
  };
}

function answeredTooLate({ offerExpiresAt }: Place): ChangeRefusal {
  return {
    refused: 'offer_expired',
    sentence: `お返事の期限（${momentName(new Date(offerExpiresAt ?? 0))}）を過ぎました。席は、ほかの方にご案内することがあります。`,
  };
}
