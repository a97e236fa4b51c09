/**
 * Who is expected in a session, whose mark holds when two phones mark the same family, and what the
 * marks add up to. Pure and without zod: the screen counts by the rule that the server counts by.
 */
import { addDays, type Day, dayInTokyo } from '../calendar/rules.ts';
import type { Course, CourseWithSeats, SeatPool, Session } from '../courses/model.ts';
import { childcareKey, closingOf, poolKey } from '../courses/rules.ts';
import type { Place, Registration } from '../registrations/model.ts';
import { mainPlaces } from '../registrations/places.ts';
import type {
  AttendanceSummary,
  Board,
  BoardSession,
  ExpectedFamily,
  Mark,
  MarkRequest,
  MarkView,
  WalkInCounts,
  WalkInView,
} from './model.ts';

/** Whether a place is for this session: of its own, or of the whole course. */
function isFor({ sessionKey }: Place, key: string): boolean {
  return sessionKey === undefined || sessionKey === key;
}

/** Whether the family is expected in the session: it has a confirmed place there. */
export function isExpected({ places }: Pick<Registration, 'places'>, sessionKey: string): boolean {
  return mainPlaces(places).some(
    (place) => place.status === 'confirmed' && isFor(place, sessionKey),
  );
}

/** How many of the family's children are looked after in the session. */
export function childcareIn({ places }: Pick<Registration, 'places'>, sessionKey: string): number {
  const place = places.find(
    (each) => each.kind === 'childcare' && each.status === 'confirmed' && isFor(each, sessionKey),
  );
  return place?.count ?? 0;
}

/**
 * How many people of the family are expected. In a course for the participants themselves no adult
 * comes along with them.
 */
export function countsExpected(
  { eligibility, capacity }: Pick<Course, 'eligibility' | 'capacity'>,
  registration: Pick<Registration, 'places' | 'counts'>,
  sessionKey: string,
): ExpectedFamily['counts'] {
  const { participants, adults } = registration.counts;
  const comeAlone =
    eligibility.who === 'self' && participants > 0 && capacity.countedBy !== 'person';
  return {
    participants,
    adults: comeAlone ? 0 : adults,
    childcare: childcareIn(registration, sessionKey),
  };
}

/** 「なし」 is an answer, not an allergy. */
function isSomething(text: string | undefined): boolean {
  return text !== undefined && !/^\s*(なし|無し|ない|特になし|とくになし)?[。\s]*$/u.test(text);
}

/** Whether the roster holds a wish or an allergy that whoever stands at the door should know of. */
export function hasNeeds({ needs, allergy }: Pick<Registration, 'needs' | 'allergy'>): boolean {
  return isSomething(needs) || isSomething(allergy);
}

type Content = Pick<Mark, 'status' | 'reason' | 'note' | 'persons'>;

/** Whether two marks say the same of the family. */
export function isSameMark(a: Content, b: Content): boolean {
  const persons = (mark: Content) => Object.entries(mark.persons).sort().join(' ');
  return (
    a.status === b.status &&
    a.reason === b.reason &&
    (a.note ?? '') === (b.note ?? '') &&
    persons(a) === persons(b)
  );
}

/**
 * What becomes of a mark that arrives. `write`: it holds from now on. `known`: it is there already, or
 * the same phone has sent a later one. `conflict`: another phone marked the family since this one
 * looked, and somebody has to see that first.
 */
export function decideMark(
  stored: Mark | undefined,
  asked: MarkRequest,
): 'write' | 'known' | 'conflict' {
  if (stored && stored.device === asked.device) {
    return asked.sequence > stored.sequence ? 'write' : 'known';
  }
  if ((stored?.version ?? 0) === asked.version) return 'write';
  return stored && isSameMark(stored, asked) ? 'known' : 'conflict';
}

/** The family's mark with one person marked otherwise, or as the family again. */
export function withPerson(
  mark: Content,
  key: string,
  status: 'present' | 'late' | 'absent',
): Content {
  const { [key]: _, ...others } = mark.persons;
  return { ...mark, persons: status === mark.status ? others : { ...others, [key]: status } };
}

/** People of one walk-in. */
export function peopleIn(counts: WalkInCounts): number {
  return Object.values(counts).reduce((sum, count) => sum + count, 0);
}

/** People of a family who came, by its mark. */
function peopleCame({ counts }: Pick<ExpectedFamily, 'counts'>, mark: Content): number {
  if (mark.status !== 'present' && mark.status !== 'late') return 0;
  const { participants, adults, childcare } = counts;
  const missing = (letter: string, most: number) =>
    Math.min(
      most,
      Object.entries(mark.persons).filter(
        ([key, status]) => key.startsWith(letter) && status === 'absent',
      ).length,
    );
  return adults + participants - missing('p', participants) + childcare - missing('c', childcare);
}

/** The counts of a session. Marks of families that are not expected any more do not count. */
export function summaryOf(
  families: readonly Pick<ExpectedFamily, 'registrationId' | 'counts'>[],
  marks: readonly MarkView[],
  walkIns: readonly Pick<WalkInView, 'counts'>[],
): AttendanceSummary {
  const byFamily = new Map(marks.map((mark) => [mark.registrationId, mark]));
  const walkInPeople = walkIns.reduce((sum, { counts }) => sum + peopleIn(counts), 0);
  const summary = {
    expected: families.length,
    present: 0,
    late: 0,
    absent: 0,
    unmarked: 0,
    walkIns: walkInPeople,
    people: walkInPeople,
  };
  for (const family of families) {
    const mark = byFamily.get(family.registrationId);
    summary[mark?.status ?? 'unmarked'] += 1;
    if (mark) summary.people += peopleCame(family, mark);
  }
  return summary;
}

/** A pool as the board and the door show it. */
function placesIn(pool: SeatPool | undefined): BoardSession['seats'] {
  return (
    pool && {
      taken: pool.capacity - pool.free,
      capacity: pool.capacity,
      waiting: pool.waiting,
    }
  );
}

function poolsFor({ course, pools }: CourseWithSeats, sessionKey: string) {
  const find = (key: string) => pools.find((pool) => pool.key === key);
  return {
    seats: find(poolKey(course, sessionKey)),
    childcare: find(childcareKey(course, sessionKey)),
  };
}

/** Seats of the session that nobody has; null where none are counted. */
export function seatsFree(seen: CourseWithSeats, sessionKey: string): number | null {
  return poolsFor(seen, sessionKey).seats?.free ?? null;
}

/** How many days the board looks ahead, today included. */
export const BOARD_DAYS = 7;

/** What the board says of these courses on this day; offers and calls come from elsewhere. */
export function boardOf(
  courses: readonly CourseWithSeats[],
  now: Date,
): Pick<Board, 'today' | 'sessions' | 'closingToday' | 'drawsDue'> {
  const today = dayInTokyo(now);
  const last = addDays(today, BOARD_DAYS - 1);
  const shown = courses.filter(
    ({ course }) => course.publication !== 'draft' && course.publication !== 'template',
  );
  return {
    today,
    sessions: shown
      .flatMap((seen) =>
        seen.course.sessions
          .filter(({ date }) => date >= today && date <= last)
          .map((session) => boardSession(seen, session)),
      )
      .sort((a, b) => (`${a.date}${a.start}${a.title}` < `${b.date}${b.start}${b.title}` ? -1 : 1)),
    closingToday: moments(
      shown,
      ({ course }) => (course.publication === 'published' ? closingOf(course) : undefined),
      (at) => dayInTokyo(new Date(at)) === today && at > now.toISOString(),
    ),
    drawsDue: moments(
      shown,
      ({ course }) =>
        course.application.method === 'lottery' &&
        course.publication !== 'cancelled' &&
        course.drawnAt === undefined &&
        isOver(course.application.closesAt, now)
          ? (course.application.drawAt ?? course.application.closesAt)
          : undefined,
      (at) => dayInTokyo(new Date(at)) <= today,
    ),
  };
}

function isOver(instant: string | undefined, now: Date): boolean {
  return instant !== undefined && instant <= now.toISOString();
}

function moments(
  courses: readonly CourseWithSeats[],
  momentOf: (seen: CourseWithSeats) => string | undefined,
  isMeant: (at: string) => boolean,
): Board['closingToday'] {
  return courses
    .flatMap((seen) => {
      const at = momentOf(seen);
      const { courseId, title } = seen.course;
      return at !== undefined && isMeant(at) ? [{ courseId, title, at }] : [];
    })
    .sort((a, b) => (a.at < b.at ? -1 : 1));
}

function boardSession(seen: CourseWithSeats, session: Session): BoardSession {
  const { course } = seen;
  const pools = poolsFor(seen, session.key);
  const seats = placesIn(pools.seats);
  const childcare = placesIn(pools.childcare);
  return {
    courseId: course.courseId,
    sessionKey: session.key,
    title: course.title,
    category: course.category,
    date: session.date,
    start: session.start,
    end: session.end,
    venue: session.venue ?? course.venue,
    publication: course.publication,
    method: course.application.method,
    ...(seats ? { seats } : {}),
    ...(childcare ? { childcare } : {}),
  };
}

/** Days of the board in order, today first even when nothing is on. */
export function daysOf(board: Pick<Board, 'today' | 'sessions'>): readonly {
  readonly date: Day;
  readonly sessions: readonly BoardSession[];
}[] {
  const days = [...new Set([board.today, ...board.sessions.map(({ date }) => date)])].sort();
  return days.map((date) => ({
    date,
    sessions: board.sessions.filter((session) => session.date === date),
  }));
}
