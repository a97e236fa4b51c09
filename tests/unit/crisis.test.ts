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
  ],
  self_harm: [
    'リスカした',
    'リストカットがやめられない',
    '手首を切った',
    'ODしちゃった',
    '薬をたくさん飲んだ',
    '自分を傷つけてしまう',
    'オーバードーズ',
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

test('every danger has somebody to call, and a number around the clock among them', () => {
  for (const kind of Object.keys(FOUND) as CrisisKind[]) {
    const ids = contactsFor([kind], kind === 'harming' ? 'general' : 'teens');
    expect(ids.length).toBeGreaterThan(0);
    expect(ids.some((id) => !('hours' in contacts[id]))).toBe(true);
    expect(new Set(ids).size).toBe(ids.length);
  }
});
