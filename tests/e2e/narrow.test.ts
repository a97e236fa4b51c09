/** On the narrowest phone and with doubled text nothing scrolls sideways, and a thumb hits what it means. */
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { makeBookings, placesCourses, publicPaths } from '../support/places.ts';
import { OPEN, type Site, startSite } from '../support/site.ts';

const phone = { viewport: { width: 320, height: 640 }, hasTouch: true, isMobile: true };
let site: Site;
let bookings: Readonly<Record<string, string>>;
beforeAll(async () => {
  site = await startSite({ courses: placesCourses });
  bookings = await makeBookings(site);
});
afterAll(() => site?.stop());

const everyPath = () => [...publicPaths, ...Object.values(bookings)];

/** Opens every `details`, and shows what is wrong with an application sent too early. */
async function unfold(page: Page): Promise<void> {
  const button = page.getByRole('button', { name: 'この内容で申し込む' });
  if ((await button.count()) > 0) {
    await button.click();
    await page.getByRole('heading', { name: 'まだ申し込みは終わっていません' }).waitFor();
  }
  await page.evaluate(() => {
    for (const each of document.querySelectorAll('details')) each.open = true;
  });
}

/** Elements that reach out of the screen to the right, when the page can be scrolled there. */
function sideways(page: Page): Promise<string[]> {
  return page.evaluate(() => {
    const { scrollWidth, clientWidth } = document.scrollingElement ?? document.body;
    if (scrollWidth <= clientWidth) return [];
    return [...document.body.querySelectorAll('*')]
      .filter((element) => element.getBoundingClientRect().right > clientWidth + 0.5)
      .map((element) => element.outerHTML.slice(0, 120));
  });
}

test.each([
  ['as it is', 16],
  ['twice as large', 32],
])('at 320 px, with text %s, no page scrolls sideways', async (_how, size) => {
  const page = await site.visit('/', phone);
  const browserSettings = await page.context().newCDPSession(page);
  await browserSettings.send('Page.setFontSizes', { fontSizes: { standard: size, fixed: size } });
  for (const path of everyPath()) {
    await page.goto(path);
    const text = await page.evaluate(() => getComputedStyle(document.body).fontSize);
    expect(Number.parseFloat(text)).toBeGreaterThanOrEqual(size);
    await unfold(page);
    expect({ path, sideways: await sideways(page) }).toEqual({ path, sideways: [] });
  }
});

/**
 * Controls, and links that stand on their own, whose reach is less than 44 px in a direction. The
 * reach is measured by asking what a finger at a point would hit.
 */
function smallTargets(page: Page): Promise<string[]> {
  return page.evaluate(() => {
    const least = 44;
    const hits = (target: Element, x: number, y: number) => {
      const hit = document.elementFromPoint(x, y);
      const label = hit?.closest('label');
      return (
        target.contains(hit) || (label instanceof HTMLLabelElement && label.control === target)
      );
    };
    const reach = (target: Element, dx: number, dy: number, x: number, y: number) => {
      let steps = 0;
      while (steps < least && hits(target, x + dx * (steps + 1), y + dy * (steps + 1))) steps += 1;
      return steps;
    };
    const standsInText = (link: Element) =>
      getComputedStyle(link).display === 'inline' &&
      [...(link.parentElement?.childNodes ?? [])].some(
        (node) => node !== link && (node.textContent ?? '').trim() !== '',
      );
    const controls = 'button, summary, select, textarea, input:not([type=hidden]), a[href]';
    return [...document.querySelectorAll<HTMLElement>(controls)].flatMap((target) => {
      if (!target.checkVisibility() || (target.matches('a') && standsInText(target))) return [];
      target.scrollIntoView({ block: 'center', behavior: 'instant' });
      // Of a link that runs over two lines, the first line.
      const [box] = target.getClientRects();
      if (!box || box.right <= 0 || box.bottom <= 0 || box.width <= 1) return [];
      const { left, right, top, bottom } = box;
      const [x, y] = [(left + right) / 2, (top + bottom) / 2];
      const wide = 1 + reach(target, -1, 0, x, y) + reach(target, 1, 0, x, y);
      const high = 1 + reach(target, 0, -1, x, y) + reach(target, 0, 1, x, y);
      if (wide >= least && high >= least) return [];
      return [`${wide} × ${high}: ${target.outerHTML.slice(0, 120)}`];
    });
  });
}

test('whatever is pressed can be pressed with a thumb', async () => {
  const page = await site.visit('/', phone);
  for (const path of everyPath()) {
    await page.goto(path);
    await unfold(page);
    expect({ path, small: await smallTargets(page) }).toEqual({ path, small: [] });
  }
});

test('a telephone number is one press away from every form and every booking', async () => {
  const page = await site.visit('/', phone);
  const paths = [`/courses/${OPEN}/apply/`, '/bookings/', ...Object.values(bookings)];
  for (const path of paths) {
    await page.goto(path);
    const numbers = page.locator('a[href^="tel:"]').filter({ visible: true });
    expect(await numbers.count()).toBeGreaterThan(0);
  }
});
