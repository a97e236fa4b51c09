/**
 * Keys that everybody has keep nothing: a deployment takes no letter under the demonstration's, hands out
 * none of its lists, and lets nobody set a centre up with them.
 */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { KeyList } from '../../../functions/keys/key-list.ts';
import { DEMONSTRATION_CENTRE_KEY } from '../../../functions/letters/rules.ts';
import { letterSettings } from '../../../functions/letters/settings.ts';
import type { Config } from '../../../functions/platform/config.ts';
import { demoCentreKey, makeDemoKeys } from '../../../infra/local/demonstration/keys.ts';
import { type Engine, startEngine } from '../../../infra/local/engine.ts';
import {
  aMailbox,
  asMember,
  believesMembers,
  clientOf,
  withDemoKeys,
  write,
} from '../../support/letters.ts';
import { rowsOf } from '../../support/raw-tables.ts';
import { startWorld, type World } from '../../support/world.ts';

let engine: Engine;
/** The demonstration where it belongs, and its list. */
let practice: World;
let list: KeyList;
beforeAll(async () => {
  engine = await startEngine();
  practice = await startWorld({ engine, overrides: believesMembers });
  list = await withDemoKeys(practice);
});
afterAll(async () => {
  await practice.stop();
  await engine.stop();
});

async function inWorld(
  stage: Config['stage'],
  pinned: { centreKey: string } | undefined,
  look: (world: World) => Promise<void>,
): Promise<void> {
  const { pinned: _, ...rest } = letterSettings;
  const world = await startWorld({
    engine,
    overrides: ({ config }) => ({
      ...believesMembers(),
      config: { ...config, stage },
      letters: { ...rest, ...(pinned && { pinned }) },
    }),
  });
  try {
    await look(world);
  } finally {
    await world.stop();
  }
}

/** The ceremony of the demonstration, as a step of the head of the centre. */
async function setUpWithDemoKeys(world: World): Promise<Response> {
  const { lines, grants, centre } = await makeDemoKeys();
  return world.post(
    '/api/staff/keys/changes',
    { seen: 0, lines, grants, ends: [], centre },
    asMember('center_head', 'center'),
  );
}

const keysOf = (world: World) => fetch(`${world.origin}/api/letters/keys`);
const postTo = async (world: World) =>
  write(clientOf(world.origin), await aMailbox(), list, 'だれかいますか');

test('the constant is the key that the demonstration signs with', () => {
  expect(demoCentreKey).toBe(DEMONSTRATION_CENTRE_KEY);
});

describe('a deployment that pins the demonstration’s key', () => {
  const deployed = (look: (world: World) => Promise<void>) =>
    inWorld('cloud', { centreKey: demoCentreKey }, look);

  test('refuses letters with a telephone number, hands out no list, and stores nothing', () =>
    deployed(async (world) => {
      await expect(postTo(world)).rejects.toMatchObject({
        code: 'letters_not_ready',
        sentence: expect.stringContaining('042-000-0102'),
      });
      const keys = await keysOf(world);
      expect(keys.status).toBe(503);
      expect(await keys.json()).toMatchObject({
        code: 'letters_not_ready',
        detail: expect.stringMatching(/電話（042-/),
      });
      expect(await rowsOf(world, 'consultations')).toEqual([]);
    }));

  test('refuses every change of keys', () =>
    deployed(async (world) => {
      const refused = await setUpWithDemoKeys(world);
      expect(refused.status).toBe(503);
      expect(await refused.json()).toMatchObject({ code: 'letters_not_ready' });
      expect(await rowsOf(world, 'keys')).toEqual([]);
    }));
});

test('a deployment that pins nothing yet takes no letters, and cannot be set up with practice keys', () =>
  inWorld('cloud', undefined, async (world) => {
    await expect(postTo(world)).rejects.toMatchObject({ code: 'letters_not_ready' });
    expect((await keysOf(world)).status).toBe(503);
    expect((await setUpWithDemoKeys(world)).status).toBe(503);
    expect(await rowsOf(world, 'keys')).toEqual([]);
  }));

test('on one machine the demonstration works, and a deployment with a key of its own does', async () => {
  await inWorld('local', { centreKey: demoCentreKey }, async (world) => {
    expect((await setUpWithDemoKeys(world)).status).toBe(200);
    expect((await keysOf(world)).status).toBe(200);
    expect(await postTo(world)).toMatchObject({ number: 1 });
  });
  await inWorld('cloud', { centreKey: 'A'.repeat(43) }, async (world) => {
    expect((await keysOf(world)).status).toBe(200);
    expect(await postTo(world)).toMatchObject({ number: 1 });
  });
});
