/**
 * Tells the applicant by mail what happened, unless something else has happened meanwhile; by a call
 * of the staff where no mail reaches them.
 */

import { dayInTokyo } from '../calendar/rules.ts';
import type { CallReason } from '../calls/model.ts';
import { callBy, limitCallId, reasonWithoutMail } from '../calls/rules.ts';
import { openCall } from '../calls/store.ts';
import { courseCalendar } from '../courses/calendar-file.ts';
import type { Course } from '../courses/model.ts';
import { getLottery } from '../lotteries/store.ts';
import { emailAddressKey } from '../persons/rules.ts';
import { keyedHash } from '../platform/keyed-hash.ts';
import type { WorkerDeps } from '../platform/worker-deps.ts';
import { registrationEmail } from './emails.ts';
import type { Registration, RegistrationEvent, RegistrationStatus } from './model.ts';
import { isLive } from './places.ts';
import { isTimeToAsk, isTimeToRemind } from './remind.ts';
import { confirmedSessions } from './rules.ts';
import { withCourse } from './see.ts';
import { countMail, getRegistration } from './store.ts';

const LIVE: readonly RegistrationStatus[] = ['confirmed', 'waiting', 'offered', 'applied'];

/** A mail is only sent while what it says is true of a place that it is about. */
const TRUE_WHILE: Readonly<Record<RegistrationEvent['kind'], readonly RegistrationStatus[]>> = {
  registration_confirmed: ['confirmed'],
  registration_accepted: ['confirmed'],
  registration_waitlisted: ['waiting'],
  registration_entered: ['applied'],
  registration_offered: ['offered'],
  registration_cancelled: ['cancelled', 'declined'],
  registration_declined: ['declined'],
  registration_lapsed: ['lapsed'],
  registration_moved: ['confirmed', 'waiting'],
  registration_won: ['offered'],
  registration_reserve: ['waiting'],
  registration_lost: ['lost'],
  registration_applied_again: LIVE,
  registration_course_called_off: LIVE,
  registration_course_moved: LIVE,
  registration_reminder: ['confirmed'],
  registration_survey: ['confirmed'],
};

/** The course's dates belong into a calendar; a reminder and a survey change nothing in it. */
const WITHOUT_CALENDAR: readonly RegistrationEvent['kind'][] = [
  'registration_reminder',
  'registration_survey',
];

/** Nobody needs more; whoever fills a stranger's mailbox with our confirmations ends here. */
export const MAILS_A_DAY = 20;

/** Once for each event. The same event always has the same message id. */
export async function tellApplicant(event: RegistrationEvent, deps: WorkerDeps): Promise<void> {
  const { registrationId, kind, eventId, poolKeys, sessionKey, was } = event;
  const { centre, clock, config, database, mailer } = deps;
  const registration = await getRegistration(database, registrationId);
  if (!registration || registration.purged) return;
  const meant = registration.places.filter(({ poolKey }) => poolKeys.includes(poolKey));
  if (!meant.some(({ status }) => TRUE_WHILE[kind].includes(status))) return;
  const { course, waitPositions } = await withCourse(deps, registration);
  if (!isTrueOfCourse(event, course, deps)) return;

  const call = (callId: string, reason: CallReason) =>
    askForCall(deps, event, { callId, reason, registration, course });
  const to = registration.applicant.email;
  if (to === undefined) {
    const reason = reasonWithoutMail(kind);
    if (reason !== undefined) await call(eventId, reason);
    return;
  }
  // A phone that drops mails with links has nothing of a mail that is only a link.
  if (kind === 'registration_survey' && registration.mailWithoutLink) return;
  const messageId = `${eventId}.${kind}`;
  const now = clock.now();
  const addressDay = keyedHash(
    config.formKey,
    'mails',
    `${emailAddressKey(to)} ${dayInTokyo(now)}`,
  );
  if (!(await countMail(database, { addressDay, messageId, most: MAILS_A_DAY }, now))) {
    await call(limitCallId(event, addressDay), 'mail_limit');
    return;
  }
  const email = registrationEmail(kind, {
    registration,
    course,
    centre,
    siteOrigin: config.siteOrigin,
    meant,
    waitPositions,
    sessionKey,
    was,
    commitment: await commitmentFor(event, deps),
  });
  const sessions = WITHOUT_CALENDAR.includes(kind)
    ? []
    : confirmedSessions(course, registration.places);
  await mailer.send({
    to,
    fromName: centre.neutralName,
    ...email,
    messageId,
    ...(sessions.length > 0
      ? { calendar: { filename: 'koza.ics', content: courseCalendar(course, sessions, centre) } }
      : {}),
  });
}

/** What a mail says of the course has to be so as well. */
function isTrueOfCourse(
  { kind, sessionKey }: RegistrationEvent,
  course: Course,
  { centre, clock }: WorkerDeps,
): boolean {
  switch (kind) {
    case 'registration_lapsed':
      // Nobody is asked to apply again for a course that was called off or withdrawn.
      return course.publication === 'published';
    case 'registration_course_called_off':
      return course.publication === 'cancelled';
    case 'registration_offered':
    case 'registration_course_moved':
      return course.publication !== 'cancelled';
    case 'registration_reminder': {
      const session = course.sessions.find(({ key }) => key === sessionKey);
      return session !== undefined && isTimeToRemind(course, session, centre.booking, clock.now());
    }
    case 'registration_survey':
      return isTimeToAsk(course, centre.booking, clock.now());
    default:
      return true;
  }
}

async function askForCall(
  { database, clock }: WorkerDeps,
  { courseId, kind, poolKeys, was = [] }: RegistrationEvent,
  {
    callId,
    reason,
    registration,
    course,
  }: {
    readonly callId: string;
    readonly reason: CallReason;
    readonly registration: Registration;
    readonly course: Course;
  },
): Promise<void> {
  const meant = registration.places.filter(
    (place) => isLive(place) && poolKeys.includes(place.poolKey),
  );
  // What is over (a cancellation that was received) is not worth a call.
  if (meant.length === 0) return;
  const now = clock.now();
  await openCall(database, {
    callId,
    registrationId: registration.registrationId,
    courseId,
    reason,
    about: kind,
    poolKeys,
    dueAt: callBy(course, meant, was, now),
    createdAt: now.toISOString(),
    tries: [],
  });
}

/** The seal of the draw's seed, for the mail that proves when it was there. */
async function commitmentFor(
  { kind, courseId }: RegistrationEvent,
  { database }: WorkerDeps,
): Promise<string | undefined> {
  if (kind !== 'registration_entered') return undefined;
  return (await getLottery(database, courseId))?.commitment;
}
