/**
 * Letters: how many a second are taken and whether each is stored once, what sealing, opening and the words
 * cost, and what the page of the ティーンズ相談室 weighs before anybody touches it.
 */
import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { sealPicture, splitSealed } from '../../functions/letters/picture-sealing.ts';
import { drawWords, mailboxOf } from '../../functions/letters/receipt.ts';
import { readConversation } from '../../functions/letters/sealing.ts';
import { conversationNumber } from '../../functions/letters/signing.ts';
import { seed } from '../../infra/local/seed.ts';
import { startHidamari } from '../../infra/local/start.ts';
import { meterCapacity } from '../support/capacity.ts';
import { aCorrespondence, asDesk, fromWriter } from '../support/conversations.ts';
import {
  type Accepted,
  aPlainPayload,
  aRequest,
  problemsOfLetters,
  send,
} from '../support/letter-requests.ts';
import { aMailbox } from '../support/letters.ts';
import { inParallel, startWorld } from '../support/world.ts';
import { type Shot, shoot } from './client.ts';
import { type Figure, figure, median } from './figure.ts';
import { transfer } from './page.ts';

const LETTERS = 500;
/** Each letter is sent so often, as by a page that has lost patience. */
const TIMES = 2;
/** Of one letter at once: where another system lost 36 of 60. */
const AT_ONCE = 50;
const CONNECTIONS = 64;
const ROUNDS = 15;
const PHOTO_BYTES = 5_000_000;
const LONG = 10;

export async function* letterFigures(): AsyncGenerator<Figure> {
  yield* storing();
  yield* sealing();
  yield await weight();
}

async function* storing(): AsyncGenerator<Figure> {
  const world = await startWorld({ stream: false });
  try {
    const prepared = await inParallel(
      4,
      Array.from({ length: LETTERS }, () => async () => {
        const mailbox = await aMailbox();
        const payload = await aPlainPayload(mailbox);
        const body = JSON.stringify(await aRequest(world.origin, mailbox, 'post', payload));
        return { accepted: { mailbox: mailbox.id, number: 1, sealed: payload.sealed }, body };
      }),
    );
    const shot = (body: string): Shot => ({
      method: 'POST',
      path: '/api/letters',
      headers: { 'content-type': 'application/json' },
      body,
    });
    const each = prepared.flatMap(({ body }) => Array.from({ length: TIMES }, () => shot(body)));
    const [first] = prepared;
    if (!first) throw new Error('Nothing to send');
    const crowd = Array.from({ length: AT_ONCE }, () => shot(first.body));
    const { hits: together } = await shoot({
      origin: world.origin,
      shots: crowd,
      connections: AT_ONCE,
    });
    const { hits, seconds } = await shoot({
      origin: world.origin,
      shots: each,
      connections: CONNECTIONS,
    });
    // Hits come in the order of their answers, which say whose they are.
    const numbers = new Set([...hits, ...together].filter(isTaken).map(conversationOf));
    const told: Accepted[] = prepared
      .map(({ accepted }) => accepted)
      .filter(({ mailbox }) => numbers.has(conversationNumber(mailbox)));
    const { lost, doubled, miscounted } = await problemsOfLetters(world, told);
    const untold = [...hits, ...together].filter((hit) => !isTaken(hit)).length;
    const note = `${LETTERS} letters of 4 KiB, each sent ${TIMES} times, ${CONNECTIONS} connections, and one of them ${AT_ONCE} times at once`;
    yield figure('letters.accepted_per_second', LETTERS / seconds, '1/s', note);
    yield figure(
      'letters.lost',
      lost + untold,
      'letters',
      `${note}; accepted and not there, or a sender who was not told its number`,
    );
    yield figure(
      'letters.doubled',
      doubled + miscounted,
      'letters',
      `${note}; stored, told of or counted twice`,
    );

    const meter = meterCapacity(world.deps.database.client);
    const mailbox = await aMailbox();
    for (let number = 1; number <= LONG; number += 1) {
      const payload = await aPlainPayload(mailbox, number);
      await send(world, await aRequest(world.origin, mailbox, 'post', payload));
    }
    const body = await aRequest(world.origin, mailbox, 'open', {});
    meter.take();
    await send(world, body, '/api/letters/open');
    const { commands } = meter.take();
    yield figure(
      'letters.read_reads',
      commands.length,
      'reads',
      `a conversation of ${LONG} letters, opened: ${commands.join(', ')}`,
    );
  } finally {
    await world.stop();
  }
}

const conversationOf = ({ body }: { readonly body: string }) =>
  (JSON.parse(body) as { conversation?: string }).conversation;
const isTaken = ({ status }: { readonly status: number }) => status === 201;

async function* sealing(): AsyncGenerator<Figure> {
  const words = drawWords((count) => new Uint8Array(randomBytes(count)));
  const where = { centreId: 'hidamari', desk: 'teens' };
  const derive = await timesOf(() => mailboxOf(words, where));
  yield figure(
    'letters.derive_ms',
    median(derive),
    'ms',
    'six words → keys: Argon2id, 19 MiB, t = 2, p = 1, in plain script, and HKDF',
  );

  const our = await aCorrespondence();
  const text = 'あ'.repeat(2_000);
  const note = 'a letter of 2,000 characters, for two readers, signed';
  yield figure(
    'letters.seal_ms',
    median(await timesOf(() => fromWriter(our, { text }))),
    'ms',
    note,
  );
  const letter = await fromWriter(our, { text });
  const open = async () => {
    const { letters } = await readConversation([letter], asDesk(our));
    if (letters[0]?.content?.text !== text) throw new Error('Not what was sealed');
  };
  yield figure('letters.open_ms', median(await timesOf(open)), 'ms', `${note}; opened and checked`);

  const bytes = new Uint8Array(PHOTO_BYTES);
  for (let at = 0; at < PHOTO_BYTES; at += 50_000) bytes.set(randomBytes(50_000), at);
  let parts = 0;
  const photo = await timesOf(async () => {
    const readers = [our.desk.published.recipient, our.mailbox.recipient] as const;
    const { sealed } = await sealPicture({ name: '写真.jpg', type: 'image/jpeg', bytes }, readers);
    parts = splitSealed(sealed).length;
  });
  yield figure(
    'letters.photo_seal_ms',
    median(photo),
    'ms',
    `${PHOTO_BYTES / 1e6} MB, filled up, sealed and hashed, in ${parts} parts`,
  );
}

async function timesOf(act: () => Promise<unknown>): Promise<number[]> {
  const samples: number[] = [];
  for (let round = 0; round < ROUNDS; round += 1) {
    const began = performance.now();
    await act();
    samples.push(performance.now() - began);
  }
  return samples;
}

/** HTML, styles and scripts of /teens/ with all that they import at once; what is loaded later is not. */
async function weight(): Promise<Figure> {
  const product = await startHidamari({
    dataDir: null,
    siteDist: join(import.meta.dirname, '../../site/dist'),
    seed,
  });
  try {
    const html = await transfer(`${product.origin}/teens/`);
    const seen = new Set<string>();
    let bytes = html.bytes;
    const load = async (address: string): Promise<void> => {
      if (seen.has(address)) return;
      seen.add(address);
      const file = await transfer(product.origin + address);
      bytes += file.bytes;
      if (!address.endsWith('.js')) return;
      // `import{a}from"./x.js"` and `import"./x.js"`, and not `import("./x.js")`.
      for (const [, path = ''] of file.text.matchAll(
        /\b(?:from|import)\s*"(\.{1,2}\/[^"]+\.js)"/g,
      )) {
        await load(new URL(path, product.origin + address).pathname);
      }
    };
    for (const [, address = ''] of html.text.matchAll(
      /(?:src|href)="(\/[^"]+\.(?:css|js|svg|png|woff2))"/g,
    )) {
      await load(address);
    }
    const note = `HTML and ${seen.size} files of /teens/ before anything is touched, compressed as sent`;
    return figure('letters.page_kb', bytes / 1000, 'kB', note);
  } finally {
    await product.stop();
  }
}
