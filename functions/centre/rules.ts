/** When the centre is open, and what a deadline becomes when it would fall into the night. */
import {
  addDays,
  type Day,
  dayInTokyo,
  instantInTokyo,
  timeInTokyo,
  weekdayOf,
} from '../calendar/rules.ts';
import type { Centre } from './model.ts';

type OpeningHours = Pick<
  Centre,
  'openWeekdays' | 'opens' | 'closes' | 'closedEachYear' | 'closedDays'
>;

/** Tells whether a day is a national holiday (国民の祝日・休日). */
export type IsHoliday = (day: Day) => boolean;

export function isOpenDay(centre: OpeningHours, isHoliday: IsHoliday, day: Day): boolean {
  return (
    centre.openWeekdays.includes(weekdayOf(day)) &&
    !centre.closedEachYear.includes(day.slice(5)) &&
    !centre.closedDays.includes(day) &&
    !isHoliday(day)
  );
}

/**
 * The first instant at or after `instant` at which the centre is open, so that no offer ends at
 * night or on a closed day. The closing time itself still counts as open.
 * @throws when no open day follows within a year: the settings would be wrong.
 */
export function intoOpeningHours(centre: OpeningHours, isHoliday: IsHoliday, instant: Date): Date {
  let day = dayInTokyo(instant);
  const time = timeInTokyo(instant);
  if (isOpenDay(centre, isHoliday, day)) {
    if (time < centre.opens) return instantInTokyo(day, centre.opens);
    if (instant <= instantInTokyo(day, centre.closes)) return instant;
  }
  for (let tries = 0; tries < 366; tries += 1) {
    day = addDays(day, 1);
    if (isOpenDay(centre, isHoliday, day)) return instantInTokyo(day, centre.opens);
  }
  throw new Error('The centre has no open day within a year: check its settings');
}

/** The first day on which the centre is open, at least so many days after a day. */
export function firstOpenDay(
  centre: OpeningHours,
  isHoliday: IsHoliday,
  day: Day,
  daysLater: number,
): Day {
  const noon = instantInTokyo(addDays(day, daysLater), centre.opens);
  return dayInTokyo(intoOpeningHours(centre, isHoliday, noon));
}

/** The last instant at or before `instant` at which the centre is open. */
function backIntoOpeningHours(centre: OpeningHours, isHoliday: IsHoliday, instant: Date): Date {
  let day = dayInTokyo(instant);
  if (isOpenDay(centre, isHoliday, day) && timeInTokyo(instant) >= centre.opens) {
    const closes = instantInTokyo(day, centre.closes);
    return instant < closes ? instant : closes;
  }
  do day = addDays(day, -1);
  while (!isOpenDay(centre, isHoliday, day));
  return instantInTokyo(day, centre.closes);
}

/** Whoever is given until a morning has these hours of it to call. */
const MORNING_HOURS = 3;

/**
 * The deadline of an answer that can also be given by telephone: as wished, but never at night or
 * on a closed day; moved to another day it leaves that morning to call; never after `latest`.
 */
export function answerDeadline(
  centre: OpeningHours,
  isHoliday: IsHoliday,
  wished: Date,
  latest: Date,
): Date {
  const open = intoOpeningHours(centre, isHoliday, wished);
  const moved =
    open.getTime() === wished.getTime()
      ? wished
      : new Date(open.getTime() + MORNING_HOURS * 3_600_000);
  return moved <= latest ? moved : backIntoOpeningHours(centre, isHoliday, latest);
}
