/** The kana pad (五十音) as data, and what its keys do to a word that is being typed. Pure. */

/** Rows of the table; an empty key keeps a place free. */
export const KANA_ROWS: readonly (readonly string[])[] = [
  'あいうえお',
  'かきくけこ',
  'さしすせそ',
  'たちつてと',
  'なにぬねの',
  'はひふへほ',
  'まみむめも',
  'や　ゆ　よ',
  'らりるれろ',
  'わ　を　ん',
].map((row) => [...row].map((kana) => kana.trim()));

/** Keys that change the kana before them. */
export const KANA_MARKS = ['゛', '゜', '小'] as const;
export type KanaMark = (typeof KANA_MARKS)[number];

const VOICED = new Set('がぎぐげござじずぜぞだぢづでどばびぶべぼゔ');
const HALF_VOICED = new Set('ぱぴぷぺぽ');
const LARGE = 'あいうえおつやゆよわ';
const SMALL = 'ぁぃぅぇぉっゃゅょゎ';
const COMBINING = { ゛: '\u3099', ゜: '\u309a' };

/** The word with its last kana changed; pressed again, the mark goes away; the word itself where none fits. */
export function withMark(word: string, mark: KanaMark): string {
  const last = word.at(-1) ?? '';
  const rest = word.slice(0, -1);
  if (mark === '小') {
    const toSmall = SMALL[LARGE.indexOf(last)];
    const toLarge = LARGE[SMALL.indexOf(last)];
    return rest + (toSmall ?? toLarge ?? last);
  }
  const marked = mark === '゛' ? VOICED : HALF_VOICED;
  // か + ゛ is two characters until they are composed into one.
  const bare = last.normalize('NFD').charAt(0);
  if (marked.has(last)) return rest + bare;
  const composed = (bare + COMBINING[mark]).normalize('NFC');
  return rest + (marked.has(composed) ? composed : last);
}

/** What is known about words: the list comes with the code that seals. */
export interface KnownWords {
  isWord(text: string): boolean;
  readKana(text: string): string;
  completionsOf(text: string, most?: number): readonly string[];
  readWords(text: string): readonly string[] | undefined;
}

/** Not hiragana · no word begins like this · a word that is not finished. */
export type WordProblem = 'not_kana' | 'unknown' | 'unfinished';

/** What is wrong with a word so far. @param isLeft whoever types has gone on to something else */
export function wordProblem(
  typed: string,
  isLeft: boolean,
  known: KnownWords,
): WordProblem | undefined {
  const all = known.readKana(typed);
  // Letters at the end are on their way to becoming kana: 「ひm」.
  const kana = isLeft ? all : all.replace(/[a-z]{1,3}$/, '');
  if (kana === '' || known.isWord(kana)) return undefined;
  if (!/^[ぁ-ゖ]*$/.test(kana)) return 'not_kana';
  if (kana.length >= 3 && known.completionsOf(kana).length === 0) return 'unknown';
  return isLeft ? 'unfinished' : undefined;
}

/** Words that a beginning of three kana leads to; the word itself is no news. */
export function proposalsFor(typed: string, known: KnownWords): readonly string[] {
  const kana = known.readKana(typed);
  if (kana.length < 3) return [];
  return known.completionsOf(kana, 4).filter((word) => word !== kana);
}

/**
 * The six places after something was typed or pasted into one: several words go to the places that follow,
 * six of them to all.
 */
export function placed(
  slots: readonly string[],
  at: number,
  text: string,
  known: KnownWords,
): readonly string[] {
  const pieces = text.split(/[\s\u3000、。,.・]+/).filter((piece) => piece !== '');
  const words = pieces.every((piece) => known.isWord(piece))
    ? pieces.map((piece) => known.readKana(piece))
    : (known.readWords(text) ?? []);
  const isSeveral = words.length > 1 && (pieces.length > 1 || words.length === slots.length);
  if (!isSeveral) return slots.map((slot, place) => (place === at ? text : slot));
  const first = words.length >= slots.length ? 0 : at;
  return slots.map((slot, place) => words[place - first] ?? slot);
}
