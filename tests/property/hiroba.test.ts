/** The ひろば: never open on a closed day, whatever the hours; counts of two people add up. */
import fc from 'fast-check';
import { afterEach, expect, test } from 'vitest';
import {
  addDays,
  dayInTokyo,
  instantInTokyo,
  partsOf,
  timeInTokyo,
  weekdayOf,
} from '../../functions/calendar/rules.ts';
import { centre } from '../../functions/centre/settings.ts';
import { HirobaHours, VisitCounts } from '../../functions/hiroba/model.ts';
import {
  addedTo,
  COUNT_KEYS,
  LOOK_AHEAD_DAYS,
  openDaysIn,
  openingsOn,
  openToday,
  weekOfMonth,
} from '../../functions/hiroba/rules.ts';
import { aDay, arbitraryOf } from '../support/arbitraries.ts';

const someWeekdays = fc.uniqueArray(fc.nat(6), { minLength: 1 });
const someHours = fc
  .record(
    {
      weekdays: someWeekdays,
      weeks: fc.uniqueArray(fc.integer({ min: 1, max: 5 }), { minLength: 1 }),
      times: fc.uniqueArray(fc.nat(47), { minLength: 2, maxLength: 2 }),
    },
    { requiredKeys: ['weekdays', 'times'] },
  )
  .map(({ times, ...rest }) => {
    const [opens, closes] = times
      .sort((a, b) => a - b)
      .map((half) => `${String(half >> 1).padStart(2, '0')}:${half % 2 ? '30' : '00'}`);
    return HirobaHours.parse({ ...rest, opens, closes });
  });
const aSite = fc.record({
  runBy: fc.constantFrom('centre' as const, 'others' as const),
  hours: fc.array(someHours, { minLength: 1, maxLength: 4 }),
  closedDays: fc.constant<string[]>([]),
});
const aMonth = aDay.map((day) => day.slice(0, 7));
/** Any days may be holidays. */
const holidays = fc.uniqueArray(fc.integer({ min: 1, max: 31 }), { maxLength: 8 });

const hostZone = process.env['TZ'];
afterEach(() => {
  if (hostZone === undefined) delete process.env['TZ'];
  else process.env['TZ'] = hostZone;
});

test('a site is never open on a holiday, a closed day of its own or of the centre, or at New Year', () => {
  fc.assert(
    fc.property(aSite, aMonth, holidays, holidays, (site, month, off, closed) => {
      const named = (numbers: readonly number[]) =>
        numbers.map((day) => `${month}-${String(day).padStart(2, '0')}`);
      const isHoliday = (day: string) => named(off).includes(day);
      const own = { ...site, closedDays: named(closed) };
      const house = { ...centre, closedDays: named(closed) };
      for (const day of openDaysIn(own, centre, isHoliday, month)) {
        expect(day.startsWith(month)).toBe(true);
        expect(named(off)).not.toContain(day);
        expect(named(closed)).not.toContain(day);
        expect(centre.closedEachYear).not.toContain(day.slice(5));
        expect(site.hours.flatMap(({ weekdays }) => weekdays)).toContain(weekdayOf(day));
        if (site.runBy === 'centre') expect(centre.openWeekdays).toContain(weekdayOf(day));
      }
      if (site.runBy === 'others') return;
      for (const day of openDaysIn(site, house, isHoliday, month)) {
        expect(named(closed)).not.toContain(day);
      }
    }),
  );
});

test('the nth weekday of a month is the one that has n − 1 of its kind before it', () => {
  fc.assert(
    fc.property(aDay, (day) => {
      const before = Array.from({ length: partsOf(day).day - 1 }, (_, back) =>
        addDays(day, -1 - back),
      );
      const kind = before.filter((each) => weekdayOf(each) === weekdayOf(day));
      expect(weekOfMonth(day)).toBe(kind.length + 1);
    }),
  );
});

test('what is said of now agrees with the hours of that day, on a host in any zone', () => {
  const never = () => false;
  fc.assert(
    fc.property(
      aSite,
      fc.date({ min: new Date('2026-01-01'), max: new Date('2036-01-01'), noInvalidDate: true }),
      (site, now) => {
        const said = ['UTC', 'Asia/Tokyo', 'America/New_York', 'Pacific/Kiritimati'].map((zone) => {
          process.env['TZ'] = zone;
          return openToday(site, centre, never, now);
        });
        for (const each of said) expect(each).toEqual(said[0]);
        const [state] = said;
        if (!state) throw new Error('Nothing was said');
        const today = dayInTokyo(now);
        const hours = openingsOn(site, centre, never, today);
        const isIn = hours.some(
          ({ date, opens, closes }) =>
            instantInTokyo(date, opens) <= now && now < instantInTokyo(date, closes),
        );
        // Hours that overlap are open as long as any of them is.
        if (state.state === 'open') expect(isIn).toBe(true);
        if (state.state === 'closed') expect(hours).toEqual([]);
        if (state.state === 'over') {
          expect(hours.every(({ closes }) => closes <= timeInTokyo(now))).toBe(true);
        }
        if ('next' in state && state.next) {
          expect(state.next.date > today).toBe(true);
          expect(state.next.date < addDays(today, LOOK_AHEAD_DAYS)).toBe(true);
          expect(openingsOn(site, centre, never, state.next.date)).toContainEqual(state.next);
        }
      },
    ),
    { numRuns: 200 },
  );
});

test('who saves second adds to what the first saved, and loses nothing of it', () => {
  const few = arbitraryOf(VisitCounts).map(
    (counts) =>
      Object.fromEntries(COUNT_KEYS.map((key) => [key, counts[key] % 100])) as VisitCounts,
  );
  const plus = (a: VisitCounts, b: VisitCounts) =>
    Object.fromEntries(COUNT_KEYS.map((key) => [key, a[key] + b[key]])) as VisitCounts;
  fc.assert(
    fc.property(few, few, few, (base, hers, mine) => {
      expect(addedTo(plus(base, hers), base, plus(base, mine))).toEqual(
        plus(plus(base, hers), mine),
      );
      // Nothing touched here: the colleague's counts as they are.
      expect(addedTo(hers, base, base)).toEqual(hers);
    }),
  );
  fc.assert(
    fc.property(
      arbitraryOf(VisitCounts),
      arbitraryOf(VisitCounts),
      arbitraryOf(VisitCounts),
      (a, b, c) => {
        expect(VisitCounts.safeParse(addedTo(a, b, c)).success).toBe(true);
      },
    ),
  );
});
