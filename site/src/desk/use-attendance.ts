/**
 * The state of one session's attendance: who is expected, what the server knows, what is on its way.
 * Every screen of the desk shares one outbox, so that what was marked is sent wherever one goes next.
 */
import { useCallback, useEffect, useMemo, useState } from 'preact/hooks';
import type { AttendanceMarks, AttendanceSheet, MarkView } from '../rules.ts';
import { LoggedOutError, RefusedError } from './api.ts';
import { type Answer, loadMarks, loadSheet, sendJob } from './attendance-api.ts';
import {
  type Job,
  marksShown,
  newestKnown,
  newestMarks,
  unsentCount,
  walkInsShown,
} from './attendance-queue.ts';
import type { Session } from './log-in.ts';
import { makeOutbox, type Outbox } from './outbox.ts';

const DEVICE = 'hidamari.desk.device';
/** How often the marks of other phones are looked at. */
const LOOK_MS = 10_000;

/** Where the outbox sends by: the log-in of this moment, and the screen that is open. */
interface Reaches {
  readonly accessToken: string;
  readonly onAnswer: (answer: Answer) => void;
  readonly onRefused: (sentence: string) => void;
  readonly onLoggedOut: () => void;
}
let reaches: Reaches | undefined;
let shared: Outbox | undefined;

function theOutbox(): Outbox {
  shared ??= makeOutbox(sessionStorage, async (job) => {
    const by = reaches;
    if (!by) return { outcome: 'later' };
    const sent = await sendJob(by.accessToken, job, by.onAnswer, () => {
      reaches = undefined;
      by.onLoggedOut();
    });
    if (sent.outcome === 'refused') by.onRefused(sent.sentence);
    return sent;
  });
  return shared;
}

/** A chance name for this tab, so that its own marks are known again. */
export function thisDevice(): string {
  const known = sessionStorage.getItem(DEVICE);
  if (known !== null) return known;
  const made = crypto.randomUUID();
  sessionStorage.setItem(DEVICE, made);
  return made;
}

let lastSequence = 0;
/** Grows with every mark, also over a reload. */
export function nextSequence(): number {
  lastSequence = Math.max(lastSequence + 1, Date.now());
  return lastSequence;
}

export interface AttendanceState {
  /** With everything that is marked here, sent or not. */
  readonly sheet: AttendanceSheet | undefined;
  /** What the server knows, for the version that a mark is made from. */
  readonly known: readonly MarkView[];
  readonly jobs: readonly Job[];
  readonly unsent: number;
  /** A sentence when something went wrong; nothing that was marked is lost by it. */
  readonly fault: string | undefined;
  readonly add: (job: Job) => void;
  readonly reload: () => Promise<void>;
  readonly sendNow: () => void;
}

export function useAttendance(
  session: Session,
  courseId: string,
  sessionKey: string,
  onLoggedOut: () => void,
): AttendanceState {
  const { accessToken } = session;
  const outbox = theOutbox();
  const [sheet, setSheet] = useState<AttendanceSheet | undefined>();
  const [jobs, setJobs] = useState(outbox.jobs());
  const [fault, setFault] = useState<string | undefined>();

  const learn = useCallback((marks: AttendanceMarks) => {
    setSheet((seen) => seen && { ...seen, ...newestKnown(seen, marks) });
  }, []);

  const reload = useCallback(async () => {
    try {
      const arrived = await loadSheet(accessToken, courseId, sessionKey);
      setSheet((seen) => (seen ? { ...arrived, ...newestKnown(seen, arrived) } : arrived));
      setFault(undefined);
    } catch (error) {
      if (error instanceof LoggedOutError) onLoggedOut();
      else if (error instanceof RefusedError) setFault(error.message);
      else setFault('名簿を読みこめませんでした。電波の届くところで、もう一度お試しください。');
    }
  }, [accessToken, courseId, sessionKey, onLoggedOut]);

  useEffect(() => {
    reaches = {
      accessToken,
      onLoggedOut,
      onRefused: setFault,
      onAnswer(answer) {
        const { job } = answer;
        if (job.courseId !== courseId || job.sessionKey !== sessionKey) return;
        if ('marks' in answer) learn(answer.marks);
        else {
          setSheet(
            (seen) => seen && { ...seen, marks: [...newestMarks(seen.marks, [answer.mark])] },
          );
        }
      },
    };
    const end = outbox.subscribe(() => setJobs(outbox.jobs()));
    void outbox.flush();
    void reload();
    return end;
  }, [outbox, accessToken, courseId, sessionKey, onLoggedOut, learn, reload]);

  // A colleague marks at the other door; and the network comes back without asking anybody.
  useEffect(() => {
    const look = async () => {
      if (document.visibilityState !== 'visible') return;
      try {
        learn(await loadMarks(accessToken, courseId, sessionKey));
      } catch (error) {
        if (error instanceof LoggedOutError) onLoggedOut();
      }
    };
    const onBack = () => {
      void outbox.flush();
      void look();
    };
    const often = setInterval(() => void look(), LOOK_MS);
    addEventListener('online', onBack);
    addEventListener('focus', onBack);
    return () => {
      clearInterval(often);
      removeEventListener('online', onBack);
      removeEventListener('focus', onBack);
    };
  }, [outbox, accessToken, courseId, sessionKey, onLoggedOut, learn]);

  // Who marked first is shown at once, beside what was marked here.
  const conflicts = jobs.filter((job) => job.kind === 'mark' && job.conflict !== undefined).length;
  useEffect(() => {
    if (conflicts === 0) return;
    loadMarks(accessToken, courseId, sessionKey).then(learn, () => undefined);
  }, [conflicts, accessToken, courseId, sessionKey, learn]);

  const unsent = unsentCount(jobs);
  useEffect(() => {
    if (unsent === 0) return;
    const stay = (event: BeforeUnloadEvent) => event.preventDefault();
    addEventListener('beforeunload', stay);
    return () => removeEventListener('beforeunload', stay);
  }, [unsent]);

  const shown = useMemo(() => {
    const here = { courseId, sessionKey };
    return (
      sheet && {
        ...sheet,
        marks: [...marksShown(sheet.marks, jobs, here)],
        walkIns: [...walkInsShown(sheet.walkIns, jobs, here)],
      }
    );
  }, [sheet, jobs, courseId, sessionKey]);
  return {
    sheet: shown,
    known: sheet?.marks ?? [],
    jobs,
    unsent,
    fault,
    add: outbox.add,
    reload,
    sendNow: () => void outbox.flush(),
  };
}
