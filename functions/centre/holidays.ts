/** National holidays from the calendar that the holiday-jp project keeps (data to 2050). */
import holidays from '@holiday-jp/holiday_jp';
import type { IsHoliday } from './rules.ts';

/** Asks with the text form: given a Date the library misses holidays on a UTC host. */
export const isNationalHoliday: IsHoliday = (day) => holidays.isHoliday(day as unknown as Date);
