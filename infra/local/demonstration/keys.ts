/**
 * The demonstration's keys: made from names, so that everybody has the same ones and nobody takes them for
 * secrets. The list that they sign says so, a page that reads it says so, and a deployment refuses them.
 */
import { sha256 } from '@noble/hashes/sha2.js';
import { identityToRecipient } from 'age-encryption';
import { append, type DeskEpoch, type SignedLine } from '../../../functions/keys/key-list.ts';
import type { Grant, MemberRow } from '../../../functions/keys/model.ts';
import {
  putCentre,
  putGrant,
  putList,
  putMember,
  type StoredCentre,
} from '../../../functions/keys/store.ts';
import {
  type DeskSecrets,
  type MemberKey,
  sealCentre,
  sealGrant,
  sealVault,
} from '../../../functions/keys/vault.ts';
import { identityOf } from '../../../functions/letters/receipt.ts';
import { publicKeyOf, toBase64 } from '../../../functions/letters/signing.ts';
import type { Database } from '../../../functions/platform/database.ts';

/** Who opens letters in the demonstration: log-in name, and the passphrase of their vault. */
export interface DemoMember {
  readonly member: string;
  readonly name: string;
  readonly words: readonly string[];
  readonly desks: readonly string[];
  readonly isKeyholder: boolean;
}

const words = (text: string) => text.split(' ');

export const demoMembers: readonly DemoMember[] = [
  {
    member: 'teens',
    name: 'ティーンズ担当',
    words: words('ひまわり そよかぜ りんご みなと えのぐ ほたる'),
    desks: ['teens'],
    isKeyholder: false,
  },
  {
    member: 'soudan',
    name: '相談担当',
    words: words('こいぬ あおぞら しゃしん たまご ろうそく みかん'),
    desks: ['teens', 'general'],
    isKeyholder: true,
  },
  {
    member: 'center',
    name: 'センター長',
    words: words('とけい ゆびわ こおり まつり すいか なわとび'),
    desks: ['teens', 'general'],
    isKeyholder: true,
  },
];

const secretOf = (name: string) =>
  sha256(new TextEncoder().encode(`hidamari demonstration, not a secret: ${name}`));

/** Seed of the demonstration's centre key. */
export const demoCentre = { centre: 'hidamari', signing: secretOf('centre') };
export const demoCentreKey = publicKeyOf(demoCentre.signing);
/** `AGE-SECRET-KEY-1…` that the sheets of the recovery kit give back. */
export const demoRecovery = identityOf(secretOf('recovery'));

const SINCE = '2026-11-01T00:00:00.000Z';

export interface DemoKeys {
  readonly lines: readonly SignedLine[];
  readonly members: readonly MemberRow[];
  readonly grants: readonly Grant[];
  readonly centre: StoredCentre;
}

/** The whole ceremony, as if it had been held: list, members, desks granted, the centre's key. */
export async function makeDemoKeys(): Promise<DemoKeys> {
  const keyOf = async (member: string): Promise<MemberKey> => {
    const identity = identityOf(secretOf(`member ${member}`));
    return { identity, recipient: await identityToRecipient(identity) };
  };
  const keys = new Map<string, MemberKey>();
  for (const { member } of demoMembers) keys.set(member, await keyOf(member));
  const recipientOf = (member: string) => keys.get(member)?.recipient ?? '';
  const recovery = await identityToRecipient(demoRecovery);
  const desks = await Promise.all(['teens', 'general'].map(demoDesk));

  const lines = append(
    undefined,
    [
      {
        says: 'centre',
        centre: demoCentre.centre,
        verify: demoCentreKey,
        demonstration: true,
      },
      { says: 'recovery', recipient: recovery },
      ...desks.map(({ published }) => ({ says: 'desk' as const, ...published })),
      ...demoMembers.map(({ member }) => ({
        says: 'member' as const,
        member,
        recipient: recipientOf(member),
      })),
    ],
    demoCentre.signing,
    SINCE,
  );
  const grants: Grant[] = [];
  for (const { secrets } of desks) {
    const { desk, epoch } = secrets;
    const able = demoMembers.filter((each) => each.desks.includes(desk));
    for (const { member } of able) {
      const sealed = toBase64(await sealGrant(secrets, [recipientOf(member)]));
      grants.push({ member, desk, epoch, sealed });
    }
    const sealed = toBase64(await sealGrant(secrets, [recovery]));
    grants.push({ member: 'recovery', desk, epoch, sealed });
  }
  const keyholders = demoMembers.filter(({ isKeyholder }) => isKeyholder);
  const secret = { ...demoCentre, signing: toBase64(demoCentre.signing) };
  const holders = [...keyholders.map(({ member }) => recipientOf(member)), recovery];
  return {
    lines,
    grants,
    members: await Promise.all(
      demoMembers.map(async ({ member, name, words }) => ({
        member,
        name,
        recipient: recipientOf(member),
        vault: toBase64(await sealVault(words, keys.get(member)?.identity ?? '')),
        at: SINCE,
      })),
    ),
    centre: {
      sealed: toBase64(await sealCentre(secret, holders)),
      keyholders: keyholders.map(({ member }) => member),
    },
  };
}

/** The secrets of a desk in its first epoch, and what the list says of them. */
export async function demoDesk(
  desk: string,
): Promise<{ readonly secrets: DeskSecrets; readonly published: DeskEpoch }> {
  const identity = identityOf(secretOf(`desk ${desk}`));
  const signing = secretOf(`signing of desk ${desk}`);
  return {
    secrets: { desk, epoch: 1, identity, signing: toBase64(signing) },
    published: {
      desk,
      epoch: 1,
      recipient: await identityToRecipient(identity),
      verify: publicKeyOf(signing),
    },
  };
}

/** Stores the demonstration's keys; the rows are the same as those of a real ceremony. */
export async function seedKeys(database: Database): Promise<void> {
  const { lines, members, grants, centre } = await makeDemoKeys();
  const outcome = await database.transact([
    putList(database, lines, 0),
    putCentre(database, centre),
    ...members.map((member) => putMember(database, member)),
    ...grants.map((grant) => putGrant(database, grant)),
  ]);
  if (!outcome.committed) throw new Error('The demonstration has keys already');
}
