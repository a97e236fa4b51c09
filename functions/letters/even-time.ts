/**
 * Answers about mailboxes leave at even times. One that was written to and hidden has a row to be read and
 * one that nobody has used has none: a tenth of a millisecond, which a thousand tries add up to an answer.
 */
import { setImmediate as nextTurn, setTimeout as sleep } from 'node:timers/promises';

/** Longer than reading usually takes, and shorter than anybody notices. */
export const EVEN_MS = 40;

/** Does the work, and comes back a whole number of steps after it began, also when it fails. */
export async function evenly<Result>(work: () => Promise<Result>): Promise<Result> {
  const began = performance.now();
  try {
    return await work();
  } finally {
    const steps = Math.ceil((performance.now() - began) / EVEN_MS);
    const leaves = began + steps * EVEN_MS;
    // A timer counts whole milliseconds, and the fraction that it leaves would tell again.
    await sleep(Math.max(0, Math.floor(leaves - performance.now()) - 1));
    while (performance.now() < leaves) await nextTurn();
  }
}
