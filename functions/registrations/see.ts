/** Opens a booking for whoever holds its link, or knows its number and telephone number. */

import type { Course, CourseId, CourseWithSeats } from '../courses/model.ts';
import { isBookableOnline } from '../courses/rules.ts';
import { getCourse, getCourseWithSeats, getPool, listCurrentCourses } from '../courses/store.ts';
import type { ApiDeps } from '../platform/deps.ts';
import { sameText } from '../platform/keyed-hash.ts';
import { type Refused, refuse } from '../platform/refusals.ts';
import type { Registration, RegistrationId } from './model.ts';
import { waitPosition } from './rules.ts';
import { countTry, getRegistration } from './store.ts';

/** A booking with what its page needs to say. */
export interface SeenBooking {
  readonly registration: Registration;
  readonly course: Course;
  /** 1 for the next in line; absent when not waiting. */
  readonly waitPosition: number | undefined;
}

const NOT_FOUND = {
  ...refuse(
    'booking_not_found',
    '申し込みが見つかりませんでした。受付番号と、お申し込みのときの電話番号を確認してください。',
  ),
  refused: 'booking_not_found' as const,
};

/** By the link. A wrong secret and an unknown number answer alike. */
export async function seeBooking(
  deps: ApiDeps,
  secret: string,
): Promise<SeenBooking | (Refused & { readonly refused: 'booking_not_found' })> {
  const registration = await getRegistration(deps.database, `reg_${secret.slice(0, 9)}`);
  if (!registration || !sameText(registration.secret, secret)) return NOT_FOUND;
  return withCourse(deps, registration);
}

/** By number and telephone number, five tries an hour for a number, right ones included. */
export async function findBooking(
  deps: ApiDeps,
  registrationId: RegistrationId,
  phone: string,
  now: Date,
): Promise<
  Registration | (Refused & { readonly refused: 'booking_not_found' | 'too_many_tries' })
> {
  if (!(await countTry(deps.database, registrationId, now))) {
    return {
      ...refuse(
        'too_many_tries',
        'この受付番号は、1時間に5回まで確認できます。しばらく待つか、お電話でお問い合わせください。',
        { retryAfter: 3_600 },
      ),
      refused: 'too_many_tries',
    };
  }
  const registration = await getRegistration(deps.database, registrationId);
  if (!registration || !sameText(registration.applicant.phone, phone)) return NOT_FOUND;
  return registration;
}

/** The booking's course and its place in the queue. */
export async function withCourse(deps: ApiDeps, registration: Registration): Promise<SeenBooking> {
  const { courseId, poolKey, status } = registration;
  const course = await getCourse(deps.database, courseId);
  if (!course) throw new Error('A registration without its course');
  const pool = status === 'waiting' ? await getPool(deps.database, courseId, poolKey) : undefined;
  return {
    registration,
    course,
    waitPosition: pool && waitPosition(registration, pool.waitingNumbers),
  };
}

/** A course that can be applied for on this site, for its form; undefined when it has none. */
export async function courseToApplyFor(
  { database }: Pick<ApiDeps, 'database'>,
  courseId: CourseId,
): Promise<CourseWithSeats | undefined> {
  const seen = await getCourseWithSeats(database, courseId);
  return seen?.course.publication === 'published' && isBookableOnline(seen.course)
    ? seen
    : undefined;
}

/** Ids of every course that is not over. */
export async function currentCourseIds({
  database,
}: Pick<ApiDeps, 'database'>): Promise<CourseId[]> {
  return (await listCurrentCourses(database)).map(({ course }) => course.courseId);
}
