/**
 * The draw (抽選) as a computation that anybody can repeat: which hash is published when, how the
 * seed and the public value order the numbers, and who gets which place. Pure and without zod: the
 * worker, a browser and `npm run replay-draw` run these very functions. The scheme is described in
 * docs/adr/0005-a-draw-that-anyone-can-check.md; whatever changes here needs another SCHEME.
 */
import { hmac } from '@noble/hashes/hmac.js';
import { sha256 } from '@noble/hashes/sha2.js';
import { bytesToHex, utf8ToBytes } from '@noble/hashes/utils.js';
import type { Course } from '../courses/model.ts';
import type {
  DrawFile,
  DrawList,
  DrawnFile,
  DrawnPlace,
  DrawPool,
  DrawResult,
  Lottery,
  LotteryEntry,
} from './model.ts';

/** Names the rules of this file in every published draw. */
export const SCHEME = 'hidamari-draw-1';

/** Fewer digits than this could be tried out beforehand by somebody who knows the seed. */
const LEAST_DIGITS = 4;

/** SHA-256 of a text's UTF-8, in hexadecimal digits. */
function hashOf(text: string): string {
  return bytesToHex(sha256(utf8ToBytes(text)));
}

/** The seal of the seed, published when the window opens: `printf %s <seed> | sha256sum`. */
export function commitmentOf(seed: string): string {
  return hashOf(seed);
}

/**
 * What of a public value counts: its digits in their order, without zeros in front. However it is
 * retyped (１２組 １２３４５６番, 012組123456番, 12-123456), the draw is the same.
 */
export function publicDigits(publicValue: string): string {
  return publicValue.normalize('NFKC').replace(/\D/g, '').replace(/^0+/, '');
}

/** Whether a public value has digits enough to be one. */
export function isPublicValue(publicValue: string): boolean {
  return publicValue.normalize('NFKC').replace(/\D/g, '').length >= LEAST_DIGITS;
}

/**
 * Everything that the draw depends on besides seed and public value, as one text: the same for any
 * order of entries and pools. JSON's quotes keep a name from looking like another line.
 */
export function listText(list: DrawList): string {
  const entries = [...list.entries].sort((a, b) => a.number - b.number);
  const pools = [...list.pools].sort((a, b) => (a.key < b.key ? -1 : 1));
  return [
    [SCHEME, list.courseId, list.choice, list.publicValueName],
    ...pools.map((pool) => ['pool', pool.key, pool.kind, pool.capacity, pool.reserve]),
    ...entries.map((entry) => [
      entry.number,
      entry.tier,
      entry.seats,
      entry.sessionKeys,
      entry.childcare,
      entry.courseWithoutChildcare,
    ]),
  ]
    .map((line) => JSON.stringify(line))
    .join('\n');
}

/** The seal of the list, published when the window closes. */
export function listHash(list: DrawList): string {
  return hashOf(listText(list));
}

/** What the order depends on besides numbers and tiers. */
export interface DrawKeys {
  readonly seed: string;
  readonly publicValue: string;
  readonly courseId: string;
}

/**
 * The order in which places are given: by tier, inside a tier by HMAC-SHA-256 of course and number,
 * whose key is the hash of seed and public value. The order of the input plays no part.
 */
export function drawOrder<Entry extends Pick<LotteryEntry, 'number' | 'tier'>>(
  entries: readonly Entry[],
  { seed, publicValue, courseId }: DrawKeys,
): readonly Entry[] {
  const key = sha256(utf8ToBytes(`${SCHEME}\n${seed}\n${publicDigits(publicValue)}`));
  const lotOf = (number: number) =>
    bytesToHex(hmac(sha256, key, utf8ToBytes(`${courseId}\n${number}`)));
  return entries
    .map((entry) => ({ entry, lot: lotOf(entry.number) }))
    .sort(
      (a, b) =>
        a.entry.tier - b.entry.tier ||
        (a.lot < b.lot ? -1 : a.lot > b.lot ? 1 : a.entry.number - b.entry.number),
    )
    .map(({ entry }) => entry);
}

/** What is left of a pool while places are given. */
interface Stock {
  readonly key: string;
  readonly kind: DrawPool['kind'];
  readonly capacity: number;
  readonly reserve: number;
  free: number;
  waiting: number;
}

/** One way to grant an application: a session, or the whole course. */
interface Wish {
  readonly sessionKey: string | undefined;
  /** Absent where the course has no limit of seats. */
  readonly seat: Stock | undefined;
  /** Absent when no childcare is wanted. */
  readonly childcare: Stock | undefined;
}

/**
 * Goes through the order once. Each application gets the first of its sessions in which its seats
 * are left, and its childcare places too, unless the family takes part without: then the seat is
 * won and childcare waits. Who gets none joins the reserve of the first session with room in it,
 * else has lost. With the choice `each`, each chosen session is given for itself.
 */
export function assign(
  order: readonly LotteryEntry[],
  { pools, choice }: Pick<DrawList, 'pools' | 'choice'>,
): readonly DrawResult[] {
  const stocks = new Map(
    pools.map(({ key, kind, capacity, reserve }): [string, Stock] => [
      key,
      { key, kind, capacity, reserve, free: capacity, waiting: 0 },
    ]),
  );
  return order.map((entry, index) => {
    const wishes = wishesOf(entry, stocks);
    const places =
      choice === 'each' ? wishes.flatMap((wish) => give(entry, [wish])) : give(entry, wishes);
    return { number: entry.number, rank: index + 1, result: resultOf(places), places };
  });
}

function wishesOf(entry: LotteryEntry, stocks: ReadonlyMap<string, Stock>): readonly Wish[] {
  const isLimited = [...stocks.values()].some(({ kind }) => kind === 'seat');
  // A pool that is not there gives nothing: nobody wins a place that does not exist.
  const stock = (kind: Stock['kind'], ...keys: readonly string[]): Stock =>
    keys.map((key) => stocks.get(key)).find((found) => found?.kind === kind) ?? {
      key: keys[0] ?? '',
      kind,
      capacity: 0,
      reserve: 0,
      free: 0,
      waiting: 0,
    };
  const sessionKeys = entry.sessionKeys.length > 0 ? entry.sessionKeys : [undefined];
  return sessionKeys.map((sessionKey) => ({
    sessionKey,
    seat: isLimited ? stock('seat', sessionKey ?? 'all', 'all') : undefined,
    childcare:
      entry.childcare > 0
        ? stock(
            'childcare',
            sessionKey === undefined ? 'childcare' : `childcare-${sessionKey}`,
            'childcare',
          )
        : undefined,
  }));
}

/** The places of one application, of which it gets the first wish that can be granted. */
function give(entry: LotteryEntry, wishes: readonly Wish[]): readonly DrawnPlace[] {
  const { seats, childcare, courseWithoutChildcare } = entry;
  const granted = wishes.find(
    (wish) =>
      isLeft(wish.seat, seats) && (courseWithoutChildcare || isLeft(wish.childcare, childcare)),
  );
  if (granted) {
    return [
      ...place(granted, granted.seat, seats, take),
      // Only a family that takes part without gets a seat and waits for childcare.
      ...place(granted, granted.childcare, childcare, (stock, count) =>
        isLeft(stock, count) ? take(stock, count) : queue(stock, count),
      ),
    ];
  }
  const reserved = wishes.find((wish) =>
    wish.seat
      ? canWait(wish.seat, seats) && (courseWithoutChildcare || mayCome(wish.childcare, childcare))
      : canWait(wish.childcare, childcare),
  );
  if (reserved) {
    return [
      ...place(reserved, reserved.seat, seats, queue),
      // Waits with its seat, not in a queue of its own.
      ...place(reserved, reserved.childcare, childcare, (stock, count) =>
        reserved.seat
          ? { result: mayCome(stock, count) ? 'reserve' : 'lost' }
          : queue(stock, count),
      ),
    ];
  }
  const [first] = wishes;
  if (!first) return [];
  return [
    ...place(first, first.seat, seats, () => LOST),
    ...place(first, first.childcare, childcare, () => LOST),
  ];
}

type Outcome = Pick<DrawnPlace, 'result' | 'position'>;
const LOST: Outcome = { result: 'lost' };

function isLeft(stock: Stock | undefined, count: number): boolean {
  return !stock || stock.free >= count;
}

/** Whether as much could ever be given: nobody waits for more than there is. */
function mayCome(stock: Stock | undefined, count: number): boolean {
  return !stock || stock.capacity >= count;
}

function canWait(stock: Stock | undefined, count: number): boolean {
  return mayCome(stock, count) && (!stock || stock.waiting < stock.reserve);
}

function take(stock: Stock, count: number): Outcome {
  stock.free -= count;
  return { result: 'won' };
}

function queue(stock: Stock, count: number): Outcome {
  if (!canWait(stock, count)) return LOST;
  stock.waiting += 1;
  return { result: 'reserve', position: stock.waiting };
}

function place(
  { sessionKey }: Wish,
  stock: Stock | undefined,
  count: number,
  decide: (stock: Stock, count: number) => Outcome,
): readonly DrawnPlace[] {
  if (!stock) return [];
  return [
    {
      poolKey: stock.key,
      kind: stock.kind,
      ...(sessionKey === undefined ? {} : { sessionKey }),
      count,
      ...decide(stock, count),
    },
  ];
}

/** The application as a whole: its best seat, or its childcare where seats have no limit. */
function resultOf(places: readonly DrawnPlace[]): DrawResult['result'] {
  const seats = places.filter(({ kind }) => kind === 'seat');
  const results = (seats.length > 0 ? seats : places).map(({ result }) => result);
  if (results.includes('won')) return 'won';
  return results.includes('reserve') ? 'reserve' : 'lost';
}

/** What a draw gives away in one pool. `waitNumbers`: ranks of the reserve, which order its queue. */
export interface DrawnFromPool {
  readonly key: string;
  readonly seats: number;
  readonly waitNumbers: readonly number[];
}

/** Every pool from which something is won or waited for. */
export function drawnFromPools(results: readonly DrawResult[]): readonly DrawnFromPool[] {
  const pools = new Map<string, { seats: number; waitNumbers: number[] }>();
  for (const { rank, places } of results) {
    for (const { poolKey, count, result, position } of places) {
      const pool = pools.get(poolKey) ?? { seats: 0, waitNumbers: [] };
      if (result === 'won') pool.seats += count;
      if (result === 'reserve' && position !== undefined) pool.waitNumbers.push(rank);
      pools.set(poolKey, pool);
    }
  }
  return [...pools]
    .map(([key, pool]) => ({ key, ...pool }))
    .filter(({ seats, waitNumbers }) => seats > 0 || waitNumbers.length > 0);
}

/** Days that a winner has to confirm, where the notice does not say it. */
const CONFIRM_DAYS = 3;

/** Days that a winner has to confirm. */
export function confirmDays({ lottery }: Pick<Course, 'lottery'>): number {
  return lottery?.confirmDays ?? CONFIRM_DAYS;
}

/** The whole draw, in the order of the draw. */
export function draw(
  list: DrawList,
  keys: Pick<DrawKeys, 'seed' | 'publicValue'>,
): readonly DrawResult[] {
  return assign(drawOrder(list.entries, { ...keys, courseId: list.courseId }), list);
}

/** The list as it was sealed. @throws before that */
export function sealedList(lottery: Lottery, entries: readonly LotteryEntry[]): DrawList {
  if (!lottery.sealed) throw new Error('A lottery whose list is not sealed yet');
  const { courseId, choice, publicValueName } = lottery;
  return { courseId, choice, publicValueName, pools: lottery.sealed.pools, entries };
}

/**
 * The published file. The seed is in it only once the results are out; the list too, because a
 * number and its wishes are nobody's business before.
 */
export function drawFile(
  lottery: Lottery,
  title: string,
  entries: readonly LotteryEntry[],
): DrawFile {
  const { courseId, choice, tiers, publicValueName, commitment, openedAt, sealed } = lottery;
  const { publicValue, drawnAt, seed } = lottery;
  const opened = {
    scheme: SCHEME,
    courseId,
    title,
    choice,
    tiers,
    publicValueName,
    openedAt,
    commitment,
  } as const;
  if (!sealed) return { ...opened, state: 'open' };
  const closed = { ...opened, ...sealed };
  if (drawnAt === undefined || publicValue === undefined) return { ...closed, state: 'closed' };
  const list = sealedList(lottery, entries);
  return {
    ...closed,
    state: 'drawn',
    drawnAt,
    seed,
    publicValue,
    entries: entries.map(onlyEntry).sort((a, b) => a.number - b.number),
    results: [...draw(list, { seed, publicValue })],
  };
}

/** Leaves out whatever else is stored with an entry, such as whose it is. */
function onlyEntry(entry: LotteryEntry): LotteryEntry {
  const { number, tier, seats, sessionKeys, childcare, courseWithoutChildcare } = entry;
  return { number, tier, seats, sessionKeys, childcare, courseWithoutChildcare };
}

/** One thing that was looked at. `number`: the first application with which it does not hold. */
export interface Finding {
  readonly check: 'seed' | 'list' | 'result';
  readonly holds: boolean;
  readonly number?: number;
}

/** Looks whether the seed is the sealed one, the list the sealed one, and the results follow. */
export function verifyDraw(file: DrawnFile): readonly Finding[] {
  const numbers = new Set(file.entries.map(({ number }) => number));
  const isList =
    listHash(file) === file.listHash &&
    numbers.size === file.entries.length &&
    file.count === file.entries.length;
  return [
    { check: 'seed', holds: commitmentOf(file.seed) === file.commitment },
    { check: 'list', holds: isList },
    compareResults(draw(file, file), file.results),
  ];
}

function compareResults(right: readonly DrawResult[], said: readonly DrawResult[]): Finding {
  const longest = right.length < said.length ? said : right;
  const wrong = longest.find((_, index) => {
    const [a, b] = [right[index], said[index]];
    return !a || !b || resultText(a) !== resultText(b);
  });
  return wrong
    ? { check: 'result', holds: false, number: wrong.number }
    : { check: 'result', holds: true };
}

function resultText({ number, rank, result, places }: DrawResult): string {
  return JSON.stringify([
    number,
    rank,
    result,
    ...places.map((place) => [
      place.poolKey,
      place.kind,
      place.sessionKey ?? null,
      place.count,
      place.result,
      place.position ?? null,
    ]),
  ]);
}
