/**
 * Who signs what: the id of a mailbox, and the bytes that its owner signs with each request. Shared by
 * browser and server; Ed25519 and SHA-256, no cryptography of our own.
 */
import { ed25519 } from '@noble/curves/ed25519.js';
import { sha256 } from '@noble/hashes/sha2.js';
import { base64urlnopad, bech32 } from '@scure/base';

/** What a mailbox shows of itself. */
export interface MailboxKeys {
  /** Desk that is written to: the same keys at another desk are another mailbox. */
  readonly desk: string;
  /** Ed25519 public key, base64url. */
  readonly verify: string;
  /** `age1…` (X25519) */
  readonly recipient: string;
}

const utf8 = (text: string) => new TextEncoder().encode(text);

/** SHA-256 of text or bytes, base64url. */
export function hashOf(value: string | Uint8Array): string {
  return base64urlnopad.encode(sha256(typeof value === 'string' ? utf8(value) : value));
}

export const toBase64 = (bytes: Uint8Array): string => base64urlnopad.encode(bytes);
/** @throws when the text is not base64url */
export const fromBase64 = (text: string): Uint8Array => base64urlnopad.decode(text);

/** @param seed 32 bytes @returns the Ed25519 public key, base64url */
export function publicKeyOf(seed: Uint8Array): string {
  return toBase64(ed25519.getPublicKey(seed));
}

/** Signs `purpose`, a zero byte and the bytes, so that no signature serves a second purpose. */
export function sign(seed: Uint8Array, purpose: string, bytes: Uint8Array): string {
  return toBase64(ed25519.sign(joined(purpose, bytes), seed));
}

/**
 * Whether the owner of a public key signed these bytes for this purpose. Never throws. By RFC 8032 and not
 * by the looser rules of ledgers, under which one signature of a key of small order fits every message.
 */
export function isSigned(
  verify: string,
  purpose: string,
  bytes: Uint8Array,
  signature: string,
): boolean {
  try {
    return ed25519.verify(fromBase64(signature), joined(purpose, bytes), fromBase64(verify), {
      zip215: false,
    });
  } catch {
    return false;
  }
}

function joined(purpose: string, bytes: Uint8Array): Uint8Array {
  const head = utf8(`${purpose}\0`);
  const all = new Uint8Array(head.length + bytes.length);
  all.set(head);
  all.set(bytes, head.length);
  return all;
}

/** The 32 bytes of an `age1…` recipient. @throws when it is none */
function bytesOfRecipient(recipient: string): Uint8Array {
  const { prefix, bytes } = bech32.decodeToBytes(recipient);
  if (prefix !== 'age' || bytes.length !== 32) throw new Error('Not an X25519 recipient');
  return bytes;
}

/**
 * SHA-256 (desk ‖ a zero byte ‖ verification key ‖ age recipient), base64url. With the desk in it, nobody who
 * has the words can learn by trying another desk whether they were ever used. @throws when a key is malformed
 */
export function mailboxId({ desk, verify, recipient }: MailboxKeys): string {
  const key = fromBase64(verify);
  if (key.length !== 32) throw new Error('Not an Ed25519 key');
  const both = new Uint8Array(64);
  both.set(key);
  both.set(bytesOfRecipient(recipient), 32);
  return hashOf(joined(desk, both));
}

/** What a mailbox may ask of the server. */
export type MailboxAction = 'open' | 'post' | 'hide' | 'helped' | 'upload' | 'download';

/** The bytes that a mailbox signs: action, its id, the server's challenge, and what it sends. */
function requestBytes(
  action: MailboxAction,
  mailbox: string,
  nonce: string,
  payload: string,
): Uint8Array {
  return utf8([action, mailbox, nonce, hashOf(payload)].join('\n'));
}

const REQUEST = 'hidamari request 1';

/** @param nonce of the challenge @param payload the JSON text exactly as it is sent */
export function signRequest(
  signing: Uint8Array,
  action: MailboxAction,
  mailbox: string,
  nonce: string,
  payload: string,
): string {
  return sign(signing, REQUEST, requestBytes(action, mailbox, nonce, payload));
}

/** @returns the id of the mailbox that signed the request, or undefined */
export function signerOf(
  keys: MailboxKeys,
  action: MailboxAction,
  nonce: string,
  payload: string,
  signature: string,
): string | undefined {
  try {
    const mailbox = mailboxId(keys);
    const bytes = requestBytes(action, mailbox, nonce, payload);
    return isSigned(keys.verify, REQUEST, bytes, signature) ? mailbox : undefined;
  } catch {
    return undefined;
  }
}

/** Letters and digits of a number that is read aloud: none that is taken for another. */
const NUMBER_LETTERS = '23456789ABCDEFGHJKLMNPQRSTUVWXYZ';

/**
 * The number of a conversation (相談番号), `7K2P-Q8MD-3A`: derived from the mailbox, so that the same
 * letter always learns the same number; it opens nothing.
 */
export function conversationNumber(mailbox: string): string {
  const bytes = sha256(utf8(`hidamari number 1\n${mailbox}`));
  const letters = [...bytes.slice(0, 10)].map((byte) => NUMBER_LETTERS[byte % 32]);
  return `${letters.slice(0, 4).join('')}-${letters.slice(4, 8).join('')}-${letters.slice(8).join('')}`;
}
