/**
 * What a course says about itself at an instant: its status in words, its seats, its deadlines.
 * Pure, and without zod, so that a page's script runs the very rule that the server decides by.
 */
import { addDays, type Day, instantInTokyo } from '../calendar/rules.ts';
import type { Course, CourseStatusEntry, PoolKind, SeatPool, Session } from './model.ts';

/** What a parent can do with a course now; the chips of the list. */
export type CourseStatus =
  | 'open'
  | 'soon'
  | 'full_waitlist'
  | 'full'
  | 'lottery_open'
  | 'closed'
  | 'cancelled'
  | 'no_application'
  | 'phone_only';

/** The chip's words (look.md: a status is always a word). */
export const statusName: Readonly<Record<CourseStatus, string>> = {
  open: '申込受付中',
  soon: 'まもなく開始',
  full_waitlist: '満員（キャンセル待ち可）',
  full: '満員',
  lottery_open: '抽選申込中',
  closed: '受付終了',
  cancelled: '中止',
  no_application: '申込不要',
  phone_only: '職員が受付',
};

type Bookable = Pick<Course, 'childcare'> & {
  readonly application: Pick<Course['application'], 'method'>;
  readonly capacity: Pick<Course['capacity'], 'seats'>;
};

/** Whether an application takes a seat: not where the number of people is open. */
export function takesSeats(course: Bookable): boolean {
  return course.capacity.seats !== null && course.application.method !== 'none';
}

/** Whether applications are taken at all; without seats to take, for childcare places only. */
export function takesApplications(course: Bookable): boolean {
  return takesSeats(course) || course.childcare !== undefined;
}

/** Whether families apply on this site. 職員受付 is for those to whom staff offer it. */
export function isBookableOnline(course: Bookable): boolean {
  return course.application.method !== 'staff' && takesApplications(course);
}

/** Key of the pool that a booking for a session (or for the whole course) draws from. */
export function poolKey(course: Pick<Course, 'capacity'>, sessionKey: string | undefined): string {
  return course.capacity.perSession && sessionKey !== undefined ? sessionKey : 'all';
}

/** Key of the childcare pool beside it: by session where a session is chosen. */
export function childcareKey(
  course: Pick<Course, 'sessionChoice'>,
  sessionKey: string | undefined,
): string {
  return course.sessionChoice === 'all' || sessionKey === undefined
    ? 'childcare'
    : `childcare-${sessionKey}`;
}

/** A pool that a course needs, as it begins. */
export interface NewPool {
  readonly key: string;
  readonly kind: PoolKind;
  readonly capacity: number;
  readonly waitlistCapacity: number;
}

/** Families who wait for childcare have a seat already: their waitlist has no other limit. */
const CHILDCARE_WAITLIST = 300;

/** Every pool of a course, with its size. */
export function poolsOf(
  course: Pick<Course, 'sessions' | 'sessionChoice' | 'capacity' | 'childcare' | 'application'>,
): readonly NewPool[] {
  const { sessions, sessionChoice, capacity, childcare } = course;
  const seat = (key: string, seats: number): NewPool => ({
    key,
    kind: 'seat',
    capacity: seats,
    waitlistCapacity: capacity.waitlist,
  });
  const { seats } = capacity;
  const seatPools =
    seats === null || course.application.method === 'none'
      ? []
      : capacity.perSession
        ? sessions.map((session) => seat(session.key, session.seats ?? seats))
        : [seat('all', seats)];
  const chosen = sessionChoice === 'all' ? [undefined] : sessions.map(({ key }) => key);
  const childcarePools: readonly NewPool[] = childcare
    ? chosen.map((key) => ({
        key: childcareKey(course, key),
        kind: 'childcare',
        capacity: childcare.places,
        waitlistCapacity: CHILDCARE_WAITLIST,
      }))
    : [];
  return [...seatPools, ...childcarePools];
}

/** The sessions that a booking is for: the chosen one, or all of them. */
export function bookedSessions(
  course: Pick<Course, 'sessions' | 'sessionChoice'>,
  sessionKey: string | undefined,
): readonly Session[] {
  if (course.sessionChoice === 'all') return course.sessions;
  return course.sessions.filter((session) => session.key === sessionKey);
}

export function startsAt(session: Session): Date {
  return instantInTokyo(session.date, session.start);
}

export function endsAt(session: Session): Date {
  return instantInTokyo(session.date, session.end);
}

/** The first date of these sessions. @throws on an empty list: a course has at least one. */
export function firstSession(sessions: readonly Session[]): Session {
  const [first, ...rest] = sessions;
  if (!first) throw new Error('A course without a session');
  return rest.reduce((a, b) => (`${b.date}${b.start}` < `${a.date}${a.start}` ? b : a), first);
}

export function lastSession(sessions: readonly Session[]): Session {
  const [first, ...rest] = sessions;
  if (!first) throw new Error('A course without a session');
  return rest.reduce((a, b) => (`${b.date}${b.end}` > `${a.date}${a.end}` ? b : a), first);
}

/** Where the calendar file of a course, or of one of its sessions to choose from, is published. */
export function calendarPath(courseId: string, sessionKey: string | undefined): string {
  return `/courses/${courseId}/${sessionKey === undefined ? 'calendar' : `calendar-${sessionKey}`}.ics`;
}

/** Where the calendar of all courses is published, to subscribe to. */
export const CENTRE_FEED = '/feeds/centre.ics';

/** Until when the booking can be cancelled on the site: the day before the first session. */
export function cancelDeadline(sessions: readonly Session[], cancelUntil: string): Date {
  return instantInTokyo(addDays(firstSession(sessions).date, -1), cancelUntil);
}

/** Until when applications are taken: after a draw, for the seats that it left over. */
export function closingOf(course: Pick<Course, 'application' | 'drawnAt'>): string | undefined {
  const { closesAt, leftoverClosesAt } = course.application;
  return course.drawnAt === undefined ? closesAt : (leftoverClosesAt ?? closesAt);
}

/** Whether an application takes part in a draw that is still to come. */
export function awaitsDraw(course: Pick<Course, 'application' | 'drawnAt'>): boolean {
  return course.application.method === 'lottery' && course.drawnAt === undefined;
}

/** The entry of status.json for one course. */
export function statusEntry(course: Course, pools: readonly SeatPool[]): CourseStatusEntry {
  const { opensAt, method } = course.application;
  const closesAt = closingOf(course);
  const childcare = pools.filter(({ kind }) => kind === 'childcare');
  return {
    publication: course.publication,
    method,
    bookable: isBookableOnline(course),
    ...(opensAt === undefined ? {} : { opensAt }),
    ...(closesAt === undefined ? {} : { closesAt }),
    lastEndsAt: endsAt(lastSession(course.sessions)).toISOString(),
    pools: Object.fromEntries(
      pools
        .filter(({ kind }) => kind === 'seat')
        .map((pool) => [
          pool.key,
          {
            free: pool.waiting > 0 ? 0 : pool.free,
            waitlistFree: Math.max(0, pool.waitlistCapacity - pool.waiting),
            waiting: pool.waiting,
            ...beginningOf(course, pool.key),
          },
        ]),
    ),
    ...(childcare.length === 0
      ? {}
      : {
          childcare: Object.fromEntries(
            childcare.map((pool) => [
              pool.key,
              { free: pool.waiting > 0 ? 0 : pool.free, waiting: pool.waiting },
            ]),
          ),
        }),
    ...(course.drawnAt === undefined ? {} : { drawn: true as const }),
  };
}

/** When the session of a pool begins, where one is chosen: nobody can choose it any more. */
function beginningOf(
  course: Pick<Course, 'sessions' | 'sessionChoice'>,
  key: string,
): { readonly startsAt?: string } {
  const session =
    course.sessionChoice === 'all'
      ? undefined
      : course.sessions.find((candidate) => candidate.key === key);
  return session ? { startsAt: startsAt(session).toISOString() } : {};
}

/** The pools that can still be chosen. */
function poolsToCome(entry: CourseStatusEntry, now: Date): CourseStatusEntry['pools'][string][] {
  const at = now.toISOString();
  return Object.values(entry.pools).filter(
    (pool) => pool.startsAt === undefined || pool.startsAt > at,
  );
}

/** The status at an instant, from the entry that the page fetched. */
export function courseStatus(entry: CourseStatusEntry, now: Date): CourseStatus {
  if (entry.publication === 'cancelled') return 'cancelled';
  const at = now.toISOString();
  if (at >= entry.lastEndsAt) return 'closed';
  if (entry.method === 'none') return 'no_application';
  if (entry.method === 'staff') return 'phone_only';
  if (entry.closesAt !== undefined && at >= entry.closesAt) return 'closed';
  if (entry.opensAt !== undefined && at < entry.opensAt) return 'soon';
  if (entry.method === 'lottery' && !entry.drawn) return 'lottery_open';
  if (!entry.bookable) return 'phone_only';
  // People are not counted: who wants childcare applies for that alone.
  if (Object.keys(entry.pools).length === 0) return 'no_application';
  const pools = poolsToCome(entry, now);
  if (pools.length === 0) return 'closed';
  if (pools.some((pool) => pool.free > 0)) return 'open';
  return pools.some((pool) => pool.waitlistFree > 0) ? 'full_waitlist' : 'full';
}

/** Seats that a parent can still book, over all pools; undefined when no number is meant. */
export function seatsLeft(entry: CourseStatusEntry, now: Date): number | undefined {
  const pools = poolsToCome(entry, now);
  return entry.bookable && pools.length > 0
    ? pools.reduce((sum, pool) => sum + pool.free, 0)
    : undefined;
}

/** What becomes of a wish for childcare now: a place, a wait, or nothing (yet, any more). */
export type ChildcareStatus = 'open' | 'waiting' | 'soon' | 'closed';

/** How it is with the childcare places; undefined where the course has none. */
export function childcareStatus(entry: CourseStatusEntry, now: Date): ChildcareStatus | undefined {
  if (entry.childcare === undefined) return undefined;
  const at = now.toISOString();
  const isOver = entry.publication === 'cancelled' || at >= entry.lastEndsAt;
  if (isOver || (entry.closesAt !== undefined && at >= entry.closesAt)) return 'closed';
  if (entry.opensAt !== undefined && at < entry.opensAt) return 'soon';
  return Object.values(entry.childcare).some(({ free }) => free > 0) ? 'open' : 'waiting';
}

/** Whether there is a page on the draw: from the opening on, before and after the draw. */
export function hasDrawPage(entry: CourseStatusEntry, now: Date): boolean {
  const { method, opensAt } = entry;
  return method === 'lottery' && opensAt !== undefined && now.toISOString() >= opensAt;
}

/** The instants at which the status changes by the clock alone, in order. */
export function statusInstants(course: Course): readonly string[] {
  const { opensAt, closesAt, leftoverClosesAt } = course.application;
  const ended = endsAt(lastSession(course.sessions)).toISOString();
  const begun =
    course.sessionChoice === 'all'
      ? []
      : course.sessions.map((session) => startsAt(session).toISOString());
  const all = [opensAt, closesAt, leftoverClosesAt, ended, ...begun];
  return [...new Set(all.filter((instant) => instant !== undefined))].sort();
}

/** The days of a course, for the list's month filter (`2026-12`). */
export function monthsOf(course: Pick<Course, 'sessions'>): readonly string[] {
  return [...new Set(course.sessions.map((session) => session.date.slice(0, 7)))].sort();
}

/** The day on which ages count: as the course says, or the first session that is attended. */
export function judgingDay(
  course: Pick<Course, 'eligibility' | 'sessions' | 'sessionChoice'>,
  sessionKey: string | undefined,
): Day {
  if (course.eligibility.judgedOn !== 'first_session') return course.eligibility.judgedOn;
  const attended = bookedSessions(course, sessionKey);
  return firstSession(attended.length > 0 ? attended : course.sessions).date;
}

/** Whether a course stands where the list and the desk look: until it is over; a pattern always. */
export function isCurrent(course: Pick<Course, 'publication' | 'sessions'>, now: Date): boolean {
  return course.publication === 'template' || endsAt(lastSession(course.sessions)) > now;
}
