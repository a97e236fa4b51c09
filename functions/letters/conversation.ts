/** A conversation as a member of its desk opens it: everything sealed, and what the server knows of it. */
import { recordRead } from '../audit/store.ts';
import type { ApiDeps } from '../platform/deps.ts';
import { isRefused, type Refused } from '../platform/refusals.ts';
import { headFor } from './desk-access.ts';
import type { Conversation } from './desk-model.ts';
import type { MailboxHead, MailboxId } from './model.ts';
import { queueItem } from './queue.ts';
import { toBase64 } from './signing.ts';
import { getMailbox } from './store.ts';

export async function openConversation(
  deps: ApiDeps,
  member: string,
  mailbox: MailboxId,
  now: Date,
): Promise<Conversation | Refused> {
  const head = await headFor(deps, member, mailbox);
  if (isRefused(head)) return head;
  await recordRead(
    deps,
    { action: 'letter_read', actor: member, subject: mailbox, people: 1 },
    now,
    head.desk,
  );
  return conversationOf(deps, head);
}

/** The same without a line of the audit, for who has just changed it: that was written down. */
export async function conversationOf(deps: ApiDeps, seen: MailboxHead): Promise<Conversation> {
  const { head = seen, letters, draft, notes } = await getMailbox(deps.database, seen.mailbox);
  const rounds = [...new Set([...letters.map(({ round }) => round), head.round])].sort(
    (a, b) => a - b,
  );
  return {
    head: queueItem(deps, head),
    approval: deps.letters.desks[head.desk].approval,
    rounds: rounds.map((round) => ({
      round,
      letters: letters
        .filter((letter) => letter.round === round)
        .map(({ direction, number, at, sealed, author, sender, alone, reviewedBy }) => ({
          direction,
          number,
          at,
          sealed: toBase64(sealed),
          ...(author === undefined ? {} : { author }),
          ...(sender === undefined ? {} : { sender }),
          ...(alone === undefined ? {} : { alone }),
          ...(reviewedBy === undefined ? {} : { reviewedBy }),
        })),
    })),
    ...(draft ? { draft: { ...draft, sealed: toBase64(draft.sealed) } } : {}),
    notes: notes.map((note) => ({ ...note, sealed: toBase64(note.sealed) })),
  };
}
