/**
 * Whether somebody has ever written cannot be learned: words that nobody has used, and words whose owner has
 * hidden everything, are answered alike in status, headers, body, reads and time.
 */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { EVEN_MS } from '../../../functions/letters/even-time.ts';
import type { Mailbox } from '../../../functions/letters/receipt.ts';
import { type MailboxAction, mailboxId } from '../../../functions/letters/signing.ts';
import { getHead } from '../../../functions/letters/store.ts';
import { type CapacityMeter, meterCapacity } from '../../support/capacity.ts';
import { aPlainPayload, aRequest, askFor, send } from '../../support/letter-requests.ts';
import {
  aDesk,
  aMailbox,
  believesMembers,
  clientOf,
  withDemoKeys,
  write,
} from '../../support/letters.ts';
import { startWorld, type World } from '../../support/world.ts';

let world: World;
let meter: CapacityMeter;
/** Nobody has written. */
let unknown: Mailbox;
let another: Mailbox;
/** Two letters and an answer, all hidden. */
let hidden: Mailbox;
/** One letter and an answer. */
let used: Mailbox;

beforeAll(async () => {
  world = await startWorld({ stream: false, overrides: believesMembers });
  const client = clientOf(world.origin);
  const list = await withDemoKeys(world);
  const worker = aDesk(world, 'teens_worker', 'teens');
  const second = aDesk(world, 'family_worker', 'soudan');
  const converse = async () => {
    const mailbox = await aMailbox();
    await write(client, mailbox, list, 'きいてください。');
    const drafted = await worker.draft(mailbox.id, 'はい。');
    expect((await second.reply(drafted.json, 'はい。')).status).toBe(200);
    await client.sayWhetherHelped(mailbox, 'yes');
    return mailbox;
  };
  [unknown, another, hidden, used] = [
    await aMailbox(),
    await aMailbox(),
    await converse(),
    await converse(),
  ];
  await client.hide(hidden);
  meter = meterCapacity(world.deps.database.client);
});
afterAll(() => world.stop());

const ask = async (mailbox: Mailbox, action: MailboxAction, payload: object, path: string) => {
  const body = await aRequest(world.origin, mailbox, action, payload, await askFor(world.origin));
  meter.take();
  const began = performance.now();
  const response = await world.post(path, body);
  const text = await response.text();
  // Whatever was there to be read, the answer left on a step: the least of what keeps times alike.
  expect(performance.now() - began).toBeGreaterThanOrEqual(EVEN_MS);
  const { commands, units } = meter.take();
  // What differs with every request says nothing: its time and its number.
  const headers = [...response.headers].filter(([name]) => !/^(date|apigw-requestid)$/.test(name));
  return { status: response.status, headers, text, commands, units };
};

/** The same keys at the other desk, as no page of ours asks. */
function elsewhere(mailbox: Mailbox): Mailbox {
  const keys = { ...mailbox, desk: 'general' };
  return { ...keys, id: mailboxId(keys) };
}

describe('an unknown mailbox and a hidden one', () => {
  const steps: readonly [string, MailboxAction, object, string][] = [
    ['opened', 'open', {}, '/api/letters/open'],
    ['opened further back', 'open', { before: { in: 3, out: 2 } }, '/api/letters/open'],
    ['hidden', 'hide', { hide: true }, '/api/letters/hide'],
    ['said to have helped', 'helped', { helped: 'no' }, '/api/letters/helped'],
  ];

  test.each(steps)(
    'answer alike when %s: status, headers, body and reads',
    async (_what, action, payload, path) => {
      const nothing = await ask(unknown, action, payload, path);
      expect(nothing.status).toBe(200);
      expect(await ask(hidden, action, payload, path)).toEqual({
        ...nothing,
        // The engine counts the bytes of what it reads; how many commands there are is the same.
        units: expect.any(Number),
      });
    },
  );

  test('answer alike when written to out of turn, and when written to', async () => {
    const fresh = await aMailbox();
    const post = async (mailbox: Mailbox, number: number) => {
      const asked = await askFor(world.origin);
      const body = await aRequest(
        world.origin,
        mailbox,
        'post',
        await aPlainPayload(mailbox, number),
        asked,
      );
      const { status, json } = await send(world, body);
      const { requestId: _, conversation: __, ...rest } = json as Record<string, unknown>;
      return { status, rest };
    };
    expect(await post(hidden, 2)).toEqual(await post(fresh, 2));
    expect(await post(hidden, 1)).toEqual(await post(fresh, 1));
    // And is hidden again for the tests below.
    await ask(hidden, 'hide', { hide: true }, '/api/letters/hide');
  });

  test.each(steps)(
    'answer alike at another desk than their own when %s, by a request made by hand',
    async (_what, action, payload, path) => {
      const nothing = await ask(elsewhere(unknown), action, payload, path);
      expect(nothing.status).toBe(200);
      for (const mailbox of [hidden, used]) {
        expect(await ask(elsewhere(mailbox), action, payload, path)).toEqual({
          ...nothing,
          units: expect.any(Number),
        });
      }
    },
  );

  test('answer alike when written to at another desk than their own', async () => {
    const post = async (mailbox: Mailbox) => {
      const body = await aRequest(world.origin, mailbox, 'post', await aPlainPayload(mailbox));
      const { status, json } = await send(world, body);
      const { requestId: _, conversation: __, ...rest } = json as Record<string, unknown>;
      return { status, rest };
    };
    const nothing = await post(elsewhere(await aMailbox()));
    expect(nothing.status).toBe(201);
    for (const mailbox of [hidden, used]) expect(await post(elsewhere(mailbox))).toEqual(nothing);
  });

  test('differ from one that is used, or all this would say nothing', async () => {
    const full = await ask(used, 'open', {}, '/api/letters/open');
    expect(full.text.length).toBeGreaterThan(10_000);
    expect((await ask(hidden, 'open', {}, '/api/letters/open')).text.length).toBeLessThan(200);
  });
});

test('reading a conversation is two reads, however long it is, and a question is one', async () => {
  for (const mailbox of [unknown, hidden, used]) {
    expect((await ask(mailbox, 'open', {}, '/api/letters/open')).commands).toEqual([
      expect.stringMatching(/^GetItem/),
      expect.stringMatching(/^BatchGetItem/),
    ]);
  }
  meter.take();
  await askFor(world.origin);
  expect(meter.take().commands).toEqual([expect.stringMatching(/^GetItem/)]);
});

const TRIES = 1_000;

test('requests that are refused leave on a step too: a number out of turn costs no work and must tell nothing', async () => {
  const payload = await aPlainPayload(hidden, 7);
  const body = await aRequest(world.origin, hidden, 'post', payload);
  // The quickest of some, because a busy machine is slow enough by itself.
  const took: number[] = [];
  for (let tries = 0; tries < 12; tries += 1) {
    const began = performance.now();
    expect((await send(world, body)).json.code).toBe('number_skipped');
    took.push(performance.now() - began);
  }
  expect(Math.min(...took)).toBeGreaterThanOrEqual(EVEN_MS);
});

/** Milliseconds of one opening, for a request that was made before. */
async function timeOf(body: string, more?: () => Promise<unknown>): Promise<number> {
  const began = performance.now();
  const response = await world.post('/api/letters/open', body);
  await response.arrayBuffer();
  await more?.();
  return performance.now() - began;
}

/**
 * How surely the first of each pair takes longer (or less long) than the second: the signed ranks of the
 * differences (Wilcoxon), in standard deviations from where they lie when both are of one kind. Pairs are
 * measured beside each other, so that whatever else this machine does falls on both.
 */
function apart(first: readonly number[], second: readonly number[]): number {
  const differences = first.map((value, index) => value - (second[index] ?? 0));
  const ranked = differences.sort((a, b) => Math.abs(a) - Math.abs(b));
  const sum = ranked.reduce((total, each, index) => total + Math.sign(each) * (index + 1), 0);
  const n = ranked.length;
  return Math.abs(sum) / Math.sqrt((n * (n + 1) * (2 * n + 1)) / 6);
}

/** Six deviations never come by chance: once in five hundred million runs. */
const NOISE = 6;

test('a thousand openings of each take the same time within noise, and one read more would be seen', async () => {
  const bodyOf = async (mailbox: Mailbox) =>
    JSON.stringify(await aRequest(world.origin, mailbox, 'open', {}));
  const [nobodys, anothers, hers] = [
    await bodyOf(unknown),
    await bodyOf(another),
    await bodyOf(hidden),
  ];
  const kinds = {
    unknown: () => timeOf(nobodys),
    another: () => timeOf(anothers),
    hidden: () => timeOf(hers),
    // The control: as if the server looked at one row more for a mailbox that somebody has used.
    oneReadMore: () => timeOf(nobodys, () => getHead(world.deps.database, unknown.id)),
  };
  const names = Object.keys(kinds) as (keyof typeof kinds)[];
  const took: Record<keyof typeof kinds, number[]> = {
    unknown: [],
    another: [],
    hidden: [],
    oneReadMore: [],
  };
  for (const name of names) for (let warm = 0; warm < 20; warm += 1) await kinds[name]();
  for (let round = 0; round < TRIES; round += 1) {
    // Each kind comes after each other one equally often.
    const order = names.map(
      (_, step) => names[(step * (round % 2 ? 3 : 1) + round) % names.length],
    );
    await Promise.all(
      order.map(async (name) => {
        if (name) took[name].push(await kinds[name]());
      }),
    );
  }
  expect(apart(took.unknown, took.another)).toBeLessThan(NOISE);
  expect(apart(took.hidden, took.unknown)).toBeLessThan(NOISE);
  expect(apart(took.hidden, took.another)).toBeLessThan(NOISE);
  expect(apart(took.oneReadMore, took.unknown)).toBeGreaterThan(NOISE);
}, 400_000);
