/** Letters from a phone: written, sent once, answered, come back to; and what happens when something breaks. */
import type { Page, Route } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { complaints } from '../support/complaints.ts';
import {
  answer,
  comeBack,
  heldFor,
  keysOf,
  mailboxOn,
  press,
  said,
  sendFirst,
  shownOn,
  untilArrived,
  untilTitle,
  wordsOn,
  writeFirst,
} from '../support/letter-page.ts';
import { clientOf, write } from '../support/letters.ts';
import { type Site, startSite } from '../support/site.ts';
import { foreignTo, type Seen, watch } from '../support/watch.ts';

let site: Site;
beforeAll(async () => {
  site = await startSite();
});
afterAll(() => site?.stop());

/** A machine that does many things at once is slow, not wrong. */
const soon = { timeout: 10_000 };
const ROOMS = ['/teens/', '/letters/'] as const;
const deskOf = (room: string) => (room === '/teens/' ? 'teens' : 'general');

async function visitWatched(path = '/teens/'): Promise<{ page: Page; seen: Seen }> {
  const page = await site.visit('about:blank');
  const seen = await watch(page);
  await page.goto(path);
  return { page, seen };
}

/** Everything that a browser could keep of a page. */
async function keptBy(page: Page): Promise<unknown> {
  const { cookies, origins } = await page.context().storageState({ indexedDB: true });
  const here = await page.evaluate(async () => ({
    local: localStorage.length,
    session: sessionStorage.length,
    databases: (await indexedDB.databases()).length,
    caches: (await caches.keys()).length,
    name: window.name,
    entries: history.length,
    address: location.search + location.hash,
  }));
  return { cookies, origins, ...here };
}
const NOTHING_KEPT = {
  cookies: [],
  origins: [],
  local: 0,
  session: 0,
  databases: 0,
  caches: 0,
  name: '',
  address: '',
};

/** The sealed bytes of a letter on its way. */
const sealedIn = (route: Route): string =>
  JSON.parse(JSON.parse(route.request().postData() ?? '{}').payload).sealed;

test.each(ROOMS)(
  'a conversation from the first letter to the second answer, at %s',
  async (room) => {
    const desk = deskOf(room);
    const { page, seen } = await visitWatched(room);
    const words = await writeFirst(page, 'はじめて書きます。');
    expect(new Set(words.map((word) => word.length > 0))).toEqual(new Set([true]));
    expect(words).toHaveLength(6);
    await sendFirst(page);
    await untilArrived(page);
    expect(await page.locator('.letters__number dd').innerText()).toMatch(/^\w{4}-\w{4}-\w{2}$/);
    expect(await page.locator('#letters').innerText()).toContain('までに返事を書きます');
    expect(await keptBy(page)).toMatchObject(NOTHING_KEPT);
    await page.context().close();

    await answer(site, words, 'はじめての返事です。', { desk });
    const { page: later, seen: seenLater } = await visitWatched(room);
    await comeBack(later, words);
    expect(await shownOn(later)).toEqual([
      { from: 'me', text: 'はじめて書きます。' },
      { from: 'desk', text: 'はじめての返事です。' },
    ]);
    expect(await later.locator('.letters__mark').first().innerText()).toContain('読みました');
    await press(later, '助けになった');
    await later.locator('.letters__helped [aria-pressed="true"]').waitFor();
    await press(later, 'つづきを書く');
    await later.getByRole('textbox', { name: /伝/ }).fill('つづきです。');
    await press(later, 'この手紙を送る');
    await untilArrived(later);
    // Whoever has typed the words is not shown them again.
    expect(await later.locator('.letters__spell').count()).toBe(0);

    await answer(site, words, '2つ目の返事です。', { desk });
    await press(later, 'やりとりを見る');
    expect((await shownOn(later)).map(({ text }) => text)).toEqual([
      'はじめて書きます。',
      'はじめての返事です。',
      'つづきです。',
      '2つ目の返事です。',
    ]);
    expect(await keptBy(later)).toMatchObject(NOTHING_KEPT);
    expect([...foreignTo(site.origin, seen), ...foreignTo(site.origin, seenLater)]).toEqual([]);
    expect([...seen.complaints, ...seenLater.complaints]).toEqual([]);
    const told = [...seen.addresses, ...seenLater.addresses].map(decodeURIComponent).join('\n');
    for (const word of words) expect(told).not.toContain(word);
  },
);

test('a page that was killed after its letter was stored: the words show that it arrived', async () => {
  const page = await site.visit('/teens/');
  await page.route('**/api/letters', async (route) => {
    await route.fetch();
    await route.abort();
  });
  const words = await writeFirst(page, '電車の中で書いています。');
  await sendFirst(page);
  await page.locator('#letters .notice__title').waitFor();
  await page.context().close();

  const later = await site.visit('/teens/');
  await comeBack(later, words);
  expect(await shownOn(later)).toEqual([{ from: 'me', text: '電車の中で書いています。' }]);
});

test('a lost answer: the same bytes are sent again by themselves, and stored once', async () => {
  const page = await site.visit('/teens/');
  const sent: string[] = [];
  await page.route('**/api/letters', async (route) => {
    sent.push(sealedIn(route));
    if (sent.length > 2) return route.continue();
    await route.fetch();
    await route.abort();
  });
  const words = await writeFirst(page, '一度だけ');
  await sendFirst(page);
  await untilArrived(page);
  expect(sent).toHaveLength(3);
  expect(new Set(sent).size).toBe(1);
  expect((await heldFor(site.origin, words)).letters).toHaveLength(1);
});

test('the engine is away: the page says so, keeps the text, and sends when it can', async () => {
  const page = await site.visit('/teens/');
  let isAway = false;
  await page.route('**/api/letters**', (route) =>
    isAway ? route.fulfill({ status: 503, json: { code: 'busy', detail: '' } }) : route.continue(),
  );
  const words = await writeFirst(page, '消えないでほしい');
  isAway = true;
  await sendFirst(page);
  await page.locator('#letters .notice__title').waitFor();
  await page.locator('#letters summary').click();
  expect(await page.locator('.letters__body').innerText()).toBe('消えないでほしい');
  const phone = page.locator('#letters .phone');
  expect(await page.locator('#letters').getByRole('link', { name: /042/ }).count()).toBe(1);
  expect(await phone.first().innerText()).toContain('19時');
  // The desk may be closed for days; this one never is.
  expect(await phone.last().locator('a[href="tel:0120-0-78310"]').isVisible()).toBe(true);
  expect(await complaints(page)).toEqual([]);
  isAway = false;
  await untilArrived(page);
  expect((await heldFor(site.origin, words)).letters).toHaveLength(1);
});

test('a question that grew old is renewed in silence', async () => {
  const page = await site.visit('/teens/');
  const words = await writeFirst(page, 'ゆっくり書きました');
  site.setTime(site.now().getTime() + 10 * 60_000);
  const answers: number[] = [];
  page.on('response', (response) => {
    if (response.request().method() === 'POST') answers.push(response.status());
  });
  await sendFirst(page);
  await untilArrived(page);
  expect(answers).toEqual([409, 201]);
  expect((await heldFor(site.origin, words)).letters).toHaveLength(1);
});

test('what seals is not there before somebody goes through a door', async () => {
  for (const room of ROOMS) {
    const { page, seen } = await visitWatched(room);
    await page.locator('.letters__door').first().waitFor();
    const before = seen.addresses.filter((address) => /errands|worker/.test(address));
    expect(before).toEqual([]);
    await press(page, 'はじめて');
    await expect
      .poll(() => seen.addresses.filter((address) => /errands|worker/.test(address)).length, soon)
      .toBeGreaterThan(1);
  }
});

test('what seals cannot be fetched: the page says so, keeps what is typed, and goes on by itself', async () => {
  const page = await site.visit('/teens/');
  const isSealing = /\/_astro\/(errands|sealing|worker)/;
  let isAway = true;
  await page.route(isSealing, (route) => (isAway ? route.abort() : route.continue()));
  await press(page, 'はじめて');
  await page.getByRole('textbox', { name: /伝/ }).fill('地下鉄で書いています');
  await page.locator('#letters [role="alert"]').getByText('ひとりでに').waitFor();
  await press(page, 'つぎへ');
  const status = page.locator('.letters__form > [role="status"]');
  expect(await status.innerText()).toContain('消えません');
  expect(await page.locator('#letters').getByRole('link', { name: /042/ }).count()).toBe(1);
  expect(await complaints(page)).toEqual([]);
  isAway = false;
  const words = await wordsOn(page);
  await sendFirst(page);
  await untilArrived(page);
  expect((await heldFor(site.origin, words)).letters.map(({ content }) => content?.text)).toEqual([
    '地下鉄で書いています',
  ]);
});

test('files of a site that is newer than the page: nothing is lost before somebody asks for it', async () => {
  const page = await site.visit('/teens/');
  await page.route(/\/_astro\/errands/, (route) => route.fulfill({ status: 404 }));
  await press(page, 'はじめて');
  await page.getByRole('textbox', { name: /伝/ }).fill('まだここにある');
  await page.getByRole('button', { name: said('もう一度読みこむ') }).waitFor();
  expect(await page.getByRole('textbox', { name: /伝/ }).inputValue()).toBe('まだここにある');
  expect(await complaints(page)).toEqual([]);
  await page.unroute(/\/_astro\/errands/);
  await press(page, 'もう一度読みこむ');
  await page.locator('.letters__door').first().waitFor();
  await writeFirst(page, 'もう一度');
});

test('the worker cannot be fetched at first: another is engaged, and the letter goes', async () => {
  const page = await site.visit('/teens/');
  let tries = 0;
  await page.route(/\/_astro\/worker/, (route) => {
    tries += 1;
    return tries < 3 ? route.abort() : route.continue();
  });
  const words = await writeFirst(page, '電波が切れたり、つながったり');
  await sendFirst(page);
  await untilArrived(page);
  expect((await heldFor(site.origin, words)).letters).toHaveLength(1);
});

test('without a network the page says so, and sends the letter once when there is one', async () => {
  const page = await site.visit('/teens/');
  const words = await writeFirst(page, 'トンネルの中');
  await page.context().setOffline(true);
  await sendFirst(page);
  await page.locator('#letters .notice__title').waitFor();
  const again = page.locator('#letters .actions .button');
  expect(await again.innerText()).toContain('いま');
  await again.click();
  await page.getByRole('button', { name: said('いまもう一度送る') }).waitFor();
  await page.context().setOffline(false);
  await untilArrived(page);
  expect((await heldFor(site.origin, words)).letters).toHaveLength(1);
});

test('a list of keys that is not the centre’s: nothing is written for it, and nothing is sent', async () => {
  const { page, seen } = await visitWatched();
  await page.route('**/api/letters/keys', async (route) => {
    const response = await route.fetch();
    const { lines } = await response.json();
    lines[2].text = lines[2].text.replace('"desk":"teens"', '"desk":"teenz"');
    await route.fulfill({ response, json: { lines } });
  });
  await press(page, 'はじめて');
  await untilTitle(page, '手紙を受け取れません');
  expect(await page.locator('#letters textarea').count()).toBe(0);
  expect(await page.locator('#letters').getByRole('link', { name: /042/ }).count()).toBe(1);
  expect(await complaints(page)).toEqual([]);
  expect(seen.complaints).toEqual([]);
});

test('the demonstration says that it is for practice', async () => {
  const page = await site.visit('/teens/');
  await press(page, 'はじめて');
  await page.locator('.letters__practice').waitFor();
});

test('words that open nothing, and words that are none', async () => {
  const page = await site.visit('/teens/');
  await press(page, '返事を読む');
  const places = page.locator('.letters__slot-input');
  const problems = page.locator('.letters__slot .field__error');
  await places.nth(0).fill('りんご');
  await page.locator('.letters__right').waitFor();
  // Caught at once, while the field still has the focus.
  await places.nth(1).fill('ぬんん');
  await expect.poll(() => problems.nth(1).textContent(), soon).toContain('ありません');
  await places.nth(1).fill('そよか');
  await press(page, 'そよかぜ$');
  expect(await places.nth(1).inputValue()).toBe('そよかぜ');
  await expect
    .poll(() => places.nth(2).evaluate((at) => at === document.activeElement), soon)
    .toBe(true);
  // An unfinished word is found when the button is pressed, and gone to.
  await places.nth(2).fill('りん');
  await press(page, '開く');
  await expect
    .poll(() => places.nth(2).evaluate((at) => at === document.activeElement), soon)
    .toBe(true);
  await places.nth(0).fill('りんご みなと ほたる そよかぜ えのぐ たまご');
  await press(page, '開く');
  await untilTitle(page, 'このあいことばの手紙は、見つかりません');
  expect(await places.nth(5).inputValue()).toBe('たまご');
  expect(await complaints(page)).toEqual([]);
});

test('the pad types a word without a keyboard', async () => {
  const page = await site.visit('/teens/', { viewport: { width: 390, height: 1_400 } });
  await press(page, '返事を読む');
  await press(page, '五十音');
  const heightOfKey = async () =>
    (await page.locator('.letters__key', { hasText: 'か' }).first().boundingBox())?.y ?? 0;
  // The list of words has come: what is typed is known to be none.
  for (const key of ['か', 'わ', 'か', 'わ']) await press(page, `${key}$`);
  await page.locator('.letters__beside-pad .field__error span').waitFor();
  const before = await heightOfKey();
  for (const _kana of [1, 2, 3, 4]) await press(page, '一文字消す$');
  expect(await heightOfKey()).toBeCloseTo(before, 0);
  for (const key of ['か', 'てんてん', 'い', 'や', '小さい文字', '一文字消す', 'ら']) {
    await press(page, `${key}$`);
  }
  await page.locator('.letters__proposal').waitFor();
  // No key moves under the thumb, whatever is proposed.
  expect(await heightOfKey()).toBeCloseTo(before, 0);
  expect(await page.locator('.letters__slot-input').first().inputValue()).toBe('がいら');
  await press(page, 'がいらい$');
  expect(await page.locator('.letters__slot-input').first().inputValue()).toBe('がいらい');
  expect(await complaints(page)).toEqual([]);
});

test.each(ROOMS)('whoever ends or turns back at %s stands at the doors', async (room) => {
  const page = await site.visit(room);
  const isAtDoors = async () => {
    await page.locator('#letters .letters__door:focus').waitFor();
    await expect
      .poll(async () => {
        const box = await page.locator('.letters__door').first().boundingBox();
        return box !== null && box.y > 64 && box.y + box.height <= 844;
      }, soon)
      .toBe(true);
  };
  // Nobody is moved by a page that has only just come.
  await page.locator('.letters__door').first().waitFor();
  expect(await page.evaluate(() => document.activeElement === document.body)).toBe(true);
  await press(page, 'はじめて');
  await untilTitle(page, '手紙を書く');
  await press(page, 'もどる');
  await isAtDoors();
  await writeFirst(page, 'また来ます');
  await sendFirst(page);
  await untilArrived(page);
  // A calm letter is not told whom to call.
  expect(await page.locator('.crisis__call').count()).toBe(0);
  await press(page, 'おわる');
  await isAtDoors();
});

test.each(ROOMS)(
  'an urgent letter at %s that has arrived says whom to call meanwhile',
  async (room) => {
    const page = await site.visit(room);
    await press(page, 'はじめて');
    await page.getByRole('textbox', { name: /伝/ }).fill('きいてください');
    await page.getByRole('radio', { name: 'いますぐ' }).check();
    await press(page, 'つぎへ');
    await wordsOn(page);
    await sendFirst(page);
    await untilArrived(page);
    const free = room === '/teens/' ? '0120-0-78310' : '0120-279-338';
    expect(await page.locator(`.crisis__calls a[href="tel:${free}"]`).isVisible()).toBe(true);
    // Half past nine: the young people's desk does not read yet, and is not named.
    const desk = page.locator('.crisis__calls').getByRole('link', { name: /042/ });
    expect(await desk.count()).toBe(room === '/teens/' ? 0 : 1);
    expect(await complaints(page)).toEqual([]);
  },
);

test('by keyboard alone, from the door to the words and back in', async () => {
  const page = await site.visit('/teens/');
  const focused = () =>
    page.evaluate(() => {
      const { activeElement, body } = document;
      return activeElement === body ? '' : (activeElement?.textContent ?? '');
    });
  const tabTo = async (name: RegExp) => {
    for (let steps = 0; steps < 60; steps += 1) {
      await page.keyboard.press('Tab');
      if (name.test(await focused())) return;
    }
    throw new Error(`Tab never reaches ${name}`);
  };
  await page.locator('.letters__door').first().waitFor();
  await tabTo(/^はじめて/);
  await page.keyboard.press('Enter');
  // Whoever cannot see that the screen changed stands at its heading.
  await expect.poll(focused, soon).toMatch(/^手紙/);
  await page.keyboard.press('Tab');
  await page.keyboard.type('キーボードだけで');
  await tabTo(/^つぎへ/);
  await page.keyboard.press('Enter');
  const words = await wordsOn(page);
  await expect.poll(focused, soon).toContain('6つ');
  await tabTo(/^書.*きうつした/);
  await page.keyboard.press('Space');
  await untilArrived(page);
  await expect.poll(focused, soon).toContain('とどきました');
  await tabTo(/^おわる/);
  await page.keyboard.press('Enter');
  await page.locator('.letters__door').first().waitFor();
  await tabTo(/^返事|^返.*読む/);
  await page.keyboard.press('Enter');
  await page.keyboard.press('Tab');
  for (const word of words) {
    await page.keyboard.type(word);
    await page.keyboard.press('Enter');
  }
  expect(await shownOn(page)).toEqual([{ from: 'me', text: 'キーボードだけで' }]);
});

test('letters that shall not be shown again stay closed, and the answer opens', async () => {
  const page = await site.visit('/teens/');
  await press(page, 'はじめて');
  await page.getByRole('textbox', { name: /伝/ }).fill('だれにも見せないで');
  await page.locator('#letters summary').last().click();
  await page.getByRole('checkbox', { name: /手紙/ }).check();
  await press(page, 'つぎへ');
  const words = await wordsOn(page);
  await sendFirst(page);
  await untilArrived(page);
  await answer(site, words, '読みました。');
  const later = await site.visit('/teens/');
  await comeBack(later, words);
  expect(await shownOn(later)).toEqual([
    { from: 'me', text: '' },
    { from: 'desk', text: '読みました。' },
  ]);
  expect(await later.locator('.letters__letter').first().innerText()).toContain('設定です');
  expect(await later.locator('.notice[data-kind="alert"]').count()).toBe(0);
  expect(await complaints(later)).toEqual([]);
});

/** A picture of the page itself, as a telephone would name it. */
async function choosePhoto(page: Page): Promise<void> {
  const photo = { name: 'IMG_1234.png', mimeType: 'image/png', buffer: await page.screenshot() };
  await page.locator('#letters input[type="file"]').setInputFiles(photo);
}

test('photos go before their letter, survive a lost answer, and are seen again', async () => {
  const page = await site.visit('/teens/');
  let lost = 0;
  await page.route('**/api/letters/parts', async (route) => {
    if (lost > 0) return route.continue();
    lost += 1;
    await route.fetch();
    await route.abort();
  });
  await press(page, 'はじめて');
  await page.getByRole('textbox', { name: /伝/ }).fill('写真を見てください');
  await page.locator('#letters summary').first().click();
  await choosePhoto(page);
  await page.locator('.photos__item canvas').waitFor();
  expect(await complaints(page)).toEqual([]);
  await press(page, 'つぎへ');
  const words = await wordsOn(page);
  await sendFirst(page);
  await untilArrived(page);
  const later = await site.visit('/teens/');
  await comeBack(later, words);
  await shownOn(later);
  await press(later, '写真1を見る');
  await later.locator('.letters__letter canvas').waitFor();
  expect(await complaints(later)).toEqual([]);
});

test('a letter waits for a photo that is still being made ready, and goes with it', async () => {
  const page = await site.visit('/teens/');
  await page.route(/\/_astro\/picture-worker/, async (route) => {
    await new Promise((done) => setTimeout(done, 1_500));
    await route.continue();
  });
  await press(page, 'はじめて');
  await page.getByRole('textbox', { name: /伝/ }).fill('写真もいっしょに');
  await page.locator('#letters summary').first().click();
  await choosePhoto(page);
  await press(page, 'つぎへ');
  const words = await wordsOn(page);
  await sendFirst(page);
  await untilArrived(page);
  const [letter] = (await heldFor(site.origin, words)).letters;
  expect(letter?.content?.attachments).toHaveLength(1);
});

test('a photo whose worker cannot be fetched says that the network is away, and is chosen again', async () => {
  const page = await site.visit('/teens/');
  let isAway = true;
  await page.route(/\/_astro\/picture-worker/, (route) =>
    isAway ? route.abort() : route.continue(),
  );
  await press(page, 'はじめて');
  await page.locator('#letters summary').first().click();
  await choosePhoto(page);
  await page.getByText('つながらなかったので').waitFor();
  isAway = false;
  await choosePhoto(page);
  await page.locator('.photos__item canvas').waitFor();
  expect(await page.getByText('つながらなかったので').count()).toBe(0);
});

test('older letters come when they are asked for, and a letter that nobody could open says so', async () => {
  const page = await site.visit('/teens/');
  const words = await writeFirst(page, '手紙1');
  await sendFirst(page);
  await untilArrived(page);
  const mailbox = await mailboxOn(words);
  for (let number = 2; number <= 12; number += 1) {
    const { newest } = await heldFor(site.origin, words);
    const client = clientOf(site.origin);
    await write(client, mailbox, await keysOf(site.origin), `手紙${number}`, { number, newest });
  }
  await answer(site, words, '12通とも読みました。', { unopenable: [12] });
  const later = await site.visit('/teens/');
  await comeBack(later, words);
  expect((await shownOn(later)).map(({ text }) => text).slice(0, 2)).toEqual(['手紙3', '手紙4']);
  await press(later, '前の手紙も出す');
  await later.getByText('手紙1', { exact: true }).waitFor();
  expect((await shownOn(later)).map(({ text }) => text)).toEqual([
    ...Array.from({ length: 12 }, (_, index) => `手紙${index + 1}`),
    '12通とも読みました。',
  ]);
  expect(await later.locator('.notice[data-kind="alert"]').count()).toBe(0);
  const unopened = later.locator('.letters__letter').filter({ hasText: '手紙12' });
  expect(await unopened.innerText()).toContain('もう一度書いてください');
  expect(await later.getByRole('button', { name: said('前の手紙も出す') }).count()).toBe(0);
});

test('an answer that was altered on the way is nobody’s words', async () => {
  const page = await site.visit('/teens/');
  const words = await writeFirst(page, '返事を待っています');
  await sendFirst(page);
  await untilArrived(page);
  await answer(site, words, '本物の返事です。');
  const later = await site.visit('/teens/');
  await later.route('**/api/letters/open', async (route) => {
    const response = await route.fetch();
    const json = await response.json();
    const letter = json.letters.find((each: { direction: string }) => each.direction === 'out');
    letter.sealed = `${letter.sealed.slice(0, -9)}AAAAAAAAA`;
    await route.fulfill({ response, json });
  });
  await comeBack(later, words);
  expect(await shownOn(later)).toEqual([
    { from: 'me', text: '返事を待っています' },
    { from: 'desk', text: '' },
  ]);
  expect(await later.locator('.notice[data-kind="alert"]').innerText()).toContain('おかしな');
  // Nobody is asked whether it helped.
  expect(await later.locator('.letters__helped').count()).toBe(0);
  expect(await complaints(later)).toEqual([]);
});

test('hiding everything asks first, says what it means, and leaves nothing to be opened', async () => {
  const page = await site.visit('/teens/');
  const words = await writeFirst(page, '消したい');
  await sendFirst(page);
  await untilArrived(page);
  await press(page, 'やりとりを見る');
  await shownOn(page);
  await press(page, '手紙を全部消す');
  expect(await page.locator('#letters').innerText()).toContain('決められた期間のこります');
  await press(page, '消さない');
  await shownOn(page);
  await press(page, '手紙を全部消す');
  expect(await complaints(page)).toEqual([]);
  await press(page, '消す$');
  await untilTitle(page, '消しました');
  const later = await site.visit('/teens/');
  await comeBack(later, words);
  await untilTitle(later, 'このあいことばの手紙は、見つかりません');
});

test('who thinks better of hiding, while there was no network, is not hidden when it comes back', async () => {
  const page = await site.visit('/teens/');
  const words = await writeFirst(page, '消そうかな');
  await sendFirst(page);
  await untilArrived(page);
  await press(page, 'やりとりを見る');
  await shownOn(page);
  let asked = 0;
  let isAway = true;
  await page.route('**/api/letters/hide', (route) => {
    asked += 1;
    return isAway ? route.abort() : route.continue();
  });
  await press(page, '手紙を全部消す');
  await press(page, '消す$');
  await page.locator('#letters [role="status"]').getByText('ためします').waitFor();
  await press(page, '消さない');
  await shownOn(page);
  isAway = false;
  const before = asked;
  // Longer than until the next try, which is not made.
  await page.waitForTimeout(3_000);
  expect(asked).toBe(before);
  expect((await heldFor(site.origin, words)).letters).toHaveLength(1);
});

test('who leaves takes everything along: text, words, and the worker in the middle of its work', async () => {
  const page = await site.visit('/teens/');
  const words = await writeFirst(page, 'だれか来た');
  expect(page.workers()).toHaveLength(1);
  await page.evaluate(() => dispatchEvent(new CustomEvent('hidamari:leave')));
  await expect.poll(() => page.workers().length, soon).toBe(0);
  expect(await page.locator('#letters').innerHTML()).toBe('');
  const left = await page.content();
  for (const word of [...words, 'だれか来た']) expect(left).not.toContain(word);
});

test.each(ROOMS)('every step at %s pleases axe, and every button a thumb', async (room) => {
  const page = await site.visit(room);
  const check = async (step: string) => {
    expect({ step, found: await complaints(page) }).toEqual({ step, found: [] });
    const small = await page
      .locator('#letters :is(button, summary, .letters__chip)')
      .evaluateAll((all) =>
        all
          .map((each) => ({ box: each.getBoundingClientRect(), text: each.textContent }))
          .filter(({ box }) => box.height > 0 && (box.height < 47.5 || box.width < 47.5))
          .map(({ box, text }) => `${text} ${box.width}×${box.height}`),
      );
    expect({ step, small }).toEqual({ step, small: [] });
    const wide = await page.evaluate(() => document.documentElement.scrollWidth);
    expect({ step, wide }).toEqual({ step, wide: 390 });
  };
  await page.locator('.letters__door').first().waitFor();
  await check('doors');
  await press(page, 'はじめて');
  await page.locator('.letters__practice').waitFor();
  await check('writing');
  await page.getByRole('textbox', { name: /伝/ }).fill('もう消えたいです');
  await check('words of danger');
  await press(page, 'つぎへ');
  await wordsOn(page);
  await check('words');
  await sendFirst(page);
  await untilArrived(page);
  expect(await page.locator('.crisis__call').count()).toBeGreaterThan(0);
  await check('arrived');
  await press(page, 'やりとりを見る');
  await shownOn(page);
  await check('conversation');
});
