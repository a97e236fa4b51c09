/**
 * A whole conversation with marked words in everything that is sealed, and marks of who asks on every
 * request: none of them lies in any table, stream, file, log line or mail, nor any trace of them in base64.
 */
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { currentEpoch, type KeyList } from '../../../functions/keys/key-list.ts';
import type { Conversation } from '../../../functions/letters/desk-model.ts';
import { sealPicture } from '../../../functions/letters/picture-sealing.ts';
import type { Mailbox } from '../../../functions/letters/receipt.ts';
import { sealLetter } from '../../../functions/letters/sealing.ts';
import { toBase64 } from '../../../functions/letters/signing.ts';
import { aRequest, askFor } from '../../support/letter-requests.ts';
import {
  aDesk,
  aLetter,
  aMailbox,
  aReportId,
  believesMembers,
  clientOf,
  withDemoKeys,
  write,
} from '../../support/letters.ts';
import { allRows } from '../../support/raw-tables.ts';
import { startWorld, type World } from '../../support/world.ts';

/** One for each thing that is sealed. */
const SEALED = {
  body: 'めじろのひみつのはなし',
  second: 'ひよどりのつづきのはなし',
  where: 'かわせみ公園のベンチ',
  who: 'うぐいすという名前',
  quotes: 'KNR2-CNRY-77',
  picture: 'つぐみの写真.jpg',
  pixels: 'SHIJUKARA-PIXELS-SHIJUKARA',
  reply: 'おながよりの返事です',
  draft: 'せきれいの下書き',
  note: 'ひばりの引きつぎメモ',
  words: 'ひまわり そよかぜ りんご',
} as const;
/** Of who asks. */
const ASKING = {
  address: '203.0.113.88',
  agent: 'YamagaraPhone/8.8',
  referer: 'https://search.example/?q=yamagara',
  cookie: 'yamagara=cookie',
} as const;
/** Plain by decision: a report is copied out by a member, and an address to be told once. */
const PLAIN = { report: 'えながの通告の文', notice: 'kogera@example.jp' } as const;

/** Every way in which text lies in bytes and JSON, and in base64 at each of its three offsets. */
function formsOf(text: string): string[] {
  const bytes = Buffer.from(text, 'utf8');
  const escaped = JSON.stringify(text)
    .slice(1, -1)
    .replace(/[^ -~]/g, (letter) => `\\u${letter.charCodeAt(0).toString(16).padStart(4, '0')}`);
  const base64 = [0, 1, 2].flatMap((offset) => {
    const whole = Buffer.concat([Buffer.alloc(offset), bytes]);
    // Without the letters that depend on what stands before and behind.
    const inner = (letters: string) => letters.slice(offset === 0 ? 0 : 4, -4);
    return [inner(whole.toString('base64')), inner(whole.toString('base64url'))];
  });
  return [text, escaped, encodeURIComponent(text), bytes.toString('hex'), ...base64];
}

const tracesIn = (text: string, of: Readonly<Record<string, string>>) =>
  Object.entries(of).flatMap(([name, value]) =>
    formsOf(value).some((form) => text.toLowerCase().includes(form.toLowerCase())) ? [name] : [],
  );

/** A row with its bytes as text, so that what is not sealed would be read. */
const asText = (value: unknown): string =>
  // By the row and not by what is handed over: a buffer has by then turned itself into a list of numbers.
  JSON.stringify(value, function (this: Record<string, unknown>, key, inner: unknown) {
    const held = this[key];
    return held instanceof Uint8Array ? Buffer.from(held).toString('utf8') : inner;
  });

let world: World;
let list: KeyList;
let mailbox: Mailbox;
const bodies: string[] = [];
beforeAll(async () => {
  world = await startWorld({ overrides: believesMembers });
  list = await withDemoKeys(world);
  mailbox = await aMailbox();
});
afterAll(() => world.stop());

const HEADERS = {
  'x-forwarded-for': ASKING.address,
  'user-agent': ASKING.agent,
  referer: ASKING.referer,
  cookie: ASKING.cookie,
};

async function send(path: string, body: unknown, headers: Record<string, string> = {}) {
  const response = await world.post(path, body, { ...HEADERS, ...headers });
  bodies.push(await response.text());
  return response.status;
}

async function converse(): Promise<Conversation> {
  const client = clientOf(world.origin);
  const desk = currentEpoch(list, 'teens');
  if (!desk) throw new Error('No such desk');
  const readers = [desk.recipient, mailbox.recipient] as const;
  const bytes = Buffer.from(SEALED.pixels.repeat(200));
  const picture = await sealPicture({ name: SEALED.picture, type: 'image/jpeg', bytes }, readers);
  await client.upload(mailbox, picture);
  const content = aLetter(mailbox, {
    text: `${SEALED.body}。${SEALED.words}`,
    quotes: SEALED.quotes,
    reach: { where: SEALED.where, who: SEALED.who },
    attachments: [picture.attachment],
  });
  const sealed = await sealLetter(content, mailbox.signing, readers);
  const { id, parts } = picture.attachment;
  const payload = {
    number: 1,
    header: { urgency: 'now', topic: 'friends', ageBand: 'junior_high' },
    sealed: toBase64(sealed),
    attachments: [{ id, parts }],
    notice: PLAIN.notice,
  };
  const request = await aRequest(world.origin, mailbox, 'post', payload);
  expect(await send('/api/letters', request)).toBe(201);
  expect(await send('/api/letters', request)).toBe(201);

  const worker = aDesk(world, 'teens_worker', 'teens');
  const second = aDesk(world, 'family_worker', 'soudan');
  const path = `/api/staff/letters/${mailbox.id}`;
  await worker.draft(mailbox.id, SEALED.draft);
  const note = { sealed: await worker.sealed(mailbox.id, 'note', SEALED.note) };
  expect((await worker.ask('POST', `${path}/notes`, note)).status).toBe(200);
  const report = {
    reportId: aReportId('canary'),
    round: 1,
    letters: [1],
    text: PLAIN.report,
    reason: PLAIN.report,
  };
  expect((await worker.ask('POST', `${path}/report`, report)).status).toBe(201);
  const opened = (await second.open(mailbox.id)).json;
  const sent = await second.reply(opened, SEALED.reply);
  expect(sent.status).toBe(200);
  const { newest } = await second.read(sent.json);
  await write(client, mailbox, list, SEALED.second, { number: 2, newest });
  for (const [action, step, said] of [
    ['open', '/open', {}],
    ['helped', '/helped', { helped: 'yes' }],
  ] as const) {
    const asked = await aRequest(world.origin, mailbox, action, said);
    expect(await send(`/api/letters${step}`, asked)).toBe(200);
  }
  return sent.json;
}

/** Words where only boxes belong, and marks in everything that a request has. */
async function sendBadly(): Promise<void> {
  const plain = SEALED.body.repeat(100);
  const header = { urgency: 'now' };
  for (const payload of [
    { number: 2, header, sealed: Buffer.from(plain).toString('base64url'), attachments: [] },
    { number: 2, header, sealed: plain, attachments: [] },
    { number: 2, header: { ...header, topic: SEALED.body }, sealed: 'AAAA', attachments: [] },
    { number: 2, header, sealed: 'AAAA', attachments: [], [SEALED.body]: SEALED.who },
    { text: SEALED.body },
  ]) {
    const body = await aRequest(world.origin, mailbox, 'post', payload, await askFor(world.origin));
    expect(await send('/api/letters', body)).toBeGreaterThanOrEqual(400);
    expect(await send('/api/letters', { ...body, signature: SEALED.words })).toBe(400);
    expect(await send('/api/letters', { ...body, [SEALED.body]: SEALED.who })).toBe(400);
  }
  await send('/api/letters', `{"payload":"${SEALED.body}`);
  await send('/api/letters', SEALED.body, { 'content-type': 'text/plain' });
  await send(`/api/letters?words=${encodeURIComponent(SEALED.words)}`, {});
  await send(`/api/letters/${encodeURIComponent(SEALED.words)}`, {});
  await send('/api/letters', {}, { origin: 'https://yamagara.example' });
  await fetch(`${world.origin}/api/letters/challenge?desk=${encodeURIComponent(SEALED.body)}`, {
    headers: HEADERS,
  });
}

/** The engine fails in the middle, with an error that quotes everything it was given. */
async function sendWhileItFails(): Promise<void> {
  const { client } = world.deps.database;
  const request = await aRequest(world.origin, await aMailbox(), 'open', {});
  client.middlewareStack.add(
    () => async (args) => {
      throw new Error(
        `${JSON.stringify(args.input)} ${Object.values(SEALED).join(' ')} ${ASKING.address}`,
      );
    },
    { step: 'initialize', name: 'canary' },
  );
  try {
    expect(await send('/api/letters/open', request)).toBe(500);
  } finally {
    client.middlewareStack.remove('canary');
  }
}

function filesUnder(folder: string): string[] {
  return readdirSync(folder).flatMap((name) => {
    const path = join(folder, name);
    return statSync(path).isDirectory()
      ? filesUnder(path)
      : [`${path}\n${readFileSync(path, 'utf8')}`];
  });
}

describe('after a whole conversation', () => {
  beforeAll(async () => {
    await converse();
    await sendBadly();
    await sendWhileItFails();
    await world.settle();
    // Nobody opens it: the duty phone is told, and told again.
    world.clock.advance(26 * 3_600_000);
    await world.runClock();
    await world.settle();
  });

  test('no table holds a word of what was sealed, or who asked', async () => {
    const tables = await allRows(world);
    expect(asText(tables.consultations)).toContain(mailbox.id);
    for (const [table, rows] of Object.entries(tables)) {
      expect(tracesIn(asText(rows), SEALED), table).toEqual([]);
      expect(tracesIn(asText(rows), ASKING), table).toEqual([]);
    }
  });

  test('what is plain by decision lies in its own table and nowhere else', async () => {
    const found = Object.entries(await allRows(world)).flatMap(([table, rows]) =>
      tracesIn(asText(rows), PLAIN).map((name) => `${name} in ${table}`),
    );
    // The address is gone: its one mail was sent.
    expect(found).toEqual(['report in records']);
    expect(world.mails.filter(({ to }) => to === PLAIN.notice)).toHaveLength(1);
  });

  test('no picture, log line, answer or mail does', () => {
    const files = [
      ...filesUnder(world.deps.config.lettersFolder ?? ''),
      ...filesUnder(world.deps.config.siteFolder ?? ''),
    ];
    expect(files.length).toBeGreaterThan(0);
    expect(world.logLines.length).toBeGreaterThan(20);
    expect(world.mails.length).toBeGreaterThan(1);
    const mails = world.mails.map(({ to: _, ...mail }) => JSON.stringify(mail));
    for (const [what, texts] of Object.entries({ files, logs: world.logLines, bodies, mails })) {
      expect(tracesIn(texts.join('\n'), { ...SEALED, ...ASKING, ...PLAIN }), what).toEqual([]);
    }
    // Not even whose mailbox it is, or by what number it is called.
    expect(world.logLines.join('\n')).not.toContain(mailbox.id);
    expect(mails.join('\n')).not.toContain(mailbox.id);
  });

  test('events and deadlines name mailboxes by their ids, and say nothing else about anybody', async () => {
    const { events } = await allRows(world);
    const letters = events.filter(({ kind }) => String(kind).startsWith('letter_'));
    expect(letters.length).toBeGreaterThan(3);
    const allowed = new Set(
      'pk sk eventId kind at mailbox desk round number urgency reportId expiresAt'.split(' '),
    );
    for (const row of letters) {
      expect(Object.keys(row).filter((name) => !allowed.has(name))).toEqual([]);
    }
  });
});

test('all this would be found if it were there', () => {
  for (const [name, value] of Object.entries({ ...SEALED, ...ASKING, ...PLAIN })) {
    const only = { [name]: value };
    for (const text of [
      `x${value}y`,
      JSON.stringify({ at: value }),
      asText({ at: Buffer.from(`…${value}…`) }),
      Buffer.from(`ab${value}cd`).toString('base64'),
      Buffer.from(`a${value}`).toString('base64url'),
      `/x?y=${encodeURIComponent(value)}`,
    ]) {
      expect(tracesIn(text, only), text).toEqual([name]);
    }
  }
});
