/** The desk's calls about attendance and the board. */
import type { AttendanceMarks, AttendanceSheet, Board, MarkView } from '../rules.ts';
import { call, LoggedOutError, RefusedError } from './api.ts';
import type { Job } from './attendance-queue.ts';
import type { Sent } from './outbox.ts';

const pathOf = (courseId: string, sessionKey: string) =>
  `/api/staff/courses/${courseId}/sessions/${sessionKey}`;

export function loadBoard(accessToken: string): Promise<Board> {
  return call(accessToken, 'GET', '/api/staff/board');
}

/** With names; each time is written into the audit, so it is asked for when somebody asks. */
export function loadSheet(
  accessToken: string,
  courseId: string,
  sessionKey: string,
): Promise<AttendanceSheet> {
  return call(accessToken, 'GET', `${pathOf(courseId, sessionKey)}/attendance`);
}

/** Without names, as often as is useful. */
export function loadMarks(
  accessToken: string,
  courseId: string,
  sessionKey: string,
): Promise<AttendanceMarks> {
  return call(accessToken, 'GET', `${pathOf(courseId, sessionKey)}/marks`);
}

/** What the server answered to a job that arrived. */
export type Answer =
  | { readonly job: Job; readonly mark: MarkView }
  | { readonly job: Job; readonly marks: AttendanceMarks };

/** Sends one job; faults of the network and of the server are reasons to try again. */
export async function sendJob(
  accessToken: string,
  job: Job,
  onAnswer: (answer: Answer) => void,
  onLoggedOut: () => void,
): Promise<Sent> {
  const path = pathOf(job.courseId, job.sessionKey);
  try {
    if (job.kind === 'mark') {
      onAnswer({ job, mark: await call(accessToken, 'POST', `${path}/marks`, job.request) });
    } else if (job.kind === 'walk_in') {
      onAnswer({ job, marks: await call(accessToken, 'POST', `${path}/walk-ins`, job.request) });
    } else {
      const marks = await call<AttendanceMarks>(
        accessToken,
        'POST',
        `${path}/walk-ins/${job.walkInId}/remove`,
        {},
      );
      onAnswer({ job, marks });
    }
    return { outcome: 'done' };
  } catch (error) {
    if (error instanceof LoggedOutError) {
      onLoggedOut();
      return { outcome: 'later' };
    }
    if (error instanceof RefusedError && !isPassing(error)) {
      const { message: sentence } = error;
      return { outcome: error.code === 'version_conflict' ? 'conflict' : 'refused', sentence };
    }
    return { outcome: 'later' };
  }
}

/** Too busy, or a fault, which has no code: the same may succeed in a moment. */
function isPassing({ code }: RefusedError): boolean {
  return code === '' || code === 'busy';
}
