/**
 * One application for a household: the parent, the child who attends and the one who is looked
 * after, on a phone, with and without script; several dates, and childcare alone.
 */
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { fillForm, headingOf, OPEN, type Site, startSite } from '../support/site.ts';

const ONE_CHILDCARE = 'crs_one-childcare';
const DATES = 'crs_yukkuri-2026-2027';
const SLOTS = 'crs_growth-check-midwife';
const CHILDCARE_ONLY = 'crs_think-together-2027-03';

let site: Site;
beforeAll(async () => {
  site = await startSite({
    courses: [
      {
        courseId: ONE_CHILDCARE,
        title: '保育がひとつの講座',
        sessions: [{ key: '1', date: '2027-01-14', start: '10:00', end: '11:30' }],
        application: {
          method: 'first_come',
          opensAt: '2026-11-24T00:00:00.000Z',
          closesAt: '2027-01-12T08:00:00.000Z',
        },
        childcare: { places: 1, minMonths: 6 },
      },
    ],
  });
});
afterAll(() => site?.stop());

const formOf = (courseId: string) => `/courses/${courseId}/apply/`;
const submit = { name: 'この内容で申し込む' };
let families = 0;

/** A family of its own each time. */
function family(): Record<string, string> {
  families += 1;
  return {
    'applicant-phone': `042-000-7${String(families).padStart(3, '0')}`,
    'applicant-email': `household${families}@example.jp`,
  };
}

/** The elder child, who is looked after. */
const elder = {
  'childcare-0-name': '見本 そら',
  'childcare-0-kana': 'みほん そら',
  'childcare-0-birthDate': '令和5',
  'childcare-0-birthDate-month': '11',
  'childcare-0-birthDate-day': '3',
};

/** Child and applicant; then childcare, which is folded until somebody wants it. */
async function fillHousehold(
  page: Page,
  changes: Readonly<Record<string, string>> = {},
): Promise<void> {
  const others = Object.entries(changes).filter(([id]) => !id.startsWith('childcare'));
  await fillForm(page, { ...family(), ...Object.fromEntries(others) });
  await page.getByText('保育をたのむ', { exact: true }).click();
  for (const [id, text] of Object.entries({ ...elder, ...changes })) {
    if (id.startsWith('childcare')) await page.locator(`#${id}`).fill(text);
  }
}

describe.each([
  ['with script', true],
  ['without script', false],
])('on a phone, %s', (_name, javaScriptEnabled) => {
  const visit = (path: string) => site.visit(path, { javaScriptEnabled });

  test('a parent with two children, one in childcare, books once, and gives up the childcare alone', async () => {
    const page = await visit(`/courses/${OPEN}/`);
    expect(await page.getByRole('region', { name: '申し込み' }).innerText()).toMatch(
      /保育 あと \d 人/,
    );
    await page.getByRole('link', { name: '申し込みに進む' }).first().click();
    expect(await page.locator('#childcare-0-name').isVisible()).toBe(false);
    await fillHousehold(page);
    if (javaScriptEnabled) {
      const review = page.getByRole('region', { name: '送る前に、お確かめください' });
      const text = await review.innerText();
      for (const typed of ['見本 光', '見本 そら', '見本 花子']) expect(text).toContain(typed);
    }
    await page.getByRole('button', submit).click();
    await page.waitForURL('**/bookings/*');
    expect(await headingOf(page)).toBe('申し込みができました');
    const main = page.getByRole('main');
    expect(await main.innerText()).toContain('講座の席と、保育の席（1人）を確保してあります。');
    expect(await main.innerText()).toContain('見本 そら さん');

    await page.getByText('保育だけ取り消す', { exact: true }).click();
    await page.getByRole('button', { name: '保育だけ取り消します' }).click();
    await page.getByRole('heading', { name: '保育を取り消しました' }).waitFor();
    expect(await main.innerText()).toContain('講座の席は、そのまま確保してあります。');
    expect(await page.getByText('保育だけ取り消す', { exact: true }).count()).toBe(0);
  });

  test('a child too young for childcare is refused at its field, and nothing that was typed is lost', async () => {
    const page = await visit(formOf(OPEN));
    const young = { 'childcare-0-birthDate': '令和8', 'childcare-0-birthDate-month': '6' };
    await fillHousehold(page, young);
    await page.getByRole('button', submit).click();
    await page.getByRole('heading', { name: 'まだ申し込みは終わっていません' }).waitFor();
    const field = page.getByRole('group', { name: /保育のお子さんの\s*生年月日/ });
    expect(await field.innerText()).toMatch(/＊お子さんの生年月日.*1歳〜.*7か月 になります。/);
    expect(await page.locator('#childcare-0-name').inputValue()).toBe('見本 そら');
    expect(await page.locator('#applicant-name').inputValue()).toBe('見本 花子');
  });

  test('dates are chosen with ticks, and each of them is given up alone', async () => {
    const page = await visit(formOf(DATES));
    await page.getByRole('button', submit).click();
    await fillForm(page, { ...family(), 'participants-0-birthDate': '令和5' });
    await page.getByLabel(/^1月8日/).check();
    await page.getByLabel(/^2月12日/).check();
    await page.getByRole('button', submit).click();
    await page.waitForURL('**/bookings/*');
    expect(await page.getByRole('main').innerText()).toContain('2回とも、参加が決まっています。');
    const booking = new URL(page.url()).pathname;
    const calendar = () => fetch(`${site.origin}${booking}/calendar.ics`).then((r) => r.text());
    expect(await calendar()).toContain('DTSTART:20270108T');

    const date = page.getByRole('listitem').filter({ hasText: '1月8日' });
    await date.getByText('この回を取り消す', { exact: true }).click();
    await date.getByRole('button', { name: 'この回を取り消します' }).click();
    await page.getByRole('heading', { name: '取り消しました' }).waitFor();
    expect(await page.getByRole('main').innerText()).toContain(
      '2回のうち、1回は参加が決まっています。1回は取り消しました。',
    );
    const left = await calendar();
    expect(left).toContain('DTSTART:20270212T');
    expect(left).not.toContain('DTSTART:20270108T');
  });

  test('childcare alone is asked for where the event needs no application', async () => {
    const page = await visit(`/courses/${CHILDCARE_ONLY}/`);
    await page.getByRole('link', { name: '保育だけ申し込む' }).first().click();
    expect(await page.getByRole('main').innerText()).toContain('保育だけのお申し込み');
    for (const [id, text] of Object.entries({
      ...elder,
      'applicant-name': '見本 花子',
      'applicant-kana': 'みほん はなこ',
      ...family(),
    })) {
      await page.locator(`#${id}`).fill(text);
    }
    await page.getByRole('button', submit).click();
    await page.waitForURL('**/bookings/*');
    expect(await headingOf(page)).toBe('保育の申し込みができました');
  });
});

test('a place for childcare that frees is offered to the confirmed family that waits for it', async () => {
  const born = { name: '見本 空', kana: 'みほん そら', birthDate: '2023-11-03' };
  const baby = {
    participants: [{ name: '見本 光', kana: 'みほん ひかり', birthDate: '2026-09-20' }],
  };
  const holder = await site.book(ONE_CHILDCARE, { ...baby, childcare: [born] });

  const page = await site.visit(formOf(ONE_CHILDCARE));
  await page.getByText('保育はキャンセル待ち', { exact: true }).waitFor();
  const email = 'waits@example.jp';
  await fillHousehold(page, { 'applicant-email': email });
  await page.getByRole('button', submit).click();
  // Both or neither, unless the parent says so: the sentence stands at the box to tick.
  await page.getByRole('heading', { name: 'まだ申し込みは終わっていません' }).waitFor();
  await page.getByText('＊講座の席はありますが、保育の席がいっぱいです。').waitFor();
  await page.getByLabel('保育の席がなくても参加する').check();
  await page.getByRole('button', submit).click();
  await page.waitForURL('**/bookings/*');
  expect(await page.getByRole('main').innerText()).toContain(
    '講座の席は確保してあります。保育はキャンセル待ち 1 番目です。',
  );

  const holders = await site.visit(holder);
  await holders.getByText('保育だけ取り消す', { exact: true }).click();
  await holders.getByRole('button', { name: '保育だけ取り消します' }).click();
  await holders.getByRole('heading', { name: '保育を取り消しました' }).waitFor();

  await site.mailTo(email, '保育の席が空きました');
  await page.reload();
  expect(await headingOf(page)).toBe('保育の席が空きました');
  await page.getByRole('button', { name: '保育をたのみます' }).click();
  await page.getByRole('heading', { name: '参加と保育が決まりました' }).waitFor();
});

test('of many times one is wished for, and a second where the first is full', async () => {
  await site.book(SLOTS, { sessionKeys: ['2'] });
  const page = await site.visit(formOf(SLOTS));
  await fillForm(page, { ...family(), 'participants-0-birthDate': '令和8' });
  const first = page.getByRole('group', { name: '第1希望' });
  const full = first.getByLabel('12月16日（水） 10時から');
  expect(await full.locator('xpath=..').innerText()).toContain('キャンセル待ち可');
  await full.check();
  await page
    .getByRole('combobox', { name: '第2希望' })
    .selectOption('12月16日（水） 10時から10時15分');
  await page.getByRole('button', submit).click();
  await page.getByText('＊第1希望と同じ回です。').waitFor();
  await page
    .getByRole('combobox', { name: '第2希望' })
    .selectOption('1月20日（水） 10時30分から10時45分');
  await page.getByRole('button', submit).click();
  await page.waitForURL('**/bookings/*');
  expect(await headingOf(page)).toBe('申し込みができました');
  expect(await page.getByRole('main').innerText()).toContain('1月20日（水） 10時30分に');
});
