/**
 * The server's question before anything of a mailbox: signed, so that nothing has to be remembered, and
 * with a small piece of work that a sender's phone does while its owner writes (altcha, PBKDF2).
 */
import { randomInt } from 'node:crypto';
import { createChallenge, verifySolution } from 'altcha-lib';
import { deriveKey } from 'altcha-lib/algorithms/pbkdf2';
import type { ApiDeps } from '../platform/deps.ts';
import { keyedHash } from '../platform/keyed-hash.ts';
import { type Refused, refuse } from '../platform/refusals.ts';
import { Challenge, type ChallengeReply, type LetterDesk, type SignedRequest } from './model.ts';
import { isFresh, TRIES, TRY_COST } from './rules.ts';
import { getLevel } from './store.ts';
import { timesFor } from './times.ts';

const STALE = refuse(
  'challenge_stale',
  '時間がたちすぎました。もう一度、送るボタンを押してください。書いたものは消えていません。',
);

function secretsOf({ config }: Pick<ApiDeps, 'config'>) {
  return {
    hmacSignatureSecret: keyedHash(config.formKey, 'letter challenge', 'question'),
    hmacKeySignatureSecret: keyedHash(config.formKey, 'letter challenge', 'answer'),
  };
}

/** A new question, as hard as the clock has set it for this minute. */
export async function ask(deps: ApiDeps, desk: LetterDesk, now: Date): Promise<ChallengeReply> {
  const level = Math.min(await getLevel(deps.database), TRIES.length - 1);
  const tries = TRIES[level] ?? TRIES[0];
  const made = await createChallenge({
    algorithm: 'PBKDF2/SHA-256',
    cost: TRY_COST,
    // The answer is somewhere before `tries`, so that the longest wait is known.
    counter: randomInt(tries),
    data: { at: now.toISOString(), level },
    deriveKey,
    keyLength: 32,
    ...secretsOf(deps),
  });
  return {
    challenge: Challenge.parse(made),
    tries,
    tellsByMail: deps.config.noticeFrom !== undefined,
    reading: timesFor(deps, desk, now),
  };
}

/** Whether we asked this, not long ago. @returns undefined when all is well */
export async function checkAsked(
  deps: Pick<ApiDeps, 'config'>,
  { challenge }: Pick<SignedRequest, 'challenge'>,
  now: Date,
): Promise<Refused | undefined> {
  const { invalidSignature } = await verify(deps, challenge, { counter: 0, derivedKey: '00' });
  const isOurs = invalidSignature === false && isFresh(challenge.parameters.data.at, now);
  return isOurs ? undefined : STALE;
}

/** Whether the work was done. Costs one hash, not the work. */
export async function checkSolved(
  deps: Pick<ApiDeps, 'config'>,
  { challenge, solution }: Pick<SignedRequest, 'challenge' | 'solution'>,
): Promise<Refused | undefined> {
  const { verified } = await verify(deps, challenge, solution ?? { counter: 0, derivedKey: '00' });
  if (verified) return undefined;
  return refuse(
    'challenge_unsolved',
    '送る準備が終わっていません。少し待ってから、もう一度押してください。',
  );
}

function verify(
  deps: Pick<ApiDeps, 'config'>,
  challenge: Challenge,
  solution: { readonly counter: number; readonly derivedKey: string },
) {
  return verifySolution({ challenge, solution, deriveKey, ...secretsOf(deps) });
}
