/**
 * The decisions of the desk: what a search means, and where a household goes that comes on another
 * date. Pure and without zod.
 */
import type { Course } from '../courses/model.ts';
import { poolKey, startsAt, takesSeats } from '../courses/rules.ts';
import { readKana, readPhoneNumber } from '../persons/rules.ts';
import type { Place, Registration, RegistrationId } from './model.ts';
import {
  decidePlaces,
  isHeld,
  isLive,
  mainPlaces,
  nextStatus,
  type PlacesRefusal,
  type SeenPools,
} from './places.ts';
import { decideEligibility, type Refusal, type RegistrationRefusal, seatsNeeded } from './rules.ts';

/** What somebody looks for. */
export type SearchText =
  | { readonly by: 'number'; readonly registrationId: RegistrationId }
  | { readonly by: 'phone'; readonly phone: string }
  | { readonly by: 'kana'; readonly kana: string };

/**
 * One box for a booking number, a telephone number or the beginning of a reading, in any writing:
 * ４８２－１０３－９３７, 042 (000) 0100, みほん, ﾐﾎﾝ, ミホン　ハナコ. No two of the three can be confused: a
 * booking number has nine digits and begins with no zero, a telephone number begins with one.
 * @returns undefined when it is none of them
 */
export function readSearchText(text: string): SearchText | undefined {
  const phone = readPhoneNumber(text);
  if (phone !== undefined) return { by: 'phone', phone };
  const digits = text
    .normalize('NFKC')
    .replace(/[‐‑‒–—―−ー－\-\s().]/g, '')
    .replace(/^(?:受付)?番号[:：]?/, '');
  if (/^[1-9]\d{8}$/.test(digits)) return { by: 'number', registrationId: `reg_${digits}` };
  const kana = readKana(text.trim().replace(/(?<=.)(?:さん|様)$/u, ''));
  return kana !== undefined && /[\p{Script=Katakana}\p{Script=Latin}]/u.test(kana)
    ? { by: 'kana', kana }
    : undefined;
}

export type MoveRefusal = RegistrationRefusal | Refusal<'not_possible_now'>;

const notNow = (sentence: string): MoveRefusal => ({ refused: 'not_possible_now', sentence });

export interface Move {
  readonly from: string;
  readonly to: string;
  /** Whether a place in the waitlist is good enough. */
  readonly wait: boolean;
}

/**
 * The places of a household that comes to another session of the same course. It gets there what a
 * newcomer would get at this moment, and nobody who waits is overtaken; only the window of applying
 * is over for it. A course with one pool for all sessions moves the seat as it is.
 * @param waitNumber the place in every queue that is joined now
 */
export function decideMove(
  { course, pools }: SeenPools,
  registration: Registration,
  { from, to, wait }: Move,
  waitNumber: number,
  now: Date,
): { readonly places: readonly Place[]; readonly sessionKeys: readonly string[] } | MoveRefusal {
  const { places } = registration;
  if (course.sessionChoice === 'all') return notNow('この講座は、回を選ぶ講座ではありません。');
  const old = places.filter((place) => place.sessionKey === from && isLive(place));
  if (old.length === 0) {
    return notNow('もとの回には、いま申し込みがありません。今の状態を確かめてください。');
  }
  if (old.some(({ status }) => status === 'applied')) {
    return notNow('抽選の前は、回を移せません。取り消してから、申し込み直してください。');
  }
  if (from === to || places.some((place) => place.sessionKey === to && isLive(place))) {
    return notNow('移る先の回には、もう申し込んでいます。');
  }
  const refusal = decideEligibility(
    // Who has applied may move after the closing, and was asked everything when applying.
    { ...course, application: { method: course.application.method }, asks: [] },
    {
      sessionKeys: [to],
      participants: registration.participants,
      childcare: wantsChildcare(registration, from) ? registration.childcare : [],
      courseWithoutChildcare: registration.courseWithoutChildcare,
      adults: registration.counts.adults,
      tiers: [],
      dueMonth: registration.dueMonth,
      meetsConditions: true,
      allergy: undefined,
      guardian: undefined,
    },
    'staff',
    now,
  );
  if (refusal) return refusal;
  const moved = placesThere({ course, pools }, registration, { from, to }, waitNumber);
  if ('refused' in moved) return moved;
  const joinsQueue = mainPlaces(moved).some(
    (place) => !isHeld(place) && place.waitNumber === waitNumber,
  );
  if (joinsQueue && !wait) return FULL_THERE;
  return {
    places: [
      ...places.filter(({ sessionKey }) => sessionKey !== from && sessionKey !== to),
      ...moved,
    ],
    sessionKeys:
      course.sessionChoice === 'one_of'
        ? [to]
        : registration.sessionKeys.map((key) => (key === from ? to : key)),
  };
}

const FULL_THERE: MoveRefusal = {
  refused: 'course_full',
  sentence:
    '移る先の回に、いま空きがありません。キャンセル待ちでよいときは、「空きがなければ、キャンセル待ちに入る」を選んでください。もとの回の席は、そのままです。',
};

/** Not when the childcare of this session was given up by the family. */
function wantsChildcare({ places, childcare }: Registration, from: string): boolean {
  const given = places.find(({ kind, sessionKey }) => kind === 'childcare' && sessionKey === from);
  return childcare.length > 0 && (given === undefined || isLive(given));
}

function placesThere(
  seen: SeenPools,
  registration: Registration,
  { from, to }: Pick<Move, 'from' | 'to'>,
  waitNumber: number,
): readonly Place[] | PlacesRefusal | MoveRefusal {
  const { course } = seen;
  const { courseWithoutChildcare, counts, participants } = registration;
  const seat = registration.places.find(
    (place) => place.kind === 'seat' && place.sessionKey === from && isLive(place),
  );
  const wish = {
    sessionKeys: [to],
    seats: seat?.count ?? seatsNeeded(course, { participants, adults: counts.adults }),
    childcare: wantsChildcare(registration, from) ? registration.childcare.length : 0,
    courseWithoutChildcare,
  };
  if (!takesSeats(course) || !seat || poolKey(course, from) !== poolKey(course, to)) {
    return decidePlaces(seen, wish, waitNumber);
  }
  if (seat.status === 'offered') {
    return notNow('席のご案内にお返事をしてから、回を移してください。');
  }
  // One pool for all sessions: the seat, or the place in the queue, is good for any of them.
  const kept: Place = { ...seat, sessionKey: to };
  if (wish.childcare === 0) return [kept];
  const childcareOnly: Course = { ...course, capacity: { ...course.capacity, seats: null } };
  const beside = decidePlaces({ ...seen, course: childcareOnly }, wish, waitNumber);
  if ('refused' in beside) return courseWithoutChildcare ? [kept] : beside;
  const isFree = beside.every(isHeld);
  if (isHeld(kept)) return isFree || courseWithoutChildcare ? [kept, ...beside] : CHILDCARE_FULL;
  return [kept, ...beside.map(({ waitNumber: _, ...place }) => waiting(place))];
}

const waiting = (place: Place): Place => ({ ...place, status: 'waiting' });

const CHILDCARE_FULL: MoveRefusal = {
  refused: 'childcare_full',
  sentence: '移る先の回は、保育の席がいっぱいです。もとの回の席は、そのままです。',
};

/** The sessions to which a registration can be moved, by the session that it would leave. */
export function possibleMoves(
  course: Course,
  { places }: Pick<Registration, 'places'>,
  now: Date,
): readonly { readonly from: string; readonly to: readonly string[] }[] {
  if (course.sessionChoice === 'all' || course.publication !== 'published') return [];
  const isHere = (key: string) =>
    places.some((place) => place.sessionKey === key && isLive(place) && place.status !== 'applied');
  const to = course.sessions
    .filter((session) => !isHere(session.key) && startsAt(session) > now)
    .map(({ key }) => key);
  return to.length === 0
    ? []
    : course.sessions.filter(({ key }) => isHere(key)).map(({ key }) => ({ from: key, to }));
}

/** What staff can do with these places now. */
export function possibleActions(
  places: readonly Place[],
): readonly ('cancel' | 'accept' | 'decline')[] {
  return (['cancel', 'accept', 'decline'] as const).filter((action) =>
    places.some(
      ({ status }) =>
        nextStatus(status, action) !== undefined || (action === 'cancel' && status === 'offered'),
    ),
  );
}

/** How many people a registration shows: whoever applied and whose names stand on it. */
export function peopleOn({
  participants,
  childcare,
}: Pick<Registration, 'participants' | 'childcare'>): number {
  return 1 + participants.length + childcare.length;
}

/** Whether a registration belongs to the roster of a session; each does to that of the course. */
export function isForSession(
  course: Pick<Course, 'sessionChoice'>,
  { places }: Pick<Registration, 'places'>,
  sessionKey: string | undefined,
): boolean {
  if (sessionKey === undefined || course.sessionChoice === 'all') return true;
  return places.some((place) => place.sessionKey === sessionKey);
}

/** The places of one session, or all of them. */
export function placesOfSession(
  course: Pick<Course, 'sessionChoice'>,
  places: readonly Place[],
  sessionKey: string | undefined,
): readonly Place[] {
  return sessionKey === undefined || course.sessionChoice === 'all'
    ? places
    : places.filter((place) => place.sessionKey === sessionKey);
}
