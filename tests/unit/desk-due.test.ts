/** The desk's bar: what is due next, in words. */
import { expect, test } from 'vitest';
import { leftName } from '../../site/src/desk/due.ts';

test.each([
  [4 * 60_000, 'あと 4分'],
  [320 * 60_000, 'あと 5時間20分'],
  [60 * 60_000, 'あと 1時間'],
  [47 * 3_600_000, 'あと 47時間'],
  [75 * 3_600_000, 'あと 3日'],
])('%d ms are said as %s', (milliseconds, words) => {
  expect(leftName(milliseconds)).toBe(words);
});
