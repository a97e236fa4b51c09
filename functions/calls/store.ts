/** Every DynamoDB expression about calls. Whatever is read is parsed. */
import { GetCommand, QueryCommand, UpdateCommand } from '@aws-sdk/lib-dynamodb';
import { expiryAfter } from '../calendar/model.ts';
import type { Database, Item, TransactWrite } from '../platform/database.ts';
import { Call, type CallId } from './model.ts';

/** Calls that nobody made stay in the list for so long after they would have helped. */
const OVERDUE_DAYS = 7;
/** Days until the row of a call that nobody made is tidied away. */
const OPEN_DAYS = 60;

const OPEN = 'CALLS';
const openKey = ({ dueAt, callId }: Pick<Call, 'dueAt' | 'callId'>) => ({
  pk: OPEN,
  sk: `${dueAt}#${callId}`,
});
const donePk = (month: string) => `CALLS#DONE#${month}`;
/** Says that a call was asked for, and where in the list it is. Stays when the call is done. */
const markKey = (callId: CallId) => ({ pk: `CALL#${callId}`, sk: 'CALL' });

function toCall(item: Item): Call {
  const { pk, sk, expiresAt, ...rest } = item;
  return Call.parse(rest);
}

/** Asks for a call, once: the same id again changes nothing. */
export async function openCall(database: Database, call: Call): Promise<void> {
  const expiresAt = expiryAfter(new Date(call.dueAt), OPEN_DAYS);
  await database.transact([
    {
      Put: {
        TableName: database.name('bookings'),
        Item: { ...markKey(call.callId), dueAt: call.dueAt, expiresAt },
        ConditionExpression: 'attribute_not_exists(pk)',
      },
    },
    { Put: openRow(database, call) },
  ]);
}

function openRow(database: Database, call: Call): { TableName: string; Item: Item } {
  return {
    TableName: database.name('bookings'),
    Item: {
      ...openKey(call),
      ...call,
      expiresAt: expiryAfter(new Date(call.dueAt), OPEN_DAYS),
    },
  };
}

/** The calls that nobody has finished, what is due first in front. */
export async function listOpenCalls(database: Database, now: Date): Promise<Call[]> {
  const from = new Date(now.getTime() - OVERDUE_DAYS * 86_400_000).toISOString();
  return (await rowsFrom(database, OPEN, from)).map(toCall);
}

async function rowsFrom(database: Database, pk: string, from: string): Promise<Item[]> {
  const rows: Item[] = [];
  let after: Item | undefined;
  do {
    const { Items = [], LastEvaluatedKey } = await database.client.send(
      new QueryCommand({
        TableName: database.name('bookings'),
        KeyConditionExpression: 'pk = :pk AND sk >= :from',
        ExpressionAttributeValues: { ':pk': pk, ':from': from },
        ConsistentRead: true,
        ...(after ? { ExclusiveStartKey: after } : {}),
      }),
    );
    rows.push(...Items);
    after = LastEvaluatedKey;
  } while (after);
  return rows;
}

/**
 * Takes what was written down about the calls of a course out of them: the notes.
 * That there was a call, and how it went, stays. @param months `2026-12`, in which it can be
 */
export async function purgeCalls(
  database: Database,
  courseId: string,
  months: readonly string[],
): Promise<void> {
  for (const pk of [OPEN, ...months.map(donePk)]) {
    for (const row of await rowsFrom(database, pk, '0')) {
      const call = toCall(row);
      const hasNote = call.tries.some(({ note }) => note !== undefined);
      if (call.courseId !== courseId || !hasNote) continue;
      await database.client.send(
        new UpdateCommand({
          TableName: database.name('bookings'),
          Key: { pk: row['pk'], sk: row['sk'] },
          UpdateExpression: 'SET tries = :tries',
          ExpressionAttributeValues: { ':tries': call.tries.map(({ note: _, ...rest }) => rest) },
        }),
      );
    }
  }
}

/** A call that nobody has finished, by its id. */
export async function getOpenCall(database: Database, callId: CallId): Promise<Call | undefined> {
  const TableName = database.name('bookings');
  const mark = await database.client.send(
    new GetCommand({ TableName, Key: markKey(callId), ConsistentRead: true }),
  );
  if (!mark.Item) return undefined;
  const Key = openKey({ callId, dueAt: String(mark.Item['dueAt']) });
  const { Item } = await database.client.send(
    new GetCommand({ TableName, Key, ConsistentRead: true }),
  );
  return Item && toCall(Item);
}

/** Nobody may have written anything down since the call was read. */
const unchangedSince = (seen: Call) => ({
  ConditionExpression: 'size(tries) = :seen',
  ExpressionAttributeValues: { ':seen': seen.tries.length },
});

/** A call that was tried and stays in the list. */
export function replaceOpenCall(database: Database, call: Call, seen: Call): TransactWrite {
  return { Put: { ...openRow(database, call), ...unchangedSince(seen) } };
}

/** A call that is done leaves the list and is kept with those of its month. */
export function moveToDone(
  database: Database,
  call: Call,
  seen: Call,
  { at, keepDays }: { readonly at: string; readonly keepDays: number },
): TransactWrite[] {
  const TableName = database.name('bookings');
  return [
    { Delete: { TableName, Key: openKey(seen), ...unchangedSince(seen) } },
    {
      Put: {
        TableName,
        Item: {
          pk: donePk(at.slice(0, 7)),
          sk: `${at}#${call.callId}`,
          ...call,
          expiresAt: expiryAfter(new Date(at), keepDays),
        },
      },
    },
  ];
}
