/**
 * Sends what was marked at the door, one by one, again and again until it has arrived. It lies in the
 * tab's storage meanwhile: a reload, a dead spot in the building or the end of a log-in loses nothing.
 */
import { inConflict, type Job, nextJob, withJob, withoutJob } from './attendance-queue.ts';

/** What became of a job: arrived, to be tried again, known better by somebody, or not wanted. */
export type Sent =
  | { readonly outcome: 'done' }
  | { readonly outcome: 'later' }
  | { readonly outcome: 'conflict'; readonly sentence: string }
  | { readonly outcome: 'refused'; readonly sentence: string };

export interface Outbox {
  jobs(): readonly Job[];
  add(job: Job): void;
  /** Sends what there is; nothing happens while it is at it. */
  flush(): Promise<void>;
  /** @returns how to end it */
  subscribe(listener: () => void): () => void;
}

const STORED = 'hidamari.desk.attendance';
const PAUSE_MS = 5_000;

export function makeOutbox(
  storage: Pick<Storage, 'getItem' | 'setItem' | 'removeItem'>,
  send: (job: Job) => Promise<Sent>,
): Outbox {
  let jobs: readonly Job[] = JSON.parse(storage.getItem(STORED) ?? '[]');
  let isSending = false;
  let again: ReturnType<typeof setTimeout> | undefined;
  const listeners = new Set<() => void>();

  const keep = (next: readonly Job[]) => {
    jobs = next;
    if (jobs.length === 0) storage.removeItem(STORED);
    else storage.setItem(STORED, JSON.stringify(jobs));
    for (const listener of listeners) listener();
  };

  const flush = async () => {
    if (isSending) return;
    isSending = true;
    clearTimeout(again);
    try {
      for (let job = nextJob(jobs); job; job = nextJob(jobs)) {
        const sent = await send(job);
        if (sent.outcome === 'later') {
          again = setTimeout(() => void flush(), PAUSE_MS);
          return;
        }
        keep(
          sent.outcome === 'conflict'
            ? inConflict(jobs, job, sent.sentence)
            : withoutJob(jobs, job),
        );
      }
    } finally {
      isSending = false;
    }
  };

  return {
    jobs: () => jobs,
    add(job) {
      keep(withJob(jobs, job));
      void flush();
    },
    flush,
    subscribe(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
}
