/**
 * Keys of the centre: a list that nobody who runs the servers can add to, shorten or exchange; vaults and
 * grants that open for one person and are what the list says; sheets that find the wrong letter by its line.
 */
import { beforeAll, describe, expect, test } from 'vitest';
import {
  append,
  currentEpoch,
  type KeyList,
  type Pinned,
  readKeyList,
  type SignedLine,
  type Statement,
} from '../../functions/keys/key-list.ts';
import { combineShares, readShare, type Share, writeShares } from '../../functions/keys/shares.ts';
import {
  fingerprintOf,
  newDeskSecrets,
  newMemberKey,
  openCentre,
  openGrant,
  openVault,
  sealCentre,
  sealGrant,
  sealVault,
} from '../../functions/keys/vault.ts';
import { sealFor } from '../../functions/letters/sealing.ts';
import { hashOf, publicKeyOf, toBase64 } from '../../functions/letters/signing.ts';
import {
  demoCentre,
  demoCentreKey,
  demoDesk,
  demoMembers,
  demoRecovery,
  makeDemoKeys,
} from '../../infra/local/demonstration/keys.ts';

const SINCE = '2026-11-01T00:00:00.000Z';
const utf8 = (text: string) => new TextEncoder().encode(text);
const seedOf = (byte: number) => new Uint8Array(32).fill(byte);

let statements: readonly Statement[];
let lines: readonly SignedLine[];
const centre = seedOf(1);
const pinned: Pinned = { centreKey: publicKeyOf(centre) };
const member = { first: '', second: '' };

/** A list from nothing, signed by our centre. */
const listOf = (said: readonly Statement[], by = centre) => append(undefined, said, by, SINCE);
const faultOf = (read: ReturnType<typeof readKeyList>) => ('fault' in read ? read.fault : 'none');
const readList = (given: readonly SignedLine[], known = pinned): KeyList => {
  const read = readKeyList(given, known);
  if ('fault' in read) throw new Error(read.fault);
  return read;
};

beforeAll(async () => {
  member.first = (await newMemberKey()).recipient;
  member.second = (await newMemberKey()).recipient;
  const desk = async (epoch: number, name = 'teens') =>
    ({ says: 'desk', ...(await newDeskSecrets(name, epoch)).published }) as const;
  statements = [
    { says: 'centre', centre: 'hidamari', verify: pinned.centreKey, demonstration: false },
    { says: 'recovery', recipient: (await newMemberKey()).recipient },
    await desk(1),
    { says: 'member', member: 'tsukushi', recipient: member.first },
    { says: 'member', member: 'warabi', recipient: member.second },
    await desk(1, 'general'),
    { says: 'member_gone', member: 'tsukushi' },
    await desk(2),
  ];
  lines = listOf(statements);
});

describe('the signed list', () => {
  test('says what it was made to say: keys of the desks, and who is there', () => {
    const list = readList(lines);
    expect(list).toMatchObject({ centre: 'hidamari', demonstration: false });
    expect([...list.members.keys()]).toEqual(['warabi']);
    expect(list.epochs.map(({ desk, epoch }) => `${desk} ${epoch}`)).toEqual([
      'teens 1',
      'general 1',
      'teens 2',
    ]);
    expect(currentEpoch(list, 'teens')?.epoch).toBe(2);
    expect(currentEpoch(list, 'abuse')).toBeUndefined();
    expect(list.head).toEqual({ seq: 8, hash: hashOf(lines[7]?.text ?? '') });
  });

  test('goes on where it ended, and a member who left may come back', () => {
    const back: Statement = { says: 'member', member: 'tsukushi', recipient: member.first };
    const more = append(readList(lines).head, [back], centre, SINCE);
    expect([...readList([...lines, ...more]).members.keys()]).toEqual(['warabi', 'tsukushi']);
  });

  test('of another centre is refused, however well it is signed', () => {
    const other = seedOf(2);
    const theirs = listOf(
      [{ says: 'centre', centre: 'hidamari', verify: publicKeyOf(other), demonstration: false }],
      other,
    );
    expect(faultOf(readKeyList(theirs, pinned))).toBe('other_centre');
    // Our own signature under somebody else's name for the key.
    const named = listOf([
      { says: 'centre', centre: 'hidamari', verify: publicKeyOf(other), demonstration: false },
    ]);
    expect(faultOf(readKeyList(named, pinned))).toBe('other_centre');
  });

  test('that is empty is no list', () => {
    expect(faultOf(readKeyList([], pinned))).toBe('too_old');
  });

  test('that is older than what a page knows is refused, at every length', () => {
    for (let seq = 1; seq <= lines.length; seq += 1) {
      const line = { seq, hash: hashOf(lines[seq - 1]?.text ?? '') };
      for (let length = 0; length <= lines.length; length += 1) {
        const read = readKeyList(lines.slice(0, length), { ...pinned, line });
        expect(faultOf(read), `${length} of ${seq}`).toBe(length < seq ? 'too_old' : 'none');
      }
    }
  });

  test('that is another history than what a page knows is refused', () => {
    const line = { seq: 3, hash: hashOf(lines[2]?.text ?? '') };
    const others = listOf([...statements.slice(0, 2), ...statements.slice(3, 5)]);
    expect(others.length).toBeGreaterThan(3);
    expect(faultOf(readKeyList(others, pinned))).toBe('none');
    expect(faultOf(readKeyList(others, { ...pinned, line }))).toBe('broken');
  });

  test('with a line left out, exchanged, repeated or altered is broken, whichever it is', () => {
    for (let at = 0; at < lines.length; at += 1) {
      const line = lines[at] as SignedLine;
      const without = lines.toSpliced(at, 1);
      // Without its last line it is an older list, which only a page that has seen more can tell.
      const isLast = at === lines.length - 1;
      expect(faultOf(readKeyList(without, pinned)), `without ${at}`).toBe(
        isLast ? 'none' : 'broken',
      );
      expect(faultOf(readKeyList(lines.toSpliced(at, 0, line), pinned))).toBe('broken');
      const next = lines[at + 1];
      if (next)
        expect(faultOf(readKeyList(lines.toSpliced(at, 2, next, line), pinned))).toBe('broken');
      for (const altered of [
        { ...line, text: line.text.replace('2026', '2027') },
        { ...line, text: `${line.text} ` },
        { ...line, signature: lines[(at + 1) % lines.length]?.signature ?? '' },
      ]) {
        const read = readKeyList(lines.with(at, altered), pinned);
        expect(faultOf(read)).toBe(at === 0 ? 'other_centre' : 'broken');
      }
    }
  });

  test('put together from two histories that the centre signed is broken', () => {
    const others = append(undefined, statements, centre, '2026-11-02T00:00:00.000Z');
    expect(faultOf(readKeyList(others, pinned))).toBe('none');
    for (let at = 1; at < lines.length; at += 1) {
      const mixed = [...lines.slice(0, at), ...others.slice(at)];
      expect(faultOf(readKeyList(mixed, pinned)), `from ${at}`).toBe('broken');
    }
  });

  test('with a key that the server put in for a desk is refused: letters go to no one else', async () => {
    const server = await newDeskSecrets('teens', 2);
    const text = (lines[7]?.text ?? '').replace(
      /"recipient":"age1[a-z0-9]+"/,
      `"recipient":"${server.published.recipient}"`,
    );
    expect(text).toContain(server.published.recipient);
    const kept = lines.with(7, { ...(lines[7] as SignedLine), text });
    expect(faultOf(readKeyList(kept, pinned))).toBe('broken');
    // Signed by a key of the server's own, and appended as a third epoch.
    const said: Statement = { says: 'desk', ...server.published, epoch: 3 };
    const forged = append(readList(lines).head, [said], seedOf(9), SINCE);
    expect(faultOf(readKeyList([...lines, ...forged], pinned))).toBe('broken');
  });

  test.each<[string, () => Statement]>([
    [
      'an epoch that skips one',
      () => ({ ...(statements[7] as Extract<Statement, { says: 'desk' }>), epoch: 4 }),
    ],
    [
      'an epoch that was there',
      () => ({ ...(statements[7] as Extract<Statement, { says: 'desk' }>), epoch: 2 }),
    ],
    [
      'a first epoch that is not the first',
      () => ({
        ...(statements[7] as Extract<Statement, { says: 'desk' }>),
        desk: 'abuse',
        epoch: 2,
      }),
    ],
    ['a second beginning', () => statements[0] as Statement],
    ['something that nobody knows', () => ({ says: 'anything' }) as unknown as Statement],
    ['a recipient that is none', () => ({ says: 'member', member: 'x', recipient: 'age1x' })],
  ])('with %s is broken, although the centre signed it', (_what, said) => {
    const more = append(readList(lines).head, [said()], centre, SINCE);
    expect(faultOf(readKeyList([...lines, ...more], pinned))).toBe('broken');
  });

  test('that does not begin with the centre is broken', () => {
    expect(faultOf(readKeyList(listOf(statements.slice(1)), pinned))).toBe('broken');
  });

  test('a line signed for another purpose is none', () => {
    const [line] = lines as [SignedLine];
    const request = { ...line, signature: toBase64(new Uint8Array(64)) };
    expect(faultOf(readKeyList([request], pinned))).toBe('other_centre');
  });

  test('of the demonstration says so', async () => {
    const { lines: demo } = await makeDemoKeys();
    expect(readList(demo, { centreKey: demoCentreKey }).demonstration).toBe(true);
    expect(faultOf(readKeyList(demo, pinned))).toBe('other_centre');
  });
});

describe('vaults and grants', () => {
  test('a vault opens with its words and no others', async () => {
    const { identity, recipient } = await newMemberKey();
    const words = ['ひまわり', 'そよかぜ', 'りんご', 'みなと', 'えのぐ', 'ほたる'];
    const sealed = await sealVault(words, identity);
    expect(await openVault(words, sealed)).toEqual({ identity, recipient });
    expect(await openVault(words.toReversed(), sealed)).toBeUndefined();
    expect(await openVault(words.slice(1), sealed)).toBeUndefined();
    const damaged = sealed.slice();
    damaged[sealed.length - 1] = (damaged.at(-1) ?? 0) ^ 1;
    expect(await openVault(words, damaged)).toBeUndefined();
    expect(await openVault(words, new Uint8Array())).toBeUndefined();
    const readable = await sealFor(utf8(identity), [recipient, recipient]);
    expect(await openVault(words, readable)).toBeUndefined();
  });

  test('a grant opens for its member, and only while it is what the list says', async () => {
    const mine = await newMemberKey();
    const theirs = await newMemberKey();
    const { secrets, published } = await newDeskSecrets('teens', 1);
    const sealed = await sealGrant(secrets, [mine.recipient]);
    expect(await openGrant(sealed, mine.identity, [published])).toEqual(secrets);
    expect(await openGrant(sealed, theirs.identity, [published])).toBeUndefined();
    expect(await openGrant(sealed, mine.identity, [])).toBeUndefined();
    const other = (await newDeskSecrets('teens', 1)).published;
    for (const changed of [
      { desk: 'general' },
      { epoch: 2 },
      { recipient: other.recipient },
      { verify: other.verify },
    ]) {
      const listed = [{ ...published, ...changed }];
      expect(
        await openGrant(sealed, mine.identity, listed),
        Object.keys(changed)[0],
      ).toBeUndefined();
    }
  });

  test('a grant that the server made, of keys of its own, is refused', async () => {
    const mine = await newMemberKey();
    const { published } = await newDeskSecrets('teens', 1);
    const server = await newDeskSecrets('teens', 1);
    const sealed = await sealGrant(server.secrets, [mine.recipient]);
    expect(await openGrant(sealed, mine.identity, [published])).toBeUndefined();
  });

  test.each<[string, (good: object) => string]>([
    ['nothing', () => ''],
    ['no JSON', () => '{'],
    ['another shape', () => '[]'],
    [
      'an identity that is none',
      (good) => JSON.stringify({ ...good, identity: `AGE-SECRET-KEY-1${'Q'.repeat(58)}` }),
    ],
    ['a seed that is none', (good) => JSON.stringify({ ...good, signing: `${'A'.repeat(42)}B` })],
  ])(
    'whoever knows a member’s recipient can seal %s for them: refused, and no fault of the page',
    async (_what, write) => {
      const mine = await newMemberKey();
      const { secrets, published } = await newDeskSecrets('teens', 1);
      const sealed = await sealFor(utf8(write(secrets)), [mine.recipient, mine.recipient]);
      expect(await openGrant(sealed, mine.identity, [published])).toBeUndefined();
      const centreSecret = await sealFor(utf8(write({ centre: 'x', signing: secrets.signing })), [
        mine.recipient,
        mine.recipient,
      ]);
      expect(await openCentre(centreSecret, mine.identity, pinned.centreKey)).toBeUndefined();
    },
  );

  test('the centre’s key opens for its keyholders, and only the one that is pinned', async () => {
    const mine = await newMemberKey();
    const secret = { centre: 'hidamari', signing: toBase64(centre) };
    const sealed = await sealCentre(secret, [mine.recipient]);
    expect(await openCentre(sealed, mine.identity, pinned.centreKey)).toEqual(secret);
    expect(await openCentre(sealed, mine.identity, demoCentreKey)).toBeUndefined();
    expect(
      await openCentre(sealed, (await newMemberKey()).identity, pinned.centreKey),
    ).toBeUndefined();
  });

  test('fingerprints are six groups of four digits, and differ', async () => {
    expect(fingerprintOf(member.first)).toMatch(/^(\d{4} ){5}\d{4}$/);
    expect(fingerprintOf(member.first)).not.toBe(fingerprintOf(member.second));
    expect(fingerprintOf('age162rd4zhmaw07xc0wxlxvkyej3323ca4dgc68l05c2xps56z4fvuq0349k2')).toBe(
      '9621 0139 8837 9123 6701 8756',
    );
  });

  test('the demonstration’s ceremony was held: everybody opens what they were granted', async () => {
    const { lines: demo, members, grants, centre: kept } = await makeDemoKeys();
    const list = readList(demo, { centreKey: demoCentreKey });
    for (const { member: name, words, desks, isKeyholder } of demoMembers) {
      const row = members.find((each) => each.member === name);
      const key = await openVault(words, Buffer.from(row?.vault ?? '', 'base64url'));
      expect(key?.recipient).toBe(list.members.get(name));
      const opened = [];
      for (const { desk, sealed } of grants.filter((each) => each.member === name)) {
        const bytes = Buffer.from(sealed, 'base64url');
        if (await openGrant(bytes, key?.identity ?? '', list.epochs)) opened.push(desk);
      }
      expect(opened.sort()).toEqual([...desks].sort());
      const held = await openCentre(
        Buffer.from(kept.sealed, 'base64url'),
        key?.identity ?? '',
        demoCentreKey,
      );
      expect(held !== undefined).toBe(isKeyholder);
    }
    // Lost members: the recovery key opens every desk and the centre's key.
    for (const { desk, sealed } of grants.filter((each) => each.member === 'recovery')) {
      const opened = await openGrant(Buffer.from(sealed, 'base64url'), demoRecovery, list.epochs);
      expect(opened).toEqual((await demoDesk(desk)).secrets);
    }
    const recovered = await openCentre(
      Buffer.from(kept.sealed, 'base64url'),
      demoRecovery,
      demoCentreKey,
    );
    expect(recovered?.signing).toBe(toBase64(demoCentre.signing));
  });
});

describe('the sheets of the recovery kit', () => {
  const read = (sheet: string): Share => {
    const share = readShare(sheet);
    if ('fault' in share) throw new Error(JSON.stringify(share));
    return share;
  };
  let sheets: readonly string[];
  beforeAll(async () => {
    sheets = await writeShares(demoRecovery, 'K7WQ');
  });

  test('any two of three give the key back, in any order, and all three do', async () => {
    const shares = sheets.map(read);
    expect(shares.map(({ set, number }) => `${set} ${number}`)).toEqual([
      'K7WQ 1',
      'K7WQ 2',
      'K7WQ 3',
    ]);
    for (const [a, b] of [
      [0, 1],
      [0, 2],
      [1, 2],
      [1, 0],
      [2, 0],
      [2, 1],
    ] as const) {
      expect(await combineShares([shares[a] as Share, shares[b] as Share])).toBe(demoRecovery);
    }
    expect(await combineShares(shares)).toBe(demoRecovery);
  });

  test('one alone gives nothing, also when it is typed twice', async () => {
    const [one, two] = sheets.map(read) as [Share, Share];
    expect(await combineShares([])).toBeUndefined();
    expect(await combineShares([one])).toBeUndefined();
    expect(await combineShares([one, one])).toBeUndefined();
    expect(await combineShares([one, one, two])).toBe(demoRecovery);
  });

  test('every wrong letter on every line is named by sheet and line', () => {
    const letters = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';
    for (const [index, sheet] of sheets.entries()) {
      const rows = sheet.split('\n');
      for (let row = 1; row < rows.length; row += 1) {
        const line = rows[row] ?? '';
        for (let at = 0; at < line.length; at += 1) {
          if (line[at] === ' ') continue;
          for (const letter of letters) {
            if (letter === line[at]) continue;
            const typed = rows
              .with(row, line.slice(0, at) + letter + line.slice(at + 1))
              .join('\n');
            expect(readShare(typed)).toEqual({
              fault: 'wrong_letter',
              number: index + 1,
              line: row,
            });
          }
        }
      }
    }
  });

  test('a letter too many or too few is named by its line', () => {
    const rows = (sheets[0] ?? '').split('\n');
    const line = rows[3] ?? '';
    let named = 0;
    for (let at = 0; at < line.length; at += 1) {
      for (const typed of [
        line.slice(0, at) + line.slice(at + 1),
        `${line.slice(0, at)}7${line.slice(at)}`,
      ]) {
        if (typed.replaceAll(' ', '') === line.replaceAll(' ', '')) continue;
        const share = readShare(rows.with(3, typed).join('\n'));
        expect(share).toHaveProperty('fault');
        if ('line' in share && share.line === 3) named += 1;
      }
    }
    expect(named).toBeGreaterThan(30);
  });

  test('lines that were exchanged, left out or written twice are noticed', () => {
    const rows = (sheets[1] ?? '').split('\n');
    for (let a = 1; a < rows.length; a += 1) {
      for (let b = a + 1; b < rows.length; b += 1) {
        const exchanged = rows.with(a, rows[b] ?? '').with(b, rows[a] ?? '');
        expect(readShare(exchanged.join('\n'))).toEqual({
          fault: 'wrong_letter',
          number: 2,
          line: a,
        });
      }
      expect(readShare(rows.toSpliced(a, 1).join('\n'))).toHaveProperty('fault');
      expect(readShare(rows.toSpliced(a, 0, rows[a] ?? '').join('\n'))).toHaveProperty('fault');
    }
  });

  test('a line of another sheet is noticed, and so is the first line of another', () => {
    const [one = [], two = []] = sheets.map((sheet) => sheet.split('\n'));
    expect(readShare(one.with(4, two[4] ?? '').join('\n'))).toEqual({
      fault: 'wrong_letter',
      number: 1,
      line: 4,
    });
    expect(readShare(one.with(0, two[0] ?? '').join('\n'))).toMatchObject({
      fault: 'wrong_letter',
      line: 0,
    });
  });

  test.each([
    ['number', /1\/3/, '2/3'],
    ['kit', 'K7WQ', 'K7WR'],
  ])(
    'a wrong %s in the first line says that the first line is wrong, not that all others are',
    (_what, from, to) => {
      expect(readShare((sheets[0] ?? '').replace(from, to))).toMatchObject({
        fault: 'wrong_letter',
        line: 0,
      });
    },
  );

  test('a wrong checksum in the first line names the sheet', () => {
    const [head = '', ...rest] = (sheets[0] ?? '').split('\n');
    const last = head.at(-1) === '7' ? '8' : '7';
    const typed = [head.slice(0, -1) + last, ...rest].join('\n');
    expect(readShare(typed)).toEqual({ fault: 'wrong_sheet', number: 1 });
  });

  test('small letters, wide letters, other gaps, and O I L for 0 1 1 are forgiven everywhere', () => {
    const wide = (text: string) =>
      text.replace(/[!-~]/g, (letter) => String.fromCharCode(letter.charCodeAt(0) + 0xfee0));
    for (const sheet of sheets) {
      const good = read(sheet);
      const [head = '', ...rest] = sheet.split('\n');
      const rows = rest.join('\n');
      const whole = head.slice(-6).replaceAll('0', 'O').replaceAll('1', 'l');
      for (const typed of [
        sheet.toLowerCase(),
        wide(sheet),
        `\r\n${sheet.replaceAll('\n', '\r\n\r\n')}\r\n`,
        `${head}\n${rows.replaceAll(' ', '-')}`,
        `${head}\n${rows.replaceAll(' ', '　')}`,
        `${head}\n${rows.replaceAll('0', 'O').replaceAll('1', 'I')}`,
        `${head}\n${rows.replaceAll('0', 'o').replaceAll('1', 'l')}`,
        `${head.slice(0, -6)}${whole}\n${rows}`,
      ]) {
        expect(readShare(typed)).toEqual(good);
      }
    }
  });

  test('sheets of two kits do not go together, even under one name', async () => {
    const others = (await writeShares(demoRecovery, 'ABCD')).map(read);
    const same = (await writeShares(demoRecovery, 'K7WQ')).map(read);
    const shorter = (await writeShares('AGE', 'K7WQ')).map(read);
    const [one] = sheets.map(read) as [Share];
    for (const [, other] of [others, same, shorter] as unknown as [Share, Share][]) {
      expect(await combineShares([one, other])).toBeUndefined();
    }
    // The name is a part of every line: another kit's sheet cannot be made ours by its first line.
    expect(
      readShare((await writeShares(demoRecovery, 'ABCD'))[1]?.replace('ABCD', 'K7WQ') ?? ''),
    ).toHaveProperty('fault');
  });

  test.each([
    '',
    'HIDAMARI',
    'HIDAMARI K7WQ 1/3',
    'こんにちは',
    'HIDAMARI K7WQ 1/3 ABCDEF',
    'HIDAMARI K7WQ 1/3 ABCDEF\n!!!!',
  ])('what is no sheet is not read as one: %j', (typed) => {
    expect(readShare(typed)).toHaveProperty('fault');
  });
});
