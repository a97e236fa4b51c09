/**
 * What a server can see of a sealed letter or picture without opening it: that it is an age file
 * (version 1), for two X25519 recipients, of a size that tells little. Pure; browser and server share it.
 */

/** Sizes of what is inside, in bytes: a letter is filled up to the next. */
export const BUCKETS = [4, 16, 64].map((kib) => kib * 1024);
/** Of a letter: the desk, and the mailbox or, where it should not be read there, nobody. */
export const LETTER_STANZAS = 2;
/** Of what staff write for each other: the desk. */
export const DESK_STANZAS = 1;

const VERSION_LINE = 'age-encryption.org/v1\n';
const STANZA_BYTES = '-> X25519 '.length + 43 + 1 + 43 + 1;
const MAC_BYTES = '--- '.length + 43 + 1;
const NONCE_BYTES = 16;
const CHUNK_BYTES = 64 * 1024;
const TAG_BYTES = 16;
const HEADER =
  /^age-encryption\.org\/v1\n((?:-> X25519 [A-Za-z0-9+/]{43}\n[A-Za-z0-9+/]{43}\n)+)--- [A-Za-z0-9+/]{43}\n$/;

/** Bytes of the age file for so many bytes inside. */
export function sealedSize(bytes: number, stanzas = LETTER_STANZAS): number {
  const header = VERSION_LINE.length + stanzas * STANZA_BYTES + MAC_BYTES;
  const chunks = Math.max(1, Math.ceil(bytes / CHUNK_BYTES));
  return header + NONCE_BYTES + bytes + chunks * TAG_BYTES;
}

export const LARGEST_SEALED = sealedSize(BUCKETS.at(-1) ?? 0);

/** Bytes of one part of a sealed picture; a Lambda's request ends at 6 MB. */
export const PART_BYTES = 768 * 1024;
/** Parts of one picture at most. */
export const MOST_PARTS = 32;
/** A picture fills at least so much, so that small ones look alike. */
const SMALLEST_PICTURE = 64 * 1024;

/**
 * Padmé: the length that a picture is filled up to. Only the first few bits of a length may
 * differ, so that a size tells little; from the smallest size on it costs 3 in a hundred at most.
 */
export function padme(length: number): number {
  if (length <= SMALLEST_PICTURE) return SMALLEST_PICTURE;
  const exponent = Math.floor(Math.log2(length));
  const kept = Math.floor(Math.log2(exponent)) + 1;
  const step = 2 ** (exponent - kept);
  return Math.ceil(length / step) * step;
}

/** Whether sealed bytes of this size can be a picture that was filled up. */
export function isPictureSize(sealed: number): boolean {
  const outside = sealedSize(0) - TAG_BYTES;
  // Every chunk but the last is full, so the number of chunks follows from the whole.
  const chunks = Math.ceil((sealed - outside) / (CHUNK_BYTES + TAG_BYTES));
  const inside = sealed - outside - chunks * TAG_BYTES;
  return inside > 0 && padme(inside) === inside && sealedSize(inside) === sealed;
}

export type FormProblem = 'not_age' | 'wrong_stanzas' | 'wrong_size';

/** What is wrong with the outside of a sealed letter; undefined: nothing. */
export function formProblem(
  sealed: Uint8Array,
  expected = LETTER_STANZAS,
): FormProblem | undefined {
  const problem = headerProblem(sealed, expected);
  if (problem) return problem;
  return BUCKETS.some((bucket) => sealed.length === sealedSize(bucket, expected))
    ? undefined
    : 'wrong_size';
}

/** What is wrong with the beginning of an age file. */
export function headerProblem(
  sealed: Uint8Array,
  expected = LETTER_STANZAS,
): Exclude<FormProblem, 'wrong_size'> | undefined {
  const end = endOfHeader(sealed);
  const header = end === undefined ? '' : String.fromCharCode(...sealed.subarray(0, end));
  const stanzas = HEADER.exec(header)?.[1];
  if (stanzas === undefined) return 'not_age';
  return stanzas.length === expected * STANZA_BYTES ? undefined : 'wrong_stanzas';
}

/** Position after the line with the MAC, looked for where a header of some stanzas can end. */
function endOfHeader(sealed: Uint8Array): number | undefined {
  const most = Math.min(sealed.length, VERSION_LINE.length + 20 * STANZA_BYTES + MAC_BYTES);
  let isLineStart = true;
  for (let at = 0; at < most; at += 1) {
    if (isLineStart && sealed[at] === 0x2d && sealed[at + 1] === 0x2d && sealed[at + 2] === 0x2d) {
      const newline = sealed.indexOf(0x0a, at);
      return newline === -1 ? undefined : newline + 1;
    }
    isLineStart = sealed[at] === 0x0a;
  }
  return undefined;
}
