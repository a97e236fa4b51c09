/** What was typed of the six words so far: which are known, which is no word, how the last may go on. */
import { completionsOf, isWord, RECEIPT_WORDS, readKana, readWords } from '../sealing.ts';

export interface TypedWords {
  /** All six, when they are there. */
  readonly words: readonly string[] | undefined;
  /** How many words of the list were read. */
  readonly count: number;
  /** The first part that is no word and can become none. */
  readonly unknown: string | undefined;
  /** How the last word may end. */
  readonly completions: readonly string[];
}

/** Kana from which the rest is offered. */
const OFFERED_FROM = 2;

export function readTyped(text: string): TypedWords {
  const parts = text.split(/[\s\u3000・、，,]+/).filter((part) => readKana(part) !== '');
  const last = parts.at(-1) ?? '';
  let count = 0;
  let unknown: string | undefined;
  for (const [index, part] of parts.entries()) {
    const words = readWords(part);
    if (words) count += words.length;
    else if (index < parts.length - 1 || completionsOf(part, 1).length === 0) unknown ??= part;
  }
  const words = unknown === undefined ? readWords(text) : undefined;
  const isOpen = readKana(last).length >= OFFERED_FROM && !isWord(last);
  return {
    words: words?.length === RECEIPT_WORDS ? words : undefined,
    count,
    unknown,
    completions: isOpen ? completionsOf(last, 6) : [],
  };
}

/** The text with its last word completed. */
export function complete(text: string, word: string): string {
  return `${text.replace(/[^\s\u3000・、，,]*$/, '')}${word} `;
}
