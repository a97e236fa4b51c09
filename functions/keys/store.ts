/**
 * Every DynamoDB expression about keys: one list that only grows, members, grants, the centre's key. Whoever writes
 * any of them puts the list into the same transaction: its revision is what says that nothing else changed.
 */
import { GetCommand, QueryCommand } from '@aws-sdk/lib-dynamodb';
import * as z from 'zod';
import type { Database, Item, TransactWrite } from '../platform/database.ts';
import { Grant, ListLine, MemberRow } from './model.ts';

type Put = Extract<TransactWrite, { Put?: unknown }>;

const LIST = { pk: 'LIST', sk: 'LIST' };
const CENTRE = { pk: 'CENTRE', sk: 'CENTRE' };
const MEMBERS = 'MEMBERS';
const grantKey = ({ member, desk, epoch }: Pick<Grant, 'member' | 'desk' | 'epoch'>) => ({
  pk: `GRANTS#${member}`,
  sk: `${desk}#${String(epoch).padStart(5, '0')}`,
});

/** Rows of before there was a revision have none, and get one with the next change. */
const StoredList = z.object({
  lines: z.array(ListLine),
  revision: z.int().nonnegative().default(0),
});
export type StoredList = z.infer<typeof StoredList>;
const StoredCentre = z.strictObject({ sealed: z.string(), keyholders: z.array(z.string()) });
export type StoredCentre = z.infer<typeof StoredCentre>;

/**
 * The signed list as it is kept, empty before the set-up, and how often anything about keys has changed. Read it
 * before all else: what changes while the rest is read has then another revision.
 */
export async function getList(database: Database): Promise<StoredList> {
  const { Item } = await database.client.send(
    new GetCommand({ TableName: database.name('keys'), Key: LIST, ConsistentRead: true }),
  );
  return StoredList.parse(Item ?? { lines: [] });
}

/**
 * The list as it becomes, with the next revision; only over the one that was seen. Steps without lines put it too,
 * or a grant and the leaving of whom it is for would both count.
 */
export function putList(database: Database, lines: readonly ListLine[], seen: number): Put {
  return {
    Put: {
      TableName: database.name('keys'),
      Item: { ...LIST, lines, revision: seen + 1 },
      ConditionExpression: 'attribute_not_exists(#revision) OR #revision = :seen',
      ExpressionAttributeNames: { '#revision': 'revision' },
      ExpressionAttributeValues: { ':seen': seen },
    },
  };
}

export async function getCentre(database: Database): Promise<StoredCentre | undefined> {
  const { Item } = await database.client.send(
    new GetCommand({ TableName: database.name('keys'), Key: CENTRE, ConsistentRead: true }),
  );
  if (!Item) return undefined;
  const { pk, sk, ...rest } = Item;
  return StoredCentre.parse(rest);
}

export function putCentre(database: Database, centre: StoredCentre): Put {
  return { Put: { TableName: database.name('keys'), Item: { ...CENTRE, ...centre } } };
}

export function putMember(database: Database, member: MemberRow): Put {
  return {
    Put: {
      TableName: database.name('keys'),
      Item: { pk: MEMBERS, sk: member.member, ...member },
    },
  };
}

/**
 * Takes a member's sealed identity away, and leaves the name for what they wrote. Only while it is the key
 * that was seen: who made a new one meanwhile keeps it.
 */
export function removeVault(
  database: Database,
  { member, recipient }: Pick<MemberRow, 'member' | 'recipient'>,
): TransactWrite {
  return {
    Update: {
      TableName: database.name('keys'),
      Key: { pk: MEMBERS, sk: member },
      UpdateExpression: 'REMOVE vault',
      ConditionExpression: 'recipient = :recipient',
      ExpressionAttributeValues: { ':recipient': recipient },
    },
  };
}

/** Everybody with a key: a team, not a crowd. */
export async function listMembers(database: Database): Promise<MemberRow[]> {
  return (await rowsOf(database, MEMBERS)).map((row) => MemberRow.parse(bare(row)));
}

export function putGrant(database: Database, grant: Grant): Put {
  return {
    Put: { TableName: database.name('keys'), Item: { ...grantKey(grant), ...grant } },
  };
}

export function deleteGrant(
  database: Database,
  grant: Pick<Grant, 'member' | 'desk' | 'epoch'>,
): TransactWrite {
  return { Delete: { TableName: database.name('keys'), Key: grantKey(grant) } };
}

/** What one member (or `recovery`) was granted. */
export async function listGrants(database: Database, member: string): Promise<Grant[]> {
  return (await rowsOf(database, `GRANTS#${member}`)).map((row) => Grant.parse(bare(row)));
}

const bare = ({ pk, sk, ...rest }: Item): Item => rest;

async function rowsOf(database: Database, pk: string): Promise<Item[]> {
  const { Items = [] } = await database.client.send(
    new QueryCommand({
      TableName: database.name('keys'),
      KeyConditionExpression: 'pk = :pk',
      ExpressionAttributeValues: { ':pk': pk },
      ConsistentRead: true,
    }),
  );
  return Items;
}
