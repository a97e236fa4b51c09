/**
 * A small world for tests: the real engine, the real handlers behind a real port, the real stream,
 * and a clock that stands still until it is moved. Each world has tables of its own.
 */
import { randomUUID } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { letterEndpoints, publicEndpoints, staffEndpoints } from '../../functions/api.ts';
import { createCourse } from '../../functions/courses/create.ts';
import { Course, type SeatPool } from '../../functions/courses/model.ts';
import { getCourseWithSeats } from '../../functions/courses/store.ts';
import { wiring } from '../../functions/events.ts';
import { loadConfig } from '../../functions/platform/config.ts';
import { makeClockHandler, makeWorker } from '../../functions/platform/consumer.ts';
import { makeApi } from '../../functions/platform/http.ts';
import { makeLog } from '../../functions/platform/log.ts';
import type { Mail } from '../../functions/platform/mailer.ts';
import { tables } from '../../functions/platform/tables.ts';
import { makeWorkerDeps, type WorkerDeps } from '../../functions/platform/worker-deps.ts';
import { messagePage } from '../../functions/registrations/endpoints.tsx';
import { createTables } from '../../infra/local/create-tables.ts';
import { type Engine, startEngine } from '../../infra/local/engine.ts';
import { startStream } from '../../infra/local/stream.ts';
import { startWebServer } from '../../infra/local/web-server.ts';

/** The day on which most tests begin: applications for `aCourse` are open. */
export const BEGINNING = new Date('2026-12-01T03:00:00.000Z');

export interface TestClock {
  now(): Date;
  set(instant: Date | string): void;
  advance(ms: number): void;
}

export interface World {
  readonly origin: string;
  readonly deps: WorkerDeps;
  readonly clock: TestClock;
  /** Mails in the order in which they were sent. */
  readonly mails: Mail[];
  /** Everything that was logged. */
  readonly logLines: string[];
  readonly worker: ReturnType<typeof makeWorker>;
  runClock(): Promise<void>;
  /** Waits until every event so far has been reacted to. */
  settle(): Promise<void>;
  addCourse(changes?: Partial<Course>): Promise<Course>;
  pool(courseId: string, key?: string): Promise<SeatPool>;
  /** JSON to an endpoint. */
  post(path: string, body: unknown, headers?: Record<string, string>): Promise<Response>;
  /** A plain form, redirects not followed. */
  postForm(
    path: string,
    fields: Record<string, string>,
    headers?: Record<string, string>,
  ): Promise<Response>;
  stop(): Promise<void>;
}

export interface WorldOptions {
  readonly engine?: Engine;
  readonly overrides?: (deps: WorkerDeps) => Partial<WorkerDeps>;
  /** Without the stream, events stay unread until the test hands them over. */
  readonly stream?: boolean;
}

export async function startWorld(options: WorldOptions = {}): Promise<World> {
  const engine = options.engine ?? (await startEngine());
  const folder = mkdtempSync(join(tmpdir(), 'hidamari-test-'));
  const lettersFolder = mkdtempSync(join(tmpdir(), 'hidamari-letters-'));
  const logLines: string[] = [];
  const mails: Mail[] = [];
  let time = BEGINNING;
  const clock: TestClock = {
    now: () => time,
    set: (instant) => {
      time = new Date(instant);
    },
    advance: (ms) => {
      time = new Date(time.getTime() + ms);
    },
  };
  const web = await startWebServer({ port: 0, host: '127.0.0.1' });
  const origin = `http://127.0.0.1:${web.port}`;
  const config = loadConfig({
    STAGE: 'local',
    TABLE_PREFIX: `t${randomUUID().slice(0, 8)}-`,
    DYNAMODB_ENDPOINT: engine.endpoint,
    MAIL_FROM: 'hidamari@hidamari.example.jp',
    NOTICE_FROM: 'info@oshirase.example.jp',
    SITE_ORIGIN: origin,
    SITE_FOLDER: folder,
    LETTERS_FOLDER: lettersFolder,
    TEMPLATES_FOLDER: fileURLToPath(new URL('templates', import.meta.url)),
    FORM_KEY: 'a key that is only used in tests, 32 characters or more',
    OIDC_ISSUER: `${origin}/oidc`,
    OIDC_CLIENT_ID: 'hidamari-desk',
  });
  await createTables(engine.endpoint, config.tablePrefix, tables);
  const base = makeWorkerDeps(config, {
    clock,
    log: makeLog((line) => logLines.push(line)),
    mailer: {
      async send(mail) {
        mails.push(mail);
      },
    },
  });
  const deps: WorkerDeps = { ...base, ...options.overrides?.(base) };
  const worker = makeWorker(wiring, deps);
  const runClock = makeClockHandler(wiring, deps);
  web.open({
    stage: 'local',
    publicApi: makeApi(publicEndpoints, deps, messagePage),
    lettersApi: makeApi(letterEndpoints, deps, messagePage),
    staffApi: makeApi(staffEndpoints, deps, messagePage),
    folders: [folder],
  });
  const stream =
    options.stream === false
      ? undefined
      : startStream({
          endpoint: engine.endpoint,
          tableName: `${config.tablePrefix}events`,
          consumer: worker,
          log: () => {},
        });
  return {
    origin,
    deps,
    clock,
    mails,
    logLines,
    worker,
    runClock,
    settle: async () => {
      await stream?.caughtUp();
    },
    async addCourse(changes = {}) {
      const course = aCourse(changes);
      await createCourse(deps, course, 'test', clock.now());
      return course;
    },
    async pool(courseId, key = 'all') {
      const pools = (await getCourseWithSeats(deps.database, courseId))?.pools;
      const pool = pools?.find((candidate) => candidate.key === key);
      if (!pool) throw new Error('No such pool');
      return pool;
    },
    post: (path, body, headers = {}) =>
      fetch(origin + path, {
        method: 'POST',
        redirect: 'manual',
        headers: { 'content-type': 'application/json', ...headers },
        body: typeof body === 'string' ? body : JSON.stringify(body),
      }),
    postForm: (path, fields, headers = {}) =>
      fetch(origin + path, {
        method: 'POST',
        redirect: 'manual',
        headers: { 'content-type': 'application/x-www-form-urlencoded', ...headers },
        body: new URLSearchParams(fields).toString(),
      }),
    async stop() {
      await stream?.stop();
      await web.stop();
      deps.database.client.destroy();
      if (!options.engine) await engine.stop();
      for (const each of [folder, lettersFolder]) rmSync(each, { recursive: true, force: true });
    },
  };
}

let courses = 0;

/** A first-come course with 20 seats and 10 waitlist places, open for booking at BEGINNING. */
export function aCourse(changes: Partial<Course> = {}): Course {
  courses += 1;
  return Course.parse({
    courseId: `crs_test-${courses}`,
    version: 1,
    title: 'ためしの講座',
    titleKana: 'タメシノコウザ',
    category: '親子あそび',
    summary: 'ためすための講座です。',
    audience: '0歳の子どもと保護者',
    eligibility: {
      who: 'child',
      minMonths: 0,
      maxMonthsExclusive: 12,
      judgedOn: 'first_session',
      conditions: [],
    },
    sessions: [{ key: '1', date: '2026-12-10', start: '10:00', end: '11:30' }],
    sessionChoice: 'all',
    venue: '集会室',
    capacity: { unit: '組', countedBy: 'application', seats: 20, waitlist: 10, perSession: false },
    fee: { yen: 0 },
    bring: ['飲みもの'],
    accessibility: [],
    notes: [],
    application: {
      method: 'first_come',
      opensAt: '2026-11-24T00:00:00.000Z',
      closesAt: '2026-12-09T08:00:00.000Z',
    },
    publication: 'published',
    listed: true,
    updatedAt: '2026-11-20T00:00:00.000Z',
    ...changes,
  });
}

/** The body of an application; `family` makes it another household each time. */
export function anApplication(
  courseId: string,
  family: number,
  changes: Record<string, unknown> = {},
): Record<string, unknown> {
  return {
    courseId,
    applicant: {
      name: `見本 花子${family}`,
      kana: 'みほん はなこ',
      phone: `042-000-${String(family).padStart(4, '0')}`,
      email: `family${family}@example.jp`,
    },
    participants: [{ name: '見本 光', kana: 'みほん ひかり', birthDate: '2026-06-01' }],
    ...changes,
  };
}

/** Runs jobs, at most `limit` at a time, and gives their results in order. */
export async function inParallel<T>(
  limit: number,
  jobs: readonly (() => Promise<T>)[],
): Promise<T[]> {
  const results: T[] = [];
  let next = 0;
  const worker = async () => {
    while (next < jobs.length) {
      const index = next;
      next += 1;
      const job = jobs[index];
      if (job) results[index] = await job();
    }
  };
  await Promise.all(Array.from({ length: Math.min(limit, jobs.length) }, worker));
  return results;
}
