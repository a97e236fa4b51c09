/** Everything a household needs also works in a browser that runs no script. */
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { fillForm, headingOf, OPEN, type Site, startSite, typedInForm } from '../support/site.ts';

let site: Site;
beforeAll(async () => {
  site = await startSite();
});
afterAll(() => site?.stop());

const formOf = (courseId: string) => `/courses/${courseId}/apply/`;
const submit = { name: 'この内容で申し込む' };
const visit = (path: string) => site.visit(path, { javaScriptEnabled: false });

/** Titles of the courses that can be seen in the list. */
function shownTitles(page: Page): Promise<string[]> {
  return page.getByRole('heading', { level: 2 }).filter({ visible: true }).allInnerTexts();
}

test('a plain form books, and pressing again on the way books nothing more', async () => {
  const page = await visit(`/courses/${OPEN}/`);
  await page.getByRole('link', { name: '申し込みに進む' }).first().click();
  const email = 'plain@example.jp';
  await fillForm(page, { 'applicant-email': email });
  await page.getByRole('button', submit).dblclick();
  await page.waitForURL('**/bookings/*');
  expect(await headingOf(page)).toBe('申し込みができました');
  const main = await page.getByRole('main').innerText();
  expect(main).toContain('090-0000-1234');
  expect(main).toContain('同じ内容を、メールでもお送りします。');
  await page.reload();
  expect(await headingOf(page)).toBe('申し込みができました');
  await site.mailTo(email, '受け付けました');
  expect(site.mailsTo(email)).toHaveLength(1);
  expect(await site.seatsTaken(OPEN)).toBe(1);
});

test('a refused form comes back with a sentence at the field and everything that was typed', async () => {
  const page = await visit(formOf(OPEN));
  const typed = {
    'participants-0-birthDate': '令和3',
    'applicant-phone': '090-0000-30',
    'applicant-name': '髙﨑 "花子" <b>',
  };
  await fillForm(page, typed);
  const before = await typedInForm(page);
  await page.getByRole('button', submit).click();
  await page.getByRole('heading', { name: 'まだ申し込みは終わっていません' }).waitFor();
  const sentence = '電話番号を確認してください。市外局番から書くと確実です。';
  await page.getByText(`＊${sentence}`).waitFor();
  expect(await typedInForm(page)).toEqual(before);

  await page.getByRole('link', { name: sentence }).click();
  expect(new URL(page.url()).hash).toBe('#applicant-phone');

  // What can be read is judged next, with the age worked out.
  await page.locator('#applicant-phone').fill('090-0000-3001');
  await page.getByRole('button', submit).click();
  await page
    .getByRole('group', { name: '生年月日' })
    .getByText(/＊.*5歳3か月 になります。/)
    .waitFor();
  expect(await page.locator('#applicant-name').inputValue()).toBe(typed['applicant-name']);

  // And once it is right, it books.
  await page.locator('#participants-0-birthDate').fill('令和8');
  await page.getByRole('button', submit).click();
  await page.getByRole('heading', { name: '申し込みができました' }).waitFor();
});

test('a brother or sister can be added, and a form with only empty rows sends one child', async () => {
  const page = await visit(formOf(OPEN));
  await fillForm(page, { 'applicant-phone': '090-0000-3002', 'applicant-email': null });
  await page.getByText('2人目のお子さんも参加する').click();
  await page.locator('#participants-1-name').fill('見本 海');
  await page.locator('#participants-1-kana').fill('みほん うみ');
  await page.locator('#participants-1-birthDate').fill('2026');
  await page.locator('#participants-1-birthDate-month').fill('9');
  await page.locator('#participants-1-birthDate-day').fill('20');
  await page.getByRole('button', submit).click();
  await page.getByRole('heading', { name: '申し込みができました' }).waitFor();
  const main = await page.getByRole('main').innerText();
  expect(main).toContain('見本 光 さん');
  expect(main).toContain('見本 海 さん');
});

test('the filters of the list work by style alone', async () => {
  const page = await visit('/courses/');
  const all = await shownTitles(page);
  expect(all).toContain('そとあそび隊');

  await page.getByLabel('いま申し込めるもの').check();
  expect(await shownTitles(page)).not.toContain('そとあそび隊');
  await page.getByLabel('お子さんの月齢・年齢').selectOption('中学生・高校生');
  expect(await shownTitles(page)).toEqual(
    expect.arrayContaining([expect.stringContaining('ティーンズキッチン')]),
  );
  expect((await shownTitles(page)).join()).not.toContain('わたしたちの家族');

  await page.getByLabel('お子さんの月齢・年齢').selectOption('すべて');
  await page.getByLabel('いま申し込めるもの').uncheck();
  await page.getByLabel('保育のあるもの').check();
  const month = page.getByLabel('月', { exact: true });
  await month.selectOption('2027年1月');
  const titles = (await shownTitles(page)).join();
  expect(titles).toContain('わたしたちの家族');
  expect(titles).not.toContain('ゼロ歳さんの日');
});

test('without an address the page gives number and phone, and both together open the booking', async () => {
  const page = await visit(formOf(OPEN));
  await fillForm(page, { 'applicant-email': null, 'applicant-phone': '042-000-3003' });
  await page.getByRole('button', submit).click();
  await page.getByRole('heading', { name: '申し込みができました' }).waitFor();
  const number = await page.getByText(/^\d{3}-\d{3}-\d{3}$/).innerText();
  const main = page.getByRole('main');
  expect(await main.innerText()).toContain('書きとめるか、このページを印刷しておいてください。');
  expect(await main.getByRole('link', { name: '042-000-0100' }).count()).toBeGreaterThan(0);

  const later = await visit('/bookings/');
  const fullWidth = number.replaceAll(/\d/g, (digit) =>
    String.fromCharCode(digit.charCodeAt(0) + 0xfee0),
  );
  await later.getByRole('textbox', { name: '受付番号' }).fill(fullWidth.replaceAll('-', 'ー'));
  await later.getByRole('textbox', { name: '電話番号' }).fill('042-000-3999');
  await later.getByRole('button', { name: '予約を見る' }).click();
  await later.getByText('申し込みが見つかりませんでした。').waitFor();
  expect(await later.getByRole('textbox', { name: '受付番号' }).inputValue()).toBe(
    fullWidth.replaceAll('-', 'ー'),
  );
  expect(await later.getByRole('main').innerText()).not.toContain('見本');

  await later.getByRole('textbox', { name: '電話番号' }).fill('０４２（０００）３００３');
  await later.getByRole('button', { name: '予約を見る' }).click();
  await later.waitForURL('**/bookings/*-*');
  const taken = await site.seatsTaken(OPEN);
  await later.getByText('この申し込みを取り消す').click();
  await later.getByRole('button', { name: '申し込みを取り消します' }).click();
  await later.getByRole('heading', { name: '取り消しました' }).waitFor();
  expect(await site.seatsTaken(OPEN)).toBe(taken - 1);
});

test('a page that is not there, and a stale link, say so kindly and show the way on', async () => {
  for (const path of ['/courses/crs_nothing/', '/bookings/123456789-aaaaaaaaaaaaaaaaaaaaaa']) {
    const page = await visit(path);
    const main = await page.getByRole('main').innerText();
    expect(main).toMatch(/見つかりません/);
    expect(await page.getByRole('main').getByRole('link').count()).toBeGreaterThan(0);
  }
});
