/** The queue of a desk: what waits, what was answered, what is closed; a page at a time. */
import { recordRead, recordReadOfHour } from '../audit/store.ts';
import type { ApiDeps } from '../platform/deps.ts';
import type { LetterView, Queue, QueueItem } from './desk-model.ts';
import type { LetterDesk, MailboxHead, MailboxId } from './model.ts';
import { openBy } from './rules.ts';
import { conversationNumber } from './signing.ts';
import { findByNumber, getHead, listDesks, listQueue } from './store.ts';
import { promiseFor } from './times.ts';

/** No mailbox is called this. */
const NOBODY: MailboxId = 'A'.repeat(43);

export interface Wanted {
  readonly desk?: LetterDesk | undefined;
  readonly view: LetterView;
  readonly after?: string | undefined;
  /** 相談番号, as somebody read it out. */
  readonly number?: string | undefined;
}

export async function readQueue(
  deps: ApiDeps,
  member: string,
  { desk, view, after, number }: Wanted,
  now: Date,
): Promise<Queue> {
  const desks = [...(await listDesks(deps.database, member))];
  if (number !== undefined) {
    const mailbox = await findByNumber(deps.database, readNumber(number));
    // Looked for in any case, so that the time tells no stranger whether there is such a number.
    const head = await getHead(deps.database, mailbox ?? NOBODY);
    if (!head || !desks.includes(head.desk)) return { desks, items: [] };
    await recordRead(deps, { action: 'letters_listed', actor: member, people: 1 }, now, head.desk);
    return { desks, items: [queueItem(deps, head)] };
  }
  const wanted = desk ?? desks[0];
  if (wanted === undefined || !desks.includes(wanted)) return { desks, items: [] };
  const { heads, next } = await listQueue(deps.database, wanted, view, after);
  // An open screen asks twice a minute.
  await recordReadOfHour(
    deps,
    { action: 'letters_listed', actor: member, people: heads.length },
    now,
    wanted,
  );
  return {
    desks,
    items: heads.map((head) => queueItem(deps, head)),
    ...(next === undefined ? {} : { next }),
  };
}

/** As it was typed or read out → `7K2P-Q8MD-3A`. */
function readNumber(text: string): string {
  const letters = text
    .normalize('NFKC')
    .toUpperCase()
    .replace(/[^0-9A-Z]/g, '');
  return `${letters.slice(0, 4)}-${letters.slice(4, 8)}-${letters.slice(8)}`;
}

/** A head with its number and its deadlines. */
export function queueItem(deps: Pick<ApiDeps, 'centre' | 'letters'>, head: MailboxHead): QueueItem {
  const { waitingSince, unopenedSince, desk } = head;
  const { letters } = deps;
  return {
    ...head,
    conversation: conversationNumber(head.mailbox),
    ...(unopenedSince === undefined
      ? {}
      : { openBy: openBy(letters, letters.desks[desk], head, unopenedSince).toISOString() }),
    ...(waitingSince === undefined
      ? {}
      : { answerBy: promiseFor(deps, desk, new Date(waitingSince)).toISOString() }),
  };
}
