/**
 * The keys of staff: an identity of each member, sealed with a passphrase of six words that was drawn and
 * never chosen; the secrets of a desk, sealed for one member (許可); the centre's key, sealed for the
 * keyholders. All of it is the age format, so that `age` alone opens it.
 */
import { Decrypter, Encrypter, generateX25519Identity, identityToRecipient } from 'age-encryption';
import * as z from 'zod/mini';
import { openWith } from '../letters/sealing.ts';
import { fromBase64, hashOf, publicKeyOf, toBase64 } from '../letters/signing.ts';
import { type DeskEpoch, DeskName } from './key-list.ts';

/**
 * Work factor (2^15) of age's scrypt: six drawn words have 65 bits, so that nobody tries them all even
 * without it, and a quarter of a second at every unlocking is enough.
 */
const SCRYPT_LOG_N = 15;

const Seed = z.string().check(z.regex(/^[A-Za-z0-9_-]{43}$/));
const Identity = z.string().check(z.regex(/^AGE-SECRET-KEY-1[A-Z0-9]{58}$/));

/** What opens letters to a desk, and signs its answers. */
const DeskSecrets = z.strictObject({
  desk: DeskName,
  epoch: z.int().check(z.minimum(1)),
  identity: Identity,
  signing: Seed,
});
export type DeskSecrets = z.infer<typeof DeskSecrets>;

const CentreSecret = z.strictObject({ centre: z.string(), signing: Seed });
export type CentreSecret = z.infer<typeof CentreSecret>;

export interface MemberKey {
  readonly identity: string;
  readonly recipient: string;
}

export async function newMemberKey(): Promise<MemberKey> {
  const identity = await generateX25519Identity();
  return { identity, recipient: await identityToRecipient(identity) };
}

/** A member's identity, sealed with their passphrase. */
export async function sealVault(words: readonly string[], identity: string): Promise<Uint8Array> {
  const encrypter = new Encrypter();
  encrypter.setPassphrase(words.join(' '));
  encrypter.setScryptWorkFactor(SCRYPT_LOG_N);
  return await encrypter.encrypt(`${identity}\n`);
}

/** @returns undefined when the words are others */
export async function openVault(
  words: readonly string[],
  sealed: Uint8Array,
): Promise<MemberKey | undefined> {
  const decrypter = new Decrypter();
  decrypter.addPassphrase(words.join(' '));
  try {
    const identity = (await decrypter.decrypt(sealed, 'text')).trim();
    return { identity, recipient: await identityToRecipient(identity) };
  } catch {
    return undefined;
  }
}

/** New secrets for an epoch of a desk, and what the signed list says of them. */
export async function newDeskSecrets(
  desk: string,
  epoch: number,
): Promise<{ readonly secrets: DeskSecrets; readonly published: DeskEpoch }> {
  const identity = await generateX25519Identity();
  const signing = toBase64(crypto.getRandomValues(new Uint8Array(32)));
  const secrets = { desk, epoch, identity, signing };
  return { secrets, published: await publicOf(secrets) };
}

async function publicOf({ desk, epoch, identity, signing }: DeskSecrets): Promise<DeskEpoch> {
  return {
    desk,
    epoch,
    recipient: await identityToRecipient(identity),
    verify: publicKeyOf(fromBase64(signing)),
  };
}

/** Seals a desk's secrets for members or for the recovery key. */
export function sealGrant(secrets: DeskSecrets, recipients: readonly string[]) {
  return sealJson(secrets, recipients);
}

/**
 * Opens a grant and compares it with the signed list, so that a server cannot hand out keys of its own.
 * @returns undefined when it is not for this member, or not what the list says
 */
export async function openGrant(
  sealed: Uint8Array,
  identity: string,
  listed: readonly DeskEpoch[],
): Promise<DeskSecrets | undefined> {
  const secrets = DeskSecrets.safeParse(await openJson(sealed, identity));
  if (!secrets.success) return undefined;
  // Anybody can seal for a member: keys that are none are refused like keys that are others.
  const own = await publicOf(secrets.data).catch(() => undefined);
  if (!own) return undefined;
  const isListed = listed.some(
    ({ desk, epoch, recipient, verify }) =>
      desk === own.desk &&
      epoch === own.epoch &&
      recipient === own.recipient &&
      verify === own.verify,
  );
  return isListed ? secrets.data : undefined;
}

/** The centre's key, sealed for its keyholders and the recovery key. */
export function sealCentre(secret: CentreSecret, recipients: readonly string[]) {
  return sealJson(secret, recipients);
}

/** @returns undefined when it is not for this member, or not the key that is pinned */
export async function openCentre(
  sealed: Uint8Array,
  identity: string,
  centreKey: string,
): Promise<CentreSecret | undefined> {
  const secret = CentreSecret.safeParse(await openJson(sealed, identity));
  if (!secret.success) return undefined;
  try {
    return publicKeyOf(fromBase64(secret.data.signing)) === centreKey ? secret.data : undefined;
  } catch {
    return undefined;
  }
}

async function sealJson(value: object, recipients: readonly string[]): Promise<Uint8Array> {
  const encrypter = new Encrypter();
  for (const recipient of recipients) encrypter.addRecipient(recipient);
  return await encrypter.encrypt(`${JSON.stringify(value)}\n`);
}

async function openJson(sealed: Uint8Array, identity: string): Promise<unknown> {
  const plain = await openWith(sealed, [identity]);
  try {
    return plain && JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(plain));
  } catch {
    return undefined;
  }
}

/** What two people compare side by side before a member's key is signed: six groups of four digits. */
export function fingerprintOf(recipient: string): string {
  const bytes = fromBase64(hashOf(`hidamari fingerprint 1\n${recipient}`));
  const groups = Array.from({ length: 6 }, (_, index) => {
    const value = (bytes[index * 2] ?? 0) * 256 + (bytes[index * 2 + 1] ?? 0);
    return String(value % 10_000).padStart(4, '0');
  });
  return groups.join(' ');
}
