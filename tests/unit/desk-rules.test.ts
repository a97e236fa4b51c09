/** What the desk's search box understands, and where a household can be moved. */
import { describe, expect, test } from 'vitest';
import type { SeatPool } from '../../functions/courses/model.ts';
import { poolsOf } from '../../functions/courses/rules.ts';
import { decideMove, readSearchText } from '../../functions/registrations/desk-rules.ts';
import type { Place, Registration } from '../../functions/registrations/model.ts';
import { aCourse } from '../support/world.ts';

describe('the search box reads', () => {
  test.each([
    '482-103-937',
    '482103937',
    ' 482 103 937 ',
    '４８２－１０３－９３７',
    '482ー103ー937',
    '受付番号 482-103-937',
  ])('%s as a booking number', (text) => {
    expect(readSearchText(text)).toEqual({ by: 'number', registrationId: 'reg_482103937' });
  });

  test.each([
    '042-000-0100',
    '0420000100',
    '０４２（０００）０１００',
    '042ー000ー0100',
    '+81 42 000 0100',
  ])('%s as a telephone number', (text) => {
    expect(readSearchText(text)).toEqual({ by: 'phone', phone: '0420000100' });
  });

  test.each(['みほん', 'ミホン', 'ﾐﾎﾝ', '  みほん ', 'みほんさん', 'ミホン様'])(
    '%s as a reading',
    (text) => {
      expect(readSearchText(text)).toEqual({ by: 'kana', kana: 'ミホン' });
    },
  );

  test.each([
    ['がっこう', 'ガッコウ'],
    ['ｶﾞｯｺｳ', 'ガッコウ'],
    ['か\u3099っこう', 'ガッコウ'],
    ['みほん　はなこ', 'ミホン ハナコ'],
    ['Smith', 'Smith'],
    ['さん', 'サン'],
  ])('%s as %s', (text, kana) => {
    expect(readSearchText(text)).toEqual({ by: 'kana', kana });
  });

  test.each([
    '',
    '　',
    '見本',
    '見本 花子',
    '12345',
    '012345678',
    '042-000',
    '・',
    'ー',
    '48210393７8',
  ])('%s as none of them', (text) => {
    expect(readSearchText(text)).toBeUndefined();
  });
});

describe('a move', () => {
  const now = new Date('2026-12-01T03:00:00.000Z');
  const sessions = [
    { key: 'A', date: '2026-12-10', start: '10:00', end: '11:00' },
    { key: 'B', date: '2026-12-17', start: '10:00', end: '11:00' },
  ];
  const courseOf = (perSession: boolean, changes = {}) =>
    aCourse({
      sessions,
      sessionChoice: 'one_of',
      capacity: { unit: '組', countedBy: 'application', seats: 2, waitlist: 3, perSession },
      ...changes,
    });
  const place = (changes: Partial<Place> = {}): Place => ({
    poolKey: 'A',
    kind: 'seat',
    sessionKey: 'A',
    count: 1,
    status: 'confirmed',
    ...changes,
  });
  const registrationOf = (places: Place[], changes: Partial<Registration> = {}) =>
    ({
      sessionKeys: ['A'],
      places,
      participants: [{ name: '見本 光', kana: 'ミホン ヒカリ', birthDate: '2026-06-01' }],
      childcare: [],
      courseWithoutChildcare: false,
      counts: { participants: 1, adults: 1, childcare: 0 },
      notes: [],
      ...changes,
    }) as unknown as Registration;
  const poolsFor = (
    course: ReturnType<typeof aCourse>,
    changes: Record<string, Partial<SeatPool>> = {},
  ) =>
    poolsOf(course).map((pool) => ({
      courseId: course.courseId,
      ...pool,
      free: pool.capacity,
      waiting: 0,
      waitingNumbers: [],
      ...changes[pool.key],
    }));
  const to = { from: 'A', to: 'B', wait: false };

  test('gives what a newcomer would get there', () => {
    const course = courseOf(true);
    const seen = { course, pools: poolsFor(course) };
    expect(decideMove(seen, registrationOf([place()]), to, 9, now)).toEqual({
      sessionKeys: ['B'],
      places: [place({ poolKey: 'B', sessionKey: 'B' })],
    });
  });

  test('overtakes nobody: a seat that is free while others wait is not taken', () => {
    const course = courseOf(true);
    const pools = poolsFor(course, { B: { free: 1, waiting: 1, waitingNumbers: [5] } });
    expect(decideMove({ course, pools }, registrationOf([place()]), to, 9, now)).toMatchObject({
      refused: 'course_full',
    });
    const waits = decideMove(
      { course, pools },
      registrationOf([place()]),
      { ...to, wait: true },
      9,
      now,
    );
    expect(waits).toMatchObject({ places: [{ poolKey: 'B', status: 'waiting', waitNumber: 9 }] });
  });

  test('keeps the seat, or the place in the queue, where one pool is for all sessions', () => {
    const course = courseOf(false);
    const pools = poolsFor(course, { all: { free: 0, waiting: 1, waitingNumbers: [5] } });
    const seat = place({ poolKey: 'all' });
    expect(decideMove({ course, pools }, registrationOf([seat]), to, 9, now)).toMatchObject({
      places: [{ ...seat, sessionKey: 'B' }],
    });
    const queued = place({ poolKey: 'all', status: 'waiting', waitNumber: 5 });
    expect(decideMove({ course, pools }, registrationOf([queued]), to, 9, now)).toMatchObject({
      places: [{ ...queued, sessionKey: 'B' }],
    });
  });

  test('is possible after the closing, and judges the age on the new date', () => {
    const closed = courseOf(true, {
      application: { method: 'first_come', closesAt: '2026-11-30T00:00:00.000Z' },
    });
    const moved = decideMove(
      { course: closed, pools: poolsFor(closed) },
      registrationOf([place()]),
      to,
      9,
      now,
    );
    expect(moved).toHaveProperty('places');
    const young = courseOf(true, {
      eligibility: {
        who: 'child',
        minMonths: 0,
        maxMonthsExclusive: 6,
        judgedOn: 'first_session',
        conditions: [],
      },
    });
    const child = [{ name: '見本 光', kana: 'ミホン ヒカリ', birthDate: '2026-06-12' }];
    const refused = decideMove(
      { course: young, pools: poolsFor(young) },
      registrationOf([place()], { participants: child }),
      to,
      9,
      now,
    );
    expect(refused).toMatchObject({ refused: 'not_eligible' });
  });

  test.each([
    ['a course without a choice', { sessionChoice: 'all' as const }, place(), to],
    ['a session that the family is not in', {}, place({ sessionKey: 'B', poolKey: 'B' }), to],
    ['what was cancelled', {}, place({ status: 'cancelled' }), to],
    ['what waits for a draw', {}, place({ status: 'applied' }), to],
    ['the same session', {}, place(), { ...to, to: 'A' }],
  ])('is not possible from %s', (_what, changes, only, move) => {
    const course = courseOf(true, changes);
    const pools = poolsFor(course);
    expect(decideMove({ course, pools }, registrationOf([only]), move, 9, now)).toMatchObject({
      refused: 'not_possible_now',
    });
  });

  test('is not possible to a session that has begun', () => {
    const course = courseOf(true);
    const late = new Date('2026-12-17T02:00:00.000Z');
    expect(
      decideMove({ course, pools: poolsFor(course) }, registrationOf([place()]), to, 9, late),
    ).toMatchObject({ refused: 'window_closed' });
  });

  test('does not bring back childcare that the family has given up', () => {
    const course = courseOf(true, { childcare: { places: 3, minMonths: 6 } });
    const child = [{ name: '見本 兄', kana: 'ミホン アニ', birthDate: '2024-06-01' }];
    const given = place({ kind: 'childcare', poolKey: 'childcare-A', status: 'cancelled' });
    const seen = { course, pools: poolsFor(course) };
    const moved = decideMove(
      seen,
      registrationOf([place(), given], { childcare: child }),
      to,
      9,
      now,
    );
    expect(moved).toMatchObject({ places: [{ kind: 'seat', poolKey: 'B' }] });
    const kept = decideMove(
      seen,
      registrationOf([place(), { ...given, status: 'confirmed' }], { childcare: child }),
      to,
      9,
      now,
    );
    expect(kept).toMatchObject({
      places: [{ kind: 'seat' }, { kind: 'childcare', status: 'confirmed' }],
    });
  });
});
