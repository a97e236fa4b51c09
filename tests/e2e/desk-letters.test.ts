/**
 * Letters at the desk, as two members of staff work with them: unlocked, read, answered by two pairs of eyes,
 * received as a report. The writer's own code checks what comes back.
 */
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { currentEpoch, type KeyList, readKeyList } from '../../functions/keys/key-list.ts';
import type { LetterContent } from '../../functions/letters/content.ts';
import type { LetterHeader } from '../../functions/letters/model.ts';
import { openPicture, sealPicture } from '../../functions/letters/picture-sealing.ts';
import type { Mailbox } from '../../functions/letters/receipt.ts';
import { conversationNumber } from '../../functions/letters/signing.ts';
import { demoCentreKey, demoMembers } from '../../infra/local/demonstration/keys.ts';
import type { Client } from '../../site/src/letters/client.ts';
import { complaints } from '../support/complaints.ts';
import {
  aHeader,
  aLetter,
  aMailbox,
  clientOf,
  readMailbox,
  sealFrom,
  write,
} from '../support/letters.ts';
import { logIn } from '../support/log-in.ts';
import { aPng } from '../support/pictures.ts';
import { type Site, startSite } from '../support/site.ts';

const wide = { viewport: { width: 1280, height: 900 } };
const narrow = { viewport: { width: 390, height: 844 } };

let site: Site;
let client: Client;
let list: KeyList;
beforeAll(async () => {
  // Log-ins end by the browser's own clock, so here it is really now.
  site = await startSite({ at: new Date().toISOString() });
  client = clientOf(site.origin);
  const { lines } = await (await fetch(`${site.origin}/api/letters/keys`)).json();
  const read = readKeyList(lines, { centreKey: demoCentreKey });
  if ('fault' in read) throw new Error(read.fault);
  list = read;
});
afterAll(() => site?.stop());

/** A first letter, posted as its writer's page does. */
async function aWriter(
  text: string,
  { desk = 'teens', ...header }: Partial<LetterHeader> & { readonly desk?: string } = {},
  more: Partial<Extract<LetterContent, { direction: 'in' }>> & { readonly sealedFor?: string } = {},
): Promise<Mailbox> {
  const { sealedFor, ...changes } = more;
  const whole = { ...aHeader, ...header };
  const mailbox = await aMailbox(desk);
  const recipient = sealedFor ?? currentEpoch(list, desk)?.recipient ?? '';
  const content = aLetter(mailbox, { text, desk, ...changes });
  const sealed = await sealFrom(mailbox, content, recipient);
  const asked = await client.ask(desk);
  await client.post(mailbox, { number: 1, header: whole, sealed, attachments: [] }, asked);
  return mailbox;
}

async function visitDesk(
  username: 'teens' | 'soudan' | 'center',
  options = wide,
  place = 'letters',
): Promise<Page> {
  const page = await site.visit(`/staff/#${place}`, options);
  await logIn(page, username);
  return page;
}

async function unlock(page: Page, username: string): Promise<void> {
  const words = demoMembers.find(({ member }) => member === username)?.words ?? [];
  await page.getByLabel('6つのことば').fill(words.join(' '));
  await page.getByRole('button', { name: '鍵を開ける' }).click();
  await page.getByText('練習用の鍵です。ほんとうの相談には使えません。').waitFor();
}

async function openDesk(username: 'teens' | 'soudan', options = wide): Promise<Page> {
  const page = await visitDesk(username, options);
  await unlock(page, username);
  return page;
}

/** Goes to a conversation by its number, as it is told by telephone. */
async function find(page: Page, mailbox: Mailbox): Promise<void> {
  const number = conversationNumber(mailbox.id);
  await page.getByLabel('相談番号').fill(number.toLowerCase().replaceAll('-', ' '));
  await page.getByRole('button', { name: '探す' }).click();
  await page.getByRole('heading', { name: `相談 ${number}` }).waitFor();
}

const told = (page: Page, words: string) =>
  page.getByRole('status').filter({ hasText: words }).waitFor();
const isSaved = (page: Page) => told(page, '封をして保存してあります');
const answer = (page: Page) =>
  page.getByLabel('返事', { exact: true }).and(page.locator('textarea'));

/** Everything that this tab has put away, in one text. */
const putAway = (page: Page) =>
  page.evaluate(() => JSON.stringify([{ ...sessionStorage }, { ...localStorage }]));

async function widthOver(page: Page): Promise<number> {
  return page.evaluate(
    () => document.documentElement.scrollWidth - document.documentElement.clientWidth,
  );
}

test('a letter is unlocked, read, answered by one, looked at and sent by another, and verified by its writer', async () => {
  const writer = await aWriter('だれにも言えないことがあります。', {
    topic: 'friends',
    ageBand: 'junior_high',
  });
  const first = await visitDesk('teens');
  await first.getByLabel('6つのことば').fill('ひまわり そよかぜ りんご みなと えのぐ たまご');
  await first.getByRole('button', { name: '鍵を開ける' }).click();
  await told(first, 'この6つのことばでは、開きませんでした');
  expect(await complaints(first)).toEqual([]);
  await unlock(first, 'teens');
  await first.getByRole('link', { name: '友だち・中学生' }).waitFor();
  expect(await complaints(first)).toEqual([]);
  await find(first, writer);
  await first.getByText('だれにも言えないことがあります。').waitFor();

  await answer(first).fill('書いてくれて、ありがとう。');
  await isSaved(first);
  expect(await complaints(first)).toEqual([]);
  await first.getByRole('button', { name: '確認をお願いする' }).click();
  await told(first, '確認をお願いしました');
  // Not by the one who wrote it.
  expect(await first.getByRole('button', { name: 'この内容で送る' }).count()).toBe(0);

  const second = await openDesk('soudan');
  await find(second, writer);
  await second.getByText('ティーンズ担当さんが').waitFor();
  expect(await complaints(second)).toEqual([]);
  await second.getByRole('button', { name: 'この内容で送る' }).click();
  await told(second, '返事を送りました');
  await expect.poll(() => second.evaluate(() => document.activeElement?.id)).toBe('item-title');

  const { letters, faults } = await readMailbox(client, writer, list);
  expect(faults).toEqual([]);
  expect(letters.map(({ content, fault }) => [content?.direction, content?.text, fault])).toEqual([
    ['in', 'だれにも言えないことがあります。', undefined],
    ['out', '書いてくれて、ありがとう。', undefined],
  ]);
  expect((await client.open(writer)).readThrough).toBe(1);
  for (const page of [first, second]) {
    const kept = await putAway(page);
    expect(kept).toContain('accessToken');
    expect(kept).not.toMatch(/だれにも|書いてくれて|ひまわり|こいぬ|AGE-SECRET/i);
  }
});

test('who changes a proposed answer becomes its author, and the roles swap', async () => {
  const writer = await aWriter('返事を直してもらう手紙です。');
  const first = await openDesk('teens');
  await find(first, writer);
  await answer(first).fill('はじめの文。');
  await first.getByRole('button', { name: '確認をお願いする' }).click();
  await told(first, '確認をお願いしました');
  const second = await openDesk('soudan');
  await find(second, writer);
  await second.getByRole('button', { name: '直す' }).click();
  await answer(second).fill('直した文。');
  await second.getByRole('button', { name: '確認をお願いする' }).click();
  await told(second, '確認をお願いしました');
  expect(await second.getByRole('button', { name: 'この内容で送る' }).count()).toBe(0);

  // The first member comes back to the page, and finds the other's text.
  await find(first, writer);
  await first.reload();
  await unlock(first, 'teens');
  await first.getByText('直した文。').waitFor();
  await first.getByRole('button', { name: 'この内容で送る' }).click();
  await told(first, '返事を送りました');
  expect((await readMailbox(client, writer, list)).letters.at(-1)?.content?.text).toBe(
    '直した文。',
  );
});

test('two who write at once lose nothing: each sees the other’s text beside their own', async () => {
  const writer = await aWriter('二人が同時に書く手紙です。');
  const first = await openDesk('teens');
  await find(first, writer);
  const second = await openDesk('soudan');
  await find(second, writer);
  await answer(first).fill('先に書いた文。');
  await isSaved(first);
  await answer(second).fill('あとから書いた文。');
  const clash = second.getByRole('alert').filter({ hasText: 'ティーンズ担当さんが下書きを' });
  await clash.waitFor();
  expect(await clash.textContent()).toContain('先に書いた文。');
  expect(await answer(second).inputValue()).toBe('あとから書いた文。');
  expect(await complaints(second)).toEqual([]);
  await second.getByRole('button', { name: '自分の文で書きかえる' }).click();
  await isSaved(second);
  await first.reload();
  await unlock(first, 'teens');
  await expect.poll(() => answer(first).inputValue()).toBe('あとから書いた文。');
});

test('the keys are forgotten when nobody is there, and what was being written comes back sealed', async () => {
  const writer = await aWriter('席をはなれる間の手紙です。');
  const page = await site.visit('/staff/#letters', wide);
  await page.clock.install();
  await page.reload();
  await logIn(page, 'teens');
  await unlock(page, 'teens');
  await find(page, writer);
  // Without a network: what cannot be sent is put away sealed.
  await page.route('**/draft', (route) => route.abort());
  await answer(page).fill('とちゅうまで書きました。');
  await page.clock.fastForward('00:05');
  await told(page, '保存できていません');
  const kept = await putAway(page);
  expect(kept).toContain('hidamari.desk.letters.');
  expect(kept).not.toContain('とちゅう');

  await page.clock.fastForward('14:00');
  expect(await page.getByText('席をはなれる間の手紙です。').isVisible()).toBe(true);
  await page.clock.fastForward('01:30');
  await page.getByText('15分のあいだ動きがなかったので').waitFor();
  expect(await page.locator('body').textContent()).not.toMatch(/席をはなれる|とちゅうまで/);

  await page.unroute('**/draft');
  await unlock(page, 'teens');
  await expect.poll(() => answer(page).inputValue()).toBe('とちゅうまで書きました。');
  await page.clock.fastForward('00:05');
  await isSaved(page);
  await page.getByRole('button', { name: '鍵をかける' }).click();
  await page.getByLabel('6つのことば').waitFor();
  expect(await page.locator('body').textContent()).not.toContain('席をはなれる');
});

async function logOut(page: Page): Promise<void> {
  await page.getByRole('button', { name: 'ログアウト' }).click();
  await page.getByRole('button', { name: 'ログアウトする' }).click();
  await page.getByRole('button', { name: 'ログインする' }).waitFor();
}

const note = (page: Page) => page.getByLabel('書いた人には見えません');

test('a note and a report that were begun come back after the keys were forgotten, and lie sealed until then', async () => {
  const writer = await aWriter('とちゅうで席を立つ手紙です。');
  const page = await site.visit('/staff/#letters', wide);
  await page.clock.install();
  await page.reload();
  await logIn(page, 'teens');
  await unlock(page, 'teens');
  await find(page, writer);
  await note(page).fill('学校に聞くかどうか、まよう。');
  await page.getByRole('button', { name: '通告として受理' }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByLabel('書き写す文').fill('席を立つ、と書いている。');
  await dialog.getByLabel('通告として受理する理由').fill('けがのことが書かれている。');
  await page.clock.fastForward('00:01');
  await page.clock.fastForward('15:30');
  await page.getByText('15分のあいだ動きがなかったので').waitFor();
  expect(await page.locator('body').textContent()).not.toMatch(/まよう|けが|席を立つ/);
  await expect.poll(() => putAway(page)).toMatch(/\.note.*\.report|\.report.*\.note/);
  expect(await putAway(page)).not.toMatch(/まよう|けが|席を立つ/);

  await unlock(page, 'teens');
  await expect.poll(() => note(page).inputValue()).toBe('学校に聞くかどうか、まよう。');
  expect(await page.getByRole('dialog').count()).toBe(0);
  expect(await complaints(page)).toEqual([]);
  await page.getByRole('button', { name: 'つづきを書く' }).click();
  expect(await dialog.getByLabel('書き写す文').inputValue()).toBe('席を立つ、と書いている。');
  const reason = dialog.getByLabel('通告として受理する理由');
  expect(await reason.inputValue()).toBe('けがのことが書かれている。');
  // Escape, pressed by mistake, loses nothing.
  await reason.press('Escape');
  await page.getByText('書きかけの通告があります').waitFor();
  await page.keyboard.press('Enter');
  await dialog.getByRole('button', { name: '通告として受理する' }).click();
  await told(page, '通告として受理しました');
  expect(await page.getByText('書きかけの通告があります').count()).toBe(0);
  await page.getByRole('button', { name: 'メモを残す' }).click();
  await told(page, 'メモを残しました');
  await expect.poll(() => putAway(page)).not.toContain('hidamari.desk.letters.');
});

test('a report that was begun is thrown away when it is asked to be, and one without a word of one’s own is no such thing', async () => {
  const writer = await aWriter('やめることにした通告です。');
  const page = await openDesk('teens');
  await find(page, writer);
  await page.getByRole('button', { name: '通告として受理' }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByRole('button', { name: 'あとにする' }).click();
  expect(await page.getByText('書きかけの通告があります').count()).toBe(0);
  await page.getByRole('button', { name: '通告として受理' }).click();
  await dialog.getByLabel('通告として受理する理由').fill('まちがえた。');
  await expect.poll(() => putAway(page)).toContain('.report');
  await dialog.getByRole('button', { name: 'あとにする' }).click();
  await page.getByRole('button', { name: '書きかけを消す' }).click();
  await expect.poll(() => putAway(page)).not.toContain('.report');
  await expect.poll(() => page.evaluate(() => document.activeElement?.id)).toBe('item-title');
});

test('who leaves in the middle of a word finds it again, and a colleague at the same machine does not', async () => {
  const writer = await aWriter('いそいで帰る日の手紙です。');
  const page = await openDesk('teens');
  await find(page, writer);
  await answer(page).fill('さいごの一文字まで。');
  await note(page).fill('あしたつづき');
  await logOut(page);
  const kept = await putAway(page);
  expect(kept).toContain('.note');
  expect(kept).not.toMatch(/accessToken|あした|さいご/);

  await page.evaluate(() => location.assign('#letters'));
  await logIn(page, 'soudan');
  await unlock(page, 'soudan');
  await find(page, writer);
  // What was sent in time is the desk's; the note was nobody's yet but its writer's.
  await expect.poll(() => answer(page).inputValue()).toBe('さいごの一文字まで。');
  expect(await note(page).inputValue()).toBe('');
  await logOut(page);
  await page.evaluate(() => location.assign('#letters'));
  await logIn(page, 'teens');
  await unlock(page, 'teens');
  await find(page, writer);
  await expect.poll(() => note(page).inputValue()).toBe('あしたつづき');

  // A page that is thrown away gives no time to seal anything; half a second after the last key it has been.
  const before = await putAway(page);
  await note(page).fill('あしたつづき、かならず');
  await expect.poll(() => putAway(page), { timeout: 1_500 }).not.toBe(before);
  await page.reload();
  await unlock(page, 'teens');
  await expect.poll(() => note(page).inputValue()).toBe('あしたつづき、かならず');
});

test('an urgent letter shows where somebody waits; its answer goes out by one, and is looked at later', async () => {
  const writer = await aWriter(
    'いますぐ来てほしいです。',
    { urgency: 'now', topic: 'hurt_at_home' },
    { reach: { where: '駅の北口', who: 'みなと' } },
  );
  const first = await openDesk('teens');
  await find(first, writer);
  await first.getByText('「来てほしい」と書いています').waitFor();
  expect(await first.getByText('駅の北口').isVisible()).toBe(true);
  await answer(first).fill('いま、向かっています。');
  await isSaved(first);
  expect(await complaints(first)).toEqual([]);
  await first.getByRole('button', { name: 'ひとりで送る' }).click();
  await first.getByRole('alert').filter({ hasText: 'ひとりで送る理由を' }).waitFor();
  expect((await readMailbox(client, writer, list)).letters).toHaveLength(1);
  await first.getByLabel('命や体があぶない').check();
  await first.getByRole('button', { name: 'ひとりで送る' }).click();
  await told(first, '返事を送りました');
  expect((await readMailbox(client, writer, list)).letters).toHaveLength(2);
  expect(await first.getByRole('button', { name: '読んで、確かめました' }).count()).toBe(0);

  const second = await openDesk('soudan');
  await find(second, writer);
  await second.getByRole('button', { name: '読んで、確かめました' }).click();
  await told(second, '確かめたことを');
  await second.getByText('あとから確認 相談担当').waitFor();
});

test('a letter that cannot be opened is said to be so, to the desk and to its writer', async () => {
  const other = await aMailbox();
  const writer = await aWriter('べつの鍵あての手紙です。', {}, { sealedFor: other.recipient });
  const page = await openDesk('teens');
  await find(page, writer);
  await page.getByText('開けませんでした。').waitFor();
  expect(await page.getByText('返事を封じる相手の鍵がわかりません').isVisible()).toBe(true);
  expect(await page.locator('body').textContent()).not.toContain('べつの鍵あて');
  await expect.poll(async () => (await client.open(writer)).unopenable).toEqual([1]);
});

test('a letter under many others is on the screen before any is said to be read; later, older ones come when asked for', async () => {
  const writer = await aWriter('いちばん下の手紙です。');
  for (let number = 2; number <= 13; number += 1) {
    const { newest } = await readMailbox(client, writer, list);
    await write(client, writer, list, `上に積まれた手紙${number}`, { number, newest });
  }
  const page = await openDesk('teens');
  await find(page, writer);
  await page.getByText('いちばん下の手紙です。').waitFor();
  await expect.poll(async () => (await client.open(writer)).readThrough).toBe(13);
  expect(await page.locator('.letter').count()).toBe(13);
  expect(await page.getByRole('button', { name: '前の手紙も出す' }).count()).toBe(0);

  await page.reload();
  await unlock(page, 'teens');
  const older = page.getByRole('button', { name: '前の手紙も出す' });
  await older.waitFor();
  expect(await page.locator('.letter').count()).toBe(10);
  expect(await complaints(page)).toEqual([]);
  await older.click();
  await page.getByText('いちばん下の手紙です。').waitFor();
  await expect.poll(() => older.count()).toBe(0);
  await expect.poll(() => page.evaluate(() => document.activeElement?.id)).toBe('item-title');
  // What was fetched stays while the conversation changes.
  await page.getByRole('button', { name: '自分が担当する' }).click();
  await told(page, 'あなたが担当になりました');
  expect(await page.locator('.letter').count()).toBe(13);
  expect(await page.getByText('つじつまが合いません').count()).toBe(0);
});

test('a picture of a letter is looked at on a canvas; one of an answer is seen by the second member before it goes', async () => {
  const mailbox = await aMailbox();
  const desk = currentEpoch(list, 'teens')?.recipient ?? '';
  const picture = {
    name: '写真.png',
    type: 'image/png',
    bytes: new Uint8Array(aPng(60, 40)),
  } as const;
  const sealedPicture = await sealPicture(picture, [desk, mailbox.recipient]);
  await client.upload(mailbox, sealedPicture);
  const { attachment } = sealedPicture;
  const content = aLetter(mailbox, { text: '写真をつけます。', attachments: [attachment] });
  const sealed = await sealFrom(mailbox, content, desk);
  const attachments = [{ id: attachment.id, parts: attachment.parts }];
  const letter = { number: 1, header: aHeader, sealed, attachments };
  await client.post(mailbox, letter, await client.ask('teens'));

  const first = await openDesk('teens');
  await find(first, mailbox);
  await first.getByRole('button', { name: '写真 1 を見る' }).click();
  await first.locator('.letter canvas').waitFor();
  expect(await complaints(first)).toEqual([]);

  await answer(first).fill('地図をつけます。');
  await first.getByText('写真をつける').click();
  await first.locator('input[type="file"]').setInputFiles({
    name: 'IMG_0001.png',
    mimeType: 'image/png',
    buffer: aPng(80, 80),
  });
  await first.getByRole('button', { name: '写真 1 をとりのぞく' }).waitFor();
  await isSaved(first);
  expect(await complaints(first)).toEqual([]);
  await first.getByRole('button', { name: '確認をお願いする' }).click();
  await told(first, '確認をお願いしました');

  const second = await openDesk('soudan');
  await find(second, mailbox);
  const proposed = second.locator('.answer');
  await proposed.getByRole('button', { name: '写真 1 を見る' }).click();
  await proposed.locator('canvas').waitFor();
  await second.getByRole('button', { name: 'この内容で送る' }).click();
  await told(second, '返事を送りました');
  const { letters, faults } = await readMailbox(client, mailbox, list);
  expect(faults).toEqual([]);
  const [sent] = letters.at(-1)?.content?.attachments ?? [];
  if (!sent) throw new Error('No picture went with the answer');
  const parts = await client.download(mailbox, sent);
  expect((await openPicture(parts, sent, [mailbox.identity])).picture?.type).toBe('image/jpeg');
});

test('what a writer has hidden stays with the desk, marked; and no letter becomes anything but text', async () => {
  const html = '<img src=x onerror="document.title=1"><b>ふとい</b>';
  const writer = await aWriter(html);
  await client.hide(writer);
  const content = aLetter(writer, { text: 'もういちど、はじめから。' });
  const sealed = await sealFrom(writer, content, currentEpoch(list, 'teens')?.recipient ?? '');
  const letter = { number: 1, header: aHeader, sealed, attachments: [] };
  await client.post(writer, letter, await client.ask('teens'));

  const page = await openDesk('teens');
  await find(page, writer);
  const hidden = page.locator('.round').filter({ hasText: '本人が見えなくした手紙' });
  await hidden.getByText(html).waitFor();
  expect(await page.locator('.letter img, .letter b').count()).toBe(0);
  expect(await hidden.textContent()).not.toContain('もういちど');
  // The answer goes to what was begun anew, as its first letter.
  await answer(page).fill('おかえりなさい。');
  await page.getByRole('button', { name: '確認をお願いする' }).click();
  await told(page, '確認をお願いしました');
  const second = await openDesk('soudan');
  await find(second, writer);
  await second.getByRole('button', { name: 'この内容で送る' }).click();
  await told(second, '返事を送りました');
  const { letters, faults } = await readMailbox(client, writer, list);
  expect(faults).toEqual([]);
  expect(letters.map((each) => each.content?.text)).toEqual([
    'もういちど、はじめから。',
    'おかえりなさい。',
  ]);
});

test('an answer to what was hidden meanwhile is sealed anew, and goes out at the second press', async () => {
  const writer = await aWriter('かくすかもしれません。', { desk: 'general' });
  const page = await openDesk('soudan');
  await page.getByRole('button', { name: '子育ての相談' }).click();
  await find(page, writer);
  await page.getByText('かくすかもしれません。').waitFor();
  await answer(page).fill('読みました。');
  await page.getByText('下書きは、封をして保存してあります。').waitFor();
  await client.hide(writer);
  const send = page.getByRole('button', { name: 'この内容で送る' });
  await send.click();
  await page.locator('.answer__problem').waitFor();
  await page.getByText('本人は前の手紙を見えなくしました').waitFor();
  await send.click();
  await told(page, '返事を送りました');
  expect((await client.open(writer)).counts).toEqual({ in: 0, out: 1 });
});

test('a letter is received as a report, with its hours from receipt', async () => {
  const writer = await aWriter('弟がたたかれています。夜になると泣いています。', {
    urgency: 'now',
  });
  const page = await openDesk('soudan');
  await find(page, writer);
  await page.getByText('弟がたたかれています。').waitFor();
  await page.getByRole('button', { name: '通告として受理' }).click();
  const dialog = page.getByRole('dialog');
  expect(await dialog.getByLabel('書き写す文').inputValue()).toContain('弟がたたかれています。');
  await dialog.getByRole('button', { name: '通告として受理する' }).click();
  await dialog.getByText('通告として受理する理由を書いてください。').waitFor();
  await dialog.getByLabel('書き写す文').fill('弟がたたかれています。');
  await dialog.getByLabel('通告として受理する理由').fill('きょうだいへの暴力をうかがわせる。');
  expect(await complaints(page)).toEqual([]);
  await dialog.getByRole('button', { name: '通告として受理する' }).click();
  await told(page, '通告として受理しました');
  // Whoever cannot see the screen hears where they are.
  const title = page.getByRole('heading', { name: /^相談 / });
  await expect.poll(() => title.evaluate((each) => each === document.activeElement)).toBe(true);
  await page.locator('.conversation').getByText('通告を受理ずみ').waitFor();
  await page.getByRole('button', { name: '通告として受理' }).click();
  await dialog.getByText('が通告を受理しています。').waitFor();
  await dialog.getByRole('button', { name: 'あとにする' }).click();

  await page.getByRole('link', { name: '通告', exact: true }).click();
  // Until the list is there, the conversation is an article of the same name.
  const card = page
    .getByRole('article', { name: new RegExp(`相談 ${conversationNumber(writer.id)}`) })
    .filter({ hasText: '48時間まで' });
  await card.waitFor();
  expect(await card.textContent()).toMatch(/48時間まで あと 4[78]時間/);
  expect(await card.textContent()).toContain('相談担当');
  expect(await complaints(page)).toEqual([]);
  await card.getByRole('link', { name: 'やりとりを開く' }).click();
  await page.getByText('弟がたたかれています。').waitFor();

  const teens = await openDesk('teens');
  expect(await teens.getByRole('link', { name: '通告', exact: true }).count()).toBe(0);
});

test('a conversation is taken, noted, ended and found again; parents are answered by one', async () => {
  const writer = await aWriter('夜泣きで眠れません。', { desk: 'general', topic: 'parent_tired' });
  const page = await openDesk('soudan');
  await page.getByRole('button', { name: '子育ての相談' }).click();
  await page.getByRole('link', { name: '育児がつらい' }).click();
  await page.getByText('夜泣きで眠れません。').waitFor();
  await page.getByRole('button', { name: '自分が担当する' }).click();
  await told(page, 'あなたが担当になりました');
  await page.getByLabel('書いた人には見えません').fill('保健師に聞いてみる。');
  await page.getByRole('button', { name: 'メモを残す' }).click();
  await told(page, 'メモを残しました');
  await page.getByRole('listitem').filter({ hasText: '保健師に聞いてみる。' }).waitFor();

  await page.getByText('よく使う文を入れる').click();
  await page.getByRole('button', { name: '気持ちが落ちこむ方へ' }).click();
  await answer(page).press('End');
  await answer(page).pressSequentially('〔つづき〕');
  await page.getByRole('button', { name: 'この内容で送る' }).click();
  await page.getByText('「〔つづき〕」が残っています').waitFor();
  await answer(page).fill('おひとりでがまんしないでください。');
  await page.getByRole('button', { name: 'この内容で送る' }).click();
  await told(page, '返事を送りました');

  await page.getByRole('button', { name: '終わりにする' }).click();
  // Its form lies below the fold of a telephone: whoever asked for it is taken there.
  const outcome = page.getByLabel('どう終わったか');
  await expect.poll(() => outcome.evaluate((each) => each === document.activeElement)).toBe(true);
  await outcome.selectOption('advised');
  await page.getByRole('button', { name: '終わりにします' }).click();
  await told(page, 'やりとりを終わりにしました');
  await page.getByRole('button', { name: '終わった' }).click();
  await page.getByRole('link', { name: '育児がつらい' }).waitFor();
  const { letters } = await readMailbox(client, writer, list);
  expect(letters.at(-1)?.content?.text).toBe('おひとりでがまんしないでください。');

  await page.emulateMedia({ media: 'print' });
  expect(await page.getByText('取扱注意').isVisible()).toBe(true);
  expect(await page.getByRole('button', { name: 'メモを残す' }).isVisible()).toBe(false);
});

test('the head of the centre reads who opened which letter, by its number and the names of colleagues', async () => {
  const writer = await aWriter('だれが読んだかを残す手紙です。');
  const worker = await openDesk('teens');
  await find(worker, writer);
  const page = await visitDesk('center', wide, 'audit');
  await page.getByRole('button', { name: '講座と申し込み', pressed: true }).waitFor();
  await page.getByRole('button', { name: 'ティーンズ相談室の手紙' }).click();
  const line = page
    .getByRole('row')
    .filter({ hasText: '手紙のやりとりを開いた' })
    .filter({ hasText: conversationNumber(writer.id) });
  await line.filter({ hasText: 'ティーンズ担当' }).waitFor();
  expect(await page.locator('body').textContent()).not.toContain(writer.id);
  expect(await complaints(page)).toEqual([]);
  // The choice survives a look at another day, and the day another choice.
  await page.getByLabel('日', { exact: true }).fill('2026-01-05');
  await page.getByText('この日の記録は、まだ一行もありません').waitFor();
  const pressed = page.getByRole('button', { name: 'ティーンズ相談室の手紙', pressed: true });
  expect(await pressed.count()).toBe(1);
  await page.setViewportSize(narrow.viewport);
  expect(await widthOver(page)).toBe(0);
});

test('it works by keyboard, and on a narrow screen the list and then the letter', async () => {
  const writer = await aWriter('せまい画面で読む手紙です。');
  const page = await openDesk('teens', narrow);
  const link = page.getByRole('link', { name: '話題なし' }).first();
  await link.waitFor();
  expect(await widthOver(page)).toBe(0);
  await page.keyboard.press('j');
  await expect
    .poll(() => page.evaluate(() => document.activeElement?.className))
    .toBe('letter-line__link');
  await page.keyboard.press('?');
  await page.getByRole('heading', { name: 'キーボードでの使い方' }).waitFor();
  await page.keyboard.press('Escape');
  await page.keyboard.press('/');
  await expect.poll(() => page.evaluate(() => document.activeElement?.id)).toBe('find-number');
  await page.keyboard.type(conversationNumber(writer.id));
  await page.keyboard.press('Enter');
  await page.getByText('せまい画面で読む手紙です。').waitFor();
  await expect.poll(() => page.evaluate(() => document.activeElement?.id)).toBe('item-title');
  expect(await link.isVisible()).toBe(false);
  expect(await widthOver(page)).toBe(0);
  await page.keyboard.press('r');
  await expect.poll(() => page.evaluate(() => document.activeElement?.id)).toBe('answer');
  expect(await complaints(page)).toEqual([]);
  await page.getByRole('button', { name: '一覧にもどる' }).click();
  await link.waitFor();
});

test('what seals is fetched with the letters and by no other section of the desk', async () => {
  const page = await visitDesk('center', wide, 'board');
  await page.getByRole('heading', { level: 2 }).first().waitFor();
  const scripts = () =>
    page.evaluate(() =>
      performance
        .getEntriesByType('resource')
        .map(({ name }) => name)
        .filter((name) => /sealing|letters-screen/.test(name)),
    );
  expect(await scripts()).toEqual([]);
  await page.getByRole('link', { name: '手紙', exact: true }).click();
  await page.getByLabel('6つのことば').waitFor();
  expect((await scripts()).length).toBeGreaterThan(1);
});
