/**
 * What holds for letters of any conversation: honest ones have no fault and are in causal order, and
 * whatever a server makes of them is noticed, unless it only holds back what is newest.
 */
import fc from 'fast-check';
import { beforeAll, describe, expect, test } from 'vitest';
import type { Direction } from '../../functions/letters/content.ts';
import { formProblem, sealedSize } from '../../functions/letters/sealed-form.ts';
import {
  type HeldLetter,
  type Reading,
  readConversation,
  sealLetter,
} from '../../functions/letters/sealing.ts';
import { hashOf } from '../../functions/letters/signing.ts';
import { anyText } from '../support/arbitraries.ts';
import {
  aCorrespondence,
  asDesk,
  asWriter,
  type Correspondence,
  converse,
  fromWriter,
  named,
  type Turn,
} from '../support/conversations.ts';
import { aLetter } from '../support/letters.ts';

const aTurn: fc.Arbitrary<Turn> = fc.record({
  from: fc.constantFrom<Direction>('in', 'out'),
  looks: fc.boolean(),
});
/** A conversation begins with its writer; nobody answers who was not written to. */
const turns = (most: number) =>
  fc
    .array(aTurn, { minLength: 1, maxLength: most })
    .map(([first, ...rest]): Turn[] => [{ looks: true, ...first, from: 'in' }, ...rest]);

const placeOf = ({ direction, number }: Pick<HeldLetter, 'direction' | 'number'>) =>
  `${direction} ${number}`;

async function faultsOf(held: readonly HeldLetter[], reading: Reading): Promise<string[]> {
  const { letters, faults } = await readConversation(held, reading);
  for (const { content, fault, closed } of letters) {
    // Never both: nothing with a fault is shown as somebody's words.
    expect([content, fault, closed].filter((each) => each !== undefined)).toHaveLength(1);
  }
  const ofLetters = letters.flatMap((each) =>
    each.fault ? [`${placeOf(each)} ${each.fault}`] : [],
  );
  return [...ofLetters, ...faults.map((each) => `${placeOf(each)} ${each.fault}`)];
}

test('an honest conversation of any shape has no fault, and letters stand after those they name', async () => {
  const our = await aCorrespondence();
  await fc.assert(
    fc.asyncProperty(turns(10), fc.infiniteStream(fc.nat()), async (shape, chance) => {
      const written = await converse(our, shape);
      const shuffled = written
        .map((letter) => [chance.next().value ?? 0, letter] as const)
        .sort(([a], [b]) => a - b)
        .map(([, letter]) => letter);
      for (const reading of [asDesk(our), asWriter(our)]) {
        const read = await readConversation(shuffled, reading);
        expect(read.faults).toEqual([]);
        expect(read.letters.filter(({ fault }) => fault)).toEqual([]);
        const order = read.letters.map(placeOf);
        expect(new Set(order)).toEqual(new Set(written.map(placeOf)));
        for (const { content, ...letter } of read.letters) {
          for (const direction of ['in', 'out'] as const) {
            const before = content?.before[direction];
            if (!before) continue;
            const at = order.indexOf(placeOf({ direction, number: before.number }));
            expect(at).toBeGreaterThanOrEqual(0);
            expect(at).toBeLessThan(order.indexOf(placeOf(letter)));
          }
        }
        const newest = (direction: Direction) => {
          const last = written.findLast((each) => each.direction === direction);
          return last ? named(last) : null;
        };
        expect(read.newest).toEqual({ in: newest('in'), out: newest('out') });
      }
    }),
    { numRuns: 80 },
  );
});

/** One mailbox, its letters of two rounds, and what else a server may have at hand. */
interface Held {
  readonly our: Correspondence;
  readonly rounds: readonly (readonly HeldLetter[])[];
  readonly strange: readonly Uint8Array[];
}

describe('whatever a server makes of letters', () => {
  let worlds: Held[];

  beforeAll(async () => {
    const shapes = fc.sample(fc.tuple(turns(7), turns(4)), { numRuns: 10, seed: 4 });
    worlds = [];
    for (const [now, before] of shapes) {
      const our = await aCorrespondence();
      const other = { ...(await aCorrespondence()), desk: our.desk };
      const rounds = [await converse(our, now), await converse(our, before)];
      const [first] = rounds[0] ?? [];
      const damaged = first?.sealed.slice() ?? new Uint8Array();
      damaged[1_000] = (damaged[1_000] ?? 0) ^ 1;
      const forged = await sealLetter(aLetter(our.mailbox), other.mailbox.signing, [
        our.desk.published.recipient,
        our.mailbox.recipient,
      ]);
      const foreign = (await converse(other, now)).map(({ sealed }) => sealed);
      worlds.push({ our, rounds, strange: [damaged, forged, new Uint8Array(4_394), ...foreign] });
    }
  });

  const anOperation = fc.record({
    what: fc.constantFrom(
      'drop',
      'drop last',
      'exchange',
      'replace',
      'renumber',
      'turn',
      'repeat',
      'add',
    ),
    at: fc.nat(50),
    other: fc.nat(50),
  });
  type Operation = typeof anOperation extends fc.Arbitrary<infer Kind> ? Kind : never;

  function show({ rounds, strange }: Held, operations: readonly Operation[]): HeldLetter[] {
    const shown = [...(rounds[0] ?? [])];
    const pool = [...rounds.flat().map(({ sealed }) => sealed), ...strange];
    const box = (pick: number) => pool[pick % pool.length] ?? new Uint8Array();
    for (const { what, at: pick, other } of operations) {
      if (shown.length === 0) break;
      const at = pick % shown.length;
      const letter = shown[at] as HeldLetter;
      const to = other % shown.length;
      const second = shown[to] as HeldLetter;
      if (what === 'drop') shown.splice(at, 1);
      if (what === 'drop last') shown.pop();
      if (what === 'replace') shown[at] = { ...letter, sealed: box(other) };
      if (what === 'renumber') shown[at] = { ...letter, number: (other % 9) + 1 };
      if (what === 'turn')
        shown[at] = { ...letter, direction: letter.direction === 'in' ? 'out' : 'in' };
      if (what === 'repeat') shown.push({ ...letter, number: letter.number + (other % 2) });
      if (what === 'add')
        shown.push({ direction: letter.direction, number: letter.number + 1, sealed: box(other) });
      if (what === 'exchange') {
        shown[at] = { ...letter, sealed: second.sealed };
        shown[to] = { ...second, sealed: letter.sealed };
      }
    }
    return shown;
  }

  /** Nothing but the newest letters held back: on each side the first so many of one round, as written. */
  async function isBeginning(
    { our, rounds }: Held,
    shown: readonly HeldLetter[],
  ): Promise<boolean> {
    for (const round of rounds) {
      const hashes = new Map(round.map((each) => [placeOf(each), hashOf(each.sealed)]));
      const places = shown.map(placeOf);
      const isRight = shown.every((each) => hashes.get(placeOf(each)) === hashOf(each.sealed));
      const isOnce = new Set(places).size === places.length;
      const isWhole = shown.every(
        ({ direction, number }) =>
          number === 1 || places.includes(placeOf({ direction, number: number - 1 })),
      );
      if (!isRight || !isOnce || !isWhole) continue;
      const { letters } = await readConversation(round, asDesk(our));
      const isClosed = letters
        .filter((each) => places.includes(placeOf(each)))
        .every(({ content }) =>
          (['in', 'out'] as const).every((direction) => {
            const before = content?.before[direction];
            return !before || places.includes(placeOf({ direction, number: before.number }));
          }),
        );
      if (isClosed) return true;
    }
    return false;
  }

  test('is noticed, exactly where it is more than holding back what is newest', async () => {
    const seen = { harmless: 0, noticed: 0 };
    await fc.assert(
      fc.asyncProperty(
        fc.nat(9),
        fc.array(anOperation, { maxLength: 3 }),
        async (which, operations) => {
          const world = worlds[which] as Held;
          const shown = show(world, operations);
          const isHarmless = await isBeginning(world, shown);
          seen[isHarmless ? 'harmless' : 'noticed'] += 1;
          expect((await faultsOf(shown, asDesk(world.our))).length === 0).toBe(isHarmless);
          // The writer sees the same, except that a letter of theirs may look closed.
          const own = await readConversation(shown, asWriter(world.our));
          if (isHarmless) expect(await faultsOf(shown, asWriter(world.our))).toEqual([]);
          else if (!own.letters.some(({ closed }) => closed)) {
            expect(await faultsOf(shown, asWriter(world.our))).not.toEqual([]);
          }
        },
      ),
      { numRuns: 700 },
    );
    expect(seen.harmless).toBeGreaterThan(50);
    expect(seen.noticed).toBeGreaterThan(50);
  });

  test('one altered byte anywhere closes a letter, and never shows another text', async () => {
    const { our, rounds } = worlds[0] as Held;
    const [letter] = rounds[0] as [HeldLetter];
    const header = sealedSize(0) - 32;
    const place = fc.oneof(
      fc.nat(header - 1),
      fc.integer({ min: header, max: letter.sealed.length - 1 }),
    );
    await fc.assert(
      fc.asyncProperty(place, fc.integer({ min: 1, max: 255 }), async (at, by) => {
        const sealed = letter.sealed.slice();
        sealed[at] = (sealed[at] ?? 0) ^ by;
        expect(await faultsOf([{ ...letter, sealed }], asDesk(our))).toEqual(['in 1 cannot_open']);
        const own = await readConversation([{ ...letter, sealed }], asWriter(our));
        expect(own.letters[0]?.content).toBeUndefined();
        if (at >= header) expect(own.letters[0]?.fault).toBe('cannot_open');
      }),
      { numRuns: 500 },
    );
  });

  test('any bytes at all are judged from outside and inside without a throw', async () => {
    const { our } = worlds[0] as Held;
    const start = new TextEncoder().encode('age-encryption.org/v1\n-> X25519 ');
    const bytes = fc.oneof(
      fc.uint8Array({ maxLength: 500 }),
      fc.uint8Array({ maxLength: 500 }).map((rest) => Uint8Array.of(...start, ...rest)),
    );
    await fc.assert(
      fc.asyncProperty(bytes, async (sealed) => {
        expect(formProblem(sealed)).toMatch(/^(not_age|wrong_stanzas|wrong_size)$/);
        const held: HeldLetter[] = [{ direction: 'in', number: 1, sealed }];
        expect(await faultsOf(held, asDesk(our))).toEqual(['in 1 cannot_open']);
      }),
      { numRuns: 300 },
    );
  });
});

test('any text, well-formed or not, is read as it was written, and its size says little', async () => {
  const our = await aCorrespondence();
  await fc.assert(
    fc.asyncProperty(anyText, fc.option(anyText), async (text, where) => {
      const reach = where === null ? {} : { reach: { where: where.slice(0, 500), who: '' } };
      const letter = await fromWriter(our, { text, ...reach });
      expect(formProblem(letter.sealed)).toBeUndefined();
      const { letters } = await readConversation([letter], asDesk(our));
      expect(letters[0]?.content).toMatchObject({ text, ...reach });
    }),
    { numRuns: 200 },
  );
});
