/** The ひろば: what a parent reads of today, and how ひろば担当 counts who comes, thumb on a phone. */
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { complaints } from '../support/complaints.ts';
import { logIn } from '../support/log-in.ts';
import { type Site, startSite } from '../support/site.ts';

const phone = { viewport: { width: 390, height: 844 } };
let site: Site;
beforeAll(async () => {
  // Log-ins end by the browser's own clock, so here it is really now.
  site = await startSite({ at: new Date().toISOString() });
});
afterAll(() => site?.stop());

async function visitCounts(username = 'hiroba'): Promise<Page> {
  const page = await site.visit('/staff/#hiroba', phone);
  await logIn(page, username);
  return page;
}
const more = (page: Page, name: string) =>
  page.getByRole('button', { name: `${name}を1増やす` }).click();
const count = (page: Page, name: string) => page.getByLabel(name, { exact: true }).inputValue();
const choosePlace = (page: Page, siteId: string) =>
  page.getByRole('combobox', { name: /^ひろば/ }).selectOption(siteId);
const save = (page: Page) => page.getByRole('button', { name: '保存する' }).click();
const told = (page: Page, words: string) =>
  page.getByRole('status').filter({ hasText: words }).waitFor();

const widths = (page: Page) =>
  page.evaluate(() => {
    const { scrollWidth = 0, clientWidth = 0 } = document.scrollingElement ?? {};
    return { isTooWide: scrollWidth > clientWidth };
  });

test('taps become counts, are saved, seen again, and summed up in the month', async () => {
  const page = await visitCounts();
  // ひろば担当 has this one section.
  expect(await page.getByRole('navigation').getByRole('link').allInnerTexts()).toEqual([
    '今日',
    'ひろば',
    '名簿',
  ]);
  const button = await page.getByRole('button', { name: '家族（組）を1増やす' }).boundingBox();
  expect(Math.min(button?.width ?? 0, button?.height ?? 0)).toBeGreaterThanOrEqual(48);
  await page.getByRole('radio', { name: '午前' }).check({ force: true });
  for (const name of ['家族（組）', '家族（組）', 'おとな', 'おとな', 'うち父親', '0歳'])
    await more(page, name);
  await page.getByRole('button', { name: '家族（組）を1減らす' }).click();
  await told(page, '1組・おとな2人・子ども1人');
  await save(page);
  await told(page, '保存しました。');
  await page.getByRole('radio', { name: '午後' }).check({ force: true });
  expect(await count(page, '家族（組）')).toBe('0');
  await page.getByLabel('家族（組）', { exact: true }).fill('35');
  await page.getByLabel('おとな', { exact: true }).fill('36');
  await save(page);
  await told(page, '保存しました。');

  await page.reload();
  await page.getByRole('radio', { name: '午前' }).check({ force: true });
  await expect.poll(() => count(page, 'おとな'), { timeout: 10_000 }).toBe('2');
  const sums = page.getByRole('region', { name: /来所数/ });
  await expect
    .poll(() => sums.innerText(), { timeout: 10_000 })
    .toMatch(/合計（1日）\s*36\s*38\s*1\s*0\s*1/);
});

test('two people at one door: the second one’s count is added to the first one’s, and saved', async () => {
  const [mine, hers] = [await visitCounts(), await visitCounts()];
  for (const page of [mine, hers]) await choosePlace(page, 'donguri');
  for (const page of [mine, hers]) {
    await page.getByRole('radio', { name: '午前' }).check({ force: true });
    await more(page, '2歳');
  }
  await more(mine, '2歳');
  await save(hers);
  await told(hers, '保存しました。');

  await save(mine);
  await told(mine, 'ほかの職員が先に保存しました。');
  expect(await count(mine, '2歳')).toBe('3');
  expect(await complaints(mine)).toEqual([]);
  await save(mine);
  await told(mine, '保存しました。');
  await hers.evaluate(() => dispatchEvent(new Event('focus')));
  await expect.poll(() => count(hers, '2歳'), { timeout: 10_000 }).toBe('3');
});

test('what was counted and not saved is there again, at another place and after a reload', async () => {
  const page = await visitCounts();
  await choosePlace(page, 'outreach');
  await more(page, '家族（組）');
  await choosePlace(page, 'hinata');
  expect(await count(page, '家族（組）')).toBe('0');
  await page.reload();
  await page.getByText('ほかにも、保存していない数があります。').waitFor();
  await page.getByRole('button', { name: /出張ひろば/ }).click();
  expect(await count(page, '家族（組）')).toBe('1');
  await told(page, '保存していない数があります。');
});

test('a day that is past can be counted, one to come cannot be chosen; nothing scrolls sideways', async () => {
  const page = await visitCounts('center');
  await page.getByRole('link', { name: 'ひろば' }).click();
  const date = page.getByLabel('日', { exact: true });
  const today = await date.inputValue();
  expect(await date.getAttribute('max')).toBe(today);
  await date.fill('2026-01-15');
  await page.getByRole('heading', { name: '1月15日（木）の来所数' }).waitFor();
  await page.getByText('この月は、まだ数をつけた日がありません。').waitFor();
  await more(page, '小学生');
  await save(page);
  await told(page, '保存しました。');
  await page.getByRole('heading', { name: '2026年1月の来所数' }).waitFor();
  await page.getByRole('button', { name: '前の月' }).click();
  await page.getByRole('heading', { name: '2025年12月の来所数' }).waitFor();
  expect(await complaints(page)).toEqual([]);
  await page.getByRole('button', { name: '次の月' }).click();
  for (const width of [320, 390, 1280]) {
    await page.setViewportSize({ width, height: 800 });
    expect(await widths(page)).toEqual({ isTooWide: false });
    expect(await complaints(page)).toEqual([]);
  }
});

test('a page says what is open by the server’s clock, wherever the reader’s clock is', async () => {
  // A Tuesday: こもれび has just opened, どんぐり opens in half an hour.
  site.setTime('2026-12-08T09:31:00+09:00');
  await site.hidamari.caughtUp();
  const { publishHiroba } = await import('../../functions/hiroba/publish.tsx');
  await publishHiroba(site.hidamari.deps);
  const page = await site.visit('/hiroba/', { timezoneId: 'America/New_York' });
  const place = (name: string) => page.getByRole('region', { name });
  await place('こもれび').getByText('いま開いています').waitFor();
  await place('こもれび').getByText('今日は16時までです。').waitFor();
  await place('どんぐり').getByText('今日開きます').waitFor();
  await place('ゆっくりひろば').getByText('次は12月11日（金）').waitFor();
  const feed = await page
    .getByRole('link', { name: /出張ひろばをカレンダー/ })
    .getAttribute('href');
  expect(feed).toBe(`${site.origin.replace(/^http/, 'webcal')}/feeds/hiroba.ics`);
  await page.getByText('ひろばごとにつなぐ').click();
  await page.getByText('つなぎ方').click();
  for (const width of [320, 1280]) {
    await page.setViewportSize({ width, height: 800 });
    expect(await widths(page)).toEqual({ isTooWide: false });
    expect(await complaints(page)).toEqual([]);
  }
  await page.emulateMedia({ colorScheme: 'dark' });
  expect(await complaints(page)).toEqual([]);
});
