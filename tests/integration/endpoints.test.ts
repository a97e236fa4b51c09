/** What holds for every endpoint, read from the one list of them; and what bad input is answered with. */
import { createHmac, randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import * as z from 'zod';
import { apis, endpoints, staffEndpoints } from '../../functions/api.ts';
import { addDays } from '../../functions/calendar/rules.ts';
import { openCall } from '../../functions/calls/store.ts';
import { draftOf } from '../../functions/courses/drafts.ts';
import { NOBODY } from '../../functions/hiroba/rules.ts';
import { closeLottery } from '../../functions/lotteries/close.ts';
import { typePublicValue } from '../../functions/lotteries/draw.ts';
import { openLottery } from '../../functions/lotteries/open.ts';
import { getLottery } from '../../functions/lotteries/store.ts';
import { MAX_BODY_BYTES } from '../../functions/platform/body.ts';
import { type Endpoint, ROLES, type Role } from '../../functions/platform/endpoint.ts';
import { makeApi } from '../../functions/platform/http.ts';
import { refusalStatus, SHARED_REFUSALS } from '../../functions/platform/refusals.ts';
import { messagePage } from '../../functions/registrations/endpoints.tsx';
import { fromApiResult, toApiEvent } from '../../infra/local/api-event.ts';
import { LOTTERY, PUBLIC_VALUE } from '../support/draws.ts';
import { letterRequests } from '../support/good-letters.ts';
import { type IdentityProvider, startIdentityProvider } from '../support/identity-provider.ts';
import { pictureRequests } from '../support/picture-requests.ts';
import { allRows, rowsOf } from '../support/raw-tables.ts';
import { aCourse, anApplication, BEGINNING, startWorld, type World } from '../support/world.ts';
import { type WriteWatch, watchWrites } from '../support/writes.ts';

let world: World;
let provider: IdentityProvider;
let bearer: string;
let writes: WriteWatch;
beforeAll(async () => {
  provider = await startIdentityProvider();
  bearer = `Bearer ${await provider.token({ 'cognito:groups': [...ROLES] })}`;
  world = await startWorld({
    stream: false,
    overrides: () => ({ authenticate: provider.authenticate }),
  });
  writes = watchWrites(world.deps.database.client);
});
afterAll(async () => {
  await world.stop();
  await provider.stop();
});

const Problem = z.strictObject({
  type: z.string().startsWith('urn:hidamari:problem:'),
  title: z.string(),
  status: z.int(),
  detail: z.string(),
  code: z.enum(Object.keys(refusalStatus) as [keyof typeof refusalStatus]),
  field: z.string().optional(),
  fields: z.array(z.strictObject({ field: z.string(), sentence: z.string() })).optional(),
  details: z.array(z.string()).optional(),
  requestId: z.string(),
});

/** A problem+json answer, held against its shape: code and status agree, and it speaks Japanese. */
async function problemOf(response: Response): Promise<z.infer<typeof Problem>> {
  expect(response.headers.get('content-type')).toBe('application/problem+json; charset=utf-8');
  const problem = Problem.parse(await response.json());
  expect(problem.status).toBe(response.status);
  expect(refusalStatus[problem.code]).toBe(response.status);
  expect(problem.type).toBe(`urn:hidamari:problem:${problem.code}`);
  for (const { sentence } of [{ sentence: problem.detail }, ...(problem.fields ?? [])]) {
    expect(sentence).toMatch(/[\p{Script=Hiragana}\p{Script=Katakana}].*。/su);
    expect(sentence).not.toContain(problem.code);
  }
  return problem;
}

/** A refusal as a page: HTML with a sentence, without a code. */
async function pageOf(response: Response, code: keyof typeof refusalStatus): Promise<string> {
  expect(response.status).toBe(refusalStatus[code]);
  expect(response.headers.get('content-type')).toBe('text/html; charset=utf-8');
  const html = await response.text();
  expect(html).toContain('<!doctype html>');
  expect(html).not.toContain(code);
  expect(html).not.toContain('urn:hidamari');
  return html;
}

const HTML = { accept: 'text/html,application/xhtml+xml' };

/** Any request to the world, with any bytes. */
function ask(
  method: string,
  path: string,
  headers: Record<string, string> = {},
  body?: string | Uint8Array,
) {
  return fetch(world.origin + path, {
    method,
    redirect: 'manual',
    headers,
    ...(body === undefined ? {} : { body: body as string }),
  });
}

let families = 0;
let countedDays = 0;

/** A new booking: its path, its number, and its telephone number. */
async function aBooking(courseId?: string, changes: Record<string, unknown> = {}) {
  families += 1;
  const course = courseId ?? (await world.addCourse()).courseId;
  const response = await world.post(
    '/api/registrations',
    anApplication(course, families, changes),
    {
      'idempotency-key': randomUUID(),
    },
  );
  const { path, bookingNumber } = (await response.json()) as Record<string, string>;
  if (response.status !== 201) throw new Error('No booking');
  return {
    path: path?.split('?')[0] ?? '',
    bookingNumber: bookingNumber ?? '',
    phone: `042-000-${String(families).padStart(4, '0')}`,
    courseId: course,
  };
}

/** Path of a call that has to be made to a family. */
async function aCall(): Promise<string> {
  const { bookingNumber, courseId } = await aBooking();
  const callId = `call_${families}`;
  await openCall(world.deps.database, {
    callId,
    registrationId: `reg_${bookingNumber.replaceAll('-', '')}`,
    courseId,
    reason: 'bounce',
    about: 'registration_confirmed',
    poolKeys: ['all'],
    dueAt: '2026-12-10T01:00:00.000Z',
    createdAt: BEGINNING.toISOString(),
    tries: [],
  });
  return `/api/staff/calls/${callId}`;
}

/** A good request for each endpoint; a new endpoint must be added here to pass. */
const GOOD: Record<string, () => Promise<{ path: string; body?: unknown }>> = {
  listCourses: async () => ({ path: '/api/courses' }),
  showCourse: async () => ({ path: `/api/courses/${(await world.addCourse()).courseId}` }),
  listCoursesForStaff: async () => ({ path: '/api/staff/courses' }),
  editCourse: async () => ({
    path: `/api/staff/courses/${(await world.addCourse()).courseId}`,
    body: { version: 1, changes: { title: '別の名前' } },
  }),
  showLottery: async () => ({ path: (await aLottery(PUBLIC_VALUE)).path }),
  typeLotteryValue: async () => {
    const { path, version } = await aLottery();
    return { path: `${path}/value`, body: { version, publicValue: PUBLIC_VALUE } };
  },
  publishLottery: async () => {
    const { path, version } = await aLottery(PUBLIC_VALUE);
    return { path: `${path}/publish`, body: { version } };
  },
  listCountedPlaces: async () => ({ path: '/api/staff/hiroba' }),
  listVisits: async () => ({ path: '/api/staff/hiroba/komorebi/visits?month=2026-12' }),
  recordVisits: async () => {
    countedDays += 1;
    const date = addDays('2026-11-30', -countedDays);
    const slots = { am: { ...NOBODY, families: 2, adults: 2, age0: 1 } };
    return { path: '/api/staff/hiroba/komorebi/visits', body: { date, version: 0, slots } };
  },
  createCourse: async () => ({ path: '/api/staff/courses', body: draftOf(aCourse()) }),
  showBoard: async () => ({ path: '/api/staff/board' }),
  showAttendance: async () => ({ path: `${sessionOf(await aBooking())}/attendance` }),
  showAttendanceMarks: async () => ({ path: `${sessionOf(await aBooking())}/marks` }),
  markAttendance: async () => {
    const booking = await aBooking();
    const registrationId = `reg_${booking.bookingNumber.replaceAll('-', '')}`;
    const device = 'device-of-a-test';
    const made = { status: 'present', persons: { p0: 'late' }, version: 0, device, sequence: 1 };
    return { path: `${sessionOf(booking)}/marks`, body: { registrationId, ...made } };
  },
  recordWalkIn: async () => {
    const { families: _, fathers: __, firstVisits: ___, ...nobody } = NOBODY;
    const body = { walkInId: `wlk_${randomUUID()}`, counts: { ...nobody, adults: 1 } };
    return { path: `${sessionOf(await aBooking())}/walk-ins`, body };
  },
  removeWalkIn: async () => ({
    path: `${sessionOf(await aBooking())}/walk-ins/wlk_${randomUUID()}/remove`,
    body: {},
  }),
  registerForCourse: async () => {
    families += 1;
    const { courseId } = await world.addCourse();
    return { path: '/api/registrations', body: anApplication(courseId, families) };
  },
  findBooking: async () => {
    const { bookingNumber, phone } = await aBooking();
    return { path: '/api/bookings/find', body: { bookingNumber, phone } };
  },
  showBooking: async () => ({ path: (await aBooking()).path }),
  downloadCalendar: async () => ({ path: `${(await aBooking()).path}/calendar.ics` }),
  cancelBooking: async () => ({ path: `${(await aBooking()).path}/cancel`, body: {} }),
  acceptBooking: async () => ({ path: `${(await anOffer()).path}/accept`, body: {} }),
  declineBooking: async () => ({ path: `${(await anOffer()).path}/decline`, body: {} }),
  readRoster: async () => {
    const { courseId } = await aBooking();
    return { path: `/api/staff/courses/${courseId}/registrations` };
  },
  exportRoster: async () => {
    const { courseId } = await aBooking();
    return { path: `/api/staff/courses/${courseId}/roster.csv` };
  },
  searchRegistrations: async () => {
    const { phone } = await aBooking();
    return { path: '/api/staff/search', body: { text: phone } };
  },
  openRegistration: async () => ({ path: atDesk(await aBooking()) }),
  enterApplication: async () => {
    families += 1;
    const { courseId } = await world.addCourse();
    const body = { ...anApplication(courseId, families), channel: 'phone' };
    return { path: '/api/staff/registrations', body };
  },
  cancelByStaff: async () => ({ path: `${atDesk(await aBooking())}/cancel`, body: {} }),
  acceptByStaff: async () => ({ path: `${atDesk(await anOffer())}/accept`, body: {} }),
  declineByStaff: async () => ({ path: `${atDesk(await anOffer())}/decline`, body: {} }),
  moveRegistration: async () => {
    const { courseId } = await world.addCourse({
      sessionChoice: 'one_of',
      sessions: [
        { key: 'A', date: '2026-12-10', start: '10:00', end: '11:00' },
        { key: 'B', date: '2026-12-17', start: '10:00', end: '11:00' },
      ],
      capacity: { unit: '組', countedBy: 'application', seats: 2, waitlist: 5, perSession: true },
    });
    const booking = await aBooking(courseId, { sessionKeys: ['A'] });
    return { path: `${atDesk(booking)}/move`, body: { from: 'A', to: 'B', wait: false } };
  },
  noteRegistration: async () => ({
    path: `${atDesk(await aBooking())}/notes`,
    body: { text: '電話あり。' },
  }),
  listCalls: async () => ({ path: '/api/staff/calls' }),
  recordCall: async () => ({ path: await aCall(), body: { result: 'reached' } }),
  ...letterRequests(() => world),
  ...pictureRequests(() => world),
};

/** A booking's address at the desk. */
function atDesk({ bookingNumber }: { readonly bookingNumber: string }): string {
  return `/api/staff/registrations/reg_${bookingNumber.replaceAll('-', '')}`;
}

/** Path of the session that a booking is for. */
function sessionOf({ courseId }: { readonly courseId: string }): string {
  return `/api/staff/courses/${courseId}/sessions/1`;
}

/** A lottery that is closed, with one application; with its public value, if one is given. */
async function aLottery(publicValue?: string) {
  const { deps, clock } = world;
  const course = await world.addCourse(LOTTERY);
  const { courseId } = course;
  await openLottery(deps, course, clock.now());
  await aBooking(courseId);
  await closeLottery(deps, courseId, clock.now());
  const version = async () => (await getLottery(deps.database, courseId))?.version ?? 0;
  if (publicValue !== undefined) {
    const typed = { publicValue, version: await version() };
    await typePublicValue(deps, courseId, typed, 'staff', clock.now());
  }
  return { path: `/api/staff/courses/${courseId}/lottery`, version: await version() };
}

/** A booking to which a seat is offered. */
async function anOffer() {
  const { courseId } = await world.addCourse({
    capacity: { unit: '組', countedBy: 'application', seats: 1, waitlist: 5, perSession: false },
  });
  const first = await aBooking(courseId);
  const second = await aBooking(courseId);
  await world.postForm(`${first.path}/cancel`, {});
  const { promoteWaiting } = await import('../../functions/registrations/promote.ts');
  await promoteWaiting(world.deps, courseId, 'all');
  return second;
}

function headersFor(endpoint: Endpoint): Record<string, string> {
  return {
    ...(endpoint.method === 'GET' ? {} : { 'content-type': 'application/json' }),
    ...(endpoint.access === 'public' ? {} : { authorization: bearer }),
  };
}

async function askWell(endpoint: Endpoint, headers: Record<string, string> = {}) {
  const good = await GOOD[endpoint.operation]?.();
  if (!good) throw new Error(`No good request for ${endpoint.operation}`);
  const body = good.body === undefined ? undefined : JSON.stringify(good.body);
  return ask(endpoint.method, good.path, { ...headersFor(endpoint), ...headers }, body);
}

const once = new Map<string, Promise<{ path: string; body?: unknown }>>();

/** The same good request each time, for tests in which nothing of it is done. */
async function goodOnce({ operation }: Endpoint) {
  const good = once.get(operation) ?? GOOD[operation]?.();
  if (!good) throw new Error(`No good request for ${operation}`);
  once.set(operation, good);
  return good;
}

const changing = endpoints.filter(({ method }) => method !== 'GET');
const reading = endpoints.filter(({ method }) => method === 'GET');
const named = (list: readonly Endpoint[]) =>
  list.map((endpoint) => [endpoint.operation, endpoint] as const);

describe('the list of endpoints', () => {
  test('names every route and every operation once', () => {
    const routes = endpoints.map(
      ({ method, path }) => `${method} ${path.replace(/\{\w+\}/g, '{}')}`,
    );
    expect(new Set(routes).size).toBe(routes.length);
    const operations = endpoints.map(({ operation }) => operation);
    expect(new Set(operations).size).toBe(operations.length);
    for (const operation of operations) expect(operation).toMatch(/^[a-z][A-Za-z]+$/);
  });

  test('is split by privilege without a rest, and what staff do lies under one path', () => {
    expect(Object.values(apis).flat().length).toBe(endpoints.length);
    for (const { access, path } of endpoints) {
      expect(path.startsWith('/api/staff/')).toBe(access !== 'public');
    }
  });

  test('is fully described: a parameter for each place in the path, a body for each change', () => {
    for (const { operation, method, path, params, body, summary } of endpoints) {
      const places = [...path.matchAll(/\{(\w+)\}/g)].map(([, name]) => name);
      const described = params ? Object.keys((params as z.ZodObject).shape) : [];
      expect(described, operation).toEqual(places);
      expect(body !== undefined, operation).toBe(method !== 'GET');
      expect(summary.length, operation).toBeGreaterThan(10);
    }
  });

  test.each(named(endpoints))(
    '%s refuses only with codes that have a status',
    (_name, endpoint) => {
      for (const code of [...endpoint.refuses, ...SHARED_REFUSALS]) {
        expect(refusalStatus[code]).toBeGreaterThanOrEqual(400);
        expect(refusalStatus[code]).toBeLessThan(600);
      }
      expect(new Set(endpoint.refuses).size).toBe(endpoint.refuses.length);
    },
  );
});

describe.each(named(endpoints))('%s', (_name, endpoint) => {
  test('answers a good request as it is declared to', async () => {
    const response = await askWell(endpoint);
    if (endpoint.output === 'page') {
      if (endpoint.method === 'GET') {
        expect(response.status).toBe(200);
        expect(response.headers.get('content-type')).toBe('text/html; charset=utf-8');
        return;
      }
      // A script that presses a button gets an empty answer; a form is led back to the page.
      expect(response.status).toBe(200);
      return;
    }
    if (endpoint.output === 'calendar') {
      expect(response.status).toBe(200);
      expect(response.headers.get('content-type')).toBe('text/calendar; charset=utf-8');
      expect(response.headers.get('content-disposition')).toMatch(/^attachment; /);
      expect(await response.text()).toContain('BEGIN:VEVENT');
      return;
    }
    expect([200, 201]).toContain(response.status);
    if (endpoint.output === 'csv') {
      expect(response.headers.get('content-type')).toBe('text/csv; charset=utf-8');
      expect(response.headers.get('content-disposition')).toMatch(
        /^attachment; filename\*=UTF-8''/,
      );
      return;
    }
    expect(response.headers.get('content-type')).toBe('application/json; charset=utf-8');
    expect(endpoint.output.safeParse(await response.json()).error).toBeUndefined();
  });

  test('is stored by nobody on the way and guessed at by nobody', async () => {
    const response = await askWell(endpoint);
    expect(response.headers.get('cache-control')).toBe('no-store');
    expect(response.headers.get('x-content-type-options')).toBe('nosniff');
  });
});

describe.each(named(changing))('a body for %s', (_name, endpoint) => {
  test('with a field that nobody asked for is refused, and nothing is stored', async () => {
    const good = await goodOnce(endpoint);
    writes.take();
    const body = JSON.stringify({ ...(good.body as object), isAdmin: true });
    const response = await ask(endpoint.method, good.path, headersFor(endpoint), body);
    expect((await problemOf(response)).code).toBe('invalid_input');
    expect(writes.take()).toEqual([]);
  });

  const refused: [
    string,
    Record<string, string>,
    string | Uint8Array,
    keyof typeof refusalStatus,
  ][] = [
    ['is no JSON', { 'content-type': 'application/json' }, '{"a":', 'malformed_body'],
    ['is empty', { 'content-type': 'application/json' }, '', 'malformed_body'],
    [
      'is not UTF-8',
      { 'content-type': 'application/json' },
      Uint8Array.from([0x7b, 0x22, 0x82, 0xa0, 0x22, 0x7d]),
      'malformed_body',
    ],
    ['has no type', {}, Uint8Array.from([0x7b, 0x7d]), 'unsupported_media_type'],
    ['is XML', { 'content-type': 'application/xml' }, '<a/>', 'unsupported_media_type'],
    ['is text', { 'content-type': 'text/plain' }, '{}', 'unsupported_media_type'],
    [
      'is multipart',
      { 'content-type': 'multipart/form-data; boundary=x' },
      '--x--',
      'unsupported_media_type',
    ],
    [
      'is in Shift_JIS',
      { 'content-type': 'application/json; charset=Shift_JIS' },
      '{}',
      'unsupported_media_type',
    ],
    [
      'is longer than any form',
      { 'content-type': 'application/json' },
      JSON.stringify({ a: 'x'.repeat((endpoint.bodyBytes ?? MAX_BODY_BYTES) + 1) }),
      'too_large',
    ],
    ['is null', { 'content-type': 'application/json' }, 'null', 'invalid_input'],
    ['is a list', { 'content-type': 'application/json' }, '[]', 'invalid_input'],
    ['is a number', { 'content-type': 'application/json' }, '7', 'invalid_input'],
    [
      'is nested without end',
      { 'content-type': 'application/json' },
      '{"participants":'.concat('['.repeat(9_000), ']'.repeat(9_000), '}'),
      'malformed_body',
    ],
  ];

  test.each(refused)('that %s is refused with its own code', async (_how, type, body, code) => {
    const path = (await goodOnce(endpoint)).path;
    writes.take();
    const { authorization } = headersFor(endpoint);
    const headers = { ...type, ...(authorization ? { authorization } : {}) };
    const response = await ask(endpoint.method, path, headers, body);
    expect((await problemOf(response)).code).toBe(code);
    expect(writes.take()).toEqual([]);
  });

  const strangers: [string, Record<string, string>][] = [
    ['another origin', { origin: 'https://evil.example' }],
    ['another port of this host', { origin: 'http://127.0.0.1:1' }],
    ['a sibling of the site', { 'sec-fetch-site': 'same-site' }],
    ['another site, by what the browser says', { 'sec-fetch-site': 'cross-site' }],
    ['another site that claims our origin', { 'sec-fetch-site': 'cross-site', origin: 'ours' }],
  ];

  test.each(strangers)(
    'that comes from %s is refused, and nothing is stored',
    async (_who, from) => {
      const good = await goodOnce(endpoint);
      writes.take();
      const headers = Object.fromEntries(
        Object.entries(from).map(([name, value]) => [
          name,
          value === 'ours' ? world.origin : value,
        ]),
      );
      const response = await ask(
        endpoint.method,
        good.path,
        { ...headersFor(endpoint), ...headers },
        JSON.stringify(good.body),
      );
      expect((await problemOf(response)).code).toBe('foreign_origin');
      expect(writes.take()).toEqual([]);
    },
  );

  test.each([{ origin: 'ours' }, { 'sec-fetch-site': 'same-origin' }, {}])(
    'that comes from our own page is taken: %j',
    async (from) => {
      const headers = 'origin' in from ? { origin: world.origin } : from;
      const response = await askWell(endpoint, headers as Record<string, string>);
      expect(response.status).toBeLessThan(400);
    },
  );
});

describe('an endpoint of the desk', () => {
  /** Tokens that open nothing, each for a reason of its own. */
  const closed = async (): Promise<[string, string | undefined, keyof typeof refusalStatus][]> => {
    const now = Math.floor(Date.now() / 1000);
    const good = await provider.token();
    const [head, payload, signature] = good.split('.');
    const part = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url');
    const none = `${part({ alg: 'none' })}.${payload}.`;
    const hmac = `${part({ alg: 'HS256', kid: 'test-key' })}.${payload}`;
    const hmacSigned = `${hmac}.${createHmac('sha256', 'test-key').update(hmac).digest('base64url')}`;
    const raised = part({ iss: provider.issuer, sub: 'x', 'cognito:groups': ['center_head'] });
    return [
      ['no token', undefined, 'token_missing'],
      ['an empty header', '', 'token_missing'],
      ['another scheme', 'Basic c3RhZmY6c2VjcmV0', 'token_invalid'],
      ['garbage', 'Bearer garbage', 'token_invalid'],
      ['three parts of garbage', 'Bearer a.b.c', 'token_invalid'],
      ['a token without its scheme', good, 'token_invalid'],
      ['two tokens', `Bearer ${good}, Bearer ${good}`, 'token_invalid'],
      ['another audience', await provider.token({ client_id: 'other' }), 'token_invalid'],
      ['no audience', await provider.token({ client_id: undefined }), 'token_invalid'],
      ['another issuer', await provider.token({ iss: 'https://evil.example' }), 'token_invalid'],
      ['no issuer', await provider.token({ iss: undefined }), 'token_invalid'],
      ['a time that is over', await provider.token({ exp: now - 1 }), 'token_invalid'],
      ['no time at all', await provider.token({ exp: undefined }), 'token_invalid'],
      ['a time that is still to come', await provider.token({ nbf: now + 600 }), 'token_invalid'],
      ['nobody as its subject', await provider.token({ sub: undefined }), 'token_invalid'],
      ['an identity token', await provider.token({ token_use: 'id' }), 'token_invalid'],
      ['an unknown key', await provider.token({}, { kid: 'other' }), 'token_invalid'],
      ["a stranger's signature", await provider.forgedToken(), 'token_invalid'],
      ['no signature', none, 'token_invalid'],
      ['a signature made of what is public', hmacSigned, 'token_invalid'],
      ['claims that were changed', `${head}.${raised}.${signature}`, 'token_invalid'],
      ['no role', await provider.token({ 'cognito:groups': undefined }), 'role_missing'],
      [
        'a role that nobody knows',
        await provider.token({ 'cognito:groups': ['admin'] }),
        'role_missing',
      ],
      [
        'a role that only looks right',
        await provider.token({ 'cognito:groups': 'course_staff_x' }),
        'role_missing',
      ],
    ];
  };

  const handled: string[] = [];
  let watched: ReturnType<typeof makeApi>;
  beforeAll(() => {
    watched = makeApi(
      staffEndpoints.map((endpoint) => ({
        ...endpoint,
        handle: async () => {
          handled.push(endpoint.operation);
          return { json: {} };
        },
      })),
      world.deps,
      messagePage,
    );
  });
  const call = async (endpoint: Endpoint, authorization: string | undefined, body?: string) => {
    const good = await goodOnce(endpoint);
    const event = toApiEvent({
      method: endpoint.method,
      url: good.path,
      headers: {
        ...(endpoint.method === 'GET' ? {} : { 'content-type': ['application/json'] }),
        ...(authorization === undefined ? {} : { authorization: [authorization] }),
      },
      body: Buffer.from(endpoint.method === 'GET' ? '' : (body ?? JSON.stringify(good.body))),
      now: BEGINNING,
      requestId: randomUUID(),
    });
    const answer = fromApiResult(await watched(event));
    return new Response(new Uint8Array(answer.body), {
      status: answer.status,
      headers: answer.headers as Record<string, string>,
    });
  };

  test.each(named(staffEndpoints))(
    '%s runs no handler without a good token',
    async (_name, endpoint) => {
      for (const [what, token, code] of await closed()) {
        const isWhole =
          token === undefined || /^(Bearer|Basic) |^$/.test(token) || what.includes('without');
        const response = await call(endpoint, isWhole ? token : `Bearer ${token}`);
        expect((await problemOf(response)).code, what).toBe(code);
      }
      expect(handled).toEqual([]);
    },
  );

  test.each(named(staffEndpoints))(
    '%s judges the token before it reads the body',
    async (_name, endpoint) => {
      const response = await call(endpoint, 'Bearer a.b.c', '{{{');
      expect((await problemOf(response)).code).toBe('token_invalid');
      expect(handled).toEqual([]);
    },
  );

  test.each(named(staffEndpoints))(
    '%s opens for each of its roles, also among other groups, and for no other role',
    async (name, endpoint) => {
      const roles: readonly Role[] = endpoint.access === 'public' ? [] : endpoint.access.roles;
      for (const role of ROLES) {
        for (const groups of [[role], ['other', role]]) {
          const token = await provider.token({ 'cognito:groups': groups });
          const { status } = await call(endpoint, `Bearer ${token}`);
          expect(status, role).toBe(roles.includes(role) ? 200 : 403);
        }
      }
      expect(handled.splice(0)).toEqual(roles.flatMap(() => [name, name]));
    },
  );

  test('takes a token whose audience is a list with this client in it', async () => {
    const token = await provider.token({ client_id: undefined, aud: ['other', provider.clientId] });
    const response = await ask('GET', '/api/staff/courses', { authorization: `Bearer ${token}` });
    expect(response.status).toBe(200);
  });

  test('writes the subject of the token into the event of what was done', async () => {
    const { courseId } = await world.addCourse();
    const token = await provider.token({ sub: 'staff-7' });
    const response = await ask(
      'PATCH',
      `/api/staff/courses/${courseId}`,
      { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
      JSON.stringify({ version: 1, changes: { publication: 'hidden' } }),
    );
    expect(response.status).toBe(200);
    const events = await rowsOf(world, 'events');
    expect(
      events.filter((event) => event['courseId'] === courseId && event['kind'] === 'course_edited'),
    ).toMatchObject([{ actor: 'staff-7' }]);
  });

  test('of a provider that is away asks to come back, and logs nobody out', async () => {
    const away = await startIdentityProvider();
    const token = await away.token();
    const fresh = away.freshAuthenticate();
    await away.stop();
    const lonely = await startWorld({ stream: false, overrides: () => ({ authenticate: fresh }) });
    try {
      const response = await fetch(`${lonely.origin}/api/staff/courses`, {
        headers: { authorization: `Bearer ${token}` },
      });
      expect((await problemOf(response)).code).toBe('busy');
      expect(response.headers.get('retry-after')).toBe('5');
    } finally {
      await lonely.stop();
    }
  });
});

describe('an edit that somebody else overtook', () => {
  test('is refused with a sentence, and the seats stay as they are', async () => {
    const { courseId } = await world.addCourse();
    const edit = (version: number, seats: number) =>
      ask(
        'PATCH',
        `/api/staff/courses/${courseId}`,
        { authorization: bearer, 'content-type': 'application/json' },
        JSON.stringify({ version, changes: { capacity: { ...aCourse().capacity, seats } } }),
      );
    expect((await edit(1, 25)).status).toBe(200);
    expect((await problemOf(await edit(1, 30))).code).toBe('version_conflict');
    expect(await world.pool(courseId)).toMatchObject({ capacity: 25, free: 25 });
  });
});

describe('an application that cannot be taken', () => {
  type Changes = Parameters<World['addCourse']>[0];
  const closedCourses: [keyof typeof refusalStatus, Changes][] = [
    [
      'window_not_open',
      { application: { method: 'first_come', opensAt: '2026-12-02T00:00:00.000Z' } },
    ],
    [
      'window_closed',
      { application: { method: 'first_come', closesAt: '2026-12-01T03:00:00.000Z' } },
    ],
    [
      'window_closed',
      {
        application: { method: 'first_come' },
        sessions: [{ key: '1', date: '2026-11-30', start: '10:00', end: '11:00' }],
      },
    ],
    ['course_cancelled', { publication: 'cancelled' }],
    ['course_not_found', { publication: 'hidden' }],
    ['course_not_found', { publication: 'draft' }],
    ['course_not_bookable_online', { application: { method: 'staff' } }],
    ['course_not_bookable_online', { application: { method: 'none' } }],
    ['session_required', { sessionChoice: 'one_of' }],
    ['session_required', { sessionChoice: 'each' }],
    ['answer_missing', { asks: ['allergy'] }],
    [
      'course_full',
      {
        capacity: {
          unit: '人',
          countedBy: 'participant',
          seats: 1,
          waitlist: 0,
          perSession: false,
        },
      },
    ],
    [
      'not_eligible',
      { eligibility: { who: 'child', minMonths: 24, judgedOn: 'first_session', conditions: [] } },
    ],
  ];
  const twoChildren = Array(2).fill({ name: '見本 光', kana: 'ミホン', birthDate: '2026-06-01' });

  test.each(closedCourses)('%s: %j', async (code, changes) => {
    const { courseId } = await world.addCourse(changes);
    const before = await allRows(world);
    const body = anApplication(courseId, 9_000, { participants: twoChildren });
    const problem = await problemOf(await world.post('/api/registrations', body));
    expect(problem.code).toBe(code);
    expect(await allRows(world)).toEqual(before);
  });

  test.each(closedCourses)(
    'as a form is answered with a page, what was typed still in it: %s',
    async (code, changes) => {
      const { courseId } = await world.addCourse(changes);
      const fields = {
        courseId,
        'applicant.name': '髙﨑 <b>花子</b>',
        'applicant.kana': 'たかさき はなこ',
        'applicant.phone': '042-000-9000',
        'participants.0.name': '髙﨑 光',
        'participants.0.kana': 'たかさき ひかり',
        'participants.0.birthDate.year': '令和8',
        'participants.0.birthDate.month': '6',
        'participants.0.birthDate.day': '1',
        'participants.1.name': '髙﨑 望',
        'participants.1.kana': 'たかさき のぞみ',
        'participants.1.birthDate.year': '令和8',
        'participants.1.birthDate.month': '6',
        'participants.1.birthDate.day': '1',
      };
      const html = await pageOf(await world.postForm('/api/registrations', fields), code);
      expect(html).not.toContain('<b>花子');
      const hasForm = changes?.publication === undefined && code !== 'course_not_bookable_online';
      if (hasForm) expect(html).toContain('髙﨑 &lt;b>花子');
    },
  );

  test.each(['crs_unknown', 'crs_', 'CRS_X', '', '../../etc', '💐'])(
    'for a course called %j is refused',
    async (courseId) => {
      const response = await world.post('/api/registrations', anApplication(courseId, 9_001));
      expect(['course_not_found', 'invalid_input']).toContain((await problemOf(response)).code);
    },
  );

  test('says every field that is wrong by its name, with a sentence each', async () => {
    const { courseId } = await world.addCourse();
    const problem = await problemOf(
      await world.post('/api/registrations', {
        courseId,
        applicant: { name: ' ', kana: '見本', phone: '189', email: 'あ@example.jp' },
        participants: [{ name: '', kana: 'ミホン', birthDate: '令和8年13月40日' }],
      }),
    );
    expect(problem.fields?.map(({ field }) => field)).toEqual([
      'applicant.name',
      'applicant.kana',
      'applicant.phone',
      'applicant.email',
      'participants.0.name',
      'participants.0.birthDate',
    ]);
  });

  test('as a form shows the sentence at its field and keeps what was typed', async () => {
    const { courseId } = await world.addCourse();
    const html = await pageOf(
      await world.postForm('/api/registrations', {
        courseId,
        'applicant.name': '見本 花子',
        'applicant.kana': 'みほん はなこ',
        'applicant.phone': '189',
        'participants.0.name': '見本 光',
        'participants.0.kana': 'みほん ひかり',
        'participants.0.birthDate.year': '2026',
        'participants.0.birthDate.month': '6',
        'participants.0.birthDate.day': '1',
      }),
      'invalid_input',
    );
    expect(html).toContain('電話番号を確認してください。市外局番から書くと確実です。');
    expect(html).toContain('value="見本 花子"');
    expect(html).toContain('value="189"');
  });

  test('of a household that has applied tells nothing of the first booking', async () => {
    const { courseId } = await world.addCourse();
    families += 1;
    const first = anApplication(courseId, families, { needs: 'ひみつの配慮' });
    const booked = (await (await world.post('/api/registrations', first)).json()) as Record<
      string,
      string
    >;
    const applicant = { ...(first['applicant'] as object), name: '別人 太郎', email: '' };
    const response = await world.post('/api/registrations', { ...first, applicant, needs: '' });
    const text = await response.clone().text();
    expect((await problemOf(response)).code).toBe('already_applied');
    for (const secret of [
      '見本 花子',
      'ひみつ',
      'example.jp',
      '/bookings/',
      booked['bookingNumber'],
    ]) {
      expect(text).not.toContain(secret);
    }
    // The same by the address alone.
    const byEmail = { ...(first['applicant'] as object), phone: '042-000-9876' };
    const again = await world.post('/api/registrations', { ...first, applicant: byEmail });
    expect((await problemOf(again)).code).toBe('already_applied');
  });
});

describe('what is not there', () => {
  test.each([
    ['GET', '/api/nothing'],
    ['POST', '/api/nothing'],
    ['DELETE', '/api/registrations'],
    ['PUT', '/api/registrations'],
    ['GET', '/api/registrations'],
    ['GET', '/api/courses/not-an-id'],
    ['GET', '/api/courses/crs_x%00'],
    ['GET', '/api/staff/nothing'],
    ['GET', '/bookings/not-a-secret'],
    ['POST', '/bookings/not-a-secret/cancel'],
    ['POST', '/bookings/123456789-AAAAAAAAAAAAAAAAAAAAAA/cancel'],
    ['GET', '/bookings/123456789-AAAAAAAAAAAAAAAAAAAAAA/cancel'],
  ])('%s %s is answered with 404, as a problem or as a page', async (method, path) => {
    const headers = {
      authorization: bearer,
      ...(method === 'GET' ? {} : { 'content-type': 'application/json' }),
    };
    const body = method === 'GET' ? undefined : '{}';
    const response = await ask(method, path, headers, body);
    expect(response.status).toBe(404);
    await problemOf(response);
    const page = await ask(method, path, { ...headers, ...HTML }, body);
    expect(page.status).toBe(404);
    expect(await page.text()).toContain('。');
  });

  test.each([
    ['hidden', { publication: 'hidden' as const }],
    ['a draft', { publication: 'draft' as const }],
    ['not listed', { listed: false }],
  ])('a course that is %s is not shown to families, nor in their list', async (_how, changes) => {
    const { courseId } = await world.addCourse(changes);
    expect((await problemOf(await ask('GET', `/api/courses/${courseId}`))).code).toBe(
      'course_not_found',
    );
    expect(await (await ask('GET', '/api/courses')).text()).not.toContain(courseId);
    const desk = await ask('GET', '/api/staff/courses', { authorization: bearer });
    expect(await desk.text()).toContain(courseId);
  });
});

describe("a booking's page", () => {
  test('is kept by no cache and named by no referrer, nor is what its buttons answer', async () => {
    const { path } = await aBooking();
    const gone = `${path.slice(0, -1)}${path.endsWith('A') ? 'B' : 'A'}`;
    const answers = [
      await ask('GET', path, HTML),
      await ask('GET', gone, HTML),
      await ask('GET', gone),
      await world.postForm(`${path}/accept`, {}),
      await world.postForm(`${path}/cancel`, {}),
      await world.postForm(`${path}/cancel`, {}),
    ];
    expect(answers.map(({ status }) => status)).toEqual([200, 404, 404, 409, 303, 409]);
    for (const { headers } of answers) {
      expect(headers.get('cache-control')).toBe('no-store');
      expect(headers.get('referrer-policy')).toBe('no-referrer');
    }
  });

  test('changes nothing when it is opened, however often and by whatever scans mail', async () => {
    const { path } = await aBooking();
    const before = await allRows(world);
    for (const opened of [
      path,
      `${path}?done=cancelled`,
      `${path}?done=x&utm_source=mail`,
      `${path}/cancel`,
      `${path}/accept`,
    ]) {
      await ask('GET', opened, HTML);
      await ask('HEAD', opened);
      await ask('GET', opened);
    }
    expect(await allRows(world)).toEqual(before);
  });

  test.each(named(reading))('no reading endpoint writes: %s', async (_name, endpoint) => {
    const good = await GOOD[endpoint.operation]?.();
    writes.take();
    await ask('GET', good?.path ?? '', headersFor(endpoint));
    // That somebody looked is written down, and only for what shows families.
    const shows =
      /Roster|openRegistration|listAudit|listCalls|readLetterQueue|openConversation|downloadPartForDesk|readReports|showAttendance$|[Ll]ottery|[Dd]raw/.test(
        endpoint.operation,
      );
    expect(writes.take()).toEqual(shows ? [world.deps.database.name('audit')] : []);
  });

  test('answers a wrong secret and an unknown number alike', async () => {
    const { path } = await aBooking();
    const number = path.slice('/bookings/'.length).split('-')[0];
    const wrong = `/bookings/${number}-AAAAAAAAAAAAAAAAAAAAAA`;
    const unknown = '/bookings/999999999-AAAAAAAAAAAAAAAAAAAAAA';
    const [a, b] = [await ask('GET', wrong, HTML), await ask('GET', unknown, HTML)];
    expect([a.status, b.status]).toEqual([404, 404]);
    expect(await a.text()).toBe(await b.text());
    const withoutId = async (response: Response) => {
      const { requestId: _, ...rest } = await problemOf(response);
      return rest;
    };
    expect(await withoutId(await world.post(`${wrong}/cancel`, {}))).toEqual(
      await withoutId(await world.post(`${unknown}/cancel`, {})),
    );
  });

  test('leads back to itself after a button, and says what happened', async () => {
    const { path } = await aBooking();
    const pressed = await world.postForm(`${path}/cancel`, {});
    expect(pressed.headers.get('location')).toBe(`${path}?done=cancelled`);
    expect(await (await ask('GET', `${path}?done=cancelled`, HTML)).text()).toContain(
      '取り消しました',
    );
  });
});

describe('a booking found by number and telephone number', () => {
  const find = (bookingNumber: string, phone: string) =>
    world.post('/api/bookings/find', { bookingNumber, phone });

  test('is found however both are typed', async () => {
    const { bookingNumber, phone, path } = await aBooking();
    const wide = (text: string) =>
      text.replace(/[\d-]/g, (c) => String.fromCharCode(c.charCodeAt(0) + 0xfee0));
    for (const [number, dialled] of [
      [bookingNumber, phone],
      [bookingNumber.replaceAll('-', ''), phone.replaceAll('-', '')],
      [wide(bookingNumber), wide(phone)],
    ] as const) {
      const response = await find(number, dialled);
      expect(response.status).toBe(200);
      expect(await response.json()).toEqual({ path });
    }
  });

  test('is a redirect for a form', async () => {
    const { bookingNumber, phone, path } = await aBooking();
    const response = await world.postForm('/api/bookings/find', { bookingNumber, phone });
    expect(response.status).toBe(303);
    expect(response.headers.get('location')).toBe(path);
  });

  test('may be tried five times an hour, the right number included; the next hour begins anew', async () => {
    world.clock.set('2026-12-01T03:05:00.000Z');
    const { bookingNumber, phone } = await aBooking();
    for (let tries = 0; tries < 5; tries += 1) {
      expect((await problemOf(await find(bookingNumber, '042-000-0000'))).code).toBe(
        'booking_not_found',
      );
    }
    const sixth = await find(bookingNumber, phone);
    expect(sixth.headers.get('retry-after')).toBe('3600');
    expect((await problemOf(sixth)).code).toBe('too_many_tries');
    const form = await world.postForm('/api/bookings/find', { bookingNumber, phone });
    expect(await pageOf(form, 'too_many_tries')).toContain('1時間に5回まで');
    const other = await aBooking();
    expect((await find(other.bookingNumber, other.phone)).status).toBe(200);
    world.clock.advance(3_600_000);
    expect((await find(bookingNumber, phone)).status).toBe(200);
    world.clock.set(BEGINNING);
  });

  test('twenty tries at once are five tries', async () => {
    const { bookingNumber } = await aBooking();
    const answers = await Promise.all(
      Array.from({ length: 20 }, () => find(bookingNumber, '042-000-0000')),
    );
    const codes = await Promise.all(answers.map(async (answer) => (await problemOf(answer)).code));
    expect(codes.filter((code) => code === 'booking_not_found')).toHaveLength(5);
    expect(codes.filter((code) => code === 'too_many_tries')).toHaveLength(15);
  });

  test('a number that nobody has and a wrong telephone number are answered alike', async () => {
    const { bookingNumber } = await aBooking();
    const [known, unknown] = [
      await problemOf(await find(bookingNumber, '042-000-0000')),
      await problemOf(await find('999-999-998', '042-000-0000')),
    ];
    expect({ ...known, requestId: '' }).toEqual({ ...unknown, requestId: '' });
    const page = async (number: string) =>
      (
        await (
          await world.postForm('/api/bookings/find', {
            bookingNumber: number,
            phone: '042-000-0000',
          })
        ).text()
      ).replaceAll(number, '');
    expect(await page(bookingNumber)).toBe(await page('999-999-998'));
  });

  test('a number that nobody has is counted like any other', async () => {
    for (let tries = 0; tries < 5; tries += 1) await find('999-999-997', '042-000-0000');
    expect((await problemOf(await find('999-999-997', '042-000-0000'))).code).toBe(
      'too_many_tries',
    );
  });
});

describe('a key that a script sends', () => {
  test('left empty stands for no key: two families are two bookings', async () => {
    const { courseId } = await world.addCourse();
    families += 2;
    for (const family of [families - 1, families]) {
      const response = await world.post('/api/registrations', anApplication(courseId, family), {
        'idempotency-key': '',
      });
      expect(response.status).toBe(201);
    }
  });
});
