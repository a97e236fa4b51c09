/**
 * What each Lambda does to which table, watched on the real engine through the whole journey, is
 * what grants.ts lets it do: nothing is missing in the cloud, and nothing is there that no code uses.
 */
import { afterAll, beforeAll, expect, test } from 'vitest';
import { letterEndpoints, publicEndpoints, staffEndpoints } from '../../functions/api.ts';
import { draftOf } from '../../functions/courses/drafts.ts';
import type { CourseEvent } from '../../functions/courses/model.ts';
import { wiring } from '../../functions/events.ts';
import { NOBODY } from '../../functions/hiroba/rules.ts';
import { readKeyList } from '../../functions/keys/key-list.ts';
import { newMemberKey } from '../../functions/keys/vault.ts';
import { saveDraft, sendReply } from '../../functions/letters/answer.ts';
import type { Conversation } from '../../functions/letters/desk-model.ts';
import { spend } from '../../functions/letters/store.ts';
import { makeClockHandler, makeWorker } from '../../functions/platform/consumer.ts';
import { type Database, makeDatabase } from '../../functions/platform/database.ts';
import type { Actor } from '../../functions/platform/endpoint.ts';
import { appendEvent } from '../../functions/platform/events-store.ts';
import { makeApi } from '../../functions/platform/http.ts';
import { makeNoticeHandler } from '../../functions/platform/mail-notices.ts';
import type { WorkerDeps } from '../../functions/platform/worker-deps.ts';
import { callAfterBounce } from '../../functions/registrations/bounce.ts';
import { messagePage } from '../../functions/registrations/endpoints.tsx';
import { promoteInPools } from '../../functions/registrations/promote.ts';
import { grants, LAMBDAS, type LambdaName } from '../../infra/grants.ts';
import { demoCentreKey } from '../../infra/local/demonstration/keys.ts';
import { bounceNotice } from '../../infra/local/mail-notice.ts';
import { startStream } from '../../infra/local/stream.ts';
import { startWebServer } from '../../infra/local/web-server.ts';
import { LOTTERY, PUBLIC_VALUE } from '../support/draws.ts';
import { letterRequests } from '../support/good-letters.ts';
import { aDesk, aMailbox, clientOf, write } from '../support/letters.ts';
import { rowsOf } from '../support/raw-tables.ts';
import { anApplication, startWorld, type World } from '../support/world.ts';

type Done = Set<string>;
const done = Object.fromEntries(LAMBDAS.map((name) => [name, new Set<string>()])) as Record<
  LambdaName,
  Done
>;

let world: World;
/** While it is set the worker can neither send a mail, nor see who waits, nor open a lottery. */
let workerFails = false;

beforeAll(async () => {
  world = await startWorld({ stream: false });
});
afterAll(() => world.stop());

/** The database of one Lambda, which writes down what is asked of it. */
function watched(name: LambdaName): Database {
  const { config } = world.deps;
  const database = makeDatabase(config);
  database.client.middlewareStack.add(
    (next, { commandName = '' }) =>
      (args) => {
        for (const place of placesOf(commandName.replace('Command', ''), args.input)) {
          done[name].add(place.replace(config.tablePrefix, ''));
          if (name === 'worker' && workerFails && /(bookings: Query|courses: PutItem)$/.test(place))
            throw new Error('Away');
        }
        return next(args);
      },
    { step: 'initialize' },
  );
  return database;
}

const PARTS = {
  Put: 'PutItem',
  Update: 'UpdateItem',
  Delete: 'DeleteItem',
  ConditionCheck: 'ConditionCheckItem',
};

/** `<table or index>: <action>` for every place that a command touches. */
function placesOf(command: string, input: unknown): string[] {
  // biome-ignore lint/suspicious/noExplicitAny: the inputs of all commands.
  const { TableName, IndexName, RequestItems, TransactItems } = input as any;
  if (TransactItems) {
    return TransactItems.flatMap((item: Record<string, { TableName: string }>) =>
      Object.entries(item).map(
        ([part, { TableName: table }]) => `${table}: ${PARTS[part as keyof typeof PARTS]}`,
      ),
    );
  }
  const action = /^(Get|Put|Update|Delete|BatchGet)$/.test(command) ? `${command}Item` : command;
  if (RequestItems) return Object.keys(RequestItems).map((table) => `${table}: ${action}`);
  return [`${TableName}${IndexName ? `/index/${IndexName}` : ''}: ${action}`];
}

const twoDates = {
  sessionChoice: 'one_of' as const,
  sessions: [
    { key: 'A', date: '2026-12-20', start: '10:00', end: '11:00' },
    { key: 'B', date: '2026-12-21', start: '10:00', end: '11:00' },
  ],
  application: { method: 'first_come' as const },
};

type Send = (method: string, path: string, body?: unknown) => Promise<Response>;

/** Calls are taken, families found, moved, noted and cancelled; rosters and the audit are read. */
async function atDesk(send: Send, { courseId }: { readonly courseId: string }): Promise<void> {
  const call = async (family: number, sessionKey: string) => {
    world.clock.advance(1_000);
    const body = {
      ...anApplication(courseId, family, { sessionKeys: [sessionKey] }),
      channel: 'phone',
    };
    const response = await send('POST', '/api/staff/registrations', body);
    const { registrationId } = (await response.json()) as { registrationId: string };
    return { registrationId, path: `/api/staff/registrations/${registrationId}` };
  };
  const first = await call(21, 'A');
  const second = await call(22, 'A');
  for (const text of ['み', '042-000-0021', first.registrationId.slice(4)]) {
    await send('POST', '/api/staff/search', { text });
  }
  await send('GET', first.path);
  await send('POST', `${first.path}/notes`, { text: '電話あり。' });
  await send('POST', `${first.path}/move`, { from: 'A', to: 'B', wait: false });
  await promoteInPools({ ...world.deps }, courseId, ['A']);
  await send('POST', `${second.path}/accept`, {});
  await send('POST', `${first.path}/cancel`, {});
  await send('GET', `/api/staff/courses/${courseId}/registrations`);
  await send('GET', `/api/staff/courses/${courseId}/roster.csv`);
  await send('GET', '/api/staff/audit?day=2026-12-06');
}

/** A letter arrives, waits too long, is hidden, answered, noted, closed and reported; keys change. */
async function letters(
  send: Send,
  origin: string,
  {
    clock,
    caughtUp,
    fail,
  }: {
    readonly clock: () => Promise<void>;
    readonly caughtUp: () => Promise<void>;
    readonly fail: (isFailing: boolean) => void;
  },
): Promise<void> {
  const requests = letterRequests(() => world, 'staff');
  const make = async (operation: string) => {
    const { path, body } = (await requests[operation]?.()) ?? { path: '' };
    await send(body === undefined ? 'GET' : 'POST', path, body);
  };
  for (const operation of Object.keys(requests))
    if (operation !== 'reviewReply') await make(operation);
  await send('GET', '/api/staff/letters?number=2222-2222-22');

  const client = clientOf(origin);
  const { lines } = (await (await send('GET', '/api/letters/keys')).json()) as { lines: [] };
  const list = readKeyList(lines, { centreKey: demoCentreKey });
  if ('fault' in list) throw new Error(list.fault);
  const header = { urgency: 'now' } as const;
  const notice = 'someone@mail.example.jp';
  const desk = aDesk(world, 'teens_worker', 'teens');
  const member: Actor = { subject: 'teens', roles: ['teens_worker'] };
  // The first answer is told by the worker, the second by the clock, because the worker fails at it.
  for (const isFailing of [false, true]) {
    const mailbox = await aMailbox();
    const path = `/api/staff/letters/${mailbox.id}`;
    // So many letters in a minute that sending becomes harder, and then easier again.
    await spendMany(40);
    await write(client, mailbox, list, 'いますぐ', { header, notice });
    await client.open(mailbox);
    await caughtUp();
    for (const hours of [2, 40]) {
      world.clock.advance(hours * 3_600_000);
      await clock();
    }
    const sealed = await desk.sealed(mailbox.id, 'draft', 'はい');
    const draft = { seen: 0, state: 'proposed', sealed } as const;
    await saveDraft(world.deps, member, mailbox.id, draft, world.clock.now());
    const opened = (await (await send('GET', path)).json()) as Conversation;
    const reply = { ...(await desk.sealedReply(opened, 'はい')), alone: 'asked_now' } as const;
    fail(isFailing);
    await sendReply(world.deps, member, mailbox.id, reply, world.clock.now());
    await caughtUp();
    fail(false);
    world.clock.advance(120_000);
    await clock();
    await send('POST', `${path}/review`, { round: 1, number: 1 });
    await client.sayWhetherHelped(mailbox, 'yes');
    await client.hide(mailbox);
    await caughtUp();
  }
  // A member whose words are lost makes a new key; the old grants go.
  const { recipient } = await newMemberKey();
  await send('POST', '/api/staff/keys/vault', { name: '見本', recipient, vault: 'AAAA' });
}

async function spendMany(count: number): Promise<void> {
  const { database } = world.deps;
  const now = world.clock.now();
  const askedAt = now.toISOString();
  for (let each = 0; each < count; each += 1) {
    await database.transact([spend(database, { nonce: `${askedAt} ${each}`, askedAt }, now)]);
  }
}

test('every Lambda does what it is granted, and is granted what it does', async () => {
  const staff: Actor = { subject: 'staff', roles: ['center_head'] };
  const depsOf = (name: LambdaName): WorkerDeps => ({
    ...world.deps,
    database: watched(name),
    authenticate: async () => staff,
    mailer: {
      async send() {
        if (workerFails) throw new Error('The mail endpoint is away');
      },
    },
  });
  const web = await startWebServer({ port: 0 });
  const origin = `http://127.0.0.1:${web.port}`;
  web.open({
    stage: 'local',
    publicApi: makeApi(publicEndpoints, depsOf('public-api'), messagePage),
    lettersApi: makeApi(letterEndpoints, depsOf('letters-api'), messagePage),
    staffApi: makeApi(staffEndpoints, depsOf('staff-api'), messagePage),
    folders: [],
  });
  const stream = startStream({
    endpoint: world.deps.config.dynamodbEndpoint ?? '',
    tableName: world.deps.database.name('events'),
    consumer: makeWorker(wiring, depsOf('worker')),
    log: () => {},
  });
  const clock = makeClockHandler(wiring, depsOf('clock'));
  const bounces = makeNoticeHandler(callAfterBounce, depsOf('bounces'));
  const send = async (method: string, path: string, body?: unknown, form = false) => {
    const type = form ? 'application/x-www-form-urlencoded' : 'application/json';
    const response = await fetch(origin + path, {
      method,
      redirect: 'manual',
      headers: { 'content-type': type, accept: form ? 'text/html' : 'application/json' },
      ...(body === undefined ? {} : { body: form ? '' : JSON.stringify(body) }),
    });
    expect(response.status, `${method} ${path}`).toBeLessThan(400);
    return response;
  };
  try {
    const capacity = {
      unit: '組' as const,
      countedBy: 'application' as const,
      seats: 1,
      waitlist: 10,
      perSession: false,
    };
    const course = await world.addCourse({ capacity });
    const ended = await world.addCourse({
      sessions: [{ key: '1', date: '2026-12-02', start: '10:00', end: '11:00' }],
    });
    const apply = async (family: number, courseId = course.courseId): Promise<string> => {
      // The waitlist is in the order of applying; at the same instant chance decides.
      world.clock.advance(1_000);
      const response = await send('POST', '/api/registrations', anApplication(courseId, family));
      const { path } = (await response.json()) as { path: string };
      return (path.split('?')[0] ?? '').replace(/\/$/, '');
    };
    const atTheDoor = async (booking: string) => {
      const session = `/api/staff/courses/${course.courseId}/sessions/1`;
      await send('GET', '/api/staff/board');
      await send('GET', `${session}/attendance`);
      await send('POST', `${session}/marks`, {
        registrationId: `reg_${booking.slice('/bookings/'.length).slice(0, 9)}`,
        status: 'absent',
        reason: 'other',
        note: '雪',
        persons: {},
        version: 0,
        device: 'device-of-a-test',
        sequence: 1,
      });
      await send('GET', `${session}/marks`);
      const walkInId = 'wlk_0000000000000001';
      const { families: _, fathers: __, firstVisits: ___, ...nobody } = NOBODY;
      const counts = { ...nobody, adults: 1 };
      await send('POST', `${session}/walk-ins`, { walkInId, counts });
      await send('POST', `${session}/walk-ins/${walkInId}/remove`, {});
    };
    const paths: string[] = [];
    for (const family of [1, 2, 3, 4, 5]) paths.push(await apply(family));
    const [first = '', second = '', third = '', , fifth = ''] = paths;
    await stream.caughtUp();

    await send('GET', '/api/courses');
    await send('GET', `/api/courses/${course.courseId}`);
    await send('GET', first);
    await send('POST', '/api/bookings/find', {
      bookingNumber: first.slice('/bookings/'.length).slice(0, 9),
      phone: '042-000-0001',
    });
    await send('POST', `${first}/cancel`, '', true);
    await stream.caughtUp();
    await send('POST', `${second}/decline`, '', true);
    await stream.caughtUp();
    await send('POST', `${third}/accept`, '', true);
    await send('POST', `${fifth}/cancel`, '', true);
    // What the worker fails at is tried again by the clock: a mail, and an offer to the next.
    workerFails = true;
    await send('POST', `${third}/cancel`, '', true);
    await stream.caughtUp();
    workerFails = false;
    world.clock.advance(120_000);
    await clock();
    // The fourth family's offer ends in silence, and a course that is over leaves the list.
    world.clock.advance(5 * 24 * 3_600_000);
    await clock();
    await stream.caughtUp();

    const { version } = course;
    await send('GET', '/api/staff/courses');
    const listed = await (await send('GET', '/api/staff/courses')).json();
    const current = (listed as { courses: { course: { courseId: string; version: number } }[] })
      .courses;
    expect(current.map((each) => each.course.courseId)).not.toContain(ended.courseId);
    await send('GET', '/api/staff/hiroba');
    await send('GET', '/api/staff/hiroba/komorebi/visits?month=2026-12');
    const counted = { date: '2026-12-01', version: 0, slots: { am: NOBODY } };
    await send('POST', '/api/staff/hiroba/komorebi/visits', counted);
    const edited = `/api/staff/courses/${course.courseId}`;
    const changes = { capacity: { ...capacity, seats: 3 } };
    await send('PATCH', edited, { version, changes });
    // A date goes, another comes, and the first one is another: pools and lists follow.
    const [A, B, C] = ['10', '17', '24'].map((day, index) => ({
      key: 'ABC'[index] ?? '',
      date: `2027-01-${day}`,
      start: '10:00',
      end: '11:00',
    }));
    const made = await send('POST', '/api/staff/courses', {
      ...draftOf(course),
      sessions: [A, B],
      sessionChoice: 'one_of',
      capacity: { ...capacity, perSession: true },
      application: { method: 'first_come' },
    });
    const { courseId } = ((await made.json()) as { course: { courseId: string } }).course;
    const moved = { version: 1, changes: { sessions: [B, C] } };
    await send('PATCH', `/api/staff/courses/${courseId}`, moved);
    await atDesk(
      send,
      await world.addCourse({ ...twoDates, capacity: { ...capacity, perSession: true } }),
    );
    await stream.caughtUp();

    await atTheDoor(await apply(7));
    await stream.caughtUp();
    // A mail that came back is a call, which is tried and done; a family without mail is one too.
    const silent = await world.addCourse();
    await send('POST', '/api/registrations', anApplication(silent.courseId, 6));
    await stream.caughtUp();
    for (const { eventId, kind } of await rowsOf(world, 'events')) {
      const raw = Buffer.from(`X-Hidamari-Message: ${eventId}.${kind}\r\n\r\n`);
      await bounces(bounceNotice(raw, ['family@example.jp'], world.clock.now().toISOString()));
    }
    const { calls } = (await (await send('GET', '/api/staff/calls')).json()) as {
      calls: { callId: string }[];
    };
    for (const result of ['not_reached', 'reached']) {
      await send('POST', `/api/staff/calls/${calls[0]?.callId}`, { result });
    }
    // A course that is called off is told at once, and once more by the clock.
    const { database, ids } = world.deps;
    await database.transact([
      appendEvent(database, {
        eventId: ids.event(world.clock.now()),
        kind: 'course_called_off',
        at: world.clock.now().toISOString(),
        courseId: silent.courseId,
        actor: 'test',
      } satisfies CourseEvent),
    ]);
    await stream.caughtUp();
    world.clock.advance(180_000);
    await clock();
    await atTheDoor(await apply(6));
    await stream.caughtUp();
    // A lottery: numbers, one given back, the seal by the clock, the value and the results by staff.
    const closesAt = '2027-02-10T08:00:00.000Z';
    workerFails = true;
    const drawn = await world.addCourse({
      ...LOTTERY,
      sessions: [{ key: '1', date: '2027-03-01', start: '10:00', end: '11:00' }],
      eligibility: { ...course.eligibility, maxMonthsExclusive: 36 },
      application: { method: 'lottery', closesAt },
    });
    await stream.caughtUp();
    workerFails = false;
    world.clock.advance(120_000);
    await clock();
    const entered: string[] = [];
    for (const family of [11, 12, 13]) entered.push(await apply(family, drawn.courseId));
    await send('POST', `${entered[0]}/cancel`, '', true);
    world.clock.set(closesAt);
    await clock();
    const lottery = `/api/staff/courses/${drawn.courseId}/lottery`;
    const seen = async () => (await (await send('GET', lottery)).json()) as { version: number };
    const typed = { version: (await seen()).version, publicValue: PUBLIC_VALUE };
    await send('POST', `${lottery}/value`, typed);
    await send('POST', `${lottery}/publish`, { version: (await seen()).version });
    await stream.caughtUp();
    await letters(send, origin, {
      clock,
      caughtUp: () => stream.caughtUp(),
      fail: (isFailing) => {
        workerFails = isFailing;
      },
    });
    // A month and a year after the last session personal data goes.
    for (const days of [40, 400]) {
      world.clock.advance(days * 24 * 3_600_000);
      await clock();
    }
  } finally {
    await stream.stop();
    await web.stop();
  }

  const granted = Object.fromEntries(
    LAMBDAS.map((name) => [
      name,
      Object.entries(grants[name])
        .flatMap(([place, actions = []]) => actions.map((action) => `${place}: ${action}`))
        .sort(),
    ]),
  );
  expect(Object.fromEntries(LAMBDAS.map((name) => [name, [...done[name]].sort()]))).toEqual(
    granted,
  );
});
