/**
 * What was marked at the door and has not reached the server: ids and marks, never a name, so that it
 * may lie in the tab's storage until the network is back. Pure.
 */
import type {
  AttendanceMarks,
  MarkRequest,
  MarkView,
  WalkInRequest,
  WalkInView,
} from '../rules.ts';

interface InSession {
  readonly courseId: string;
  readonly sessionKey: string;
}

/** One thing to send. `conflict` is what the server said when another phone was quicker. */
export type Job =
  | (InSession & {
      readonly kind: 'mark';
      readonly request: MarkRequest;
      readonly conflict?: string;
    })
  | (InSession & {
      readonly kind: 'walk_in';
      readonly request: WalkInRequest;
      readonly at: string;
    })
  | (InSession & { readonly kind: 'removal'; readonly walkInId: string });

function isSameSession(a: InSession, b: InSession): boolean {
  return a.courseId === b.courseId && a.sessionKey === b.sessionKey;
}

/** Whether two jobs are the same thing to send, also after they came back from the storage. */
function isSameJob(a: Job, b: Job): boolean {
  if (!isSameSession(a, b)) return false;
  if (a.kind === 'mark' && b.kind === 'mark') {
    return (
      a.request.registrationId === b.request.registrationId &&
      a.request.sequence === b.request.sequence
    );
  }
  if (a.kind === 'walk_in' && b.kind === 'walk_in') {
    return a.request.walkInId === b.request.walkInId;
  }
  return a.kind === 'removal' && b.kind === 'removal' && a.walkInId === b.walkInId;
}

/** With one more: the newest mark of a family replaces the one before it. */
export function withJob(jobs: readonly Job[], job: Job): readonly Job[] {
  const others = jobs.filter((each) => {
    if (!isSameSession(each, job)) return true;
    if (each.kind === 'mark' && job.kind === 'mark') {
      return each.request.registrationId !== job.request.registrationId;
    }
    // It may be on its way already, so it is taken back at the server as well.
    return !(
      each.kind === 'walk_in' &&
      job.kind === 'removal' &&
      each.request.walkInId === job.walkInId
    );
  });
  return [...others, job];
}

/** Without one that arrived; what replaced it meanwhile stays. */
export function withoutJob(jobs: readonly Job[], job: Job): readonly Job[] {
  return jobs.filter((each) => !isSameJob(each, job));
}

/** Another phone was quicker: it is kept, and not sent again before somebody has decided. */
export function inConflict(jobs: readonly Job[], job: Job, sentence: string): readonly Job[] {
  return jobs.map((each) =>
    each.kind === 'mark' && isSameJob(each, job) ? { ...each, conflict: sentence } : each,
  );
}

/** What is to be sent next. */
export function nextJob(jobs: readonly Job[]): Job | undefined {
  return jobs.find((job) => job.kind !== 'mark' || job.conflict === undefined);
}

export function unsentCount(jobs: readonly Job[]): number {
  return jobs.filter((job) => nextJob([job]) !== undefined).length;
}

/** The marks of a session as this screen shows them: the server's, and on top what is on its way. */
export function marksShown(
  known: readonly MarkView[],
  jobs: readonly Job[],
  session: InSession,
): readonly MarkView[] {
  const mine = jobs.flatMap((job) =>
    job.kind === 'mark' && job.conflict === undefined && isSameSession(job, session)
      ? [viewOf(job.request)]
      : [],
  );
  const ids = new Set(mine.map(({ registrationId }) => registrationId));
  return [...known.filter(({ registrationId }) => !ids.has(registrationId)), ...mine];
}

function viewOf({ device, sequence, version, ...mark }: MarkRequest): MarkView {
  return { ...mark, version: Math.max(1, version) };
}

/** The walk-ins of a session likewise. */
export function walkInsShown(
  known: readonly WalkInView[],
  jobs: readonly Job[],
  session: InSession,
): readonly WalkInView[] {
  const here = jobs.filter((job) => isSameSession(job, session));
  const removed = new Set(here.flatMap((job) => (job.kind === 'removal' ? [job.walkInId] : [])));
  const ids = new Set(known.map(({ walkInId }) => walkInId));
  const mine = here.flatMap((job) =>
    job.kind === 'walk_in' && !ids.has(job.request.walkInId)
      ? [{ ...job.request, at: job.at }]
      : [],
  );
  return [...known, ...mine].filter(({ walkInId }) => !removed.has(walkInId));
}

/** Marks that arrived, newest version first: an answer that was overtaken brings nothing back. */
export function newestMarks(
  before: readonly MarkView[],
  arrived: readonly MarkView[],
): readonly MarkView[] {
  const byFamily = new Map(before.map((mark) => [mark.registrationId, mark]));
  for (const mark of arrived) {
    const known = byFamily.get(mark.registrationId);
    if (!known || known.version <= mark.version) byFamily.set(mark.registrationId, mark);
  }
  return [...byFamily.values()];
}

/** What is known of a session after the server was asked. */
export function newestKnown(before: AttendanceMarks, arrived: AttendanceMarks): AttendanceMarks {
  return { ...arrived, marks: [...newestMarks(before.marks, arrived.marks)] };
}
