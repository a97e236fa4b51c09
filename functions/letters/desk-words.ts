/** What the desk says about letters, in words: urgency, topics, ages, outcomes. Pure, without zod. */
import type { AloneReason, CloseOutcome, LetterView } from './desk-model.ts';
import type { AgeBand, Topic, Urgency } from './model.ts';

export const urgencyName: Readonly<Record<Urgency, string>> = {
  now: 'いますぐ',
  soon: '早めに',
  anytime: 'いつでも',
};

/** Short enough for a line of the queue; the writer chose them in plainer words. */
export const deskTopicName: Readonly<Record<Topic, string>> = {
  friends: '友だち',
  school: '学校',
  family: '家のこと',
  hurt_at_home: '家で傷つけられている',
  body_mind: '体とこころ',
  love: '恋愛・性',
  net_money: 'ネット・お金',
  future: '進路',
  care_for_family: '家族の世話',
  baby_care: '赤ちゃんの世話',
  development: '発達・ことば',
  discipline: 'しつけ',
  routine: '性格・生活リズム',
  not_attending: '登園・登校しぶり',
  family_relations: '家族の関係',
  parent_tired: '育児がつらい',
  parent_harsh: '叩く・怒鳴る',
  child_care_place: '預けたい',
  pregnancy: '妊娠・出産',
  delinquency: '非行・お金・ネット',
  other_child: 'よその子が心配',
  other: 'そのほか',
};

export const deskAgeName: Readonly<Record<AgeBand, string>> = {
  elementary: '小学生',
  junior_high: '中学生',
  high_school: '高校生の年',
  to_19: '19歳まで',
  older: '20歳から',
  unborn: '妊娠中',
  age_0_2: '0〜2歳の子',
  age_3_5: '3〜5歳の子',
  age_6_12: '6〜12歳の子',
  age_13_18: '13〜18歳の子',
};

export const letterViewName: Readonly<Record<LetterView, string>> = {
  waiting: '待っている',
  answered: '返事した',
  closed: '終わった',
};

export const closeOutcomeName: Readonly<Record<CloseOutcome, string>> = {
  advised: '助言して終わり',
  meets: '続けて会う',
  referred: 'ほかの機関につないだ',
  reported: '通告として受理した',
  no_reply_needed: '返事がいらない',
};

export const aloneReasonName: Readonly<Record<AloneReason, string>> = {
  life_at_risk: '命や体があぶない',
  asked_now: 'いますぐの返事を求めている',
  nobody_else: 'ほかの人がいない',
};

/**
 * The number of a conversation as it is told by telephone or typed: `7k2p q8md 3a` → `7K2P-Q8MD-3A`.
 * @returns undefined when it cannot be one
 */
export function readConversationNumber(text: string): string | undefined {
  const bare = text
    .normalize('NFKC')
    .toUpperCase()
    .replace(/[\s\-‐‑–—―ーｰ−]/g, '');
  const parts = /^([2-9A-HJ-NP-Z]{4})([2-9A-HJ-NP-Z]{4})([2-9A-HJ-NP-Z]{2})$/.exec(bare);
  return parts ? parts.slice(1).join('-') : undefined;
}
