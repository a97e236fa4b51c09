/** Attendance and the board over HTTP: who may see whom, two phones at one door, walk-ins, counts. */
import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type {
  AttendanceMarks,
  AttendanceSheet,
  Board,
  MarkRequest,
  MarkView,
} from '../../functions/attendance/model.ts';
import { openCall } from '../../functions/calls/store.ts';
import type { Course } from '../../functions/courses/model.ts';
import { type IdentityProvider, startIdentityProvider } from '../support/identity-provider.ts';
import { rowsOf } from '../support/raw-tables.ts';
import { anApplication, startWorld, type World } from '../support/world.ts';

let provider: IdentityProvider;
let world: World;
const tokens: Record<string, string> = {};
beforeAll(async () => {
  provider = await startIdentityProvider();
  world = await startWorld({ overrides: () => ({ authenticate: provider.authenticate }) });
  for (const role of ['course_staff', 'center_head', 'hiroba_staff', 'nobody']) {
    tokens[role] = await provider.token({ sub: `staff-${role}`, 'cognito:groups': [role] });
  }
});
afterAll(async () => {
  await world.stop();
  await provider.stop();
});

async function ask(path: string, body?: unknown, role = 'course_staff'): Promise<Response> {
  return fetch(world.origin + path, {
    method: body === undefined ? 'GET' : 'POST',
    headers: {
      accept: 'application/json',
      authorization: `Bearer ${tokens[role]}`,
      ...(body === undefined ? {} : { 'content-type': 'application/json' }),
    },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
}

const pathOf = (courseId: string, sessionKey = '1') =>
  `/api/staff/courses/${courseId}/sessions/${sessionKey}`;

async function sheetOf(courseId: string, sessionKey = '1', role = 'course_staff') {
  const response = await ask(`${pathOf(courseId, sessionKey)}/attendance`, undefined, role);
  expect(response.status).toBe(200);
  return (await response.json()) as AttendanceSheet;
}

let families = 100;
/** A family applies; gives the id of its registration. */
async function book(courseId: string, changes: Record<string, unknown> = {}): Promise<string> {
  families += 1;
  const response = await world.post(
    '/api/registrations',
    anApplication(courseId, families, changes),
    { 'idempotency-key': randomUUID() },
  );
  const { bookingNumber, detail } = (await response.json()) as Record<string, string>;
  expect(response.status, detail).toBe(201);
  return `reg_${bookingNumber?.replaceAll('-', '')}`;
}

const aMark = (registrationId: string, changes: Partial<MarkRequest> = {}): MarkRequest => ({
  registrationId,
  status: 'present',
  persons: {},
  version: 0,
  device: 'device-of-a-test',
  sequence: 1,
  ...changes,
});

async function withFamily(changes: Partial<Course> = {}, application = {}) {
  const { courseId } = await world.addCourse(changes);
  return { courseId, registrationId: await book(courseId, application) };
}

const NOBODY = { adults: 0, age0: 0, age1: 0, age2: 0, age3: 0, primary: 0, teens: 0 };

describe('the attendance of a session', () => {
  test('lists who has a confirmed place, by the reading of the names, with ages on that day', async () => {
    const { courseId } = await world.addCourse();
    const applicant = (name: string, kana: string, family: number) => ({
      applicant: { name, kana, phone: `042-000-09${family}`, email: `kana${family}@example.jp` },
    });
    await book(courseId, applicant('和田 見本', 'わだ みほん', 11));
    await book(courseId, {
      ...applicant('青木 見本', 'あおき みほん', 12),
      needs: '車いすで行きます',
    });
    const sheet = await sheetOf(courseId);
    expect(sheet.families.map(({ name }) => name)).toEqual(['青木 見本', '和田 見本']);
    expect(sheet.families[0]).toMatchObject({
      hasNeeds: true,
      phone: '0420000912',
      people: [{ key: 'p0', name: '見本 光', kana: 'ミホン ヒカリ', months: 6 }],
      counts: { participants: 1, adults: 1, childcare: 0 },
    });
    expect(JSON.stringify(sheet)).not.toContain('車いす');
    expect(JSON.stringify(sheet)).not.toContain('@example.jp');
    expect(sheet.seatsFree).toBe(18);
    expect(sheet.summary).toMatchObject({ expected: 2, unmarked: 2, people: 0 });
  });

  test('is for the roles that stand at the door; ひろば担当 sees no telephone number', async () => {
    const { courseId } = await withFamily();
    const path = `${pathOf(courseId)}/attendance`;
    expect((await fetch(world.origin + path)).status).toBe(401);
    expect((await ask(path, undefined, 'nobody')).status).toBe(403);
    expect((await ask('/api/staff/board', undefined, 'nobody')).status).toBe(403);
    expect((await sheetOf(courseId, '1', 'center_head')).families[0]?.phone).toBeDefined();
    const atTheDoor = await (await ask(path, undefined, 'hiroba_staff')).text();
    expect(atTheDoor).toContain('見本 光');
    expect(atTheDoor).not.toMatch(/042-?000/);
  });

  test('leaves out who waits, who cancelled, and who chose another date', async () => {
    const capacity = { unit: '組' as const, countedBy: 'application' as const, seats: 1 };
    const { courseId } = await world.addCourse({
      sessionChoice: 'each',
      sessions: [
        { key: 'A', date: '2026-12-10', start: '10:00', end: '11:00' },
        { key: 'B', date: '2026-12-11', start: '10:00', end: '11:00' },
      ],
      capacity: { ...capacity, waitlist: 5, perSession: true },
    });
    const first = await book(courseId, { sessionKeys: ['A'] });
    await book(courseId, { sessionKeys: ['A'] });
    expect((await sheetOf(courseId, 'A')).families.map((each) => each.registrationId)).toEqual([
      first,
    ]);
    expect((await sheetOf(courseId, 'B')).families).toEqual([]);
    expect((await sheetOf(courseId, 'B')).seatsFree).toBe(1);
    expect((await ask(`${pathOf(courseId, 'C')}/attendance`)).status).toBe(404);
    expect((await ask(`${pathOf('crs_nowhere', 'A')}/attendance`)).status).toBe(404);
  });

  test('lists children in childcare as people of the family', async () => {
    const { courseId } = await withFamily(
      { childcare: { places: 2, minMonths: 6 } },
      { childcare: [{ name: '見本 葵', kana: 'みほん あおい', birthDate: '2024-10-01' }] },
    );
    const [family] = (await sheetOf(courseId)).families;
    expect(family?.people.map(({ key, months }) => [key, months])).toEqual([
      ['p0', 6],
      ['c0', 26],
    ]);
    expect(family?.counts).toEqual({ participants: 1, adults: 1, childcare: 1 });
  });
});

describe('the audit', () => {
  test('has a line for each time the list is opened, and for each mark; none for marks alone', async () => {
    const { courseId, registrationId } = await withFamily();
    const lines = async () =>
      (await rowsOf(world, 'audit'))
        .filter(({ subject }) => [courseId, registrationId].includes(String(subject)))
        .sort((a, b) => (String(a['action']) < String(b['action']) ? 1 : -1));
    await sheetOf(courseId, '1', 'hiroba_staff');
    await ask(`${pathOf(courseId)}/marks`);
    await ask(`${pathOf(courseId)}/marks`, aMark(registrationId));
    expect(await lines()).toMatchObject([
      { action: 'attendance_read', actor: 'staff-hiroba_staff', subject: courseId, people: 2 },
      { action: 'attendance_marked', actor: 'staff-course_staff', subject: registrationId },
    ]);
  });
});

describe('a mark', () => {
  test('is kept and counted, and taken back when it is undone', async () => {
    const { courseId, registrationId } = await withFamily();
    const path = `${pathOf(courseId)}/marks`;
    const marked = await ask(path, aMark(registrationId, { status: 'late' }));
    expect(marked.status).toBe(200);
    expect(await marked.json()).toEqual({
      registrationId,
      status: 'late',
      persons: {},
      version: 1,
    });
    expect((await sheetOf(courseId)).summary).toMatchObject({ late: 1, unmarked: 0, people: 2 });
    await ask(path, aMark(registrationId, { status: 'unmarked', version: 1, sequence: 2 }));
    expect((await sheetOf(courseId)).summary).toMatchObject({ late: 0, unmarked: 1, people: 0 });
  });

  test('that is sent twice is one mark, and one event', async () => {
    const { courseId, registrationId } = await withFamily();
    const path = `${pathOf(courseId)}/marks`;
    const request = aMark(registrationId, { status: 'absent', reason: 'other', note: '雪のため' });
    const answers = await Promise.all([1, 2, 3].map(() => ask(path, request)));
    for (const answer of answers) {
      expect(answer.status).toBe(200);
      expect(((await answer.json()) as MarkView).version).toBe(1);
    }
    const events = (await rowsOf(world, 'events')).filter(
      (row) => row['kind'] === 'attendance_marked' && row['registrationId'] === registrationId,
    );
    expect(events).toHaveLength(1);
    expect(JSON.stringify(events)).not.toContain('雪');
  });

  test('of a second phone is refused until that phone has seen the first one’s', async () => {
    const { courseId, registrationId } = await withFamily();
    const path = `${pathOf(courseId)}/marks`;
    await ask(path, aMark(registrationId, { status: 'absent', reason: 'unwell' }));
    const hers = aMark(registrationId, { device: 'another-phone' });
    const refused = await ask(path, hers);
    expect(refused.status).toBe(409);
    expect(await refused.json()).toMatchObject({
      code: 'version_conflict',
      detail: expect.stringContaining('欠席（体調不良）'),
    });
    const { marks } = (await (await ask(path)).json()) as AttendanceMarks;
    expect(marks).toMatchObject([{ status: 'absent', version: 1 }]);
    const seen = await ask(path, { ...hers, version: 1 });
    expect(seen.status).toBe(200);
    expect((await sheetOf(courseId)).summary.present).toBe(1);
  });

  test('of two phones at once: one is kept, the other hears of it', async () => {
    const { courseId, registrationId } = await withFamily();
    const answers = await Promise.all([
      ask(`${pathOf(courseId)}/marks`, aMark(registrationId)),
      ask(
        `${pathOf(courseId)}/marks`,
        aMark(registrationId, { status: 'late', device: 'another-phone' }),
      ),
    ]);
    expect(answers.map(({ status }) => status).sort()).toEqual([200, 409]);
  });

  test('needs a reason for an absence, and none for anything else', async () => {
    const { courseId, registrationId } = await withFamily();
    const path = `${pathOf(courseId)}/marks`;
    const bad: Partial<MarkRequest>[] = [
      { status: 'absent' },
      { status: 'present', reason: 'unwell' },
      { status: 'absent', reason: 'unwell', note: '熱' },
      { status: 'absent', reason: 'plans', persons: { p0: 'present' } },
      { persons: { x0: 'absent' } },
    ];
    for (const changes of bad) {
      expect((await ask(path, aMark(registrationId, changes))).status).toBe(400);
    }
    expect((await sheetOf(courseId)).marks).toEqual([]);
  });

  test('is only for families that are expected there', async () => {
    const [here, elsewhere] = [await withFamily(), await withFamily()];
    const path = `${pathOf(here.courseId)}/marks`;
    expect((await ask(path, aMark(elsewhere.registrationId))).status).toBe(409);
    expect((await ask(path, aMark('reg_999999999'))).status).toBe(409);
  });

  test('can say who of a family is missing', async () => {
    const { courseId, registrationId } = await withFamily(
      {},
      {
        participants: [
          { name: '見本 光', kana: 'みほん ひかり', birthDate: '2026-06-01' },
          { name: '見本 空', kana: 'みほん そら', birthDate: '2026-06-01' },
        ],
      },
    );
    await ask(`${pathOf(courseId)}/marks`, aMark(registrationId, { persons: { p1: 'absent' } }));
    expect((await sheetOf(courseId)).summary).toMatchObject({ present: 1, people: 2 });
  });
});

describe('a walk-in', () => {
  const walkIn = () => ({
    walkInId: `wlk_${randomUUID()}`,
    counts: { ...NOBODY, adults: 1, age0: 1, primary: 1 },
  });

  test('is counted once, takes no seat, and can be taken back', async () => {
    const { courseId } = await withFamily();
    const path = `${pathOf(courseId)}/walk-ins`;
    const request = walkIn();
    for (const _time of [1, 2]) expect((await ask(path, request)).status).toBe(200);
    const sheet = await sheetOf(courseId);
    expect(sheet.walkIns).toHaveLength(1);
    expect(sheet.summary).toMatchObject({ walkIns: 3, people: 3 });
    expect(sheet.seatsFree).toBe(19);
    for (const _time of [1, 2]) {
      const removed = await ask(`${path}/${request.walkInId}/remove`, {});
      expect(removed.status).toBe(200);
      expect(await removed.json()).toMatchObject({ walkIns: [] });
    }
  });

  test('is somebody, and nothing but a count', async () => {
    const { courseId } = await withFamily();
    const path = `${pathOf(courseId)}/walk-ins`;
    expect((await ask(path, { ...walkIn(), counts: NOBODY })).status).toBe(400);
    expect((await ask(path, { ...walkIn(), name: '見本 花子' })).status).toBe(400);
  });
});

describe('the board', () => {
  const board = async (role = 'hiroba_staff') => {
    const response = await ask('/api/staff/board', undefined, role);
    expect(response.status).toBe(200);
    return (await response.json()) as Board;
  };
  const today = { sessions: [{ key: '1', date: '2026-12-01', start: '14:00', end: '15:00' }] };

  test('says what is on with counts, and names nobody', async () => {
    const { courseId } = await withFamily({
      ...today,
      application: { method: 'first_come', closesAt: '2026-12-01T04:00:00.000Z' },
    });
    const seen = await board();
    expect(seen.today).toBe('2026-12-01');
    expect(seen.sessions.find((session) => session.courseId === courseId)).toMatchObject({
      seats: { taken: 1, capacity: 20, waiting: 0 },
    });
    expect(seen.closingToday.map((each) => each.courseId)).toContain(courseId);
    expect(JSON.stringify(seen)).not.toMatch(/見本 |042-?000|@example/);
  });

  test('counts the calls that nobody has made', async () => {
    const before = (await board()).callsOpen;
    const { courseId, registrationId } = await withFamily();
    await openCall(world.deps.database, {
      callId: `bounce-${registrationId}`,
      registrationId,
      courseId,
      reason: 'bounce',
      about: 'registration_confirmed',
      poolKeys: ['all'],
      dueAt: '2026-12-10T01:00:00.000Z',
      createdAt: world.clock.now().toISOString(),
      tries: [],
    });
    expect((await board()).callsOpen).toBe(before + 1);
  });

  test('counts offers that wait for an answer', async () => {
    const before = (await board()).offersOpen.count;
    const { courseId } = await world.addCourse({
      capacity: { unit: '組', countedBy: 'application', seats: 1, waitlist: 5, perSession: false },
    });
    const family = anApplication(courseId, 91);
    const response = await world.post('/api/registrations', family);
    const { path } = (await response.json()) as { path: string };
    await book(courseId);
    await world.postForm(`${path.split('?')[0]}/cancel`, {});
    await world.settle();
    expect((await board()).offersOpen).toMatchObject({
      count: before + 1,
      firstEndsAt: expect.any(String),
    });
  });

  test('keeps this morning’s course until the evening, so that its attendance can be finished', async () => {
    const { courseId, registrationId } = await withFamily(today);
    world.clock.set('2026-12-01T06:00:01.000Z');
    await world.runClock();
    const on = await board();
    expect(on.sessions.filter((session) => session.courseId === courseId)).toHaveLength(1);
    const marked = await ask(`${pathOf(courseId)}/marks`, aMark(registrationId));
    expect(marked.status).toBe(200);
    world.clock.set('2026-12-02T00:00:00.000Z');
    const tomorrow = await board();
    expect(tomorrow.sessions.map((session) => session.courseId)).not.toContain(courseId);
  });
});
