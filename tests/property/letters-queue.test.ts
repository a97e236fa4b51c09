/** What the order of a desk's queue promises, whatever waits in it. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { queueOrder } from '../../functions/letters/rules.ts';

type Waiting = Parameters<typeof queueOrder>[0];

const aWaiting: fc.Arbitrary<Waiting> = fc
  .record({
    urgency: fc.constantFrom('now' as const, 'soon' as const, 'anytime' as const),
    letters: fc.record({ in: fc.integer({ min: 1, max: 4 }), out: fc.integer({ min: 0, max: 3 }) }),
    round: fc.integer({ min: 1, max: 2 }),
    burst: fc.boolean(),
    since: fc.integer({ min: 0, max: 60 * 24 * 3 }),
  })
  .map(({ since, ...head }) => ({
    ...head,
    waitingSince: new Date(Date.UTC(2026, 11, 1, 0, since)).toISOString(),
  }));

const isUrgent = ({ urgency }: Waiting) => urgency === 'now';
/** Somebody wrote from there before, or was answered. */
const isKnown = ({ letters, round }: Waiting) => letters.in > 1 || letters.out > 0 || round > 1;
const isOfCrowd = (head: Waiting) => head.burst && !isKnown(head) && !isUrgent(head);

const isBefore = (first: Waiting, second: Waiting) => queueOrder(first) < queueOrder(second);

const holds = (rule: (first: Waiting, second: Waiting) => void) =>
  fc.assert(fc.property(aWaiting, aWaiting, rule), { numRuns: 1_000 });

test('who is urgent stands before whoever is not, in a burst too, and written for the first time too', () => {
  holds((first, second) => {
    fc.pre(isUrgent(first) && !isUrgent(second));
    expect(isBefore(first, second)).toBe(true);
  });
});

test('of those alike in urgency, who is known stands before who is new', () => {
  holds((first, second) => {
    fc.pre(isUrgent(first) === isUrgent(second) && isKnown(first) && !isKnown(second));
    expect(isBefore(first, second)).toBe(true);
  });
});

test('a new letter that came alone stands before those that came with a crowd', () => {
  holds((first, second) => {
    fc.pre(!isOfCrowd(first) && isOfCrowd(second));
    expect(isBefore(first, second)).toBe(true);
  });
});

test('of those alike in all of it, who has waited longer stands first, whatever else they said', () => {
  holds((first, second) => {
    fc.pre(isUrgent(first) === isUrgent(second));
    fc.pre(isKnown(first) === isKnown(second) && isOfCrowd(first) === isOfCrowd(second));
    fc.pre(String(first.waitingSince) < String(second.waitingSince));
    expect(isBefore(first, second)).toBe(true);
  });
});
