/**
 * Who at the desk may see a conversation: who was granted its desk. To everybody else a letter that exists
 * and one that does not are the same.
 */
import { listGrants } from '../keys/store.ts';
import type { ApiDeps } from '../platform/deps.ts';
import { type Refused, refuse } from '../platform/refusals.ts';
import { LetterDesk, type MailboxHead, type MailboxId } from './model.ts';
import { getHead } from './store.ts';

const NOT_FOUND = refuse('letter_not_found', 'この手紙は見つかりませんでした。');

/** Desks whose letters a member can open. */
export async function desksOf(
  { database }: Pick<ApiDeps, 'database'>,
  member: string,
): Promise<readonly LetterDesk[]> {
  const granted = new Set((await listGrants(database, member)).map(({ desk }) => desk));
  return LetterDesk.options.filter((desk) => granted.has(desk));
}

/** The head, for who may see it. Both reads are made in any case, so that the time tells nothing. */
export async function headFor(
  deps: Pick<ApiDeps, 'database'>,
  member: string,
  mailbox: MailboxId,
): Promise<MailboxHead | Refused> {
  const [desks, head] = await Promise.all([desksOf(deps, member), getHead(deps.database, mailbox)]);
  return head && desks.includes(head.desk) ? head : NOT_FOUND;
}
