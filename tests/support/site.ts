/**
 * The whole product behind one port and a browser in front of it, for the journeys: the demonstration
 * centre on one chosen morning, courses of the test's own, and pages that are closed after each test.
 */
import { randomUUID } from 'node:crypto';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Browser, BrowserContextOptions, Page } from 'playwright-core';
import { onTestFinished, vi } from 'vitest';
import { createCourse } from '../../functions/courses/create.ts';
import type { Course } from '../../functions/courses/model.ts';
import { getCourseWithSeats } from '../../functions/courses/store.ts';
import type { WorkerDeps } from '../../functions/platform/worker-deps.ts';
import type { CaughtMail } from '../../infra/local/mail.ts';
import { seed } from '../../infra/local/seed.ts';
import { type Hidamari, startHidamari } from '../../infra/local/start.ts';
import { launchChromium } from './browser.ts';
import { aCourse, anApplication } from './world.ts';

const root = join(import.meta.dirname, '../..');

/** A Tuesday half an hour after applications for `OPEN` have begun. */
const MORNING = '2026-12-08T09:30:00+09:00';

/** Courses of the demonstration, by what they are on that morning. */
export const OPEN = 'crs_baby-family-2027-01';
export const FULL = 'crs_zero-2026-12';
export const LOTTERY = 'crs_winter-festa-2026';
export const WALK_IN = 'crs_growth-check';

export interface SiteOptions {
  /** When it is as the product starts; time runs on from there. */
  readonly at?: string;
  /** Courses besides the demonstration's, each a change of `aCourse`. */
  readonly courses?: readonly Partial<Course>[];
  /** What the handlers are given besides. */
  readonly overrides?: Partial<WorkerDeps>;
  /** In the place of the demonstration centre. */
  readonly seed?: (deps: WorkerDeps) => Promise<void>;
}

export interface Site {
  readonly origin: string;
  readonly hidamari: Hidamari;
  /** Lines that the Lambdas have logged. */
  readonly logLines: readonly string[];
  now(): Date;
  /** Time runs on from this instant. */
  setTime(instant: string | number | Date): void;
  /** A page in a browser of its own, closed when the test ends; a failing test leaves a picture. */
  visit(path: string, options?: BrowserContextOptions): Promise<Page>;
  /** Books over HTTP for another family each time, and gives the path of the booking's page. */
  book(courseId: string, changes?: Record<string, unknown>): Promise<string>;
  /** Presses a button of a booking's page, as a form without script does; of one part of it. */
  press(booking: string, action: 'cancel' | 'accept' | 'decline', poolKey?: string): Promise<void>;
  seatsTaken(courseId: string): Promise<number>;
  mailsTo(address: string): readonly CaughtMail[];
  /** The mail to an address whose subject holds these words, once it is there. */
  mailTo(address: string, words: string): Promise<CaughtMail>;
  stop(): Promise<void>;
}

export async function startSite(options: SiteOptions = {}): Promise<Site> {
  let offset = Date.parse(options.at ?? MORNING) - Date.now();
  const now = () => new Date(Date.now() + offset);
  const logLines: string[] = [];
  const [hidamari, browser] = await Promise.all([
    startHidamari({
      dataDir: null,
      port: 0,
      siteDist: join(root, 'site/dist'),
      clock: { now },
      ...(options.overrides && { overrides: options.overrides }),
      writeLog: (line) => logLines.push(line),
      async seed(deps) {
        await (options.seed ?? seed)(deps);
        for (const changes of options.courses ?? []) {
          await createCourse(deps, aCourse(changes), 'test', deps.clock.now());
        }
      },
    }),
    launchChromium(),
  ]);
  const mailsTo = (address: string) => hidamari.mails().filter(({ to }) => to.includes(address));
  let families = 0;
  return {
    origin: hidamari.origin,
    hidamari,
    logLines,
    now,
    setTime(instant) {
      offset = new Date(instant).getTime() - Date.now();
    },
    visit: (path, more) => visit(browser, path, { baseURL: hidamari.origin, ...more }),
    async book(courseId, changes) {
      families += 1;
      const response = await fetch(`${hidamari.origin}/api/registrations`, {
        method: 'POST',
        headers: { 'content-type': 'application/json', 'idempotency-key': randomUUID() },
        body: JSON.stringify(anApplication(courseId, families, changes)),
      });
      const answer = (await response.json()) as { path?: string; title?: string };
      if (!answer.path) throw new Error(`Refused: ${answer.title}`);
      // Pages follow a booking by a reaction: a test that looks at once would see the one before.
      await hidamari.caughtUp();
      return answer.path.split('?')[0] ?? '';
    },
    async press(booking, action, poolKey) {
      const { status } = await fetch(`${hidamari.origin}${booking}/${action}`, {
        method: 'POST',
        redirect: 'manual',
        headers: { 'content-type': 'application/x-www-form-urlencoded' },
        body: new URLSearchParams(poolKey === undefined ? {} : { poolKey }).toString(),
      });
      if (status !== 303) throw new Error(`${action} was answered with ${status}`);
    },
    async seatsTaken(courseId) {
      const { database } = hidamari.deps;
      const pools = (await getCourseWithSeats(database, courseId))?.pools ?? [];
      return pools.reduce((sum, { capacity, free }) => sum + capacity - free, 0);
    },
    mailsTo,
    async mailTo(address, words) {
      return vi.waitFor(
        () => {
          const mail = mailsTo(address).find(({ subject }) => subject.includes(words));
          if (!mail) throw new Error(`No mail 「${words}」 to ${address}`);
          return mail;
        },
        { timeout: 10_000 },
      );
    },
    async stop() {
      await browser.close();
      await hidamari.stop();
    },
  };
}

async function visit(
  browser: Browser,
  path: string,
  options: BrowserContextOptions,
): Promise<Page> {
  const context = await browser.newContext({
    locale: 'ja-JP',
    timezoneId: 'Asia/Tokyo',
    viewport: { width: 390, height: 844 },
    reducedMotion: 'reduce',
    ...options,
  });
  context.setDefaultTimeout(10_000);
  const page = await context.newPage();
  onTestFinished(async ({ task }) => {
    if (task.result?.state === 'fail') {
      const folder = join(root, 'test-results');
      mkdirSync(folder, { recursive: true });
      const name = task.name.replaceAll(/[^\w-]+/g, '-').slice(0, 80);
      // The page itself may be what failed.
      await page.screenshot({ path: join(folder, `${name}.png`) }).catch(() => undefined);
    }
    await context.close();
  });
  await page.goto(path);
  return page;
}

/** What a parent types; names of fields as in the form, dots as the id writes them. */
export const typedByParent: Readonly<Record<string, string>> = {
  'participants-0-name': '見本 光',
  'participants-0-kana': 'みほん ひかり',
  'participants-0-birthDate': '令和８',
  'participants-0-birthDate-month': '９',
  'participants-0-birthDate-day': '２０',
  'applicant-name': '見本 花子',
  'applicant-kana': 'ﾐﾎﾝ ﾊﾅｺ',
  'applicant-phone': '０９０ー００００ー１２３４',
  'applicant-email': 'hanako@example.jp',
  needs: '抱っこひもで参加します。',
};

/** Types into the fields of the application form; null leaves one out. */
export async function fillForm(
  page: Page,
  changes: Readonly<Record<string, string | null>> = {},
): Promise<void> {
  for (const [id, text] of Object.entries({ ...typedByParent, ...changes })) {
    if (text !== null) await page.locator(`#${id}`).fill(text);
  }
}

/** What stands in the fields now, by the ids of `typedByParent`. */
export async function typedInForm(page: Page): Promise<Record<string, string>> {
  const ids = Object.keys(typedByParent);
  const values = await Promise.all(ids.map((id) => page.locator(`#${id}`).inputValue()));
  return Object.fromEntries(ids.map((id, index) => [id, values[index] ?? '']));
}

/** The page's heading. */
export function headingOf(page: Page): Promise<string> {
  return page.getByRole('heading', { level: 1 }).innerText();
}
