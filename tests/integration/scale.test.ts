/**
 * However many registrations years of work leave behind, a booking, a roster and a search cost the
 * same reads. Counted in capacity units, which do not depend on how busy the machine is.
 */
import { afterAll, beforeAll, expect, test } from 'vitest';
import { meterCapacity } from '../support/capacity.ts';
import { addManyRegistrations } from '../support/many-registrations.ts';
import { requestCosts } from '../support/request-costs.ts';
import { startWorld, type World } from '../support/world.ts';

const FEW = 1_000;
const MANY = 12_000;

let world: World;
beforeAll(async () => {
  world = await startWorld({ stream: false });
  await addManyRegistrations(world.deps.database, FEW);
}, 60_000);
afterAll(() => world.stop());

test('a table with twelve times as many registrations costs the same reads', async () => {
  const meter = meterCapacity(world.deps.database.client);
  const before = await requestCosts(world, meter);
  await addManyRegistrations(world.deps.database, MANY);
  expect(await requestCosts(world, meter)).toEqual(before);
  expect(JSON.stringify(before)).not.toContain('Scan');
}, 120_000);
