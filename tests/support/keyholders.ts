/** Members of staff and their keys for tests: what a screen holds while it is unlocked, without the screen. */
import { type Hand, openHand } from '../../functions/keys/ceremony.ts';
import { type KeyList, type Pinned, readKeyList } from '../../functions/keys/key-list.ts';
import type { KeyRing } from '../../functions/keys/model.ts';
import { type DeskSecrets, type MemberKey, openGrant } from '../../functions/keys/vault.ts';
import { fromBase64 } from '../../functions/letters/signing.ts';

/** What a member can do with what the server hands out. */
export interface OpenedRing {
  readonly ring: KeyRing;
  readonly list: KeyList;
  readonly secrets: readonly DeskSecrets[];
}

/** @throws when the list cannot be believed */
export async function openRing(
  ring: KeyRing,
  { identity }: MemberKey,
  pinned: Pinned,
): Promise<OpenedRing> {
  const list = readKeyList(ring.lines, pinned);
  if ('fault' in list) throw new Error(list.fault);
  const opened = await Promise.all(
    ring.grants.map(({ sealed }) => openGrant(fromBase64(sealed), identity, list.epochs)),
  );
  return { ring, list, secrets: opened.filter((each) => each !== undefined) };
}

/** @throws when this member does not hold the centre's key */
export async function handOf(
  ring: KeyRing,
  key: MemberKey,
  pinned: Pinned,
  at = '2026-12-01T03:00:00.000Z',
): Promise<Hand> {
  const { list, secrets } = await openRing(ring, key, pinned);
  const hand = await openHand(ring, { identity: key.identity, list, secrets }, at);
  if (!hand) throw new Error('Not a keyholder');
  return hand;
}
