/**
 * Steps of a keyholder as they are offered: each says beforehand what would be in its way, and whom or what it
 * asks for, so that nobody presses a button that can only refuse.
 */
import { beforeAll, expect, test } from 'vitest';
import { setUp } from '../../functions/keys/ceremony.ts';
import { readKeyList } from '../../functions/keys/key-list.ts';
import type { KeyChange } from '../../functions/keys/model.ts';
import { type MemberKey, newMemberKey } from '../../functions/keys/vault.ts';
import {
  centrePlans,
  epochPlan,
  memberPlans,
  missingFor,
  newDeskPlans,
  type Plan,
  type Seen,
} from '../../site/src/desk/keys-plans.ts';
import { handOf } from '../support/keyholders.ts';

const AT = '2026-12-01T03:00:00.000Z';
const NOTHING = { picked: [], pasted: '', isCompared: false };
let seen: Seen;
let aki: MemberKey;
let pinned: { centreKey: string };
let centre: NonNullable<KeyChange['centre']>;

/** aki and biwa hold everything; the settings name a desk that the list does not have yet. */
beforeAll(async () => {
  aki = await newMemberKey();
  const members = [
    { member: 'aki', recipient: aki.recipient },
    { member: 'biwa', recipient: (await newMemberKey()).recipient },
  ];
  const recovery = (await newMemberKey()).recipient;
  const desks = ['teens', 'general'];
  const made = await setUp({ centre: 'hidamari', recovery, members, desks, seen: 0, at: AT });
  if ('fault' in made || !made.change.centre) throw new Error('No centre');
  const { lines, grants } = made.change;
  pinned = { centreKey: made.pinned.centreKey };
  centre = made.change.centre;
  const list = readKeyList(lines, pinned);
  if ('fault' in list) throw new Error(list.fault);
  seen = {
    list,
    deskNames: { teens: 'ティーンズ', general: '子育て', abuse: '虐待' },
    ring: {
      me: 'aki',
      revision: 1,
      lines,
      grants: grants.filter(({ member }) => member === 'aki'),
      centre: centre.sealed,
      members: members.map((each) => ({
        ...each,
        name: each.member,
        hasKey: true,
        desks,
        isKeyholder: true,
      })),
    },
  };
});

/** As if the server said other things of biwa. */
const withBiwa = (said: { desks?: string[]; isKeyholder?: boolean }): Seen => ({
  ...seen,
  ring: {
    ...seen.ring,
    members: seen.ring.members.map((each) =>
      each.member === 'biwa' ? { ...each, ...said } : each,
    ),
  },
});
const planOf = (from: Seen, member: string, label: string): Plan => {
  const shown = from.ring.members.find((each) => each.member === member);
  const plan = shown && memberPlans(from, shown).find((each) => each.label === label);
  if (!plan) throw new Error(`No plan: ${label}`);
  return plan;
};

test('a desk of the settings without keys can be begun, for two chosen members at least', async () => {
  const [plan, ...more] = newDeskPlans(seen);
  if (!plan) throw new Error('No plan');
  expect(more).toEqual([]);
  expect(plan).toMatchObject({ desk: 'abuse', label: 'この窓口の鍵を作る' });
  expect(missingFor(plan, NOTHING)).toBe('2人以上を選んでください。');
  expect(missingFor(plan, { ...NOTHING, picked: ['aki'] })).toBe('2人以上を選んでください。');
  const picked = ['aki', 'biwa'];
  expect(missingFor(plan, { ...NOTHING, picked })).toBeUndefined();
  const hand = await handOf(seen.ring, aki, pinned, AT);
  const step = await plan.take(hand, { picked, pasted: '' });
  if ('fault' in step) throw new Error(step.fault);
  expect(step.grants.map(({ member, desk }) => `${member} ${desk}`)).toEqual([
    'aki abuse',
    'biwa abuse',
    'recovery abuse',
  ]);
  const list = readKeyList([...seen.ring.lines, ...step.lines], pinned);
  if ('fault' in list) throw new Error(list.fault);
  expect(newDeskPlans({ ...seen, list })).toEqual([]);
});

test('who alone can open a desk is told to grant it first, or heirs are chosen', () => {
  const alone = withBiwa({ desks: [] });
  for (const label of ['名簿から外す', 'ティーンズの許可を取り消す']) {
    const plan = planOf(alone, 'aki', label);
    expect(plan.says.join()).toContain('を開けられるのは、akiだけです');
    expect(plan.picks).toMatchObject({ from: [{ member: 'biwa' }], least: 1 });
    expect(missingFor(plan, NOTHING)).toBe('1人以上を選んでください。');
    expect(missingFor(planOf(seen, 'aki', label), NOTHING)).toBeUndefined();
  }
});

test('the last keyholder cannot go before there is another, and is told so', () => {
  const last = withBiwa({ isKeyholder: false });
  for (const label of ['名簿から外す', '預かり役から外す']) {
    expect(missingFor(planOf(last, 'aki', label), NOTHING)).toContain('先に、ほかの人を預かり役に');
    expect(missingFor(planOf(seen, 'aki', label), NOTHING)).toBeUndefined();
  }
});

test('a desk that nobody can open begins anew for whom one chooses', () => {
  const members = seen.ring.members.map((each) => ({ ...each, desks: [] }));
  const plan = epochPlan({ ...seen, ring: { ...seen.ring, members } }, 'teens');
  expect(missingFor(plan, NOTHING)).toBe('1人以上を選んでください。');
  expect(missingFor(epochPlan(seen, 'teens'), NOTHING)).toBeUndefined();
});

test('another recovery key is a recipient, compared, by who can open every epoch', () => {
  const plan = centrePlans(seen).find(({ pastes }) => pastes);
  if (!plan) throw new Error('No plan');
  const pasted = ` ${aki.recipient}\n`;
  expect(missingFor(plan, NOTHING)).toContain('そのまま貼って');
  expect(missingFor(plan, { ...NOTHING, pasted: pasted.replace('age1', 'age2') })).toBeDefined();
  expect(missingFor(plan, { ...NOTHING, pasted })).toContain('見くらべて');
  expect(missingFor(plan, { ...NOTHING, pasted, isCompared: true })).toBeUndefined();
  const less = { ...seen, ring: { ...seen.ring, grants: seen.ring.grants.slice(1) } };
  const closed = centrePlans(less).find(({ pastes }) => pastes);
  expect(closed && missingFor(closed, { ...NOTHING, pasted, isCompared: true })).toContain(
    'はじめの鍵から開ける人だけ',
  );
});

test('before the centre’s key is changed, everybody in the list is named, and whose key is another', () => {
  const says = (from: Seen) => centrePlans(from)[0]?.says.join() ?? '';
  expect(says(seen)).toContain('いまの名簿にいるのは、aki、biwaの2人です');
  const members = seen.ring.members.slice(0, 1);
  expect(says({ ...seen, ring: { ...seen.ring, members } })).toContain(
    'aki、biwa（名簿と違う鍵）の2人',
  );
});
