/** The desk as 講座担当 uses it: log-in, list, writing a course, a colleague at the same course. */
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { complaints } from '../support/complaints.ts';
import { logIn } from '../support/log-in.ts';
import { FULL, type Site, startSite } from '../support/site.ts';
import { foreignTo, watch } from '../support/watch.ts';

const TITLE = 'ゼロ歳さんの日';
const wide = { viewport: { width: 1280, height: 800 } };
let site: Site;
beforeAll(async () => {
  // Log-ins end by the browser's own clock, so here it is really now.
  site = await startSite({ at: new Date().toISOString() });
});
afterAll(() => site?.stop());

async function visitDesk(): Promise<Page> {
  const page = await site.visit('/staff/', wide);
  await logIn(page);
  return page;
}

/** Opens the course that is full as the demonstration begins. */
async function openCourse(page: Page): Promise<void> {
  await page.getByRole('link', { name: TITLE }).click();
  await page.getByRole('article').getByRole('heading', { name: TITLE }).waitFor();
}

const capacityOf = (page: Page) => page.getByLabel('定員（組）');
const save = (page: Page, name = '変更を保存する') =>
  page.getByRole('button', { name, exact: true }).click();
const confirm = (page: Page) => page.getByRole('button', { name: 'このまま保存する' }).click();
const told = (page: Page, words: string) =>
  page.getByRole('article').getByRole('status').filter({ hasText: words }).waitFor();

/** What the public page of the course says, looked at again until it says so. */
async function untilPublic(words: string | RegExp, path = `/courses/${FULL}/`): Promise<void> {
  await expect
    .poll(async () => (await fetch(site.origin + path)).text(), { timeout: 10_000 })
    .toMatch(words);
}

test('without a log-in nothing is shown and nothing is asked for', async () => {
  const page = await site.visit('about:blank', wide);
  const seen = await watch(page);
  await page.goto('/staff/', { waitUntil: 'networkidle' });
  expect(await page.locator('body').innerText()).not.toContain(TITLE);
  expect(seen.addresses.filter((address) => address.includes('/api/'))).toEqual([]);
  expect(await complaints(page)).toEqual([]);
  const refused = await fetch(`${site.origin}/api/staff/courses`);
  expect(refused.status).toBe(401);
  expect(await refused.text()).not.toContain(TITLE);
});

test('a wrong password is refused in a sentence, and the name stays', async () => {
  const page = await site.visit('/staff/', wide);
  await page.getByRole('button', { name: 'ログインする' }).click();
  await page.getByLabel('ユーザー名').fill('kouza');
  await page.getByLabel('パスワード').fill('tanpopo');
  expect(await complaints(page)).toEqual([]);
  await page.getByRole('button', { name: 'ログインする' }).click();
  await page.getByRole('alert').filter({ hasText: 'もう一度お試しください' }).waitFor();
  expect(await page.getByLabel('ユーザー名').inputValue()).toBe('kouza');
  expect(await complaints(page)).toEqual([]);
  await page.goto('/staff/');
  await page.getByRole('button', { name: 'ログインする' }).waitFor();
});

test('more seats at the desk are more seats on the site within seconds, offered to those who wait', async () => {
  const parent = await site.visit(`/courses/${FULL}/`);
  await parent.getByText('満員（キャンセル待ち可）').waitFor();
  const page = await visitDesk();
  const banner = await page.getByRole('banner').innerText();
  expect(banner).toContain('講座担当');
  expect(banner).not.toContain('kouza');
  await page.getByLabel('さがす').fill('ゼロ歳');
  expect(await page.getByRole('row').count()).toBe(2);
  expect(await page.getByRole('row').last().innerText()).toMatch(
    /満員（キャンセル待ち可）.*15／15.*2/s,
  );
  await openCourse(page);
  await page.getByText('いま 15席がうまり、2件が待っています。').waitFor();
  await capacityOf(page).fill('20');
  await told(page, '保存していない変更があります。');
  await save(page);
  await told(page, '保存しました。');
  await untilPublic('残り 3 席');
  await parent.reload();
  await parent.getByText('申込受付中').waitFor();
});

test('fewer seats than are taken cannot be saved', async () => {
  const page = await visitDesk();
  await openCourse(page);
  const capacity = await capacityOf(page).inputValue();
  await capacityOf(page).fill('3');
  await save(page);
  await told(page, '定員を 3 にできません。');
  expect(await page.locator('#course-capacity-seats-problem').innerText()).toContain('すでに');
  await expect
    .poll(() => page.evaluate(() => document.activeElement?.id), { timeout: 5_000 })
    .toBe('course-capacity-seats');
  expect(await complaints(page)).toEqual([]);
  // What is typed is there after a reload too, until it is taken back.
  await page.reload();
  await expect.poll(() => capacityOf(page).inputValue(), { timeout: 5_000 }).toBe('3');
  await page.getByRole('button', { name: 'もとにもどす' }).click();
  expect(await capacityOf(page).inputValue()).toBe(capacity);
  await page.reload();
  await expect.poll(() => capacityOf(page).inputValue(), { timeout: 5_000 }).toBe(capacity);
});

test('a course that is hidden leaves the site, and comes back when it is published again', async () => {
  const page = await visitDesk();
  await openCourse(page);
  await page.getByRole('radio', { name: '非公開' }).check();
  await save(page);
  // Families are in it: whom it touches is read first, and going back saves nothing.
  await page.getByRole('dialog').getByText('の予約は残ります').waitFor();
  expect(await complaints(page)).toEqual([]);
  await page.getByRole('button', { name: 'もどる', exact: true }).click();
  await told(page, 'まだ保存していません。');
  await save(page);
  await confirm(page);
  await told(page, '保存しました。');
  for (const path of [`/courses/${FULL}/`, `/courses/${FULL}/apply/`]) {
    await expect
      .poll(async () => (await fetch(site.origin + path)).status, { timeout: 10_000 })
      .toBe(404);
  }
  await expect
    .poll(async () => (await fetch(`${site.origin}/courses/`)).text(), { timeout: 10_000 })
    .not.toContain(TITLE);

  await page.getByRole('radio', { name: /^公開/ }).check();
  await save(page);
  await untilPublic(TITLE);
  await untilPublic(TITLE, '/courses/');
});

test('who saves second is told about the first, loses nothing typed, and can save again', async () => {
  const [mine, hers] = [await visitDesk(), await site.visit('/staff/', wide)];
  await logIn(hers, 'center');
  await openCourse(mine);
  await openCourse(hers);
  await capacityOf(hers).fill('21');
  await save(hers);
  await told(hers, '保存しました。');

  await mine.getByLabel('キャンセル待ちの数').fill('9');
  await save(mine);
  await told(mine, 'ほかの職員が先に変更しました。');
  expect(await mine.getByLabel('キャンセル待ちの数').inputValue()).toBe('9');
  await save(mine);
  await told(mine, '保存しました。');
  await mine.reload();
  await mine.getByLabel('キャンセル待ちの数').waitFor();
  expect(await mine.getByLabel('キャンセル待ちの数').inputValue()).toBe('9');
});

test('what a colleague cancelled stays cancelled when only the seats are changed here', async () => {
  const [mine, hers] = [await visitDesk(), await visitDesk()];
  await openCourse(mine);
  await openCourse(hers);
  await hers.getByRole('radio', { name: '中止' }).check();
  await save(hers);
  await confirm(hers);
  await told(hers, '保存しました。');

  await capacityOf(mine).fill('23');
  await save(mine);
  await told(mine, 'ほかの職員が先に変更しました。');
  await told(mine, 'ほかの職員が 公開 を 中止 に変えました。');
  await told(mine, 'あなたの変更は残っています：定員 23');
  expect(await mine.getByRole('radio', { name: '中止' }).isChecked()).toBe(true);
  const sent = mine.waitForRequest((request) => request.method() === 'PATCH');
  await save(mine);
  const { version, ...edit } = (await sent).postDataJSON();
  expect(edit).toMatchObject({ changes: { capacity: { seats: 23, waitlist: 9 } } });
  expect(Object.keys(edit.changes)).toEqual(['capacity']);
  await told(mine, '保存しました。');
  await mine.reload();
  await capacityOf(mine).waitFor();
  expect(await capacityOf(mine).inputValue()).toBe('23');
  expect(await mine.getByRole('radio', { name: '中止' }).isChecked()).toBe(true);
});

test('two people who change the same field decide which it is, and nothing is saved before', async () => {
  const [mine, hers] = [await visitDesk(), await visitDesk()];
  await openCourse(mine);
  await openCourse(hers);
  await hers.getByLabel('種類').fill('あかちゃん');
  await hers.getByLabel('紹介').fill('ほかの職員の紹介');
  await save(hers);
  await told(hers, '保存しました。');

  await mine.getByLabel('種類').fill('ゼロ歳');
  await mine.locator('#course-bring').fill('おむつ');
  await save(mine);
  await told(mine, 'ほかの職員が先に変更しました。');
  await told(mine, 'ほかの職員が 紹介 を ほかの職員の紹介 に変えました。');
  const clash = mine.getByRole('group', { name: '種類' });
  expect(await clash.innerText()).toMatch(/あなた.*ゼロ歳.*ほかの職員.*あかちゃん/s);
  expect(await mine.locator('#course-category').inputValue()).toBe('ゼロ歳');
  expect(await complaints(mine)).toEqual([]);
  await save(mine);
  await told(mine, 'どちらにするか、上で選んでから');
  await clash.getByRole('radio', { name: /ほかの職員/ }).check();
  expect(await mine.locator('#course-category').inputValue()).toBe('あかちゃん');
  await clash.getByRole('radio', { name: /あなた/ }).check();
  expect(await mine.locator('#course-category').inputValue()).toBe('ゼロ歳');
  await mine.keyboard.press('Control+s');
  await told(mine, '保存しました。');
  await mine.reload();
  await mine.locator('#course-category').waitFor();
  expect(await mine.locator('#course-category').inputValue()).toBe('ゼロ歳');
  expect(await mine.getByLabel('紹介').inputValue()).toBe('ほかの職員の紹介');
  expect(await mine.locator('#course-bring').inputValue()).toBe('おむつ');
});

test('a course is made from another, mended where it says so, and published, without a reload', async () => {
  const page = await visitDesk();
  await openCourse(page);
  const loads: string[] = [];
  page.on('load', () => loads.push(page.url()));
  await page.getByRole('button', { name: 'この講座をまねて作る' }).click();
  const dialog = page.getByRole('dialog');
  expect(await dialog.getByLabel('まねる講座').inputValue()).toBe(FULL);
  expect(await complaints(page)).toEqual([]);
  await dialog.getByRole('button', { name: '書きはじめる' }).click();
  await page.getByRole('heading', { name: '新しい講座' }).waitFor();
  await page.getByLabel('講座の名前').fill('');
  await page.getByLabel('終わり', { exact: true }).fill('09:00');
  await save(page, '保存する');
  await told(page, 'まだ保存していません。');
  await page.getByText('＊講座の名前を書いてください。').waitFor();
  await page.getByLabel('講座の名前').fill('あたらしい日');
  await save(page, '保存する');
  await page.getByText('＊終わりは、始まりより後にしてください。').waitFor();
  await page.getByLabel('終わり', { exact: true }).fill('11:30');
  expect(await complaints(page)).toEqual([]);
  await save(page, '保存する');
  await told(page, '保存しました。サイトには出していません。');
  expect(await page.getByRole('row', { name: 'あたらしい日' }).innerText()).toContain('下書き');
  await page.getByRole('radio', { name: /^公開/ }).check();
  await save(page);
  await told(page, '保存しました。サイトには、数秒で出ます。');
  await untilPublic('あたらしい日', '/courses/');
  expect(loads).toEqual([]);
  expect(page.url()).toMatch(/#courses\/crs_\d{4}-\d{2}-[0-9a-f]{8}$/);
});

test('a pattern is made of nothing, and the next course of it', async () => {
  const page = await visitDesk();
  await page.keyboard.press('n');
  const dialog = page.getByRole('dialog');
  await dialog.getByRole('radio', { name: /^ひな形から/ }).check();
  await dialog.getByText('ひな形は、まだありません。').waitFor();
  await dialog.getByRole('radio', { name: /^空から/ }).check();
  await dialog.getByRole('button', { name: '書きはじめる' }).click();
  await page.getByLabel('講座の名前').fill('月に一度の会');
  await page.getByRole('button', { name: '回を足す' }).click();
  await page.getByRole('radio', { name: /^ひな形/ }).check();
  await page.keyboard.press('Control+s');
  await told(page, '保存しました。');
  await page.getByRole('button', { name: 'このひな形から作る' }).click();
  await dialog.getByLabel('最初の日').fill('2031-05-07');
  await dialog.getByRole('button', { name: '書きはじめる' }).click();
  await page.getByRole('heading', { name: '新しい講座' }).waitFor();
  const days = await page
    .getByLabel('日にち', { exact: true })
    .evaluateAll((inputs) => inputs.map((input) => (input as HTMLInputElement).value));
  expect(days).toEqual(['2031-05-07', '2031-05-14']);
});

test('the list is read again on the way back to it, without a loss in the open draft', async () => {
  const [mine, hers] = [await visitDesk(), await visitDesk()];
  await openCourse(mine);
  await openCourse(hers);
  await mine.getByLabel('キャンセル待ちの数').fill('8');
  await hers.getByRole('radio', { name: /^公開/ }).check();
  await capacityOf(hers).fill('24');
  await save(hers);
  await confirm(hers);
  await told(hers, '保存しました。');

  await mine.evaluate(() => dispatchEvent(new Event('focus')));
  await told(mine, 'ほかの職員が 定員 を 24 に変えました。');
  await told(mine, 'ほかの職員が 公開 を 公開 に変えました。');
  await told(mine, 'あなたの変更は残っています：キャンセル待ちの数 8');
  expect(await capacityOf(mine).inputValue()).toBe('24');
  expect(await mine.getByRole('row', { name: TITLE }).innerText()).toContain('／24');
  expect(await complaints(mine)).toEqual([]);
  await save(mine);
  await told(mine, '保存しました。');
  expect(await mine.getByText('ほかの職員が').count()).toBe(0);
});

test('when the log-in has run out, what was typed is there again after the next one', async () => {
  const page = await visitDesk();
  await openCourse(page);
  await page.getByLabel('キャンセル待ちの数').fill('7');
  await page.route('**/api/staff/courses/*', (route) => route.fulfill({ status: 401, body: '{}' }));
  await save(page);
  await page.getByText('ログインの期限が切れました。').waitFor();
  expect(await page.locator('body').innerText()).not.toContain(TITLE);
  await page.unroute('**/api/staff/courses/*');
  await page.getByRole('button', { name: 'ログインする' }).click();
  await told(page, '保存していない変更があります。');
  expect(await page.getByLabel('キャンセル待ちの数').inputValue()).toBe('7');
});

test('the list is walked by keys, and the desk says which', async () => {
  const page = await visitDesk();
  await page.getByRole('link', { name: TITLE }).waitFor();
  const focused = () => page.evaluate(() => document.activeElement?.textContent);
  await page.keyboard.press('ArrowDown');
  const first = await focused();
  await page.keyboard.press('j');
  const second = await focused();
  expect(second).not.toBe(first);
  await page.keyboard.press('k');
  expect(await focused()).toBe(first);
  await page.keyboard.press('Enter');
  await expect.poll(focused, { timeout: 5_000 }).toBe(first);
  await expect
    .poll(() => page.evaluate(() => document.activeElement?.id), { timeout: 5_000 })
    .toBe('item-title');
  await page.keyboard.press('Escape');
  await expect
    .poll(() => page.evaluate(() => document.activeElement?.getAttribute('aria-current')))
    .toBe('true');
  await page.keyboard.press('/');
  await page.keyboard.insertText('ゼロ歳');
  expect(await page.getByLabel('さがす').inputValue()).toBe('ゼロ歳');
  await page.keyboard.press('Escape');
  await page.keyboard.press('?');
  await page.getByRole('dialog').waitFor();
  expect(await complaints(page)).toEqual([]);
  await page.keyboard.press('Escape');
  await page.getByRole('dialog').waitFor({ state: 'hidden' });
});

test('the desk is quiet, keeps its policy, and is read by everybody', async () => {
  const page = await site.visit('about:blank', wide);
  const seen = await watch(page);
  await page.goto('/staff/');
  await logIn(page);
  await openCourse(page);
  await page.getByRole('radio', { name: '中止' }).check();
  expect(await complaints(page)).toEqual([]);
  expect(seen.complaints).toEqual([]);
  expect(foreignTo(site.origin, seen)).toEqual([]);
  expect(seen.addresses.join()).not.toMatch(/komorebi|id_token=|access_token/);
  for (const width of [390, 320]) {
    await page.setViewportSize({ width, height: 700 });
    const [wanted, shown] = await page.evaluate(() => {
      const { scrollWidth = 0, clientWidth = 0 } = document.scrollingElement ?? {};
      return [clientWidth, scrollWidth];
    });
    expect(shown).toBeLessThanOrEqual(wanted);
  }
});

test('after a log-out the desk is closed, here and at the provider', async () => {
  const page = await visitDesk();
  await openCourse(page);
  await page.getByRole('button', { name: 'ログアウト' }).click();
  await page.getByRole('button', { name: 'ログアウトする' }).click();
  await page.waitForURL('**/staff/*');
  const door = page.getByRole('button', { name: 'ログインする' });
  await door.waitFor();
  expect(await page.evaluate(() => sessionStorage.length)).toBe(0);
  await page.goBack();
  await page.goto('/staff/');
  expect(await page.locator('body').innerText()).not.toContain(TITLE);
  await door.click();
  await page.getByLabel('パスワード').waitFor();
});
