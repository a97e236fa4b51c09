/**
 * Whatever steps keyholders take in whatever order: the list holds, recovery opens every epoch, who has a desk
 * can open it, and who was withdrawn cannot open what comes later.
 */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import {
  ableTo,
  beginEpoch,
  changeCentre,
  changeRecovery,
  endKeyholder,
  grantDesk,
  makeKeyholder,
  memberLeaves,
  newPin,
  onlyAbleAt,
  type Step,
  setUp,
  signMember,
  standingOf,
  thinDesks,
  withdrawDesk,
} from '../../functions/keys/ceremony.ts';
import {
  append,
  currentEpoch,
  type Pinned,
  readKeyList,
  type Statement,
} from '../../functions/keys/key-list.ts';
import type { Grant, KeyChange, KeyRing } from '../../functions/keys/model.ts';
import { type MemberKey, newMemberKey, openCentre, openGrant } from '../../functions/keys/vault.ts';
import { fromBase64 } from '../../functions/letters/signing.ts';
import { handOf, openRing } from '../support/keyholders.ts';

const AT = '2026-12-01T03:00:00.000Z';
const DESKS = ['teens', 'general'];
const PEOPLE = ['aki', 'biwa', 'chika', 'dan'] as const;
type Person = (typeof PEOPLE)[number];

/** What a server keeps, without a server. Every key that anybody ever had is remembered, to try it. */
class Centre {
  revision = 0;
  lines: KeyChange['lines'] = [];
  grants: Grant[] = [];
  centre: NonNullable<KeyChange['centre']> | undefined;
  pinned: Pinned = { centreKey: '' };
  recovery: MemberKey | undefined;
  readonly keys = new Map<string, MemberKey>();
  /** Whose sealed identity was taken away. */
  readonly gone = new Map<string, true>();

  static async setUp(): Promise<Centre> {
    const world = new Centre();
    world.recovery = await newMemberKey();
    for (const person of PEOPLE) world.keys.set(person, await newMemberKey());
    const made = await setUp({
      centre: 'hidamari',
      recovery: world.recovery.recipient,
      members: (['aki', 'biwa'] as const).map((member) => ({
        member,
        recipient: world.keyOf(member).recipient,
      })),
      desks: DESKS,
      seen: world.revision,
      at: AT,
    });
    if ('fault' in made) throw new Error(made.fault);
    world.pinned = made.pinned;
    world.apply(made.change);
    return world;
  }

  keyOf(member: string): MemberKey {
    const key = this.keys.get(member);
    if (!key) throw new Error(`Nobody is called ${member}`);
    return key;
  }

  /** As functions/keys/change.ts does it. */
  apply(change: KeyChange): void {
    expect(change.seen).toBe(this.revision);
    this.revision += 1;
    this.lines = [...this.lines, ...change.lines];
    const isNew = (grant: Grant) => change.grants.some((each) => isSame(each, grant));
    this.grants = [
      ...this.grants.filter(
        (grant) =>
          !isNew(grant) &&
          !change.ends.some((end) => end.member === grant.member && end.desk === grant.desk),
      ),
      ...change.grants,
    ];
    this.centre = change.centre ?? this.centre;
    for (const { text } of change.lines) {
      const { statement } = JSON.parse(text) as { statement: Statement };
      if (statement.says === 'member_gone') this.gone.set(statement.member, true);
      if (statement.says === 'member') this.gone.delete(statement.member);
    }
  }

  /** As well: the only keyholder keeps the key that there is. */
  newKey(member: string, key: MemberKey): void {
    const { centre } = this;
    const isKeyholder = centre?.keyholders.includes(member) ?? false;
    if (centre && isKeyholder && centre.keyholders.length === 1) return;
    this.revision += 1;
    this.keys.set(member, key);
    this.gone.delete(member);
    this.grants = this.grants.filter((grant) => grant.member !== member);
    this.centre = centre && {
      ...centre,
      keyholders: centre.keyholders.filter((each) => each !== member),
    };
  }

  ring(me: string): KeyRing {
    const newest = (desk: string) =>
      Math.max(0, ...this.grants.filter((each) => each.desk === desk).map(({ epoch }) => epoch));
    const isKeyholder = (member: string) => this.centre?.keyholders.includes(member) ?? false;
    return {
      me,
      revision: this.revision,
      lines: this.lines,
      grants: this.grants.filter(({ member }) => member === me),
      ...(isKeyholder(me) && this.centre ? { centre: this.centre.sealed } : {}),
      members: PEOPLE.map((member) => ({
        member,
        name: member,
        recipient: this.keyOf(member).recipient,
        hasKey: !this.gone.has(member),
        desks: DESKS.filter((desk) =>
          this.grants.some(
            (each) => each.member === member && each.desk === desk && each.epoch === newest(desk),
          ),
        ),
        isKeyholder: isKeyholder(member),
      })),
    };
  }
}

const isSame = (a: Grant, b: Grant) =>
  a.member === b.member && a.desk === b.desk && a.epoch === b.epoch;

type Move =
  | { readonly do: 'sign' | 'leave' | 'hold' | 'let_go' | 'new_key'; readonly whom: Person }
  | { readonly do: 'grant' | 'withdraw'; readonly whom: Person; readonly desk: string }
  | { readonly do: 'epoch'; readonly desk: string }
  | { readonly do: 'recovery' | 'centre' };

const whom = fc.constantFrom(...PEOPLE);
const desk = fc.constantFrom(...DESKS);
const move: fc.Arbitrary<Move> = fc.oneof(
  { weight: 3, arbitrary: fc.record({ do: fc.constant('sign' as const), whom }) },
  { weight: 4, arbitrary: fc.record({ do: fc.constant('grant' as const), whom, desk }) },
  fc.record({ do: fc.constantFrom('leave' as const, 'hold' as const, 'let_go' as const), whom }),
  fc.record({ do: fc.constant('new_key' as const), whom }),
  fc.record({ do: fc.constant('withdraw' as const), whom, desk }),
  fc.record({ do: fc.constant('epoch' as const), desk }),
  fc.record({ do: fc.constantFrom('recovery' as const, 'centre' as const) }),
);

/** A move by the first keyholder who still has their key. @returns the step, if one could be taken */
async function take(world: Centre, by: string, next: Move): Promise<Step | undefined> {
  const hand = await handOf(world.ring(by), world.keyOf(by), world.pinned, AT);
  switch (next.do) {
    case 'sign':
      return signMember(hand, { member: next.whom, recipient: world.keyOf(next.whom).recipient });
    case 'grant':
      return grantDesk(hand, next.whom, next.desk);
    case 'withdraw':
      return withdrawDesk(hand, next.whom, next.desk);
    case 'leave':
      return memberLeaves(hand, next.whom);
    case 'hold':
      return makeKeyholder(hand, next.whom);
    case 'let_go':
      return endKeyholder(hand, next.whom);
    case 'epoch':
      return beginEpoch(hand, next.desk);
    case 'centre':
      return changeCentre(hand);
    default:
      return undefined;
  }
}

async function keyholder(world: Centre): Promise<string | undefined> {
  for (const member of world.centre?.keyholders ?? []) {
    const isOpen = await handOf(world.ring(member), world.keyOf(member), world.pinned).then(
      () => true,
      () => false,
    );
    if (isOpen) return member;
  }
  return undefined;
}

test('the list holds, recovery opens everything, and every grant opens for whom it is', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(move, { maxLength: 12 }), async (moves) => {
      const world = await Centre.setUp();
      for (const next of moves) {
        if (next.do === 'new_key') {
          world.newKey(next.whom, await newMemberKey());
          await check(world);
          continue;
        }
        const by = await keyholder(world);
        if (by === undefined) throw new Error('Nobody holds the centre’s key any more');
        let step: Step | undefined;
        if (next.do === 'recovery') {
          const fresh = await newMemberKey();
          const hand = await handOf(world.ring(by), world.keyOf(by), world.pinned, AT);
          step = await changeRecovery(hand, fresh.recipient);
          if (!('fault' in step)) world.recovery = fresh;
        } else {
          step = await take(world, by, next);
        }
        if (step && !('fault' in step)) world.apply(step);
        await check(world);
      }
    }),
    { numRuns: 12 },
  );
});

async function check(world: Centre): Promise<void> {
  // By a page of before every change, and by one of now.
  const list = readKeyList(world.lines, world.pinned);
  if ('fault' in list) throw new Error(list.fault);
  const pin = newPin(list, world.pinned) ?? world.pinned;
  expect(readKeyList(world.lines, pin)).toEqual(list);
  const recovery = world.recovery as MemberKey;
  expect(list.recovery).toBe(recovery.recipient);
  for (const { desk: name, epoch } of list.epochs) {
    const grant = world.grants.find(
      (each) => each.member === 'recovery' && each.desk === name && each.epoch === epoch,
    );
    const opened = await openGrant(fromBase64(grant?.sealed ?? ''), recovery.identity, list.epochs);
    expect(opened).toMatchObject({ desk: name, epoch });
  }
  const sealed = fromBase64(world.centre?.sealed ?? '');
  expect(await openCentre(sealed, recovery.identity, list.centreKey)).toBeDefined();
  // Not in name only, and always somebody.
  expect(world.centre?.keyholders).not.toEqual([]);
  for (const holder of world.centre?.keyholders ?? []) {
    const { identity } = world.keyOf(holder);
    expect(await openCentre(sealed, identity, list.centreKey)).toBeDefined();
  }
  for (const person of PEOPLE) {
    const ring = world.ring(person);
    const mine = ring.members.find(({ member }) => member === person);
    if (!mine || standingOf({ list }, mine) !== 'signed') continue;
    const { secrets } = await openRing(ring, world.keyOf(person), world.pinned);
    expect(secrets).toHaveLength(ring.grants.length);
    for (const name of mine.desks) {
      const newest = currentEpoch(list, name)?.epoch;
      expect(secrets.some((each) => each.desk === name && each.epoch === newest)).toBe(true);
    }
  }
}

async function hand(world: Centre, by: Person = 'aki') {
  return handOf(world.ring(by), world.keyOf(by), world.pinned, AT);
}

function taken(step: Step): KeyChange {
  if ('fault' in step) throw new Error(step.fault);
  return step;
}

async function withThird(): Promise<Centre> {
  const world = await Centre.setUp();
  const { recipient } = world.keyOf('chika');
  world.apply(taken(signMember(await hand(world), { member: 'chika', recipient })));
  world.apply(taken(await grantDesk(await hand(world), 'chika', 'teens')));
  return world;
}

test('who was withdrawn holds nothing of the desk, and opens nothing of its new epoch', async () => {
  const world = await withThird();
  const before = world.ring('chika');
  const step = taken(await withdrawDesk(await hand(world), 'chika', 'teens'));
  world.apply(step);
  expect(world.ring('chika').grants).toEqual([]);
  const { list } = await openRing(world.ring('aki'), world.keyOf('aki'), world.pinned);
  expect(currentEpoch(list, 'teens')?.epoch).toBe(2);
  expect(step.grants.map(({ member }) => member).sort()).toEqual(['aki', 'biwa', 'recovery']);
  for (const { sealed } of step.grants) {
    const { identity } = world.keyOf('chika');
    expect(await openGrant(fromBase64(sealed), identity, list.epochs)).toBeUndefined();
  }
  expect(before.grants).toHaveLength(1);
});

test('a newcomer reads old letters too: every epoch that the keyholder has is granted', async () => {
  const world = await Centre.setUp();
  world.apply(taken(await beginEpoch(await hand(world), 'teens')));
  world.apply(taken(await beginEpoch(await hand(world), 'teens')));
  const { recipient } = world.keyOf('dan');
  world.apply(taken(signMember(await hand(world), { member: 'dan', recipient })));
  world.apply(taken(await grantDesk(await hand(world), 'dan', 'teens')));
  expect(world.ring('dan').grants.map(({ epoch }) => epoch)).toEqual([1, 2, 3]);
});

test('a member who leaves is out of list, desks and the centre’s key, in one step', async () => {
  const world = await withThird();
  world.apply(taken(await makeKeyholder(await hand(world), 'chika')));
  const step = taken(await memberLeaves(await hand(world), 'biwa'));
  world.apply(step);
  const ring = world.ring('aki');
  const { list } = await openRing(ring, world.keyOf('aki'), world.pinned);
  expect([...list.members.keys()]).toEqual(['aki', 'chika']);
  expect(DESKS.map((each) => currentEpoch(list, each)?.epoch)).toEqual([2, 2]);
  expect(world.centre?.keyholders).toEqual(['aki', 'chika']);
  const sealed = fromBase64(world.centre?.sealed ?? '');
  const { identity } = world.keyOf('biwa');
  expect(await openCentre(sealed, identity, list.centreKey)).toBeUndefined();
  const biwa = ring.members.find(({ member }) => member === 'biwa');
  expect(biwa && standingOf({ list }, biwa)).toBe('gone');
  expect(thinDesks({ ring, list })).toEqual(['general']);
});

test('secrets are sealed for the recipients of the signed list, whatever the server says', async () => {
  const world = await withThird();
  const mallory = await newMemberKey();
  const lying = {
    ...world.ring('aki'),
    members: world.ring('aki').members.map((each) => ({
      ...each,
      ...(each.member === 'biwa' ? { recipient: mallory.recipient } : {}),
      ...(each.member === 'dan' ? { desks: DESKS, isKeyholder: true } : {}),
    })),
  };
  const fooled = await handOf(lying, world.keyOf('aki'), world.pinned, AT);
  expect(ableTo(fooled, 'teens')).toEqual(['aki', 'chika']);
  const step = taken(await beginEpoch(fooled, 'teens'));
  for (const { sealed } of step.grants) {
    for (const { identity } of [mallory, world.keyOf('dan')]) {
      const listed = readKeyList([...world.lines, ...step.lines], world.pinned);
      if ('fault' in listed) throw new Error(listed.fault);
      expect(await openGrant(fromBase64(sealed), identity, listed.epochs)).toBeUndefined();
    }
  }
  // A key that was exchanged after it was compared is not the one that is signed.
  const { recipient } = world.keyOf('dan');
  const exchanged = {
    ...lying,
    members: lying.members.map((each) =>
      each.member === 'dan' ? { ...each, recipient: mallory.recipient } : each,
    ),
  };
  const other = await handOf(exchanged, world.keyOf('aki'), world.pinned, AT);
  expect(signMember(other, { member: 'dan', recipient })).toEqual({ fault: 'not_signed' });
});

test('what cannot be done is said: no signature, no desk in hand, nobody left', async () => {
  const world = await withThird();
  expect(await grantDesk(await hand(world), 'dan', 'teens')).toEqual({ fault: 'not_signed' });
  expect(await makeKeyholder(await hand(world), 'dan')).toEqual({ fault: 'not_signed' });
  expect(await beginEpoch(await hand(world), 'abuse')).toEqual({ fault: 'nobody_left' });
  world.apply(taken(await beginEpoch(await hand(world), 'abuse', ['chika'])));
  expect(await grantDesk(await hand(world), 'biwa', 'abuse')).toEqual({ fault: 'desk_closed' });
  expect(await changeRecovery(await hand(world), (await newMemberKey()).recipient)).toEqual({
    fault: 'desk_closed',
  });
  world.apply(taken(await endKeyholder(await hand(world), 'biwa')));
  expect(await endKeyholder(await hand(world), 'aki')).toEqual({ fault: 'nobody_left' });
  expect(await memberLeaves(await hand(world), 'aki')).toEqual({ fault: 'nobody_left' });
  const alone = {
    centre: 'hidamari',
    recovery: (await newMemberKey()).recipient,
    members: [{ member: 'aki', recipient: world.keyOf('aki').recipient }],
    desks: DESKS,
    seen: 0,
    at: AT,
  };
  expect(await setUp(alone)).toEqual({ fault: 'nobody_left' });
});

test('the centre’s key is changed: all keyholders and recovery open the new one, and every desk begins anew', async () => {
  const world = await withThird();
  const before = world.centre?.sealed ?? '';
  const old = await hand(world);
  const step = taken(await changeCentre(old));
  world.apply(step);
  const list = readKeyList(world.lines, world.pinned);
  if ('fault' in list) throw new Error(list.fault);
  expect(list.centreKey).not.toBe(world.pinned.centreKey);
  expect(list.formerKeys).toEqual([world.pinned.centreKey]);
  // What is pinned is the last line that the old key ever wrote.
  expect(newPin(list, world.pinned)).toEqual({ centreKey: list.centreKey, line: list.head });
  expect(DESKS.map((each) => currentEpoch(list, each)?.epoch)).toEqual([2, 2]);
  expect(world.centre?.keyholders).toEqual(['aki', 'biwa']);
  const recovery = world.recovery as MemberKey;
  for (const { identity } of [world.keyOf('aki'), world.keyOf('biwa'), recovery]) {
    expect(
      await openCentre(fromBase64(world.centre?.sealed ?? ''), identity, list.centreKey),
    ).toBeDefined();
    expect(await openCentre(fromBase64(before), identity, list.centreKey)).toBeUndefined();
  }
  // The old key in hand takes no step any more: what it signs is broken, by every page.
  const { recipient } = world.keyOf('dan');
  const stale = taken(signMember({ ...old, list }, { member: 'dan', recipient }));
  expect(readKeyList([...world.lines, ...stale.lines], world.pinned)).toEqual({ fault: 'broken' });
  // And the new one does.
  world.apply(taken(signMember(await hand(world, 'biwa'), { member: 'dan', recipient })));
});

test('a desk that nobody can open does not stand in the way of another centre’s key', async () => {
  const world = await withThird();
  world.apply(taken(await beginEpoch(await hand(world), 'abuse', ['chika'])));
  world.grants = world.grants.filter(({ desk, member }) => desk !== 'abuse' || member !== 'chika');
  const { list } = await openRing(world.ring('aki'), world.keyOf('aki'), world.pinned);
  const step = taken(await changeCentre(await hand(world)));
  expect(step.grants.some((each) => each.desk === 'abuse')).toBe(false);
  expect(currentEpoch(list, 'abuse')?.epoch).toBe(1);
  world.apply(step);
});

test('the only one who can open a desk goes: heirs get what comes, or the step is not taken', async () => {
  const world = await withThird();
  world.apply(taken(await withdrawDesk(await hand(world), 'aki', 'teens')));
  world.apply(taken(await withdrawDesk(await hand(world), 'biwa', 'teens')));
  const seen = await hand(world);
  expect(onlyAbleAt(seen, 'chika')).toEqual(['teens']);
  expect(onlyAbleAt(seen, 'aki')).toEqual([]);
  expect(await memberLeaves(seen, 'chika')).toEqual({ fault: 'nobody_left' });
  expect(await withdrawDesk(seen, 'chika', 'teens')).toEqual({ fault: 'nobody_left' });
  expect(await memberLeaves(seen, 'chika', ['chika'])).toEqual({ fault: 'nobody_left' });
  expect(await memberLeaves(seen, 'chika', ['dan'])).toEqual({ fault: 'not_signed' });
  world.apply(taken(await memberLeaves(seen, 'chika', ['biwa'])));
  expect(ableTo(await hand(world), 'teens')).toEqual(['biwa']);
  // Heirs of one desk get nothing of another.
  expect(ableTo(await hand(world), 'general')).toEqual(['aki', 'biwa']);
});

test('who left and comes back makes a new key, and can be signed again', async () => {
  const world = await withThird();
  const standing = async () => {
    const { ring, list } = await openRing(world.ring('aki'), world.keyOf('aki'), world.pinned);
    const chika = ring.members.find(({ member }) => member === 'chika');
    return chika && standingOf({ list }, chika);
  };
  world.apply(taken(await memberLeaves(await hand(world), 'chika')));
  expect(await standing()).toBe('gone');
  world.keys.set('chika', await newMemberKey());
  world.gone.delete('chika');
  expect(await standing()).toBe('waiting');
  const { recipient } = world.keyOf('chika');
  world.apply(taken(signMember(await hand(world), { member: 'chika', recipient })));
  expect(await standing()).toBe('signed');
});

test('the line of a handover is signed by the key that goes, and no key comes back', async () => {
  const world = await Centre.setUp();
  const old = await hand(world);
  world.apply(taken(await changeCentre(old)));
  const now = await hand(world);
  const back = append(
    now.list.head,
    [{ says: 'handover', verify: world.pinned.centreKey }],
    fromBase64(now.centre.signing),
    AT,
  );
  expect(readKeyList([...world.lines, ...back], world.pinned)).toEqual({ fault: 'broken' });
});
