/**
 * Who at the desk may see a conversation: who was granted its desk. To everybody else a letter that exists
 * and one that does not are the same.
 */
import type { ApiDeps } from '../platform/deps.ts';
import { type Refused, refuse } from '../platform/refusals.ts';
import type { MailboxHead, MailboxId } from './model.ts';
import { getHead, listDesks } from './store.ts';

const NOT_FOUND = refuse('letter_not_found', 'この手紙は見つかりませんでした。');

/** The head, for who may see it. Both reads are made in any case, so that the time tells nothing. */
export async function headFor(
  deps: Pick<ApiDeps, 'database'>,
  member: string,
  mailbox: MailboxId,
): Promise<MailboxHead | Refused> {
  const [desks, head] = await Promise.all([
    listDesks(deps.database, member),
    getHead(deps.database, mailbox),
  ]);
  return head && desks.includes(head.desk) ? head : NOT_FOUND;
}
