/**
 * Sentences about letters that pages show, with readings (furigana.ts). Pure: time is an argument, and it
 * is the server's.
 */
import {
  addDays,
  type Day,
  dayInTokyo,
  partsOf,
  timeInTokyo,
  weekdayOf,
} from '../calendar/rules.ts';
import type { ReadingTimes } from './model.ts';
import type { DeskSettings } from './settings-model.ts';

const WEEKDAYS = [
  '{日曜|にちよう}',
  '{月曜|げつよう}',
  '{火曜|かよう}',
  '{水曜|すいよう}',
  '{木曜|もくよう}',
  '{金曜|きんよう}',
  '{土曜|どよう}',
] as const;

/** Days of the month whose number and 日 are read as one word. */
const DAYS_OF_MONTH: Readonly<Record<number, string>> = {
  1: 'ついたち',
  2: 'ふつか',
  3: 'みっか',
  4: 'よっか',
  5: 'いつか',
  6: 'むいか',
  7: 'なのか',
  8: 'ようか',
  9: 'ここのか',
  10: 'とおか',
  14: 'じゅうよっか',
  20: 'はつか',
  24: 'にじゅうよっか',
};

/** 13{時|じ}、9{時|じ}30{分|ぷん}. @param time `HH:MM` */
export function timeName(time: string): string {
  const [hour = 0, minute = 0] = time.split(':').map(Number);
  if (minute === 0) return `${hour}{時|じ}`;
  const reading = [2, 5, 7, 9].includes(minute % 10) ? 'ふん' : 'ぷん';
  return `${hour}{時|じ}${minute}{分|${reading}}`;
}

function dateName(day: Day): string {
  const { month, day: date } = partsOf(day);
  const reading = DAYS_OF_MONTH[date];
  return `${month}{月|がつ}${reading ? `{${date}日|${reading}}` : `${date}{日|にち}`}`;
}

/** 「2026年11月21日」. */
export function fullDateName(day: Day): string {
  return `${partsOf(day).year}{年|ねん}${dateName(day)}`;
}

/** 「今日」「あした」「月曜」 or, from a week on, 「1月5日（火曜）」: a day as one says it today. */
function dayFrom(now: Date, day: Day): string {
  const today = dayInTokyo(now);
  if (day === today) return '{今日|きょう}';
  if (day === addDays(today, 1)) return 'あした';
  const weekday = WEEKDAYS[weekdayOf(day)] ?? '';
  return day < addDays(today, 7) ? weekday : `${dateName(day)}（${weekday}）`;
}

/** 「月曜13時」「今日の13時」, seen from `now`. */
export function momentFrom(now: Date, instant: Date): string {
  const day = dayFrom(now, dayInTokyo(instant));
  const isCalledByName = day === '{今日|きょう}' || day === 'あした';
  return `${day}${isCalledByName ? 'の' : ''}${timeName(timeInTokyo(instant))}`;
}

/** Whether somebody reads now, and if not, when next. */
export function readingSentence({ now, isOpen, nextReadingAt }: ReadingTimes): string {
  if (isOpen) return 'いまは、{読|よ}む{人|ひと}がいる{時間|じかん}です。';
  const next = momentFrom(new Date(now), new Date(nextReadingAt));
  return `いま{読|よ}んでいる{人|ひと}はいません。{次|つぎ}に{読|よ}むのは、${next}です。`;
}

/** By when an answer is promised to a letter that is sent now. */
export function answerSentence({ now, answerBy }: ReadingTimes): string {
  const by = momentFrom(new Date(now), new Date(answerBy));
  return `いま{送|おく}ると、${by}までに{返事|へんじ}します。`;
}

/** 「火曜から土曜の13時から19時」: when a desk reads, for a page that has no script yet. */
export function hoursOfDesk(desk: Pick<DeskSettings, 'openWeekdays' | 'opens' | 'closes'>): string {
  const days = [...desk.openWeekdays].sort((a, b) => ((a + 6) % 7) - ((b + 6) % 7));
  const [first = 0] = days;
  const last = days.at(-1) ?? first;
  const isRow = days.length > 2 && days.every((day, at) => day === (first + at) % 7);
  const name = (day: number) => WEEKDAYS[day] ?? '';
  const named = isRow ? `${name(first)}から${name(last)}` : days.map(name).join('・');
  return `${named}の${timeName(desk.opens)}から${timeName(desk.closes)}`;
}
