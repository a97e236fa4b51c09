/** Removes sealed pictures that no letter has named in time. */
import type { WorkerDeps } from '../platform/worker-deps.ts';
import type { MailboxId } from './model.ts';
import { keyOf } from './parts.ts';
import { MOST_PARTS } from './sealed-form.ts';
import { dropWaiting } from './store.ts';

/** The time of a picture is over: it goes, unless a letter names it or more of it came meanwhile. */
export async function sweepParts(
  deps: Pick<WorkerDeps, 'database' | 'blobs' | 'clock'>,
  subject: string,
): Promise<void> {
  const [mailbox = '', id = ''] = subject.split(' ');
  // First the row: a letter that would name it now is refused, and its writer sends the picture again.
  if (!(await dropWaiting(deps.database, mailbox, id, deps.clock.now()))) return;
  await removeParts(deps, mailbox, id);
}

/** Removes all parts there can be of a picture. */
export async function removeParts(
  { blobs }: Pick<WorkerDeps, 'blobs'>,
  mailbox: MailboxId,
  id: string,
): Promise<void> {
  const parts = Array.from({ length: MOST_PARTS }, (_, index) => index + 1);
  await Promise.all(parts.map((part) => blobs.remove(keyOf(mailbox, id, part))));
}
