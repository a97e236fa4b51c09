/** What a household has in each pool: taken as one, waited for as one, and what may become of it. */
import { describe, expect, test } from 'vitest';
import { instantInTokyo } from '../../functions/calendar/rules.ts';
import { centre } from '../../functions/centre/settings.ts';
import type { SeatPool } from '../../functions/courses/model.ts';
import { bookedSessions, cancelDeadline } from '../../functions/courses/rules.ts';
import { type Place, RegistrationStatus } from '../../functions/registrations/model.ts';
import {
  changePlaces,
  decidePlaces,
  isHeld,
  isLive,
  lapsePlaces,
  nextStatus,
  type OwnersAction,
  offerPlaces,
  type PlaceAction,
  statusOf,
  type Wish,
} from '../../functions/registrations/places.ts';
import { aChildcarePlace, aSeat } from '../support/registrations.ts';
import { aCourse } from '../support/world.ts';

const NOW = new Date('2026-12-01T03:00:00.000Z');
const NUMBER = 77;

describe('what can happen to a place', () => {
  const LEGAL: Record<string, string> = {
    'applied cancel': 'cancelled',
    'applied win': 'offered',
    'applied lose': 'lost',
    'confirmed cancel': 'cancelled',
    'waiting cancel': 'cancelled',
    'waiting offer': 'offered',
    'offered accept': 'confirmed',
    'offered decline': 'declined',
    'offered lapse': 'lapsed',
  };

  test('is nine transitions, and no other', () => {
    const actions: PlaceAction[] = ['cancel', 'offer', 'accept', 'decline', 'lapse', 'win', 'lose'];
    for (const from of RegistrationStatus.options) {
      for (const action of actions) {
        expect(nextStatus(from, action), `${from} ${action}`).toBe(LEGAL[`${from} ${action}`]);
      }
    }
  });

  test('it is held when it is confirmed or on offer; the rest of the living wait', () => {
    const those = (is: (place: Place) => boolean) =>
      RegistrationStatus.options.filter((status) => is(aSeat({ status })));
    expect(those(isHeld)).toEqual(['confirmed', 'offered']);
    expect(those(isLive)).toEqual(['applied', 'confirmed', 'waiting', 'offered']);
  });

  test('the word for the whole is what asks for an answer first, and what is over last', () => {
    const word = (...statuses: RegistrationStatus[]) =>
      statusOf(statuses.map((status) => aSeat({ status })));
    expect(word('confirmed', 'offered')).toBe('offered');
    expect(word('cancelled', 'waiting', 'confirmed')).toBe('confirmed');
    expect(word('cancelled', 'waiting')).toBe('waiting');
    expect(word('cancelled', 'lapsed')).toBe('lapsed');
    expect(word('cancelled', 'cancelled')).toBe('cancelled');
  });
});

/** Does something with places of a course on one day, on the site, where the day before is the last. */
function change(
  places: readonly Place[],
  action: OwnersAction,
  now = NOW,
  target?: string,
  course = aCourse(),
) {
  const until = (key: string | undefined) =>
    cancelDeadline(bookedSessions(course, key), centre.booking.cancelUntil);
  return changePlaces(places, action, target, until, NUMBER, now);
}

describe('a family changes what it has', () => {
  test('a booking is cancelled until the very instant of the deadline, and then by telephone', () => {
    const deadline = instantInTokyo('2026-12-09', '17:00');
    const booking = [aSeat({ count: 2 })];
    expect(change(booking, 'cancel', deadline)).toEqual([aSeat({ count: 2, status: 'cancelled' })]);
    expect(change(booking, 'cancel', new Date(deadline.getTime() + 1))).toEqual({
      refused: 'cancel_deadline_passed',
      sentence:
        'このページで取り消せるのは 12月9日（水）17時 まででした。お電話でお知らせください。',
    });
  });

  test('staff take a cancellation at any time', () => {
    const late = instantInTokyo('2026-12-10', '09:59');
    expect(changePlaces([aSeat()], 'cancel', undefined, () => undefined, NUMBER, late)).toEqual([
      aSeat({ status: 'cancelled' }),
    ]);
  });

  test('the waitlist is left at any time', () => {
    const late = instantInTokyo('2026-12-10', '09:59');
    const waiting = aSeat({ status: 'waiting', waitNumber: 5 });
    expect(change([waiting], 'cancel', late)).toEqual([{ ...waiting, status: 'cancelled' }]);
  });

  test('an offer is answered until its deadline, not at it', () => {
    const offered = aSeat({ status: 'offered', offerExpiresAt: '2026-12-03T03:00:00.000Z' });
    const at = new Date('2026-12-03T03:00:00.000Z');
    const justBefore = new Date(at.getTime() - 1);
    expect(change([offered], 'accept', justBefore)).toEqual([aSeat()]);
    expect(change([offered], 'decline', justBefore)).toEqual([aSeat({ status: 'declined' })]);
    expect(change([offered], 'accept', at)).toMatchObject({ refused: 'offer_expired' });
    expect(change([offered], 'decline', at)).toMatchObject({
      sentence:
        'お返事の期限（12月3日（木）12時）を過ぎました。席は、ほかの方にご案内することがあります。',
    });
  });

  test('what is over cannot be changed, and an offer is declined rather than cancelled', () => {
    for (const status of ['cancelled', 'declined', 'lapsed', 'lost'] as const) {
      for (const action of ['cancel', 'accept', 'decline'] as const) {
        expect(change([aSeat({ status })], action)).toMatchObject({ refused: 'not_possible_now' });
      }
    }
    expect(change([aSeat({ status: 'offered' })], 'cancel')).toMatchObject({
      refused: 'not_possible_now',
    });
  });
});

const EXPIRES = '2026-12-03T03:00:00.000Z';
const aPool = (key: string, changes: Partial<SeatPool> = {}): SeatPool => ({
  courseId: 'crs_test-1',
  key,
  kind: key.startsWith('childcare') ? 'childcare' : 'seat',
  capacity: 5,
  free: 5,
  waitlistCapacity: 5,
  waiting: 0,
  waitingNumbers: [],
  ...changes,
});
const FULL = { free: 0 };
/** Free, but for somebody who waits. */
const QUEUED = { free: 1, waiting: 1, waitingNumbers: [5] };

describe('seat and childcare of a household that applies', () => {
  const withChildcare = aCourse({ childcare: { places: 5, minMonths: 6 } });
  const decide = (
    seats: Partial<SeatPool>,
    childcare: Partial<SeatPool>,
    wish: Partial<Wish> = {},
  ) => {
    const pools = [aPool('all', seats), aPool('childcare', childcare)];
    const wishes = { sessionKeys: [], seats: 1, childcare: 1, courseWithoutChildcare: false };
    const places = decidePlaces({ course: withChildcare, pools }, { ...wishes, ...wish }, NUMBER);
    return 'refused' in places ? places.refused : words(places);
  };
  const anyway = { courseWithoutChildcare: true };

  test('are taken together where both are free, and waited for together where no seat is', () => {
    expect(decide({}, {})).toBe('seat confirmed, childcare confirmed');
    expect(decide(FULL, {})).toBe('seat waiting 77, childcare waiting');
    expect(decide(FULL, FULL)).toBe('seat waiting 77, childcare waiting');
    expect(decide(QUEUED, {})).toBe('seat waiting 77, childcare waiting');
  });

  test('without childcare the seat is only for who comes anyway, and then childcare is waited for', () => {
    expect(decide({}, FULL)).toBe('childcare_full');
    expect(decide({}, QUEUED)).toBe('childcare_full');
    expect(decide({}, FULL, anyway)).toBe('seat confirmed, childcare waiting 77');
    expect(decide({}, QUEUED, anyway)).toBe('seat confirmed, childcare waiting 77');
    expect(decide({}, { ...FULL, waitlistCapacity: 0 }, anyway)).toBe('seat confirmed');
  });

  test('more children than there are places for can never come: nobody waits for that', () => {
    expect(decide(FULL, { capacity: 1 }, { childcare: 2 })).toBe('childcare_full');
    expect(decide(FULL, { capacity: 1 }, { childcare: 2, ...anyway })).toBe('seat waiting 77');
  });

  test('of several dates all are had or none; the refusal says which date', () => {
    const dates = aCourse({
      sessionChoice: 'each',
      sessions: [
        { key: 'A', date: '2026-12-10', start: '10:00', end: '11:00' },
        { key: 'B', date: '2026-12-17', start: '10:00', end: '11:00' },
      ],
      capacity: { ...aCourse().capacity, perSession: true },
    });
    const wish = { sessionKeys: ['A', 'B'], seats: 1, childcare: 0, courseWithoutChildcare: false };
    const on = (b: Partial<SeatPool>) =>
      decidePlaces({ course: dates, pools: [aPool('A'), aPool('B', b)] }, wish, NUMBER);
    expect(words(on({}) as Place[])).toBe('seat A confirmed, seat B confirmed');
    expect(words(on(FULL) as Place[])).toBe('seat A confirmed, seat B waiting 77');
    expect(on({ ...FULL, waitlistCapacity: 0 })).toEqual({
      refused: 'course_full',
      sentence: '12月17日（木） の回：席もキャンセル待ちも、いっぱいになりました。',
      field: 'sessionKeys.0',
    });
  });

  test('of one of several dates the first preference with room is had, before any wait', () => {
    const dates = aCourse({
      sessionChoice: 'one_of',
      sessions: [
        { key: 'A', date: '2026-12-10', start: '10:00', end: '11:00' },
        { key: 'B', date: '2026-12-17', start: '10:00', end: '11:00' },
      ],
      capacity: { ...aCourse().capacity, perSession: true },
    });
    const wish = { sessionKeys: ['B', 'A'], seats: 1, childcare: 0, courseWithoutChildcare: false };
    const on = (a: Partial<SeatPool>, b: Partial<SeatPool>) =>
      words(
        decidePlaces(
          { course: dates, pools: [aPool('A', a), aPool('B', b)] },
          wish,
          NUMBER,
        ) as Place[],
      );
    expect(on({}, {})).toBe('seat B confirmed');
    expect(on({}, FULL)).toBe('seat A confirmed');
    expect(on(FULL, FULL)).toBe('seat B waiting 77');
    expect(on(FULL, { ...FULL, waitlistCapacity: 0 })).toBe('seat A waiting 77');
  });
});

describe('the turn of a household that waits', () => {
  const both = [
    aSeat({ status: 'waiting', waitNumber: 1 }),
    aChildcarePlace({ status: 'waiting' }),
  ];
  const offer = (places: readonly Place[], childcare: Partial<SeatPool>, comesAnyway = false) => {
    const pools = [aPool('all', { free: 1, waiting: 1 }), aPool('childcare', childcare)];
    const offered = offerPlaces(
      places,
      'all',
      { pools, courseWithoutChildcare: comesAnyway },
      EXPIRES,
    );
    return offered && words(offered);
  };

  test('is an offer of both, or of the seat to who comes anyway, or has not come', () => {
    expect(offer(both, {})).toBe('seat offered 1, childcare offered');
    expect(offer(both, FULL)).toBeUndefined();
    expect(offer(both, QUEUED)).toBeUndefined();
    expect(offer(both, FULL, true)).toBe('seat offered 1, childcare waiting');
  });

  test('is an offer of the seat alone to who gave the childcare up', () => {
    const [seat] = both;
    const alone = [seat ?? aSeat(), aChildcarePlace({ status: 'cancelled' })];
    expect(offer(alone, FULL)).toBe('seat offered 1, childcare cancelled');
  });
});

describe('what is done to a seat is done to its childcare', () => {
  const offered = { status: 'offered' as const, offerExpiresAt: EXPIRES };
  const done = (
    [seat, childcare]: readonly [Partial<Place>, Partial<Place>],
    action: OwnersAction,
    target?: string,
    now = NOW,
  ) => {
    const places = change([aSeat(seat), aChildcarePlace(childcare)], action, now, target);
    return 'refused' in places ? places.refused : words(places);
  };

  test('a cancelled seat takes it along: taken, on offer, or waited for', () => {
    for (const target of [undefined, 'all']) {
      expect(done([{}, {}], 'cancel', target)).toBe('seat cancelled, childcare cancelled');
      expect(done([{}, offered], 'cancel', target)).toBe('seat cancelled, childcare declined');
      expect(done([{}, { status: 'waiting', waitNumber: 9 }], 'cancel', target)).toBe(
        'seat cancelled, childcare cancelled 9',
      );
    }
  });

  test('childcare is given up alone, and the seat stays', () => {
    expect(done([{}, {}], 'cancel', 'childcare')).toBe('seat confirmed, childcare cancelled');
    expect(done([{}, { status: 'waiting', waitNumber: 9 }], 'cancel', 'childcare')).toBe(
      'seat confirmed, childcare cancelled 9',
    );
    expect(done([offered, offered], 'decline', 'childcare')).toBe(
      'seat offered, childcare declined',
    );
  });

  test('both are accepted or declined together; childcare is not accepted before its seat', () => {
    for (const target of [undefined, 'all']) {
      expect(done([offered, offered], 'accept', target)).toBe(
        'seat confirmed, childcare confirmed',
      );
      expect(done([offered, offered], 'decline', target)).toBe('seat declined, childcare declined');
    }
    expect(done([offered, offered], 'accept', 'childcare')).toBe(
      'seat confirmed, childcare confirmed',
    );
  });

  test('a seat that is accepted without its childcare joins the queue for it; one declined ends it', () => {
    const waits = { status: 'waiting' as const };
    expect(done([offered, waits], 'accept')).toBe('seat confirmed, childcare waiting 77');
    expect(done([offered, waits], 'decline')).toBe('seat declined, childcare declined');
  });

  test('childcare on offer beside a seat that is had is answered alone', () => {
    expect(done([{}, offered], 'accept')).toBe('seat confirmed, childcare confirmed');
    expect(done([{}, offered], 'decline')).toBe('seat confirmed, childcare declined');
  });

  test('when it is too late to cancel the seat nothing is cancelled, but the wait for childcare can be', () => {
    const late = instantInTokyo('2026-12-09', '17:01');
    const waiting = { status: 'waiting' as const, waitNumber: 9 };
    expect(done([{}, waiting], 'cancel', undefined, late)).toBe('cancel_deadline_passed');
    expect(done([{}, waiting], 'cancel', 'all', late)).toBe('cancel_deadline_passed');
    expect(done([{}, waiting], 'cancel', 'childcare', late)).toBe(
      'seat confirmed, childcare cancelled 9',
    );
    expect(done([{}, {}], 'cancel', 'childcare', late)).toBe('cancel_deadline_passed');
  });

  test('silence ends an offer with all that waited for it, and no offer that is still open', () => {
    const lapse = (seat: Partial<Place>, childcare: Partial<Place>) =>
      words(lapsePlaces([aSeat(seat), aChildcarePlace(childcare)], new Date(EXPIRES)));
    expect(lapse(offered, offered)).toBe('seat lapsed, childcare lapsed');
    expect(lapse(offered, { status: 'waiting' })).toBe('seat lapsed, childcare lapsed');
    expect(lapse({}, offered)).toBe('seat confirmed, childcare lapsed');
    const later = { ...offered, offerExpiresAt: '2026-12-03T03:00:00.001Z' };
    expect(lapse(later, later)).toBe('seat offered, childcare offered');
  });
});

describe('several dates of one registration', () => {
  const dates = aCourse({
    sessionChoice: 'each',
    sessions: [
      { key: 'A', date: '2026-12-02', start: '10:00', end: '11:00' },
      { key: 'B', date: '2026-12-17', start: '10:00', end: '11:00' },
    ],
    capacity: { ...aCourse().capacity, perSession: true },
  });
  const at = (sessionKey: string, place: Partial<Place> = {}) =>
    aSeat({ poolKey: sessionKey, sessionKey, ...place });
  const late = instantInTokyo('2026-12-01', '17:01');

  test('are cancelled one by one; of all, those that still can be', () => {
    const both = [at('A'), at('B')];
    expect(words(change(both, 'cancel', NOW, 'B', dates) as Place[])).toBe(
      'seat A confirmed, seat B cancelled',
    );
    expect(words(change(both, 'cancel', late, undefined, dates) as Place[])).toBe(
      'seat A confirmed, seat B cancelled',
    );
    expect(change(both, 'cancel', late, 'A', dates)).toMatchObject({
      refused: 'cancel_deadline_passed',
    });
  });

  test('an offer that is over keeps none of the others from being answered', () => {
    const past = { status: 'offered' as const, offerExpiresAt: '2026-11-30T03:00:00.000Z' };
    const open = { status: 'offered' as const, offerExpiresAt: EXPIRES };
    expect(
      words(change([at('A', past), at('B', open)], 'accept', NOW, undefined, dates) as Place[]),
    ).toBe('seat A offered, seat B confirmed');
    expect(change([at('A', past)], 'accept', NOW, undefined, dates)).toMatchObject({
      refused: 'offer_expired',
    });
  });
});

/** `seat A confirmed, childcare waiting 5`. */
function words(places: readonly Place[]): string {
  return places
    .map(({ kind, sessionKey, status, waitNumber }) =>
      [kind, sessionKey, status, waitNumber].filter((word) => word !== undefined).join(' '),
    )
    .join(', ');
}
