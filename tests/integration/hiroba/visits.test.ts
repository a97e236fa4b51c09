/** The counts of visits over HTTP: who may, what is refused, and two people at the same door. */
import { afterAll, beforeAll, expect, test } from 'vitest';
import { recordVisits } from '../../../functions/hiroba/record.ts';
import { NOBODY } from '../../../functions/hiroba/rules.ts';
import type { Database } from '../../../functions/platform/database.ts';
import { type IdentityProvider, startIdentityProvider } from '../../support/identity-provider.ts';
import { rowsOf } from '../../support/raw-tables.ts';
import { inParallel, startWorld, type World } from '../../support/world.ts';

let world: World;
let provider: IdentityProvider;
beforeAll(async () => {
  provider = await startIdentityProvider();
  world = await startWorld({
    stream: false,
    overrides: () => ({ authenticate: provider.authenticate }),
  });
});
afterAll(async () => {
  await world.stop();
  await provider.stop();
});

async function ask(path: string, body?: unknown, group = 'hiroba_staff') {
  const token = await provider.token({ 'cognito:groups': [group], sub: 'staff-9' });
  const response = await fetch(`${world.origin}/api/staff/hiroba${path}`, {
    method: body === undefined ? 'GET' : 'POST',
    headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  return { status: response.status, answer: await response.json() };
}

const date = '2026-12-01';
const am = { ...NOBODY, families: 3, adults: 4, fathers: 1, age0: 2, age3: 1 };

test('the places that are counted are the sites and the 出張ひろば, and the day is Tokyo’s', async () => {
  world.clock.set('2026-11-30T15:30:00Z');
  const { answer } = await ask('');
  expect(answer.today).toBe(date);
  expect(answer.places.map(({ siteId }: { siteId: string }) => siteId)).toEqual([
    'komorebi',
    'donguri',
    'hinata',
    'yukkuri',
    'outreach',
  ]);
});

test('a day is counted, seen in its month, and changed from the version that was seen', async () => {
  const path = '/komorebi/visits';
  expect((await ask(`${path}?month=2026-12`)).answer).toEqual({ days: [] });
  const first = await ask(path, { date, version: 0, slots: { am } });
  expect(first).toMatchObject({ status: 200, answer: { version: 1, slots: { am } } });
  const second = await ask(path, { date, version: 1, slots: { am, pm: am } });
  expect(second.answer).toMatchObject({ version: 2 });
  await ask(path, { date: '2026-11-30', version: 0, slots: { pm: am } });

  const december = await ask(`${path}?month=2026-12`);
  expect(december.answer.days).toEqual([second.answer]);
  expect((await ask('/donguri/visits?month=2026-12')).answer.days).toEqual([]);

  const late = await ask(path, { date, version: 1, slots: { am } });
  expect(late).toMatchObject({ status: 409, answer: { code: 'version_conflict' } });
  expect((await ask(`${path}?month=2026-12`)).answer.days).toEqual([second.answer]);
});

test('of twenty who save the same version at once exactly one does, the others are told', async () => {
  const answers = await inParallel(
    20,
    Array.from(
      { length: 20 },
      (_, families) => () =>
        ask('/donguri/visits', { date, version: 0, slots: { am: { ...am, families } } }),
    ),
  );
  const statuses = answers.map(({ status }) => status).sort();
  expect(statuses).toEqual([200, ...Array.from({ length: 19 }, () => 409)]);
  const { answer } = await ask('/donguri/visits?month=2026-12');
  expect(answer.days).toEqual([answers.find(({ status }) => status === 200)?.answer]);
});

test('a colleague who saves between the look and the write is not overwritten', async () => {
  const { deps } = world;
  const entry = { date, version: 0, slots: { day: am } };
  const hers = { ...entry, slots: { day: { ...am, families: 9 } } };
  const now = world.clock.now();
  let wasQuicker = false;
  const interrupted: Database = {
    ...deps.database,
    async transact(writes) {
      if (!wasQuicker) {
        wasQuicker = true;
        await recordVisits(deps, 'yukkuri', hers, 'colleague', now);
      }
      return deps.database.transact(writes);
    },
  };
  const mine = await recordVisits({ ...deps, database: interrupted }, 'yukkuri', entry, 'me', now);
  expect(mine).toMatchObject({ refused: 'version_conflict' });
  const { answer } = await ask('/yukkuri/visits?month=2026-12');
  expect(answer.days).toMatchObject([{ version: 1, slots: hers.slots }]);
});

test.each([
  [
    'an unknown place',
    '/nowhere/visits',
    { date, version: 0, slots: { am } },
    404,
    'site_not_found',
  ],
  [
    'a day to come',
    '/komorebi/visits',
    { date: '2026-12-02', version: 0, slots: { am } },
    409,
    'not_possible_now',
  ],
  [
    'a day that is none',
    '/komorebi/visits',
    { date: '2026-02-30', version: 0, slots: { am } },
    400,
    'invalid_input',
  ],
  [
    'halves and a whole',
    '/hinata/visits',
    { date, version: 0, slots: { am, day: am } },
    400,
    'invalid_input',
  ],
  [
    'a count below none',
    '/hinata/visits',
    { date, version: 0, slots: { day: { ...am, age0: -1 } } },
    400,
    'invalid_input',
  ],
  [
    'a name',
    '/hinata/visits',
    { date, version: 0, slots: {}, name: '見本 花子' },
    400,
    'invalid_input',
  ],
  ['a month that is none', '/komorebi/visits?month=2026-13', undefined, 400, 'invalid_input'],
  ['the month of nowhere', '/nowhere/visits?month=2026-12', undefined, 404, 'site_not_found'],
] as const)('%s is refused', async (_name, path, body, status, code) => {
  const seen = await ask(path, body);
  expect(seen).toMatchObject({ status, answer: { code } });
});

test('ひろば担当 counts, and changes no course; the others may count as well', async () => {
  for (const group of ['course_staff', 'center_head']) {
    expect((await ask('', undefined, group)).status).toBe(200);
  }
  const token = await provider.token({ 'cognito:groups': ['hiroba_staff'] });
  const made = await fetch(`${world.origin}/api/staff/courses`, {
    method: 'POST',
    headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
    body: '{}',
  });
  expect(made.status).toBe(403);
});

test('the event says who counted where and when, and no number', async () => {
  const events = (await rowsOf(world, 'events')).filter((row) => row['kind'] === 'visits_recorded');
  expect(events.length).toBeGreaterThan(0);
  for (const event of events) {
    expect(Object.keys(event).sort()).toEqual(
      ['actor', 'at', 'date', 'eventId', 'expiresAt', 'kind', 'pk', 'siteId', 'sk'].sort(),
    );
    expect(['staff-9', 'colleague']).toContain(event['actor']);
  }
});
