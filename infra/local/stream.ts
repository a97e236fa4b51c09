/**
 * Plays Lambda's event source mapping: reads the engine's real stream in order and hands it to the
 * worker in batches, at least once, remembering in a file how far it has come.
 */
import { appendFileSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { DescribeTableCommand, DynamoDBClient } from '@aws-sdk/client-dynamodb';
import {
  DescribeStreamCommand,
  DynamoDBStreamsClient,
  GetRecordsCommand,
  GetShardIteratorCommand,
  type Shard,
  type _Record as StreamRecord,
} from '@aws-sdk/client-dynamodb-streams';
import type {
  Context,
  DynamoDBBatchResponse,
  DynamoDBRecord,
  DynamoDBStreamEvent,
} from 'aws-lambda';
import { localClientConfig } from './create-tables.ts';
import { makeLambdaContext } from './lambda-context.ts';

export type StreamConsumer = (
  event: DynamoDBStreamEvent,
  context: Context,
) => Promise<DynamoDBBatchResponse | undefined>;

export interface StreamOptions {
  endpoint: string;
  tableName: string;
  consumer: StreamConsumer;
  /** Without a file the stream is read from its beginning at every start. */
  checkpointFile?: string;
  /** JSON lines of the records that were given up. */
  deadLetterFile?: string;
  maxTries?: number;
  retryMs?: number;
  log?: (sentence: string) => void;
}

export interface StreamReader {
  /** Resolves once everything that was in the stream when asked has been consumed or given up. */
  caughtUp(): Promise<void>;
  /** Waits for the batch that is being consumed. */
  stop(): Promise<void>;
}

interface Checkpoint {
  streamArn: string;
  shards: Record<string, { after?: string; finished?: true }>;
}

const batchSize = 10;
const busyMs = 100;
const idleMs = 500;
const describeEveryMs = 5_000;

export function startStream(options: StreamOptions): StreamReader {
  const { tableName, consumer, maxTries = 10, retryMs = 100, log = () => {} } = options;
  const config = localClientConfig(options.endpoint);
  const database = new DynamoDBClient(config);
  const streams = new DynamoDBStreamsClient(config);
  const iterators = new Map<string, string>();
  let checkpoint = readCheckpoint(options.checkpointFile);
  let shards: Shard[] = [];
  let describedAt = Number.NEGATIVE_INFINITY;
  let stopping = false;
  let waiting: (() => void)[] = [];
  let wake = () => {};

  async function run(): Promise<void> {
    let pauseMs = busyMs;
    let reachable = true;
    while (!stopping) {
      const asked = waiting;
      waiting = [];
      try {
        const found = await poll();
        reachable = true;
        if (!found) for (const done of asked.splice(0)) done();
        pauseMs = found ? 0 : Math.min(Math.max(pauseMs * 1.5, busyMs), idleMs);
      } catch (error) {
        // The engine is down or the iterators are stale: begin again from the checkpoint.
        if (reachable)
          log(`イベントの流れを読めません（${(error as Error).name}）。読み直します。`);
        reachable = false;
        iterators.clear();
        describedAt = Number.NEGATIVE_INFINITY;
        pauseMs = busyMs;
      }
      waiting.push(...asked);
      if (pauseMs > 0 && !stopping) await pause(waiting.length > 0 ? 5 : pauseMs);
    }
    for (const done of waiting) done();
  }

  function pause(ms: number): Promise<void> {
    return new Promise((done) => {
      const timer = setTimeout(done, ms);
      wake = () => {
        clearTimeout(timer);
        done();
      };
    });
  }

  async function poll(): Promise<boolean> {
    if (Date.now() - describedAt > describeEveryMs) await describe();
    let found = false;
    for (const shard of shards) {
      const id = shard.ShardId as string;
      const parent = shard.ParentShardId;
      const parentOpen =
        shards.some((other) => other.ShardId === parent) &&
        !checkpoint.shards[parent as string]?.finished;
      if (checkpoint.shards[id]?.finished || parentOpen || stopping) continue;
      const { Records = [], NextShardIterator } = await streams.send(
        new GetRecordsCommand({ ShardIterator: await iteratorOf(id), Limit: 100 }),
      );
      found ||= Records.length > 0;
      if (!(await deliver(id, Records))) return found;
      if (NextShardIterator) {
        iterators.set(id, NextShardIterator);
      } else {
        remember(id, { finished: true });
        describedAt = Number.NEGATIVE_INFINITY;
        found = true;
      }
    }
    return found;
  }

  async function describe(): Promise<void> {
    const { Table } = await database.send(new DescribeTableCommand({ TableName: tableName }));
    const streamArn = Table?.LatestStreamArn;
    if (!streamArn) throw new Error(`The table ${tableName} has no stream.`);
    const seen: Shard[] = [];
    let after: string | undefined;
    do {
      const { StreamDescription } = await streams.send(
        new DescribeStreamCommand({
          StreamArn: streamArn,
          ...(after && { ExclusiveStartShardId: after }),
        }),
      );
      seen.push(...(StreamDescription?.Shards ?? []));
      after = StreamDescription?.LastEvaluatedShardId;
    } while (after);
    if (checkpoint.streamArn !== streamArn) {
      checkpoint = { streamArn, shards: {} };
      iterators.clear();
    }
    // Shards that the stream has forgotten need no place in the checkpoint any more.
    const ids = new Set(seen.map((shard) => shard.ShardId));
    for (const id of Object.keys(checkpoint.shards)) if (!ids.has(id)) delete checkpoint.shards[id];
    shards = seen;
    describedAt = Date.now();
  }

  async function iteratorOf(ShardId: string): Promise<string> {
    const known = iterators.get(ShardId);
    if (known) return known;
    const shard = { StreamArn: checkpoint.streamArn, ShardId };
    const after = checkpoint.shards[ShardId]?.after;
    const fromStart = { ...shard, ShardIteratorType: 'TRIM_HORIZON' } as const;
    const { ShardIterator } = await streams
      .send(
        new GetShardIteratorCommand(
          after
            ? { ...shard, ShardIteratorType: 'AFTER_SEQUENCE_NUMBER', SequenceNumber: after }
            : fromStart,
        ),
      )
      .catch((error: Error) => {
        if (error.name !== 'TrimmedDataAccessException') throw error;
        return streams.send(new GetShardIteratorCommand(fromStart));
      });
    iterators.set(ShardId, ShardIterator as string);
    return ShardIterator as string;
  }

  /** False when told to stop before all of them were through. */
  async function deliver(shardId: string, records: StreamRecord[]): Promise<boolean> {
    let rest = records.map(toLambdaRecord);
    let tries = 0;
    // After a failure that names no record, that batch goes one by one until the culprit shows.
    let singles = 0;
    while (rest.length > 0) {
      if (stopping) {
        iterators.delete(shardId);
        return false;
      }
      const batch = rest.slice(0, singles > 0 ? 1 : batchSize);
      const outcome = await consume(batch);
      if (outcome.done > 0) {
        tries = 0;
        singles = Math.max(0, singles - outcome.done);
        remember(shardId, { after: sequence(batch[outcome.done - 1]) });
        rest = rest.slice(outcome.done);
      }
      if (outcome.done === batch.length) continue;
      if (!outcome.named && batch.length > 1) {
        singles = batch.length;
        continue;
      }
      tries += 1;
      if (tries >= maxTries) {
        const [lost, ...others] = rest;
        giveUp(lost as DynamoDBRecord, tries);
        remember(shardId, { after: sequence(lost) });
        singles = Math.max(0, singles - 1);
        rest = others;
        tries = 0;
      } else {
        await pause(Math.min(retryMs * 2 ** (tries - 1), 5_000));
      }
    }
    return true;
  }

  /** How many records from the first on are done, and whether the next one was named as failed. */
  async function consume(batch: DynamoDBRecord[]): Promise<{ done: number; named: boolean }> {
    try {
      const reply = await consumer({ Records: batch }, makeLambdaContext('worker', 60_000));
      const failed = reply?.batchItemFailures ?? [];
      if (failed.length === 0) return { done: batch.length, named: false };
      const places = failed.map(({ itemIdentifier }) =>
        batch.findIndex((record) => sequence(record) === itemIdentifier),
      );
      const first = Math.min(...places);
      return { done: Math.max(0, first), named: first >= 0 };
    } catch {
      return { done: 0, named: false };
    }
  }

  function remember(shardId: string, progress: { after?: string; finished?: true }): void {
    checkpoint.shards[shardId] = { ...checkpoint.shards[shardId], ...progress };
    if (!options.checkpointFile) return;
    const draft = `${options.checkpointFile}.new`;
    writeFileSync(draft, JSON.stringify(checkpoint));
    renameSync(draft, options.checkpointFile);
  }

  function giveUp(record: DynamoDBRecord, tries: number): void {
    log(
      `イベント ${record.eventID} の処理を ${tries} 回試みましたが、できませんでした。次へ進みます。`,
    );
    if (!options.deadLetterFile) return;
    const line = JSON.stringify({ givenUpAt: new Date().toISOString(), tries, record });
    appendFileSync(options.deadLetterFile, `${line}\n`);
  }

  const running = run();
  return {
    caughtUp() {
      return new Promise((done) => {
        if (stopping) return done();
        waiting.push(done);
        wake();
      });
    },
    async stop() {
      stopping = true;
      wake();
      await running;
      database.destroy();
      streams.destroy();
    },
  };
}

function sequence(record: DynamoDBRecord | undefined): string {
  return record?.dynamodb?.SequenceNumber ?? '';
}

/** As Lambda delivers it: plain JSON, seconds for times, base64 for bytes. */
function toLambdaRecord(record: StreamRecord): DynamoDBRecord {
  const seconds = (record.dynamodb?.ApproximateCreationDateTime?.getTime() ?? 0) / 1000;
  const plain = JSON.stringify(record, (_key, value) =>
    value instanceof Uint8Array ? Buffer.from(value).toString('base64') : value,
  );
  const parsed = JSON.parse(plain) as DynamoDBRecord;
  return { ...parsed, dynamodb: { ...parsed.dynamodb, ApproximateCreationDateTime: seconds } };
}

function readCheckpoint(file: string | undefined): Checkpoint {
  try {
    if (file) return JSON.parse(readFileSync(file, 'utf8')) as Checkpoint;
  } catch {
    // No checkpoint yet: the worker is safe to repeat, so reading from the beginning is right.
  }
  return { streamArn: '', shards: {} };
}
