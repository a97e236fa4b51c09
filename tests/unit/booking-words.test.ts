/** A booking's page says in a sentence or two what is and what comes next, for every combination. */
import { describe, expect, test } from 'vitest';
import type {
  Place,
  Registration,
  RegistrationStatus,
} from '../../functions/registrations/model.ts';
import {
  bookedParts,
  bookingWords,
  type Happened,
  partStateName,
} from '../../functions/registrations/words.ts';
import { aChildcarePlace, aRegistration, aSeat } from '../support/registrations.ts';
import { aCourse } from '../support/world.ts';

const now = new Date('2026-12-01T03:00:00.000Z');
const offerExpiresAt = '2026-12-03T03:00:00.000Z';
const child = { name: '見本 空', kana: 'ミホン ソラ', birthDate: '2023-06-01' };
const email = {
  name: '見本 花子',
  kana: 'ミホン ハナコ',
  phone: '0420000100',
  email: 'a@example.jp',
};
const course = aCourse({ childcare: { places: 3, minMonths: 6 } });

function words(
  places: Place[],
  more: Partial<Registration> & {
    happened?: Happened;
    waitPositions?: Record<string, number>;
    of?: typeof course;
  } = {},
) {
  const { happened, waitPositions = {}, of = course, ...changes } = more;
  const registration = aRegistration({ applicant: email, places, ...changes });
  return bookingWords({ registration, course: of, waitPositions, happened, now });
}

describe('a seat alone', () => {
  test('is had, waited for, offered, or over', () => {
    expect(words([aSeat()])).toEqual({
      title: '申し込みができました',
      next: '席は確保してあります。12月10日（木） 10時に、そのままお越しください。',
    });
    expect(
      words([aSeat({ status: 'waiting', waitNumber: 7 })], { waitPositions: { all: 2 } }),
    ).toEqual({
      title: 'キャンセル待ちに入りました',
      next: 'いまは 2 番目です。席が空いたら、メールでお知らせします。',
    });
    expect(words([aSeat({ status: 'offered', offerExpiresAt, waitNumber: 7 })])).toEqual({
      title: '席が空きました',
      next: '12月3日（木）12時までに、参加するかどうかをお知らせください。お返事がないときは、次の方にご案内します。',
    });
    expect(words([aSeat({ status: 'lapsed' })]).title).toBe('お返事の期限が過ぎました');
    expect(words([aSeat({ status: 'declined' })]).title).toBe('ご案内を見送りました');
    expect(words([aSeat({ status: 'cancelled' })]).title).toBe('取り消した申し込みです');
    expect(words([aSeat({ status: 'cancelled' })], { happened: 'cancelled' }).title).toBe(
      '取り消しました',
    );
  });

  test('tells who gave no address where to look', () => {
    const { email: _, ...applicant } = email;
    expect(words([aSeat({ status: 'waiting', waitNumber: 7 })], { applicant }).next).toContain(
      'ときどきお確かめください',
    );
  });
});

describe('a seat with childcare beside it', () => {
  const both = (seat: Partial<Place>, childcare: Partial<Place>, more = {}) =>
    words([aSeat(seat), aChildcarePlace(childcare)], { childcare: [child], ...more });

  test('both are had', () => {
    expect(both({}, { count: 2 }).next).toBe(
      '講座の席と、保育の席（2人）を確保してあります。12月10日（木） 10時に、そのままお越しください。',
    );
    expect(both({}, {}, { happened: 'accepted' }).title).toBe('参加と保育が決まりました');
  });

  test('the seat is had and childcare is waited for, with its place in its own queue', () => {
    expect(
      both({}, { status: 'waiting', waitNumber: 4 }, { waitPositions: { childcare: 2 } }).next,
    ).toBe(
      '講座の席は確保してあります。保育はキャンセル待ち 2 番目です。保育の席が空いたら、メールでお知らせします。',
    );
  });

  test('the seat is had and childcare was not to be had at all', () => {
    expect(words([aSeat()], { childcare: [child] }).next).toContain(
      '保育の席は、いっぱいでお取りできませんでした。',
    );
  });

  test('only childcare is offered: the seat stays whatever the answer', () => {
    expect(both({}, { status: 'offered', offerExpiresAt })).toEqual({
      title: '保育の席が空きました',
      next: '12月3日（木）12時までに、保育をたのむかどうかをお知らせください。お返事がないときは、次の方にご案内します。講座の席は、そのまま確保してあります。',
    });
  });

  test('both are offered, or the seat before the childcare', () => {
    const seat = { status: 'offered', offerExpiresAt, waitNumber: 3 } as const;
    expect(both(seat, { status: 'offered', offerExpiresAt }).next).toMatch(
      /^講座の席と、保育の席（1人）を、いっしょにお取りしています。12月3日/,
    );
    expect(both(seat, { status: 'waiting' }).next).toMatch(
      /^保育の席は、まだ空いていません。参加すると、保育はキャンセル待ちになります。/,
    );
  });

  test('both are waited for: together, or the seat without it if the parent comes anyway', () => {
    const waits = [{ status: 'waiting', waitNumber: 3 }, { status: 'waiting' }] as const;
    expect(both(...waits).next).toContain('講座と保育の席がそろったら、いっしょにご案内します。');
    expect(both(...waits, { courseWithoutChildcare: true }).next).toContain(
      '保育の席もあれば、いっしょにご案内します。',
    );
  });

  test('childcare was given up alone', () => {
    expect(both({}, { status: 'cancelled' }, { happened: 'cancelled' })).toEqual({
      title: '保育を取り消しました',
      next: '講座の席は、そのまま確保してあります。保育はありません。12月10日（木） 10時に、そのままお越しください。',
    });
    expect(both({}, { status: 'declined' }, { happened: 'declined' }).title).toBe(
      '保育のご案内を見送りました',
    );
    expect(both({}, { status: 'lapsed' }).next).toContain('保育は、お返事の期限が過ぎました。');
  });
});

describe('childcare alone', () => {
  test('is had, waited for, or offered', () => {
    expect(words([aChildcarePlace({ count: 2 })])).toEqual({
      title: '保育の申し込みができました',
      next: '保育の席（2人）を確保してあります。12月10日（木） 10時に、そのままお越しください。',
    });
    expect(words([aChildcarePlace({ status: 'waiting', waitNumber: 1 })]).title).toBe(
      '保育のキャンセル待ちに入りました',
    );
    expect(words([aChildcarePlace({ status: 'offered', offerExpiresAt })])).toEqual({
      title: '保育の席が空きました',
      next: '12月3日（木）12時までに、保育をたのむかどうかをお知らせください。お返事がないときは、次の方にご案内します。',
    });
  });
});

describe('a lottery', () => {
  const entry = { number: 12, tier: 0 };
  const lottery = aCourse({
    application: { method: 'lottery', drawAt: '2026-12-08T01:00:00.000Z' },
  });

  test('gives a number, and says when it is drawn and how one learns of it', () => {
    expect(words([aSeat({ status: 'applied' })], { entry, of: lottery }).next).toBe(
      '抽選番号は 12 番です。12月8日（火）10時に抽選します。結果は、メールでお知らせします。',
    );
    expect(
      words([aSeat({ status: 'applied' }), aChildcarePlace({ status: 'applied', count: 2 })], {
        entry,
        of: lottery,
      }).next,
    ).toContain('保育（2人）も、いっしょに抽選します。');
  });

  test('is won, held in reserve, or lost', () => {
    expect(words([aSeat({ status: 'offered', offerExpiresAt })], { entry }).title).toBe(
      '抽選に当選しました',
    );
    const reserve = aSeat({ status: 'waiting', waitNumber: 9 });
    expect(words([reserve], { entry, waitPositions: { all: 3 } })).toEqual({
      title: '抽選の結果、補欠になりました',
      next: 'いまは 3 番目です。席が空いたら、メールでお知らせします。',
    });
    // A freed seat is no win: the draw was over before.
    const freed = aSeat({ status: 'offered', offerExpiresAt, waitNumber: 9 });
    expect(words([freed], { entry }).title).toBe('席が空きました');
    expect(words([aSeat({ status: 'lost' })], { entry }).title).toBe('今回は、抽選にはずれました');
  });
});

describe('several dates', () => {
  const dates = aCourse({
    sessionChoice: 'each',
    capacity: { unit: '組', countedBy: 'application', seats: 3, waitlist: 5, perSession: true },
    sessions: [
      { key: '1', date: '2026-12-10', start: '10:00', end: '11:30' },
      { key: '2', date: '2026-12-17', start: '10:00', end: '11:30' },
      { key: '3', date: '2026-12-24', start: '10:00', end: '11:30' },
    ],
  });
  const on = (sessionKey: string, change: Partial<Place> = {}) =>
    aSeat({ poolKey: sessionKey, sessionKey, ...change });
  const told = (places: Place[], happened?: Happened) =>
    words(places, { of: dates, ...(happened && { happened }) });

  test('are counted by what has become of them', () => {
    expect(told([on('1'), on('2'), on('3')])).toEqual({
      title: '申し込みができました',
      next: '3回とも、参加が決まっています。',
    });
    expect(told([on('1'), on('2'), on('3', { status: 'waiting', waitNumber: 2 })])).toEqual({
      title: '申し込みを受け付けました',
      next: '3回のうち、2回は参加が決まっています。1回はキャンセル待ちです。',
    });
    expect(told([on('1'), on('2', { status: 'offered', offerExpiresAt })]).next).toContain(
      '下の回ごとに、参加するかどうかをお知らせください。',
    );
    expect(told([on('1'), on('2', { status: 'cancelled' })], 'cancelled').title).toBe(
      '取り消しました',
    );
  });

  test('stand in the order of their days, each with its seat and its childcare', () => {
    const places = [
      on('2'),
      on('1', { status: 'waiting', waitNumber: 1 }),
      aChildcarePlace({
        poolKey: 'childcare-2',
        sessionKey: '2',
        status: 'waiting',
        waitNumber: 5,
      }),
    ];
    const parts = bookedParts(dates, places);
    const states = parts.map((part) => partStateName(part, { '1': 4, 'childcare-2': 2 }, now));
    expect(states).toEqual(['キャンセル待ち 4 番目', '参加確定、保育はキャンセル待ち 2 番目']);
  });

  test('a date that is past says so', () => {
    const [part] = bookedParts(dates, [on('1')]);
    expect(part && partStateName(part, {}, new Date('2026-12-11T00:00:00Z'))).toBe('終わりました');
  });
});

test('no combination is left without words, and none shows a code', () => {
  const statuses: RegistrationStatus[] = [
    'applied',
    'confirmed',
    'waiting',
    'offered',
    'cancelled',
    'declined',
    'lapsed',
    'lost',
  ];
  for (const seat of statuses) {
    for (const childcare of [undefined, ...statuses]) {
      for (const happened of [undefined, 'applied', 'cancelled', 'accepted', 'declined'] as const) {
        const places = [
          aSeat({ status: seat }),
          ...(childcare === undefined ? [] : [aChildcarePlace({ status: childcare })]),
        ];
        const { title, next } = words(places, { ...(happened && { happened }) });
        expect(title).toMatch(/^[^a-z]+$/);
        expect(next).toMatch(/^[^a-z]+。$/);
      }
    }
  }
});
