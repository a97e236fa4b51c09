/**
 * The signed list (鍵の名簿): which keys are the centre's. Append-only; each line is signed by the centre's
 * key and names the hash of the line before it, so that nobody who runs the servers can put in a key of
 * their own, take one out, or show an old list to somebody who has seen a newer one.
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

/** What a page or a deployment knows beforehand: the centre's key, and how far the list was then. */
export interface Pinned {
  readonly centreKey: string;
  /** A line that the list must hold; absent where no list existed yet. */
  readonly line?: { readonly seq: number; readonly hash: string };
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
  readonly centreKey: string;
  readonly demonstration: boolean;
  readonly recovery: string | undefined;
  /** Every epoch there ever was, oldest first. */
  readonly epochs: readonly DeskEpoch[];
  /** Recipients of the members that there are now, by the subject of their log-in. */
  readonly members: ReadonlyMap<string, string>;
  readonly head: { readonly seq: number; readonly hash: string };
}

/** Signed by another key · a line is missing, exchanged or malformed · older than what is known. */
export type ListFault = 'other_centre' | 'broken' | 'too_old';

const PURPOSE = 'hidamari key list 1';
const utf8 = (text: string) => new TextEncoder().encode(text);

/** Checks every line. @returns what the list says, or why it cannot be believed */
export function readKeyList(
  lines: readonly SignedLine[],
  pinned: Pinned,
): KeyList | { readonly fault: ListFault } {
  const epochs: DeskEpoch[] = [];
  const members = new Map<string, string>();
  let first: Extract<Statement, { says: 'centre' }> | undefined;
  let recovery: string | undefined;
  let before = '';
  let seq = 0;
  for (const { text, signature } of lines) {
    if (!isSigned(pinned.centreKey, PURPOSE, utf8(text), signature)) {
      return { fault: seq === 0 ? 'other_centre' : 'broken' };
    }
    const line = parseLine(text);
    seq += 1;
    if (!line || line.seq !== seq || line.before !== before) return { fault: 'broken' };
    before = hashOf(text);
    if (pinned.line?.seq === seq && pinned.line.hash !== before) return { fault: 'broken' };
    const { statement } = line;
    if ((statement.says === 'centre') !== (seq === 1)) return { fault: 'broken' };
    if (statement.says === 'centre') first = statement;
    else if (statement.says === 'recovery') recovery = statement.recipient;
    else if (statement.says === 'member') members.set(statement.member, statement.recipient);
    else if (statement.says === 'member_gone') members.delete(statement.member);
    else {
      const { says, ...epoch } = statement;
      if (epoch.epoch !== (currentEpoch({ epochs }, epoch.desk)?.epoch ?? 0) + 1) {
        return { fault: 'broken' };
      }
      epochs.push(epoch);
    }
  }
  if (!first || seq < (pinned.line?.seq ?? 0)) return { fault: 'too_old' };
  if (first.verify !== pinned.centreKey) return { fault: 'other_centre' };
  return {
    centre: first.centre,
    centreKey: first.verify,
    demonstration: first.demonstration,
    recovery,
    epochs,
    members,
    head: { seq, hash: before },
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
