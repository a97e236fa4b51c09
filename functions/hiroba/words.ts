/** What a ひろば says about its hours, in words. Pure: the page and its script say the same. */
import { clockName, shortDayName } from '../calendar/rules.ts';
import type { HirobaHours, HirobaSite } from './model.ts';
import type { HirobaState, Opening } from './rules.ts';

const WEEKDAYS = '日月火水木金土';

/** 「月曜日から土曜日」「月・水・木・金曜日」「第2・第4金曜日」. */
export function daysName({ weekdays, weeks }: Pick<HirobaHours, 'weekdays' | 'weeks'>): string {
  // A week is read from Monday to Sunday.
  const days = [...new Set(weekdays)].sort((a, b) => ((a + 6) % 7) - ((b + 6) % 7));
  const [first = 0] = days;
  const last = days.at(-1) ?? first;
  const isRow = days.every((day, at) => (day + 6) % 7 === ((first + 6) % 7) + at);
  const names = days.map((day) => WEEKDAYS.charAt(day));
  const nth = (weeks ?? []).map((week) => `第${week}`).join('・');
  if (weeks === undefined && isRow && days.length > 2) {
    return `${WEEKDAYS.charAt(first)}曜日から${WEEKDAYS.charAt(last)}曜日`;
  }
  return `${nth}${names.join('・')}曜日`;
}

/** 「9時30分から16時」. */
export function hoursName({ opens, closes }: Pick<Opening, 'opens' | 'closes'>): string {
  return `${clockName(opens)}から${clockName(closes)}`;
}

/** Each line of the hours: days, then times. */
export function hoursLines(
  site: Pick<HirobaSite, 'hours' | 'lunch'>,
): readonly (readonly [string, string])[] {
  const lunch = site.lunch
    ? `（${clockName(site.lunch.from)}から${clockName(site.lunch.to)}は、お昼を食べられます）`
    : '';
  return site.hours.map((hours, at) => [
    daysName(hours),
    `${hoursName(hours)}${at === 0 ? lunch : ''}`,
  ]);
}

/** 「いま開いています」 and the like, for the chip. */
export const stateName: Readonly<Record<HirobaState['state'], string>> = {
  open: 'いま開いています',
  later: '今日開きます',
  over: '今日は終わりました',
  closed: '今日はお休みです',
};

/** What to know next: until when, from when, or the next day. */
export function stateSentence(state: HirobaState): string {
  switch (state.state) {
    case 'open':
      return `今日は${clockName(state.opening.closes)}までです。`;
    case 'later':
      return `今日は${hoursName(state.opening)}です。`;
    case 'over':
    case 'closed':
      return state.next
        ? `次は${shortDayName(state.next.date)}、${hoursName(state.next)}です。`
        : '次に開く日は、お電話でお尋ねください。';
  }
}
