/**
 * A desk and its letters, over HTTP: read and answered with four eyes, by one only with a reason, noted,
 * closed, received as a report; whoever was not granted the desk learns of nothing; the clock wakes people.
 */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { KeyList } from '../../../functions/keys/key-list.ts';
import type { Queue, Report, Reports } from '../../../functions/letters/desk-model.ts';
import type { Client } from '../../../site/src/letters/client.ts';
import {
  aDesk,
  aMailbox,
  aReportId,
  believesMembers,
  clientOf,
  readMailbox,
  withDemoKeys,
  write,
} from '../../support/letters.ts';
import { rowsOf } from '../../support/raw-tables.ts';
import { BEGINNING, startWorld, type World } from '../../support/world.ts';

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

const URGENT = { urgency: 'now' } as const;

test('a letter is answered by two: one proposes, another sends, and its writer can tell who signed', async () => {
  const mailbox = await aMailbox();
  await write(client, mailbox, list, 'きいてほしいことがあります。');
  const opened = await worker.open(mailbox.id);
  expect(opened.status).toBe(200);
  const [first] = (await worker.read(opened.json)).letters;
  expect(first?.content?.text).toBe('きいてほしいことがあります。');

  const proposed = await worker.draft(mailbox.id, 'よく書いてくれました。');
  expect(proposed.json.head.draft).toBe('proposed');
  const alone = await worker.reply(proposed.json, 'よく書いてくれました。');
  expect(alone).toMatchObject({ status: 409, json: { code: 'second_member_needed' } });
  const sent = await second.reply((await second.open(mailbox.id)).json, 'よく書いてくれました。');
  expect(sent.status).toBe(200);
  expect(sent.json.draft).toBeUndefined();
  expect(sent.json.head.waitingSince).toBeUndefined();

  const read = await readMailbox(client, mailbox, list);
  expect(read.faults).toEqual([]);
  expect(read.letters.map(({ content }) => content?.text)).toEqual([
    'きいてほしいことがあります。',
    'よく書いてくれました。',
  ]);
});

test('who changes a draft becomes its author, and then needs somebody else', async () => {
  const mailbox = await aMailbox();
  await write(client, mailbox, list, 'あのね');
  await worker.draft(mailbox.id, '一');
  const changed = await second.draft(mailbox.id, '一と二', 1);
  expect(changed.json.draft).toMatchObject({ version: 2, author: 'soudan' });
  expect(await second.reply(changed.json, '一と二')).toMatchObject({ status: 409 });
  const stale = await worker.draft(mailbox.id, '三', 1);
  expect(stale).toMatchObject({ status: 409, json: { code: 'draft_changed' } });
  expect(await worker.reply(changed.json, '一と二')).toMatchObject({ status: 200 });
});

test('an urgent letter may be answered by one with a reason, and somebody else looks afterwards', async () => {
  const mailbox = await aMailbox();
  await write(client, mailbox, list, 'たすけて', { header: URGENT });
  const drafted = await worker.draft(mailbox.id, 'ここにいます。');
  expect(await worker.reply(drafted.json, 'ここにいます。')).toMatchObject({ status: 409 });
  const sent = await worker.reply(drafted.json, 'ここにいます。', { alone: 'asked_now' });
  expect(sent.json.head.reviewDue).toBe(true);
  const review = { round: 1, number: 1 };
  const path = `/api/staff/letters/${mailbox.id}/review`;
  expect(await worker.ask('POST', path, review)).toMatchObject({ status: 409 });
  // A second answer by one is still to be looked at when the first has been.
  const { newest } = await readMailbox(client, mailbox, list);
  await write(client, mailbox, list, 'まだこわい', { number: 2, newest, header: URGENT });
  const again = await worker.draft(mailbox.id, 'まだいます。');
  await worker.reply(again.json, 'まだいます。', { alone: 'asked_now' });
  const one = await second.ask('POST', path, review);
  expect(one).toMatchObject({ status: 200, json: { head: { reviewDue: true } } });
  const reviewed = await second.ask('POST', path, { ...review, number: 2 });
  expect(reviewed).toMatchObject({ status: 200, json: { head: { reviewDue: false } } });
});

test('a letter that came while an answer was written still waits after it', async () => {
  const mailbox = await aMailbox();
  await write(client, mailbox, list, 'ひとつめ');
  const drafted = await worker.draft(mailbox.id, 'よみました');
  const { newest } = await readMailbox(client, mailbox, list);
  world.clock.advance(60_000);
  await write(client, mailbox, list, 'ふたつめ', { number: 2, newest });
  const seen = (await second.open(mailbox.id)).json;
  const old = { ...seen, head: { ...seen.head, receivedAt: drafted.json.head.receivedAt } };
  const sent = await second.reply(old, 'よみました');
  expect(sent.json.head.waitingSince).toBe(seen.head.receivedAt);
  expect(sent.json.head.unopenedSince).toBe(seen.head.receivedAt);
});

test('the same answer again is one answer, and other bytes under its number are refused', async () => {
  const mailbox = await aMailbox();
  await write(client, mailbox, list, 'いちど');
  const drafted = await worker.draft(mailbox.id, 'はい');
  const sent = await second.reply(drafted.json, 'はい');
  const sealed = sent.json.rounds[0]?.letters.find(({ direction }) => direction === 'out')?.sealed;
  const again = await second.reply(drafted.json, 'はい', { ...(sealed ? { sealed } : {}) });
  expect(again).toMatchObject({ status: 200, json: { head: { letters: { out: 1 } } } });
  expect(await second.reply(drafted.json, 'ちがう')).toMatchObject({
    status: 409,
    json: { code: 'number_taken' },
  });
});

describe('who was not granted the desk', () => {
  test('sees an empty queue, and a letter as if there were none', async () => {
    const mailbox = await aMailbox();
    await write(client, mailbox, list, 'ないしょ');
    const stranger = aDesk(world, 'teens_worker', 'nobody');
    expect(await stranger.queue()).toMatchObject({ status: 200, json: { desks: [], items: [] } });
    const nowhere = await aMailbox();
    const steps: readonly [string, string, unknown?][] = [
      ['GET', ''],
      [
        'POST',
        '/draft',
        { seen: 0, state: 'writing', sealed: await worker.sealed(mailbox.id, 'draft', 'x') },
      ],
      ['POST', '/notes', { sealed: await worker.sealed(mailbox.id, 'note', 'x') }],
      ['POST', '/assign', { assignee: null }],
      ['POST', '/close', { outcome: 'advised', seen: 1 }],
      [
        'POST',
        '/opened',
        { round: 1, through: 1, receivedAt: BEGINNING.toISOString(), unopenable: [] },
      ],
      ['POST', '/review', { round: 1, number: 1 }],
      [
        'POST',
        '/report',
        { reportId: aReportId('x'), round: 1, letters: [1], text: 'x', reason: 'x' },
      ],
    ];
    for (const [method, step, body] of steps) {
      const known = await stranger.ask<object>(
        method,
        `/api/staff/letters/${mailbox.id}${step}`,
        body,
      );
      const unknown = await stranger.ask<object>(
        method,
        `/api/staff/letters/${nowhere.id}${step}`,
        body,
      );
      expect(known.status).toBe(404);
      expect({ ...known.json, requestId: '' }).toEqual({ ...unknown.json, requestId: '' });
    }
  });

  test('finds no letter by its number', async () => {
    const mailbox = await aMailbox();
    const { conversation } = await write(client, mailbox, list, 'ばんごう');
    const path = `/api/staff/letters?number=${conversation.toLowerCase().replaceAll('-', ' ')}`;
    expect((await worker.ask<Queue>('GET', path)).json.items).toHaveLength(1);
    const stranger = aDesk(world, 'center_head', 'nobody');
    expect((await stranger.ask<Queue>('GET', path)).json.items).toEqual([]);
  });
});

test('a letter received as a report keeps the instant at which it reached the centre', async () => {
  const mailbox = await aMailbox();
  const { receivedAt } = await write(client, mailbox, list, '家でたたかれます。');
  world.clock.advance(3_600_000);
  const path = `/api/staff/letters/${mailbox.id}/report`;
  const body = {
    reportId: aReportId('once'),
    round: 1,
    letters: [1],
    text: '家でたたかれます。',
    reason: '体に傷があると書かれている',
  };
  const received = await worker.ask<Report>('POST', path, body);
  expect(received).toMatchObject({
    status: 201,
    json: { receivedAt, recognisedAt: world.clock.now().toISOString(), reader: 'teens' },
  });
  const { json } = await second.ask<Reports>('GET', '/api/staff/reports');
  expect(json.reports.map(({ reportId }) => reportId)).toContain(received.json.reportId);
  expect(await worker.ask('GET', '/api/staff/reports')).toMatchObject({ status: 403 });
  // Whoever opens the conversation sees that its hours run already.
  expect((await second.open(mailbox.id)).json.head.reported).toEqual({
    at: received.json.recognisedAt,
    by: 'teens',
  });
  const unknown = await worker.ask('POST', path, { ...body, letters: [7] });
  expect(unknown).toMatchObject({ status: 409, json: { code: 'not_possible_now' } });
});

test('a report whose answer was lost is one record, however often and by how many tabs it is sent again', async () => {
  const mailbox = await aMailbox();
  await write(client, mailbox, list, '家でたたかれます。');
  const other = await aMailbox();
  await write(client, other, list, '同じときにとどいた手紙');
  const path = `/api/staff/letters/${mailbox.id}/report`;
  const body = {
    reportId: aReportId('again'),
    round: 1,
    letters: [1, 1],
    text: 'x',
    reason: 'x',
  };
  const first = await worker.ask<Report>('POST', path, body);
  expect(first).toMatchObject({ status: 201, json: { source: { letters: [1] } } });
  world.clock.advance(60_000);
  const more = await Promise.all(
    Array.from({ length: 5 }, () => worker.ask<Report>('POST', path, body)),
  );
  for (const answer of more) expect(answer).toEqual(first);
  const { json } = await second.ask<Reports>('GET', '/api/staff/reports');
  expect(json.reports.filter(({ reportId }) => reportId === body.reportId)).toHaveLength(1);

  // Another conversation cannot be given the record of this one.
  const elsewhere = `/api/staff/letters/${other.id}/report`;
  expect(await worker.ask('POST', elsewhere, body)).toMatchObject({ status: 409 });
});

test('closing asks for the newest state, and a further letter opens the conversation again', async () => {
  const mailbox = await aMailbox();
  await write(client, mailbox, list, 'おわり');
  const path = `/api/staff/letters/${mailbox.id}/close`;
  const { revision } = (await worker.open(mailbox.id)).json.head;
  const { newest } = await readMailbox(client, mailbox, list);
  await write(client, mailbox, list, 'まだあった', { number: 2, newest });
  const stale = await worker.ask('POST', path, { outcome: 'advised', seen: revision });
  expect(stale).toMatchObject({ status: 409, json: { code: 'not_possible_now' } });
  const closed = await worker.ask('POST', path, { outcome: 'advised', seen: revision + 1 });
  expect(closed).toMatchObject({ status: 200, json: { head: { closed: { outcome: 'advised' } } } });
  const after = await readMailbox(client, mailbox, list);
  await write(client, mailbox, list, 'また書きます', { number: 3, newest: after.newest });
  const { head } = (await worker.open(mailbox.id)).json;
  expect(head.closed).toBeUndefined();
  expect(head.waitingSince).toBeDefined();
});

describe('the clock', () => {
  test('wakes the telephone on duty at once for an urgent letter, and says nothing of it', async () => {
    const mailbox = await aMailbox();
    const before = world.mails.length;
    const { conversation } = await write(client, mailbox, list, 'いますぐ', { header: URGENT });
    await world.settle();
    const mails = world.mails.slice(before);
    expect(mails).toHaveLength(1);
    expect(mails[0]?.to).toBe(world.deps.letters.dutyMail);
    const all = JSON.stringify(mails);
    for (const word of ['いますぐ」の手紙', conversation, mailbox.id, '相談', 'ティーンズ']) {
      expect(all).not.toContain(word);
    }
  });

  test('tells of a letter that nobody has opened within its hours, weekend or not, until somebody has', async () => {
    const mailbox = await aMailbox();
    // 土曜の夜に届く。日曜と月曜は休み。
    world.clock.set('2026-12-12T12:00:00.000Z');
    await world.runClock();
    await write(client, mailbox, list, '週末');
    const mailsBy = async (hours: number) => {
      world.clock.set(new Date(Date.parse('2026-12-12T12:00:00.000Z') + hours * 3_600_000));
      const before = world.mails.length;
      await world.runClock();
      return world.mails.slice(before).filter(({ subject }) => subject.includes('開かれていない'));
    };
    const hours = world.deps.letters.desks.teens.unopenedHours;
    expect(hours).toBeLessThanOrEqual(24);
    await mailsBy(hours - 0.1);
    const told = await mailsBy(hours + 0.1);
    expect(told.length).toBeGreaterThan(0);
    const again = await mailsBy(hours + 7);
    expect(again.length).toBeGreaterThan(0);

    const { head } = (await worker.open(mailbox.id)).json;
    const body = { round: 1, through: 1, receivedAt: head.receivedAt, unopenable: [] };
    await worker.ask('POST', `/api/staff/letters/${mailbox.id}/opened`, body);
    const { head: after } = (await worker.open(mailbox.id)).json;
    expect(after.unopenedSince).toBeUndefined();
    expect(after.waitingSince).toBe(head.receivedAt);
  });

  test('a letter that could not be opened keeps waiting, and its writer is told', async () => {
    const mailbox = await aMailbox();
    await write(client, mailbox, list, 'あかない');
    const { head } = (await worker.open(mailbox.id)).json;
    const body = { round: 1, through: 1, receivedAt: head.receivedAt, unopenable: [1] };
    await worker.ask('POST', `/api/staff/letters/${mailbox.id}/opened`, body);
    expect((await worker.open(mailbox.id)).json.head.unopenedSince).toBeDefined();
    expect((await client.open(mailbox)).unopenable).toEqual([1]);
  });

  test('a letter that its writer hid before anybody opened it still wakes somebody', async () => {
    const mailbox = await aMailbox();
    await write(client, mailbox, list, 'かくす');
    await client.hide(mailbox);
    const { head, rounds } = (await worker.open(mailbox.id)).json;
    expect(head).toMatchObject({ round: 2, letters: { in: 0 } });
    expect(head.unopenedSince).toBeDefined();
    expect(rounds[0]?.letters).toHaveLength(1);
  });
});

test('who hides everything is not told of answers any more', async () => {
  const mailbox = await aMailbox();
  const notice = 'hidden@mail.example.jp';
  await write(client, mailbox, list, 'しらせて', { notice });
  await client.hide(mailbox);
  expect(await rowsOf(world, 'notices')).not.toContainEqual(
    expect.objectContaining({ email: notice }),
  );
  await write(client, mailbox, list, 'はじめから');
  await worker.draft(mailbox.id, 'はい');
  const sent = await second.reply((await second.open(mailbox.id)).json, 'はい');
  expect(sent.status).toBe(200);
  await world.settle();
  expect(world.mails.filter(({ to }) => to === notice)).toEqual([]);
});

test('hiding silences no alarm: what nobody could open goes on waiting in a round that was hidden', async () => {
  const mailbox = await aMailbox();
  await write(client, mailbox, list, 'ほかの鍵あて', { header: URGENT });
  const path = `/api/staff/letters/${mailbox.id}/opened`;
  const first = (await worker.open(mailbox.id)).json.head;
  await worker.ask('POST', path, {
    ...{ round: 1, through: 1, receivedAt: first.receivedAt, unopenable: [1] },
  });
  await client.hide(mailbox);
  const { head } = (await worker.open(mailbox.id)).json;
  const look = { round: 2, through: 0, receivedAt: head.receivedAt, unopenable: [] };
  // A look that says nothing of what was hidden, and one that says that it could not be opened.
  for (const body of [look, { ...look, hiddenOpened: false }]) {
    await worker.ask('POST', path, body);
    expect((await worker.open(mailbox.id)).json.head.unopenedSince).toBe(head.unopenedSince);
  }
  expect(head.unopenedSince).toBe(first.receivedAt);
  world.clock.advance(world.deps.letters.urgentHours * 3_600_000 + 60_000);
  const before = world.mails.length;
  await world.runClock();
  const told = world.mails
    .slice(before)
    .filter(({ subject }) => subject.includes('開かれていない'));
  expect(told.length).toBeGreaterThan(0);
  await second.ask('POST', path, { ...look, hiddenOpened: true });
  expect((await worker.open(mailbox.id)).json.head.unopenedSince).toBeUndefined();
});

test('who asked to be told is told once, by a mail that could be about anything', async () => {
  const mailbox = await aMailbox();
  await write(client, mailbox, list, 'しらせて', { notice: 'someone@mail.example.jp' });
  await worker.draft(mailbox.id, 'はい');
  const sent = await second.reply((await second.open(mailbox.id)).json, 'はい');
  await world.settle();
  const drafted = await worker.draft(mailbox.id, 'もうひとつ');
  await second.reply(drafted.json, 'もうひとつ');
  await world.settle();
  expect(sent.status).toBe(200);
  const mails = world.mails.filter(({ to }) => to === 'someone@mail.example.jp');
  expect(mails).toHaveLength(1);
  expect(mails[0]?.fromName).toBe(world.deps.letters.noticeFromName);
  expect(mails[0]?.fromName).not.toContain(world.deps.centre.neutralName);
});
