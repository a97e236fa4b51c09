/** Reads the demonstration's courses and moves them, by whole weeks, around a given day. */
import { readFileSync } from 'node:fs';
import { parse } from 'yaml';
import * as z from 'zod';
import { addDays, dayInTokyo, instantInTokyo } from '../../../functions/calendar/rules.ts';
import { isNationalHoliday } from '../../../functions/centre/holidays.ts';
import { isOpenDay } from '../../../functions/centre/rules.ts';
import { centre } from '../../../functions/centre/settings.ts';
import { Course } from '../../../functions/courses/model.ts';

const WEEK_MS = 7 * 86_400_000;
/**
 * The demonstration's "today" lies in the week that begins here: applications for some courses are
 * open, others open within days, and lotteries are running.
 */
const SEASON_BEGINS = instantInTokyo('2026-12-01', '14:00');

const SCHOOL_YEARS: Readonly<Record<string, number>> = {
  就学前: 0,
  小3: 3,
  小5: 5,
  小6: 6,
  中1: 7,
};
const METHODS = {
  先着: 'first_come',
  抽選: 'lottery',
  申込不要: 'none',
  職員受付: 'staff',
} as const;

/** Fixed by others after applications have closed; a demonstration needs no more than its name. */
const PUBLIC_VALUE = '締め切りのあと最初に決まる、全国自治宝くじの1等の番号';
const CONFIRM_DAYS = 3;

const Day = z.string();
const Range = z.object({
  min_months: z.number().optional(),
  max_exclusive_months: z.number().optional(),
  min_age: z.number().optional(),
  max_age: z.number().optional(),
  max: z.string().optional(),
  min_grade: z.string().optional(),
  max_grade: z.string().optional(),
});

/** One course as the demonstration's file writes it. */
const WrittenCourse = z.object({
  id: z.string(),
  title: z.string(),
  title_kana: z.string(),
  category: z.string(),
  summary: z.string(),
  audience: z.string(),
  listing: z.literal('unlisted').optional(),
  led_by: z.string().optional(),
  eligibility: Range.extend({
    child: Range.optional(),
    parent_of: Range.optional(),
    or: z.array(z.string()).optional(),
    flags: z.array(z.string()).optional(),
  }),
  session_choice: z.enum(['one_of', 'each']).optional(),
  sessions: z.array(
    z.object({
      key: z.string().optional(),
      seq: z.number().optional(),
      date: Day,
      start: z.string(),
      end: z.string(),
      venue: z.string().optional(),
      seats: z.number().optional(),
    }),
  ),
  venue: z.string().optional(),
  capacity: z.object({
    unit: z.enum(['組', '人', '家族']),
    count: z.number().nullable(),
    waitlist: z.number().optional(),
    per_session: z.boolean().optional(),
    counted_by: z.enum(['participant', 'person']).optional(),
  }),
  childcare: z
    .object({ places: z.number(), min_months: z.number(), note: z.string().optional() })
    .nullish(),
  fee: z.object({ basic: z.number(), detail: z.string().optional() }),
  apply: z.object({
    method: z.enum(['先着', '抽選', '申込不要', '職員受付']),
    opens: z.string().optional(),
    closes: z.string().optional(),
    closes_before_days: z.number().optional(),
    draw_at: z.string().optional(),
    note: z.string().optional(),
    interview: z.string().optional(),
    first_time: z.string().optional(),
    guardian_required: z.boolean().optional(),
  }),
  notes: z.array(z.string()).optional(),
  bring: z.array(z.string()).optional(),
  accessibility: z.array(z.string()).optional(),
  requires: z.array(z.string()).optional(),
  allergy_check: z.boolean().optional(),
  weather: z.object({ rule: z.string(), notice_at: z.string() }).optional(),
  /** Each date is cut into sessions of so many minutes. */
  slots: z.object({ minutes: z.number() }).optional(),
  classes: z.array(z.object({ name: z.string() })).optional(),
});
type WrittenCourse = z.infer<typeof WrittenCourse>;

/** The courses as they are on a day: dates moved by whole weeks, off days on which we are closed. */
export function demonstrationCourses(now: Date): Course[] {
  written ??= readCourses();
  const weeks = Math.floor((now.getTime() - SEASON_BEGINS.getTime()) / WEEK_MS);
  if (made?.weeks !== weeks) {
    made = { weeks, courses: written.map((course) => toCourse(course, weeks, now)) };
  }
  const updatedAt = now.toISOString();
  return made.courses.map((course) => ({ ...course, updatedAt }));
}

let written: WrittenCourse[] | undefined;
/** The courses of one week, for whoever asks day by day. */
let made: { readonly weeks: number; readonly courses: readonly Course[] } | undefined;

function readCourses(): WrittenCourse[] {
  const file = readFileSync(new URL('courses.yaml', import.meta.url), 'utf8');
  return z.object({ events: z.array(WrittenCourse) }).parse(parse(file)).events;
}

function toCourse(written: WrittenCourse, weeks: number, now: Date): Course {
  const move = (day: string, more = 0) => addDays(day, (weeks + more) * 7);
  const moveInstant = (text: string | undefined) =>
    text === undefined
      ? undefined
      : instantInTokyo(move(text.slice(0, 10)), text.slice(11)).toISOString();
  // A series keeps its rhythm: all of its dates move on together past holidays.
  const later =
    [0, 1, 2, 3, 4, 5, 6, 7].find((more) =>
      written.sessions.every(({ date }) => isOpen(move(date, more))),
    ) ?? 0;
  const sessions = written.sessions
    .flatMap(slotsOf(written.slots?.minutes))
    .map((session, index) => ({
      key: session.key ?? String(session.seq ?? index + 1),
      date: openDayFrom(move(session.date, later)),
      start: session.start,
      end: session.end,
      ...(session.venue === undefined ? {} : { venue: session.venue }),
      ...(session.seats === undefined ? {} : { seats: session.seats }),
    }));
  const last = sessions.at(-1)?.date ?? dayInTokyo(now);
  const { apply, capacity } = written;
  const closesAt =
    moveInstant(apply.closes) ??
    (apply.closes_before_days === undefined
      ? undefined
      : instantInTokyo(addDays(last, -apply.closes_before_days), '17:00').toISOString());
  return Course.parse({
    courseId: `crs_${written.id}`,
    version: 1,
    title: written.title,
    titleKana: written.title_kana,
    category: written.category,
    summary: written.summary,
    audience: written.audience,
    eligibility: eligibilityOf(written.eligibility),
    sessions,
    sessionChoice: written.session_choice ?? 'all',
    venue: written.venue ?? sessions[0]?.venue ?? 'センター2階',
    capacity: {
      unit: capacity.unit,
      countedBy: capacity.counted_by ?? 'application',
      seats: capacity.count,
      waitlist: capacity.waitlist ?? centre.booking.defaultWaitlist,
      perSession: capacity.per_session ?? false,
    },
    ...(written.childcare
      ? {
          childcare: {
            places: written.childcare.places,
            minMonths: written.childcare.min_months,
            ...(written.childcare.note === undefined ? {} : { note: written.childcare.note }),
          },
        }
      : {}),
    fee: {
      yen: written.fee.basic,
      ...(written.fee.detail === undefined ? {} : { detail: written.fee.detail }),
    },
    bring: written.bring ?? [],
    accessibility: written.accessibility ?? [],
    notes: notesOf(written),
    application: {
      method: METHODS[apply.method],
      opensAt: moveInstant(apply.opens),
      closesAt,
      drawAt: moveInstant(apply.draw_at),
      note: apply.note ?? apply.first_time ?? apply.interview,
    },
    ...(apply.method === '抽選'
      ? { lottery: { tiers: [], publicValueName: PUBLIC_VALUE, confirmDays: CONFIRM_DAYS } }
      : {}),
    asks: asksOf(written),
    publication: 'published',
    listed: written.listing !== 'unlisted',
    updatedAt: now.toISOString(),
  });
}

type WrittenSession = WrittenCourse['sessions'][number];

/** Cuts a session into slots of so many minutes; without a number it stays whole. */
function slotsOf(minutes: number | undefined): (session: WrittenSession) => WrittenSession[] {
  if (minutes === undefined) return (session) => [session];
  const clock = (minute: number) =>
    `${String(Math.floor(minute / 60)).padStart(2, '0')}:${String(minute % 60).padStart(2, '0')}`;
  const minuteOf = (time: string) => Number(time.slice(0, 2)) * 60 + Number(time.slice(3));
  return (session) => {
    const [from, to] = [minuteOf(session.start), minuteOf(session.end)];
    return Array.from({ length: Math.floor((to - from) / minutes) }, (_, slot) => ({
      ...session,
      start: clock(from + slot * minutes),
      end: clock(from + (slot + 1) * minutes),
    }));
  };
}

/** What the form asks besides, by what the notice requires. */
function asksOf({ allergy_check, requires = [], apply }: WrittenCourse): Course['asks'] {
  const asksAllergy = allergy_check || requires.some((text) => text.includes('アレルギー'));
  return [
    ...(asksAllergy ? (['allergy'] as const) : []),
    ...(apply.guardian_required ? (['guardian'] as const) : []),
  ];
}

function openDayFrom(day: string): string {
  return isOpen(day) ? day : openDayFrom(addDays(day, 7));
}

const openDays = new Map<string, boolean>();

/** Whether the centre is open, found out once for each day: the calendar of holidays is slow. */
function isOpen(day: string): boolean {
  const known = openDays.get(day) ?? isOpenDay(centre, isNationalHoliday, day);
  openDays.set(day, known);
  return known;
}

function eligibilityOf(written: WrittenCourse['eligibility']): Course['eligibility'] {
  const range = written.child ?? written.parent_of ?? written;
  const { min_age, max_age, min_grade, max_grade, max } = range;
  const isSelf = !(written.child || written.parent_of) && (min_age ?? min_grade) !== undefined;
  const minMonths = range.min_months ?? (min_age === undefined ? undefined : min_age * 12);
  const below =
    range.max_exclusive_months ?? (max_age === undefined ? undefined : (max_age + 1) * 12);
  const grade = (name: string | undefined) => (name === undefined ? undefined : SCHOOL_YEARS[name]);
  const maxSchoolYear = grade(max ?? max_grade);
  const minSchoolYear = grade(min_grade);
  const [expecting] = written.or ?? [];
  return {
    who: written.child ? 'child' : written.parent_of ? 'parent' : isSelf ? 'self' : 'anyone',
    ...(minMonths === undefined ? {} : { minMonths }),
    ...(below === undefined ? {} : { maxMonthsExclusive: below }),
    ...(minSchoolYear === undefined ? {} : { minSchoolYear }),
    ...(maxSchoolYear === undefined ? {} : { maxSchoolYear }),
    judgedOn: 'first_session',
    ...(expecting === undefined ? {} : { expecting: { label: expecting } }),
    conditions: written.flags ?? [],
  };
}

function notesOf(written: WrittenCourse): string[] {
  const { classes, weather, requires } = written;
  return [
    ...(written.notes ?? []),
    ...(classes ? [`${classes.map(({ name }) => name).join('と')}に分かれて行います。`] : []),
    ...(weather
      ? [
          `${weather.rule}。当日の${Number(weather.notice_at.slice(0, 2))}時${
            weather.notice_at.endsWith('00') ? '' : `${weather.notice_at.slice(3)}分`
          }に、このサイトでお知らせします。`,
        ]
      : []),
    ...(requires ? [`${requires.join('、')}をお願いします。`] : []),
    ...(written.allergy_check
      ? ['食べものを扱います。アレルギーのある方は、お知らせください。']
      : []),
    ...(written.led_by ? ['地域のボランティアの方が進めてくださる会です。'] : []),
  ];
}
