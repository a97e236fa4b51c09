/** Every DynamoDB expression about registrations. Whatever is read is parsed. */
import { BatchGetCommand, GetCommand, QueryCommand, UpdateCommand } from '@aws-sdk/lib-dynamodb';
import { type EpochSeconds, expiryAfter } from '../calendar/model.ts';
import type { CourseId } from '../courses/model.ts';
import {
  freeSeats,
  holdSeatsForOffer,
  joinWaitlist,
  leaveWaitlist,
  takeSeats,
  takeWaitPlace,
} from '../courses/store.ts';
import {
  type Database,
  type Item,
  isConditionFailed,
  type TransactWrite,
} from '../platform/database.ts';
import { type Place, Registration, type RegistrationId } from './model.ts';
import { isHeld, isLive, isQueued } from './places.ts';

/** DynamoDB answers at most this many keys in one BatchGetItem. */
const BATCH = 100;

/** Rows of one page of the waitlist; mostly somebody at its head fits what is free. */
const WAITLIST_PAGE = 50;
/** Rows of one page of a course's roster. */
const ROSTER_PAGE = 200;

const registrationKey = (registrationId: RegistrationId) => ({
  pk: `REG#${registrationId}`,
  sk: 'REG',
});
/** One row for each registration in a queue, in the order of the queue: no index that may lag. */
const waitKey = (courseId: CourseId, poolKey: string, waitNumber: number) => ({
  pk: `WAIT#${courseId}#${poolKey}`,
  sk: String(waitNumber).padStart(17, '0'),
});

function toRegistration(item: Item): Registration {
  const { pk, sk, coursePk, courseSk, phonePk, phoneSk, kanaPk, kanaSk, ...rest } = item;
  return Registration.parse(rest);
}

/** A row as it is stored, with the keys of the indexes that it belongs to now. */
function toItem(registration: Registration): Item {
  const { registrationId, courseId, acceptedAt, applicant } = registration;
  const kana = kanaKey(applicant.kana);
  return {
    ...registrationKey(registrationId),
    ...registration,
    coursePk: `COURSE#${courseId}`,
    courseSk: `${acceptedAt}#${registrationId}`,
    ...(applicant.phone === ''
      ? {}
      : { phonePk: `PHONE#${applicant.phone}`, phoneSk: `${acceptedAt}#${registrationId}` }),
    ...(kana === ''
      ? {}
      : { kanaPk: `KANA#${[...kana][0]}`, kanaSk: `${kana}#${acceptedAt}#${registrationId}` }),
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

/**
 * What becomes of the pools and queues when a registration's places change: the difference between
 * before and after, one update for each pool.
 */
export function movePlaces(
  database: Database,
  {
    registrationId,
    courseId,
    expiresAt,
  }: Pick<Registration, 'registrationId' | 'courseId' | 'expiresAt'>,
  before: readonly Place[],
  after: readonly Place[],
): TransactWrite[] {
  const keys = new Set([...before, ...after].map(({ poolKey }) => poolKey));
  // A second place in a pool would be taken from nowhere.
  if (keys.size < Math.max(before.length, after.length)) throw new Error('Two places in one pool');
  return [...keys].flatMap((poolKey) => {
    const was = before.find((place) => place.poolKey === poolKey);
    const is = after.find((place) => place.poolKey === poolKey);
    const wasHeld = was !== undefined && isHeld(was);
    const willHold = is !== undefined && isHeld(is);
    const left = was && isQueued(was) && !(is && isQueued(is)) ? was.waitNumber : undefined;
    const joined = is && isQueued(is) && !(was && isQueued(was)) ? is.waitNumber : undefined;
    const writes: TransactWrite[] = [];
    if (willHold && !wasHeld) {
      writes.push(
        left === undefined
          ? takeSeats(database, courseId, poolKey, is.count)
          : holdSeatsForOffer(database, courseId, poolKey, is.count, left),
      );
    } else if (wasHeld && !willHold) {
      writes.push(freeSeats(database, courseId, poolKey, was.count));
    } else if (left !== undefined) {
      writes.push(leaveWaitlist(database, courseId, poolKey, left));
    }
    if (joined !== undefined && is) {
      // A new place waits only where nothing is free; childcare that has waited for its seat joins.
      writes.push(
        was && isLive(was)
          ? joinWaitlist(database, courseId, poolKey, joined)
          : takeWaitPlace(database, courseId, poolKey, is.count, joined),
      );
      writes.push(standInQueue(database, { registrationId, courseId, expiresAt }, is));
    }
    if (left !== undefined) {
      writes.push({
        Delete: {
          TableName: database.name('bookings'),
          Key: waitKey(courseId, poolKey, left),
        },
      });
    }
    return writes;
  });
}

/** The row of a place in the queue of its pool, by which its turn comes. */
export function standInQueue(
  database: Database,
  {
    registrationId,
    courseId,
    expiresAt,
  }: Pick<Registration, 'registrationId' | 'courseId' | 'expiresAt'>,
  { poolKey, waitNumber = 0 }: Place,
): TransactWrite {
  return {
    Put: {
      TableName: database.name('bookings'),
      Item: { ...waitKey(courseId, poolKey, waitNumber), registrationId, expiresAt },
    },
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

/** A page of those who wait in a pool, in order. From the table itself: nobody is missing. */
export async function waitlistOf(
  database: Database,
  courseId: CourseId,
  poolKey: string,
  from: string | undefined,
): Promise<Page<Registration>> {
  const { pk, sk: beginning } = waitKey(courseId, poolKey, 0);
  const { Items = [] } = await database.client.send(
    new QueryCommand({
      TableName: database.name('bookings'),
      KeyConditionExpression: 'pk = :pk AND sk > :from',
      ExpressionAttributeValues: { ':pk': pk, ':from': from ?? beginning },
      Limit: WAITLIST_PAGE,
      ConsistentRead: true,
    }),
  );
  const ids = Items.map((item) => String(item['registrationId']));
  const found = await getRegistrations(database, ids);
  const last = Items[WAITLIST_PAGE - 1];
  return {
    rows: ids.flatMap((id) => found.filter(({ registrationId }) => registrationId === id)),
    next: last && String(last['sk']),
  };
}

/** Several registrations by their ids, in no order; strongly consistent. */
export async function getRegistrations(
  database: Database,
  registrationIds: readonly RegistrationId[],
): Promise<Registration[]> {
  const table = database.name('bookings');
  const rows: Item[] = [];
  for (let from = 0; from < registrationIds.length; from += BATCH) {
    let wanted: Record<string, unknown>[] = registrationIds
      .slice(from, from + BATCH)
      .map(registrationKey);
    while (wanted.length > 0) {
      const { Responses, UnprocessedKeys } = await database.client.send(
        new BatchGetCommand({ RequestItems: { [table]: { Keys: wanted, ConsistentRead: true } } }),
      );
      rows.push(...(Responses?.[table] ?? []));
      wanted = UnprocessedKeys?.[table]?.Keys ?? [];
    }
  }
  return rows.map(toRegistration);
}

/** One page of a list, and where the next begins; opaque to who asks. */
export interface Page<T> {
  readonly rows: readonly T[];
  readonly next: string | undefined;
}

/**
 * The registrations of a course in the order of applying, a page at a time. From an index, so a
 * registration of this very moment may be missing.
 */
export async function registrationsOfCourse(
  database: Database,
  courseId: CourseId,
  from?: string,
): Promise<Page<Registration>> {
  return queryPage(database, {
    index: 'byCourse',
    pk: ['coursePk', `COURSE#${courseId}`],
    from,
    limit: ROSTER_PAGE,
  });
}

/** Where the page after this registration begins, for who was given no more than its row. */
export function pageAfter(
  registration: Pick<Registration, 'courseId' | 'acceptedAt' | 'registrationId'>,
): string {
  const { courseId, acceptedAt, registrationId } = registration;
  const key = {
    ...registrationKey(registrationId),
    coursePk: `COURSE#${courseId}`,
    courseSk: `${acceptedAt}#${registrationId}`,
  };
  return Buffer.from(JSON.stringify(key)).toString('base64url');
}

/** Every registration of a course. For work that has time: a draw, a roster, a notice to all. */
export async function allRegistrationsOfCourse(
  database: Database,
  courseId: CourseId,
): Promise<Registration[]> {
  const all: Registration[] = [];
  let from: string | undefined;
  do {
    const page: Page<Registration> = await registrationsOfCourse(database, courseId, from);
    all.push(...page.rows);
    from = page.next;
  } while (from !== undefined);
  return all;
}

/** Registrations under a telephone number, the newest first. */
export function registrationsByPhone(
  database: Database,
  phone: string,
  limit: number,
): Promise<Page<Registration>> {
  return queryPage(database, {
    index: 'byPhone',
    pk: ['phonePk', `PHONE#${phone}`],
    limit,
    newestFirst: true,
  });
}

/** Registrations whose applicant's reading begins with this kana, in its order. */
export function registrationsByKana(
  database: Database,
  kana: string,
  limit: number,
): Promise<Page<Registration>> {
  const begins = kanaKey(kana);
  return queryPage(database, {
    index: 'byKana',
    pk: ['kanaPk', `KANA#${[...begins][0]}`],
    begins: ['kanaSk', begins],
    limit,
  });
}

/** A reading as it is looked for: without spaces and dots, Latin letters in lower case. */
function kanaKey(kana: string): string {
  return kana.replace(/[\s　・･.'’-]/g, '').toLowerCase();
}

async function queryPage(
  database: Database,
  query: {
    readonly index: string;
    readonly pk: readonly [string, string];
    readonly begins?: readonly [string, string];
    readonly from?: string | undefined;
    readonly limit: number;
    readonly newestFirst?: boolean;
  },
): Promise<Page<Registration>> {
  const { index, pk, begins, from, limit, newestFirst } = query;
  const { Items = [], LastEvaluatedKey } = await database.client.send(
    new QueryCommand({
      TableName: database.name('bookings'),
      IndexName: index,
      KeyConditionExpression: begins ? '#pk = :pk AND begins_with(#sk, :sk)' : '#pk = :pk',
      ExpressionAttributeNames: { '#pk': pk[0], ...(begins ? { '#sk': begins[0] } : {}) },
      ExpressionAttributeValues: { ':pk': pk[1], ...(begins ? { ':sk': begins[1] } : {}) },
      Limit: limit,
      ScanIndexForward: !newestFirst,
      ...(from === undefined
        ? {}
        : { ExclusiveStartKey: JSON.parse(Buffer.from(from, 'base64url').toString()) }),
    }),
  );
  return {
    rows: Items.map(toRegistration),
    next: LastEvaluatedKey && Buffer.from(JSON.stringify(LastEvaluatedKey)).toString('base64url'),
  };
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

/**
 * Counts a mail to an address on a day; the same mail again counts once.
 * @param addressDay stands for both and tells nothing of the address
 * @returns false when it would be one too many
 */
export async function countMail(
  database: Database,
  mail: { readonly addressDay: string; readonly messageId: string; readonly most: number },
  now: Date,
): Promise<boolean> {
  try {
    await database.client.send(
      new UpdateCommand({
        TableName: database.name('bookings'),
        Key: { pk: `MAILS#${mail.addressDay}`, sk: 'MAILS' },
        UpdateExpression: 'ADD messages :these SET expiresAt = :expires',
        ConditionExpression:
          'attribute_not_exists(messages) OR contains(messages, :this) OR size(messages) < :most',
        ExpressionAttributeValues: {
          ':these': new Set([mail.messageId]),
          ':this': mail.messageId,
          ':most': mail.most,
          ':expires': expiryAfter(now, 2),
        },
      }),
    );
    return true;
  } catch (error) {
    if (isConditionFailed(error)) return false;
    throw error;
  }
}
