/** What a household has in each pool: taken as one, waited for as one, and what may become of it. */
import { describe, expect, test } from 'vitest';
import { instantInTokyo } from '../../functions/calendar/rules.ts';
import { centre } from '../../functions/centre/settings.ts';
import { bookedSessions, cancelDeadline } from '../../functions/courses/rules.ts';
import { type Place, RegistrationStatus } from '../../functions/registrations/model.ts';
import {
  changePlaces,
  isHeld,
  isLive,
  nextStatus,
  type OwnersAction,
  type PlaceAction,
  statusOf,
} from '../../functions/registrations/places.ts';
import { aSeat } from '../support/registrations.ts';
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
