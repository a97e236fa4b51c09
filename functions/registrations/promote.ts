/** A seat or a childcare place is free and somebody waits: the next in line is offered it. */
import { answerDeadline } from '../centre/rules.ts';
import type { CourseId } from '../courses/model.ts';
import { poolsOf } from '../courses/rules.ts';
import { getCourseWithSeats } from '../courses/store.ts';
import type { WorkerDeps } from '../platform/worker-deps.ts';
import { changeOfPlaces } from './commit.ts';
import { decideOffer } from './rules.ts';
import { headOfWaitlist } from './store.ts';

const ROUNDS = 60;

/** Offers what is free in a pool until nothing is left or nobody who waits fits. Safe to repeat. */
export async function promoteWaiting(
  deps: WorkerDeps,
  courseId: CourseId,
  poolKey: string,
): Promise<void> {
  const { database, centre, clock, isHoliday } = deps;
  for (let round = 0; round < ROUNDS; round += 1) {
    const now = clock.now();
    const seen = await getCourseWithSeats(database, courseId);
    const pool = seen?.pools.find(({ key }) => key === poolKey);
    if (!seen || !pool || pool.free === 0 || pool.waiting === 0) return;
    const offer = decideOffer(
      { ...seen, poolKey, waiting: await headOfWaitlist(database, courseId, poolKey) },
      centre.booking,
      (wished, latest) => answerDeadline(centre, isHoliday, wished, latest),
      now,
    );
    if (!offer) return;
    const { registration, places } = offer;
    const { writes } = changeOfPlaces(deps, registration, places, 'registration_offered', now);
    // Failing means that the family left or another worker was quicker: look again.
    await database.transact(writes);
  }
  throw new Error('The waitlist moved too often');
}

/**
 * The same for the pools that something happened in. Childcare first: who has a seat already and
 * waits for it comes before who waits for both; then the seats that wait for childcare.
 */
export async function promoteInPools(
  deps: WorkerDeps,
  courseId: CourseId,
  changed: readonly string[] | 'all',
): Promise<void> {
  const seen = await getCourseWithSeats(deps.database, courseId);
  if (!seen) return;
  const pools = poolsOf(seen.course);
  const childcare = pools.filter(
    ({ key, kind }) => kind === 'childcare' && (changed === 'all' || changed.includes(key)),
  );
  const seats = pools.filter(
    ({ key, kind }) =>
      kind === 'seat' && (changed === 'all' || childcare.length > 0 || changed.includes(key)),
  );
  for (const { key } of [...childcare, ...seats]) await promoteWaiting(deps, courseId, key);
}
