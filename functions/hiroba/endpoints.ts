/** The HTTP face of the ひろば at the desk: declarations only. */
import * as z from 'zod';
import { IsoDate } from '../calendar/model.ts';
import { endpoint } from '../platform/endpoint.ts';
import { CountedPlace, Month, SiteId, VisitDay, VisitEntry } from './model.ts';
import { recordVisits } from './record.ts';
import { placesToCount, visitsOfMonth } from './see.ts';

const SiteParams = z.strictObject({ siteId: SiteId });
const COUNTERS = { roles: ['hiroba_staff', 'course_staff', 'center_head'] } as const;

const listPlaces = endpoint({
  operation: 'listCountedPlaces',
  method: 'GET',
  path: '/api/staff/hiroba',
  access: COUNTERS,
  summary: 'The places whose visitors are counted, and the day in Tokyo',
  output: z.strictObject({ today: IsoDate, places: z.array(CountedPlace) }),
  refuses: [],
  async handle(_input, { deps, now }) {
    return { json: placesToCount(deps, now) };
  },
});

const listVisits = endpoint({
  operation: 'listVisits',
  method: 'GET',
  path: '/api/staff/hiroba/{siteId}/visits',
  access: COUNTERS,
  summary: 'The counts of a month at one place, by day and slot',
  params: SiteParams,
  query: z.strictObject({ month: Month }),
  output: z.strictObject({ days: z.array(VisitDay) }),
  refuses: ['site_not_found'],
  async handle({ params, query }, { deps }) {
    const days = await visitsOfMonth(deps, params.siteId, query.month);
    return 'refused' in days ? days : { json: { days } };
  },
});

const saveVisits = endpoint({
  operation: 'recordVisits',
  method: 'POST',
  path: '/api/staff/hiroba/{siteId}/visits',
  access: COUNTERS,
  summary: 'Replace the counts of one day, from the version that was seen (0: none yet)',
  params: SiteParams,
  body: VisitEntry,
  output: VisitDay,
  refuses: ['site_not_found', 'version_conflict', 'not_possible_now'],
  async handle({ params, body }, { deps, now, actor }) {
    if (!actor) throw new Error('A staff endpoint without an actor');
    const day = await recordVisits(deps, params.siteId, body, actor.subject, now);
    return 'refused' in day ? day : { json: day };
  },
});

export const hirobaEndpoints = [listPlaces, listVisits, saveVisits];
