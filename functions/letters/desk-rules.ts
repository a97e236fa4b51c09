/** What a desk may do with a conversation, and by when. Pure. */
import type { AloneReason, OpenedRequest } from './desk-model.ts';
import type { MailboxHead } from './model.ts';
import type { DeskSettings } from './settings-model.ts';

/**
 * Whether an answer may go out: by two members where the desk's rule says so, else by one with a reason.
 * Danger to life is reason enough for any letter; the other reasons are for letters that were marked urgent.
 */
export function mayGoOut(
  approval: DeskSettings['approval'],
  draft: { readonly author: string },
  sender: string,
  urgency: MailboxHead['urgency'],
  alone: AloneReason | undefined,
): boolean {
  if (approval === 'one' || draft.author !== sender) return true;
  return alone === 'life_at_risk' || (alone !== undefined && urgency === 'now');
}

/** Whether somebody else must still look at an answer. */
export function isAlone(
  approval: DeskSettings['approval'],
  draft: { readonly author: string },
  sender: string,
): boolean {
  return approval === 'two' && draft.author === sender;
}

/**
 * The head once an answer is out. What came after the sender had looked is not answered by it, and waits on.
 * @param seen `receivedAt` of the head that the sender saw
 */
export function headAfterAnswer(
  head: MailboxHead,
  number: number,
  { seen, isReviewDue }: { readonly seen: string; readonly isReviewDue: boolean },
): MailboxHead {
  const { draft, helped, waitingSince, unopenedSince, closed, ...rest } = head;
  const cameMeanwhile = head.receivedAt > seen;
  // The oldest that came meanwhile, where that is known.
  const isSince = unopenedSince !== undefined && unopenedSince > seen;
  const since = isSince ? unopenedSince : head.receivedAt;
  return {
    ...rest,
    letters: { ...head.letters, out: number },
    reviewDue: head.reviewDue || isReviewDue,
    openedThrough: cameMeanwhile ? head.openedThrough : head.letters.in,
    ...(cameMeanwhile ? { waitingSince: head.receivedAt, unopenedSince: since } : {}),
    revision: head.revision + 1,
  };
}

/**
 * Whether an opening ends the alarm of letters that nobody has opened: none came since, and every one that
 * waited could be opened, those of rounds that their writer has hidden too. Hiding silences no alarm.
 */
export function endsAlarm(
  head: Pick<MailboxHead, 'round' | 'receivedAt'>,
  opened: Pick<OpenedRequest, 'receivedAt' | 'unopenable' | 'hiddenOpened'>,
): boolean {
  const isHiddenOpened = head.round === 1 || opened.hiddenOpened === true;
  return opened.receivedAt >= head.receivedAt && opened.unopenable.length === 0 && isHiddenOpened;
}

/** The head once a member has opened letters. Those that nobody could open keep the alarm going. */
export function headAfterOpening(head: MailboxHead, opened: OpenedRequest): MailboxHead {
  const isThisRound = opened.round === head.round;
  const { unopenedSince, ...rest } = head;
  return {
    ...rest,
    ...(isThisRound
      ? {
          openedThrough: Math.min(head.letters.in, Math.max(head.openedThrough, opened.through)),
          unopenable: [...new Set(opened.unopenable)].sort((a, b) => a - b),
        }
      : {}),
    ...(endsAlarm(head, opened) || unopenedSince === undefined ? {} : { unopenedSince }),
    revision: head.revision + 1,
  };
}
