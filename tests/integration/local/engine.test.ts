/**
 * The embedded engine survives its own death and ours without losing what it said it had stored.
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { DynamoDBClient, PutItemCommand, ScanCommand } from '@aws-sdk/client-dynamodb';
import { afterEach, expect, test, vi } from 'vitest';
import { createTables, localClientConfig } from '../../../infra/local/create-tables.ts';
import { type Engine, startEngine } from '../../../infra/local/engine.ts';
import { isAlive, markProcess, type ProcessMark } from '../../../infra/local/process-mark.ts';

const tables = {
  notes: { holds: 'test notes', sensitivity: 'operational', ttl: 'expiresAt' },
} as const;
const engines: Engine[] = [];
const folders: string[] = [];

afterEach(async () => {
  await Promise.all(engines.splice(0).map((engine) => engine.stop()));
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true, force: true });
});

async function start(dbFile?: string): Promise<Engine> {
  const engine = await startEngine(dbFile ? { dbFile } : {});
  engines.push(engine);
  return engine;
}

function newDbFile(): string {
  const folder = mkdtempSync(join(tmpdir(), 'hidamari-engine-'));
  folders.push(folder);
  return join(folder, 'engine.db');
}

async function storedKeys(endpoint: string): Promise<Set<string>> {
  const client = new DynamoDBClient(localClientConfig(endpoint));
  const { Items = [] } = await client.send(new ScanCommand({ TableName: 'test-notes' }));
  client.destroy();
  return new Set(Items.map((item) => item.pk?.S ?? ''));
}

test('creating the tables twice changes nothing', async () => {
  const engine = await start();
  await createTables(engine.endpoint, 'test-', tables);
  await createTables(engine.endpoint, 'test-', tables);
  expect(await storedKeys(engine.endpoint)).toEqual(new Set());
});

test('an engine killed while writing comes back on its port with every write it acknowledged', async () => {
  const engine = await start(newDbFile());
  await createTables(engine.endpoint, 'test-', tables);
  const client = new DynamoDBClient({ ...localClientConfig(engine.endpoint), maxAttempts: 1 });
  const acknowledged = new Set<string>();
  const failed: string[] = [];
  const killed: (number | undefined)[] = [];
  for (let i = 0; i < 300; i += 1) {
    if (i === 100 || i === 200) {
      await vi.waitFor(() => expect(engine.pid()).toBeDefined());
      const pid = engine.pid() as number;
      killed.push(pid);
      process.kill(pid, 'SIGKILL');
    }
    const put = new PutItemCommand({
      TableName: 'test-notes',
      Item: { pk: { S: `n${i}` }, sk: { S: 'x' } },
    });
    await client.send(put).then(
      () => acknowledged.add(`n${i}`),
      () => failed.push(`n${i}`),
    );
    if (failed.length > 0 && !acknowledged.has(`n${i}`)) {
      await vi.waitFor(async () => void (await storedKeys(engine.endpoint)), { timeout: 5_000 });
    }
  }
  client.destroy();
  expect(acknowledged.size).toBeGreaterThan(200);
  expect(killed).not.toContain(engine.pid());
  const stored = await storedKeys(engine.endpoint);
  expect([...acknowledged].filter((key) => !stored.has(key))).toEqual([]);
});

test('data in a file is there after a stop and a start', async () => {
  const dbFile = newDbFile();
  const first = await start(dbFile);
  await createTables(first.endpoint, 'test-', tables);
  const client = new DynamoDBClient(localClientConfig(first.endpoint));
  await client.send(
    new PutItemCommand({ TableName: 'test-notes', Item: { pk: { S: 'kept' }, sk: { S: 'x' } } }),
  );
  client.destroy();
  await first.stop();
  expect(existsSync(`${dbFile}.pid`)).toBe(false);
  const second = await start(dbFile);
  expect(await storedKeys(second.endpoint)).toEqual(new Set(['kept']));
});

test('two engines never open the same file', async () => {
  const dbFile = newDbFile();
  await start(dbFile);
  await expect(start(dbFile)).rejects.toThrow('別のひだまり');
});

test('an engine does not outlive a parent that was killed, and its file opens again', async () => {
  const dbFile = newDbFile();
  const engineModule = resolve('infra/local/engine.ts');
  const parent = spawn(process.execPath, [
    '--input-type=module',
    '-e',
    `const { startEngine } = await import(${JSON.stringify(engineModule)});
     await startEngine({ dbFile: ${JSON.stringify(dbFile)} }); console.log('ready');
     setInterval(() => {}, 1000);`,
  ]);
  await once(parent.stdout, 'data');
  const { engine } = JSON.parse(readFileSync(`${dbFile}.pid`, 'utf8')) as { engine: ProcessMark };
  expect(isAlive(engine)).toBe(true);
  parent.kill('SIGKILL');
  await once(parent, 'exit');
  await start(dbFile);
  expect(isAlive(engine)).toBe(false);
});

test('a stale engine left behind on the file is stopped first', async () => {
  const dbFile = newDbFile();
  const orphan = spawn('sleep', ['60']);
  const engine = markProcess(orphan.pid as number);
  writeFileSync(`${dbFile}.pid`, JSON.stringify({ owner: { pid: 1, startedAt: '-' }, engine }));
  await start(dbFile);
  expect(isAlive(engine as ProcessMark)).toBe(false);
});
