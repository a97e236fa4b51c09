/** The sessions of a course as an iCalendar file (RFC 5545). */
import { ICalCalendar, ICalCalendarMethod, ICalEventStatus } from 'ical-generator';
import type { Centre } from '../centre/model.ts';
import type { Course, Session } from './model.ts';
import { endsAt, startsAt } from './rules.ts';

/**
 * Times are written in UTC (`…Z`), which is right on any host and in any calendar. The UID of a
 * session stays the same over all versions, so that a later file moves the entry.
 */
export function courseCalendar(
  course: Course,
  sessions: readonly Session[],
  centre: Pick<Centre, 'name' | 'phones'>,
): string {
  const calendar = new ICalCalendar({
    name: centre.name,
    prodId: { company: 'Hidamari', product: 'Courses', language: 'JA' },
    method: ICalCalendarMethod.PUBLISH,
  });
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
  return calendar.toString();
}
