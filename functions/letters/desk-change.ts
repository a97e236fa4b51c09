/**
 * The one way in which a desk changes a conversation: the head that was seen becomes another, together with
 * whatever else belongs to the step, a line of the audit, and the event that tells of it.
 */

import type { AuditRow } from '../audit/model.ts';
import { auditWrite } from '../audit/store.ts';
import type { TransactWrite } from '../platform/database.ts';
import type { ApiDeps } from '../platform/deps.ts';
import type { Actor } from '../platform/endpoint.ts';
import { appendEvent } from '../platform/events-store.ts';
import { isRefused, type Refused } from '../platform/refusals.ts';
import { conversationOf } from './conversation.ts';
import { headFor } from './desk-access.ts';
import type { Conversation } from './desk-model.ts';
import type { LetterEvent, MailboxHead, MailboxId } from './model.ts';
import { putHead } from './store.ts';

/** What becomes of a conversation. */
export interface Step {
  readonly head: MailboxHead;
  readonly action: AuditRow['action'];
  readonly also?: readonly TransactWrite[];
  readonly event?: Pick<LetterEvent, 'kind' | 'number'> & { readonly reportId?: string };
}

const TRIES = 6;

/**
 * @param decide from the head as it is now to the step, a refusal, or `undefined`: nothing to do
 * @returns the conversation as it then is
 */
export async function changeConversation(
  deps: ApiDeps,
  { subject }: Actor,
  mailbox: MailboxId,
  decide: (head: MailboxHead) => Promise<Step | Refused | undefined> | Step | Refused | undefined,
  now: Date,
): Promise<Conversation | Refused> {
  const { database, ids } = deps;
  for (let tries = 0; tries < TRIES; tries += 1) {
    const head = await headFor(deps, subject, mailbox);
    if (isRefused(head)) return head;
    const step = await decide(head);
    if (step === undefined) return conversationOf(deps, head);
    if (isRefused(step)) return step;
    const at = now.toISOString();
    const outcome = await database.transact([
      putHead(database, step.head, head.revision),
      ...(step.also ?? []),
      auditWrite(
        deps,
        { action: step.action, actor: subject, subject: mailbox, people: 1 },
        now,
        head.desk,
      ),
      ...(step.event
        ? [
            appendEvent(database, {
              eventId: ids.event(now),
              at,
              mailbox,
              desk: head.desk,
              round: step.head.round,
              ...step.event,
            } satisfies LetterEvent),
          ]
        : []),
    ]);
    if (outcome.committed) return conversationOf(deps, step.head);
  }
  throw new Error('A conversation that somebody else kept changing');
}
