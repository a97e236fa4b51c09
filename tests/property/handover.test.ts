/**
 * A list whose key was handed over any number of times is read by every page that pins a key of it, and by no
 * other; whatever is dropped, exchanged or signed by a key at the wrong place is refused; and what a key
 * signs after it has handed over is believed by nobody who pins the line of the handover.
 */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import {
  append,
  type KeyList,
  type Pinned,
  readKeyList,
  type SignedLine,
  type Statement,
} from '../../functions/keys/key-list.ts';
import { hashOf, publicKeyOf } from '../../functions/letters/signing.ts';

const AT = '2026-12-01T03:00:00.000Z';
const seedOf = (byte: number) => new Uint8Array(32).fill(byte + 1);
const keyOf = (byte: number) => publicKeyOf(seedOf(byte));
const RECIPIENT = 'age162rd4zhmaw07xc0wxlxvkyej3323ca4dgc68l05c2xps56z4fvuq0349k2';
/** Seed of somebody who never was a centre. */
const STRANGER = 200;

type Word = 'handover' | 'recovery' | 'desk' | 'member' | 'member_gone';
const aHistory = fc.array(
  fc.constantFrom<Word>('handover', 'recovery', 'desk', 'member', 'member_gone'),
  { minLength: 1, maxLength: 9 },
);

interface Written {
  readonly lines: readonly SignedLine[];
  /** Number of the key in force after each line. */
  readonly inForce: readonly number[];
}

/** Each key is a number; a handover goes to the next. @param by another signer of one line */
function write(
  words: readonly Word[],
  by?: { readonly at: number; readonly key: number },
): Written {
  let key = 0;
  let epoch = 0;
  let lines: SignedLine[] = [];
  const inForce: number[] = [];
  const say = (statement: Statement) => {
    const last = lines.at(-1);
    const head = last && { seq: lines.length, hash: hashOf(last.text) };
    const signer = by?.at === lines.length ? by.key : key;
    lines = [...lines, ...append(head, [statement], seedOf(signer), AT)];
    if (statement.says === 'handover') key += 1;
    inForce.push(key);
  };
  say({ says: 'centre', centre: 'hidamari', verify: keyOf(0), demonstration: false });
  for (const word of words) {
    if (word === 'handover') say({ says: word, verify: keyOf(key + 1) });
    else if (word === 'recovery') say({ says: word, recipient: RECIPIENT });
    else if (word === 'member') say({ says: word, member: 'aki', recipient: RECIPIENT });
    else if (word === 'member_gone') say({ says: word, member: 'aki' });
    else {
      epoch += 1;
      say({ says: 'desk', desk: 'teens', epoch, recipient: RECIPIENT, verify: keyOf(90) });
    }
  }
  return { lines, inForce };
}

const pinAt = ({ lines, inForce }: Written, at: number): Pinned => ({
  centreKey: keyOf(inForce[at] ?? 0),
  line: { seq: at + 1, hash: hashOf(lines[at]?.text ?? '') },
});
const OLDEST: Pinned = { centreKey: keyOf(0) };
const believed = (lines: readonly SignedLine[], pinned: Pinned): KeyList => {
  const read = readKeyList(lines, pinned);
  if ('fault' in read) throw new Error(read.fault);
  return read;
};
const isRefused = (lines: readonly SignedLine[], pinned: Pinned) =>
  'fault' in readKeyList(lines, pinned);

test('every page reads it that pins a line and the key in force there, and names the same key', () => {
  fc.assert(
    fc.property(aHistory, (words) => {
      const written = write(words);
      const list = believed(written.lines, OLDEST);
      expect(list.centreKey).toBe(keyOf(written.inForce.at(-1) ?? 0));
      expect(list.formerKeys).toHaveLength(words.filter((word) => word === 'handover').length);
      for (let at = 0; at < written.lines.length; at += 1) {
        expect(believed(written.lines, pinAt(written, at))).toEqual(list);
      }
      const { centreKey, centreLine } = list;
      expect(believed(written.lines, { centreKey, line: centreLine })).toEqual(list);
    }),
    { numRuns: 12 },
  );
});

test('a pin of a key that is not in force at its line, or of a later key without a line, is refused', () => {
  fc.assert(
    fc.property(aHistory, fc.nat(9), fc.nat(9), (words, where, key) => {
      const written = write(words);
      const at = where % written.lines.length;
      const pinned = { ...pinAt(written, at), centreKey: keyOf(key) };
      expect(isRefused(written.lines, pinned)).toBe(key !== written.inForce[at]);
      expect(isRefused(written.lines, { centreKey: keyOf(key) })).toBe(key !== 0);
    }),
    { numRuns: 20 },
  );
});

test('a line that is dropped, exchanged, repeated or signed by a key not in force at its place is refused', () => {
  fc.assert(
    fc.property(aHistory, fc.nat(9), fc.nat(9), fc.nat(4), (words, one, other, key) => {
      const written = write(words);
      const { lines, inForce } = written;
      const [at, to] = [one % lines.length, other % lines.length];
      const line = lines[at] as SignedLine;
      // Without its last line it is an older list: only who pins that line can tell.
      const isLast = at === lines.length - 1;
      expect(isRefused(lines.toSpliced(at, 1), OLDEST)).toBe(!isLast || lines.length === 1);
      expect(isRefused(lines.toSpliced(at, 1), pinAt(written, at))).toBe(true);
      expect(isRefused(lines.toSpliced(to, 0, line), OLDEST)).toBe(true);
      const exchanged = lines.with(at, lines[to] as SignedLine).with(to, line);
      expect(isRefused(exchanged, OLDEST)).toBe(at !== to);
      // The whole list made with another signer at one place; the first line is signed by the first key.
      const signer = at === 0 ? 0 : (inForce[at - 1] ?? 0);
      for (const by of [key, STRANGER]) {
        expect(isRefused(write(words, { at, key: by }).lines, OLDEST)).toBe(by !== signer);
      }
    }),
    { numRuns: 25 },
  );
});

test('no fork that the keys of before can make is believed under the new pin, wherever it leaves', () => {
  fc.assert(
    fc.property(aHistory, aHistory, fc.nat(9), fc.nat(9), (first, more, where, longer) => {
      const before = write([...first, 'handover']);
      const written = write([...first, 'handover', ...more]);
      const pinned = pinAt(before, before.lines.length - 1);
      expect(isRefused(written.lines, pinned)).toBe(false);
      // From a line of before the handover on, signed with the key of that place.
      const from = 1 + (where % (before.lines.length - 2));
      const key = before.inForce[from - 1] ?? 0;
      const head = { seq: from, hash: hashOf(before.lines[from - 1]?.text ?? '') };
      // The first handover is at the pinned place, and to our own new key: only the hash tells it.
      for (const length of [before.lines.length - from - 1, 1 + longer]) {
        for (const to of [before.inForce.at(-1) ?? 0, STRANGER]) {
          const fork = append(
            head,
            [...forged(length), { says: 'handover', verify: keyOf(to) }],
            seedOf(key),
            AT,
          );
          const shown = [...before.lines.slice(0, from), ...fork];
          // The negative control: a page of before believes it.
          expect(isRefused(shown, OLDEST)).toBe(false);
          expect(isRefused(shown, pinned)).toBe(true);
          expect(isRefused([...shown, ...written.lines.slice(shown.length)], pinned)).toBe(true);
        }
      }
      // After the handover, the old key adds nothing to the true list either.
      const { head: end } = believed(written.lines, OLDEST);
      const late = append(end, forged(1), seedOf((before.inForce.at(-1) ?? 1) - 1), AT);
      for (const pin of [pinned, OLDEST]) {
        expect(isRefused([...written.lines, ...late], pin)).toBe(true);
      }
    }),
    { numRuns: 20 },
  );
});

const forged = (length: number) =>
  Array.from({ length }, (_, index): Statement => {
    return { says: 'member', member: `mallory-${index}`, recipient: RECIPIENT };
  });

test('until it is deployed anew, a page believes the old key: this is said in the threat model', () => {
  const { lines } = write(['member', 'handover']);
  const fork = [...lines.slice(0, 2)];
  const head = { seq: 2, hash: hashOf(fork[1]?.text ?? '') };
  const forged = append(head, [{ says: 'handover', verify: keyOf(STRANGER) }], seedOf(0), AT);
  expect(believed([...fork, ...forged], OLDEST).centreKey).toBe(keyOf(STRANGER));
  // A browser that has seen the handover is not fooled, deployed or not.
  const seen = believed(lines, OLDEST);
  const pinned = { centreKey: seen.centreKey, line: seen.head };
  expect(readKeyList([...fork, ...forged], pinned)).toHaveProperty('fault');
});

test('whoever knows only our new key cannot lead to it from a list of their own', () => {
  const lines = append(
    undefined,
    [
      { says: 'centre', centre: 'hidamari', verify: keyOf(STRANGER), demonstration: false },
      { says: 'member', member: 'mallory', recipient: RECIPIENT },
      { says: 'handover', verify: keyOf(0) },
    ],
    seedOf(STRANGER),
    AT,
  );
  expect(readKeyList(lines, OLDEST)).toEqual({ fault: 'other_centre' });
});
