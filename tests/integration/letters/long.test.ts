/**
 * A conversation of any length can be opened, read to its beginning and worked with: no answer of a Lambda
 * may pass 6 MB, and whoever has the words can write as many letters as they like.
 */
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { KeyList } from '../../../functions/keys/key-list.ts';
import { LONGEST_TEXT } from '../../../functions/letters/content.ts';
import type { Conversation } from '../../../functions/letters/desk-model.ts';
import type { Mailbox } from '../../../functions/letters/receipt.ts';
import { hashOf } from '../../../functions/letters/signing.ts';
import { getHead, putHead, putLetter } from '../../../functions/letters/store.ts';
import { notesOlderThan, olderThan, withOlder } from '../../../site/src/desk/letters-pages.ts';
import type { Client } from '../../../site/src/letters/client.ts';
import {
  aDesk,
  aLetter,
  aMailbox,
  believesMembers,
  clientOf,
  sealFrom,
  withDemoKeys,
  write,
} from '../../support/letters.ts';
import { startWorld, type World } from '../../support/world.ts';

/** Well below the end of what a Lambda can answer with. */
const MOST_BYTES = 4_500_000;
const LONG = 'あ'.repeat(7_000);

let world: World;
let client: Client;
let list: KeyList;
let worker: ReturnType<typeof aDesk>;
let second: ReturnType<typeof aDesk>;

beforeAll(async () => {
  world = await startWorld({ overrides: believesMembers });
  client = clientOf(world.origin);
  list = await withDemoKeys(world);
  worker = aDesk(world, 'teens_worker', 'teens');
  second = aDesk(world, 'family_worker', 'soudan');
});
afterAll(() => world.stop());

/** Letters of the largest size on top of what is there, as they are stored once their questions were solved. */
async function flood(mailbox: Mailbox, recipient: string, count: number): Promise<void> {
  const { database } = world.deps;
  const head = await getHead(database, mailbox.id);
  if (!head) throw new Error('No such mailbox');
  const opened = await worker.open(mailbox.id);
  let { in: before } = (await worker.read(opened.json)).newest;
  const first = head.letters.in + 1;
  for (let number = first; number < first + count; number += 1) {
    world.clock.advance(1_000);
    const at = world.clock.now().toISOString();
    const content = aLetter(mailbox, { number, text: LONG, before: { in: before, out: null } });
    const sealed = await sealFrom(mailbox, content, recipient);
    const hash = hashOf(sealed);
    before = { number, hash };
    await database.transact([
      putLetter(database, mailbox.id, {
        ...{ direction: 'in', round: head.round, number, at, sealed, hash, attachments: [] },
      }),
    ]);
  }
  const receivedAt = world.clock.now().toISOString();
  const letters = { ...head.letters, in: first + count - 1 };
  const next = { ...head, letters, receivedAt, revision: head.revision + 1 };
  await database.transact([putHead(database, next, head.revision)]);
}

/** Turns back to the beginning, as the desk's screen does. */
async function turnBack(newest: Conversation): Promise<Conversation> {
  const path = `/api/staff/letters/${newest.head.mailbox}`;
  let held = newest;
  for (;;) {
    const before = olderThan(held.rounds);
    const notesBefore = notesOlderThan(held);
    if (before === undefined && notesBefore === undefined) return held;
    const asked = { ...(before ? { before } : {}), ...(notesBefore ? { notesBefore } : {}) };
    const page = await worker.ask<Conversation>('GET', `${path}?${new URLSearchParams(asked)}`);
    expectSmall(page);
    held = withOlder(held, page.json, asked);
  }
}

function expectSmall({ status, json }: { readonly status: number; readonly json: unknown }): void {
  expect(status).toBe(200);
  expect(JSON.stringify(json).length).toBeLessThan(MOST_BYTES);
}

const numbersIn = ({ rounds }: Conversation) =>
  rounds.map(({ round, letters }) => [
    round,
    letters.filter(({ direction }) => direction === 'in').map(({ number }) => number),
  ]);
const upTo = (count: number) => Array.from({ length: count }, (_, index) => index + 1);

test('a letter under seventy-four long ones is read, and every step with them is answered', async () => {
  const mailbox = await aMailbox();
  await write(client, mailbox, list, 'これがほんとうの手紙です。', { header: { urgency: 'now' } });
  const recipient = list.epochs.find(({ desk }) => desk === 'teens')?.recipient ?? '';
  await flood(mailbox, recipient, 39);
  await client.hide(mailbox);
  await write(client, mailbox, list, 'また、はじめから。', { header: { urgency: 'now' } });
  await flood(mailbox, recipient, 34);

  const opened = await worker.open(mailbox.id);
  expectSmall(opened);
  const all = await turnBack(opened.json);
  expect(numbersIn(all)).toEqual([
    [1, upTo(40)],
    [2, upTo(35)],
  ]);
  for (const round of all.rounds) {
    const { letters, faults } = await worker.read({ ...all, rounds: [round] });
    expect(faults).toEqual([]);
    expect(letters.map(({ fault }) => fault).filter(Boolean)).toEqual([]);
  }
  // What was fetched of it fits together by itself.
  expect((await worker.read(opened.json)).faults).toEqual([]);

  const path = `/api/staff/letters/${mailbox.id}`;
  const notes: string[] = [];
  for (let note = 1; note <= 23; note += 1) {
    world.clock.advance(1_000);
    const sealed = await worker.sealed(mailbox.id, 'note', 'め'.repeat(LONGEST_TEXT));
    const noted = await worker.ask<Conversation>('POST', `${path}/notes`, { sealed });
    expectSmall(noted);
    notes.push(noted.json.notes.at(-1)?.noteId ?? '');
  }
  const drafted = await worker.draft(mailbox.id, LONG);
  expectSmall(drafted);
  const { head } = drafted.json;
  const { round, receivedAt } = head;
  const seen = { round, through: 35, receivedAt, unopenable: [], hiddenOpened: true };
  expectSmall(await worker.ask('POST', `${path}/opened`, seen));
  expectSmall(await worker.ask('POST', `${path}/assign`, { assignee: 'teens' }));
  const sent = await worker.reply(drafted.json, LONG, { alone: 'life_at_risk' });
  expectSmall(sent);
  expectSmall(await second.ask('POST', `${path}/review`, { round, number: 1 }));
  const { revision } = (await worker.open(mailbox.id)).json.head;
  const closed = await worker.ask<Conversation>('POST', `${path}/close`, {
    outcome: 'advised',
    seen: revision,
  });
  expectSmall(closed);
  const whole = await turnBack(closed.json);
  expect(whole.notes.map(({ noteId }) => noteId)).toEqual(notes);
  expect(numbersIn(whole)).toEqual(numbersIn(all));
});

test('many rounds of one letter each are turned back through to the first', async () => {
  const mailbox = await aMailbox();
  for (let round = 1; round <= 23; round += 1) {
    world.clock.advance(60_000);
    await write(client, mailbox, list, `${round}回目`);
    if (round < 23) await client.hide(mailbox);
  }
  const opened = await worker.open(mailbox.id);
  expect(opened.json.rounds).toHaveLength(10);
  expect(numbersIn(await turnBack(opened.json))).toEqual(upTo(23).map((round) => [round, [1]]));
});
