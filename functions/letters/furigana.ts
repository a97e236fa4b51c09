/**
 * Texts with readings, written `{漢字|かんじ}`: how they are read into parts, and what in them lacks a
 * reading. Pure: pages, the letters' app and the tests read the same texts.
 */

/** Plain text, or a word with its reading above it. */
export type FuriganaPart = string | { readonly base: string; readonly reading: string };

const WORD = /\{([^{}|]+)\|([^{}|]+)\}/g;
const KANJI = /[\p{Script=Han}々〆ヶ]/u;

export function readFurigana(text: string): readonly FuriganaPart[] {
  const parts: FuriganaPart[] = [];
  let end = 0;
  for (const { 0: whole, 1: base = '', 2: reading = '', index } of text.matchAll(WORD)) {
    if (index > end) parts.push(text.slice(end, index));
    parts.push({ base, reading });
    end = index + whole.length;
  }
  if (end < text.length) parts.push(text.slice(end));
  return parts;
}

/** The text as it is read without readings, for attributes and for grown-ups. */
export function withoutReadings(text: string): string {
  return text.replace(WORD, '$1');
}

/** What is wrong with a text: kanji without a reading, readings that are not kana, stray brackets. */
export function furiganaFaults(text: string): readonly string[] {
  return readFurigana(text).flatMap((part) => {
    if (typeof part === 'string') return KANJI.test(part) || /[{}|]/.test(part) ? [part] : [];
    const isKana = /^[ぁ-ゖァ-ヺー]+$/.test(part.reading);
    return isKana && KANJI.test(part.base) ? [] : [`${part.base}|${part.reading}`];
  });
}
