/**
 * Conversations for tests: a writer and a desk with real keys, letters honestly written one after another,
 * and what each side reads of whatever a server shows.
 */
import type { DeskEpoch } from '../../functions/keys/key-list.ts';
import { type DeskSecrets, newDeskSecrets } from '../../functions/keys/vault.ts';
import type { Direction, LetterContent } from '../../functions/letters/content.ts';
import type { Mailbox } from '../../functions/letters/receipt.ts';
import {
  type HeldLetter,
  type Newest,
  type Reading,
  readConversation,
  sealLetter,
} from '../../functions/letters/sealing.ts';
import { fromBase64, hashOf } from '../../functions/letters/signing.ts';
import { aLetter, aMailbox } from './letters.ts';

export interface Desk {
  readonly secrets: DeskSecrets;
  readonly published: DeskEpoch;
}

export interface Correspondence {
  readonly mailbox: Mailbox;
  readonly desk: Desk;
}

/** Somebody who writes, and the desk they write to; keys of their own each time. */
export async function aCorrespondence(): Promise<Correspondence> {
  return { mailbox: await aMailbox(), desk: await newDeskSecrets('teens', 1) };
}

export type Inward = Extract<LetterContent, { direction: 'in' }>;
export type Outward = Extract<LetterContent, { direction: 'out' }>;

export function aReply(
  { mailbox, desk }: Correspondence,
  changes: Partial<Outward> = {},
): LetterContent {
  return {
    v: 1,
    mailbox: mailbox.id,
    direction: 'out',
    number: 1,
    statedAt: '2026-12-01T05:00:00.000Z',
    desk: desk.published.desk,
    before: { in: null, out: null },
    text: '手紙をありがとう。',
    attachments: [],
    epoch: desk.published.epoch,
    ...changes,
  };
}

/** A letter of the writer, sealed for the desk and themselves (or, on request, for the desk only). */
export async function fromWriter(
  { mailbox, desk }: Correspondence,
  changes: Partial<Inward> = {},
  { isClosed = false } = {},
): Promise<HeldLetter> {
  const content = aLetter(mailbox, changes);
  const readers = [desk.published.recipient, isClosed ? undefined : mailbox.recipient] as const;
  const sealed = await sealLetter(content, mailbox.signing, readers);
  return { direction: 'in', number: content.number, sealed };
}

/** A reply of the desk. */
export async function fromDesk(
  correspondence: Correspondence,
  changes: Partial<Outward> = {},
): Promise<HeldLetter> {
  const { mailbox, desk } = correspondence;
  const content = aReply(correspondence, changes);
  const readers = [desk.published.recipient, mailbox.recipient] as const;
  const sealed = await sealLetter(content, fromBase64(desk.secrets.signing), readers);
  return { direction: 'out', number: content.number, sealed };
}

/** A letter as the next one names it. */
export const named = ({ number, sealed }: HeldLetter) => ({ number, hash: hashOf(sealed) });

/** Whose turn it was, and whether they had looked at what the other side had written. */
export interface Turn {
  readonly from: Direction;
  /** Otherwise what they saw of the other side is as old as at their last look. */
  readonly looks: boolean;
  readonly isClosed?: boolean;
}

/** Letters in the order in which they were written; each names what its writer had seen. */
export async function converse(
  correspondence: Correspondence,
  turns: readonly Turn[],
): Promise<HeldLetter[]> {
  const written: HeldLetter[] = [];
  const last = (direction: Direction) => written.findLast((each) => each.direction === direction);
  const seen: Record<Direction, HeldLetter | undefined> = { in: undefined, out: undefined };
  for (const [index, { from, looks, isClosed }] of turns.entries()) {
    const other = from === 'in' ? 'out' : 'in';
    // Nobody can answer what they have not seen: the desk has seen something before its first reply.
    if (looks || (from === 'out' && !seen[from])) seen[from] = last(other);
    const nameOf = (held: HeldLetter | undefined) => (held ? named(held) : null);
    const before = { [from]: nameOf(last(from)), [other]: nameOf(seen[from]) } as Partial<Newest>;
    const number = (last(from)?.number ?? 0) + 1;
    const changes = { number, before: before as Newest, text: `${index}通目` };
    written.push(
      from === 'in'
        ? await fromWriter(correspondence, changes, { isClosed: isClosed ?? false })
        : await fromDesk(correspondence, changes),
    );
  }
  return written;
}

/** How the desk reads. */
export function asDesk({ mailbox, desk }: Correspondence, changes: Partial<Reading> = {}): Reading {
  return {
    mailbox: mailbox.id,
    identities: [desk.secrets.identity],
    deskKeys: keysOf([desk.published]),
    desk: desk.published.desk,
    ...changes,
  };
}

/** How the writer reads. */
export function asWriter(correspondence: Correspondence, changes: Partial<Reading> = {}): Reading {
  const { identity } = correspondence.mailbox;
  return asDesk(correspondence, { identities: [identity], own: true, ...changes });
}

export function keysOf(epochs: readonly DeskEpoch[]): Reading['deskKeys'] {
  return (desk, epoch) => epochs.find((each) => each.desk === desk && each.epoch === epoch)?.verify;
}

/** A reading in short: `in 1: text` or `out 1! fault` for each letter, and the faults of the whole. */
export async function readShort(held: readonly HeldLetter[], reading: Reading) {
  const { letters, faults } = await readConversation(held, reading);
  return {
    letters: letters.map(({ direction, number, content, fault, closed }) => {
      const place = `${direction} ${number}`;
      if (closed) return `${place} closed${content ? ' but shown' : ''}`;
      return fault
        ? `${place}! ${fault}${content ? ' but shown' : ''}`
        : `${place}: ${content?.text}`;
    }),
    faults: faults.map(({ fault, direction, number }) => `${fault} ${direction} ${number}`),
  };
}
