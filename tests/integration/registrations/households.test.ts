/**
 * A household is decided as one, on the real engine: the seat with the childcare beside it or neither,
 * whatever runs beside it; and each pool of a course, by session and for childcare, keeps its limit.
 */
import { randomUUID } from 'node:crypto';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { editCourse } from '../../../functions/courses/edit.ts';
import type { Course } from '../../../functions/courses/model.ts';
import {
  freeSeats,
  holdSeatsForOffer,
  joinWaitlist,
  leaveWaitlist,
  resizePool,
  takeSeats,
  takeWaitPlace,
} from '../../../functions/courses/store.ts';
import type { TransactWrite } from '../../../functions/platform/database.ts';
import type { Place, Registration } from '../../../functions/registrations/model.ts';
import { promoteInPools } from '../../../functions/registrations/promote.ts';
import { type Engine, startEngine } from '../../../infra/local/engine.ts';
import { booksOf, childcareOf, problemsOfWaiting } from '../../support/books.ts';
import { rowsOf } from '../../support/raw-tables.ts';
import { unguarded, withoutSeatCondition } from '../../support/unguarded.ts';
import {
  anApplication,
  inParallel,
  startWorld,
  type World,
  type WorldOptions,
} from '../../support/world.ts';

let engine: Engine;
let world: World;
beforeAll(async () => {
  engine = await startEngine();
});
afterEach(() => world.stop());
afterAll(() => engine.stop());

async function begin(options: WorldOptions = {}): Promise<void> {
  world = await startWorld({ engine, ...options });
}

const SIBLING = { name: '見本 望', kana: 'みほん のぞみ', birthDate: '2024-05-01' };

/** A course with few seats and fewer childcare places. */
const course = (seats: number, childcare: number, changes: Partial<Course> = {}) => ({
  capacity: {
    unit: '組' as const,
    countedBy: 'application' as const,
    seats,
    waitlist: 60,
    perSession: (changes.sessionChoice ?? 'all') !== 'all',
  },
  ...(childcare > 0 ? { childcare: { places: childcare, minMonths: 6 } } : {}),
  ...changes,
});

const KEYS = [...'ABCDEFGHIJ'];
const sessions = (count: number) =>
  KEYS.slice(0, count).map((key, index) => ({
    key,
    date: `2026-12-${String(10 + index)}`,
    start: '10:00',
    end: '11:30',
  }));

interface Wishes {
  readonly childcare?: number;
  /** Comes also without childcare. */
  readonly anyway?: boolean;
  readonly sessionKeys?: readonly string[];
}

interface Answer {
  readonly status: number;
  readonly body: { readonly status?: string; readonly code?: string; readonly path?: string };
}

async function apply(
  courseId: string,
  family: number,
  { childcare = 0, anyway = false, sessionKeys = [] }: Wishes = {},
  key: string = randomUUID(),
): Promise<Answer> {
  const application = anApplication(courseId, family, {
    childcare: Array(childcare).fill(SIBLING),
    courseWithoutChildcare: anyway,
    sessionKeys,
  });
  const response = await world.post('/api/registrations', application, { 'idempotency-key': key });
  return { status: response.status, body: (await response.json()) as Answer['body'] };
}

/** The path of the page of a booking that must succeed; a second later, as people come. */
async function book(courseId: string, family: number, wishes: Wishes = {}): Promise<string> {
  world.clock.advance(1_000);
  const { body } = await apply(courseId, family, wishes);
  if (!body.path) throw new Error(`Refused: ${body.code}`);
  return body.path.split('?')[0] ?? '';
}

async function press(path: string, action: string, poolKey?: string): Promise<number> {
  const fields = poolKey === undefined ? {} : { poolKey };
  return (await world.postForm(`${path}/${action}`, fields)).status;
}

/** What the family of this page has now: `seat confirmed, childcare waiting`. */
async function has(courseId: string, path: string): Promise<string> {
  const { registrations } = await inOrder(courseId);
  const registration = registrations.find(({ secret }) => path.endsWith(secret));
  return (registration?.places ?? [])
    .map(({ kind, sessionKey, status }) =>
      [kind, sessionKey, status].filter((word) => word !== undefined).join(' '),
    )
    .join(', ');
}

/** The books of a course, which must be in order. */
async function inOrder(courseId: string) {
  const books = await booksOf(world, courseId);
  expect(books.problems).toEqual([]);
  return books;
}

/** Offers that the clock is to end. */
const deadlines = async () =>
  (await rowsOf(world, 'agenda')).filter(({ kind }) => kind === 'offer_ends');

const promote = (courseId: string) => promoteInPools(world.deps, courseId, 'all');

describe('many households at once', () => {
  /** Families of every kind: no child, one or two to be looked after, coming anyway or not. */
  const kindOf = (family: number): Wishes => ({
    childcare: family % 3,
    anyway: family % 4 < 2,
  });
  const rush = (courseId: string, families: number, wishes: (family: number) => Wishes) =>
    inParallel(
      40,
      Array.from({ length: families }, (_, at) => () => apply(courseId, at + 1, wishes(at + 1))),
    );

  test('get a seat with childcare or neither, unless they come anyway; childcare has its own limit', async () => {
    await begin({ stream: false });
    for (let round = 0; round < 2; round += 1) {
      const changes = course(12, 4);
      const { courseId } = await world.addCourse({
        ...changes,
        capacity: { ...changes.capacity, waitlist: 8 },
      });
      const answers = await rush(courseId, 60, kindOf);
      const { registrations } = await inOrder(courseId);
      const accepted = answers.filter(({ status }) => status === 201);
      expect(accepted).toHaveLength(registrations.length);
      for (const [at, { body }] of answers.entries()) {
        const { childcare = 0, anyway } = kindOf(at + 1);
        if (body.code === 'childcare_full') expect(childcare > 0 && !anyway).toBe(true);
        else if (body.code) expect(body.code).toBe('course_full');
      }
      for (const { places, childcare, courseWithoutChildcare } of registrations) {
        const [seat] = places;
        const beside = seat && childcareOf(places, seat);
        if (childcare.length === 0) expect(beside).toBeUndefined();
        else if (!courseWithoutChildcare) expect(beside?.status).toBe(seat?.status);
      }
      const held = (status: Place['status']) =>
        registrations.filter(({ places }) => places[0]?.status === status).length;
      expect([held('confirmed'), held('waiting')]).toEqual([12, 8]);
    }
  });

  test.each(['one_of', 'each'] as const)(
    'never exceed a session, in seats or in childcare, where sessions are chosen: %s',
    async (sessionChoice) => {
      await begin({ stream: false });
      const { courseId } = await world.addCourse(
        course(5, 2, { sessionChoice, sessions: sessions(3) }),
      );
      const chosen = (family: number) =>
        [['A'], ['B', 'A'], ['C', 'B', 'A'], ['A', 'C']][family % 4] ?? [];
      await rush(courseId, 60, (family) => ({ ...kindOf(family), sessionKeys: chosen(family) }));
      const { registrations, pools } = await inOrder(courseId);
      for (const { places, sessionKeys } of registrations) {
        const seats = places.filter(({ kind }) => kind === 'seat');
        expect(seats.map(({ poolKey }) => poolKey)).toEqual(
          sessionChoice === 'each' ? sessionKeys : [seats[0]?.sessionKey],
        );
        for (const { kind, poolKey, sessionKey } of places) {
          expect(poolKey).toBe(kind === 'seat' ? sessionKey : `childcare-${sessionKey}`);
        }
      }
      // Everybody may wait here, so that no session stays empty.
      const seats = pools.filter(({ kind }) => kind === 'seat');
      expect(seats.map(({ capacity, free }) => capacity - free)).toEqual([5, 5, 5]);
    },
  );

  test.each([
    ['childcare', 'POOL#childcare', course(30, 2), { childcare: 1 }],
    [
      'a session',
      'POOL#A',
      course(2, 0, { sessionChoice: 'each', sessions: sessions(2) }),
      { sessionKeys: ['A'] },
    ],
  ])(
    'negative control: with the condition on %s off, the same rush oversells, and this test sees it',
    async (_what, sk, changes, wishes) => {
      await begin({
        stream: false,
        overrides: ({ database }) => ({
          database: unguarded(database, withoutSeatCondition(sk), 10),
        }),
      });
      const { courseId } = await world.addCourse(changes);
      await rush(courseId, 60, () => wishes);
      const pk = `COURSE#${courseId}`;
      const pool = (await rowsOf(world, 'courses')).find((row) => row.pk === pk && row.sk === sk);
      expect(pool?.['free']).toBeLessThan(0);
    },
  );

  test('with nine of ten transactions ending in a conflict, the books are in order and a repeated key is one booking', async () => {
    let injected = 0;
    await begin({
      stream: false,
      overrides: (deps) => {
        deps.database.client.middlewareStack.add(
          (next, context) => async (args) => {
            if (context.commandName === 'TransactWriteItemsCommand' && Math.random() < 0.9) {
              injected += 1;
              throw Object.assign(new Error('Transaction cancelled'), {
                name: 'TransactionCanceledException',
                CancellationReasons: [{ Code: 'TransactionConflict' }],
              });
            }
            return next(args);
          },
          { step: 'initialize', priority: 'low', name: 'conflicts' },
        );
        return {};
      },
    });
    const { courseId } = await untilDone(() => world.addCourse(course(6, 2)));
    const answers = await inParallel(
      20,
      Array.from({ length: 16 }, (_, family) => async () => {
        const key = randomUUID();
        // Whoever is told to come back comes back under the same key, as the page's script does.
        for (;;) {
          const answer = await apply(courseId, family + 1, kindOf(family), key);
          if (answer.status !== 503) return answer;
        }
      }),
    );
    const { registrations } = await inOrder(courseId);
    expect(registrations).toHaveLength(answers.filter(({ status }) => status === 201).length);
    await inParallel(
      10,
      registrations.slice(0, 4).map(({ secret }) => async () => {
        const cancel = () => press(`/bookings/${secret}`, 'cancel');
        while ((await cancel()) === 503);
      }),
    );
    await untilDone(() => promote(courseId));
    const after = await inOrder(courseId);
    expect(problemsOfWaiting(after.pools, after.registrations)).toEqual([]);
    expect(injected).toBeGreaterThan(50);
  });

  test('who cancel, answer and come beside each other leave nobody waiting beside a free place', async () => {
    await begin();
    const { courseId } = await world.addCourse(course(6, 3));
    const answers = await rush(courseId, 40, kindOf);
    const paths = answers.flatMap(({ body }) => (body.path ? [body.path.split('?')[0] ?? ''] : []));
    await inParallel(
      12,
      paths.map((path, at) => async () => {
        if (at % 3 === 0) await press(path, 'cancel');
        if (at % 3 === 1) await press(path, 'cancel', 'childcare');
        if (at % 5 === 2) await apply(courseId, 100 + at, kindOf(at));
        await press(path, at % 2 === 0 ? 'accept' : 'decline');
      }),
    );
    await world.settle();
    for (let hour = 0; hour < 60; hour += 20) {
      world.clock.advance(20 * 3_600_000);
      await world.runClock();
      await world.settle();
    }
    const { pools, registrations } = await inOrder(courseId);
    expect(problemsOfWaiting(pools, registrations)).toEqual([]);
    const now = world.clock.now().toISOString();
    const places = registrations.flatMap((registration) => registration.places);
    expect(places.filter(({ offerExpiresAt }) => (offerExpiresAt ?? '9') <= now)).toEqual([]);
  });
});

describe('the queue for childcare', () => {
  test('a place that frees is for the family that has its seat and waits, before any newcomer', async () => {
    await begin({ stream: false });
    const { courseId } = await world.addCourse(course(5, 1));
    const first = await book(courseId, 1, { childcare: 1 });
    const second = await book(courseId, 2, { childcare: 1, anyway: true });
    expect(await has(courseId, second)).toBe('seat confirmed, childcare waiting');
    expect((await apply(courseId, 3, { childcare: 1 })).body.code).toBe('childcare_full');
    expect(await press(first, 'cancel', 'childcare')).toBe(303);
    expect(await has(courseId, first)).toBe('seat confirmed, childcare cancelled');
    // Free, but not for who comes now: also not in the moment before it is offered.
    expect(await world.pool(courseId, 'childcare')).toMatchObject({ free: 1, waiting: 1 });
    expect((await apply(courseId, 3, { childcare: 1 })).body.code).toBe('childcare_full');
    await promote(courseId);
    expect(await has(courseId, second)).toBe('seat confirmed, childcare offered');
    expect(await deadlines()).toHaveLength(1);
    expect(await press(second, 'accept', 'childcare')).toBe(303);
    expect(await deadlines(), 'no offer is left to end').toEqual([]);
    expect(await has(courseId, second)).toBe('seat confirmed, childcare confirmed');
    expect(await world.pool(courseId, 'childcare')).toMatchObject({ free: 0, waiting: 0 });
  });

  test('comes before those who wait for both; then both are offered together, and end together', async () => {
    await begin();
    const { courseId } = await world.addCourse(course(2, 1));
    const first = await book(courseId, 1, { childcare: 1 });
    const second = await book(courseId, 2, { childcare: 1, anyway: true });
    const third = await book(courseId, 3, { childcare: 1 });
    const fourth = await book(courseId, 4);
    expect(await has(courseId, third)).toBe('seat waiting, childcare waiting');
    await press(first, 'cancel');
    await world.settle();
    expect(await has(courseId, second)).toBe('seat confirmed, childcare offered');
    // The third cannot use a seat alone; the fourth can.
    expect(await has(courseId, third)).toBe('seat waiting, childcare waiting');
    expect(await has(courseId, fourth)).toBe('seat offered');
    await press(second, 'decline');
    await press(fourth, 'decline');
    await world.settle();
    expect(await has(courseId, third)).toBe('seat offered, childcare offered');
    const { registrations } = await inOrder(courseId);
    const ends = registrations.flatMap(({ places }) =>
      places.flatMap(({ offerExpiresAt }) => offerExpiresAt ?? []),
    );
    expect(new Set(ends).size).toBe(1);
    world.clock.set(ends[0] ?? '');
    expect(await press(third, 'accept')).toBe(409);
    await world.runClock();
    await world.settle();
    expect(await has(courseId, third)).toBe('seat lapsed, childcare lapsed');
    expect(await world.pool(courseId)).toMatchObject({ free: 1, waiting: 0 });
    expect(await world.pool(courseId, 'childcare')).toMatchObject({ free: 1, waiting: 0 });
    expect(await deadlines()).toEqual([]);
  });

  test('is joined by who accepts a seat whose childcare is not free, in front of later families', async () => {
    await begin();
    const { courseId } = await world.addCourse(course(2, 1));
    const first = await book(courseId, 1, { childcare: 1 });
    const second = await book(courseId, 2);
    const third = await book(courseId, 3, { childcare: 1, anyway: true });
    expect(await has(courseId, third)).toBe('seat waiting, childcare waiting');
    await press(second, 'cancel');
    await world.settle();
    expect(await has(courseId, third)).toBe('seat offered, childcare waiting');
    expect(await world.pool(courseId, 'childcare')).toMatchObject({ free: 0, waiting: 0 });
    await press(third, 'accept');
    await world.settle();
    expect(await has(courseId, third)).toBe('seat confirmed, childcare waiting');
    expect(await world.pool(courseId, 'childcare')).toMatchObject({ free: 0, waiting: 1 });
    await press(first, 'cancel', 'childcare');
    await world.settle();
    expect(await has(courseId, third)).toBe('seat confirmed, childcare offered');
    await press(third, 'cancel');
    await world.settle();
    expect(await has(courseId, third)).toBe('seat cancelled, childcare declined');
    expect(await world.pool(courseId, 'childcare')).toMatchObject({ free: 1, waiting: 0 });
    await inOrder(courseId);
  });

  test('is joined by who accepts also where the desk takes nobody else into it', async () => {
    await begin();
    const { courseId } = await world.addCourse(course(2, 1));
    await book(courseId, 1, { childcare: 1 });
    const second = await book(courseId, 2);
    const third = await book(courseId, 3, { childcare: 1, anyway: true });
    const { database } = world.deps;
    const pool = await world.pool(courseId, 'childcare');
    await database.transact([resizePool(database, pool, { capacity: 1, waitlistCapacity: 0 })]);
    await press(second, 'cancel');
    await world.settle();
    expect(await press(third, 'accept')).toBe(303);
    expect(await has(courseId, third)).toBe('seat confirmed, childcare waiting');
  });

  test('a seat beyond the first fifty who wait for childcare is found by who can use it', async () => {
    await begin({ stream: false });
    const { courseId } = await world.addCourse(course(2, 2));
    await book(courseId, 1, { childcare: 1 });
    const second = await book(courseId, 2);
    for (let family = 3; family < 58; family += 1) await book(courseId, family, { childcare: 2 });
    const last = await book(courseId, 58);
    await press(second, 'cancel');
    await promote(courseId);
    expect(await has(courseId, last)).toBe('seat offered');
  });
});

test('the limits are conditions of the commit itself, whatever was looked at before', async () => {
  await begin({ stream: false });
  const { courseId } = await world.addCourse(course(2, 1));
  const { database } = world.deps;
  const commits = async (write: TransactWrite) => (await database.transact([write])).committed;
  const wait = (number: number) => takeWaitPlace(database, courseId, 'all', 1, number);
  const offer = (number: number) => holdSeatsForOffer(database, courseId, 'all', 1, number);
  const take = (seats: number) => takeSeats(database, courseId, 'all', seats);
  expect(await commits(wait(7)), 'a wait beside a free seat').toBe(false);
  expect(await commits(take(3)), 'more than there are').toBe(false);
  expect(await commits(take(2))).toBe(true);
  expect(await commits(wait(7))).toBe(true);
  expect(await commits(wait(7)), 'a number that somebody has').toBe(false);
  expect(await commits(offer(7)), 'an offer of what is taken').toBe(false);
  expect(await commits(freeSeats(database, courseId, 'all', 2))).toBe(true);
  expect(await commits(take(1)), 'a seat past those who wait').toBe(false);
  expect(await commits(wait(8)), 'a wait behind those who wait').toBe(true);
  expect(await commits(offer(9)), 'an offer to nobody').toBe(false);
  expect(await commits(offer(7))).toBe(true);
  expect(await commits(leaveWaitlist(database, courseId, 'all', 7)), 'who is gone').toBe(false);
  expect(await commits(leaveWaitlist(database, courseId, 'all', 8))).toBe(true);
  expect(await commits(take(1))).toBe(true);
  expect(await commits(joinWaitlist(database, courseId, 'childcare', 3))).toBe(true);
  expect(await commits(joinWaitlist(database, courseId, 'childcare', 3))).toBe(false);
  expect(await world.pool(courseId)).toMatchObject({ free: 0, waiting: 0, waitingNumbers: [] });
});

describe('dates that are booked one by one', () => {
  const each = () => course(5, 2, { sessionChoice: 'each', sessions: sessions(3) });

  test('are taken together or not at all', async () => {
    await begin({ stream: false });
    const changes = each();
    const { courseId } = await world.addCourse({
      ...changes,
      capacity: { ...changes.capacity, seats: 1, waitlist: 0 },
    });
    await book(courseId, 1, { sessionKeys: ['B'] });
    const refused = await apply(courseId, 2, { sessionKeys: ['A', 'B'] });
    expect(refused.body.code).toBe('course_full');
    expect(await world.pool(courseId, 'A')).toMatchObject({ free: 1 });
  });

  test('may be added later; the same date is booked once, and again when it was given up', async () => {
    await begin({ stream: false });
    const { courseId } = await world.addCourse(each());
    const first = await book(courseId, 1, { sessionKeys: ['A', 'B'], childcare: 1 });
    expect((await apply(courseId, 1, { sessionKeys: ['B', 'C'] })).body.code).toBe(
      'already_applied',
    );
    await book(courseId, 1, { sessionKeys: ['C'] });
    await press(first, 'cancel', 'A');
    expect(await has(courseId, first)).toBe(
      'seat A cancelled, childcare A cancelled, seat B confirmed, childcare B confirmed',
    );
    await book(courseId, 1, { sessionKeys: ['A'] });
    expect((await apply(courseId, 1, { sessionKeys: ['B'] })).body.code).toBe('already_applied');
    await inOrder(courseId);
    const claims = (await rowsOf(world, 'bookings')).filter(({ sk }) => sk === 'HOUSEHOLD');
    // By telephone number and by address, for each of three dates.
    expect(claims).toHaveLength(6);
  });

  test('the largest of them fits into one transaction of the engine, at every step', async () => {
    let most = 0;
    await begin({
      overrides: ({ database }) => ({
        database: {
          ...database,
          transact: (writes) => {
            most = Math.max(most, writes.length);
            return database.transact(writes);
          },
        },
      }),
    });
    const { courseId } = await world.addCourse(
      course(1, 4, { sessionChoice: 'each', sessions: sessions(10) }),
    );
    const all = { sessionKeys: KEYS, childcare: 4, anyway: true };
    const first = await book(courseId, 1, all);
    const second = await book(courseId, 2, all);
    await press(first, 'cancel', 'A');
    await world.settle();
    expect(await has(courseId, second)).toContain('seat A offered, childcare A offered');
    await press(first, 'cancel');
    await world.settle();
    expect(await has(courseId, second)).toContain('seat J offered, childcare J offered');
    world.clock.set('2026-12-05T03:00:00.000Z');
    await world.runClock();
    await world.settle();
    expect(await has(courseId, second)).not.toContain('offered');
    await inOrder(courseId);
    expect(most).toBeGreaterThan(40);
    expect(most).toBeLessThanOrEqual(100);
  });
});

test('the same form sent again is the same booking while something of it lives, and a new one after', async () => {
  await begin({ stream: false });
  const { courseId } = await world.addCourse(course(3, 1));
  const form = {
    courseId,
    'applicant.name': '見本 花子',
    'applicant.kana': 'みほん はなこ',
    'applicant.phone': '042-000-0001',
    'participants.0.name': '見本 光',
    'participants.0.kana': 'みほん ひかり',
    'participants.0.birthDate.year': '2026',
    'participants.0.birthDate.month': '6',
    'participants.0.birthDate.day': '1',
    'childcare.0.name': '見本 望',
    'childcare.0.kana': 'みほん のぞみ',
    'childcare.0.birthDate.year': '2024',
    'childcare.0.birthDate.month': '5',
    'childcare.0.birthDate.day': '1',
  };
  const send = async () => {
    const answer = await world.postForm('/api/registrations', form);
    return answer.headers.get('location')?.split('?')[0] ?? '';
  };
  const path = await send();
  expect(await has(courseId, path)).toBe('seat confirmed, childcare confirmed');
  await press(path, 'cancel', 'childcare');
  expect(await send()).toBe(path);
  expect(await has(courseId, path)).toBe('seat confirmed, childcare cancelled');
  await press(path, 'cancel');
  const again = await send();
  expect(again).not.toBe(path);
  expect(await has(courseId, again)).toBe('seat confirmed, childcare confirmed');
  const { registrations } = await inOrder(courseId);
  const live = ({ households }: Registration) => households.length > 0;
  expect(registrations.filter(live)).toHaveLength(1);
});

test('a seat in a course that is called off is not accepted, but may be declined', async () => {
  await begin();
  const { courseId } = await world.addCourse(course(1, 0));
  const first = await book(courseId, 1);
  const second = await book(courseId, 2);
  await press(first, 'cancel');
  await world.settle();
  await editCourse(
    world.deps,
    courseId,
    { version: 1, changes: { publication: 'cancelled' }, confirmed: true },
    'test',
    world.clock.now(),
  );
  expect(await press(second, 'accept')).toBe(409);
  expect(await has(courseId, second)).toBe('seat offered');
  expect(await press(second, 'decline')).toBe(303);
  expect(await has(courseId, second)).toBe('seat declined');
});

async function untilDone<T>(act: () => Promise<T>): Promise<T> {
  for (;;) {
    try {
      return await act();
    } catch (error) {
      if ((error as Error).name !== 'Unavailable') throw error;
    }
  }
}
