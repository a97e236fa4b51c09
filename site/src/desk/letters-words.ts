/** Sentences of the desk about what is wrong with letters, and the hours of a report. Pure. */
import type { ConversationFault, LetterFault } from '../sealing.ts';

/** Why a letter cannot be shown, for who looks after the conversation. */
export const letterFaultSentence: Readonly<Record<LetterFault, string>> = {
  cannot_open:
    '開けませんでした。とどくまでに壊れたか、ほかの鍵あてに封がされています。書いた人のページにも、開けなかったと出ます。',
  malformed: '開きましたが、手紙の形になっていません。',
  wrong_mailbox: 'ほかの人の手紙が、ここに置かれています。中身は見せません。',
  wrong_place: '番号のちがう手紙が、ここに置かれています。中身は見せません。',
  bad_signature: '署名が合いません。書いた人のものと言えないので、中身は見せません。',
  unknown_desk: '名簿にない鍵で署名された返事です。中身は見せません。',
  other_desk: 'ほかの窓口が署名した返事です。中身は見せません。',
};

/** What does not fit together in a conversation. */
export function conversationFaultSentence({ fault, direction, number }: ConversationFault): string {
  const which = direction === 'in' ? `書いた人の ${number}通目` : `こちらの返事 ${number}通目`;
  switch (fault) {
    case 'missing':
      return `${which}が、ここにありません。消されたか、隠されているおそれがあります。`;
    case 'forked':
      return `${which}は、ほかの手紙が指しているものとちがいます。入れかえられたおそれがあります。`;
    case 'rewound':
      return `${which}は、前の手紙より古いやりとりを指しています。巻きもどされたおそれがあります。`;
  }
}

/** 安全確認: hours from receipt, nights and holidays included. */
export const REPORT_HOURS = 48;
