/**
 * The desk writes down how many came on a day. Two people at once: who is second is refused and
 * reads the newer counts; nobody's count replaces another's unseen.
 */
import { Unavailable } from '../platform/database.ts';
import type { ApiDeps } from '../platform/deps.ts';
import { appendEvent } from '../platform/events-store.ts';
import type { HirobaEvent, SiteId, VisitDay, VisitEntry } from './model.ts';
import { countedPlaces, decideVisits, type VisitRefusal } from './rules.ts';
import { getVisitDay, putVisitDay } from './store.ts';

const TRIES = 4;

/** @returns the day as it is stored now, or why it was not taken. */
export async function recordVisits(
  deps: Pick<ApiDeps, 'database' | 'ids' | 'hirobaSites'>,
  siteId: SiteId,
  entry: VisitEntry,
  actor: string,
  now: Date,
): Promise<VisitDay | VisitRefusal> {
  const { database, ids, hirobaSites } = deps;
  const place = countedPlaces(hirobaSites).find((candidate) => candidate.siteId === siteId);
  for (let tries = 0; tries < TRIES; tries += 1) {
    const seen = place && (await getVisitDay(database, siteId, entry.date));
    const day = decideVisits(place, seen, entry, now);
    if ('refused' in day) return day;
    const { committed } = await database.transact([
      putVisitDay(database, day, entry.version),
      appendEvent(database, {
        eventId: ids.event(now),
        kind: 'visits_recorded',
        at: now.toISOString(),
        siteId,
        date: entry.date,
        actor,
      } satisfies HirobaEvent),
    ]);
    if (committed) return day;
    // A colleague was quicker in this very moment: the next look says so.
  }
  throw new Unavailable('The counts changed too often while they were saved');
}
