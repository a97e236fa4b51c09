/** The few mails about letters. None says what a letter says, who wrote it, or which number it has. */

interface Text {
  readonly subject: string;
  readonly text: string;
}

const DUTY = {
  urgent: {
    subject: '急ぎの連絡が届いています',
    first: '「いますぐ」と書かれた連絡が届きました。いま開いて読んでください。',
  },
  unopened: {
    subject: 'まだ開かれていない連絡があります',
    first: '期限までに、だれも開いていない連絡があります。いま開いて読んでください。',
  },
  unanswered: {
    subject: 'まだ返事をしていない連絡があります',
    first: '約束した時刻を過ぎても、返事をしていない連絡があります。',
  },
} as const;

/** To the telephone on duty. @param siteOrigin where the desk is */
export function dutyMail(why: keyof typeof DUTY, siteOrigin: string): Text {
  const { subject, first } = DUTY[why];
  const lines = [
    first,
    '',
    `職員用ページ　${siteOrigin}/staff/`,
    '',
    'このメールには、連絡の中身は書かれていません。開かれるまで、くり返しお知らせします。',
  ];
  return { subject, text: `${lines.join('\n')}\n` };
}

/** To who asked to be told once. It could be about anything. */
export function noticeMail(): Text {
  return {
    subject: 'おしらせ',
    text: 'おまちかねの おしらせが、とどいています。\n時間のあるときに、見てみてください。\n\nこのメールは、1回だけ送られます。返信はいりません。\n',
  };
}
