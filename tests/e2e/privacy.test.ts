/** Nobody else learns anything: no other origin, no cookie, nothing personal in an address, a strict CSP. */
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { makeBookings, placesCourses, publicPaths } from '../support/places.ts';
import { fillForm, OPEN, type Site, startSite, typedByParent } from '../support/site.ts';
import { foreignTo, openWhole, type Seen, watch } from '../support/watch.ts';

let site: Site;
let bookings: Readonly<Record<string, string>>;
beforeAll(async () => {
  site = await startSite({ courses: placesCourses });
  bookings = await makeBookings(site);
});
afterAll(() => site?.stop());

async function visitWatched(path: string): Promise<{ page: Page; seen: Seen }> {
  const page = await site.visit('about:blank');
  const seen = await watch(page);
  await page.goto(path);
  return { page, seen };
}

test('no page asks another origin for anything, and none goes against its own policy', async () => {
  const { page, seen } = await visitWatched('/');
  for (const path of [...publicPaths, ...Object.values(bookings), '/mail/', '/staff/']) {
    await openWhole(page, path);
  }
  expect(foreignTo(site.origin, seen)).toEqual([]);
  // The page that is not there answers 404, as it should.
  const expected = `${site.origin}/nowhere/`;
  expect(seen.complaints.filter((complaint) => !complaint.endsWith(expected))).toEqual([]);
});

test('this watching would notice a violation', async () => {
  const { page, seen } = await visitWatched('/');
  await page.evaluate(() => {
    const script = document.createElement('script');
    script.textContent = 'document.title = "changed"';
    document.body.append(script);
  });
  await expect
    .poll(() => seen.complaints.join(), { timeout: 5_000 })
    .toContain('securitypolicyviolation script-src');
  expect(await page.title()).not.toBe('changed');
});

test('every page has a policy that allows no inline script or style, and no framing', async () => {
  for (const path of [...publicPaths, ...Object.values(bookings), '/mail/', '/staff/']) {
    const { headers } = await fetch(site.origin + path);
    const policy = headers.get('content-security-policy') ?? '';
    expect(policy).toContain("default-src 'none'");
    expect(policy).toContain("script-src 'self'");
    expect(policy).toContain("frame-ancestors 'none'");
    expect(policy).not.toMatch(/unsafe-|\*|https?:(?!\/\/localhost)/);
    expect(headers.get('x-content-type-options')).toBe('nosniff');
  }
});

test('a booking is kept in no cache and named to nobody', async () => {
  for (const path of Object.values(bookings)) {
    const { headers } = await fetch(site.origin + path);
    expect(headers.get('cache-control')).toBe('no-store');
    expect(headers.get('referrer-policy')).toBe('no-referrer');
  }
  const { page, seen } = await visitWatched(bookings['confirmed'] ?? '');
  await page
    .getByRole('link', { name: 'ホーム' })
    .or(page.getByRole('banner').getByRole('link'))
    .first()
    .click();
  await page.waitForURL('**/');
  expect(seen.referrers.filter((referrer) => referrer.includes('/bookings/'))).toEqual([]);
  const robots = await fetch(site.origin + bookings['confirmed']);
  expect(await robots.text()).toContain('<meta name="robots" content="noindex"');
});

test('nothing that a parent types ever stands in an address, and nothing stays in the browser', async () => {
  const { page, seen } = await visitWatched(`/courses/${OPEN}/apply/`);
  await fillForm(page);
  await page.getByRole('button', { name: 'この内容で申し込む' }).click();
  await page.getByRole('heading', { name: '申し込みができました' }).waitFor();
  await page.getByText('この申し込みを取り消す').click();
  await page.getByRole('button', { name: '申し込みを取り消します' }).click();
  await page.getByRole('heading', { name: '取り消しました' }).waitFor();
  await page.goto('/bookings/');
  await page.getByRole('textbox', { name: '受付番号' }).fill('482-103-937');
  await page
    .getByRole('textbox', { name: '電話番号' })
    .fill(typedByParent['applicant-phone'] ?? '');
  await page.getByRole('button', { name: '予約を見る' }).click();
  await page.getByText('申し込みが見つかりませんでした。').waitFor();

  const told = [...seen.addresses, ...seen.referrers].map(decodeURIComponent).join('\n');
  expect(told).toContain('/api/registrations');
  const personal = [
    ...Object.values(typedByParent),
    '09000001234',
    'ミホン',
    '令和',
    '2026-09-20',
    '482',
  ];
  for (const value of personal.filter((each) => each.length > 2)) expect(told).not.toContain(value);
  expect(foreignTo(site.origin, seen)).toEqual([]);

  const { cookies, origins } = await page.context().storageState();
  expect(cookies).toEqual([]);
  expect(origins).toEqual([]);
  expect(await page.evaluate(() => sessionStorage.length)).toBe(0);
});
