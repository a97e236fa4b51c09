/**
 * Requests of mailboxes as they go over the wire, so that a test can spoil any part of one; and the books of
 * letters: what was accepted against what lies in the tables.
 */
import { currentEpoch, type KeyList } from '../../functions/keys/key-list.ts';
import {
  type ChallengeReply,
  LetterDesk,
  type SignedRequest,
} from '../../functions/letters/model.ts';
import type { Mailbox } from '../../functions/letters/receipt.ts';
import { sealFor } from '../../functions/letters/sealing.ts';
import {
  hashOf,
  type MailboxAction,
  signRequest,
  toBase64,
} from '../../functions/letters/signing.ts';
import { solve } from '../../site/src/letters/solve.ts';
import { aLetter, sealFrom } from './letters.ts';
import { rowsOf } from './raw-tables.ts';
import type { World } from './world.ts';

export async function askFor(origin: string, desk = 'teens'): Promise<ChallengeReply> {
  const response = await fetch(`${origin}/api/letters/challenge?desk=${desk}`);
  if (!response.ok) throw new Error(`Asked, and answered ${response.status}`);
  return (await response.json()) as ChallengeReply;
}

/** A request signed by its mailbox, solved unless the action needs no work. */
export async function aRequest(
  origin: string,
  mailbox: Mailbox,
  action: MailboxAction,
  payload: object,
  asked?: ChallengeReply,
): Promise<SignedRequest> {
  const { challenge } = asked ?? (await askFor(origin));
  const text = JSON.stringify(payload);
  const { desk, verify, recipient } = mailbox;
  const isWork = action === 'post';
  const { counter, derivedKey } = isWork
    ? await solve({ challenge })
    : { counter: 0, derivedKey: '' };
  return {
    keys: { desk: LetterDesk.parse(desk), verify, recipient },
    challenge,
    ...(isWork ? { solution: { counter, derivedKey } } : {}),
    signature: signRequest(mailbox.signing, action, mailbox.id, challenge.parameters.nonce, text),
    payload: text,
  };
}

export interface Payload {
  readonly number: number;
  readonly header: object;
  readonly sealed: string;
  readonly attachments: readonly object[];
}

/** What a mailbox sends: a letter sealed for the desk and itself. */
export async function aPayload(
  mailbox: Mailbox,
  list: KeyList,
  changes: { readonly number?: number; readonly text?: string } = {},
): Promise<Payload> {
  const desk = currentEpoch(list, 'teens');
  if (!desk) throw new Error('No such desk');
  const { number = 1, text = 'はじめて書きます。' } = changes;
  const content = aLetter(mailbox, { number, text });
  const sealed = await sealFrom(mailbox, content, desk.recipient);
  const header = { urgency: 'soon' };
  return { number, header, sealed: toBase64(sealed), attachments: [] };
}

/** A box of the right form and size that costs no thought, for crowds. */
export async function aPlainPayload(mailbox: Mailbox, number = 1): Promise<Payload> {
  const sealed = await sealFor(new Uint8Array(4_096), [mailbox.recipient, mailbox.recipient]);
  const header = { urgency: 'soon' };
  return { number, header, sealed: toBase64(sealed), attachments: [] };
}

export interface Answer {
  readonly status: number;
  readonly json: {
    readonly code?: string;
    readonly number?: number;
    readonly receivedAt?: string;
    readonly conversation?: string;
  };
}

export async function send(world: World, body: unknown, path = '/api/letters'): Promise<Answer> {
  const response = await world.post(path, body);
  return { status: response.status, json: (await response.json()) as Answer['json'] };
}

/** A letter whose sender was told that it is there. */
export interface Accepted {
  readonly mailbox: string;
  readonly number: number;
  readonly sealed: string;
}

/** What is wrong with the books: letters that were lost, stored or told of twice, or miscounted. */
export async function problemsOfLetters(
  world: World,
  accepted: readonly Accepted[],
): Promise<{ readonly lost: number; readonly doubled: number; readonly miscounted: number }> {
  const rows = await rowsOf(world, 'consultations');
  const events = (await rowsOf(world, 'events')).filter(({ kind }) => kind === 'letter_received');
  const letters = rows.filter(({ sk }) => sk.startsWith('LETTER#'));
  const isThere = ({ mailbox, sealed }: Accepted) =>
    letters.some(
      ({ pk, hash }) =>
        pk === `MAILBOX#${mailbox}` && hash === hashOf(Buffer.from(sealed, 'base64url')),
    );
  const places = events.map(({ mailbox, round, number }) => `${mailbox} ${round} ${number}`);
  const heads = rows.filter(({ sk }) => sk === 'HEAD');
  const countOf = (pk: string, round: unknown) =>
    letters.filter(
      (each) => each.pk === pk && each['round'] === round && each['direction'] === 'in',
    ).length;
  return {
    lost: accepted.filter((each) => !isThere(each)).length,
    doubled: places.length - new Set(places).size + Math.max(0, places.length - letters.length),
    miscounted: heads.filter(
      ({ pk, round, letters: counts }) => (counts as { in: number }).in !== countOf(pk, round),
    ).length,
  };
}
