/** Finds the answer to the server's question. In a page this runs in a Worker (`worker.ts`). */
import { solveChallenge } from 'altcha-lib';
import { deriveKey } from 'altcha-lib/algorithms/web/pbkdf2';
import type { ChallengeReply } from '../sealing.ts';
import type { Solution } from './client.ts';

/** @throws when there is no answer, which a question of ours always has */
export async function solve({ challenge }: Pick<ChallengeReply, 'challenge'>): Promise<Solution> {
  const solution = await solveChallenge({ challenge, deriveKey });
  if (!solution) throw new Error('A question without an answer');
  return solution;
}
