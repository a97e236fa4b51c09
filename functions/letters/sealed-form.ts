/**
 * What a server can see of a sealed letter without opening it: that it is an age file (version 1), for
 * two X25519 recipients, of one of three sizes. Pure; browser and server share it.
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

export type FormProblem = 'not_age' | 'wrong_stanzas' | 'wrong_size';

/** What is wrong with the outside of a sealed letter; undefined: nothing. */
export function formProblem(
  sealed: Uint8Array,
  expected = LETTER_STANZAS,
): FormProblem | undefined {
  const end = endOfHeader(sealed);
  const header = end === undefined ? '' : String.fromCharCode(...sealed.subarray(0, end));
  const stanzas = HEADER.exec(header)?.[1];
  if (stanzas === undefined) return 'not_age';
  if (stanzas.length !== expected * STANZA_BYTES) return 'wrong_stanzas';
  return BUCKETS.some((bucket) => sealed.length === sealedSize(bucket, expected))
    ? undefined
    : 'wrong_size';
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
