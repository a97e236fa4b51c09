/**
 * The app as a machine: where somebody is, what they have written, and what each thing that happens
 * makes of it. Pure; whatever takes time or touches the network is an errand (errands.ts).
 */
import type { CrisisKind } from '../rules.ts';
import type { LetterHeader, PostedLetter, ReadingTimes } from '../sealing.ts';
import type { OpenConversation } from './open-mailbox.ts';
import type { ChosenPhoto } from './photo.ts';

/** A letter while it is being written. Only the text is needed. */
export interface Draft {
  readonly text: string;
  readonly topic: LetterHeader['topic'];
  readonly ageBand: LetterHeader['ageBand'];
  readonly urgency: LetterHeader['urgency'];
  /** 来てほしいとき: as much as the writer wants to say. */
  readonly reach: { readonly where: string; readonly who: string };
  /** 前の手紙を出さない: this letter can be opened by the desk only. */
  readonly isClosed: boolean;
  readonly photos: readonly ChosenPhoto[];
  /** Number of a conversation whose words were lost. */
  readonly quotes: string;
  /** Address for the one mail that says an answer is there; '': none. */
  readonly notice: string;
}

export type Step =
  | 'doors'
  | 'writing'
  | 'showing_words'
  | 'sending'
  | 'arrived'
  | 'typing_words'
  | 'opening'
  | 'conversation'
  | 'hiding'
  | 'hidden';

export type Trouble =
  /** Nothing came back; it is tried again by itself. */
  | { readonly kind: 'no_answer' }
  /** The server refused, with a sentence. */
  | { readonly kind: 'refused'; readonly sentence: string }
  /** Another letter lies under this number: the conversation was opened again. */
  | { readonly kind: 'overtaken' }
  | { readonly kind: 'too_long' }
  /** Nothing is there under these words, or they are not the right ones: nobody can tell. */
  | { readonly kind: 'not_found' }
  /** Something that should not happen; what was written is still here. */
  | { readonly kind: 'failed' };

export interface State {
  readonly step: Step;
  readonly draft: Draft;
  /** Six words that were drawn for a first letter; empty until then. Typed ones are never kept here. */
  readonly words: readonly string[];
  /** What stands in the six places for words of somebody who comes back. */
  readonly slots: readonly string[];
  /** What the signed list of keys turned out to be. */
  readonly keys: 'unknown' | 'real' | 'for_practice' | 'not_believed';
  readonly reading: ReadingTimes | undefined;
  readonly trouble: Trouble | undefined;
  /** How far the photos of the letter on its way are; absent: there are none, or all are there. */
  readonly uploaded: { readonly sent: number; readonly parts: number } | undefined;
  /**
   * Dangers that the letter on its way speaks of, for whom to call once it has arrived; empty: it is urgent
   * and names none; absent: nothing of the kind. Never leaves this memory.
   */
  readonly dangers: readonly CrisisKind[] | undefined;
  /** The letter that arrived last. */
  readonly posted: PostedLetter | undefined;
  readonly conversation: OpenConversation | undefined;
}

export type Happening =
  | { readonly is: 'write' }
  | { readonly is: 'come_back' }
  | { readonly is: 'typed'; readonly changes: Partial<Draft> }
  | { readonly is: 'words_drawn'; readonly words: readonly string[] }
  | { readonly is: 'keys_read'; readonly keys: Exclude<State['keys'], 'unknown'> }
  | { readonly is: 'asked'; readonly reading: ReadingTimes }
  | { readonly is: 'slots'; readonly slots: readonly string[] }
  | { readonly is: 'finished' }
  | { readonly is: 'back' }
  | { readonly is: 'sent'; readonly dangers?: readonly CrisisKind[] | undefined }
  | { readonly is: 'opening' }
  | { readonly is: 'opened'; readonly conversation: OpenConversation }
  | { readonly is: 'helped'; readonly helped: 'yes' | 'no' }
  | { readonly is: 'uploaded'; readonly sent: number; readonly parts: number }
  | { readonly is: 'arrived'; readonly posted: PostedLetter }
  | { readonly is: 'trouble'; readonly trouble: Trouble | undefined }
  | { readonly is: 'hide' }
  | { readonly is: 'hidden' }
  | { readonly is: 'end' };

const NEW_DRAFT: Draft = {
  text: '',
  topic: undefined,
  ageBand: undefined,
  urgency: 'soon',
  reach: { where: '', who: '' },
  isClosed: false,
  photos: [],
  quotes: '',
  notice: '',
};

export const BEGINNING: State = {
  step: 'doors',
  draft: NEW_DRAFT,
  words: [],
  slots: ['', '', '', '', '', ''],
  keys: 'unknown',
  reading: undefined,
  trouble: undefined,
  uploaded: undefined,
  dangers: undefined,
  posted: undefined,
  conversation: undefined,
};

export function next(state: State, event: Happening): State {
  const calm: State = { ...state, trouble: undefined };
  switch (event.is) {
    case 'write':
      return { ...calm, step: 'writing' };
    case 'come_back':
      return { ...calm, step: 'typing_words' };
    case 'typed':
      return { ...calm, draft: { ...state.draft, ...event.changes } };
    case 'words_drawn':
      return { ...state, words: event.words };
    case 'keys_read':
      return { ...state, keys: event.keys };
    case 'asked':
      return { ...state, reading: event.reading };
    case 'slots':
      return { ...state, slots: event.slots };
    case 'finished':
      // Words are shown before the first letter only; whoever writes again has typed them.
      return { ...calm, step: state.conversation ? 'sending' : 'showing_words' };
    case 'sent':
      return { ...calm, step: 'sending', uploaded: undefined, dangers: event.dangers };
    case 'uploaded':
      return { ...calm, uploaded: { sent: event.sent, parts: event.parts } };
    case 'back':
      return back(calm);
    case 'arrived':
      return { ...calm, step: 'arrived', posted: event.posted, draft: NEW_DRAFT };
    case 'opening':
      return { ...calm, step: 'opening' };
    case 'opened':
      return opened(calm, event.conversation, state.step);
    case 'helped':
      return state.conversation
        ? { ...calm, conversation: { ...state.conversation, helped: event.helped } }
        : calm;
    case 'trouble':
      return inTrouble(state, event.trouble);
    case 'hide':
      return { ...calm, step: 'hiding' };
    case 'hidden':
      return { ...BEGINNING, step: 'hidden' };
    case 'end':
      return BEGINNING;
  }
}

/** At the doors nothing is held any more but what was written: the next letter gets other words. */
function back(calm: State): State {
  if (calm.step === 'showing_words') return { ...calm, step: 'writing' };
  if (calm.conversation) return { ...calm, step: 'conversation' };
  return { ...BEGINNING, draft: calm.draft };
}

/** Nothing was ever written there, or all of it was hidden. */
export const isEmpty = ({ counts }: Pick<OpenConversation, 'counts'>) =>
  counts.in === 0 && counts.out === 0;

/** Nobody can tell words that were never used from a mailbox that is empty, and we do not try. */
function opened(calm: State, conversation: OpenConversation, step: Step): State {
  if (isEmpty(conversation)) {
    // Hidden while it was open here, by somebody who knows the words: what is written next gets others.
    const { draft, slots, keys, reading } = calm;
    const trouble = { kind: 'not_found' } as const;
    return { ...BEGINNING, draft, slots, keys, reading, trouble, step: 'typing_words' };
  }
  const { letters } = conversation;
  // Whoever has asked for their letters to stay closed is not asked each time.
  const isClosed = calm.draft.isClosed || letters.some(({ closed }) => closed);
  return {
    ...calm,
    conversation,
    draft: { ...calm.draft, isClosed },
    slots: BEGINNING.slots,
    step: step === 'opening' ? 'conversation' : step,
  };
}

/** Trouble that mends itself is said where somebody stands; the rest leads back to what was written. */
function inTrouble(state: State, trouble: Trouble | undefined): State {
  const leadsBack = trouble !== undefined && trouble.kind !== 'no_answer';
  return { ...state, trouble, step: leadsBack ? (RETREAT[state.step] ?? state.step) : state.step };
}

const RETREAT: Partial<Record<Step, Step>> = {
  sending: 'writing',
  opening: 'typing_words',
  hiding: 'conversation',
};
