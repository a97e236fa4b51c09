/**
 * The audit of letters: an open screen leaves one line an hour and not a thousand a day, nothing is shown
 * without its line, and lines about a desk are read by whoever was granted it.
 */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Audit } from '../../../functions/audit/model.ts';
import type { KeyList } from '../../../functions/keys/key-list.ts';
import type { Queue } from '../../../functions/letters/desk-model.ts';
import type { LetterDesk } from '../../../functions/letters/model.ts';
import { conversationNumber } from '../../../functions/letters/signing.ts';
import type { Client } from '../../../site/src/letters/client.ts';
import { type CapacityMeter, meterCapacity } from '../../support/capacity.ts';
import {
  aDesk,
  aMailbox,
  asMember,
  believesMembers,
  clientOf,
  withDemoKeys,
  write,
} from '../../support/letters.ts';
import { rowsUnder } from '../../support/raw-tables.ts';
import { startWorld, type World } from '../../support/world.ts';

let world: World;
let client: Client;
let list: KeyList;
let meter: CapacityMeter;
let worker: ReturnType<typeof aDesk>;
let second: ReturnType<typeof aDesk>;
/** While it is set, the table of the audit cannot be written. */
let auditIsAway = false;

beforeAll(async () => {
  world = await startWorld({ stream: false, overrides: believesMembers });
  client = clientOf(world.origin);
  list = await withDemoKeys(world);
  worker = aDesk(world, 'teens_worker', 'teens');
  second = aDesk(world, 'family_worker', 'soudan');
  const { middlewareStack } = world.deps.database.client;
  middlewareStack.add(
    (next) => (args) => {
      if (auditIsAway && JSON.stringify(args.input).includes('-audit"')) throw new Error('Away');
      return next(args);
    },
    { step: 'initialize' },
  );
  meter = meterCapacity(world.deps.database.client);
});
afterAll(() => world.stop());

const HOUR_MS = 3_600_000;

const linesOf = (day: string, desk: LetterDesk = 'teens') =>
  rowsUnder(world, 'audit', `LETTERS#${desk}#${day}`);

/** At the beginning of a day in Tokyo on which nothing has been done yet. */
function beginDay(day: string): void {
  world.clock.set(`${day}T00:00:00+09:00`);
}

describe('an open screen', () => {
  test('leaves one line for each member, desk and hour, however often it asks', async () => {
    beginDay('2026-12-02');
    await write(client, await aMailbox(), list, 'ひとつめ');
    for (let poll = 0; poll < 120; poll += 1) {
      expect((await worker.queue()).status).toBe(200);
      world.clock.advance(30_000);
    }
    const lines = await linesOf('2026-12-02');
    expect(lines).toHaveLength(1);
    expect(lines[0]).toMatchObject({
      action: 'letters_listed',
      actor: 'teens',
      people: 1,
      at: '2026-12-01T15:00:00.000Z',
    });

    // Another member, another desk, another hour: each is a line of its own.
    world.clock.set('2026-12-01T15:59:59.999Z');
    await second.queue();
    await aDesk(world, 'family_worker', 'soudan', 'general').queue();
    expect(await linesOf('2026-12-02')).toHaveLength(2);
    expect(await linesOf('2026-12-02', 'general')).toHaveLength(1);
    world.clock.set('2026-12-01T16:00:00.000Z');
    await worker.queue();
    expect(await linesOf('2026-12-02')).toHaveLength(3);
  });

  test('changes nothing of the line that is there, though more is shown by then', async () => {
    beginDay('2026-12-03');
    await worker.queue();
    const before = await linesOf('2026-12-03');
    await write(client, await aMailbox(), list, 'あとから来た手紙');
    world.clock.advance(HOUR_MS / 2);
    await worker.queue();
    expect(await linesOf('2026-12-03')).toEqual(before);
  });

  test('reads nothing more for it than it did before: a grant, the queue, and one write', async () => {
    beginDay('2026-12-04');
    const costs: (readonly string[])[] = [];
    for (let poll = 0; poll < 2; poll += 1) {
      meter.take();
      await worker.queue();
      costs.push(meter.take().commands);
    }
    // A put whose condition did not hold throws, and is not counted.
    expect(costs).toEqual([
      [
        expect.stringMatching(/^Query/),
        expect.stringMatching(/^Query/),
        expect.stringMatching(/^PutItem/),
      ],
      [expect.stringMatching(/^Query/), expect.stringMatching(/^Query/)],
    ]);
  });

  test('shows nothing while the line cannot be written, in whatever part of the hour', async () => {
    beginDay('2026-12-05');
    await worker.queue();
    auditIsAway = true;
    try {
      const { status, json } = await worker.queue();
      expect(status).toBeGreaterThanOrEqual(500);
      expect(JSON.stringify(json)).not.toContain('mailbox');
    } finally {
      auditIsAway = false;
    }
  });

  test('but who looks for a number is written down each time', async () => {
    beginDay('2026-12-06');
    const { conversation } = await write(client, await aMailbox(), list, 'ばんごう');
    for (let tries = 0; tries < 3; tries += 1) {
      const found = await worker.ask<Queue>('GET', `/api/staff/letters?number=${conversation}`);
      expect(found.json.items).toHaveLength(1);
    }
    expect(await linesOf('2026-12-06')).toHaveLength(3);
  });
});

describe('who reads it', () => {
  const audit = async (subject: string, query: string, role = 'center_head' as const) => {
    meter.take();
    const response = await fetch(`${world.origin}/api/staff/audit?${query}`, {
      headers: asMember(role, subject),
    });
    const text = await response.text();
    return {
      status: response.status,
      text,
      json: JSON.parse(text) as Audit,
      commands: meter.take().commands,
    };
  };

  test('sees the lines of a granted desk, with numbers of conversations and no id of a mailbox', async () => {
    beginDay('2026-12-08');
    const mailbox = await aMailbox();
    await write(client, mailbox, list, 'よんでください');
    await worker.open(mailbox.id);
    world.clock.advance(60_000);
    await worker.draft(mailbox.id, 'はい。');
    const { json, text } = await audit('center', 'day=2026-12-08&desk=teens');
    expect(json.desks).toEqual(['teens', 'general']);
    const told = json.rows.map(({ action, actor, subject }) => [action, actor, subject]);
    expect(told).toContainEqual(['letter_read', 'teens', conversationNumber(mailbox.id)]);
    expect(told).toContainEqual(['letter_drafted', 'teens', conversationNumber(mailbox.id)]);
    expect(text).not.toContain(mailbox.id);
    // Reading it is a line of it, there and not among those of courses.
    expect(told).toContainEqual(['audit_read', 'center', '2026-12-08']);
    const times = json.rows.map(({ at }) => at);
    expect(times).toEqual([...times].sort().reverse());
    const rest = await audit('center', 'day=2026-12-08');
    expect(rest.json.rows.map(({ action }) => action)).toEqual(['audit_read']);
    const other = await audit('center', 'day=2026-12-08&desk=general');
    expect(other.json.rows.map(({ action }) => action)).toEqual(['audit_read']);
  });

  test('reads a long day page by page, each line once, those of an hour among them', async () => {
    beginDay('2026-12-09');
    const { conversation } = await write(client, await aMailbox(), list, 'ながい一日');
    for (let look = 0; look < 230; look += 1) {
      world.clock.advance(30_000);
      if (look % 5 === 0) await worker.queue();
      await worker.ask('GET', `/api/staff/letters?number=${conversation}`);
    }
    const first = await audit('center', 'day=2026-12-09&desk=teens');
    expect(first.json.rows).toHaveLength(200);
    const from = encodeURIComponent(first.json.next ?? '');
    const rest = await audit('soudan', `day=2026-12-09&desk=teens&from=${from}`);
    const all = [...first.json.rows, ...rest.json.rows].filter(
      ({ action }) => action === 'letters_listed',
    );
    // Two hours were begun.
    expect(all).toHaveLength(230 + 2);
  });

  test('learns nothing of a desk that was not granted: with lines and without answer alike', async () => {
    beginDay('2026-12-10');
    await write(client, await aMailbox(), list, 'あります');
    await worker.queue();
    const empty = await audit('nobody', 'day=2026-12-10&desk=general');
    expect(empty).toMatchObject({ status: 200, text: '{"desks":[],"rows":[]}' });
    expect(await audit('nobody', 'day=2026-12-10&desk=teens')).toEqual(empty);
    expect(await audit('nobody', 'day=2026-01-01&desk=teens')).toEqual(empty);
    const from = encodeURIComponent(`2026-12-10T09:00:00.000Z#${'A'.repeat(22)}`);
    expect(await audit('nobody', `day=2026-12-10&desk=teens&from=${from}`)).toEqual(empty);

    // Who holds one desk learns nothing of the other.
    const aside = await aMailbox('general');
    await write(client, aside, list, 'べつの窓口');
    await aDesk(world, 'family_worker', 'soudan', 'general').open(aside.id);
    const teens = await audit('teens', 'day=2026-12-10&desk=general');
    expect(teens.text).toBe('{"desks":["teens"],"rows":[]}');
    expect(teens.commands).toEqual(empty.commands);
    const granted = await audit('center', 'day=2026-12-10&desk=general');
    expect(granted.json.rows.map(({ action }) => action)).toContain('letter_read');
    // The attempt is written down where the head of the centre reads of courses.
    const tried = await rowsUnder(world, 'audit', 'DAY#2026-12-10');
    expect(tried.filter(({ actor }) => actor === 'nobody')).toHaveLength(4);
  });

  test('holds the right to read the audit, and not only the desk', async () => {
    const response = await fetch(`${world.origin}/api/staff/audit?day=2026-12-08&desk=teens`, {
      headers: asMember('teens_worker', 'teens'),
    });
    expect(response.status).toBe(403);
  });
});
