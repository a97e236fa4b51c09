/** When a ひろば is open and what it says of itself, and what the counts of a day add up to. */
import { afterEach, describe, expect, test } from 'vitest';
import { instantInTokyo } from '../../functions/calendar/rules.ts';
import { isNationalHoliday } from '../../functions/centre/holidays.ts';
import { centre } from '../../functions/centre/settings.ts';
import { centreCalendar } from '../../functions/courses/calendar-file.ts';
import { hirobaCalendar } from '../../functions/hiroba/calendar-file.ts';
import { HirobaSite, VisitEntry } from '../../functions/hiroba/model.ts';
import {
  countedPlaces,
  decideVisits,
  NOBODY,
  nextMorning,
  oddCounts,
  openDaysIn,
  openDaysPerWeek,
  openingsFrom,
  openingsOn,
  openToday,
  slotsOf,
  stepCount,
  sumOfDay,
} from '../../functions/hiroba/rules.ts';
import { hirobaSites } from '../../functions/hiroba/settings.ts';
import { daysName, hoursLines, stateName, stateSentence } from '../../functions/hiroba/words.ts';
import { aCourse } from '../support/world.ts';

const site = (siteId: string): HirobaSite => {
  const found = hirobaSites.find((candidate) => candidate.siteId === siteId);
  if (!found) throw new Error('No such site');
  return found;
};
const days = (siteId: string, month: string) =>
  openDaysIn(site(siteId), centre, isNationalHoliday, month).map((day) => Number(day.slice(8)));

describe('open days', () => {
  test('第2・第4金曜 are the second and the fourth Friday, whatever weekday the month begins with', () => {
    expect(days('yukkuri', '2026-12')).toEqual([11, 25]);
    expect(days('yukkuri', '2027-01')).toEqual([8, 22]);
    // A month that begins with a Friday.
    expect(days('yukkuri', '2027-10')).toEqual([8, 22]);
  });

  test('Sundays, holidays and the turn of the year are closed', () => {
    expect(days('komorebi', '2026-11')).toEqual([
      2, 4, 5, 6, 7, 9, 10, 11, 12, 13, 14, 16, 17, 18, 19, 20, 21, 24, 25, 26, 27, 28, 30,
    ]);
    expect(days('komorebi', '2027-01').slice(0, 3)).toEqual([4, 5, 6]);
    // 29 to 31 December fall on Tuesday to Thursday; the private site keeps them too.
    expect(days('hinata', '2026-12').slice(-3)).toEqual([24, 25, 28]);
  });

  test('a day on which the centre or the site is closed once has no hours', () => {
    const day = '2026-12-11';
    const closed = { ...centre, closedDays: [day] };
    expect(openingsOn(site('donguri'), closed, isNationalHoliday, day)).toEqual([]);
    const off = { ...site('donguri'), closedDays: [day] };
    expect(openingsOn(off, centre, isNationalHoliday, day)).toEqual([]);
    // What others run does not close with the centre.
    expect(openingsOn(site('hinata'), closed, isNationalHoliday, day)).toHaveLength(1);
  });

  test('the indicator counts days of an ordinary week', () => {
    expect(hirobaSites.map(openDaysPerWeek)).toEqual([6, 5, 4, 0]);
  });
});

describe('what a site says now', () => {
  const said = (siteId: string, at: string) => {
    const state = openToday(site(siteId), centre, isNationalHoliday, new Date(at));
    return [stateName[state.state], stateSentence(state)].join('。');
  };
  test.each([
    ['komorebi', '2026-12-08T09:29:59+09:00', '今日開きます。今日は9時30分から16時です。'],
    ['komorebi', '2026-12-08T09:30:00+09:00', 'いま開いています。今日は16時までです。'],
    [
      'komorebi',
      '2026-12-08T16:00:00+09:00',
      '今日は終わりました。次は12月9日（水）、9時30分から16時です。',
    ],
    [
      'donguri',
      '2026-12-06T12:00:00+09:00',
      '今日はお休みです。次は12月8日（火）、10時から15時です。',
    ],
    [
      'komorebi',
      '2026-12-29T12:00:00+09:00',
      '今日はお休みです。次は1月4日（月）、9時30分から16時です。',
    ],
  ])('%s at %s: %s', (siteId, at, sentence) => {
    expect(said(siteId, at)).toBe(sentence);
  });

  test('its days are written as people say them', () => {
    expect(hirobaSites.map((each) => hoursLines(each)[0]?.[0])).toEqual([
      '月曜日から土曜日',
      '火曜日から土曜日',
      '月・水・木・金曜日',
      '第2・第4金曜日',
    ]);
    expect(daysName({ weekdays: [0, 6] })).toBe('土・日曜日');
    expect(daysName({ weekdays: [0, 1, 2, 3, 4, 5, 6] })).toBe('月曜日から日曜日');
    expect(hoursLines(site('donguri'))[0]?.[1]).toBe(
      '10時から15時（12時から13時は、お昼を食べられます）',
    );
  });

  test('the next morning is four o’clock in Tokyo, today or tomorrow', () => {
    const next = (at: string) => nextMorning(new Date(at)).toISOString();
    expect(next('2026-12-08T03:59:59+09:00')).toBe('2026-12-07T19:00:00.000Z');
    expect(next('2026-12-08T04:00:00+09:00')).toBe('2026-12-08T19:00:00.000Z');
  });
});

describe('counts', () => {
  const [place] = countedPlaces(hirobaSites);
  const now = new Date('2026-12-08T15:00:00+09:00');
  const am = { ...NOBODY, families: 3, adults: 4, age0: 2 };
  const entry = { date: '2026-12-08', version: 0, slots: { am } };

  test('the first entry of a day is its first version, the next one the second', () => {
    const first = decideVisits(place, undefined, entry, now);
    if ('refused' in first) throw new Error(first.refused);
    expect(first).toMatchObject({ siteId: 'komorebi', date: '2026-12-08', version: 1 });
    expect(decideVisits(place, first, { ...entry, version: 1 }, now)).toMatchObject({ version: 2 });
    expect(decideVisits(place, first, entry, now)).toMatchObject({ refused: 'version_conflict' });
  });

  test('a day that has not come, and a place that nobody knows, are refused', () => {
    const tomorrow = { ...entry, date: '2026-12-09' };
    expect(decideVisits(place, undefined, tomorrow, now)).toMatchObject({
      refused: 'not_possible_now',
      sentence: expect.stringContaining('12月9日（水）'),
    });
    // In Tokyo it is the 9th already.
    const midnight = new Date('2026-12-08T15:00:00Z');
    expect(decideVisits(place, undefined, tomorrow, midnight)).toMatchObject({ version: 1 });
    expect(decideVisits(undefined, undefined, entry, now)).toMatchObject({
      refused: 'site_not_found',
    });
  });

  test('a day is counted in halves or as a whole, never both', () => {
    expect(VisitEntry.safeParse(entry).success).toBe(true);
    expect(VisitEntry.safeParse({ ...entry, slots: { am, day: am } }).success).toBe(false);
    expect(VisitEntry.safeParse({ ...entry, slots: { day: { ...am, age0: 1.5 } } }).success).toBe(
      false,
    );
    expect(VisitEntry.safeParse({ ...entry, name: '見本' }).success).toBe(false);
  });

  test('the slots are those of the place, or those in which the day is already counted', () => {
    expect(slotsOf({ countedBy: 'half_day' }, undefined)).toEqual(['am', 'pm']);
    expect(slotsOf({ countedBy: 'day' }, undefined)).toEqual(['day']);
    expect(slotsOf({ countedBy: 'day' }, { slots: { pm: am } })).toEqual(['am', 'pm']);
    expect(slotsOf({ countedBy: 'half_day' }, { slots: { day: am } })).toEqual(['day']);
  });

  test('a day adds up over its slots, and nobody is fewer than none', () => {
    expect(sumOfDay({ slots: { am, pm: am } })).toEqual({
      ...NOBODY,
      families: 6,
      adults: 8,
      age0: 4,
    });
    expect(stepCount(NOBODY, 'teens', -1)).toEqual(NOBODY);
    expect(stepCount({ ...NOBODY, teens: 999 }, 'teens', 1).teens).toBe(999);
  });

  test('counts that cannot all be right are named', () => {
    expect(oddCounts(am)).toBeUndefined();
    expect(oddCounts({ ...am, fathers: 5 })).toContain('父親');
    expect(oddCounts({ ...am, firstVisits: 4 })).toContain('はじめて');
    expect(oddCounts({ ...am, families: 9 })).toContain('家族の数');
  });
});

test('hours that end before they begin are not accepted as settings', () => {
  const [first] = hirobaSites;
  const hours = [{ weekdays: [1], opens: '16:00', closes: '09:30' }];
  expect(HirobaSite.safeParse({ ...first, hours }).success).toBe(false);
});

describe('the calendars to subscribe to', () => {
  const hostZone = process.env['TZ'];
  afterEach(() => {
    if (hostZone === undefined) delete process.env['TZ'];
    else process.env['TZ'] = hostZone;
  });
  const linesOf = (calendar: string) => calendar.replaceAll('\r\n ', '').split('\r\n');
  const outreach = aCourse({
    courseId: 'crs_outreach',
    category: '出張ひろば',
    title: '出張ひろば',
    sessions: [
      { key: '1', date: '2026-12-03', start: '10:00', end: '11:30', venue: '東地区センター 和室' },
      { key: '2', date: '2026-12-10', start: '10:00', end: '11:30', venue: '西町集会所' },
    ],
  });
  const made = () => {
    const sites = [site('yukkuri'), site('komorebi')].map((each) => ({
      site: each,
      openings: openingsFrom(each, centre, isNationalHoliday, '2026-12-08', 60),
    }));
    const stamp = instantInTokyo('2026-12-08', '00:00');
    return hirobaCalendar('ひろば', sites, [outreach], centre, stamp);
  };

  test.each(['UTC', 'Asia/Tokyo', 'America/New_York', 'Pacific/Kiritimati'])(
    'openings are instants in UTC on a host in %s, with UIDs that stay',
    (zone) => {
      process.env['TZ'] = zone;
      const calendar = made();
      const lines = linesOf(calendar);
      // The 2nd Friday of December, 13:30 to 15:00 in Tokyo.
      const at = lines.indexOf('UID:hiroba-yukkuri-2026-12-11-1330@hidamari');
      const event = lines.slice(at, lines.indexOf('END:VEVENT', at));
      expect(event).toContain('DTSTART:20261211T043000Z');
      expect(event).toContain('DTEND:20261211T060000Z');
      expect(event).toContain('SUMMARY:ゆっくりひろば');
      expect(event).toContain('LOCATION:センター2階 和室');
      expect(lines).toContain('UID:crs_outreach-2@hidamari');
      expect(lines).toContain('LOCATION:西町集会所');
      expect(lines).toContain('METHOD:PUBLISH');
      expect(lines).toContain('X-PUBLISHED-TTL:PT6H');
      expect(lines.filter((line) => line.includes('TZID'))).toEqual([]);
      expect(lines.join()).not.toContain('hiroba-komorebi-2027-01-01');
      process.env['TZ'] = 'UTC';
      expect(made()).toBe(calendar);
    },
  );

  test('every UID is there once, and no line is longer than the format allows', () => {
    const calendar = made();
    const uids = linesOf(calendar).filter((line) => line.startsWith('UID:'));
    expect(new Set(uids).size).toBe(uids.length);
    for (const line of calendar.split('\r\n')) {
      expect(Buffer.byteLength(line)).toBeLessThanOrEqual(75);
    }
  });

  test('a course that was called off stays in the calendar and says so', () => {
    const lines = linesOf(
      centreCalendar([{ ...outreach, publication: 'cancelled', version: 2 }, aCourse()], centre),
    );
    expect(lines.filter((line) => line === 'STATUS:CANCELLED')).toHaveLength(2);
    expect(lines.filter((line) => line === 'SEQUENCE:2')).toHaveLength(2);
    expect(lines.filter((line) => line === 'STATUS:CONFIRMED')).toHaveLength(1);
  });
});
