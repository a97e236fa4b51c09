/**
 * Recognises a process again later: a pid alone may be reused, a pid with its start time may not.
 */
import { readFileSync } from 'node:fs';

export interface ProcessMark {
  pid: number;
  /** Clock ticks since boot as /proc states them; empty where there is no /proc. */
  startedAt: string;
}

/** The mark of a living process, or undefined when there is none (a zombie counts as none). */
export function markProcess(pid: number): ProcessMark | undefined {
  try {
    process.kill(pid, 0);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EPERM') return undefined;
  }
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'latin1');
    // The name in parentheses may hold anything, so count from its end: state is field 3, start 22.
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    return fields[0] === 'Z' ? undefined : { pid, startedAt: fields[19] ?? '' };
  } catch {
    return { pid, startedAt: '' };
  }
}

export function isAlive(mark: ProcessMark): boolean {
  return markProcess(mark.pid)?.startedAt === mark.startedAt;
}

/** Reads a mark (or an object of marks) that was written as JSON; undefined when there is none. */
export function readMarks<T>(file: string): T | undefined {
  try {
    return JSON.parse(readFileSync(file, 'utf8')) as T;
  } catch {
    return undefined;
  }
}
