/**
 * Personal data goes when its time is over, counted from a course's last session: telephone numbers,
 * addresses and wishes first, names later; the counts stay. Deadlines of the one clock do it, never a
 * TTL. A course that was moved is purged later; what was left undone is gone on with a minute later.
 */

import { purgeAttendance } from '../attendance/store.ts';
import { expiryAfter } from '../calendar/model.ts';
import { purgeCalls } from '../calls/store.ts';
import type { Centre } from '../centre/model.ts';
import type { Course, CourseId } from '../courses/model.ts';
import { getCourse } from '../courses/store.ts';
import { putDeadline } from '../platform/agenda.ts';
import { Unavailable } from '../platform/database.ts';
import type { ApiDeps } from '../platform/deps.ts';
import type { Registration } from './model.ts';
import { retentionEnd } from './rules.ts';
import {
  getRegistration,
  registrationsOfCourse,
  releaseHousehold,
  replaceRegistration,
} from './store.ts';

/** What goes at which time; the names of `purged` in a registration. */
export type PurgeStage = NonNullable<Registration['purged']>;
export const PURGE_STAGES: readonly PurgeStage[] = ['contacts', 'names'];

/** Kinds of the deadlines; their subject is the course. */
export const purgeKind: Readonly<Record<PurgeStage, string>> = {
  contacts: 'purge_contacts',
  names: 'purge_names',
};

/** The clock has 40 seconds for everything that is due: a large course takes several turns. */
const BUDGET_MS = 8_000;
/** Registrations that are purged side by side. */
const AT_ONCE = 10;
const TRIES = 10;
/** After how long the clock goes on; not at once, or its own deadline would count as met. */
const PAUSE_MS = 1_000;

type Deps = Pick<ApiDeps, 'database' | 'clock' | 'ids' | 'centre'>;

/** When a stage of a course is due. */
export function purgeAt(course: Course, stage: PurgeStage, booking: Centre['booking']): Date {
  const days = stage === 'contacts' ? booking.contactsDays : booking.retentionDays;
  return retentionEnd(course, days);
}

/** Sets the deadlines of a course, or moves them with its last session. Safe to repeat. */
export async function armPurge(deps: Deps, courseId: CourseId): Promise<void> {
  const course = await getCourse(deps.database, courseId);
  if (!course || course.publication === 'template') return;
  for (const stage of PURGE_STAGES) {
    await arm(deps, courseId, stage, purgeAt(course, stage, deps.centre.booking));
  }
}

function arm({ database }: Deps, courseId: CourseId, stage: PurgeStage, dueAt: Date) {
  return putDeadline(database, {
    key: `purge ${stage} ${courseId}`,
    kind: purgeKind[stage],
    subject: courseId,
    dueAt: dueAt.toISOString(),
  });
}

/**
 * Deletes what a stage deletes of every registration of a course, if it is due by the course as it is
 * now. @param budgetMs what is not done by then is gone on with by the next run of the clock
 */
export async function purgeCourse(
  deps: Deps,
  courseId: CourseId,
  stage: PurgeStage,
  budgetMs = BUDGET_MS,
): Promise<void> {
  const { database, clock, centre } = deps;
  const course = await getCourse(database, courseId);
  if (!course) return;
  const dueAt = purgeAt(course, stage, centre.booking);
  if (clock.now() < dueAt) {
    await arm(deps, courseId, stage, dueAt);
    return;
  }
  const expiresAt = expiryAfter(retentionEnd(course, centre.booking.countsDays), 0);
  const stopAt = performance.now() + budgetMs;
  let from: string | undefined;
  let began = clock.now().toISOString();
  do {
    const page = await registrationsOfCourse(database, courseId, from);
    // In the order of applying: the first of all is the first of the first page.
    const [first] = page.rows;
    if (first && first.acceptedAt < began) began = first.acceptedAt;
    const left = page.rows.filter((registration) => !isPurged(registration, stage));
    for (let next = 0; next < left.length; next += AT_ONCE) {
      const now = left.slice(next, next + AT_ONCE);
      await Promise.all(now.map((each) => purgeRegistration(deps, each, stage, expiresAt)));
      if (performance.now() > stopAt) {
        await arm(deps, courseId, stage, new Date(clock.now().getTime() + PAUSE_MS));
        return;
      }
    }
    from = page.next;
  } while (from !== undefined);
  await purgeCalls(database, courseId, monthsBetween(began, clock.now().toISOString()));
  await purgeAttendance(
    database,
    courseId,
    stage === 'contacts' ? ['note'] : ['note', 'by'],
    expiresAt,
  );
}

/** `2026-12`, `2027-01` … from the month of one instant to that of another. */
function monthsBetween(from: string, to: string): readonly string[] {
  const months: string[] = [];
  for (let month = from.slice(0, 7); month <= to.slice(0, 7); ) {
    months.push(month);
    const [year = 0, number = 0] = month.split('-').map(Number);
    month = new Date(Date.UTC(year, number, 1)).toISOString().slice(0, 7);
  }
  return months;
}

function isPurged({ purged }: Registration, stage: PurgeStage): boolean {
  return purged === 'names' || purged === stage;
}

async function purgeRegistration(
  { database, ids }: Deps,
  { registrationId }: Registration,
  stage: PurgeStage,
  expiresAt: Registration['expiresAt'],
): Promise<void> {
  for (let tries = 0; tries < TRIES; tries += 1) {
    const seen = await getRegistration(database, registrationId);
    if (!seen || isPurged(seen, stage)) return;
    const secret = `${registrationId.slice('reg_'.length)}-${ids.secret()}`;
    const rest = withoutContacts(seen, secret);
    const { committed } = await database.transact([
      replaceRegistration(
        database,
        {
          ...(stage === 'names' ? withoutNames(rest) : rest),
          purged: stage,
          revision: seen.revision + 1,
          expiresAt,
        },
        seen.revision,
      ),
      ...seen.households.map(({ key }) => releaseHousehold(database, key, registrationId)),
    ]);
    if (committed) return;
  }
  throw new Unavailable('The registration changed too often while it was purged');
}

/**
 * Without telephone, address, wishes and notes. @param secret one that nobody was told: the link in
 *   the mail is dead, because there is nothing left that it may show
 */
export function withoutContacts(registration: Registration, secret: string): Registration {
  const { allergy: _, needs: __, guardian, applicant, ...rest } = registration;
  return {
    ...rest,
    secret,
    applicant: { name: applicant.name, kana: applicant.kana, phone: '' },
    ...(guardian ? { guardian: { name: guardian.name, phone: '' } } : {}),
    notes: [],
    households: [],
  };
}

/** Without anybody's name, reading or birth date. */
export function withoutNames(registration: Registration): Registration {
  const { guardian: _, dueMonth: __, ...rest } = registration;
  return {
    ...rest,
    applicant: { name: '', kana: '', phone: '' },
    participants: [],
    childcare: [],
  };
}
