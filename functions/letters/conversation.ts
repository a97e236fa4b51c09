/**
 * A conversation as a member of its desk opens it, a page at a time: everything sealed, and what the server
 * knows of it.
 */
import { recordRead } from '../audit/store.ts';
import type { ApiDeps } from '../platform/deps.ts';
import { isRefused, type Refused } from '../platform/refusals.ts';
import { headFor } from './desk-access.ts';
import type { Conversation, ConversationPage } from './desk-model.ts';
import type { MailboxHead, MailboxId, StoredLetter } from './model.ts';
import { queueItem } from './queue.ts';
import { LETTERS_AT_ONCE } from './rules.ts';
import { toBase64 } from './signing.ts';
import { getDraft, listNewest, listNotes } from './store.ts';

export async function openConversation(
  deps: ApiDeps,
  member: string,
  mailbox: MailboxId,
  page: ConversationPage,
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
  return conversationOf(deps, head, page);
}

/**
 * The same without a line of the audit, for who has just changed it: that was written down.
 * @param head read before the letters are: what comes in between is then newer than what the head says was
 *   seen, and is not taken for opened
 */
export async function conversationOf(
  deps: ApiDeps,
  head: MailboxHead,
  { before, notesBefore }: ConversationPage = {},
): Promise<Conversation> {
  const { mailbox } = head;
  const [rounds, draft, { notes, hasOlder }] = await Promise.all([
    roundsOf(deps, head, before),
    getDraft(deps.database, mailbox),
    listNotes(deps.database, mailbox, notesBefore),
  ]);
  return {
    head: queueItem(deps, head),
    approval: deps.letters.desks[head.desk].approval,
    rounds,
    ...(draft ? { draft: { ...draft, sealed: toBase64(draft.sealed) } } : {}),
    notes: notes.map((note) => ({ ...note, sealed: toBase64(note.sealed) })),
    hasOlderNotes: hasOlder,
  };
}

/**
 * The newest letters of each side, through the rounds, the oldest first. Never all of them: a Lambda answers
 * with 6 MB at most, and whoever has the words can write as many letters as they like.
 */
async function roundsOf(
  { database }: ApiDeps,
  { mailbox, round: newest }: MailboxHead,
  before: ConversationPage['before'],
): Promise<Conversation['rounds']> {
  const rounds: Conversation['rounds'] = [];
  const left = { in: LETTERS_AT_ONCE, out: LETTERS_AT_ONCE };
  // Every round before the newest has a letter at least: what is empty is not hidden.
  for (let round = Math.min(before?.round ?? newest, newest); round >= 1; round -= 1) {
    const side = (direction: 'in' | 'out') =>
      listNewest(database, mailbox, round, direction, {
        before: before?.round === round ? before[direction] : undefined,
        count: left[direction],
      });
    const [theirs, ours] = await Promise.all([side('in'), side('out')]);
    left.in -= theirs.length;
    left.out -= ours.length;
    rounds.unshift({
      round,
      from: { in: firstOf(theirs, left.in), out: firstOf(ours, left.out) },
      letters: [...theirs, ...ours].map(toDeskLetter),
    });
    if (left.in === 0 || left.out === 0) break;
  }
  return rounds;
}

/** Number of the first letter that was fetched; where fewer were found than asked for, it is the first of all. */
const firstOf = ([first]: readonly StoredLetter[], left: number) =>
  left > 0 ? 1 : (first?.number ?? 1);

function toDeskLetter({
  direction,
  number,
  at,
  sealed,
  author,
  sender,
  alone,
  reviewedBy,
}: StoredLetter): Conversation['rounds'][number]['letters'][number] {
  return {
    direction,
    number,
    at,
    sealed: toBase64(sealed),
    ...(author === undefined ? {} : { author }),
    ...(sender === undefined ? {} : { sender }),
    ...(alone === undefined ? {} : { alone }),
    ...(reviewedBy === undefined ? {} : { reviewedBy }),
  };
}
