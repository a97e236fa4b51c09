/** The window opens: the seed of the draw is drawn by lot, and its commitment goes out. */
import type { Course } from '../courses/model.ts';
import type { ApiDeps } from '../platform/deps.ts';
import { appendEvent } from '../platform/events-store.ts';
import type { LotteryEvent } from './model.ts';
import { commitmentOf } from './rules.ts';
import { putNewLottery } from './store.ts';

/**
 * Safe to repeat: a course keeps its first seed.
 * @returns false when the course draws no lots, or has its lottery already.
 */
export async function openLottery(
  { database, ids }: Pick<ApiDeps, 'database' | 'ids'>,
  course: Course,
  now: Date,
): Promise<boolean> {
  const { courseId, lottery } = course;
  if (course.application.method !== 'lottery' || !lottery) return false;
  const seed = ids.seed();
  const at = now.toISOString();
  const outcome = await database.transact([
    putNewLottery(database, {
      courseId,
      version: 1,
      seed,
      commitment: commitmentOf(seed),
      openedAt: at,
      choice: course.sessionChoice,
      tiers: lottery.tiers.map(({ label }) => label),
      publicValueName: lottery.publicValueName,
      lastNumber: 0,
    }),
    appendEvent(database, {
      eventId: ids.event(now),
      kind: 'lottery_opened',
      at,
      courseId,
      actor: 'system',
    } satisfies LotteryEvent),
  ]);
  return outcome.committed;
}
