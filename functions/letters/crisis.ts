/**
 * Words of somebody in danger (気になることば), looked for on the writer's own device while they write. Pure
 * data and one function. It only ever makes an offer: it decides nothing, and what it finds goes nowhere.
 *
 * Where one cannot tell, it finds: being shown a telephone number once too often hurts little.
 */
import type { ContactId } from '../centre/contacts.ts';

/** 死にたい・消えたい · 自分を傷つける · 暴力 · 性的な被害 · 家にいられない · (保護者) 子どもを傷つけそう. */
export type CrisisKind = 'die' | 'self_harm' | 'violence' | 'sexual' | 'home' | 'harming';

/** Somebody who hurts, as a child or a grown-up names them. Not まま of 「そのまま」, nor 夫 of 「大丈夫」. */
const PERSON =
  '(?:父|母|親|兄|姉|(?<!丈)夫|旦那|主人|妻|彼[氏女]?|先生|先輩|顧問|監督|男子|女子|あいつ|あの人|' +
  '(?:と|お[とか])[うあ]?(?:さん|ちゃん)|かあちゃん|お?に[い]?(?:さん|ちゃん)|お?ねえ?(?:さん|ちゃん)|' +
  'ぱぱ|(?<!(?:[そこ]の|わが|[たいるな]))まま|おや|おやじ|ちち|はは|あに|あね|おっと|だんな|かれし|' +
  'せんせい|せんぱい|(?<!あち)こち|お?じい(?:さん|ちゃん)?|お?ばあ(?:さん|ちゃん)?|お[じば]さん)' +
  '(?:さん|ちゃん|たち|達|ら|とか)?';
/** Whom or where it hurts. A thing that is struck (太鼓を, ボールを) is none. */
const STRUCK =
  '(?:顔|かお|頭|あたま|お?なか|お?腹|背中|せなか|足|あし|腕|うで|お?しり|お?尻|頬|ほお|ほっぺた?|耳|みみ|体|からだ|' +
  '私|わたし|あたし|僕|ぼく|俺|おれ|自分|じぶん|妹|いもうと|弟|おとうと|母|お?母さん|おかあ?さん|まま|姉|兄|妻|' +
  '子ども|子供|こども|娘|むすめ|息子|むすこ|この子|みんな)を';
/** To strike in kana. けっ and ぶつ are the middle of many other words: they need a word's end before them. */
const STRIKES =
  '(?:(?:殴|なぐ)(?:[るっろ]|り(?!が?[書か]き))|(?:叩|たた)(?:く|い[てた]|き(?:ま|たが|そう))|蹴[るりっ]|' +
  '(?<=[がもはをで、日くぐに])(?:け(?:る|りま|った|って(?!い[しすさ]))|ぶ(?:つ(?![かけぶりをに])|った|って|ちま))|' +
  'ぶっとば|ひっぱた[くい]|(?:突き飛|つきと)ば|(?:髪|かみ)の?毛?を?(?:引っ?張|引っぱ|ひっぱ)[るりっ])';

/**
 * Patterns are written for text as `plain` leaves it: hiragana, small letters, large vowels, no gaps and
 * no ー. Kanji stay as they are, so each word stands in both.
 */
const PATTERNS: Readonly<Record<CrisisKind, readonly RegExp[]>> = {
  die: [
    // 「をしに体育館」「はなしに大切」 written in kana are no such wish.
    /(?:死|し|氏|たひ|4)にたい(?!し[てた]|する|いく|かい|わん|ふう|せつ|りょく)/,
    /(?:死|し|氏|たひ|4)に(?:てえ|たくて|たくな[るっ]|たかった)/,
    /たひり(?:たい|たく|てえ|そう)/,
    /(?:死|し)ん(?:でしまいた|でもいい|でもかまわ|じゃいた|だ(?:ほう|方)が|だら(?:らく|楽))/,
    /(?:死|し)(?:のうと|のうか|ぬしかな|ぬつもり|ねばいい|ねたらいい)|死にます|死ぬね/,
    /(?:消|き)え(?:たい|たくなる|てえ|てしまいた|てなくなりた|ちゃいた|てもいい)/,
    /(?:い|居)なく(?:なりた|なってしまいた|なっちゃいた|なればいい|なってもいい)/,
    /(?:い|生)きてい?たくな|生きたくな/,
    /(?:い|生)き(?:る|て(?:い|く|いく)?る?)の[がはもを]?(?:もう)?(?:つら|辛|しんど|くるし|苦し|いや|嫌|やめ|つかれ|疲れ)/,
    /(?:い|生)き(?:る|て(?:い|く|いく)?る?)(?:いみ|意味|かち|価値)(?:って|なんて|が|も|は)?(?:な|わか|分か|ある|あん|見つ|みつ)/,
    /(?:う|生)まれて(?:こな|来な|こん)/,
    /(?:人生|じんせい|命|いのち)を?(?:お|終)わ(?:らせ|りにした)|(?<![気き])(?:楽|らく)になり(?:たい|たく|てえ)/,
    /自殺|じさつ|自死|遺書|いしょを(?:か|書)|首を?(?:吊|つ[るっりろ])|くびを?(?:吊|つ[るっりろ])/,
    /(?:飛び?|とび)(?:降|お)り(?:たい|よう|れば|るしか|て(?:し|死))/,
    /(?:屋上|おくじょう|べらんだ|橋|はし|窓|まど)から(?:飛|とび|とぼ|とん)/,
    /(?:線路|せんろ|電車|でんしゃ|ほむ)に(?:飛び?|とび)(?:込|こ)/,
    /(?:殺|ころ)して(?:ほしい|欲しい|ください|下さい|くれ)/,
  ],
  self_harm: [
    /りすか|りすとかっと|あむか|れぐか|自傷|じしょう(?:し[たて]|こうい|行為)/,
    /(?:手首|てくび|腕|うで|足|太もも|ふともも|体|からだ)を?(?:切[っりる]|きっちゃ|きりつけ|傷つけ|きずつけ)/,
    /自分(?:の体)?を(?:傷つけ|きずつけ|切|殴|なぐ)|じぶんを(?:きずつけ|なぐ)/,
    /おばどず|(?<![a-z])od(?![a-z])/,
    /(?:薬|くすり)を?(?:いっぱい|一杯|たくさん|大量に?|たいりょうに?|全部|ぜんぶ|まとめて)(?:飲|のん|のみ|のむ)/,
    /(?:薬|くすり)を?(?:飲|の)み(?:す|過)ぎ(?!ない)/,
    // カッター, as `plain` leaves it; what is cut out of paper stands between.
    /(?:かった|かみそり|剃刀)で(?:切|き[っり])/,
    /(?:血|ち)が(?:出|で)るまで/,
  ],
  violence: [
    /(?:殴|なぐ)(?:られ|りたい|って(?:く|き))/,
    new RegExp(`${PERSON}(?:[がもは][^。!?\\n]{0,20}?|、)?(?:${STRUCK}|(?<!を))${STRIKES}`),
    new RegExp(`(?:${STRUCK}|(?<!を))(?:(?:叩|たた)いて|(?<!い)けって)(?:くる|きた|きて|きま)`),
    /蹴られ|蹴って(?:く|き)|(?:おなか|お腹|せなか|背中|あたま|頭|かお|顔|あし|足)を?けられ/,
    /(?<!(?:肩|かた)を?)(?:叩|たた|はた)かれ|ぶたれ|ひっぱたか|びんた/,
    /(?:髪|かみ|髪の毛)を?(?:引っ?ぱ|ひっぱ)られ|(?:物|もの)を?(?:投げ|なげ)つけられ/,
    /(?:首|くび)を?(?:絞|締|し)め(?:ら|て(?:く|き))/,
    /(?:殺|ころ)(?:され|すぞ|すって|すと(?:い|言)|してやる|しそう|したい)/,
    /暴力|ぼうりょく|虐待|ぎゃくたい|(?<![a-z])dv(?![a-z])|監禁|かんきん(?:され|して)/,
    /(?:閉|と)じ(?:込|こ)められ|(?:手|て|足|あし|体|からだ|ひも|縄|なわ).{0,4}(?:縛|しば)られ/,
    /(?:刃物|はもの|包丁|ほうちょう|ないふ)(?:を|で).{0,6}(?:向け|むけ|出し|だし|もって(?:く|き)|おど|脅|刺|ささ)/,
    /いじめ(?:られ|にあ|をう|を受)|ぼこられ|ぼこぼこに|かつあげ/,
  ],
  sexual: [
    /(?:触|さわ)(?:られ|って(?:くる|きた|きて))/,
    /(?:胸|むね|おしり|お尻|しり|体|からだ|下着|したぎ)を?(?:触|さわ|もま|揉ま|なめ|舐め|のぞ|覗)/,
    /痴漢|ちかん|れいぷ|強姦|盗撮|とうさつ|性被害|性暴力|せいひがい|せいぼうりょく|ぱぱ活|ぱぱかつ|援交/,
    /(?<![男女個理知感母父野天])性的(?:な|に)?(?:こと|事|行為|写真|嫌がらせ|いや|被害|暴力|虐待)/,
    /(?:無理|むり)(?:矢理|やり)に?(?:きす|さわ|触|脱|ぬが|やら|され|したが|つれ|連れ)/,
    /(?<!(?:眠気|ねむけ|不安|ふあん|恐怖|きょうふ|くま|熊)に)(?:襲|おそ)われ/,
    /(?:裸|はだか)(?:の(?:写真|しゃしん|どうが|動画)|を(?:見|み|撮|と)|に(?:され|なれ))|(?:脱|ぬ)がされ/,
    /(?:写真|しゃしん|動画|どうが)を?(?:ばらま|ばらす|拡散|かくさん|(?:送|おく)れ(?:と|って))/,
  ],
  home: [
    /(?:家|いえ|うち)に?(?:は|も)?(?:帰れな|かえれな|いられな|居られな|いたくな|居たくな)/,
    // Where to is not said: it is home. 「ふりかえりたくない」 is another word.
    /(?:帰|(?<![りき])かえ)りたくな/,
    /(?:家|いえ|うち)に?(?:は|も)?(?:帰|かえ)るのが(?:こわ|怖)|(?:家|いえ|うち)に?(?:入|い)れて(?:もらえ|くれな)/,
    /(?:帰|かえ|泊ま|とま|寝|ね|行|い)(?:る|く)(?:家|いえ|ところ|所|場所|ばしょ|とこ)(?:が|も)?(?:な|無)/,
    /(?:追|お)い(?:出|だ)され|(?:締|し)め(?:出|だ)され|(?:家|いえ|うち)を?(?:出て|でて)(?:行け|いけ)/,
    /家出|いえで(?:した|して|する|中)/,
    /(?:ご飯|ごはん|食べ物|たべもの)(?:を|が|も)?(?:もらえな|(?:食|た)べさせて(?:もら|くれな)|(?:作|つく)ってくれな|くれな)/,
    /(?:何日|なんにち)も(?:食べ|たべ|帰って|かえって)/,
  ],
  harming: [
    /(?:子ども|子供|こども|この子|赤ちゃん|あかちゃん|娘|むすめ|息子|むすこ|上の子|下の子)(?:を|に).{0,8}?(?:殴|なぐ|叩|たた[いく]|蹴|首を|くびを|手を[あ上]げ|投げ|なげ|揺さぶ|ゆさぶ|殺|ころし)/,
    /(?:叩|たた|殴|なぐ)(?:い|っ)て(?:しま|ば)|手を[あ上]げて(?:しま|そう)|虐待して|(?:揺さぶ|ゆさぶ)っ[てた]/,
    /心中(?:し|を)|(?:いっしょに|一緒に|道連れに)(?:死|し)(?:の|に|ん)/,
  ],
};

/** What people say for fun, or of other things; taken out before anything is looked for. */
const HARMLESS: readonly RegExp[] = [
  /(?:死|し)に(?:たい|そうな)(?:ほど|くらい|ぐらい)(?:笑(?!われ)|わら(?!われ)|楽し|たのし|うれし|嬉し|面白|おもしろ|かわい|可愛|おいし|好き|すき|尊|幸せ|しあわせ|眠|ねむ)/gu,
  /(?:わたし|ぼく|かれ|かのじょ)にたい[しす]/gu,
  /(?:字|黒板|でた|火|ひ|あかり|明かり|電気|でんき|色|いろ|けしごむで)[がは]?(?:消|き)え(?:ちゃいた|てしまいた)/gu,
  /(?:猫|ねこ|犬|いぬ|うさぎ|動物)[をにが]?(?:触|さわ)(?:ら|って)/gu,
  /(?:太鼓|たいこ|どらむ|木琴|たんばりん|肩|かた|手|布団|ふとん)を?(?:叩|たた)[くいき]/gu,
  /(?:ぼる|石|いし|缶|かん)を?(?:蹴|け)[るりっ]/gu,
  // A child that moves before it is born, and one too small to mean it.
  /(?:赤ちゃん|あかちゃん|べび|胎児|(?:おなか|お腹)の子).{0,8}?(?:蹴|け)[るりっ](?:て(?:く|き))?/gu,
  /(?:子ども|子供|こども|歳の子|か月の子|うちの子|わが子|我が子|[上下]の子|赤ちゃん|娘|息子)[がはも][^。、を]{0,8}?(?:叩|たた)いて(?:くる|きた|きて|きま)/gu,
  /(?:楽し|たのし)(?:くて|すぎて|過ぎて|かった(?:ので|から))[^。]{0,8}?(?:帰|かえ)りたくな/gu,
  /(?:どらま|映画|えいが|げむ|まんが|漫画|あにめ|小説|しょうせつ)(?:で|の).{0,20}?(?:(?:殺|ころ)(?:さ|し)|(?:襲|おそ)われ|(?:殴|なぐ)られ|蹴られ|(?:叩|たた)かれ|自殺|じさつ)/gu,
];

/** As the patterns want it: hiragana, small letters, nothing between the letters of a word. */
function plain(text: string): string {
  return text
    .normalize('NFKC')
    .toLowerCase()
    .replace(/[ァ-ヶ]/g, (letter) => String.fromCharCode(letter.charCodeAt(0) - 0x60))
    .replace(/て[ー〜~]+/g, 'てえ')
    .replace(/[ \t\u3000\u00a0\u200b-\u200d\u2060\ufeffー〜~・…*＊_\-‐–—]/g, '')
    .replace(/[ぁぃぅぇぉゎ]/g, (letter) => LARGE[letter] ?? letter);
}
const LARGE: Readonly<Record<string, string>> = {
  ぁ: 'あ',
  ぃ: 'い',
  ぅ: 'う',
  ぇ: 'え',
  ぉ: 'お',
  ゎ: 'わ',
};

export interface Crisis {
  /** What was found, in the order of `CrisisKind`; empty where nothing was. */
  readonly kinds: readonly CrisisKind[];
}

/** Which dangers a text speaks of. @param desk only a parent's letter can speak of harming a child */
export function crisisIn(text: string, desk: 'teens' | 'general' = 'teens'): Crisis {
  const words = HARMLESS.reduce((left, harmless) => left.replace(harmless, '。'), plain(text));
  const kinds = (Object.keys(PATTERNS) as CrisisKind[]).filter(
    (kind) =>
      (kind !== 'harming' || desk === 'general') &&
      PATTERNS[kind].some((pattern) => pattern.test(words)),
  );
  return { kinds };
}

/** Whom to call, the most fitting first. 110 and 119 stand apart: they are always shown. */
const CALL: Readonly<Record<CrisisKind, readonly ContactId[]>> = {
  die: ['kodomoSos', 'childline', 'teens', 'ichihayaku'],
  self_harm: ['kodomoSos', 'childline', 'teens'],
  violence: ['ichihayaku', 'kodomoSos', 'teens', 'childline'],
  sexual: ['ichihayaku', 'kodomoSos', 'teens', 'childline'],
  home: ['ichihayaku', 'teens', 'kodomoSos', 'childline'],
  harming: ['ichihayaku'],
};

/** The same for a parent: 189 is for the child's sake, and somebody else listens to a grown-up. */
const CALL_AS_ADULT: Readonly<Record<CrisisKind, readonly ContactId[]>> = {
  die: ['yorisoi'],
  self_harm: ['yorisoi'],
  violence: ['dvPlus', 'ichihayaku', 'yorisoi'],
  sexual: ['dvPlus', 'yorisoi'],
  home: ['yorisoi', 'dvPlus'],
  harming: ['ichihayaku'],
};

/**
 * Whom to call for these dangers, each once; the desk that reads a parent's letter is always among them.
 * @param kinds of none (a letter that is urgent, and no word of it known): whoever listens to anything
 */
export function contactsFor(
  kinds: readonly CrisisKind[],
  desk: 'teens' | 'general',
): readonly ContactId[] {
  const call = desk === 'general' ? CALL_AS_ADULT : CALL;
  const ids = (kinds.length > 0 ? kinds : (['die'] as const)).flatMap((kind) => call[kind]);
  return [...new Set(desk === 'general' ? [...ids, 'consultation' as const] : ids)];
}
