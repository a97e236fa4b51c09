/** The board of the day: what is on, and what asks for somebody. Counts only, nobody's data. */
import { dayInTokyo } from '../calendar/rules.ts';
import { listOpenCalls } from '../calls/store.ts';
import type { CourseWithSeats } from '../courses/model.ts';
import { coursesOverOn, listCurrentCourses } from '../courses/store.ts';
import { countDue } from '../platform/agenda.ts';
import type { ApiDeps } from '../platform/deps.ts';
import { OFFER_ENDS } from '../registrations/places.ts';
import type { Board } from './model.ts';
import { boardOf } from './rules.ts';

export async function seeBoard({ database }: Pick<ApiDeps, 'database'>, now: Date): Promise<Board> {
  const [current, over, offers, calls] = await Promise.all([
    listCurrentCourses(database),
    // A course whose last session ended this morning has left the list; its attendance is not done.
    coursesOverOn(database, dayInTokyo(now)),
    countDue(database, OFFER_ENDS),
    listOpenCalls(database, now),
  ]);
  const { count, first } = offers;
  return {
    ...boardOf([...over.filter(isNotIn(current)), ...current], now),
    offersOpen: { count, ...(first === undefined ? {} : { firstEndsAt: first }) },
    callsOpen: calls.length,
  };
}

/** A course that was over and was then given another date is current again. */
function isNotIn(current: readonly CourseWithSeats[]): (seen: CourseWithSeats) => boolean {
  const ids = new Set(current.map(({ course }) => course.courseId));
  return ({ course }) => !ids.has(course.courseId);
}
