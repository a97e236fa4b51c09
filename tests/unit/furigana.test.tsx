/** Readings: how they are read, how they are shown, and that no kanji of the young people's texts lacks one. */
import { render } from 'preact-render-to-string';
import { describe, expect, test } from 'vitest';
import { contacts } from '../../functions/centre/contacts.ts';
import { furiganaFaults, readFurigana, withoutReadings } from '../../functions/letters/furigana.ts';
import * as crisisTexts from '../../site/src/letters/crisis-texts.ts';
import * as roomTexts from '../../site/src/letters/room-texts.ts';
import { Ruby } from '../../site/src/letters/ruby.tsx';
import { textsIn } from '../support/texts.ts';

test('a text is read into plain parts and words with readings', () => {
  expect(readFurigana('{話|はな}しても、いい{場所|ばしょ}')).toEqual([
    { base: '話', reading: 'はな' },
    'しても、いい',
    { base: '場所', reading: 'ばしょ' },
  ]);
  expect(readFurigana('')).toEqual([]);
  expect(withoutReadings('{話|はな}しても、いい{場所|ばしょ}')).toBe('話しても、いい場所');
});

test.each([
  ['漢字だけ', ['漢字だけ']],
  ['{話|はな}す場所', ['す場所']],
  ['{話|話}す', ['話|話']],
  ['{話|はな', ['{話|はな']],
  ['{はなし|はなし}', ['はなし|はなし']],
  ['{時々|ときどき}、24{時間|じかん}', []],
])('what is wrong with 「%s」 is named', (text, faults) => {
  expect(furiganaFaults(text)).toEqual(faults);
});

test('a reading stands above its word, and in brackets where a browser knows no ruby', () => {
  expect(render(<Ruby text="ここで{話|はな}す<b>" />)).toBe(
    '<span>ここで<ruby>話<rp>（</rp><rt>はな</rt><rp>）</rp></ruby>す&lt;b></span>',
  );
});

describe('every kanji has a reading', () => {
  const texts = [
    ...textsIn({ roomTexts, crisisTexts, contacts }),
    ['readingHours', roomTexts.readingHours('')],
    ['numbersVerified', roomTexts.numbersVerified('')],
    ...textsIn({
      whoReads: roomTexts.whoReads(''),
      comeOver: roomTexts.comeOver(''),
      forAdults: roomTexts.forAdults(''),
    }),
  ] as const;

  test('in a good number of texts', () => {
    expect(texts.length).toBeGreaterThan(80);
  });

  test.each(texts)('%s', (_place, text) => {
    expect(furiganaFaults(text)).toEqual([]);
  });
});
