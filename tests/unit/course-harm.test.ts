/** Whom an edit would hurt: what is refused while families have seats, and what must be confirmed. */
import { describe, expect, test } from 'vitest';
import {
  agrees,
  harmOf,
  isStructural,
  mayHurt,
  movedSessions,
} from '../../functions/courses/harm.ts';
import type { Course } from '../../functions/courses/model.ts';
import { aRegistration, aSeat } from '../support/registrations.ts';
import { aCourse } from '../support/world.ts';

const NOW = new Date('2026-12-01T03:00:00.000Z');
const A = { key: 'A', date: '2026-12-10', start: '10:00', end: '11:00' };
const B = { key: 'B', date: '2026-12-17', start: '10:00', end: '11:00' };
const EMAIL = { name: '見本 花子', kana: 'ミホン', phone: '0420000100', email: 'a@example.jp' };
const LOTTERY = { tiers: [], publicValueName: '宝くじの番号', confirmDays: 3 };

const choice = (changes: Partial<Course> = {}) =>
  aCourse({
    sessions: [A, B],
    sessionChoice: 'one_of',
    capacity: { ...aCourse().capacity, perSession: true },
    ...changes,
  });
const seat = (key: string, status: 'confirmed' | 'waiting' | 'cancelled' | 'applied') =>
  aRegistration({
    sessionKeys: [key],
    places: [
      aSeat({
        poolKey: key,
        sessionKey: key,
        status,
        ...(status === 'waiting' ? { waitNumber: 1 } : {}),
      }),
    ],
  });
const harm = (
  before: Course,
  changes: Partial<Course>,
  registrations = [aRegistration()],
  now = NOW,
) => harmOf(before, { ...before, ...changes }, registrations, now);

describe('a date that is taken out', () => {
  test('is refused while somebody has a seat or waits there, and says how many', () => {
    const registrations = [seat('A', 'confirmed'), seat('A', 'confirmed'), seat('A', 'waiting')];
    expect(harm(choice(), { sessions: [B] }, registrations)).toEqual({
      refused: [
        '12月10日（木）の回は消せません。参加が決まっている申し込みが 2件、待っている申し込みが 1件 あります。先に、ほかの回へ移すか、取り消してください。',
      ],
      warned: [],
    });
    expect(harm(choice(), { sessions: [A] }, registrations).refused).toEqual([]);
  });

  test('is also refused where it is a later wish in a draw', () => {
    const entry = { ...seat('A', 'applied'), sessionKeys: ['A', 'B'] };
    expect(harm(choice(), { sessions: [A] }, [entry]).refused).toEqual([
      expect.stringContaining('抽選を待つ申し込みが 1件'),
    ]);
  });

  test('is nothing to who has cancelled', () => {
    expect(harm(choice(), { sessions: [B] }, [seat('A', 'cancelled')])).toEqual({
      refused: [],
      warned: [],
    });
  });
});

describe('other days, times and rooms', () => {
  test('are told to those whose date it is, and by telephone to who has no mail', () => {
    const moved = [{ ...A, start: '09:00' }, B];
    const registrations = [
      seat('A', 'confirmed'),
      { ...seat('A', 'waiting'), applicant: EMAIL },
      seat('B', 'confirmed'),
    ];
    expect(harm(choice(), { sessions: moved }, registrations).warned).toEqual([
      '日時や会場を変えると、申し込みずみの 2件 に知らせます。うち 1件 はメールがないので、「電話連絡」に出します。',
    ]);
  });

  test('are those of every session without a room of its own when the course moves', () => {
    const course = choice({ sessions: [A, { ...B, venue: '和室' }] });
    expect(
      movedSessions(course, { ...course, venue: 'ホール' }, NOW).map(({ key }) => key),
    ).toEqual(['A']);
  });

  test('of a session that is over are only a record', () => {
    const course = choice();
    const later = new Date('2026-12-12T00:00:00.000Z');
    const after = { ...course, sessions: [{ ...A, start: '09:00' }, B] };
    expect(movedSessions(course, after, later)).toEqual([]);
    expect(movedSessions(course, after, NOW)).toEqual([A]);
  });

  test('of a series mean everybody, also when one date is taken out', () => {
    const series = aCourse({ sessions: [A, B] });
    expect(harm(series, { sessions: [A] }).warned).toEqual([
      expect.stringContaining('日時や会場を変えると、申し込みずみの 1件'),
    ]);
    expect(harm(aCourse({ sessions: [A] }), { sessions: [A, B] }).warned).toEqual([
      expect.stringContaining('回がふえます'),
    ]);
  });
});

describe('what a seat is', () => {
  const LINE = {
    unit: '組',
    countedBy: 'person',
    seats: 20,
    waitlist: 10,
    perSession: false,
  } as const;
  test.each<[string, Partial<Course>]>([
    ['申し込みのしかた', { application: { method: 'staff' } }],
    ['定員の数えかた', { capacity: LINE }],
    ['定員のありなし', { capacity: { ...aCourse().capacity, seats: null } }],
    ['回の選びかた', { sessionChoice: 'one_of' }],
  ])('%s cannot change under those who have one', (words, changes) => {
    expect(harm(aCourse(), changes).refused).toEqual([
      `申し込みが 1件 あるので、${words}は変えられません。`,
    ]);
    expect(harm(aCourse(), changes, []).refused).toEqual([]);
    expect(isStructural(aCourse(), aCourse(changes))).toBe(true);
  });

  test('a draw keeps what it promised from its opening on, also when nobody has applied', () => {
    const course = aCourse({
      application: { method: 'lottery', opensAt: '2026-12-01T00:00:00.000Z' },
      lottery: LOTTERY,
    });
    const changes = { lottery: { ...LOTTERY, confirmDays: 5 } };
    expect(harm(course, changes, []).refused).toEqual([
      '抽選の申し込みが始まっているので、抽選のしかたは変えられません。',
    ]);
    const before = new Date('2026-11-30T23:59:59.999Z');
    expect(harm(course, changes, [], before).refused).toEqual([]);
    expect(harm({ ...course, publication: 'draft' }, changes, []).refused).toEqual([]);
  });

  test('childcare cannot go while a child has a place or waits for one', () => {
    const course = aCourse({ childcare: { places: 3, minMonths: 6 } });
    const { childcare: _, ...without } = course;
    const places = [
      aSeat(),
      aSeat({ poolKey: 'childcare', kind: 'childcare', status: 'waiting', waitNumber: 1 }),
    ];
    expect(harmOf(course, without, [aRegistration({ places })], NOW).refused).toEqual([
      '保育をなくすことはできません。待っている申し込みが 1件 あります。',
    ]);
    expect(harmOf(course, without, [aRegistration()], NOW).refused).toEqual([]);
  });
});

describe('who no longer fits', () => {
  const born = (birthDate: string) =>
    aRegistration({ participants: [{ name: '見本 光', kana: 'ミホン', birthDate }] });
  const older = { eligibility: { ...aCourse().eligibility, maxMonthsExclusive: 6 } };

  test('keeps the seat, is counted, and is named by booking number only', () => {
    const [fits, grown] = [born('2026-09-01'), born('2026-02-01')];
    const [warned] = harm(aCourse(), older, [fits, grown]).warned;
    expect(warned).toContain('新しい対象に合わない申し込みが 1件 あります');
    const { registrationId } = grown;
    expect(warned?.replaceAll('-', '')).toContain(registrationId.slice('reg_'.length));
    expect(warned).not.toContain('見本');
  });

  test('is not who did not fit before', () => {
    expect(harm(aCourse(), older, [born('2024-01-01')]).warned).toEqual([]);
  });

  test('may also be so because the day is another', () => {
    const course = aCourse();
    const sessions = [{ ...A, key: '1', start: '10:00', end: '11:30', date: '2027-06-01' }];
    expect(harm(course, { sessions }, [born('2026-05-01')]).warned).toHaveLength(2);
  });

  test('in childcare is counted apart', () => {
    const course = aCourse({ childcare: { places: 3, minMonths: 6 } });
    const child = { name: '見本 望', kana: 'ミホン', birthDate: '2026-05-01' };
    const registration = aRegistration({ childcare: [child] });
    const changes = { childcare: { places: 3, minMonths: 12 } };
    expect(harm(course, changes, [registration]).warned).toEqual([
      expect.stringContaining('保育の月齢に合わなくなるお子さんの申し込みが 1件'),
    ]);
  });
});

describe('publication', () => {
  test.each([
    ['cancelled', 0, '中止にすると、申し込みずみの 1件 に知らせます'],
    ['hidden', 0, 'サイトから下げても'],
    ['draft', 1, '下書きにはできません'],
    ['template', 1, 'ひな形にはできません'],
  ] as const)('%s', (publication, refusals, words) => {
    const { refused, warned } = harm(aCourse(), { publication });
    expect([refused.length, warned.length]).toEqual([refusals, 1 - refusals]);
    expect([...refused, ...warned].join()).toContain(words);
    expect(harm(aCourse(), { publication }, [])).toEqual({ refused: [], warned: [] });
  });

  test('coming back from being called off has to be told by people', () => {
    const { warned } = harm(aCourse({ publication: 'cancelled' }), { publication: 'published' });
    expect(warned.join()).toContain('お電話');
  });
});

test('a fee or a day of the draw that was told is warned of', () => {
  expect(harm(aCourse(), { fee: { yen: 300 } }).warned).toHaveLength(1);
  const course = aCourse({
    application: { method: 'lottery', drawAt: '2026-12-10T00:00:00.000Z' },
    lottery: LOTTERY,
  });
  const entry = aRegistration({ places: [aSeat({ status: 'applied' })] });
  const drawAt = '2026-12-11T00:00:00.000Z';
  expect(harm(course, { application: { method: 'lottery', drawAt } }, [entry]).warned).toEqual([
    expect.stringContaining('抽選の日時'),
  ]);
});

test('words and lists hurt nobody, so nobody is looked at', () => {
  const course = aCourse();
  expect(mayHurt(course, { ...course, version: 2, title: '別', bring: [], listed: false })).toBe(
    false,
  );
  expect(mayHurt(course, { ...course, fee: { yen: 1 } })).toBe(true);
});

test('registrations that lag behind the pools are noticed', () => {
  const pool = {
    courseId: 'crs_test-1',
    key: 'all',
    kind: 'seat' as const,
    capacity: 5,
    free: 4,
    waitlistCapacity: 5,
    waiting: 1,
    waitingNumbers: [1],
  };
  const waiting = aRegistration({ places: [aSeat({ status: 'waiting', waitNumber: 1 })] });
  expect(agrees([aRegistration(), waiting], [pool])).toBe(true);
  expect(agrees([aRegistration()], [pool])).toBe(false);
  expect(agrees([waiting], [pool])).toBe(false);
});
