/** A good request for every endpoint of sealed pictures, and what is nearly one. */
import { randomBytes } from 'node:crypto';
import fc from 'fast-check';
import type { UploadPayload } from '../../functions/letters/model.ts';
import { sealPicture, splitSealed } from '../../functions/letters/picture-sealing.ts';
import { type MailboxAction, signRequest, toBase64 } from '../../functions/letters/signing.ts';
import type { Client } from '../../site/src/letters/client.ts';
import { solve } from '../../site/src/letters/solve.ts';
import { aHeader, aLetter, aMailbox, clientOf, sealFrom } from './letters.ts';
import type { World } from './world.ts';

/** The only part of a small picture, sealed for a mailbox and a reader that nobody is. */
export async function aPart(): Promise<UploadPayload> {
  const { recipient } = await aMailbox();
  const bytes = new Uint8Array(randomBytes(1_000));
  const { attachment, sealed } = await sealPicture({ name: '窓.jpg', type: 'image/jpeg', bytes }, [
    recipient,
    undefined,
  ]);
  const [first = new Uint8Array()] = splitSealed(sealed);
  return { attachment: attachment.id, part: 1, sealed: toBase64(first) };
}

/** By operation; each call puts away another picture. */
export function pictureRequests(
  world: () => World,
): Record<string, () => Promise<{ path: string; body: unknown }>> {
  const signed = async (
    action: MailboxAction,
    payload: object,
    mailbox: Awaited<ReturnType<typeof aMailbox>>,
    client: Client,
  ) => {
    const { desk, verify, recipient, signing, id } = mailbox;
    const asked = await client.ask('teens');
    const text = JSON.stringify(payload);
    const { counter, derivedKey } = await solve(asked);
    return {
      keys: { desk, verify, recipient },
      challenge: asked.challenge,
      solution: { counter, derivedKey },
      signature: signRequest(signing, action, id, asked.challenge.parameters.nonce, text),
      payload: text,
    };
  };
  return {
    uploadPart: async () => ({
      path: '/api/letters/parts',
      body: await signed('upload', await aPart(), await aMailbox(), clientOf(world().origin)),
    }),
    downloadPart: async () => {
      const client = clientOf(world().origin);
      const mailbox = await aMailbox();
      const picture = await sealPicture(
        { name: '窓.jpg', type: 'image/jpeg', bytes: new Uint8Array(1_000) },
        [mailbox.recipient, undefined],
      );
      await client.upload(mailbox, picture);
      const { id, parts } = picture.attachment;
      const content = aLetter(mailbox, { attachments: [picture.attachment] });
      const sealed = await sealFrom(mailbox, content, mailbox.recipient);
      const letter = { number: 1, header: aHeader, sealed, attachments: [{ id, parts }] };
      await client.post(mailbox, letter, await client.ask('teens'));
      const place = { attachment: id, part: 1 };
      return {
        path: '/api/letters/parts/open',
        body: await signed('download', place, mailbox, client),
      };
    },
  };
}

const nearlyBase64 = (length: number) =>
  fc.oneof(
    fc.uint8Array({ minLength: 0, maxLength: length }).map(toBase64),
    fc.string({ maxLength: length }),
    fc.constantFrom('', '../../x', 'A'.repeat(22), '='.repeat(22)),
  );

const hex = (length: number) =>
  fc.string({ unit: fc.constantFrom(...'0123456789abcdef'), minLength: length, maxLength: length });
const key = fc.uint8Array({ minLength: 32, maxLength: 32 }).map(toBase64);

/** Of the right shape, and signed and asked for by nobody. */
const nearlySigned = (payload: fc.Arbitrary<unknown>) =>
  fc.record({
    keys: fc.record({ verify: key, recipient: fc.constant(`age1${'q'.repeat(58)}`) }),
    challenge: fc.record({
      parameters: fc.record({
        algorithm: fc.constant('PBKDF2/SHA-256'),
        cost: fc.nat(100_001),
        data: fc.record({ at: fc.constant('2026-12-01T03:00:00.000Z'), level: fc.nat(10) }),
        keyLength: fc.constant(32),
        keyPrefix: hex(2),
        keySignature: hex(64),
        nonce: hex(32),
        salt: hex(32),
      }),
      signature: hex(64),
    }),
    solution: fc.record({ counter: fc.nat(), derivedKey: hex(64) }),
    signature: fc.uint8Array({ minLength: 64, maxLength: 64 }).map(toBase64),
    payload: fc.oneof(
      fc.string(),
      payload.map((value) => JSON.stringify(value)),
    ),
  });
const nearlyPlace = fc.record({
  attachment: nearlyBase64(16),
  part: fc.integer({ min: -1, max: 34 }),
});

/** Bodies that are nearly parts, by operation. */
export const nearlyPictures: Readonly<Record<string, fc.Arbitrary<unknown>>> = {
  uploadPart: nearlySigned(nearlyPlace),
  downloadPart: nearlySigned(nearlyPlace),
  uploadPartFromDesk: fc.record({
    attachment: nearlyBase64(16),
    part: fc.oneof(fc.integer({ min: -1, max: 34 }), fc.double(), fc.string()),
    sealed: fc.oneof(
      nearlyBase64(2_000),
      fc.constant(toBase64(Buffer.from('age-encryption.org/v1\n-> X25519 x\n'))),
    ),
  }),
};
