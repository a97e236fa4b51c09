/** A page on a slow train: little to carry, and no script that anything must wait for. */
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { makeBookings, placesCourses, publicPaths } from '../support/places.ts';
import { type Site, startSite } from '../support/site.ts';
import { openWhole } from '../support/watch.ts';

const LIMIT = 60_000;
const LETTERS_LIMIT = 100_000;
let site: Site;
let bookings: Readonly<Record<string, string>>;
beforeAll(async () => {
  site = await startSite({ courses: placesCourses });
  bookings = await makeBookings(site);
});
afterAll(() => site?.stop());

/** Bytes on the wire, headers included, until nothing more is asked for. */
async function transferred(page: Page, path: string): Promise<number> {
  const debug = await page.context().newCDPSession(page);
  await debug.send('Network.enable');
  await debug.send('Network.setCacheDisabled', { cacheDisabled: true });
  let bytes = 0;
  debug.on('Network.loadingFinished', ({ encodedDataLength }) => {
    bytes += encodedDataLength;
  });
  await openWhole(page, path);
  await debug.detach();
  return bytes;
}

test('every page transfers less than 60 kB, and what it transfers is compressed', async () => {
  const page = await site.visit('about:blank');
  for (const path of [...publicPaths, ...Object.values(bookings)]) {
    const bytes = await transferred(page, path);
    expect(bytes).toBeGreaterThan(2_000);
    expect({ path, bytes, isLight: bytes < LIMIT }).toMatchObject({ isLight: true });
  }
  const list = await fetch(`${site.origin}/courses/`, { headers: { 'accept-encoding': 'br' } });
  expect(list.headers.get('content-encoding')).toBe('br');
});

test('the pages of letters transfer less than 100 kB before somebody goes through a door', async () => {
  const page = await site.visit('about:blank');
  for (const path of ['/teens/', '/letters/']) {
    const bytes = await transferred(page, path);
    await page.locator('.letters__door').first().waitFor();
    expect({ path, bytes, isLight: bytes < LETTERS_LIMIT }).toMatchObject({ isLight: true });
  }
});

test('no script stands in the way of a page: modules of our own, nothing inline', async () => {
  const page = await site.visit('about:blank');
  for (const path of [...publicPaths, ...Object.values(bookings), '/staff/']) {
    await page.goto(path);
    const faults = await page.evaluate(() => [
      ...[...document.scripts]
        .filter(({ src, type, defer }) => src === '' || !(type === 'module' || defer))
        .map(({ outerHTML }) => outerHTML),
      ...[...document.querySelectorAll('[style], style')].map(({ outerHTML }) => outerHTML),
      ...[...document.querySelectorAll('*')]
        .filter((element) => element.getAttributeNames().some((name) => name.startsWith('on')))
        .map(({ outerHTML }) => outerHTML),
      ...(performance.getEntriesByType('resource') as PerformanceResourceTiming[])
        .filter((entry) => entry.initiatorType === 'script')
        .filter(
          (entry) => 'renderBlockingStatus' in entry && entry.renderBlockingStatus === 'blocking',
        )
        .map(({ name }) => name),
    ]);
    expect({ path, faults }).toEqual({ path, faults: [] });
  }
});

test('a page is read and filled in before its script has come', async () => {
  const page = await site.visit('about:blank');
  // A script that never arrives.
  await page.route('**/*.js', () => {});
  await page.goto('/courses/', { waitUntil: 'commit' });
  await page.getByRole('heading', { name: 'そとあそび隊' }).waitFor();
  await page.getByLabel('いま申し込めるもの').check();
  await page.getByRole('heading', { name: 'そとあそび隊' }).waitFor({ state: 'hidden' });
});
