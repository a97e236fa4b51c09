/**
 * The books of a course, audited: what registrations say they have against what the pools and the
 * queues say, and what must hold inside each household. Written without the code that it judges.
 */
import type { SeatPool } from '../../functions/courses/model.ts';
import { getCourseWithSeats } from '../../functions/courses/store.ts';
import {
  type Place,
  Registration,
  type RegistrationStatus,
} from '../../functions/registrations/model.ts';
import { allRegistrationsOfCourse } from '../../functions/registrations/store.ts';
import { type Row, rowsUnder } from './raw-tables.ts';
import type { World } from './world.ts';

const HELD: readonly RegistrationStatus[] = ['confirmed', 'offered'];
const OVER: readonly RegistrationStatus[] = ['cancelled', 'declined', 'lapsed', 'lost'];

export const held = ({ status }: Place) => HELD.includes(status);
export const queued = ({ status, waitNumber }: Place) =>
  status === 'waiting' && waitNumber !== undefined;
export const childcareOf = (places: readonly Place[], { sessionKey }: Place) =>
  places.find((place) => place.kind === 'childcare' && place.sessionKey === sessionKey);
const seatOf = (places: readonly Place[], { sessionKey }: Place) =>
  places.find((place) => place.kind === 'seat' && place.sessionKey === sessionKey);

/** What is wrong between the places of one household; nothing, it is to be hoped. */
export function problemsOfHousehold({
  places,
  courseWithoutChildcare,
}: Pick<Registration, 'places' | 'courseWithoutChildcare'>): string[] {
  const problems: string[] = [];
  if (new Set(places.map(({ poolKey }) => poolKey)).size < places.length) {
    problems.push('two places in one pool');
  }
  for (const place of places) {
    const { kind, status, offerExpiresAt } = place;
    const must = (holds: boolean, words: string) => {
      if (!holds) problems.push(`${kind} ${status} ${words}`);
    };
    must((offerExpiresAt !== undefined) === (status === 'offered'), 'a deadline is for offers');
    if (kind === 'seat') {
      must(status !== 'waiting' || queued(place), 'out of its queue');
      const beside = childcareOf(places, place);
      // Childcare that was given up by hand is another matter.
      const mayStand: readonly unknown[] = [...HELD, 'cancelled', 'declined'];
      const isBoth = !beside || courseWithoutChildcare || mayStand.includes(beside.status);
      must(!held(place) || isBoth, `without its childcare ${beside?.status}`);
      continue;
    }
    const seat = seatOf(places, place);
    if (!seat) continue;
    const words = `beside a seat ${seat.status}`;
    must(!held(place) || held(seat), words);
    must(status !== 'confirmed' || seat.status === 'confirmed', words);
    must(!queued(place) || seat.status === 'confirmed', words);
    must(!OVER.includes(seat.status) || OVER.includes(status), words);
  }
  return problems;
}

/** What is wrong between the pools of a course and the places of everybody in it. */
export function problemsOfPools(
  pools: readonly SeatPool[],
  registrations: readonly Pick<Registration, 'places'>[],
): string[] {
  const problems: string[] = [];
  const all = registrations.flatMap(({ places }) => places);
  for (const { key, capacity, free, waiting, waitingNumbers } of pools) {
    const here = all.filter(({ poolKey }) => poolKey === key);
    const sum = here.filter(held).reduce((seats, { count }) => seats + count, 0);
    const numbers = here.filter(queued).map(({ waitNumber = 0 }) => waitNumber);
    if (free < 0 || sum > capacity) problems.push(`${sum} of ${capacity} are held in ${key}`);
    if (free + sum !== capacity) problems.push(`${free} free and ${sum} held in ${key}`);
    if (inOrder(numbers) !== inOrder(waitingNumbers) || waiting !== numbers.length) {
      problems.push(`${waiting} in the queue of ${key}, where ${numbers.length} wait`);
    }
  }
  const keys = pools.map(({ key }) => key);
  for (const { poolKey } of all) {
    if (!keys.includes(poolKey)) problems.push(`a place in ${poolKey}, which is no pool`);
  }
  return problems;
}

/** Who waits although what it waits for is free: nobody, once the reactions have run. */
export function problemsOfWaiting(
  pools: readonly SeatPool[],
  registrations: readonly Pick<Registration, 'places' | 'courseWithoutChildcare'>[],
): string[] {
  const poolOf = ({ poolKey }: Place) => pools.find(({ key }) => key === poolKey);
  const fits = (place: Place) => (poolOf(place)?.free ?? 0) >= place.count;
  return registrations.flatMap(({ places, courseWithoutChildcare }) =>
    places
      .filter(queued)
      .filter((place) => {
        const beside = place.kind === 'seat' ? childcareOf(places, place) : undefined;
        const comes =
          beside?.status !== 'waiting' ||
          courseWithoutChildcare ||
          (fits(beside) && poolOf(beside)?.waiting === 0);
        return fits(place) && comes;
      })
      .map(({ poolKey }) => `somebody waits beside a free place in ${poolKey}`),
  );
}

const inOrder = (numbers: readonly number[]) => numbers.toSorted((a, b) => a - b).join();

/** A course as it lies in the tables, and all that is wrong with it. */
export async function booksOf(world: World, courseId: string) {
  const { database } = world.deps;
  const seen = await getCourseWithSeats(database, courseId);
  if (!seen) throw new Error('No such course');
  const registrations = await allRegistrationsOfCourse(database, courseId);
  const problems = [
    ...problemsOfPools(seen.pools, registrations),
    ...registrations.flatMap(problemsOfHousehold),
  ];
  for (const { key } of seen.pools) {
    const rows = await rowsUnder(world, 'bookings', `WAIT#${courseId}#${key}`);
    const stored = rows.map(({ sk, registrationId }) => `${Number(sk)} ${registrationId}`);
    const meant = registrations.flatMap(({ places, registrationId }) =>
      places
        .filter((place) => place.poolKey === key && queued(place))
        .map(({ waitNumber }) => `${waitNumber} ${registrationId}`),
    );
    if (stored.sort().join() !== meant.sort().join()) {
      problems.push(`the rows of the queue of ${key} are ${stored}, not ${meant}`);
    }
  }
  return { ...seen, registrations, problems };
}

/** A row without the keys of the table and of its indexes. */
export function toRegistration(row: Row): Registration {
  const { pk, sk, coursePk, courseSk, phonePk, phoneSk, kanaPk, kanaSk, ...rest } = row;
  return Registration.parse(rest);
}
