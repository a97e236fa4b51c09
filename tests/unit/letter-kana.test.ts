/** Typing six words: the pad's keys, what is caught at once, and what is pasted. */
import { expect, test } from 'vitest';
import {
  completionsOf,
  isWord,
  readKana,
  readWords,
  WORDS,
} from '../../functions/letters/receipt.ts';
import {
  KANA_MARKS,
  KANA_ROWS,
  type KnownWords,
  placed,
  proposalsFor,
  withMark,
  wordProblem,
} from '../../site/src/letters/kana.ts';

const known: KnownWords = { completionsOf, isWord, readKana, readWords };
const EMPTY = ['', '', '', '', '', ''];
const SIX = ['りんご', 'みなと', 'ほたる', 'そよかぜ', 'えのぐ', 'たまご'];

test('every word of the list can be typed on the pad', () => {
  const keys = new Set(KANA_ROWS.flat());
  const typed = (kana: string): string | undefined => {
    if (keys.has(kana)) return kana;
    for (const key of keys) {
      for (const mark of KANA_MARKS) if (withMark(key, mark) === kana) return kana;
    }
    return undefined;
  };
  const missing = WORDS.filter((word) => [...word].some((kana) => typed(kana) === undefined));
  expect(missing).toEqual([]);
});

test('a mark changes the kana before it, and pressed again takes itself back', () => {
  expect(withMark('か', '゛')).toBe('が');
  expect(withMark('が', '゛')).toBe('か');
  expect(withMark('ば', '゜')).toBe('ぱ');
  expect(withMark('ぱ', '゛')).toBe('ば');
  expect(withMark('きや', '小')).toBe('きゃ');
  expect(withMark('きゃ', '小')).toBe('きや');
  expect(withMark('あ', '゛')).toBe('あ');
  expect(withMark('', '゛')).toBe('');
});

test('three kana lead to a word; the word itself is not proposed again', () => {
  expect(proposalsFor('そよ', known)).toEqual([]);
  expect(proposalsFor('ソヨカ', known)).toEqual(['そよかぜ']);
  expect(proposalsFor('そよかぜ', known)).toEqual([]);
});

test('what is no word is said at once, and what is on its way is left alone', () => {
  expect(wordProblem('', true, known)).toBeUndefined();
  expect(wordProblem('ぬんん', false, known)).toBe('unknown');
  expect(wordProblem('hello', false, known)).toBe('not_kana');
  expect(wordProblem('林檎', false, known)).toBe('not_kana');
  // A keyboard for Latin letters makes kana of them one by one.
  expect(wordProblem('りんg', false, known)).toBeUndefined();
  expect(wordProblem('りんg', true, known)).toBe('not_kana');
  expect(wordProblem('りん', false, known)).toBeUndefined();
  expect(wordProblem('りん', true, known)).toBe('unfinished');
  expect(wordProblem('リンゴ', true, known)).toBeUndefined();
});

test('six words pasted into any place fill all, with or without gaps, in any kind of kana', () => {
  for (const text of [
    SIX.join(' '),
    SIX.join('　'),
    SIX.join('\n'),
    SIX.join('、'),
    SIX.join(''),
  ]) {
    expect(placed(EMPTY, 3, text, known)).toEqual(SIX);
    expect(placed(EMPTY, 0, text.normalize('NFD'), known)).toEqual(SIX);
  }
});

test('fewer words go to the places that follow; one stays where it is typed', () => {
  expect(placed(EMPTY, 2, 'りんご みなと', known)).toEqual(['', '', 'りんご', 'みなと', '', '']);
  expect(placed(EMPTY, 5, 'りんご みなと', known)).toEqual(['', '', '', '', '', 'りんご']);
  expect(placed(EMPTY, 1, 'りんご', known)).toEqual(['', 'りんご', '', '', '', '']);
  // 「いちじく」 would also be two words run together; whoever types one keeps one.
  expect(placed(EMPTY, 0, 'いちりんご', known)[0]).toBe('いちりんご');
});
