/**
 * The promises about seats, and that what is stored is read back as it was, on the real engine:
 * arbitrary deeds really beside each other, arbitrary values, and every row as it lies in the tables.
 */
import { randomUUID } from 'node:crypto';
import { PutCommand, UpdateCommand } from '@aws-sdk/lib-dynamodb';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { EpochSeconds } from '../../functions/calendar/model.ts';
import type { Course } from '../../functions/courses/model.ts';
import { endsAt, lastSession, poolsOf } from '../../functions/courses/rules.ts';
import {
  getCourse,
  getCourseWithSeats,
  getPool,
  putNewCourse,
  resizePool,
} from '../../functions/courses/store.ts';
import { isUnavailable } from '../../functions/platform/database.ts';
import { changeRegistration } from '../../functions/registrations/change.ts';
import { lapseOffers } from '../../functions/registrations/lapse.ts';
import { type Registration, RegistrationRequest } from '../../functions/registrations/model.ts';
import { isLive } from '../../functions/registrations/places.ts';
import { promoteInPools } from '../../functions/registrations/promote.ts';
import { register } from '../../functions/registrations/register.ts';
import {
  getRegistration,
  putNewRegistration,
  replaceRegistration,
} from '../../functions/registrations/store.ts';
import {
  aBusyCourse,
  aDeed,
  anyCourse,
  anyPool,
  anyRegistration,
  type BusyCourse,
  busyCourse,
  type Deed,
  partOf,
  pickFor,
  wishesOf,
} from '../support/arbitraries.ts';
import { booksOf, problemsOfWaiting, toRegistration } from '../support/books.ts';
import { type Row, rowsOf } from '../support/raw-tables.ts';
import { anApplication, BEGINNING, startWorld, type World } from '../support/world.ts';

let world: World;
beforeAll(async () => {
  world = await startWorld({ stream: false });
});
afterAll(() => world.stop());

let families = 0;

/** Does one deed by the use cases; a conflict that is told to the caller is no fault. */
async function doOn(course: Course, deed: Deed, known: readonly Registration[]): Promise<void> {
  const { deps, clock } = world;
  const { courseId } = course;
  const now = clock.now();
  switch (deed.do) {
    case 'apply': {
      families += 1;
      const { participants, childcare, ...wishes } = wishesOf(deed, course);
      const request = RegistrationRequest.parse(
        anApplication(courseId, families, { participants, childcare, ...wishes }),
      );
      await register(deps, request, { scriptKey: randomUUID(), rawBody: '' }, now);
      return;
    }
    case 'cancel':
    case 'accept':
    case 'decline': {
      const registration = pickFor(deed.do, deed.pick, known);
      if (!registration) return;
      const { registrationId } = registration;
      const poolKey = partOf(registration, deed.part);
      await changeRegistration(
        deps,
        registrationId,
        { action: deed.do, poolKey, by: 'family' },
        now,
      );
      return;
    }
    case 'promote':
      return promote(courseId);
    case 'edit': {
      const pools = (await getCourseWithSeats(deps.database, courseId))?.pools ?? [];
      const pool = pools[deed.part % pools.length];
      if (pool) await deps.database.transact([resizePool(deps.database, pool, deed)]);
      return;
    }
    case 'wait':
      clock.advance(deed.hours * 3_600_000);
      await lapseAll(known);
  }
}

async function lapseAll(known: readonly Registration[]): Promise<void> {
  await Promise.all(
    known.map(({ registrationId }) =>
      lapseOffers(world.deps, registrationId).catch((error: unknown) => {
        if (!isUnavailable(error)) throw error;
      }),
    ),
  );
}

/** Somebody left between the look at the count and the look at the queue: the reaction is tried again. */
const promote = (courseId: string) =>
  promoteInPools(world.deps, courseId, 'all').catch(() =>
    promoteInPools(world.deps, courseId, 'all'),
  );

/** The registrations of a course whose books are in order. */
async function balanceOf(courseId: string): Promise<readonly Registration[]> {
  const { problems, registrations } = await booksOf(world, courseId);
  expect(problems).toEqual([]);
  return registrations;
}

describe('arbitrary deeds, several at once', () => {
  const batches = fc.array(fc.array(aDeed, { minLength: 1, maxLength: 8, size: 'max' }), {
    minLength: 4,
    maxLength: 9,
    size: 'max',
  });

  // Chance alone reaches an offer of childcare in most runs, not in each.
  const household = { participants: 1, childcare: 1, courseWithoutChildcare: true, sessions: [0] };
  const apply: Deed = { do: 'apply', ...household };
  const more = (part: number): Deed => ({ do: 'edit', part, capacity: 8, waitlistCapacity: 6 });
  const course = { sessionChoice: 'all', sessions: 1, waitlist: 5, childcare: 1 } as const;
  const examples: [BusyCourse, Deed[][]][] = [
    [{ ...course, seats: 5 }, [[apply], [apply]]],
    [{ ...course, seats: 5 }, [[apply], [apply], [more(0), more(1)]]],
    [{ ...course, seats: 1 }, [[apply], [apply]]],
    [{ ...course, seats: 1 }, [[apply], [apply], [more(0)]]],
    [{ ...course, seats: 1 }, [[apply], [{ do: 'cancel', pick: 1, part: null }]]],
  ];

  test('keep every promise about seats, whatever runs beside what', async () => {
    const seen = new Set<string>();
    await fc.assert(
      fc.asyncProperty(aBusyCourse, batches, async (busy, mornings) => {
        world.clock.set(BEGINNING);
        const course = await world.addCourse(busyCourse(busy));
        const { courseId } = course;
        for (const morning of mornings) {
          const known = await balanceOf(courseId);
          await Promise.all(morning.map((deed) => doOn(course, deed, known)));
          await balanceOf(courseId);
          await promote(courseId);
        }
        await lapseAll(await balanceOf(courseId));
        await promote(courseId);
        const { pools, registrations, problems } = await booksOf(world, courseId);
        expect([...problems, ...problemsOfWaiting(pools, registrations)]).toEqual([]);
        const places = registrations.flatMap((one) => one.places);
        const now = world.clock.now().toISOString();
        expect(places.filter((place) => (place.offerExpiresAt ?? '9') <= now)).toEqual([]);
        for (const { kind, status } of places) seen.add(`${kind} ${status}`);
      }),
      { numRuns: 20 + examples.length, examples },
    );
    for (const status of ['confirmed', 'waiting', 'offered', 'cancelled']) {
      expect([...seen], 'the deeds reached something').toContain(`seat ${status}`);
      expect([...seen], 'the deeds reached something').toContain(`childcare ${status}`);
    }
  });

  test('every household that is through may apply again, and no other may', async () => {
    const rows = await rowsOf(world, 'bookings');
    const claims = rows.filter((row) => row.sk === 'HOUSEHOLD');
    const live = rows
      .filter(({ sk }) => sk === 'REG')
      .map(toRegistration)
      .flatMap(({ households, places }) =>
        households.filter(({ sessionKey }) =>
          places.some((place) => isLive(place) && (!sessionKey || place.sessionKey === sessionKey)),
        ),
      );
    const keys = live.map(({ key }) => key);
    expect(claims.map(({ pk }) => pk).sort()).toEqual(keys.map((key) => `HOUSEHOLD#${key}`).sort());
  });

  test('every change of state left an event of its kind, and no state without one', async () => {
    const events = await rowsOf(world, 'events');
    const kinds = new Map<string, string[]>();
    for (const event of events) {
      const id = String(event['registrationId']);
      kinds.set(id, [...(kinds.get(id) ?? []), String(event['kind'])]);
    }
    for (const row of (await rowsOf(world, 'bookings')).filter(({ sk }) => sk === 'REG')) {
      expect(kinds.get(String(row['registrationId']))).toHaveLength(Number(row['revision']));
    }
  });
});

describe('what is stored is read back as it was', () => {
  const unique = () => randomUUID().slice(0, 12);

  test('for any course', async () => {
    await fc.assert(
      fc.asyncProperty(anyCourse, async (any) => {
        const { database } = world.deps;
        const course = { ...any, courseId: `crs_${unique()}` };
        expect(await database.transact(putNewCourse(database, course))).toEqual({
          committed: true,
        });
        expect(await getCourse(database, course.courseId)).toEqual(course);
        const seen = await getCourseWithSeats(database, course.courseId);
        expect(seen?.pools.map(({ key }) => key).sort()).toEqual(
          poolsOf(course)
            .map(({ key }) => key)
            .sort(),
        );
      }),
      { numRuns: 60 },
    );
  });

  test('for any pool of seats', async () => {
    await fc.assert(
      fc.asyncProperty(anyPool, async (any) => {
        const { database } = world.deps;
        const { waitingNumbers, ...pool } = { ...any, courseId: `crs_${unique()}` };
        const key = { pk: `COURSE#${pool.courseId}`, sk: `POOL#${pool.key}` };
        await database.client.send(
          new PutCommand({ TableName: database.name('courses'), Item: { ...key, ...pool } }),
        );
        if (waitingNumbers.length > 0) {
          await database.client.send(
            new UpdateCommand({
              TableName: database.name('courses'),
              Key: key,
              UpdateExpression: 'ADD waitingNumbers :numbers',
              ExpressionAttributeValues: { ':numbers': new Set(waitingNumbers) },
            }),
          );
        }
        expect(await getPool(database, pool.courseId, pool.key)).toEqual({
          ...pool,
          waitingNumbers,
        });
      }),
      { numRuns: 60 },
    );
  });

  test('for any registration, in every state that it goes through', async () => {
    await fc.assert(
      fc.asyncProperty(anyRegistration, anyRegistration, async (any, other) => {
        const { database } = world.deps;
        const { registrationId } = any;
        await database.transact([putNewRegistration(database, any)]);
        expect(await getRegistration(database, registrationId)).toEqual(any);
        const later = { ...other, registrationId };
        await database.transact([replaceRegistration(database, later, any.revision)]);
        expect(await getRegistration(database, registrationId)).toEqual(later);
      }),
      { numRuns: 100 },
    );
  });
});

describe('what goes away by itself', () => {
  const DAY = 86_400;
  const seconds = (instant: Date | string) => new Date(instant).getTime() / 1000;

  /** A world in which everything has happened that leaves a row. */
  async function aFullLife(): Promise<{
    rows: Record<string, Row[]>;
    course: Course;
    stop(): Promise<void>;
  }> {
    const full = await startWorld();
    const course = await full.addCourse({
      capacity: { unit: '組', countedBy: 'application', seats: 1, waitlist: 5, perSession: false },
    });
    const { courseId } = course;
    const paths: string[] = [];
    for (const family of [1, 2, 3]) {
      const response = await full.post('/api/registrations', anApplication(courseId, family), {
        'idempotency-key': randomUUID(),
      });
      paths.push(((await response.json()) as { path: string }).path.split('?')[0] ?? '');
    }
    await full.postForm('/api/registrations', {
      courseId,
      'applicant.name': '見本 花子',
      'applicant.kana': 'みほん はなこ',
      'applicant.phone': '042-000-0104',
      'participants.0.name': '見本 光',
      'participants.0.kana': 'みほん ひかり',
      'participants.0.birthDate.year': '2026',
      'participants.0.birthDate.month': '6',
      'participants.0.birthDate.day': '1',
    });
    await full.postForm(`${paths[0]}/cancel`, {});
    await full.settle();
    await full.postForm(`${paths[1]}/accept`, {});
    await full.post('/api/bookings/find', { bookingNumber: '482-103-937', phone: '042-000-0100' });
    await full.settle();
    const rows = {
      bookings: await rowsOf(full, 'bookings'),
      events: await rowsOf(full, 'events'),
      agenda: await rowsOf(full, 'agenda'),
      courses: await rowsOf(full, 'courses'),
    };
    return { rows, course, stop: () => full.stop() };
  }

  test('every expiry is in seconds, is there where it must be, and lies within the retention limit', async () => {
    const { rows, course, stop } = await aFullLife();
    try {
      const now = seconds(BEGINNING);
      const ends = seconds(endsAt(lastSession(course.sessions)));
      const limits: Record<string, number> = {
        REG: ends + world.deps.centre.booking.countsDays * DAY,
        HOUSEHOLD: ends + world.deps.centre.booking.countsDays * DAY,
        WAIT: ends + world.deps.centre.booking.countsDays * DAY,
        REQUEST: now + 2 * DAY,
        TRIES: now + DAY,
        MAILS: now + 3 * DAY,
        // A call is about a session, or an offer before it.
        CALL: ends + 60 * DAY,
        CALLS: ends + 60 * DAY,
        EVENT: now + 90 * DAY,
        CLAIM: now + 7 * DAY,
      };
      const kinds = new Set<string>();
      for (const row of [
        ...(rows['bookings'] ?? []),
        ...(rows['events'] ?? []),
        ...(rows['agenda'] ?? []),
      ]) {
        const kind = row.pk.split('#')[0] ?? '';
        kinds.add(kind);
        if (kind === 'DEADLINE') continue; // Goes when it is met, and holds ids only.
        const expiresAt = EpochSeconds.parse(row['expiresAt']);
        expect(expiresAt, `${kind} outlives now`).toBeGreaterThan(now);
        expect(expiresAt, `${kind} goes in time`).toBeLessThanOrEqual(limits[kind] ?? 0);
      }
      // Whether somebody has to be called depends on the hour of the offer.
      const always = [...kinds].filter((kind) => !kind.startsWith('CALL'));
      expect(always.sort()).toEqual([
        'CLAIM',
        'DEADLINE',
        'EVENT',
        'HOUSEHOLD',
        'MAILS',
        'REG',
        'REQUEST',
        'TRIES',
        'WAIT',
      ]);
      for (const row of rows['courses'] ?? []) expect(row['expiresAt']).toBeUndefined();
    } finally {
      await stop();
    }
  });
});
