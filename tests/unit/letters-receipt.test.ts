/**
 * The six words (あいことば): list and parameters are frozen, because another list opens no mailbox that
 * exists; every word is understood however a keyboard writes it; and chance alone draws them. The known
 * answers come from other programs: OpenSSL's Argon2, Python's cryptography, Debian's age-keygen.
 */
import { createCipheriv, createHash } from 'node:crypto';
import { wordlist } from '@scure/bip39/wordlists/japanese.js';
import { describe, expect, test } from 'vitest';
import {
  completionsOf,
  drawWords,
  isWord,
  LEFT_OUT,
  LIST_VERSION,
  mailboxOf,
  mailboxOfRoot,
  RECEIPT_WORDS,
  readKana,
  readWords,
  WORDS,
} from '../../functions/letters/receipt.ts';
import { spellings, toLarge } from '../support/kana.ts';

const sha256 = (text: string) => createHash('sha256').update(text).digest('hex');
const bytesOf = (hex: string) => new Uint8Array(Buffer.from(hex, 'hex'));

const SIX = ['ひまわり', 'そよかぜ', 'りんご', 'みなと', 'えのぐ', 'ほたる'];
/** Argon2id of OpenSSL (Node’s crypto.argon2): `hidamari-1 ひまわり …`, salt `hidamari centre hidamari`. */
const ROOT = 'dffc04c56ec04c9e66689e1446598e98a32a1d1598e84a6d91c664ebe4d89b97';
const TEENS = {
  id: '9gw9jcy1GVn20hg2bs6kteinsQxPwk61PeNGejnBi0w',
  desk: 'teens',
  verify: 'XSF9GCnvIrrg8laBFkVAeV8sz2qNsizVVcA5m-ig8Bk',
  recipient: 'age162rd4zhmaw07xc0wxlxvkyej3323ca4dgc68l05c2xps56z4fvuq0349k2',
  identity: 'AGE-SECRET-KEY-10FTPANJ6K6W2ZJL9LLNJLEMU9Y2JMV0T2DMYT9YDZ98K2W6Q067SUEFAM9',
  signing: bytesOf('8311e4f91b8816fd536dbf7f80528500b3f419ed91705d2908b82e0923b8b3d8'),
};
const GENERAL = {
  id: 'cmdJGBgHCDtQ2efFpw-KZJtFMGoJTilreq7YWfyBTtg',
  desk: 'general',
  verify: 'n4fokXIhKFLMkN6lulvKOHx-fdUvHzcUsfQwBQH_aAQ',
  recipient: 'age18rl0jcm84cgheqp59e83emanvd0fafk93fh8y5ngv709qjrv84gqfrxp7h',
  identity: 'AGE-SECRET-KEY-15SLNYQ88SRGHE4WZUQVSZ9SWNUX8K8YTPFERRAVV58SM285L2UES23NXZ2',
  signing: bytesOf('fbef4cd49dccc187a52a3765c1eacc2213b93add4906a3adcdccd7320d095a2c'),
};

describe('the list and the parameters are frozen', () => {
  test('the list of version 1 has these words in this order', () => {
    expect(LIST_VERSION).toBe('hidamari-1');
    expect(RECEIPT_WORDS).toBe(6);
    expect(WORDS).toHaveLength(1_943);
    expect(sha256(WORDS.join('\n'))).toBe(
      'b8561d26e08324b4c741071be94903eeaabf6e896889ee4850de277995f7fcd3',
    );
    // Six of them are more than 65 bits.
    expect(RECEIPT_WORDS * Math.log2(WORDS.length)).toBeGreaterThan(65);
  });

  test('six words are the same mailbox as when they were first told, one for each desk', async () => {
    const where = { centreId: 'hidamari' };
    expect(await mailboxOf(SIX, { ...where, desk: 'teens' })).toEqual(TEENS);
    expect(await mailboxOf(SIX, { ...where, desk: 'general' })).toEqual(GENERAL);
    expect((await mailboxOf(SIX, { centreId: 'another1', desk: 'teens' })).id).not.toBe(TEENS.id);
    const exchanged = ['そよかぜ', 'ひまわり', ...SIX.slice(2)];
    expect((await mailboxOf(exchanged, { ...where, desk: 'teens' })).id).not.toBe(TEENS.id);
  });

  test('a root is the same keys in our code and in others, and is gone afterwards', async () => {
    const root = bytesOf(ROOT);
    expect(await mailboxOfRoot(root, 'teens')).toEqual(TEENS);
    expect(root.every((byte) => byte === 0)).toBe(true);
    expect(await mailboxOfRoot(bytesOf(ROOT), 'general')).toEqual(GENERAL);
    const counting = Uint8Array.from({ length: 32 }, (_, index) => index);
    expect(await mailboxOfRoot(counting, 'teens')).toMatchObject({
      id: 'yapELPC-Wppy7VxC_LZnJTX6yXmEq0VudASkN4Fy450',
      verify: 'dbYMRsyyOH_73TXmYO1iZ-Q4g-Ci60PoYlXJrTllMwk',
      recipient: 'age17kehfr4uxv2zne27m7hrafqc3yd5rh32ng5nsp0cyxkx2t2emphs8peq6m',
      identity: 'AGE-SECRET-KEY-1LY36Z63U0Z9K456USX8TUC3CA0SRWQQHNQTFN3UWL8X7GU3E7SMS4FLEDS',
    });
  });

  test.each([
    ['five', SIX.slice(1)],
    ['seven', [...SIX, 'みかん']],
    ['one that is not in the list', [...SIX.slice(1), 'ひまわる']],
    ['one that was left out', [...SIX.slice(1), 'さつじん']],
    ['one that was not read first', [...SIX.slice(1), 'リンゴ']],
    ['one as the package spells it', [...SIX.slice(1), 'りんご'.normalize('NFD')]],
  ])('%s words are no receipt', async (_what, words) => {
    await expect(mailboxOf(words, { centreId: 'hidamari', desk: 'teens' })).rejects.toThrow();
  });

  test('what was left out is in the package and not in ours, and nothing else is missing', () => {
    const all = wordlist.map((word) => word.normalize('NFC'));
    expect(all).toHaveLength(2_048);
    expect([...LEFT_OUT].filter((word) => !all.includes(word))).toEqual([]);
    expect(WORDS.filter((word) => LEFT_OUT.has(word))).toEqual([]);
    expect(all.filter((word) => !LEFT_OUT.has(word))).toEqual(WORDS);
    expect(WORDS).toContain('きゃく');
    expect(WORDS).not.toContain('きやく');
  });
});

describe('words can be told from each other', () => {
  test('no two words differ only in small and large kana, or only in their marks', () => {
    const bare = (word: string) =>
      toLarge(word)
        .normalize('NFD')
        .replace(/[\u3099\u309a]/g, '');
    expect(new Set(WORDS.map(toLarge)).size).toBe(WORDS.length);
    expect(new Set(WORDS.map(bare)).size).toBe(WORDS.length);
    // The pair that the list would otherwise hold.
    expect(toLarge('きゃく')).toBe(toLarge('きやく'));
  });

  test('no word begins with another, so that words without gaps can be read in one way only', () => {
    const begins = WORDS.filter((word) =>
      WORDS.some((other) => other !== word && other.startsWith(word)),
    );
    expect(begins).toEqual([]);
  });

  test('three kana leave at most one completion, which is the word', () => {
    for (const word of WORDS) {
      expect(word.length).toBeGreaterThanOrEqual(3);
      const start = word.slice(0, 3);
      for (const typed of Object.values(spellings(start))) {
        expect(completionsOf(typed), typed).toEqual([word]);
      }
    }
  });

  test('fewer kana offer a few words that begin so, and nothing typed offers none', () => {
    expect(completionsOf('')).toEqual([]);
    expect(completionsOf('　 ')).toEqual([]);
    expect(completionsOf('あ')).toHaveLength(8);
    expect(completionsOf('ア', 3)).toEqual(completionsOf('あ').slice(0, 3));
    expect(completionsOf('ひまわりん')).toEqual([]);
  });
});

describe('every word is understood as keyboards write it', () => {
  test.each(Object.keys(spellings('が')))('%s', (kind) => {
    for (const word of WORDS) {
      const typed = spellings(word)[kind] ?? '';
      expect(readKana(typed), typed).toBe(word);
      expect(isWord(typed), typed).toBe(true);
      expect(readWords(typed), typed).toEqual([word]);
    }
  });

  test('the words of the package itself fail a naive comparison, which is why all this is needed', () => {
    const known = new Set<string>(wordlist);
    const naive = wordlist.filter((word) => !known.has(word.normalize('NFC')));
    expect(naive).toHaveLength(644);
  });

  test('a note of six lines with numbers, and one with marks, is six words', () => {
    const numbered = SIX.map((word, index) => `${index + 1}. ${word}\r\n`).join('');
    const circled = SIX.map((word, index) => `${'①②③④⑤⑥'[index]}${word}`).join('　');
    const quoted = `「${SIX.join('」「')}」`;
    for (const text of [
      numbered,
      circled,
      quoted,
      SIX.join('、'),
      SIX.join(' – '),
      SIX.join('‐'),
    ]) {
      expect(readWords(text), text).toEqual(SIX);
    }
  });

  test.each(['', 'ひまわ', 'ひまわりん', 'さつじん', 'きやく', '向日葵', 'himawari', 'きゃぐ'])(
    'a word that is not in the list is caught: %s',
    (typed) => {
      expect(isWord(typed)).toBe(false);
      if (typed !== '') expect(readWords(`ひまわり${typed}りんご`)).toBeUndefined();
    },
  );

  test('one wrong kana makes another word only where the list has that word', () => {
    const kana = [...new Set(WORDS.join(''))];
    let others = 0;
    for (const word of WORDS.filter((_word, index) => index % 20 === 0)) {
      for (let at = 0; at < word.length; at += 1) {
        for (const letter of kana) {
          const typed = word.slice(0, at) + letter + word.slice(at + 1);
          if (typed === word) continue;
          if (isWord(typed)) others += 1;
          expect(isWord(typed)).toBe(WORDS.includes(typed));
        }
      }
    }
    expect(others).toBeGreaterThan(0);
  });
});

/** So much chance as is asked for, the same on every machine: a key stream of AES. */
function keyStream(): (count: number) => Uint8Array {
  const cipher = createCipheriv('aes-128-ctr', Buffer.alloc(16, 7), Buffer.alloc(16));
  let buffer = Buffer.alloc(0);
  let at = 0;
  return (count) => {
    if (at + count > buffer.length) {
      buffer = cipher.update(Buffer.alloc(1 << 20));
      at = 0;
    }
    at += count;
    return buffer.subarray(at - count, at);
  };
}

/** How far counts are from equal, in standard deviations of the chi-square distribution. */
function unevenness(counts: readonly number[]): number {
  const mean = counts.reduce((sum, count) => sum + count, 0) / counts.length;
  const chiSquare = counts.reduce((sum, count) => sum + (count - mean) ** 2 / mean, 0);
  const freedom = counts.length - 1;
  return (chiSquare - freedom) / Math.sqrt(2 * freedom);
}

function countDrawn(draw: (randomBytes: (count: number) => Uint8Array) => readonly string[]) {
  const counts = new Map(WORDS.map((word) => [word, 0]));
  const randomBytes = keyStream();
  for (let receipts = 0; receipts < 500_000; receipts += 1) {
    for (const word of draw(randomBytes)) counts.set(word, (counts.get(word) ?? 0) + 1);
  }
  return [...counts.values()];
}

describe('words are drawn by chance alone', () => {
  test('every value of two bytes stands for a word, each word as often, and the rest is rejected', () => {
    const counts = new Map<string, number>();
    const most = Math.floor(65_536 / WORDS.length);
    const values = Array.from({ length: 65_536 }, (_, value) => value);
    let next = 0;
    const randomBytes = (count: number) => {
      expect(count).toBe(2);
      const value = values[next % values.length] ?? 0;
      next += 1;
      return Uint8Array.of(value >> 8, value & 0xff);
    };
    // As many receipts as all accepted values fill, six times over, so that it ends at a whole one.
    const receipts = most * WORDS.length;
    for (let drawn = 0; drawn < receipts; drawn += 1) {
      for (const word of drawWords(randomBytes)) counts.set(word, (counts.get(word) ?? 0) + 1);
    }
    expect([...counts.values()].every((count) => count === most * RECEIPT_WORDS)).toBe(true);
    expect(counts.size).toBe(WORDS.length);
  });

  test('a draw looks even, and one without rejection is found out', () => {
    expect(Math.abs(unevenness(countDrawn(drawWords)))).toBeLessThan(4);
    // The control: what remains of a division favours the first words by three in a hundred.
    const biased = (randomBytes: (count: number) => Uint8Array) =>
      Array.from({ length: RECEIPT_WORDS }, () => {
        const [high = 0, low = 0] = randomBytes(2);
        return WORDS[(high * 256 + low) % WORDS.length] ?? '';
      });
    expect(unevenness(countDrawn(biased))).toBeGreaterThan(6);
  }, 60_000);

  test('a receipt is six words of the list, which may repeat', () => {
    const words = drawWords((count) => new Uint8Array(count));
    expect(words).toEqual(Array(6).fill(WORDS[0]));
  });

  test('without chance nothing is drawn: zeros would be words that everybody knows', () => {
    expect(() => drawWords(() => new Uint8Array())).toThrow();
    expect(() => drawWords(() => new Uint8Array(1))).toThrow();
  });
});
