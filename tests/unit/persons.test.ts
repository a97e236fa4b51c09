/** Telephone numbers, kana, names and addresses as Japanese people type them, and what is meant. */
import { describe, expect, test } from 'vitest';
import {
  EmailAddress,
  PersonKana,
  PersonName,
  PhoneNumber,
  TypedDate,
} from '../../functions/persons/model.ts';
import {
  emailAddressKey,
  phoneNumberName,
  readEmailAddress,
  readKana,
  readName,
  readPhoneNumber,
} from '../../functions/persons/rules.ts';

describe('a telephone number', () => {
  test.each([
    ['0423482102', 'digits only'],
    ['042-348-2102', 'hyphens'],
    ['０４２－３４８－２１０２', 'full width'],
    ['042ー348ー2102', 'long vowel marks'],
    ['042−348−2102', 'minus signs (U+2212)'],
    ['042‐348‐2102', 'hyphens (U+2010)'],
    ['042‑348‑2102', 'no-break hyphens (U+2011)'],
    ['042–348–2102', 'en dashes'],
    ['042—348—2102', 'em dashes'],
    ['042―348―2102', 'horizontal bars'],
    ['042ｰ348ｰ2102', 'half-width long vowel marks'],
    ['042(348)2102', 'parentheses'],
    ['042（348）2102', 'full-width parentheses'],
    ['（042）348－2102', 'a leading parenthesis'],
    ['042 348 2102', 'spaces'],
    ['042　348　2102', 'full-width spaces'],
    ['042.348.2102', 'full stops'],
    ['042/348/2102', 'strokes'],
    ['  042-348-2102\t', 'spaces around'],
    ['+81 42 348 2102', 'the country code'],
    ['+81-42-348-2102', 'the country code with hyphens'],
    ['＋８１４２３４８２１０２', 'the country code in full width'],
    ['81423482102', 'the country code without a plus'],
    ['+81 (0)42-348-2102', 'the country code and the zero that business cards put beside it'],
  ])('%s is one number: %s', (typed) => {
    expect(readPhoneNumber(typed)).toBe('0423482102');
  });

  test.each([
    ['090-1234-5678', '09012345678'],
    ['+81 90 1234 5678', '09012345678'],
    ['080 1234 5678', '08012345678'],
    ['070-1234-5678', '07012345678'],
    ['050-1234-5678', '05012345678'],
    ['0120-000-100', '0120000100'],
    ['0800-000-0100', '08000000100'],
    ['0570-000-100', '0570000100'],
    ['03-1234-5678', '0312345678'],
  ])('%s is %s', (typed, digits) => {
    expect(readPhoneNumber(typed)).toBe(digits);
  });

  test.each([
    '',
    '189',
    '110',
    '#8000',
    '042-348-210',
    '042-348-21022',
    '090-1234-567',
    '1234567890',
  ])('%j is none that the centre could call back', (typed) => {
    expect(readPhoneNumber(typed)).toBeUndefined();
  });

  test.each(['でんわ', '042-348-2102 内線5', '042-348-2102x5', 'O42-348-2102', '042-348-21O2'])(
    '%j holds more than a number and is asked again',
    (typed) => {
      expect(readPhoneNumber(typed)).toBeUndefined();
    },
  );

  test('it is read aloud in groups', () => {
    expect(phoneNumberName('0420000100')).toBe('042-000-0100');
    expect(phoneNumberName('09012345678')).toBe('090-1234-5678');
    expect(phoneNumberName('0312345678')).toBe('03-1234-5678');
    expect(phoneNumberName('0120000100')).toBe('0120-000-100');
  });

  test('whatever is shown can be typed in again', () => {
    for (const digits of ['0420000100', '09012345678', '0312345678', '0120000100', '08000000100']) {
      expect(readPhoneNumber(phoneNumberName(digits))).toBe(digits);
    }
  });
});

describe('kana', () => {
  test.each([
    ['みほん はなこ', 'ミホン ハナコ'],
    ['ミホン　ハナコ', 'ミホン ハナコ'],
    ['ﾐﾎﾝ ﾊﾅｺ', 'ミホン ハナコ'],
    ['ﾊﾟﾊﾟ', 'パパ'],
    ['ﾎﾞｰｸﾞ', 'ボーグ'],
    ['さゝき', 'サヽキ'],
    ['ゔぃくとりあ', 'ヴィクトリア'],
    ['じょん・すみす', 'ジョン・スミス'],
    ["Nguyễn Thị O'Hara", "Nguyễn Thị O'Hara"],
    ['Anne-Marie', 'Anne-Marie'],
    ['  みほん  ', 'ミホン'],
    ['か\u3099', 'ガ'],
  ])('%s is read as %s', (typed, kana) => {
    expect(readKana(typed)).toBe(kana);
  });

  test.each(['', '　', '見本 花子', 'みほん1', 'みほん@', 'みほん\u0000'])(
    '%j is no reading',
    (typed) => {
      expect(readKana(typed)).toBeUndefined();
    },
  );
});

describe('a name', () => {
  test.each([
    ['髙﨑 花子', 'variant kanji'],
    ['㈱ひだまり', 'a compatibility character that NFKC would take apart'],
    ['邉\u{E0101}田 桃', 'an ideographic variation sequence'],
    ['𠮷野 一郎', 'a kanji beyond the basic plane'],
    ['ﾊﾝｶｸ', 'half-width kana'],
    ['か\u3099く', 'a combining mark'],
    ['José Ⅲ', 'Latin with an accent and a Roman numeral'],
    ['見本　花子', 'a full-width space between'],
    ['王 小明', 'simplified kanji'],
  ])('%s is kept as typed: %s', (typed) => {
    expect(readName(typed)).toBe(typed);
    expect(PersonName.parse(typed)).toBe(typed);
  });

  test('it is only trimmed', () => {
    expect(readName('  見本 花子　')).toBe('見本 花子');
  });

  test.each([
    '',
    '   ',
    '　',
    '見本\n花子',
    '見本\u0000',
    '見本\u0007',
    '\ud83d',
    '見本\u2028花子',
  ])('%j is no name', (typed) => {
    expect(readName(typed)).toBeUndefined();
  });
});

describe('an e-mail address', () => {
  test.each([
    'a..b@docomo.ne.jp',
    '.abc@ezweb.ne.jp',
    'abc.@docomo.ne.jp',
    'a-b_c+tag@example.jp',
    "o'hara@example.co.jp",
    'a@b.c.d.example.jp',
  ])('%s is accepted as it is', (address) => {
    expect(readEmailAddress(address)).toBe(address);
  });

  test.each([
    ['ａｂｃ＠ｅｘａｍｐｌｅ．ｊｐ', 'abc@example.jp'],
    ['  abc@example.jp　', 'abc@example.jp'],
    ['Abc@Example.JP', 'Abc@example.jp'],
  ])('%s is %s', (typed, address) => {
    expect(readEmailAddress(typed)).toBe(address);
  });

  test.each([
    '',
    'abc',
    '@example.jp',
    'abc@',
    'abc@example',
    'あ@example.jp',
    'abc@例え.jp',
    'a b@example.jp',
    'abc@example.jp, other@example.jp',
    'abc@-example.jp',
    'abc@example..jp',
    '"a b"@example.jp',
    '見本 <abc@example.jp>',
    'abc@example.jp\r\nBcc: other@example.jp',
    `${'a'.repeat(65)}@example.jp`,
    `a@${'b'.repeat(250)}.jp`,
  ])('%j is refused', (typed) => {
    expect(readEmailAddress(typed)).toBeUndefined();
  });

  test('one mailbox in two spellings is one household', () => {
    expect(emailAddressKey('Abc@example.jp')).toBe(emailAddressKey('aBC@example.jp'));
  });
});

describe('the fields of a form', () => {
  test('what cannot be read is answered with a sentence that helps', () => {
    const said = (field: {
      safeParse(value: unknown): { error?: { issues: { message: string }[] } };
    }) => field.safeParse('！').error?.issues[0]?.message;
    expect(said(PhoneNumber)).toBe('電話番号を確認してください。市外局番から書くと確実です。');
    expect(said(PersonKana)).toBe('ふりがなは、ひらがなかカタカナで書いてください。');
    expect(said(EmailAddress)).toContain('メールアドレスを確認してください。');
    expect(said(TypedDate)).toContain('生年月日を確認してください。');
  });

  test('what is too long is answered with the number of characters that fit', () => {
    expect(PersonName.safeParse('あ'.repeat(61)).error?.issues[0]?.message).toBe(
      '60文字までで書いてください。',
    );
    expect(PersonName.safeParse('あ'.repeat(60)).success).toBe(true);
  });

  test('a birth date comes as three fields or as one text', () => {
    expect(TypedDate.parse({ year: '令和6', month: '６', day: '1' })).toBe('2024-06-01');
    expect(TypedDate.parse('令和6年6月1日')).toBe('2024-06-01');
    expect(TypedDate.safeParse({ year: '2024', month: '6' }).success).toBe(false);
    expect(TypedDate.safeParse({ year: 2024, month: 6, day: 1 }).success).toBe(false);
  });
});
