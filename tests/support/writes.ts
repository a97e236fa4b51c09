/** What a client tries to write: that nothing was stored, without reading every table before and after. */
import type { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';

export interface WriteWatch {
  /** Tables of the writes since the last call, one for each row; also of those that a condition refused. */
  take(): readonly string[];
}

interface Input {
  readonly TableName?: string;
  readonly TransactItems?: readonly Record<string, { readonly TableName?: string }>[];
  readonly RequestItems?: Readonly<Record<string, readonly unknown[]>>;
}

export function watchWrites(client: DynamoDBDocumentClient): WriteWatch {
  const tables: string[] = [];
  client.middlewareStack.add(
    (next, context) => async (args) => {
      tables.push(...tablesOf(String(context.commandName ?? 'unknown'), args.input as Input));
      return next(args);
    },
    { step: 'initialize', name: 'watchWrites', priority: 'low' },
  );
  return { take: () => tables.splice(0) };
}

const READS = /^(Get|BatchGet|Query|Scan|TransactGet|Describe|List)/;

function tablesOf(command: string, { TableName, TransactItems, RequestItems }: Input): string[] {
  // What is not known to read counts as a write.
  if (READS.test(command)) return [];
  if (TransactItems) {
    return TransactItems.filter((item) => !item['ConditionCheck']).flatMap((item) =>
      Object.values(item).map((each) => each.TableName ?? 'unknown'),
    );
  }
  if (RequestItems) {
    return Object.entries(RequestItems).flatMap(([table, rows]) => rows.map(() => table));
  }
  return [TableName ?? 'unknown'];
}
