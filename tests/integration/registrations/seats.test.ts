/** Seats over HTTP on the real engine: none is sold twice, none stays empty while somebody wants it. */

import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { editCourse } from '../../../functions/courses/edit.ts';
import { getCourse } from '../../../functions/courses/store.ts';
import { type Engine, startEngine } from '../../../infra/local/engine.ts';
import { booksOf } from '../../support/books.ts';
import { unguarded, withoutSeatCondition } from '../../support/unguarded.ts';
import { anApplication, inParallel, startWorld, type World } from '../../support/world.ts';

let engine: Engine;
beforeAll(async () => {
  engine = await startEngine();
});
afterAll(() => engine.stop());

interface Result {
  readonly status: number;
  readonly body: { status?: string; code?: string; path?: string; waitPosition?: number };
}

async function apply(world: World, courseId: string, family: number): Promise<Result> {
  const response = await world.post('/api/registrations', anApplication(courseId, family), {
    'idempotency-key': randomUUID(),
  });
  return { status: response.status, body: (await response.json()) as Result['body'] };
}

const rush = (world: World, courseId: string, families: number, atOnce: number) =>
  inParallel(
    atOnce,
    Array.from({ length: families }, (_, index) => () => apply(world, courseId, index + 1)),
  );

const count = (results: readonly Result[], status: string) =>
  results.filter((result) => result.body.status === status).length;

test('100 applications, 64 at a time, for 20 seats and 10 waitlist places: 20, 10 and 70, ten times over', async () => {
  const world = await startWorld({ engine, stream: false });
  try {
    for (let round = 0; round < 10; round += 1) {
      const { courseId } = await world.addCourse();
      const results = await rush(world, courseId, 100, 64);
      expect(count(results, 'confirmed')).toBe(20);
      expect(count(results, 'waiting')).toBe(10);
      expect(results.filter(({ body }) => body.code === 'course_full')).toHaveLength(70);
      const pool = await world.pool(courseId);
      expect(pool).toMatchObject({ free: 0, waiting: 10 });
      expect(pool.waitingNumbers).toHaveLength(10);
    }
  } finally {
    await world.stop();
  }
});

test('20 at once for one seat: exactly one gets it', async () => {
  const world = await startWorld({ engine, stream: false });
  try {
    const { courseId } = await world.addCourse({
      capacity: { unit: '組', countedBy: 'application', seats: 1, waitlist: 0, perSession: false },
    });
    const results = await rush(world, courseId, 20, 20);
    expect(count(results, 'confirmed')).toBe(1);
    expect(results.filter(({ body }) => body.code === 'course_full')).toHaveLength(19);
  } finally {
    await world.stop();
  }
});

test('negative control: with the condition off, the same rush oversells, and this test sees it', async () => {
  const world = await startWorld({
    engine,
    stream: false,
    overrides: ({ database }) => ({
      database: unguarded(database, withoutSeatCondition(), 40),
    }),
  });
  try {
    const { courseId } = await world.addCourse();
    const results = await rush(world, courseId, 100, 64);
    expect(count(results, 'confirmed')).toBeGreaterThan(20);
  } finally {
    await world.stop();
  }
});

test('with nine of ten transactions ending in a conflict, still nothing is oversold or undersold', async () => {
  let injected = 0;
  const world = await startWorld({
    engine,
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
        { step: 'initialize', priority: 'low' },
      );
      return {};
    },
  });
  try {
    const { courseId } = await addCourseDespiteConflicts(world);
    const answers = await rush(world, courseId, 40, 20);
    // Whoever was told to come back (503) comes back under the same key, as the page's script does.
    const sold = (await world.pool(courseId)).capacity - (await world.pool(courseId)).free;
    expect(sold).toBe(count(answers, 'confirmed'));
    expect(sold).toBeLessThanOrEqual(20);
    let family = 100;
    for (let missing = 20 - sold; missing > 0; ) {
      family += 1;
      const { body } = await apply(world, courseId, family);
      if (body.status === 'confirmed') missing -= 1;
    }
    expect((await world.pool(courseId)).free).toBe(0);
    expect((await apply(world, courseId, 999)).body.status).not.toBe('confirmed');
    expect(injected).toBeGreaterThan(50);
  } finally {
    await world.stop();
  }
});

test('cancellations, offers and capacity edits race with bookings: the books balance at the end', async () => {
  const world = await startWorld({ engine });
  try {
    const { courseId } = await world.addCourse({
      capacity: { unit: '組', countedBy: 'application', seats: 8, waitlist: 6, perSession: false },
    });
    const paths: string[] = [];
    const jobs = Array.from({ length: 60 }, (_, index) => async () => {
      if (index % 6 === 5) {
        const seen = await getCourse(world.deps.database, courseId);
        if (!seen) throw new Error('No such course');
        const seats = Math.max(4, (seen.capacity.seats ?? 0) + (index % 4) - 1);
        await editCourse(
          world.deps,
          courseId,
          { version: seen.version, changes: { capacity: { ...seen.capacity, seats } } },
          'test',
          world.clock.now(),
        );
        return;
      }
      const { body } = await apply(world, courseId, index + 1);
      if (body.path) paths.push(body.path);
      if (index % 3 === 0 && paths.length > 0) {
        const path = paths.splice(Math.floor(paths.length / 2), 1)[0]?.split('?')[0];
        await world.postForm(`${path}/cancel`, {});
      }
    });
    await inParallel(16, jobs);
    await world.settle();
    // An offer that the index did not show in time is found by the clock.
    for (let minute = 0; minute < 3; minute += 1) {
      world.clock.advance(60_000);
      await world.runClock();
      await world.settle();
    }
    const { problems } = await booksOf(world, courseId);
    expect(problems).toEqual([]);
    const pool = await world.pool(courseId);
    // Nobody waits beside an empty seat.
    if (pool.waiting > 0) expect(pool.free).toBe(0);
  } finally {
    await world.stop();
  }
});

async function addCourseDespiteConflicts(world: World) {
  for (;;) {
    try {
      return await world.addCourse();
    } catch (error) {
      if ((error as Error).name !== 'Unavailable') throw error;
    }
  }
}
