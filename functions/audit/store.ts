/** Every DynamoDB expression about the audit: rows are put and read, and never changed or deleted. */
import { PutCommand, QueryCommand } from '@aws-sdk/lib-dynamodb';
import { type Day, dayInTokyo } from '../calendar/rules.ts';
import type { Database, TransactWrite } from '../platform/database.ts';
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

/** One page of a day in Tokyo, the newest first. @param before only what is older than this row */
export async function auditOfDay(
  database: Database,
  day: Day,
  before?: string,
): Promise<{ readonly rows: readonly AuditRow[]; readonly next: string | undefined }> {
  const { Items = [], LastEvaluatedKey } = await database.client.send(
    new QueryCommand({
      TableName: database.name('audit'),
      KeyConditionExpression: before === undefined ? 'pk = :pk' : 'pk = :pk AND sk < :before',
      ExpressionAttributeValues: {
        ':pk': dayKey(day),
        ...(before === undefined ? {} : { ':before': before }),
      },
      Limit: PAGE,
      ScanIndexForward: false,
      ConsistentRead: true,
    }),
  );
  return {
    rows: Items.map(({ pk, sk, ...row }) => AuditRow.parse(row)),
    next: LastEvaluatedKey && String(LastEvaluatedKey['sk']),
  };
}
