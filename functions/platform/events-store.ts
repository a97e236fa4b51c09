/**
 * The log of what happened: one row for each event, written in the transaction that made it
 * happen, read by one consumer from the table's stream. Kinds and ids only.
 */
import { GetCommand } from '@aws-sdk/lib-dynamodb';
import { expiryAfter } from '../calendar/model.ts';
import type { Database, TransactWrite } from './database.ts';

/** Days that an event is kept for those who look into a fault. */
export const EVENT_RETENTION_DAYS = 90;

/** The write that belongs into the same transaction as what it tells of. */
export function appendEvent<E extends { readonly eventId: string; readonly at: string }>(
  database: Database,
  event: E,
): TransactWrite {
  return {
    Put: {
      TableName: database.name('events'),
      Item: {
        pk: `EVENT#${event.eventId}`,
        sk: 'EVENT',
        ...event,
        expiresAt: expiryAfter(new Date(event.at), EVENT_RETENTION_DAYS),
      },
      ConditionExpression: 'attribute_not_exists(pk)',
    },
  };
}

/** An event as it was appended, or undefined when it is too old. Parse it with the noun's schema. */
export async function getEvent(database: Database, eventId: string): Promise<unknown> {
  const { Item } = await database.client.send(
    new GetCommand({
      TableName: database.name('events'),
      Key: { pk: `EVENT#${eventId}`, sk: 'EVENT' },
      ConsistentRead: true,
    }),
  );
  if (!Item) return undefined;
  const { pk, sk, expiresAt, ...event } = Item;
  return event;
}
