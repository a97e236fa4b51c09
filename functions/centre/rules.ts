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
