/**
 * A flood of letters: sending becomes harder for everybody, by a measure that a slow phone can bear, and
 * nobody is ever turned away. When it is over it becomes easy again.
 */
import { createChallenge, solveChallenge } from 'altcha-lib';
import { deriveKey } from 'altcha-lib/algorithms/pbkdf2';
import { afterEach, beforeEach, expect, test } from 'vitest';
import {
  type ChallengeReply,
  LetterDesk,
  type SignedRequest,
} from '../../../functions/letters/model.ts';
import { levelFor, TRIES, TRY_COST } from '../../../functions/letters/rules.ts';
import { signRequest } from '../../../functions/letters/signing.ts';
import { solve } from '../../../site/src/letters/solve.ts';
import {
  aPlainPayload,
  aRequest,
  askFor,
  problemsOfLetters,
  send,
} from '../../support/letter-requests.ts';
import { aMailbox } from '../../support/letters.ts';
import { rowsOf } from '../../support/raw-tables.ts';
import { inParallel, startWorld, type World } from '../../support/world.ts';

let world: World;
beforeEach(async () => {
  world = await startWorld();
});
afterEach(() => world.stop());

/** How much slower than this machine a phone is that somebody was handed down. */
const SLOW_PHONE = 6;
const BUDGET_MS = 10_000;

/** A letter of the flood, from a question that may have been asked long before. */
async function floodWith(asked: ChallengeReply): Promise<SignedRequest> {
  const mailbox = await aMailbox();
  const text = JSON.stringify(await aPlainPayload(mailbox));
  const solution = await solveChallenge({ challenge: asked.challenge, deriveKey });
  if (!solution) throw new Error('A question without an answer');
  const { desk, verify, recipient } = mailbox;
  const { nonce } = asked.challenge.parameters;
  return {
    keys: { desk: LetterDesk.parse(desk), verify, recipient },
    challenge: asked.challenge,
    solution: { counter: solution.counter, derivedKey: solution.derivedKey },
    signature: signRequest(mailbox.signing, 'post', mailbox.id, nonce, text),
    payload: text,
  };
}

const flood = (letters: number, ask: () => Promise<ChallengeReply>) =>
  inParallel(
    16,
    Array.from({ length: letters }, () => async () => {
      const { status } = await send(world, await floodWith(await ask()));
      return status;
    }),
  );

const easy = (statuses: readonly number[]) => new Set(statuses);

test('a thousand letters of one source are all taken, make sending harder, and another one still gets through', async () => {
  const origin = world.origin;
  // All asked for while it was easy, as who wants to flood would.
  const hoard = await inParallel(
    16,
    Array.from({ length: 1_000 }, () => () => askFor(origin)),
  );
  const levels: number[] = [];
  for (let batch = 0; batch < 10; batch += 1) {
    const statuses = await flood(100, async () => hoard.pop() as ChallengeReply);
    expect(easy(statuses)).toEqual(new Set([201]));
    await world.settle();
    levels.push((await askFor(origin)).challenge.parameters.data.level);
    world.clock.advance(2_000);
  }
  // 100 in a minute are some, 200 and more are many; it never falls while they come.
  expect(levels).toEqual([1, 2, 2, 2, 2, 2, 2, 2, 2, 2]);

  const asked = await askFor(origin);
  expect(asked.tries).toBe(TRIES.at(-1));
  const mailbox = await aMailbox();
  const payload = await aPlainPayload(mailbox);
  const body = await aRequest(origin, mailbox, 'post', payload, asked);
  expect(body.solution?.counter).toBeLessThan(asked.tries);
  expect(await send(world, body)).toMatchObject({ status: 201, json: { number: 1 } });
  const accepted = [{ mailbox: mailbox.id, number: 1, sealed: payload.sealed }];
  expect(await problemsOfLetters(world, accepted)).toEqual({ lost: 0, doubled: 0, miscounted: 0 });
  const letters = (await rowsOf(world, 'consultations')).filter(({ sk }) =>
    sk.startsWith('LETTER#'),
  );
  expect(letters).toHaveLength(1_001);

  // And who is known is not behind a thousand who are not.
  const second = await aPlainPayload(mailbox, 2);
  await send(world, await aRequest(origin, mailbox, 'post', second));
  const heads = (await rowsOf(world, 'consultations')).filter(({ sk }) => sk === 'HEAD');
  const queue = heads.sort((a, b) => (String(a['queueSk']) < String(b['queueSk']) ? -1 : 1));
  expect(queue[0]?.['mailbox']).toBe(mailbox.id);
  expect(heads.filter(({ burst }) => burst === true).length).toBeGreaterThan(700);

  // The minutes after it, by the clock alone.
  for (let minutes = 0; minutes < 3; minutes += 1) {
    world.clock.advance(61_000);
    await world.runClock();
  }
  expect((await askFor(origin)).tries).toBe(TRIES[0]);
}, 300_000);

test('questions of four minutes ago count when they are used, not when they were asked', async () => {
  const hoard: ChallengeReply[] = [];
  for (let index = 0; index < 150; index += 1) hoard.push(await askFor(world.origin));
  world.clock.advance(4 * 60_000);
  const statuses = await flood(150, async () => hoard.pop() as ChallengeReply);
  expect(easy(statuses)).toEqual(new Set([201]));
  await world.settle();
  expect((await askFor(world.origin)).challenge.parameters.data.level).toBe(2);
}, 120_000);

test('letters of a quiet day change nothing', async () => {
  await flood(10, () => askFor(world.origin));
  await world.settle();
  expect((await askFor(world.origin)).tries).toBe(TRIES[0]);
});

test('the hardest question fits into ten seconds of a slow phone', async () => {
  const hardest = await createChallenge({
    algorithm: 'PBKDF2/SHA-256',
    cost: TRY_COST,
    counter: (TRIES.at(-1) ?? 0) - 1,
    data: { at: world.clock.now().toISOString(), level: TRIES.length - 1 },
    deriveKey,
    keyLength: 32,
    hmacSignatureSecret: 'a',
    hmacKeySignatureSecret: 'b',
  });
  const took: number[] = [];
  for (let tries = 0; tries < 3; tries += 1) {
    const [began, cpu] = [performance.now(), process.cpuUsage()];
    const solution = await solve({ challenge: hardest as ChallengeReply['challenge'] });
    expect(solution.counter).toBe((TRIES.at(-1) ?? 0) - 1);
    const { user, system } = process.cpuUsage(cpu);
    // What it costs, where other work on this machine makes it wait longer.
    took.push(Math.min(performance.now() - began, (user + system) / 1_000));
  }
  expect(Math.min(...took) * SLOW_PHONE).toBeLessThan(BUDGET_MS);
});

test('levels are steps of letters in a minute, and each is harder than the one before', () => {
  expect([0, 29, 30, 119, 120, 10_000].map(levelFor)).toEqual([0, 0, 1, 1, 2, 2]);
  expect([...TRIES]).toEqual(TRIES.toSorted((a, b) => a - b));
  expect(levelFor(1e9)).toBe(TRIES.length - 1);
});
