/** Every page that the public can come to, a booking's page in every state included. */
import { vi } from 'vitest';
import { editCourse } from '../../functions/courses/edit.ts';
import type { Course, CourseEdit } from '../../functions/courses/model.ts';
import { FULL, LOTTERY, OPEN, type Site, WALK_IN } from './site.ts';

/** Pages that are there from the start. */
export const publicPaths: readonly string[] = [
  '/',
  '/courses/',
  ...[OPEN, FULL, LOTTERY, WALK_IN].map((courseId) => `/courses/${courseId}/`),
  `/courses/${OPEN}/apply/`,
  // Asks for a tick and an expected month besides.
  '/courses/crs_multiples-2026-12/apply/',
  // Asks for one of several sessions.
  '/courses/crs_one-of/apply/',
  // Dates of the 出張ひろば, each at another place.
  '/courses/crs_outreach-2026-winter/',
  '/hiroba/',
  '/bookings/',
  '/about/',
  '/mail-help/',
  '/privacy/',
  '/accessibility/',
  '/nowhere/',
];

const small = (seats: number): Partial<Course> => ({
  capacity: { unit: '組', countedBy: 'application', seats, waitlist: 5, perSession: false },
});
const today = { sessions: [{ key: '1', date: '2026-12-08', start: '14:00', end: '15:00' }] };

/** Courses that the pages above and the states below need. */
export const placesCourses: readonly Partial<Course>[] = [
  {
    courseId: 'crs_one-of',
    title: 'えらべる回のある講座',
    sessionChoice: 'one_of',
    sessions: [
      { key: 'A', date: '2026-12-19', start: '10:00', end: '10:45' },
      { key: 'B', date: '2026-12-19', start: '11:15', end: '12:00' },
    ],
    capacity: { unit: '家族', countedBy: 'application', seats: 25, waitlist: 5, perSession: true },
    application: { method: 'first_come', closesAt: '2026-12-18T08:00:00.000Z' },
  },
  { courseId: 'crs_waiting', ...small(1) },
  { courseId: 'crs_offered', ...small(1) },
  { courseId: 'crs_declined', ...small(1) },
  { courseId: 'crs_today', ...small(1), ...today },
  { courseId: 'crs_off', ...small(1) },
];

/** Paths of bookings by the state that they are in, as `startSite` begins. */
export async function makeBookings(site: Site): Promise<Readonly<Record<string, string>>> {
  const promoted = async (courseId: string) => {
    const first = await site.book(courseId);
    const second = await site.book(courseId);
    await site.press(first, 'cancel');
    await untilPage(site, second, '席が空きました');
    return { first, second };
  };
  const edit = async (courseId: string, changes: CourseEdit['changes']) => {
    const { deps } = site.hidamari;
    const meant = { version: 1, changes, confirmed: true };
    await editCourse(deps, courseId, meant, 'test', deps.clock.now());
  };
  const confirmed = await site.book('crs_one-of', { sessionKeys: ['A'] });
  await site.book('crs_waiting');
  const waiting = await site.book('crs_waiting');
  const offered = await promoted('crs_offered');
  const declined = await promoted('crs_declined');
  await site.press(declined.second, 'decline');
  const off = await site.book('crs_off');
  await edit('crs_off', { publication: 'cancelled' });
  // A course of this very day: too late to cancel, and an offer ends two hours before it begins.
  const late = await site.book('crs_today');
  const lapsed = await site.book('crs_today');
  await edit('crs_today', small(2));
  await untilPage(site, lapsed, '席が空きました');
  site.setTime('2026-12-08T12:00:01+09:00');
  await untilPage(site, lapsed, 'お返事の期限が過ぎました');
  return {
    'just confirmed': `${confirmed}?done=applied`,
    confirmed,
    'past the deadline': late,
    waiting,
    offered: offered.second,
    'just cancelled': `${offered.first}?done=cancelled`,
    cancelled: offered.first,
    declined: declined.second,
    lapsed,
    'called off': off,
  };
}

/** A page changes by a reaction: soon, not at once. */
async function untilPage(site: Site, path: string, words: string): Promise<void> {
  await vi.waitFor(
    async () => {
      const page = await (await fetch(site.origin + path)).text();
      if (!page.includes(words)) throw new Error(`${path} does not say 「${words}」`);
    },
    { timeout: 10_000 },
  );
}
