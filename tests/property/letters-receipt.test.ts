/** Six words, however they are written down and run together, are the same six words. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import {
  completionsOf,
  isWord,
  RECEIPT_WORDS,
  readKana,
  readWords,
  WORDS,
} from '../../functions/letters/receipt.ts';
import { anyText } from '../support/arbitraries.ts';
import { spellings } from '../support/kana.ts';

const aWord = fc.constantFrom(...WORDS);
const aSpelling = fc.constantFrom(...Object.keys(spellings('が')));
const aGap = fc.constantFrom('', '', ' ', '　', '-', '・', '\n', '、', ' ー ', '/', '1', '②');

test('words in mixed spellings, with any gaps or none between them, are read back', () => {
  const written = fc.array(fc.tuple(aWord, aSpelling, aGap), {
    minLength: RECEIPT_WORDS,
    maxLength: RECEIPT_WORDS,
  });
  fc.assert(
    fc.property(written, (six) => {
      const typed = six.map(([word, kind, gap]) => (spellings(word)[kind] ?? '') + gap).join('');
      expect(readWords(typed)).toEqual(six.map(([word]) => word));
    }),
    { numRuns: 5_000 },
  );
});

test('one kana too many, too few or another is no six words, or six others of the list', () => {
  const kana = [...new Set(WORDS.join(''))];
  const six = fc.array(aWord, { minLength: RECEIPT_WORDS, maxLength: RECEIPT_WORDS });
  fc.assert(
    fc.property(
      six,
      fc.nat(100),
      fc.nat(2),
      fc.constantFrom(...kana),
      (words, place, what, letter) => {
        const text = words.join('');
        const at = place % text.length;
        const typed =
          text.slice(0, at) + (what === 0 ? '' : letter) + text.slice(at + (what < 2 ? 1 : 0));
        fc.pre(typed !== text);
        const read = readWords(typed);
        expect(read).not.toEqual(words);
        for (const word of read ?? []) expect(WORDS).toContain(word);
        if (read) expect(read.join('')).toBe(typed);
      },
    ),
    { numRuns: 5_000 },
  );
});

test('any text at all is read without a fault, and reading twice changes nothing', () => {
  fc.assert(
    fc.property(anyText, (text) => {
      const kana = readKana(text);
      expect(readKana(kana)).toBe(kana);
      expect(isWord(text)).toBe(WORDS.includes(kana));
      expect(completionsOf(text).length).toBeLessThanOrEqual(8);
      const words = readWords(text);
      if (words) expect(words.join('')).toBe(kana);
    }),
    { numRuns: 5_000 },
  );
});
