/** Tells the applicant by mail what happened to the registration, while it is still so. */
import { courseCalendar } from '../courses/calendar-file.ts';
import { bookedSessions } from '../courses/rules.ts';
import type { WorkerDeps } from '../platform/worker-deps.ts';
import { registrationEmail } from './emails.ts';
import type { RegistrationEvent, RegistrationStatus } from './model.ts';
import { withCourse } from './see.ts';
import { getRegistration } from './store.ts';

/** A mail is only sent while what it says is true. */
const TRUE_WHILE: Readonly<Record<RegistrationEvent['kind'], readonly RegistrationStatus[]>> = {
  registration_confirmed: ['confirmed'],
  registration_accepted: ['confirmed'],
  registration_waitlisted: ['waiting'],
  registration_offered: ['offered'],
  registration_cancelled: ['cancelled'],
  registration_declined: ['declined'],
  registration_lapsed: ['lapsed'],
  registration_applied_again: ['confirmed', 'waiting', 'offered'],
};

/** Nothing for who gave no address. The same event always has the same message id. */
export async function tellApplicant(event: RegistrationEvent, deps: WorkerDeps): Promise<void> {
  const { registrationId, kind, eventId } = event;
  const registration = await getRegistration(deps.database, registrationId);
  const to = registration?.applicant.email;
  if (!registration || to === undefined || !TRUE_WHILE[kind].includes(registration.status)) return;
  const { course, waitPosition } = await withCourse(deps, registration);
  // Nobody is asked to apply again for a course that was called off or withdrawn.
  if (kind === 'registration_lapsed' && course.publication !== 'published') return;
  const { centre, config, mailer } = deps;
  const email = registrationEmail(kind, {
    registration,
    course,
    centre,
    siteOrigin: config.siteOrigin,
    waitPosition,
  });
  const sessions = bookedSessions(course, registration.sessionKey);
  await mailer.send({
    to,
    fromName: centre.neutralName,
    ...email,
    messageId: `${eventId}.${kind}`,
    ...(registration.status === 'confirmed'
      ? { calendar: { filename: 'koza.ics', content: courseCalendar(course, sessions, centre) } }
      : {}),
  });
}
