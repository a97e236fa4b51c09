/**
 * Calendar days, Japanese dates and ages, as pure functions that run alike on a UTC server and in
 * a browser. A calendar day is a string `YYYY-MM-DD`; an instant is a `Date` or RFC 3339 text; the
 * centre lives in Asia/Tokyo, which has had no daylight-saving time since 1951, so +09:00 is exact.
 */

/** A calendar day, `YYYY-MM-DD`. */
export type Day = string;
/** A time of day in Tokyo, `HH:MM`. */
export type TimeOfDay = string;

const DAY_MS = 86_400_000;
const TOKYO_OFFSET_MS = 9 * 3_600_000;
const WEEKDAYS = ['日', '月', '火', '水', '木', '金', '土'] as const;

interface DayParts {
  readonly year: number;
  readonly month: number;
  readonly day: number;
}

/** Splits `YYYY-MM-DD`. The day must have passed `isDay`. */
export function partsOf(day: Day): DayParts {
  return {
    year: Number(day.slice(0, 4)),
    month: Number(day.slice(5, 7)),
    day: Number(day.slice(8, 10)),
  };
}

/** The day with these parts, or undefined when the calendar has no such day (2027-02-29). */
export function dayOf(year: number, month: number, day: number): Day | undefined {
  if (![year, month, day].every(Number.isInteger)) return undefined;
  if (year < 1868 || year > 2200 || month < 1 || month > 12 || day < 1 || day > 31)
    return undefined;
  const date = new Date(Date.UTC(year, month - 1, day));
  return date.getUTCMonth() === month - 1 ? date.toISOString().slice(0, 10) : undefined;
}

/** Whether the text is an existing calendar day written `YYYY-MM-DD`. */
export function isDay(text: string): boolean {
  if (!/^\d{4}-\d{2}-\d{2}$/.test(text)) return false;
  const { year, month, day } = partsOf(text);
  return dayOf(year, month, day) === text;
}

/** The calendar day in Tokyo at an instant. */
export function dayInTokyo(instant: Date): Day {
  return new Date(instant.getTime() + TOKYO_OFFSET_MS).toISOString().slice(0, 10);
}

/** The time of day in Tokyo at an instant, `HH:MM`. */
export function timeInTokyo(instant: Date): TimeOfDay {
  return new Date(instant.getTime() + TOKYO_OFFSET_MS).toISOString().slice(11, 16);
}

/** The instant at which a Tokyo clock shows this day and time. */
export function instantInTokyo(day: Day, time: TimeOfDay): Date {
  return new Date(`${day}T${time}:00+09:00`);
}

/** The day `count` days later (earlier when negative). */
export function addDays(day: Day, count: number): Day {
  return new Date(Date.parse(`${day}T00:00:00Z`) + count * DAY_MS).toISOString().slice(0, 10);
}

/** 0 = Sunday … 6 = Saturday. */
export function weekdayOf(day: Day): number {
  return new Date(`${day}T00:00:00Z`).getUTCDay();
}

/**
 * Completed months between birth and a day (月齢). The month is completed on the same day number,
 * or on the last day of a shorter month: born 31 January, one month old on 28 February.
 */
export function ageInMonths(birth: Day, on: Day): number {
  const b = partsOf(birth);
  const o = partsOf(on);
  const months = (o.year - b.year) * 12 + (o.month - b.month);
  const lastDayOfMonth = new Date(Date.UTC(o.year, o.month, 0)).getUTCDate();
  return o.day >= Math.min(b.day, lastDayOfMonth) ? months : months - 1;
}

/**
 * School year (学年) on a day: 1–6 = primary, 7–9 = junior high, 10–12 = high school, ≤ 0 = before
 * school. Someone born on 2 April up to the next 1 April forms one year: a child born on 1 April
 * reaches the age at the end of 31 March (年齢計算ニ関スル法律) and enters a year earlier.
 */
export function schoolYear(birth: Day, on: Day): number {
  const b = partsOf(addDays(birth, -1));
  const cohort = b.month >= 4 ? b.year : b.year - 1;
  const o = partsOf(on);
  const fiscalYear = o.month >= 4 ? o.year : o.year - 1;
  return fiscalYear - cohort - 6;
}

/** 小1 … 小6, 中1 … 中3, 高1 … 高3; 就学前 before school, 高校卒業後 after it. */
export function schoolYearName(year: number): string {
  if (year <= 0) return '就学前';
  if (year <= 6) return `小学${year}年生`;
  if (year <= 9) return `中学${year - 6}年生`;
  if (year <= 12) return `高校${year - 9}年生`;
  return '高校卒業後';
}

/** 「7か月」「2歳」「1歳6か月」. */
export function ageName(months: number): string {
  const years = Math.floor(months / 12);
  const rest = months % 12;
  if (years === 0) return `${rest}か月`;
  return rest === 0 ? `${years}歳` : `${years}歳${rest}か月`;
}

/** 「12月10日（木）」. */
export function shortDayName(day: Day): string {
  const { month, day: d } = partsOf(day);
  return `${month}月${d}日（${WEEKDAYS[weekdayOf(day)]}）`;
}

/** 「2026年12月10日（木）」. */
export function dayName(day: Day): string {
  return `${partsOf(day).year}年${shortDayName(day)}`;
}

/** 「2026年12月10日（令和8年）木曜日」, as a form of the city shows it. */
export function formalDayName(day: Day): string {
  return `${birthDayName(day)}${WEEKDAYS[weekdayOf(day)]}曜日`;
}

/** 「2026年6月1日（令和8年）」: nobody thinks of a birth date by its weekday. */
export function birthDayName(day: Day): string {
  const { year, month, day: d } = partsOf(day);
  return `${year}年${month}月${d}日（${eraYearName(day)}）`;
}

/** 「12月9日（水）17時」「12月9日（水）17時30分」. */
export function momentName(instant: Date): string {
  return `${shortDayName(dayInTokyo(instant))}${clockName(timeInTokyo(instant))}`;
}

/** 「9時」「9時30分」; midnight's last minute is said as 「24時」. */
export function clockName(time: TimeOfDay): string {
  if (time === '23:59') return '24時';
  const [hour, minute] = time.split(':').map(Number);
  return minute === 0 ? `${hour}時` : `${hour}時${minute}分`;
}

const ERAS = [
  { name: '令和', letters: ['令和', '令', 'r'], from: '2019-05-01', firstYear: 2019 },
  { name: '平成', letters: ['平成', '平', 'h'], from: '1989-01-08', firstYear: 1989 },
  { name: '昭和', letters: ['昭和', '昭', 's'], from: '1926-12-25', firstYear: 1926 },
  { name: '大正', letters: ['大正', '大', 't'], from: '1912-07-30', firstYear: 1912 },
] as const;

/** 「令和8年」「令和元年」 for a day; the western year before 大正. */
export function eraYearName(day: Day): string {
  const era = ERAS.find((candidate) => day >= candidate.from);
  if (!era) return `${partsOf(day).year}年`;
  const year = partsOf(day).year - era.firstYear + 1;
  return `${era.name}${year === 1 ? '元' : year}年`;
}

/**
 * Reads a date as people type it: three fields, the year western (2024, 24年 is refused as
 * ambiguous) or Japanese (令和6, R6, 令和元). Full-width digits are fine.
 * @returns the day, or undefined when it does not exist, also outside the era's own bounds
 *   (昭和64年1月8日 was 平成).
 */
export function readDate(year: string, month: string, day: string): Day | undefined {
  const number = (text: string, suffix: RegExp) => {
    const digits = plain(text).replace(suffix, '');
    return /^\d{1,2}$/.test(digits) ? Number(digits) : Number.NaN;
  };
  const m = number(month, /月$/);
  const d = number(day, /日$/);
  const yearText = plain(year).replace(/年$/, '');
  if (/^\d{4}$/.test(yearText)) return dayOf(Number(yearText), m, d);
  for (const [index, era] of ERAS.entries()) {
    const letter = era.letters.find((candidate) => yearText.startsWith(candidate));
    if (letter === undefined) continue;
    const rest = yearText.slice(letter.length).replace(/^[.\-/]/, '');
    const count = rest === '元' ? 1 : /^\d{1,2}$/.test(rest) ? Number(rest) : Number.NaN;
    const read = count >= 1 ? dayOf(era.firstYear + count - 1, m, d) : undefined;
    const end = index === 0 ? '9999-12-31' : ERAS[index - 1]?.from;
    return read !== undefined && read >= era.from && end !== undefined && read < end
      ? read
      : undefined;
  }
  return undefined;
}

/** Reads one text such as 2024-06-01, 2024年6月1日, 令和6年6月1日, R6.6.1, ２０２４／６／１. */
export function readDateText(text: string): Day | undefined {
  const match = /^(\D{0,2}?(?:\d{1,4}|元))[年.\-/](\d{1,2})[月.\-/](\d{1,2})日?$/.exec(plain(text));
  return match ? readDate(match[1] ?? '', match[2] ?? '', match[3] ?? '') : undefined;
}

function plain(text: string): string {
  return text
    .normalize('NFKC')
    .toLowerCase()
    .replace(/[\s　]/g, '')
    .replace(/[‐‑‒–—―−ー]/g, '-');
}
