/**
 * Personal data goes when its time is over, and the counts stay: proved by moving the clock and
 * looking for marked values in every row of every table, past the stores.
 */
import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { AttendanceSheet } from '../../functions/attendance/model.ts';
import type { Call } from '../../functions/calls/model.ts';
import { moveToDone, openCall, replaceOpenCall } from '../../functions/calls/store.ts';
import type { Course, CourseEvent, Session } from '../../functions/courses/model.ts';
import { getCourse, replaceCourse } from '../../functions/courses/store.ts';
import { appendEvent } from '../../functions/platform/events-store.ts';
import { changeOfPlaces } from '../../functions/registrations/commit.ts';
import type { Registration } from '../../functions/registrations/model.ts';
import { armPurge, purgeCourse } from '../../functions/registrations/purge.ts';
import {
  getRegistration,
  registrationsByKana,
  registrationsByPhone,
} from '../../functions/registrations/store.ts';
import { type IdentityProvider, startIdentityProvider } from '../support/identity-provider.ts';
import { allRows, rowsOf } from '../support/raw-tables.ts';
import { anApplication, BEGINNING, startWorld, type World } from '../support/world.ts';

const DAY_MS = 86_400_000;

/** Values that are found nowhere else, by the time at which they go. */
const CONTACTS = [
  '0427773141',
  'mejiro@example.jp',
  '0427773142',
  '鳥かごの配慮',
  'くるみ',
  '雪の坂',
];
const CONTACT_NOTE = '折り返し待ちの札';
/** Written down when somebody was called: one call is done, one is not. */
const CALL_NOTES = ['祖母が電話に出た', '昼は留守の札'];
const NAMES = ['鴇田', 'トキタ', '瑠璃', 'ルリ', '2026-06-17', '2024-03-09', '菊戴', '鶺鴒'];

let provider: IdentityProvider;
let world: World;
let token: string;
beforeAll(async () => {
  provider = await startIdentityProvider();
  world = await startWorld({ overrides: () => ({ authenticate: provider.authenticate }) });
  token = await provider.token({ sub: 'staff-9' });
});
afterAll(async () => {
  await world.stop();
  await provider.stop();
});

/** Which of these values any table still holds. */
async function found(values: readonly string[]): Promise<string[]> {
  const text = JSON.stringify(await allRows(world), (_key, value) =>
    value instanceof Set ? [...value] : value,
  );
  return values.filter((value) => text.includes(value));
}

const ask = (path: string, body?: unknown) =>
  fetch(world.origin + path, {
    method: body === undefined ? 'GET' : 'POST',
    headers: {
      authorization: `Bearer ${token}`,
      ...(body === undefined ? {} : { 'content-type': 'application/json' }),
    },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
const sheetOf = async (courseId: string) =>
  (await (
    await ask(`/api/staff/courses/${courseId}/sessions/1/attendance`)
  ).json()) as AttendanceSheet;

async function apply(body: Record<string, unknown>): Promise<{ id: string; path: string }> {
  const response = await world.post('/api/registrations', body, {
    'idempotency-key': randomUUID(),
  });
  const { bookingNumber, path, detail } = (await response.json()) as Record<string, string>;
  expect(response.status, detail).toBe(201);
  return {
    id: `reg_${bookingNumber?.replaceAll('-', '')}`,
    path: path?.split('?')[0] ?? '',
  };
}

/** Lets the clock run until nothing more is due at this instant. */
async function at(instant: Date | string): Promise<void> {
  world.clock.set(instant);
  for (let runs = 0; runs < 4; runs += 1) {
    await world.runClock();
    await world.settle();
    world.clock.advance(2_000);
  }
}

const endOf = ({ sessions: [session] }: Pick<Course, 'sessions'>) =>
  new Date(`${session?.date}T${session?.end}:00+09:00`).getTime();
const daysAfter = (course: Pick<Course, 'sessions'>, days: number) =>
  new Date(endOf(course) + days * DAY_MS);

async function registrationOf(id: string): Promise<Registration> {
  const registration = await getRegistration(world.deps.database, id);
  if (!registration) throw new Error('The registration is gone');
  return registration;
}

/** The course gets other dates, as the desk gives them. */
async function move({ courseId }: Course, session: Session): Promise<Course> {
  const { database, ids } = world.deps;
  const course = await getCourse(database, courseId);
  if (!course) throw new Error('No course');
  const moved = { ...course, version: course.version + 1, sessions: [session] };
  await database.transact([
    replaceCourse(database, moved, course.version),
    appendEvent(database, {
      eventId: ids.event(world.clock.now()),
      kind: 'course_edited',
      at: world.clock.now().toISOString(),
      courseId,
      actor: 'test',
    } satisfies CourseEvent),
  ]);
  await world.settle();
  return moved;
}

describe('the data of a course', () => {
  test('goes field by field when its time is over, and the counts stay', async () => {
    const course = await world.addCourse({
      asks: ['allergy', 'guardian'],
      childcare: { places: 2, minMonths: 6 },
    });
    const { courseId } = course;
    const { id, path } = await apply(
      anApplication(courseId, 1, {
        applicant: {
          name: '鴇田 瑠璃',
          kana: 'ときた るり',
          phone: '042-777-3141',
          email: 'mejiro@example.jp',
        },
        participants: [{ name: '鴇田 菊戴', kana: 'ときた きく', birthDate: '2026-06-17' }],
        childcare: [{ name: '鴇田 鶺鴒', kana: 'ときた せき', birthDate: '2024-03-09' }],
        guardian: { name: '鴇田 菊戴', phone: '042-777-3142' },
        needs: '鳥かごの配慮をお願いします',
        allergy: 'くるみ',
      }),
    );
    const absent = await apply(
      anApplication(courseId, 2, {
        allergy: 'なし',
        guardian: { name: '見本 花', phone: '042-000-0002' },
      }),
    );
    await writeNote(id);
    await writeDownCalls(courseId, id);
    const mark = { persons: {}, version: 0, device: 'device-of-a-test', sequence: 1 };
    const marks = `/api/staff/courses/${courseId}/sessions/1/marks`;
    await ask(marks, { ...mark, registrationId: id, status: 'present' });
    await ask(marks, {
      ...mark,
      registrationId: absent.id,
      status: 'absent',
      reason: 'other',
      note: '雪の坂で動けない',
    });
    await ask(`/api/staff/courses/${courseId}/sessions/1/walk-ins`, {
      walkInId: `wlk_${randomUUID()}`,
      counts: { adults: 1, age0: 1, age1: 0, age2: 0, age3: 0, primary: 0, teens: 0 },
    });
    await world.settle();
    const { summary } = await sheetOf(courseId);
    const { counts } = await registrationOf(id);
    expect(summary).toMatchObject({ present: 1, absent: 1, people: 5 });
    const first = [...CONTACTS, CONTACT_NOTE, ...CALL_NOTES];
    const everything = [...first, ...NAMES];
    expect(await found(everything)).toEqual(everything);

    // A minute before its time nothing is gone.
    await at(new Date(daysAfter(course, 31).getTime() - 60_000));
    expect(await found(everything)).toEqual(everything);

    await at(daysAfter(course, 31));
    expect(await found(first)).toEqual([]);
    expect(await found(NAMES)).toEqual(NAMES);
    expect((await registrationOf(id)).purged).toBe('contacts');
    expect((await fetch(world.origin + path)).status).toBe(404);
    expect((await registrationsByPhone(world.deps.database, '0427773141', 5)).rows).toEqual([]);
    const byKana = await registrationsByKana(world.deps.database, 'トキタ', 5);
    expect(byKana.rows).toHaveLength(1);
    const households = (await rowsOf(world, 'bookings')).filter(
      (row) => row.pk.startsWith('HOUSEHOLD#') && row['registrationId'] === id,
    );
    expect(households).toEqual([]);

    await at(new Date(daysAfter(course, 365).getTime() - 60_000));
    expect(await found(NAMES)).toEqual(NAMES);
    await at(daysAfter(course, 365));
    expect(await found(everything)).toEqual([]);
    expect((await registrationsByKana(world.deps.database, 'トキタ', 5)).rows).toEqual([]);

    const rest = await registrationOf(id);
    expect(rest).toMatchObject({ purged: 'names', counts, participants: [], childcare: [] });
    expect(rest.expiresAt * 1000).toBeGreaterThan(daysAfter(course, 5 * 365).getTime());
    const sheet = await sheetOf(courseId);
    expect(sheet.summary).toEqual(summary);
    expect(sheet.families.every(({ isPurged, name }) => isPurged && name === '')).toBe(true);
    for (const row of await rowsOf(world, 'bookings')) {
      if (row.pk === `ATT#${courseId}`) expect(row).not.toHaveProperty('by');
    }
  });

  test('goes later when the last session was moved to a later day', async () => {
    world.clock.set(BEGINNING);
    const course = await world.addCourse();
    const { id } = await apply(anApplication(course.courseId, 11));
    await world.settle();
    const later = await move(course, {
      key: '1',
      date: '2027-03-01',
      start: '10:00',
      end: '11:00',
    });
    await at(daysAfter(course, 31));
    expect((await registrationOf(id)).purged).toBeUndefined();
    await at(daysAfter(later, 31));
    expect((await registrationOf(id)).purged).toBe('contacts');
    await at(daysAfter(course, 365));
    expect((await registrationOf(id)).applicant.name).not.toBe('');
    await at(daysAfter(later, 365));
    expect((await registrationOf(id)).purged).toBe('names');
  });

  test('is not touched by an old deadline when the course was moved in that very moment', async () => {
    world.clock.set(BEGINNING);
    const course = await world.addCourse();
    const { id } = await apply(anApplication(course.courseId, 21));
    await world.settle();
    const later = await move(course, {
      key: '1',
      date: '2027-03-01',
      start: '10:00',
      end: '11:00',
    });
    world.clock.set(daysAfter(course, 31));
    await purgeCourse(world.deps, course.courseId, 'contacts');
    expect((await registrationOf(id)).purged).toBeUndefined();
    await at(daysAfter(later, 31));
    expect((await registrationOf(id)).purged).toBe('contacts');
  });

  test('is purged to the end also when there is more of it than one turn of the clock can do', async () => {
    world.clock.set(BEGINNING);
    const course = await world.addCourse();
    const families = Array.from({ length: 15 }, (_, index) => 31 + index);
    const made = await Promise.all(
      families.map((family) => apply(anApplication(course.courseId, family))),
    );
    await world.settle();
    world.clock.set(daysAfter(course, 31));
    await purgeCourse(world.deps, course.courseId, 'contacts', 0);
    const purged = async () =>
      (await Promise.all(made.map(({ id }) => registrationOf(id)))).filter((each) => each.purged);
    expect((await purged()).length).toBe(10);
    world.clock.advance(2_000);
    await world.runClock();
    expect((await purged()).length).toBe(15);
  });

  test('is purged once: doing it again, or arming it again, changes nothing', async () => {
    world.clock.set(BEGINNING);
    const course = await world.addCourse();
    await apply(anApplication(course.courseId, 61));
    await world.settle();
    await at(daysAfter(course, 365));
    const before = await rowsOf(world, 'bookings');
    await armPurge(world.deps, course.courseId);
    await at(world.clock.now());
    for (const stage of ['contacts', 'names'] as const) {
      await purgeCourse(world.deps, course.courseId, stage);
    }
    expect(await rowsOf(world, 'bookings')).toEqual(before);
  });

  test('cannot be written again, at the door or as a note, once it is gone', async () => {
    world.clock.set(BEGINNING);
    const course = await world.addCourse();
    const { id } = await apply(anApplication(course.courseId, 71));
    await world.settle();
    await at(daysAfter(course, 31));
    const marked = await ask(`/api/staff/courses/${course.courseId}/sessions/1/marks`, {
      registrationId: id,
      status: 'absent',
      reason: 'other',
      note: '雪',
      persons: {},
      version: 0,
      device: 'device-of-a-test',
      sequence: 1,
    });
    expect(marked.status).toBe(409);
    const noted = await ask(`/api/staff/registrations/${id}/notes`, { text: '折り返しました' });
    expect(noted.status).toBe(409);
  });
});

/** A note that staff wrote beside a registration. */
async function writeNote(id: string): Promise<void> {
  const registration = await registrationOf(id);
  const now = world.clock.now();
  const note = { at: now.toISOString(), by: 'staff-9', text: CONTACT_NOTE };
  const { writes } = changeOfPlaces(
    world.deps,
    registration,
    registration.places,
    'registration_accepted',
    now,
    { notes: [note] },
  );
  expect((await world.deps.database.transact(writes)).committed).toBe(true);
}

/** Two calls about a registration, tried with a note: one is done, one stays in the list. */
async function writeDownCalls(courseId: string, registrationId: string): Promise<void> {
  const { database } = world.deps;
  const at = world.clock.now().toISOString();
  for (const [index, note] of CALL_NOTES.entries()) {
    const call: Call = {
      callId: `bounce-${registrationId}-${index}`,
      registrationId,
      courseId,
      reason: 'bounce',
      about: 'registration_confirmed',
      poolKeys: ['all'],
      dueAt: '2026-12-10T01:00:00.000Z',
      createdAt: at,
      tries: [],
    };
    await openCall(database, call);
    const tried: Call = { ...call, tries: [{ at, by: 'staff-9', result: 'reached', note }] };
    const writes =
      index === 0
        ? moveToDone(database, tried, call, { at, keepDays: 365 })
        : [replaceOpenCall(database, tried, call)];
    expect((await database.transact(writes)).committed).toBe(true);
  }
}
