/** The first journey on real parts: book, confirm, manage, wait, be offered, be passed over. */

import { randomUUID } from 'node:crypto';
import { ScanCommand } from '@aws-sdk/lib-dynamodb';
import { marshall } from '@aws-sdk/util-dynamodb';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { editCourse } from '../../../functions/courses/edit.ts';
import type { CourseStatusFile } from '../../../functions/courses/model.ts';
import { wiring } from '../../../functions/events.ts';
import { claimReaction } from '../../../functions/platform/agenda.ts';
import { MOST_ATTEMPTS, makeClockHandler } from '../../../functions/platform/consumer.ts';
import { type Engine, startEngine } from '../../../infra/local/engine.ts';
import { anApplication, startWorld, type World, type WorldOptions } from '../../support/world.ts';

let engine: Engine;
let world: World;
beforeAll(async () => {
  engine = await startEngine();
});
afterEach(() => world.stop());
afterAll(() => engine.stop());

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;

async function begin(options: WorldOptions = {}): Promise<void> {
  world = await startWorld({ engine, ...options });
}

const small = (seats: number, waitlist: number) => ({
  capacity: {
    unit: '組' as const,
    countedBy: 'application' as const,
    seats,
    waitlist,
    perSession: false,
  },
});

/** Books and gives the path of the booking's page. */
async function book(courseId: string, family: number, changes = {}): Promise<string> {
  const response = await world.post(
    '/api/registrations',
    anApplication(courseId, family, changes),
    {
      'idempotency-key': randomUUID(),
    },
  );
  const body = (await response.json()) as { path?: string; code?: string };
  if (!body.path) throw new Error(`Refused: ${body.code}`);
  return body.path.split('?')[0] ?? '';
}

const press = (path: string, action: string) => world.postForm(`${path}/${action}`, {});
const pageOf = async (path: string) => (await fetch(world.origin + path)).text();
const subjectsTo = (family: number) =>
  world.mails.filter(({ to }) => to === `family${family}@example.jp`).map(({ subject }) => subject);

/** A plain form, as a browser without script sends it. */
const formOf = (courseId: string, family: number) => ({
  courseId,
  'applicant.name': `見本 花子${family}`,
  'applicant.kana': 'ミホン ハナコ',
  'applicant.phone': `０４２（０００）${String(family).padStart(4, '0')}`,
  'applicant.email': `family${family}@example.jp`,
  'participants.0.name': '見本 光',
  'participants.0.kana': 'ﾐﾎﾝ ﾋｶﾘ',
  'participants.0.birthDate.year': '令和８',
  'participants.0.birthDate.month': '６',
  'participants.0.birthDate.day': '1',
  'participants.1.name': '',
  'participants.1.kana': '',
  'participants.1.birthDate.year': '',
  'participants.1.birthDate.month': '',
  'participants.1.birthDate.day': '',
  needs: '',
});

/** Rows by their key: engines keep neither rows nor attributes in an order. */
const byKey = (rows: readonly Record<string, unknown>[]) =>
  new Map(rows.map((row) => [`${row['pk']} ${row['sk']}`, row]));

const rowsOf = async (table: 'bookings' | 'events' | 'agenda' | 'courses') =>
  (
    await world.deps.database.client.send(
      new ScanCommand({ TableName: world.deps.database.name(table), ConsistentRead: true }),
    )
  ).Items ?? [];

test('a form without script is answered with a redirect to the booking, and one mail follows', async () => {
  await begin();
  const { courseId } = await world.addCourse();
  const response = await world.postForm('/api/registrations', formOf(courseId, 1));
  expect(response.status).toBe(303);
  const location = response.headers.get('location') ?? '';
  expect(location).toMatch(/^\/bookings\/\d{9}-[\w-]{22}\?done=applied$/);
  const page = await pageOf(location);
  expect(page).toContain('申し込みができました');
  await world.settle();
  expect(subjectsTo(1)).toHaveLength(1);
  expect(world.mails[0]?.calendar?.content).toContain('DTSTART:20261210T010000Z');
});

test('the same form sent twice books once and is answered with the same redirect', async () => {
  await begin();
  const { courseId } = await world.addCourse();
  const both = await Promise.all(
    [1, 2].map(() => world.postForm('/api/registrations', formOf(courseId, 1))),
  );
  const [first, second] = both.map((response) => response.headers.get('location'));
  expect(first).toBeTruthy();
  expect(second).toBe(first);
  world.clock.advance(9 * MINUTE);
  const later = await world.postForm('/api/registrations', formOf(courseId, 1));
  expect(later.headers.get('location')).toBe(first);
  expect((await world.pool(courseId)).free).toBe(19);
  await world.settle();
  expect(world.mails).toHaveLength(1);
});

test('the same form after ten minutes is a second application of the household, and says so', async () => {
  await begin();
  const { courseId } = await world.addCourse();
  await world.postForm('/api/registrations', formOf(courseId, 1));
  world.clock.advance(11 * MINUTE);
  const response = await world.postForm('/api/registrations', formOf(courseId, 1));
  expect(response.status).toBe(409);
  const page = await response.text();
  expect(page).toContain('もうお申し込みいただいています');
  expect(page).not.toContain('/bookings/4');
});

test('a form sent again after its booking was cancelled books again', async () => {
  await begin();
  const { courseId } = await world.addCourse();
  const first = await world.postForm('/api/registrations', formOf(courseId, 1));
  const path = first.headers.get('location')?.split('?')[0] ?? '';
  await press(path, 'cancel');
  const second = await world.postForm('/api/registrations', formOf(courseId, 1));
  expect(second.status).toBe(303);
  expect(second.headers.get('location')).not.toBe(first.headers.get('location'));
});

test('a key of a script that comes again with another body is refused', async () => {
  await begin();
  const { courseId } = await world.addCourse();
  const key = { 'idempotency-key': randomUUID() };
  const first = await world.post('/api/registrations', anApplication(courseId, 1), key);
  const again = await world.post('/api/registrations', anApplication(courseId, 1), key);
  const other = await world.post('/api/registrations', anApplication(courseId, 2), key);
  expect(((await again.json()) as { path: string }).path).toBe(
    ((await first.json()) as { path: string }).path,
  );
  expect(other.status).toBe(422);
  expect(((await other.json()) as { code: string }).code).toBe('idempotency_key_reused');
});

test.each([
  ['telephone number', { name: '見本 太郎', kana: 'ミホン', phone: '042ー000ー0001' }],
  ['address', { name: '見本', kana: 'ミホン', phone: '0420009999', email: 'FAMILY1@example.jp' }],
])(
  'the same household by its %s is told that it has applied, and learns nothing else',
  async (_by, applicant) => {
    await begin();
    const { courseId } = await world.addCourse();
    const path = await book(courseId, 1);
    const response = await world.post(
      '/api/registrations',
      anApplication(courseId, 1, { applicant }),
      {
        'idempotency-key': randomUUID(),
      },
    );
    expect(response.status).toBe(409);
    const text = await response.text();
    expect(JSON.parse(text).code).toBe('already_applied');
    expect(text).not.toContain(path);
    expect(text).not.toContain('花子');
    expect((await world.pool(courseId)).free).toBe(19);
  },
);

test('a freed seat is offered to the next in line, who accepts it by the link', async () => {
  await begin();
  const { courseId } = await world.addCourse(small(1, 5));
  const first = await book(courseId, 1);
  world.clock.advance(1_000);
  const second = await book(courseId, 2);
  world.clock.advance(1_000);
  const third = await book(courseId, 3);
  expect(await pageOf(second)).toContain('1 番目');
  expect(await pageOf(third)).toContain('2 番目');
  await press(first, 'cancel');
  await world.settle();
  expect(await pageOf(second)).toContain('席が空きました');
  expect(await pageOf(third)).toContain('1 番目');
  expect(subjectsTo(2).at(-1)).toContain('席が空きました');
  expect((await press(second, 'accept')).status).toBe(303);
  expect(await pageOf(second)).toContain('そのままお越しください');
  await world.settle();
  expect(subjectsTo(2).at(-1)).toContain('参加が決まりました');
  expect(await world.pool(courseId)).toMatchObject({ free: 0, waiting: 1 });
});

test('an offer that nobody answers passes on to the next when its deadline is over', async () => {
  await begin();
  const { courseId } = await world.addCourse(small(1, 5));
  const first = await book(courseId, 1);
  world.clock.advance(1_000);
  const second = await book(courseId, 2);
  world.clock.advance(1_000);
  const third = await book(courseId, 3);
  await press(first, 'cancel');
  await world.settle();
  world.clock.advance(23 * HOUR);
  await world.runClock();
  expect(await pageOf(second)).toContain('席が空きました');
  world.clock.advance(2 * HOUR);
  // The clock has not come round yet, and still a late answer is too late.
  expect((await press(second, 'accept')).status).toBe(409);
  await world.runClock();
  await world.settle();
  expect(await pageOf(second)).toContain('お返事の期限が過ぎました');
  expect(await pageOf(third)).toContain('席が空きました');
  expect(subjectsTo(3).at(-1)).toContain('席が空きました');
});

test('an offer that is declined passes on at once', async () => {
  await begin();
  const { courseId } = await world.addCourse(small(1, 5));
  const first = await book(courseId, 1);
  world.clock.advance(1_000);
  const second = await book(courseId, 2);
  world.clock.advance(1_000);
  const third = await book(courseId, 3);
  await press(first, 'cancel');
  await world.settle();
  await press(second, 'decline');
  await world.settle();
  expect(await pageOf(third)).toContain('席が空きました');
});

test('nobody overtakes the waitlist in the moment between a cancellation and the offer', async () => {
  await begin({ stream: false });
  const { courseId } = await world.addCourse(small(1, 5));
  const first = await book(courseId, 1);
  world.clock.advance(1_000);
  await book(courseId, 2);
  await press(first, 'cancel');
  expect(await world.pool(courseId)).toMatchObject({ free: 1, waiting: 1 });
  const newcomer = await book(courseId, 3);
  expect(await pageOf(newcomer)).toContain('キャンセル待ち');
});

test('more seats are offered to those who wait as soon as the desk adds them', async () => {
  await begin();
  const { courseId } = await world.addCourse(small(1, 5));
  await book(courseId, 1);
  const second = await book(courseId, 2);
  await editCourse(
    world.deps,
    courseId,
    { version: 1, changes: small(2, 5) },
    'test',
    world.clock.now(),
  );
  await world.settle();
  expect(await pageOf(second)).toContain('席が空きました');
});

test('a cancellation after the deadline is refused with the telephone number', async () => {
  await begin();
  const { courseId } = await world.addCourse();
  const path = await book(courseId, 1);
  world.clock.set('2026-12-09T08:00:01.000Z');
  const response = await press(path, 'cancel');
  expect(response.status).toBe(409);
  expect(await response.text()).toContain('お電話でお知らせください');
});

test('replaying every record of the stream changes nothing and sends nothing again', async () => {
  await begin({ stream: false });
  const { courseId } = await world.addCourse(small(1, 5));
  const first = await book(courseId, 1);
  world.clock.advance(1_000);
  await book(courseId, 2);
  world.clock.advance(1_000);
  await press(first, 'cancel');
  const replay = async () => {
    const rows = (await rowsOf('events')).sort((a, b) =>
      String(a['pk']) < String(b['pk']) ? -1 : 1,
    );
    const Records = rows.map((row, index) => ({
      eventName: 'INSERT' as const,
      dynamodb: { NewImage: marshall(row) as never, SequenceNumber: String(index) },
    }));
    await world.worker({ Records });
  };
  await replay();
  await replay();
  const stored = async () => byKey([...(await rowsOf('bookings')), ...(await rowsOf('courses'))]);
  const settled = await stored();
  const mails = world.mails.length;
  for (let times = 0; times < 3; times += 1) await replay();
  expect(await stored()).toEqual(settled);
  expect(world.mails).toHaveLength(mails);
  // Cancelled and offered; neither is the first booking confirmed any more, nor does the second wait.
  expect(mails).toBe(2);
});

test('a process killed between sending and marking sends once more with the same Message-ID, never zero times', async () => {
  let kill = true;
  await begin({
    stream: false,
    overrides: ({ mailer }) => ({
      mailer: {
        async send(mail) {
          await mailer.send(mail);
          // The process is gone here: whatever came after, the mark included, never happens.
          if (kill) await new Promise(() => {});
        },
      },
    }),
  });
  const { courseId } = await world.addCourse();
  await book(courseId, 1);
  const [event] = (await rowsOf('events')).filter(
    (row) => row['kind'] === 'registration_confirmed',
  );
  const batch = {
    Records: [
      { eventName: 'INSERT' as const, dynamodb: { NewImage: marshall(event ?? {}) as never } },
    ],
  };
  void world.worker(batch);
  await expect.poll(() => world.mails.length).toBe(1);
  kill = false;
  await world.worker(batch);
  await world.runClock();
  expect(world.mails, 'while the lease runs nobody sends again').toHaveLength(1);
  world.clock.advance(2 * MINUTE);
  await world.runClock();
  world.clock.advance(2 * MINUTE);
  await world.runClock();
  expect(world.mails).toHaveLength(2);
  expect(world.mails[0]?.messageId).toBe(world.mails[1]?.messageId);
});

test('a process killed before it sends loses nothing: the clock sends the mail', async () => {
  let kill = true;
  let reached = false;
  await begin({
    stream: false,
    overrides: ({ mailer }) => ({
      mailer: {
        async send(mail) {
          reached = true;
          if (kill) await new Promise(() => {});
          await mailer.send(mail);
        },
      },
    }),
  });
  const { courseId } = await world.addCourse();
  await book(courseId, 1);
  const Records = (await rowsOf('events')).map((row) => ({
    eventName: 'INSERT' as const,
    dynamodb: { NewImage: marshall(row) as never },
  }));
  void world.worker({ Records });
  await expect.poll(() => reached).toBe(true);
  kill = false;
  world.clock.advance(2 * MINUTE);
  await world.runClock();
  expect(subjectsTo(1)).toHaveLength(1);
});

test('while the mail endpoint is down bookings go on, and every mail follows when it is back', async () => {
  let down = true;
  await begin({
    overrides: ({ mailer }) => ({
      mailer: {
        async send(mail) {
          if (down) throw new Error('connect ECONNREFUSED');
          await mailer.send(mail);
        },
      },
    }),
  });
  const { courseId } = await world.addCourse();
  for (let family = 1; family <= 5; family += 1) await book(courseId, family);
  await world.settle();
  expect(world.mails).toHaveLength(0);
  down = false;
  world.clock.advance(MINUTE);
  await world.runClock();
  expect(world.mails.map(({ to }) => to).sort()).toEqual(
    [1, 2, 3, 4, 5].map((family) => `family${family}@example.jp`),
  );
});

test('a reaction that keeps failing is given up after a stated number of tries, with words for who is hurt', async () => {
  await begin({
    overrides: () => ({
      mailer: {
        async send() {
          throw new Error('no');
        },
      },
    }),
  });
  const { courseId } = await world.addCourse();
  await book(courseId, 1);
  await world.settle();
  for (let attempt = 1; attempt < MOST_ATTEMPTS; attempt += 1) {
    world.clock.advance(16 * MINUTE);
    await world.runClock();
  }
  const alarms = world.logLines.filter((line) => line.includes('"reaction_given_up"'));
  expect(alarms).toHaveLength(1);
  expect(alarms[0]).toContain('メールが届いていません');
  const [claim] = (await rowsOf('agenda')).filter((row) => row['sk'] === 'send_mail');
  expect(claim).toMatchObject({ result: 'given_up', attempt: MOST_ATTEMPTS });
  expect(claim).not.toHaveProperty('dueAt');
});

test('without the engine a booking is answered with 503 and Retry-After, and nothing is half done', async () => {
  const own = await startEngine();
  await begin({ engine: own, stream: false });
  const { courseId } = await world.addCourse();
  await own.stop();
  const response = await world.post('/api/registrations', anApplication(courseId, 1));
  expect(response.status).toBe(503);
  expect(response.headers.get('retry-after')).toBeTruthy();
  expect(((await response.json()) as { code: string }).code).toBe('busy');
  const form = await world.postForm('/api/registrations', formOf(courseId, 1));
  expect(form.status).toBe(503);
  expect(await form.text()).toContain('混み合っています');
});

test('the pages and the status file tell the truth within a batch of the change', async () => {
  await begin();
  const { courseId, title } = await world.addCourse(small(1, 1));
  await world.settle();
  const status = async () => {
    const response = await fetch(`${world.origin}/courses/status.json`);
    return ((await response.json()) as CourseStatusFile).courses[courseId];
  };
  expect((await status())?.pools['all']).toEqual({ free: 1, waitlistFree: 1, waiting: 0 });
  expect(await pageOf('/courses/')).toContain(title);
  await book(courseId, 1);
  await world.settle();
  expect((await status())?.pools['all']).toEqual({ free: 0, waitlistFree: 1, waiting: 0 });
  expect(await pageOf(`/courses/${courseId}/`)).toContain('満員（キャンセル待ち可）');
  world.clock.set('2026-12-09T08:00:00.000Z');
  await world.runClock();
  expect(await pageOf(`/courses/${courseId}/`)).toContain('受付終了');
  world.clock.set('2026-12-10T02:30:00.000Z');
  await world.runClock();
  expect(await pageOf('/courses/')).not.toContain(title);
});

test('a course that is hidden loses its pages; one that is called off keeps its page and says so', async () => {
  await begin();
  const { courseId } = await world.addCourse();
  const now = world.clock.now();
  await world.settle();
  await editCourse(
    world.deps,
    courseId,
    { version: 1, changes: { publication: 'hidden' } },
    'test',
    now,
  );
  await world.settle();
  expect((await fetch(`${world.origin}/courses/${courseId}/`)).status).toBe(404);
  expect((await fetch(`${world.origin}/courses/${courseId}/apply/`)).status).toBe(404);
  await editCourse(
    world.deps,
    courseId,
    { version: 2, changes: { publication: 'cancelled' } },
    'test',
    now,
  );
  await world.settle();
  expect(await pageOf(`/courses/${courseId}/`)).toContain('中止');
  const refused = await world.post('/api/registrations', anApplication(courseId, 1));
  expect(((await refused.json()) as { code: string }).code).toBe('course_cancelled');
});

test('pages that were published into the templates of an earlier deployment are published again, once', async () => {
  let version = 'first';
  let look = 'spring';
  await begin({
    overrides: ({ templates }) => ({
      templates: {
        version: () => version,
        fill: (name, filling) => `${look} ${templates.fill(name, filling)}`,
      },
    }),
  });
  const { courseId } = await world.addCourse();
  await world.settle();
  await world.runClock();
  expect(await pageOf(`/courses/${courseId}/`)).toMatch(/^spring/);
  version = 'second';
  look = 'summer';
  const deployed = makeClockHandler(wiring, world.deps);
  await deployed();
  for (const page of ['', 'apply/']) {
    expect(await pageOf(`/courses/${courseId}/${page}`)).toMatch(/^summer/);
  }
  expect(await pageOf('/courses/')).toMatch(/^summer/);
  look = 'autumn';
  await deployed();
  expect(await pageOf('/courses/')).toMatch(/^summer/);
});

test('a course with a choice of dates keeps seats by date, and judges ages on the date chosen', async () => {
  await begin();
  const { courseId } = await world.addCourse({
    sessionChoice: 'one_of',
    sessions: [
      { key: 'A', date: '2026-12-10', start: '10:00', end: '11:00' },
      { key: 'B', date: '2027-06-10', start: '10:00', end: '11:00' },
    ],
    capacity: { unit: '組', countedBy: 'application', seats: 1, waitlist: 0, perSession: true },
  });
  const applyFor = async (family: number, sessionKey?: string) => {
    const application = anApplication(
      courseId,
      family,
      sessionKey ? { sessionKeys: [sessionKey] } : {},
    );
    const response = await world.post('/api/registrations', application);
    return (await response.json()) as { code?: string; status?: string };
  };
  expect((await applyFor(1)).code).toBe('session_required');
  expect((await applyFor(1, 'A')).status).toBe('confirmed');
  expect((await applyFor(2, 'A')).code).toBe('course_full');
  // Born in June 2026: twelve months old by the second date.
  expect((await applyFor(2, 'B')).code).toBe('not_eligible');
  expect(await world.pool(courseId, 'B')).toMatchObject({ free: 1 });
});

test('a course that staff take refuses booking with a code and says 「お電話」', async () => {
  await begin();
  const { courseId } = await world.addCourse({ application: { method: 'staff' } });
  const response = await world.post('/api/registrations', anApplication(courseId, 1));
  const { code, detail } = (await response.json()) as { code: string; detail: string };
  expect(code).toBe('course_not_bookable_online');
  expect(detail).toContain('お電話');
  await world.settle();
  expect(await pageOf(`/courses/${courseId}/`)).toContain('電話');
  expect((await fetch(`${world.origin}/courses/${courseId}/apply/`)).status).toBe(404);
});

test('a row that no code knows any more does not stop the clock: it is given up with an alarm, the rest is done', async () => {
  await begin();
  const { courseId } = await world.addCourse(small(1, 5));
  const first = await book(courseId, 1);
  world.clock.advance(1_000);
  const second = await book(courseId, 2);
  await press(first, 'cancel');
  await world.settle();
  const event = {
    eventId: 'evt_old',
    kind: 'of_an_earlier_release',
    at: '2026-12-01T00:00:00.000Z',
  };
  await claimReaction(world.deps.database, event, 'send_mail', new Date('2026-12-01'), 1);
  await claimReaction(world.deps.database, event, 'renamed_since', new Date('2026-12-01'), 1);
  world.clock.advance(30 * HOUR);
  await world.runClock();
  await world.settle();
  expect(await pageOf(second)).toContain('お返事の期限が過ぎました');
  expect(world.logLines.filter((line) => line.includes('"reaction_given_up"'))).toHaveLength(2);
  await world.runClock();
  expect(world.logLines.filter((line) => line.includes('"reaction_given_up"'))).toHaveLength(2);
});

test('an unlisted course is in no list and in no file that others read', async () => {
  await begin();
  const { courseId, title } = await world.addCourse({ listed: false, title: '案内した方の会' });
  await world.settle();
  for (const page of ['/', '/courses/', '/courses/status.json', '/api/courses']) {
    const text = await pageOf(page);
    expect(text).not.toContain(courseId);
    expect(text).not.toContain(title);
  }
  expect((await fetch(`${world.origin}/api/courses/${courseId}`)).status).toBe(404);
});

test.each(['当選 http://evil.example', 'www.evil.example', 'evil.example', 'a@evil.example'])(
  'a name that is an address (%s) is refused, so that nobody can have us mail it to a stranger',
  async (name) => {
    await begin();
    const { courseId } = await world.addCourse();
    const applicant = { name, kana: 'ミホン', phone: '0420000001', email: 'a@example.jp' };
    const response = await world.post(
      '/api/registrations',
      anApplication(courseId, 1, { applicant }),
    );
    expect(response.status).toBe(400);
  },
);

test('who applies again gets the link once a day, at the address stored first and at no other', async () => {
  await begin();
  const { courseId } = await world.addCourse();
  const path = await book(courseId, 1);
  await world.settle();
  const again = (email: string) =>
    world.post(
      '/api/registrations',
      anApplication(courseId, 1, {
        applicant: { name: '見本', kana: 'ミホン', phone: '042-000-0001', email },
      }),
    );
  await again('stranger@example.jp');
  await again('other@example.jp');
  await world.settle();
  expect(world.mails.map(({ to }) => to)).toEqual(['family1@example.jp', 'family1@example.jp']);
  expect(world.mails[1]?.text).toContain(path);
  world.clock.advance(24 * HOUR);
  await again('stranger@example.jp');
  await world.settle();
  expect(world.mails).toHaveLength(3);
});
