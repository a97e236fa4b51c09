/**
 * Pictures inside and out: a picture is sealed by itself, travels in parts before its letter, and the letter
 * names it by the hash of its sealed bytes, so that whoever keeps the parts can neither swap nor change it.
 *
 * Inside its seal stands a line of JSON, then the picture, then zeros up to a size that tells little; so
 * `age -d` gives a file from which `tail` and `head` cut the picture.
 */
import { randomBytes } from '@noble/hashes/utils.js';
import * as z from 'zod/mini';
import { Attachment } from './content.ts';
import { MOST_PARTS, PART_BYTES, padme, sealedSize } from './sealed-form.ts';
import { openWith, sealFor, TooLong } from './sealing.ts';
import { hashOf, toBase64 } from './signing.ts';

const NEWLINE = 0x0a;
/** Longest first line: a name of 120 characters, escaped, and the rest. */
const LONGEST_LINE = 2_000;

export type PictureType = Attachment['type'];

export interface Picture {
  readonly name: string;
  readonly type: PictureType;
  readonly bytes: Uint8Array;
}

const Line = z.strictObject({
  v: z.literal(1),
  kind: z.literal('picture'),
  name: Attachment.shape.name,
  type: Attachment.shape.type,
  size: Attachment.shape.size,
});

/** A picture ready to be sent: what the letter says of it, and its sealed bytes. */
export interface SealedPicture {
  readonly attachment: Attachment;
  readonly sealed: Uint8Array;
}

/**
 * Seals a picture under a new id.
 * @param recipients as of its letter
 * @throws TooLong when a picture is larger than any letter may carry
 */
export async function sealPicture(
  { name, type, bytes }: Picture,
  recipients: readonly [desk: string, mailbox: string | undefined],
): Promise<SealedPicture> {
  const size = bytes.length;
  const line = Line.safeParse({ v: 1, kind: 'picture', name, type, size });
  if (!line.success) throw new TooLong();
  const head = new TextEncoder().encode(`${JSON.stringify(line.data)}\n`);
  const plain = new Uint8Array(padme(head.length + size));
  if (sealedSize(plain.length) > MOST_PARTS * PART_BYTES) throw new TooLong();
  plain.set(head);
  plain.set(bytes, head.length);
  const sealed = await sealFor(plain, recipients);
  return {
    attachment: {
      id: toBase64(randomBytes(16)),
      name,
      type,
      size,
      parts: splitSealed(sealed).length,
      hash: hashOf(sealed),
    },
    sealed,
  };
}

/** The parts in which sealed bytes travel: all full but the last. */
export function splitSealed(sealed: Uint8Array): readonly Uint8Array[] {
  return Array.from({ length: Math.max(1, Math.ceil(sealed.length / PART_BYTES)) }, (_, index) =>
    sealed.subarray(index * PART_BYTES, (index + 1) * PART_BYTES),
  );
}

/**
 * What is wrong with a picture: parts are missing · the parts are not the ones that the letter named · it was
 * not sealed for this reader · it is no picture inside · it is another than the letter says.
 */
export type PictureFault = 'incomplete' | 'altered' | 'cannot_open' | 'malformed' | 'not_as_named';

export type OpenedPicture =
  | { readonly picture: Picture; readonly fault?: never }
  | { readonly fault: PictureFault; readonly picture?: never };

/**
 * Joins, checks and opens a picture. Its bytes are what somebody sent: whether they are a picture at all
 * only decoding shows.
 * @param parts in order; undefined: was not handed over
 * @param attachment as an opened and checked letter names it
 */
export async function openPicture(
  parts: readonly (Uint8Array | undefined)[],
  attachment: Attachment,
  identities: readonly string[],
): Promise<OpenedPicture> {
  const sealed = joinParts(parts, attachment.parts);
  if (!sealed) return { fault: 'incomplete' };
  if (hashOf(sealed) !== attachment.hash) return { fault: 'altered' };
  const plain = await openWith(sealed, identities);
  if (!plain) return { fault: 'cannot_open' };
  const picture = readPicture(plain);
  if (!picture) return { fault: 'malformed' };
  const { name, type, bytes } = picture;
  const isAsNamed =
    name === attachment.name && type === attachment.type && bytes.length === attachment.size;
  return isAsNamed ? { picture } : { fault: 'not_as_named' };
}

/** What was inside a seal, as a picture. @returns undefined when it is none */
export function readPicture(plain: Uint8Array): Picture | undefined {
  const end = plain.subarray(0, LONGEST_LINE).indexOf(NEWLINE);
  const line = end === -1 ? undefined : readLine(plain.subarray(0, end));
  if (!line || end + 1 + line.size > plain.length) return undefined;
  const { name, type, size } = line;
  return { name, type, bytes: plain.slice(end + 1, end + 1 + size) };
}

function joinParts(
  parts: readonly (Uint8Array | undefined)[],
  expected: number,
): Uint8Array | undefined {
  const there = parts.filter((part) => part !== undefined);
  if (there.length !== expected || parts.length !== expected) return undefined;
  const sealed = new Uint8Array(there.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of there) {
    sealed.set(part, at);
    at += part.length;
  }
  return sealed;
}

function readLine(bytes: Uint8Array): z.infer<typeof Line> | undefined {
  try {
    const text = new TextDecoder('utf-8', { fatal: true }).decode(bytes);
    const parsed = Line.safeParse(JSON.parse(text));
    return parsed.success ? parsed.data : undefined;
  } catch {
    return undefined;
  }
}
