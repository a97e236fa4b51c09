/** When the desks read, by this centre's hours and the national holidays. */
import { isNationalHoliday } from '../centre/holidays.ts';
import type { ApiDeps } from '../platform/deps.ts';
import type { LetterDesk, ReadingTimes } from './model.ts';
import { answerBy, readingTimes } from './rules.ts';

type Hours = Pick<ApiDeps, 'centre' | 'letters'>;

export function timesFor({ centre, letters }: Hours, desk: LetterDesk, now: Date): ReadingTimes {
  return readingTimes(centre, letters.desks[desk], isNationalHoliday, now);
}

/** By when a letter that came then is answered. */
export function promiseFor({ centre, letters }: Hours, desk: LetterDesk, receivedAt: Date): Date {
  return answerBy(centre, letters.desks[desk], isNationalHoliday, receivedAt);
}
