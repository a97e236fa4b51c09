/**
 * The recovery key on paper (復旧の控え): split so that any two of three sheets give it back. Every sheet
 * says which set it is of and carries a checksum, because a wrong sheet would otherwise give a wrong key
 * without a word; so does the secret itself.
 */
import { base32crockford } from '@scure/base';
import { combine, split } from 'shamir-secret-sharing';
import { fromBase64, hashOf } from '../letters/signing.ts';

export const SHARES = 3;
export const NEEDED = 2;

/** Letters that nobody mistakes for others when copying by hand (no I, L, O, U). */
const LETTERS = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';
const CHECK_BYTES = 4;
/** Letters on a line, and the last two of them check it, so that any wrong one is found by its line. */
const LINE_LETTERS = 16;
const LINE_CHECK = 2;

export interface Share {
  /** Which kit it belongs to: four letters. */
  readonly set: string;
  readonly number: number;
  readonly bytes: Uint8Array;
}

/** Why a sheet is not accepted; `line` counts from 1 below the first line of the sheet, which is 0. */
export type ShareFault =
  | { readonly fault: 'unreadable' }
  | { readonly fault: 'wrong_letter'; readonly number: number; readonly line: number }
  | { readonly fault: 'wrong_sheet'; readonly number: number };

const utf8 = (text: string) => new TextEncoder().encode(text);
const checkOf = (bytes: Uint8Array) => fromBase64(hashOf(bytes)).subarray(0, CHECK_BYTES);

/** Letters for the name of a kit: none that is taken for another when it is read aloud. */
const SET_LETTERS = '23456789ABCDEFGHJKMNPQRSTVWXYZ';

/** Four letters that name a kit, so that sheets of two are not mixed up. They guard nothing. */
export function drawSet(randomBytes: (count: number) => Uint8Array): string {
  return [...randomBytes(4)].map((byte) => SET_LETTERS[byte % SET_LETTERS.length]).join('');
}

/** Three sheets of text for a secret. @param set four letters that name the kit */
export async function writeShares(secret: string, set: string): Promise<readonly string[]> {
  const plain = utf8(secret);
  const checked = new Uint8Array(plain.length + CHECK_BYTES);
  checked.set(plain);
  checked.set(checkOf(plain), plain.length);
  const shares = await split(checked, SHARES, NEEDED);
  return shares.map((bytes, index) => writeShare({ set, number: index + 1, bytes }));
}

function writeShare({ set, number, bytes }: Share): string {
  const letters = base32crockford.encode(bytes);
  const room = LINE_LETTERS - LINE_CHECK;
  const lines: string[] = [];
  for (let at = 0; at < letters.length; at += room) {
    const line = letters.slice(at, at + room);
    lines.push(inFours(line + lineCheck(set, number, lines.length + 1, line)));
  }
  const whole = base32crockford.encode(checkOf(bytes)).slice(0, 6);
  return [`HIDAMARI ${set} ${number}/${SHARES} ${whole}`, ...lines].join('\n');
}

/**
 * Two letters that check a line together with its place: lines and sheets cannot change places. The first is
 * a hash; the second a checksum that no single wrong letter and no two exchanged neighbours pass, so that
 * these are always found, and by their line.
 */
function lineCheck(set: string, number: number, line: number, letters: string): string {
  const place = `${set} ${number} ${line}`;
  const [hash = 0] = fromBase64(hashOf(`${place} ${letters}`));
  // Another start for each of ten lines on three sheets, so that no line passes at the place of another.
  let sum = line + 10 * number;
  for (const [at, letter] of [...set].entries()) sum += (2 * at + 1) * Number.parseInt(letter, 36);
  sum %= 32;
  for (const letter of letters) sum = doubled(sum) ^ LETTERS.indexOf(letter);
  return `${LETTERS[hash % 32]}${LETTERS[sum & 31]}`;
}

/** Times two among 32 numbers (x⁵ + x² + 1): no two places of a line weigh the same. */
function doubled(value: number): number {
  const twice = value << 1;
  return twice >= 32 ? twice ^ 0b100101 : twice;
}

const inFours = (text: string) => text.replace(/(.{4})(?=.)/g, '$1 ');

const forgiven = (text: string) => text.replaceAll('O', '0').replace(/[IL]/g, '1');

/** Reads a sheet as it was typed in: small letters, spaces, O for 0 and I or L for 1 are forgiven. */
export function readShare(text: string): Share | ShareFault {
  const [first = '', ...rest] = text
    .normalize('NFKC')
    .toUpperCase()
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '');
  const head = /^HIDAMARI ([A-Z0-9]{4}) ([1-9])\/(\d) ([A-Z0-9]{6})$/.exec(
    first.replace(/\s+/g, ' '),
  );
  if (!head) return { fault: 'unreadable' };
  const [, set = '', count = '', , whole = ''] = head;
  const number = Number(count);
  const lines = rest.map((line, index) => {
    const typed = forgiven(line.replace(/[\s-]/g, ''));
    const letters = typed.slice(0, -LINE_CHECK);
    const holds = lineCheck(set, number, index + 1, letters) === typed.slice(-LINE_CHECK);
    return { letters, holds };
  });
  const wrong = lines.findIndex(({ holds }) => !holds);
  if (wrong !== -1) {
    // Every line is checked together with set and number: where most do not hold, these are wrong.
    const isHead = wrong === 0 && lines.filter(({ holds }) => !holds).length > lines.length / 2;
    return { fault: 'wrong_letter', number, line: isHead ? 0 : wrong + 1 };
  }
  const bytes = readLetters(lines.map(({ letters }) => letters).join(''));
  // Without its last line a sheet may hold too few letters to be bytes at all.
  if (!bytes || base32crockford.encode(checkOf(bytes)).slice(0, 6) !== forgiven(whole)) {
    return { fault: 'wrong_sheet', number };
  }
  return { set, number, bytes };
}

/**
 * Two sheets of one kit → the secret; one that was typed in twice counts once.
 * @returns undefined when they do not belong together
 */
export async function combineShares(shares: readonly Share[]): Promise<string | undefined> {
  const sets = new Set(shares.map(({ set }) => set));
  const lengths = new Set(shares.map(({ bytes }) => bytes.length));
  const sheets = [...new Map(shares.map((share) => [share.number, share])).values()];
  if (sets.size !== 1 || lengths.size !== 1 || sheets.length < NEEDED) return undefined;
  // By the last byte of each, which two sheets of different kits may have in common.
  if (new Set(sheets.map(({ bytes }) => bytes.at(-1))).size !== sheets.length) return undefined;
  const checked = await combine(sheets.map(({ bytes }) => bytes));
  const plain = checked.subarray(0, -CHECK_BYTES);
  const isWhole = checkOf(plain).every((byte, at) => byte === checked[plain.length + at]);
  return isWhole ? new TextDecoder().decode(plain) : undefined;
}

function readLetters(letters: string): Uint8Array | undefined {
  try {
    return base32crockford.decode(letters);
  } catch {
    return undefined;
  }
}
