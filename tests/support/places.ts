/** Every page that the public can come to, a booking's page in every state included. */
import { vi } from 'vitest';
import { editCourse } from '../../functions/courses/edit.ts';
import type { Course, CourseEdit } from '../../functions/courses/model.ts';
import { CLOSED_LOTTERY, DRAWN_LOTTERY } from '../../infra/local/demonstration/lotteries.ts';
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
  // Dates to tick, many short sessions, a lottery, childcare alone, and all questions at once.
  '/courses/crs_yukkuri-2026-2027/apply/',
  '/courses/crs_growth-check-midwife/',
  '/courses/crs_growth-check-midwife/apply/',
  `/courses/${LOTTERY}/apply/`,
  '/courses/crs_think-together-2027-03/',
  '/courses/crs_think-together-2027-03/apply/',
  '/courses/crs_everything/apply/',
  // A draw while it is open, closed, and over.
  ...[LOTTERY, CLOSED_LOTTERY, DRAWN_LOTTERY].map((courseId) => `/courses/${courseId}/draw/`),
  '/bookings/',
  // Letters of young people and of parents, and where the way out of both leads.
  '/teens/',
  '/letters/',
  '/calendar/',
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

const childcare = { places: 1, minMonths: 6 };
const elder = { name: '見本 空', kana: 'みほん そら', birthDate: '2023-11-03' };

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
  {
    courseId: 'crs_everything',
    title: 'なんでも聞く講座',
    capacity: { unit: '人', countedBy: 'person', seats: 25, waitlist: 5, perSession: false },
    childcare: { ...childcare, note: 'きょうだい児のみ' },
    application: {
      method: 'lottery',
      opensAt: '2026-11-24T00:00:00.000Z',
      closesAt: '2026-12-09T08:00:00.000Z',
      drawAt: '2026-12-10T00:00:00.000Z',
    },
    lottery: {
      tiers: [
        { key: 'first', label: 'はじめて参加する方' },
        { key: 'twins', label: 'ふたご・みつごの方' },
      ],
      publicValueName: '公表される番号',
      confirmDays: 3,
    },
    asks: ['allergy', 'guardian'],
  },
  {
    courseId: 'crs_dates',
    title: '回ごとに申し込む講座',
    sessionChoice: 'each',
    sessions: [
      { key: '1', date: '2026-12-19', start: '10:00', end: '10:45' },
      { key: '2', date: '2026-12-22', start: '10:00', end: '10:45' },
    ],
    capacity: { unit: '組', countedBy: 'application', seats: 1, waitlist: 5, perSession: true },
    childcare,
  },
  { courseId: 'crs_childcare', ...small(5), childcare },
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
  await site.book('crs_dates', { sessionKeys: ['1'] });
  const dates = await site.book('crs_dates', { sessionKeys: ['1', '2'], childcare: [elder] });
  const both = await site.book('crs_childcare', { childcare: [elder] });
  const wanting = { childcare: [elder], courseWithoutChildcare: true };
  const childcareOffered = await site.book('crs_childcare', wanting);
  const childcareWaiting = await site.book('crs_childcare', wanting);
  await site.press(both, 'cancel', 'childcare');
  await untilPage(site, childcareOffered, '保育の席が空きました');
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
    'several dates': dates,
    'childcare given up': both,
    'childcare offered': childcareOffered,
    'childcare waiting': childcareWaiting,
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
