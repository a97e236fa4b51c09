/** The machine of the letters' app: where each thing that happens leads, and what is never lost on the way. */
import { expect, test } from 'vitest';
import type { PostedLetter } from '../../functions/letters/model.ts';
import { BEGINNING, type Happening, next, type State } from '../../site/src/letters/machine.ts';
import type { OpenConversation } from '../../site/src/letters/open-mailbox.ts';

const SIX = ['りんご', 'みなと', 'ほたる', 'そよかぜ', 'えのぐ', 'たまご'];
const posted = { number: 1, conversation: '7K2P-Q8MD-3A' } as PostedLetter;

const after = (state: State, ...events: readonly Happening[]) => events.reduce(next, state);

function conversation(changes: Partial<OpenConversation> = {}): OpenConversation {
  return {
    mailbox: { id: 'm' } as OpenConversation['mailbox'],
    letters: [],
    faults: [],
    newest: { in: null, out: null },
    counts: { in: 1, out: 0 },
    from: { in: 1, out: 1 },
    readThrough: 0,
    unopenable: [],
    ...changes,
  };
}

const written = after(
  BEGINNING,
  { is: 'write' },
  { is: 'words_drawn', words: SIX },
  { is: 'typed', changes: { text: 'こわい' } },
);
const sending = after(written, { is: 'finished' }, { is: 'sent' });
const inside = after(
  BEGINNING,
  { is: 'come_back' },
  { is: 'opening' },
  {
    is: 'opened',
    conversation: conversation(),
  },
);

test('a first letter goes by the words: they are shown before it is sent', () => {
  expect(after(written, { is: 'finished' }).step).toBe('showing_words');
  expect(sending.step).toBe('sending');
  const arrived = after(sending, { is: 'arrived', posted });
  expect(arrived).toMatchObject({ step: 'arrived', posted, words: SIX });
  expect(arrived.draft.text).toBe('');
});

test('what a letter speaks of is known until it has arrived, and no longer than its writer stays', () => {
  const sent = after(written, { is: 'finished' }, { is: 'sent', dangers: ['die'] });
  const arrived = after(sent, { is: 'arrived', posted });
  expect(arrived.dangers).toEqual(['die']);
  expect(after(arrived, { is: 'end' }).dangers).toBeUndefined();
  // The next letter is another one.
  expect(after(arrived, { is: 'write' }, { is: 'sent' }).dangers).toBeUndefined();
});

test('whatever goes wrong while sending, the text is still there', () => {
  const waiting = after(sending, { is: 'trouble', trouble: { kind: 'no_answer' } });
  expect(waiting).toMatchObject({ step: 'sending', draft: { text: 'こわい' } });
  for (const trouble of [
    { kind: 'refused', sentence: '' },
    { kind: 'too_long' },
    { kind: 'overtaken' },
    { kind: 'failed' },
  ] as const) {
    const back = after(sending, { is: 'trouble', trouble });
    expect(back).toMatchObject({ step: 'writing', trouble, draft: { text: 'こわい' } });
  }
});

test('trouble is no longer said once somebody goes on', () => {
  const waiting = after(sending, { is: 'trouble', trouble: { kind: 'no_answer' } });
  expect(after(waiting, { is: 'arrived', posted }).trouble).toBeUndefined();
});

test('an empty mailbox and words that were never used are one and the same', () => {
  const empty = conversation({ counts: { in: 0, out: 0 } });
  const typed = after(BEGINNING, { is: 'come_back' }, { is: 'slots', slots: SIX });
  const looked = after(typed, { is: 'opening' }, { is: 'opened', conversation: empty });
  expect(looked).toMatchObject({ step: 'typing_words', trouble: { kind: 'not_found' } });
  expect(looked.slots).toEqual(SIX);
  expect(looked.conversation).toBeUndefined();
});

test('what was hidden while it was open is left, and what was being written gets words of its own', () => {
  const empty = conversation({ counts: { in: 0, out: 0 } });
  const first = after(sending, { is: 'arrived', posted }, { is: 'opening' });
  const open = after(first, { is: 'opened', conversation: conversation() });
  const further = [
    { is: 'write' },
    { is: 'typed', changes: { text: 'つづき' } },
    { is: 'finished' },
  ] as const;
  for (const left of [after(open, { is: 'opening' }), after(open, ...further)]) {
    const found = after(left, { is: 'opened', conversation: empty });
    expect(found).toMatchObject({ step: 'typing_words', trouble: { kind: 'not_found' } });
    expect(found.conversation).toBeUndefined();
    expect(found.words).toEqual([]);
    expect(found.draft.text).toBe(left.draft.text);
  }
});

test('words that were typed are never those of a new letter', () => {
  const typed = after(BEGINNING, { is: 'come_back' }, { is: 'slots', slots: SIX });
  expect(after(typed, { is: 'write' }).words).toEqual([]);
});

test('a further letter is sent at once, and leads back to its conversation', () => {
  const writing = after(inside, { is: 'write' });
  expect(after(writing, { is: 'back' }).step).toBe('conversation');
  expect(after(writing, { is: 'finished' }).step).toBe('sending');
});

test('a conversation that went on elsewhere is opened again beneath what was written', () => {
  const newer = conversation({ counts: { in: 2, out: 0 } });
  const state = after(
    inside,
    { is: 'write' },
    { is: 'typed', changes: { text: 'つづき' } },
    { is: 'sent' },
    { is: 'opened', conversation: newer },
    { is: 'trouble', trouble: { kind: 'overtaken' } },
  );
  expect(state).toMatchObject({ step: 'writing', draft: { text: 'つづき' } });
  expect(state.conversation?.counts.in).toBe(2);
});

test('who has kept their letters closed is not asked again', () => {
  const letter = { direction: 'in', number: 1, at: '', sealed: new Uint8Array(), closed: true };
  const closed = conversation({ letters: [letter as OpenConversation['letters'][number]] });
  const state = after(BEGINNING, { is: 'opening' }, { is: 'opened', conversation: closed });
  expect(state.draft.isClosed).toBe(true);
});

test('at the doors, and at the end, nothing is held that opens a mailbox', () => {
  const backAtDoors = after(written, { is: 'back' });
  expect(backAtDoors).toMatchObject({ step: 'doors', words: [], draft: { text: 'こわい' } });
  expect(after(inside, { is: 'end' })).toEqual(BEGINNING);
  expect(after(inside, { is: 'hide' }, { is: 'hidden' })).toEqual({ ...BEGINNING, step: 'hidden' });
});
