/** The attendance screen at the door, on a phone: marks, reasons, walk-ins, dead spots, two phones. */
import type { BrowserContextOptions, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { addDays, dayInTokyo } from '../../functions/calendar/rules.ts';
import { complaints } from '../support/complaints.ts';
import { logIn } from '../support/log-in.ts';
import { rowsOf } from '../support/raw-tables.ts';
import { type Site, startSite } from '../support/site.ts';

const NOW = new Date();
const TOMORROW = addDays(dayInTokyo(NOW), 1);
const wide: BrowserContextOptions = { viewport: { width: 1280, height: 800 } };
const COURSES = ['marks', 'offline', 'phones', 'walk-ins', 'keys'].map((name) => `crs_att-${name}`);

let site: Site;
beforeAll(async () => {
  site = await startSite({
    // Log-ins end by the browser's own clock, so here it is really now.
    at: NOW.toISOString(),
    courses: COURSES.map((courseId) => ({
      courseId,
      title: `出欠の講座 ${courseId}`,
      eligibility: { who: 'anyone', judgedOn: 'first_session', conditions: [] },
      sessions: [{ key: '1', date: TOMORROW, start: '10:00', end: '11:00' }],
      application: { method: 'first_come' },
    })),
  });
  for (const courseId of COURSES) {
    for (const [name, kana] of [
      ['見本 青', 'みほん あお'],
      ['見本 桃', 'みほん もも'],
    ]) {
      await site.book(courseId, {
        applicant: { name, kana, phone: `042-000-${nextPhone()}` },
        participants: [
          { name: '見本 光', kana: 'みほん ひかり', birthDate: '2026-06-01' },
          { name: '見本 空', kana: 'みほん そら', birthDate: '2024-06-01' },
        ],
      });
    }
  }
});
afterAll(() => site?.stop());

let phones = 4_000;
function nextPhone(): string {
  phones += 1;
  return String(phones);
}

async function atTheDoor(courseId: string, more?: BrowserContextOptions): Promise<Page> {
  const page = await site.visit(`/staff/#attendance/${courseId}/1`, more);
  await logIn(page, 'hiroba');
  await page.getByRole('heading', { name: '予定の方' }).waitFor();
  return page;
}

const family = (page: Page, name: string) =>
  page.getByRole('listitem').filter({ has: page.getByText(name, { exact: true }) });
const button = (page: Page, name: string, state: string) =>
  page.getByRole('group', { name: `${name}の出欠` }).getByRole('button', { name: state });
/** The counts at the top: 予定, 出席, 遅刻, 欠席, まだ, 来た人. */
const counts = async (page: Page) =>
  (await page.locator('.att__counts dd').allInnerTexts()).map(Number);
const untilCounts = (page: Page, ...expected: number[]) =>
  expect.poll(() => counts(page), { timeout: 8_000 }).toEqual(expected);
const unsent = (page: Page) => page.getByText(/^未送信 \d+件/);

/** Marks of a course as the table holds them. */
async function stored(courseId: string): Promise<string[]> {
  const rows = await rowsOf({ deps: site.hidamari.deps } as never, 'bookings');
  return rows
    .filter(({ pk, sk }) => pk === `ATT#${courseId}` && sk.includes('#REG#'))
    .map((row) => row['status'] as string)
    .sort();
}

test('one tap marks a family, a second takes it back; an absence asks for its reason', async () => {
  const page = await atTheDoor('crs_att-marks');
  await untilCounts(page, 2, 0, 0, 0, 2, 0);
  expect(await page.locator('main').innerText()).not.toContain('042-000');
  await button(page, '見本 青', '出席').click();
  await untilCounts(page, 2, 1, 0, 0, 1, 3);
  expect(await button(page, '見本 青', '出席').getAttribute('aria-pressed')).toBe('true');
  await button(page, '見本 青', '出席').click();
  await untilCounts(page, 2, 0, 0, 0, 2, 0);
  await button(page, '見本 青', '出席').click();

  await family(page, '見本 青').getByText('一人ずつ付ける').click();
  const child = page.getByRole('group', { name: '見本 空' });
  await child.getByRole('button', { name: '欠席' }).click();
  await untilCounts(page, 2, 1, 0, 0, 1, 2);

  await button(page, '見本 桃', '欠席').click();
  const sheet = page.getByRole('dialog', { name: '見本 桃さん：欠席の理由' });
  expect(await complaints(page)).toEqual([]);
  await sheet.getByRole('button', { name: '体調不良' }).click();
  await family(page, '見本 桃').getByText('欠席（体調不良）').waitFor();
  await untilCounts(page, 2, 1, 0, 1, 0, 2);
  await page.getByRole('button', { name: '元にもどす' }).click();
  await untilCounts(page, 2, 1, 0, 0, 1, 2);

  expect(await complaints(page)).toEqual([]);
  await expect.poll(() => stored('crs_att-marks')).toEqual(['present', 'unmarked']);
  await page.reload();
  await untilCounts(page, 2, 1, 0, 0, 1, 2);
});

test('without a network marks are kept and said to be unsent, and go out when it is back', async () => {
  const page = await atTheDoor('crs_att-offline');
  const context = page.context();
  await context.setOffline(true);
  await button(page, '見本 青', '遅刻').click();
  await button(page, '見本 桃', '出席').click();
  await untilCounts(page, 2, 1, 1, 0, 0, 6);
  await page.getByText('未送信 2件').waitFor();
  expect(await complaints(page)).toEqual([]);
  expect(await stored('crs_att-offline')).toEqual([]);
  const kept = await page.evaluate(() => JSON.stringify(sessionStorage));
  expect(kept).toContain('reg_');
  expect(kept).not.toMatch(/見本|ミホン|042-?000/);

  await context.setOffline(false);
  await unsent(page).waitFor({ state: 'detached' });
  expect(await stored('crs_att-offline')).toEqual(['late', 'present']);
});

test('what could not be sent is sent after a reload', async () => {
  const page = await atTheDoor('crs_att-offline');
  // The page itself comes through; what the door sends does not.
  await page.route('**/marks', (route) =>
    route.request().method() === 'POST' ? route.abort() : route.continue(),
  );
  await button(page, '見本 青', '出席').click();
  await page.getByText('未送信 1件').waitFor();
  await page.unroute('**/marks');
  await page.reload();
  await page.getByRole('heading', { name: '予定の方' }).waitFor();
  await unsent(page).waitFor({ state: 'detached' });
  await untilCounts(page, 2, 2, 0, 0, 0, 6);
  await expect.poll(() => stored('crs_att-offline')).toEqual(['present', 'present']);
});

test('two phones at the door see each other, and nobody’s mark is lost unseen', async () => {
  const [mine, hers] = [await atTheDoor('crs_att-phones'), await atTheDoor('crs_att-phones')];
  await mine.context().setOffline(true);
  await button(mine, '見本 青', '出席').click();
  await mine.getByText('未送信 1件').waitFor();
  await button(hers, '見本 青', '遅刻').click();
  await expect.poll(() => stored('crs_att-phones')).toEqual(['late']);

  await mine.context().setOffline(false);
  await mine.getByText('ほかの端末が先に「遅刻」と付けました。').waitFor();
  await untilCounts(mine, 2, 0, 1, 0, 1, 3);
  expect(await complaints(mine)).toEqual([]);
  await mine.getByRole('button', { name: '「出席」に直す' }).click();
  await untilCounts(mine, 2, 1, 0, 0, 1, 3);
  await expect.poll(() => stored('crs_att-phones')).toEqual(['present']);
  await hers.bringToFront();
  await expect.poll(() => counts(hers), { timeout: 15_000 }).toEqual([2, 1, 0, 0, 1, 3]);
});

test('who comes without a booking is counted by age, and can be taken back', async () => {
  const page = await atTheDoor('crs_att-walk-ins');
  await page.getByText('空いている席 18。').waitFor();
  await page.getByRole('button', { name: '飛び入りの方を足す' }).click();
  const sheet = page.getByRole('dialog', { name: '飛び入りの方の人数' });
  await sheet.getByRole('button', { name: '0歳を一人増やす' }).click();
  await sheet.getByRole('button', { name: '0歳を一人増やす' }).click();
  expect(await complaints(page)).toEqual([]);
  await sheet.getByRole('button', { name: '3人を足す' }).click();
  await page.getByText('おとな 1人、0歳 2人').waitFor();
  await untilCounts(page, 2, 0, 0, 0, 2, 3);
  await unsent(page).waitFor({ state: 'detached' });
  await page.reload();
  await page.getByText('おとな 1人、0歳 2人').waitFor();
  await page.getByRole('button', { name: /の飛び入り.*を取り消す/ }).click();
  await untilCounts(page, 2, 0, 0, 0, 2, 0);
});

test('on a desk the arrows lead from family to family, and Enter marks', async () => {
  const page = await atTheDoor('crs_att-keys', wide);
  expect(await complaints(page)).toEqual([]);
  await button(page, '見本 青', '出席').focus();
  await page.keyboard.press('ArrowDown');
  await page.keyboard.press('ArrowRight');
  await page.keyboard.press('Enter');
  await untilCounts(page, 2, 0, 1, 0, 1, 3);
  expect(await button(page, '見本 桃', '遅刻').getAttribute('aria-pressed')).toBe('true');
});

test('the counts stay in sight while the list is scrolled, and nothing scrolls sideways', async () => {
  const page = await atTheDoor('crs_att-keys', { viewport: { width: 390, height: 500 } });
  await page.getByRole('button', { name: '飛び入りの方を足す' }).scrollIntoViewIfNeeded();
  const box = await page.locator('.att__counts').boundingBox();
  expect(box?.y).toBeGreaterThanOrEqual(0);
  expect(box?.y).toBeLessThan(200);
  const wider = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
  expect(wider).toBeLessThanOrEqual(0);
});

test('the desk opens with the board, whose sessions lead to their attendance', async () => {
  for (const [username, view] of [
    ['hiroba', {}],
    ['center', wide],
  ] as const) {
    const page = await site.visit('/staff/#board', view);
    await logIn(page, username);
    const card = page.getByRole('listitem').filter({ hasText: '出欠の講座 crs_att-keys' });
    await card.getByText('席 2／20').waitFor();
    expect(await page.locator('main').innerText()).not.toMatch(/見本 [青桃]/);
    expect(await complaints(page)).toEqual([]);
    await card.getByRole('link', { name: /^出欠/ }).click();
    await page.getByRole('heading', { name: '予定の方' }).waitFor();
    await page.getByRole('link', { name: '今日', exact: true }).first().click();
    await card.waitFor();
  }
});
