/**
 * Who is told of letters: the telephone on duty, without a word of what they say; and once, if they asked
 * for it, who wrote. Mails name neither the centre's service nor the number of a conversation.
 */
import { putDeadline } from '../platform/agenda.ts';
import type { WorkerDeps } from '../platform/worker-deps.ts';
import { dutyMail, noticeMail } from './emails.ts';
import type { LetterEvent, MailboxHead } from './model.ts';
import { UNANSWERED, UNOPENED, unansweredKey, unopenedKey } from './post.ts';
import { getHead, getNotice, takeNotice } from './store.ts';

/** Hours until the telephone on duty is told again of the same letter. */
const AGAIN_HOURS = { now: 1, other: 6 } as const;

/** An urgent letter: at once. */
export async function tellDuty(deps: WorkerDeps, event: LetterEvent): Promise<void> {
  if (event.urgency !== 'now') return;
  const head = await getHead(deps.database, event.mailbox);
  if (head?.unopenedSince === undefined) return;
  await mailDuty(deps, 'urgent', event.eventId);
}

/** Nobody has opened a letter in time: told, and told again until somebody has. */
export async function tellUnopened(deps: WorkerDeps, mailbox: string): Promise<void> {
  const head = await getHead(deps.database, mailbox);
  if (!head || head.unopenedSince === undefined || head.closed) return;
  await mailDuty(deps, 'unopened', messageIdOf(deps, mailbox));
  await again(deps, head, unopenedKey(mailbox), UNOPENED);
}

/** Nobody has answered in the time that was promised. */
export async function tellUnanswered(deps: WorkerDeps, mailbox: string): Promise<void> {
  const head = await getHead(deps.database, mailbox);
  if (!head || head.waitingSince === undefined || head.closed) return;
  await mailDuty(deps, 'unanswered', messageIdOf(deps, mailbox));
  await again(deps, head, unansweredKey(mailbox), UNANSWERED);
}

async function again(
  { database, clock }: WorkerDeps,
  head: MailboxHead,
  key: string,
  kind: string,
): Promise<void> {
  const hours = head.urgency === 'now' ? AGAIN_HOURS.now : AGAIN_HOURS.other;
  const dueAt = new Date(clock.now().getTime() + hours * 3_600_000).toISOString();
  await putDeadline(database, { key, kind, subject: head.mailbox, dueAt });
}

/** Not the mailbox: a message id is kept by every machine that the mail passes. */
function messageIdOf({ ids, clock }: WorkerDeps, _mailbox: string): string {
  return ids.event(clock.now());
}

async function mailDuty(
  { mailer, letters, centre, config }: WorkerDeps,
  why: 'urgent' | 'unopened' | 'unanswered',
  messageId: string,
): Promise<void> {
  await mailer.send({
    to: letters.dutyMail,
    fromName: centre.neutralName,
    ...dutyMail(why, config.siteOrigin),
    messageId: `duty-${messageId}`,
  });
}

/** The one mail to who asked for it, from an address that names nothing; then the wish is forgotten. */
export async function tellWriterOnce(deps: WorkerDeps, event: LetterEvent): Promise<void> {
  const { database, mailer, letters, config } = deps;
  const email = await getNotice(database, event.mailbox);
  if (email === undefined || config.noticeFrom === undefined) return;
  await mailer.send({
    to: email,
    from: config.noticeFrom,
    fromName: letters.noticeFromName,
    ...noticeMail(),
    messageId: `notice-${event.eventId}`,
  });
  await takeNotice(database, event.mailbox);
}
