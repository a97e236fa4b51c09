/** The whole booking with Tab, Space and Enter only, and the focus seen wherever it goes. */
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { headingOf, OPEN, type Site, startSite, typedByParent } from '../support/site.ts';

let site: Site;
beforeAll(async () => {
  site = await startSite();
});
afterAll(() => site?.stop());

interface Stop {
  /** Names the element for whoever reads a failure, and tells one from another. */
  readonly name: string;
  readonly id: string;
  readonly text: string;
  /** Something is drawn around it, or around what it is the link of, and it is on the screen. */
  readonly isSeen: boolean;
}

/** Where the focus is; undefined when it has left the page. */
function focused(page: Page): Promise<Stop | undefined> {
  return page.evaluate(() => {
    const element = document.activeElement;
    if (!(element instanceof HTMLElement) || element === document.body) return undefined;
    // Among its like: a page that prepares something while the focus moves adds sentences, and no stops.
    const all = [...document.querySelectorAll(element.tagName)];
    const { top, bottom, left, right } = element.getBoundingClientRect();
    const isOnScreen = bottom > 0 && right > 0 && top < innerHeight && left < innerWidth;
    let isMarked = false;
    let marked: HTMLElement | null = element;
    for (let up = 0; up < 4 && marked && !isMarked; up += 1) {
      const { outlineStyle, outlineWidth, outlineColor } = getComputedStyle(marked);
      isMarked =
        outlineStyle !== 'none' &&
        Number.parseFloat(outlineWidth) >= 2 &&
        !/^rgba\(.*, 0\)$/.test(outlineColor);
      marked = marked.parentElement;
    }
    return {
      name: `${element.tagName.toLowerCase()} ${all.indexOf(element)}`,
      id: element.id,
      text: element.innerText.trim(),
      isSeen: isMarked && isOnScreen,
    };
  });
}

/** Presses Tab until the focus is where it is wanted; every stop on the way must be seen. */
async function tabTo(page: Page, isWanted: (stop: Stop) => boolean): Promise<void> {
  for (let presses = 0; presses < 150; presses += 1) {
    await page.keyboard.press('Tab');
    const stop = await focused(page);
    if (!stop) continue;
    expect(stop).toMatchObject({ isSeen: true });
    if (isWanted(stop)) return;
  }
  throw new Error('Tab never got there');
}

const tabToText = (page: Page, text: string) => tabTo(page, (stop) => stop.text.startsWith(text));
const tabToId = (page: Page, id: string) => tabTo(page, (stop) => stop.id === id);

/** Presses a key that leads to another page, and waits for it. */
async function follow(page: Page, key: 'Enter' | 'Space', path: RegExp): Promise<void> {
  await Promise.all([page.waitForURL(path), page.keyboard.press(key)]);
}

test('a parent finds, books and cancels without touching anything but the keyboard', async () => {
  const page = await site.visit('/courses/');
  await tabToId(page, 'filter-open');
  await page.keyboard.press('Space');
  expect(await page.getByLabel('いま申し込めるもの').isChecked()).toBe(true);
  await tabTo(page, ({ text }) => text.includes('わたしたちの家族'));
  await follow(page, 'Enter', /\/courses\/crs_[^/]+\/$/);
  await tabToText(page, '申し込みに進む');
  await follow(page, 'Enter', /\/apply\/$/);

  // Sent too early: the list of what is missing has the focus, and its links lead to the fields.
  await tabToText(page, 'この内容で申し込む');
  await page.keyboard.press('Enter');
  await page.getByRole('heading', { name: 'まだ申し込みは終わっていません' }).waitFor();
  expect(await focused(page)).toMatchObject({ isSeen: true });
  const missing = await page.getByRole('main').locator('li > a[href^="#"]').all();
  const fields = await Promise.all(missing.map((link) => link.getAttribute('href')));
  expect(fields).toEqual([
    '#participants-0-name',
    '#participants-0-kana',
    '#participants-0-birthDate',
    '#applicant-name',
    '#applicant-kana',
    '#applicant-phone',
  ]);
  await page.keyboard.press('Tab');
  await page.keyboard.press('Enter');
  expect(await focused(page)).toMatchObject({ id: 'participants-0-name', isSeen: true });

  await page.keyboard.insertText('見本 光');
  const { 'participants-0-name': _typed, ...rest } = typedByParent;
  for (const [id, text] of Object.entries(rest)) {
    await tabToId(page, id);
    await page.keyboard.insertText(text);
  }
  await tabToText(page, 'この内容で申し込む');
  await follow(page, 'Space', /\/bookings\//);
  expect(await headingOf(page)).toBe('申し込みができました');

  await tabToText(page, 'この申し込みを取り消す');
  await page.keyboard.press('Enter');
  await tabToText(page, '申し込みを取り消します');
  await follow(page, 'Enter', /done=cancelled/);
  expect(await headingOf(page)).toBe('取り消しました');
});

test('the first stop jumps over the navigation to what the page is about', async () => {
  const page = await site.visit('/courses/');
  await page.keyboard.press('Tab');
  expect(await focused(page)).toMatchObject({ text: '本文へ進む', isSeen: true });
  await page.keyboard.press('Enter');
  await page.keyboard.press('Tab');
  const isInMain = await page.evaluate(() => document.activeElement?.closest('main') !== null);
  expect(isInMain).toBe(true);
});

test.each([
  '/',
  '/courses/',
  `/courses/${OPEN}/`,
  `/courses/${OPEN}/apply/`,
  '/bookings/',
  '/teens/',
  '/letters/',
])('Tab walks through %s once, sees every stop and comes out again, and back', async (path) => {
  const page = await site.visit(path);
  const walk = async (key: 'Tab' | 'Shift+Tab') => {
    const stops: string[] = [];
    for (let presses = 0; presses < 200; presses += 1) {
      await page.keyboard.press(key);
      const stop = await focused(page);
      if (!stop || stops.includes(stop.name)) break;
      expect(stop).toMatchObject({ isSeen: true });
      stops.push(stop.name);
    }
    return stops;
  };
  const there = await walk('Tab');
  await page.goto(path);
  const back = await walk('Shift+Tab');
  expect(there.length).toBeGreaterThan(10);
  expect(back.toReversed()).toEqual(there);
});
