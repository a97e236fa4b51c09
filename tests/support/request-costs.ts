/** What the requests that families and the desk make cost an engine, in capacity units. */
import { seeBooking } from '../../functions/registrations/see.ts';
import {
  registrationsByKana,
  registrationsByPhone,
  registrationsOfCourse,
  waitlistOf,
} from '../../functions/registrations/store.ts';
import type { CapacityMeter } from './capacity.ts';
import { anApplication, type World } from './world.ts';

export interface RequestCost {
  readonly units: number;
  readonly commands: readonly string[];
}

/** What each request costs now, by its name; for a course of its own among all that is stored. */
export async function requestCosts(
  world: World,
  meter: CapacityMeter,
): Promise<Record<string, RequestCost>> {
  const { database } = world.deps;
  const { courseId } = await world.addCourse({
    capacity: { unit: '組', countedBy: 'application', seats: 1, waitlist: 5, perSession: false },
  });
  const cost = async (act: () => Promise<unknown>) => {
    meter.take();
    await act();
    return meter.take();
  };
  const book = (family: number) =>
    cost(async () => {
      const answer = await world.post('/api/registrations', anApplication(courseId, family));
      if (answer.status !== 201) throw new Error(`A booking was answered ${answer.status}`);
      path = ((await answer.json()) as { path: string }).path;
    });
  let path = '';
  return {
    'a seat': await book(1),
    'a place in the waitlist': await book(2),
    'the page of a booking': await cost(() =>
      seeBooking(world.deps, path.slice('/bookings/'.length).split('?')[0] ?? ''),
    ),
    'the head of the waitlist': await cost(() => waitlistOf(database, courseId, 'all', undefined)),
    'a roster': await cost(() => registrationsOfCourse(database, courseId)),
    'a full roster': await cost(() => registrationsOfCourse(database, 'crs_before-3')),
    'a search by telephone': await cost(() => registrationsByPhone(database, '05000000007', 30)),
    'a search by kana': await cost(() => registrationsByKana(database, 'ハ', 10)),
  };
}
