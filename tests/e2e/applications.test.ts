/** Applications as 講座担当 handles them: a call is taken down, found again, and stands on the roster. */
import { readFileSync } from 'node:fs';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { addDays, dayInTokyo, shortDayName } from '../../functions/calendar/rules.ts';
import { complaints } from '../support/complaints.ts';
import { logIn } from '../support/log-in.ts';
import { type Site, startSite } from '../support/site.ts';

const TITLE = '親子でつくる 冬のリース';
const COURSE = 'crs_wreath';
const today = dayInTokyo(new Date());
const [A, B] = [addDays(today, 10), addDays(today, 17)] as const;
const wide = { viewport: { width: 1280, height: 800 } };
const narrow = { viewport: { width: 390, height: 844 } };

let site: Site;
beforeAll(async () => {
  // Log-ins end by the browser's own clock, so here it is really now.
  site = await startSite({
    at: new Date().toISOString(),
    courses: [
      {
        courseId: COURSE,
        title: TITLE,
        sessionChoice: 'one_of',
        sessions: [
          { key: 'A', date: A, start: '10:00', end: '11:00' },
          { key: 'B', date: B, start: '10:00', end: '11:00' },
        ],
        eligibility: { who: 'child', minMonths: 2, judgedOn: 'first_session', conditions: [] },
        capacity: { unit: '組', countedBy: 'application', seats: 2, waitlist: 3, perSession: true },
        application: { method: 'first_come' },
        asks: ['allergy'],
      },
    ],
  });
});
afterAll(() => site?.stop());

async function visitDesk(username = 'kouza', options = wide): Promise<Page> {
  const page = await site.visit('/staff/', options);
  await logIn(page, username);
  return page;
}

/** Another screen of the desk, by its address. */
async function goTo(page: Page, place: string): Promise<void> {
  await page.evaluate((hash) => {
    location.hash = hash;
  }, place);
}

const say = (page: Page, label: string, text: string) =>
  page.getByLabel(label, { exact: true }).fill(text);
const told = (page: Page, words: string) =>
  page.getByRole('status').filter({ hasText: words }).waitFor();

/** A call, with the keyboard only, from the link to the number. */
async function takeCall(page: Page, name: string, kana: string, phone: string): Promise<string> {
  await goTo(page, `applications/new/${COURSE}`);
  await page.getByLabel('第1希望').selectOption('A');
  const applicant = page.getByRole('group', { name: '申し込む方' });
  await applicant.getByLabel('お名前').fill(name);
  await applicant.getByLabel('ふりがな').fill(kana);
  await applicant.getByLabel('電話番号').fill(phone);
  const child = page.getByRole('group', { name: '参加するお子さん' });
  await child.getByLabel('お名前').fill('見本 光');
  await child.getByLabel('ふりがな').fill('みほん ひかり');
  await child.getByLabel('生年月日').fill(addDays(today, -150).replaceAll('-', '/'));
  await say(page, 'アレルギー', 'なし');
  await page.keyboard.press('Enter');
  await page.getByRole('heading', { name: '申し込みを受け付けました' }).waitFor();
  return page.locator('.entered__number').innerText();
}

test('a call is taken down with refusals at the fields, read aloud, and found by its reading', async () => {
  const page = await visitDesk();
  await page.getByRole('link', { name: '申し込み', exact: true }).click();
  await page.getByRole('link', { name: '電話の申し込みを入れる' }).click();
  await page.getByLabel('講座', { exact: true }).selectOption(COURSE);
  await page.getByRole('button', { name: 'この内容で申し込みを入れる' }).click();
  await page.getByText('＊電話番号を確認してください。').waitFor();
  await expect
    .poll(() => page.evaluate(() => document.activeElement?.id))
    .toBe('entry-applicant-name');
  expect(await complaints(page)).toEqual([]);

  const number = await takeCall(page, '鸛 春', 'こうのとり はる', '０４２ー０００ー９７０１');
  expect(number).toMatch(/^\d{3}-\d{3}-\d{3}$/);
  expect(await page.getByRole('listitem').filter({ hasText: '参加確定' }).count()).toBe(1);
  expect(await complaints(page)).toEqual([]);

  await goTo(page, 'applications');
  await page.getByLabel('受付番号・電話番号・ふりがな').fill('ｺｳﾉ');
  await page.keyboard.press('Enter');
  await told(page, '1件');
  await page.keyboard.press('ArrowDown');
  await page.keyboard.press('Enter');
  await page.getByRole('heading', { name: '鸛 春 さん' }).waitFor();
  expect(await page.getByRole('article').innerText()).toContain(number);
  expect(page.url()).not.toMatch(/%|春|コウ/);
  expect(await complaints(page)).toEqual([]);
});

test('an application is noted, moved to another date and cancelled, by keyboard', async () => {
  const page = await visitDesk();
  await takeCall(page, '鶴 夏', 'つる なつ', '042-000-9702');
  await page.getByRole('button', { name: 'この申し込みを開く' }).click();
  await page.getByRole('heading', { name: '鶴 夏 さん' }).waitFor();

  await page.getByRole('button', { name: 'メモを書く' }).press('Enter');
  await expect.poll(() => page.evaluate(() => document.activeElement?.id)).toBe('doing');
  await page.keyboard.type('少し遅れます');
  await page.getByRole('button', { name: 'メモを残す' }).press('Enter');
  await told(page, 'メモを書きました。');
  expect(await page.getByRole('article').innerText()).toContain('少し遅れます');

  await page.getByRole('button', { name: '回を移す' }).press('Enter');
  await page.getByLabel('移る先の回').selectOption('B');
  await page.getByRole('button', { name: 'この回に移します' }).press('Enter');
  await told(page, '回を移しました。');
  expect(await page.getByRole('article').innerText()).toContain(
    `${shortDayName(B)} 10時　参加確定`,
  );

  await page.getByRole('button', { name: '取り消す' }).press('Enter');
  expect(await complaints(page)).toEqual([]);
  await page.getByRole('button', { name: '取り消します' }).press('Enter');
  await told(page, '取り消しました。');
  expect(await page.getByRole('button', { name: '取り消す' }).count()).toBe(0);
});

test('a roster is a table on a wide screen, pairs on a narrow one, and a file', async () => {
  const page = await visitDesk();
  await takeCall(page, '雀 秋', 'すずめ あき', '042-000-9703');
  await goTo(page, `roster/${COURSE}`);
  await page.getByText('雀 秋').waitFor();
  expect(await page.getByText('個人情報・取扱注意').isVisible()).toBe(true);
  expect(await page.getByRole('row').filter({ hasText: '042-000-9703' }).count()).toBe(1);
  expect(await complaints(page)).toEqual([]);

  const download = page.waitForEvent('download');
  await page.getByRole('button', { name: '表（CSV）に保存' }).click();
  const file = await download;
  expect(file.suggestedFilename()).toMatch(/^名簿_親子でつくる 冬のリース_.*\.csv$/);
  const bytes = readFileSync(await file.path());
  expect([...bytes.subarray(0, 3)]).toEqual([0xef, 0xbb, 0xbf]);
  expect(bytes.toString('utf8')).toContain('雀 秋');

  await page.emulateMedia({ media: 'print' });
  expect(await page.getByRole('button', { name: '印刷する' }).isVisible()).toBe(false);
  expect(await page.getByRole('columnheader', { name: '書きこみ' }).isVisible()).toBe(true);
  await page.emulateMedia({ media: null });

  await page.setViewportSize(narrow.viewport);
  const overflow = await page.evaluate(
    () => document.documentElement.scrollWidth - document.documentElement.clientWidth,
  );
  expect(overflow).toBeLessThanOrEqual(0);
  expect(await complaints(page)).toEqual([]);
});

test('who looks after the ひろば sees who comes, and no telephone number', async () => {
  const staff = await visitDesk();
  await takeCall(staff, '鴨 冬', 'かも ふゆ', '042-000-9704');
  const page = await site.visit('/staff/', wide);
  await page.getByRole('button', { name: 'ログインする' }).click();
  await page.getByLabel('ユーザー名').fill('hiroba');
  await page.getByLabel('パスワード').fill('donguri');
  await page.getByRole('button', { name: 'ログインする' }).click();
  await page.getByRole('link', { name: '名簿', exact: true }).click();
  await page.getByRole('link', { name: TITLE }).click();
  await page.getByText('鴨 冬').waitFor();
  const text = await page.getByRole('article').innerText();
  expect(text).toContain('見本 光');
  expect(text).not.toMatch(/042-000-\d{4}|令和|アレルギー/);
});

test('the head of the centre reads who looked at what', async () => {
  const page = await visitDesk('center');
  await goTo(page, `roster/${COURSE}`);
  await page.getByText('個人情報・取扱注意').waitFor();
  await page.getByRole('link', { name: '記録', exact: true }).click();
  const line = page
    .getByRole('row')
    .filter({ hasText: '名簿を見た' })
    .filter({ hasText: 'center' });
  // Titles come after the lines, which are complete without them.
  await line.filter({ hasText: TITLE }).first().waitFor();
  expect(await page.getByRole('table').innerText()).not.toMatch(/鸛|鶴|雀|鴨|9701/);
  expect(await complaints(page)).toEqual([]);
});
