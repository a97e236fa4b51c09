/** The sessions of courses as iCalendar files (RFC 5545): one to keep, and one to subscribe to. */
import { ICalCalendar, ICalCalendarMethod, ICalEventStatus } from 'ical-generator';
import type { Centre } from '../centre/model.ts';
import type { Course, Session } from './model.ts';
import { endsAt, startsAt } from './rules.ts';

type Sender = Pick<Centre, 'name' | 'phones'>;

/** How often a program should look for news of a calendar that it subscribes to, in seconds. */
export const FEED_TTL_SECONDS = 6 * 3_600;

/** The sessions of one course, to keep with the booking. */
export function courseCalendar(
  course: Course,
  sessions: readonly Session[],
  centre: Sender,
): string {
  const calendar = new ICalCalendar({
    name: centre.name,
    prodId: { company: 'Hidamari', product: 'Courses', language: 'JA' },
    method: ICalCalendarMethod.PUBLISH,
  });
  addSessions(calendar, course, sessions, centre);
  return calendar.toString();
}

/** Every session of these courses, to subscribe to. What was called off says so. */
export function centreCalendar(courses: readonly Course[], centre: Sender): string {
  const calendar = new ICalCalendar({
    name: `${centre.name}の講座・行事`,
    prodId: { company: 'Hidamari', product: 'Courses', language: 'JA' },
    method: ICalCalendarMethod.PUBLISH,
    ttl: FEED_TTL_SECONDS,
  });
  for (const course of courses) addSessions(calendar, course, course.sessions, centre);
  return calendar.toString();
}

/**
 * Times are written in UTC (`…Z`), which is right on any host and in any calendar. The UID of a
 * session stays the same over all versions and files, so that a later file moves the entry.
 */
export function addSessions(
  calendar: ICalCalendar,
  course: Course,
  sessions: readonly Session[],
  centre: Sender,
): void {
  for (const session of sessions) {
    calendar.createEvent({
      id: `${course.courseId}-${session.key}@hidamari`,
      sequence: course.version,
      stamp: new Date(course.updatedAt),
      start: startsAt(session),
      end: endsAt(session),
      summary: course.title,
      location: session.venue ?? course.venue,
      description: `${course.summary}\n${centre.name} ${centre.phones.main}`,
      status:
        course.publication === 'cancelled' ? ICalEventStatus.CANCELLED : ICalEventStatus.CONFIRMED,
    });
  }
}
