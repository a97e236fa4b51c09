/** The page's side of the worker: hands a task over and waits for its answer. */
import type { ChallengeReply, Mailbox } from '../sealing.ts';
import { NoAnswer, type Solution } from './client.ts';
import type { Answered, Ordered, Task, Where } from './worker.ts';

/** Both throw NoAnswer while the worker's code cannot be fetched. */
export interface Helper {
  /** Takes a third of a second on a desktop, several on a slow phone. */
  mailboxOf(words: readonly string[], where: Where): Promise<Mailbox>;
  solve(asked: ChallengeReply): Promise<Solution>;
  /** Ends the worker in the middle of whatever it does; nothing is answered any more. */
  stop(): void;
}

export function startHelper(): Helper {
  let worker: Worker | undefined;
  let isOver = false;
  const waiting = new Map<number, { done(value: unknown): void; fail(why: Error): void }>();
  let orders = 0;

  function engage(): Worker {
    const engaged = new Worker(new URL('./worker.ts', import.meta.url), { type: 'module' });
    engaged.addEventListener('message', ({ data }: MessageEvent<Answered>) => {
      const order = waiting.get(data.id);
      waiting.delete(data.id);
      if ('value' in data) order?.done(data.value);
      else order?.fail(new Error('The worker could not do it'));
    });
    // What it does answers for itself: this one could not be fetched. The next order engages another.
    engaged.addEventListener('error', () => {
      worker = undefined;
      engaged.terminate();
      for (const { fail } of waiting.values()) fail(new NoAnswer());
      waiting.clear();
    });
    return engaged;
  }

  const order = <Value>(task: Task): Promise<Value> =>
    new Promise((done, fail) => {
      if (isOver) return;
      orders += 1;
      waiting.set(orders, { done: done as (value: unknown) => void, fail });
      worker ??= engage();
      worker.postMessage({ id: orders, task } satisfies Ordered);
    });
  return {
    mailboxOf: (words, where) => order({ do: 'derive', words, where }),
    solve: ({ challenge }) => order({ do: 'solve', asked: { challenge } }),
    stop() {
      isOver = true;
      worker?.terminate();
    },
  };
}
