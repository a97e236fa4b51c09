/**
 * Families are told what they did not cause: a course called off or moved, a session that is near, a
 * survey; each of it once, whatever is repeated. Whom no mail reaches is called.
 */
import { randomUUID } from 'node:crypto';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import type { CallToMake } from '../../../functions/calls/model.ts';
import type { Course, CourseEvent, Session } from '../../../functions/courses/model.ts';
import { getCourse, replaceCourse } from '../../../functions/courses/store.ts';
import { appendEvent } from '../../../functions/platform/events-store.ts';
import { makeNoticeHandler } from '../../../functions/platform/mail-notices.ts';
import type { Mail } from '../../../functions/platform/mailer.ts';
import { announce, announceAgain } from '../../../functions/registrations/announce.ts';
import { callAfterBounce } from '../../../functions/registrations/bounce.ts';
import { RegistrationEvent } from '../../../functions/registrations/model.ts';
import { askSurvey, remindFamilies } from '../../../functions/registrations/remind.ts';
import { MAILS_A_DAY, tellApplicant } from '../../../functions/registrations/tell.ts';
import { type Engine, startEngine } from '../../../infra/local/engine.ts';
import { bounceNotice } from '../../../infra/local/mail-notice.ts';
import { rowsOf } from '../../support/raw-tables.ts';
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
  world = await startWorld({
    engine,
    overrides: () => ({
      authenticate: async () => ({ subject: 'staff-1', roles: ['course_staff'] }),
    }),
    ...options,
  });
}

const capacity = (seats: number) => ({
  unit: '組' as const,
  countedBy: 'application' as const,
  seats,
  waitlist: 10,
  perSession: false,
});

/** Books and gives the path of the booking's page. `email` '' is a family without mail. */
async function book(courseId: string, family: number, email?: string): Promise<string> {
  world.clock.advance(1_000);
  const body = anApplication(courseId, family);
  const applicant = body['applicant'] as Record<string, string>;
  const response = await world.post(
    '/api/registrations',
    { ...body, applicant: email === undefined ? applicant : { ...applicant, email } },
    { 'idempotency-key': randomUUID() },
  );
  const answer = (await response.json()) as { path?: string; code?: string };
  if (!answer.path) throw new Error(`Refused: ${answer.code}`);
  await world.settle();
  return answer.path.split('?')[0] ?? '';
}

const press = async (path: string, action: string) => {
  await world.postForm(`${path}/${action}`, {});
  await world.settle();
};

/** What the desk's edit of a course does: the new version, and the event that tells of it. */
async function change(
  courseId: string,
  changes: Partial<Course>,
  event: Partial<CourseEvent> = {},
): Promise<CourseEvent> {
  const { database, ids } = world.deps;
  const now = world.clock.now();
  const course = await getCourse(database, courseId);
  if (!course) throw new Error('No such course');
  const appended: CourseEvent = {
    eventId: ids.event(now),
    kind: 'course_edited',
    at: now.toISOString(),
    courseId,
    actor: 'test',
    ...event,
  };
  await database.transact([
    replaceCourse(
      database,
      { ...course, ...changes, version: course.version + 1, updatedAt: now.toISOString() },
      course.version,
    ),
    appendEvent(database, appended),
  ]);
  await world.settle();
  return appended;
}

const callOff = (courseId: string) =>
  change(courseId, { publication: 'cancelled' }, { kind: 'course_called_off' });

const SESSION: Session = { key: '1', date: '2026-12-10', start: '10:00', end: '11:30' };
const movedTo = (date: string): Session[] => [{ ...SESSION, date }];
const move = (courseId: string, date: string, was: Session[] = [SESSION]) =>
  change(courseId, { sessions: movedTo(date) }, { kind: 'course_moved', was });

/** The clock goes on to an instant, and does what is due. */
async function passTo(instant: string): Promise<void> {
  world.clock.set(instant);
  // The first call after a start publishes pages; the second does what became due by it.
  for (let times = 0; times < 3; times += 1) await world.runClock();
  await world.settle();
}

const mailsAbout = (words: string): Mail[] =>
  world.mails.filter(({ subject }) => subject.includes(words));
const toFamilies = (mails: readonly Mail[]) => mails.map(({ to }) => to).sort();

async function calls(): Promise<CallToMake[]> {
  const response = await fetch(`${world.origin}/api/staff/calls`, {
    headers: { authorization: 'Bearer x' },
  });
  expect(response.status).toBe(200);
  return ((await response.json()) as { calls: CallToMake[] }).calls;
}

/** The events of a kind, as a reaction is given them. */
async function eventsOf(kind: RegistrationEvent['kind']): Promise<RegistrationEvent[]> {
  const rows = (await rowsOf(world, 'events')).filter((row) => row['kind'] === kind);
  return rows.map(({ pk, sk, expiresAt, ...event }) => RegistrationEvent.parse(event));
}

const record = (callId: string, body: Record<string, unknown>) =>
  world.post(`/api/staff/calls/${callId}`, body, { authorization: 'Bearer x' });

describe('a course that is called off', () => {
  test('is told to everybody it concerns, in words that fit, and frees nothing', async () => {
    await begin();
    const { courseId } = await world.addCourse({ capacity: capacity(1) });
    const first = await book(courseId, 1);
    for (const family of [2, 3, 4]) await book(courseId, family);
    await press(first, 'cancel');
    world.mails.length = 0;
    const before = await world.pool(courseId);
    await callOff(courseId);

    const told = mailsAbout('中止');
    expect(toFamilies(told)).toEqual([2, 3, 4].map((family) => `family${family}@example.jp`));
    expect(world.mails).toHaveLength(3);
    const textTo = (family: number) =>
      told.find(({ to }) => to === `family${family}@example.jp`)?.text;
    expect(textTo(2)).toContain('お返事は、いりません');
    expect(textTo(3)).toContain('キャンセル待ち');
    expect(await world.pool(courseId)).toEqual(before);
  });

  test('puts the cancellation into the calendar of who was to come', async () => {
    await begin();
    const { courseId } = await world.addCourse();
    await book(courseId, 1);
    await callOff(courseId);
    const [mail] = mailsAbout('中止');
    expect(mail?.calendar?.content).toContain('STATUS:CANCELLED');
    expect(mail?.calendar?.content).toContain('SEQUENCE:2');
  });

  test('is told once, also when telling is repeated or began and broke off in the middle', async () => {
    await begin({ stream: false });
    const { courseId } = await world.addCourse();
    for (const family of [1, 2, 3, 4, 5]) await book(courseId, family);
    const event = await callOff(courseId);
    const told = () => eventsOf('registration_course_called_off');

    let writes = 0;
    const { database } = world.deps;
    const breaking = {
      ...world.deps,
      database: {
        ...database,
        transact: async (parts: Parameters<typeof database.transact>[0]) => {
          writes += 1;
          if (writes > 2) throw new Error('The process died');
          return database.transact(parts);
        },
      },
    };
    await expect(announce(breaking, event)).rejects.toThrow('died');
    await expect.poll(async () => (await told()).length).toBe(2);
    for (let times = 0; times < 2; times += 1) await announce(world.deps, event);
    await announceAgain(world.deps, event.eventId);
    expect(await told()).toHaveLength(5);
  });

  test('is told two minutes later to who was not in the index yet', async () => {
    await begin();
    const { courseId } = await world.addCourse();
    await book(courseId, 1);
    const event = await callOff(courseId);
    expect(mailsAbout('中止')).toHaveLength(1);
    // As if the index had missed the family: its event is not there.
    const { database } = world.deps;
    const [row] = (await rowsOf(world, 'events')).filter(
      ({ kind }) => kind === 'registration_course_called_off',
    );
    await database.transact([
      { Delete: { TableName: database.name('events'), Key: { pk: row?.pk, sk: row?.sk } } },
    ]);
    world.clock.advance(HOUR);
    await passTo(world.clock.now().toISOString());
    const again = await eventsOf('registration_course_called_off');
    expect(again.map(({ eventId }) => eventId)).toEqual([
      `evt_course_called_off_${event.eventId}_${row?.['registrationId']}`,
    ]);
    // The mail itself is claimed by the event's id, so even then it goes out once.
    expect(mailsAbout('中止')).toHaveLength(1);
  });

  test('becomes a call where there is no mail; reached is done, not reached stays', async () => {
    await begin();
    const { courseId, title } = await world.addCourse();
    await book(courseId, 1);
    await book(courseId, 2, '');
    const event = await callOff(courseId);
    await announce(world.deps, event);
    await world.settle();

    const [call, ...others] = await calls();
    expect(others).toEqual([]);
    expect(call).toMatchObject({
      reason: 'no_mail_called_off',
      title,
      name: '見本 花子2',
      phone: '0420000002',
      dueAt: '2026-12-10T01:00:00.000Z',
      tries: [],
    });
    expect(call?.sentence).toContain('中止');
    const callId = call?.callId ?? '';

    const missed = await record(callId, { result: 'not_reached', note: '夕方に' });
    expect(await missed.json()).toEqual({ isDone: false });
    expect((await calls())[0]?.tries).toMatchObject([{ result: 'not_reached', note: '夕方に' }]);
    const [both, other] = await Promise.all([
      record(callId, { result: 'reached' }),
      record(callId, { result: 'left_message', note: '' }),
    ]);
    expect([both?.status, other?.status].sort()).toEqual([200, 404]);
    expect(await calls()).toEqual([]);
    const done = (await rowsOf(world, 'bookings')).filter(({ pk }) => pk.startsWith('CALLS#DONE'));
    expect(done).toHaveLength(1);
    expect(done[0]?.pk).toBe('CALLS#DONE#2026-12');
    expect(done[0]?.['tries']).toHaveLength(2);
    // Who looked at the list, and who called, is written down; what was said is not.
    const audit = await rowsOf(world, 'audit');
    const lines = audit.map(({ action, actor, people }) => `${action} ${actor} ${people}`);
    expect([...new Set(lines)].sort()).toEqual([
      'call_list_read staff-1 0',
      'call_list_read staff-1 1',
      'call_made staff-1 1',
    ]);
    expect(lines.filter((line) => line.startsWith('call_made'))).toHaveLength(2);
    expect(JSON.stringify(audit)).not.toContain('夕方');
    // Telling once more does not bring back what is done.
    for (const told of await eventsOf('registration_course_called_off')) {
      await tellApplicant(told, world.deps);
    }
    expect(await calls()).toEqual([]);
  });
});

describe('a course that is moved', () => {
  test('is told with both dates, and with a calendar entry that replaces the first', async () => {
    await begin();
    const { courseId } = await world.addCourse();
    await book(courseId, 1);
    const sequence = (mail: Mail | undefined) =>
      Number(/SEQUENCE:(\d+)/.exec(mail?.calendar?.content ?? '')?.[1]);
    const uid = (mail: Mail | undefined) => /UID:(\S+)/.exec(mail?.calendar?.content ?? '')?.[1];
    const [confirmation] = world.mails;
    await move(courseId, '2026-12-17');
    const [mail] = mailsAbout('変わりました');
    expect(mail?.text).toMatch(/12月10日[\s\S]*12月17日/);
    expect(mail?.calendar?.content).toContain('DTSTART:20261217T010000Z');
    expect(uid(mail)).toBe(uid(confirmation));
    expect(sequence(mail)).toBeGreaterThan(sequence(confirmation));
  });

  test('by an edit at the desk is told with the venue as it was and as it is', async () => {
    await begin();
    const { courseId, version } = await world.addCourse();
    await book(courseId, 1);
    await book(courseId, 2, '');
    const edited = await fetch(`${world.origin}/api/staff/courses/${courseId}`, {
      method: 'PATCH',
      headers: { 'content-type': 'application/json', authorization: 'Bearer x' },
      body: JSON.stringify({ version, changes: { venue: '会議室' }, confirmed: true }),
    });
    expect(edited.status).toBe(200);
    await world.settle();
    const [mail, ...others] = mailsAbout('変わりました');
    expect(others).toEqual([]);
    expect(mail?.text).toMatch(/変わる前[\s\S]*集会室[\s\S]*変わったあと[\s\S]*会議室/);
    expect(await calls()).toMatchObject([{ reason: 'no_mail_moved' }]);
  });

  test('is not told to who applied afterwards, nor to who chose another date', async () => {
    await begin();
    const other = { ...SESSION, key: '2', date: '2026-12-12' };
    const { courseId } = await world.addCourse({
      sessions: [SESSION, other],
      sessionChoice: 'each',
      capacity: { ...capacity(5), perSession: true },
    });
    const choose = async (family: number, sessionKeys: string[]) => {
      world.clock.advance(1_000);
      const response = await world.post(
        '/api/registrations',
        { ...anApplication(courseId, family), sessionKeys },
        { 'idempotency-key': randomUUID() },
      );
      expect(response.status).toBe(201);
      await world.settle();
    };
    await choose(1, ['1']);
    await choose(2, ['2']);
    await choose(3, ['1', '2']);
    const event = await change(
      courseId,
      { sessions: [{ ...SESSION, date: '2026-12-11' }, other] },
      { kind: 'course_moved', was: [SESSION] },
    );
    await choose(4, ['1']);
    await announceAgain(world.deps, event.eventId);
    await world.settle();
    expect(toFamilies(mailsAbout('変わりました'))).toEqual([
      'family1@example.jp',
      'family3@example.jp',
    ]);
  });

  test('is called about before the earlier of both dates', async () => {
    await begin();
    const { courseId } = await world.addCourse();
    await book(courseId, 1, '');
    await move(courseId, '2026-12-17');
    expect(await calls()).toMatchObject([
      { reason: 'no_mail_moved', dueAt: '2026-12-10T01:00:00.000Z' },
    ]);
  });
});

describe('a reminder', () => {
  const DAY_BEFORE = '2026-12-09T01:00:00.000Z';

  test('goes out at ten of the day before, once, to who has a place for certain', async () => {
    await begin();
    const { courseId } = await world.addCourse({ capacity: capacity(2) });
    const gone = await book(courseId, 1);
    await book(courseId, 2);
    await book(courseId, 3);
    await press(gone, 'cancel');
    await passTo('2026-12-09T00:59:59.000Z');
    expect(mailsAbout('講座のご案内')).toEqual([]);
    await passTo(DAY_BEFORE);
    await remindFamilies(world.deps, `${courseId} 1`);
    await world.settle();
    const [mail, ...others] = mailsAbout('12月10日（木）の講座のご案内');
    expect(others).toEqual([]);
    expect(mail?.to).toBe('family2@example.jp');
    expect(mail?.calendar).toBeUndefined();
    expect(mail?.text).toContain('12月9日（水）17時までに取り消してください');
  });

  test('is not sent for a course that was called off or hidden, nor to who applied after ten', async () => {
    await begin();
    const off = await world.addCourse();
    const hidden = await world.addCourse();
    const late = await world.addCourse();
    await book(off.courseId, 1);
    await book(hidden.courseId, 2);
    await callOff(off.courseId);
    await change(hidden.courseId, { publication: 'hidden' });
    await passTo(DAY_BEFORE);
    await book(late.courseId, 3);
    await remindFamilies(world.deps, `${late.courseId} 1`);
    await world.settle();
    expect(mailsAbout('講座のご案内')).toEqual([]);
  });

  test('comes again for the new date of a course that was moved, and not for the old one', async () => {
    await begin();
    const early = await world.addCourse();
    const late = await world.addCourse();
    await book(early.courseId, 1);
    await book(late.courseId, 2);
    await move(early.courseId, '2026-12-14');
    await passTo(DAY_BEFORE);
    expect(toFamilies(mailsAbout('講座のご案内'))).toEqual(['family2@example.jp']);
    await move(late.courseId, '2026-12-14');
    await passTo('2026-12-13T01:00:00.000Z');
    expect(toFamilies(mailsAbout('12月14日（月）の講座のご案内'))).toEqual([
      'family1@example.jp',
      'family2@example.jp',
    ]);
  });

  test('is for the one session that is near, and reminds of each', async () => {
    await begin();
    const second = { ...SESSION, key: '2', date: '2026-12-17', venue: '調理室' };
    const { courseId } = await world.addCourse({ sessions: [SESSION, second] });
    await book(courseId, 1);
    await passTo(DAY_BEFORE);
    await passTo('2026-12-16T01:00:00.000Z');
    const [first, next] = mailsAbout('講座のご案内');
    expect(first?.text).toContain('12月10日');
    expect(first?.text).not.toContain('調理室');
    expect(next?.text).toContain('調理室');
    // The course has begun: one date of it is not cancelled by a button.
    expect(next?.text).toContain('お休みされるときは、お電話');
    expect(next?.text).not.toContain('/bookings/');
  });
});

describe('a survey', () => {
  const surveyUrl = 'https://survey.example.jp/1';

  test('is asked for on the day after the last session, once, of who had a place', async () => {
    await begin();
    const { courseId } = await world.addCourse({ capacity: capacity(1), surveyUrl });
    await book(courseId, 1);
    await book(courseId, 2);
    await passTo('2026-12-11T00:59:59.000Z');
    expect(mailsAbout('いかがでしたか')).toEqual([]);
    await passTo('2026-12-11T01:00:00.000Z');
    await askSurvey(world.deps, courseId);
    await world.settle();
    const [mail, ...others] = mailsAbout('いかがでしたか');
    expect(others).toEqual([]);
    expect(mail?.to).toBe('family1@example.jp');
    expect(mail?.text).toContain(surveyUrl);
  });

  test('is asked for only where the course names one', async () => {
    await begin();
    const { courseId } = await world.addCourse();
    await book(courseId, 1);
    await passTo('2026-12-11T01:00:00.000Z');
    await askSurvey(world.deps, courseId);
    await world.settle();
    expect(mailsAbout('いかがでしたか')).toEqual([]);
  });
});

describe('a call', () => {
  test('is made for an offer to a family without mail, and is over when it is answered', async () => {
    await begin();
    const { courseId } = await world.addCourse({ capacity: capacity(1) });
    const first = await book(courseId, 1);
    const second = await book(courseId, 2, '');
    await press(first, 'cancel');
    const [call] = await calls();
    expect(call).toMatchObject({ reason: 'no_mail_offer' });
    expect(call?.dueAt).toBe('2026-12-02T03:00:02.000Z');
    await press(second, 'accept');
    expect(await calls()).toEqual([]);
  });

  test('is made once to the first in line when no time is left to answer an offer', async () => {
    await begin();
    const { courseId } = await world.addCourse({
      capacity: capacity(2),
      application: {
        method: 'first_come',
        opensAt: '2026-11-24T00:00:00.000Z',
        closesAt: '2026-12-10T01:00:00.000Z',
      },
    });
    const paths: string[] = [];
    for (const family of [1, 2, 3, 4]) paths.push(await book(courseId, family));
    world.clock.set('2026-12-09T07:45:00.000Z');
    await press(paths[0] ?? '', 'cancel');
    await press(paths[1] ?? '', 'cancel');
    expect(mailsAbout('席が空きました')).toEqual([]);
    expect(await calls()).toMatchObject([
      { reason: 'offer_too_late', name: '見本 花子3', dueAt: '2026-12-10T01:00:00.000Z' },
    ]);
    // Who leaves the wait makes room for the next.
    await press(paths[2] ?? '', 'cancel');
    expect(await calls()).toMatchObject([{ reason: 'offer_too_late', name: '見本 花子4' }]);
    world.clock.set('2026-12-10T01:00:01.000Z');
    expect(await calls()).toEqual([]);
  });

  test('is not there for who has no right to see it', async () => {
    await begin({
      overrides: () => ({ authenticate: async () => ({ subject: 'nobody', roles: [] }) }),
    });
    const response = await fetch(`${world.origin}/api/staff/calls`, {
      headers: { authorization: 'Bearer x' },
    });
    expect(response.status).toBe(403);
  });
});

describe('a mail that comes back', () => {
  const bounce = async (mail: Mail | undefined, eventType = 'Bounce') => {
    const raw = Buffer.from(`X-Hidamari-Message: ${mail?.messageId}\r\nSubject: x\r\n\r\n`);
    const notice = bounceNotice(raw, [mail?.to ?? ''], world.clock.now().toISOString());
    const [{ Sns }] = notice.Records as [(typeof notice.Records)[0]];
    Sns.Message = Sns.Message.replace('"Bounce"', `"${eventType}"`);
    await makeNoticeHandler(callAfterBounce, world.deps)(notice);
  };

  test('becomes a call, one for each offer and one for everything that was only said again', async () => {
    await begin();
    const { courseId } = await world.addCourse({ capacity: capacity(1) });
    const first = await book(courseId, 1);
    await book(courseId, 2);
    const [, waitlisted] = world.mails;
    for (let times = 0; times < 2; times += 1) await bounce(waitlisted);
    expect(await calls()).toMatchObject([{ reason: 'bounce', name: '見本 花子2' }]);
    await press(first, 'cancel');
    await bounce(mailsAbout('席が空きました')[0]);
    const [offer, ...others] = await calls();
    expect(offer?.sentence).toContain('参加するかどうか');
    expect(offer?.dueAt).toBe('2026-12-02T03:00:02.000Z');
    expect(others).toHaveLength(1);
  });

  test('is no matter when it is not ours, was a complaint, or the booking is over', async () => {
    await begin();
    const { courseId } = await world.addCourse();
    const path = await book(courseId, 1);
    const [mail] = world.mails;
    await bounce(mail, 'Complaint');
    await bounce({ ...(mail as Mail), messageId: 'evt_unknown.registration_confirmed' });
    await bounce({ ...(mail as Mail), messageId: 'nonsense' });
    expect(await calls()).toEqual([]);
    await press(path, 'cancel');
    await bounce(mail);
    expect(await calls()).toEqual([]);
    expect(world.logLines.join('\n')).not.toContain('example.jp');
  });
});

describe('mails to one address', () => {
  test('end after twenty a day; then staff ask once, and a question to the family still reaches them', async () => {
    await begin();
    const email = 'somebody-else@example.jp';
    const used = await Promise.all(
      Array.from({ length: MAILS_A_DAY / 2 }, () => world.addCourse()),
    );
    for (const { courseId } of used) {
      const path = await book(courseId, 1, email);
      await press(path, 'cancel');
    }
    expect(world.mails).toHaveLength(MAILS_A_DAY);

    const small = await world.addCourse({ capacity: capacity(1) });
    const other = await book(small.courseId, 2);
    await book(small.courseId, 1, email.toUpperCase().replace('EXAMPLE.JP', 'example.jp'));
    const another = await world.addCourse();
    await book(another.courseId, 1, email);
    const toThem = () => world.mails.filter(({ to }) => to.toLowerCase() === email);
    expect(toThem()).toHaveLength(MAILS_A_DAY);
    expect(await calls()).toMatchObject([{ reason: 'mail_limit', name: '見本 花子1' }]);
    await press(other, 'cancel');
    expect((await calls()).map(({ sentence }) => sentence).join()).toContain('参加するかどうか');
    expect(await calls()).toHaveLength(2);

    world.clock.set('2026-12-01T15:00:00.000Z');
    const fresh = await world.addCourse();
    await book(fresh.courseId, 1, email);
    expect(toThem()).toHaveLength(MAILS_A_DAY + 1);
  });

  test('count once however often one is tried', async () => {
    await begin();
    const { courseId } = await world.addCourse();
    await book(courseId, 1);
    for (const event of await eventsOf('registration_confirmed')) {
      for (let tries = 0; tries < MAILS_A_DAY + 5; tries += 1) {
        await tellApplicant(event, world.deps);
      }
    }
    expect(world.mails).toHaveLength(MAILS_A_DAY + 6);
    expect(await calls()).toEqual([]);
  });
});
