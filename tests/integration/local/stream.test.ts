/**
 * The local stream delivers what Lambda's would: in order, at least once, whatever dies meanwhile.
 */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DynamoDBClient, PutItemCommand } from '@aws-sdk/client-dynamodb';
import type { DynamoDBStreamEvent } from 'aws-lambda';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { createTables, localClientConfig } from '../../../infra/local/create-tables.ts';
import { type Engine, startEngine } from '../../../infra/local/engine.ts';
import { startSchedule } from '../../../infra/local/schedule.ts';
import {
  type StreamConsumer,
  type StreamReader,
  startStream,
} from '../../../infra/local/stream.ts';

let folder: string;
let engine: Engine;
let client: DynamoDBClient;
let reader: StreamReader;
let log: string[];

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'hidamari-stream-'));
  engine = await startEngine({ dbFile: join(folder, 'engine.db') });
  await createTables(engine.endpoint, 'test-', {
    events: { holds: 'events', sensitivity: 'operational', stream: 'NEW_IMAGE' },
  });
  client = new DynamoDBClient(localClientConfig(engine.endpoint));
  log = [];
});

afterEach(async () => {
  await reader.stop();
  client.destroy();
  await engine.stop();
  rmSync(folder, { recursive: true });
});

async function put(...keys: string[]): Promise<void> {
  for (const key of keys) {
    const Item = { pk: { S: key }, sk: { S: 'x' }, bytes: { B: new Uint8Array([1, 2]) } };
    await client.send(new PutItemCommand({ TableName: 'test-events', Item }));
  }
}

function read(consumer: StreamConsumer, maxTries = 3): void {
  reader = startStream({
    endpoint: engine.endpoint,
    tableName: 'test-events',
    consumer,
    checkpointFile: join(folder, 'checkpoint.json'),
    deadLetterFile: join(folder, 'dead-letters.jsonl'),
    maxTries,
    retryMs: 1,
    log: (sentence) => log.push(sentence),
  });
}

const keysOf = (event: DynamoDBStreamEvent) =>
  event.Records.map((record) => record.dynamodb?.NewImage?.pk?.S ?? '');
const numbered = (count: number) => Array.from({ length: count }, (_, i) => `e${i}`);

test('records arrive in order, ten at most at a time, as Lambda writes them', async () => {
  const batches: DynamoDBStreamEvent[] = [];
  read(async (event) => void batches.push(event));
  await put(...numbered(25));
  await reader.caughtUp();
  expect(batches.flatMap(keysOf)).toEqual(numbered(25));
  expect(Math.max(...batches.map((batch) => batch.Records.length))).toBeLessThanOrEqual(10);
  expect(batches[0]?.Records[0]).toMatchObject({
    eventName: 'INSERT',
    eventSource: 'aws:dynamodb',
    dynamodb: {
      ApproximateCreationDateTime: expect.any(Number),
      Keys: { pk: { S: 'e0' }, sk: { S: 'x' } },
      NewImage: { bytes: { B: 'AQI=' } },
      SequenceNumber: expect.any(String),
      StreamViewType: 'NEW_IMAGE',
    },
  });
});

test('a record named as failed comes again with all after it, and none before it', async () => {
  const calls: string[][] = [];
  await put(...numbered(5));
  read(async (event) => {
    calls.push(keysOf(event));
    if (calls.length > 1) return { batchItemFailures: [] };
    const itemIdentifier = event.Records[2]?.dynamodb?.SequenceNumber ?? '';
    return { batchItemFailures: [{ itemIdentifier }] };
  });
  await reader.caughtUp();
  expect(calls).toEqual([numbered(5), ['e2', 'e3', 'e4']]);
});

test('a record that poisons its batch is found, given up after the stated tries, and passed', async () => {
  const seen: string[] = [];
  await put(...numbered(8));
  read(async (event) => {
    const keys = keysOf(event);
    if (keys.includes('e3')) throw new Error('poison');
    seen.push(...keys);
  });
  await reader.caughtUp();
  expect(seen).toEqual(numbered(8).filter((key) => key !== 'e3'));
  const dead = readFileSync(join(folder, 'dead-letters.jsonl'), 'utf8').trim().split('\n');
  expect(dead.map((line) => JSON.parse(line))).toMatchObject([
    { tries: 3, record: { dynamodb: { NewImage: { pk: { S: 'e3' } } } } },
  ]);
  expect(log.filter((sentence) => sentence.includes('3 回試みました'))).toHaveLength(1);
});

test('a reader that starts again goes on after the last record that was done', async () => {
  const seen: string[] = [];
  read(async (event) => void seen.push(...keysOf(event)));
  await put('a', 'b');
  await reader.caughtUp();
  await reader.stop();
  await put('c');
  read(async (event) => void seen.push(...keysOf(event)));
  await put('d');
  await reader.caughtUp();
  expect(seen).toEqual(['a', 'b', 'c', 'd']);
});

test('stopping waits for the batch in hand and leaves the rest for next time', async () => {
  const seen: string[] = [];
  const inHand = Promise.withResolvers<void>();
  const begun = Promise.withResolvers<void>();
  await put(...numbered(15));
  read(async (event) => {
    begun.resolve();
    await inHand.promise;
    seen.push(...keysOf(event));
  });
  await begun.promise;
  const stopped = reader.stop();
  inHand.resolve();
  await stopped;
  expect(seen).toEqual(numbered(10));
  read(async (event) => void seen.push(...keysOf(event)));
  await reader.caughtUp();
  expect(seen).toEqual(numbered(15));
});

test('nothing is lost when the engine is killed between two reads', async () => {
  const seen = new Set<string>();
  read(async (event) => {
    for (const key of keysOf(event)) seen.add(key);
    return undefined;
  });
  await put('before');
  await reader.caughtUp();
  const pid = engine.pid() as number;
  process.kill(pid, 'SIGKILL');
  await vi.waitFor(() => expect(engine.pid()).not.toBe(pid));
  await vi.waitFor(() => put('after'), { timeout: 5_000 });
  await vi.waitFor(() => expect([...seen]).toEqual(['before', 'after']), { timeout: 5_000 });
});

test('the clock is never called while it is still at work, and a failure does not stop it', async () => {
  read(async () => {});
  let calls = 0;
  let atWork = 0;
  let most = 0;
  const schedule = startSchedule({
    everyMs: 1,
    now: () => new Date('2026-12-01T00:00:00.123Z'),
    log: (sentence) => log.push(sentence),
    async handler(event) {
      expect(event.time).toBe('2026-12-01T00:00:00Z');
      calls += 1;
      most = Math.max(most, ++atWork);
      await new Promise((done) => setImmediate(done));
      atWork -= 1;
      if (calls < 3) throw new Error('once more');
    },
  });
  await vi.waitFor(() => expect(calls).toBeGreaterThan(5));
  await schedule.stop();
  const atStop = calls;
  expect(most).toBe(1);
  expect(atWork).toBe(0);
  await new Promise((done) => setImmediate(done));
  expect(calls).toBe(atStop);
  expect(log.filter((sentence) => sentence.startsWith('時刻の処理'))).toHaveLength(1);
});
