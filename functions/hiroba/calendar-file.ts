/** The openings of the ひろば, and the dates of the 出張ひろば, as iCalendar files to subscribe to. */
import { ICalCalendar, ICalCalendarMethod, ICalEventStatus } from 'ical-generator';
import type { Centre } from '../centre/model.ts';
import { addSessions, FEED_TTL_SECONDS } from '../courses/calendar-file.ts';
import type { Course } from '../courses/model.ts';
import type { HirobaSite } from './model.ts';
import { type Opening, openingEnds, openingStarts } from './rules.ts';

export interface SiteOpenings {
  readonly site: HirobaSite;
  readonly openings: readonly Opening[];
}

/**
 * Times are written in UTC (`…Z`), right on any host. The UID of an opening is its site and its
 * start, so that the file of the next day changes nothing that has not changed.
 * @param stamp when the file was made; the same for the whole day, so that nothing is rewritten
 */
export function hirobaCalendar(
  name: string,
  sites: readonly SiteOpenings[],
  outreach: readonly Course[],
  centre: Pick<Centre, 'name' | 'phones'>,
  stamp: Date,
): string {
  const calendar = new ICalCalendar({
    name,
    prodId: { company: 'Hidamari', product: 'Hiroba', language: 'JA' },
    method: ICalCalendarMethod.PUBLISH,
    ttl: FEED_TTL_SECONDS,
  });
  for (const { site, openings } of sites) {
    for (const opening of openings) {
      calendar.createEvent({
        id: `hiroba-${site.siteId}-${opening.date}-${opening.opens.replace(':', '')}@hidamari`,
        stamp,
        start: openingStarts(opening),
        end: openingEnds(opening),
        summary: site.name,
        location: site.place,
        description: `${site.audience}\n予約：${site.reservation}\n${centre.name} ${centre.phones.main}`,
        status: ICalEventStatus.CONFIRMED,
      });
    }
  }
  for (const course of outreach) addSessions(calendar, course, course.sessions, centre);
  return calendar.toString();
}
