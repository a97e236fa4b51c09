/** Words of danger are found however they are typed, and jokes are left alone. */
import { describe, expect, test } from 'vitest';
import { contacts } from '../../functions/centre/contacts.ts';
import { type CrisisKind, contactsFor, crisisIn } from '../../functions/letters/crisis.ts';

const FOUND: Readonly<Record<CrisisKind, readonly string[]>> = {
  die: [
    'しにたい',
    'もう死にたいです。',
    'シニタイ',
    'ｼﾆﾀｲ',
    'し に た い',
    'しにたぃ',
    'しにたーい',
    'しにてー',
    '死にてぇ',
    'タヒにたい',
    '氏にたい',
    '4にたい',
    'わたし、しにたい。',
    'わたししにたい',
    '死にたいわけじゃないけど、消えたい',
    '死にたくなるときがある',
    '死んだほうがまし',
    '死んでしまいたい',
    'しんじゃいたい',
    '消えたい',
    'きえてしまいたい',
    'いなくなりたい',
    '生きていたくない',
    '生きるのがつらい',
    '生きてる意味がわからない',
    '生きてていいのか、生きている価値がない',
    '生まれてこなければよかった',
    '自殺のしかた',
    '首をつろうと思った',
    '飛び降りようかな',
    '電車に飛び込みたい',
    '殺してほしい',
    '死にたいくらい笑われた',
    '死にたいほどはずかしい',
    'もう楽になりたい',
    'タヒりたい',
    '楽になりたい',
    'らくになりたいです',
  ],
  self_harm: [
    'リスカした',
    'リストカットがやめられない',
    '手首を切った',
    'ODしちゃった',
    '薬をたくさん飲んだ',
    '自分を傷つけてしまう',
    'オーバードーズ',
    'カッターで切った',
    '薬を飲みすぎた',
    'くすりをのみすぎちゃった',
  ],
  violence: [
    'お父さんに殴られる',
    'なぐられた',
    '蹴られて、おなかがいたい',
    'おなかをけられる',
    '母にたたかれる',
    '首をしめられた',
    'ころされる',
    '殺すぞと言われた',
    '父の暴力',
    'DVがある',
    '包丁を向けられた',
    '部屋に閉じこめられた',
    'クラスでいじめられている',
    'お父さんがなぐる。',
    'お母さんもたたく。',
    '毎日けってくる。',
    '父が殴ります',
    'お母さんがぶつ',
    'おかーさんがすぐぶってくる',
    '父が蹴る',
    'お兄ちゃんがける',
    'ママがたたいてくる',
    'うちのママはいつもたたく',
    'パパが頭をたたく',
    'お父さんがお母さんをなぐる',
    'お父さんが、宿題しろと言ってたたく',
    '先輩がおなかをけってくる',
    'コーチがたたきます',
    '夫が殴ります',
    '彼氏が髪を引っ張ってくる',
    'クラスの子がたたいてくる',
    'お父さんなぐる',
    'お父さんはお酒を飲むと、すぐたたく',
    '父が僕をベルトでたたく',
  ],
  sexual: [
    '兄にさわられる',
    '体を触られた',
    '痴漢にあった',
    'はだかの写真を送れと言われた',
    'むりやりキスされた',
    '先生が触ってくる',
    '襲われた',
    '性的なことをされた',
  ],
  home: [
    '家に帰れない',
    'いえにかえれない',
    '家に帰りたくない',
    '帰るところがない',
    '泊まるところもない',
    '追い出された',
    '家出した',
    'ごはんを食べさせてもらえない',
    '何日も食べていない',
    '帰りたくない',
    'もうかえりたくないです',
  ],
  harming: [
    '子どもを叩いてしまいます',
    '赤ちゃんを揺さぶってしまった',
    'この子に手をあげそう',
    '一緒に死のうと思いました',
  ],
};

const LEFT_ALONE = [
  '死ぬほど楽しい',
  'しにたいほど笑った',
  '死にたいくらいかわいい',
  'れんしゅうをしにたいいくかんへいく',
  'わたしにたいしてつめたい',
  'さがしにたいかいへ',
  'はなしにたいせつなことがある',
  '学校に行きたくない',
  'いきたくない',
  '友だちとけんかした',
  '受けられる、続けられる、助けられる',
  '肩をたたかれた',
  '黒板の字が消えてしまいました',
  '祖父が死んでしまいました',
  '個性的な友だち',
  '猫にさわられるのがきらい',
  'ゲームで殺された',
  '包丁で野菜を切る',
  '眠気におそわれる',
  'テストが終わったら楽になる',
  '教科書がなくなった',
  'todo リストを作った',
  '進路のことで親と話したい',
  '漫画のなかで人が殺される場面',
  '息を殺していた',
  '太鼓をたたく',
  'お父さんが太鼓をたたく',
  '父がドラムたたいてる',
  'ボールをける',
  '兄がボールをける',
  '先生がボールけってくる',
  '肩をたたく',
  '母が肩をたたいてくる',
  'お母さんが布団をたたいている',
  '文字をぶつ',
  'お母さんがぶつぶつ言う',
  'お父さんが車をぶつけた',
  'ママがおぶってくれた',
  '父がかぶった帽子',
  'お母さんがなぐさめてくれた',
  '父が殴り書きした',
  '兄がたたかいに勝った',
  '先生がけっこんした',
  '先生がけっていした',
  '先生がドアをあける',
  'お母さんが出かける',
  '父が助けてくれた',
  'お父さんが仕事をつづける',
  'そのままたたく練習',
  '手を叩いて笑った',
  '大丈夫がくちぐせ',
  '赤ちゃんがおなかをける',
  'おなかの子がよくお腹を蹴ってくる',
  '2歳の子がたたいてきます',
  'カッターで紙を切った',
  '薬を飲みすぎないように気をつける',
  '気楽になりたい',
  '楽しくて帰りたくない',
  'ふりかえりたくない',
  '',
];

describe.each(Object.entries(FOUND))('%s', (kind, texts) => {
  test.each(texts)('is found in 「%s」', (text) => {
    expect(crisisIn(text, 'general').kinds).toContain(kind);
  });
});

test.each(LEFT_ALONE)('nothing is found in 「%s」', (text) => {
  expect(crisisIn(text, 'general').kinds).toEqual([]);
});

test('a joke beside a cry does not hide it', () => {
  expect(crisisIn('死ぬほど笑ったけど、ほんとうは死にたい').kinds).toEqual(['die']);
  expect(crisisIn('しにたいほど笑った。しにたい。').kinds).toEqual(['die']);
});

test('only a parent’s letter speaks of harming a child', () => {
  expect(crisisIn('この子を叩いてしまう', 'teens').kinds).not.toContain('harming');
});

test.each([
  ['死にたい', 'yorisoi'],
  ['手首を切った', 'yorisoi'],
  ['夫に殴られている', 'dvPlus'],
  ['むりやりされた', 'dvPlus'],
  ['この子を叩いてしまう', 'ichihayaku'],
] as const)('a parent who writes 「%s」 is shown %s first, and the desk as well', (text, first) => {
  const ids = contactsFor(crisisIn(text, 'general').kinds, 'general');
  expect(ids[0]).toBe(first);
  expect(ids.at(-1)).toBe('consultation');
  expect(new Set(ids).size).toBe(ids.length);
});

test('a letter that is urgent and says none of the words has somebody to call as well', () => {
  expect(contactsFor([], 'teens')).toContain('kodomoSos');
  expect(contactsFor([], 'general')).toEqual(['yorisoi', 'consultation']);
});

test('every danger has somebody to call, and a number around the clock among them', () => {
  for (const kind of Object.keys(FOUND) as CrisisKind[]) {
    for (const desk of kind === 'harming'
      ? (['general'] as const)
      : (['teens', 'general'] as const)) {
      const ids = contactsFor([kind], desk);
      expect(ids.length).toBeGreaterThan(0);
      expect(ids.some((id) => !('hours' in contacts[id]))).toBe(true);
      expect(new Set(ids).size).toBe(ids.length);
    }
  }
});
