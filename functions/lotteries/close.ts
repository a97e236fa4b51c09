/**
 * The window closes: first no number is given out any more, then the list is read and sealed. In
 * this order nobody can come between the reading and the seal.
 */
import type { CourseId } from '../courses/model.ts';
import { getCourse, getCourseWithSeats } from '../courses/store.ts';
import type { ApiDeps } from '../platform/deps.ts';
import { appendEvent } from '../platform/events-store.ts';
import type { LotteryEvent, SealedList } from './model.ts';
import { listHash } from './rules.ts';
import { getLottery, listNumbers, sealLottery, shutLottery } from './store.ts';

/** When the deadline is due: closes, unless the notice now names a later end. */
export async function closeWhenDue(
  deps: Pick<ApiDeps, 'database' | 'ids' | 'clock'>,
  courseId: CourseId,
): Promise<void> {
  const now = deps.clock.now();
  const course = await getCourse(deps.database, courseId);
  const closesAt = course?.application.closesAt;
  if (closesAt === undefined || closesAt > now.toISOString()) return;
  await closeLottery(deps, courseId, now);
}

/** Safe to repeat, and to be interrupted between its steps. */
export async function closeLottery(
  { database, ids }: Pick<ApiDeps, 'database' | 'ids'>,
  courseId: CourseId,
  now: Date,
): Promise<void> {
  await shutLottery(database, courseId, now);
  const lottery = await getLottery(database, courseId);
  if (lottery?.shutAt === undefined || lottery.sealed) return;
  const seen = await getCourseWithSeats(database, courseId);
  if (!seen) throw new Error('A lottery without its course');
  const { choice, publicValueName, shutAt } = lottery;
  const applications = await listNumbers(database, courseId);
  const pools = seen.pools.map(({ key, kind, free, waitlistCapacity }) => ({
    key,
    kind,
    capacity: free,
    reserve: waitlistCapacity,
  }));
  const sealed: SealedList = {
    closedAt: shutAt,
    listHash: listHash({ courseId, choice, publicValueName, pools, entries: applications }),
    count: applications.length,
    pools,
  };
  // When the condition fails, somebody else has sealed the very same list.
  await database.transact([
    sealLottery(database, lottery, sealed),
    appendEvent(database, {
      eventId: ids.event(now),
      kind: 'lottery_closed',
      at: now.toISOString(),
      courseId,
      actor: 'system',
    } satisfies LotteryEvent),
  ]);
}
