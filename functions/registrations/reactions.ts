/** What follows from a registration: a mail, an offer to the next in line, a form that is true. */
import type { DomainEvent } from '../events.ts';
import type { DeadlineHandler, Reaction, Refresh } from '../platform/consumer.ts';
import type { WorkerDeps } from '../platform/worker-deps.ts';
import { OFFER_ENDS } from './commit.ts';
import { lapseOffers } from './lapse.ts';
import { RegistrationEvent } from './model.ts';
import { promoteInPools } from './promote.ts';
import { publishApplicationForm } from './publish.tsx';
import { currentCourseIds } from './see.ts';
import { tellApplicant } from './tell.ts';

export const registrationReactions: readonly Reaction<DomainEvent, WorkerDeps>[] = [
  {
    name: 'send_mail',
    on: RegistrationEvent.shape.kind.options,
    hurts: '申し込んだ保護者に、受付や空席のお知らせのメールが届いていません。',
    run: (event, deps) => tellApplicant(RegistrationEvent.parse(event), deps),
  },
  {
    name: 'offer_free_seats',
    on: [
      'registration_confirmed',
      'registration_waitlisted',
      'registration_accepted',
      'registration_cancelled',
      'registration_declined',
      'registration_lapsed',
      'registration_moved',
      'course_edited',
    ],
    hurts: '空いた席が、キャンセル待ちの保護者に案内されていません。',
    async run(event, deps) {
      if (!('courseId' in event)) return;
      await promoteInPools(deps, event.courseId, 'poolKeys' in event ? event.poolKeys : 'all');
    },
  },
];

export const registrationRefreshes: readonly Refresh<DomainEvent, WorkerDeps>[] = [
  {
    name: 'publish_application_form',
    on: ['course_created', 'course_edited', ...RegistrationEvent.shape.kind.options],
    hurts: '申し込みのページが古いままで、保護者が困ります。',
    keys: (event) => ('courseId' in event ? [event.courseId] : []),
    all: currentCourseIds,
    run: (courseId, deps) => publishApplicationForm(deps, courseId),
  },
];

export const registrationDeadlines: readonly DeadlineHandler<WorkerDeps>[] = [
  {
    kind: OFFER_ENDS,
    hurts: '期限の過ぎた空席の案内が終わらず、次に待つ保護者に席がまわりません。',
    run: (registrationId, deps) => lapseOffers(deps, registrationId),
  },
];
