/** Days, ages, school years and Japanese dates: what a form of the city writes and what people type. */
import { afterEach, describe, expect, test } from 'vitest';
import { EpochSeconds, expiryAfter, IsoDate } from '../../functions/calendar/model.ts';
import {
  addDays,
  ageInMonths,
  ageName,
  clockName,
  dayInTokyo,
  dayName,
  dayOf,
  eraYearName,
  formalDayName,
  instantInTokyo,
  isDay,
  momentName,
  readDate,
  readDateText,
  schoolYear,
  schoolYearName,
  timeInTokyo,
  weekdayOf,
} from '../../functions/calendar/rules.ts';

describe('age in months', () => {
  test.each([
    ['2026-08-10', '2026-12-09', 3],
    ['2026-08-10', '2026-12-10', 4],
    ['2026-08-10', '2026-12-11', 4],
    ['2026-12-10', '2026-12-10', 0],
    ['2024-12-10', '2026-12-10', 24],
    ['2025-12-31', '2026-01-30', 0],
  ])('someone born on %s is, on %s, %i months old', (birth, on, months) => {
    expect(ageInMonths(birth, on)).toBe(months);
  });

  test.each([
    ['2026-01-31', '2026-02-27', 0],
    ['2026-01-31', '2026-02-28', 1],
    ['2026-01-31', '2026-03-30', 1],
    ['2026-01-31', '2026-03-31', 2],
    ['2026-10-31', '2026-11-29', 0],
    ['2026-10-31', '2026-11-30', 1],
    ['2026-08-30', '2028-02-28', 17],
    ['2026-08-30', '2028-02-29', 18],
  ])(
    'a month is complete on the last day of a shorter month: %s, on %s: %i',
    (birth, on, months) => {
      expect(ageInMonths(birth, on)).toBe(months);
    },
  );

  test.each([
    ['2024-02-29', '2025-02-27', 11],
    ['2024-02-29', '2025-02-28', 12],
    ['2024-02-29', '2025-03-01', 12],
    ['2024-02-29', '2028-02-28', 47],
    ['2024-02-29', '2028-02-29', 48],
    ['2024-02-29', '2024-03-28', 0],
    ['2024-02-29', '2024-03-29', 1],
  ])('someone born on 29 February: %s, on %s: %i months', (birth, on, months) => {
    expect(ageInMonths(birth, on)).toBe(months);
  });

  test('an age is said in months below one year, then in years, with the months that are left', () => {
    expect([0, 1, 11, 12, 18, 24, 35].map(ageName)).toEqual([
      '0か月',
      '1か月',
      '11か月',
      '1歳',
      '1歳6か月',
      '2歳',
      '2歳11か月',
    ]);
  });
});

describe('school year', () => {
  test('a child born on 1 April is a year ahead of the child born on 2 April', () => {
    expect(schoolYear('2020-04-01', '2026-04-01')).toBe(1);
    expect(schoolYear('2020-04-02', '2026-04-01')).toBe(0);
    expect(schoolYear('2020-04-02', '2027-04-01')).toBe(1);
  });

  test('it changes on 1 April, not on the birthday and not at New Year', () => {
    expect(schoolYear('2019-10-15', '2026-03-31')).toBe(0);
    expect(schoolYear('2019-10-15', '2026-04-01')).toBe(1);
    expect(schoolYear('2019-10-15', '2026-10-15')).toBe(1);
    expect(schoolYear('2019-10-15', '2027-01-01')).toBe(1);
    expect(schoolYear('2019-10-15', '2027-03-31')).toBe(1);
    expect(schoolYear('2019-10-15', '2027-04-01')).toBe(2);
  });

  test('1 January, 31 March and 29 February lie in the year that began the April before', () => {
    expect(schoolYear('2020-01-01', '2026-04-01')).toBe(1);
    expect(schoolYear('2020-03-31', '2026-04-01')).toBe(1);
    expect(schoolYear('2020-02-29', '2026-04-01')).toBe(1);
  });

  test('it is said as people say it', () => {
    expect([-3, 0, 1, 6, 7, 9, 10, 12, 13].map(schoolYearName)).toEqual([
      '就学前',
      '就学前',
      '小学1年生',
      '小学6年生',
      '中学1年生',
      '中学3年生',
      '高校1年生',
      '高校3年生',
      '高校卒業後',
    ]);
  });
});

describe('Japanese years, written', () => {
  test.each([
    ['2026-12-10', '令和8年'],
    ['2020-01-01', '令和2年'],
    ['2019-12-31', '令和元年'],
    ['2019-05-01', '令和元年'],
    ['2019-04-30', '平成31年'],
    ['1989-12-31', '平成元年'],
    ['1989-01-08', '平成元年'],
    ['1989-01-07', '昭和64年'],
    ['1926-12-25', '昭和元年'],
    ['1926-12-24', '大正15年'],
    ['1912-07-30', '大正元年'],
    ['1912-07-29', '1912年'],
  ])('%s lies in %s', (day, year) => {
    expect(eraYearName(day)).toBe(year);
  });

  test('agree with the calendar of the language runtime on every turn of an era', () => {
    const calendar = new Intl.DateTimeFormat('ja-JP-u-ca-japanese', {
      era: 'long',
      year: 'numeric',
      timeZone: 'UTC',
    });
    for (const turn of ['2019-05-01', '1989-01-08', '1926-12-25']) {
      for (const offset of [-400, -1, 0, 1, 400]) {
        const day = addDays(turn, offset);
        expect(eraYearName(day)).toBe(calendar.format(new Date(`${day}T00:00:00Z`)));
      }
    }
  });

  test('a form of the city shows both years and the weekday', () => {
    expect(formalDayName('2026-12-10')).toBe('2026年12月10日（令和8年）木曜日');
    expect(formalDayName('2019-05-01')).toBe('2019年5月1日（令和元年）水曜日');
    expect(formalDayName('2019-04-30')).toBe('2019年4月30日（平成31年）火曜日');
    expect(formalDayName('1989-01-07')).toBe('1989年1月7日（昭和64年）土曜日');
    expect(dayName('2026-12-06')).toBe('2026年12月6日（日）');
  });
});

describe('dates as people type them', () => {
  test.each([
    ['2024', '6', '1', '2024-06-01'],
    ['２０２４', '０６', '０１', '2024-06-01'],
    ['2024年', '6月', '1日', '2024-06-01'],
    [' 2024 ', ' 6 ', '　1　', '2024-06-01'],
    ['令和6', '6', '1', '2024-06-01'],
    ['令和６年', '６月', '１日', '2024-06-01'],
    ['R6', '6', '1', '2024-06-01'],
    ['r06', '6', '1', '2024-06-01'],
    ['Ｒ６', '6', '1', '2024-06-01'],
    ['R.6', '6', '1', '2024-06-01'],
    ['令6', '6', '1', '2024-06-01'],
    ['㋿6', '6', '1', '2024-06-01'],
    ['令和元', '5', '1', '2019-05-01'],
    ['令和元年', '12', '31', '2019-12-31'],
    ['令和1', '5', '1', '2019-05-01'],
    ['平成31', '4', '30', '2019-04-30'],
    ['H31', '4', '30', '2019-04-30'],
    ['平成元年', '1', '8', '1989-01-08'],
    ['昭和64', '1', '7', '1989-01-07'],
    ['S55', '2', '29', '1980-02-29'],
    ['昭和元', '12', '25', '1926-12-25'],
    ['T15', '12', '24', '1926-12-24'],
  ])('year %s, month %s, day %s is %s', (year, month, day, read) => {
    expect(readDate(year, month, day)).toBe(read);
  });

  test.each([
    ['昭和64', '1', '8', 'it was 平成 already'],
    ['昭和65', '1', '1', 'there was no such year'],
    ['平成31', '5', '1', 'it was 令和 already'],
    ['平成元', '1', '7', 'it was still 昭和'],
    ['令和元', '4', '30', 'it was still 平成'],
    ['昭和元', '12', '24', 'it was still 大正'],
    ['大正元', '7', '29', 'it was still 明治'],
    ['R8', '13', '40', 'no month has this number'],
    ['R8', '2', '29', '2026 is no leap year'],
    ['2027', '2', '29', '2027 is no leap year'],
    ['2026', '4', '31', 'April has thirty days'],
    ['2026', '0', '1', 'months begin with one'],
    ['令和0', '1', '1', 'years of an era begin with one'],
    ['令和', '1', '1', 'the year is missing'],
    ['24', '6', '1', 'two digits could mean two years'],
    ['', '6', '1', 'the year is missing'],
    ['2024', '', '1', 'the month is missing'],
    ['2024', '6', '', 'the day is missing'],
    ['二〇二四', '6', '1', 'kanji digits are not read'],
    ['12024', '6', '1', 'the year has five digits'],
    ['1867', '12', '31', 'nobody was born then'],
    ['2024', '6.5', '1', 'a month is a whole number'],
    ['2024', '-6', '1', 'a month is no negative number'],
  ])('year %s, month %s, day %s is refused: %s', (year, month, day) => {
    expect(readDate(year, month, day)).toBeUndefined();
  });

  test.each([
    ['R6.4.1', '2024-04-01'],
    ['令和６年４月１日', '2024-04-01'],
    ['H31/4/30', '2019-04-30'],
    ['令和元年5月1日', '2019-05-01'],
    ['2024-06-01', '2024-06-01'],
    ['２０２４／６／１', '2024-06-01'],
    ['2024年6月1日', '2024-06-01'],
    ['2024ー6ー1', '2024-06-01'],
    ['2024−06−01', '2024-06-01'],
  ])('the one text %s is %s', (text, read) => {
    expect(readDateText(text)).toBe(read);
  });

  test('the era that runs has no last year yet: whether a day lies ahead is for others to judge', () => {
    expect(readDateText('令和20年4月1日')).toBe('2038-04-01');
  });

  test.each([
    'R8.13.40',
    '平成99年1月1日',
    'S64.1.8',
    '昭和64年1月8日',
    '明日',
    '',
    '2024',
    '20240601',
  ])('the one text %j is refused', (text) => {
    expect(readDateText(text)).toBeUndefined();
  });
});

describe('days', () => {
  test('only days that the calendar has are days', () => {
    expect(isDay('2028-02-29')).toBe(true);
    expect(isDay('2027-02-29')).toBe(false);
    expect(isDay('2026-04-31')).toBe(false);
    expect(isDay('2026-4-1')).toBe(false);
    expect(isDay('2026-04-01T00:00')).toBe(false);
    expect(dayOf(2026, 1.5, 1)).toBeUndefined();
    expect(IsoDate.safeParse('2026-13-01').success).toBe(false);
  });

  test('adding days passes over month-ends, leap days and New Year', () => {
    expect(addDays('2026-12-31', 1)).toBe('2027-01-01');
    expect(addDays('2028-02-28', 1)).toBe('2028-02-29');
    expect(addDays('2027-03-01', -1)).toBe('2027-02-28');
    expect(weekdayOf('2026-12-06')).toBe(0);
    expect(weekdayOf('2026-12-12')).toBe(6);
  });
});

describe('instants', () => {
  const hostZone = process.env['TZ'];
  afterEach(() => {
    if (hostZone === undefined) delete process.env['TZ'];
    else process.env['TZ'] = hostZone;
  });

  test.each(['UTC', 'Asia/Tokyo', 'America/New_York', 'Pacific/Kiritimati'])(
    'the day and the time are those of Tokyo on a host in %s',
    (zone) => {
      process.env['TZ'] = zone;
      const lastSecond = new Date('2026-12-09T14:59:59.999Z');
      const midnight = new Date('2026-12-09T15:00:00.000Z');
      expect(dayInTokyo(lastSecond)).toBe('2026-12-09');
      expect(timeInTokyo(lastSecond)).toBe('23:59');
      expect(dayInTokyo(midnight)).toBe('2026-12-10');
      expect(timeInTokyo(midnight)).toBe('00:00');
      expect(instantInTokyo('2026-12-10', '00:00')).toEqual(midnight);
      expect(momentName(new Date('2026-12-09T08:00:00Z'))).toBe('12月9日（水）17時');
      expect(weekdayOf('2026-12-10')).toBe(4);
      expect(addDays('2026-12-31', 1)).toBe('2027-01-01');
    },
  );

  test('the zones of this test are real: a local clock differs between them', () => {
    const hour = (zone: string) => {
      process.env['TZ'] = zone;
      return new Date('2026-12-09T15:00:00.000Z').getHours();
    };
    expect([hour('UTC'), hour('Asia/Tokyo')]).toEqual([15, 0]);
  });

  test('a moment is said with weekday and hour, and minutes only when there are some', () => {
    expect(momentName(new Date('2026-12-09T08:30:00Z'))).toBe('12月9日（水）17時30分');
    expect(momentName(new Date('2026-11-24T00:00:00Z'))).toBe('11月24日（火）9時');
    expect(momentName(new Date('2026-12-31T15:05:00Z'))).toBe('1月1日（金）0時5分');
    expect(clockName('09:00')).toBe('9時');
    expect(clockName('09:05')).toBe('9時5分');
    expect(clockName('00:00')).toBe('0時');
  });

  test("the last minute of a day is said as 24 o'clock of that day", () => {
    expect(clockName('23:59')).toBe('24時');
    expect(momentName(new Date('2026-12-09T14:59:00Z'))).toBe('12月9日（水）24時');
  });

  test('an expiry is in whole seconds, and milliseconds are refused as one', () => {
    const from = new Date('2026-12-01T03:00:00.789Z');
    expect(expiryAfter(from, 90)).toBe(Date.parse('2027-03-01T03:00:00Z') / 1000);
    expect(Number.isInteger(expiryAfter(from, 1 / 12))).toBe(true);
    expect(EpochSeconds.safeParse(from.getTime()).success).toBe(false);
    expect(EpochSeconds.safeParse(from.getTime() / 1000).success).toBe(false);
  });
});
