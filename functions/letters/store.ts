/** Every DynamoDB expression about letters. Whatever is read is parsed; what is sealed stays sealed. */
import { BatchGetCommand, GetCommand, PutCommand } from '@aws-sdk/lib-dynamodb';
import { expiryAfter } from '../calendar/model.ts';
import type { Database, Item, TransactWrite } from '../platform/database.ts';
import { MailboxHead, type MailboxId, StoredLetter } from './model.ts';
import { queueOrder } from './rules.ts';
import { conversationNumber } from './signing.ts';

type Put = Extract<TransactWrite, { Put?: unknown }>;

/** A letter by its place. */
export interface LetterPlace {
  readonly direction: 'in' | 'out';
  readonly number: number;
}

const mailboxPk = (mailbox: MailboxId) => `MAILBOX#${mailbox}`;
const headKey = (mailbox: MailboxId) => ({ pk: mailboxPk(mailbox), sk: 'HEAD' });
const padded = (number: number, digits: number) => String(number).padStart(digits, '0');
const letterKey = (mailbox: MailboxId, round: number, { direction, number }: LetterPlace) => ({
  pk: mailboxPk(mailbox),
  sk: `LETTER#${padded(round, 4)}#${direction}#${padded(number, 6)}`,
});

/** Days that a used question is remembered: longer than it can be used. */
const SPENT_DAYS = 1;
/** Days that a wish to be told once is kept, if no answer ever comes. */
const NOTICE_DAYS = 60;

/** Attributes of the queue's index, from the head itself. */
function queueKeys(head: MailboxHead): Item {
  const { desk } = head;
  if (head.waitingSince !== undefined) {
    return { queuePk: `WAITING#${desk}`, queueSk: `${queueOrder(head)}#${head.mailbox}` };
  }
  const state = head.closed ? 'CLOSED' : 'ANSWERED';
  return { queuePk: `${state}#${desk}`, queueSk: `${head.receivedAt}#${head.mailbox}` };
}

export async function getHead(
  database: Database,
  mailbox: MailboxId,
): Promise<MailboxHead | undefined> {
  const { Item } = await database.client.send(
    new GetCommand({
      TableName: database.name('consultations'),
      Key: headKey(mailbox),
      ConsistentRead: true,
    }),
  );
  return Item && toHead(Item);
}

export function toHead(item: Item): MailboxHead {
  const { pk, sk, queuePk, queueSk, ...rest } = item;
  return MailboxHead.parse(rest);
}

/** The letters at these places of a round that there are, in one read. */
export async function getLetters(
  database: Database,
  mailbox: MailboxId,
  round: number,
  places: readonly LetterPlace[],
): Promise<StoredLetter[]> {
  const table = database.name('consultations');
  let Keys: Item[] = places.map((place) => letterKey(mailbox, round, place));
  const found: StoredLetter[] = [];
  // What an answer of 16 MB cannot hold is asked for again; twenty letters never fill it.
  for (let tries = 0; Keys.length > 0 && tries < 5; tries += 1) {
    const { Responses, UnprocessedKeys } = await database.client.send(
      new BatchGetCommand({ RequestItems: { [table]: { Keys, ConsistentRead: true } } }),
    );
    found.push(...(Responses?.[table] ?? []).map(toLetter));
    Keys = UnprocessedKeys?.[table]?.Keys ?? [];
  }
  if (Keys.length > 0) throw new Error('Letters that the engine did not hand over');
  return found;
}

export function toLetter(item: Item): StoredLetter {
  const { pk, sk, ...rest } = item;
  return StoredLetter.parse(rest);
}

/** A letter that nobody has put there yet. */
export function putLetter(database: Database, mailbox: MailboxId, letter: StoredLetter): Put {
  return {
    Put: {
      TableName: database.name('consultations'),
      Item: { ...letterKey(mailbox, letter.round, letter), ...letter },
      ConditionExpression: 'attribute_not_exists(pk)',
    },
  };
}

/** The head as it becomes; only over the revision that was seen (0: there was none). */
export function putHead(database: Database, head: MailboxHead, seen: number): Put {
  return {
    Put: {
      TableName: database.name('consultations'),
      Item: { ...headKey(head.mailbox), ...head, ...queueKeys(head) },
      ...(seen === 0
        ? { ConditionExpression: 'attribute_not_exists(pk)' }
        : {
            ConditionExpression: 'revision = :seen',
            ExpressionAttributeValues: { ':seen': seen },
          }),
    },
  };
}

/** Where to find a conversation by the number that its writer was told. */
export function putNumber(database: Database, mailbox: MailboxId): Put {
  return {
    Put: {
      TableName: database.name('consultations'),
      Item: { pk: `NUMBER#${conversationNumber(mailbox)}`, sk: 'NUMBER', mailbox },
    },
  };
}

export async function findByNumber(
  database: Database,
  conversation: string,
): Promise<MailboxId | undefined> {
  const { Item } = await database.client.send(
    new GetCommand({
      TableName: database.name('consultations'),
      Key: { pk: `NUMBER#${conversation}`, sk: 'NUMBER' },
    }),
  );
  return Item && String(Item['mailbox']);
}

const spentPk = (askedAt: string) => `SPENT#${askedAt.slice(0, 16)}`;

/** A question is used once. They lie by the minute in which they were asked, so that they can be counted. */
export function spend(
  database: Database,
  { nonce, askedAt }: { readonly nonce: string; readonly askedAt: string },
  now: Date,
): Put {
  return {
    Put: {
      TableName: database.name('spent'),
      Item: { pk: spentPk(askedAt), sk: nonce, expiresAt: expiryAfter(now, SPENT_DAYS) },
      ConditionExpression: 'attribute_not_exists(pk)',
    },
  };
}

const LEVEL = { pk: 'LEVEL', sk: 'LEVEL' };

/** How hard sending is now. */
export async function getLevel(database: Database): Promise<number> {
  const { Item } = await database.client.send(
    new GetCommand({ TableName: database.name('spent'), Key: LEVEL }),
  );
  return Number(Item?.['level'] ?? 0);
}

export async function putLevel(database: Database, level: number): Promise<void> {
  await database.client.send(
    new PutCommand({ TableName: database.name('spent'), Item: { ...LEVEL, level } }),
  );
}

/** The wish to be told once (お知らせ): an address, kept apart from what the desk sees. */
export function putNotice(database: Database, mailbox: MailboxId, email: string, now: Date): Put {
  return {
    Put: {
      TableName: database.name('notices'),
      Item: { pk: mailbox, sk: 'NOTICE', email, expiresAt: expiryAfter(now, NOTICE_DAYS) },
    },
  };
}
