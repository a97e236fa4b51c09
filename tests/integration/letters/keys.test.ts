/**
 * Keys in the life of a centre, rehearsed over HTTP with real letters: somebody is withdrawn, somebody loses the
 * words, everybody does and paper brings the letters back; a desk that hangs on one person says so.
 */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import {
  beginEpoch,
  changeCentre,
  changeRecovery,
  endKeyholder,
  grantDesk,
  keyholdersOf,
  makeKeyholder,
  memberLeaves,
  newPin,
  signMember,
  standingOf,
  withdrawDesk,
} from '../../../functions/keys/ceremony.ts';
import { append, currentEpoch, readKeyList } from '../../../functions/keys/key-list.ts';
import type { Grant, KeyChange } from '../../../functions/keys/model.ts';
import { combineShares, readShare, type Share } from '../../../functions/keys/shares.ts';
import {
  newDeskSecrets,
  newMemberKey,
  openCentre,
  openGrant,
  openVault,
} from '../../../functions/keys/vault.ts';
import { openWith } from '../../../functions/letters/sealing.ts';
import { fromBase64, toBase64 } from '../../../functions/letters/signing.ts';
import { type Engine, startEngine } from '../../../infra/local/engine.ts';
import { KeyCentre } from '../../support/key-centre.ts';
import { handOf } from '../../support/keyholders.ts';
import { aMailbox, readMailbox, write } from '../../support/letters.ts';
import { rowsOf } from '../../support/raw-tables.ts';

let engine: Engine;
let centre: KeyCentre;
beforeAll(async () => {
  engine = await startEngine();
});
afterAll(() => engine?.stop());

/** A centre of its own for each rehearsal, ended with it. */
function rehearsal(name: string, run: () => Promise<void>): void {
  test(name, async () => {
    centre = await KeyCentre.start(engine);
    try {
      await run();
    } finally {
      await centre.world.stop();
    }
  });
}

async function written(text: string) {
  const mailbox = await aMailbox();
  await write(centre.client, mailbox, await centre.list(), text);
  return mailbox;
}

/** Letters of a thief of the tables that these identities open. */
async function openedBy(identities: readonly string[]): Promise<number> {
  const all = await Promise.all(
    (await centre.sealedLetters()).map((sealed) => openWith(sealed, identities)),
  );
  return all.filter((plain) => plain !== undefined).length;
}

describe('key turnover', () => {
  rehearsal(
    'a member is withdrawn: nothing sealed reaches them, later letters do not open with what they copied, and the others read on',
    async () => {
      const mailbox = await written('まえの手紙');
      await centre.answer('aki', 'natsu', mailbox, 'まえの返事');
      expect(await centre.read('aki', mailbox)).toEqual(['まえの手紙', 'まえの返事']);
      const copied = (await centre.open('aki')).secrets.map(({ identity }) => identity);
      expect(copied).toHaveLength(1);

      await centre.take('haru', (hand) => withdrawDesk(hand, 'aki', 'teens'));
      const list = await centre.list();
      expect(currentEpoch(list, 'teens')?.epoch).toBe(2);

      // Every way to what is sealed, for who has no grant any more.
      expect(await centre.conversation('aki', mailbox)).toMatchObject({ status: 404 });
      const queue = await centre.ask('aki', 'GET', '/api/staff/letters?desk=teens&view=answered');
      expect(queue.json).toMatchObject({ desks: [], items: [] });
      expect((await centre.ring('aki')).grants).toEqual([]);

      // Old letters by the old grants, and the reply of the old epoch still verifies.
      expect(await centre.read('natsu', mailbox)).toEqual(['まえの手紙', 'まえの返事']);
      expect(await centre.texts(mailbox)).toEqual(['まえの手紙', 'まえの返事']);

      const { newest } = await readMailbox(centre.client, mailbox, list);
      await write(centre.client, mailbox, list, 'あとの手紙', { number: 2, newest });
      await centre.answer('haru', 'natsu', mailbox, 'あとの返事');
      const all = ['まえの手紙', 'まえの返事', 'あとの手紙', 'あとの返事'];
      expect(await centre.read('haru', mailbox)).toEqual(all);
      expect(await centre.texts(mailbox)).toEqual(all);
      // With the old keys and the whole table: the letter and the answer of before, and no more.
      expect(await centre.sealedLetters()).toHaveLength(4);
      expect(await openedBy(copied)).toBe(2);
    },
  );

  rehearsal('who comes later is granted old epochs too, and reads from the beginning', async () => {
    const mailbox = await written('いちばん前');
    await centre.take('haru', (hand) => beginEpoch(hand, 'teens'));
    const { newest } = await readMailbox(centre.client, mailbox, await centre.list());
    await write(centre.client, mailbox, await centre.list(), 'つぎ', { number: 2, newest });
    await centre.makeKey('fuyu');
    await centre.take('natsu', (hand) =>
      signMember(hand, { member: 'fuyu', ...centre.keyOf('fuyu') }),
    );
    await centre.take('natsu', (hand) => grantDesk(hand, 'fuyu', 'teens'));
    expect(await centre.read('fuyu', mailbox)).toEqual(['いちばん前', 'つぎ']);
  });

  rehearsal('a letter that was sealed before the turnover and sent after it is read', async () => {
    const before = await centre.list();
    await centre.take('haru', (hand) => withdrawDesk(hand, 'aki', 'teens'));
    const mailbox = await aMailbox();
    await write(centre.client, mailbox, before, '書いているあいだに');
    expect(await centre.read('natsu', mailbox)).toEqual(['書いているあいだに']);
  });

  rehearsal('a keyholder who leaves changes nothing any more', async () => {
    const stale = await handOf(await centre.ring('natsu'), centre.keyOf('natsu'), centre.pinned);
    await centre.take('haru', (hand) => memberLeaves(hand, 'natsu'));
    const ring = await centre.ring('natsu');
    expect(ring).toMatchObject({ grants: [] });
    expect(ring.centre).toBeUndefined();
    const step = await beginEpoch(
      { ...stale, ring: { ...stale.ring, revision: ring.revision } },
      'teens',
    );
    if ('fault' in step) throw new Error(step.fault);
    expect(await centre.change('natsu', step)).toMatchObject({
      status: 403,
      json: { code: 'role_missing' },
    });
  });
});

describe('a lost member', () => {
  rehearsal('makes a new key, two others restore it, and no letter is lost', async () => {
    const mailbox = await written('まっていてね');
    const old = centre.keyOf('aki');
    const oldRing = await centre.ring('aki');
    await centre.makeKey('aki');
    // Waiting: signed with another key, granted nothing, and told nothing of letters.
    const waiting = await centre.ring('natsu');
    const { list } = await centre.open('natsu');
    const shown = waiting.members.find(({ member }) => member === 'aki');
    expect(shown && standingOf({ list }, shown)).toBe('waiting');
    expect(shown?.desks).toEqual([]);
    expect(await centre.conversation('aki', mailbox)).toMatchObject({ status: 404 });
    const hand = await handOf(waiting, centre.keyOf('natsu'), centre.pinned);
    expect(await grantDesk(hand, 'aki', 'teens')).toEqual({ fault: 'not_signed' });

    await centre.take('haru', (held) =>
      signMember(held, { member: 'aki', ...centre.keyOf('aki') }),
    );
    await centre.take('natsu', (held) => grantDesk(held, 'aki', 'teens'));
    expect(await centre.read('aki', mailbox)).toEqual(['まっていてね']);
    // The words on paper open the vault that is there now, and those of before do not.
    const vault = fromBase64((await centre.ring('aki')).vault ?? '');
    expect(await openVault(centre.words.get('aki') ?? [], vault)).toEqual(centre.keyOf('aki'));
    const grants = await Promise.all(
      (await centre.ring('aki')).grants.map(({ sealed }) =>
        openGrant(fromBase64(sealed), old.identity, list.epochs),
      ),
    );
    expect(grants).toEqual([undefined]);
    expect(oldRing.grants).toHaveLength(1);
  });
});

describe('a keyholder who makes a new key', () => {
  const natsu = async () => {
    const { ring, list } = await centre.open('haru');
    const shown = ring.members.find(({ member }) => member === 'natsu');
    return { ...shown, holds: keyholdersOf({ ring, list }) };
  };
  const sign = () =>
    centre.take('haru', (hand) => signMember(hand, { member: 'natsu', ...centre.keyOf('natsu') }));

  rehearsal(
    'is no keyholder any more, signed or not, until another one hands them the centre’s key anew',
    async () => {
      await centre.makeKey('natsu');
      expect(await natsu()).toMatchObject({ isKeyholder: false, desks: [], holds: ['haru'] });
      expect(await centre.ring('natsu')).not.toHaveProperty('centre');
      await sign();
      expect(await natsu()).toMatchObject({ isKeyholder: false, desks: [], holds: ['haru'] });
      await centre.take('haru', (hand) => makeKeyholder(hand, 'natsu'));
      expect(await natsu()).toMatchObject({ isKeyholder: true, holds: ['haru', 'natsu'] });
      // With what they have now, not in name only.
      await centre.take('natsu', (hand) => makeKeyholder(hand, 'aki'));
    },
  );

  rehearsal('is told of where a desk now hangs on one person', async () => {
    const alarms = () => centre.world.logLines.filter((line) => line.includes('desk_thin'));
    const told = async () => {
      await centre.world.settle();
      const rows = await rowsOf(centre.world, 'events');
      return rows.filter((row) => row['kind'] === 'keys_changed' && row['actor'] === 'natsu');
    };
    const before = await told();
    // A first key takes nothing away from any desk.
    await centre.makeKey('fuyu');
    await centre.makeKey('natsu');
    const after = (await told()).filter(({ pk }) => before.every((row) => row.pk !== pk));
    expect(after).toMatchObject([{ thin: ['general'] }]);
    expect(alarms()).toHaveLength(1);
  });

  rehearsal(
    'must not be the only one: nobody could sign them, so the key that they have is kept',
    async () => {
      await centre.take('haru', (hand) => endKeyholder(hand, 'natsu'));
      const rows = await rowsOf(centre.world, 'keys');
      expect(await centre.tryNewKey('haru')).toMatchObject({
        status: 409,
        json: { code: 'last_keyholder', detail: expect.stringContaining('先に、ほかの人を') },
      });
      expect(await rowsOf(centre.world, 'keys')).toEqual(rows);
      // The words that they have open what they opened, and hand the centre's key on.
      await centre.take('haru', (hand) => makeKeyholder(hand, 'natsu'));
      await centre.makeKey('haru');
      await centre.take('natsu', (hand) =>
        signMember(hand, { member: 'haru', ...centre.keyOf('haru') }),
      );
    },
  );

  rehearsal('at the same moment as the other one: somebody still holds the key', async () => {
    const answers = await Promise.all(['haru', 'natsu'].map((member) => centre.tryNewKey(member)));
    expect(answers.map(({ status }) => status).toSorted()).toEqual([200, 409]);
    const kept = answers[0]?.status === 409 ? 'haru' : 'natsu';
    const lost = kept === 'haru' ? 'natsu' : 'haru';
    await centre.take(kept, (hand) => signMember(hand, { member: lost, ...centre.keyOf(lost) }));
  });
});

describe('recovery', () => {
  rehearsal('every pair of sheets opens every desk, its letters and the centre’s key', async () => {
    await written('ひとつめ');
    await centre.take('haru', (hand) => withdrawDesk(hand, 'aki', 'teens'));
    await written('ふたつめ');
    const list = await centre.list();
    const rows = await rowsOf(centre.world, 'keys');
    const grants = rows.filter(({ pk }) => pk === 'GRANTS#recovery') as unknown as Grant[];
    const sealedCentre = String(rows.find(({ pk }) => pk === 'CENTRE')?.['sealed']);
    expect(grants.map(({ desk, epoch }) => `${desk} ${epoch}`).sort()).toEqual([
      'general 1',
      'teens 1',
      'teens 2',
    ]);
    const shares = centre.sheets.map(readShare).filter((read): read is Share => !('fault' in read));
    expect(shares).toHaveLength(3);
    for (const left of [0, 1, 2]) {
      const identity = await combineShares(shares.toSpliced(left, 1));
      const opened = await Promise.all(
        grants.map(({ sealed }) => openGrant(fromBase64(sealed), identity ?? '', list.epochs)),
      );
      expect(opened.every((secrets) => secrets !== undefined)).toBe(true);
      expect(await openedBy(opened.map((secrets) => secrets?.identity ?? ''))).toBe(2);
      const secret = await openCentre(fromBase64(sealedCentre), identity ?? '', list.centreKey);
      expect(secret).toBeDefined();
    }
    // One wrong letter is named, and opens nothing.
    const [first = ''] = centre.sheets;
    const at = first.indexOf('\n') + 8;
    const wrong = `${first.slice(0, at)}${first[at] === 'A' ? 'B' : 'A'}${first.slice(at + 1)}`;
    expect(readShare(wrong)).toEqual({ fault: 'wrong_letter', number: 1, line: 1 });
  });
});

describe('another key of the centre', () => {
  rehearsal(
    'old letters are read, new ones sealed and read before and after the deployment, and the recovery kit opens the new key',
    async () => {
      const mailbox = await written('まえの手紙');
      await centre.answer('aki', 'natsu', mailbox, 'まえの返事');
      const old = await handOf(await centre.ring('natsu'), centre.keyOf('natsu'), centre.pinned);
      await centre.take('haru', (hand) => memberLeaves(hand, 'natsu'));
      const kept = await handOf(await centre.ring('haru'), centre.keyOf('haru'), centre.pinned);
      await centre.take('haru', (hand) => grantDesk(hand, 'aki', 'general'));
      await centre.take('haru', changeCentre);

      // Pages of before: they follow, and letters go on.
      const list = await centre.list();
      const { newest } = await readMailbox(centre.client, mailbox, list);
      await write(centre.client, mailbox, list, 'あいだの手紙', { number: 2, newest });
      // The settings get their line, and the centre deploys.
      const pin = newPin(list, centre.pinned);
      if (!pin) throw new Error('Nothing to pin');
      const before = centre.pinned;
      centre.pin(pin);
      await centre.answer('aki', 'haru', mailbox, 'あとの返事');
      const all = ['まえの手紙', 'まえの返事', 'あいだの手紙', 'あとの返事'];
      expect(await centre.read('aki', mailbox)).toEqual(all);
      expect(await centre.texts(mailbox)).toEqual(all);
      expect(currentEpoch(list, 'teens')?.epoch).toBe(3);

      // What natsu copied opens the letters of before, and signs a fork that only a page of before believes.
      expect(await openedBy(old.secrets.map(({ identity }) => identity))).toBe(2);
      const fork = [
        ...old.ring.lines,
        ...append(
          old.list.head,
          [{ says: 'member', member: 'mallory', recipient: (await newMemberKey()).recipient }],
          fromBase64(old.centre.signing),
          old.at,
        ),
      ];
      expect(readKeyList(fork, before)).not.toHaveProperty('fault');
      expect(readKeyList(fork, pin)).toHaveProperty('fault');
      // A keyholder's own step with the old key is not taken either.
      const { ring } = await centre.open('haru');
      const stale = await beginEpoch({ ...kept, ring, list }, 'teens');
      expect(await centre.change('haru', stale as KeyChange)).toMatchObject({
        status: 422,
        json: { code: 'keys_not_believed' },
      });

      // Another kit, by the new key; it opens the centre's new key and every desk.
      const fresh = await newMemberKey();
      await centre.take('haru', (hand) => changeRecovery(hand, fresh.recipient));
      const rows = await rowsOf(centre.world, 'keys');
      const sealed = fromBase64(String(rows.find(({ pk }) => pk === 'CENTRE')?.['sealed']));
      const shares = centre.sheets
        .map(readShare)
        .filter((read): read is Share => !('fault' in read));
      const former = (await combineShares(shares.slice(1))) ?? '';
      expect(await openCentre(sealed, fresh.identity, pin.centreKey)).toBeDefined();
      expect(await openCentre(sealed, former, pin.centreKey)).toBeUndefined();
    },
  );

  rehearsal('is opened by the recovery kit that is there', async () => {
    await centre.take('haru', changeCentre);
    const rows = await rowsOf(centre.world, 'keys');
    const sealed = fromBase64(String(rows.find(({ pk }) => pk === 'CENTRE')?.['sealed']));
    const shares = centre.sheets.map(readShare).filter((read): read is Share => !('fault' in read));
    const identity = (await combineShares(shares.slice(1))) ?? '';
    const { centreKey } = await centre.list();
    expect(centreKey).not.toBe(centre.pinned.centreKey);
    expect(await openCentre(sealed, identity, centreKey)).toBeDefined();
  });

  rehearsal('is not taken when it is sealed for nobody: it would be nobody’s', async () => {
    const hand = await handOf(await centre.ring('haru'), centre.keyOf('haru'), centre.pinned);
    const { centre: _, ...step } = (await changeCentre(hand)) as KeyChange;
    expect(await centre.change('haru', step)).toMatchObject({
      status: 422,
      json: { code: 'keys_not_believed' },
    });
  });
});

rehearsal(
  'who leaves has no sealed key on the server any more; the name stays, and who comes back makes a new one',
  async () => {
    await centre.take('haru', (hand) => memberLeaves(hand, 'aki'));
    const rows = await rowsOf(centre.world, 'keys');
    const row = rows.find(({ pk, sk }) => pk === 'MEMBERS' && sk === 'aki');
    expect(row).toMatchObject({ name: 'aki' });
    expect(row).not.toHaveProperty('vault');
    expect(await centre.ring('aki')).not.toHaveProperty('vault');
    const standing = async () => {
      const { ring, list } = await centre.open('haru');
      const shown = ring.members.find(({ member }) => member === 'aki');
      return shown && standingOf({ list }, shown);
    };
    expect(await standing()).toBe('gone');
    await centre.makeKey('aki');
    expect(await standing()).toBe('waiting');
    await centre.take('haru', (hand) =>
      signMember(hand, { member: 'aki', ...centre.keyOf('aki') }),
    );
    expect(await standing()).toBe('signed');
  },
);

describe('what the server does not take', () => {
  rehearsal(
    'a list that is signed by another key, or by the right one over another line',
    async () => {
      const hand = await handOf(await centre.ring('haru'), centre.keyOf('haru'), centre.pinned);
      const mallory = await newMemberKey();
      const before = await rowsOf(centre.world, 'keys');
      const change = (lines: KeyChange['lines']): KeyChange => ({
        seen: hand.ring.revision,
        lines,
        grants: [],
        ends: [],
      });
      const says = { says: 'member', member: 'mallory', recipient: mallory.recipient } as const;
      const forged = append(hand.list.head, [says], new Uint8Array(32).fill(1), hand.at);
      const elsewhere = append(
        { seq: hand.list.head.seq, hash: 'A'.repeat(43) },
        [says],
        fromBase64(hand.centre.signing),
        hand.at,
      );
      for (const lines of [forged, elsewhere]) {
        expect(await centre.change('haru', change(lines))).toMatchObject({
          status: 422,
          json: { code: 'keys_not_believed' },
        });
      }
      const { secrets } = await newDeskSecrets('teens', 9);
      const strange = {
        member: 'haru',
        desk: 'teens',
        epoch: 9,
        sealed: toBase64(new Uint8Array(40)),
      };
      expect(secrets.epoch).toBe(9);
      expect(await centre.change('haru', { ...change([]), grants: [strange] })).toMatchObject({
        status: 422,
      });
      expect(await rowsOf(centre.world, 'keys')).toEqual(before);
    },
  );

  rehearsal(
    'two keyholders at once: one step counts, the other is told to look again',
    async () => {
      const haru = await handOf(await centre.ring('haru'), centre.keyOf('haru'), centre.pinned);
      const natsu = await handOf(await centre.ring('natsu'), centre.keyOf('natsu'), centre.pinned);
      const steps = await Promise.all([beginEpoch(haru, 'teens'), beginEpoch(natsu, 'teens')]);
      const answers = await Promise.all(
        steps.map((step, index) =>
          centre.change(index === 0 ? 'haru' : 'natsu', step as KeyChange),
        ),
      );
      expect(answers.map(({ status }) => status).sort()).toEqual([200, 409]);
      expect(currentEpoch(await centre.list(), 'teens')?.epoch).toBe(2);
    },
  );

  rehearsal(
    'a step of who holds no key of the centre, or a page that trusts another key',
    async () => {
      const hand = await handOf(await centre.ring('haru'), centre.keyOf('haru'), centre.pinned);
      const step = await beginEpoch(hand, 'teens');
      expect(await centre.change('aki', step as KeyChange)).toMatchObject({ status: 403 });
      const { lines } = hand.ring;
      expect(readKeyList(lines, { centreKey: 'A'.repeat(43) })).toEqual({ fault: 'other_centre' });
      expect(readKeyList(lines.slice(0, -1), { ...centre.pinned, line: hand.list.head })).toEqual({
        fault: 'too_old',
      });
    },
  );
});

rehearsal('a desk that fewer than two can open raises an alarm, and a full one none', async () => {
  const alarms = () => centre.world.logLines.filter((line) => line.includes('desk_thin'));
  await centre.world.settle();
  expect(alarms()).toEqual([]);
  await centre.take('haru', (hand) => withdrawDesk(hand, 'natsu', 'general'));
  await centre.world.settle();
  expect(alarms()).toHaveLength(1);
  expect(alarms()[0]).toContain('手紙を開ける職員が2人に満たない');
  await centre.take('haru', (hand) => grantDesk(hand, 'natsu', 'general'));
  await centre.world.settle();
  expect(alarms()).toHaveLength(1);
  // Who only gives the centre's key back leaves the desks as they are.
  await centre.take('haru', (hand) => endKeyholder(hand, 'natsu'));
  await centre.world.settle();
  expect(alarms()).toHaveLength(1);
});
