/** A long conversation on the desk's screen: pages put together, and which must be fetched before all else. */
import { describe, expect, test } from 'vitest';
import type { Conversation } from '../../functions/letters/desk-model.ts';
import type { MailboxHead } from '../../functions/letters/model.ts';
import { needsOlder, openingOf } from '../../site/src/desk/letters-open.ts';
import {
  notesOlderThan,
  olderThan,
  withNewest,
  withOlder,
  withReviewed,
} from '../../site/src/desk/letters-pages.ts';
import { anOpened, type Fake } from '../support/opened-conversations.ts';

const minute = (count: number) => new Date(Date.UTC(2026, 11, 1, 0, count)).toISOString();

function aHead(changes: Partial<MailboxHead> = {}): MailboxHead {
  return {
    mailbox: 'm'.repeat(43),
    desk: 'teens',
    round: 1,
    letters: { in: 12, out: 0 },
    urgency: 'now',
    firstAt: minute(1),
    receivedAt: minute(12),
    openedThrough: 0,
    unopenedSince: minute(1),
    unopenable: [],
    burst: false,
    reviewDue: false,
    revision: 12,
    ...changes,
  };
}

const letters = (from: number, to: number, round = 1, faulty: readonly number[] = []): Fake[] =>
  Array.from({ length: to - from + 1 }, (_, index) => {
    const number = from + index;
    return { round, number, at: minute(number), isFaulty: faulty.includes(number) };
  });

describe('letters that wait unopened', () => {
  test('are fetched, however many were put on top, before any is said to have been opened', () => {
    const page = anOpened(aHead(), letters(3, 12));
    expect(needsOlder(page)).toBe(true);
    expect(openingOf(page)).toBeUndefined();
    const whole = anOpened(aHead(), letters(1, 12));
    expect(needsOlder(whole)).toBe(false);
    expect(openingOf(whole)).toMatchObject({ through: 12, unopenable: [], hiddenOpened: true });
  });

  test('are all there once one that was opened before is', () => {
    const seen = { openedThrough: 4, unopenedSince: minute(5) };
    expect(needsOlder(anOpened(aHead(seen), letters(5, 12)))).toBe(true);
    expect(needsOlder(anOpened(aHead(seen), letters(4, 12)))).toBe(false);
    expect(needsOlder(anOpened(aHead({ openedThrough: 12 }), letters(3, 12)))).toBe(true);
    const { unopenedSince: _, ...quiet } = aHead({ openedThrough: 12 });
    expect(needsOlder(anOpened(quiet, letters(3, 12)))).toBe(false);
  });

  test('are looked for in the rounds that their writer has hidden', () => {
    const hidden = aHead({ round: 2, letters: { in: 0, out: 0 } });
    expect(needsOlder(anOpened(hidden, letters(3, 12)))).toBe(true);
    expect(openingOf(anOpened(hidden, letters(1, 12)))).toMatchObject({ hiddenOpened: true });
    // Told already that it goes on: nothing more is to be said.
    expect(openingOf(anOpened(hidden, letters(1, 12, 1, [2])))).toBeUndefined();
  });

  test('older ones are fetched too while nobody knows the keys that an answer is sealed for', () => {
    const { unopenedSince: _, ...quiet } = aHead({ openedThrough: 12 });
    expect(needsOlder(anOpened(quiet, letters(3, 12), { knowsKeys: false }))).toBe(true);
  });

  test('what could not be opened stays said of letters that were not fetched again', () => {
    const { unopenedSince: _, ...quiet } = aHead({ openedThrough: 11, unopenable: [2] });
    expect(openingOf(anOpened(quiet, letters(4, 12, 1, [9])))).toMatchObject({
      through: 12,
      unopenable: [2, 9],
    });
  });
});

function aPage(changes: Partial<Conversation> = {}, revision = 1): Conversation {
  const head = { ...aHead({ revision }), conversation: '7K2P-Q8MD-3A' };
  return { head, approval: 'two', rounds: [], notes: [], hasOlderNotes: false, ...changes };
}
const aRound = (round: number, from: number, to: number, outs: readonly number[] = []) => ({
  round,
  from: { in: from, out: outs[0] ?? 1 },
  letters: [
    ...letters(from, to).map(({ number, at }) => ({
      ...{ direction: 'in' as const, number, at, sealed: 'x' },
    })),
    ...outs.map((number) => ({
      ...{ direction: 'out' as const, number, at: minute(number), sealed: 'x', alone: 'asked_now' },
    })),
  ],
});
const short = ({ rounds }: Conversation) =>
  rounds.map(({ round, from, letters: all }) => [
    `${round} from ${from.in}.${from.out}`,
    all
      .map(({ direction, number }) => (direction === 'in' ? number : `+${number}`))
      .sort()
      .join(' '),
  ]);

describe('pages of a conversation', () => {
  test('older ones go before what is held, and the newest keep their place in the head', () => {
    const held = aPage({ rounds: [aRound(2, 3, 5, [4])] }, 7);
    expect(olderThan(held.rounds)).toBe('2.3.4');
    const older = aPage({ rounds: [aRound(1, 8, 9), aRound(2, 1, 2, [1, 2, 3])] }, 8);
    const joined = withOlder(held, older, { before: '2.3.4' });
    expect(short(joined)).toEqual([
      ['1 from 8.1', '8 9'],
      ['2 from 1.1', '+1 +2 +3 +4 1 2 3 4 5'],
    ]);
    // A letter came meanwhile that no page has: what is shown is not yet as new as the page’s head.
    expect(joined.head.revision).toBe(7);
    expect(olderThan(joined.rounds)).toBe('1.8.1');
    expect(withOlder(joined, older, { before: '2.3.4' })).toEqual(joined);
    // Asked for before something else was held, it would leave a gap.
    const late = aPage({ rounds: [aRound(2, 30, 31)] });
    expect(withOlder(late, older, { before: '2.3.4' })).toEqual(late);
    expect(olderThan([aRound(1, 1, 2)])).toBeUndefined();
  });

  test('older ones stay while the newest are asked for again', () => {
    const held = aPage({ rounds: [aRound(1, 1, 12)] }, 12);
    const newest = aPage({ rounds: [aRound(1, 4, 13)] }, 13);
    expect(short(withNewest(held, newest))).toEqual([
      ['1 from 1.1', '1 10 11 12 13 2 3 4 5 6 7 8 9'],
    ]);
    expect(withNewest(newest, held)).toBe(newest);
    const hidden = aPage({ rounds: [aRound(1, 4, 13), aRound(2, 1, 0)] }, 14);
    expect(short(withNewest(held, hidden)).map(([from]) => from)).toEqual([
      '1 from 1.1',
      '2 from 1.1',
    ]);
  });

  test('with a gap in between, older ones are given up and can be asked for again', () => {
    const held = aPage({ rounds: [aRound(1, 1, 12)] }, 12);
    for (const rounds of [[aRound(1, 14, 23)], [aRound(2, 1, 10)]]) {
      expect(withNewest(held, aPage({ rounds }, 23)).rounds).toEqual(rounds);
    }
    expect(short(withNewest(held, aPage({ rounds: [aRound(1, 13, 22)] }, 22)))[0]?.[0]).toBe(
      '1 from 1.1',
    );
  });

  test('a review of an answer that the newest page has not is seen', () => {
    const held = aPage({ rounds: [aRound(1, 1, 2, [1, 2])] });
    const reviewed = withReviewed(held, { round: 1, number: 1, by: 'soudan' });
    expect(reviewed.rounds[0]?.letters.map(({ reviewedBy }) => reviewedBy)).toEqual([
      ...[undefined, undefined],
      ...['soudan', undefined],
    ]);
  });

  test('notes are turned back through, and kept while newer ones come', () => {
    const notes = (from: number, to: number) =>
      letters(from, to).map(({ number, at }) => ({
        ...{ noteId: `n${number}`, author: 'teens', at, sealed: 'x' },
      }));
    const held = aPage({ notes: notes(3, 5), hasOlderNotes: true });
    const notesBefore = `${minute(3)}#n3`;
    expect(notesOlderThan(held)).toBe(notesBefore);
    const older = aPage({ notes: notes(1, 2) });
    const whole = withOlder(held, older, { notesBefore });
    expect(whole).toMatchObject({ notes: notes(1, 5), hasOlderNotes: false });
    expect(withOlder(whole, older, { notesBefore })).toEqual(whole);
    const newer = aPage({ notes: notes(4, 6), hasOlderNotes: true }, 2);
    expect(withNewest(whole, newer)).toMatchObject({ notes: notes(1, 6), hasOlderNotes: false });
    const gap = aPage({ notes: notes(7, 9), hasOlderNotes: true }, 2);
    expect(withNewest(whole, gap)).toMatchObject({ notes: notes(7, 9), hasOlderNotes: true });
  });
});
