/**
 * A seat or a childcare place is free and somebody waits: the next in line is offered it, or called
 * where too little time is left to wait for an answer.
 */
import { lateCallId } from '../calls/rules.ts';
import { openCall } from '../calls/store.ts';
import { answerDeadline } from '../centre/rules.ts';
import type { CourseId, SeatPool } from '../courses/model.ts';
import { getCourseWithSeats } from '../courses/store.ts';
import type { WorkerDeps } from '../platform/worker-deps.ts';
import { changeOfPlaces } from './commit.ts';
import type { Registration } from './model.ts';
import { decideOffer, firstWithoutTime } from './rules.ts';
import { waitlistOf } from './store.ts';

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
    const answerBy = (wished: Date, latest: Date) =>
      answerDeadline(centre, isHoliday, wished, latest);
    // A family that waits for more than is free keeps nobody behind it from what it cannot use.
    let offer: ReturnType<typeof decideOffer>;
    let late: ReturnType<typeof firstWithoutTime>;
    let from: string | undefined;
    const inLine: Registration[] = [];
    do {
      const page = await waitlistOf(database, courseId, poolKey, from);
      const waitlist = { ...seen, poolKey, waiting: page.rows };
      offer = decideOffer(waitlist, centre.booking, answerBy, now);
      late ??= firstWithoutTime(waitlist, centre.booking, answerBy, now);
      inLine.push(...page.rows);
      from = page.next;
    } while (!offer && from !== undefined);
    if (!offer) {
      if (late) await askForCall(deps, late.registration, poolKey, late.startsAt, now);
      return;
    }
    if (isOvertaking(offer.registration, pool, inLine)) return;
    const { registration, places } = offer;
    const { writes } = changeOfPlaces(deps, registration, places, 'registration_offered', now);
    // Failing means that the family left or another worker was quicker: look again.
    await database.transact(writes);
  }
  throw new Error('The waitlist moved too often');
}

/** Staff call the first in line: once for each pool, however often a seat comes free. */
async function askForCall(
  { database }: WorkerDeps,
  { registrationId, courseId }: Registration,
  poolKey: string,
  startsAt: Date,
  now: Date,
): Promise<void> {
  await openCall(database, {
    callId: lateCallId(registrationId, poolKey),
    registrationId,
    courseId,
    reason: 'offer_too_late',
    about: 'registration_offered',
    poolKeys: [poolKey],
    dueAt: startsAt.toISOString(),
    createdAt: now.toISOString(),
    tries: [],
  });
}

/**
 * Whether somebody who is not seen in the queue comes before: the reserve of a draw takes its place
 * there one after the other. When all of it stands, it is asked in its order.
 */
function isOvertaking(
  next: Registration,
  { key, waitingNumbers }: SeatPool,
  inLine: readonly Registration[],
): boolean {
  const numberOf = ({ places }: Registration) =>
    places.find(({ poolKey }) => poolKey === key)?.waitNumber ?? 0;
  const seen = new Set(inLine.map(numberOf));
  const own = numberOf(next);
  return waitingNumbers.some((number) => number < own && !seen.has(number));
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
  const isMeant = ({ key }: SeatPool) => changed === 'all' || changed.includes(key);
  const childcare = seen.pools.filter((pool) => pool.kind === 'childcare' && isMeant(pool));
  const seats = seen.pools.filter(
    (pool) => pool.kind === 'seat' && (childcare.length > 0 || isMeant(pool)),
  );
  for (const { key, free, waiting } of [...childcare, ...seats]) {
    // Mostly nobody waits, and one look is all.
    if (free > 0 && waiting > 0) await promoteWaiting(deps, courseId, key);
  }
}
