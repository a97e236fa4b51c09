/**
 * The signed list (鍵の名簿): which keys are the centre's. Append-only; each line is signed by the centre's
 * key and names the hash of the line before it, so that nobody who runs the servers can put in a key of
 * their own, take one out, or show an old list to somebody who has seen a newer one. The centre's key hands
 * over to another by a line of its own (センターの鍵を替える).
 */
import * as z from 'zod/mini';
import { hashOf, isSigned, sign } from '../letters/signing.ts';

const Key = z.string().check(z.regex(/^[A-Za-z0-9_-]{43}$/));
const Recipient = z.string().check(z.regex(/^age1[a-z0-9]{58}$/));
const Member = z.string().check(z.regex(/^[\w-]{1,64}$/));
export const DeskName = z.string().check(z.regex(/^[a-z_]{1,20}$/));

/** What one line says. */
const Statement = z.discriminatedUnion('says', [
  /** The first line: the centre's own key, and whether all of it is for practice. */
  z.strictObject({
    says: z.literal('centre'),
    centre: z.string().check(z.maxLength(40)),
    verify: Key,
    demonstration: z.boolean(),
  }),
  z.strictObject({ says: z.literal('recovery'), recipient: Recipient }),
  z.strictObject({
    says: z.literal('desk'),
    desk: DeskName,
    epoch: z.int().check(z.minimum(1), z.maximum(10_000)),
    recipient: Recipient,
    verify: Key,
  }),
  z.strictObject({ says: z.literal('member'), member: Member, recipient: Recipient }),
  z.strictObject({ says: z.literal('member_gone'), member: Member }),
  /** The last line of this key: from the next one on, another signs. */
  z.strictObject({ says: z.literal('handover'), verify: Key }),
]);
export type Statement = z.infer<typeof Statement>;

const Line = z.strictObject({
  seq: z.int().check(z.minimum(1)),
  at: z.string().check(z.maxLength(30)),
  /** Hash of the text of the line before; empty in the first. */
  before: z.string().check(z.maxLength(43)),
  statement: Statement,
});

/** A line as it is kept: the exact text that was signed. */
export const SignedLine = z.strictObject({
  text: z.string().check(z.maxLength(2_000)),
  signature: z.string().check(z.regex(/^[A-Za-z0-9_-]{86}$/)),
});
export type SignedLine = z.infer<typeof SignedLine>;

/** A line, and by its hash every line before it. */
export interface Place {
  readonly seq: number;
  readonly hash: string;
}

/** What a page or a deployment knows beforehand: the centre's key, and how far the list was then. */
export interface Pinned {
  /** The key that is in force after the line; without a line, the one that the list begins with. */
  readonly centreKey: string;
  /** A line that the list must hold; absent where no list existed yet. */
  readonly line?: Place;
}

export interface DeskEpoch {
  readonly desk: string;
  readonly epoch: number;
  readonly recipient: string;
  readonly verify: string;
}

/** The list, checked. */
export interface KeyList {
  readonly centre: string;
  /** The key that signs now. */
  readonly centreKey: string;
  /** The line that put it in force: the first, or the handover. To be pinned with the key. */
  readonly centreLine: Place;
  /** Keys that handed over, oldest first. */
  readonly formerKeys: readonly string[];
  readonly demonstration: boolean;
  readonly recovery: string | undefined;
  /** Every epoch there ever was, oldest first. */
  readonly epochs: readonly DeskEpoch[];
  /** Recipients of the members that there are now, by the subject of their log-in. */
  readonly members: ReadonlyMap<string, string>;
  readonly head: Place;
}

/** Signed by another key · a line is missing, exchanged or malformed · older than what is known. */
export type ListFault = 'other_centre' | 'broken' | 'too_old';

const PURPOSE = 'hidamari key list 1';
const utf8 = (text: string) => new TextEncoder().encode(text);

/**
 * Checks every line: each is signed by the key in force at its place. The pinned key must be the one in force
 * after the pinned line. So a page that pins the key of before follows a handover, as it follows whatever
 * else that key signs; and one that pins the new key and its line believes no list that the old one forked,
 * because the hash of the line holds all that came before it.
 * @returns what the list says, or why it cannot be believed
 */
export function readKeyList(
  lines: readonly SignedLine[],
  pinned: Pinned,
): KeyList | { readonly fault: ListFault } {
  const epochs: DeskEpoch[] = [];
  const members = new Map<string, string>();
  const keys: string[] = [];
  let first: Extract<Statement, { says: 'centre' }> | undefined;
  let recovery: string | undefined;
  let centreLine: Place = { seq: 0, hash: '' };
  let head: Place = centreLine;
  for (const { text, signature } of lines) {
    const line = parseLine(text);
    const seq = head.seq + 1;
    if (!line || line.seq !== seq || line.before !== head.hash) return { fault: 'broken' };
    const { statement } = line;
    if ((statement.says === 'centre') !== (seq === 1)) return { fault: 'broken' };
    const by = statement.says === 'centre' ? statement.verify : keys.at(-1);
    if (by === undefined || !isSigned(by, PURPOSE, utf8(text), signature)) {
      return { fault: seq === 1 ? 'other_centre' : 'broken' };
    }
    head = { seq, hash: hashOf(text) };
    if (statement.says === 'centre' || statement.says === 'handover') {
      // A key that was given up because it may be in other hands never comes back.
      if (keys.includes(statement.verify)) return { fault: 'broken' };
      keys.push(statement.verify);
      centreLine = head;
    }
    if (statement.says === 'centre') first = statement;
    else if (statement.says === 'recovery') recovery = statement.recipient;
    else if (statement.says === 'member') members.set(statement.member, statement.recipient);
    else if (statement.says === 'member_gone') members.delete(statement.member);
    else if (statement.says === 'desk') {
      const { says, ...epoch } = statement;
      if (epoch.epoch !== (currentEpoch({ epochs }, epoch.desk)?.epoch ?? 0) + 1) {
        return { fault: 'broken' };
      }
      epochs.push(epoch);
    }
    if (seq === (pinned.line?.seq ?? 1)) {
      if (keys.at(-1) !== pinned.centreKey) return { fault: 'other_centre' };
      if (pinned.line && pinned.line.hash !== head.hash) return { fault: 'broken' };
    }
  }
  const centreKey = keys.at(-1);
  if (!first || centreKey === undefined || head.seq < (pinned.line?.seq ?? 1)) {
    return { fault: 'too_old' };
  }
  return {
    centre: first.centre,
    centreKey,
    centreLine,
    formerKeys: keys.slice(0, -1),
    demonstration: first.demonstration,
    recovery,
    epochs,
    members,
    head,
  };
}

function parseLine(text: string): z.infer<typeof Line> | undefined {
  try {
    const line = Line.safeParse(JSON.parse(text));
    return line.success ? line.data : undefined;
  } catch {
    return undefined;
  }
}

/** The key that a desk's letters are sealed for now. */
export function currentEpoch(
  { epochs }: Pick<KeyList, 'epochs'>,
  desk: string,
): DeskEpoch | undefined {
  return epochs.findLast((epoch) => epoch.desk === desk);
}

/** Signs statements onto the end of a list. @param centre seed of the centre's key */
export function append(
  head: KeyList['head'] | undefined,
  statements: readonly Statement[],
  centre: Uint8Array,
  at: string,
): SignedLine[] {
  let before = head?.hash ?? '';
  let seq = head?.seq ?? 0;
  return statements.map((statement) => {
    seq += 1;
    const text = JSON.stringify({ seq, at, before, statement });
    before = hashOf(text);
    return { text, signature: sign(centre, PURPOSE, utf8(text)) };
  });
}
