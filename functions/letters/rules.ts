/** When letters are read and answered, how hard sending is, and what may be stored. Pure. */
import { addDays, dayInTokyo, instantInTokyo } from '../calendar/rules.ts';
import type { Centre } from '../centre/model.ts';
import type { IsHoliday } from '../centre/rules.ts';
import { intoOpeningHours, isOpenDay } from '../centre/rules.ts';
import type { MailboxHead, ReadingTimes, StoredLetter, Urgency } from './model.ts';
import type { DeskSettings, LetterSettings } from './settings-model.ts';

type Closed = Pick<Centre, 'closedEachYear' | 'closedDays'>;

/** When somebody reads next, and by when an answer is promised (つぎに開いている日の夕方). */
export function readingTimes(
  centre: Closed,
  desk: DeskSettings,
  isHoliday: IsHoliday,
  now: Date,
): ReadingTimes {
  const hours = { ...centre, ...desk };
  const next = intoOpeningHours(hours, isHoliday, now);
  return {
    now: now.toISOString(),
    isOpen: next.getTime() === now.getTime(),
    nextReadingAt: next.toISOString(),
    answerBy: answerBy(centre, desk, isHoliday, now).toISOString(),
  };
}

/**
 * The close of the next open day after the day of receipt; of the same day, where a letter came before
 * the desk opened.
 */
export function answerBy(
  centre: Closed,
  desk: DeskSettings,
  isHoliday: IsHoliday,
  receivedAt: Date,
): Date {
  const hours = { ...centre, ...desk };
  let day = dayInTokyo(receivedAt);
  const isEarly = receivedAt < instantInTokyo(day, desk.opens);
  if (!isEarly) day = addDays(day, 1);
  while (!isOpenDay(hours, isHoliday, day)) day = addDays(day, 1);
  return instantInTokyo(day, desk.closes);
}

/**
 * By when somebody must have opened a letter: by the wall clock from its receipt, through nights and
 * holidays, so that a check within 48 hours stays possible. A further letter puts nothing off.
 */
export function openBy(
  settings: Pick<LetterSettings, 'urgentHours'>,
  desk: Pick<DeskSettings, 'unopenedHours'>,
  { unopenedSince, urgency }: Pick<MailboxHead, 'unopenedSince' | 'urgency'>,
  at: string,
): Date {
  const hours = urgency === 'now' ? settings.urgentHours : desk.unopenedHours;
  return new Date(Date.parse(unopenedSince ?? at) + hours * 3_600_000);
}

/**
 * The centre key of the demonstration, whose secret stands in the source. Who runs a centre with it could
 * read no more than anybody else in the world.
 */
export const DEMONSTRATION_CENTRE_KEY = 'lcv8zPmcehLXbXpIqvq7zGP0nfMLwTgc1faF9FUy6bY';

/** Whether letters may be written and keys be trusted: a deployment needs a key of its own. */
export function isKeyReady(
  { pinned }: Pick<LetterSettings, 'pinned'>,
  stage: 'local' | 'cloud',
): boolean {
  return pinned !== undefined && (stage === 'local' || !isDemonstrationKey(pinned.centreKey));
}

export const isDemonstrationKey = (key: string): boolean => key === DEMONSTRATION_CENTRE_KEY;

/** What a person is told instead, with somebody to speak to. */
export function notReadySentence(phone: string): string {
  return `手紙の準備が、まだできていません。いまは手紙を受け取れないので、お電話（${phone}）で話してください。`;
}

/** Tries that a solution takes at most, by level: some 0.3, 1 and 3 seconds on a slow phone. */
export const TRIES = [100, 300, 1_000] as const;
/** Iterations of PBKDF2 for each try. */
export const TRY_COST = 1_000;
/** Letters in a minute from which sending is made harder by a level. */
const LETTERS_FOR_LEVEL = [30, 120] as const;

/** How hard the next minute is, from the letters of the last. */
export function levelFor(lettersInMinute: number): number {
  return LETTERS_FOR_LEVEL.filter((least) => lettersInMinute >= least).length;
}

/** Minutes that a challenge can be used for. */
export const CHALLENGE_MINUTES = 5;

export function isFresh(askedAt: string, now: Date): boolean {
  const age = now.getTime() - Date.parse(askedAt);
  // A minute of grace for Lambdas whose clocks differ.
  return age >= -60_000 && age <= CHALLENGE_MINUTES * 60_000;
}

/** What is to be done with a letter, given what is stored. */
export type PostDecision =
  | { readonly do: 'store'; readonly round: number }
  | { readonly do: 'repeat' }
  | { readonly do: 'refuse'; readonly why: 'number_taken' | 'number_skipped' };

/**
 * The same sealed bytes again get the same answer; other bytes under a taken number, or a number that
 * leaves one out, are refused. @param stored what lies under this number
 */
export function decidePost(
  head: Pick<MailboxHead, 'round' | 'letters'> | undefined,
  stored: Pick<StoredLetter, 'hash'> | undefined,
  letter: { readonly number: number; readonly hash: string },
): PostDecision {
  if (stored) {
    return stored.hash === letter.hash ? { do: 'repeat' } : { do: 'refuse', why: 'number_taken' };
  }
  const next = (head?.letters.in ?? 0) + 1;
  if (letter.number !== next) {
    return { do: 'refuse', why: letter.number < next ? 'number_taken' : 'number_skipped' };
  }
  return { do: 'store', round: head?.round ?? 1 };
}

const RANK: Readonly<Record<Urgency, number>> = { now: 0, soon: 2, anytime: 2 };

/**
 * Order in the queue: urgent ones, those of known mailboxes first; then mailboxes that are known, then new
 * ones, then new ones that came with unusually many others; within each, who has waited longest.
 */
export function queueOrder(
  head: Pick<MailboxHead, 'urgency' | 'letters' | 'round' | 'burst' | 'waitingSince'>,
): string {
  const isKnown = head.letters.out > 0 || head.letters.in > 1 || head.round > 1;
  const isCrowd = head.burst && head.urgency !== 'now';
  const rank = isKnown ? RANK[head.urgency] : isCrowd ? 4 : RANK[head.urgency] + 1;
  return `${rank}#${head.waitingSince ?? ''}`;
}

/** The newest letters of each side that one answer carries. */
export const LETTERS_AT_ONCE = 10;

/** Numbers of the newest letters of a side before `before`, oldest first. */
export function newestNumbers(count: number, before: number | undefined): number[] {
  const last = Math.min(count, (before ?? count + 1) - 1);
  const first = Math.max(1, last - LETTERS_AT_ONCE + 1);
  return Array.from({ length: Math.max(0, last - first + 1) }, (_, index) => first + index);
}
