/** Every row of a world's tables as the engine holds it, past the stores that parse. */
import { QueryCommand, ScanCommand } from '@aws-sdk/lib-dynamodb';
import { type TableName, tables } from '../../functions/platform/tables.ts';
import type { World } from './world.ts';

export type Row = Record<string, unknown> & { readonly pk: string; readonly sk: string };

/** All rows of one table, in the order of their keys. */
export async function rowsOf(world: World, table: TableName): Promise<Row[]> {
  const { client, name } = world.deps.database;
  const rows: Row[] = [];
  let from: Record<string, unknown> | undefined;
  do {
    const { Items = [], LastEvaluatedKey } = await client.send(
      new ScanCommand({
        TableName: name(table),
        ConsistentRead: true,
        ...(from ? { ExclusiveStartKey: from } : {}),
      }),
    );
    rows.push(...(Items as Row[]));
    from = LastEvaluatedKey;
  } while (from);
  return rows.sort((a, b) => (`${a.pk} ${a.sk}` < `${b.pk} ${b.sk}` ? -1 : 1));
}

/** The rows of one partition of a table, in the order of their keys. */
export async function rowsUnder(world: World, table: TableName, pk: string): Promise<Row[]> {
  const { client, name } = world.deps.database;
  const { Items = [] } = await client.send(
    new QueryCommand({
      TableName: name(table),
      KeyConditionExpression: 'pk = :pk',
      ExpressionAttributeValues: { ':pk': pk },
      ConsistentRead: true,
    }),
  );
  return Items as Row[];
}

/** All rows of all tables, for comparing before and after. */
export async function allRows(world: World): Promise<Record<TableName, Row[]>> {
  const names = Object.keys(tables) as TableName[];
  const rows = await Promise.all(names.map((table) => rowsOf(world, table)));
  return Object.fromEntries(names.map((name, index) => [name, rows[index]])) as Record<
    TableName,
    Row[]
  >;
}
