/** What a call is about, for whoever makes it, in words. Pure and without zod. */
import { momentName } from '../calendar/rules.ts';
import type { Call, CallReason, CallResult } from './model.ts';

/** Why somebody is called, short enough for a list. */
export const callReasonName: Readonly<Record<CallReason, string>> = {
  no_mail_offer: '空席のご案内',
  no_mail_called_off: '中止のお知らせ',
  no_mail_moved: '変更のお知らせ',
  no_mail_won: '当選のお知らせ',
  bounce: 'メールが届かない',
  offer_too_late: '空席（時間がない）',
  mail_limit: 'メールを止めました',
};

export const callResultName: Readonly<Record<CallResult, string>> = {
  reached: 'つながった',
  left_message: '留守番電話に残した',
  not_reached: 'つながらない',
  not_needed: '連絡はいらなくなった',
};

const WHY: Readonly<Record<CallReason, string>> = {
  no_mail_offer: 'メールアドレスがない方です。',
  no_mail_called_off: 'メールアドレスがない方です。',
  no_mail_moved: 'メールアドレスがない方です。',
  no_mail_won: 'メールアドレスがない方です。',
  bounce: 'メールが届きませんでした。',
  offer_too_late:
    '空きが出ましたが、お返事を待つ時間がないので、メールでのご案内はしていません。次に待っている方です。',
  mail_limit: '同じ宛先へのメールが1日の上限をこえたので、送っていません。',
};

/** Why the family is called, and what to say or ask. */
export function callSentence({
  reason,
  about,
  dueAt,
  poolKeys,
}: Pick<Call, 'reason' | 'about' | 'dueAt' | 'poolKeys'>): string {
  const until = momentName(new Date(dueAt));
  const seat = poolKeys.every((key) => key.startsWith('childcare')) ? '保育の席' : '席';
  const ask = () => {
    if (reason === 'offer_too_late') {
      return seat === '席'
        ? '来られるかどうか、うかがってください。'
        : '保育を使われるかどうか、うかがってください。';
    }
    if (reason === 'no_mail_won') {
      return `抽選に当たったことを伝え、${until}までに、参加するかどうかをうかがってください。`;
    }
    switch (about) {
      case 'registration_offered':
        return `空いた${seat}をお取りしています。${until}までに、参加するかどうかをうかがってください。`;
      case 'registration_course_called_off':
        return '講座が中止になったことを伝えてください。手続きはいりません。';
      case 'registration_course_moved':
        return '日時か会場が変わったことを伝え、来られるかどうかをうかがってください。';
      default:
        return reason === 'mail_limit'
          ? 'お申し込みにお心あたりがあるか、うかがってください。'
          : 'メールアドレスが合っているか、うかがってください。';
    }
  };
  return WHY[reason] + ask();
}
