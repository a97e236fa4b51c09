/** Every DynamoDB expression about courses and their seats. Whatever is read is parsed. */
import { BatchGetCommand, GetCommand, QueryCommand } from '@aws-sdk/lib-dynamodb';
import type { Day } from '../calendar/rules.ts';
import type { Database, Item, TransactWrite } from '../platform/database.ts';
import { Course, type CourseId, type CourseWithSeats, SeatPool } from './model.ts';
import { firstSession, lastSession, type NewPool, poolsOf } from './rules.ts';

/** `free` is a reserved word of DynamoDB's expressions. */
const FREE = { '#free': 'free' };

/** DynamoDB answers at most this many keys in one BatchGetItem. */
const BATCH = 100;

const courseKey = (courseId: CourseId) => ({ pk: `COURSE#${courseId}`, sk: 'COURSE' });
const poolRowKey = (courseId: CourseId, key: string) => ({
  pk: `COURSE#${courseId}`,
  sk: `POOL#${key}`,
});
/** One row for each course that is not over, in the order of first dates. */
const CURRENT = 'CURRENT';
const currentKey = (course: Course) => ({
  pk: CURRENT,
  sk: `${firstSession(course.sessions).date}#${course.courseId}`,
});

/** One row for each course that is over, by its last day; a partition for each month. */
const overKey = (day: Day, courseId: string) => ({
  pk: `OVER#${day.slice(0, 7)}`,
  sk: `${day}#${courseId}`,
});

function toCourse(item: Item): Course {
  const { pk, sk, ...rest } = item;
  return Course.parse(rest);
}

function toPool(item: Item): SeatPool {
  const { pk, sk, ...rest } = item;
  // A number set that becomes empty disappears in DynamoDB.
  const numbers = rest['waitingNumbers'] as Set<number> | undefined;
  return SeatPool.parse({ ...rest, waitingNumbers: [...(numbers ?? [])].sort((a, b) => a - b) });
}

/** The course, or undefined. One strongly consistent read. */
export async function getCourse(
  database: Database,
  courseId: CourseId,
): Promise<Course | undefined> {
  const { Item } = await database.client.send(
    new GetCommand({
      TableName: database.name('courses'),
      Key: courseKey(courseId),
      ConsistentRead: true,
    }),
  );
  return Item && toCourse(Item);
}

/** One pool of seats, or undefined. One strongly consistent read. */
export async function getPool(
  database: Database,
  courseId: CourseId,
  key: string,
): Promise<SeatPool | undefined> {
  const { Item } = await database.client.send(
    new GetCommand({
      TableName: database.name('courses'),
      Key: poolRowKey(courseId, key),
      ConsistentRead: true,
    }),
  );
  return Item && toPool(Item);
}

/** The course and all its pools: one partition, so one query whatever the table holds. */
export async function getCourseWithSeats(
  database: Database,
  courseId: CourseId,
): Promise<CourseWithSeats | undefined> {
  const { Items = [] } = await database.client.send(
    new QueryCommand({
      TableName: database.name('courses'),
      // From COURSE to POOL#…: what else a course has (its lottery) is not read with it.
      KeyConditionExpression: 'pk = :pk AND sk BETWEEN :course AND :pools',
      ExpressionAttributeValues: {
        ':pk': courseKey(courseId).pk,
        ':course': 'COURSE',
        ':pools': 'POOL$',
      },
      ConsistentRead: true,
    }),
  );
  const row = Items.find((item) => item['sk'] === 'COURSE');
  if (!row) return undefined;
  const pools = Items.filter((item) => String(item['sk']).startsWith('POOL#')).map(toPool);
  return { course: toCourse(row), pools };
}

/**
 * Every course that is not over, by first date, whatever its publication. The clock takes courses
 * out of this list when they are over, so it does not grow with the years.
 */
export async function listCurrentCourses(database: Database): Promise<CourseWithSeats[]> {
  const { Items = [] } = await database.client.send(
    new QueryCommand({
      TableName: database.name('courses'),
      KeyConditionExpression: 'pk = :pk',
      ExpressionAttributeValues: { ':pk': CURRENT },
      ConsistentRead: true,
    }),
  );
  return listed(database, Items);
}

/** Courses whose last session was on this day; the clock puts them there when they are over. */
export async function coursesOverOn(database: Database, day: Day): Promise<CourseWithSeats[]> {
  const { pk, sk } = overKey(day, '');
  const { Items = [] } = await database.client.send(
    new QueryCommand({
      TableName: database.name('courses'),
      KeyConditionExpression: 'pk = :pk AND begins_with(sk, :day)',
      ExpressionAttributeValues: { ':pk': pk, ':day': sk },
      ConsistentRead: true,
    }),
  );
  return listed(database, Items);
}

/** The courses of rows that name them, with their pools, in the order of these rows. */
async function listed(database: Database, Items: readonly Item[]): Promise<CourseWithSeats[]> {
  const keys = Items.flatMap((item) => {
    const courseId = String(item['courseId']);
    const pools = item['poolKeys'] as readonly string[];
    return [courseKey(courseId), ...pools.map((key) => poolRowKey(courseId, key))];
  });
  const rows: Item[] = [];
  for (let from = 0; from < keys.length; from += BATCH) {
    rows.push(...(await batchGet(database, keys.slice(from, from + BATCH))));
  }
  const pools = rows.filter((row) => String(row['sk']).startsWith('POOL#')).map(toPool);
  const courses = rows.filter((row) => row['sk'] === 'COURSE').map(toCourse);
  const order = Items.map((item) => String(item['courseId']));
  return courses
    .sort((a, b) => order.indexOf(a.courseId) - order.indexOf(b.courseId))
    .map((course) => ({
      course,
      pools: pools.filter((pool) => pool.courseId === course.courseId),
    }));
}

async function batchGet(
  database: Database,
  keys: readonly { pk: string; sk: string }[],
): Promise<Item[]> {
  const table = database.name('courses');
  const rows: Item[] = [];
  let wanted: Record<string, unknown>[] = [...keys];
  while (wanted.length > 0) {
    const { Responses, UnprocessedKeys } = await database.client.send(
      new BatchGetCommand({ RequestItems: { [table]: { Keys: wanted, ConsistentRead: true } } }),
    );
    rows.push(...(Responses?.[table] ?? []));
    wanted = UnprocessedKeys?.[table]?.Keys ?? [];
  }
  return rows;
}

/** A new course with empty pools. */
export function putNewCourse(database: Database, course: Course): TransactWrite[] {
  return [
    {
      Put: {
        TableName: database.name('courses'),
        Item: { ...courseKey(course.courseId), ...course },
        ConditionExpression: 'attribute_not_exists(pk)',
      },
    },
    putInCurrent(database, course),
    ...poolsOf(course).map((pool) => putNewPool(database, course.courseId, pool)),
  ];
}

/** A pool from which nothing is taken yet. */
export function putNewPool(database: Database, courseId: CourseId, pool: NewPool): TransactWrite {
  return {
    Put: {
      TableName: database.name('courses'),
      Item: {
        ...poolRowKey(courseId, pool.key),
        courseId,
        ...pool,
        free: pool.capacity,
        waiting: 0,
      },
      ConditionExpression: 'attribute_not_exists(pk)',
    },
  };
}

/** Puts a course where the public list and the desk look. */
function putInCurrent(database: Database, course: Course): TransactWrite {
  return {
    Put: {
      TableName: database.name('courses'),
      Item: {
        ...currentKey(course),
        courseId: course.courseId,
        poolKeys: poolsOf(course).map(({ key }) => key),
      },
    },
  };
}

/** Takes a course that is over out of the current ones; its own rows stay. */
export function removeFromCurrent(database: Database, course: Course): TransactWrite {
  return { Delete: { TableName: database.name('courses'), Key: currentKey(course) } };
}

/** Keeps the row of a current course true: where it stands by date, and which pools it has. */
export function moveInCurrent(database: Database, before: Course, after: Course): TransactWrite[] {
  const isSameKey = currentKey(before).sk === currentKey(after).sk;
  return [
    ...(isSameKey ? [] : [removeFromCurrent(database, before)]),
    putInCurrent(database, after),
  ];
}

/** Puts a course that is over where those of its last day are found. */
export function putInOver(database: Database, course: Course): TransactWrite {
  return {
    Put: {
      TableName: database.name('courses'),
      Item: {
        ...overKey(lastSession(course.sessions).date, course.courseId),
        courseId: course.courseId,
        poolKeys: poolsOf(course).map(({ key }) => key),
      },
    },
  };
}

/** That nobody has changed the course since it was seen. */
export function checkVersion(
  database: Database,
  { courseId, version }: Pick<Course, 'courseId' | 'version'>,
): TransactWrite {
  return {
    ConditionCheck: {
      TableName: database.name('courses'),
      Key: courseKey(courseId),
      ConditionExpression: '#version = :seen',
      ExpressionAttributeNames: { '#version': 'version' },
      ExpressionAttributeValues: { ':seen': version },
    },
  };
}

/** Replaces a course, if nobody changed it since `seen`. */
export function replaceCourse(database: Database, course: Course, seen: number): TransactWrite {
  return {
    Put: {
      TableName: database.name('courses'),
      Item: { ...courseKey(course.courseId), ...course },
      ConditionExpression: '#version = :seen',
      ExpressionAttributeNames: { '#version': 'version' },
      ExpressionAttributeValues: { ':seen': seen },
    },
  };
}

/**
 * Takes seats: the limit is a condition of the same transaction. Nobody may be waiting, so that
 * no one overtakes the waitlist.
 */
export function takeSeats(
  database: Database,
  courseId: CourseId,
  key: string,
  seats: number,
): TransactWrite {
  return {
    Update: {
      TableName: database.name('courses'),
      Key: poolRowKey(courseId, key),
      UpdateExpression: 'ADD #free :minus',
      ConditionExpression: '#free >= :seats AND waiting = :zero',
      ExpressionAttributeNames: FREE,
      ExpressionAttributeValues: { ':seats': seats, ':minus': -seats, ':zero': 0 },
    },
  };
}

/** Takes a place in the waitlist, if one is left and still no seat is to be had. */
export function takeWaitPlace(
  database: Database,
  courseId: CourseId,
  key: string,
  seats: number,
  waitNumber: number,
): TransactWrite {
  return {
    Update: {
      TableName: database.name('courses'),
      Key: poolRowKey(courseId, key),
      UpdateExpression: 'ADD waiting :one, waitingNumbers :numbers',
      ConditionExpression:
        'waiting < waitlistCapacity AND (#free < :seats OR waiting > :zero) AND NOT contains(waitingNumbers, :number)',
      ExpressionAttributeNames: FREE,
      ExpressionAttributeValues: {
        ':one': 1,
        ':zero': 0,
        ':number': waitNumber,
        ':numbers': new Set([waitNumber]),
        ':seats': seats,
      },
    },
  };
}

/**
 * Joins the queue of a pool whatever is free and however many wait: for a family that has its seat
 * already and has waited for the childcare beside it. The next offer will see.
 */
export function joinWaitlist(
  database: Database,
  courseId: CourseId,
  key: string,
  waitNumber: number,
): TransactWrite {
  return {
    Update: {
      TableName: database.name('courses'),
      Key: poolRowKey(courseId, key),
      UpdateExpression: 'ADD waiting :one, waitingNumbers :numbers',
      ConditionExpression: 'NOT contains(waitingNumbers, :number)',
      ExpressionAttributeValues: {
        ':one': 1,
        ':number': waitNumber,
        ':numbers': new Set([waitNumber]),
      },
    },
  };
}

/** Gives seats back. Never above the capacity: giving back twice would be a fault. */
export function freeSeats(
  database: Database,
  courseId: CourseId,
  key: string,
  seats: number,
): TransactWrite {
  return {
    Update: {
      TableName: database.name('courses'),
      Key: poolRowKey(courseId, key),
      UpdateExpression: 'ADD #free :seats',
      ConditionExpression: 'attribute_exists(pk)',
      ExpressionAttributeNames: FREE,
      ExpressionAttributeValues: { ':seats': seats },
    },
  };
}

/**
 * What a draw has given away in a pool: seats for who won, and the queue of the reserve. Nobody may
 * wait of whom the draw did not know.
 */
export function takeDrawnPlaces(
  database: Database,
  courseId: CourseId,
  key: string,
  { seats, waitNumbers }: { readonly seats: number; readonly waitNumbers: readonly number[] },
): TransactWrite {
  const waits = waitNumbers.length > 0;
  return {
    Update: {
      TableName: database.name('courses'),
      Key: poolRowKey(courseId, key),
      UpdateExpression: `ADD #free :minus, waiting :count${waits ? ', waitingNumbers :numbers' : ''}`,
      ConditionExpression: '#free >= :seats AND waiting = :zero',
      ExpressionAttributeNames: FREE,
      ExpressionAttributeValues: {
        ':seats': seats,
        ':minus': -seats,
        ':count': waitNumbers.length,
        ':zero': 0,
        // An empty set cannot be written.
        ...(waits ? { ':numbers': new Set(waitNumbers) } : {}),
      },
    },
  };
}

/** Leaves the waitlist. */
export function leaveWaitlist(
  database: Database,
  courseId: CourseId,
  key: string,
  waitNumber: number,
): TransactWrite {
  return {
    Update: {
      TableName: database.name('courses'),
      Key: poolRowKey(courseId, key),
      UpdateExpression: 'ADD waiting :minus DELETE waitingNumbers :numbers',
      ConditionExpression: 'contains(waitingNumbers, :number)',
      ExpressionAttributeValues: {
        ':minus': -1,
        ':number': waitNumber,
        ':numbers': new Set([waitNumber]),
      },
    },
  };
}

/** From the waitlist to an offer: the seats are held from this moment. */
export function holdSeatsForOffer(
  database: Database,
  courseId: CourseId,
  key: string,
  seats: number,
  waitNumber: number,
): TransactWrite {
  return {
    Update: {
      TableName: database.name('courses'),
      Key: poolRowKey(courseId, key),
      UpdateExpression: 'ADD waiting :minusOne, #free :minusSeats DELETE waitingNumbers :numbers',
      ConditionExpression: '#free >= :seats AND contains(waitingNumbers, :number)',
      ExpressionAttributeNames: FREE,
      ExpressionAttributeValues: {
        ':minusOne': -1,
        ':minusSeats': -seats,
        ':seats': seats,
        ':number': waitNumber,
        ':numbers': new Set([waitNumber]),
      },
    },
  };
}

/** A pool goes, if nothing is taken of it and nobody waits at the very commit. */
export function removePool(
  database: Database,
  { courseId, key }: Pick<SeatPool, 'courseId' | 'key'>,
): TransactWrite {
  return {
    Delete: {
      TableName: database.name('courses'),
      Key: poolRowKey(courseId, key),
      ConditionExpression: '#free = #capacity AND waiting = :zero',
      ExpressionAttributeNames: { ...FREE, '#capacity': 'capacity' },
      ExpressionAttributeValues: { ':zero': 0 },
    },
  };
}

/** That nobody has taken, freed or waited for anything in a pool since it was seen. */
export function checkPool(
  database: Database,
  { courseId, key, free, waiting }: SeatPool,
): TransactWrite {
  return {
    ConditionCheck: {
      TableName: database.name('courses'),
      Key: poolRowKey(courseId, key),
      ConditionExpression: '#free = :free AND waiting = :waiting',
      ExpressionAttributeNames: FREE,
      ExpressionAttributeValues: { ':free': free, ':waiting': waiting },
    },
  };
}

/**
 * Changes the size of a pool by what it was seen to be; seats that are taken stay taken.
 * @param asSeen only if nobody has taken or freed anything since
 */
export function resizePool(
  database: Database,
  seen: SeatPool,
  size: { readonly capacity: number; readonly waitlistCapacity: number },
  asSeen = false,
): TransactWrite {
  const more = size.capacity - seen.capacity;
  return {
    Update: {
      TableName: database.name('courses'),
      Key: poolRowKey(seen.courseId, seen.key),
      UpdateExpression: 'SET #capacity = :capacity, waitlistCapacity = :waitlist ADD #free :more',
      ConditionExpression: `#capacity = :seen AND #free >= :needed${
        asSeen ? ' AND #free = :free AND waiting = :waiting' : ''
      }`,
      ExpressionAttributeNames: { '#free': 'free', '#capacity': 'capacity' },
      ExpressionAttributeValues: {
        ':capacity': size.capacity,
        ':waitlist': size.waitlistCapacity,
        ':more': more,
        ':seen': seen.capacity,
        ':needed': Math.max(0, -more),
        ...(asSeen ? { ':free': seen.free, ':waiting': seen.waiting } : {}),
      },
    },
  };
}
