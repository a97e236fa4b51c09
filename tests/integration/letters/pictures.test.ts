/**
 * Sealed pictures over HTTP: put away in parts before their letter, named by it, seen by both sides and by
 * nobody else, swept by the clock when no letter names them.
 */
import { createHash, randomBytes } from 'node:crypto';
import { readdirSync } from 'node:fs';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { currentEpoch, type KeyList } from '../../../functions/keys/key-list.ts';
import type { Attachment } from '../../../functions/letters/content.ts';
import {
  openPicture,
  type SealedPicture,
  sealPicture,
  splitSealed,
} from '../../../functions/letters/picture-sealing.ts';
import type { Mailbox } from '../../../functions/letters/receipt.ts';
import { PART_BYTES } from '../../../functions/letters/sealed-form.ts';
import { sealFor, sealForDesk } from '../../../functions/letters/sealing.ts';
import { signRequest, toBase64 } from '../../../functions/letters/signing.ts';
import { demoDesk } from '../../../infra/local/demonstration/keys.ts';
import type { Client, LetterToPost } from '../../../site/src/letters/client.ts';
import { solve } from '../../../site/src/letters/solve.ts';
import {
  aDesk,
  aHeader,
  aLetter,
  aMailbox,
  believesMembers,
  clientOf,
  sealFrom,
  withDemoKeys,
  write,
} from '../../support/letters.ts';
import { rowsOf } from '../../support/raw-tables.ts';
import { startWorld, type World } from '../../support/world.ts';

let world: World;
let client: Client;
let list: KeyList;
let mailbox: Mailbox;

beforeAll(async () => {
  world = await startWorld({ overrides: believesMembers });
  client = clientOf(world.origin);
  list = await withDemoKeys(world);
});
afterAll(() => world.stop());
beforeEach(async () => {
  mailbox = await aMailbox();
});

const HOUR = 3_600_000;
const deskRecipient = () => {
  const desk = currentEpoch(list, 'teens');
  if (!desk) throw new Error('No such desk');
  return desk.recipient;
};
const aPicture = (size = 900_000) =>
  sealPicture({ name: 'まど.jpg', type: 'image/jpeg', bytes: new Uint8Array(randomBytes(size)) }, [
    deskRecipient(),
    mailbox.recipient,
  ]);
const codeOf = (promise: Promise<unknown>) =>
  promise.then(
    () => 'accepted',
    (error: { code?: string }) => error.code,
  );

/** Writes and posts a letter that names pictures. */
async function writeWith(
  attachments: readonly Attachment[],
  { number = 1, from = mailbox, newest = { in: null, out: null } as never } = {},
) {
  const content = aLetter(from, { number, before: newest, attachments: [...attachments] });
  const letter: LetterToPost = {
    number,
    header: aHeader,
    sealed: await sealFrom(from, content, deskRecipient()),
    attachments: attachments.map(({ id, parts }) => ({ id, parts })),
  };
  return { letter, send: async () => client.post(from, letter, await client.ask('teens')) };
}

/** Any signed request of a mailbox, without the client's own care. */
async function asMailbox(
  path: string,
  action: 'upload' | 'download',
  payload: object,
  {
    by = mailbox,
    asked = undefined as Awaited<ReturnType<Client['ask']>> | undefined,
    solved = true,
  } = {},
) {
  const question = asked ?? (await client.ask('teens'));
  const text = JSON.stringify(payload);
  const { counter, derivedKey } = await solve(question);
  const response = await world.post(path, {
    keys: { desk: by.desk, verify: by.verify, recipient: by.recipient },
    challenge: question.challenge,
    ...(solved ? { solution: { counter, derivedKey } } : {}),
    signature: signRequest(by.signing, action, by.id, question.challenge.parameters.nonce, text),
    payload: text,
  });
  const json = (await response.json()) as { code?: string; sealed?: string; done?: true };
  return { status: response.status, ...json };
}

const partOf = ({ attachment, sealed }: SealedPicture, part: number) => ({
  attachment: attachment.id,
  part,
  sealed: toBase64(splitSealed(sealed)[part - 1] ?? new Uint8Array()),
});
const upload = (payload: object, more = {}) =>
  asMailbox('/api/letters/parts', 'upload', payload, more);
const download = (attachment: string, part = 1, more = {}) =>
  asMailbox('/api/letters/parts/open', 'download', { attachment, part }, more);

/** Names of what lies in the store of this world. */
const stored = (of: string) =>
  readdirSync(world.deps.config.lettersFolder ?? '', { recursive: true })
    .map(String)
    .filter((name) => name.startsWith(of) && /\/\d\d$/.test(name));

describe('a picture and its letter', () => {
  test('goes before the letter, in parts; the desk and the writer open it, byte for byte', async () => {
    const bytes = new Uint8Array(randomBytes(1_700_000));
    const picture = await sealPicture({ name: 'まど.jpg', type: 'image/jpeg', bytes }, [
      deskRecipient(),
      mailbox.recipient,
    ]);
    expect(picture.attachment.parts).toBe(3);
    const told: number[] = [];
    await client.upload(mailbox, picture, {
      sent: new Set(),
      onPart: (sent) => told.push(sent),
    });
    expect(told).toEqual([1, 2, 3]);
    expect(await (await writeWith([picture.attachment])).send()).toMatchObject({ number: 1 });

    const parts = await client.download(mailbox, picture.attachment);
    const opened = await openPicture(parts, picture.attachment, [mailbox.identity]);
    expect(Buffer.compare(opened.picture?.bytes ?? new Uint8Array(), bytes)).toBe(0);

    const worker = aDesk(world, 'teens_worker', 'teens');
    const atDesk = await Promise.all(
      [1, 2, 3].map(async (part) => {
        const path = `/api/staff/letters/${mailbox.id}/parts/${picture.attachment.id}/${part}`;
        const { json } = await worker.ask<{ sealed: string }>('GET', path);
        return new Uint8Array(Buffer.from(json.sealed, 'base64url'));
      }),
    );
    const { secrets } = await demoDesk('teens');
    const seen = await openPicture(atDesk, picture.attachment, [secrets.identity]);
    expect(Buffer.compare(seen.picture?.bytes ?? new Uint8Array(), bytes)).toBe(0);
  });

  test('is refused until all parts are there, and then taken', async () => {
    const picture = await aPicture();
    const { send } = await writeWith([picture.attachment]);
    expect(await codeOf(send())).toBe('attachment_missing');
    await upload(partOf(picture, 1));
    expect(await codeOf(send())).toBe('attachment_missing');
    expect(await download(picture.attachment.id)).toMatchObject({ code: 'attachment_missing' });
    await upload(partOf(picture, 2));
    expect(await send()).toMatchObject({ number: 1 });
    // A letter that was stored is the same letter, whatever became of its pictures.
    expect(await send()).toMatchObject({ number: 1 });
  });

  test('of another mailbox is not there, for its letter as for its page', async () => {
    const picture = await aPicture();
    await client.upload(mailbox, picture);
    const other = await aMailbox();
    const stolen = await writeWith([picture.attachment], { from: other });
    expect(await codeOf(stolen.send())).toBe('attachment_missing');
    await (await writeWith([picture.attachment])).send();
    const theirs = await download(picture.attachment.id, 1, { by: other });
    const unknown = await download('A'.repeat(22), 1, { by: other });
    expect(theirs).toEqual({ ...unknown, requestId: expect.anything() });
    expect(theirs.code).toBe('attachment_missing');
    expect(await download(picture.attachment.id, 3)).toMatchObject({ code: 'attachment_missing' });
  });

  test('may stand in one letter once only', async () => {
    const picture = await aPicture(1_000);
    await client.upload(mailbox, picture);
    const twice = await writeWith([picture.attachment, picture.attachment]);
    expect(await codeOf(twice.send())).toBe('invalid_input');
  });

  test('with parts that are cut, or of a size that no filled picture has, is refused', async () => {
    const sealed = await sealFor(new Uint8Array(70_000), [deskRecipient(), mailbox.recipient]);
    const odd = { id: toBase64(randomBytes(16)), parts: 1 };
    await upload({ attachment: odd.id, part: 1, sealed: toBase64(sealed) });
    const good = await aPicture();
    const naming = async (attachment: { id: string; parts: number }) =>
      writeWith([{ ...good.attachment, ...attachment }]);
    expect(await codeOf((await naming(odd)).send())).toBe('wrong_size');

    const cut = { id: toBase64(randomBytes(16)), parts: 2 };
    for (const part of [1, 2]) {
      const half = good.sealed.subarray((part - 1) * 400_000, part * 400_000);
      await upload({ attachment: cut.id, part, sealed: toBase64(half) });
    }
    expect(await codeOf((await naming(cut)).send())).toBe('wrong_size');
  });

  test('that its writer has hidden is gone from their page, and stays with the desk', async () => {
    const picture = await aPicture(1_000);
    await client.upload(mailbox, picture);
    await (await writeWith([picture.attachment])).send();
    expect(await download(picture.attachment.id)).toMatchObject({ status: 200 });
    await client.hide(mailbox);
    expect(await download(picture.attachment.id)).toMatchObject({ code: 'attachment_missing' });
    const worker = aDesk(world, 'teens_worker', 'teens');
    const path = `/api/staff/letters/${mailbox.id}/parts/${picture.attachment.id}/1`;
    expect((await worker.ask('GET', path)).status).toBe(200);
  });
});

describe('a part', () => {
  test('sent again is the same, without work; other bytes in its place are refused', async () => {
    const picture = await aPicture(1_000);
    expect(await upload(partOf(picture, 1))).toMatchObject({ status: 200, done: true });
    const again = await upload(partOf(picture, 1), { solved: false });
    expect(again).toMatchObject({ status: 200, done: true });
    const other = { ...partOf(await aPicture(1_000), 1), attachment: picture.attachment.id };
    expect(await upload(other)).toMatchObject({ status: 409, code: 'part_taken' });
    expect(stored(mailbox.id)).toHaveLength(1);
  });

  test('fifty times at once lies there once', async () => {
    const picture = await aPicture(1_000);
    const answers = await Promise.all(Array.from({ length: 50 }, () => upload(partOf(picture, 1))));
    expect(answers.map(({ status }) => status)).toEqual(Array(50).fill(200));
    expect(stored(mailbox.id)).toHaveLength(1);
  });

  test('needs work of its own: none, and that of another part, are refused and nothing is stored', async () => {
    const [first, second] = [await aPicture(1_000), await aPicture(1_000)];
    expect(await upload(partOf(first, 1), { solved: false })).toMatchObject({
      status: 422,
      code: 'challenge_unsolved',
    });
    const asked = await client.ask('teens');
    expect(await upload(partOf(first, 1), { asked })).toMatchObject({ status: 200 });
    expect(await upload(partOf(second, 1), { asked })).toMatchObject({ code: 'challenge_used' });
    expect(stored(mailbox.id)).toHaveLength(1);
  });

  test('must be signed, be fresh, be an age file for two, and fit', async () => {
    const picture = await aPicture(1_000);
    const payload = partOf(picture, 1);
    const forged = await upload(payload, {
      by: { ...mailbox, signing: (await aMailbox()).signing },
    });
    expect(forged).toMatchObject({ status: 403, code: 'signature_wrong' });
    const asked = await client.ask('teens');
    world.clock.advance(6 * 60_000);
    expect(await upload(payload, { asked })).toMatchObject({ code: 'challenge_stale' });
    const sealed = (bytes: Uint8Array) => upload({ ...payload, sealed: toBase64(bytes) });
    expect(await sealed(new Uint8Array(randomBytes(900)))).toMatchObject({ code: 'not_age' });
    const { secrets, published } = await demoDesk('teens');
    const forOne = await sealForDesk(
      { v: 1, kind: 'note', mailbox: mailbox.id, desk: 'teens', epoch: 1, text: 'x' },
      new Uint8Array(Buffer.from(secrets.signing, 'base64url')),
      published.recipient,
    );
    expect(await sealed(forOne)).toMatchObject({ code: 'wrong_stanzas' });
    expect(await sealed(new Uint8Array(PART_BYTES + 30))).toMatchObject({ code: 'invalid_input' });
    expect(await upload({ ...payload, part: 33 })).toMatchObject({ code: 'invalid_input' });
    expect(await upload({ ...payload, attachment: '../../x' })).toMatchObject({
      code: 'invalid_input',
    });
    const tooMuch = await world.post('/api/letters/parts', { payload: 'x'.repeat(1_300_000) });
    expect(tooMuch.status).toBe(413);
    expect(stored(mailbox.id)).toEqual([]);
  });

  test('of the largest size fits into a request', async () => {
    const picture = await aPicture(2_000_000);
    expect(splitSealed(picture.sealed)[1]?.length).toBe(PART_BYTES);
    expect(await upload(partOf(picture, 2))).toMatchObject({ status: 200 });
  });

  test('whose answer was lost is gone on from; what the server has is not sent again', async () => {
    const picture = await aPicture(1_700_000);
    const sent = new Set<number>();
    const failing: Client = clientOf(world.origin);
    const real = globalThis.fetch;
    let uploads = 0;
    globalThis.fetch = async (input, init) => {
      const response = await real(input, init);
      if (!String(input).endsWith('/api/letters/parts')) return response;
      uploads += 1;
      if (uploads === 2) throw new TypeError('The network went away');
      return response;
    };
    try {
      await expect(failing.upload(mailbox, picture, { sent })).rejects.toThrow();
      expect([...sent]).toEqual([1]);
      await failing.upload(mailbox, picture, { sent });
      expect([...sent]).toEqual([1, 2, 3]);
      expect(uploads).toBe(4);
    } finally {
      globalThis.fetch = real;
    }
    expect(await (await writeWith([picture.attachment])).send()).toMatchObject({ number: 1 });
  });
});

describe('the clock', () => {
  const rows = async () =>
    (await rowsOf(world, 'consultations')).filter(
      ({ pk, sk }) => pk === `MAILBOX#${mailbox.id}` && String(sk).startsWith('ATTACHMENT#'),
    );
  const passHours = async (hours: number) => {
    world.clock.advance(hours * HOUR);
    await world.runClock();
  };

  test('sweeps a picture that no letter named within a day, and keeps one that a letter named', async () => {
    const [named, orphan] = [await aPicture(900_000), await aPicture(900_000)];
    await client.upload(mailbox, named);
    await client.upload(mailbox, orphan);
    const { send } = await writeWith([named.attachment]);
    await send();
    expect(stored(mailbox.id)).toHaveLength(4);
    await passHours(23);
    expect(stored(mailbox.id)).toHaveLength(4);
    await passHours(2);
    expect(stored(mailbox.id)).toEqual([
      `${mailbox.id}/${named.attachment.id}/01`,
      `${mailbox.id}/${named.attachment.id}/02`,
    ]);
    expect(await rows()).toHaveLength(1);
    await passHours(24 * 60);
    expect(await download(named.attachment.id)).toMatchObject({ status: 200 });
    const agenda = JSON.stringify(await rowsOf(world, 'agenda'));
    expect(agenda).not.toContain(orphan.attachment.id);
    expect(agenda).not.toContain(named.attachment.id);
  });

  test('gives a picture that is still being sent its day from the newest part on', async () => {
    const picture = await aPicture(900_000);
    await upload(partOf(picture, 1));
    world.clock.advance(20 * HOUR);
    await upload(partOf(picture, 2));
    await passHours(5);
    expect(stored(mailbox.id)).toHaveLength(2);
    await passHours(20);
    expect(stored(mailbox.id)).toEqual([]);
  });

  test('and a letter that comes at once: swept and refused, or named and kept, and nothing between', async () => {
    for (let round = 0; round < 6; round += 1) {
      mailbox = await aMailbox();
      const picture = await aPicture(1_000);
      await client.upload(mailbox, picture);
      const { send } = await writeWith([picture.attachment]);
      world.clock.advance(25 * HOUR);
      const [sent] = await Promise.all([codeOf(send()), world.runClock()]);
      await world.runClock();
      const isKept = stored(mailbox.id).length === 1;
      expect(sent).toBe(isKept ? 'accepted' : 'attachment_missing');
    }
  });

  test('leaves a picture of the desk for thirty days, since a second member may have to look', async () => {
    await write(client, mailbox, list, 'こんにちは');
    const worker = aDesk(world, 'teens_worker', 'teens');
    const picture = await aPicture(1_000);
    const path = `/api/staff/letters/${mailbox.id}/parts`;
    expect((await worker.ask('POST', path, partOf(picture, 1))).status).toBe(200);
    await passHours(24 * 29);
    expect(stored(mailbox.id)).toHaveLength(1);
    await passHours(25);
    expect(stored(mailbox.id)).toEqual([]);
  });
});

describe('the desk', () => {
  test('answers with a picture: seen by the second member before, by the young person after it is sent', async () => {
    await write(client, mailbox, list, 'みせて');
    const worker = aDesk(world, 'teens_worker', 'teens');
    const second = aDesk(world, 'family_worker', 'soudan');
    const picture = await aPicture(900_000);
    const path = `/api/staff/letters/${mailbox.id}/parts`;
    const drafted = await worker.draft(mailbox.id, 'これです');
    const attachments = [{ id: picture.attachment.id, parts: picture.attachment.parts }];
    const early = await second.reply(drafted.json, 'これです', { attachments });
    expect(early).toMatchObject({ status: 409, json: { code: 'attachment_missing' } });
    for (const part of [1, 2]) await worker.ask('POST', path, partOf(picture, part));
    const looked = await second.ask('GET', `${path}/${picture.attachment.id}/1`);
    expect(looked.status).toBe(200);
    expect(await download(picture.attachment.id)).toMatchObject({ code: 'attachment_missing' });
    expect(await second.reply(drafted.json, 'これです', { attachments })).toMatchObject({
      status: 200,
    });
    const parts = await client.download(mailbox, picture.attachment);
    const opened = await openPicture(parts, picture.attachment, [mailbox.identity]);
    expect(opened.picture?.name).toBe('まど.jpg');
  });

  test('writes down who looked at a picture, once for each look', async () => {
    const picture = await aPicture(900_000);
    await client.upload(mailbox, picture);
    await (await writeWith([picture.attachment])).send();
    const worker = aDesk(world, 'teens_worker', 'teens');
    for (const part of [1, 2]) {
      await worker.ask(
        'GET',
        `/api/staff/letters/${mailbox.id}/parts/${picture.attachment.id}/${part}`,
      );
    }
    const lines = (await rowsOf(world, 'audit')).filter(
      ({ action, subject }) => action === 'letter_picture_read' && subject === mailbox.id,
    );
    expect(lines).toHaveLength(1);
  });

  test('without the grant there is neither letter nor picture, nor a place to put one', async () => {
    const picture = await aPicture(1_000);
    await client.upload(mailbox, picture);
    await (await writeWith([picture.attachment])).send();
    const stranger = aDesk(world, 'teens_worker', 'nobody');
    const nowhere = await aMailbox();
    for (const [method, step, body] of [
      ['GET', `/${picture.attachment.id}/1`],
      ['POST', '', partOf(await aPicture(1_000), 1)],
    ] as const) {
      const ask = (id: string) =>
        stranger.ask<object>(method, `/api/staff/letters/${id}/parts${step}`, body);
      const [known, unknown] = [await ask(mailbox.id), await ask(nowhere.id)];
      expect(known.status).toBe(404);
      expect({ ...known.json, requestId: '' }).toEqual({ ...unknown.json, requestId: '' });
    }
    expect(stored(mailbox.id)).toHaveLength(1);
    const worker = aDesk(world, 'teens_worker', 'teens');
    const path = `/api/staff/letters/${mailbox.id}/parts`;
    expect(await worker.ask('GET', `${path}/${'A'.repeat(22)}/1`)).toMatchObject({
      json: { code: 'attachment_missing' },
    });
    for (const place of [`${picture.attachment.id}/0`, `${picture.attachment.id}/33`, 'x/1']) {
      expect((await worker.ask('GET', `${path}/${place}`)).status).toBe(404);
    }
  });
});

test('nothing of a picture lies anywhere in the clear: not its bytes, not its name', async () => {
  const marked = Buffer.from('鴇田カナリアの写真'.repeat(200));
  const picture = await sealPicture(
    { name: 'かなりあのへや.jpg', type: 'image/jpeg', bytes: new Uint8Array(marked) },
    [deskRecipient(), mailbox.recipient],
  );
  await client.upload(mailbox, picture);
  await (await writeWith([picture.attachment])).send();
  const { readFileSync } = await import('node:fs');
  const folder = world.deps.config.lettersFolder ?? '';
  const files = stored(mailbox.id).map((name) => readFileSync(`${folder}/${name}`));
  expect(files).toHaveLength(1);
  const tables = await Promise.all(
    (['consultations', 'agenda', 'events', 'spent'] as const).map((table) => rowsOf(world, table)),
  );
  const everything = [
    ...files.map((file) => file.toString('latin1')),
    JSON.stringify(tables),
    world.logLines.join('\n'),
  ].join('\n');
  for (const word of ['鴇田', 'カナリア', 'かなりあ', 'image/jpeg']) {
    const inBase64 = Buffer.from(word).toString('base64').slice(0, 8);
    for (const each of [word, inBase64, Buffer.from(word).toString('latin1')]) {
      // Not by `expect`, which would print everything there is.
      expect(everything.includes(each), word).toBe(false);
    }
  }
  expect(world.logLines.join('\n')).not.toContain(mailbox.id);
  expect(
    createHash('sha256')
      .update(files[0] ?? '')
      .digest('base64url'),
  ).toBe(picture.attachment.hash);
});
