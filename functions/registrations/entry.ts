/** The part of a registration in a lottery, as long as the list is open: its number and its wishes. */
import type { Course } from '../courses/model.ts';
import { getLottery, putNumber, removeNumber, replaceNumber } from '../lotteries/store.ts';
import type { TransactWrite } from '../platform/database.ts';
import type { ApiDeps } from '../platform/deps.ts';
import type { Registration } from './model.ts';
import { entryOf } from './places.ts';

/** What puts a new application into the draw; nothing where no lots are drawn. */
export function enterDraw(
  { database }: Pick<ApiDeps, 'database'>,
  course: Course,
  registration: Registration,
): TransactWrite[] {
  const entry = entryOf(course, registration);
  const { registrationId } = registration;
  return entry ? putNumber(database, course.courseId, { ...entry, registrationId }) : [];
}

/**
 * What a change of the places means to the draw. Once the lottery is shut, nothing: the list stands
 * as it was sealed, and what is drawn for somebody who gave it up goes to the next.
 */
export async function changeOfEntry(
  { database }: Pick<ApiDeps, 'database'>,
  course: Course,
  before: Registration,
  after: Registration,
): Promise<TransactWrite[]> {
  const was = entryOf(course, before);
  if (!was) return [];
  const is = entryOf(course, after);
  if (JSON.stringify(is) === JSON.stringify(was)) return [];
  const { courseId } = course;
  const lottery = await getLottery(database, courseId);
  if (lottery?.shutAt !== undefined) return [];
  const { registrationId } = after;
  return is
    ? replaceNumber(database, courseId, { ...is, registrationId })
    : removeNumber(database, courseId, was.number);
}
