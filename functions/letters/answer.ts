/** An answer on its way: written as a sealed draft, looked at by a second member, sent, looked at again. */
import { removeDeadline, setDeadline } from '../platform/agenda.ts';
import type { ApiDeps } from '../platform/deps.ts';
import type { Actor } from '../platform/endpoint.ts';
import { isRefused, type Refused, refuse } from '../platform/refusals.ts';
import { changeConversation } from './desk-change.ts';
import type {
  Conversation,
  DraftRequest,
  ReplyRequest,
  ReviewRequest,
  StoredDraft,
} from './desk-model.ts';
import { headAfterAnswer, isAlone, mayGoOut } from './desk-rules.ts';
import type { MailboxId, StoredLetter } from './model.ts';
import { missingParts, nameParts } from './parts.ts';
import { UNANSWERED, unansweredKey, unopenedKey } from './post.ts';
import { DESK_STANZAS, type FormProblem, formProblem } from './sealed-form.ts';
import { fromBase64, hashOf } from './signing.ts';
import {
  deleteDraft,
  getDraft,
  getLetters,
  listUnreviewed,
  markReviewed,
  putDraft,
  putLetter,
} from './store.ts';
import { promiseFor } from './times.ts';

const CHANGED = refuse(
  'draft_changed',
  'ほかの職員が、先に下書きを変えました。新しい下書きを見てから、もう一度お試しください。',
);
const SECOND_NEEDED = refuse(
  'second_member_needed',
  'この相談室の返事は、ほかの職員が見てから送ります。「確認をお願いする」を押してください。',
);
const TAKEN = refuse(
  'number_taken',
  'やりとりが先に進んでいます。開き直してから、もう一度お試しください。',
);
const FORM: Readonly<Record<FormProblem, string>> = {
  not_age: '鍵がかかっていないので、保存しませんでした。画面を開き直してください。',
  wrong_stanzas: '宛先の数が合わないので、保存しませんでした。画面を開き直してください。',
  wrong_size: '大きさが合わないので、保存しませんでした。画面を開き直してください。',
};

/** Sealed bytes of the right outside, or why not. @param stanzas readers that it is sealed for */
export function readSealed(text: string, stanzas?: number): Uint8Array | Refused {
  try {
    const sealed = fromBase64(text);
    const problem = formProblem(sealed, stanzas);
    return problem ? refuse(problem, FORM[problem]) : sealed;
  } catch {
    return refuse('not_age', FORM.not_age);
  }
}

/** Keeps a draft, over the version that was seen. Who changes it becomes its author. */
export async function saveDraft(
  deps: ApiDeps,
  actor: Actor,
  mailbox: MailboxId,
  { seen, state, sealed: text }: DraftRequest,
  now: Date,
): Promise<Conversation | Refused> {
  const sealed = readSealed(text, DESK_STANZAS);
  if (isRefused(sealed)) return sealed;
  const draft: StoredDraft = {
    version: seen + 1,
    state,
    author: actor.subject,
    at: now.toISOString(),
    sealed,
  };
  return changeConversation(
    deps,
    actor,
    mailbox,
    async (head) => {
      const before = await getDraft(deps.database, mailbox);
      if ((before?.version ?? 0) !== seen) return CHANGED;
      return {
        head: { ...head, draft: state, revision: head.revision + 1 },
        also: [putDraft(deps.database, mailbox, draft, seen)],
        action: 'letter_drafted',
      };
    },
    now,
  );
}

/** Sends an answer: the sealed bytes, stored once, under the next number of the desk. */
export async function sendReply(
  deps: ApiDeps,
  actor: Actor,
  mailbox: MailboxId,
  request: ReplyRequest,
  now: Date,
): Promise<Conversation | Refused> {
  const { database } = deps;
  const sealed = readSealed(request.sealed);
  if (isRefused(sealed)) return sealed;
  const hash = hashOf(sealed);
  const { round, number, attachments, alone } = request;
  return changeConversation(
    deps,
    actor,
    mailbox,
    async (head) => {
      const place = { direction: 'out', number } as const;
      const [stored] = await getLetters(database, mailbox, round, [place]);
      if (stored?.hash === hash) return undefined;
      if (stored || round !== head.round || number !== head.letters.out + 1) return TAKEN;
      const draft = await getDraft(database, mailbox);
      if (draft?.version !== request.draft) return CHANGED;
      const { approval } = deps.letters.desks[head.desk];
      if (!mayGoOut(approval, draft, actor.subject, head.urgency, alone)) return SECOND_NEEDED;
      const missing = await missingParts(deps, mailbox, attachments);
      if (missing) return missing;
      const isReviewDue = isAlone(approval, draft, actor.subject);
      const next = headAfterAnswer(head, number, { seen: request.receivedAt, isReviewDue });
      const letter: StoredLetter = {
        ...place,
        round,
        at: now.toISOString(),
        sealed,
        hash,
        attachments,
        author: draft.author,
        sender: actor.subject,
        ...(isReviewDue && alone !== undefined ? { alone } : {}),
      };
      return {
        head: next,
        also: [
          putLetter(database, mailbox, letter),
          ...nameParts(deps, mailbox, attachments, round),
          deleteDraft(database, mailbox, draft.version),
          ...(next.waitingSince === undefined
            ? [
                removeDeadline(database, unansweredKey(mailbox)),
                removeDeadline(database, unopenedKey(mailbox)),
              ]
            : [
                setDeadline(database, {
                  key: unansweredKey(mailbox),
                  kind: UNANSWERED,
                  subject: mailbox,
                  dueAt: promiseFor(deps, head.desk, new Date(next.waitingSince)).toISOString(),
                }),
              ]),
        ],
        action: 'letter_answered',
        event: { kind: 'letter_answered', number },
      };
    },
    now,
  );
}

/** It went out by one member, and nobody else has looked at it. */
const isUnreviewed = ({ alone, reviewedBy }: StoredLetter) =>
  alone !== undefined && reviewedBy === undefined;

/** A second member has looked at an answer that went out by one. */
export async function reviewReply(
  deps: ApiDeps,
  actor: Actor,
  mailbox: MailboxId,
  { round, number }: ReviewRequest,
  now: Date,
): Promise<Conversation | Refused> {
  const { database } = deps;
  return changeConversation(
    deps,
    actor,
    mailbox,
    async (head) => {
      const [letter] = await getLetters(database, mailbox, round, [{ direction: 'out', number }]);
      if (!letter || !isUnreviewed(letter)) return undefined;
      if (letter.sender === actor.subject) {
        return refuse('second_member_needed', '自分で送った返事は、ほかの職員が確かめます。');
      }
      const due = await listUnreviewed(database, mailbox);
      const reviewDue = due.some((each) => each.round !== round || each.number !== number);
      return {
        head: { ...head, reviewDue, revision: head.revision + 1 },
        also: [markReviewed(database, mailbox, round, number, actor.subject)],
        action: 'letter_reviewed',
      };
    },
    now,
  );
}
