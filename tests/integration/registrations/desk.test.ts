/**
 * Applications at the desk, over HTTP: found by number, telephone and reading; taken down by
 * telephone in the same queue; moved, cancelled, noted; and every look at a family written down.
 */
import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Role } from '../../../functions/platform/endpoint.ts';
import type {
  OpenedRegistration,
  Roster,
  SearchHits,
} from '../../../functions/registrations/desk-model.ts';
import { rowsOf } from '../../support/raw-tables.ts';
import { anApplication, startWorld, type World } from '../../support/world.ts';

let world: World;
/** While it is set, the table of the audit cannot be written. */
let auditIsAway = false;

beforeAll(async () => {
  world = await startWorld({
    overrides: () => ({
      authenticate: async (authorization) => ({
        subject: 'staff-1',
        roles: [(authorization ?? '').replace('Bearer ', '') as Role],
      }),
    }),
  });
  world.deps.database.client.middlewareStack.add(
    (next) => (args) => {
      if (auditIsAway && JSON.stringify(args.input).includes('-audit"')) throw new Error('Away');
      return next(args);
    },
    { step: 'initialize' },
  );
});
afterAll(() => world.stop());

let families = 0;
const nextFamily = () => {
  families += 1;
  return families;
};

interface Answer<T> {
  readonly status: number;
  readonly json: T;
}

async function ask<T = Record<string, unknown>>(
  method: string,
  path: string,
  body?: unknown,
  role: Role = 'course_staff',
): Promise<Answer<T>> {
  const response = await fetch(world.origin + path, {
    method,
    headers: {
      authorization: `Bearer ${role}`,
      accept: 'application/json',
      ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      'idempotency-key': randomUUID(),
    },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  return { status: response.status, json: (await response.json()) as T };
}

/** A family books on the site; its registration's id. */
async function byWeb(
  courseId: string,
  changes: Record<string, unknown> = {},
  family = nextFamily(),
): Promise<string> {
  world.clock.advance(1_000);
  const answer = await ask<{ bookingNumber: string }>(
    'POST',
    '/api/registrations',
    anApplication(courseId, family, changes),
  );
  expect(answer.status, JSON.stringify(answer.json)).toBe(201);
  return `reg_${answer.json.bookingNumber.replaceAll('-', '')}`;
}

/** Staff take the same down by telephone. */
async function byPhone(courseId: string, changes: Record<string, unknown> = {}) {
  world.clock.advance(1_000);
  const { email: _, ...applicant } = anApplication(courseId, nextFamily())['applicant'] as Record<
    string,
    string
  >;
  return ask<{ registrationId: string; lines: string[]; status: string }>(
    'POST',
    '/api/staff/registrations',
    { ...anApplication(courseId, families), applicant, channel: 'phone', ...changes },
  );
}

const open = (registrationId: string, role?: Role) =>
  ask<OpenedRegistration>('GET', `/api/staff/registrations/${registrationId}`, undefined, role);
const roster = (courseId: string, query = '', role?: Role) =>
  ask<Roster>('GET', `/api/staff/courses/${courseId}/registrations${query}`, undefined, role);
const search = (text: string, role?: Role) =>
  ask<SearchHits>('POST', '/api/staff/search', { text }, role);
const press = (registrationId: string, what: string, body: unknown = {}) =>
  ask<OpenedRegistration & { code: string }>(
    'POST',
    `/api/staff/registrations/${registrationId}/${what}`,
    body,
  );
const audited = async (action: string) =>
  (await rowsOf(world, 'audit')).filter((row) => row['action'] === action);

const seats = (number: number, waitlist = 10) => ({
  capacity: {
    unit: '組' as const,
    countedBy: 'application' as const,
    seats: number,
    waitlist,
    perSession: false,
  },
});

/** A course of two dates to choose from, each with its own seats. */
const twoDates = (number: number, waitlist = 5) => ({
  sessionChoice: 'one_of' as const,
  sessions: [
    { key: 'A', date: '2026-12-10', start: '10:00', end: '11:00' },
    { key: 'B', date: '2026-12-17', start: '10:00', end: '11:00' },
  ],
  capacity: { ...seats(number, waitlist).capacity, perSession: true },
});

test('who calls stands in the same queue, at the time of the call', async () => {
  const { courseId } = await world.addCourse(seats(1));
  await byWeb(courseId);
  const first = await byWeb(courseId);
  const call = await byPhone(courseId);
  const last = await byWeb(courseId);
  expect(call.status).toBe(201);
  expect(call.json.lines).toEqual(['キャンセル待ち 2 番目']);
  const positions = (await roster(courseId)).json.rows.map(({ registration, lines }) => [
    registration.registrationId,
    registration.channel,
    lines.join(),
  ]);
  expect(positions.slice(1)).toEqual([
    [first, 'web', 'キャンセル待ち 1 番目'],
    [call.json.registrationId, 'phone', 'キャンセル待ち 2 番目'],
    [last, 'web', 'キャンセル待ち 3 番目'],
  ]);
});

test('a call is taken by the same rules: the same refusals, at the same fields', async () => {
  const course = await world.addCourse(seats(3));
  const tooOld = [{ name: '見本 光', kana: 'みほん ひかり', birthDate: '2020-06-01' }];
  const refused = await byPhone(course.courseId, { participants: tooOld });
  expect(refused.status).toBe(422);
  expect(refused.json).toMatchObject({ code: 'not_eligible', field: 'participants.0.birthDate' });
  const nobody = await byPhone(course.courseId, {
    applicant: { name: '', kana: '漢字', phone: '12' },
  });
  expect(nobody.json).toMatchObject({ code: 'invalid_input' });
  const early = await world.addCourse({
    application: { method: 'first_come', opensAt: '2026-12-30T00:00:00.000Z' },
  });
  expect((await byPhone(early.courseId)).json).toMatchObject({ code: 'window_not_open' });
});

test('an application that is taken down twice by one press is one', async () => {
  const { courseId } = await world.addCourse();
  const body = { ...anApplication(courseId, nextFamily()), channel: 'counter' };
  const key = randomUUID();
  const send = () =>
    world.post('/api/staff/registrations', body, {
      authorization: 'Bearer course_staff',
      'idempotency-key': key,
    });
  const [a, b] = [await (await send()).json(), await (await send()).json()];
  expect(a).toEqual(b);
  expect((await roster(courseId)).json.rows).toHaveLength(1);
});

test('a course that is only for those whom staff tell of it takes calls and no one on the site', async () => {
  const { courseId } = await world.addCourse({ application: { method: 'staff' } });
  expect((await ask('POST', '/api/registrations', anApplication(courseId, 990))).status).toBe(409);
  expect((await byPhone(courseId)).status).toBe(201);
});

test.each([
  [
    'the booking number, as it is read aloud',
    (id: string) => id.replace(/^reg_(\d{3})(\d{3})/, '$1-$2-'),
  ],
  [
    'the booking number in full width',
    (id: string) => id.slice(4).replace(/\d/g, (d) => '０１２３４５６７８９'[Number(d)] ?? ''),
  ],
  ['the telephone number', () => '０４２（０００）９７０１'],
  ['hiragana', () => 'こうのとり'],
  ['the beginning in half-width katakana', () => 'ｺｳﾉ'],
  ['one kana', () => 'こ'],
  ['the whole reading without its space', () => 'コウノトリハル'],
])('an application is found by %s', async (_what, text) => {
  const { rows } = (await rowsOf(world, 'bookings').then((all) => ({
    rows: all.filter(
      (row) => JSON.stringify(row).includes('0420009701') && 'registrationId' in row,
    ),
  }))) as { rows: { registrationId: string }[] };
  const id =
    rows[0]?.registrationId ??
    (await byWeb(
      (
        await world.addCourse()
      ).courseId,
      {
        applicant: { name: '鸛 春', kana: 'こうのとり はる', phone: '042-000-9701' },
      },
      9701,
    ));
  const { json } = await search(text(id));
  expect(json.hits.map(({ registration }) => registration.registrationId)).toEqual([id]);
  const [hit] = json.hits;
  expect(hit?.registration.applicant).toMatchObject({ name: '鸛 春', phone: '0420009701' });
  expect(hit?.lines).toEqual(['参加確定']);
  expect(hit?.course.title).toBe('ためしの講座');
});

test('a search that is none of the three is told what to write; nothing is written down of it', async () => {
  const before = (await rowsOf(world, 'audit')).length;
  const { status, json } = await search('見本 花子');
  expect(status).toBe(400);
  expect(JSON.stringify(json)).toContain('漢字のお名前では探せません');
  expect((await rowsOf(world, 'audit')).length).toBe(before);
});

test('at most thirty are shown, and that there are more is said', async () => {
  const { courseId } = await world.addCourse({ ...seats(40) });
  for (let family = 0; family < 31; family += 1) {
    await byWeb(courseId, {
      applicant: {
        name: '沢山 花',
        kana: 'ヌマ ハナ',
        phone: `042-000-${8_000 + family}`,
      },
    });
  }
  const { json } = await search('ぬ');
  expect(json.hits).toHaveLength(30);
  expect(json.hasMore).toBe(true);
});

test('every look at a family is written down, with counts and ids and nothing of a person', async () => {
  const { courseId } = await world.addCourse();
  const id = await byWeb(courseId, {
    applicant: { name: '鶸 茶々', kana: 'ひわ ちゃちゃ', phone: '042-000-9801' },
  });
  const looks: [string, () => Promise<unknown>, Record<string, unknown>][] = [
    ['roster_read', () => roster(courseId), { subject: courseId, people: 2 }],
    [
      'roster_exported',
      () =>
        fetch(`${world.origin}/api/staff/courses/${courseId}/roster.csv`, {
          headers: { authorization: 'Bearer course_staff' },
        }),
      { subject: courseId, people: 2 },
    ],
    ['search', () => search('ひわ'), { people: 2 }],
    ['booking_read', () => open(id), { subject: id, people: 2 }],
    ['booking_noted', () => press(id, 'notes', { text: '鶸さんは遅れます' }), { subject: id }],
    ['booking_cancelled', () => press(id, 'cancel'), { subject: id, people: 2 }],
    [
      'audit_read',
      () => ask('GET', '/api/staff/audit?day=2026-12-01', undefined, 'center_head'),
      { subject: '2026-12-01' },
    ],
  ];
  for (const [action, look, row] of looks) {
    const before = await audited(action);
    await look();
    const after = await audited(action);
    expect(after.length, action).toBe(before.length + 1);
    const added = after.find((each) => !before.some(({ sk }) => sk === each.sk));
    expect(added, action).toMatchObject({ actor: 'staff-1', ...row });
    expect(Object.keys(added ?? {}).sort(), action).toEqual(
      [
        'action',
        'actor',
        'at',
        'people',
        'pk',
        'sk',
        ...('subject' in row ? ['subject'] : []),
      ].sort(),
    );
  }
  expect(JSON.stringify(await rowsOf(world, 'audit'))).not.toMatch(/鶸|ひわ|ヒワ|茶|9801|遅れ/);
});

test('what cannot be written down is not shown, and not done', async () => {
  const { courseId } = await world.addCourse();
  const id = await byWeb(courseId);
  auditIsAway = true;
  try {
    for (const asked of [
      () => roster(courseId),
      () => open(id),
      () => search('みほん'),
      () => press(id, 'cancel'),
      () => press(id, 'notes', { text: 'メモ' }),
      () => byPhone(courseId),
    ]) {
      const { status, json } = await asked();
      expect(status).toBeGreaterThanOrEqual(500);
      expect(JSON.stringify(json)).not.toContain('見本');
    }
  } finally {
    auditIsAway = false;
  }
  const { json } = await roster(courseId);
  expect(json.rows.map(({ status }) => status)).toEqual(['confirmed']);
  expect(json.rows[0]?.registration.notes).toEqual([]);
});

test('who looks after the ひろば sees names in a roster, and nothing to reach or to know them by', async () => {
  const { courseId } = await world.addCourse({ asks: ['allergy', 'guardian'] });
  await byWeb(courseId, {
    allergy: '卵',
    needs: '車いすです',
    guardian: { name: '見本 親', phone: '042-000-7777' },
  });
  const { json } = await roster(courseId, '', 'hiroba_staff');
  const text = JSON.stringify(json);
  expect(text).toContain('見本 花子');
  expect(text).toContain('見本 光');
  expect(text).not.toMatch(/042000|example\.jp|2026-06-01|卵|車いす|phone":|email|birthDate/);
  const file = await (
    await fetch(`${world.origin}/api/staff/courses/${courseId}/roster.csv`, {
      headers: { authorization: 'Bearer hiroba_staff' },
    })
  ).text();
  expect(file).toContain('見本 花子');
  expect(file).not.toMatch(
    /042-000-\d{4}|example\.jp|2026-06-01|卵|車いす|電話|メール|生年月日|アレルギー/,
  );
});

test.each([
  ['POST', '/api/staff/search', { text: 'み' }],
  ['GET', '/api/staff/registrations/reg_123456789', undefined],
  ['POST', '/api/staff/registrations/reg_123456789/cancel', {}],
  ['GET', '/api/staff/audit?day=2026-12-01', undefined],
])('who looks after the ひろば may not %s %s', async (method, path, body) => {
  expect((await ask(method, path, body, 'hiroba_staff')).json).toMatchObject({
    code: 'role_missing',
  });
});

test('only the head of the centre reads the audit', async () => {
  const day = '/api/staff/audit?day=2026-12-01';
  expect((await ask('GET', day, undefined, 'course_staff')).status).toBe(403);
  const { status, json } = await ask<{ rows: { at: string }[]; next?: string }>(
    'GET',
    day,
    undefined,
    'center_head',
  );
  expect(status).toBe(200);
  const times = json.rows.map(({ at }) => at);
  expect(times).toEqual([...times].sort().reverse());
  expect(
    (await ask('GET', '/api/staff/audit?day=yesterday', undefined, 'center_head')).status,
  ).toBe(400);
});

test('staff cancel also after the page of the family has closed, and the seat is free again', async () => {
  const { courseId } = await world.addCourse({ ...seats(1) });
  const id = await byWeb(courseId);
  const now = world.clock.now();
  world.clock.set('2026-12-09T10:00:00.000Z');
  const { status, json } = await press(id, 'cancel');
  world.clock.set(now);
  expect(status).toBe(200);
  expect(json.status).toBe('cancelled');
  expect(json.can).toEqual([]);
  expect(await world.pool(courseId)).toMatchObject({ free: 1 });
});

test('staff give the answer of a family to an offer', async () => {
  const { courseId } = await world.addCourse({ ...seats(1) });
  const first = await byWeb(courseId);
  const second = await byWeb(courseId);
  const third = await byWeb(courseId);
  await press(first, 'cancel');
  await world.settle();
  expect((await open(second)).json.can).toEqual(['cancel', 'accept', 'decline']);
  expect((await press(second, 'decline')).json.status).toBe('declined');
  await world.settle();
  expect((await press(third, 'accept')).json.lines).toEqual(['参加確定']);
  expect((await press(third, 'accept')).json.code).toBe('not_possible_now');
});

test('a move takes the seat there and frees it here; the next in line there is not overtaken', async () => {
  const { courseId } = await world.addCourse(twoDates(1));
  const mover = await byWeb(courseId, { sessionKeys: ['A'] });
  const waiting = await byWeb(courseId, { sessionKeys: ['A'] });
  expect((await open(mover)).json.moves).toEqual([{ from: 'A', to: ['B'] }]);
  const { status, json } = await press(mover, 'move', { from: 'A', to: 'B', wait: false });
  expect(status, JSON.stringify(json)).toBe(200);
  expect(json.lines).toEqual(['12月17日（木） 10時　参加確定']);
  expect(json.registration.sessionKeys).toEqual(['B']);
  expect(json.registration.notes?.map(({ text }) => text)).toEqual([
    '12月10日（木） 10時の回から、12月17日（木） 10時の回に移しました。',
  ]);
  await world.settle();
  expect(await world.pool(courseId, 'B')).toMatchObject({ free: 0 });
  expect((await open(waiting)).json.status).toBe('offered');
  const mail = world.mails.filter(({ subject }) => subject.includes('参加する回が変わりました'));
  expect(mail).toHaveLength(1);
  expect(mail[0]?.text).toContain('12月17日');
});

test('a move to a full session is refused and changes nothing, unless the wait is asked for', async () => {
  const { courseId } = await world.addCourse(twoDates(1));
  const mover = await byWeb(courseId, { sessionKeys: ['A'] });
  await byWeb(courseId, { sessionKeys: ['B'] });
  const before = await rowsOf(world, 'bookings');
  const refused = await press(mover, 'move', { from: 'A', to: 'B', wait: false });
  expect(refused.json.code).toBe('course_full');
  expect(await rowsOf(world, 'bookings')).toEqual(before);
  const { json } = await press(mover, 'move', { from: 'A', to: 'B', wait: true });
  expect(json.lines).toEqual(['12月17日（木） 10時　キャンセル待ち 1 番目']);
  expect(await world.pool(courseId, 'A')).toMatchObject({ free: 1 });
  expect(await world.pool(courseId, 'B')).toMatchObject({ free: 0, waiting: 1 });
});

test('two who move to the last seat at once: one has it, the other keeps what it had', async () => {
  const { courseId } = await world.addCourse(twoDates(2, 0));
  await byWeb(courseId, { sessionKeys: ['B'] });
  const movers = [
    await byWeb(courseId, { sessionKeys: ['A'] }),
    await byWeb(courseId, { sessionKeys: ['A'] }),
  ];
  const answers = await Promise.all(
    movers.map((id) => press(id, 'move', { from: 'A', to: 'B', wait: false })),
  );
  expect(answers.map(({ status }) => status).sort()).toEqual([200, 409]);
  expect(await world.pool(courseId, 'A')).toMatchObject({ free: 1 });
  expect(await world.pool(courseId, 'B')).toMatchObject({ free: 0 });
});

test('a household that moves among dates is known for the new one, and no more for the old', async () => {
  const { courseId } = await world.addCourse({ ...twoDates(3), sessionChoice: 'each' });
  const family = nextFamily();
  const id = await byWeb(courseId, { sessionKeys: ['A'] }, family);
  await press(id, 'move', { from: 'A', to: 'B', wait: false });
  const again = anApplication(courseId, family);
  expect(
    (await ask('POST', '/api/registrations', { ...again, sessionKeys: ['B'] })).json,
  ).toMatchObject({
    code: 'already_applied',
  });
  const other = await ask<{ bookingNumber: string }>('POST', '/api/registrations', {
    ...again,
    sessionKeys: ['A'],
  });
  expect(other.status).toBe(201);
  const otherId = `reg_${other.json.bookingNumber.replaceAll('-', '')}`;
  const back = await press(otherId, 'move', { from: 'A', to: 'B', wait: false });
  expect(back.json.code).toBe('already_applied');
});

test('childcare goes along when the family moves, or nothing does', async () => {
  const { courseId } = await world.addCourse({
    ...twoDates(5),
    childcare: { places: 1, minMonths: 6 },
  });
  const sibling = { name: '見本 兄', kana: 'みほん あに', birthDate: '2024-06-01' };
  const mover = await byWeb(courseId, { sessionKeys: ['A'], childcare: [sibling] });
  const there = await byWeb(courseId, { sessionKeys: ['B'], childcare: [sibling] });
  expect((await press(mover, 'move', { from: 'A', to: 'B', wait: false })).json.code).toBe(
    'childcare_full',
  );
  await press(there, 'cancel');
  await world.settle();
  const { json } = await press(mover, 'move', { from: 'A', to: 'B', wait: false });
  expect(json.lines).toEqual(['12月17日（木） 10時　参加確定', '12月17日（木） 10時　保育あり']);
  expect(await world.pool(courseId, 'childcare-A')).toMatchObject({ free: 1 });
  expect(await world.pool(courseId, 'childcare-B')).toMatchObject({ free: 0 });
});

test('notes are added in order, by whom and when, and never to a booking that is not there', async () => {
  const { courseId } = await world.addCourse();
  const id = await byWeb(courseId);
  await press(id, 'notes', { text: '電話あり。\n遅れて来ます。' });
  const { json } = await press(id, 'notes', { text: '=1+1' });
  expect(json.registration.notes).toEqual([
    { at: expect.any(String), by: 'staff-1', text: '電話あり。\n遅れて来ます。' },
    { at: expect.any(String), by: 'staff-1', text: '=1+1' },
  ]);
  expect((await press(id, 'notes', { text: '　 ' })).status).toBe(400);
  for (const what of ['notes', 'cancel', 'move']) {
    const body =
      what === 'notes' ? { text: 'a' } : what === 'move' ? { from: 'A', to: 'B', wait: false } : {};
    expect((await press('reg_999999999', what, body)).json.code).toBe('booking_not_found');
  }
});

test('a roster is read page by page, each family once, also for one session', async () => {
  const { courseId } = await world.addCourse(twoDates(150, 0));
  const ids: string[] = [];
  for (let family = 0; family < 210; family += 1) {
    ids.push(await byWeb(courseId, { sessionKeys: [family % 2 === 0 ? 'A' : 'B'] }));
  }
  const read: string[] = [];
  let next: string | undefined;
  let pages = 0;
  do {
    const from = next === undefined ? '' : `?from=${encodeURIComponent(next)}`;
    const { json } = await roster(courseId, from);
    read.push(...json.rows.map(({ registration }) => registration.registrationId));
    next = json.next;
    pages += 1;
  } while (next !== undefined);
  expect(pages).toBeGreaterThan(1);
  expect(read).toEqual(ids);
  const { json } = await roster(courseId, '?session=A');
  expect(json.rows.every(({ registration }) => registration.sessionKeys.includes('A'))).toBe(true);
  expect((await roster(courseId, '?from=elsewhere')).status).toBe(400);
});

test('the file of a roster opens as it is meant: mark, lines, names, zeros', async () => {
  const { courseId } = await world.addCourse({ title: '親子/ヨガ' });
  await byWeb(courseId, {
    applicant: { name: '=cmd|calc', kana: 'みほん', phone: '042-000-9901' },
    needs: '"鍵"、\n二行目',
  });
  const response = await fetch(`${world.origin}/api/staff/courses/${courseId}/roster.csv`, {
    headers: { authorization: 'Bearer course_staff' },
  });
  expect(response.headers.get('content-type')).toBe('text/csv; charset=utf-8');
  expect(decodeURIComponent(response.headers.get('content-disposition') ?? '')).toBe(
    "attachment; filename*=UTF-8''名簿_親子 ヨガ_2026年12月10日（木）.csv",
  );
  const bytes = new Uint8Array(await response.arrayBuffer());
  expect([...bytes.slice(0, 3)]).toEqual([0xef, 0xbb, 0xbf]);
  const text = new TextDecoder().decode(bytes);
  expect(text).toMatch(/^受付番号,状態,/);
  expect(text).toContain('\r\n');
  expect(text).toContain("'=cmd|calc");
  expect(text).toContain('042-000-9901');
  expect(text).toContain('"""鍵""、\n二行目"');
});
