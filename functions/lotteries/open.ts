/**
 * A lottery begins with the publication of its notice: the seed of the draw is drawn by lot, its
 * commitment goes out, and the clock is told when to close.
 */
import type { Course, CourseId } from '../courses/model.ts';
import { getCourse } from '../courses/store.ts';
import { putDeadline } from '../platform/agenda.ts';
import type { ApiDeps } from '../platform/deps.ts';
import { appendEvent } from '../platform/events-store.ts';
import type { Lottery, LotteryEvent } from './model.ts';
import { commitmentOf } from './rules.ts';
import { getLottery, putNewLottery, renewTerms } from './store.ts';

/** Kind of the deadline at which a lottery closes; its subject is the course. */
export const LOTTERY_CLOSES = 'lottery_closes';

/**
 * After the notice was published or changed: a lottery that is missing is opened, one without any
 * application learns what the notice says now, and its end is where the notice says. Safe to repeat.
 */
export async function followNotice(
  deps: Pick<ApiDeps, 'database' | 'ids' | 'clock'>,
  courseId: CourseId,
): Promise<void> {
  const { database, clock } = deps;
  const now = clock.now();
  const course = await getCourse(database, courseId);
  const closesAt = course?.application.closesAt;
  if (course?.publication !== 'published' || closesAt === undefined) return;
  if (closesAt > now.toISOString()) await openLottery(deps, course, now);
  const lottery = await getLottery(database, courseId);
  const terms = termsOf(course);
  if (!lottery || !terms || lottery.sealed) return;
  if (lottery.lastNumber === 0 && !isSame(lottery, terms)) {
    // Failing means that the first number was given out meanwhile: what it was promised stays.
    await database.transact([renewTerms(database, lottery, terms)]);
  }
  await putDeadline(database, {
    key: `lottery ${courseId}`,
    kind: LOTTERY_CLOSES,
    subject: courseId,
    dueAt: closesAt,
  });
}

/**
 * Safe to repeat: a course keeps its first seed.
 * @returns false when the course draws no lots, or has its lottery already.
 */
export async function openLottery(
  { database, ids }: Pick<ApiDeps, 'database' | 'ids'>,
  course: Course,
  now: Date,
): Promise<boolean> {
  const { courseId } = course;
  const terms = termsOf(course);
  if (!terms) return false;
  const seed = ids.seed();
  const at = now.toISOString();
  const outcome = await database.transact([
    putNewLottery(database, {
      courseId,
      version: 1,
      seed,
      commitment: commitmentOf(seed),
      openedAt: at,
      ...terms,
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

type Terms = Pick<Lottery, 'choice' | 'tiers' | 'publicValueName'>;

/** What the notice promises; undefined when no lots are drawn. */
function termsOf({ application, lottery, sessionChoice }: Course): Terms | undefined {
  if (application.method !== 'lottery' || !lottery) return undefined;
  return {
    choice: sessionChoice,
    tiers: lottery.tiers.map(({ label }) => label),
    publicValueName: lottery.publicValueName,
  };
}

function isSame(a: Terms, b: Terms): boolean {
  const text = ({ choice, tiers, publicValueName }: Terms) =>
    JSON.stringify([choice, tiers, publicValueName]);
  return text(a) === text(b);
}
