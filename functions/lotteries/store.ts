/**
 * Every DynamoDB expression about lotteries. A lottery has a partition of its own, beside the one
 * that every booking of the course reads: its row, and one row for each number that was given out.
 */
import { GetCommand, QueryCommand, UpdateCommand } from '@aws-sdk/lib-dynamodb';
import type { CourseId } from '../courses/model.ts';
import {
  type Database,
  type Item,
  isConditionFailed,
  type TransactWrite,
} from '../platform/database.ts';
import { Lottery, NumberedApplication, type SealedList } from './model.ts';

const partition = (courseId: CourseId) => `LOTTERY#${courseId}`;
const lotteryKey = (courseId: CourseId) => ({ pk: partition(courseId), sk: 'LOTTERY' });
/** Padded, so that the rows come in the order of the numbers. */
const entryKey = (courseId: CourseId, number: number) => ({
  pk: partition(courseId),
  sk: `ENTRY#${String(number).padStart(6, '0')}`,
});

/** Numbers are given out and taken back until the lottery is shut. */
const IS_OPEN = 'attribute_exists(pk) AND attribute_not_exists(shutAt)';

function withoutKeys({ pk, sk, ...rest }: Item): Item {
  return rest;
}

/** The lottery of a course, or undefined. One strongly consistent read. */
export async function getLottery(
  database: Database,
  courseId: CourseId,
): Promise<Lottery | undefined> {
  const { Item } = await database.client.send(
    new GetCommand({
      TableName: database.name('courses'),
      Key: lotteryKey(courseId),
      ConsistentRead: true,
    }),
  );
  return Item && Lottery.parse(withoutKeys(Item));
}

/** Every number with its wishes, in order. Strongly consistent: nobody is left out of the list. */
export async function listNumbers(
  database: Database,
  courseId: CourseId,
): Promise<NumberedApplication[]> {
  const found: NumberedApplication[] = [];
  let from: Item | undefined;
  do {
    const { Items = [], LastEvaluatedKey } = await database.client.send(
      new QueryCommand({
        TableName: database.name('courses'),
        KeyConditionExpression: 'pk = :pk AND begins_with(sk, :entry)',
        ExpressionAttributeValues: { ':pk': partition(courseId), ':entry': 'ENTRY#' },
        ConsistentRead: true,
        ...(from ? { ExclusiveStartKey: from } : {}),
      }),
    );
    found.push(...Items.map((item) => NumberedApplication.parse(withoutKeys(item))));
    from = LastEvaluatedKey;
  } while (from);
  return found;
}

/** A new lottery; its course has none yet. */
export function putNewLottery(database: Database, lottery: Lottery): TransactWrite {
  return {
    Put: {
      TableName: database.name('courses'),
      Item: { ...lotteryKey(lottery.courseId), ...lottery },
      ConditionExpression: 'attribute_not_exists(pk)',
    },
  };
}

/**
 * The next number; undefined when none is given out any more. It is taken before the application is
 * stored, outside of its transaction, so that applicants of a rush do not retry against each other:
 * an application that then fails leaves a gap, as one that is withdrawn does.
 */
export async function takeNumber(
  database: Database,
  courseId: CourseId,
): Promise<number | undefined> {
  try {
    const { Attributes } = await database.client.send(
      new UpdateCommand({
        TableName: database.name('courses'),
        Key: lotteryKey(courseId),
        UpdateExpression: 'ADD lastNumber :one',
        ConditionExpression: IS_OPEN,
        ExpressionAttributeValues: { ':one': 1 },
        ReturnValues: 'UPDATED_NEW',
      }),
    );
    return Attributes?.['lastNumber'] as number;
  } catch (error) {
    if (isConditionFailed(error)) return undefined;
    throw error;
  }
}

/** Puts an application under its number, if the lottery is not shut at the very commit. */
export function putNumber(
  database: Database,
  courseId: CourseId,
  application: NumberedApplication,
): TransactWrite[] {
  return [
    checkOpen(database, courseId),
    {
      Put: {
        TableName: database.name('courses'),
        Item: { ...entryKey(courseId, application.number), ...application },
        ConditionExpression: 'attribute_not_exists(pk)',
      },
    },
  ];
}

/** The application under a number asks for something else, as long as the lottery is not shut. */
export function replaceNumber(
  database: Database,
  courseId: CourseId,
  application: NumberedApplication,
): TransactWrite[] {
  return [
    checkOpen(database, courseId),
    {
      Put: {
        TableName: database.name('courses'),
        Item: { ...entryKey(courseId, application.number), ...application },
        ConditionExpression: 'attribute_exists(pk)',
      },
    },
  ];
}

/** The published result reaches the registration behind a number: once, whoever tries again. */
export function settleNumber(
  database: Database,
  courseId: CourseId,
  number: number,
): TransactWrite {
  return {
    Update: {
      TableName: database.name('courses'),
      Key: entryKey(courseId, number),
      UpdateExpression: 'SET settled = :true',
      ConditionExpression: 'attribute_exists(pk) AND attribute_not_exists(settled)',
      ExpressionAttributeValues: { ':true': true },
    },
  };
}

/** Takes a withdrawn application out of the draw; once the lottery is shut, it stays in the list. */
export function removeNumber(
  database: Database,
  courseId: CourseId,
  number: number,
): TransactWrite[] {
  return [
    checkOpen(database, courseId),
    { Delete: { TableName: database.name('courses'), Key: entryKey(courseId, number) } },
  ];
}

function checkOpen(database: Database, courseId: CourseId): TransactWrite {
  return {
    ConditionCheck: {
      TableName: database.name('courses'),
      Key: lotteryKey(courseId),
      ConditionExpression: IS_OPEN,
    },
  };
}

/** From here on the list stands still; an earlier instant stays. */
export async function shutLottery(database: Database, courseId: CourseId, at: Date): Promise<void> {
  try {
    await database.client.send(
      new UpdateCommand({
        TableName: database.name('courses'),
        Key: lotteryKey(courseId),
        UpdateExpression: 'SET shutAt = :at',
        ConditionExpression: IS_OPEN,
        ExpressionAttributeValues: { ':at': at.toISOString() },
      }),
    );
  } catch (error) {
    if (!isConditionFailed(error)) throw error;
  }
}

/** Seals the list of a lottery that is shut. */
export function sealLottery(database: Database, seen: Lottery, sealed: SealedList): TransactWrite {
  return replace(
    database,
    seen,
    { sealed },
    'attribute_exists(shutAt) AND attribute_not_exists(sealed)',
  );
}

/** The public value, typed or corrected; possible until the results are out. */
export function setPublicValue(
  database: Database,
  seen: Lottery,
  publicValue: string,
): TransactWrite {
  return replace(
    database,
    seen,
    { publicValue },
    'attribute_exists(sealed) AND attribute_not_exists(drawnAt)',
  );
}

/** The results are out. */
export function markDrawn(database: Database, seen: Lottery, at: Date): TransactWrite {
  return replace(
    database,
    seen,
    { drawnAt: at.toISOString() },
    'attribute_exists(publicValue) AND attribute_not_exists(drawnAt)',
  );
}

/** What the notice says, as long as no number was given out on it. */
export function renewTerms(
  database: Database,
  seen: Lottery,
  { choice, tiers, publicValueName }: Pick<Lottery, 'choice' | 'tiers' | 'publicValueName'>,
): TransactWrite {
  return {
    Update: {
      TableName: database.name('courses'),
      Key: lotteryKey(seen.courseId),
      UpdateExpression:
        'SET choice = :choice, tiers = :tiers, publicValueName = :name, #version = :next',
      ConditionExpression: `#version = :seen AND lastNumber = :zero AND ${IS_OPEN}`,
      ExpressionAttributeNames: { '#version': 'version' },
      ExpressionAttributeValues: {
        ':choice': choice,
        ':tiers': tiers,
        ':name': publicValueName,
        ':seen': seen.version,
        ':next': seen.version + 1,
        ':zero': 0,
      },
    },
  };
}

/** Sets one attribute of the version that was seen. */
function replace(
  database: Database,
  seen: Lottery,
  change: Partial<Pick<Lottery, 'sealed' | 'publicValue' | 'drawnAt'>>,
  condition: string,
): TransactWrite {
  const [[name, value] = []] = Object.entries(change);
  return {
    Update: {
      TableName: database.name('courses'),
      Key: lotteryKey(seen.courseId),
      UpdateExpression: 'SET #name = :value, #version = :next',
      ConditionExpression: `#version = :seen AND ${condition}`,
      ExpressionAttributeNames: { '#name': String(name), '#version': 'version' },
      ExpressionAttributeValues: {
        ':value': value,
        ':seen': seen.version,
        ':next': seen.version + 1,
      },
    },
  };
}
