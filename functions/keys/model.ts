/** Keys of staff as the server keeps them: sealed for one person each, and a list that it cannot forge. */
import * as z from 'zod';
import { Instant } from '../calendar/model.ts';

/** An age file, base64url. */
const Sealed = z
  .string()
  .max(8_000)
  .regex(/^[A-Za-z0-9_-]+$/);
const Recipient = z.string().regex(/^age1[a-z0-9]{58}$/);
const Member = z.string().regex(/^[\w-]{1,64}$/);
const Desk = z.string().regex(/^[a-z_]{1,20}$/);
const Epoch = z.int().min(1).max(10_000);

/** A line of the signed list, with the exact text that was signed. */
export const ListLine = z.strictObject({
  text: z.string().max(2_000),
  signature: z.string().regex(/^[A-Za-z0-9_-]{86}$/),
});
export type ListLine = z.infer<typeof ListLine>;

export const PublicKeys = z.strictObject({ lines: z.array(ListLine) });
export type PublicKeys = z.infer<typeof PublicKeys>;

/** A member's key. */
export const MemberRow = z.strictObject({
  member: Member,
  /** What colleagues call them; shown to staff only. */
  name: z.string().min(1).max(30),
  recipient: Recipient,
  /** The identity, sealed with their own passphrase; taken away when they leave, and the name stays. */
  vault: Sealed.optional(),
  at: Instant,
});
export type MemberRow = z.infer<typeof MemberRow>;

/** A desk's secrets, sealed for one member (or for the recovery key: member `recovery`). */
export const Grant = z.strictObject({ member: Member, desk: Desk, epoch: Epoch, sealed: Sealed });
export type Grant = z.infer<typeof Grant>;

/** What a member gets to work with. */
export const KeyRing = z.strictObject({
  me: Member,
  /** Another one after every change of anybody's keys, grants or the centre's key. */
  revision: z.int().nonnegative(),
  lines: z.array(ListLine),
  vault: Sealed.optional(),
  grants: z.array(Grant),
  /** The centre's key, for who holds it. */
  centre: Sealed.optional(),
  members: z.array(
    z.strictObject({
      member: Member,
      name: z.string(),
      recipient: Recipient,
      /** Not of who has left. */
      hasKey: z.boolean(),
      /** Desks that they can open in their newest epoch. */
      desks: z.array(Desk),
      isKeyholder: z.boolean(),
    }),
  ),
});
export type KeyRing = z.infer<typeof KeyRing>;

export const VaultRequest = z.strictObject({
  name: MemberRow.shape.name.trim(),
  recipient: Recipient,
  vault: Sealed,
});
export type VaultRequest = z.infer<typeof VaultRequest>;

/** One step of the keyholders: lines for the list, and what becomes true with them. All or nothing. */
export const KeyChange = z.strictObject({
  /** Revision of the ring that the step was made from: with any other one it is stale, and refused. */
  seen: z.int().nonnegative(),
  lines: z.array(ListLine).max(40),
  grants: z.array(Grant).max(60),
  /** Grants that end: of a member who goes, or of one desk. */
  ends: z.array(z.strictObject({ member: Member, desk: Desk })).max(60),
  /** The centre's key, sealed anew, and for whom. */
  centre: z.strictObject({ sealed: Sealed, keyholders: z.array(Member).min(1).max(10) }).optional(),
});
export type KeyChange = z.infer<typeof KeyChange>;

/** Which step was taken. Ids only. */
export const KeyEvent = z.strictObject({
  eventId: z.string(),
  kind: z.enum(['keys_changed']),
  at: Instant,
  actor: z.string(),
  /** Desks that fewer than two members can open now. */
  thin: z.array(Desk),
});
export type KeyEvent = z.infer<typeof KeyEvent>;
