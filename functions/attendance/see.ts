/** Who is expected in a session and who came: the sheet with names, and the marks without any. */
import { recordRead } from '../audit/store.ts';
import { ageInMonths } from '../calendar/rules.ts';
import type { Course, CourseId, CourseWithSeats, Session } from '../courses/model.ts';
import { getCourseWithSeats } from '../courses/store.ts';
import type { ApiDeps } from '../platform/deps.ts';
import type { Actor } from '../platform/endpoint.ts';
import { type Refused, refuse } from '../platform/refusals.ts';
import { rightsOf } from '../platform/rights.ts';
import { peopleOn } from '../registrations/desk-rules.ts';
import type { Registration } from '../registrations/model.ts';
import { allRegistrationsOfCourse } from '../registrations/store.ts';
import {
  type AttendanceMarks,
  type AttendanceSheet,
  type ExpectedFamily,
  type ExpectedPerson,
  type Mark,
  MarkView,
  type WalkIn,
  WalkInView,
} from './model.ts';
import { countsExpected, hasNeeds, isExpected, seatsFree, summaryOf } from './rules.ts';
import { attendanceOf } from './store.ts';

type NotFound = Refused & { readonly refused: 'course_not_found' };
const NOT_FOUND: NotFound = {
  ...refuse('course_not_found', 'この講座か回は、見つかりませんでした。'),
  refused: 'course_not_found',
};

export interface SeenSession {
  readonly seen: CourseWithSeats;
  readonly session: Session;
}

/** A session of a course, or that there is none. */
export async function sessionOf(
  { database }: Pick<ApiDeps, 'database'>,
  courseId: CourseId,
  sessionKey: string,
): Promise<SeenSession | NotFound> {
  const seen = await getCourseWithSeats(database, courseId);
  const session = seen?.course.sessions.find(({ key }) => key === sessionKey);
  return seen && session ? { seen, session } : NOT_FOUND;
}

/** Everybody who is expected, by the reading of their names, with what is marked so far. */
export async function seeAttendance(
  deps: Pick<ApiDeps, 'database' | 'ids'>,
  courseId: CourseId,
  sessionKey: string,
  actor: Actor,
  now: Date,
): Promise<AttendanceSheet | NotFound> {
  const found = await sessionOf(deps, courseId, sessionKey);
  if ('refused' in found) return found;
  const { seen, session } = found;
  const [registrations, attendance] = await Promise.all([
    allRegistrationsOfCourse(deps.database, courseId),
    attendanceOf(deps.database, courseId, sessionKey),
  ]);
  const mayCall = rightsOf(actor.roles).includes('contacts');
  const reading = new Intl.Collator('ja');
  const expected = registrations.filter((registration) => isExpected(registration, sessionKey));
  // Written down before anybody is shown.
  await recordRead(
    deps,
    {
      action: 'attendance_read',
      actor: actor.subject,
      subject: courseId,
      people: expected.reduce((sum, registration) => sum + peopleOn(registration), 0),
    },
    now,
  );
  const families = expected
    .map((registration) => familyOf(registration, seen.course, session, mayCall))
    .sort((a, b) => reading.compare(a.kana, b.kana));
  const marks = marksOf(attendance, seen, sessionKey);
  return {
    courseId,
    title: seen.course.title,
    venue: session.venue ?? seen.course.venue,
    session,
    publication: seen.course.publication,
    families,
    ...marks,
    summary: summaryOf(families, marks.marks, marks.walkIns),
  };
}

/** What is marked so far, with nobody's name. */
export async function seeMarks(
  deps: Pick<ApiDeps, 'database'>,
  courseId: CourseId,
  sessionKey: string,
): Promise<AttendanceMarks | NotFound> {
  const found = await sessionOf(deps, courseId, sessionKey);
  if ('refused' in found) return found;
  return marksOf(await attendanceOf(deps.database, courseId, sessionKey), found.seen, sessionKey);
}

/** A mark as the phones see it: without who made it, and on which of them. */
export function markView({ at, by, device, sequence, ...mark }: Mark): MarkView {
  return MarkView.parse(mark);
}

export function walkInView({ by, ...walkIn }: WalkIn): WalkInView {
  return WalkInView.parse(walkIn);
}

function marksOf(
  { marks, walkIns }: { readonly marks: readonly Mark[]; readonly walkIns: readonly WalkIn[] },
  seen: CourseWithSeats,
  sessionKey: string,
): AttendanceMarks {
  return {
    marks: marks.map(markView),
    walkIns: walkIns.map(walkInView),
    seatsFree: seatsFree(seen, sessionKey),
  };
}

function familyOf(
  registration: Registration,
  course: Course,
  session: Session,
  mayCall: boolean,
): ExpectedFamily {
  const { registrationId, applicant, participants, childcare, purged } = registration;
  const counts = countsExpected(course, registration, session.key);
  const person =
    (letter: string, isChild: boolean) =>
    ({ name, kana, birthDate }: Registration['participants'][number], index: number) =>
      ({
        key: `${letter}${index}`,
        name,
        kana,
        ...(isChild ? { months: ageInMonths(birthDate, session.date) } : {}),
      }) satisfies ExpectedPerson;
  return {
    registrationId,
    name: applicant.name,
    kana: applicant.kana,
    ...(mayCall && applicant.phone !== '' ? { phone: applicant.phone } : {}),
    people: [
      ...participants.map(person('p', course.eligibility.who === 'child')),
      ...childcare.slice(0, counts.childcare).map(person('c', true)),
    ],
    counts,
    hasNeeds: hasNeeds(registration),
    isPurged: purged === 'names',
  };
}
