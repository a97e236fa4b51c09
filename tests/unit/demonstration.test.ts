/** The demonstration is in the middle of its season, whatever the day on which it is seeded. */
import { describe, expect, test } from 'vitest';
import { isNationalHoliday } from '../../functions/centre/holidays.ts';
import { isOpenDay } from '../../functions/centre/rules.ts';
import { centre } from '../../functions/centre/settings.ts';
import type { Course } from '../../functions/courses/model.ts';
import {
  courseStatus,
  firstSession,
  isBookableOnline,
  poolsOf,
  startsAt,
  statusEntry,
} from '../../functions/courses/rules.ts';
import { demonstrationCourses } from '../../infra/local/demonstration/courses.ts';
import { missingFrom } from '../../infra/local/seed.ts';

const DAY_MS = 86_400_000;
/** Two years, each day at another hour. */
const days = Array.from(
  { length: 730 },
  (_, day) => new Date(Date.UTC(2026, 10, 21) + day * DAY_MS + ((day * 7) % 24) * 3_600_000),
);

/** Empty seats, but for the first course, which seeding fills. */
const withSeats = (course: Course) => ({
  course,
  pools: poolsOf(course).map((pool) => ({
    courseId: course.courseId,
    ...pool,
    free: course.courseId === 'crs_zero-2026-12' ? 0 : pool.capacity,
    waiting: 0,
    waitingNumbers: [],
  })),
});

describe('on any day of two years', () => {
  test('everything is there that a newcomer is promised: open, full, soon, drawn, childcare, dates to choose', () => {
    for (const now of days) {
      expect(missingFrom(demonstrationCourses(now).map(withSeats), now), now.toISOString()).toEqual(
        [],
      );
    }
  });

  test('no session falls on a closed day or before its applications close', () => {
    for (const now of days.filter((_, index) => index % 7 === 0)) {
      for (const course of demonstrationCourses(now)) {
        for (const session of course.sessions) {
          expect(isOpenDay(centre, isNationalHoliday, session.date), session.date).toBe(true);
        }
        const { opensAt, closesAt, drawAt } = course.application;
        const moments = [opensAt, closesAt, drawAt].filter((moment) => moment !== undefined);
        expect([...moments].sort(), course.courseId).toEqual(moments);
        const last = moments.at(-1);
        if (last !== undefined && !['each', 'one_of'].includes(course.sessionChoice)) {
          expect(last < startsAt(firstSession(course.sessions)).toISOString()).toBe(true);
        }
      }
    }
  });
});

test('28 notices, the seats of the midwife and the 出張ひろば, each in its way: 16 first-come, 7 lotteries, 6 without application, 1 by staff', () => {
  const courses = demonstrationCourses(days[0] ?? new Date());
  const count = (method: string) =>
    courses.filter(({ application }) => application.method === method).length;
  expect([count('first_come'), count('lottery'), count('none'), count('staff')]).toEqual([
    16, 7, 6, 1,
  ]);
  expect(courses.filter(({ listed }) => !listed)).toHaveLength(1);
  expect(courses.filter(({ childcare }) => childcare)).toHaveLength(12);
});

test('all that is applied for is booked on this site, but for what staff offer', () => {
  const now = days[0] ?? new Date();
  const statuses = Object.fromEntries(
    demonstrationCourses(now).map((course) => [
      course.courseId,
      [isBookableOnline(course), courseStatus(statusEntry(course, withSeats(course).pools), now)],
    ]),
  );
  expect(statuses['crs_multiples-2026-12']).toEqual([true, 'open']);
  expect(statuses['crs_yukkuri-2026-2027']).toEqual([true, 'open']);
  expect(statuses['crs_winter-festa-2026']).toEqual([true, 'lottery_open']);
  expect(statuses['crs_growth-check']).toEqual([false, 'no_application']);
  expect(statuses['crs_breather-group']).toEqual([false, 'phone_only']);
});

test('what a notice requires is asked on its form, and nothing else', () => {
  const asks = Object.fromEntries(
    demonstrationCourses(days[0] ?? new Date())
      .filter((course) => course.asks.length > 0)
      .map((course) => [course.courseId, course.asks]),
  );
  expect(asks).toEqual({
    'crs_teens-kitchen-2026-12': ['allergy'],
    'crs_daycamp-2027-01': ['allergy', 'guardian'],
    'crs_field-2027-02': ['allergy'],
    'crs_world-hello-2027-03': ['allergy', 'guardian'],
  });
});

test('a choice of sessions has seats for each: in the room and online, a quarter of an hour each', () => {
  const find = (id: string) => {
    const course = demonstrationCourses(days[0] ?? new Date()).find(
      ({ courseId }) => courseId === id,
    );
    if (!course) throw new Error(`No ${id}`);
    return { course, pools: poolsOf(course) };
  };
  const words = find('crs_words-2027-01').pools.filter(({ kind }) => kind === 'seat');
  expect(words.map(({ capacity }) => capacity)).toEqual([20, 30]);
  const midwife = find('crs_growth-check-midwife');
  expect(midwife.pools.map(({ capacity }) => capacity)).toEqual(Array(24).fill(1));
  expect(midwife.course.sessions.slice(0, 2).map(({ start, end }) => [start, end])).toEqual([
    ['09:45', '10:00'],
    ['10:00', '10:15'],
  ]);
  const alone = find('crs_think-together-2027-03');
  expect(alone.pools.map(({ key }) => key)).toEqual(['childcare']);
  expect(isBookableOnline(alone.course)).toBe(true);
});
