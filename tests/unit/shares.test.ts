/** The recovery key on paper: any two sheets give it back, and whatever was typed wrong is found and named. */
import fc from 'fast-check';
import { beforeAll, describe, expect, test } from 'vitest';
import { combineShares, readShare, type Share, writeShares } from '../../functions/keys/shares.ts';

const SECRET = 'AGE-SECRET-KEY-1HKNA027U2LPE094J8Q76E9KVT944ELK6LCYEG3YAAHDRXLVPNHTQHMGQFT';
const LETTERS = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';

let sheets: readonly string[];
beforeAll(async () => {
  sheets = await writeShares(SECRET, 'K7WD');
});

function sheet(number: number): string {
  return sheets[number - 1] ?? '';
}

function share(number: number): Share {
  const read = readShare(sheet(number));
  if ('fault' in read) throw new Error(read.fault);
  return read;
}

test('every two sheets, and all three, give the key; one gives nothing', async () => {
  for (const numbers of [
    [1, 2],
    [2, 1],
    [1, 3],
    [2, 3],
    [1, 2, 3],
  ]) {
    expect(await combineShares(numbers.map(share))).toBe(SECRET);
  }
  expect(await combineShares([share(1)])).toBeUndefined();
  expect(await combineShares([share(2), share(2)])).toBeUndefined();
});

test('a sheet alone is as long whatever the key is, and differs each time', async () => {
  const again = await writeShares(SECRET, 'K7WD');
  expect(again).not.toEqual(sheets);
  expect(again.map(({ length }) => length)).toEqual(sheets.map(({ length }) => length));
});

test('sheets of two kits do not go together, nor do two splittings under one name', async () => {
  const [, other] = (await writeShares(SECRET, 'K7WE')).map(readShare) as Share[];
  const [, again] = (await writeShares(SECRET, 'K7WD')).map(readShare) as Share[];
  expect(await combineShares([share(1), other as Share])).toBeUndefined();
  expect(await combineShares([share(1), again as Share])).toBeUndefined();
});

describe('what was typed wrong is named', () => {
  /** Every place of the code below the first line. */
  const places = () =>
    sheet(2)
      .split('\n')
      .flatMap((line, row) =>
        row === 0 ? [] : [...line].flatMap((letter, at) => (letter === ' ' ? [] : [{ row, at }])),
      );

  test('any one wrong letter, by its sheet and its line: none slips through', () => {
    const lines = sheet(2).split('\n');
    for (const { row, at } of places()) {
      for (const letter of LETTERS) {
        const typed = [...(lines[row] ?? '')];
        if (typed[at] === letter) continue;
        typed[at] = letter;
        const text = lines.with(row, typed.join('')).join('\n');
        expect(readShare(text)).toEqual({ fault: 'wrong_letter', number: 2, line: row });
      }
    }
  });

  test('two letters that changed places, by their line', () => {
    const lines = sheet(2).split('\n');
    for (const { row } of places()) {
      const typed = [...(lines[row] ?? '').replaceAll(' ', '')];
      // The last two check the others; exchanged with them, one of the two is still a wrong letter.
      for (let at = 0; at + 3 < typed.length; at += 1) {
        const [a = '', b = ''] = [typed[at], typed[at + 1]];
        if (a === b) continue;
        const text = lines
          .with(
            row,
            typed
              .with(at, b)
              .with(at + 1, a)
              .join(''),
          )
          .join('\n');
        expect(readShare(text)).toEqual({ fault: 'wrong_letter', number: 2, line: row });
      }
    }
  });

  test('the name of the kit or the number of the sheet, by the first line', () => {
    for (const [right, wrong] of [
      ['K7WD', 'K7WC'],
      ['2/3', '1/3'],
    ] as const) {
      const read = readShare(sheet(2).replace(right, wrong));
      expect(read).toMatchObject({ fault: 'wrong_letter', line: 0 });
    }
    expect(readShare(sheet(2).replace('HIDAMARI', 'HIDAMARL'))).toEqual({ fault: 'unreadable' });
  });

  test('a line that was left out, written twice, or put elsewhere', () => {
    const lines = sheet(2).split('\n');
    const last = lines.length - 1;
    expect(readShare(lines.slice(0, last).join('\n'))).toMatchObject({ fault: 'wrong_sheet' });
    expect(readShare(lines.toSpliced(3, 1).join('\n'))).toMatchObject({ number: 2 });
    expect(readShare([...lines, lines[last]].join('\n'))).toMatchObject({ number: 2 });
    expect(readShare(lines.with(2, lines[3] ?? '').join('\n'))).toMatchObject({ number: 2 });
    expect(readShare(lines.with(2, sheet(1).split('\n')[2] ?? '').join('\n'))).toMatchObject({
      number: 2,
    });
  });

  test('text that is no sheet is never taken for one', () => {
    fc.assert(fc.property(fc.string({ unit: 'grapheme' }), (text) => 'fault' in readShare(text)));
    fc.assert(
      fc.property(fc.array(fc.constantFrom(...LETTERS, ' ', '\n')), (letters) => {
        return 'fault' in readShare(`HIDAMARI K7WD 1/3 000000\n${letters.join('')}`);
      }),
    );
  });
});

test('how a person types is forgiven: small and full-width letters, gaps, O for 0, I and L for 1', () => {
  const typed = [
    (text: string) => text.toLowerCase(),
    (text: string) => text.replaceAll('\n', '  \n\n'),
    (text: string) => text.replace(/[!-~]/g, (c) => String.fromCharCode(c.charCodeAt(0) + 0xfee0)),
    (text: string) => text.replace(/\n[\s\S]*/, (code) => code.replaceAll('0', 'o')),
    (text: string) => text.replace(/\n[\s\S]*/, (code) => code.replaceAll('1', 'l')),
  ];
  for (const change of typed) {
    expect(readShare(change(sheet(3)))).toEqual(share(3));
  }
});
