/** Has a picture decoded in a worker of its own, which is ended when it takes too long or memory runs out. */
import { type DecodingFault, type PictureTask, perform, type TaskResult } from './picture-tasks.ts';

/** `no_answer`: the worker's own code could not be fetched; the next picture asks for it again. */
export type PictureWorkFault = DecodingFault | 'too_slow' | 'no_answer';

type Outcome<Task extends PictureTask> = TaskResult<Task> | { readonly fault: PictureWorkFault };

const SECONDS = { shrink: 30, show: 10 } as const;

/** @param seconds after which it is given up */
export function decodePicture<Task extends PictureTask>(
  task: Task,
  seconds: number = SECONDS[task.do],
): Promise<Outcome<Task>> {
  // Browsers of before 2023; they decode outside of the page's thread all the same.
  if (typeof Worker === 'undefined' || typeof OffscreenCanvas === 'undefined') {
    const work = perform(task).catch(() => ({ fault: 'no_picture' as const }));
    return Promise.race([work as Promise<TaskResult<Task>>, after(seconds)]);
  }
  const worker = new Worker(new URL('./picture-worker.ts', import.meta.url), { type: 'module' });
  const work = new Promise<Outcome<Task>>((done) => {
    const fail = () => done({ fault: 'no_picture' });
    // What a script throws comes with its place; a script that did not come says only that.
    const failOrMissing = (event: Event) =>
      event instanceof ErrorEvent ? fail() : done({ fault: 'no_answer' });
    worker.addEventListener('message', ({ data }) => done(data));
    worker.addEventListener('messageerror', fail);
    worker.addEventListener('error', failOrMissing);
    worker.postMessage(task);
  });
  return Promise.race([work, after(seconds)]).finally(() => worker.terminate());
}

function after(seconds: number): Promise<{ readonly fault: 'too_slow' }> {
  return new Promise((done) => setTimeout(done, seconds * 1_000, { fault: 'too_slow' }));
}
