/** What follows from a registration: a mail, an offer to the next in line, a form that is true. */
import { courseCalendar } from '../courses/calendar-file.ts';
import { bookedSessions } from '../courses/rules.ts';
import { getCourse, keysOfPools } from '../courses/store.ts';
import type { DomainEvent } from '../events.ts';
import type { DeadlineHandler, Reaction, Refresh } from '../platform/consumer.ts';
import type { WorkerDeps } from '../platform/worker-deps.ts';
import { registrationEmail } from './emails.ts';
import { lapseOffer } from './lapse.ts';
import { RegistrationEvent, type RegistrationStatus } from './model.ts';
import { OFFER_ENDS, promoteWaiting } from './promote.ts';
import { publishApplicationForm } from './publish.tsx';
import { withCourse } from './see.ts';
import { getRegistration } from './store.ts';

/** A mail is only sent while what it says is still so. */
const TRUE_WHILE: Readonly<Record<RegistrationEvent['kind'], RegistrationStatus>> = {
  registration_confirmed: 'confirmed',
  registration_accepted: 'confirmed',
  registration_waitlisted: 'waiting',
  registration_offered: 'offered',
  registration_cancelled: 'cancelled',
  registration_declined: 'declined',
  registration_lapsed: 'lapsed',
};

async function sendMail(event: DomainEvent, deps: WorkerDeps): Promise<void> {
  const { registrationId, kind, eventId } = RegistrationEvent.parse(event);
  const registration = await getRegistration(deps.database, registrationId);
  const to = registration?.applicant.email;
  if (!registration || to === undefined || registration.status !== TRUE_WHILE[kind]) return;
  const { course, waitPosition } = await withCourse(deps, registration);
  const { centre, config, mailer } = deps;
  const email = registrationEmail(kind, {
    registration,
    course,
    centre,
    siteOrigin: config.siteOrigin,
    waitPosition,
  });
  if (!email) return;
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

async function offerFreeSeats(event: DomainEvent, deps: WorkerDeps): Promise<void> {
  if ('poolKey' in event) return promoteWaiting(deps, event.courseId, event.poolKey);
  const course = await getCourse(deps.database, event.courseId);
  for (const key of course ? keysOfPools(course) : []) {
    await promoteWaiting(deps, event.courseId, key);
  }
}

export const registrationReactions: readonly Reaction<DomainEvent, WorkerDeps>[] = [
  {
    name: 'send_mail',
    on: RegistrationEvent.shape.kind.options,
    hurts: '申し込んだ保護者に、受付や空席のお知らせのメールが届いていません。',
    run: sendMail,
  },
  {
    name: 'offer_free_seats',
    on: [
      'registration_waitlisted',
      'registration_cancelled',
      'registration_declined',
      'registration_lapsed',
      'course_edited',
    ],
    hurts: '空いた席が、キャンセル待ちの保護者に案内されていません。',
    run: offerFreeSeats,
  },
];

export const registrationRefreshes: readonly Refresh<DomainEvent, WorkerDeps>[] = [
  {
    name: 'publish_application_form',
    on: ['course_created', 'course_edited', ...RegistrationEvent.shape.kind.options],
    hurts: '申し込みのページが古いままで、保護者が困ります。',
    keys: (event) => [event.courseId],
    run: (courseId, deps) => publishApplicationForm(deps, courseId),
  },
];

export const registrationDeadlines: readonly DeadlineHandler<WorkerDeps>[] = [
  {
    kind: OFFER_ENDS,
    hurts: '期限の過ぎた空席の案内が終わらず、次に待つ保護者に席がまわりません。',
    run: (registrationId, deps) => lapseOffer(deps, registrationId),
  },
];
