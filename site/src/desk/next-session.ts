/** Which session is on or comes next today, in words, and how much of the time has run. Pure. */
import { type BoardSession, clockName, instantInTokyo } from '../rules.ts';
import { leftName } from './due.ts';

export interface NextSession {
  readonly session: BoardSession;
  readonly isOn: boolean;
  /** 「あと 1時間20分で始まります」. */
  readonly left: string;
  readonly what: string;
  /** 0 … 1: of the session while it is on, of the three hours before it else. */
  readonly gone: number;
}

const WAIT_MS = 3 * 3_600_000;

/** What is on now, else what comes next; of today's sessions that are not called off. */
export function nextSession(
  { today, sessions }: { readonly today: string; readonly sessions: readonly BoardSession[] },
  now: Date,
): NextSession | undefined {
  const [first] = sessions
    .filter(({ date, publication }) => date === today && publication !== 'cancelled')
    .map((session) => ({
      session,
      starts: instantInTokyo(session.date, session.start).getTime(),
      ends: instantInTokyo(session.date, session.end).getTime(),
    }))
    .filter(({ ends }) => ends > now.getTime())
    .sort((a, b) => a.starts - b.starts);
  if (!first) return undefined;
  const { session, starts, ends } = first;
  const isOn = starts <= now.getTime();
  const rest = (isOn ? ends : starts) - now.getTime();
  const share = isOn ? 1 - rest / (ends - starts) : 1 - rest / WAIT_MS;
  return {
    session,
    isOn,
    left: `${leftName(rest)}で${isOn ? '終わります' : '始まります'}`,
    what: `${clockName(session.start)}　${session.title}`,
    gone: Math.min(1, Math.max(0, share)),
  };
}
