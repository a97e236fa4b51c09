/** Every DynamoDB expression about the audit: rows are put and read, and never changed or deleted. */
import { PutCommand, QueryCommand } from '@aws-sdk/lib-dynamodb';
import { type Day, dayInTokyo } from '../calendar/rules.ts';
import { hashOf } from '../letters/signing.ts';
import { type Database, isConditionFailed, type TransactWrite } from '../platform/database.ts';
import type { ApiDeps } from '../platform/deps.ts';
import { AuditRow } from './model.ts';

/** Rows of one page. */
const PAGE = 200;

const dayKey = (day: Day) => `DAY#${day}`;
/** Lines about a desk's letters lie apart: who is not granted the desk must not learn that there are any. */
const lettersKey = (desk: string, day: Day) => `LETTERS#${desk}#${day}`;

/** The write that belongs into the same transaction as what it tells of: no change without its row. */
export function auditWrite(
  { database, ids }: Pick<ApiDeps, 'database' | 'ids'>,
  row: Omit<AuditRow, 'at'>,
  now: Date,
  lettersDesk?: string,
): TransactWrite & { readonly Put: object } {
  const at = now.toISOString();
  const day = dayInTokyo(now);
  const pk = lettersDesk === undefined ? dayKey(day) : lettersKey(lettersDesk, day);
  return {
    Put: {
      TableName: database.name('audit'),
      Item: { pk, sk: `${at}#${ids.secret()}`, at, ...row },
      ConditionExpression: 'attribute_not_exists(pk)',
    },
  };
}

/** For what is only looked at: awaited before the answer, so that nothing is shown without its row. */
export async function recordRead(
  deps: Pick<ApiDeps, 'database' | 'ids'>,
  row: Omit<AuditRow, 'at'>,
  now: Date,
  lettersDesk?: string,
): Promise<void> {
  await deps.database.client.send(new PutCommand(auditWrite(deps, row, now, lettersDesk).Put));
}

const HOUR_MS = 3_600_000;
/** Of a sort key, after the instant: as long as a secret. */
const SUFFIX = 22;

/**
 * The same for a screen that asks again and again by itself: one line for each member, desk, action and hour,
 * since a thousand of them would hide the one that matters. Its key is made of these, so that a repeat is the
 * row that is there already, and changes nothing of it.
 */
export async function recordReadOfHour(
  { database }: Pick<ApiDeps, 'database'>,
  row: Omit<AuditRow, 'at'>,
  now: Date,
  lettersDesk: string,
): Promise<void> {
  const hour = new Date(Math.floor(now.getTime() / HOUR_MS) * HOUR_MS).toISOString();
  const suffix = hashOf(`${row.action}\n${row.actor}`).slice(0, SUFFIX);
  const Item = {
    pk: lettersKey(lettersDesk, dayInTokyo(now)),
    sk: `${hour}#${suffix}`,
    at: now.toISOString(),
    ...row,
  };
  try {
    await database.client.send(
      new PutCommand({
        TableName: database.name('audit'),
        Item,
        ConditionExpression: 'attribute_not_exists(pk)',
      }),
    );
  } catch (error) {
    // It was written down earlier in this hour.
    if (!isConditionFailed(error)) throw error;
  }
}

/**
 * One page of a day in Tokyo, the newest first.
 * @param before only what is older than this row @param lettersDesk lines about its letters, and no others
 */
export async function auditOfDay(
  database: Database,
  day: Day,
  before?: string,
  lettersDesk?: string,
): Promise<{ readonly rows: readonly AuditRow[]; readonly next: string | undefined }> {
  const { Items = [], LastEvaluatedKey } = await database.client.send(
    new QueryCommand({
      TableName: database.name('audit'),
      KeyConditionExpression: before === undefined ? 'pk = :pk' : 'pk = :pk AND sk < :before',
      ExpressionAttributeValues: {
        ':pk': lettersDesk === undefined ? dayKey(day) : lettersKey(lettersDesk, day),
        ...(before === undefined ? {} : { ':before': before }),
      },
      Limit: PAGE,
      ScanIndexForward: false,
      ConsistentRead: true,
    }),
  );
  return {
    // A line of an hour lies at its beginning, and was written at some instant of it.
    rows: Items.map(({ pk, sk, ...row }) => AuditRow.parse(row)).sort((a, b) =>
      b.at.localeCompare(a.at),
    ),
    next: LastEvaluatedKey && String(LastEvaluatedKey['sk']),
  };
}
