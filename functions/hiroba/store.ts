/** Every DynamoDB expression about the counts of visits. Whatever is read is parsed. */
import { GetCommand, QueryCommand } from '@aws-sdk/lib-dynamodb';
import type { Database, Item, TransactWrite } from '../platform/database.ts';
import { type Month, type SiteId, VisitDay } from './model.ts';

/** One partition for a site's month: the desk reads whole months. */
const dayKey = (siteId: SiteId, date: string) => ({
  pk: `VISITS#${siteId}#${date.slice(0, 7)}`,
  sk: date,
});

function toVisitDay(item: Item): VisitDay {
  const { pk, sk, ...rest } = item;
  return VisitDay.parse(rest);
}

/** The counts of one day, or undefined. One strongly consistent read. */
export async function getVisitDay(
  database: Database,
  siteId: SiteId,
  date: string,
): Promise<VisitDay | undefined> {
  const { Item } = await database.client.send(
    new GetCommand({
      TableName: database.name('figures'),
      Key: dayKey(siteId, date),
      ConsistentRead: true,
    }),
  );
  return Item && toVisitDay(Item);
}

/** The days of a month that have counts, in order. */
export async function visitDaysOf(
  database: Database,
  siteId: SiteId,
  month: Month,
): Promise<VisitDay[]> {
  const { Items = [] } = await database.client.send(
    new QueryCommand({
      TableName: database.name('figures'),
      KeyConditionExpression: 'pk = :pk',
      ExpressionAttributeValues: { ':pk': dayKey(siteId, `${month}-01`).pk },
      ConsistentRead: true,
    }),
  );
  return Items.map(toVisitDay);
}

/** Puts the next version of a day, if nobody did so since `seen` (0: there was none). */
export function putVisitDay(database: Database, day: VisitDay, seen: number): TransactWrite {
  return {
    Put: {
      TableName: database.name('figures'),
      Item: { ...dayKey(day.siteId, day.date), ...day },
      ...(seen === 0
        ? { ConditionExpression: 'attribute_not_exists(pk)' }
        : {
            ConditionExpression: '#version = :seen',
            ExpressionAttributeNames: { '#version': 'version' },
            ExpressionAttributeValues: { ':seen': seen },
          }),
    },
  };
}
