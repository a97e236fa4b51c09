/**
 * What whoever runs the machines could try with sealed letters, one thing at a time: each is noticed under
 * its own name, and nothing of it is shown as somebody's words. The letters of sealed-letters.json were made
 * without our code: signed by Python's cryptography, sealed by Debian's age.
 */
import { Encrypter } from 'age-encryption';
import { beforeAll, describe, expect, test } from 'vitest';
import { newDeskSecrets } from '../../functions/keys/vault.ts';
import { type LetterContent, LONGEST_TEXT } from '../../functions/letters/content.ts';
import {
  BUCKETS,
  DESK_STANZAS,
  formProblem,
  LARGEST_SEALED,
  LETTER_STANZAS,
  sealedSize,
} from '../../functions/letters/sealed-form.ts';
import {
  type HeldLetter,
  openForDesk,
  openWith,
  readConversation,
  sealFor,
  sealForDesk,
  sealLetter,
  TooLong,
} from '../../functions/letters/sealing.ts';
import {
  conversationNumber,
  fromBase64,
  hashOf,
  isSigned,
  mailboxId,
  publicKeyOf,
  sign,
  signerOf,
  signRequest,
  toBase64,
} from '../../functions/letters/signing.ts';
import {
  aCorrespondence,
  aReply,
  asDesk,
  asWriter,
  type Correspondence,
  converse,
  fromDesk,
  fromWriter,
  keysOf,
  named,
  readShort,
} from '../support/conversations.ts';
import { aLetter, aMailbox } from '../support/letters.ts';
import known from '../support/sealed-letters.json' with { type: 'json' };

const utf8 = (text: string) => new TextEncoder().encode(text);
const text = (bytes: Uint8Array | undefined) => bytes && new TextDecoder().decode(bytes);

/** The bytes with one of them altered. */
function altered(sealed: Uint8Array, at: number, by = 1): Uint8Array {
  const copy = sealed.slice();
  copy[at] = (copy[at] ?? 0) ^ by;
  return copy;
}

let our: Correspondence;
let first: HeldLetter;
let reply: HeldLetter;
let second: HeldLetter;
let whole: HeldLetter[];

beforeAll(async () => {
  our = await aCorrespondence();
  whole = await converse(our, [
    { from: 'in', looks: true },
    { from: 'out', looks: true },
    { from: 'in', looks: true },
  ]);
  [first, reply, second] = whole as [HeldLetter, HeldLetter, HeldLetter];
});

const UNTOUCHED = ['in 1: 0通目', 'out 1: 1通目', 'in 2: 2通目'];

describe('known answers', () => {
  const [letter, answer] = known.letters;
  if (!letter || !answer) throw new Error('The known letters are two');
  const reading = {
    mailbox: known.mailbox.id,
    desk: 'teens',
    deskKeys: keysOf([{ desk: 'teens', epoch: 1, ...known.desk }]),
  };
  const held: HeldLetter[] = [
    { direction: 'in', number: 1, sealed: fromBase64(letter.sealed) },
    { direction: 'out', number: 1, sealed: fromBase64(answer.sealed) },
  ];

  test.each([
    ['the desk', { identities: [known.desk.identity] }],
    ['the writer', { identities: [known.mailbox.identity], own: true }],
  ])('letters that other programs made open for %s to what they say', async (_who, keys) => {
    const { letters, faults, newest } = await readConversation(held, { ...reading, ...keys });
    expect(letters.map(({ content }) => content)).toEqual([letter.content, answer.content]);
    expect(letters.map(({ fault, closed }) => fault ?? closed)).toEqual([undefined, undefined]);
    expect(faults).toEqual([]);
    expect(newest).toEqual({ in: named(held[0] as HeldLetter), out: named(held[1] as HeldLetter) });
  });

  test.each([
    ['a letter', letter, known.mailbox.signing],
    ['an answer', answer, known.desk.signing],
  ])('%s is inside to the byte what the other program wrote', async (_what, made, seed) => {
    // As it stands in the file: a schema would put its fields into another order.
    const content = made.content as LetterContent;
    const signing = new Uint8Array(Buffer.from(seed, 'hex'));
    const readers = [known.desk.recipient, known.mailbox.recipient] as const;
    const sealed = await sealLetter(content, signing, readers);
    for (const identity of [known.desk.identity, known.mailbox.identity]) {
      const plain = await openWith(sealed, [identity]);
      expect(plain?.length).toBe(4_096);
      expect(hashOf(plain ?? '')).toBe(made.plainHash);
      expect(text(plain)).toBe(text(await openWith(fromBase64(made.sealed), [identity])));
    }
    expect(formProblem(sealed)).toBeUndefined();
    expect(formProblem(fromBase64(made.sealed))).toBeUndefined();
  });

  test('signatures are Ed25519 over purpose, zero byte and bytes', () => {
    const json = utf8(JSON.stringify(letter.content));
    const is = (purpose: string, bytes: Uint8Array = json) =>
      isSigned(known.mailbox.verify, purpose, bytes, letter.signature);
    expect(is('hidamari-letter/1')).toBe(true);
    expect(is('hidamari-desk/1')).toBe(false);
    expect(is('hidamari-letter/1', altered(json, 9))).toBe(false);
    const seed = new Uint8Array(Buffer.from(known.mailbox.signing, 'hex'));
    expect(sign(seed, 'hidamari-letter/1', json)).toBe(letter.signature);
    expect(publicKeyOf(seed)).toBe(known.mailbox.verify);
    expect(mailboxId(known.mailbox)).toBe(known.mailbox.id);
    expect(conversationNumber(known.mailbox.id)).toMatch(
      /^[2-9A-HJ-NP-Z]{4}-[2-9A-HJ-NP-Z]{4}-[2-9A-HJ-NP-Z]{2}$/,
    );
    expect(conversationNumber(known.mailbox.id)).toBe('EAQA-WR92-HT');
  });
});

describe('an untouched conversation', () => {
  test('has no fault for either side', async () => {
    expect(await readShort(whole, asDesk(our))).toEqual({ letters: UNTOUCHED, faults: [] });
    expect(await readShort(whole, asWriter(our))).toEqual({ letters: UNTOUCHED, faults: [] });
  });

  test('has none in whatever order the server hands it over', async () => {
    const reversed = whole.toReversed();
    expect(await readShort(reversed, asDesk(our))).toEqual({ letters: UNTOUCHED, faults: [] });
  });

  test('an empty one has no newest letters', async () => {
    expect(await readConversation([], asWriter(our))).toEqual({
      letters: [],
      faults: [],
      newest: { in: null, out: null },
    });
  });

  test('its newer part has none either, where the older one is not fetched yet', async () => {
    const from = { in: 2, out: 1 };
    expect((await readShort([reply, second], asDesk(our, { from }))).faults).toEqual([]);
    expect((await readShort([reply, second], asDesk(our))).faults).toEqual(['missing in 1']);
  });

  test('a letter for the desk only is closed to its writer, which is no fault, and open to the desk', async () => {
    const closed = await fromWriter(our, { text: 'ひみつ' }, { isClosed: true });
    expect(await readShort([closed], asWriter(our))).toEqual({
      letters: ['in 1 closed'],
      faults: [],
    });
    expect(await readShort([closed], asDesk(our))).toEqual({
      letters: ['in 1: ひみつ'],
      faults: [],
    });
    // From outside it is a letter like any other.
    expect(closed.sealed.length).toBe(first.sealed.length);
    expect(formProblem(closed.sealed)).toBeUndefined();
  });

  test('a reply that its reader cannot open is a fault, also for the writer', async () => {
    const elsewhere = await aCorrespondence();
    const other = await fromDesk({
      ...our,
      mailbox: { ...our.mailbox, recipient: elsewhere.mailbox.recipient },
    });
    expect(await readShort([other], asWriter(our))).toEqual({
      letters: ['out 1! cannot_open'],
      faults: [],
    });
  });
});

describe('any altered byte is noticed', () => {
  const header = sealedSize(0) - 16 - 16;

  test('of the header, every one, by the desk', async () => {
    for (let at = 0; at < header + 16; at += 1) {
      const letters = [{ ...first, sealed: altered(first.sealed, at) }];
      const read = await readShort(letters, asDesk(our));
      expect(read.letters, `byte ${at}`).toEqual(['in 1! cannot_open']);
    }
  });

  test('of the header, every one, by the writer; altered in their own line it looks closed', async () => {
    const lines = text(first.sealed.subarray(0, header))?.split('\n') ?? [];
    const ownFrom = lines.slice(0, 3).join('\n').length + 1;
    const ownTo = lines.slice(0, 5).join('\n').length;
    const closed: number[] = [];
    for (let at = 0; at < header + 16; at += 1) {
      const letters = [{ ...first, sealed: altered(first.sealed, at) }];
      const [read] = (await readShort(letters, asWriter(our))).letters;
      if (read === 'in 1 closed') closed.push(at);
      else expect(read, `byte ${at}`).toBe('in 1! cannot_open');
    }
    expect(closed.length).toBeGreaterThan(40);
    expect(closed.every((at) => at >= ownFrom && at < ownTo)).toBe(true);
    // And then the next letter names another one than is shown.
    const at = closed[0] ?? 0;
    const next = [{ ...first, sealed: altered(first.sealed, at) }, reply, second];
    expect((await readShort(next, asWriter(our))).faults).toEqual(['forked in 1']);
  });

  test.each([
    ['the first of the body', (end: number) => end],
    ['the last', () => first.sealed.length - 1],
    ['one in the middle', () => 2_000],
  ])('of the body: %s, by both', async (_which, place) => {
    const sealed = altered(first.sealed, place(header + 16), 0x80);
    for (const reading of [asDesk(our), asWriter(our)]) {
      const { letters, faults } = await readShort([{ ...first, sealed }, reply, second], reading);
      expect(letters).toEqual(['in 1! cannot_open', ...UNTOUCHED.slice(1)]);
      // What follows names the letter that was sent.
      expect(faults).toEqual(['forked in 1']);
    }
  });

  test('an answer that was altered stays where it was, before the letter that names it', async () => {
    const damaged = { ...reply, sealed: altered(reply.sealed, 2_000) };
    for (const reading of [asDesk(our), asWriter(our)]) {
      expect(await readShort([second, damaged, first], reading)).toEqual({
        letters: ['in 1: 0通目', 'out 1! cannot_open', 'in 2: 2通目'],
        faults: ['forked out 1'],
      });
    }
  });

  test.each([
    ['cut short', (sealed: Uint8Array) => sealed.subarray(0, -1)],
    ['cut off after the header', (sealed: Uint8Array) => sealed.subarray(0, header)],
    ['cut off in the header', (sealed: Uint8Array) => sealed.subarray(0, 40)],
    ['empty', () => new Uint8Array()],
    ['longer', (sealed: Uint8Array) => Uint8Array.of(...sealed, 0)],
    ['with another behind it', (sealed: Uint8Array) => Uint8Array.of(...sealed, ...sealed)],
  ])('a letter that is %s cannot be opened', async (_how, change) => {
    for (const reading of [asDesk(our), asWriter(our)]) {
      const read = await readShort([{ ...first, sealed: change(first.sealed) }], reading);
      expect(read.letters).toEqual(['in 1! cannot_open']);
    }
  });

  test('one larger than any letter is not even opened', async () => {
    const sealed = await sealFor(new Uint8Array(BUCKETS.at(-1) ?? 0).fill(0x20).subarray(0), [
      our.desk.published.recipient,
      our.mailbox.recipient,
    ]);
    expect(sealed.length).toBe(LARGEST_SEALED);
    const larger = Uint8Array.of(...sealed, 0);
    const read = await readShort([{ ...first, sealed: larger }], asDesk(our));
    expect(read.letters).toEqual(['in 1! malformed']);
  });
});

describe('letters in other places', () => {
  test('two that were exchanged', async () => {
    const exchanged = [
      { ...first, sealed: second.sealed },
      reply,
      { ...second, sealed: first.sealed },
    ];
    const { letters, faults } = await readShort(exchanged, asDesk(our));
    expect(letters.filter((each) => each.includes('!')).sort()).toEqual([
      'in 1! wrong_place',
      'in 2! wrong_place',
    ]);
    expect(faults).toEqual(['forked in 1']);
  });

  test('one that is shown again as the next', async () => {
    const again: HeldLetter = { ...first, number: 3 };
    const read = await readShort([...whole, again], asDesk(our));
    expect(read).toEqual({ letters: [...UNTOUCHED, 'in 3! wrong_place'], faults: [] });
  });

  test('one that is shown as an answer, and an answer as one', async () => {
    const turned: HeldLetter[] = [
      { ...first, direction: 'out' },
      { ...reply, direction: 'in' },
    ];
    const { letters } = await readShort(turned, asDesk(our));
    expect(letters.sort()).toEqual(['in 1! wrong_place', 'out 1! wrong_place']);
  });

  test('one that a later one names, left out', async () => {
    expect((await readShort([reply, second], asDesk(our))).faults).toEqual(['missing in 1']);
    expect((await readShort([first, second], asDesk(our))).faults).toEqual(['missing out 1']);
    expect((await readShort([first, second], asWriter(our))).faults).toEqual(['missing out 1']);
  });

  test('several left out, where a later number shows that they were there', async () => {
    const fifth = await fromWriter(our, {
      number: 5,
      before: { in: { number: 4, hash: hashOf('x') }, out: null },
    });
    expect((await readShort([first, fifth], asDesk(our))).faults).toEqual([
      'missing in 2',
      'missing in 3',
      'missing in 4',
    ]);
  });

  test('a newest letter that is held back cannot be noticed, until a later one names it', async () => {
    const third = await fromWriter(our, {
      number: 3,
      before: { in: named(second), out: named(reply) },
    });
    // The limit that the page and the threat model state: nobody can tell.
    expect((await readShort([first, reply], asDesk(our))).faults).toEqual([]);
    expect((await readShort([first, reply], asWriter(our))).faults).toEqual([]);
    // Its successor tells.
    expect((await readShort([first, reply, third], asDesk(our))).faults).toEqual(['missing in 2']);
  });

  test('a number that is given twice, even with the same letter', async () => {
    const other = await fromWriter(our, { text: 'べつの手紙' });
    const one = await readShort([first, other], asDesk(our));
    expect(one.faults).toEqual(['forked in 1']);
    const other2 = await readShort([other, first], asDesk(our));
    expect(other2.faults).toEqual(['forked in 1']);
    expect((await readShort([first, first], asDesk(our))).faults).toEqual(['forked in 1']);
  });
});

describe('histories that do not agree', () => {
  test('a fork: a later letter names another one than is there', async () => {
    const other = await fromWriter(our, { text: 'べつの手紙' });
    const { letters, faults } = await readShort([other, reply, second], asDesk(our));
    expect(letters[0]).toBe('in 1: べつの手紙');
    expect(faults).toEqual(['forked in 1']);
  });

  test('a fork by the desk: the writer was shown another answer', async () => {
    const other = await fromDesk(our, {
      before: { in: named(first), out: null },
      text: 'べつの返事',
    });
    expect((await readShort([first, other, second], asDesk(our))).faults).toEqual(['forked out 1']);
    expect((await readShort([first, other, second], asWriter(our))).faults).toEqual([
      'forked out 1',
    ]);
  });

  test('a letter that does not name the one before it', async () => {
    const orphan = await fromWriter(our, { number: 2, before: { in: null, out: null } });
    expect((await readShort([first, orphan], asDesk(our))).faults).toEqual(['forked in 2']);
    const early = await fromWriter(our, { before: { in: named(second), out: null } });
    expect((await readShort([early], asDesk(our))).faults).toContain('forked in 1');
  });

  test('a writer who was shown less than before', async () => {
    const third = await fromWriter(our, { number: 3, before: { in: named(second), out: null } });
    expect((await readShort([...whole, third], asDesk(our))).faults).toEqual(['rewound in 3']);
    expect((await readShort([...whole, third], asWriter(our))).faults).toEqual(['rewound in 3']);
  });

  test('a desk that was shown less than before', async () => {
    const knowing = await fromDesk(our, {
      number: 2,
      before: { in: named(second), out: named(reply) },
    });
    const rewound = await fromDesk(our, {
      number: 3,
      before: { in: named(first), out: named(knowing) },
    });
    const { faults } = await readShort([...whole, knowing, rewound], asWriter(our));
    expect(faults).toEqual(['rewound out 3']);
  });

  test('letters of two rounds in one: numbers that are there twice', async () => {
    const begun = await fromWriter(our, { text: 'あらためて書きます。' });
    const { faults } = await readShort([...whole, begun], asDesk(our));
    expect(faults).toEqual(['forked in 1']);
  });

  test('a letter of an earlier round in place of one that is answered', async () => {
    const begun = await fromWriter(our, { text: 'あらためて書きます。' });
    const answered = await fromDesk(our, { before: { in: named(begun), out: null } });
    expect((await readShort([begun, answered], asDesk(our))).faults).toEqual([]);
    expect((await readShort([first, answered], asDesk(our))).faults).toEqual(['forked in 1']);
  });
});

describe('letters of others', () => {
  test('another mailbox’s letter, whole', async () => {
    const other = { ...(await aCorrespondence()), desk: our.desk };
    const letter = await fromWriter(other);
    expect(await readShort([letter], asDesk(our))).toEqual({
      letters: ['in 1! wrong_mailbox'],
      faults: [],
    });
  });

  test('another mailbox’s answer, which the desk can open like all of its own', async () => {
    const other = { ...(await aCorrespondence()), desk: our.desk };
    const theirs = await fromDesk(other, { before: { in: named(first), out: null } });
    expect(await readShort([first, theirs], asDesk(our))).toEqual({
      letters: ['in 1: 0通目', 'out 1! wrong_mailbox'],
      faults: [],
    });
    expect((await readShort([first, theirs], asWriter(our))).letters[1]).toBe('out 1! cannot_open');
  });

  test('a follow-up that another key signed', async () => {
    const other = await aMailbox();
    const content = aLetter(our.mailbox, { number: 2, before: { in: named(first), out: null } });
    const readers = [our.desk.published.recipient, our.mailbox.recipient] as const;
    const sealed = await sealLetter(content, other.signing, readers);
    const read = await readShort([first, { direction: 'in', number: 2, sealed }], asDesk(our));
    expect(read).toEqual({ letters: ['in 1: 0通目', 'in 2! bad_signature'], faults: [] });
  });

  test('keys inside that are not this mailbox’s: a substituted recipient or verification key', async () => {
    const other = await aMailbox();
    for (const changed of [{ recipient: other.recipient }, { verify: other.verify }]) {
      const keys = { verify: our.mailbox.verify, recipient: our.mailbox.recipient, ...changed };
      const signing = 'verify' in changed ? other.signing : our.mailbox.signing;
      const readers = [our.desk.published.recipient, our.mailbox.recipient] as const;
      const sealed = await sealLetter(aLetter(our.mailbox, { keys }), signing, readers);
      const read = await readShort([{ direction: 'in', number: 1, sealed }], asDesk(our));
      expect(read.letters).toEqual(['in 1! wrong_mailbox']);
    }
  });

  test('keys inside that are no keys', async () => {
    const keys = { verify: our.mailbox.verify, recipient: `age1${'q'.repeat(58)}` };
    const readers = [our.desk.published.recipient, our.mailbox.recipient] as const;
    const sealed = await sealLetter(aLetter(our.mailbox, { keys }), our.mailbox.signing, readers);
    const read = await readShort([{ direction: 'in', number: 1, sealed }], asDesk(our));
    expect(read.letters).toEqual(['in 1! wrong_mailbox']);
  });

  test('a letter to another desk, and a reply of another desk', async () => {
    const general = await newDeskSecrets('general', 1);
    const listed = keysOf([our.desk.published, general.published]);
    const theirs = await fromDesk(
      { ...our, desk: general },
      { before: { in: named(first), out: null } },
    );
    expect((await readShort([first, theirs], asWriter(our, { deskKeys: listed }))).letters).toEqual(
      ['in 1: 0通目', 'out 1! other_desk'],
    );
    const misled = await fromWriter(our, { desk: 'general' });
    expect((await readShort([misled], asDesk(our))).letters).toEqual(['in 1! other_desk']);
  });

  test('a reply that another desk signed in this desk’s name', async () => {
    const general = await newDeskSecrets('general', 1);
    const forged = { ...our, desk: { ...our.desk, secrets: general.secrets } };
    const theirs = await fromDesk(forged, { before: { in: named(first), out: null } });
    expect((await readShort([first, theirs], asWriter(our))).letters).toEqual([
      'in 1: 0通目',
      'out 1! bad_signature',
    ]);
  });

  test('a reply by an epoch that the signed list does not know', async () => {
    const next = await newDeskSecrets('teens', 2);
    const theirs = await fromDesk(
      { ...our, desk: next },
      { before: { in: named(first), out: null } },
    );
    expect((await readShort([theirs], asWriter(our))).letters).toEqual(['out 1! unknown_desk']);
    const listed = keysOf([our.desk.published, next.published]);
    expect((await readShort([first, theirs], asWriter(our, { deskKeys: listed }))).letters).toEqual(
      ['in 1: 0通目', `out 1: ${aReply(our).text}`],
    );
  });

  test('a reply that the server wrote: it has the recipients, and no key to sign with', async () => {
    const server = await newDeskSecrets('teens', 1);
    const forged = { ...our, desk: { secrets: server.secrets, published: our.desk.published } };
    const theirs = await fromDesk(forged, { before: { in: named(first), out: null } });
    expect((await readShort([first, theirs], asWriter(our))).letters[1]).toBe(
      'out 1! bad_signature',
    );
  });
});

describe('what is inside and no letter', () => {
  const inside = async (plain: Uint8Array) => {
    const readers = [our.desk.published.recipient, our.mailbox.recipient] as const;
    const sealed = await sealFor(plain, readers);
    return (await readShort([{ direction: 'in', number: 1, sealed }], asDesk(our))).letters;
  };
  const written = (json: string, { head = 'hidamari-letter/1', tail = '\n  ' } = {}) => {
    const signature = sign(our.mailbox.signing, 'hidamari-letter/1', utf8(json));
    return utf8(`${head} ${signature}\n${json}${tail}`);
  };
  const good = () => JSON.stringify(aLetter(our.mailbox));

  test('the same by hand is one', async () => {
    expect(await inside(written(good()))).toEqual(['in 1: はじめて書きます。']);
  });

  test.each<[string, () => Uint8Array]>([
    ['nothing', () => new Uint8Array()],
    ['plain text', () => utf8('こんにちは')],
    ['another kind', () => written(good(), { head: 'hidamari-desk/1' })],
    ['no last line', () => written(good(), { tail: '' })],
    ['more behind it', () => written(good(), { tail: '\n  x' })],
    ['no JSON', () => written('{')],
    ['half a character', () => Uint8Array.of(...written('"').slice(0, -4), 0xff, 0x0a)],
    ['another version', () => written(good().replace('"v":1', '"v":2'))],
    ['a field that nobody knows', () => written(good().replace('{', '{"x":1,'))],
    [
      'too long a text',
      () =>
        written(JSON.stringify({ ...aLetter(our.mailbox), text: 'a'.repeat(LONGEST_TEXT + 1) })),
    ],
    [
      'an SVG as a picture',
      () =>
        written(
          JSON.stringify({
            ...aLetter(our.mailbox),
            attachments: [
              {
                id: 'a'.repeat(22),
                name: 'x',
                type: 'image/svg+xml',
                size: 1,
                parts: 1,
                hash: hashOf('x'),
              },
            ],
          }),
        ),
    ],
  ])('%s is malformed', async (_what, plain) => {
    expect(await inside(plain())).toEqual(['in 1! malformed']);
  });

  test('a signature of an empty line is none', async () => {
    const json = good();
    expect(await inside(utf8(`hidamari-letter/1\n${json}\n`))).toEqual(['in 1! bad_signature']);
    expect(await inside(utf8(`hidamari-letter/1 \n${json}\n`))).toEqual(['in 1! bad_signature']);
  });
});

describe('sizes', () => {
  test.each([
    ['a short one', 10, 4],
    ['one of 2,000 characters', 2_000, 16],
    ['the longest', LONGEST_TEXT, 64],
  ])('%s is filled up, so that sizes say little', async (_what, length, kib) => {
    const letter = await fromWriter(our, { text: 'あ'.repeat(length) });
    expect(letter.sealed.length).toBe(sealedSize(kib * 1024));
    expect(formProblem(letter.sealed)).toBeUndefined();
    const [read] = (await readConversation([letter], asDesk(our))).letters;
    expect(read?.content?.text).toHaveLength(length);
  });

  test('a letter that no reader would take is not sealed: its writer learns it while writing', async () => {
    await expect(fromWriter(our, { text: 'a'.repeat(LONGEST_TEXT + 1) })).rejects.toThrow(TooLong);
    await expect(fromWriter(our, { text: '\u0001'.repeat(LONGEST_TEXT) })).rejects.toThrow(TooLong);
    await expect(fromWriter(our, { quotes: 'x'.repeat(21) })).rejects.toThrow();
    await expect(fromWriter(our, { number: 0 })).rejects.toThrow();
    const note = { v: 1, kind: 'note', mailbox: our.mailbox.id, desk: 'teens', epoch: 1 } as const;
    const signing = fromBase64(our.desk.secrets.signing);
    const tooLong = { ...note, text: 'a'.repeat(LONGEST_TEXT + 1) };
    await expect(sealForDesk(tooLong, signing, our.desk.published.recipient)).rejects.toThrow(
      TooLong,
    );
  });
});

describe('what staff write for each other', () => {
  const note = () =>
    ({
      v: 1,
      kind: 'note',
      mailbox: our.mailbox.id,
      desk: 'teens',
      epoch: 1,
      text: '電話あり。',
    }) as const;
  const seal = (value = note(), seed = our.desk.secrets.signing) =>
    sealForDesk(value, fromBase64(seed), our.desk.published.recipient);

  test('opens for the desk, and for nobody else', async () => {
    const sealed = await seal();
    expect(await openForDesk(sealed, asDesk(our))).toEqual(note());
    expect(await openForDesk(sealed, asWriter(our))).toBeUndefined();
    expect(formProblem(sealed, DESK_STANZAS)).toBeUndefined();
    expect(formProblem(sealed)).toBe('wrong_stanzas');
  });

  test('is refused when it is of another conversation, desk or epoch, or signed by another', async () => {
    const other = await newDeskSecrets('teens', 1);
    const sealed = await seal();
    expect(await openForDesk(sealed, asDesk(our, { mailbox: hashOf('x') }))).toBeUndefined();
    expect(await openForDesk(sealed, asDesk(our, { desk: 'general' }))).toBeUndefined();
    expect(await openForDesk(sealed, asDesk(our, { deskKeys: keysOf([]) }))).toBeUndefined();
    expect(
      await openForDesk(await seal(note(), other.secrets.signing), asDesk(our)),
    ).toBeUndefined();
    expect(await openForDesk(altered(sealed, 1_000), asDesk(our))).toBeUndefined();
    expect(await openForDesk(reply.sealed, asDesk(our))).toBeUndefined();
  });

  test('a note is no letter, although the same key signs both', async () => {
    const readers = [our.desk.published.recipient, our.mailbox.recipient] as const;
    const plain = await openWith(await seal(), [our.desk.secrets.identity]);
    const sealed = await sealFor(plain ?? new Uint8Array(), readers);
    const read = await readShort([{ direction: 'out', number: 1, sealed }], asWriter(our));
    expect(read.letters).toEqual(['out 1! malformed']);
  });
});

describe('the outside of a letter', () => {
  const sealWith = async (recipients: number, size = 4_096) => {
    const encrypter = new Encrypter();
    for (let at = 0; at < recipients; at += 1) {
      encrypter.addRecipient((await aMailbox()).recipient);
    }
    return encrypter.encrypt(new Uint8Array(size));
  };

  test.each(BUCKETS)('a file of %i bytes inside and two readers is one', async (size) => {
    const sealed = await sealWith(2, size);
    expect(sealed.length).toBe(sealedSize(size));
    expect(formProblem(sealed)).toBeUndefined();
  });

  test.each([0, 1, 4_095, 4_097, 16_383, 65_535, 65_537, 70_000])(
    'a file of %i bytes inside is off the sizes',
    async (size) => {
      expect(formProblem(await sealWith(2, size))).toBe('wrong_size');
    },
  );

  test.each([1, 3, 4, 19, 20, 25])('a file for %i readers has the wrong stanzas', async (count) => {
    expect(formProblem(await sealWith(count))).toBe(count > 20 ? 'not_age' : 'wrong_stanzas');
  });

  test('a file with a passphrase, or armoured, or for other kinds of readers, is none of ours', async () => {
    const encrypter = new Encrypter();
    encrypter.setPassphrase('ひまわり');
    encrypter.setScryptWorkFactor(10);
    expect(formProblem(await encrypter.encrypt(new Uint8Array(4_096)))).toBe('not_age');
    const sealed = await sealWith(2);
    const armoured = `-----BEGIN AGE ENCRYPTED FILE-----\n${Buffer.from(sealed).toString('base64')}\n-----END AGE ENCRYPTED FILE-----\n`;
    expect(formProblem(utf8(armoured))).toBe('not_age');
    const turned = utf8(text(sealed)?.replace('X25519', 'X25518') ?? '');
    expect(formProblem(turned)).toBe('not_age');
  });

  test.each<[string, Uint8Array]>([
    ['nothing', new Uint8Array()],
    ['text', utf8('はじめて書きます。'.repeat(400))],
    ['zeros of the right size', new Uint8Array(sealedSize(4_096))],
    ['dashes without an end', utf8(`age-encryption.org/v1\n--- ${'A'.repeat(67_000)}`)],
    ['a header without readers', utf8(`age-encryption.org/v1\n--- ${'A'.repeat(43)}\n`)],
    ['another version', utf8(`age-encryption.org/v2\n--- ${'A'.repeat(43)}\n`)],
  ])('%s is no age file', (_what, bytes) => {
    expect(formProblem(bytes)).toBe('not_age');
    expect(LETTER_STANZAS).toBe(2);
  });

  test('any altered letter of the header’s form is noticed from outside', async () => {
    const sealed = await sealWith(2);
    const header = sealedSize(0) - 32;
    for (let at = 0; at < header; at += 1) {
      // A byte that belongs into no header.
      expect(formProblem(altered(sealed, at, 0x80)), `byte ${at}`).toBe('not_age');
    }
  });
});

describe('signed requests', () => {
  const nonce = 'ab'.repeat(16);
  const payload = '{"number":1}';
  const keys = () => {
    const { desk, verify, recipient } = our.mailbox;
    return { desk, verify, recipient };
  };
  const signature = () => signRequest(our.mailbox.signing, 'post', our.mailbox.id, nonce, payload);

  test('are good for one action, mailbox, question and payload', async () => {
    const other = await aMailbox();
    expect(signerOf(keys(), 'post', nonce, payload, signature())).toBe(our.mailbox.id);
    expect(signerOf(keys(), 'open', nonce, payload, signature())).toBeUndefined();
    expect(signerOf(keys(), 'hide', nonce, payload, signature())).toBeUndefined();
    expect(signerOf(keys(), 'post', 'cd'.repeat(16), payload, signature())).toBeUndefined();
    expect(signerOf(keys(), 'post', nonce, '{"number":2}', signature())).toBeUndefined();
    expect(signerOf(other, 'post', nonce, payload, signature())).toBeUndefined();
    const mixed = { ...keys(), recipient: other.recipient };
    expect(signerOf(mixed, 'post', nonce, payload, signature())).toBeUndefined();
    const elsewhere = { ...keys(), desk: 'general' };
    expect(signerOf(elsewhere, 'post', nonce, payload, signature())).toBeUndefined();
  });

  test('malformed keys and signatures are nobody’s, and no fault', () => {
    expect(signerOf(keys(), 'post', nonce, payload, '')).toBeUndefined();
    expect(signerOf(keys(), 'post', nonce, payload, '*'.repeat(86))).toBeUndefined();
    expect(
      signerOf({ ...keys(), verify: 'x' }, 'post', nonce, payload, signature()),
    ).toBeUndefined();
    const recipient = `age1${'q'.repeat(58)}`;
    expect(signerOf({ ...keys(), recipient }, 'post', nonce, payload, signature())).toBeUndefined();
  });

  test('a key of small order, for which one signature fits everything, signs nothing', () => {
    // The neutral point as key and as R, zero as S: the equation holds for every message.
    const neutral = new Uint8Array(32);
    neutral[0] = 1;
    const zero = new Uint8Array(64);
    zero[0] = 1;
    expect(isSigned(toBase64(neutral), 'hidamari-letter/1', utf8('x'), toBase64(zero))).toBe(false);
  });
});
