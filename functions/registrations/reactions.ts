/** What follows from a registration: a mail, an offer to the next in line, a form that is true. */
import { CourseEvent } from '../courses/model.ts';
import type { DomainEvent } from '../events.ts';
import type { DeadlineHandler, Reaction, Refresh } from '../platform/consumer.ts';
import type { WorkerDeps } from '../platform/worker-deps.ts';
import { announce, announceAgain, TELL_AGAIN } from './announce.ts';
import { applyResults, DRAW_RESULTS } from './draw-results.ts';
import { lapseOffers } from './lapse.ts';
import { RegistrationEvent } from './model.ts';
import { OFFER_ENDS } from './places.ts';
import { promoteInPools } from './promote.ts';
import { publishApplicationForm } from './publish.tsx';
import { armPurge, PURGE_STAGES, purgeCourse, purgeKind } from './purge.ts';
import { ASK_SURVEY, askSurvey, REMIND, remindFamilies, setReminders } from './remind.ts';
import { currentCourseIds } from './see.ts';
import { tellApplicant } from './tell.ts';

/** Events that change nothing but what a family knows. */
const ONLY_TELLS: ReadonlySet<string> = new Set<RegistrationEvent['kind']>([
  'registration_applied_again',
  'registration_course_called_off',
  'registration_course_moved',
  'registration_reminder',
  'registration_survey',
]);

const PURGE_HURTS = '保存期間を過ぎた個人情報が、消されないまま残ります。';
const NOT_TOLD = '抽選の結果が、申し込んだ保護者にまだ届いていません。';

export const registrationReactions: readonly Reaction<DomainEvent, WorkerDeps>[] = [
  {
    name: 'apply_results',
    on: ['lottery_drawn'],
    hurts: NOT_TOLD,
    async run(event, deps) {
      if ('courseId' in event) await applyResults(deps, event.courseId);
    },
  },
  {
    name: 'send_mail',
    on: RegistrationEvent.shape.kind.options,
    hurts: '申し込んだ保護者に、受付や空席のお知らせのメールが届いていません。',
    run: (event, deps) => tellApplicant(RegistrationEvent.parse(event), deps),
  },
  {
    name: 'tell_families_of_course',
    on: ['course_called_off', 'course_moved'],
    hurts: '講座の中止や日時の変更が、申し込んだ保護者に知らされていません。電話で伝えてください。',
    run: (event, deps) => announce(deps, CourseEvent.parse(event)),
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
      'course_called_off',
      'course_moved',
      'lottery_settled',
    ],
    hurts: '空いた席が、キャンセル待ちの保護者に案内されていません。',
    async run(event, deps) {
      if (!('courseId' in event)) return;
      await promoteInPools(deps, event.courseId, 'poolKeys' in event ? event.poolKeys : 'all');
    },
  },
  {
    name: 'arm_purge',
    on: CourseEvent.shape.kind.options,
    hurts: PURGE_HURTS,
    run: (event, deps) => armPurge(deps, CourseEvent.parse(event).courseId),
  },
];

export const registrationRefreshes: readonly Refresh<DomainEvent, WorkerDeps>[] = [
  {
    name: 'publish_application_form',
    on: [
      ...CourseEvent.shape.kind.options,
      'lottery_drawn',
      'lottery_settled',
      ...RegistrationEvent.shape.kind.options.filter((kind) => !ONLY_TELLS.has(kind)),
    ],
    hurts: '申し込みのページが古いままで、保護者が困ります。',
    keys: (event) => ('courseId' in event ? [event.courseId] : []),
    all: currentCourseIds,
    run: (courseId, deps) => publishApplicationForm(deps, courseId),
  },
  {
    name: 'set_reminders',
    on: ['course_created', 'course_edited', 'course_moved'],
    hurts: '講座の前の日のお知らせや、終わったあとのアンケートのご案内が、保護者に届きません。',
    keys: (event) => ('courseId' in event ? [event.courseId] : []),
    all: currentCourseIds,
    run: (courseId, deps) => setReminders(deps, courseId),
  },
];

export const registrationDeadlines: readonly DeadlineHandler<WorkerDeps>[] = [
  {
    kind: OFFER_ENDS,
    hurts: '期限の過ぎた空席の案内が終わらず、次に待つ保護者に席がまわりません。',
    run: (registrationId, deps) => lapseOffers(deps, registrationId),
  },
  {
    kind: TELL_AGAIN,
    hurts: '中止や変更の直前に申し込んだ保護者に、知らせが届いていないかもしれません。',
    run: (eventId, deps) => announceAgain(deps, eventId),
  },
  {
    kind: REMIND,
    hurts: '講座の前の日のお知らせが、保護者に届いていません。',
    run: (subject, deps) => remindFamilies(deps, subject),
  },
  {
    kind: ASK_SURVEY,
    hurts: '講座のアンケートのご案内が、参加した保護者に届いていません。',
    run: (courseId, deps) => askSurvey(deps, courseId),
  },
  ...PURGE_STAGES.map((stage) => ({
    kind: purgeKind[stage],
    hurts: PURGE_HURTS,
    run: (courseId: string, deps: WorkerDeps) => purgeCourse(deps, courseId, stage),
  })),
  {
    kind: DRAW_RESULTS,
    hurts: NOT_TOLD,
    run: (courseId, deps) => applyResults(deps, courseId),
  },
];
