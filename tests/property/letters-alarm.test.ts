/**
 * The alarm of letters that nobody has opened, whatever its writer, whoever found the words and the desk do
 * in whatever order: it ends when everything that waited was opened, and not before.
 */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { headAfterAnswer, headAfterOpening } from '../../functions/letters/desk-rules.ts';
import type { MailboxHead } from '../../functions/letters/model.ts';
import { openingOf } from '../../site/src/desk/letters-open.ts';
import { olderThan } from '../../site/src/desk/letters-pages.ts';
import { anOpened, type Fake } from '../support/opened-conversations.ts';

interface Letter extends Fake {
  /** A look had it on the screen, and it could be read; or an answer went out after it. */
  isDone: boolean;
}

interface Look {
  readonly what: 'look';
  /** Letters that were fetched, from the newest. */
  readonly fetched: number;
  readonly lacksEpochs: boolean;
}
type Step = { readonly what: 'fine' | 'faulty' | 'hide' | 'answer' } | Look;

const aStep: fc.Arbitrary<Step> = fc.oneof(
  { weight: 4, arbitrary: fc.record({ what: fc.constant('fine' as const) }) },
  { weight: 1, arbitrary: fc.record({ what: fc.constant('faulty' as const) }) },
  { weight: 2, arbitrary: fc.record({ what: fc.constant('hide' as const) }) },
  { weight: 1, arbitrary: fc.record({ what: fc.constant('answer' as const) }) },
  {
    weight: 4,
    arbitrary: fc.record({
      what: fc.constant('look' as const),
      fetched: fc.oneof(fc.constant(99), fc.nat(6)),
      lacksEpochs: fc.boolean(),
    }),
  },
);

const FIRST: MailboxHead = {
  mailbox: 'm'.repeat(43),
  desk: 'teens',
  round: 1,
  letters: { in: 0, out: 0 },
  urgency: 'now',
  firstAt: '2026-12-01T00:00:00.000Z',
  receivedAt: '2026-12-01T00:00:00.000Z',
  openedThrough: 0,
  unopenable: [],
  burst: false,
  reviewDue: false,
  revision: 1,
};

function play(steps: readonly Step[], check: (head: MailboxHead, all: readonly Letter[]) => void) {
  let head = FIRST;
  const all: Letter[] = [];
  for (const [index, step] of steps.entries()) {
    const { what } = step;
    if (what === 'fine' || what === 'faulty') {
      const at = new Date(Date.UTC(2026, 11, 1, 0, index)).toISOString();
      const number = head.letters.in + 1;
      all.push({ round: head.round, number, at, isFaulty: what === 'faulty', isDone: false });
      const letters = { ...head.letters, in: number };
      head = { ...head, letters, receivedAt: at, unopenedSince: head.unopenedSince ?? at };
    }
    if (what === 'hide' && head.letters.in > 0) {
      const letters = { in: 0, out: 0 };
      head = { ...head, round: head.round + 1, letters, openedThrough: 0, unopenable: [] };
    }
    if (what === 'answer') {
      for (const letter of all) letter.isDone = true;
      const seen = { seen: head.receivedAt, isReviewDue: false };
      head = headAfterAnswer(head, head.letters.out + 1, seen);
    }
    if (what === 'look') {
      const fetched = all.slice(Math.max(0, all.length - step.fetched));
      const opened = anOpened(head, fetched, step);
      const opening = openingOf(opened);
      if (opening) head = headAfterOpening(head, opening);
      for (const letter of fetched) letter.isDone ||= !letter.isFaulty;
      const isWhole = olderThan(opened.rounds) === undefined;
      if (isWhole && !all.some(({ isFaulty }) => isFaulty)) {
        expect(head.unopenedSince).toBeUndefined();
        expect(head.openedThrough).toBe(head.letters.in);
      }
    }
    check(head, all);
  }
}

const always = (check: Parameters<typeof play>[1]) =>
  fc.assert(
    fc.property(fc.array(aStep, { maxLength: 25 }), (steps) => play(steps, check)),
    { numRuns: 3_000 },
  );

test('it goes on while any letter waits that was not opened, hidden by its writer or not', () => {
  always(({ unopenedSince }, all) => {
    if (all.some(({ isDone }) => !isDone)) expect(unopenedSince).toBeDefined();
  });
});

test('no letter is said to have been opened that was not on the screen', () => {
  always(({ round, openedThrough, unopenable }, all) => {
    const here = all.filter((each) => each.round === round && !each.isDone);
    for (const { number } of here) {
      if (!unopenable.includes(number)) expect(number).toBeGreaterThan(openedThrough);
    }
  });
});

test('after an answer it counts from the first letter that came while it was written', () => {
  const at = (minute: number) => new Date(Date.UTC(2026, 11, 1, 0, minute)).toISOString();
  const head = { ...FIRST, letters: { in: 3, out: 0 }, receivedAt: at(3), unopenedSince: at(2) };
  const answered = headAfterAnswer(head, 1, { seen: at(1), isReviewDue: false });
  expect(answered.unopenedSince).toBe(at(2));
});
