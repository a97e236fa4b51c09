/** What the desk may see of the ひろば: the places that are counted, and the counts of a month. */
import { dayInTokyo } from '../calendar/rules.ts';
import type { ApiDeps } from '../platform/deps.ts';
import type { CountedPlace, Month, SiteId, VisitDay } from './model.ts';
import { countedPlaces, type VisitRefusal } from './rules.ts';
import { visitDaysOf } from './store.ts';

/** Where visitors are counted, and what day it is in Tokyo: a browser's clock decides nothing. */
export function placesToCount(
  { hirobaSites }: Pick<ApiDeps, 'hirobaSites'>,
  now: Date,
): { readonly today: string; readonly places: CountedPlace[] } {
  return { today: dayInTokyo(now), places: [...countedPlaces(hirobaSites)] };
}

/** The counts of a month, by day. */
export async function visitsOfMonth(
  { database, hirobaSites }: Pick<ApiDeps, 'database' | 'hirobaSites'>,
  siteId: SiteId,
  month: Month,
): Promise<VisitDay[] | (VisitRefusal & { readonly refused: 'site_not_found' })> {
  if (!countedPlaces(hirobaSites).some((place) => place.siteId === siteId)) {
    return { refused: 'site_not_found', sentence: 'このひろばは見つかりませんでした。' };
  }
  return visitDaysOf(database, siteId, month);
}
