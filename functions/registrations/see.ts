/** Opens a booking for whoever holds its link, or knows its number and telephone number. */

import type { Course, CourseId, CourseWithSeats, SeatPool } from '../courses/model.ts';
import { isBookableOnline } from '../courses/rules.ts';
import { getCourseWithSeats, listCurrentCourses } from '../courses/store.ts';
import type { ApiDeps } from '../platform/deps.ts';
import { sameText } from '../platform/keyed-hash.ts';
import { type Refused, refuse } from '../platform/refusals.ts';
import type { Registration, RegistrationId } from './model.ts';
import { isQueued } from './places.ts';
import { waitPosition } from './rules.ts';
import { countTry, getRegistration } from './store.ts';

/** A booking with what its page needs to say. */
export interface SeenBooking {
  readonly registration: Registration;
  readonly course: Course;
  /** By pool, 1 for the next in line; only for places that stand in a queue. */
  readonly waitPositions: Readonly<Record<string, number>>;
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

/** The booking's course and its places in the queues. */
export async function withCourse(deps: ApiDeps, registration: Registration): Promise<SeenBooking> {
  const seen = await getCourseWithSeats(deps.database, registration.courseId);
  if (!seen) throw new Error('A registration without its course');
  return {
    registration,
    course: seen.course,
    waitPositions: waitPositions(registration, seen.pools),
  };
}

/** By pool, 1 for the next in line; only for places that stand in a queue. */
export function waitPositions(
  { places }: Pick<Registration, 'places'>,
  pools: readonly SeatPool[],
): Readonly<Record<string, number>> {
  return Object.fromEntries(
    places.filter(isQueued).map((place) => {
      const pool = pools.find(({ key }) => key === place.poolKey);
      return [place.poolKey, waitPosition(place, pool?.waitingNumbers ?? [])];
    }),
  );
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
