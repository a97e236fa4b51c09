/** axe finds nothing to complain about: every page, every state, with errors, by day and by night. */
import { afterAll, beforeAll, expect, test } from 'vitest';
import { complaints } from '../support/complaints.ts';
import { makeBookings, placesCourses, publicPaths } from '../support/places.ts';
import { FULL, fillForm, headingOf, OPEN, type Site, startSite } from '../support/site.ts';

let site: Site;
let bookings: Readonly<Record<string, string>>;
beforeAll(async () => {
  site = await startSite({ courses: placesCourses });
  bookings = await makeBookings(site);
});
afterAll(() => site?.stop());

test.each(publicPaths)('the page %s', async (path) => {
  const page = await site.visit(path);
  expect(await complaints(page)).toEqual([]);
});

test('a booking in every state', async () => {
  const page = await site.visit('/');
  for (const [state, path] of Object.entries(bookings)) {
    await page.goto(path);
    expect({ state, found: await complaints(page) }).toEqual({ state, found: [] });
  }
});

test('an application with mistakes, as the script shows them', async () => {
  const page = await site.visit(`/courses/${OPEN}/apply/`);
  await fillForm(page, { 'participants-0-birthDate': '令和3', 'applicant-phone': '12' });
  await page.getByRole('button', { name: 'この内容で申し込む' }).click();
  await page.getByRole('heading', { name: 'まだ申し込みは終わっていません' }).waitFor();
  expect(await complaints(page)).toEqual([]);
});

test('an application that the server refused', async () => {
  const page = await site.visit(`/courses/${FULL}/apply/`);
  await fillForm(page, { 'participants-0-birthDate': '令和3', 'applicant-phone': '12' });
  // As it goes where no script helps; axe itself needs script.
  await page.evaluate(() => document.querySelector('form')?.submit());
  await page.waitForURL('**/api/registrations');
  expect(await headingOf(page)).toBe('ゼロ歳さんの日');
  expect(await complaints(page)).toEqual([]);
});

test('a look-up that found nothing', async () => {
  const page = await site.visit('/bookings/');
  await page.getByRole('textbox', { name: '受付番号' }).fill('482-103-937');
  await page.getByRole('textbox', { name: '電話番号' }).fill('042-000-0001');
  await page.getByRole('button', { name: '予約を見る' }).click();
  await page.getByText('申し込みが見つかりませんでした。').waitFor();
  expect(await complaints(page)).toEqual([]);
});

test('a stale link', async () => {
  const page = await site.visit('/bookings/123456789-aaaaaaaaaaaaaaaaaaaaaa');
  expect(await complaints(page)).toEqual([]);
});

test('the mail reader', async () => {
  const page = await site.visit('/mail/');
  expect(await complaints(page)).toEqual([]);
  await page.getByRole('link', { name: 'お申し込みを受け付けました' }).first().click();
  expect(await complaints(page)).toEqual([]);
});
