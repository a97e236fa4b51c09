/**
 * Whatever must happen later is a row with a due time in one index. Two kinds of rows: deadlines
 * that use cases set (an offer ends, an application opens), and reactions to events that are
 * under way or must be tried again.
 */
import {
  DeleteCommand,
  GetCommand,
  PutCommand,
  QueryCommand,
  UpdateCommand,
} from '@aws-sdk/lib-dynamodb';
import * as z from 'zod';
import { expiryAfter, Instant } from '../calendar/model.ts';
import { type Database, isConditionFailed, type TransactWrite } from './database.ts';

/** A deadline: `subject` is the id of what it is about, `kind` says who handles it. */
export const Deadline = z.object({
  key: z.string(),
  kind: z.string(),
  subject: z.string(),
  dueAt: Instant,
  attempt: z.int().nonnegative(),
});
export type Deadline = z.infer<typeof Deadline>;

const DUE = 'DUE';
const deadlineKey = (key: string) => ({ pk: `DEADLINE#${key}`, sk: 'DEADLINE' });
const claimKey = (eventId: string, reaction: string) => ({
  pk: `CLAIM#${eventId}`,
  sk: reaction,
});
/** Days that finished claims are kept: longer than a stream keeps its records (24 hours). */
const CLAIM_RETENTION_DAYS = 7;

/** Sets a deadline, or moves the one with the same key. */
export function setDeadline(
  database: Database,
  deadline: Omit<Deadline, 'attempt'>,
): Extract<TransactWrite, { Put?: unknown }> {
  return {
    Put: {
      TableName: database.name('agenda'),
      Item: { ...deadlineKey(deadline.key), ...deadline, attempt: 0, duePk: DUE },
    },
  };
}

/** The same outside a transaction, for work that only has to be tried again. */
export async function putDeadline(
  database: Database,
  deadline: Omit<Deadline, 'attempt'>,
): Promise<void> {
  await database.client.send(
    new PutCommand({
      TableName: database.name('agenda'),
      Item: { ...deadlineKey(deadline.key), ...deadline, attempt: 0, duePk: DUE },
    }),
  );
}

export function removeDeadline(database: Database, key: string): TransactWrite {
  return { Delete: { TableName: database.name('agenda'), Key: deadlineKey(key) } };
}

/** A deadline that was handled goes, unless it was moved meanwhile. */
export async function finishDeadline(database: Database, deadline: Deadline): Promise<void> {
  await unlessChanged(
    database.client.send(
      new DeleteCommand({
        TableName: database.name('agenda'),
        Key: deadlineKey(deadline.key),
        ConditionExpression: 'dueAt = :seen',
        ExpressionAttributeValues: { ':seen': deadline.dueAt },
      }),
    ),
  );
}

/** A deadline whose handling failed is tried again at `dueAt`. */
export async function postponeDeadline(
  database: Database,
  deadline: Deadline,
  dueAt: Date,
): Promise<void> {
  await unlessChanged(
    database.client.send(
      new UpdateCommand({
        TableName: database.name('agenda'),
        Key: deadlineKey(deadline.key),
        UpdateExpression: 'SET dueAt = :next ADD attempt :one',
        ConditionExpression: 'dueAt = :seen',
        ExpressionAttributeValues: {
          ':seen': deadline.dueAt,
          ':next': dueAt.toISOString(),
          ':one': 1,
        },
      }),
    ),
  );
}

/** A reaction to an event that is due again, with the event it is for. */
export interface DueReaction {
  readonly eventId: string;
  readonly reaction: string;
  readonly event: unknown;
}

/** What is due at `now`, oldest first, at most `limit` rows. */
export async function takeDue(
  database: Database,
  now: Date,
  limit: number,
): Promise<{
  readonly deadlines: readonly Deadline[];
  readonly reactions: readonly DueReaction[];
}> {
  const { Items = [] } = await database.client.send(
    new QueryCommand({
      TableName: database.name('agenda'),
      IndexName: 'due',
      KeyConditionExpression: 'duePk = :due AND dueAt <= :now',
      ExpressionAttributeValues: { ':due': DUE, ':now': now.toISOString() },
      Limit: limit,
    }),
  );
  const claims = Items.filter((item) => String(item['pk']).startsWith('CLAIM#'));
  return {
    deadlines: Items.filter((item) => !claims.includes(item)).map((item) => item as Deadline),
    reactions: claims.map((item) => ({
      eventId: String(item['pk']).slice('CLAIM#'.length),
      reaction: String(item['sk']),
      event: item['event'],
    })),
  };
}

/** How many deadlines of one kind are still to come (or due and not met yet), and the first. */
export async function countDue(
  database: Database,
  kind: string,
): Promise<{ readonly count: number; readonly first: string | undefined }> {
  let count = 0;
  let first: string | undefined;
  let from: Record<string, unknown> | undefined;
  do {
    const { Items = [], LastEvaluatedKey } = await database.client.send(
      new QueryCommand({
        TableName: database.name('agenda'),
        IndexName: 'due',
        KeyConditionExpression: 'duePk = :due',
        FilterExpression: 'kind = :kind',
        ExpressionAttributeValues: { ':due': DUE, ':kind': kind },
        ...(from ? { ExclusiveStartKey: from } : {}),
      }),
    );
    count += Items.length;
    first ??= Items[0] && String(Items[0]['dueAt']);
    from = LastEvaluatedKey;
  } while (from);
  return { count, first };
}

/**
 * Claims a reaction to an event for `leaseMs`. While the lease runs, nobody else does it; when it
 * ends without a result (the process died), the clock finds it due and does it again.
 * @returns the number of this attempt, or undefined when it is done or somebody is at it
 */
export async function claimReaction(
  database: Database,
  event: { readonly eventId: string },
  reaction: string,
  now: Date,
  leaseMs: number,
): Promise<number | undefined> {
  try {
    const { Attributes } = await database.client.send(
      new UpdateCommand({
        TableName: database.name('agenda'),
        Key: claimKey(event.eventId, reaction),
        UpdateExpression:
          'SET #event = :event, duePk = :due, dueAt = :until, expiresAt = :expires ADD attempt :one',
        ConditionExpression:
          'attribute_not_exists(pk) OR (attribute_exists(dueAt) AND dueAt <= :now)',
        ExpressionAttributeNames: { '#event': 'event' },
        ExpressionAttributeValues: {
          ':event': event,
          ':due': DUE,
          ':until': new Date(now.getTime() + leaseMs).toISOString(),
          ':now': now.toISOString(),
          ':expires': expiryAfter(now, CLAIM_RETENTION_DAYS),
          ':one': 1,
        },
        ReturnValues: 'UPDATED_NEW',
      }),
    );
    return Number(Attributes?.['attempt'] ?? 1);
  } catch (error) {
    if (isConditionFailed(error)) return undefined;
    throw error;
  }
}

/** Marks a reaction done (or given up): it leaves the index of what is due. */
export async function finishReaction(
  database: Database,
  eventId: string,
  reaction: string,
  result: 'done' | 'given_up',
): Promise<void> {
  await database.client.send(
    new UpdateCommand({
      TableName: database.name('agenda'),
      Key: claimKey(eventId, reaction),
      UpdateExpression: 'SET #result = :result REMOVE duePk, dueAt',
      ExpressionAttributeNames: { '#result': 'result' },
      ExpressionAttributeValues: { ':result': result },
    }),
  );
}

/** A reaction that failed is due again at `dueAt`. */
export async function postponeReaction(
  database: Database,
  eventId: string,
  reaction: string,
  dueAt: Date,
): Promise<void> {
  await database.client.send(
    new UpdateCommand({
      TableName: database.name('agenda'),
      Key: claimKey(eventId, reaction),
      UpdateExpression: 'SET dueAt = :next',
      ExpressionAttributeValues: { ':next': dueAt.toISOString() },
    }),
  );
}

const DEPLOYED = { pk: 'DEPLOYED', sk: 'TEMPLATES' };

/** The templates into which everything was last published. */
export async function deployedVersion(database: Database): Promise<string | undefined> {
  const { Item } = await database.client.send(
    new GetCommand({ TableName: database.name('agenda'), Key: DEPLOYED, ConsistentRead: true }),
  );
  return Item && String(Item['version']);
}

export async function rememberDeployedVersion(database: Database, version: string): Promise<void> {
  await database.client.send(
    new PutCommand({ TableName: database.name('agenda'), Item: { ...DEPLOYED, version } }),
  );
}

async function unlessChanged(write: Promise<unknown>): Promise<void> {
  try {
    await write;
  } catch (error) {
    if (!isConditionFailed(error)) throw error;
  }
}
