/**
 * Keys as people make and lose them: words that were lost and a keyholder who brings the member back, somebody
 * who leaves, and a new centre from nothing to the lines of its settings.
 */
import { identityToRecipient } from 'age-encryption';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { combineShares, readShare, type Share } from '../../functions/keys/shares.ts';
import { letterSettings } from '../../functions/letters/settings.ts';
import { demoCentreKey, demoMembers } from '../../infra/local/demonstration/keys.ts';
import { complaints } from '../support/complaints.ts';
import { logIn } from '../support/log-in.ts';
import { type Site, startSite } from '../support/site.ts';

const WIDE = { viewport: { width: 1280, height: 900 } };
const KEYS = '/staff/#keys';

const wordsOf = (member: string) =>
  demoMembers.find((each) => each.member === member)?.words.join(' ') ?? '';

async function unlock(page: Page, words: string): Promise<void> {
  await page.getByLabel('6つのことば', { exact: true }).fill(words);
  await page.getByRole('button', { name: '鍵を開ける' }).click();
  await page.getByRole('button', { name: '鍵をかける' }).waitFor();
}

async function keyholder(site: Site, member: string): Promise<Page> {
  const page = await site.visit(KEYS, WIDE);
  await logIn(page, member);
  await unlock(page, wordsOf(member));
  return page;
}

/** From the first page of the ceremony to the key. @returns the six words that were written down */
async function makeKey(page: Page, name: string): Promise<string> {
  await page.getByLabel('まわりの職員に見える名前').fill(name);
  await page.getByRole('button', { name: 'ことばを引く' }).click();
  const words = await page.locator('.ceremony__words li').allInnerTexts();
  expect(words).toHaveLength(6);
  expect(await complaints(page)).toEqual([]);
  await page.getByRole('button', { name: '紙に書きました' }).click();
  const asked = page.getByRole('textbox', { name: /番目のことば/ });
  expect(await asked.count()).toBe(2);
  for (const field of await asked.all()) {
    const place = Number(/^(\d)番目/.exec(await labelOf(field))?.[1]);
    await field.fill(words[place - 1] ?? '');
  }
  await page.getByRole('button', { name: '鍵を作る' }).click();
  return words.join(' ');
}

const labelOf = (field: ReturnType<Page['locator']>) =>
  field.evaluate((input) => (input as HTMLInputElement).labels?.[0]?.innerText ?? '');

/** The desk as this centre would have built it: with its own key, or none yet. */
async function visitBuilt(site: Site, member: string, pinned?: object): Promise<Page> {
  const page = await site.visit('about:blank', WIDE);
  await page.route(/\/staff\/(\?.*)?$/, async (route) => {
    const response = await route.fetch();
    const { teens, general } = letterSettings.desks;
    const config = JSON.stringify({
      centreId: letterSettings.centreId,
      deskNames: { teens: teens.name, general: general.name },
      ...(pinned && { pinned }),
    });
    const built = await response.text();
    const body = built.replace(
      /data-letters="[^"]*"/,
      () => `data-letters="${config.replaceAll('"', '&quot;')}"`,
    );
    expect(body).not.toBe(built);
    await route.fulfill({ response, body });
  });
  await page.goto(site.origin + KEYS);
  await logIn(page, member);
  // The way back from the log-in is a redirect, which no route sees.
  await page.reload();
  return page;
}

/** The card of a member in the list. */
const card = (page: Page, name: string) =>
  page
    .locator('.keys__item')
    .filter({ has: page.getByRole('heading', { name: new RegExp(`^${name}`) }) });

async function step(page: Page, button: string | RegExp, confirm: string): Promise<void> {
  await page.getByRole('button', { name: button }).click();
  const tick = page.getByRole('checkbox', { name: /見くらべました/ });
  if (await tick.count()) await tick.check();
  await page.getByRole('form').getByRole('button', { name: confirm }).click();
  await page.getByText('保存しました').waitFor();
}

describe('in the demonstration', () => {
  let site: Site;
  beforeAll(async () => {
    // The log-in keeps the browser's own time.
    site = await startSite({ at: new Date().toISOString() });
  });
  afterAll(() => site?.stop());

  test('who lost the words makes a new key, is compared and signed by a keyholder, and can open the desk again', async () => {
    const teens = await site.visit(KEYS);
    await logIn(teens, 'teens');
    await teens.getByText('ことばをなくしたとき').last().click();
    await teens.getByRole('button', { name: '新しい鍵を作る' }).click();
    const words = await makeKey(teens, 'ティーンズ担当');
    const figures = await teens.locator('.notice .figures').innerText();
    expect(figures).toMatch(/^(\d{4} ){5}\d{4}$/);
    expect(await complaints(teens)).toEqual([]);

    const soudan = await keyholder(site, 'soudan');
    const lost = card(soudan, 'ティーンズ担当');
    expect(await lost.innerText()).toContain('署名を待っています');
    expect(await lost.locator('.figures').innerText()).toBe(figures);
    expect(await complaints(soudan)).toEqual([]);
    await lost.getByRole('button', { name: '署名する' }).click();
    // Not before the two have compared.
    await soudan.getByRole('form').getByRole('button', { name: '署名する' }).click({ force: true });
    expect(await soudan.getByText('保存しました').count()).toBe(0);
    await soudan.getByRole('button', { name: '保存しないで もどる', exact: true }).click();
    await step(soudan, /署名する\s*：ティーンズ担当/, '署名する');
    await step(soudan, /ティーンズ相談室を許可する\s*：ティーンズ担当/, '許可する');
    expect(await lost.innerText()).toContain('署名ずみ');

    await teens.reload();
    await unlock(teens, words);
    await teens.getByText('署名ずみ').first().waitFor();
    const desk = teens.locator('.keys__item').filter({ hasText: '期の鍵' }).first();
    expect(await desk.innerText()).toContain('センター長、相談担当、ティーンズ担当の3人');
    // A member who holds no centre's key only looks.
    expect(await teens.getByRole('button', { name: /許可|外す|新しい鍵にする/ }).count()).toBe(0);
  });

  test('words that were not written down make no key', async () => {
    const page = await site.visit(KEYS);
    await logIn(page, 'teens');
    await page.getByText('ことばをなくしたとき').last().click();
    await page.getByRole('button', { name: '新しい鍵を作る' }).click();
    await page.getByLabel('まわりの職員に見える名前').fill('ティーンズ担当');
    await page.getByRole('button', { name: 'ことばを引く' }).click();
    await page.getByRole('button', { name: '紙に書きました' }).click();
    for (const field of await page.getByRole('textbox', { name: /番目/ }).all()) {
      await field.fill('りんご');
    }
    await page.getByRole('button', { name: '鍵を作る' }).click();
    await page.getByText('紙のことばと合いません').waitFor();
  });

  test('the centre’s key is changed: what is to be deployed is shown until it is, and the desks go on', async () => {
    const page = await keyholder(site, 'soudan');
    await page.getByRole('button', { name: 'センターの鍵を替える' }).click();
    expect(await page.getByRole('form').innerText()).toContain(
      'いまの名簿にいるのは、ティーンズ担当、相談担当、センター長の3人です',
    );
    expect(await complaints(page)).toEqual([]);
    const button = page.getByRole('form').getByRole('button', { name: 'センターの鍵を替える' });
    await button.click();
    await page.getByText('保存しました').waitFor();
    const pin = await page.locator('.pin').innerText();
    const figures = await page.locator('.notice .figures').innerText();
    const [, centreKey] = /centreKey: '([\w-]{43})'/.exec(pin) ?? [];
    const [, seq, hash] = /seq: (\d+), hash: '([\w-]{43})'/.exec(pin) ?? [];
    expect(centreKey).not.toBe(demoCentreKey);
    expect(await page.getByText('第2期の鍵').count()).toBe(2);
    expect(await complaints(page)).toEqual([]);

    // Another keyholder, on a page of before: the same line with the same figures, although the list went on.
    await step(page, /新しい鍵にする\s*：ティーンズ相談室/, '新しい鍵にする');
    const other = await keyholder(site, 'center');
    expect(await other.locator('.pin').innerText()).toBe(pin);
    expect(await other.locator('.notice .figures').innerText()).toBe(figures);

    const after = await visitBuilt(site, 'center', { centreKey, line: { seq: Number(seq), hash } });
    await unlock(after, wordsOf('center'));
    await after.getByRole('button', { name: 'センターの鍵を替える' }).waitFor();
    expect(await after.locator('.pin').count()).toBe(0);
    // The key without its line could be anybody's.
    const bare = await visitBuilt(site, 'center', { centreKey });
    await bare.getByLabel('6つのことば', { exact: true }).fill(wordsOf('center'));
    await bare.getByRole('button', { name: '鍵を開ける' }).click();
    await bare.getByText('このセンターのものではありません').waitFor();
  });

  test('a step from a screen of before is refused, and the screen shows what is now; a screen that is looked at again does so by itself', async () => {
    const soudan = await keyholder(site, 'soudan');
    const center = await keyholder(site, 'center');
    const holds = (page: Page) =>
      card(page, 'ティーンズ担当').getByText('鍵の預かり役', { exact: true });
    await step(center, /預かり役にする\s*：ティーンズ担当/, '預かり役にする');
    await holds(center).waitFor();
    expect(await holds(soudan).count()).toBe(0);

    await soudan.getByRole('button', { name: /許可する\s*：ティーンズ担当/ }).click();
    await soudan.getByRole('form').getByRole('button', { name: '許可する' }).click();
    await soudan.getByText('ほかの職員が先に鍵を変えました').waitFor();
    // What the step said of others may be true no more: it is chosen again.
    expect(await soudan.getByRole('form').count()).toBe(0);
    await holds(soudan).waitFor();
    expect(await complaints(soudan)).toEqual([]);
    await step(soudan, /預かり役から外す\s*：ティーンズ担当/, '保存する');
    expect(await soudan.getByText('ほかの職員が先に鍵を変えました').count()).toBe(0);

    expect(await holds(center).count()).toBe(1);
    await center.evaluate(() => dispatchEvent(new Event('focus')));
    await holds(center).waitFor({ state: 'detached' });
  });

  test('somebody leaves: their desks begin anew, and the desk that hangs on one person says so', async () => {
    const page = await keyholder(site, 'soudan');
    expect(await page.getByText('休むと、だれも読めません').count()).toBe(0);
    await page.getByRole('button', { name: /名簿から外す\s*：センター長/ }).click();
    expect(await page.getByRole('form').innerText()).toContain(
      '子育ての相談を開けられるのは、相談担当の1人',
    );
    await page.getByRole('button', { name: '名簿から外す', exact: true }).click();
    await page.getByText('保存しました').waitFor();
    await page
      .getByText('子育ての相談の手紙を開ける人が、1 人しかいません', { exact: false })
      .or(page.getByText(/子育ての相談の手紙を開ける人が、1\s*人しかいません/))
      .first()
      .waitFor();
    expect(await page.getByText('離れた職員').innerText()).toContain('センター長');
    expect(await page.getByText(/第[34]期の鍵/).count()).toBe(2);
    expect(await complaints(page)).toEqual([]);
    // The only keyholder that is left could be signed by nobody.
    await page.getByText('いまは鍵の預かり役が、あなたのほかにいません').waitFor();
    expect(await page.getByRole('button', { name: '新しい鍵を作る' }).count()).toBe(0);
    expect(await complaints(page)).toEqual([]);

    const gone = await site.visit('/staff/#letters', WIDE);
    await logIn(gone, 'center');
    // The sealed key is gone from the server: there is nothing that the words could open.
    await gone.getByRole('link', { name: '自分の鍵を作る' }).waitFor();
    expect(await gone.getByLabel('6つのことば', { exact: true }).count()).toBe(0);
    expect(await gone.getByRole('button', { name: /相談室|子育て/ }).count()).toBe(0);
  });
});

describe('in a new centre', () => {
  let site: Site;
  beforeAll(async () => {
    const { pinned: _, ...letters } = letterSettings;
    site = await startSite({
      at: new Date().toISOString(),
      seed: async () => {},
      overrides: { letters },
    });
  });
  afterAll(() => site?.stop());

  test('two make their keys and compare them, recovery goes onto paper, and the settings get their lines', async () => {
    const soudan = await visitBuilt(site, 'soudan');
    await makeKey(soudan, '相談のひと');
    const shown = await soudan.locator('.figures').innerText();

    const head = await visitBuilt(site, 'center');
    const words = await makeKey(head, '長のひと');
    await head.getByRole('heading', { name: 'センターの鍵を用意します' }).waitFor();
    expect(await card(head, '相談のひと').locator('.figures').innerText()).toBe(shown);
    const begin = head.getByRole('button', { name: 'センターの鍵を作る' });
    await begin.click();
    await head.getByText('復旧の鍵の宛先（age1で始まる文字）を').waitFor();
    await makeSheets(head);
    await begin.click();
    await head.getByText('もう1人の職員と、数字を見くらべてください').waitFor();
    expect(await complaints(head)).toEqual([]);
    await head.getByRole('checkbox', { name: /相談のひと/ }).check();
    await begin.click();
    await head.getByRole('heading', { name: 'センターの鍵ができました' }).waitFor();
    const text = await head.locator('.pin').innerText();
    const [, centreKey] = /centreKey: '([\w-]{43})'/.exec(text) ?? [];
    const [, seq, hash] = /seq: (\d+), hash: '([\w-]{43})'/.exec(text) ?? [];
    expect(await complaints(head)).toEqual([]);

    const after = await visitBuilt(site, 'center', { centreKey, line: { seq: Number(seq), hash } });
    await unlock(after, words);
    await after.getByRole('button', { name: /新しい鍵にする\s*：ティーンズ相談室/ }).waitFor();
    expect(await after.getByText(/^開けられる人：.*のひと、.*のひとの2人$/).count()).toBe(2);
    expect(await after.getByText('練習用の鍵です').count()).toBe(0);

    // A page that trusts another key believes none of it.
    const elsewhere = await visitBuilt(site, 'center', { centreKey: 'A'.repeat(43) });
    await elsewhere.getByLabel('6つのことば', { exact: true }).fill(words);
    await elsewhere.getByRole('button', { name: '鍵を開ける' }).click();
    await elsewhere.getByText('このセンターのものではありません').waitFor();
  });

  /** Three sheets on three pages of paper and nothing else, then off the screen. */
  async function makeSheets(page: Page): Promise<void> {
    await page.getByText('ほかの機械がないときは').click();
    await page.getByRole('button', { name: '復旧の控えを作る' }).click();
    await page.locator('.sheet').nth(2).waitFor();
    const sheets = await page.locator('.sheet__code').allInnerTexts();
    const shares = sheets.map(readShare).filter((read): read is Share => !('fault' in read));
    const identity = (await combineShares(shares.slice(1))) ?? '';
    await page.emulateMedia({ media: 'print' });
    const printed = await page
      .locator('#desk :is(h2, h3, button, input, nav)')
      .evaluateAll((all) => all.filter((each) => each.checkVisibility()).length);
    expect(printed).toBe(0);
    expect(await page.locator('.sheet__code').first().isVisible()).toBe(true);
    const paper = (await page.pdf()).toString('latin1');
    expect(paper.match(/\/Type\s*\/Page\b/g)).toHaveLength(3);
    await page.emulateMedia({ media: 'screen' });
    await page.getByRole('button', { name: /画面から消して次へ/ }).click();
    expect(await page.locator('.sheet').count()).toBe(0);
    expect(await page.getByLabel('復旧の鍵の宛先').inputValue()).toBe(
      await identityToRecipient(identity),
    );
  }
});
