/** What the letters say: every kanji that a young person meets has its reading, and no fault lacks a sentence. */
import { expect, test } from 'vitest';
import { LONGEST_TEXT } from '../../functions/letters/content.ts';
import { furiganaFaults, withoutReadings } from '../../functions/letters/furigana.ts';
import { AgeBand, Topic, Urgency } from '../../functions/letters/model.ts';
import { letterSettings } from '../../functions/letters/settings.ts';
import {
  ageBandsOf,
  conversationFaultSentence,
  LIST_NOT_BELIEVED,
  LONGEST_LETTER,
  letterFaultSentence,
  lookAgainSentence,
  momentSince,
  readersOfDesk,
  topicsOf,
  urgencies,
} from '../../functions/letters/words.ts';
import { demoMembers } from '../../infra/local/demonstration/keys.ts';
import { demoAccounts } from '../../infra/local/identity.ts';
import { sentencesFor } from '../../site/src/letters/sentences.ts';

const FAULTS = (['missing', 'forked', 'rewound'] as const).flatMap((fault) =>
  (['in', 'out'] as const).map((direction) =>
    conversationFaultSentence({ fault, direction, number: 3 }),
  ),
);

test('every kanji that a young person reads has its reading', () => {
  const texts = [
    ...Object.values(sentencesFor('teens')).flat(),
    ...[...topicsOf.teens, ...ageBandsOf.teens, ...urgencies].map(({ label }) => label),
    ...Object.values(letterFaultSentence),
    ...FAULTS,
    LIST_NOT_BELIEVED,
    ...Object.values(letterSettings.desks).map(readersOfDesk),
    momentSince(new Date('2026-12-08T03:00:00Z'), new Date('2026-11-03T04:07:00Z')),
  ];
  expect(texts.flatMap(furiganaFaults)).toEqual([]);
});

test('topics and age bands are those that the server takes, each once, with one for whoever cannot tell', () => {
  for (const desk of ['teens', 'general'] as const) {
    const topics = topicsOf[desk].map(({ value }) => value);
    expect(topics.every((topic) => Topic.safeParse(topic).success)).toBe(true);
    expect(new Set(topics).size).toBe(topics.length);
    expect(topics.at(-1)).toBe('other');
    expect(ageBandsOf[desk].every(({ value }) => AgeBand.safeParse(value).success)).toBe(true);
  }
  expect(urgencies.map(({ value }) => value)).toEqual(Urgency.options);
});

test('the page says the same longest text as the letter allows', () => {
  expect(LONGEST_LETTER).toBe(LONGEST_TEXT);
});

test('a parent is not spoken to like a young person', () => {
  const said = Object.values(sentencesFor('general')).flat().join('');
  expect(said).not.toMatch(/だれにも話さない|きみ/);
  expect(sentencesFor('general').topic).not.toBe(sentencesFor('teens').topic);
});

test('when something was is said by the server’s clock, as one says it today', () => {
  const now = new Date('2026-12-08T03:00:00Z');
  const said = (instant: string) => withoutReadings(momentSince(now, new Date(instant)));
  expect(said('2026-12-08T00:05:00Z')).toBe('今日の9時5分');
  // Eleven at night in Tokyo is still the day before.
  expect(said('2026-12-07T14:59:00Z')).toBe('きのうの23時59分');
  expect(said('2026-12-01T04:00:00Z')).toBe('12月1日（火曜）13時');
});

test('who has sent a letter is told when to look again', () => {
  const times = { now: '2026-12-08T00:30:00.000Z', answerBy: '2026-12-09T10:00:00.000Z' };
  expect(withoutReadings(lookAgainSentence(times))).toBe(
    'あしたの19時までに返事を書きます。そのころに、また見に来てください。',
  );
});

test('a page names exactly those who hold the key of its desk', () => {
  const roleOf = (member: string) =>
    demoAccounts.find(({ username }) => username === member)?.group;
  for (const desk of ['teens', 'general'] as const) {
    const granted = demoMembers.filter(({ desks }) => desks.includes(desk));
    const roles = granted.map(({ member }) => roleOf(member));
    expect([...letterSettings.desks[desk].readers].sort()).toEqual(roles.sort());
  }
  expect(withoutReadings(readersOfDesk(letterSettings.desks.general))).toBe(
    '子ども家庭支援ワーカーと、センター長',
  );
  expect(readersOfDesk({ readers: ['center_head'] })).toBe('センター{長|ちょう}');
});
