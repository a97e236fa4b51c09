/** An offer that nobody answered ends: the clock gives its places back, and the next is asked. */
import { Unavailable } from '../platform/database.ts';
import type { ApiDeps } from '../platform/deps.ts';
import { changedPools, changeOfPlaces } from './commit.ts';
import type { Registration } from './model.ts';
import { lapsePlaces } from './places.ts';
import { getRegistration } from './store.ts';

/** Ends every offer of the registration whose time is over; otherwise nothing. Safe to repeat. */
export async function lapseOffers(
  deps: ApiDeps,
  registrationId: Registration['registrationId'],
): Promise<void> {
  const { database, clock } = deps;
  const now = clock.now();
  const registration = await getRegistration(database, registrationId);
  if (!registration) return;
  const places = lapsePlaces(registration.places, now);
  if (changedPools(registration.places, places).length === 0) return;
  const { writes } = changeOfPlaces(deps, registration, places, 'registration_lapsed', now);
  // Somebody answered in this very moment: the clock looks again.
  if (!(await database.transact(writes)).committed) {
    throw new Unavailable('The offer changed while it was ended');
  }
}
