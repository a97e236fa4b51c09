/** What a young person does on the page of letters, and a desk that answers them with the demonstration's keys. */
import type { Page } from 'playwright-core';
import { type KeyList, readKeyList } from '../../functions/keys/key-list.ts';
import { saveDraft, sendReply } from '../../functions/letters/answer.ts';
import { noteOpening } from '../../functions/letters/look-after.ts';
import { mailboxOf } from '../../functions/letters/receipt.ts';
import { sealForDesk, sealLetter } from '../../functions/letters/sealing.ts';
import { fromBase64, toBase64 } from '../../functions/letters/signing.ts';
import { isRefused, type Refused } from '../../functions/platform/refusals.ts';
import { demoCentre, demoCentreKey, demoDesk } from '../../infra/local/demonstration/keys.ts';
import { clientOf, readMailbox } from './letters.ts';
import type { Site } from './site.ts';

type Desk = 'teens' | 'general';

/** A name that begins like this; the browser parts it where a reading belongs. `$` at the end: all of it. */
export const said = (text: string) => new RegExp(`^${[...text].join('\\s*')}`);

/** Presses a button of the letters by the beginning of what it says. */
export const press = (page: Page, text: string) =>
  page
    .locator('#letters')
    .getByRole('button', { name: said(text) })
    .click();

/** A heading of the letters by the beginning of what it says, once it is there. */
export const untilTitle = (page: Page, text: string) =>
  page.getByRole('heading', { name: said(text) }).waitFor();

/** The words as they stand on the page, once they do. */
export async function wordsOn(page: Page): Promise<string[]> {
  await page.locator('.letters__spell-word').first().waitFor();
  return page.locator('.letters__spell-word').allInnerTexts();
}

/** Through the first door as far as the words, nothing sent yet. */
export async function writeFirst(page: Page, text: string): Promise<string[]> {
  await press(page, 'はじめて');
  await page.getByRole('textbox', { name: /伝/ }).fill(text);
  await press(page, 'つぎへ');
  return wordsOn(page);
}

export const sendFirst = (page: Page) => press(page, '書きうつした');

export const untilArrived = (page: Page) => untilTitle(page, 'とどきました');

/** Through the second door, with all words pasted into the first place. */
export async function comeBack(page: Page, words: readonly string[]): Promise<void> {
  await press(page, '返事を読む');
  const first = page.getByRole('textbox', { name: /^1/ });
  await first.fill(words[0] ?? '');
  // The list has come once it knows the word.
  await page.locator('.letters__right').first().waitFor();
  await first.fill(words.join(' '));
  await press(page, '開く');
}

/** Letters as they are shown: whose, and what stands there. */
export async function shownOn(page: Page): Promise<{ from: string; text: string }[]> {
  await page.locator('.letters__letter').first().waitFor();
  return page.locator('.letters__letter').evaluateAll((letters) =>
    letters.map((letter) => ({
      from: letter.getAttribute('data-from') ?? '',
      text: letter.querySelector('.letters__body')?.textContent ?? '',
    })),
  );
}

export const mailboxOn = (words: readonly string[], desk: Desk = 'teens') =>
  mailboxOf(words, { centreId: demoCentre.centre, desk });

/** The signed list, as a page reads it. */
export async function keysOf(origin: string): Promise<KeyList> {
  const { lines } = await (await fetch(`${origin}/api/letters/keys`)).json();
  const list = readKeyList(lines, { centreKey: demoCentreKey });
  if ('fault' in list) throw new Error(list.fault);
  return list;
}

/** What the mailbox of these words holds, read without the page. */
export async function heldFor(origin: string, words: readonly string[], desk: Desk = 'teens') {
  return readMailbox(clientOf(origin), await mailboxOn(words, desk), await keysOf(origin));
}

function unlessRefused<Value extends object>(value: Value | Refused): Value {
  if (isRefused(value)) throw new Error(value.refused);
  return value;
}

/** A member opens everything and writes an answer; another one sends it. */
export async function answer(
  { hidamari: { deps }, origin, now }: Pick<Site, 'hidamari' | 'origin' | 'now'>,
  words: readonly string[],
  text: string,
  { desk = 'teens', unopenable = [] }: { readonly desk?: Desk; unopenable?: number[] } = {},
): Promise<void> {
  const { secrets, published } = await demoDesk(desk);
  const signing = fromBase64(secrets.signing);
  const mailbox = await mailboxOn(words, desk);
  const { newest } = await heldFor(origin, words, desk);
  const common = { v: 1, mailbox: mailbox.id, desk, epoch: secrets.epoch, text } as const;
  const number = (newest.out?.number ?? 0) + 1;
  const draft = await sealForDesk({ ...common, kind: 'draft' }, signing, published.recipient);
  const letter = await sealLetter(
    {
      ...common,
      direction: 'out',
      number,
      statedAt: now().toISOString(),
      before: newest,
      attachments: [],
    },
    signing,
    [published.recipient, mailbox.recipient],
  );
  const author = desk === 'teens' ? 'teens' : 'center';
  const actorOf = (subject: string) => ({ subject, roles: ['teens_worker' as const] });
  const proposed = unlessRefused(
    await saveDraft(
      deps,
      actorOf(author),
      mailbox.id,
      { seen: 0, state: 'proposed', sealed: toBase64(draft) },
      now(),
    ),
  );
  const { round, receivedAt } = proposed.head;
  const through = newest.in?.number ?? 0;
  const opened = { round, through, receivedAt, unopenable };
  unlessRefused(await noteOpening(deps, actorOf(author), mailbox.id, opened, now()));
  unlessRefused(
    await sendReply(
      deps,
      actorOf('soudan'),
      mailbox.id,
      {
        round,
        number,
        sealed: toBase64(letter),
        attachments: [],
        receivedAt,
        draft: proposed.draft?.version ?? 1,
      },
      now(),
    ),
  );
}
