/** A page left open tells the truth about nine o'clock and about seats, and asks no Lambda for it. */
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { OPEN, type Site, startSite } from '../support/site.ts';

const NINE = Date.parse('2026-12-08T09:00:00+09:00');
let site: Site;
beforeAll(async () => {
  site = await startSite({ at: '2026-12-08T08:50:00+09:00' });
});
afterAll(() => site?.stop());

// A phone in another part of the world, and with a clock of its own: the server's time counts.
const elsewhere = { timezoneId: 'America/Los_Angeles' };
const family = { participants: [{ name: '見本 海', kana: 'ミホン', birthDate: '2026-09-20' }] };

const cardOf = (page: Page) =>
  page.getByRole('main').getByRole('listitem').filter({ hasText: 'わたしたちの家族' });

/** Marks the page, so that a reload would be noticed. */
async function mark(page: Page): Promise<() => Promise<boolean>> {
  await page.evaluate(() => document.body.setAttribute('data-mark', ''));
  return async () => (await page.locator('body[data-mark]').count()) === 1;
}

test('at nine o’clock an open list says 申込受付中 within seconds, without a reload', async () => {
  site.setTime(NINE - 4_000);
  const page = await site.visit('/courses/', elsewhere);
  const isStill = await mark(page);
  const card = cardOf(page);
  expect(await card.innerText()).toContain('まもなく開始');
  await card.getByText('申込受付中').waitFor();
  const late = site.now().getTime() - NINE;
  expect(late).toBeGreaterThanOrEqual(0);
  expect(late).toBeLessThan(5_000);
  expect(await card.innerText()).toContain('残り 10 席');
  expect(await isStill()).toBe(true);
  // Whoever comes now gets a page that says so by itself.
  await expect
    .poll(async () => (await fetch(`${site.origin}/courses/${OPEN}/`)).text(), { timeout: 5_000 })
    .toContain('申し込みに進む');
});

test('an open page of a course turns over at nine, and leads to the form', async () => {
  site.setTime(NINE - 4_000);
  const page = await site.visit(`/courses/${OPEN}/`, elsewhere);
  const isStill = await mark(page);
  await page.getByText('申し込みフォームを先に見る').first().waitFor();
  await page.getByRole('link', { name: '申し込みに進む' }).first().waitFor();
  expect(site.now().getTime() - NINE).toBeLessThan(5_000);
  expect(await isStill()).toBe(true);
});

test('somebody else’s booking lowers the seats on an open page, without a reload', async () => {
  site.setTime(NINE + 60_000);
  const page = await site.visit('about:blank');
  await page.clock.install();
  await page.goto(`/courses/${OPEN}/`);
  const isStill = await mark(page);
  const seats = page.getByRole('status');
  const before = await site.seatsTaken(OPEN);
  await expect.poll(() => seats.innerText(), { timeout: 5_000 }).toBe(`残り ${10 - before} 席`);
  await site.book(OPEN, family);
  await site.hidamari.caughtUp();
  // The page looks again within half a minute; the test does not wait for it.
  await page.clock.fastForward(26_000);
  await expect.poll(() => seats.innerText(), { timeout: 5_000 }).toBe(`残り ${9 - before} 席`);
  expect(await isStill()).toBe(true);
});

test('coming back to a page that was put away shows what has happened meanwhile', async () => {
  site.setTime(NINE + 120_000);
  const page = await site.visit('/courses/');
  const card = cardOf(page);
  const before = await site.seatsTaken(OPEN);
  await expect.poll(() => card.innerText(), { timeout: 5_000 }).toContain(`残り ${10 - before} 席`);
  await site.book(OPEN, family);
  await site.hidamari.caughtUp();
  await page.evaluate(() => document.dispatchEvent(new Event('visibilitychange')));
  await expect.poll(() => card.innerText(), { timeout: 5_000 }).toContain(`残り ${9 - before} 席`);
});

test('the status file is true within two seconds of a booking', async () => {
  site.setTime(NINE + 180_000);
  const freeOf = async () => {
    const file = (await (await fetch(`${site.origin}/courses/status.json`)).json()) as {
      courses: Record<string, { pools: Record<string, { free: number }> }>;
    };
    return file.courses[OPEN]?.pools['all']?.free;
  };
  const before = (await freeOf()) ?? 0;
  await site.book(OPEN, family);
  await expect.poll(freeOf, { timeout: 2_000 }).toBe(before - 1);
});

test('ten reloads of list and course touch no Lambda', async () => {
  const page = await site.visit('about:blank');
  const asked: string[] = [];
  page.on('request', (request) => asked.push(new URL(request.url()).pathname));
  const logged = site.logLines.length;
  for (const path of ['/courses/', `/courses/${OPEN}/`, `/courses/${OPEN}/apply/`]) {
    await page.goto(path, { waitUntil: 'networkidle' });
    for (let times = 0; times < 10; times += 1) await page.reload();
  }
  expect(asked).toContain('/courses/status.json');
  expect(asked.filter((path) => path.startsWith('/api'))).toEqual([]);
  const requests = site.logLines.slice(logged).filter((line) => line.includes('"request"'));
  expect(requests).toEqual([]);
});

test('without the status file a page keeps what it says, and goes on', async () => {
  site.setTime(NINE + 240_000);
  const page = await site.visit('about:blank');
  await page.route('**/status.json', (route) => route.abort());
  await page.goto(`/courses/${OPEN}/`);
  await page.getByRole('link', { name: '申し込みに進む' }).first().waitFor();
  expect(await page.getByRole('main').innerText()).toContain('申込受付中');
});
