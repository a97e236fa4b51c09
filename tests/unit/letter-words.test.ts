/** When somebody reads, in words as one says them today. */
import { describe, expect, test } from 'vitest';
import { withoutReadings } from '../../functions/letters/furigana.ts';
import {
  answerSentence,
  fullDateName,
  hoursOfDesk,
  momentFrom,
  readingSentence,
  timeName,
} from '../../functions/letters/words.ts';

// A Saturday evening.
const now = '2026-11-21T19:30:00+09:00';
const closed = {
  now,
  isOpen: false,
  nextReadingAt: '2026-11-24T13:00:00+09:00',
  answerBy: '2026-11-24T19:00:00+09:00',
};

test('nobody reads now, and when somebody does', () => {
  expect(withoutReadings(readingSentence(closed))).toBe(
    'いま読んでいる人はいません。次に読むのは、火曜13時です。',
  );
  expect(withoutReadings(readingSentence({ ...closed, isOpen: true }))).toBe(
    'いまは、読む人がいる時間です。',
  );
  expect(withoutReadings(answerSentence(closed))).toBe('いま送ると、火曜19時までに返事します。');
});

test.each([
  ['2026-11-21T23:00:00+09:00', '今日の23時'],
  ['2026-11-22T09:00:00+09:00', 'あしたの9時'],
  ['2026-11-23T13:00:00+09:00', '月曜13時'],
  ['2026-11-27T16:30:00+09:00', '金曜16時30分'],
  ['2026-11-28T13:00:00+09:00', '11月28日（土曜）13時'],
  ['2027-01-05T13:05:00+09:00', '1月5日（火曜）13時5分'],
])('%s is %s', (instant, words) => {
  expect(withoutReadings(momentFrom(new Date(now), new Date(instant)))).toBe(words);
});

test('days and minutes are read as people read them', () => {
  expect(fullDateName('2027-01-05')).toBe('2027{年|ねん}1{月|がつ}{5日|いつか}');
  expect(fullDateName('2027-01-21')).toBe('2027{年|ねん}1{月|がつ}21{日|にち}');
  expect(timeName('09:30')).toBe('9{時|じ}30{分|ぷん}');
  expect(timeName('09:45')).toBe('9{時|じ}45{分|ふん}');
});

describe('hours of a desk', () => {
  const hours = { opens: '13:00', closes: '19:00' };
  test.each([
    [[2, 3, 4, 5, 6], '火曜から土曜の13時から19時'],
    [[0, 6, 5], '金曜から日曜の13時から19時'],
    [[1, 3, 5], '月曜・水曜・金曜の13時から19時'],
    [[3], '水曜の13時から19時'],
  ])('%j', (openWeekdays, words) => {
    expect(withoutReadings(hoursOfDesk({ ...hours, openWeekdays }))).toBe(words);
  });
});
