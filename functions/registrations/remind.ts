/**
 * What families are told by the clock: the day before a session that it is near, and after the last
 * one where they can say how it was. Deadlines are set from the course as it is; what is done when
 * one is due is decided from the course as it then is.
 */
import { addDays, instantInTokyo } from '../calendar/rules.ts';
import type { Centre } from '../centre/model.ts';
import type { Course, CourseId, Session } from '../courses/model.ts';
import { lastSession, startsAt, takesApplications } from '../courses/rules.ts';
import { getCourse } from '../courses/store.ts';
import { putDeadline } from '../platform/agenda.ts';
import type { ApiDeps } from '../platform/deps.ts';
import { appendOnce } from './announce.ts';
import type { RegistrationEvent } from './model.ts';
import { allRegistrationsOfCourse } from './store.ts';

/** Kind of the deadline before a session; its subject is the course and the session's key. */
export const REMIND = 'remind';
/** Kind of the deadline after the last session; its subject is the course. */
export const ASK_SURVEY = 'ask_survey';

type Settings = Pick<Centre['booking'], 'remindAt'>;

function reminderDue(session: Session, { remindAt }: Settings): Date {
  return instantInTokyo(addDays(session.date, -1), remindAt);
}

function surveyDue(course: Course, { remindAt }: Settings): Date {
  return instantInTokyo(addDays(lastSession(course.sessions).date, 1), remindAt);
}

/** Whether a reminder of the session is in place now: since the day before, and not too late. */
export function isTimeToRemind(
  course: Course,
  session: Session,
  settings: Settings,
  now: Date,
): boolean {
  return (
    course.publication === 'published' &&
    reminderDue(session, settings) <= now &&
    now < startsAt(session)
  );
}

/** Whether those who came can be asked how it was. */
export function isTimeToAsk(course: Course, settings: Settings, now: Date): boolean {
  return (
    course.surveyUrl !== undefined &&
    (course.publication === 'published' || course.publication === 'hidden') &&
    surveyDue(course, settings) <= now
  );
}

/** Sets the deadlines of a course that are still to come, or moves them. Safe to repeat. */
export async function setReminders(
  { database, clock, centre }: ApiDeps,
  courseId: CourseId,
): Promise<void> {
  const course = await getCourse(database, courseId);
  if (!course || course.publication === 'template' || !takesApplications(course)) return;
  const deadlines = [
    ...course.sessions.map((session) => ({
      key: `${REMIND} ${courseId} ${session.key}`,
      kind: REMIND,
      subject: `${courseId} ${session.key}`,
      due: reminderDue(session, centre.booking),
    })),
    ...(course.surveyUrl === undefined
      ? []
      : [
          {
            key: `${ASK_SURVEY} ${courseId}`,
            kind: ASK_SURVEY,
            subject: courseId,
            due: surveyDue(course, centre.booking),
          },
        ]),
  ];
  for (const { due, ...deadline } of deadlines) {
    if (due > clock.now()) await putDeadline(database, { ...deadline, dueAt: due.toISOString() });
  }
}

/** A session is near: who has a place in it for certain is told, once for each date it was given. */
export async function remindFamilies(deps: ApiDeps, subject: string): Promise<void> {
  const { database, clock, centre } = deps;
  const [courseId = '', key = ''] = subject.split(' ');
  const course = await getCourse(database, courseId);
  const session = course?.sessions.find((candidate) => candidate.key === key);
  if (!course || !session) return;
  if (!isTimeToRemind(course, session, centre.booking, clock.now())) return;
  const due = reminderDue(session, centre.booking).toISOString();
  await tellConfirmed(deps, courseId, (place) => isForSession(place, key), {
    kind: 'registration_reminder',
    // Who applies after that has the date before their eyes.
    appliedBy: due,
    idPart: `${key}_${session.date}`,
    sessionKey: key,
  });
}

/** The course is over: who had a place is asked how it was. */
export async function askSurvey(deps: ApiDeps, courseId: CourseId): Promise<void> {
  const { database, clock, centre } = deps;
  const course = await getCourse(database, courseId);
  if (!course || !isTimeToAsk(course, centre.booking, clock.now())) return;
  await tellConfirmed(deps, courseId, () => true, { kind: 'registration_survey' });
}

function isForSession({ sessionKey }: { readonly sessionKey?: string | undefined }, key: string) {
  return sessionKey === undefined || sessionKey === key;
}

async function tellConfirmed(
  { database, clock }: ApiDeps,
  courseId: CourseId,
  isMeant: (place: { readonly sessionKey?: string | undefined }) => boolean,
  telling: {
    readonly kind: RegistrationEvent['kind'];
    readonly appliedBy?: string;
    readonly idPart?: string;
    readonly sessionKey?: string;
  },
): Promise<void> {
  const { kind, appliedBy, idPart, sessionKey } = telling;
  const at = clock.now().toISOString();
  const all = await allRegistrationsOfCourse(database, courseId);
  const told = all.flatMap(({ registrationId, acceptedAt, places }): RegistrationEvent[] => {
    const meant = places.filter((place) => place.status === 'confirmed' && isMeant(place));
    if (meant.length === 0 || (appliedBy !== undefined && acceptedAt > appliedBy)) return [];
    return [
      {
        eventId: ['evt', kind, registrationId, ...(idPart ? [idPart] : [])].join('_'),
        kind,
        at,
        courseId,
        poolKeys: meant.map(({ poolKey }) => poolKey),
        registrationId,
        ...(sessionKey === undefined ? {} : { sessionKey }),
      },
    ];
  });
  await appendOnce(database, told);
}
