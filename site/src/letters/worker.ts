/**
 * What takes a phone seconds, away from the page that somebody is writing on: the keys of six words, and
 * the answer to the server's question.
 */
import { type ChallengeReply, mailboxOf } from '../sealing.ts';
import { solve } from './solve.ts';

export type Task =
  | { readonly do: 'derive'; readonly words: readonly string[]; readonly where: Where }
  | { readonly do: 'solve'; readonly asked: Pick<ChallengeReply, 'challenge'> };

export interface Where {
  readonly centreId: string;
  readonly desk: string;
}

/** A task on its way to the worker, and its answer on the way back. */
export interface Ordered {
  readonly id: number;
  readonly task: Task;
}
export type Answered = { readonly id: number } & ({ readonly value: unknown } | { failed: true });

self.addEventListener('message', async ({ data: { id, task } }: MessageEvent<Ordered>) => {
  try {
    const value =
      task.do === 'derive' ? await mailboxOf(task.words, task.where) : await solve(task.asked);
    self.postMessage({ id, value } satisfies Answered);
  } catch {
    // Why is never said: an error's message could hold the words.
    self.postMessage({ id, failed: true } satisfies Answered);
  }
});
