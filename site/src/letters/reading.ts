/** When somebody reads, asked of the server once for a page: a phone's clock decides nothing. */
import type { LetterDesk, ReadingTimes } from '../rules.ts';

let asked: Promise<ReadingTimes | undefined> | undefined;

/** @returns undefined where nobody answers: the page then says the hours as they are printed */
export function askReading(desk: LetterDesk): Promise<ReadingTimes | undefined> {
  asked ??= fetch(`/api/letters/challenge?desk=${desk}`, {
    cache: 'no-store',
    credentials: 'omit',
    referrerPolicy: 'no-referrer',
  })
    .then(async (response) => {
      if (!response.ok) return undefined;
      const { reading } = (await response.json()) as { reading: ReadingTimes };
      return reading;
    })
    .catch(() => undefined);
  return asked;
}
