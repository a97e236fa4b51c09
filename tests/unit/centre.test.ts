/** When the centre is open: no deadline that a family must meet by telephone falls into the night. */
import { describe, expect, test } from 'vitest';
import { instantInTokyo } from '../../functions/calendar/rules.ts';
import { isNationalHoliday } from '../../functions/centre/holidays.ts';
import { intoOpeningHours, isOpenDay } from '../../functions/centre/rules.ts';
import { centre } from '../../functions/centre/settings.ts';

const at = (day: string, time: string) => instantInTokyo(day, time);
const moved = (instant: Date) => intoOpeningHours(centre, isNationalHoliday, instant);

describe('national holidays', () => {
  test.each([
    ['2027-01-01', '元日'],
    ['2026-09-21', '敬老の日'],
    ['2026-09-22', '国民の休日 between two holidays'],
    ['2026-09-23', '秋分の日'],
    ['2027-03-22', '振替休日, a Monday after a Sunday'],
    ['2026-11-23', '勤労感謝の日'],
    ['2050-01-01', '元日 in the last year that is known'],
  ])('%s is one: %s', (day) => {
    expect(isNationalHoliday(day)).toBe(true);
  });

  test.each(['2026-12-10', '2026-09-24', '2027-01-02', '2026-12-25'])('%s is none', (day) => {
    expect(isNationalHoliday(day)).toBe(false);
  });

  test('they are the same on a host in any zone', () => {
    const before = process.env['TZ'];
    try {
      for (const zone of ['UTC', 'Asia/Tokyo', 'America/New_York', 'Pacific/Kiritimati']) {
        process.env['TZ'] = zone;
        expect(isNationalHoliday('2027-01-01')).toBe(true);
        expect(isNationalHoliday('2026-12-31')).toBe(false);
        expect(isNationalHoliday('2026-09-22')).toBe(true);
      }
    } finally {
      if (before === undefined) delete process.env['TZ'];
      else process.env['TZ'] = before;
    }
  });
});

describe('open days', () => {
  test.each([
    ['2026-12-10', true, 'a Thursday'],
    ['2026-12-12', true, 'a Saturday'],
    ['2026-12-13', false, 'a Sunday'],
    ['2026-12-28', true, 'the last day of the year on which the centre is open'],
    ['2026-12-29', false, '年末年始'],
    ['2026-12-31', false, '年末年始'],
    ['2027-01-01', false, '年末年始 and a holiday'],
    ['2027-01-02', false, '年末年始'],
    ['2027-01-03', false, '年末年始 and a Sunday'],
    ['2027-01-04', true, 'the first Monday'],
    ['2026-09-22', false, '国民の休日'],
  ])('%s: %s (%s)', (day, open) => {
    expect(isOpenDay(centre, isNationalHoliday, day)).toBe(open);
  });

  test('a day that the centre closes once is closed', () => {
    const closing = { ...centre, closedDays: ['2026-12-10'] };
    expect(isOpenDay(closing, isNationalHoliday, '2026-12-10')).toBe(false);
    expect(isOpenDay(closing, isNationalHoliday, '2027-12-10')).toBe(true);
  });
});

describe('a deadline', () => {
  test('stays where it is while the centre is open, its first and its last minute included', () => {
    for (const time of ['09:00', '12:34', '17:00']) {
      expect(moved(at('2026-12-10', time))).toEqual(at('2026-12-10', time));
    }
  });

  test('moves to the morning when it is too early', () => {
    expect(moved(at('2026-12-10', '03:00'))).toEqual(at('2026-12-10', '09:00'));
    expect(moved(at('2026-12-10', '00:00'))).toEqual(at('2026-12-10', '09:00'));
  });

  test('moves to the next morning as soon as the centre has closed', () => {
    const justClosed = new Date(at('2026-12-10', '17:00').getTime() + 1);
    expect(moved(justClosed)).toEqual(at('2026-12-11', '09:00'));
    expect(moved(at('2026-12-10', '23:59'))).toEqual(at('2026-12-11', '09:00'));
  });

  test('passes over Sunday', () => {
    expect(moved(at('2026-12-12', '18:00'))).toEqual(at('2026-12-14', '09:00'));
    expect(moved(at('2026-12-13', '10:00'))).toEqual(at('2026-12-14', '09:00'));
  });

  test('passes over the turn of the year', () => {
    expect(moved(at('2026-12-28', '17:30'))).toEqual(at('2027-01-04', '09:00'));
    expect(moved(at('2027-01-01', '10:00'))).toEqual(at('2027-01-04', '09:00'));
  });

  test('passes over the holidays of September 2026, three in a row after a Sunday', () => {
    expect(moved(at('2026-09-19', '17:01'))).toEqual(at('2026-09-24', '09:00'));
  });

  test('with a centre that never opens is an error that says so', () => {
    const never = { ...centre, openWeekdays: [] };
    expect(() => intoOpeningHours(never, isNationalHoliday, at('2026-12-10', '10:00'))).toThrow(
      /no open day within a year/,
    );
  });
});
