/** Writers, desks and their keys for tests: everything real, and six words that differ each time. */
import { randomBytes } from 'node:crypto';
import { currentEpoch, type KeyList } from '../../functions/keys/key-list.ts';
import type { LetterContent } from '../../functions/letters/content.ts';
import type { LetterHeader } from '../../functions/letters/model.ts';
import { type Mailbox, mailboxOfRoot } from '../../functions/letters/receipt.ts';
import { type Newest, sealLetter } from '../../functions/letters/sealing.ts';
import { type Client, type LetterToPost, makeClient } from '../../site/src/letters/client.ts';
import { solve } from '../../site/src/letters/solve.ts';

/** A mailbox without the quarter of a second that its words cost. */
export function aMailbox(desk = 'teens'): Promise<Mailbox> {
  return mailboxOfRoot(new Uint8Array(randomBytes(32)), desk);
}

export const aHeader: LetterHeader = { desk: 'teens', urgency: 'soon' };

/** What a first letter says. */
export function aLetter(
  mailbox: Mailbox,
  changes: Partial<Extract<LetterContent, { direction: 'in' }>> = {},
): LetterContent {
  return {
    v: 1,
    mailbox: mailbox.id,
    direction: 'in',
    number: 1,
    statedAt: '2026-12-01T03:00:00.000Z',
    desk: 'teens',
    before: { in: null, out: null },
    keys: { verify: mailbox.verify, recipient: mailbox.recipient },
    text: 'はじめて書きます。',
    attachments: [],
    ...changes,
  };
}

/** Seals a letter from its writer for a desk of a list. */
export async function sealFrom(
  mailbox: Mailbox,
  content: LetterContent,
  deskRecipient: string,
): Promise<Uint8Array> {
  return sealLetter(content, mailbox.signing, [deskRecipient, mailbox.recipient]);
}

/** Writes and sends the next letter of a mailbox. */
export async function write(
  client: Client,
  mailbox: Mailbox,
  keys: KeyList,
  text: string,
  { number = 1, newest = { in: null, out: null }, header = aHeader, ...more }: WriteOptions = {},
) {
  const desk = currentEpoch(keys, header.desk);
  if (!desk) throw new Error('No such desk');
  const content = aLetter(mailbox, { number, text, before: newest, desk: header.desk });
  const sealed = await sealFrom(mailbox, content, desk.recipient);
  const letter: LetterToPost = { number, header, sealed, attachments: [], ...more };
  return client.post(mailbox, letter, await client.ask(header.desk));
}

interface WriteOptions {
  readonly number?: number;
  readonly newest?: Newest;
  readonly header?: LetterHeader;
  readonly notice?: string;
}

/** A client of a world, with the work done in this process. */
export function clientOf(origin: string): Client {
  return makeClient(origin, solve);
}
