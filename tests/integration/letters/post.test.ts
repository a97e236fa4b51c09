/**
 * Accepted once, stored once: however many send the same letter at once, however often answers are lost and
 * however busy the engine is, every accepted letter lies there once and its sender learns its number. What
 * is refused leaves nothing behind.
 */
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { KeyList } from '../../../functions/keys/key-list.ts';
import type { SignedRequest } from '../../../functions/letters/model.ts';
import type { Mailbox } from '../../../functions/letters/receipt.ts';
import { sealFor } from '../../../functions/letters/sealing.ts';
import { conversationNumber, signRequest, toBase64 } from '../../../functions/letters/signing.ts';
import { type Engine, startEngine } from '../../../infra/local/engine.ts';
import {
  type Accepted,
  type Answer,
  aPayload,
  aPlainPayload,
  aRequest,
  askFor,
  type Payload,
  problemsOfLetters,
  send,
} from '../../support/letter-requests.ts';
import { aMailbox, withDemoKeys } from '../../support/letters.ts';
import { allRows, rowsOf } from '../../support/raw-tables.ts';
import { unguarded, withoutPutCondition } from '../../support/unguarded.ts';
import { inParallel, startWorld, type World } from '../../support/world.ts';

const FINE = { lost: 0, doubled: 0, miscounted: 0 };

let engine: Engine;
let world: World;
let list: KeyList;
beforeAll(async () => {
  engine = await startEngine();
});
afterAll(() => engine.stop());
const begin = async () => {
  world = await startWorld({ engine, stream: false });
  list = await withDemoKeys(world);
};
const end = () => world.stop();

/** The document client's name, or the one beneath it. */
const isCommit = (name: unknown) => String(name).startsWith('TransactWrite');
const times = <T>(count: number, make: (index: number) => Promise<T>) =>
  Promise.all(Array.from({ length: count }, (_, index) => make(index)));
const letterRows = async () =>
  (await rowsOf(world, 'consultations')).filter(({ sk }) => sk.startsWith('LETTER#'));
const request = (mailbox: Mailbox, payload: object) =>
  aRequest(world.origin, mailbox, 'post', payload);
const codes = (answers: readonly Answer[]) => [
  ...new Set(answers.map(({ status, json }) => `${status} ${json.code ?? ''}`.trim())),
];
const acceptedOf = (mailbox: Mailbox, { number, sealed }: Payload): Accepted => ({
  mailbox: mailbox.id,
  number,
  sealed,
});

describe('the same letter', () => {
  beforeEach(begin);
  afterEach(end);

  test('fifty times at once, with one question: stored once, and all fifty learn its number', async () => {
    const mailbox = await aMailbox();
    const payload = await aPayload(mailbox, list);
    const body = await request(mailbox, payload);
    const answers = await times(50, () => send(world, body));
    expect(codes(answers)).toEqual(['201']);
    for (const { json } of answers) expect(json).toEqual(answers[0]?.json);
    expect(answers[0]?.json).toMatchObject({
      number: 1,
      conversation: conversationNumber(mailbox.id),
      receivedAt: world.clock.now().toISOString(),
    });
    expect(await letterRows()).toHaveLength(1);
    expect(await rowsOf(world, 'spent')).toHaveLength(1);
    expect(await problemsOfLetters(world, [acceptedOf(mailbox, payload)])).toEqual(FINE);
  });

  test('fifty times at once, each with a question of its own: stored once, and one question used', async () => {
    const mailbox = await aMailbox();
    const payload = await aPayload(mailbox, list);
    const bodies = await times(50, () => request(mailbox, payload));
    expect(new Set(bodies.map(({ signature }) => signature)).size).toBe(50);
    const answers = await times(50, (index) => send(world, bodies[index]));
    expect(codes(answers)).toEqual(['201']);
    expect(new Set(answers.map(({ json }) => json.number))).toEqual(new Set([1]));
    expect(await rowsOf(world, 'spent')).toHaveLength(1);
    expect(await problemsOfLetters(world, [acceptedOf(mailbox, payload)])).toEqual(FINE);
  });

  test('again later gets the first answer: with the same question, another one, or none solved', async () => {
    const mailbox = await aMailbox();
    const payload = await aPayload(mailbox, list);
    const body = await request(mailbox, payload);
    const first = await send(world, body);
    const before = await allRows(world);
    world.clock.advance(60_000);
    const { solution: _, ...unsolved } = await request(mailbox, payload);
    for (const again of [body, await request(mailbox, payload), unsolved]) {
      const { status, json } = await send(world, again);
      expect(status).toBe(201);
      const { number, conversation, receivedAt } = json;
      expect(first.json).toMatchObject({ number, conversation, receivedAt });
    }
    expect(await allRows(world)).toEqual(before);
  });

  test('after more than five minutes needs a new question, and then gets the first answer', async () => {
    const mailbox = await aMailbox();
    const payload = await aPayload(mailbox, list);
    const body = await request(mailbox, payload);
    const first = await send(world, body);
    world.clock.advance(5 * 60_000 + 1);
    expect(await send(world, body)).toMatchObject({
      status: 409,
      json: { code: 'challenge_stale' },
    });
    const renewed = await send(world, await request(mailbox, payload));
    expect(renewed).toMatchObject({ status: 201, json: { receivedAt: first.json.receivedAt } });
    expect(await problemsOfLetters(world, [acceptedOf(mailbox, payload)])).toEqual(FINE);
  });

  test('after its answer was lost on the way from the engine: told to try again, and then its number', async () => {
    const mailbox = await aMailbox();
    const payload = await aPayload(mailbox, list);
    const body = await request(mailbox, payload);
    const { client } = world.deps.database;
    let lost = 0;
    client.middlewareStack.add(
      (next, { commandName }) =>
        async (args) => {
          const result = await next(args);
          if (!isCommit(commandName) || lost > 0) return result;
          lost += 1;
          throw Object.assign(new Error('gone'), { name: 'TimeoutError' });
        },
      { step: 'initialize', name: 'lost' },
    );
    expect(await send(world, body)).toMatchObject({ status: 503, json: { code: 'busy' } });
    expect(lost).toBe(1);
    expect(await letterRows()).toHaveLength(1);
    expect(await send(world, body)).toMatchObject({ status: 201, json: { number: 1 } });
    expect(await problemsOfLetters(world, [acceptedOf(mailbox, payload)])).toEqual(FINE);
  });

  test('beside itself, where the engine says only that the question is used: still its number', async () => {
    // DynamoDB names a conflict on letter and head while a third request holds them, and on the question
    // the condition that the first has made false.
    const mailbox = await aMailbox();
    const payload = await aPayload(mailbox, list);
    const body = await request(mailbox, payload);
    let told = 0;
    world.deps.database.client.middlewareStack.add(
      (next, { commandName }) =>
        async (args) => {
          const result = await next(args);
          if (!isCommit(commandName) || told > 0) return result;
          told += 1;
          const reasons = ['TransactionConflict', 'TransactionConflict', 'ConditionalCheckFailed'];
          throw Object.assign(new Error('cancelled'), {
            name: 'TransactionCanceledException',
            CancellationReasons: [...reasons, 'None', 'None', 'None'].map((Code) => ({ Code })),
          });
        },
      { step: 'initialize', name: 'beside' },
    );
    expect(await send(world, body)).toMatchObject({ status: 201, json: { number: 1 } });
    expect(told).toBe(1);
    expect(await problemsOfLetters(world, [acceptedOf(mailbox, payload)])).toEqual(FINE);
  });
});

describe('different letters', () => {
  beforeEach(begin);
  afterEach(end);

  test('of fifty mailboxes at once: all fifty stored', async () => {
    const accepted = await times(50, async () => {
      const mailbox = await aMailbox();
      const payload = await aPayload(mailbox, list);
      const { status, json } = await send(world, await request(mailbox, payload));
      expect({ status, number: json.number }).toEqual({ status: 201, number: 1 });
      return acceptedOf(mailbox, payload);
    });
    expect(await letterRows()).toHaveLength(50);
    expect(await rowsOf(world, 'spent')).toHaveLength(50);
    expect(await problemsOfLetters(world, accepted)).toEqual(FINE);
  });

  /** Twenty tabs of one mailbox, each with its own first letter. */
  async function fromTwentyTabs() {
    const mailbox = await aMailbox();
    const payloads = await times(20, (index) => aPayload(mailbox, list, { text: `${index}` }));
    const bodies = await times(20, (index) => request(mailbox, payloads[index] as Payload));
    const answers = await times(20, (index) => send(world, bodies[index]));
    const accepted = payloads.filter((_, index) => answers[index]?.status === 201);
    return { answers, accepted: accepted.map((payload) => acceptedOf(mailbox, payload)) };
  }

  test('under one number, twenty at once: one is stored, and the others learn that it is taken', async () => {
    const { answers, accepted } = await fromTwentyTabs();
    expect(accepted).toHaveLength(1);
    expect(codes(answers).sort()).toEqual(['201', '409 number_taken']);
    expect(await problemsOfLetters(world, accepted)).toEqual(FINE);
  });

  test('negative control: with the conditions off, the same twenty lose letters, and this test sees it', async () => {
    await world.stop();
    world = await startWorld({
      engine,
      stream: false,
      overrides: ({ database }) => ({
        database: unguarded(
          database,
          // The demonstration's keys are stored as ever.
          (write) =>
            write.Put?.TableName === database.name('keys') ? write : withoutPutCondition(write),
          20,
        ),
      }),
    });
    list = await withDemoKeys(world);
    const { accepted } = await fromTwentyTabs();
    expect(accepted.length).toBeGreaterThan(1);
    const problems = await problemsOfLetters(world, accepted);
    expect(problems.lost).toBeGreaterThan(0);
    expect(problems.doubled).toBeGreaterThan(0);
  });

  test('one after another have their numbers, and none may be left out or given again', async () => {
    const mailbox = await aMailbox();
    const accepted: Accepted[] = [];
    for (const number of [1, 2, 3]) {
      const skipping = await aPlainPayload(mailbox, number + 1);
      expect(await send(world, await request(mailbox, skipping))).toMatchObject({
        status: 409,
        json: { code: 'number_skipped' },
      });
      const payload = await aPlainPayload(mailbox, number);
      expect(await send(world, await request(mailbox, payload))).toMatchObject({
        status: 201,
        json: { number },
      });
      accepted.push(acceptedOf(mailbox, payload));
      const other = await aPlainPayload(mailbox, number);
      expect(await send(world, await request(mailbox, other))).toMatchObject({
        status: 409,
        json: { code: 'number_taken' },
      });
    }
    expect(await problemsOfLetters(world, accepted)).toEqual(FINE);
  });

  test('with one question: the second is asked to solve another, and nothing of it is stored', async () => {
    const mailbox = await aMailbox();
    const asked = await askFor(world.origin);
    const [one, two] = [await aPlainPayload(mailbox, 1), await aPlainPayload(mailbox, 2)];
    await send(world, await aRequest(world.origin, mailbox, 'post', one, asked));
    const before = await allRows(world);
    const second = await aRequest(world.origin, mailbox, 'post', two, asked);
    expect(await send(world, second)).toMatchObject({
      status: 409,
      json: { code: 'challenge_used' },
    });
    const stranger = await aMailbox();
    const other = await aPlainPayload(stranger);
    const theirs = await aRequest(world.origin, stranger, 'post', other, asked);
    expect(await send(world, theirs)).toMatchObject({
      status: 409,
      json: { code: 'challenge_used' },
    });
    expect(await allRows(world)).toEqual(before);
    // A new one, and it goes.
    expect(await send(world, await request(mailbox, two))).toMatchObject({ status: 201 });
  });

  test('while the mailbox is hidden between looking and storing: stored in the new round', async () => {
    const mailbox = await aMailbox();
    const old = await aPlainPayload(mailbox, 1);
    await send(world, await request(mailbox, old));
    const second = await aPlainPayload(mailbox, 2);
    const anew = await aPlainPayload(mailbox, 1);
    const hide = await aRequest(world.origin, mailbox, 'hide', { hide: true });
    const bodies = [await request(mailbox, second), await request(mailbox, anew)];
    let isHidden = false;
    world.deps.database.client.middlewareStack.add(
      (next, { commandName }) =>
        async (args) => {
          if (isCommit(commandName) && !isHidden) {
            isHidden = true;
            expect((await send(world, hide, '/api/letters/hide')).status).toBe(200);
          }
          return next(args);
        },
      { step: 'initialize', name: 'hidden' },
    );
    // It was the second letter of a round that is over now.
    expect(await send(world, bodies[0])).toMatchObject({ json: { code: 'number_skipped' } });
    expect(await send(world, bodies[1])).toMatchObject({ status: 201, json: { number: 1 } });
    const accepted = [acceptedOf(mailbox, old), acceptedOf(mailbox, anew)];
    expect(await problemsOfLetters(world, accepted)).toEqual(FINE);
    expect((await letterRows()).map(({ round }) => round)).toEqual([1, 2]);
  });

  test('after the mailbox was hidden begin anew, and the old ones stay as they were', async () => {
    const mailbox = await aMailbox();
    const old = await aPlainPayload(mailbox, 1);
    const sent = await request(mailbox, old);
    await send(world, sent);
    const hide = await aRequest(world.origin, mailbox, 'hide', { hide: true });
    expect((await send(world, hide, '/api/letters/hide')).status).toBe(200);
    // The old request again cannot come back into the new round: its question is used.
    expect(await send(world, sent)).toMatchObject({
      status: 409,
      json: { code: 'challenge_used' },
    });
    const anew = await aPlainPayload(mailbox, 1);
    expect(await send(world, await request(mailbox, anew))).toMatchObject({
      status: 201,
      json: { number: 1 },
    });
    expect((await letterRows()).map(({ sk }) => sk)).toEqual([
      'LETTER#0001#in#000001',
      'LETTER#0002#in#000001',
    ]);
    const accepted = [acceptedOf(mailbox, old), acceptedOf(mailbox, anew)];
    expect(await problemsOfLetters(world, accepted)).toEqual(FINE);
  });
});

describe('a busy engine', () => {
  beforeEach(begin);
  afterEach(end);

  test('with nine of ten transactions ending in a conflict, every letter is stored once by who goes on asking', async () => {
    let conflicts = 0;
    let random = 1;
    world.deps.database.client.middlewareStack.add(
      (next, { commandName }) =>
        async (args) => {
          random = (random * 16_807) % 2_147_483_647;
          if (!isCommit(commandName) || random % 10 === 0) return next(args);
          conflicts += 1;
          throw Object.assign(new Error('conflict'), {
            name: 'TransactionCanceledException',
            CancellationReasons: [{ Code: 'TransactionConflict' }],
          });
        },
      { step: 'initialize', priority: 'low', name: 'conflicts' },
    );
    // Each letter is sent by two at once, as by a page that has lost patience.
    const accepted = await inParallel(
      20,
      Array.from({ length: 20 }, () => async () => {
        const mailbox = await aMailbox();
        const payload = await aPayload(mailbox, list);
        const body = await request(mailbox, payload);
        const untilTold = async () => {
          for (;;) {
            const answer = await send(world, body);
            if (answer.status !== 503) return answer;
          }
        };
        const answers = await times(2, untilTold);
        expect(codes(answers)).toEqual(['201']);
        return acceptedOf(mailbox, payload);
      }),
    );
    expect(conflicts).toBeGreaterThan(50);
    expect(await letterRows()).toHaveLength(20);
    expect(await problemsOfLetters(world, accepted)).toEqual(FINE);
  });
});

describe('what is refused leaves nothing behind', () => {
  beforeAll(begin);
  afterAll(end);

  const resigned = (body: SignedRequest, mailbox: Mailbox, changes: Partial<SignedRequest>) => {
    const next = { ...body, ...changes };
    const { nonce } = next.challenge.parameters;
    return {
      ...next,
      signature: signRequest(mailbox.signing, 'post', mailbox.id, nonce, next.payload),
    };
  };
  const sealedAs = async (sealed: Uint8Array, mailbox: Mailbox) =>
    request(mailbox, { ...(await aPlainPayload(mailbox)), sealed: toBase64(sealed) });
  const parameters = (body: SignedRequest, changes: object): SignedRequest => ({
    ...body,
    challenge: {
      ...body.challenge,
      parameters: { ...body.challenge.parameters, ...changes },
    },
  });
  type Spoil = (body: SignedRequest, mailbox: Mailbox) => unknown;

  const cases: readonly [string, number, string, Spoil][] = [
    ['no signature', 400, 'invalid_input', ({ signature: _, ...body }) => body],
    [
      'a signature that is none',
      403,
      'signature_wrong',
      (body) => ({ ...body, signature: 'A'.repeat(86) }),
    ],
    [
      'another mailbox’s signature',
      403,
      'signature_wrong',
      async (body) => ({ ...resigned(body, await aMailbox(), {}), keys: body.keys }),
    ],
    [
      'another mailbox’s keys',
      403,
      'signature_wrong',
      async (body) => {
        const { desk, verify, recipient } = await aMailbox();
        return { ...body, keys: { desk, verify, recipient } };
      },
    ],
    [
      'another recipient beside the key',
      403,
      'signature_wrong',
      async (body) => ({
        ...body,
        keys: { ...body.keys, recipient: (await aMailbox()).recipient },
      }),
    ],
    [
      'another desk beside the keys',
      403,
      'signature_wrong',
      (body) => ({ ...body, keys: { ...body.keys, desk: 'general' } }),
    ],
    [
      'a signature for another action',
      403,
      'signature_wrong',
      (body, mailbox) => ({
        ...body,
        signature: signRequest(
          mailbox.signing,
          'open',
          mailbox.id,
          body.challenge.parameters.nonce,
          body.payload,
        ),
      }),
    ],
    [
      'another payload than was signed',
      403,
      'signature_wrong',
      (body) => ({ ...body, payload: body.payload.replace('soon', 'now') }),
    ],
    [
      'a signature over another question',
      403,
      'signature_wrong',
      async (body) => ({ ...body, challenge: (await askFor(world.origin)).challenge }),
    ],
    [
      'a question that we did not ask',
      409,
      'challenge_stale',
      (body, mailbox) =>
        resigned(body, mailbox, { challenge: { ...body.challenge, signature: 'ab'.repeat(32) } }),
    ],
    [
      'a question that was made easier',
      409,
      'challenge_stale',
      (body, mailbox) => resigned(body, mailbox, parameters(body, { cost: 1 })),
    ],
    [
      'a question that was made younger',
      409,
      'challenge_stale',
      (body, mailbox) =>
        resigned(
          body,
          mailbox,
          parameters(body, { data: { at: '2026-12-01T03:04:00.000Z', level: 0 } }),
        ),
    ],
    ['no solution', 422, 'challenge_unsolved', ({ solution: _, ...body }) => body],
    [
      'a wrong solution',
      422,
      'challenge_unsolved',
      (body) => ({ ...body, solution: { counter: 1, derivedKey: '00'.repeat(32) } }),
    ],
    [
      'a payload that is no JSON',
      400,
      'invalid_input',
      (body, mailbox) => resigned(body, mailbox, { payload: '{' }),
    ],
    [
      'a payload with a field that nobody knows',
      400,
      'invalid_input',
      (body, mailbox) => resigned(body, mailbox, { payload: body.payload.replace('{', '{"x":1,') }),
    ],
    [
      'a payload that says less',
      400,
      'invalid_input',
      (body, mailbox) => resigned(body, mailbox, { payload: '{"number":1}' }),
    ],
    [
      'number nought',
      400,
      'invalid_input',
      (body, mailbox) =>
        resigned(body, mailbox, { payload: body.payload.replace('"number":1', '"number":0') }),
    ],
    [
      'number two as the first',
      409,
      'number_skipped',
      (body, mailbox) =>
        resigned(body, mailbox, { payload: body.payload.replace('"number":1', '"number":2') }),
    ],
    [
      'a desk that there is not',
      400,
      'invalid_input',
      (body, mailbox) =>
        resigned(body, mailbox, {
          keys: { ...body.keys, desk: 'abuse' as 'teens' },
        }),
    ],
    [
      'a picture that did not arrive',
      409,
      'attachment_missing',
      (body, mailbox) =>
        resigned(body, mailbox, {
          payload: body.payload.replace(
            '"attachments":[]',
            `"attachments":[{"id":"${'a'.repeat(22)}","parts":1}]`,
          ),
        }),
    ],
    [
      'text in place of a box',
      422,
      'not_age',
      (_body, mailbox) => sealedAs(new TextEncoder().encode('たすけて'.repeat(300)), mailbox),
    ],
    [
      'base64 with bits to spare',
      422,
      'not_age',
      (body, mailbox) =>
        resigned(body, mailbox, {
          payload: body.payload.replace(/"sealed":"[^"]+"/, '"sealed":"AB"'),
        }),
    ],
    [
      'a box that is armoured',
      422,
      'not_age',
      (_body, mailbox) =>
        sealedAs(
          new TextEncoder().encode(`-----BEGIN AGE ENCRYPTED FILE-----\n${'A'.repeat(5_000)}`),
          mailbox,
        ),
    ],
    [
      'a box for three',
      422,
      'wrong_stanzas',
      async (_body, mailbox) => {
        const { Encrypter } = await import('age-encryption');
        const encrypter = new Encrypter();
        for (let at = 0; at < 3; at += 1) encrypter.addRecipient(mailbox.recipient);
        return sealedAs(await encrypter.encrypt(new Uint8Array(4_096)), mailbox);
      },
    ],
    [
      'a box that is not filled up',
      422,
      'wrong_size',
      async (_body, mailbox) =>
        sealedAs(
          await sealFor(new Uint8Array(100), [mailbox.recipient, mailbox.recipient]),
          mailbox,
        ),
    ],
    [
      'a box with something behind it',
      422,
      'wrong_size',
      async (_body, mailbox) =>
        sealedAs(
          Uint8Array.of(
            ...(await sealFor(new Uint8Array(4_096), [mailbox.recipient, mailbox.recipient])),
            0,
          ),
          mailbox,
        ),
    ],
    [
      'more than any letter',
      413,
      'too_large',
      (body) => ({ ...body, payload: 'x'.repeat(140_000) }),
    ],
  ];

  test.each(cases)('%s: %i %s', async (_what, status, code, spoil) => {
    const mailbox = await aMailbox();
    const good = await request(mailbox, await aPayload(mailbox, list));
    const before = await allRows(world);
    const body = await spoil(good, mailbox);
    expect(await send(world, body)).toMatchObject({ status, json: { code } });
    expect(await allRows(world)).toEqual(before);
    // And nothing about its sender: the good one still goes.
    expect(await send(world, good)).toMatchObject({ status: 201, json: { number: 1 } });
  });

  test('a question of five minutes ago, and one of tomorrow', async () => {
    const mailbox = await aMailbox();
    const body = await request(mailbox, await aPayload(mailbox, list));
    const before = await allRows(world);
    for (const ms of [5 * 60_000 + 1, -(10 * 60_000)]) {
      world.clock.advance(ms);
      expect(await send(world, body)).toMatchObject({ json: { code: 'challenge_stale' } });
    }
    expect(await allRows(world)).toEqual(before);
  });
});
