/**
 * The room around the letters: whom to call without a script, readings by a switch, and a way out that
 * leaves neither the words nor the page behind.
 */
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { contacts } from '../../functions/centre/contacts.ts';
import { complaints } from '../support/complaints.ts';
import { headingOf, type Site, startSite } from '../support/site.ts';
import { letThrough } from '../support/trusted-types.ts';
import { foreignTo, watch } from '../support/watch.ts';

const PAGES = ['/teens/', '/letters/'] as const;
let site: Site;
beforeAll(async () => {
  // A Tuesday half past nine: parents' desk reads, the young people's begins at one o'clock.
  site = await startSite();
});
afterAll(() => site?.stop());

// A browser names a link without the readings; this tool puts gaps where they would stand.
const exitOf = (page: Page) => page.getByRole('link', { name: /^すぐ/ });
const switchOf = (page: Page) => page.getByRole('button', { name: 'ふりがな' });

/** Waits until the page's script is there, which asks when somebody reads as the last thing it does. */
async function ready(page: Page): Promise<void> {
  await page.locator('[data-part="reading"] br').waitFor({ state: 'attached' });
}

/** Text in a field of the page, whoever put the field there; told of when the page is left. */
async function write(page: Page): Promise<() => string[]> {
  const told: string[] = [];
  await page.exposeFunction('told', (text: string) => void told.push(text));
  await page.evaluate(() => {
    const { told } = globalThis as unknown as { told: (text: string) => void };
    const field = document.createElement('textarea');
    field.id = 'written';
    document.getElementById('letters')?.append(field);
    field.value = 'だれにも言えないこと';
    window.addEventListener('hidamari:leave', () => told(field.value));
    field.focus();
  });
  return () => told;
}

describe.each(PAGES)('%s', (path) => {
  test('asks nobody else for anything and keeps nothing on the device', async () => {
    const page = await site.visit('about:blank');
    const seen = await watch(page);
    const response = await page.goto(path);
    await ready(page);
    expect(response?.headers()).toMatchObject({
      'cache-control': 'no-store',
      'referrer-policy': 'no-referrer',
    });
    const policy = response?.headers()['content-security-policy'];
    expect(policy).toContain("script-src 'self'; style-src 'self'");
    expect(policy).toContain("worker-src 'self'");
    expect(policy).not.toMatch(/unsafe|blob:/);
    expect(foreignTo(site.origin, seen)).toEqual([]);
    expect(seen.referrers.filter((referrer) => referrer.includes(path))).toEqual([]);
    expect(seen.complaints).toEqual([]);
    const { cookies, origins } = await page.context().storageState();
    expect({ cookies, origins }).toEqual({ cookies: [], origins: [] });
  });

  test('lets no text become markup or a script, and starts no worker but ours', async () => {
    const page = await site.visit(path);
    await ready(page);
    expect(await letThrough(page)).toEqual([]);
    // The control: a page that holds no letters is not under these headers.
    const other = await site.visit('/hiroba/');
    expect(await letThrough(other)).toContain('markup');
  });

  test('without a script says so, and shows the numbers; the way out still leads out', async () => {
    const page = await site.visit(path, { javaScriptEnabled: false });
    const notice = page.getByText(/このブラウザでは/);
    expect(await notice.isVisible()).toBe(true);
    expect(await page.locator('.letters__waiting').isVisible()).toBe(false);
    for (const { tel } of [contacts.police, contacts.ambulance, contacts.ichihayaku]) {
      expect(await page.locator(`a[href="tel:${tel}"]`).first().isVisible()).toBe(true);
    }
    await exitOf(page).click();
    await page.waitForURL('**/calendar/');
  });

  test('the way out clears what was written and replaces the page', async () => {
    const page = await site.visit('/hiroba/');
    await page.goto(path);
    await ready(page);
    const told = await write(page);
    await exitOf(page).click();
    await page.waitForURL('**/calendar/');
    expect(told()).toEqual(['']);
    expect(await page.title()).toBe('カレンダー');
    // about:blank, ひろば, and the calendar in the place of the letters.
    expect(await page.evaluate(() => history.length)).toBe(3);
    await page.goBack();
    expect(new URL(page.url()).pathname).toBe('/hiroba/');
    await page.goForward();
    expect(new URL(page.url()).pathname).toBe('/calendar/');
  });

  test('so does Esc three times, from within a field', async () => {
    const page = await site.visit('/hiroba/');
    await page.goto(path);
    await ready(page);
    const told = await write(page);
    await page.keyboard.press('Escape');
    await page.keyboard.press('Escape');
    expect(told()).toEqual([]);
    await page.keyboard.press('Escape');
    await page.waitForURL('**/calendar/');
    expect(told()).toEqual(['']);
    await page.goBack();
    expect(new URL(page.url()).pathname).toBe('/hiroba/');
  });

  test('Esc pressed slowly, held, between letters or for the keyboard’s own sake does not leave', async () => {
    const page = await site.visit(path);
    await ready(page);
    const told = await write(page);
    /** Keys with their times in milliseconds. */
    const press = (
      keys: readonly { key?: string; at: number; with?: { repeat?: true; isComposing?: true } }[],
    ) =>
      page.evaluate((all) => {
        for (const { key = 'Escape', at, with: more } of all) {
          const event = new KeyboardEvent('keydown', { key, bubbles: true, ...more });
          Object.defineProperty(event, 'timeStamp', { value: at });
          document.activeElement?.dispatchEvent(event);
        }
      }, keys);
    await press([{ at: 0 }, { at: 1_500 }, { at: 2_001 }]);
    await press([{ key: 'a', at: 10_000 }]);
    await press([{ at: 20_000 }, { at: 20_100 }, { key: 'a', at: 20_200 }, { at: 20_300 }]);
    await press([{ key: 'a', at: 30_000 }]);
    const composing = { isComposing: true } as const;
    await press([40_000, 40_100, 40_200, 40_300].map((at) => ({ at, with: composing })));
    const held = { repeat: true } as const;
    await press([50_000, 50_100, 50_200, 50_300].map((at) => ({ at, with: held })));
    expect(told()).toEqual([]);
    // The control: quickly, and meant.
    await press([{ at: 60_000 }, { at: 60_900 }, { at: 62_000 }]);
    await page.waitForURL('**/calendar/');
    expect(told()).toEqual(['']);
  });

  test('whoever leaves by any other way leaves nothing written behind', async () => {
    const page = await site.visit(path);
    await ready(page);
    const told = await write(page);
    await page.evaluate(() => window.dispatchEvent(new PageTransitionEvent('pagehide')));
    expect(await page.locator('#written').inputValue()).toBe('');
    await expect.poll(told).toEqual(['']);
  });

  test('links within the page leave no entry in the history', async () => {
    const page = await site.visit(path);
    await ready(page);
    const before = await page.evaluate(() => history.length);
    await page.locator('main a[href="#letters"]').click();
    await expect.poll(() => page.evaluate(() => document.activeElement?.id)).toBe('letters');
    await page.locator('.skip-link').focus();
    await page.keyboard.press('Enter');
    expect(new URL(page.url()).hash).toBe('');
    expect(await page.evaluate(() => history.length)).toBe(before);
  });

  test('the way out is seen from every place of the page, at the top right', async () => {
    const page = await site.visit(path);
    await ready(page);
    for (const share of [0.2, 0.6, 1]) {
      await page.evaluate(
        (part) => scrollTo(0, document.documentElement.scrollHeight * part),
        share,
      );
      const box = await exitOf(page).boundingBox();
      expect(box?.y).toBeGreaterThanOrEqual(0);
      expect((box?.y ?? 0) + (box?.height ?? 0)).toBeLessThan(80);
      expect((box?.x ?? 0) + (box?.width ?? 0)).toBeGreaterThan(350);
      expect(box?.height).toBeGreaterThanOrEqual(44);
    }
  });
});

test('the young people’s page says nothing in its tab and is in no search', async () => {
  const page = await site.visit('/');
  await page.getByRole('link', { name: '10代のあなたへ' }).first().click();
  await page.waitForURL('**/teens/');
  expect(await page.title()).toBe('メモ');
  expect(await page.locator('link[rel="icon"]').getAttribute('href')).toBe('/memo.svg');
  expect(await page.locator('meta[name="robots"]').getAttribute('content')).toBe('noindex');
  expect(await page.locator('meta[name="referrer"]').getAttribute('content')).toBe('no-referrer');
});

test('it says when somebody reads next, by the server’s clock, and the hours where nobody answers', async () => {
  const said = (page: Page) => page.locator('[data-part="reading"]').innerText();
  const page = await site.visit('/teens/', { timezoneId: 'America/Los_Angeles' });
  await ready(page);
  expect(await said(page)).toBe(
    'いま読んでいる人はいません。次に読むのは、今日の13時です。\nいま送ると、今日の19時までに返事します。',
  );

  const alone = await site.visit('about:blank');
  await alone.route('**/api/**', (route) => route.abort());
  await alone.goto('/teens/');
  expect(await said(alone)).toBe('手紙を読むのは、火曜から土曜の13時から19時です。');

  const parents = await site.visit('/letters/');
  await ready(parents);
  expect(await said(parents)).toContain('いまは、読む人がいる時間です。');
});

describe('readings', () => {
  const rhythm = (page: Page) =>
    page.evaluate(() => {
      for (const each of document.querySelectorAll('details')) each.open = true;
      return [...document.querySelectorAll('.room > section :is(h1, h2, h3, p, .call__what)')]
        .filter((element) => element.checkVisibility() && !element.querySelector('.button'))
        .map((element) => {
          const { lineHeight, paddingTop, paddingBottom } = getComputedStyle(element);
          const padding = Number.parseFloat(paddingTop) + Number.parseFloat(paddingBottom);
          const height = element.getBoundingClientRect().height - padding;
          const lines = height / Number.parseFloat(lineHeight);
          return { text: element.textContent?.slice(0, 20), lines };
        })
        .filter(({ lines }) => Math.abs(lines - Math.round(lines)) > 0.02);
    });

  test('come and go by the switch, by keyboard, and are not remembered', async () => {
    const page = await site.visit('/teens/');
    await ready(page);
    const reading = page.locator('h1 rt').first();
    expect(await reading.isVisible()).toBe(false);
    expect(await switchOf(page).getAttribute('aria-pressed')).toBe('false');
    await switchOf(page).focus();
    await page.keyboard.press('Space');
    expect(await reading.isVisible()).toBe(true);
    expect(await switchOf(page).getAttribute('aria-pressed')).toBe('true');
    expect(await complaints(page)).toEqual([]);
    await page.reload();
    await ready(page);
    expect(await reading.isVisible()).toBe(false);
  });

  test.each([390, 1280])('change the height of no line, at %i px', async (width) => {
    const page = await site.visit('/teens/', { viewport: { width, height: 900 } });
    await ready(page);
    expect(await rhythm(page)).toEqual([]);
    await switchOf(page).click();
    expect(await rhythm(page)).toEqual([]);
    const [wide, seen] = await page.evaluate(() => [
      document.documentElement.scrollWidth,
      document.documentElement.clientWidth,
    ]);
    expect(wide).toBe(seen);
  });

  test('are there for whoever has no script, and no switch that does nothing', async () => {
    const page = await site.visit('/teens/', { javaScriptEnabled: false });
    expect(await page.locator('h1 rt').first().isVisible()).toBe(true);
    expect(await switchOf(page).count()).toBe(0);
  });
});

test('the calendar shows this month, and the months around it', async () => {
  const page = await site.visit('/calendar/');
  const now = await headingOf(page);
  expect(now).toMatch(/^20\d\d年1?\d月$/);
  expect(await page.locator('[aria-current="date"]').count()).toBe(1);
  await page.getByRole('button', { name: '次の月' }).click();
  expect(await headingOf(page)).not.toBe(now);
  await page.getByRole('button', { name: '前の月' }).click();
  expect(await headingOf(page)).toBe(now);
});

describe.each([
  ['/teens/', 'もう、しにたい。', contacts.kodomoSos.tel],
  ['/letters/', 'この子を叩いてしまいます。', contacts.ichihayaku.tel],
] as const)('words of danger at %s', (path, cry, tel) => {
  const begin = async () => {
    const page = await site.visit('about:blank');
    const seen = await watch(page);
    await page.goto(path);
    await ready(page);
    await page.locator('#letters button').first().click();
    const field = page.locator('#letters textarea');
    await field.focus();
    return { page, seen, field, panel: page.locator('.crisis__panel') };
  };

  test('show whom to call, take no focus, and tell nobody', async () => {
    const { page, seen, field, panel } = await begin();
    await page.keyboard.insertText('部活のこと。');
    expect(await panel.count()).toBe(0);
    const before = seen.addresses.length;
    await page.keyboard.insertText(cry);
    await panel.locator(`a[href="tel:${tel}"]`).waitFor();
    expect(await panel.locator('a[href="tel:110"]').isVisible()).toBe(true);
    expect(await field.evaluate((element) => element === document.activeElement)).toBe(true);
    expect(await page.locator('.crisis [role="status"]').innerText()).not.toBe('');
    expect(await complaints(page)).toEqual([]);
    // The app itself brings its code and asks its question when a door is opened; nothing else goes out.
    const expected = /\/_astro\/|\/api\/letters\/(keys|challenge\?desk=(teens|general))$/;
    expect(seen.addresses.slice(before).filter((address) => !expected.test(address))).toEqual([]);
  });

  test('offer to be read first, and a place to say where; closed, they stay closed', async () => {
    const { page, panel } = await begin();
    await page.keyboard.insertText(cry);
    await panel.getByRole('button', { name: /いますぐ/ }).click();
    // The button is gone; whoever pressed it stands where it is said what came of it.
    await panel.locator('.crisis__urgent:focus').waitFor();
    await panel.locator('input').first().fill('駅の北口');
    await panel.locator('.crisis__close').click();
    await page.locator('.crisis__again:focus').waitFor();
    expect(await page.locator('.crisis__calls').count()).toBe(0);
    // Urgent still, so the place stays, with what was written there.
    expect(await panel.locator('input').first().inputValue()).toBe('駅の北口');
    await page.locator('.crisis__again').click();
    await page.locator('.crisis__calls').waitFor();
    await page.locator('.crisis__calls-title:focus').waitFor();
  });

  test('leave with everything else', async () => {
    const { page } = await begin();
    await page.keyboard.insertText(cry);
    for (const _press of [1, 2, 3]) await page.keyboard.press('Escape');
    await page.waitForURL('**/calendar/');
    expect(await page.content()).not.toContain(cry);
  });
});

describe.each(PAGES)('a small screen with a keyboard up, at %s', (path) => {
  const viewport = { width: 390, height: 500 };

  test('words of danger bring something that names help into view, and a press brings the numbers', async () => {
    const page = await site.visit(path, { viewport });
    await ready(page);
    await page.locator('#letters button').first().click();
    const field = page.locator('#letters textarea');
    // What the server says stands above the field: it is there before anything is measured.
    await page.locator('.letters__practice').waitFor();
    await page.locator('.letters__form > .note').first().waitFor();
    await field.focus();
    await page.keyboard.insertText('部活のこと。');
    const before = await field.boundingBox();
    await page.keyboard.insertText('もう、しにたい。');
    const nudge = page.locator('.crisis__nudge');
    await nudge.waitFor();
    const box = await nudge.boundingBox();
    expect(box?.y).toBeGreaterThan(0);
    expect((box?.y ?? 0) + (box?.height ?? 0)).toBeLessThanOrEqual(viewport.height);
    // Nothing moves under the finger, and whoever writes goes on writing.
    expect((await field.boundingBox())?.y).toBe(before?.y);
    expect(await field.evaluate((element) => element === document.activeElement)).toBe(true);
    expect(await complaints(page)).toEqual([]);

    await nudge.click();
    const number = await page.locator('.crisis__call').first().boundingBox();
    expect(number?.y).toBeGreaterThan(64);
    expect((number?.y ?? 0) + (number?.height ?? 0)).toBeLessThanOrEqual(viewport.height);
    await expect.poll(() => nudge.count()).toBe(0);
    await expect
      .poll(() => page.evaluate(() => document.activeElement?.className))
      .toBe('crisis__calls-title');
    await page.locator('.crisis__close').click();
    expect(await nudge.count()).toBe(0);
  });
});
