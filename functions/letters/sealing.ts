/**
 * Letters inside and out: written, signed, filled up and sealed for two readers in one browser; opened,
 * checked against each other and shown in another. Everything is the age format and Ed25519.
 *
 * A letter inside its seal is text, so that `age -d` alone shows it: a line `hidamari-letter/1 <signature>`,
 * a line of JSON, and spaces up to the next size. The signature is over the exact bytes of the JSON.
 */
import { Decrypter, Encrypter, generateX25519Identity, identityToRecipient } from 'age-encryption';
import {
  DeskContent,
  type Direction,
  LetterContent,
  LONGEST_TEXT,
  type NamedLetter,
} from './content.ts';
import { BUCKETS, LARGEST_SEALED } from './sealed-form.ts';
import { hashOf, isSigned, type MailboxKeys, mailboxId, sign } from './signing.ts';

/** First word inside, and the purpose of the signature. */
const LETTER = 'hidamari-letter/1';
const DESK = 'hidamari-desk/1';
type Kind = typeof LETTER | typeof DESK;
const SPACE = 0x20;
const NEWLINE = 0x0a;

const utf8 = (text: string) => new TextEncoder().encode(text);

/** The letter does not fit into the largest size. */
export class TooLong extends Error {
  override readonly name = 'TooLong';
}

/**
 * Signs and seals a letter.
 * @param recipients the desk's, and the mailbox's; undefined: a reader that nobody is, so that a letter
 * which the mailbox itself must not show looks like any other
 * @throws TooLong, or what makes it no letter: better here than at the reader, when its writer is gone
 */
export async function sealLetter(
  content: LetterContent,
  signing: Uint8Array,
  recipients: readonly [desk: string, mailbox: string | undefined],
): Promise<Uint8Array> {
  mustBeReadable(LetterContent, content);
  return await sealFor(writePlain(LETTER, content, signing), recipients);
}

/** A short-lettered text may fit into the largest size and still be longer than a reader accepts. */
function mustBeReadable(
  schema: { parse(value: unknown): unknown },
  value: { readonly text: string },
): void {
  if (value.text.length > LONGEST_TEXT) throw new TooLong();
  schema.parse(value);
}

/** Signed text of the next size; `kind` stands in front and is what the signature is for. */
function writePlain(kind: Kind, value: object, signing: Uint8Array): Uint8Array {
  const json = utf8(JSON.stringify(value));
  const head = utf8(`${kind} ${sign(signing, kind, json)}\n`);
  const length = head.length + json.length + 1;
  const bucket = BUCKETS.find((size) => length <= size);
  if (bucket === undefined) throw new TooLong();
  const plain = new Uint8Array(bucket).fill(SPACE);
  plain.set(head);
  plain.set(json, head.length);
  plain[length - 1] = NEWLINE;
  return plain;
}

/** What staff write for each other (a draft, a note): signed by the desk, sealed for the desk alone. */
export async function sealForDesk(
  value: DeskContent,
  signing: Uint8Array,
  deskRecipient: string,
): Promise<Uint8Array> {
  mustBeReadable(DeskContent, value);
  const encrypter = new Encrypter();
  encrypter.addRecipient(deskRecipient);
  return await encrypter.encrypt(writePlain(DESK, value, signing));
}

/** @returns undefined when it cannot be opened, is of another conversation, or the desk did not sign it */
export async function openForDesk(
  sealed: Uint8Array,
  { mailbox, desk, identities, deskKeys }: Reading,
): Promise<DeskContent | undefined> {
  const plain = await openWith(sealed, identities);
  const lines = plain && readLines(plain, DESK);
  const content = lines && parseAs(DeskContent, lines.json);
  if (!lines || !content || content.mailbox !== mailbox || content.desk !== desk) return undefined;
  const verify = deskKeys(desk, content.epoch);
  return verify !== undefined && isSigned(verify, DESK, lines.json, lines.signature)
    ? content
    : undefined;
}

/** Seals bytes for the desk and the mailbox, always with two stanzas. */
export async function sealFor(
  plain: Uint8Array,
  [desk, mailbox]: readonly [desk: string, mailbox: string | undefined],
): Promise<Uint8Array> {
  const encrypter = new Encrypter();
  encrypter.addRecipient(desk);
  encrypter.addRecipient(mailbox ?? (await identityToRecipient(await generateX25519Identity())));
  return await encrypter.encrypt(plain);
}

/** Opens an age file with any of these identities. @returns undefined when none of them can */
export async function openWith(
  sealed: Uint8Array,
  identities: readonly string[],
): Promise<Uint8Array | undefined> {
  const opened = await tryToOpen(sealed, identities);
  return typeof opened === 'string' ? undefined : opened;
}

/** What age says of a whole file that is sealed for others; anything else it says of a damaged one. */
const FOR_OTHERS = "no identity matched any of the file's recipients";

async function tryToOpen(
  sealed: Uint8Array,
  identities: readonly string[],
): Promise<Uint8Array | 'for_others' | 'damaged'> {
  const decrypter = new Decrypter();
  for (const identity of identities) decrypter.addIdentity(identity);
  try {
    return await decrypter.decrypt(sealed);
  } catch (error) {
    return error instanceof Error && error.message === FOR_OTHERS ? 'for_others' : 'damaged';
  }
}

/** A letter that was opened; its signature is not yet checked. */
interface Opened {
  readonly content: LetterContent;
  readonly json: Uint8Array;
  readonly signature: string;
}

function readPlain(plain: Uint8Array): Opened | undefined {
  const lines = readLines(plain, LETTER);
  const content = lines && parseAs(LetterContent, lines.json);
  return lines && content ? { ...lines, content } : undefined;
}

function readLines(plain: Uint8Array, kind: Kind): Omit<Opened, 'content'> | undefined {
  const first = plain.indexOf(NEWLINE);
  const second = plain.indexOf(NEWLINE, first + 1);
  if (first === -1 || second === -1) return undefined;
  if (plain.subarray(second + 1).some((byte) => byte !== SPACE)) return undefined;
  const json = plain.subarray(first + 1, second);
  try {
    const text = new TextDecoder('utf-8', { fatal: true });
    const [magic, signature = ''] = text.decode(plain.subarray(0, first)).split(' ');
    return magic === kind ? { json, signature } : undefined;
  } catch {
    return undefined;
  }
}

function parseAs<Content>(
  schema: { safeParse(value: unknown): { success: boolean; data?: Content } },
  json: Uint8Array,
): Content | undefined {
  try {
    const text = new TextDecoder('utf-8', { fatal: true }).decode(json);
    const parsed = schema.safeParse(JSON.parse(text));
    return parsed.success ? parsed.data : undefined;
  } catch {
    return undefined;
  }
}

/** A sealed letter where the server keeps it. */
export interface HeldLetter {
  readonly direction: Direction;
  readonly number: number;
  readonly sealed: Uint8Array;
}

/**
 * What is wrong with a letter: it cannot be opened with these keys (altered, or sealed for others) · it is
 * no letter inside · it belongs to another mailbox · to another place of this conversation · it is not
 * signed by who it says · by a desk that the signed list does not know · to or by another desk than this one.
 */
export type LetterFault =
  | 'cannot_open'
  | 'malformed'
  | 'wrong_mailbox'
  | 'wrong_place'
  | 'bad_signature'
  | 'unknown_desk'
  | 'other_desk';

/**
 * What is wrong with a conversation: a letter that is named or must be there is missing · a letter is not
 * the one that another names, or not the only one · a later letter knows less than an earlier one.
 */
export interface ConversationFault {
  readonly fault: 'missing' | 'forked' | 'rewound';
  readonly direction: Direction;
  readonly number: number;
}

export interface ReadLetter extends HeldLetter {
  /** Absent when the letter has a fault: nothing of it is shown as somebody's words. */
  readonly content?: LetterContent;
  readonly fault?: LetterFault;
  /** Sealed for the desk only: the mailbox cannot open its own letter, and that is no fault. */
  readonly closed?: true;
}

export interface ReadConversation {
  /** In the order in which they were written: the young person's letter before its answer. */
  readonly letters: readonly ReadLetter[];
  readonly faults: readonly ConversationFault[];
  /** The newest letter held from each side, to be named by the next one. */
  readonly newest: Newest;
}

export interface Newest {
  readonly in: NamedLetter | null;
  readonly out: NamedLetter | null;
}

/** Verification keys of a desk's epochs that the signed list has ever named. */
export type DeskKeys = (desk: string, epoch: number) => string | undefined;

export interface Reading {
  /** The mailbox that the conversation must be of. */
  readonly mailbox: string;
  readonly identities: readonly string[];
  readonly deskKeys: DeskKeys;
  /** The desk that was written to; replies of another are noticed. */
  readonly desk: string;
  /** The reader is the young person, who may have sealed letters for the desk only. */
  readonly own?: boolean;
  /** Letters before these numbers were not fetched. */
  readonly from?: { readonly in: number; readonly out: number };
}

/** Opens every letter and checks each by itself and against the others. */
export async function readConversation(
  held: readonly HeldLetter[],
  reading: Reading,
): Promise<ReadConversation> {
  const read = await Promise.all(held.map((letter) => readLetter(letter, reading)));
  const hashes = new Map(held.map((each) => [placeOf(each), hashOf(each.sealed)]));
  const faults = [...gaps(held, reading), ...twice(held), ...namedWrongly(read, hashes, reading)];
  const newestOf = (direction: Direction): NamedLetter | null => {
    const numbers = held.filter((each) => each.direction === direction).map(({ number }) => number);
    const number = Math.max(0, ...numbers);
    const hash = hashes.get(placeOf({ direction, number }));
    return hash === undefined ? null : { number, hash };
  };
  return {
    letters: inOrder(read),
    faults: distinct(faults),
    newest: { in: newestOf('in'), out: newestOf('out') },
  };
}

const placeOf = ({ direction, number }: Pick<HeldLetter, 'direction' | 'number'>) =>
  `${direction} ${number}`;

async function readLetter(letter: HeldLetter, reading: Reading): Promise<ReadLetter> {
  if (letter.sealed.length > LARGEST_SEALED) return { ...letter, fault: 'malformed' };
  const plain = await tryToOpen(letter.sealed, reading.identities);
  if (typeof plain === 'string') {
    // A letter that its writer could open and that was altered since is not passed off as closed.
    const isClosed = reading.own && letter.direction === 'in' && plain === 'for_others';
    return isClosed ? { ...letter, closed: true } : { ...letter, fault: 'cannot_open' };
  }
  const opened = readPlain(plain);
  if (!opened) return { ...letter, fault: 'malformed' };
  const fault = faultOf(letter, opened, reading);
  return fault ? { ...letter, fault } : { ...letter, content: opened.content };
}

function faultOf(
  letter: HeldLetter,
  { content, json, signature }: Opened,
  { mailbox, desk, deskKeys }: Reading,
): LetterFault | undefined {
  if (content.mailbox !== mailbox) return 'wrong_mailbox';
  if (content.direction !== letter.direction || content.number !== letter.number) {
    return 'wrong_place';
  }
  if (content.desk !== desk) return 'other_desk';
  if (content.direction === 'in') {
    if (!isOwnedBy({ desk, ...content.keys }, mailbox)) return 'wrong_mailbox';
    return isSigned(content.keys.verify, LETTER, json, signature) ? undefined : 'bad_signature';
  }
  const verify = deskKeys(content.desk, content.epoch);
  if (verify === undefined) return 'unknown_desk';
  return isSigned(verify, LETTER, json, signature) ? undefined : 'bad_signature';
}

function isOwnedBy(keys: MailboxKeys, mailbox: string): boolean {
  try {
    return mailboxId(keys) === mailbox;
  } catch {
    return false;
  }
}

/** Numbers that must have been given, since a later one was. */
function gaps(held: readonly HeldLetter[], { from }: Reading): ConversationFault[] {
  return (['in', 'out'] as const).flatMap((direction) => {
    const numbers = new Set(
      held.filter((each) => each.direction === direction).map(({ number }) => number),
    );
    const first = from?.[direction] ?? 1;
    const missing: ConversationFault[] = [];
    for (let number = first; number < Math.max(0, ...numbers); number += 1) {
      if (!numbers.has(number)) missing.push({ fault: 'missing', direction, number });
    }
    return missing;
  });
}

/** Numbers that were given to two letters: of two histories, or of a round that was hidden. */
function twice(held: readonly HeldLetter[]): ConversationFault[] {
  const places = new Set<string>();
  return held.flatMap(({ direction, number }) => {
    const place = placeOf({ direction, number });
    if (places.has(place)) return [{ fault: 'forked' as const, direction, number }];
    places.add(place);
    return [];
  });
}

/** What letters name and what is there do not agree. */
function namedWrongly(
  read: readonly ReadLetter[],
  hashes: ReadonlyMap<string, string>,
  { from }: Reading,
): ConversationFault[] {
  const faults: ConversationFault[] = [];
  /** The newest letter of the other side that each side has named so far. */
  const seen: Record<Direction, number> = { in: 0, out: 0 };
  for (const { direction, number, content } of inOrder(read)) {
    if (!content) continue;
    for (const side of ['in', 'out'] as const) {
      const named = content.before[side];
      const own = side === direction;
      // The writer's own letter before this one must be named; a first letter names none.
      if (own && (named?.number ?? 0) !== number - 1) {
        faults.push({ fault: 'forked', direction, number });
      }
      if (!own && (named?.number ?? 0) < seen[side]) {
        faults.push({ fault: 'rewound', direction, number });
      }
      if (!named) continue;
      if (!own) seen[side] = Math.max(seen[side], named.number);
      if (named.number < (from?.[side] ?? 1)) continue;
      const hash = hashes.get(placeOf({ direction: side, number: named.number }));
      const place = { direction: side, number: named.number };
      if (hash === undefined) faults.push({ fault: 'missing', ...place });
      else if (hash !== named.hash) faults.push({ fault: 'forked', ...place });
    }
  }
  return faults;
}

/** A letter goes after those that it names; those with a fault stay at their number. */
function inOrder<Letter extends ReadLetter>(read: readonly Letter[]): Letter[] {
  const mine = read.filter((each) => each.direction === 'in').sort((a, b) => a.number - b.number);
  const theirs = read
    .filter((each) => each.direction === 'out')
    .sort((a, b) => a.number - b.number);
  const ordered: Letter[] = [];
  for (const letter of mine) {
    const known = letter.content?.before.out?.number ?? 0;
    while (theirs[0] && theirs[0].number <= known) ordered.push(theirs.shift() as Letter);
    // An answer that names only earlier letters of ours was written before this one.
    while (theirs[0]?.content && (theirs[0].content.before.in?.number ?? 0) < letter.number) {
      ordered.push(theirs.shift() as Letter);
    }
    ordered.push(letter);
  }
  return [...ordered, ...theirs];
}

function distinct(faults: readonly ConversationFault[]): ConversationFault[] {
  const byPlace = new Map(faults.map((each) => [`${each.fault} ${placeOf(each)}`, each]));
  return [...byPlace.values()];
}
