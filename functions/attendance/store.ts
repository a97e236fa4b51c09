/** Every DynamoDB expression about attendance. Whatever is read is parsed. */
import { GetCommand, QueryCommand, UpdateCommand } from '@aws-sdk/lib-dynamodb';
import type { EpochSeconds } from '../calendar/model.ts';
import type { CourseId } from '../courses/model.ts';
import type { Database, Item, TransactWrite } from '../platform/database.ts';
import type { RegistrationId } from '../registrations/model.ts';
import { Mark, WalkIn } from './model.ts';

/** One partition for each course, so that nothing of a session is left behind when it is purged. */
const coursePk = (courseId: CourseId) => `ATT#${courseId}`;
const markKey = (courseId: CourseId, sessionKey: string, registrationId: RegistrationId) => ({
  pk: coursePk(courseId),
  sk: `${sessionKey}#REG#${registrationId}`,
});
const walkInKey = (courseId: CourseId, sessionKey: string, walkInId: string) => ({
  pk: coursePk(courseId),
  sk: `${sessionKey}#WALKIN#${walkInId}`,
});

function toMark(item: Item): Mark {
  const { pk, sk, expiresAt, ...rest } = item;
  return Mark.parse(rest);
}

function toWalkIn(item: Item): WalkIn {
  const { pk, sk, expiresAt, ...rest } = item;
  return WalkIn.parse(rest);
}

const isMark = ({ sk }: Item) => String(sk).split('#')[1] === 'REG';

/** Rows of a course whose sort key begins so; all of them for an empty text. */
async function query(database: Database, courseId: CourseId, begins: string): Promise<Item[]> {
  const rows: Item[] = [];
  let from: Item | undefined;
  do {
    const { Items = [], LastEvaluatedKey } = await database.client.send(
      new QueryCommand({
        TableName: database.name('bookings'),
        KeyConditionExpression:
          begins === '' ? 'pk = :pk' : 'pk = :pk AND begins_with(sk, :begins)',
        ExpressionAttributeValues: {
          ':pk': coursePk(courseId),
          ...(begins === '' ? {} : { ':begins': begins }),
        },
        ConsistentRead: true,
        ...(from ? { ExclusiveStartKey: from } : {}),
      }),
    );
    rows.push(...Items);
    from = LastEvaluatedKey;
  } while (from);
  return rows;
}

/** The marks and walk-ins of one session, as they are now. */
export async function attendanceOf(
  database: Database,
  courseId: CourseId,
  sessionKey: string,
): Promise<{ readonly marks: readonly Mark[]; readonly walkIns: readonly WalkIn[] }> {
  const rows = await query(database, courseId, `${sessionKey}#`);
  return {
    marks: rows.filter(isMark).map(toMark),
    walkIns: rows
      .filter((row) => !isMark(row))
      .map(toWalkIn)
      .sort((a, b) => (a.at < b.at ? -1 : 1)),
  };
}

/** One strongly consistent read by key. */
export async function getMark(
  database: Database,
  courseId: CourseId,
  sessionKey: string,
  registrationId: RegistrationId,
): Promise<Mark | undefined> {
  const { Item } = await database.client.send(
    new GetCommand({
      TableName: database.name('bookings'),
      Key: markKey(courseId, sessionKey, registrationId),
      ConsistentRead: true,
    }),
  );
  return Item && toMark(Item);
}

/** A mark, if nobody marked the family since `seen` was read. */
export function putMark(
  database: Database,
  courseId: CourseId,
  sessionKey: string,
  mark: Mark,
  seen: Mark | undefined,
  expiresAt: EpochSeconds,
): TransactWrite {
  return {
    Put: {
      TableName: database.name('bookings'),
      Item: { ...markKey(courseId, sessionKey, mark.registrationId), ...mark, expiresAt },
      ...(seen
        ? {
            ConditionExpression: '#version = :seen',
            ExpressionAttributeNames: { '#version': 'version' },
            ExpressionAttributeValues: { ':seen': seen.version },
          }
        : { ConditionExpression: 'attribute_not_exists(pk)' }),
    },
  };
}

/** A walk-in that was not there before. */
export function putWalkIn(
  database: Database,
  courseId: CourseId,
  sessionKey: string,
  walkIn: WalkIn,
  expiresAt: EpochSeconds,
): TransactWrite {
  return {
    Put: {
      TableName: database.name('bookings'),
      Item: { ...walkInKey(courseId, sessionKey, walkIn.walkInId), ...walkIn, expiresAt },
      ConditionExpression: 'attribute_not_exists(pk)',
    },
  };
}

/** Takes a walk-in back that is there. */
export function deleteWalkIn(
  database: Database,
  courseId: CourseId,
  sessionKey: string,
  walkInId: string,
): TransactWrite {
  return {
    Delete: {
      TableName: database.name('bookings'),
      Key: walkInKey(courseId, sessionKey, walkInId),
      ConditionExpression: 'attribute_exists(pk)',
    },
  };
}

/** Takes fields out of every row of a course: notes, and who made them. What is counted stays. */
export async function purgeAttendance(
  database: Database,
  courseId: CourseId,
  fields: readonly ('note' | 'by')[],
  expiresAt: EpochSeconds,
): Promise<void> {
  for (const row of await query(database, courseId, '')) {
    if (!fields.some((field) => row[field] !== undefined)) continue;
    await database.client.send(
      new UpdateCommand({
        TableName: database.name('bookings'),
        Key: { pk: row['pk'], sk: row['sk'] },
        UpdateExpression: `SET expiresAt = :expires REMOVE ${fields.map((field) => `#${field}`).join(', ')}`,
        ExpressionAttributeNames: Object.fromEntries(fields.map((field) => [`#${field}`, field])),
        ExpressionAttributeValues: { ':expires': expiresAt },
      }),
    );
  }
}
