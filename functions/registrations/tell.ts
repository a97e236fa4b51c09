/** Tells the applicant by mail what happened to the registration, while it is still so. */
import { courseCalendar } from '../courses/calendar-file.ts';
import type { WorkerDeps } from '../platform/worker-deps.ts';
import { registrationEmail } from './emails.ts';
import type { RegistrationEvent, RegistrationStatus } from './model.ts';
import { confirmedSessions } from './rules.ts';
import { withCourse } from './see.ts';
import { getRegistration } from './store.ts';

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
  registration_applied_again: ['confirmed', 'waiting', 'offered', 'applied'],
};

/** Nothing for who gave no address. The same event always has the same message id. */
export async function tellApplicant(event: RegistrationEvent, deps: WorkerDeps): Promise<void> {
  const { registrationId, kind, eventId, poolKeys } = event;
  const registration = await getRegistration(deps.database, registrationId);
  const to = registration?.applicant.email;
  if (!registration || to === undefined) return;
  const meant = registration.places.filter(({ poolKey }) => poolKeys.includes(poolKey));
  if (!meant.some(({ status }) => TRUE_WHILE[kind].includes(status))) return;
  const { course, waitPositions } = await withCourse(deps, registration);
  // Nobody is asked to apply again for a course that was called off or withdrawn.
  if (kind === 'registration_lapsed' && course.publication !== 'published') return;
  const { centre, config, mailer } = deps;
  const email = registrationEmail(kind, {
    registration,
    course,
    centre,
    siteOrigin: config.siteOrigin,
    meant,
    waitPositions,
  });
  const sessions = confirmedSessions(course, registration.places);
  await mailer.send({
    to,
    fromName: centre.neutralName,
    ...email,
    messageId: `${eventId}.${kind}`,
    ...(sessions.length > 0
      ? { calendar: { filename: 'koza.ics', content: courseCalendar(course, sessions, centre) } }
      : {}),
  });
}
