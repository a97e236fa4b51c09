/**
 * Keys that change while somebody looks: whatever was seen before a change is stale after it, with and without
 * lines of the signed list, so that nobody keeps or regains what another step took away.
 */
import { UpdateCommand } from '@aws-sdk/lib-dynamodb';
import { afterAll, beforeAll, expect, test } from 'vitest';
import {
  endKeyholder,
  grantDesk,
  type Hand,
  LEAST_ABLE,
  makeKeyholder,
  memberLeaves,
  type Step,
  setUp,
  signMember,
  standingOf,
} from '../../../functions/keys/ceremony.ts';
import type { KeyChange } from '../../../functions/keys/model.ts';
import { newMemberKey } from '../../../functions/keys/vault.ts';
import { type Engine, startEngine } from '../../../infra/local/engine.ts';
import { KeyCentre } from '../../support/key-centre.ts';
import { handOf } from '../../support/keyholders.ts';

const STALE = { status: 409, json: { code: 'keys_changed' } };
const RACES = 6;

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

/** What a keyholder's screen holds from now on. */
const screenOf = async (member: string): Promise<Hand> =>
  handOf(await centre.ring(member), centre.keyOf(member), centre.pinned);

async function made(step: Step | Promise<Step>): Promise<KeyChange> {
  const change = await step;
  if ('fault' in change) throw new Error(change.fault);
  return change;
}

const sign = (by: string, member: string) =>
  centre.take(by, (hand) => signMember(hand, { member, ...centre.keyOf(member) }));

const seenOf = async (member: string) =>
  (await centre.ring('haru')).members.find((each) => each.member === member);

rehearsal(
  'of a grant and the leaving of whom it is for, one counts, and who has left holds nothing',
  async () => {
    for (let race = 0; race < RACES; race += 1) {
      const grant = await made(grantDesk(await screenOf('haru'), 'aki', 'general'));
      const leave = await made(memberLeaves(await screenOf('natsu'), 'aki'));
      const answers = await Promise.all([
        centre.change('haru', grant),
        centre.change('natsu', leave),
      ]);
      const statuses = answers.map(({ status }) => status);
      expect(statuses.toSorted()).toEqual([200, 409]);
      const wasGranted = statuses[0] === 200;
      // Whoever was refused looks again, and presses again.
      if (wasGranted) await centre.take('natsu', (hand) => memberLeaves(hand, 'aki'));
      expect((await centre.ring('aki')).grants).toEqual([]);
      expect(await seenOf('aki')).toMatchObject({ desks: [], hasKey: false });
      await centre.makeKey('aki');
      await sign('haru', 'aki');
      await centre.take('haru', (hand) => grantDesk(hand, 'aki', 'teens'));
    }
  },
);

rehearsal(
  'of two steps about the centre’s key, one counts, and the other is told to look again',
  async () => {
    for (let race = 0; race < RACES; race += 1) {
      const give = await made(makeKeyholder(await screenOf('haru'), 'aki'));
      const end = await made(endKeyholder(await screenOf('natsu'), 'haru'));
      const answers = await Promise.all([centre.change('haru', give), centre.change('natsu', end)]);
      expect(answers.map(({ status }) => status).toSorted()).toEqual([200, 409]);
      const wasGiven = answers[0]?.status === 200;
      expect(await seenOf('aki')).toMatchObject({ isKeyholder: wasGiven });
      expect(await seenOf('haru')).toMatchObject({ isKeyholder: wasGiven });
      if (wasGiven) await centre.take('haru', (hand) => endKeyholder(hand, 'aki'));
      else await centre.take('natsu', (hand) => makeKeyholder(hand, 'haru'));
    }
  },
);

rehearsal(
  'who was ended as keyholder does not come back with the step of a screen that was loaded before',
  async () => {
    await centre.take('haru', (hand) => makeKeyholder(hand, 'aki'));
    await centre.makeKey('fuyu');
    await sign('haru', 'fuyu');
    const stale = await screenOf('natsu');
    await centre.take('haru', (hand) => endKeyholder(hand, 'aki'));
    for (const step of [
      makeKeyholder(stale, 'fuyu'),
      endKeyholder(stale, 'haru'),
      grantDesk(stale, 'aki', 'general'),
    ]) {
      expect(await centre.change('natsu', await made(step))).toMatchObject(STALE);
    }
    expect(await seenOf('aki')).toMatchObject({ isKeyholder: false, desks: ['teens'] });
    expect(await centre.ring('aki')).not.toHaveProperty('centre');
    // Read again, the same step counts, and seals for who is a keyholder now.
    await centre.take('natsu', (hand) => makeKeyholder(hand, 'fuyu'));
    expect(await seenOf('aki')).toMatchObject({ isKeyholder: false });
  },
);

rehearsal(
  'a grant, a signature or a leaving from a screen that was loaded before a new key is stale',
  async () => {
    const stale = await screenOf('natsu');
    await centre.makeKey('aki');
    for (const step of [
      grantDesk(stale, 'aki', 'teens'),
      signMember(stale, {
        member: 'aki',
        recipient: stale.ring.members.find(({ member }) => member === 'aki')?.recipient ?? '',
      }),
      memberLeaves(stale, 'aki'),
    ]) {
      expect(await centre.change('natsu', await made(step))).toMatchObject(STALE);
    }
    const { ring, list } = await centre.open('haru');
    const aki = ring.members.find(({ member }) => member === 'aki');
    expect(aki).toMatchObject({ desks: [], hasKey: true });
    expect(aki && standingOf({ list }, aki)).toBe('waiting');
    expect((await centre.ring('aki')).grants).toEqual([]);
  },
);

rehearsal(
  'a new key and a grant for the old one at the same moment: the key is saved, and the grant is gone',
  async () => {
    for (let race = 0; race < RACES; race += 1) {
      const grant = await made(grantDesk(await screenOf('haru'), 'aki', 'general'));
      await Promise.all([centre.makeKey('aki'), centre.change('haru', grant)]);
      expect(await seenOf('aki')).toMatchObject({ recipient: centre.keyOf('aki').recipient });
      expect((await centre.ring('aki')).grants).toEqual([]);
      await sign('haru', 'aki');
    }
  },
);

rehearsal('keys that several members make at once are all saved', async () => {
  await Promise.all(['aki', 'fuyu', 'yuki', 'sora'].map((member) => centre.makeKey(member)));
  for (const member of ['aki', 'fuyu', 'yuki', 'sora']) {
    expect(await seenOf(member)).toMatchObject({ recipient: centre.keyOf(member).recipient });
  }
});

rehearsal(
  'a list that was kept before there were revisions gets one with the next change',
  async () => {
    const { client, name } = centre.world.deps.database;
    await client.send(
      new UpdateCommand({
        TableName: name('keys'),
        Key: { pk: 'LIST', sk: 'LIST' },
        UpdateExpression: 'REMOVE revision',
      }),
    );
    const steps = [
      await made(grantDesk(await screenOf('haru'), 'aki', 'general')),
      await made(memberLeaves(await screenOf('natsu'), 'aki')),
    ];
    const answers = await Promise.all(
      steps.map((step, index) => centre.change(index === 0 ? 'haru' : 'natsu', step)),
    );
    expect(answers.map(({ status }) => status).toSorted()).toEqual([200, 409]);
    expect((await centre.ring('haru')).revision).toBe(1);
  },
);

test('a set-up from a screen that was loaded before a member’s new key is stale', async () => {
  centre = await KeyCentre.withMembers(engine);
  try {
    const stepFrom = async (seen: number) => {
      const step = await setUp({
        centre: 'hidamari',
        recovery: (await newMemberKey()).recipient,
        members: ['haru', 'natsu'].map((member) => ({ member, ...centre.keyOf(member) })),
        desks: ['teens'],
        seen,
        at: centre.world.clock.now().toISOString(),
      });
      if ('fault' in step) throw new Error(step.fault);
      return step.change;
    };
    const { revision, members } = await centre.ring('haru');
    expect(members.length).toBeGreaterThan(LEAST_ABLE);
    const stale = await stepFrom(revision);
    await centre.makeKey('natsu');
    expect(await centre.change('haru', stale)).toMatchObject(STALE);
    const { revision: now } = await centre.ring('haru');
    expect(await centre.change('haru', await stepFrom(now))).toMatchObject({ status: 200 });
  } finally {
    await centre.world.stop();
  }
});
