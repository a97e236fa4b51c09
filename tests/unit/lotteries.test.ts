/** The draw by known answers: hashes from another implementation, places worked out by hand. */
import { describe, expect, test } from 'vitest';
import { DrawFile, Lottery, PublicValue } from '../../functions/lotteries/model.ts';
import {
  assign,
  commitmentOf,
  draw,
  drawFile,
  drawOrder,
  isPublicValue,
  listHash,
  listText,
  publicDigits,
  verifyDraw,
} from '../../functions/lotteries/rules.ts';
import {
  findingSentence,
  ownResultSentence,
  resultName,
  verdictSentence,
} from '../../functions/lotteries/words.ts';
import { aDrawnFile, aLottery, anEntry, EXAMPLE, PUBLIC_VALUE, SEED } from '../support/draws.ts';

const keys = { seed: SEED, publicValue: PUBLIC_VALUE };

describe('known answers, computed by Python’s hashlib and hmac', () => {
  test('the seal of the seed is the SHA-256 of its digits', () => {
    expect(commitmentOf(SEED)).toBe(
      '2a8abfa8cb9906290437854193ca6bca41d4d4e26d1d454bd66a35158095e737',
    );
  });

  test('the seal of the list is the SHA-256 of its lines', () => {
    expect(
      listText(EXAMPLE),
    ).toBe(`["hidamari-draw-1","crs_vector-1","one_of","年末ジャンボ宝くじ 1等の番号"]
["pool","A","seat",2,1]
["pool","B","seat",1,1]
["pool","childcare-A","childcare",1,300]
[1,1,1,["A","B"],0,false]
[2,1,1,["B"],0,false]
[4,0,1,["A"],1,false]
[5,1,2,["A"],0,false]
[7,0,1,["A","B"],1,true]
[8,1,1,["A","B"],0,false]`);
    expect(listHash(EXAMPLE)).toBe(
      'af8922c086ad903a3b03c2398a5a61f42b9665247ca19d93f19c78981612cfae',
    );
  });

  test('the order is that of the HMAC inside each tier', () => {
    const order = drawOrder(EXAMPLE.entries, { ...keys, courseId: EXAMPLE.courseId });
    expect(order.map(({ number }) => number)).toEqual([4, 7, 2, 5, 8, 1]);
  });
});

describe('what becomes of each application', () => {
  const seat = (poolKey: string, result: 'won' | 'reserve' | 'lost', count = 1) => ({
    poolKey,
    kind: 'seat',
    sessionKey: poolKey,
    count,
    result,
  });
  const childcare = { poolKey: 'childcare-A', kind: 'childcare', sessionKey: 'A', count: 1 };

  test('the first session with places left; then the first reserve with room; then nothing', () => {
    expect(draw(EXAMPLE, keys)).toEqual([
      {
        number: 4,
        rank: 1,
        result: 'won',
        places: [seat('A', 'won'), { ...childcare, result: 'won' }],
      },
      // Takes part without childcare, too: the seat is won, the childcare place waits.
      {
        number: 7,
        rank: 2,
        result: 'won',
        places: [seat('A', 'won'), { ...childcare, result: 'reserve', position: 1 }],
      },
      { number: 2, rank: 3, result: 'won', places: [seat('B', 'won')] },
      {
        number: 5,
        rank: 4,
        result: 'reserve',
        places: [{ ...seat('A', 'reserve', 2), position: 1 }],
      },
      { number: 8, rank: 5, result: 'reserve', places: [{ ...seat('B', 'reserve'), position: 1 }] },
      { number: 1, rank: 6, result: 'lost', places: [seat('A', 'lost')] },
    ]);
  });

  test('a family that needs childcare goes to the session that has it', () => {
    const pools = [
      { key: 'A', kind: 'seat', capacity: 5, reserve: 1 },
      { key: 'B', kind: 'seat', capacity: 5, reserve: 1 },
      { key: 'childcare-A', kind: 'childcare', capacity: 1, reserve: 1 },
      { key: 'childcare-B', kind: 'childcare', capacity: 2, reserve: 1 },
    ] as const;
    const needs = { sessionKeys: ['A', 'B'], childcare: 2 };
    const outcome = (changes: object) =>
      assign([anEntry(1, { ...needs, ...changes })], { pools, choice: 'one_of' })[0]?.places.map(
        ({ poolKey, result }) => `${poolKey} ${result}`,
      );
    expect(outcome({})).toEqual(['B won', 'childcare-B won']);
    expect(outcome({ courseWithoutChildcare: true })).toEqual(['A won', 'childcare-A lost']);
  });

  test('who waits for a seat waits for childcare with it, and nobody waits for more than there is', () => {
    const pools = [
      { key: 'all', kind: 'seat', capacity: 1, reserve: 5 },
      { key: 'childcare', kind: 'childcare', capacity: 2, reserve: 5 },
    ] as const;
    const order = [
      anEntry(1),
      anEntry(2, { childcare: 2 }),
      anEntry(3, { childcare: 3 }),
      anEntry(4, { childcare: 3, courseWithoutChildcare: true }),
      anEntry(5, { seats: 2 }),
    ];
    expect(
      assign(order, { pools, choice: 'all' }).map(({ places }) =>
        places.map(({ result, position }) => `${result} ${position ?? '-'}`),
      ),
    ).toEqual([
      ['won -'],
      ['reserve 1', 'reserve -'],
      ['lost -', 'lost -'],
      ['reserve 2', 'lost -'],
      ['lost -'],
    ]);
  });

  test('each of several sessions is drawn for itself', () => {
    const pools = [
      { key: 'A', kind: 'seat', capacity: 1, reserve: 0 },
      { key: 'B', kind: 'seat', capacity: 2, reserve: 0 },
    ] as const;
    const order = [
      anEntry(2, { sessionKeys: ['A', 'B'] }),
      anEntry(1, { sessionKeys: ['A', 'B'] }),
    ];
    expect(
      assign(order, { pools, choice: 'each' }).map(({ result, places }) => [
        result,
        ...places.map((place) => place.result),
      ]),
    ).toEqual([
      ['won', 'won', 'won'],
      ['won', 'lost', 'won'],
    ]);
  });

  test('where seats have no limit, the childcare places are drawn', () => {
    const pools = [{ key: 'childcare', kind: 'childcare', capacity: 1, reserve: 1 }] as const;
    const order = [1, 2, 3].map((number) => anEntry(number, { childcare: 1 }));
    expect(assign(order, { pools, choice: 'all' }).map(({ result }) => result)).toEqual([
      'won',
      'reserve',
      'lost',
    ]);
  });

  test('nobody wins a session that does not exist', () => {
    const pools = [{ key: 'A', kind: 'seat', capacity: 9, reserve: 9 }] as const;
    const [result] = assign([anEntry(1, { sessionKeys: ['Z'] })], { pools, choice: 'one_of' });
    expect(result).toMatchObject({ result: 'lost' });
  });
});

describe('the public value', () => {
  test.each([
    '12組123456番',
    '12組 123456番',
    '１２組　１２３４５６番',
    '012組123456番',
    '12-123456',
    ' 12 123,456 ',
    '12123456',
  ])('「%s」 gives the same draw however it is typed', (typed) => {
    expect(publicDigits(typed)).toBe('12123456');
  });

  test('has four digits or more', () => {
    expect(isPublicValue('12組')).toBe(false);
    expect(isPublicValue('0012')).toBe(true);
    expect(PublicValue.safeParse('まだ').success).toBe(false);
  });

  test('another value gives another order', () => {
    const other = draw(EXAMPLE, { ...keys, publicValue: '12組 123457番' });
    expect(other.map(({ number }) => number)).not.toEqual([4, 7, 2, 5, 8, 1]);
  });
});

describe('the published file', () => {
  test('neither seed nor list nor public value is in it before the results are', () => {
    for (const state of ['open', 'closed'] as const) {
      const file = drawFile(aLottery(EXAMPLE, state), 'ためしの講座', EXAMPLE.entries);
      const text = JSON.stringify(file);
      expect(DrawFile.parse(JSON.parse(text)).state).toBe(state);
      expect(text).not.toContain(SEED);
      expect(text).not.toContain('123456');
      expect(text).not.toContain('entries');
      expect(text).not.toContain('results');
    }
  });

  test('nothing of whose a number is gets into it', () => {
    const stored = EXAMPLE.entries.map((entry) => ({ ...entry, registrationId: 'reg_100000001' }));
    const file = drawFile(aLottery(EXAMPLE), 'ためしの講座', stored);
    expect(JSON.stringify(file)).not.toContain('reg_');
    expect(DrawFile.parse(file).state).toBe('drawn');
  });

  test('what is stored passes the schema in every state', () => {
    for (const state of ['open', 'closed', 'drawn'] as const) {
      expect(() => Lottery.parse(aLottery(EXAMPLE, state))).not.toThrow();
    }
  });

  const file = aDrawnFile(EXAMPLE);
  const broken = (changes: Partial<typeof file>) =>
    verifyDraw({ ...file, ...changes })
      .filter(({ holds }) => !holds)
      .map(({ check }) => check);

  test('holds when it was made honestly', () => {
    expect(broken({})).toEqual([]);
    expect(verdictSentence(verifyDraw(file))).toContain('約束どおり');
  });

  test('does not hold with another seed', () => {
    expect(broken({ seed: SEED.replace('00', '01') })).toContain('seed');
  });

  test('does not hold when somebody was added, left out, listed twice or put into another tier', () => {
    const [first, ...rest] = file.entries;
    if (!first) throw new Error('An example without an entry');
    expect(broken({ entries: [...file.entries, anEntry(9)] })).toContain('list');
    expect(broken({ entries: rest })).toContain('list');
    expect(broken({ entries: [first, ...file.entries] })).toContain('list');
    expect(broken({ entries: [{ ...first, tier: 0 }, ...rest] })).toContain('list');
  });

  test('does not hold when seats or the name of the public value changed after closing', () => {
    const pools = file.pools.map((pool) => ({ ...pool, capacity: pool.capacity + 1 }));
    expect(broken({ pools })).toContain('list');
    expect(broken({ publicValueName: '別のくじ' })).toContain('list');
  });

  test('does not hold when two results were exchanged, and names a number', () => {
    const [first, second, ...rest] = file.results;
    if (!first || !second) throw new Error('An example without results');
    const results = [{ ...second, rank: 1 }, { ...first, rank: 2 }, ...rest];
    const finding = verifyDraw({ ...file, results }).find(({ check }) => check === 'result');
    expect(finding).toEqual({ check: 'result', holds: false, number: 4 });
    expect(finding && findingSentence(finding)).toContain('4 番');
    expect(verdictSentence(verifyDraw({ ...file, results }))).toContain('お知らせください');
  });

  test('does not hold with another public value, or with results missing', () => {
    expect(broken({ publicValue: '12組 123457番' })).toEqual(['result']);
    expect(broken({ results: file.results.slice(1) })).toEqual(['result']);
  });
});

describe('in words', () => {
  const names = new Map(
    draw(EXAMPLE, keys).map((result) => [result.number, resultName(result, (key) => `${key}の回`)]),
  );

  test('a result is said with its session, and with the childcare that is still missing', () => {
    expect(names.get(4)).toBe('当選（Aの回）');
    expect(names.get(7)).toBe('当選（Aの回）、保育は補欠 1 番目');
    expect(names.get(8)).toBe('補欠 1 番目（Bの回）');
    expect(names.get(1)).toBe('落選');
  });

  test('a number that is not in the list is told what to do', () => {
    expect(ownResultSentence(4, names.get(4))).toBe('4 番は、当選（Aの回）です。');
    expect(ownResultSentence(3, undefined)).toContain('センターにお知らせください');
  });
});
