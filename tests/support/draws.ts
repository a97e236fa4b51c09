/** Lotteries for tests: an example worked out by hand, and arbitrary ones. */
import fc from 'fast-check';
import type { Course } from '../../functions/courses/model.ts';
import type {
  DrawFile,
  DrawList,
  DrawnFile,
  DrawPool,
  Lottery,
  LotteryEntry,
} from '../../functions/lotteries/model.ts';
import { commitmentOf, drawFile, listHash } from '../../functions/lotteries/rules.ts';

export const SEED = '00112233445566778899aabbccddeeff00112233445566778899aabbccddeeff';
export const PUBLIC_VALUE = '12組 123456番';

/** What makes a course of `aCourse` one that draws lots: three seats, two in the reserve. */
export const LOTTERY: Partial<Course> = {
  application: {
    method: 'lottery',
    opensAt: '2026-11-24T00:00:00.000Z',
    closesAt: '2026-12-09T08:00:00.000Z',
  },
  lottery: {
    tiers: [{ key: 'first', label: 'はじめての方' }],
    publicValueName: '年末ジャンボ宝くじ 1等の番号',
    confirmDays: 3,
  },
  capacity: { unit: '組', countedBy: 'application', seats: 3, waitlist: 2, perSession: false },
};

export function anEntry(number: number, changes: Partial<LotteryEntry> = {}): LotteryEntry {
  return {
    number,
    tier: 0,
    seats: 1,
    sessionKeys: [],
    childcare: 0,
    courseWithoutChildcare: false,
    ...changes,
  };
}

/** Two sessions, one priority, number 3 and 6 withdrawn. */
export const EXAMPLE: DrawList = {
  courseId: 'crs_vector-1',
  choice: 'one_of',
  publicValueName: '年末ジャンボ宝くじ 1等の番号',
  pools: [
    { key: 'A', kind: 'seat', capacity: 2, reserve: 1 },
    { key: 'B', kind: 'seat', capacity: 1, reserve: 1 },
    { key: 'childcare-A', kind: 'childcare', capacity: 1, reserve: 300 },
  ],
  entries: [
    anEntry(1, { tier: 1, sessionKeys: ['A', 'B'] }),
    anEntry(2, { tier: 1, sessionKeys: ['B'] }),
    anEntry(4, { sessionKeys: ['A'], childcare: 1 }),
    anEntry(5, { tier: 1, seats: 2, sessionKeys: ['A'] }),
    anEntry(7, { sessionKeys: ['A', 'B'], childcare: 1, courseWithoutChildcare: true }),
    anEntry(8, { tier: 1, sessionKeys: ['A', 'B'] }),
  ],
};

/** A stored lottery over a list; `drawn` unless a state is given. */
export function aLottery(list: DrawList, state: DrawFile['state'] = 'drawn', seed = SEED): Lottery {
  const { courseId, choice, publicValueName, pools, entries } = list;
  const opened = {
    courseId,
    version: 1,
    seed,
    commitment: commitmentOf(seed),
    openedAt: '2026-12-01T00:00:00.000Z',
    choice,
    tiers: ['はじめての方'],
    publicValueName,
    lastNumber: entries.length,
  };
  if (state === 'open') return opened;
  const closedAt = '2026-12-20T08:00:00.000Z';
  const sealed = { closedAt, listHash: listHash(list), count: entries.length, pools: [...pools] };
  const closed = { ...opened, shutAt: closedAt, sealed, publicValue: PUBLIC_VALUE };
  return state === 'closed' ? closed : { ...closed, drawnAt: '2027-01-04T01:00:00.000Z' };
}

/** The published file of a draw that was done honestly. */
export function aDrawnFile(list: DrawList, seed = SEED): DrawnFile {
  const file = drawFile(aLottery(list, 'drawn', seed), 'ためしの講座', list.entries);
  if (file.state !== 'drawn') throw new Error('A drawn lottery without results');
  return file;
}

export const aSeed: fc.Arbitrary<string> = fc.stringMatching(/^[0-9a-f]{64}$/);
export const aPublicValue: fc.Arbitrary<string> = fc.stringMatching(/^[1-9]\d{1,2}組[1-9]\d{5}番$/);

const SESSIONS = ['A', 'B', 'C'] as const;

function pool(key: string, kind: DrawPool['kind']): fc.Arbitrary<DrawPool> {
  return fc.record({
    key: fc.constant(key),
    kind: fc.constant(kind),
    capacity: fc.integer({ min: 0, max: 12 }),
    reserve: fc.integer({ min: 0, max: 8 }),
  });
}

/** Any list with at most 40 applications: whole courses, a session of three, several of three. */
export const aDrawList: fc.Arbitrary<DrawList> = fc
  .constantFrom('all', 'one_of', 'each')
  .chain((choice) => {
    const isWhole = choice === 'all';
    const entry = fc.record({
      tier: fc.nat(3),
      seats: fc.integer({ min: 1, max: 3 }),
      sessionKeys: isWhole
        ? fc.constant<string[]>([])
        : fc.shuffledSubarray<string>([...SESSIONS], { minLength: 1 }),
      childcare: fc.oneof(fc.constant(0), fc.integer({ min: 1, max: 2 })),
      courseWithoutChildcare: fc.boolean(),
    });
    const pools = isWhole
      ? [pool('all', 'seat'), pool('childcare', 'childcare')]
      : SESSIONS.flatMap((key) => [pool(key, 'seat'), pool(`childcare-${key}`, 'childcare')]);
    return fc.record({
      courseId: fc.constant('crs_any'),
      choice: fc.constant(choice),
      publicValueName: fc.string({ unit: 'binary', minLength: 1, maxLength: 20 }),
      pools: fc.tuple(...pools),
      // Numbers with gaps, in any order.
      entries: fc
        .uniqueArray(fc.tuple(fc.integer({ min: 1, max: 60 }), entry), {
          selector: ([number]) => number,
          maxLength: 40,
        })
        .map((numbered) => numbered.map(([number, rest]): LotteryEntry => ({ number, ...rest }))),
    });
  });
