/** Every DynamoDB expression about registrations. Whatever is read is parsed. */
import { GetCommand, QueryCommand, UpdateCommand } from '@aws-sdk/lib-dynamodb';
import { type EpochSeconds, expiryAfter } from '../calendar/model.ts';
import type { CourseId } from '../courses/model.ts';
import {
  type Database,
  type Item,
  isConditionFailed,
  type TransactWrite,
} from '../platform/database.ts';
import { Registration, type RegistrationId, type RegistrationStatus } from './model.ts';

/** Rows of one query of the waitlist; an offer needs the first that fits, not all of them. */
const WAITLIST_PAGE = 50;

const registrationKey = (registrationId: RegistrationId) => ({
  pk: `REG#${registrationId}`,
  sk: 'REG',
});

function toRegistration(item: Item): Registration {
  const { pk, sk, coursePk, courseSk, waitingPk, waitingSk, ...rest } = item;
  return Registration.parse(rest);
}

/** A row as it is stored, with the keys of the indexes that it belongs to now. */
function toItem(registration: Registration): Item {
  const { registrationId, courseId, poolKey, status, waitNumber, acceptedAt } = registration;
  return {
    ...registrationKey(registrationId),
    ...registration,
    coursePk: `COURSE#${courseId}`,
    courseSk: `${acceptedAt}#${registrationId}`,
    ...(status === 'waiting' && waitNumber !== undefined
      ? {
          waitingPk: `WAIT#${courseId}#${poolKey}`,
          waitingSk: String(waitNumber).padStart(16, '0'),
        }
      : {}),
  };
}

/** One strongly consistent read by key. */
export async function getRegistration(
  database: Database,
  registrationId: RegistrationId,
): Promise<Registration | undefined> {
  const { Item } = await database.client.send(
    new GetCommand({
      TableName: database.name('bookings'),
      Key: registrationKey(registrationId),
      ConsistentRead: true,
    }),
  );
  return Item && toRegistration(Item);
}

/** A registration that did not exist before. */
export function putNewRegistration(database: Database, registration: Registration): TransactWrite {
  return {
    Put: {
      TableName: database.name('bookings'),
      Item: toItem(registration),
      ConditionExpression: 'attribute_not_exists(pk)',
    },
  };
}

/** A changed registration, if nobody changed it since it was read. */
export function replaceRegistration(
  database: Database,
  registration: Registration,
  seenRevision: number,
): TransactWrite {
  return {
    Put: {
      TableName: database.name('bookings'),
      Item: toItem(registration),
      ConditionExpression: 'revision = :seen',
      ExpressionAttributeValues: { ':seen': seenRevision },
    },
  };
}

/** The registration after a change of state. */
export function withStatus(
  registration: Registration,
  status: RegistrationStatus,
  offerExpiresAt?: string,
): Registration {
  const { offerExpiresAt: _, ...rest } = registration;
  return {
    ...rest,
    status,
    revision: registration.revision + 1,
    ...(offerExpiresAt === undefined ? {} : { offerExpiresAt }),
  };
}

/** The rows that make a second application of the same household for the course impossible. */
export function claimHousehold(
  database: Database,
  key: string,
  registrationId: RegistrationId,
  expiresAt: EpochSeconds,
): TransactWrite {
  return {
    Put: {
      TableName: database.name('bookings'),
      Item: { pk: `HOUSEHOLD#${key}`, sk: 'HOUSEHOLD', registrationId, expiresAt },
      ConditionExpression: 'attribute_not_exists(pk)',
    },
  };
}

/** The registration of a household for a course, if it has one. */
export async function getHousehold(
  database: Database,
  key: string,
): Promise<RegistrationId | undefined> {
  const { Item } = await database.client.send(
    new GetCommand({
      TableName: database.name('bookings'),
      Key: { pk: `HOUSEHOLD#${key}`, sk: 'HOUSEHOLD' },
      ConsistentRead: true,
    }),
  );
  return Item && String(Item['registrationId']);
}

/** Lets the household apply again. Only the registration that claimed it may do so. */
export function releaseHousehold(
  database: Database,
  key: string,
  registrationId: RegistrationId,
): TransactWrite {
  return {
    Delete: {
      TableName: database.name('bookings'),
      Key: { pk: `HOUSEHOLD#${key}`, sk: 'HOUSEHOLD' },
      ConditionExpression: 'attribute_not_exists(pk) OR registrationId = :id',
      ExpressionAttributeValues: { ':id': registrationId },
    },
  };
}

/** How a repeated request is recognised: its key, the hash of its body, and for how long. */
export interface RequestKey {
  readonly key: string;
  readonly bodyHash: string;
  readonly validMinutes: number;
}

const requestKey = (key: string) => ({ pk: `REQUEST#${key}`, sk: 'REQUEST' });

/** The answer given under this key, if it is still valid at `now`. */
export async function getAnsweredRequest(
  database: Database,
  key: string,
  now: Date,
): Promise<{ registrationId: RegistrationId; bodyHash: string } | undefined> {
  const { Item } = await database.client.send(
    new GetCommand({
      TableName: database.name('bookings'),
      Key: requestKey(key),
      ConsistentRead: true,
    }),
  );
  if (!Item || String(Item['validUntil']) <= now.toISOString()) return undefined;
  return {
    registrationId: String(Item['registrationId']),
    bodyHash: String(Item['bodyHash']),
  };
}

/**
 * Remembers the answer. @param replaces the registration that an older answer under this key led
 *   to, when that one is over and the same form may book again
 */
export function rememberRequest(
  database: Database,
  answered: RequestKey & { readonly registrationId: RegistrationId },
  now: Date,
  replaces: RegistrationId | undefined,
): TransactWrite {
  const { key, registrationId, bodyHash, validMinutes } = answered;
  const validUntil = new Date(now.getTime() + validMinutes * 60_000);
  return {
    Put: {
      TableName: database.name('bookings'),
      Item: {
        ...requestKey(key),
        registrationId,
        bodyHash,
        validUntil: validUntil.toISOString(),
        expiresAt: expiryAfter(validUntil, 1),
      },
      ConditionExpression:
        'attribute_not_exists(pk) OR validUntil <= :now OR registrationId = :replaces',
      ExpressionAttributeValues: { ':now': now.toISOString(), ':replaces': replaces ?? 'none' },
    },
  };
}

/**
 * The head of a waitlist in order. From an index, so it may lag by a moment: the transaction that
 * follows checks the state again.
 */
export async function headOfWaitlist(
  database: Database,
  courseId: CourseId,
  poolKey: string,
): Promise<Registration[]> {
  const { Items = [] } = await database.client.send(
    new QueryCommand({
      TableName: database.name('bookings'),
      IndexName: 'waiting',
      KeyConditionExpression: 'waitingPk = :pk',
      ExpressionAttributeValues: { ':pk': `WAIT#${courseId}#${poolKey}` },
      Limit: WAITLIST_PAGE,
    }),
  );
  return Items.map(toRegistration);
}

/** Tries with a booking number that are allowed in an hour. */
export const TRIES_AN_HOUR = 5;

/** Counts a try for a booking number; false when this hour's tries are used up. */
export async function countTry(
  database: Database,
  registrationId: RegistrationId,
  now: Date,
): Promise<boolean> {
  const hour = now.toISOString().slice(0, 13);
  try {
    await database.client.send(
      new UpdateCommand({
        TableName: database.name('bookings'),
        Key: { pk: `TRIES#${registrationId}#${hour}`, sk: 'TRIES' },
        UpdateExpression: 'ADD tries :one SET expiresAt = :expires',
        ConditionExpression: 'attribute_not_exists(tries) OR tries < :most',
        ExpressionAttributeValues: {
          ':one': 1,
          ':most': TRIES_AN_HOUR,
          ':expires': expiryAfter(now, 1 / 12),
        },
      }),
    );
    return true;
  } catch (error) {
    if (isConditionFailed(error)) return false;
    throw error;
  }
}
