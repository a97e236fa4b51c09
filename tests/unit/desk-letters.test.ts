/** What the desk says about letters, and what it does with text and words: the pure parts. */
import { describe, expect, test } from 'vitest';
import { centre } from '../../functions/centre/settings.ts';
import { cannedParagraphs } from '../../functions/letters/canned.ts';
import { LONGEST_TEXT } from '../../functions/letters/content.ts';
import type { QueueItem } from '../../functions/letters/desk-model.ts';
import { readConversationNumber } from '../../functions/letters/desk-words.ts';
import { letterSettings } from '../../functions/letters/settings.ts';
import { conversationNumber } from '../../functions/letters/signing.ts';
import { duesOf, firstDue, reportDue, splitBurst } from '../../site/src/desk/letters-due.ts';
import { insertParagraph, openGap } from '../../site/src/desk/letters-text.ts';
import { complete, readTyped } from '../../site/src/desk/vault-words.ts';

const NOON = new Date('2026-12-01T03:00:00.000Z');
const hours = (count: number) => new Date(NOON.getTime() + count * 3_600_000).toISOString();

function anItem(changes: Partial<QueueItem> = {}): QueueItem {
  return {
    mailbox: 'm'.repeat(43),
    conversation: '7K2P-Q8MD-3A',
    desk: 'teens',
    round: 1,
    letters: { in: 1, out: 0 },
    urgency: 'soon',
    firstAt: hours(-1),
    receivedAt: hours(-1),
    waitingSince: hours(-1),
    openedThrough: 0,
    unopenable: [],
    burst: false,
    reviewDue: false,
    revision: 1,
    ...changes,
  };
}

describe('the time that is left', () => {
  test('names what comes first, and fills from receipt to deadline', () => {
    const item = anItem({ unopenedSince: hours(-5), openBy: hours(15), answerBy: hours(31) });
    expect(duesOf(item, NOON)).toMatchObject([
      { what: 'open', left: 'あと 15時間', isLate: false, gone: 0.25 },
      { what: 'answer', left: 'あと 31時間' },
    ]);
  });

  test('what is late says by how much, and its ring is full', () => {
    const item = anItem({ unopenedSince: hours(-2), openBy: hours(-0.5) });
    expect(duesOf(item, NOON)).toMatchObject([{ left: '30分 過ぎました', isLate: true, gone: 1 }]);
  });

  test('what is due first stands above the queue, whichever line it is', () => {
    const calm = anItem({ answerBy: hours(30) });
    const next = anItem({ mailbox: 'n'.repeat(43), openBy: hours(1), unopenedSince: hours(0) });
    expect(firstDue([calm, next], NOON)?.item.mailbox).toBe(next.mailbox);
    expect(firstDue([anItem()], NOON)).toBeUndefined();
  });

  test('a report has hours, not days, from the receipt of its letter', () => {
    expect(reportDue(NOON, NOON).left).toBe('あと 48時間');
    expect(reportDue(new Date(hours(-10.5)), NOON).left).toBe('あと 37時間30分');
    expect(reportDue(new Date(hours(-47.5)), NOON).left).toBe('あと 30分');
    expect(reportDue(new Date(hours(-50)), NOON)).toMatchObject({
      left: '2時間 過ぎました',
      isLate: true,
    });
  });
});

describe('letters that came as a crowd', () => {
  const crowd = [1, 2, 3].map((each) => anItem({ mailbox: `${each}`.repeat(43), burst: true }));

  test('first letters of a burst lie together, and nothing else does', () => {
    const known = anItem({ burst: true, letters: { in: 2, out: 1 } });
    const taken = anItem({ burst: true, assignee: 'soudan' });
    const urgent = anItem({ burst: true, urgency: 'now' });
    const { apart, together } = splitBurst([urgent, known, taken, ...crowd]);
    expect(apart).toEqual([urgent, known, taken]);
    expect(together).toEqual(crowd);
  });

  test('one letter is no crowd', () => {
    expect(splitBurst(crowd.slice(0, 1))).toEqual({ apart: crowd.slice(0, 1), together: [] });
  });
});

describe('the number of a conversation', () => {
  test('is read however it is told', () => {
    for (const text of [
      '7K2P-Q8MD-3A',
      ' 7k2p q8md 3a',
      '７Ｋ２Ｐ－Ｑ８ＭＤ－３Ａ',
      '7K2PQ8MD3A',
    ]) {
      expect(readConversationNumber(text)).toBe('7K2P-Q8MD-3A');
    }
    const number = conversationNumber('x'.repeat(43));
    expect(readConversationNumber(number)).toBe(number);
  });

  test('is not guessed from anything else', () => {
    for (const text of ['', '7K2P-Q8MD', '7K2P-Q8MD-3A5', '0K2P-Q8MD-3A', 'みなと']) {
      expect(readConversationNumber(text)).toBeUndefined();
    }
  });
});

describe('six words in one field', () => {
  const all = 'ひまわり そよかぜ りんご みなと えのぐ ほたる';

  test('are read with gaps, without gaps and in katakana', () => {
    for (const text of [
      all,
      all.replaceAll(' ', ''),
      all.replaceAll(' ', '　'),
      'ヒマワリ'.concat(all.slice(4)),
    ]) {
      expect(readTyped(text)).toMatchObject({
        words: all.split(' '),
        count: 6,
        unknown: undefined,
      });
    }
  });

  test('the last word is completed, and the one that is none is named at once', () => {
    const typed = readTyped('ひまわり そよか');
    expect(typed).toMatchObject({ words: undefined, count: 1, unknown: undefined });
    expect(typed.completions).toEqual(['そよかぜ']);
    expect(complete('ひまわり そよか', 'そよかぜ')).toBe('ひまわり そよかぜ ');
    expect(readTyped('ひまわり ぬるぽが りんご').unknown).toBe('ぬるぽが');
    expect(readTyped('ひまわり ゑゑゑ').unknown).toBe('ゑゑゑ');
  });
});

describe('paragraphs to begin from', () => {
  const all = Object.values(cannedParagraphs).flat();

  test('each desk has eight and more, short enough to be several in a letter', () => {
    for (const desk of Object.keys(letterSettings.desks)) {
      expect(cannedParagraphs[desk]?.length).toBeGreaterThanOrEqual(8);
    }
    expect(all.every(({ text }) => text.length < LONGEST_TEXT / 20)).toBe(true);
  });

  test('they name no telephone but the centre’s and the ones that everybody may call', () => {
    const known = [
      ...Object.values(letterSettings.desks).map(({ phone }) => phone),
      ...Object.values(centre.phones),
      // 24時間子供SOSダイヤル
      '0120-0-78310',
    ];
    const named = all.flatMap(({ text }) => text.match(/0[\d-]{8,}/g) ?? []);
    expect(named.length).toBeGreaterThan(0);
    expect(named.filter((number) => !known.includes(number))).toEqual([]);
  });

  test('goes in at the cursor, apart from what stands around it', () => {
    expect(insertParagraph('', 0, 'あ。')).toEqual({ text: 'あ。', cursor: 2 });
    expect(insertParagraph('まえ。\nあと。', 4, 'あ。')).toEqual({
      text: 'まえ。\n\nあ。\n\nあと。',
      cursor: 7,
    });
  });

  test('what is still to be filled in is found', () => {
    expect(openGap('だれか〔名前〕に')).toBe('〔名前〕');
    expect(openGap('〔とちゅう')).toBe('〔とちゅう');
    expect(openGap('もうない')).toBeUndefined();
  });
});
