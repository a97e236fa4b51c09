/** Sealed pictures: what is sealed is opened byte for byte, and whatever happens to the parts is noticed. */
import { randomBytes } from 'node:crypto';
import { generateX25519Identity, identityToRecipient } from 'age-encryption';
import fc from 'fast-check';
import { beforeAll, describe, expect, test } from 'vitest';
import type { Attachment } from '../../functions/letters/content.ts';
import {
  openPicture,
  type Picture,
  type SealedPicture,
  sealPicture,
  splitSealed,
} from '../../functions/letters/picture-sealing.ts';
import {
  headerProblem,
  isPictureSize,
  PART_BYTES,
  padme,
  sealedSize,
} from '../../functions/letters/sealed-form.ts';
import { sealFor, TooLong } from '../../functions/letters/sealing.ts';
import { hashOf } from '../../functions/letters/signing.ts';

let desk: { identity: string; recipient: string };
let mailbox: typeof desk;
beforeAll(async () => {
  const fresh = async () => {
    const identity = await generateX25519Identity();
    return { identity, recipient: await identityToRecipient(identity) };
  };
  [desk, mailbox] = [await fresh(), await fresh()];
});

const aPicture = (size: number): Picture => ({
  name: '窓の写真.jpg',
  type: 'image/jpeg',
  bytes: new Uint8Array(randomBytes(size)),
});
const seal = (picture: Picture) => sealPicture(picture, [desk.recipient, mailbox.recipient]);
const open = ({ attachment, sealed }: SealedPicture, changes: Partial<Attachment> = {}) =>
  openPicture(splitSealed(sealed), { ...attachment, ...changes }, [desk.identity]);

describe('Padmé', () => {
  const aLength = fc.integer({ min: 64 * 1024, max: 25_000_000 });

  test('never shortens, costs 12 in a hundred at most (3 from the smallest size on), and is its own fixed point', () => {
    fc.assert(
      fc.property(aLength, (length) => {
        const filled = padme(length);
        expect(filled).toBeGreaterThanOrEqual(length);
        expect(filled / length).toBeLessThanOrEqual(1 + 1 / 32);
        expect(padme(filled)).toBe(filled);
      }),
      { numRuns: 2_000 },
    );
  });

  test('never makes a longer picture look shorter', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 25_000_000 }), fc.nat(5_000), (length, more) => {
        expect(padme(length + more)).toBeGreaterThanOrEqual(padme(length));
      }),
      { numRuns: 2_000 },
    );
  });

  test('leaves few sizes: below 26 MB there are less than 300', () => {
    const sizes = new Set<number>();
    for (let length = 1; length < 26_000_000; length = padme(length) + 1) sizes.add(padme(length));
    expect(sizes.size).toBeLessThan(300);
    expect(padme(1)).toBe(padme(60_000));
  });

  test('a server tells filled sizes from others without opening anything', () => {
    fc.assert(
      fc.property(aLength, (length) => {
        expect(isPictureSize(sealedSize(padme(length)))).toBe(true);
        expect(isPictureSize(sealedSize(padme(length)) + 1)).toBe(false);
        if (padme(length) !== length) expect(isPictureSize(sealedSize(length))).toBe(false);
      }),
    );
    expect([0, 1, 200, 65_536].map(isPictureSize)).toEqual([false, false, false, false]);
  });
});

describe('a sealed picture', () => {
  test('is opened byte for byte by the desk and by the mailbox, and looks like any other outside', async () => {
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 1, max: 1_700_000 }), async (size) => {
        const picture = aPicture(size);
        const made = await seal(picture);
        expect(made.sealed.length).toBe(
          sealedSize(padme(size + Buffer.byteLength(lineOf(picture)))),
        );
        expect(headerProblem(made.sealed)).toBeUndefined();
        const parts = splitSealed(made.sealed);
        expect(parts.slice(0, -1).every(({ length }) => length === PART_BYTES)).toBe(true);
        expect(made.attachment).toMatchObject({ size, parts: parts.length, type: 'image/jpeg' });
        for (const { identity } of [desk, mailbox]) {
          const opened = await openPicture(parts, made.attachment, [identity]);
          expect(opened.picture?.name).toBe(picture.name);
          expect(Buffer.compare(opened.picture?.bytes ?? new Uint8Array(), picture.bytes)).toBe(0);
        }
      }),
      { numRuns: 8 },
    );
  });

  test('has an id of its own each time', async () => {
    const picture = aPicture(10);
    const [first, second] = [await seal(picture), await seal(picture)];
    expect(first.attachment.id).toMatch(/^[A-Za-z0-9_-]{22}$/);
    expect(first.attachment.id).not.toBe(second.attachment.id);
  });

  test('any byte changed, any part dropped, swapped or added is noticed', async () => {
    const made = await seal(aPicture(900_000));
    const parts = splitSealed(made.sealed);
    expect(parts).toHaveLength(2);
    const faultOf = async (changed: readonly (Uint8Array | undefined)[]) =>
      (await openPicture(changed, made.attachment, [desk.identity])).fault;
    await fc.assert(
      fc.asyncProperty(
        fc.nat(made.sealed.length - 1),
        fc.integer({ min: 1, max: 255 }),
        async (at, by) => {
          const sealed = made.sealed.slice();
          sealed[at] = (sealed[at] ?? 0) ^ by;
          expect(await faultOf(splitSealed(sealed))).toBe('altered');
        },
      ),
      { numRuns: 30 },
    );
    const [first, second] = parts;
    expect(await faultOf([first])).toBe('incomplete');
    expect(await faultOf([first, undefined])).toBe('incomplete');
    expect(await faultOf([first, second, second])).toBe('incomplete');
    expect(await faultOf([second, first])).toBe('altered');
    expect(await faultOf([])).toBe('incomplete');
  });

  test('what the letter says of it must be so', async () => {
    const made = await seal(aPicture(1_000));
    expect((await open(made)).fault).toBeUndefined();
    for (const changes of [
      { name: 'another.jpg' },
      { type: 'image/png' },
      { size: 999 },
    ] satisfies Partial<Attachment>[]) {
      expect((await open(made, changes)).fault).toBe('not_as_named');
    }
    const { identity } = { identity: await generateX25519Identity() };
    const parts = splitSealed(made.sealed);
    expect((await openPicture(parts, made.attachment, [identity])).fault).toBe('cannot_open');
  });

  test('whatever else somebody seals is no picture: no line, another line, a size beyond the end', async () => {
    const { attachment } = await seal(aPicture(1_000));
    const { name, type, size } = attachment;
    const line = { v: 1, kind: 'picture', name, type, size };
    for (const text of [
      '',
      'x'.repeat(5_000),
      `${JSON.stringify(line)}`,
      `${JSON.stringify({ ...line, kind: 'program' })}\n${'x'.repeat(1_000)}`,
      `${JSON.stringify({ ...line, more: 1 })}\n${'x'.repeat(1_000)}`,
      `${JSON.stringify(line)}\n${'x'.repeat(999)}`,
      `\xff\xfe\n${'x'.repeat(1_000)}`,
    ]) {
      const sealed = await sealFor(new TextEncoder().encode(text), [desk.recipient, undefined]);
      const named = { ...attachment, hash: hashOf(sealed) };
      expect((await openPicture([sealed], named, [desk.identity])).fault).toBe('malformed');
    }
  });

  test('a picture that no letter may carry is not sealed', async () => {
    await expect(seal(aPicture(20_000_001))).rejects.toThrow(TooLong);
    await expect(seal({ ...aPicture(1), bytes: new Uint8Array() })).rejects.toThrow(TooLong);
    await expect(seal({ ...aPicture(1), name: 'x'.repeat(121) })).rejects.toThrow(TooLong);
  });
});

function lineOf({ name, type, bytes }: Picture): string {
  return `${JSON.stringify({ v: 1, kind: 'picture', name, type, size: bytes.length })}\n`;
}
