/**
 * When a ひろば is open, and what the counts of its visitors add up to. Pure and without zod: the
 * page's script and the desk run the same rules as the server.
 */
import {
  addDays,
  type Day,
  dayInTokyo,
  instantInTokyo,
  shortDayName,
  timeInTokyo,
  weekdayOf,
} from '../calendar/rules.ts';
import type { Centre } from '../centre/model.ts';
import { type IsHoliday, isOpenDay } from '../centre/rules.ts';
import type { Course } from '../courses/model.ts';
import type {
  CountedPlace,
  HirobaHours,
  HirobaSite,
  HirobaStatusFile,
  Month,
  VisitCounts,
  VisitDay,
  VisitEntry,
  VisitSlot,
} from './model.ts';

/** What the rules need to know of a site. */
type Opens = Pick<HirobaSite, 'hours' | 'closedDays' | 'runBy'>;
type OpeningHours = Parameters<typeof isOpenDay>[0] & Pick<Centre, 'closedEachYear'>;

/** A site is open from … to … on a day. */
export interface Opening {
  readonly date: Day;
  readonly opens: string;
  readonly closes: string;
}

/** Courses of this category are dates of the 出張ひろば: they have pages and sessions like any other. */
export const OUTREACH_CATEGORY = '出張ひろば';

export function isOutreach(course: Pick<Course, 'category'>): boolean {
  return course.category === OUTREACH_CATEGORY;
}

/** Which of its weekday in the month a day is: the 8th to the 14th are the second. */
export function weekOfMonth(day: Day): number {
  return Math.ceil(Number(day.slice(8)) / 7);
}

/**
 * The hours of a site on a day, earliest first; none when it is closed. Holidays and the turn of
 * the year close every site; what the centre runs is closed with the centre.
 */
export function openingsOn(
  site: Opens,
  centre: OpeningHours,
  isHoliday: IsHoliday,
  day: Day,
): readonly Opening[] {
  const isClosed =
    site.runBy === 'centre'
      ? !isOpenDay(centre, isHoliday, day)
      : isHoliday(day) || centre.closedEachYear.includes(day.slice(5));
  if (isClosed || site.closedDays.includes(day)) return [];
  return site.hours
    .filter((hours) => isOn(hours, day))
    .map(({ opens, closes }) => ({ date: day, opens, closes }))
    .sort((a, b) => (a.opens < b.opens ? -1 : 1));
}

function isOn({ weekdays, weeks }: HirobaHours, day: Day): boolean {
  return (
    weekdays.includes(weekdayOf(day)) && (weeks === undefined || weeks.includes(weekOfMonth(day)))
  );
}

/** The openings of `days` days, beginning with `from`. */
export function openingsFrom(
  site: Opens,
  centre: OpeningHours,
  isHoliday: IsHoliday,
  from: Day,
  days: number,
): readonly Opening[] {
  return Array.from({ length: days }, (_, later) => addDays(from, later)).flatMap((day) =>
    openingsOn(site, centre, isHoliday, day),
  );
}

/** The days of a month on which a site is open. */
export function openDaysIn(
  site: Opens,
  centre: OpeningHours,
  isHoliday: IsHoliday,
  month: Month,
): readonly Day[] {
  const openings = openingsFrom(site, centre, isHoliday, `${month}-01`, 31);
  return [...new Set(openings.map(({ date }) => date))].filter((day) => day.startsWith(month));
}

/** Days in an ordinary week on which it is open: the indicator of 開室日 (第2・第4 is not weekly). */
export function openDaysPerWeek(site: Pick<HirobaSite, 'hours'>): number {
  return new Set(site.hours.flatMap(({ weekdays, weeks }) => (weeks === undefined ? weekdays : [])))
    .size;
}

/** Whether a site is open now: later today, closed for today, or on no hour of today. */
export type HirobaState =
  | { readonly state: 'open' | 'later'; readonly opening: Opening }
  | { readonly state: 'over' | 'closed'; readonly next: Opening | undefined };

/** What can be said at an instant, from openings in order of time. */
export function stateAmong(openings: readonly Opening[], now: Date): HirobaState {
  const today = dayInTokyo(now);
  const time = timeInTokyo(now);
  const ofToday = openings.filter(({ date }) => date === today);
  const opening = ofToday.find(({ closes }) => time < closes);
  if (opening) return { state: time < opening.opens ? 'later' : 'open', opening };
  const next = openings.find(({ date }) => date > today);
  return { state: ofToday.length > 0 ? 'over' : 'closed', next };
}

/** Longest look ahead for the next opening, in days. */
export const LOOK_AHEAD_DAYS = 40;

/** Whether a site is open now, and until or from when. */
export function openToday(
  site: Opens,
  centre: OpeningHours,
  isHoliday: IsHoliday,
  now: Date,
): HirobaState {
  const openings = openingsFrom(site, centre, isHoliday, dayInTokyo(now), LOOK_AHEAD_DAYS);
  return stateAmong(openings, now);
}

/** The openings of a site as the page's script reads them. */
export function openingsOfFile(entries: HirobaStatusFile['sites'][string]): readonly Opening[] {
  return entries.map(({ opensAt, closesAt }) => ({
    date: dayInTokyo(new Date(opensAt)),
    opens: timeInTokyo(new Date(opensAt)),
    closes: timeInTokyo(new Date(closesAt)),
  }));
}

export function openingStarts({ date, opens }: Opening): Date {
  return instantInTokyo(date, opens);
}

export function openingEnds({ date, closes }: Opening): Date {
  return instantInTokyo(date, closes);
}

/** The next four o'clock in the morning, when the day's pages and calendars are made anew. */
export function nextMorning(now: Date): Date {
  const today = instantInTokyo(dayInTokyo(now), '04:00');
  return today > now ? today : instantInTokyo(addDays(dayInTokyo(now), 1), '04:00');
}

/** Where the page's script finds the coming openings of every site. */
export const STATUS_FILE = '/hiroba/status.json';

/** Path of a calendar to subscribe to: of one site, or of all that the centre runs. */
export function feedPath(siteId: string | undefined): string {
  return siteId === undefined ? '/feeds/hiroba.ics' : `/feeds/hiroba-${siteId}.ics`;
}

/** Where visitors of the 出張ひろば are counted, whatever the venue of the day. */
export const OUTREACH_ID = 'outreach';

/** Every place whose visitors are counted, in the order in which the desk offers them. */
export function countedPlaces(sites: readonly HirobaSite[]): readonly CountedPlace[] {
  return [
    ...sites.map(({ siteId, name, countedBy }) => ({ siteId, name, countedBy })),
    { siteId: OUTREACH_ID, name: '出張ひろば', countedBy: 'day' },
  ];
}

/** The slots of a day: those of the place, and any other that is already counted in. */
export function slotsOf(
  place: Pick<CountedPlace, 'countedBy'>,
  day: Pick<VisitDay, 'slots'> | undefined,
): readonly VisitSlot[] {
  const counted = (['am', 'pm', 'day'] as const).filter((slot) => day?.slots[slot]);
  if (counted.length > 0) return counted.includes('day') ? ['day'] : ['am', 'pm'];
  return place.countedBy === 'day' ? ['day'] : ['am', 'pm'];
}

export type CountKey = keyof VisitCounts;

/** Children by age, in order. */
export const CHILD_KEYS = ['age0', 'age1', 'age2', 'age3', 'primary', 'teens'] as const;
export const COUNT_KEYS: readonly CountKey[] = [
  'families',
  'adults',
  'fathers',
  'firstVisits',
  ...CHILD_KEYS,
];

export const countName: Readonly<Record<CountKey, string>> = {
  families: '家族（組）',
  adults: 'おとな',
  fathers: 'うち父親',
  firstVisits: 'はじめての家族',
  age0: '0歳',
  age1: '1歳',
  age2: '2歳',
  age3: '3歳から入学前',
  primary: '小学生',
  teens: '中学生・高校生',
};

export const slotName: Readonly<Record<VisitSlot, string>> = {
  am: '午前',
  pm: '午後',
  day: '一日',
};

export const NOBODY: VisitCounts = {
  families: 0,
  adults: 0,
  fathers: 0,
  firstVisits: 0,
  age0: 0,
  age1: 0,
  age2: 0,
  age3: 0,
  primary: 0,
  teens: 0,
};

/** The largest count that is stored; more visitors in one slot are not to be expected. */
const MOST = 999;

function eachCount(of: (key: CountKey) => number): VisitCounts {
  return Object.fromEntries(COUNT_KEYS.map((key) => [key, of(key)])) as VisitCounts;
}

/** All of these together. */
export function sumOfCounts(counts: readonly VisitCounts[]): VisitCounts {
  return eachCount((key) => counts.reduce((sum, each) => sum + each[key], 0));
}

/** Everybody who came in a day, over its slots. */
export function sumOfDay(day: Pick<VisitDay, 'slots'>): VisitCounts {
  return sumOfCounts(Object.values(day.slots).filter((counts) => counts !== undefined));
}

export function childrenIn(counts: VisitCounts): number {
  return CHILD_KEYS.reduce((sum, key) => sum + counts[key], 0);
}

/** One more or fewer, never below nobody. */
export function stepCount(counts: VisitCounts, key: CountKey, by: number): VisitCounts {
  return { ...counts, [key]: clamp(counts[key] + by) };
}

/**
 * What two people counted at the same time: what was added here since `base` is added to what a
 * colleague has saved meanwhile. Both stood at the door, so neither count replaces the other.
 */
export function addedTo(newer: VisitCounts, base: VisitCounts, mine: VisitCounts): VisitCounts {
  return eachCount((key) => clamp(newer[key] + mine[key] - base[key]));
}

function clamp(count: number): number {
  return Math.min(MOST, Math.max(0, count));
}

/** Counts that cannot all be right, in a sentence; undefined when nothing is odd. */
export function oddCounts(counts: VisitCounts): string | undefined {
  if (counts.fathers > counts.adults) return '父親の数が、おとなの数より多くなっています。';
  if (counts.firstVisits > counts.families)
    return 'はじめての家族の数が、家族の数より多くなっています。';
  if (counts.families > counts.adults + childrenIn(counts))
    return '家族の数が、おとなと子どもを合わせた数より多くなっています。';
  return undefined;
}

export interface VisitRefusal {
  readonly refused: 'site_not_found' | 'version_conflict' | 'not_possible_now';
  readonly sentence: string;
}

/** What an entry of the desk becomes: the day's next version, or why it is not taken. */
export function decideVisits(
  place: CountedPlace | undefined,
  seen: VisitDay | undefined,
  entry: VisitEntry,
  now: Date,
): VisitDay | VisitRefusal {
  if (!place) return { refused: 'site_not_found', sentence: 'このひろばは見つかりませんでした。' };
  if (entry.date > dayInTokyo(now)) {
    return {
      refused: 'not_possible_now',
      sentence: `${shortDayName(entry.date)}は、まだ来ていません。その日になってから、つけてください。`,
    };
  }
  if ((seen?.version ?? 0) !== entry.version) {
    return {
      refused: 'version_conflict',
      sentence:
        'ほかの職員が先に保存しました。いまの数を読みこんで確かめてから、もう一度保存してください。',
    };
  }
  return {
    siteId: place.siteId,
    date: entry.date,
    version: entry.version + 1,
    slots: entry.slots,
    updatedAt: now.toISOString(),
  };
}
