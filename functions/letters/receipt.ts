/**
 * The receipt of a young person (あいことば): six hiragana words that are the key of a mailbox. How
 * they are drawn, read back from whatever a keyboard makes of them, and turned into keys. List and
 * parameters are frozen as version 1: another list would open no mailbox that exists.
 */
import { argon2id } from '@noble/hashes/argon2.js';
import { hkdf } from '@noble/hashes/hkdf.js';
import { sha256 } from '@noble/hashes/sha2.js';
import { bech32 } from '@scure/base';
import { wordlist } from '@scure/bip39/wordlists/japanese.js';
import { identityToRecipient } from 'age-encryption';
import { mailboxId, publicKeyOf } from './signing.ts';

/** Words that frighten, insult or shame, words for people at home, and one of きゃく・きやく. */
export const LEFT_OUT: ReadonlySet<string> = new Set(
  `さつじん たいほ いじわる いたみ ちみどろ ちぬり ちぬき しなん しねま しねん いばる うわき ぜんら らぞく
  らたい ろしゅつ はかい はめつ しゃっきん さべつ さびしい さみしい しゅらば こわもて ひめい ひつぎ ほっさ
  にくしみ ぬすむ にげる くさい ふとる やせる けいさつ へんたい よくぼう ぱんつ たたく きもだめし けとばす けなす
  そげき たおす しはい ぐうたら まぬけ びんぼう ひんこん ふこう なまいき ぞんび むなしい つまらない きらい ふはい
  おそわる くたびれる しうち そがい ひさん わかれる じゃま いはん くなん ちちおや おじさん おばさん だんな にんぷ
  げひん げどく げぼく けんか こわれる さぎょう しばかり そまつ ちけん だんあつ どぶがわ ひんそう ふのう ふまん
  ほえる むせる やぶる よごれる われる きやく あきる いやがる うなる けちらす ごうまん ねくら ばかり
  うしなう いちりゅう なくす すてる たはつ つぶす ひはん ふみん めまい`.split(/\s+/),
);

export const LIST_VERSION = 'hidamari-1';
/** In NFC; the package keeps them in NFKD, where が is two characters. */
export const WORDS: readonly string[] = wordlist
  .map((word) => word.normalize('NFC'))
  .filter((word) => !LEFT_OUT.has(word));
export const RECEIPT_WORDS = 6;

const utf8 = (text: string) => new TextEncoder().encode(text);

const KNOWN = new Set(WORDS);
const LONGEST = Math.max(...WORDS.map((word) => word.length));

/** Argon2id of receipt version 1 (19 MiB); the least that OWASP advises, and a phone can bear. */
const ARGON2 = { m: 19 * 1024, t: 2, p: 1, dkLen: 32 } as const;

/** The keys of a mailbox. Whoever has the words has these, and nobody else. */
export interface Mailbox {
  /** Of desk and public keys, base64url (`mailboxId`). */
  readonly id: string;
  readonly desk: string;
  /** Ed25519 public key, base64url. */
  readonly verify: string;
  /** `age1…` */
  readonly recipient: string;
  /** `AGE-SECRET-KEY-1…` */
  readonly identity: string;
  /** Seed of the Ed25519 key, 32 bytes. */
  readonly signing: Uint8Array;
}

/**
 * Text as typed, pasted or dictated → hiragana without gaps, as the list has it. Marks, invisible
 * letters and numbers before words (a note of six lines) are gaps: no word has any.
 */
export function readKana(text: string): string {
  return text
    .normalize('NFKC')
    .replace(/[ァ-ヶ]/g, (letter) => String.fromCharCode(letter.charCodeAt(0) - 0x60))
    .replace(/[\s\p{P}\p{Cf}\d−ー|~]/gu, '')
    .normalize('NFC');
}

export function isWord(text: string): boolean {
  return KNOWN.has(readKana(text));
}

/** Words that begin with what was typed; after three kana there is at most one. */
export function completionsOf(text: string, most = 8): readonly string[] {
  const start = readKana(text);
  if (start === '') return [];
  return WORDS.filter((word) => word.startsWith(start)).slice(0, most);
}

/**
 * All words of a text, with or without gaps between them.
 * @returns undefined when some part of it is no word of the list
 */
export function readWords(text: string): readonly string[] | undefined {
  const kana = readKana(text);
  /** For each place of the text: the words that lead there. */
  const ways: (readonly string[] | undefined)[] = [[]];
  for (let end = 1; end <= kana.length; end += 1) {
    for (let start = Math.max(0, end - LONGEST); start < end; start += 1) {
      const before = ways[start];
      const word = kana.slice(start, end);
      if (before && KNOWN.has(word)) ways[end] = [...before, word];
    }
  }
  return ways[kana.length];
}

/**
 * Six words by rejection sampling.
 * @param randomBytes so many bytes that nobody can guess
 * @throws when fewer came
 */
export function drawWords(randomBytes: (count: number) => Uint8Array): readonly string[] {
  const words: string[] = [];
  const fair = Math.floor(65_536 / WORDS.length) * WORDS.length;
  while (words.length < RECEIPT_WORDS) {
    const [high, low] = randomBytes(2);
    // Zeros in place of bytes that did not come would be six words that everybody knows.
    if (high === undefined || low === undefined) throw new Error('No random bytes');
    const value = high * 256 + low;
    const word = value < fair ? WORDS[value % WORDS.length] : undefined;
    if (word !== undefined) words.push(word);
  }
  return words;
}

/**
 * The mailbox of six words; takes a quarter of a second and more, so in a Worker.
 * @param where centre and desk: the same words elsewhere are another mailbox
 * @throws when these are not six words of the list
 */
export async function mailboxOf(
  words: readonly string[],
  { centreId, desk }: { readonly centreId: string; readonly desk: string },
): Promise<Mailbox> {
  if (words.length !== RECEIPT_WORDS || !words.every((word) => KNOWN.has(word))) {
    throw new Error('Not six words of the list');
  }
  const root = argon2id(
    `${LIST_VERSION} ${words.join(' ')}`,
    utf8(`hidamari centre ${centreId}`),
    ARGON2,
  );
  return mailboxOfRoot(root, desk);
}

/** The mailbox of a root of 32 bytes, by HKDF-SHA-256. */
export async function mailboxOfRoot(root: Uint8Array, desk: string): Promise<Mailbox> {
  const part = (info: string) => hkdf(sha256, root, undefined, utf8(info), 32);
  const signing = part(`hidamari mailbox signing 1 ${desk}`);
  const identity = identityOf(part(`hidamari mailbox age 1 ${desk}`));
  root.fill(0);
  const recipient = await identityToRecipient(identity);
  const verify = publicKeyOf(signing);
  return { id: mailboxId({ desk, verify, recipient }), desk, verify, recipient, identity, signing };
}

/** An age identity of 32 secret bytes. */
export function identityOf(secret: Uint8Array): string {
  return bech32.encodeFromBytes('age-secret-key-', secret).toUpperCase();
}
