/**
 * What pages say about letters, with readings (furigana.ts): when they are read, what they can be about, and
 * what is not right with one. Pure: time is an argument, and it is the server's.
 */
import {
  addDays,
  type Day,
  dayInTokyo,
  partsOf,
  timeInTokyo,
  weekdayOf,
} from '../calendar/rules.ts';
import type { AgeBand, LetterDesk, ReadingTimes, Topic, Urgency } from './model.ts';
import type { DeskSettings, Reader } from './settings-model.ts';

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

/** 「今日の13時20分」「きのうの9時」「12月8日（火曜）19時」: when something was, seen from `now`. */
export function momentSince(now: Date, instant: Date): string {
  const day = dayInTokyo(instant);
  const today = dayInTokyo(now);
  const weekday = WEEKDAYS[weekdayOf(day)] ?? '';
  const other = day === addDays(today, -1) ? 'きのうの' : `${dateName(day)}（${weekday}）`;
  const name = day === today ? '{今日|きょう}の' : other;
  return `${name}${timeName(timeInTokyo(instant))}`;
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

/** By when the answer to a letter that has arrived is there, and so when to look again. */
export function lookAgainSentence({
  now,
  answerBy,
}: Pick<ReadingTimes, 'now' | 'answerBy'>): string {
  const by = momentFrom(new Date(now), new Date(answerBy));
  return `${by}までに{返事|へんじ}を{書|か}きます。そのころに、また{見|み}に{来|き}てください。`;
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

const READERS: Readonly<Record<Reader, string>> = {
  teens_worker: 'ティーンズ{支援|しえん}ワーカー',
  family_worker: '{子|こ}ども{家庭|かてい}{支援|しえん}ワーカー',
  center_head: 'センター{長|ちょう}',
};

/** 「子ども家庭支援ワーカーと、センター長」: who holds the key of a desk. */
export function readersOfDesk({ readers }: Pick<DeskSettings, 'readers'>): string {
  const names = readers.map((reader) => READERS[reader]);
  const last = names.at(-1) ?? '';
  return names.length < 2 ? last : `${names.slice(0, -1).join('、')}と、${last}`;
}

/** Longest text of a letter in characters, as content.ts takes it. */
export const LONGEST_LETTER = 16_000;

/** Something to pick, in the writer's words. */
export interface Choice<Value extends string> {
  readonly value: Value;
  readonly label: string;
}

/** What a letter is about, as each desk offers it. */
export const topicsOf: Readonly<Record<LetterDesk, readonly Choice<Topic>[]>> = {
  teens: [
    { value: 'friends', label: '{友|とも}だちのこと' },
    { value: 'school', label: '{学校|がっこう}のこと' },
    { value: 'family', label: '{家|いえ}や{家族|かぞく}のこと' },
    { value: 'hurt_at_home', label: '{家|いえ}で、こわいことや いやなことをされる' },
    { value: 'body_mind', label: '{体|からだ}や{心|こころ}のこと' },
    { value: 'love', label: '{恋愛|れんあい}や{性|せい}のこと' },
    { value: 'net_money', label: 'ネットやお{金|かね}のこと' },
    { value: 'future', label: '{進路|しんろ}や{将来|しょうらい}のこと' },
    { value: 'care_for_family', label: '{家族|かぞく}の{世話|せわ}をしている' },
    { value: 'other', label: 'ほかのこと・わからない' },
  ],
  general: [
    { value: 'baby_care', label: '赤ちゃんのお世話・授乳・眠り' },
    { value: 'development', label: '発達やことばが気になる' },
    { value: 'discipline', label: 'しつけ・ほめ方・叱り方' },
    { value: 'routine', label: '友だち・性格・生活リズム' },
    { value: 'not_attending', label: '園や学校に行きたがらない' },
    { value: 'family_relations', label: '家族の関係・離婚・ひとり親' },
    { value: 'parent_tired', label: '育児がつらい・気持ちが落ちこむ' },
    { value: 'parent_harsh', label: '叩いてしまう・怒鳴ってしまう' },
    { value: 'child_care_place', label: '子どもを預けたい' },
    { value: 'pregnancy', label: '妊娠・出産のこと' },
    { value: 'delinquency', label: '非行・お金・ネットのこと' },
    { value: 'other_child', label: 'よその家の子が心配' },
    { value: 'other', label: 'どれでもない・わからない' },
  ],
};

/** How old the writer is; at the desk for parents, how old the child is. */
export const ageBandsOf: Readonly<Record<LetterDesk, readonly Choice<AgeBand>[]>> = {
  teens: [
    { value: 'elementary', label: '{小学生|しょうがくせい}' },
    { value: 'junior_high', label: '{中学生|ちゅうがくせい}' },
    { value: 'high_school', label: '{高校生|こうこうせい}くらい' },
    { value: 'to_19', label: '19{歳|さい}くらいまで' },
    { value: 'older', label: 'もっと{上|うえ}' },
  ],
  general: [
    { value: 'unborn', label: '妊娠中' },
    { value: 'age_0_2', label: '0〜2歳' },
    { value: 'age_3_5', label: '3〜5歳' },
    { value: 'age_6_12', label: '6〜12歳' },
    { value: 'age_13_18', label: '13〜18歳' },
  ],
};

export const urgencies: readonly Choice<Urgency>[] = [
  { value: 'anytime', label: 'いつでもいい' },
  { value: 'soon', label: 'できるだけ{早|はや}く' },
  { value: 'now', label: 'いますぐ' },
];

/** Why a letter is not shown as somebody's words; keys are the faults of sealing.ts. */
export const letterFaultSentence = {
  cannot_open:
    'この{手紙|てがみ}は{開|ひら}けませんでした。{途中|とちゅう}で{変|か}えられたか、ほかの{人|ひと}あての{手紙|てがみ}です。',
  malformed: '{手紙|てがみ}の{形|かたち}がこわれていて、{読|よ}めません。',
  wrong_mailbox: 'ほかの{人|ひと}の{手紙|てがみ}がまざっていました。{中|なか}は{出|だ}しません。',
  wrong_place:
    '{別|べつ}のときの{手紙|てがみ}が、この{場所|ばしょ}に{入|い}れかわっていました。{中|なか}は{出|だ}しません。',
  bad_signature:
    'だれが{書|か}いたのか、{確|たし}かめられませんでした。にせものかもしれないので、{中|なか}は{出|だ}しません。',
  unknown_desk:
    'センターの{名簿|めいぼ}にない{鍵|かぎ}で{書|か}かれています。にせものかもしれないので、{中|なか}は{出|だ}しません。',
  other_desk:
    'この{窓口|まどぐち}ではないところが{書|か}いた{手紙|てがみ}です。{中|なか}は{出|だ}しません。',
} as const;

const SIDES = {
  in: '{自分|じぶん}の',
  out: '{相談員|そうだんいん}の',
} as const;

/** What is wrong with a conversation as a whole; the faults of sealing.ts. */
export function conversationFaultSentence({
  fault,
  direction,
  number,
}: {
  readonly fault: 'missing' | 'forked' | 'rewound';
  readonly direction: 'in' | 'out';
  readonly number: number;
}): string {
  const letter = `${SIDES[direction]}${number}{番目|ばんめ}の{手紙|てがみ}`;
  if (fault === 'missing') return `${letter}が、ここにありません。`;
  if (fault === 'forked')
    return `${letter}が、ほかの{手紙|てがみ}に{書|か}かれているものと{合|あ}いません。`;
  return `${letter}を{書|か}いたとき、それより{前|まえ}に{来|き}ていた{返事|へんじ}が{見|み}えていませんでした。`;
}

/** The signed list of keys cannot be believed: nothing is sealed for it. */
export const LIST_NOT_BELIEVED =
  'センターの{鍵|かぎ}を{確|たし}かめられませんでした。{安全|あんぜん}に{送|おく}れないので、ここでは{手紙|てがみ}を{受|う}け{取|と}りません。{電話|でんわ}で{話|はな}してください。';
