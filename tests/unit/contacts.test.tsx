/** Numbers for people in need: they can be dialled, somebody has looked them up, and they say when. */
import { readFileSync } from 'node:fs';
import { render } from 'preact-render-to-string';
import { describe, expect, test } from 'vitest';
import { dayName, instantInTokyo, isDay } from '../../functions/calendar/rules.ts';
import {
  answersAt,
  CHECK_AGAIN_BY,
  type Contact,
  checkAgainBy,
  contacts,
  LAST_VERIFIED,
} from '../../functions/centre/contacts.ts';
import { centre } from '../../functions/centre/settings.ts';
import { letterSettings } from '../../functions/letters/settings.ts';
import { hoursOfDesk } from '../../functions/letters/words.ts';
import { LookUpNotice } from '../../site/src/desk/look-up-notice.tsx';

test.each(Object.entries(contacts))('%s can be dialled', (_id, { tel }) => {
  // Three digits of the state, a free number, or the demonstration's area code that nobody has.
  expect(tel).toMatch(/^(1\d\d|0120-\d{1,3}-\d{3,6}|042-000-\d{4})$/);
  const digits = tel.replaceAll('-', '');
  expect([3, 10]).toContain(digits.length);
});

test('they are the ones that were looked up, and no others', () => {
  expect(Object.values(contacts).map(({ tel }) => tel)).toEqual([
    '110',
    '119',
    '189',
    '0120-0-78310',
    '0120-99-7777',
    '0120-279-338',
    '0120-279-889',
    centre.phones.teens,
    centre.phones.consultation,
  ]);
});

describe('the yearly look-up', () => {
  test('is told of at the desk from the day after it was due, and not before', () => {
    const said = (at: Date) => render(<LookUpNotice now={at} />);
    const lastMoment = instantInTokyo(CHECK_AGAIN_BY, '23:59');
    expect(said(lastMoment)).toBe('');
    expect(said(new Date(lastMoment.getTime() + 60_000))).toContain(dayName(CHECK_AGAIN_BY));
  });

  test('was on a day that exists, and the next is no more than a year later', () => {
    expect(isDay(LAST_VERIFIED)).toBe(true);
    expect(isDay(CHECK_AGAIN_BY)).toBe(true);
    expect(CHECK_AGAIN_BY > LAST_VERIFIED).toBe(true);
    expect(CHECK_AGAIN_BY <= checkAgainBy(LAST_VERIFIED)).toBe(true);
  });

  test('is not behind the season that the project itself shows', () => {
    // By the project's own dates, not by this machine's clock: a test must not fail by waiting.
    const file = new URL('../../infra/local/demonstration/courses.yaml', import.meta.url);
    const days = readFileSync(file, 'utf8').match(/\b20\d\d-\d\d-\d\d\b/g) ?? [];
    const last = days.toSorted().at(-1) ?? '';
    expect(isDay(last)).toBe(true);
    expect(last <= CHECK_AGAIN_BY).toBe(true);
  });
});

test('hours of the centre’s own numbers are those of its desks', () => {
  expect(contacts.teens.when).toBe(hoursOfDesk(letterSettings.desks.teens));
  expect(contacts.consultation.when).toBe(hoursOfDesk(letterSettings.desks.general));
  expect(letterSettings.desks.teens.phone).toBe(contacts.teens.tel);
});

describe('whether somebody answers', () => {
  const at = (text: string) => new Date(`${text}+09:00`);
  const childline: Contact = contacts.childline;

  test.each([
    ['2026-11-21T15:59:59', false],
    ['2026-11-21T16:00:00', true],
    ['2026-11-21T20:59:59', true],
    ['2026-11-21T21:00:00', false],
    ['2026-12-28T18:00:00', true],
    ['2026-12-29T18:00:00', false],
    ['2027-01-03T18:00:00', false],
    ['2027-01-04T18:00:00', true],
  ])('at チャイルドライン, %s: %s', (time, isThere) => {
    expect(answersAt(childline, at(time), false)).toBe(isThere);
  });

  test('around the clock, and at the desk while it is open', () => {
    const night = at('2027-01-01T03:00:00');
    expect(answersAt(contacts.kodomoSos, night, false)).toBe(true);
    expect(answersAt(contacts.teens, night, false)).toBe(false);
    expect(answersAt(contacts.teens, night, true)).toBe(true);
  });
});
