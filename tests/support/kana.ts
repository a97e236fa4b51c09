/** The same kana as keyboards, notes and old telephones write them. */

/** Half-width letters of each full-width katakana, from Unicode itself. */
const HALF = new Map(
  Array.from({ length: 0xff9d - 0xff66 + 1 }, (_, index) => {
    const half = String.fromCharCode(0xff66 + index);
    return [half.normalize('NFKC'), half] as const;
  }),
);
HALF.set('\u3099', '\uff9e').set('\u309a', '\uff9f');

export const toKatakana = (text: string): string =>
  text.replace(/[ぁ-ゖ]/g, (letter) => String.fromCharCode(letter.charCodeAt(0) + 0x60));

/** がっこう → ｶﾞｯｺｳ, the marks as letters of their own. */
export const toHalfWidth = (text: string): string =>
  [...toKatakana(text).normalize('NFD')].map((letter) => HALF.get(letter) ?? letter).join('');

/** Small kana as large ones. */
export const toLarge = (text: string): string =>
  text.replace(/[ぁぃぅぇぉっゃゅょゎ]/g, (letter) =>
    String.fromCharCode(letter.charCodeAt(0) + 1),
  );

const every = (text: string, change: (letter: string, index: number) => string) =>
  [...text].map(change).join('');

/** One text in every way that must mean the same. */
export function spellings(text: string): Readonly<Record<string, string>> {
  return {
    'hiragana, composed': text.normalize('NFC'),
    'hiragana, marks apart': text.normalize('NFD'),
    'hiragana, marks with a place of their own': text
      .normalize('NFD')
      .replaceAll('\u3099', '\u309b')
      .replaceAll('\u309a', '\u309c'),
    'hiragana, marks of half width': text
      .normalize('NFD')
      .replaceAll('\u3099', '\uff9e')
      .replaceAll('\u309a', '\uff9f'),
    katakana: toKatakana(text),
    'katakana, marks apart': toKatakana(text).normalize('NFD'),
    'katakana of half width': toHalfWidth(text),
    'every second kana katakana': every(text, (letter, index) =>
      index % 2 === 0 ? toKatakana(letter) : letter,
    ),
    'every second kana of half width': every(text, (letter, index) =>
      index % 2 === 0 ? letter : toHalfWidth(letter),
    ),
    'spaces between': ` ${[...text].join(' ')} `,
    'wide spaces between': `　${[...text].join('　')}　`,
    'hyphens between': [...text].join('-'),
    'wide hyphens and long marks between': every(text, (letter, index) =>
      index % 2 === 0 ? `${letter}ー` : `${letter}－`,
    ),
    'other dashes between': every(text, (letter, index) => letter + '‐‑–—−'[index % 5]),
    'points between': [...text].join('・'),
    'lines between': [...text].join('\r\n'),
    'invisible letters between': `\ufeff${[...text].join('\u200b\u200d')}\u200e`,
  };
}
