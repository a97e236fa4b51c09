/** What is marked at the door while there is no network: kept, replaced, shown, and sent in the end. */
import { describe, expect, test } from 'vitest';
import type { BoardSession } from '../../functions/attendance/model.ts';
import {
  inConflict,
  type Job,
  marksShown,
  newestMarks,
  nextJob,
  unsentCount,
  walkInsShown,
  withJob,
  withoutJob,
} from '../../site/src/desk/attendance-queue.ts';
import { nextSession } from '../../site/src/desk/next-session.ts';
import { makeOutbox, type Sent } from '../../site/src/desk/outbox.ts';

const here = { courseId: 'crs_here', sessionKey: '1' };

type MarkJob = Extract<Job, { kind: 'mark' }>;
const aMark = (
  family: number,
  sequence: number,
  status: 'present' | 'late' = 'present',
  session = here,
): MarkJob => ({
  kind: 'mark',
  ...session,
  request: {
    registrationId: `reg_10000000${family}`,
    status,
    persons: {},
    version: 0,
    device: 'device-of-a-test',
    sequence,
  },
});
const aWalkIn = (id: string): Job => ({
  kind: 'walk_in',
  ...here,
  request: {
    walkInId: id,
    counts: { adults: 1, age0: 0, age1: 0, age2: 0, age3: 0, primary: 0, teens: 0 },
  },
  at: '2026-12-10T01:00:00.000Z',
});
const of = (...jobs: Job[]) => jobs.reduce<readonly Job[]>(withJob, []);

describe('the queue', () => {
  test('holds the newest mark of a family only, in this session', () => {
    const elsewhere = aMark(1, 2, 'present', { ...here, sessionKey: '2' });
    expect(of(aMark(1, 1), elsewhere, aMark(1, 3, 'late'))).toEqual([
      elsewhere,
      aMark(1, 3, 'late'),
    ]);
  });

  test('keeps a newer mark when the older one arrives', () => {
    expect(withoutJob(of(aMark(1, 2, 'late')), aMark(1, 1))).toHaveLength(1);
    expect(withoutJob(of(aMark(1, 2, 'late')), aMark(1, 2, 'late'))).toEqual([]);
  });

  test('takes a walk-in back that may be on its way', () => {
    const removal: Job = { kind: 'removal', ...here, walkInId: 'wlk_1' };
    expect(of(aWalkIn('wlk_1'), removal)).toEqual([removal]);
    const known = [{ walkInId: 'wlk_1', counts: { ...NOBODY, adults: 1 }, at: '' }];
    expect(walkInsShown(known, [removal], here)).toEqual([]);
  });

  test('does not send a mark again that another phone was quicker than, nor show it as the mark', () => {
    const jobs = inConflict(of(aMark(1, 1), aMark(2, 2)), aMark(1, 1), 'ほかの端末が先でした。');
    expect(nextJob(jobs)).toMatchObject({ request: { registrationId: 'reg_100000002' } });
    expect(unsentCount(jobs)).toBe(1);
    const theirs = [
      { registrationId: 'reg_100000001', status: 'late' as const, persons: {}, version: 4 },
    ];
    expect(marksShown(theirs, jobs, here)).toContainEqual(theirs[0]);
  });

  test('shows what is on its way on top of what the server knows', () => {
    const known = [
      { registrationId: 'reg_100000001', status: 'late' as const, persons: {}, version: 1 },
    ];
    expect(marksShown(known, of(aMark(1, 1)), here)).toMatchObject([{ status: 'present' }]);
    expect(marksShown(known, of(aMark(1, 1)), { ...here, sessionKey: '2' })).toEqual(known);
  });

  test('lets no answer that was overtaken bring an older mark back', () => {
    const mark = (version: number, status: 'late' | 'present') => ({
      registrationId: 'reg_100000001',
      status,
      persons: {},
      version,
    });
    expect(newestMarks([mark(3, 'late')], [mark(2, 'present')])).toEqual([mark(3, 'late')]);
    expect(newestMarks([mark(3, 'late')], [mark(4, 'present')])).toEqual([mark(4, 'present')]);
  });
});

const NOBODY = { adults: 0, age0: 0, age1: 0, age2: 0, age3: 0, primary: 0, teens: 0 };

/** A tab's storage. */
function aStorage() {
  const rows = new Map<string, string>();
  return {
    rows,
    getItem: (key: string) => rows.get(key) ?? null,
    setItem: (key: string, text: string) => void rows.set(key, text),
    removeItem: (key: string) => void rows.delete(key),
  };
}

describe('the outbox', () => {
  test('keeps what could not be sent, over a reload as well, and forgets what has arrived', async () => {
    const storage = aStorage();
    let outcome: Sent = { outcome: 'later' };
    const sent: Job[] = [];
    const send = async (job: Job) => {
      sent.push(job);
      return outcome;
    };
    makeOutbox(storage, send).add(aMark(1, 1));
    expect([...storage.rows.values()].join()).toContain('reg_100000001');

    const afterReload = makeOutbox(storage, send);
    expect(afterReload.jobs()).toEqual([aMark(1, 1)]);
    outcome = { outcome: 'done' };
    await afterReload.flush();
    expect(afterReload.jobs()).toEqual([]);
    expect(storage.rows.size).toBe(0);
    expect(sent).toHaveLength(2);
  });

  test('sends one by one, and a mark that was changed meanwhile once more', async () => {
    const storage = aStorage();
    const statuses: string[] = [];
    const outbox = makeOutbox(storage, async (job) => {
      if (job.kind === 'mark') statuses.push(job.request.status);
      if (statuses.length === 1) outbox.add(aMark(1, 2, 'late'));
      return { outcome: 'done' };
    });
    outbox.add(aMark(1, 1));
    await expect.poll(() => outbox.jobs()).toEqual([]);
    expect(statuses).toEqual(['present', 'late']);
  });

  test('gives up what the server does not want, and goes on with the next', async () => {
    const outbox = makeOutbox(aStorage(), async (job) =>
      job.kind === 'mark' ? { outcome: 'refused', sentence: '' } : { outcome: 'done' },
    );
    outbox.add(aMark(1, 1));
    outbox.add(aWalkIn('wlk_1'));
    await expect.poll(() => outbox.jobs()).toEqual([]);
  });
});

describe('what is next today', () => {
  const session = (start: string, end: string, changes: Partial<BoardSession> = {}) => ({
    courseId: 'crs_here',
    sessionKey: '1',
    title: 'ためしの講座',
    category: '',
    date: '2026-12-10',
    start,
    end,
    venue: '',
    publication: 'published' as const,
    method: 'first_come' as const,
    ...changes,
  });
  const at = (time: string) => new Date(`2026-12-10T${time}:00+09:00`);
  const board = (...sessions: BoardSession[]) => ({ today: '2026-12-10', sessions });

  test('is said in words, with a share of the time that has run', () => {
    const morning = board(session('10:00', '11:00'), session('13:00', '14:00'));
    expect(nextSession(morning, at('08:30'))).toMatchObject({
      left: 'あと 1時間30分で始まります',
      what: '10時　ためしの講座',
      gone: 0.5,
    });
    expect(nextSession(morning, at('10:45'))).toMatchObject({
      isOn: true,
      left: 'あと 15分で終わります',
      gone: 0.75,
    });
    expect(nextSession(morning, at('11:00'))?.what).toBe('13時　ためしの講座');
    expect(nextSession(morning, at('14:00'))).toBeUndefined();
  });

  test('is nothing that was called off, and nothing of tomorrow', () => {
    const off = session('10:00', '11:00', { publication: 'cancelled' });
    const tomorrow = session('10:00', '11:00', { date: '2026-12-11' });
    expect(nextSession(board(off, tomorrow), at('08:00'))).toBeUndefined();
  });
});
