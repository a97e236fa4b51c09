/** Opens a mailbox: asks the server for its letters, opens each, checks them against each other. */
import {
  type ConversationFault,
  fromBase64,
  type KeyList,
  type Mailbox,
  type Newest,
  type OpenedMailbox,
  type ReadLetter,
  readConversation,
} from '../sealing.ts';
import type { Client } from './client.ts';

/** A letter with the instant at which it reached the centre, by the server's clock. */
export type ShownLetter = ReadLetter & { readonly at: string };

export interface OpenConversation extends Omit<OpenedMailbox, 'letters'> {
  readonly mailbox: Mailbox;
  /** As they were written; those with a fault carry no words. */
  readonly letters: readonly ShownLetter[];
  readonly faults: readonly ConversationFault[];
  /** What the next letter names. */
  readonly newest: Newest;
}

/** @param shown what is open already: older letters are added to it */
export async function openMailbox(
  client: Client,
  mailbox: Mailbox,
  list: KeyList,
  shown?: OpenConversation,
): Promise<OpenConversation> {
  const { letters, ...opened } = await client.open(mailbox, shown?.from);
  const held = [
    ...letters.map((letter) => ({ ...letter, sealed: bytesOf(letter.sealed) })),
    ...(shown?.letters ?? []).map(({ direction, number, at, sealed }) => ({
      direction,
      number,
      at,
      sealed,
    })),
  ];
  const from = {
    in: Math.min(opened.from.in, shown?.from.in ?? opened.from.in),
    out: Math.min(opened.from.out, shown?.from.out ?? opened.from.out),
  };
  const read = await readConversation(held, {
    mailbox: mailbox.id,
    identities: [mailbox.identity],
    desk: mailbox.desk,
    deskKeys: (name, epoch) =>
      list.epochs.find((each) => each.desk === name && each.epoch === epoch)?.verify,
    own: true,
    from,
  });
  return { ...opened, ...read, from, mailbox, letters: read.letters as readonly ShownLetter[] };
}

/** What is not even base64 is a letter that cannot be opened. */
function bytesOf(text: string): Uint8Array {
  try {
    return fromBase64(text);
  } catch {
    return new Uint8Array();
  }
}
