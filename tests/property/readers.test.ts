/** Whatever people type: readers never throw, and read their own output as the same. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import {
  addDays,
  ageInMonths,
  dayInTokyo,
  dayName,
  eraYearName,
  formalDayName,
  isDay,
  momentName,
  partsOf,
  readDate,
  readDateText,
  schoolYear,
  timeInTokyo,
} from '../../functions/calendar/rules.ts';
import { isNationalHoliday } from '../../functions/centre/holidays.ts';
import { intoOpeningHours, isOpenDay } from '../../functions/centre/rules.ts';
import { centre } from '../../functions/centre/settings.ts';
import {
  phoneNumberName,
  readEmailAddress,
  readKana,
  readName,
  readPhoneNumber,
} from '../../functions/persons/rules.ts';
import { parseBody } from '../../functions/platform/body.ts';
import { typedFields } from '../../functions/registrations/form-parts.tsx';
import { BookingNumber, RegistrationRequest } from '../../functions/registrations/model.ts';
import { aDay, anyText } from '../support/arbitraries.ts';

/** Text that is nearly what the reader wants, so that it is not refused at the first character. */
const nearly = (unit: string) =>
  fc.oneof(anyText, fc.string({ unit: fc.constantFrom(...unit), maxLength: 24 }));

const readers: [string, (text: string) => string | undefined, string][] = [
  ['readPhoneNumber', readPhoneNumber, '0123456789０４２-－ー−()（）+＋ 　.'],
  ['readKana', readKana, 'あがぱアガパｱﾊﾟﾞゝヽーｰaé・･ 　\u3099'],
  ['readName', readName, '髙﨑㈱花子 　\t\u{E0101}𠮷'],
  ['readEmailAddress', readEmailAddress, 'abA..@＠ａ-_+jp例 　'],
  ['readDateText', readDateText, '0123456789０令和平成昭元年月日RHS./-ー'],
];

test.each(readers)('%s never throws, and reads what it gave as the same', (_name, read, unit) => {
  fc.assert(
    fc.property(nearly(unit), (text) => {
      const value = read(text);
      if (value === undefined) return;
      expect(read(value)).toBe(value);
    }),
    { numRuns: 2_000 },
  );
});

test('a telephone number as it is shown is the same number', () => {
  fc.assert(
    fc.property(fc.stringMatching(/^0[1-9]\d{8,9}$/), (digits) => {
      fc.pre(readPhoneNumber(digits) === digits);
      expect(readPhoneNumber(phoneNumberName(digits))).toBe(digits);
    }),
  );
});

test('a telephone number is the same with any hyphens, spaces and widths', () => {
  const separator = fc.constantFrom('', '-', '－', 'ー', '−', '‐', ' ', '　', '・', '.');
  fc.assert(
    fc.property(
      fc.stringMatching(/^0[1-9]\d{8}$/),
      separator,
      fc.boolean(),
      (digits, between, wide) => {
        fc.pre(readPhoneNumber(digits) === digits);
        const spelled = [digits.slice(0, 3), digits.slice(3, 6), digits.slice(6)].join(between);
        const typed = wide
          ? spelled.replace(/\d/g, (digit) => String.fromCharCode(digit.charCodeAt(0) + 0xfee0))
          : spelled;
        expect(readPhoneNumber(typed)).toBe(digits);
      },
    ),
  );
});

test('three fields of any text are a day of the calendar or nothing', () => {
  fc.assert(
    fc.property(
      nearly('0123456789令和元年RHS.'),
      nearly('0123456789月'),
      nearly('0123456789日'),
      (year, month, day) => {
        const read = readDate(year, month, day);
        if (read !== undefined) expect(isDay(read)).toBe(true);
      },
    ),
    { numRuns: 3_000 },
  );
});

test('every day is read back from its western and its Japanese writing', () => {
  fc.assert(
    fc.property(aDay, (text) => {
      const { year, month, day } = partsOf(text);
      expect(readDateText(text)).toBe(text);
      expect(readDateText(`${year}年${month}月${day}日`)).toBe(text);
      expect(readDate(`${year}`, `${month}`, `${day}`)).toBe(text);
      if (text >= '1912-07-30' && text < '2118-01-01') {
        expect(readDate(eraYearName(text), `${month}月`, `${day}日`)).toBe(text);
      }
      expect(dayName(text).startsWith(`${year}年${month}月${day}日（`)).toBe(true);
      expect(formalDayName(text)).toContain(eraYearName(text));
    }),
    { numRuns: 2_000 },
  );
});

test('nobody grows younger: age in months and school year never fall as days pass', () => {
  fc.assert(
    fc.property(aDay, fc.nat(9_000), fc.nat(400), (birth, lived, more) => {
      const on = addDays(birth, lived);
      const later = addDays(on, more);
      expect(ageInMonths(birth, on)).toBeGreaterThanOrEqual(0);
      expect(ageInMonths(birth, later)).toBeGreaterThanOrEqual(ageInMonths(birth, on));
      expect(schoolYear(birth, later)).toBeGreaterThanOrEqual(schoolYear(birth, on));
    }),
    { numRuns: 2_000 },
  );
});

test('whoever was born earlier is never younger', () => {
  fc.assert(
    fc.property(aDay, fc.nat(60), fc.nat(9_000), (birth, later, lived) => {
      const younger = addDays(birth, later);
      const on = addDays(younger, lived);
      expect(ageInMonths(younger, on)).toBeLessThanOrEqual(ageInMonths(birth, on));
      expect(schoolYear(younger, on)).toBeLessThanOrEqual(schoolYear(birth, on));
    }),
    { numRuns: 2_000 },
  );
});

test('a deadline moved into opening hours is open, never earlier, and stays when moved again', () => {
  const anInstant = fc.date({
    min: new Date('2026-01-01T00:00:00Z'),
    max: new Date('2049-12-01T00:00:00Z'),
    noInvalidDate: true,
  });
  fc.assert(
    fc.property(anInstant, (instant) => {
      const moved = intoOpeningHours(centre, isNationalHoliday, instant);
      expect(moved.getTime()).toBeGreaterThanOrEqual(instant.getTime());
      expect(isOpenDay(centre, isNationalHoliday, dayInTokyo(moved))).toBe(true);
      const time = timeInTokyo(moved);
      expect(time >= centre.opens && time <= centre.closes).toBe(true);
      expect(intoOpeningHours(centre, isNationalHoliday, moved)).toEqual(moved);
      expect(momentName(moved)).toMatch(/^\d+月\d+日（[月火水木金土]）\d+時/);
    }),
    { numRuns: 2_000 },
  );
});

test('a booking number typed in any way is one, or is refused', () => {
  fc.assert(
    fc.property(nearly('0123456789-ー－ ０１'), (text) => {
      const read = BookingNumber.safeParse(text);
      if (read.success) expect(BookingNumber.parse(read.data)).toBe(read.data);
    }),
  );
});

test('any bytes of any type are a body or a refusal', () => {
  const types = fc.constantFrom(
    undefined,
    'application/json',
    'application/json; charset=utf-8',
    'application/x-www-form-urlencoded',
    'APPLICATION/JSON;charset="UTF-8"',
    'text/plain',
    ';;;',
  );
  const bytes = fc.oneof(
    fc.uint8Array({ maxLength: 200 }),
    fc.json().map((text) => new TextEncoder().encode(text)),
    fc.webQueryParameters().map((text) => new TextEncoder().encode(text)),
  );
  fc.assert(
    fc.property(types, bytes, (type, body) => {
      const parsed = parseBody(type, body);
      expect('refused' in parsed || 'text' in parsed).toBe(true);
    }),
    { numRuns: 1_000 },
  );
});

test('any form that is parsed can be judged and shown again', () => {
  const name = fc.oneof(
    fc.constantFrom(
      'courseId',
      'applicant.name',
      'participants.0.name',
      'participants.19.birthDate.year',
    ),
    fc.stringMatching(/^[a-z_0-9.]{0,30}$/),
  );
  fc.assert(
    fc.property(fc.array(fc.tuple(name, anyText)), (fields) => {
      const bytes = new TextEncoder().encode(new URLSearchParams(fields).toString());
      const parsed = parseBody('application/x-www-form-urlencoded', bytes);
      if ('refused' in parsed) return;
      RegistrationRequest.safeParse(parsed.value);
      for (const value of Object.values(typedFields(parsed.value))) {
        expect(typeof value).toBe('string');
      }
    }),
    { numRuns: 1_000 },
  );
});

test('JSON that is nested deeper than any form is refused, and costs no stack', () => {
  const nested = (open: string, close: string) =>
    parseBody(
      'application/json',
      new TextEncoder().encode(open.repeat(9_000) + close.repeat(9_000)),
    );
  expect(nested('[', ']')).toMatchObject({ refused: 'malformed_body' });
  const objects = `${'{"a":'.repeat(9_000)}1${'}'.repeat(9_000)}`;
  expect(parseBody('application/json', new TextEncoder().encode(objects))).toMatchObject({
    refused: 'malformed_body',
  });
});
