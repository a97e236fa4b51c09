/** Words of danger are found however a keyboard writes them; sentences about time always have readings. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { crisisIn } from '../../functions/letters/crisis.ts';
import { furiganaFaults, readFurigana, withoutReadings } from '../../functions/letters/furigana.ts';
import { answerSentence, readingSentence } from '../../functions/letters/words.ts';

const CRIES = [
  'しにたい',
  'きえたい',
  'いなくなりたい',
  'りすかした',
  'なぐられた',
  'さわられた',
  'ころされる',
  'いえにかえれない',
  'じさつ',
];

const toKatakana = (text: string) =>
  text.replace(/[ぁ-ゖ]/g, (letter) => String.fromCharCode(letter.charCodeAt(0) + 0x60));
const HALF: Readonly<Record<string, string>> = Object.fromEntries(
  [...'ｱｲｳｴｵｶｷｸｹｺｻｼｽｾｿﾀﾁﾂﾃﾄﾅﾆﾇﾈﾉﾊﾋﾌﾍﾎﾏﾐﾑﾒﾓﾔﾕﾖﾗﾘﾙﾚﾛﾜｦﾝ'].map((half) => [
    half.normalize('NFKC'),
    half,
  ]),
);
const toHalfWidth = (text: string) =>
  [...toKatakana(text).normalize('NFD')]
    .map((letter) => (letter === '\u3099' ? 'ﾞ' : (HALF[letter] ?? letter)))
    .join('');
const spaced = (text: string) => [...text].join(' ');
const fullySpaced = (text: string) => [...text].join('\u3000');
const ways = [
  (text: string) => text,
  toKatakana,
  toHalfWidth,
  (text: string) => text.normalize('NFD'),
  (text: string) => toKatakana(text).normalize('NFD'),
  spaced,
  fullySpaced,
];

const calm = fc.constantFrom('', 'きょうは', '学校で。', '\n', 'ねえ、', '😀', 'あのね ', 'abc ');

test('a cry is found in any writing, whatever stands around it', () => {
  fc.assert(
    fc.property(
      fc.constantFrom(...CRIES),
      fc.constantFrom(...ways),
      calm,
      fc.constantFrom('', '。', '\nそれだけ', '！！', ' です'),
      (cry, way, before, after) => {
        expect(crisisIn(`${before}${way(cry)}${after}`).kinds).not.toEqual([]);
      },
    ),
    { numRuns: 2_000 },
  );
});

test('any text is looked through, and more text never takes away what was found in whole sentences', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary', maxLength: 400 }), (text) => {
      const found = crisisIn(`もうしにたい。\n${text}`).kinds;
      // A text that begins by a joke's words takes nothing that ended before it.
      expect(found).toContain('die');
    }),
  );
});

test('the longest letter is looked through at once', () => {
  for (const part of ['しに', 'いえに', 'げむで', 'この子を', 'あ', ' ー', '手']) {
    const began = performance.now();
    crisisIn(part.repeat(16_000 / part.length), 'general');
    // A few milliseconds; a pattern that explodes takes minutes.
    expect(performance.now() - began).toBeLessThan(1_000);
  }
});

test('no kanji of a sentence about time lacks its reading', () => {
  const instant = fc
    .date({ min: new Date('2026-01-01'), max: new Date('2030-12-31'), noInvalidDate: true })
    .map((date) => date.toISOString());
  fc.assert(
    fc.property(instant, instant, instant, fc.boolean(), (now, nextReadingAt, answerBy, isOpen) => {
      const reading = { now, nextReadingAt, answerBy, isOpen };
      for (const sentence of [readingSentence(reading), answerSentence(reading)]) {
        expect(furiganaFaults(sentence)).toEqual([]);
      }
    }),
  );
});

test('reading a text into parts loses nothing', () => {
  const text = fc
    .array(fc.constantFrom('{', '}', '|', '話', 'はな', 'あ', '1'))
    .map((all) => all.join(''));
  fc.assert(
    fc.property(text, (whole) => {
      const parts = readFurigana(whole);
      const back = parts.map((part) =>
        typeof part === 'string' ? part : `{${part.base}|${part.reading}}`,
      );
      expect(back.join('')).toBe(whole);
      const plain = parts.map((part) => (typeof part === 'string' ? part : part.base));
      expect(withoutReadings(whole)).toBe(plain.join(''));
    }),
  );
});
