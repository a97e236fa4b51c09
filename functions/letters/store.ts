/** Every DynamoDB expression about letters. Whatever is read is parsed; what is sealed stays sealed. */
import {
  BatchGetCommand,
  DeleteCommand,
  GetCommand,
  PutCommand,
  QueryCommand,
} from '@aws-sdk/lib-dynamodb';
import { expiryAfter } from '../calendar/model.ts';
import { listGrants } from '../keys/store.ts';
import {
  type Database,
  type Item,
  isConditionFailed,
  type TransactWrite,
} from '../platform/database.ts';
import { type LetterView, Report, StoredDraft, StoredNote } from './desk-model.ts';
import {
  LetterDesk,
  MailboxHead,
  type MailboxId,
  type SentAttachment,
  StoredAttachment,
  StoredLetter,
} from './model.ts';
import { CHALLENGE_MINUTES, queueOrder } from './rules.ts';
import { conversationNumber } from './signing.ts';

/** Desks whose letters a member can open: where they were granted keys. */
export async function listDesks(
  database: Database,
  member: string,
): Promise<readonly LetterDesk[]> {
  const granted = new Set((await listGrants(database, member)).map(({ desk }) => desk));
  return LetterDesk.options.filter((desk) => granted.has(desk));
}

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

const attachmentKey = (mailbox: MailboxId, id: string) => ({
  pk: mailboxPk(mailbox),
  sk: `ATTACHMENT#${id}`,
});

/** What is kept of these pictures of a mailbox, in one read. @param ids each once */
export async function getAttachments(
  database: Database,
  mailbox: MailboxId,
  ids: readonly string[],
): Promise<ReadonlyMap<string, StoredAttachment>> {
  const table = database.name('consultations');
  const Keys = ids.map((id) => attachmentKey(mailbox, id));
  const { Responses, UnprocessedKeys } = await database.client.send(
    new BatchGetCommand({ RequestItems: { [table]: { Keys, ConsistentRead: true } } }),
  );
  if (UnprocessedKeys?.[table]) throw new Error('Pictures that the engine did not hand over');
  return new Map(
    (Responses?.[table] ?? []).map(({ pk, sk, ...row }) => [
      String(sk).slice('ATTACHMENT#'.length),
      StoredAttachment.parse(row),
    ]),
  );
}

/** A picture waits for its letter until then; not one that a letter names. */
export function putWaiting(database: Database, mailbox: MailboxId, id: string, until: string): Put {
  return {
    Put: {
      TableName: database.name('consultations'),
      Item: {
        ...attachmentKey(mailbox, id),
        ...({ state: 'waiting', until } satisfies StoredAttachment),
      },
      ConditionExpression: 'attribute_not_exists(pk) OR #state = :waiting',
      ExpressionAttributeNames: { '#state': 'state' },
      ExpressionAttributeValues: { ':waiting': 'waiting' },
    },
  };
}

/** A letter names a picture that is there. */
export function putNamed(
  database: Database,
  mailbox: MailboxId,
  { id, parts }: SentAttachment,
  round: number,
): Put {
  return {
    Put: {
      TableName: database.name('consultations'),
      Item: {
        ...attachmentKey(mailbox, id),
        ...({ state: 'named', parts, round } satisfies StoredAttachment),
      },
      ConditionExpression: 'attribute_exists(pk)',
    },
  };
}

/** @returns whether a picture is nobody's: it does not wait any more, and no letter names it */
export async function dropWaiting(
  database: Database,
  mailbox: MailboxId,
  id: string,
  now: Date,
): Promise<boolean> {
  try {
    await database.client.send(
      new DeleteCommand({
        TableName: database.name('consultations'),
        Key: attachmentKey(mailbox, id),
        ConditionExpression: 'attribute_not_exists(pk) OR (#state = :waiting AND #until <= :now)',
        ExpressionAttributeNames: { '#state': 'state', '#until': 'until' },
        ExpressionAttributeValues: { ':waiting': 'waiting', ':now': now.toISOString() },
      }),
    );
    return true;
  } catch (error) {
    if (isConditionFailed(error)) return false;
    throw error;
  }
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

/**
 * Letters of the last minute, counted by the questions that were used in it. They lie by the minute in which
 * they were asked, up to five minutes ago: who hoards questions is counted like everybody.
 */
export async function countSpent(database: Database, now: Date): Promise<number> {
  let count = 0;
  const since = expiryAfter(new Date(now.getTime() - 60_000), SPENT_DAYS);
  // One minute to come, for the clocks of other Lambdas.
  for (let minutesAgo = -1; minutesAgo <= CHALLENGE_MINUTES; minutesAgo += 1) {
    const minute = new Date(now.getTime() - minutesAgo * 60_000).toISOString();
    const { Count = 0 } = await database.client.send(
      new QueryCommand({
        TableName: database.name('spent'),
        KeyConditionExpression: 'pk = :pk',
        FilterExpression: 'expiresAt >= :since',
        ExpressionAttributeValues: { ':pk': spentPk(minute), ':since': since },
        // The first megabyte: some thousands, and a hundred and twenty are as many as count.
        Select: 'COUNT',
      }),
    );
    count += Count;
  }
  return count;
}

/** Who hides their letters does not want to be told of answers any more. */
export function removeNotice(database: Database, mailbox: MailboxId): TransactWrite {
  return { Delete: { TableName: database.name('notices'), Key: { pk: mailbox, sk: 'NOTICE' } } };
}

/** Takes the wish to be told out, so that it is answered at most once. */
export async function takeNotice(
  database: Database,
  mailbox: MailboxId,
): Promise<string | undefined> {
  const { Attributes } = await database.client.send(
    new DeleteCommand({
      TableName: database.name('notices'),
      Key: { pk: mailbox, sk: 'NOTICE' },
      ReturnValues: 'ALL_OLD',
    }),
  );
  return Attributes && String(Attributes['email']);
}

export async function getNotice(
  database: Database,
  mailbox: MailboxId,
): Promise<string | undefined> {
  const { Item } = await database.client.send(
    new GetCommand({
      TableName: database.name('notices'),
      Key: { pk: mailbox, sk: 'NOTICE' },
      ConsistentRead: true,
    }),
  );
  return Item && String(Item['email']);
}

const QUEUE_PAGE = 50;

/** One page of a desk's queue: who waits longest first; of the others the newest. */
export async function listQueue(
  database: Database,
  desk: LetterDesk,
  view: LetterView,
  after: string | undefined,
): Promise<{ readonly heads: readonly MailboxHead[]; readonly next: string | undefined }> {
  const queuePk = `${view.toUpperCase()}#${desk}`;
  const { Items = [], LastEvaluatedKey } = await database.client.send(
    new QueryCommand({
      TableName: database.name('consultations'),
      IndexName: 'queue',
      KeyConditionExpression: 'queuePk = :pk',
      ExpressionAttributeValues: { ':pk': queuePk },
      ScanIndexForward: view === 'waiting',
      Limit: QUEUE_PAGE,
      ...(after === undefined
        ? {}
        : {
            ExclusiveStartKey: {
              ...headKey(after.slice(after.lastIndexOf('#') + 1)),
              queuePk,
              queueSk: after,
            },
          }),
    }),
  );
  return {
    heads: Items.map(toHead),
    next: LastEvaluatedKey && String(LastEvaluatedKey['queueSk']),
  };
}

/**
 * The newest letters of a side in a round before this number, oldest first; how many there are is not asked.
 * @param count at most ten: with more, a page of the engine (1 MB) might end before them
 */
export async function listNewest(
  database: Database,
  mailbox: MailboxId,
  round: number,
  direction: LetterPlace['direction'],
  { before = 1_000_000, count }: { readonly before?: number | undefined; readonly count: number },
): Promise<StoredLetter[]> {
  const { Items = [] } = await database.client.send(
    new QueryCommand({
      TableName: database.name('consultations'),
      KeyConditionExpression: 'pk = :pk AND sk BETWEEN :first AND :last',
      ExpressionAttributeValues: {
        ':pk': mailboxPk(mailbox),
        ':first': letterKey(mailbox, round, { direction, number: 0 }).sk,
        ':last': letterKey(mailbox, round, { direction, number: before - 1 }).sk,
      },
      ScanIndexForward: false,
      Limit: count,
      ConsistentRead: true,
    }),
  );
  return Items.map(toLetter).reverse();
}

/** Places of answers that went out by one member and that nobody else has looked at. */
export async function listUnreviewed(
  database: Database,
  mailbox: MailboxId,
): Promise<Pick<StoredLetter, 'round' | 'number'>[]> {
  const found: Item[] = [];
  let from: Item | undefined;
  do {
    const { Items = [], LastEvaluatedKey } = await database.client.send(
      new QueryCommand({
        TableName: database.name('consultations'),
        KeyConditionExpression: 'pk = :pk AND begins_with(sk, :letters)',
        FilterExpression: 'attribute_exists(alone) AND attribute_not_exists(reviewedBy)',
        // Not the letters themselves: all of a long conversation at once are more than a Lambda holds.
        ProjectionExpression: '#round, #number',
        ExpressionAttributeNames: { '#round': 'round', '#number': 'number' },
        ExpressionAttributeValues: { ':pk': mailboxPk(mailbox), ':letters': 'LETTER#' },
        ConsistentRead: true,
        ...(from ? { ExclusiveStartKey: from } : {}),
      }),
    );
    found.push(...Items);
    from = LastEvaluatedKey;
  } while (from);
  return found.map(({ round, number }) => ({ round: Number(round), number: Number(number) }));
}

const NOTES_AT_ONCE = 10;
const noteKey = (note: Pick<StoredNote, 'at' | 'noteId'>) => `${note.at}#${note.noteId}`;

/** The newest notes of a mailbox before the one with this key, oldest first. */
export async function listNotes(
  database: Database,
  mailbox: MailboxId,
  before: string | undefined,
): Promise<{ readonly notes: readonly StoredNote[]; readonly hasOlder: boolean }> {
  const pk = mailboxPk(mailbox);
  const { Items = [] } = await database.client.send(
    new QueryCommand({
      TableName: database.name('consultations'),
      KeyConditionExpression: 'pk = :pk AND begins_with(sk, :notes)',
      ExpressionAttributeValues: { ':pk': pk, ':notes': 'NOTE#' },
      ScanIndexForward: false,
      // One more says whether there is one more.
      Limit: NOTES_AT_ONCE + 1,
      ConsistentRead: true,
      ...(before === undefined ? {} : { ExclusiveStartKey: { pk, sk: `NOTE#${before}` } }),
    }),
  );
  return {
    notes: Items.slice(0, NOTES_AT_ONCE)
      .map((row) => StoredNote.parse(bare(row)))
      .reverse(),
    hasOlder: Items.length > NOTES_AT_ONCE,
  };
}

const bare = ({ pk, sk, ...rest }: Item): Item => rest;
const draftKey = (mailbox: MailboxId) => ({ pk: mailboxPk(mailbox), sk: 'DRAFT' });

export async function getDraft(
  database: Database,
  mailbox: MailboxId,
): Promise<StoredDraft | undefined> {
  const { Item } = await database.client.send(
    new GetCommand({
      TableName: database.name('consultations'),
      Key: draftKey(mailbox),
      ConsistentRead: true,
    }),
  );
  return Item && StoredDraft.parse(bare(Item));
}

/** Over the version that was seen (0: there was none). */
export function putDraft(
  database: Database,
  mailbox: MailboxId,
  draft: StoredDraft,
  seen: number,
): Put {
  return {
    Put: {
      TableName: database.name('consultations'),
      Item: { ...draftKey(mailbox), ...draft },
      ...(seen === 0
        ? { ConditionExpression: 'attribute_not_exists(pk)' }
        : {
            ConditionExpression: 'version = :seen',
            ExpressionAttributeValues: { ':seen': seen },
          }),
    },
  };
}

export function deleteDraft(
  database: Database,
  mailbox: MailboxId,
  version: number,
): TransactWrite {
  return {
    Delete: {
      TableName: database.name('consultations'),
      Key: draftKey(mailbox),
      ConditionExpression: 'version = :seen',
      ExpressionAttributeValues: { ':seen': version },
    },
  };
}

export function markReviewed(
  database: Database,
  mailbox: MailboxId,
  round: number,
  number: number,
  by: string,
): TransactWrite {
  return {
    Update: {
      TableName: database.name('consultations'),
      Key: letterKey(mailbox, round, { direction: 'out', number }),
      UpdateExpression: 'SET reviewedBy = :by',
      ConditionExpression: 'attribute_exists(pk) AND attribute_not_exists(reviewedBy)',
      ExpressionAttributeValues: { ':by': by },
    },
  };
}

export function putNote(database: Database, mailbox: MailboxId, note: StoredNote): Put {
  return {
    Put: {
      TableName: database.name('consultations'),
      Item: { pk: mailboxPk(mailbox), sk: `NOTE#${noteKey(note)}`, ...note },
    },
  };
}

const REPORTS = 'REPORTS';
const REPORTS_PAGE = 100;

/** Under the instant of receipt. */
const reportKey = ({ receivedAt, reportId }: Pick<Report, 'receivedAt' | 'reportId'>) => ({
  pk: REPORTS,
  sk: `${receivedAt}#${reportId}`,
});

export async function getReport(
  database: Database,
  report: Pick<Report, 'receivedAt' | 'reportId'>,
): Promise<Report | undefined> {
  const { Item } = await database.client.send(
    new GetCommand({
      TableName: database.name('records'),
      Key: reportKey(report),
      ConsistentRead: true,
    }),
  );
  return Item && Report.parse(bare(Item));
}

export function putReport(database: Database, report: Report): Put {
  return {
    Put: {
      TableName: database.name('records'),
      Item: { ...reportKey(report), ...report },
      ConditionExpression: 'attribute_not_exists(pk)',
    },
  };
}

export async function listReports(database: Database): Promise<Report[]> {
  const { Items = [] } = await database.client.send(
    new QueryCommand({
      TableName: database.name('records'),
      KeyConditionExpression: 'pk = :pk',
      ExpressionAttributeValues: { ':pk': REPORTS },
      ScanIndexForward: false,
      Limit: REPORTS_PAGE,
      ConsistentRead: true,
    }),
  );
  return Items.map((row) => Report.parse(bare(row)));
}
