/** The roster (名簿) of a course: a page of it for the screen, the whole of it as a file. */
import { recordRead } from '../audit/store.ts';
import type { CourseId } from '../courses/model.ts';
import { getCourseWithSeats } from '../courses/store.ts';
import type { ApiDeps } from '../platform/deps.ts';
import type { Actor } from '../platform/endpoint.ts';
import { type Refused, refuse } from '../platform/refusals.ts';
import { rightsOf } from '../platform/rights.ts';
import type { Roster } from './desk-model.ts';
import { isForSession, peopleOn } from './desk-rules.ts';
import type { Registration, RegistrationId } from './model.ts';
import { rosterFile } from './roster-file.ts';
import { rosterCourse, rowFor } from './shown.ts';
import { allRegistrationsOfCourse, pageAfter, registrationsOfCourse } from './store.ts';

const NOT_FOUND = {
  ...refuse('course_not_found', 'この講座は見つかりませんでした。'),
  refused: 'course_not_found' as const,
} satisfies Refused;

export interface RosterWanted {
  readonly courseId: CourseId;
  /** Only who applied for this session. */
  readonly session?: string | undefined;
}

/** One page, in the order of applying. @param from where the page before ended */
export async function readRoster(
  deps: ApiDeps,
  { subject: actor, roles }: Actor,
  { courseId, session }: RosterWanted,
  from: string | undefined,
  now: Date,
): Promise<Roster | typeof NOT_FOUND> {
  const { database } = deps;
  const seen = await getCourseWithSeats(database, courseId);
  if (!seen) return NOT_FOUND;
  const page = await registrationsOfCourse(database, courseId, beginAfter(courseId, from));
  const rows = page.rows.filter((registration) => isForSession(seen.course, registration, session));
  await recordRead(
    deps,
    { action: 'roster_read', actor, subject: courseId, people: peopleOnAll(rows) },
    now,
  );
  const last = page.rows.at(-1);
  return {
    course: rosterCourse(seen.course),
    rows: rows.map((registration) => rowFor(roles, registration, seen, session)),
    ...(page.next === undefined || !last
      ? {}
      : { next: `${last.acceptedAt}#${last.registrationId}` }),
    may: [...rightsOf(roles)],
  };
}

/** The whole roster as a file for a spreadsheet, and what it is called. */
export async function exportRoster(
  deps: ApiDeps,
  { subject: actor, roles }: Actor,
  { courseId, session }: RosterWanted,
  now: Date,
): Promise<{ readonly name: string; readonly text: string } | typeof NOT_FOUND> {
  const seen = await getCourseWithSeats(deps.database, courseId);
  if (!seen) return NOT_FOUND;
  const all = await allRegistrationsOfCourse(deps.database, courseId);
  const rows = all.filter((registration) => isForSession(seen.course, registration, session));
  await recordRead(
    deps,
    { action: 'roster_exported', actor, subject: courseId, people: peopleOnAll(rows) },
    now,
  );
  return rosterFile(
    { course: seen.course, session },
    rows.map((registration) => rowFor(roles, registration, seen, session)),
    rightsOf(roles),
  );
}

function peopleOnAll(rows: readonly Registration[]): number {
  return rows.reduce((sum, registration) => sum + peopleOn(registration), 0);
}

function beginAfter(courseId: CourseId, from: string | undefined): string | undefined {
  if (from === undefined) return undefined;
  const [acceptedAt = '', registrationId = ''] = from.split('#');
  return pageAfter({ courseId, acceptedAt, registrationId: registrationId as RegistrationId });
}
