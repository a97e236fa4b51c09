/**
 * The desk makes, edits, closes and calls off courses, over HTTP and beside families who book at the
 * same moment: seats follow the notice, nobody loses one, and what touches families is asked first.
 */
import fc from 'fast-check';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { copyOf, draftOf } from '../../functions/courses/drafts.ts';
import { editCourse } from '../../functions/courses/edit.ts';
import type {
  Course,
  CourseChanges,
  CourseWithSeats,
  Session,
} from '../../functions/courses/model.ts';
import { poolsOf } from '../../functions/courses/rules.ts';
import { getCourseWithSeats, listCurrentCourses } from '../../functions/courses/store.ts';
import type { Registration } from '../../functions/registrations/model.ts';
import { allRegistrationsOfCourse } from '../../functions/registrations/store.ts';
import { problemsOfPools } from '../support/books.ts';
import { rowsOf } from '../support/raw-tables.ts';
import {
  aCourse,
  anApplication,
  BEGINNING,
  inParallel,
  startWorld,
  type World,
} from '../support/world.ts';

const A = { key: 'A', date: '2026-12-10', start: '10:00', end: '11:30' };
const B = { key: 'B', date: '2026-12-17', start: '10:00', end: '11:30' };
const C = { key: 'C', date: '2026-12-24', start: '10:00', end: '11:30' };
const open = { method: 'first_come' as const, closesAt: '2026-12-10T01:00:00.000Z' };
const bySession: Partial<Course> = {
  sessions: [A, B],
  sessionChoice: 'one_of',
  capacity: { unit: '組', countedBy: 'application', seats: 3, waitlist: 5, perSession: true },
  application: open,
};

let world: World;
beforeAll(async () => {
  world = await startWorld({
    stream: false,
    overrides: () => ({
      authenticate: async () => ({ subject: 'staff-1', roles: ['course_staff'] }),
    }),
  });
});
afterAll(() => world.stop());
beforeEach(() => world.clock.set(BEGINNING));

interface Answer {
  readonly status: number;
  readonly body: Partial<CourseWithSeats> & {
    readonly code?: string;
    readonly details?: readonly string[];
    readonly fields?: readonly { readonly field: string }[];
  };
}

async function send(
  method: string,
  path: string,
  body: unknown,
  headers: Record<string, string> = {},
): Promise<Answer> {
  const response = await fetch(world.origin + path, {
    method,
    headers: { 'content-type': 'application/json', authorization: 'Bearer x', ...headers },
    body: JSON.stringify(body),
  });
  return { status: response.status, body: (await response.json()) as Answer['body'] };
}

const edit = (courseId: string, version: number, changes: CourseChanges, confirmed?: boolean) =>
  send('PATCH', `/api/staff/courses/${courseId}`, {
    version,
    changes,
    ...(confirmed === undefined ? {} : { confirmed }),
  });

let families = 0;

async function book(courseId: string, sessionKeys: readonly string[] = []): Promise<number> {
  families += 1;
  world.clock.advance(1);
  const body = anApplication(courseId, families, { sessionKeys });
  return (await world.post('/api/registrations', body)).status;
}

const seen = async (courseId: string) => {
  const found = await getCourseWithSeats(world.deps.database, courseId);
  if (!found) throw new Error('No such course');
  return found;
};
const current = async () =>
  (await listCurrentCourses(world.deps.database)).map(({ course }) => course.courseId);
const eventsOf = async (courseId: string) =>
  (await rowsOf(world, 'events'))
    .filter((event) => event['courseId'] === courseId && event['actor'] !== undefined)
    .map(({ kind }) => kind)
    .sort();

/** Pools are those of the notice, and hold exactly what registrations say. */
async function checkBooks(courseId: string): Promise<readonly Registration[]> {
  const { course, pools } = await seen(courseId);
  const registrations = await allRegistrationsOfCourse(world.deps.database, courseId);
  expect(problemsOfPools(pools, registrations)).toEqual([]);
  expect(pools.map(({ key, capacity }) => `${key} ${capacity}`).sort()).toEqual(
    poolsOf(course)
      .map(({ key, capacity }) => `${key} ${capacity}`)
      .sort(),
  );
  return registrations;
}

describe('a new course', () => {
  test('is there with its seats, in the list of the desk, and known to who reads events', async () => {
    const { status, body } = await send('POST', '/api/staff/courses', draftOf(aCourse(bySession)));
    expect(status).toBe(201);
    const courseId = body.course?.courseId ?? '';
    expect(courseId).toMatch(/^crs_2026-12-[0-9a-f]{8}$/);
    expect(body).toMatchObject({ course: { version: 1 }, pools: [{ free: 3 }, { free: 3 }] });
    expect(await current()).toContain(courseId);
    expect(await eventsOf(courseId)).toEqual(['course_created']);
    expect(await book(courseId, ['B'])).toBe(201);
  });

  test('that is sent twice under one key is one course, under two keys two', async () => {
    const draft = draftOf(aCourse());
    const ids = [];
    for (const key of ['one', 'one', 'two']) {
      const { body } = await send('POST', '/api/staff/courses', draft, { 'idempotency-key': key });
      ids.push(body.course?.courseId);
    }
    expect(ids[0]).toBe(ids[1]);
    expect(ids[2]).not.toBe(ids[0]);
  });

  test('that makes no sense, or is over, is refused at its field', async () => {
    const draft = draftOf(aCourse());
    const past = copyOf(draft, '2026-11-01');
    const ended = await send('POST', '/api/staff/courses', past);
    expect(ended).toMatchObject({
      status: 400,
      body: { code: 'invalid_input', fields: [{ field: 'sessions.0.date' }] },
    });
    const capacity = { ...draft.capacity, seats: null };
    expect(await send('POST', '/api/staff/courses', { ...draft, capacity })).toMatchObject({
      body: { code: 'invalid_input', fields: [{ field: 'capacity.seats' }] },
    });
    expect(
      await send('POST', '/api/staff/courses', { ...past, publication: 'template' }),
    ).toMatchObject({ status: 201 });
  });

  test('that is a pattern is seen at the desk only, and stays when its dates are over', async () => {
    const draft = { ...draftOf(aCourse()), publication: 'template' as const };
    const { body } = await send('POST', '/api/staff/courses', draft);
    const courseId = body.course?.courseId ?? '';
    const shown = await fetch(`${world.origin}/api/courses/${courseId}`);
    expect(shown.status).toBe(404);
    expect(await book(courseId)).toBe(404);
    world.clock.set('2027-06-01T00:00:00.000Z');
    await world.runClock();
    expect(await current()).toContain(courseId);
    // What is made of it is a course like any other.
    const copy = copyOf(body.course as Course, '2027-06-10');
    expect(await send('POST', '/api/staff/courses', copy)).toMatchObject({
      status: 201,
      body: { course: { publication: 'draft' } },
    });
  });
});

describe('an edit', () => {
  test('of dates brings the seats of a new one and takes those of one that is gone', async () => {
    const { courseId } = await world.addCourse(bySession);
    await book(courseId, ['B']);
    expect(await edit(courseId, 1, { sessions: [B, C] })).toMatchObject({
      status: 200,
      body: { course: { version: 2 } },
    });
    await checkBooks(courseId);
    expect(await book(courseId, ['C'])).toBe(201);
    expect(await book(courseId, ['A'])).toBe(422);
    await checkBooks(courseId);
  });

  test('never takes out a date on which somebody has a seat, confirmed or not', async () => {
    const { courseId } = await world.addCourse(bySession);
    await book(courseId, ['A']);
    for (const confirmed of [false, true]) {
      expect(await edit(courseId, 1, { sessions: [B] }, confirmed)).toMatchObject({
        status: 409,
        body: {
          code: 'edit_not_possible',
          details: [expect.stringContaining('12月10日（木）の回は消せません')],
        },
      });
    }
    expect((await seen(courseId)).course.version).toBe(1);
  });

  test('that touches families is saved only once it was confirmed, and tells what moved', async () => {
    const { courseId } = await world.addCourse(bySession);
    await book(courseId, ['A']);
    const sessions = [{ ...A, start: '13:00', end: '14:30' }, B];
    expect(await edit(courseId, 1, { sessions })).toMatchObject({
      status: 409,
      body: {
        code: 'edit_needs_confirmation',
        details: [expect.stringContaining('申し込みずみの 1件 に知らせます')],
      },
    });
    expect((await seen(courseId)).course.version).toBe(1);
    expect((await edit(courseId, 1, { sessions }, true)).status).toBe(200);
    expect(await eventsOf(courseId)).toEqual(['course_created', 'course_edited', 'course_moved']);
    const [event] = (await rowsOf(world, 'events')).filter(
      (row) => row['courseId'] === courseId && row['kind'] === 'course_moved',
    );
    expect(event?.['was']).toEqual([{ ...A, venue: '集会室' }]);
  });

  test('that calls a course off says so in an event of its own', async () => {
    const { courseId } = await world.addCourse();
    await book(courseId);
    expect((await edit(courseId, 1, { publication: 'cancelled' }, true)).status).toBe(200);
    expect(await eventsOf(courseId)).toEqual([
      'course_called_off',
      'course_created',
      'course_edited',
    ]);
  });

  test('that closes applications now is true for the next family', async () => {
    const { courseId, application } = await world.addCourse();
    expect(await book(courseId)).toBe(201);
    const closesAt = world.clock.now().toISOString();
    await edit(courseId, 1, { application: { ...application, closesAt } });
    expect(await book(courseId)).toBe(409);
  });

  test('of the words of a course asks nobody, also when it is full', async () => {
    const { courseId } = await world.addCourse();
    await book(courseId);
    expect((await edit(courseId, 1, { title: '新しい名前', bring: ['水筒'] })).status).toBe(200);
    await checkBooks(courseId);
  });

  test('gives back the number of what is taken when there would be too few seats', async () => {
    const { courseId, capacity } = await world.addCourse();
    await book(courseId);
    await book(courseId);
    expect(await edit(courseId, 1, { capacity: { ...capacity, seats: 1 } })).toMatchObject({
      status: 409,
      body: { code: 'capacity_below_taken', fields: [{ field: 'changes.capacity.seats' }] },
    });
  });

  test('of somebody who saw an older version is refused and changes nothing', async () => {
    const { courseId } = await world.addCourse();
    await edit(courseId, 1, { title: '先の人' });
    expect(await edit(courseId, 1, { title: '後の人' })).toMatchObject({
      status: 409,
      body: { code: 'version_conflict' },
    });
    expect((await seen(courseId)).course.title).toBe('先の人');
  });
});

describe('a course that is moved', () => {
  const starts = (date: string): Session[] => [{ key: '1', date, start: '10:00', end: '11:30' }];

  test('stands in the list by its new day, once', async () => {
    const { courseId } = await world.addCourse();
    await edit(courseId, 1, { sessions: starts('2027-03-03') });
    await edit(courseId, 2, { sessions: starts('2027-02-03') });
    expect((await current()).filter((id) => id === courseId)).toHaveLength(1);
    const rows = (await rowsOf(world, 'courses')).filter(
      (row) => row.pk === 'CURRENT' && row['courseId'] === courseId,
    );
    expect(rows.map(({ sk }) => sk)).toEqual([`2027-02-03#${courseId}`]);
  });

  test('stays until its new end, and an old deadline does no harm', async () => {
    const { courseId } = await world.addCourse();
    await edit(courseId, 1, { sessions: starts('2027-03-03') });
    world.clock.set('2026-12-10T03:00:00.000Z');
    await world.runClock();
    expect(await current()).toContain(courseId);
    world.clock.set('2027-03-03T03:00:00.000Z');
    await world.runClock();
    expect(await current()).not.toContain(courseId);
  });

  test('comes back to the list when it was over and gets a date to come', async () => {
    const { courseId } = await world.addCourse();
    world.clock.set('2026-12-11T00:00:00.000Z');
    await world.runClock();
    expect(await current()).not.toContain(courseId);
    await edit(courseId, 1, { sessions: starts('2027-03-03') });
    expect(await current()).toContain(courseId);
  });

  test('a pattern with past dates that becomes a course leaves the list', async () => {
    const { courseId } = await world.addCourse({ publication: 'template' });
    world.clock.set('2026-12-11T00:00:00.000Z');
    await edit(courseId, 1, { publication: 'draft' });
    expect(await current()).not.toContain(courseId);
  });
});

describe('beside families who book at the same moment', () => {
  test('a date goes or a family gets it, never both', async () => {
    const ends = new Set<string>();
    for (let round = 0; round < 12; round += 1) {
      const { courseId } = await world.addCourse(bySession);
      const [booked, edited] = await Promise.all([
        book(courseId, ['A']),
        edit(courseId, 1, { sessions: [B] }, true),
      ]);
      const hasDate = (await seen(courseId)).course.sessions.some(({ key }) => key === 'A');
      expect(booked === 201).toBe(hasDate);
      expect(edited.status === 200).toBe(!hasDate);
      await checkBooks(courseId);
      ends.add(hasDate ? 'booked' : 'gone');
    }
    expect(ends.size).toBeGreaterThan(0);
  });

  test('edits of any kind keep the books, whatever is booked in between', async () => {
    const anEdit = fc.record({
      sessions: fc.subarray([A, B, C], { minLength: 1 }),
      seats: fc.integer({ min: 1, max: 4 }),
      childcare: fc.option(fc.integer({ min: 1, max: 3 }), { nil: null }),
      perSession: fc.boolean(),
    });
    const kinds = new Set<string>();
    await fc.assert(
      fc.asyncProperty(fc.array(anEdit, { minLength: 2, maxLength: 5 }), async (edits) => {
        const { courseId } = await world.addCourse(bySession);
        const editing = edits.map(({ sessions, seats, childcare, perSession }) => async () => {
          const { course } = await seen(courseId);
          const changes: CourseChanges = {
            sessions,
            capacity: { ...course.capacity, seats, perSession },
            childcare: childcare === null ? null : { places: childcare, minMonths: 6 },
          };
          const meant = { version: course.version, changes, confirmed: true };
          const made = await editCourse(world.deps, courseId, meant, 'staff-1', world.clock.now());
          kinds.add('refused' in made ? made.refused : 'made');
        });
        const booking = ['A', 'B', 'C', 'B', 'A'].map((key) => async () => {
          await book(courseId, [key]);
        });
        const jobs = booking.flatMap((job, index) => [job, ...editing.slice(index, index + 1)]);
        await inParallel(4, jobs);
        const registrations = await checkBooks(courseId);
        const { course } = await seen(courseId);
        for (const { places } of registrations) {
          for (const { sessionKey, status } of places) {
            if (status === 'cancelled') continue;
            expect(course.sessions.map(({ key }) => key)).toContain(sessionKey);
          }
        }
      }),
      { numRuns: 15 },
    );
    expect([...kinds]).toContain('made');
    expect([...kinds]).toContain('edit_not_possible');
  });
});
