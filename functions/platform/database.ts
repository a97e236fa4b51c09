/**
 * The document client and the one thing every use case needs from it: a transaction that tells a
 * conflict (somebody else was quicker, try again) from a condition that failed (the world is not
 * as you saw it) and from an engine that is away.
 */
import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import {
  DynamoDBDocumentClient,
  TransactWriteCommand,
  type TransactWriteCommandInput,
} from '@aws-sdk/lib-dynamodb';
import { type Config, endpointSettings } from './config.ts';
import type { TableName } from './tables.ts';

export type TransactWrite = NonNullable<TransactWriteCommandInput['TransactItems']>[number];
export type Item = Readonly<Record<string, unknown>>;

/** What became of a transaction. `failed`: positions of the writes whose condition did not hold. */
export type TransactionOutcome =
  | { readonly committed: true }
  | { readonly committed: false; readonly failed: readonly number[] };

export interface Database {
  readonly client: DynamoDBDocumentClient;
  /** Full name of a table. */
  name(table: TableName): string;
  /** Commits all or nothing. @throws Unavailable after 5 s of conflicts, or without an engine. */
  transact(writes: readonly TransactWrite[]): Promise<TransactionOutcome>;
}

/** The engine is away or too busy; nothing is known to be stored, and repeating is safe. */
export class Unavailable extends Error {
  override readonly name = 'Unavailable';
}

const RETRY_FOR_MS = 5_000;
const LONGEST_PAUSE_MS = 400;

export function makeDatabase(
  config: Pick<Config, 'region' | 'dynamodbEndpoint' | 'tablePrefix'>,
): Database {
  const client = new DynamoDBClient({
    region: config.region,
    maxAttempts: 2,
    // Without the last of these the SDK only warns, and waits as long as an engine that hangs.
    requestHandler: {
      connectionTimeout: 1_000,
      requestTimeout: 4_000,
      throwOnRequestTimeout: true,
    },
    ...endpointSettings(config.dynamodbEndpoint),
  });
  return databaseOn(
    DynamoDBDocumentClient.from(client, { marshallOptions: { removeUndefinedValues: true } }),
    config.tablePrefix,
  );
}

/** A database on a given client; tests pass one that injects conflicts. */
export function databaseOn(client: DynamoDBDocumentClient, tablePrefix: string): Database {
  return {
    client,
    name: (table) => `${tablePrefix}${table}`,
    async transact(writes) {
      // The token makes a repeated commit after a lost answer the same commit.
      const command = new TransactWriteCommand({
        TransactItems: [...writes],
        ClientRequestToken: randomUUID(),
      });
      const giveUpAt = Date.now() + RETRY_FOR_MS;
      for (let attempt = 0; ; attempt += 1) {
        try {
          await client.send(command);
          return { committed: true };
        } catch (error) {
          const outcome = outcomeOf(error);
          if (outcome) return outcome;
          if (!isConflict(error) || Date.now() > giveUpAt) throw asUnavailable(error);
          await sleep(Math.random() * Math.min(LONGEST_PAUSE_MS, 10 * 2 ** attempt));
        }
      }
    },
  };
}

interface CancelledTransaction {
  readonly name: 'TransactionCanceledException';
  readonly CancellationReasons?: readonly { readonly Code?: string }[];
}

function isCancelled(error: unknown): error is CancelledTransaction {
  return error instanceof Error && error.name === 'TransactionCanceledException';
}

/** A failed condition wins over a conflict beside it: repeating would not help. */
function outcomeOf(error: unknown): TransactionOutcome | undefined {
  if (!isCancelled(error)) return undefined;
  const reasons = error.CancellationReasons ?? [];
  const failed = reasons.flatMap((reason, index) =>
    reason.Code === 'ConditionalCheckFailed' ? [index] : [],
  );
  if (failed.length === 0) return undefined;
  return { committed: false, failed };
}

const CONFLICT_NAMES: ReadonlySet<string> = new Set([
  'TransactionConflictException',
  'TransactionInProgressException',
  'ThrottlingException',
  'ProvisionedThroughputExceededException',
  'RequestLimitExceeded',
]);
const CONFLICT_REASONS: ReadonlySet<string | undefined> = new Set([
  'TransactionConflict',
  'ThrottlingError',
  'ProvisionedThroughputExceeded',
]);

function isConflict(error: unknown): boolean {
  if (isCancelled(error)) {
    return (error.CancellationReasons ?? []).some((reason) => CONFLICT_REASONS.has(reason.Code));
  }
  return error instanceof Error && CONFLICT_NAMES.has(error.name);
}

/** Whether an error means that the engine cannot be reached or cannot answer now. */
export function isUnavailable(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  if (error instanceof Unavailable || isConflict(error)) return true;
  const code = (error as { code?: unknown }).code;
  const status = (error as { $metadata?: { httpStatusCode?: number } }).$metadata?.httpStatusCode;
  return (
    (typeof code === 'string' && /^(ECONN|EPIPE|ETIMEDOUT|ENOTFOUND|EAI_AGAIN)/.test(code)) ||
    error.name === 'TimeoutError' ||
    (status !== undefined && status >= 500)
  );
}

function asUnavailable(error: unknown): unknown {
  return isUnavailable(error) ? new Unavailable('The engine is away or busy') : error;
}

/** Whether a single conditional write failed because its condition did not hold. */
export function isConditionFailed(error: unknown): boolean {
  return error instanceof Error && error.name === 'ConditionalCheckFailedException';
}
