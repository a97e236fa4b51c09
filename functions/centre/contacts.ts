/**
 * Whom to call in need: every such number of the system, and when somebody answers there. Pure data.
 * A city that deploys ひだまり puts its own two numbers here; the others are the same in all Japan.
 *
 * The rule for this file: each number is looked up on its owner's own page and dialled once a year, before
 * `CHECK_AGAIN_BY`; then both dates move. A test keeps them no more than a year apart, and keeps the
 * demonstration's season from running past the second one.
 */
import { addDays, type Day, dayInTokyo, timeInTokyo } from '../calendar/rules.ts';

export interface Contact {
  readonly tel: string;
  /** Who answers; with readings (letters/furigana.ts). */
  readonly name: string;
  /** When one would call, in a few words; with readings. */
  readonly what: string;
  /** When somebody answers, and what it costs; with readings. */
  readonly when: string;
  /** The same as data; absent: around the clock. `desk`: while a desk of the centre reads letters. */
  readonly hours?:
    | {
        readonly opens: string;
        readonly closes: string;
        readonly closedEachYear: readonly string[];
      }
    | 'desk';
}

/** The day on which somebody last looked up every number below. */
export const LAST_VERIFIED: Day = '2026-11-21';
export const CHECK_AGAIN_BY: Day = '2027-11-20';
/** Days that a look-up is trusted. */
export const VERIFIED_FOR_DAYS = 365;

const ALWAYS = '24{時間|じかん}';
const ALWAYS_FREE = `${ALWAYS}・{無料|むりょう}`;

export const contacts = {
  police: {
    tel: '110',
    name: '{警察|けいさつ}',
    what: 'いま、あぶない',
    when: ALWAYS,
  },
  ambulance: {
    tel: '119',
    name: '{救急車|きゅうきゅうしゃ}',
    what: 'けが・{急|きゅう}な{病気|びょうき}',
    when: ALWAYS,
  },
  ichihayaku: {
    tel: '189',
    name: '{児童|じどう}{相談所|そうだんじょ}「いちはやく」',
    what: '{家|いえ}がつらい、こわい',
    when: ALWAYS_FREE,
  },
  kodomoSos: {
    tel: '0120-0-78310',
    name: '24{時間|じかん}{子供|こども}SOSダイヤル',
    what: '{夜中|よなか}でも、だれかと{話|はな}したい',
    when: ALWAYS_FREE,
  },
  childline: {
    tel: '0120-99-7777',
    name: 'チャイルドライン',
    what: '18{歳|さい}までの{電話|でんわ}',
    when: '{毎日|まいにち}16{時|じ}から21{時|じ}・{無料|むりょう}',
    hours: {
      opens: '16:00',
      closes: '21:00',
      closedEachYear: ['12-29', '12-30', '12-31', '01-01', '01-02', '01-03'],
    },
  },
  // 岩手・宮城・福島 have a number of their own; a city there puts that one here.
  yorisoi: {
    tel: '0120-279-338',
    name: 'よりそいホットライン',
    what: 'おとなの、つらい{気持|きも}ち',
    when: ALWAYS_FREE,
  },
  dvPlus: {
    tel: '0120-279-889',
    name: 'DV{相談|そうだん}プラス',
    what: '{夫|おっと}や{妻|つま}、{恋人|こいびと}がこわい',
    when: ALWAYS_FREE,
  },
  teens: {
    tel: '042-000-0102',
    name: 'ティーンズ{相談室|そうだんしつ}',
    what: 'ここの{人|ひと}と、{声|こえ}で{話|はな}す',
    when: '{火曜|かよう}から{土曜|どよう}の13{時|じ}から19{時|じ}',
    hours: 'desk',
  },
  consultation: {
    tel: '042-000-0101',
    name: '{子育|こそだ}ての{相談|そうだん}',
    what: '{声|こえ}で{話|はな}す',
    when: '{月曜|げつよう}から{土曜|どよう}の9{時|じ}から16{時|じ}30{分|ぷん}',
    hours: 'desk',
  },
} as const satisfies Record<string, Contact>;
export type ContactId = keyof typeof contacts;

/** By when numbers that were looked up on a day must be looked up again. */
export function checkAgainBy(verified: Day): Day {
  return addDays(verified, VERIFIED_FOR_DAYS);
}

/** Whether the day has passed by which somebody was to look them up again. */
export const isLookUpDue = (at: Date): boolean => dayInTokyo(at) > CHECK_AGAIN_BY;

/** Whether somebody answers there at this instant. @param deskIsOpen of the centre's own desk */
export function answersAt(contact: Contact, at: Date, deskIsOpen: boolean): boolean {
  const { hours } = contact;
  if (hours === undefined) return true;
  if (hours === 'desk') return deskIsOpen;
  const time = timeInTokyo(at);
  const isClosedDay = hours.closedEachYear.includes(dayInTokyo(at).slice(5));
  return !isClosedDay && hours.opens <= time && time < hours.closes;
}
