/**
 * The server's question, asked while somebody writes and renewed before it grows old, so that nobody
 * waits for it when the letter is to go.
 */
import type { ChallengeReply } from '../sealing.ts';
import type { Solution, Solve } from './client.ts';

/** The server takes a question for five minutes. */
const GOOD_FOR = 4 * 60_000;
const LOOK_EVERY = 20_000;

export interface Questions {
  /** A question that can still be used. */
  fresh(): Promise<ChallengeReply>;
  /** Finds its answer, once. */
  readonly solve: Solve;
  /** It was refused, or has been used: the next is another one. */
  drop(): void;
  stop(): void;
}

export function makeQuestions(ask: () => Promise<ChallengeReply>, find: Solve): Questions {
  const answers = new WeakMap<ChallengeReply, Promise<Solution>>();
  let held: { readonly asked: ChallengeReply; readonly at: number } | undefined;

  const solve: Solve = (asked) => {
    const known = answers.get(asked) ?? find(asked);
    answers.set(asked, known);
    // What was not found is looked for again.
    known.catch(() => answers.delete(asked));
    return known;
  };
  const isOld = () => held === undefined || performance.now() - held.at > GOOD_FOR;
  const fresh = async () => {
    if (held && !isOld()) return held.asked;
    const at = performance.now();
    const asked = await ask();
    held = { asked, at };
    // Whoever sends asks for the answer again and learns what went wrong, if anything.
    solve(asked).catch(() => {});
    return asked;
  };
  const renewing = setInterval(() => {
    if (held && isOld()) fresh().catch(() => {});
  }, LOOK_EVERY);

  return {
    fresh,
    solve,
    drop() {
      held = undefined;
    },
    stop() {
      clearInterval(renewing);
      held = undefined;
    },
  };
}
