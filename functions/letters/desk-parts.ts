/** Sealed pictures as a desk has them: those of an answer on their way, and all of a conversation to look at. */
import { recordRead } from '../audit/store.ts';
import type { ApiDeps } from '../platform/deps.ts';
import type { Actor } from '../platform/endpoint.ts';
import { isRefused, type Refused } from '../platform/refusals.ts';
import { headFor } from './desk-access.ts';
import type { MailboxId, PartPlace, SealedPart, UploadPayload } from './model.ts';
import { HOURS, look, NOT_THERE, partOf, readPart, type StoredPart, store } from './parts.ts';
import { getAttachments } from './store.ts';

/** A part of a picture that goes with an answer. */
export async function uploadFromDesk(
  deps: ApiDeps,
  { subject }: Actor,
  mailbox: MailboxId,
  payload: UploadPayload,
  now: Date,
): Promise<StoredPart | Refused> {
  const head = await headFor(deps, subject, mailbox);
  if (isRefused(head)) return head;
  const sealed = readPart(payload);
  if (isRefused(sealed)) return sealed;
  const known = await look(deps, mailbox, payload, sealed);
  return known ?? store(deps, mailbox, payload, sealed, { now, hours: HOURS.desk });
}

/** A part for a member who was granted the desk: also of a draft, and of what its writer has hidden. */
export async function downloadForDesk(
  deps: ApiDeps,
  { subject }: Actor,
  mailbox: MailboxId,
  place: PartPlace,
  now: Date,
): Promise<SealedPart | Refused> {
  const head = await headFor(deps, subject, mailbox);
  if (isRefused(head)) return head;
  const rows = await getAttachments(deps.database, mailbox, [place.attachment]);
  if (!rows.has(place.attachment)) return NOT_THERE;
  if (place.part === 1) {
    await recordRead(
      deps,
      { action: 'letter_picture_read', actor: subject, subject: mailbox, people: 1 },
      now,
      head.desk,
    );
  }
  return partOf(deps, mailbox, place);
}
