/**
 * A lottery from the first application to the last leftover seat, on the real engine: sequential
 * numbers, what was given up, the seal, results that reach everybody once, and who comes next.
 */
import { DeleteCommand, GetCommand, PutCommand } from '@aws-sdk/lib-dynamodb';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { editCourse } from '../../../functions/courses/edit.ts';
import type { Course } from '../../../functions/courses/model.ts';
import { getCourse } from '../../../functions/courses/store.ts';
import { publishResults, seeDraw, typePublicValue } from '../../../functions/lotteries/draw.ts';
import { DrawFile, type DrawnFile, type DrawResult } from '../../../functions/lotteries/model.ts';
import { verifyDraw } from '../../../functions/lotteries/rules.ts';
import { getLottery, listNumbers } from '../../../functions/lotteries/store.ts';
import { databaseOn } from '../../../functions/platform/database.ts';
import { isRefused } from '../../../functions/platform/refusals.ts';
import { applyResults } from '../../../functions/registrations/draw-results.ts';
import type { Registration } from '../../../functions/registrations/model.ts';
import { statusOf } from '../../../functions/registrations/places.ts';
import { promoteWaiting } from '../../../functions/registrations/promote.ts';
import { allRegistrationsOfCourse } from '../../../functions/registrations/store.ts';
import { LOTTERY, PUBLIC_VALUE } from '../../support/draws.ts';
import { anApplication, inParallel, startWorld, type World } from '../../support/world.ts';

const CLOSES = '2026-12-09T08:00:00.000Z';
const DRAWN = '2026-12-10T01:00:00.000Z';

let world: World;
/** How many transactions still go through before the engine seems away; undefined: all. */
let transactionsLeft: number | undefined;
beforeAll(async () => {
  world = await startWorld({
    overrides: ({ database, config }) => {
      const { client } = database;
      client.middlewareStack.add(
        (next) => (args) => {
          if ('TransactItems' in args.input && transactionsLeft !== undefined) {
            if (transactionsLeft <= 0) throw new Error('The process died');
            transactionsLeft -= 1;
          }
          return next(args);
        },
        { step: 'initialize' },
      );
      return { database: databaseOn(client, config.tablePrefix) };
    },
  });
});
afterAll(() => world?.stop());

/** Two weeks between the draw and the course. */
const lottery: Partial<Course> = {
  ...LOTTERY,
  sessions: [{ key: '1', date: '2026-12-24', start: '10:00', end: '11:30' }],
};

let families = 0;
interface Applied {
  readonly path: string;
  readonly family: number;
}

async function aLottery(changes: Partial<Course> = {}): Promise<Course> {
  world.clock.set('2026-12-01T03:00:00.000Z');
  const course = await world.addCourse({ ...lottery, ...changes });
  await world.settle();
  return course;
}

async function apply(
  { courseId }: Course,
  changes: Record<string, unknown> = {},
): Promise<Applied> {
  families += 1;
  const family = families;
  const response = await world.post('/api/registrations', anApplication(courseId, family, changes));
  const { path = '' } = (await response.json()) as { path?: string };
  expect(response.status).toBe(201);
  return { path: path.split('?')[0] ?? '', family };
}

async function press({ path }: Applied, action: 'cancel' | 'accept' | 'decline', poolKey?: string) {
  const response = await world.postForm(
    `${path}/${action}`,
    poolKey === undefined ? {} : { poolKey },
  );
  expect(response.status).toBe(303);
  await world.settle();
}

async function registrations({ courseId }: Course): Promise<Registration[]> {
  return allRegistrationsOfCourse(world.deps.database, courseId);
}

async function registrationOf(course: Course, { path }: Applied): Promise<Registration> {
  const all = await registrations(course);
  const found = all.find(({ secret }) => path.endsWith(secret));
  if (!found) throw new Error('No such registration');
  return found;
}

async function numbersOf({ courseId }: Course): Promise<number[]> {
  return (await listNumbers(world.deps.database, courseId)).map(({ number }) => number);
}

/** The clock closes the lottery. */
async function close(): Promise<void> {
  world.clock.set(CLOSES);
  await world.runClock();
  await world.settle();
}

async function typeValue({ courseId }: Course) {
  const { database } = world.deps;
  const version = (await getLottery(database, courseId))?.version ?? 0;
  const seen = await typePublicValue(
    world.deps,
    courseId,
    { publicValue: PUBLIC_VALUE, version },
    'staff',
    world.clock.now(),
  );
  if (isRefused(seen)) throw new Error(seen.sentence);
  return seen;
}

async function publish({ courseId }: Course, version: number) {
  return publishResults(world.deps, courseId, { version }, 'staff', world.clock.now());
}

/** From the closing to the results, without waiting until they have reached everybody. */
async function drawn(course: Course): Promise<readonly DrawResult[]> {
  await close();
  world.clock.set(DRAWN);
  const seen = await typeValue(course);
  const out = await publish(course, seen.lottery.version);
  if (isRefused(out)) throw new Error(out.sentence);
  return out.results;
}

async function fileOf({ courseId }: Course): Promise<DrawnFile> {
  const response = await fetch(`${world.origin}/courses/${courseId}/draw.json`);
  const file = DrawFile.parse(await response.json());
  if (file.state !== 'drawn') throw new Error('Not drawn');
  return file;
}

const mailsTo = (family: number) =>
  world.mails.filter(({ to }) => to === `family${family}@example.jp`);

/** What the pools must hold, by the registrations: seats held, numbers that wait. */
async function expectBooks(course: Course, key = 'all'): Promise<void> {
  const pool = await world.pool(course.courseId, key);
  const places = (await registrations(course)).flatMap((each) =>
    each.places.filter(({ poolKey }) => poolKey === key),
  );
  const held = places.filter(({ status }) => status === 'offered' || status === 'confirmed');
  const waiting = places.filter((place) => place.status === 'waiting' && place.waitNumber);
  expect(pool.capacity - pool.free).toBe(held.reduce((sum, { count }) => sum + count, 0));
  expect(pool.waitingNumbers).toEqual(
    waiting.map(({ waitNumber = 0 }) => waitNumber).sort((a, b) => a - b),
  );
  expect(pool.waiting).toBe(waiting.length);
}

test('from the notice to the last leftover seat', async () => {
  const course = await aLottery();
  const { courseId } = course;
  const { database } = world.deps;
  const all: Applied[] = [];
  for (let i = 0; i < 8; i += 1) {
    all.push(await apply(course, i % 2 === 0 ? { tiers: { first: 'on' } } : {}));
  }
  expect(await numbersOf(course)).toEqual([1, 2, 3, 4, 5, 6, 7, 8]);
  const [first, second] = all;
  if (!first || !second) throw new Error('Nobody has applied');

  // The mail of the entry proves the number and the seal.
  await world.settle();
  const commitment = (await getLottery(database, courseId))?.commitment ?? '';
  const [entered] = mailsTo(first.family);
  expect(entered?.text).toContain('抽選番号は 1 番です。');
  expect(entered?.text).toContain(commitment);
  expect(entered?.text).toContain(`/courses/${courseId}/draw/`);

  await press(second, 'cancel');
  expect(await numbersOf(course)).toEqual([1, 3, 4, 5, 6, 7, 8]);

  await close();
  expect((await getLottery(database, courseId))?.sealed).toMatchObject({ count: 7 });
  const late = await world.post('/api/registrations', anApplication(courseId, 9001));
  expect(await late.json()).toMatchObject({ code: 'window_closed' });

  world.clock.set(DRAWN);
  const seen = await typeValue(course);
  const before = await world.pool(courseId);
  expect(before.free).toBe(3);
  const out = await publish(course, seen.lottery.version);
  if (isRefused(out)) throw new Error(out.sentence);
  expect(out.results).toEqual(seen.results);
  // Nobody can book what others have won and not heard of yet.
  expect(await world.pool(courseId)).toMatchObject({ free: 0, waiting: 2 });
  expect(await publish(course, seen.lottery.version + 1)).toMatchObject({
    refused: 'not_possible_now',
  });
  await world.settle();

  const file = await fileOf(course);
  expect(verifyDraw(file).every(({ holds }) => holds)).toBe(true);
  expect(file.results).toEqual(seen.results.map(({ registrationId: _, ...result }) => result));
  await expectBooks(course);
  expect(await getCourse(database, courseId)).toMatchObject({
    version: 2,
    drawnAt: DRAWN,
    application: { leftoverClosesAt: '2026-12-23T08:00:00.000Z' },
  });

  // Each has what was drawn for its number, and a mail that says so.
  const at = new Map<number, Applied>();
  for (const each of all) {
    const { entry, places } = await registrationOf(course, each);
    if (!entry) throw new Error('No number');
    at.set(entry.number, each);
    const result = file.results.find(({ number }) => number === entry.number)?.result;
    const expected = { won: 'offered', reserve: 'waiting', lost: 'lost' } as const;
    expect(statusOf(places)).toBe(result ? expected[result] : 'cancelled');
    const words = { won: '抽選に当たりました', reserve: '（補欠）', lost: '席をご用意できません' };
    const told = mailsTo(each.family).map(({ subject, text }) => `${subject}${text}`);
    if (result) expect(told.at(-1)).toContain(words[result]);
  }
  const inOrder = (result: string) =>
    file.results
      .filter((each) => each.result === result)
      .map(({ number }) => at.get(number) as Applied);
  const [winner, absent, refusing] = inOrder('won');
  const [next, after] = inOrder('reserve');
  if (!winner || !absent || !refusing || !next || !after) throw new Error('Another draw');
  // Drawn on a Thursday, three days later is a Sunday: until the end of Monday.
  const { places } = await registrationOf(course, absent);
  expect(places).toMatchObject([{ offerExpiresAt: '2026-12-14T08:00:00.000Z' }]);
  expect(mailsTo(absent.family).at(-1)?.text).toContain('12月14日');

  await press(winner, 'accept');
  expect(statusOf((await registrationOf(course, winner)).places)).toBe('confirmed');
  await press(refusing, 'decline');
  expect(statusOf((await registrationOf(course, next)).places)).toBe('offered');
  expect(mailsTo(next.family).at(-1)?.subject).toContain('席が空きました');
  await press(next, 'accept');

  // A win that nobody confirms lapses, and passes to the next.
  world.clock.set('2026-12-14T08:00:00.000Z');
  await world.runClock();
  await world.settle();
  expect(statusOf((await registrationOf(course, absent)).places)).toBe('lapsed');
  expect(statusOf((await registrationOf(course, after)).places)).toBe('offered');
  await expectBooks(course);

  // The reserve is at its end: what is left goes to whoever comes first.
  await press(after, 'decline');
  expect(await world.pool(courseId)).toMatchObject({ free: 1, waiting: 0 });
  const newcomer = await apply(course);
  expect(statusOf((await registrationOf(course, newcomer)).places)).toBe('confirmed');
  await expectBooks(course);
  world.clock.set('2026-12-23T08:00:00.000Z');
  const tooLate = await world.post('/api/registrations', anApplication(courseId, 9002));
  expect(await tooLate.json()).toMatchObject({ code: 'window_closed' });
});

describe('numbers', () => {
  test('are sequential, also when thirty apply at the same moment', async () => {
    const course = await aLottery();
    await inParallel(
      30,
      Array.from({ length: 30 }, () => () => apply(course)),
    );
    const wanted = Array.from({ length: 30 }, (_, index) => index + 1);
    expect(await numbersOf(course)).toEqual(wanted);
    const kept = (await registrations(course)).map(({ entry }) => entry?.number ?? 0);
    expect(kept.sort((a, b) => a - b)).toEqual(wanted);
  });

  test('are not eaten by a request that comes again, nor by a household that is known', async () => {
    const course = await aLottery();
    const body = anApplication(course.courseId, 9100);
    const key = { 'idempotency-key': 'the-same-key-of-this-test' };
    const once = await (await world.post('/api/registrations', body, key)).json();
    const twice = await (await world.post('/api/registrations', body, key)).json();
    expect(twice).toEqual(once);
    const again = await world.post('/api/registrations', { ...body, needs: '階段が苦手です' });
    expect(await again.json()).toMatchObject({ code: 'already_applied' });
    await apply(course);
    expect(await numbersOf(course)).toEqual([1, 2]);
    expect((await getLottery(world.deps.database, course.courseId))?.lastNumber).toBe(2);
  });

  test('wait for the lottery to be open: nobody is told that it is over', async () => {
    world.clock.set('2026-12-01T03:00:00.000Z');
    const { lottery: _, ...unsaid } = lottery;
    const byPhone = await world.addCourse(unsaid);
    const refused = await world.post('/api/registrations', anApplication(byPhone.courseId, 9200));
    expect(await refused.json()).toMatchObject({ code: 'course_not_bookable_online' });
  });
});

test('a notice that changes before the first number is what the lottery goes by', async () => {
  const { database, ids, clock } = world.deps;
  const course = await aLottery({ publication: 'draft' });
  expect(await getLottery(database, course.courseId)).toBeUndefined();
  const open = { version: 1, changes: { publication: 'published' as const } };
  await editCourse({ database, ids }, course.courseId, open, 'staff', clock.now());
  await world.settle();
  const opened = await getLottery(database, course.courseId);
  expect(opened).toMatchObject({ tiers: ['はじめての方'], lastNumber: 0 });
  expect(await (await fetch(`${world.origin}/courses/${course.courseId}/draw/`)).text()).toContain(
    opened?.commitment,
  );
});

describe('what is given up after the list was sealed', () => {
  test('stays in the list, and goes to the next when it was drawn', async () => {
    const course = await aLottery();
    const all: Applied[] = [];
    for (let i = 0; i < 6; i += 1) all.push(await apply(course));
    await close();
    world.clock.set(DRAWN);
    const seen = await typeValue(course);
    const numberOf = new Map<number, Applied>();
    for (const each of all) {
      numberOf.set((await registrationOf(course, each)).entry?.number ?? 0, each);
    }
    const appliedAs = (rank: number) => {
      const found = numberOf.get(seen.results[rank - 1]?.number ?? 0);
      if (!found) throw new Error('No such rank');
      return found;
    };
    // The first winner and the first of the reserve are not interested any more.
    await press(appliedAs(1), 'cancel');
    await press(appliedAs(4), 'cancel');
    expect(await numbersOf(course)).toEqual([1, 2, 3, 4, 5, 6]);
    const preview = await seeDraw(world.deps, course.courseId);
    expect('refused' in preview ? [] : preview.results).toEqual(seen.results);
    // Published, and then brought to the families by several at the same time.
    transactionsLeft = 1;
    const out = await publish(course, seen.lottery.version);
    expect('refused' in out).toBe(false);
    await world.settle();
    transactionsLeft = undefined;
    await Promise.all([1, 2, 3].map(() => applyResults(world.deps, course.courseId)));
    await world.settle();
    const statuses = await Promise.all(
      [1, 2, 3, 4, 5, 6].map(async (rank) =>
        statusOf((await registrationOf(course, appliedAs(rank))).places),
      ),
    );
    expect(statuses).toEqual(['cancelled', 'offered', 'offered', 'cancelled', 'offered', 'lost']);
    await expectBooks(course);
    const file = await fileOf(course);
    expect(file.entries).toHaveLength(6);
    expect(verifyDraw(file).every(({ holds }) => holds)).toBe(true);
  });

  test('may be the childcare alone: the seat stays', async () => {
    const course = await aLottery(WITH_CHILDCARE);
    const all = [await apply(course, withChild()), await apply(course, withChild())];
    const [first] = all;
    if (!first) throw new Error('Nobody has applied');
    await press(first, 'cancel', 'childcare');
    expect(await listNumbers(world.deps.database, course.courseId)).toMatchObject([
      { number: 1, childcare: 0 },
      { number: 2, childcare: 1 },
    ]);
    await close();
    await press(all[1] as Applied, 'cancel', 'childcare');
    expect(await listNumbers(world.deps.database, course.courseId)).toMatchObject([
      { number: 1, childcare: 0 },
      { number: 2, childcare: 1 },
    ]);
    world.clock.set(DRAWN);
    await publish(course, (await typeValue(course)).lottery.version);
    await world.settle();
    for (const each of all) {
      const { places } = await registrationOf(course, each);
      expect(places.map(({ kind, status }) => [kind, status])).toEqual([
        ['seat', 'offered'],
        ['childcare', 'cancelled'],
      ]);
    }
    expect(await world.pool(course.courseId, 'childcare')).toMatchObject({ free: 2, waiting: 0 });
  });
});

const WITH_CHILDCARE: Partial<Course> = { childcare: { places: 2, minMonths: 6 } };
let children = 0;
const withChild = () => {
  children += 1;
  return {
    childcare: [{ name: `見本 兄${children}`, kana: 'みほん あに', birthDate: '2024-04-10' }],
  };
};

test('a household has both seat and childcare, or neither, unless it comes without', async () => {
  const course = await aLottery({
    ...WITH_CHILDCARE,
    capacity: { unit: '組', countedBy: 'application', seats: 4, waitlist: 10, perSession: false },
  });
  for (let i = 0; i < 6; i += 1) await apply(course, withChild());
  for (let i = 0; i < 3; i += 1) {
    await apply(course, { ...withChild(), courseWithoutChildcare: 'on' });
  }
  await drawn(course);
  await world.settle();
  const all = await registrations(course);
  const of = (each: Registration, kind: string) =>
    each.places.find((place) => place.kind === kind)?.status;
  const winners = all.filter((each) => of(each, 'seat') === 'offered');
  // Who comes without may have taken the childcare places of who does not.
  expect([3, 4]).toContain(winners.length);
  for (const each of all) {
    if (of(each, 'seat') !== 'offered') expect(of(each, 'childcare')).not.toBe('offered');
    else if (!each.courseWithoutChildcare) expect(of(each, 'childcare')).toBe('offered');
  }
  await expectBooks(course);
  await expectBooks(course, 'childcare');
});

test('results that were interrupted half-way go on, and reach everybody once', async () => {
  const course = await aLottery({
    capacity: { unit: '組', countedBy: 'application', seats: 12, waitlist: 10, perSession: false },
  });
  await inParallel(
    10,
    Array.from({ length: 30 }, () => () => apply(course)),
  );
  const { database } = world.deps;
  await close();
  world.clock.set(DRAWN);
  const { lottery: seen } = await typeValue(course);
  const mailsBefore = world.mails.length;
  // The publication goes through, then the worker dies after some of the families.
  transactionsLeft = 15;
  await publish(course, seen.version);
  await world.settle();
  const settled = async () =>
    (await listNumbers(database, course.courseId)).filter((each) => each.settled).length;
  const half = await settled();
  expect(half).toBeGreaterThan(0);
  expect(half).toBeLessThan(30);
  // Whoever is still without a result reads so.
  const [open] = (await registrations(course)).filter(
    ({ places }) => statusOf(places) === 'applied',
  );
  expect(await (await fetch(`${world.origin}/bookings/${open?.secret}`)).text()).toContain(
    '結果をまとめています',
  );
  // A winner who gives the seat back meanwhile does not let anybody overtake.
  transactionsLeft = undefined;
  const [winner] = (await registrations(course)).filter(
    ({ places }) => statusOf(places) === 'offered',
  );
  await press({ path: `/bookings/${winner?.secret}`, family: 0 }, 'decline');
  world.clock.advance(60_000);
  await world.runClock();
  await world.settle();
  expect(await settled()).toBe(30);
  await expectBooks(course);
  const all = await registrations(course);
  const statuses = (wanted: string) =>
    all.filter(({ places }) => statusOf(places) === wanted).map(({ entry }) => entry?.number);
  expect(statuses('offered')).toHaveLength(12);
  expect(statuses('waiting')).toHaveLength(9);
  const out = await seeDraw(world.deps, course.courseId);
  if ('refused' in out) throw new Error(out.sentence);
  const firstOfReserve = out.results.find(({ result }) => result === 'reserve');
  expect(statuses('offered')).toContain(firstOfReserve?.number);

  const told = world.mails.slice(mailsBefore).filter(({ subject }) => subject.includes('抽選'));
  expect(new Set(told.map(({ to }) => to)).size).toBe(30);
  expect(told).toHaveLength(30);

  // Once more, and twice at the same time: nothing changes.
  const [rows, pool, mails] = [all, await world.pool(course.courseId), world.mails.length];
  await Promise.all([
    applyResults(world.deps, course.courseId),
    applyResults(world.deps, course.courseId),
  ]);
  await world.settle();
  expect(await registrations(course)).toEqual(rows);
  expect(await world.pool(course.courseId)).toEqual(pool);
  expect(world.mails).toHaveLength(mails);
});

test('nobody of the reserve is asked before somebody whose place in the queue is still to come', async () => {
  const course = await aLottery();
  for (let i = 0; i < 5; i += 1) await apply(course);
  const results = await drawn(course);
  await world.settle();
  const [first] = results.filter(({ result }) => result === 'reserve');
  // As it is while results are under way: the first of the reserve does not stand in line yet.
  const { client, name } = world.deps.database;
  const row = {
    TableName: name('bookings'),
    Key: {
      pk: `WAIT#${course.courseId}#all`,
      sk: String(first?.rank).padStart(17, '0'),
    },
  };
  const { Item } = await client.send(new GetCommand(row));
  await client.send(new DeleteCommand(row));
  const [winner] = (await registrations(course)).filter(
    ({ places }) => statusOf(places) === 'offered',
  );
  await press({ path: `/bookings/${winner?.secret}`, family: 0 }, 'decline');
  expect(await world.pool(course.courseId)).toMatchObject({ free: 1, waiting: 2 });
  await client.send(new PutCommand({ TableName: name('bookings'), Item }));
  await promoteWaiting(world.deps, course.courseId, 'all');
  const offered = (await registrations(course)).find(
    ({ entry }) => entry?.number === first?.number,
  );
  expect(statusOf(offered?.places ?? [])).toBe('offered');
});

test('where the time is short, the clock does the rest', async () => {
  const course = await aLottery();
  for (let i = 0; i < 4; i += 1) await apply(course);
  const { database } = world.deps;
  await close();
  world.clock.set(DRAWN);
  const { lottery: seen } = await typeValue(course);
  transactionsLeft = 1;
  await publish(course, seen.version);
  await world.settle();
  transactionsLeft = undefined;
  await applyResults(world.deps, course.courseId, -1);
  expect((await listNumbers(database, course.courseId)).some(({ settled }) => settled)).toBe(false);
  await world.runClock();
  await world.settle();
  expect((await listNumbers(database, course.courseId)).every(({ settled }) => settled)).toBe(true);
  await expectBooks(course);
});

test('seats that are no longer there are said before anything is published', async () => {
  const course = await aLottery();
  for (let i = 0; i < 4; i += 1) await apply(course);
  await close();
  world.clock.set(DRAWN);
  const { lottery: seen } = await typeValue(course);
  const changes = { capacity: { ...course.capacity, seats: 2 } };
  await editCourse(
    world.deps,
    course.courseId,
    { version: 1, changes, confirmed: true },
    'staff',
    world.clock.now(),
  );
  const out = await publish(course, seen.version);
  expect(out).toMatchObject({
    refused: 'not_possible_now',
    sentence: expect.stringContaining('定員'),
  });
  expect(await getLottery(world.deps.database, course.courseId)).not.toHaveProperty('drawnAt');
});
