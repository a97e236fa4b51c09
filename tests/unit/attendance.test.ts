/** Who is expected, what the marks add up to, and what the board of a day says. */
import { describe, expect, test } from 'vitest';
import type {
  Mark,
  MarkRequest,
  MarkView,
  WalkInCounts,
} from '../../functions/attendance/model.ts';
import {
  boardOf,
  childcareIn,
  countsExpected,
  daysOf,
  decideMark,
  hasNeeds,
  isExpected,
  seatsFree,
  summaryOf,
  withPerson,
} from '../../functions/attendance/rules.ts';
import { markName, walkInName } from '../../functions/attendance/words.ts';
import type { Course, SeatPool } from '../../functions/courses/model.ts';
import { poolsOf } from '../../functions/courses/rules.ts';
import type { Place } from '../../functions/registrations/model.ts';
import { aCourse } from '../support/world.ts';

const seat = (changes: Partial<Place> = {}): Place => ({
  poolKey: 'all',
  kind: 'seat',
  count: 1,
  status: 'confirmed',
  ...changes,
});
const childcare = (changes: Partial<Place> = {}): Place =>
  seat({ poolKey: 'childcare', kind: 'childcare', ...changes });

const NOBODY: WalkInCounts = {
  adults: 0,
  age0: 0,
  age1: 0,
  age2: 0,
  age3: 0,
  primary: 0,
  teens: 0,
};

const aMark = (family: number, changes: Partial<MarkView> = {}): MarkView => ({
  registrationId: `reg_10000000${family}`,
  status: 'present',
  persons: {},
  version: 1,
  ...changes,
});
const aFamily = (family: number, participants = 1, adults = 1, inChildcare = 0) => ({
  registrationId: `reg_10000000${family}`,
  counts: { participants, adults, childcare: inChildcare },
});

describe('in a session', () => {
  test('who has a confirmed place of it, or of the whole course, is expected', () => {
    expect(isExpected({ places: [seat()] }, '1')).toBe(true);
    expect(isExpected({ places: [seat({ sessionKey: 'A', poolKey: 'A' })] }, 'A')).toBe(true);
    expect(isExpected({ places: [seat({ sessionKey: 'A', poolKey: 'A' })] }, 'B')).toBe(false);
  });

  test.each(['applied', 'waiting', 'offered', 'cancelled', 'declined', 'lapsed', 'lost'] as const)(
    'who is %s is not expected',
    (status) => {
      expect(isExpected({ places: [seat({ status })] }, '1')).toBe(false);
    },
  );

  test('a confirmed childcare place without its seat does not make a family expected', () => {
    expect(isExpected({ places: [seat({ status: 'cancelled' }), childcare()] }, '1')).toBe(false);
  });

  test('where only childcare is booked, its place is what makes a family expected', () => {
    expect(isExpected({ places: [childcare()] }, '1')).toBe(true);
  });

  test('children are looked after where their childcare place is confirmed', () => {
    expect(childcareIn({ places: [seat(), childcare({ count: 2 })] }, '1')).toBe(2);
    expect(childcareIn({ places: [seat(), childcare({ status: 'waiting' })] }, '1')).toBe(0);
  });

  test('nobody comes along with participants who come for themselves', () => {
    const registration = {
      places: [seat()],
      counts: { participants: 1, adults: 1, childcare: 0 },
    };
    const self = aCourse();
    expect(countsExpected(self, registration, '1').adults).toBe(1);
    const eligibility = { ...self.eligibility, who: 'self' as const };
    expect(countsExpected({ ...self, eligibility }, registration, '1').adults).toBe(0);
  });

  test.each([
    [undefined, undefined, false],
    ['', 'なし', false],
    [undefined, '特になし。', false],
    ['車いすで行きます', undefined, true],
    [undefined, '卵', true],
  ])('needs 「%s」 and allergy 「%s」 are something to know of: %s', (needs, allergy, expected) => {
    expect(hasNeeds({ needs, allergy })).toBe(expected);
  });
});

describe('the counts of a session', () => {
  test('are by family, and people are those who came', () => {
    const families = [aFamily(1), aFamily(2, 2), aFamily(3), aFamily(4, 1, 1, 1), aFamily(5)];
    const marks = [
      aMark(1),
      aMark(2, { status: 'late' }),
      aMark(3, { status: 'absent', reason: 'unwell' }),
      aMark(4),
    ];
    const walkIns = [{ counts: { ...NOBODY, adults: 1, age0: 2 } }];
    expect(summaryOf(families, marks, walkIns)).toEqual({
      expected: 5,
      present: 2,
      late: 1,
      absent: 1,
      unmarked: 1,
      walkIns: 3,
      people: 2 + 3 + 0 + 3 + 0 + 3,
    });
  });

  test('leave out whom of a family is missing', () => {
    const mark = withPerson(aMark(1), 'p1', 'absent');
    expect(summaryOf([aFamily(1, 2)], [{ ...aMark(1), ...mark }], []).people).toBe(2);
    const again = withPerson(mark, 'p1', 'present');
    expect(again.persons).toEqual({});
  });

  test('do not count a mark of a family that cancelled meanwhile, or a mark taken back', () => {
    expect(summaryOf([aFamily(1)], [aMark(2)], [])).toMatchObject({ present: 0, unmarked: 1 });
    expect(summaryOf([aFamily(1)], [aMark(1, { status: 'unmarked' })], [])).toMatchObject({
      present: 0,
      unmarked: 1,
      people: 0,
    });
  });
});

describe('a mark that arrives', () => {
  const mine: MarkRequest = {
    registrationId: 'reg_100000001',
    status: 'present',
    persons: {},
    version: 0,
    device: 'device-mine-1',
    sequence: 1,
  };
  const stored: Mark = { ...mine, version: 1, at: '2026-12-10T01:00:00.000Z', by: 'staff' };
  const hers: Mark = { ...stored, device: 'device-hers-1', status: 'late' };

  test('is written where nobody marked since it was seen', () => {
    expect(decideMark(undefined, mine)).toBe('write');
    expect(decideMark(hers, { ...mine, version: 1 })).toBe('write');
  });
  test('is known when it comes again', () => {
    expect(decideMark(stored, mine)).toBe('known');
  });
  test('replaces what the same phone sent before, whatever version that phone had seen', () => {
    expect(decideMark(stored, { ...mine, status: 'late', sequence: 2 })).toBe('write');
  });
  test('does not bring back what the same phone has replaced', () => {
    expect(decideMark({ ...stored, sequence: 2 }, mine)).toBe('known');
  });
  test('is a conflict when another phone was quicker and says otherwise', () => {
    expect(decideMark(hers, mine)).toBe('conflict');
    expect(decideMark({ ...hers, status: 'present' }, mine)).toBe('known');
  });
});

describe('the board of a day', () => {
  const now = new Date('2026-12-08T03:00:00.000Z');
  const pools = (course: Course, taken = 0, waiting = 0): SeatPool[] =>
    poolsOf(course).map((pool) => ({
      courseId: course.courseId,
      ...pool,
      free: pool.capacity - taken,
      waiting,
      waitingNumbers: [],
    }));
  const session = (date: string, key = '1') => ({ key, date, start: '10:00', end: '11:00' });

  test('shows the sessions of seven days, today included, and no other', () => {
    const course = aCourse({
      sessions: ['07', '08', '14', '15'].map((day, index) =>
        session(`2026-12-${day}`, String(index + 1)),
      ),
    });
    const board = boardOf([{ course, pools: pools(course, 3, 2) }], now);
    expect(board.sessions.map(({ date }) => date)).toEqual(['2026-12-08', '2026-12-14']);
    expect(board.sessions[0]?.seats).toEqual({ taken: 3, capacity: 20, waiting: 2 });
  });

  test('has a place for today even when nothing is on', () => {
    expect(daysOf(boardOf([], now))).toEqual([{ date: '2026-12-08', sessions: [] }]);
  });

  test('leaves out drafts and patterns, and keeps what is called off', () => {
    const of = (publication: Course['publication']) => {
      const course = aCourse({ publication, sessions: [session('2026-12-08')] });
      return boardOf([{ course, pools: pools(course) }], now).sessions.length;
    };
    expect(of('draft')).toBe(0);
    expect(of('template')).toBe(0);
    expect(of('hidden')).toBe(1);
    expect(of('cancelled')).toBe(1);
  });

  test('says which applications close today and are still open', () => {
    const closing = (closesAt: string) => {
      const course = aCourse({ application: { method: 'first_come', closesAt } });
      return boardOf([{ course, pools: pools(course) }], now).closingToday.length;
    };
    expect(closing('2026-12-08T08:00:00.000Z')).toBe(1);
    expect(closing('2026-12-08T02:00:00.000Z')).toBe(0);
    expect(closing('2026-12-08T15:00:00.000Z')).toBe(0);
  });

  test('says which lotteries are closed and not drawn', () => {
    const due = (closesAt: string, drawnAt?: string) => {
      const course = {
        ...aCourse({ application: { method: 'lottery', closesAt } }),
        ...(drawnAt === undefined ? {} : { drawnAt }),
      };
      return boardOf([{ course, pools: pools(course) }], now).drawsDue.length;
    };
    expect(due('2026-12-08T02:00:00.000Z')).toBe(1);
    expect(due('2026-12-08T04:00:00.000Z')).toBe(0);
    expect(due('2026-12-08T02:00:00.000Z', '2026-12-08T02:30:00.000Z')).toBe(0);
  });

  test('knows the free seats of each session where seats are by session', () => {
    const course = aCourse({
      sessionChoice: 'one_of',
      sessions: [session('2026-12-08', 'A'), session('2026-12-09', 'B')],
      capacity: { ...aCourse().capacity, perSession: true },
    });
    const seen = {
      course,
      pools: pools(course).map((pool) => (pool.key === 'B' ? { ...pool, free: 2 } : pool)),
    };
    expect(seatsFree(seen, 'A')).toBe(20);
    expect(seatsFree(seen, 'B')).toBe(2);
  });
});

test('marks and walk-ins are said in words', () => {
  expect(markName({ status: 'absent', reason: 'unwell' })).toBe('欠席（体調不良）');
  expect(markName({ status: 'absent', reason: 'other', note: '雪' })).toBe('欠席（雪）');
  expect(markName({ status: 'late' })).toBe('遅刻');
  expect(walkInName({ ...NOBODY, adults: 1, age3: 2 })).toBe('おとな 1人、3歳から入学前 2人');
});
