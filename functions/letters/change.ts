/** What a writer changes besides writing: hides what is there, or says whether an answer helped. */
import type { TransactWrite } from '../platform/database.ts';
import type { ApiDeps } from '../platform/deps.ts';
import { isRefused, type Refused } from '../platform/refusals.ts';
import { HelpedPayload, HidePayload, type MailboxHead, type SignedRequest } from './model.ts';
import { readRequest } from './request.ts';
import { getHead, putHead, removeNotice } from './store.ts';

const TRIES = 6;

/** Done, or nothing was there to be changed: both are answered alike. */
export interface Changed {
  readonly done: true;
}

/**
 * The mailbox is as if nobody had ever written: a new round begins. The desk keeps what it has, marked;
 * who waits for an answer still waits. Nobody is told by mail any more.
 */
export async function hideLetters(
  deps: ApiDeps,
  request: SignedRequest,
  now: Date,
): Promise<Changed | Refused> {
  const asked = await readRequest(deps, 'hide', HidePayload, request, now);
  if (isRefused(asked)) return asked;
  const also = [removeNotice(deps.database, asked.mailbox)];
  const hidden = (head: MailboxHead) => {
    if (head.letters.in === 0 && head.letters.out === 0) return undefined;
    const { helped, ...rest } = head;
    return {
      ...rest,
      round: head.round + 1,
      letters: { in: 0, out: 0 },
      openedThrough: 0,
      unopenable: [],
    };
  };
  return changeHead(deps, asked.mailbox, hidden, also);
}

export async function sayWhetherHelped(
  deps: ApiDeps,
  request: SignedRequest,
  now: Date,
): Promise<Changed | Refused> {
  const asked = await readRequest(deps, 'helped', HelpedPayload, request, now);
  if (isRefused(asked)) return asked;
  const { helped } = asked.payload;
  return changeHead(deps, asked.mailbox, (head) =>
    head.letters.out === 0 || head.helped === helped ? undefined : { ...head, helped },
  );
}

async function changeHead(
  { database }: ApiDeps,
  mailbox: string,
  change: (head: MailboxHead) => MailboxHead | undefined,
  also: readonly TransactWrite[] = [],
): Promise<Changed> {
  for (let tries = 0; tries < TRIES; tries += 1) {
    const head = await getHead(database, mailbox);
    const next = head && change(head);
    if (!head || !next) return { done: true };
    const revised = { ...next, revision: head.revision + 1 };
    const outcome = await database.transact([putHead(database, revised, head.revision), ...also]);
    if (outcome.committed) return { done: true };
  }
  throw new Error('A mailbox that somebody else kept changing');
}
