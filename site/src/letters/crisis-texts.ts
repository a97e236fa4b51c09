/** What the page says while somebody writes words of danger: gentle, few words, nothing to decide at once. */
import type { CrisisKind, LetterDesk } from '../rules.ts';

/** Read aloud once by a screen reader when the panel appears; the reader stays where the text is. */
export const APPEARED = 'この{下|した}に、いま{話|はな}せるところを{出|だ}しました。';

/** Its heading. */
export const HEADING: Readonly<Record<LetterDesk, string>> = {
  teens: '{書|か}いてくれて、ありがとう。',
  general: '{書|か}いてくださって、ありがとうございます。',
};

/** What the heading leads to, by the first danger found. */
export const OPENING: Readonly<Record<LetterDesk, Partial<Record<CrisisKind, string>>>> = {
  teens: {
    die: 'いま、とてもつらいんだね。{声|こえ}でも{話|はな}せます。{名前|なまえ}は{言|い}わなくていいです。',
    self_harm:
      'ひとりでがまんしてきたんだね。{傷|きず}が{深|ふか}いとき、{薬|くすり}をたくさん{飲|の}んだときは、119に{電話|でんわ}してください。',
    violence:
      'たたかれたり、おどされたりしていい{人|ひと}は、いません。あなたは{悪|わる}くありません。',
    sexual:
      'いやなことをされたのは、あなたのせいではありません。{話|はな}せるところだけでいいです。',
    home: '{今夜|こんや}、{安心|あんしん}していられる{場所|ばしょ}を、いっしょに{考|かんが}えられます。',
  },
  general: {
    die: 'いま、とてもおつらいのですね。{声|こえ}でも{話|はな}せます。お{名前|なまえ}は{言|い}わなくてかまいません。',
    harming:
      'つらいところまで、よく{書|か}いてくださいました。まず、お{子|こ}さんから{少|すこ}し{離|はな}れて、{息|いき}をついてください。{声|こえ}でも{話|はな}せます。',
  },
};

/** For every other danger. */
export const OPENING_FOR_ALL: Readonly<Record<LetterDesk, string>> = {
  teens: '{声|こえ}でも{話|はな}せます。{名前|なまえ}は{言|い}わなくていいです。',
  general: '{声|こえ}でも{話|はな}せます。お{名前|なまえ}は{言|い}わなくてかまいません。',
};

export const CALLS_TITLE = 'いま、{話|はな}せるところ';
export const LIFE = '{命|いのち}があぶないときは';
export const URGENT_OFFER = 'この{手紙|てがみ}を「いますぐ」にする';
export const URGENT_NOTE = '{先|さき}に{読|よ}みます。';
export const IS_URGENT = 'この{手紙|てがみ}は「いますぐ」です。{先|さき}に{読|よ}みます。';

export const REACH_TITLE = '{来|き}てほしいとき';
export const REACH_NOTE =
  '{書|か}かなくても{送|おく}れます。わたしたちからは、あなたの{場所|ばしょ}がわかりません。ここも{鍵|かぎ}をかけて{送|おく}ります。';
export const REACH_WHERE = 'どこにいる？';
export const REACH_WHO = '{名前|なまえ}は？';

export const CLOSE = 'とじて、{続|つづ}きを{書|か}く';
export const REOPEN = 'いま{話|はな}せるところを{見|み}る';

/** After the letter has arrived. */
export const UNTIL_ANSWERED = '{返事|へんじ}を{待|ま}つあいだも、{声|こえ}で{話|はな}せます。';
