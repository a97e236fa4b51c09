/** Answers that leave at even times do not tell how long the work took. */
import { expect, test } from 'vitest';
import { EVEN_MS, evenly } from '../../functions/letters/even-time.ts';

/** Work that keeps the processor for so many milliseconds. */
const busy = (ms: number) => async () => {
  const until = performance.now() + ms;
  while (performance.now() < until);
  return ms;
};

/** Milliseconds that each took, in turns. */
async function measure(ways: readonly (() => Promise<unknown>)[], tries: number) {
  const took = ways.map((): number[] => []);
  for (let round = 0; round < tries; round += 1) {
    for (const [index, way] of ways.entries()) {
      const began = performance.now();
      await way();
      took[index]?.push(performance.now() - began);
    }
  }
  return took as [number[], number[]];
}

const median = (values: readonly number[]) =>
  values.toSorted((a, b) => a - b)[values.length >> 1] ?? 0;

test('short work and longer work come back on the same step, with what they found', async () => {
  expect(await evenly(async () => 'found')).toBe('found');
  const [short, long] = await measure([() => evenly(busy(0)), () => evenly(busy(5))], 60);
  for (const each of [...short, ...long]) expect(each).toBeGreaterThanOrEqual(EVEN_MS);
  expect(Math.abs(median(short) - median(long))).toBeLessThan(2);
  // The control: without it the difference is there to be seen.
  const [bareShort, bareLong] = await measure([busy(0), busy(5)], 60);
  expect(median(bareLong) - median(bareShort)).toBeGreaterThan(4);
}, 30_000);

test('work that takes longer than a step leaves on the next', async () => {
  const [took] = await measure([() => evenly(busy(EVEN_MS + 1))], 5);
  for (const each of took) expect(each).toBeGreaterThanOrEqual(2 * EVEN_MS);
});

test('work that fails fails on a step', async () => {
  const began = performance.now();
  await expect(
    evenly(async () => {
      throw new Error('away');
    }),
  ).rejects.toThrow('away');
  expect(performance.now() - began).toBeGreaterThanOrEqual(EVEN_MS);
});
