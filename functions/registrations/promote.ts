/** A seat is free and somebody waits: the next in line is offered it, with a deadline. */
import { answerDeadline } from '../centre/rules.ts';
import type { CourseId } from '../courses/model.ts';
import { poolsOf } from '../courses/rules.ts';
import { getCourse, getPool, holdSeatsForOffer } from '../courses/store.ts';
import { setDeadline } from '../platform/agenda.ts';
import { appendEvent } from '../platform/events-store.ts';
import type { WorkerDeps } from '../platform/worker-deps.ts';
import { offerDeadlineKey } from './lapse.ts';
import type { RegistrationEvent } from './model.ts';
import { decideOffer } from './rules.ts';
import { headOfWaitlist, replaceRegistration, withStatus } from './store.ts';

/** Kind of the deadline at which an offer ends. */
export const OFFER_ENDS = 'offer_ends';

const ROUNDS = 60;

/**
 * Offers free seats of a pool until none is free or nobody who waits fits. Safe to repeat.
 * @throws when the waitlist's index lags behind its count: the reaction is then tried again.
 */
export async function promoteWaiting(
  deps: WorkerDeps,
  courseId: CourseId,
  poolKey: string,
): Promise<void> {
  const { database, centre, clock, ids, isHoliday } = deps;
  for (let round = 0; round < ROUNDS; round += 1) {
    const now = clock.now();
    const course = await getCourse(database, courseId);
    const pool = await getPool(database, courseId, poolKey);
    if (!course || !pool || pool.free === 0 || pool.waiting === 0) return;
    const waiting = await headOfWaitlist(database, courseId, poolKey);
    // The index may lag: without the first in line, the second would be asked.
    const [first] = pool.waitingNumbers;
    if (!waiting.some(({ waitNumber }) => waitNumber === first)) {
      throw new Error('The waitlist index lags behind its pool');
    }
    const offer = decideOffer(
      { course, pool, waiting },
      centre.booking,
      (wished, latest) => answerDeadline(centre, isHoliday, wished, latest),
      now,
    );
    if (!offer) return;
    const { registration, expiresAt } = offer;
    const { registrationId, seats, waitNumber } = registration;
    if (waitNumber === undefined) throw new Error('A waiting registration without a number');
    // Failing means that the family left or another worker was quicker: look again.
    await database.transact([
      replaceRegistration(
        database,
        withStatus(registration, 'offered', expiresAt),
        registration.revision,
      ),
      holdSeatsForOffer(database, courseId, poolKey, seats, waitNumber),
      setDeadline(database, {
        key: offerDeadlineKey(registrationId),
        kind: OFFER_ENDS,
        subject: registrationId,
        dueAt: expiresAt,
      }),
      appendEvent(database, {
        eventId: ids.event(now),
        kind: 'registration_offered',
        at: now.toISOString(),
        courseId,
        poolKey,
        registrationId,
      } satisfies RegistrationEvent),
    ]);
  }
  throw new Error('The waitlist moved too often');
}

/** The same for every pool of a course, after its seats were changed. */
export async function promoteInAllPools(deps: WorkerDeps, courseId: CourseId): Promise<void> {
  const course = await getCourse(deps.database, courseId);
  for (const { key } of course ? poolsOf(course) : []) await promoteWaiting(deps, courseId, key);
}
