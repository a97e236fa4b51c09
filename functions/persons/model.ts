/** Names, kana, telephone numbers, e-mail addresses and birth dates as they arrive and are kept. */
import * as z from 'zod';
import { IsoDate } from '../calendar/model.ts';
import { readDate, readDateText } from '../calendar/rules.ts';
import { readEmailAddress, readKana, readName, readPhoneNumber } from './rules.ts';

/** Text read by a forgiving reader; what it cannot read is an issue with this sentence. */
function readBy(read: (text: string) => string | undefined, longest: number, sentence: string) {
  return z
    .string()
    .max(longest, { error: `${longest}文字までで書いてください。` })
    .transform((text, context) => {
      const value = read(text);
      if (value === undefined) {
        context.addIssue({ code: 'custom', message: sentence });
        return z.NEVER;
      }
      return value;
    });
}

/** A name as typed. */
export const PersonName = readBy(readName, 60, 'お名前を書いてください。');
/** A name's reading in katakana. */
export const PersonKana = readBy(readKana, 80, 'ふりがなは、ひらがなかカタカナで書いてください。');
/** Digits of a Japanese telephone number. */
export const PhoneNumber = readBy(
  readPhoneNumber,
  30,
  '電話番号を確認してください。市外局番から書くと確実です。',
);
/** An address that SES can deliver to, carrier addresses with `..` included. */
export const EmailAddress = readBy(
  readEmailAddress,
  254,
  'メールアドレスを確認してください。「@」の前後が抜けていないでしょうか。',
);

const DATE_SENTENCE = '生年月日を確認してください。例：2024年6月1日、令和6年6月1日';
const datePart = (longest: number) =>
  z.string({ error: DATE_SENTENCE }).max(longest, { error: DATE_SENTENCE });

/** A date as three fields of a form, or one text (script, other systems). */
export const TypedDate = z
  .union(
    [datePart(30), z.strictObject({ year: datePart(10), month: datePart(6), day: datePart(6) })],
    // One sentence, also when some of the three fields were not sent at all.
    { error: DATE_SENTENCE },
  )
  .transform((typed, context) => {
    const day =
      typeof typed === 'string'
        ? readDateText(typed)
        : readDate(typed.year, typed.month, typed.day);
    if (day === undefined) {
      context.addIssue({
        code: 'custom',
        message: DATE_SENTENCE,
      });
      return z.NEVER;
    }
    return day;
  });

/** Someone who takes part, as stored. */
export const Participant = z.strictObject({
  name: z.string(),
  kana: z.string(),
  birthDate: IsoDate,
});
export type Participant = z.infer<typeof Participant>;
