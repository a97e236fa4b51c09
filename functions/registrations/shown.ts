/** A registration as the desk shows it: the fields that a role may see, its states in words. */
import { clockName, shortDayName } from '../calendar/rules.ts';
import type { Course, SeatPool } from '../courses/model.ts';
import type { Role } from '../platform/endpoint.ts';
import { type Refused, refuse } from '../platform/refusals.ts';
import { shownTo } from '../platform/rights.ts';
import type { RosterCourse, RosterRow } from './desk-model.ts';
import { placesOfSession } from './desk-rules.ts';
import type { Registration } from './model.ts';
import { statusOf } from './places.ts';
import { bookingNumberName } from './rules.ts';
import { waitPositions } from './see.ts';
import { placeLines } from './words.ts';

/** @param sessionKey only what concerns this session, where one is meant */
export function rowFor(
  roles: readonly Role[],
  registration: Registration,
  { course, pools }: { readonly course: Course; readonly pools: readonly SeatPool[] },
  sessionKey?: string,
): RosterRow {
  const places = placesOfSession(course, registration.places, sessionKey);
  return {
    registration: shownTo(registration, roles),
    bookingNumber: bookingNumberName(registration.registrationId),
    status: statusOf(places),
    lines: [...placeLines(course, places, waitPositions({ places: [...places] }, pools))],
  };
}

export function rosterCourse(course: Course): RosterCourse {
  const { courseId, title, venue, sessions, sessionChoice } = course;
  return {
    courseId,
    title,
    venue,
    sessions: sessions.map(({ key, date, start }) => ({
      key,
      name: `${shortDayName(date)} ${clockName(start)}`,
    })),
    isBySession: sessionChoice !== 'all',
  };
}

export const BOOKING_NOT_FOUND = {
  ...refuse('booking_not_found', 'この受付番号の申し込みは、見つかりませんでした。'),
  refused: 'booking_not_found' as const,
} satisfies Refused;
