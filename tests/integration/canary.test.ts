/**
 * Marked personal values are sent through every endpoint, in good requests and bad ones, while all is
 * well and while things fail. They may lie in the bookings table and in the mail, and nowhere else:
 * no log line, no event, nothing on the agenda, no course, no published page, no address.
 */
import { randomUUID } from 'node:crypto';
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { endpoints } from '../../functions/api.ts';
import { makeNoticeHandler } from '../../functions/platform/mail-notices.ts';
import type { Mail } from '../../functions/platform/mailer.ts';
import { callAfterBounce } from '../../functions/registrations/bounce.ts';
import { type Engine, startEngine } from '../../infra/local/engine.ts';
import { bounceNotice } from '../../infra/local/mail-notice.ts';
import { letterRequests } from '../support/good-letters.ts';
import { type IdentityProvider, startIdentityProvider } from '../support/identity-provider.ts';
import { pictureRequests } from '../support/picture-requests.ts';
import { rowsOf } from '../support/raw-tables.ts';
import { startWorld, type World } from '../support/world.ts';

const MARKED = {
  name: '鴇田 カナリア',
  kana: 'ときた かなりあ',
  childName: '鴇田 のばら',
  childKana: 'トキタ ノバラ',
  email: 'mejiro..kanaria@docomo.ne.jp',
  needs: '鳥かごの配慮をお願いします',
  address: '203.0.113.77',
  agent: 'MejiroBrowser/7.7',
  referer: 'https://search.example/?q=mejiro-referer',
  cookie: 'mejiro-cookie=1',
  /** The same number as a person types it; the last one is no number at all. */
  phones: [
    '042-777-3141',
    '０４２－７７７－３１４１',
    '042(777)3141',
    '+81 42 777 3141',
    '0427773141x',
  ],
};

/** What must be found nowhere: every spelling, and every part that is telling by itself. */
const TRACES = [
  '鴇田',
  'カナリア',
  'かなりあ',
  'ときた',
  'トキタ',
  'のばら',
  'ノバラ',
  'kanaria',
  'mejiro',
  '鳥かご',
  '777-3141',
  '7773141',
  '７７７－３１４１',
  '777)3141',
  '777 3141',
  '203.0.113.77',
  'MejiroBrowser',
  '2026-06-17',
  '2026年6月17日',
];

function tracesIn(text: string): string[] {
  const plain = text.replace(/\\u([0-9a-f]{4})/gi, (_all, code: string) =>
    String.fromCharCode(Number.parseInt(code, 16)),
  );
  const decoded = (() => {
    try {
      return decodeURIComponent(plain);
    } catch {
      return plain;
    }
  })();
  return TRACES.filter((trace) =>
    `${plain}\n${decoded}`.toLowerCase().includes(trace.toLowerCase()),
  );
}

const HEADERS = {
  'x-forwarded-for': MARKED.address,
  'user-agent': MARKED.agent,
  referer: MARKED.referer,
  cookie: MARKED.cookie,
};

let engine: Engine;
let provider: IdentityProvider;
let world: World;
let token: string;
let mailIsDown = false;
/** Where every answer so far would lead a browser. */
const locations: string[] = [];

beforeAll(async () => {
  engine = await startEngine();
  provider = await startIdentityProvider();
  token = await provider.token({
    sub: 'staff-1',
    email: 'mejiro-staff@example.jp',
    'cognito:groups': ['course_staff', 'center_head'],
  });
  const mails: Mail[] = [];
  world = await startWorld({
    engine,
    overrides: () => ({
      authenticate: provider.authenticate,
      mailer: {
        async send(mail) {
          // An error whose message quotes the recipient, as a mail service's may.
          if (mailIsDown) throw new Error(`Rejected <${mail.to}>\n    at ${mail.text}`);
          mails.push(mail);
        },
      },
    }),
  });
});
afterAll(async () => {
  await world.stop();
  await provider.stop();
  await engine.stop();
});

async function send(
  method: string,
  path: string,
  body: unknown,
  more: Record<string, string> = {},
): Promise<Response> {
  const isForm = body instanceof URLSearchParams;
  const response = await fetch(world.origin + path, {
    method,
    redirect: 'manual',
    headers: {
      ...HEADERS,
      authorization: `Bearer ${token}`,
      ...(method === 'GET'
        ? {}
        : { 'content-type': isForm ? 'application/x-www-form-urlencoded' : 'application/json' }),
      ...more,
    },
    ...(method === 'GET'
      ? {}
      : {
          body: isForm ? body.toString() : typeof body === 'string' ? body : JSON.stringify(body),
        }),
  });
  const location = response.headers.get('location');
  if (location !== null) locations.push(location);
  return response;
}

function anApplication(courseId: string, phone: string, changes: Record<string, unknown> = {}) {
  return {
    courseId,
    applicant: { name: MARKED.name, kana: MARKED.kana, phone, email: MARKED.email },
    participants: [{ name: MARKED.childName, kana: MARKED.childKana, birthDate: '2026年6月17日' }],
    needs: MARKED.needs,
    ...changes,
  };
}

function aForm(courseId: string, phone: string): URLSearchParams {
  return new URLSearchParams({
    courseId,
    'applicant.name': MARKED.name,
    'applicant.kana': MARKED.kana,
    'applicant.phone': phone,
    'applicant.email': MARKED.email,
    'participants.0.name': MARKED.childName,
    'participants.0.kana': MARKED.childKana,
    'participants.0.birthDate.year': '令和8',
    'participants.0.birthDate.month': '6',
    'participants.0.birthDate.day': '17',
    needs: MARKED.needs,
  });
}

/** Marked values through every endpoint, well and badly; what answers is not looked at here. */
async function sendEverything(): Promise<void> {
  for (const phone of MARKED.phones) {
    const { courseId } = await world.addCourse();
    const booked = await send('POST', '/api/registrations', anApplication(courseId, phone));
    const { path = '' } = (await booked.json().catch(() => ({}))) as { path?: string };
    await send('GET', `${path.split('?')[0]}/calendar.ics`, undefined);
    await send('POST', '/api/registrations', aForm((await world.addCourse()).courseId, phone));
    // Twice the same household, and the same key with another body.
    const key = { 'idempotency-key': `mejiro ${MARKED.email}` };
    await send('POST', '/api/registrations', anApplication(courseId, phone), key);
    await send('POST', '/api/registrations', anApplication(courseId, phone, { needs: 'x' }), key);
    await send('POST', '/api/bookings/find', { bookingNumber: '482-103-937', phone });
    await send(
      'POST',
      '/api/bookings/find',
      new URLSearchParams({ bookingNumber: MARKED.name, phone }),
    );
  }
  await sendFromDesk();
  await standAtTheDoor();
  await send('GET', '/api/staff/hiroba', undefined);
  await sendBadly();
  // What letters themselves say is followed in letters/canary.test.ts; here it is who asks.
  const requests = { ...letterRequests(() => world), ...pictureRequests(() => world) };
  for (const make of Object.values(requests)) {
    const { path, body } = await make();
    await send(body === undefined ? 'GET' : 'POST', path, body);
  }
}

/** The same values by the hands of staff: typed into the desk, searched for, noted, read, saved. */
async function sendFromDesk(): Promise<void> {
  const { courseId } = await world.addCourse({
    sessionChoice: 'one_of',
    sessions: [
      { key: 'A', date: '2026-12-10', start: '10:00', end: '11:00' },
      { key: 'B', date: '2026-12-17', start: '10:00', end: '11:00' },
    ],
  });
  const body = {
    ...anApplication(courseId, '042-777-3141', { sessionKeys: ['A'] }),
    channel: 'phone',
  };
  const entered = await send('POST', '/api/staff/registrations', body);
  expect(entered.status).toBe(201);
  const { registrationId } = (await entered.json()) as { registrationId: string };
  const path = `/api/staff/registrations/${registrationId}`;
  for (const text of [MARKED.kana, MARKED.name, ...MARKED.phones]) {
    await send('POST', '/api/staff/search', { text });
  }
  await send('GET', path, undefined);
  await send('POST', `${path}/notes`, { text: `${MARKED.name} ${MARKED.needs}` });
  await send('POST', `${path}/notes`, { text: MARKED.needs.repeat(100) });
  await send('POST', `${path}/move`, { from: 'A', to: 'B', wait: false });
  await send('POST', `${path}/accept`, {});
  await send('POST', `${path}/decline`, { poolKey: MARKED.name });
  await send('POST', `${path}/cancel`, {});
  await send('GET', `/api/staff/courses/${courseId}/registrations`, undefined);
  await send('GET', `/api/staff/courses/${courseId}/roster.csv`, undefined);
  await send('GET', '/api/staff/audit?day=2026-12-01', undefined);
}

/** A family is looked at and marked at the door; the note goes where it belongs. */
async function standAtTheDoor(): Promise<void> {
  const { courseId } = await world.addCourse();
  const door = `/api/staff/courses/${courseId}/sessions/1`;
  const body = anApplication(courseId, '042-777-3149');
  const booked = (await (await send('POST', '/api/registrations', body)).json()) as {
    bookingNumber: string;
  };
  const sheet = await (await send('GET', `${door}/attendance`, undefined)).text();
  expect(sheet).toContain(MARKED.name);
  const marked = await send('POST', `${door}/marks`, {
    registrationId: `reg_${booked.bookingNumber.replaceAll('-', '')}`,
    status: 'absent',
    reason: 'other',
    note: MARKED.needs,
    persons: {},
    version: 0,
    device: 'device-of-a-test',
    sequence: 1,
  });
  expect(marked.status).toBe(200);
}

/** Marked values where no value of that kind belongs. */
async function sendBadly(): Promise<void> {
  const { courseId } = await world.addCourse();
  const door = `/api/staff/courses/${courseId}/sessions/1`;
  const bad: [string, string, unknown, Record<string, string>?][] = [
    ['POST', '/api/registrations', anApplication(MARKED.email, '042-777-3141')],
    ['POST', '/api/registrations', anApplication(courseId, '042-777-3141', { [MARKED.name]: 'x' })],
    ['POST', '/api/registrations', `{"applicant":"${MARKED.name}`],
    [
      'POST',
      '/api/registrations',
      anApplication(courseId, '042-777-3141'),
      { origin: 'https://mejiro.example' },
    ],
    ['POST', '/api/registrations', JSON.stringify(MARKED), { 'content-type': 'text/mejiro' }],
    ['POST', '/api/registrations', MARKED.needs.repeat(5_000)],
    ['POST', `/api/registrations?phone=042-777-3141&name=${encodeURIComponent(MARKED.name)}`, {}],
    ['GET', `/api/courses/${encodeURIComponent(MARKED.name)}`, undefined],
    ['GET', `/api/courses?name=${encodeURIComponent(MARKED.childName)}`, undefined],
    ['GET', `/bookings/${encodeURIComponent(MARKED.email)}`, undefined],
    ['POST', `/bookings/${encodeURIComponent(MARKED.name)}/cancel`, { needs: MARKED.needs }],
    ['GET', `/mejiro/${encodeURIComponent(MARKED.name)}`, undefined],
    ['POST', '/api/staff/courses', { title: MARKED.name }],
    ['PATCH', `/api/staff/courses/${courseId}`, { version: 1, changes: { audience: 7 } }],
    // Names whom it would hurt by number, and is not saved.
    ['PATCH', `/api/staff/courses/${courseId}`, { version: 1, changes: { fee: { yen: 777 } } }],
    [
      'PATCH',
      `/api/staff/courses/${courseId}`,
      { version: 1, changes: {} },
      { authorization: `Bearer ${MARKED.email}` },
    ],
    ['GET', `/api/staff/courses/${courseId}/lottery`, undefined],
    [
      'POST',
      `/api/staff/courses/${courseId}/lottery/value`,
      { version: 1, publicValue: MARKED.name },
    ],
    ['POST', `/api/staff/courses/${courseId}/lottery/publish`, { version: MARKED.name }],
    ['POST', '/api/staff/hiroba/komorebi/visits', { version: 0, date: MARKED.name, slots: {} }],
    [
      'GET',
      `/api/staff/hiroba/komorebi/visits?month=${encodeURIComponent(MARKED.name)}`,
      undefined,
    ],
    ['GET', `/api/staff/hiroba/${encodeURIComponent(MARKED.name)}/visits?month=2026-12`, undefined],
    ['GET', '/api/staff/board', undefined],
    ...(['attendance', 'marks'] as const).map((what): [string, string, unknown] => [
      'GET',
      `${door}/${what}`,
      undefined,
    ]),
    ['GET', `${door}/attendance?name=${encodeURIComponent(MARKED.name)}`, undefined],
    ['POST', `${door}/marks`, { registrationId: MARKED.name, note: MARKED.needs }],
    ['POST', `${door}/walk-ins`, { walkInId: MARKED.email, counts: { adults: MARKED.name } }],
    ['POST', `${door}/walk-ins/${encodeURIComponent(MARKED.name)}/remove`, { a: MARKED.needs }],
    ['GET', '/api/staff/courses', undefined, { authorization: 'Bearer mejiro.mejiro.mejiro' }],
    ['GET', '/api/staff/courses', undefined],
    ['GET', '/api/staff/calls', undefined],
    ['POST', `/api/staff/calls/${encodeURIComponent(MARKED.email)}`, { result: 'reached' }],
    ['POST', '/api/staff/calls/evt_1', { result: MARKED.name, note: MARKED.needs }],
  ];
  for (const [method, path, body, more] of bad) await send(method, path, body, more);
}

/** The journey of bookings with marked values: seat, waitlist, offer, and every button. */
async function walkTheJourney(): Promise<string[]> {
  const { courseId } = await world.addCourse({
    capacity: { unit: '組', countedBy: 'application', seats: 1, waitlist: 5, perSession: false },
  });
  const paths: string[] = [];
  for (const digits of ['3141', '3142', '3143', '3144']) {
    const applicant = { name: MARKED.name, kana: MARKED.kana, phone: `042-777-${digits}` };
    const email = `mejiro.${digits}@example.jp`;
    const response = await send(
      'POST',
      '/api/registrations',
      anApplication(courseId, '', { applicant: { ...applicant, email } }),
      { 'idempotency-key': randomUUID() },
    );
    const { path, bookingNumber } = (await response.json()) as Record<string, string>;
    locations.push(path ?? '');
    paths.push(path?.split('?')[0] ?? '');
    await send('POST', '/api/bookings/find', { bookingNumber, phone: `042-777-${digits}` });
    await send(
      'POST',
      '/api/bookings/find',
      new URLSearchParams({ bookingNumber: bookingNumber ?? '', phone: applicant.phone }),
    );
  }
  for (const [path, action] of [
    [paths[0], 'cancel'],
    [paths[1], 'accept'],
    [paths[1], 'cancel'],
    [paths[2], 'decline'],
    [paths[3], 'cancel'],
  ]) {
    await world.settle();
    await send('GET', `${path}?done=mejiro`, undefined, { accept: 'text/html' });
    await send('POST', `${path}/${action}`, new URLSearchParams());
  }
  await world.settle();
  await telephone();
  return paths;
}

/** A mail that came back, and the call instead, with a note of what was heard. */
async function telephone(): Promise<void> {
  const { courseId } = await world.addCourse();
  await send('POST', '/api/registrations', anApplication(courseId, '042-777-3145'));
  await world.settle();
  for (const { pk, eventId, kind } of await rowsOf(world, 'events')) {
    if (kind !== 'registration_confirmed') continue;
    const raw = Buffer.from(
      `X-Hidamari-Message: ${eventId}.${kind}\r\nTo: ${MARKED.email}\r\n\r\n`,
    );
    const notice = bounceNotice(raw, [MARKED.email], world.clock.now().toISOString());
    await makeNoticeHandler(callAfterBounce, world.deps)(notice);
    expect(pk).toBe(`EVENT#${eventId}`);
  }
  const listed = await send('GET', '/api/staff/calls', undefined);
  const { calls } = (await listed.json()) as { calls: { callId: string; name: string }[] };
  expect(calls.map(({ name }) => name)).toContain(MARKED.name);
  for (const { callId } of calls) {
    const said = { note: `${MARKED.name} ${MARKED.needs}` };
    await send('POST', `/api/staff/calls/${callId}`, { result: 'not_reached', ...said });
  }
}

/** Every file that was published, text and metadata. */
function published(folder: string): string[] {
  return readdirSync(folder).flatMap((name) => {
    const path = join(folder, name);
    return statSync(path).isDirectory()
      ? published(path)
      : [`${path}\n${readFileSync(path, 'utf8')}`];
  });
}

const LETTERS_AND_LOGS = [
  'events',
  'agenda',
  'courses',
  'audit',
  'consultations',
  'notices',
  'spent',
  'keys',
  'records',
] as const;

async function expectNoTrace(): Promise<void> {
  expect(world.logLines.length).toBeGreaterThan(0);
  expect(tracesIn(world.logLines.join('\n'))).toEqual([]);
  expect(world.logLines.join('\n')).not.toContain(token);
  for (const table of LETTERS_AND_LOGS) {
    expect(tracesIn(JSON.stringify(await rowsOf(world, table))), table).toEqual([]);
  }
  for (const file of published(world.deps.config.siteFolder ?? ''))
    expect(tracesIn(file)).toEqual([]);
  for (const location of locations) {
    expect(location).toMatch(/^\/bookings\/[1-9]\d{8}-[\w-]{22}(\?done=[a-z]+)?$/);
  }
}

describe('personal values', () => {
  test('are found where they belong: this test would see them', async () => {
    await walkTheJourney();
    const bookings = JSON.stringify(await rowsOf(world, 'bookings'));
    for (const trace of [
      '鴇田',
      'カナリア',
      'のばら',
      '7773141',
      'mejiro',
      '鳥かご',
      '2026-06-17',
    ]) {
      expect(tracesIn(bookings)).toContain(trace);
    }
    expect(tracesIn('%E9%B4%87%E7%94%B0')).toEqual(['鴇田']);
    expect(tracesIn(JSON.stringify({ name: '\u9d07田' }))).toEqual(['鴇田']);
  });

  test('leave no trace while all is well', async () => {
    await sendEverything();
    await world.settle();
    await expectNoTrace();
    const routes = new Set(
      world.logLines.map((line) => (JSON.parse(line) as { route?: string }).route),
    );
    for (const { method, path } of endpoints) expect([...routes]).toContain(`${method} ${path}`);
  });

  test('do not lie as they are in the keys of the bookings table: nobody finds a person by a key', async () => {
    for (const { pk, sk } of await rowsOf(world, 'bookings'))
      expect(tracesIn(`${pk} ${sk}`)).toEqual([]);
  });

  test('leave no trace while the mail endpoint is away and its errors quote them', async () => {
    mailIsDown = true;
    await walkTheJourney();
    for (let minutes = 0; minutes < 3; minutes += 1) {
      world.clock.advance(60_000);
      await world.runClock();
    }
    mailIsDown = false;
    expect(world.logLines.some((line) => line.includes('A reaction failed'))).toBe(true);
    await expectNoTrace();
  });

  test('leave no trace when the store itself throws an error that quotes them', async () => {
    const { client } = world.deps.database;
    const quote = `Invalid item: {"name":"${MARKED.name}"}\n    at ${MARKED.needs} (${MARKED.email}:1:1)`;
    client.middlewareStack.add(
      () => async () => {
        throw Object.assign(new Error(quote), { name: 'ValidationException' });
      },
      { step: 'initialize', priority: 'low', name: 'canary' },
    );
    try {
      const form = aForm('crs_test-1', '042-777-3141');
      expect((await send('POST', '/api/registrations', form)).status).toBe(500);
      const answer = await send(
        'POST',
        '/api/registrations',
        anApplication('crs_test-1', '042-777-3141'),
      );
      expect(answer.status).toBe(500);
      expect(tracesIn(await answer.text())).toEqual([]);
    } finally {
      client.middlewareStack.remove('canary');
    }
    expect(world.logLines.some((line) => line.includes('Unexpected error'))).toBe(true);
    await expectNoTrace();
  });

  test('leave no trace while the engine is away; it is said to come back, and nothing is half done', async () => {
    const before = await rowsOf(world, 'bookings');
    const { courseId } = await world.addCourse();
    const pid = engine.pid();
    if (pid === undefined) throw new Error('No engine');
    process.kill(pid, 'SIGSTOP');
    try {
      const [asScript, asForm] = await Promise.all([
        send('POST', '/api/registrations', anApplication(courseId, '042-777-3141')),
        send('POST', '/api/registrations', aForm(courseId, '042-777-3141')),
      ]);
      for (const answer of [asScript, asForm]) {
        expect(answer.status).toBe(503);
        expect(answer.headers.get('retry-after')).toBe('5');
        if (answer === asScript) expect(tracesIn(await answer.text())).toEqual([]);
      }
    } finally {
      process.kill(pid, 'SIGCONT');
    }
    expect(await rowsOf(world, 'bookings')).toEqual(before);
    expect(world.logLines.some((line) => line.includes('away or busy'))).toBe(true);
    await expectNoTrace();
  });
});
