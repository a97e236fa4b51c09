/**
 * The keys of the member at this desk while they are unlocked: in the memory of this page and nowhere
 * else. Gone with the lock button, with the log-out, and when nobody has touched the page for a while.
 */
import { useEffect, useState } from 'preact/hooks';
import type { KeyRing } from '../rules.ts';
import type { DeskSecrets, KeyList, ListFault, Pinned } from '../sealing.ts';
import { call } from './api.ts';

/** Minutes without a key or a pointer after which the keys are forgotten. */
export const IDLE_MINUTES = 15;
const IDLE_MS = IDLE_MINUTES * 60_000;
const LOOK_MS = 5_000;

/** What a member can do while it is unlocked. */
export interface Vault {
  /** Subject of the log-in. */
  readonly me: string;
  /** `AGE-SECRET-KEY-1…` of the member. */
  readonly identity: string;
  /** `age1…` */
  readonly recipient: string;
  /** The signed list, checked; absent before the set-up. */
  readonly list: KeyList | undefined;
  /** Of each desk and epoch that was granted, each compared with the signed list. */
  readonly secrets: readonly DeskSecrets[];
  readonly members: KeyRing['members'];
}

/** Words that open nothing · no vault to be opened · a list that cannot be believed. */
export type VaultFault = 'wrong_words' | 'no_vault' | ListFault;

let vault: Vault | undefined;
let wasIdle = false;
/** Counts every locking, so that what was still being opened then does not stay open. */
let lockings = 0;
let lastActive = 0;
let looking: ReturnType<typeof setInterval> | undefined;
const watchers = new Set<() => void>();
/** What seals, before the keys are gone, what somebody is writing. */
const keepers = new Set<() => Promise<unknown>>();
const SIGNS_OF_LIFE = ['keydown', 'pointerdown', 'pointermove', 'wheel'] as const;

/** The code that seals and opens: 100 kB and more, so only for who works with letters. */
export const loadSealing = () => import('../sealing.ts');

export function readKeyRing(accessToken: string): Promise<KeyRing> {
  return call(accessToken, 'GET', '/api/staff/keys');
}

/** Opens the vault of a ring with six words. @returns what is wrong, or undefined when it is open */
export async function unlock(
  words: readonly string[],
  ring: KeyRing,
  pinned: Pinned | undefined,
): Promise<VaultFault | undefined> {
  if (ring.vault === undefined) return 'no_vault';
  const begun = lockings;
  const { fromBase64, openVault } = await loadSealing();
  const key = await openVault(words, fromBase64(ring.vault));
  if (!key) return 'wrong_words';
  return open(key, ring, pinned, begun);
}

/**
 * The same member with a ring that was read again: a desk was granted or withdrawn. A list that ends
 * before the one that was seen is not believed, nor what a key signs after it has handed over.
 */
export async function renew(
  ring: KeyRing,
  pinned: Pinned | undefined,
): Promise<VaultFault | undefined> {
  if (!vault) return 'no_vault';
  const seen = vault.list;
  return open(vault, ring, seen ? { centreKey: seen.centreKey, line: seen.head } : pinned);
}

/** Unlocked with a key that is at hand already: a member who has just made it. */
export async function open(
  { identity, recipient }: Pick<Vault, 'identity' | 'recipient'>,
  { me, lines, grants, members }: KeyRing,
  pinned: Pinned | undefined,
  begun = lockings,
): Promise<VaultFault | undefined> {
  const { fromBase64, openGrant, readKeyList } = await loadSealing();
  const list = pinned && lines.length > 0 ? readKeyList(lines, pinned) : undefined;
  if (list && 'fault' in list) return list.fault;
  const opened = await Promise.all(
    grants.map(({ sealed }) => openGrant(fromBase64(sealed), identity, list?.epochs ?? [])),
  );
  if (begun !== lockings) return 'no_vault';
  const secrets = opened.filter((each) => each !== undefined);
  const next: Vault = { me, identity, recipient, list, secrets, members };
  // What says the same stays the same: screens are not drawn anew for it.
  if (vault && JSON.stringify(factsOf(vault)) === JSON.stringify(factsOf(next))) return undefined;
  vault = next;
  wasIdle = false;
  watch();
  tell();
  return undefined;
}

function factsOf({ list, secrets, members, ...rest }: Vault) {
  const granted = secrets.map(({ desk, epoch }) => `${desk} ${epoch}`);
  return { ...rest, head: list?.head, granted, members };
}

/** Has `keep` called when the keys are about to be forgotten. @returns what takes it back */
export function beforeLock(keep: () => Promise<unknown>): () => void {
  keepers.add(keep);
  return () => {
    keepers.delete(keep);
  };
}

/**
 * Forgets every key at once. What screens hold of letters goes with them: they are taken down.
 * @returns when what was being written is put away; nobody has to wait for it but who leaves the page
 */
export function lock(): Promise<void> {
  lockings += 1;
  if (!vault) return Promise.resolve();
  // Whatever one of them throws, the keys go.
  const kept = [...keepers].map(async (keep) => keep());
  vault = undefined;
  clearInterval(looking);
  for (const kind of SIGNS_OF_LIFE) removeEventListener(kind, stay, true);
  document.removeEventListener('visibilitychange', lockWhenIdle);
  removeEventListener('pagehide', lock);
  tell();
  return Promise.allSettled(kept).then(() => undefined);
}

function watch(): void {
  lastActive = Date.now();
  clearInterval(looking);
  looking = setInterval(lockWhenIdle, LOOK_MS);
  for (const kind of SIGNS_OF_LIFE) addEventListener(kind, stay, true);
  document.addEventListener('visibilitychange', lockWhenIdle);
  // A browser may keep a page that was left, memory and all, to show it again.
  addEventListener('pagehide', lock);
}

/** Somebody is there. Who wakes a machine after an hour is perhaps somebody else. */
function stay(): void {
  if (!lockWhenIdle()) lastActive = Date.now();
}

function lockWhenIdle(): boolean {
  if (Date.now() - lastActive < IDLE_MS) return false;
  wasIdle = true;
  void lock();
  return true;
}

function tell(): void {
  for (const watcher of watchers) watcher();
}

/** The vault as it is at this moment. */
export const openVaultNow = (): Vault | undefined => vault;

/** The unlocked vault; drawn anew when it is opened or locked. */
export function useVault(): Vault | undefined {
  const [seen, setSeen] = useState(vault);
  useEffect(() => {
    const look = () => setSeen(vault);
    look();
    watchers.add(look);
    return () => {
      watchers.delete(look);
    };
  }, []);
  return seen;
}

/** Whether it was locked because nobody was there. */
export const lockedByItself = (): boolean => wasIdle;

/** What colleagues call a member; of one who has gone, the subject of their log-in. */
export function memberName({ members }: Pick<Vault, 'members'>, member: string): string {
  return members.find((each) => each.member === member)?.name ?? member;
}
