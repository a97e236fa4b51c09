/** A letter arrives: accepted once, stored once, and its sender learns its number however often they ask. */
import { setDeadline } from '../platform/agenda.ts';
import type { ApiDeps } from '../platform/deps.ts';
import { appendEvent } from '../platform/events-store.ts';
import { isRefused, type Refused, refuse } from '../platform/refusals.ts';
import { checkSolved } from './challenge.ts';
import {
  type LetterEvent,
  type MailboxHead,
  type PostedLetter,
  PostPayload,
  type SignedRequest,
  type StoredLetter,
} from './model.ts';
import { missingParts, nameParts } from './parts.ts';
import { type Asked, readRequest } from './request.ts';
import { decidePost, isKeyReady, notReadySentence, openBy } from './rules.ts';
import { formProblem } from './sealed-form.ts';
import { conversationNumber, fromBase64, hashOf } from './signing.ts';
import {
  getHead,
  getLetters,
  getLevel,
  putHead,
  putLetter,
  putNotice,
  putNumber,
  spend,
} from './store.ts';
import { promiseFor, timesFor } from './times.ts';

/** Kinds of deadlines: somebody must have opened the letter, and somebody must have answered it. */
export const UNOPENED = 'letter_unopened';
export const UNANSWERED = 'letter_unanswered';
export const unopenedKey = (mailbox: string) => `unopened ${mailbox}`;
export const unansweredKey = (mailbox: string) => `unanswered ${mailbox}`;

/** Two senders with one key can at most pass each other; more tries mean something else is wrong. */
const TRIES = 6;

const FORM_SENTENCES = {
  not_age: '手紙に鍵がかかっていません。ページを開き直して、もう一度お試しください。',
  wrong_stanzas: '手紙の宛先が正しくありません。ページを開き直して、もう一度お試しください。',
  wrong_size: '手紙の大きさが正しくありません。ページを開き直して、もう一度お試しください。',
} as const;

const NUMBER_SENTENCES = {
  number_taken: 'この番号の手紙は、もうとどいています。やりとりを開き直してから、送ってください。',
  number_skipped: '前の手紙が、まだとどいていません。やりとりを開き直してから、送ってください。',
} as const;

export async function postLetter(
  deps: ApiDeps,
  request: SignedRequest,
  now: Date,
): Promise<PostedLetter | Refused> {
  const asked = await readRequest(deps, 'post', PostPayload, request, now);
  if (isRefused(asked)) return asked;
  if (!isKeyReady(deps.letters, deps.config.stage)) {
    const { phone } = deps.letters.desks[asked.desk];
    return refuse('letters_not_ready', notReadySentence(phone));
  }
  const sealed = readSealed(asked.payload.sealed);
  if (isRefused(sealed)) return sealed;
  for (let tries = 0; tries < TRIES; tries += 1) {
    const posted = await tryToPost(deps, request, asked, sealed, now);
    if (posted) return posted;
  }
  throw new Error('A letter that is neither stored nor refused');
}

function readSealed(text: string): Uint8Array | Refused {
  let sealed: Uint8Array;
  try {
    sealed = fromBase64(text);
  } catch {
    return refuse('not_age', FORM_SENTENCES.not_age);
  }
  const problem = formProblem(sealed);
  return problem ? refuse(problem, FORM_SENTENCES[problem]) : sealed;
}

/** @returns undefined when the world changed between looking and storing */
async function tryToPost(
  deps: ApiDeps,
  request: SignedRequest,
  { mailbox, desk, payload }: Asked<PostPayload>,
  sealed: Uint8Array,
  now: Date,
): Promise<PostedLetter | Refused | undefined> {
  const { database } = deps;
  const { number } = payload;
  const head = await getHead(database, mailbox);
  const place = { direction: 'in', number } as const;
  const [stored] = await getLetters(database, mailbox, head?.round ?? 1, [place]);
  const hash = hashOf(sealed);
  const decision = decidePost(head, stored, { number, hash });
  const answer = (receivedAt: string): PostedLetter => ({
    number,
    conversation: conversationNumber(mailbox),
    receivedAt,
    reading: timesFor(deps, desk, now),
  });
  if (decision.do === 'repeat') return answer(stored?.at ?? now.toISOString());
  if (decision.do === 'refuse') return refuse(decision.why, NUMBER_SENTENCES[decision.why]);
  const unsolved = await checkSolved(deps, request);
  if (unsolved) return unsolved;
  const missing = await missingParts(deps, mailbox, payload.attachments);
  if (missing) return missing;

  const at = now.toISOString();
  const { nonce, data } = request.challenge.parameters;
  const letter: StoredLetter = {
    ...place,
    round: decision.round,
    at,
    sealed,
    hash,
    attachments: payload.attachments,
    urgency: payload.header.urgency,
  };
  // By the level of now as well: a question may have been asked and put by while it was easy.
  const isBurst = !head && (data.level > 0 || (await getLevel(database)) > 0);
  const next = headAfter(head, { mailbox, desk, payload }, { at, isBurst });
  const writes = [
    putLetter(database, mailbox, letter),
    putHead(database, next, head?.revision ?? 0),
    spend(database, { nonce, askedAt: data.at }, now),
    setDeadline(database, {
      key: unopenedKey(mailbox),
      kind: UNOPENED,
      subject: mailbox,
      dueAt: openBy(deps.letters, deps.letters.desks[desk], next, at).toISOString(),
    }),
    // A further letter does not put off the answer that was promised for the first.
    setDeadline(database, {
      key: unansweredKey(mailbox),
      kind: UNANSWERED,
      subject: mailbox,
      dueAt: promiseFor(deps, desk, new Date(next.waitingSince ?? at)).toISOString(),
    }),
    appendEvent(database, {
      eventId: deps.ids.event(now),
      kind: 'letter_received',
      at,
      mailbox,
      desk,
      round: next.round,
      number,
      urgency: payload.header.urgency,
    } satisfies LetterEvent),
    ...(head ? [] : [putNumber(database, mailbox)]),
    ...nameParts(deps, mailbox, payload.attachments, decision.round),
    ...(payload.notice === undefined ? [] : [putNotice(database, mailbox, payload.notice, now)]),
  ];
  const outcome = await database.transact(writes);
  if (outcome.committed) return answer(at);
  // The third write is the question: used for another letter, it cannot become right by looking again. For
  // this one it was used where the same letter was stored beside us, which a third one may hide from us by
  // a conflict on letter and head.
  if (outcome.failed.includes(2) && outcome.failed.length === 1) {
    const [twin] = await getLetters(database, mailbox, decision.round, [place]);
    if (twin?.hash === hash) return answer(twin.at);
    return refuse(
      'challenge_used',
      '送る準備をやり直しています。もう一度、送るボタンを押してください。',
    );
  }
  return undefined;
}

/** The head after a letter from its writer. */
function headAfter(
  head: MailboxHead | undefined,
  { mailbox, desk, payload }: Asked<PostPayload>,
  { at, isBurst }: { readonly at: string; readonly isBurst: boolean },
): MailboxHead {
  const { topic, ageBand, urgency } = payload.header;
  const { closed, helped, ...before } = head ?? {
    round: 1,
    letters: { in: 0, out: 0 },
    firstAt: at,
    openedThrough: 0,
    unopenable: [],
    burst: isBurst,
    reviewDue: false,
    revision: 0,
    closed: undefined,
    helped: undefined,
  };
  const isUrgentAlready = head?.waitingSince !== undefined && head.urgency === 'now';
  return {
    ...before,
    mailbox,
    desk,
    letters: { ...before.letters, in: payload.number },
    topic: topic ?? head?.topic,
    ageBand: ageBand ?? head?.ageBand,
    // A calmer letter on top does not make an urgent one below it wait.
    urgency: isUrgentAlready ? 'now' : urgency,
    receivedAt: at,
    waitingSince: head?.waitingSince ?? at,
    unopenedSince: head?.unopenedSince ?? at,
    revision: before.revision + 1,
  };
}
