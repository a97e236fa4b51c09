/**
 * Everything that is sealed is a plain age file: Debian's own `age` opens each kind of it with the right key
 * and with no other, and what that program seals our code opens.
 */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import {
  newDeskSecrets,
  newMemberKey,
  openCentre,
  openGrant,
  openVault,
  sealCentre,
  sealGrant,
  sealVault,
} from '../../../functions/keys/vault.ts';
import type { LetterContent } from '../../../functions/letters/content.ts';
import { mailboxOf } from '../../../functions/letters/receipt.ts';
import {
  openForDesk,
  openWith,
  readConversation,
  sealForDesk,
  sealLetter,
} from '../../../functions/letters/sealing.ts';
import { fromBase64, isSigned, publicKeyOf, toBase64 } from '../../../functions/letters/signing.ts';
import { AGE_TIMEOUT_MS, age, ageTyped, findOrInstallAge } from '../../support/age.ts';
import { aLetter, aMailbox } from '../../support/letters.ts';

const WORDS = ['ひまわり', 'そよかぜ', 'りんご', 'みなと', 'えのぐ', 'ほたる'];

const folder = mkdtempSync(join(tmpdir(), 'hidamari-age-'));
beforeAll(findOrInstallAge, AGE_TIMEOUT_MS);
afterAll(() => rmSync(folder, { recursive: true, force: true }));

let files = 0;
function saved(content: string | Uint8Array): string {
  files += 1;
  const file = join(folder, `file-${files}`);
  writeFileSync(file, content, { mode: 0o600 });
  return file;
}

/** What `age -d -i` makes of it. */
function opened(sealed: Uint8Array, identity: string): string | undefined {
  return age(['-d', '-i', saved(`${identity}\n`), saved(sealed)])?.toString('utf8');
}

async function aDesk() {
  const { secrets, published } = await newDeskSecrets('teens', 1);
  return { ...secrets, ...published, seed: fromBase64(secrets.signing) };
}

describe('age opens', () => {
  test('a letter, for the desk and for the six words; its second line is the letter', async () => {
    const desk = await aDesk();
    const mailbox = await mailboxOf(WORDS, { centreId: 'hidamari', desk: 'teens' });
    const letter = aLetter(mailbox, { text: 'だれにも言えません。' });
    const sealed = await sealLetter(letter, mailbox.signing, [desk.recipient, mailbox.recipient]);
    for (const identity of [desk.identity, mailbox.identity]) {
      const [head, json] = opened(sealed, identity)?.split('\n') ?? [];
      expect(JSON.parse(json ?? '')).toEqual(letter);
      const [, signature = ''] = head?.split(' ') ?? [];
      const bytes = new TextEncoder().encode(json);
      expect(isSigned(mailbox.verify, 'hidamari-letter/1', bytes, signature)).toBe(true);
    }
    expect(opened(sealed, (await newMemberKey()).identity)).toBeUndefined();
  });

  test('an answer of the desk, for both', async () => {
    const desk = await aDesk();
    const mailbox = await aMailbox();
    const answer: LetterContent = {
      v: 1,
      direction: 'out',
      mailbox: mailbox.id,
      number: 1,
      statedAt: '2026-12-01T04:00:00.000Z',
      desk: 'teens',
      epoch: 1,
      before: { in: null, out: null },
      text: 'よく書いてくれました。',
      attachments: [],
    };
    const recipients = [desk.recipient, mailbox.recipient] as const;
    const sealed = await sealLetter(answer, desk.seed, recipients);
    for (const identity of [desk.identity, mailbox.identity]) {
      expect(JSON.parse(opened(sealed, identity)?.split('\n')[1] ?? '')).toEqual(answer);
    }
  });

  test('a letter that its writer keeps out of their own page, for the desk alone', async () => {
    const desk = await aDesk();
    const mailbox = await aMailbox();
    const sealed = await sealLetter(aLetter(mailbox), mailbox.signing, [desk.recipient, undefined]);
    expect(opened(sealed, desk.identity)).toContain('はじめて書きます。');
    expect(opened(sealed, mailbox.identity)).toBeUndefined();
  });

  test('a note and a draft between staff, for the desk', async () => {
    const desk = await aDesk();
    const mailbox = await aMailbox();
    for (const kind of ['note', 'draft'] as const) {
      const content = { v: 1, kind, mailbox: mailbox.id, desk: 'teens', epoch: 1, text: 'ひかえ' };
      const sealed = await sealForDesk({ ...content, v: 1 }, desk.seed, desk.recipient);
      expect(JSON.parse(opened(sealed, desk.identity)?.split('\n')[1] ?? '')).toEqual(content);
      expect(opened(sealed, mailbox.identity)).toBeUndefined();
    }
  });

  test('a grant, for the member it is sealed for: inside is the desk’s identity', async () => {
    const member = await newMemberKey();
    const { secrets } = await newDeskSecrets('teens', 3);
    const sealed = await sealGrant(secrets, [member.recipient]);
    expect(JSON.parse(opened(sealed, member.identity) ?? '')).toEqual(secrets);
  });

  test('the centre’s key, for each keyholder and for recovery', async () => {
    const holders = await Promise.all([newMemberKey(), newMemberKey(), newMemberKey()]);
    const secret = { centre: 'hidamari', signing: toBase64(new Uint8Array(32).fill(7)) };
    const sealed = await sealCentre(
      secret,
      holders.map(({ recipient }) => recipient),
    );
    for (const { identity } of holders) {
      expect(JSON.parse(opened(sealed, identity) ?? '')).toEqual(secret);
    }
  });

  test('a vault, with its six words typed at the keyboard, and with no others', async () => {
    const { identity } = await newMemberKey();
    const vault = saved(await sealVault(WORDS, identity));
    const out = join(folder, 'vault.txt');
    ageTyped(`age -d -o ${out} ${vault}`, WORDS.join(' '));
    expect(readFileSync(out, 'utf8').trim()).toBe(identity);
    expect(() => ageTyped(`age -d -o ${out}.2 ${vault}`, WORDS.toReversed().join(' '))).toThrow();
  });
});

describe('what age seals', () => {
  test('for a desk or a mailbox is opened by our code', async () => {
    const desk = await aDesk();
    const mailbox = await aMailbox();
    const sealed = age(['-r', desk.recipient, '-r', mailbox.recipient], 'こんにちは');
    for (const identity of [desk.identity, mailbox.identity]) {
      const plain = await openWith(new Uint8Array(sealed ?? []), [identity]);
      expect(new TextDecoder().decode(plain)).toBe('こんにちは');
    }
  });

  test('as a letter is read as a letter, once its writer has signed it', async () => {
    const desk = await aDesk();
    const mailbox = await aMailbox();
    const letter = aLetter(mailbox, { text: '手で封をしました。' });
    const ours = await sealLetter(letter, mailbox.signing, [desk.recipient, mailbox.recipient]);
    const plain = opened(ours, desk.identity) ?? '';
    const theirs = age(['-r', desk.recipient, '-r', mailbox.recipient], plain);
    const read = await readConversation(
      [{ direction: 'in', number: 1, sealed: new Uint8Array(theirs ?? []) }],
      {
        mailbox: mailbox.id,
        identities: [desk.identity],
        desk: 'teens',
        deskKeys: () => desk.verify,
      },
    );
    expect(read.letters[0]).toMatchObject({ content: { text: '手で封をしました。' } });
  });

  test('as a note, a grant and the centre’s key is believed where the signed list agrees', async () => {
    const desk = await aDesk();
    const mailbox = await aMailbox();
    const member = await newMemberKey();
    const { secrets, published } = await newDeskSecrets('teens', 1);
    const grant = age(['-r', member.recipient], `${JSON.stringify(secrets)}\n`);
    expect(await openGrant(new Uint8Array(grant ?? []), member.identity, [published])).toEqual(
      secrets,
    );
    const signing = new Uint8Array(32).fill(9);
    const centre = { centre: 'hidamari', signing: toBase64(signing) };
    const sealedCentre = age(['-r', member.recipient], JSON.stringify(centre));
    const key = publicKeyOf(signing);
    const back = await openCentre(new Uint8Array(sealedCentre ?? []), member.identity, key);
    expect(back).toEqual(centre);
    const content = {
      v: 1,
      kind: 'note',
      mailbox: mailbox.id,
      desk: 'teens',
      epoch: 1,
      text: 'ひかえ',
    } as const;
    const note = await sealForDesk(content, desk.seed, desk.recipient);
    const again = age(['-r', desk.recipient], opened(note, desk.identity) ?? '');
    const reading = {
      mailbox: mailbox.id,
      identities: [desk.identity],
      desk: 'teens',
      deskKeys: () => desk.verify,
    };
    expect(await openForDesk(new Uint8Array(again ?? []), reading)).toEqual(content);
  });

  test('with a passphrase is a vault, and opens with the words', async () => {
    const member = await newMemberKey();
    const plain = saved(`${member.identity}\n`);
    const out = join(folder, 'typed.age');
    ageTyped(`age -p -o ${out} ${plain}`, WORDS.join(' '), WORDS.join(' '));
    const sealed = new Uint8Array(readFileSync(out));
    expect(await openVault(WORDS, sealed)).toEqual(member);
    expect(await openVault(WORDS.toReversed(), sealed)).toBeUndefined();
  });
});

test('a byte that was altered is noticed by age as it is by us', async () => {
  const desk = await aDesk();
  const mailbox = await aMailbox();
  const recipients = [desk.recipient, mailbox.recipient] as const;
  const sealed = await sealLetter(aLetter(mailbox), mailbox.signing, recipients);
  for (const at of [30, 200, sealed.length - 1]) {
    const altered = sealed.slice();
    altered[at] = (altered[at] ?? 0) ^ 1;
    expect(opened(altered, desk.identity)).toBeUndefined();
    expect(await openWith(altered, [desk.identity])).toBeUndefined();
  }
});
