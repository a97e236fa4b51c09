/**
 * Creates the tables of functions/platform/tables.ts in an engine; running it again changes nothing.
 */

import { setTimeout as sleep } from 'node:timers/promises';
import {
  type AttributeDefinition,
  CreateTableCommand,
  DescribeTableCommand,
  DescribeTimeToLiveCommand,
  DynamoDBClient,
  type KeySchemaElement,
  ResourceInUseException,
  UpdateTimeToLiveCommand,
} from '@aws-sdk/client-dynamodb';
import { endpointSettings } from '../../functions/platform/config.ts';
import type { TableDefinition } from '../../functions/platform/tables.ts';

/** What an SDK client needs to talk to the engine at this endpoint. */
export function localClientConfig(endpoint: string) {
  return {
    region: 'ap-northeast-1',
    ...endpointSettings(endpoint),
  };
}

export async function createTables(
  engine: string | DynamoDBClient,
  prefix: string,
  tables: Readonly<Record<string, TableDefinition>>,
): Promise<void> {
  const client =
    typeof engine === 'string' ? new DynamoDBClient(localClientConfig(engine)) : engine;
  try {
    for (const [name, table] of Object.entries(tables)) {
      await createTable(client, `${prefix}${name}`, table);
    }
  } finally {
    if (typeof engine === 'string') client.destroy();
  }
}

async function createTable(client: DynamoDBClient, TableName: string, table: TableDefinition) {
  const indexes = Object.entries(table.indexes ?? {});
  const attributes = new Set(['pk', 'sk', ...indexes.flatMap(([, index]) => [index.pk, index.sk])]);
  try {
    await client.send(
      new CreateTableCommand({
        TableName,
        BillingMode: 'PAY_PER_REQUEST',
        AttributeDefinitions: [...attributes].map(
          (AttributeName): AttributeDefinition => ({ AttributeName, AttributeType: 'S' }),
        ),
        KeySchema: keySchema('pk', 'sk'),
        ...(indexes.length > 0 && {
          GlobalSecondaryIndexes: indexes.map(([IndexName, index]) => ({
            IndexName,
            KeySchema: keySchema(index.pk, index.sk),
            Projection: { ProjectionType: 'ALL' },
          })),
        }),
        ...(table.stream && {
          StreamSpecification: { StreamEnabled: true, StreamViewType: table.stream },
        }),
      }),
    );
  } catch (error) {
    if (!(error instanceof ResourceInUseException)) throw error;
  }
  while (!(await isActive(client, TableName))) await sleep(50);
  if (table.ttl) await expireBy(client, TableName, table.ttl);
}

async function isActive(client: DynamoDBClient, TableName: string): Promise<boolean> {
  const { Table } = await client.send(new DescribeTableCommand({ TableName }));
  return Table?.TableStatus === 'ACTIVE';
}

async function expireBy(client: DynamoDBClient, TableName: string, AttributeName: string) {
  const { TimeToLiveDescription: ttl } = await client.send(
    new DescribeTimeToLiveCommand({ TableName }),
  );
  if (ttl?.TimeToLiveStatus === 'ENABLED' || ttl?.TimeToLiveStatus === 'ENABLING') return;
  await client.send(
    new UpdateTimeToLiveCommand({
      TableName,
      TimeToLiveSpecification: { AttributeName, Enabled: true },
    }),
  );
}

function keySchema(pk: string, sk: string): KeySchemaElement[] {
  return [
    { AttributeName: pk, KeyType: 'HASH' },
    { AttributeName: sk, KeyType: 'RANGE' },
  ];
}
