/** Any secret comes back from any two sheets of its kit, and one wrong letter is always named. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { combineShares, readShare, type Share, writeShares } from '../../functions/keys/shares.ts';

const LETTERS = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';
/** Of two lines at least, as every key is: on a single one a wrong letter could as well be in the first. */
const aSecret = fc.string({ unit: 'grapheme', minLength: 8, maxLength: 120 });
const aKit = fc.stringMatching(/^[0-9A-HJKMNP-TV-Z]{4}$/);

test('any secret comes back from every pair of sheets, and from none of them alone', async () => {
  await fc.assert(
    fc.asyncProperty(aSecret, aKit, async (secret, set) => {
      const shares = (await writeShares(secret, set)).map((sheet) => readShare(sheet) as Share);
      for (const left of [0, 1, 2]) {
        expect(await combineShares(shares.toSpliced(left, 1))).toBe(secret);
        expect(await combineShares(shares.slice(left, left + 1))).toBeUndefined();
      }
    }),
    { numRuns: 300 },
  );
});

test('one wrong letter is named by its sheet and line, whatever the secret', async () => {
  const wrong = fc.record({
    sheet: fc.nat(2),
    at: fc.nat(10_000),
    by: fc.integer({ min: 1, max: 31 }),
  });
  await fc.assert(
    fc.asyncProperty(
      aSecret,
      aKit,
      fc.array(wrong, { minLength: 20, maxLength: 20 }),
      async (secret, set, all) => {
        const sheets = await writeShares(secret, set);
        for (const { sheet, at, by } of all) {
          const rows = (sheets[sheet] ?? '').split('\n');
          const places = rows
            .slice(1)
            .flatMap((row, index) =>
              [...row].flatMap((letter, place) =>
                letter === ' ' ? [] : [[index + 1, place] as const],
              ),
            );
          const [line, place] = places[at % places.length] ?? [1, 0];
          const row = rows[line] ?? '';
          const letter = LETTERS[(LETTERS.indexOf(row[place] ?? '') + by) % 32] ?? '';
          const typed = rows
            .with(line, row.slice(0, place) + letter + row.slice(place + 1))
            .join('\n');
          const named = { fault: 'wrong_letter', number: sheet + 1, line };
          expect(readShare(typed)).toEqual(named);
        }
      },
    ),
    { numRuns: 300 },
  );
});

test('any two kits, mixed, give nothing', async () => {
  await fc.assert(
    fc.asyncProperty(aSecret, aSecret, aKit, async (one, other, set) => {
      const read = async (secret: string) =>
        (await writeShares(secret, set)).map((sheet) => readShare(sheet) as Share);
      const [[first], [, second]] = [await read(one), await read(other)] as [Share[], Share[]];
      expect(await combineShares([first as Share, second as Share])).toBeUndefined();
    }),
    { numRuns: 200 },
  );
});
