/** By when a letter is to be opened or answered, in words and as a part of the time that there was. Pure. */
import type { QueueItem } from '../rules.ts';
import { leftName } from './due.ts';
import { REPORT_HOURS } from './letters-words.ts';

export interface LetterDue {
  readonly what: 'open' | 'answer';
  readonly at: Date;
  /** 「あと 5時間20分」, 「40分 過ぎました」. */
  readonly left: string;
  readonly isLate: boolean;
  /** 0 … 1 of the time from receipt. */
  readonly gone: number;
}

export const dueName: Readonly<Record<LetterDue['what'], string>> = {
  open: '開く',
  answer: '返事',
};

type Times = Pick<QueueItem, 'openBy' | 'answerBy' | 'unopenedSince' | 'waitingSince'>;

/** What is due of a letter, the earlier first. */
export function duesOf(
  { openBy, answerBy, unopenedSince, waitingSince }: Times,
  now: Date,
): LetterDue[] {
  const due = (what: LetterDue['what'], by: string | undefined, since: string | undefined) =>
    by === undefined ? [] : [dueBy(what, new Date(by), new Date(since ?? by), now)];
  return [
    ...due('open', openBy, unopenedSince ?? waitingSince),
    ...due('answer', answerBy, waitingSince),
  ].sort((a, b) => a.at.getTime() - b.at.getTime());
}

/** The hours of a report (安全確認) from its receipt: hours and not days, since 48 of them are few. */
export function reportDue(
  receivedAt: Date,
  now: Date,
): { readonly at: Date; readonly left: string; readonly isLate: boolean; readonly gone: number } {
  const at = new Date(receivedAt.getTime() + REPORT_HOURS * 3_600_000);
  const due = dueBy('answer', at, receivedAt, now);
  const minutes = Math.ceil((at.getTime() - now.getTime()) / 60_000);
  const left = `あと ${Math.floor(minutes / 60)}時間${minutes % 60 === 0 ? '' : `${minutes % 60}分`}`;
  return { ...due, left: due.isLate || minutes < 60 ? due.left : left };
}

function dueBy(what: LetterDue['what'], at: Date, since: Date, now: Date): LetterDue {
  const wait = at.getTime() - now.getTime();
  const whole = at.getTime() - since.getTime();
  return {
    what,
    at,
    left: wait > 0 ? leftName(wait) : `${leftName(-wait).replace('あと ', '')} 過ぎました`,
    isLate: wait <= 0,
    gone: whole <= 0 ? 1 : Math.min(1, Math.max(0, 1 - wait / whole)),
  };
}

/** What is due first of all these letters. */
export function firstDue(
  items: readonly QueueItem[],
  now: Date,
): { readonly item: QueueItem; readonly due: LetterDue } | undefined {
  return items
    .flatMap((item) => duesOf(item, now).map((due) => ({ item, due })))
    .sort((a, b) => a.due.at.getTime() - b.due.at.getTime())[0];
}

/**
 * First letters that came with unusually many others lie together below the rest; but an urgent one is never
 * folded away, though it may be a false one.
 */
export function splitBurst(items: readonly QueueItem[]): {
  readonly apart: readonly QueueItem[];
  readonly together: readonly QueueItem[];
} {
  const isBurst = ({ burst, urgency, letters, round, assignee }: QueueItem) =>
    burst &&
    urgency !== 'now' &&
    letters.in <= 1 &&
    letters.out === 0 &&
    round === 1 &&
    assignee === undefined;
  const together = items.filter(isBurst);
  // A single one is no crowd.
  if (together.length < 2) return { apart: items, together: [] };
  return { apart: items.filter((item) => !isBurst(item)), together };
}
