/**
 * Lotteries of the demonstration in every state: one that is open, one that waits for its public
 * value, and one that was drawn. The notices all close later, so the last two are dates of a course
 * before those that the notices name.
 */
import { addDays, dayInTokyo, instantInTokyo } from '../../../functions/calendar/rules.ts';
import { isNationalHoliday } from '../../../functions/centre/holidays.ts';
import { firstOpenDay } from '../../../functions/centre/rules.ts';
import { centre } from '../../../functions/centre/settings.ts';
import { createCourse } from '../../../functions/courses/create.ts';
import type { Course } from '../../../functions/courses/model.ts';
import { closeLottery } from '../../../functions/lotteries/close.ts';
import { publishResults, typePublicValue } from '../../../functions/lotteries/draw.ts';
import { openLottery } from '../../../functions/lotteries/open.ts';
import { getLottery } from '../../../functions/lotteries/store.ts';
import type { ApiDeps } from '../../../functions/platform/deps.ts';

const OPEN = 'crs_winter-festa-2026';
const PATTERN = 'crs_baby-massage-2027-03';
/** Waits for its public value. */
export const CLOSED_LOTTERY = 'crs_baby-massage-2027-02';
export const DRAWN_LOTTERY = 'crs_baby-massage-2027-01';
const FAMILIES = 14;

type Apply = (course: Course, family: number, at: Date) => Promise<void>;

/** @param apply enters one fictional family */
export async function seedLotteries(
  deps: ApiDeps,
  courses: readonly Course[],
  apply: Apply,
): Promise<void> {
  const now = deps.clock.now();
  const find = (courseId: string) => {
    const course = courses.find((candidate) => candidate.courseId === courseId);
    if (!course) throw new Error(`The demonstration has no course ${courseId}`);
    return course;
  };
  await enter(deps, find(OPEN), apply, now);

  const closed = earlier(find(PATTERN), CLOSED_LOTTERY, now, { closed: 1, drawn: -2, held: 40 });
  const drawn = earlier(find(PATTERN), DRAWN_LOTTERY, now, { closed: 6, drawn: 1, held: 20 });
  for (const course of [closed, drawn]) {
    const before = new Date(Date.parse(course.application.closesAt ?? '') - 3_600_000);
    await createCourse(deps, course, 'system', now);
    await enter(deps, course, apply, before);
    await closeLottery(deps, course.courseId, before);
  }
  const type = { publicValue: '37組 142850番', version: await versionOf(deps, drawn) };
  await typePublicValue(deps, DRAWN_LOTTERY, type, 'system', now);
  const version = await versionOf(deps, drawn);
  const out = await publishResults(deps, DRAWN_LOTTERY, { version }, 'system', now);
  if ('refused' in out) throw new Error(`The demonstration was refused: ${out.refused}`);
}

async function enter(deps: ApiDeps, course: Course, apply: Apply, at: Date): Promise<void> {
  await openLottery(deps, course, new Date(course.application.opensAt ?? at));
  for (let family = 1; family <= FAMILIES; family += 1) await apply(course, family, at);
}

async function versionOf({ database }: ApiDeps, { courseId }: Course): Promise<number> {
  return (await getLottery(database, courseId))?.version ?? 0;
}

/** An earlier date of the same course: its window is over since so many days. */
function earlier(
  pattern: Course,
  courseId: string,
  now: Date,
  days: { readonly closed: number; readonly drawn: number; readonly held: number },
): Course {
  const today = dayInTokyo(now);
  const date = firstOpenDay(centre, isNationalHoliday, today, days.held);
  const at = (daysAgo: number, time: string) =>
    instantInTokyo(addDays(today, -daysAgo), time).toISOString();
  return {
    ...pattern,
    courseId,
    sessions: pattern.sessions.slice(0, 1).map((session) => ({ ...session, date })),
    application: {
      ...pattern.application,
      opensAt: at(days.closed + 15, '09:00'),
      closesAt: at(days.closed, '23:59'),
      drawAt: at(days.drawn, '10:00'),
    },
    // Small enough that not everybody has a place, nor a place in the reserve.
    capacity: { ...pattern.capacity, seats: 8, waitlist: 3 },
    ...(pattern.lottery
      ? {
          lottery: {
            ...pattern.lottery,
            tiers: [{ key: 'first', label: 'この講座にはじめて参加する方' }],
          },
        }
      : {}),
  };
}
