/** What else members do with a conversation: say that they opened it, note, take it, close it, report it. */
import { removeDeadline } from '../platform/agenda.ts';
import type { ApiDeps } from '../platform/deps.ts';
import type { Actor } from '../platform/endpoint.ts';
import { isRefused, type Refused, refuse } from '../platform/refusals.ts';
import { readSealed } from './answer.ts';
import { changeConversation } from './desk-change.ts';
import {
  type CloseRequest,
  type Conversation,
  type OpenedRequest,
  Report,
  type ReportRequest,
} from './desk-model.ts';
import { headAfterOpening } from './desk-rules.ts';
import type { MailboxHead, MailboxId } from './model.ts';
import { unansweredKey, unopenedKey } from './post.ts';
import { DESK_STANZAS } from './sealed-form.ts';
import { conversationNumber } from './signing.ts';
import { getLetters, getReport, putNote, putReport } from './store.ts';

const NOT_POSSIBLE = refuse(
  'not_possible_now',
  'やりとりが先に進んでいます。開き直してから、もう一度お試しください。',
);

export async function noteOpening(
  deps: ApiDeps,
  actor: Actor,
  mailbox: MailboxId,
  opened: OpenedRequest,
  now: Date,
): Promise<Conversation | Refused> {
  return changeConversation(
    deps,
    actor,
    mailbox,
    (head) => {
      const next = headAfterOpening(head, opened);
      if (isSameBut(head, next)) return undefined;
      const isOpened = next.unopenedSince === undefined;
      return {
        head: next,
        action: 'letter_opened',
        ...(isOpened ? { also: [removeDeadline(deps.database, unopenedKey(mailbox))] } : {}),
        event: { kind: 'letter_opened', number: next.openedThrough },
      };
    },
    now,
  );
}

/** Nothing but the revision differs. */
function isSameBut(a: MailboxHead, b: MailboxHead): boolean {
  return JSON.stringify({ ...a, revision: 0 }) === JSON.stringify({ ...b, revision: 0 });
}

export async function addNote(
  deps: ApiDeps,
  actor: Actor,
  mailbox: MailboxId,
  text: string,
  now: Date,
): Promise<Conversation | Refused> {
  const sealed = readSealed(text, DESK_STANZAS);
  if (isRefused(sealed)) return sealed;
  const note = {
    noteId: deps.ids.secret(),
    author: actor.subject,
    at: now.toISOString(),
    sealed,
  };
  return changeConversation(
    deps,
    actor,
    mailbox,
    (head) => ({
      head: { ...head, revision: head.revision + 1 },
      also: [putNote(deps.database, mailbox, note)],
      action: 'letter_noted',
    }),
    now,
  );
}

export async function assign(
  deps: ApiDeps,
  actor: Actor,
  mailbox: MailboxId,
  assignee: string | null,
  now: Date,
): Promise<Conversation | Refused> {
  return changeConversation(
    deps,
    actor,
    mailbox,
    ({ assignee: before, ...head }) =>
      before === (assignee ?? undefined)
        ? undefined
        : {
            head: {
              ...head,
              ...(assignee === null ? {} : { assignee }),
              revision: head.revision + 1,
            },
            action: 'letter_assigned',
          },
    now,
  );
}

/** Ends a conversation; a further letter opens it again by itself. @param seen revision of the head */
export async function closeConversation(
  deps: ApiDeps,
  actor: Actor,
  mailbox: MailboxId,
  { outcome, seen }: CloseRequest,
  now: Date,
): Promise<Conversation | Refused> {
  const { database } = deps;
  return changeConversation(
    deps,
    actor,
    mailbox,
    (head) => {
      if (head.closed) return undefined;
      // A letter that came while somebody decided to close must not be closed with the rest.
      if (head.revision !== seen) return NOT_POSSIBLE;
      const { waitingSince, unopenedSince, ...rest } = head;
      return {
        head: {
          ...rest,
          closed: { at: now.toISOString(), by: actor.subject, outcome },
          revision: head.revision + 1,
        },
        also: [
          removeDeadline(database, unopenedKey(mailbox)),
          removeDeadline(database, unansweredKey(mailbox)),
        ],
        action: 'letter_closed',
        event: { kind: 'letter_closed', number: head.letters.in },
      };
    },
    now,
  );
}

/**
 * 通告として受理: a record for the abuse desk, with the instant at which the first of these letters reached
 * the centre. The letter itself stays as it is. The same report again is answered with the stored one.
 */
export async function receiveAsReport(
  deps: ApiDeps,
  actor: Actor,
  mailbox: MailboxId,
  { reportId, round, letters, text, reason }: ReportRequest,
  now: Date,
): Promise<Report | Refused> {
  let report: Report | undefined;
  const outcome = await changeConversation(
    deps,
    actor,
    mailbox,
    async (head) => {
      const numbers = [...new Set(letters)].sort((a, b) => a - b);
      const places = numbers.map((number) => ({ direction: 'in', number }) as const);
      const found = await getLetters(deps.database, mailbox, round, places);
      if (found.length !== numbers.length) return NOT_POSSIBLE;
      const [receivedAt = head.receivedAt] = found.map(({ at }) => at).sort();
      report = await getReport(deps.database, { receivedAt, reportId });
      if (report) return report.source.mailbox === mailbox ? undefined : NOT_POSSIBLE;
      report = Report.parse({
        reportId,
        source: {
          channel: 'web_letter',
          mailbox,
          conversation: conversationNumber(mailbox),
          round,
          letters: numbers,
        },
        text,
        reason,
        reader: actor.subject,
        receivedAt,
        recognisedAt: now.toISOString(),
        disclosureWarning: true,
      });
      return {
        head: {
          ...head,
          reported: { at: now.toISOString(), by: actor.subject },
          revision: head.revision + 1,
        },
        also: [putReport(deps.database, report)],
        action: 'letter_reported',
        event: { kind: 'letter_reported', number: Math.min(...numbers), reportId },
      };
    },
    now,
  );
  if (isRefused(outcome)) return outcome;
  if (!report) throw new Error('A report that was neither stored nor refused');
  return report;
}
