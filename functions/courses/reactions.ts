/** What follows from anything that changes a course or its seats: pages that tell the truth. */
import type { DomainEvent } from '../events.ts';
import type { DeadlineHandler, Reaction, Refresh } from '../platform/consumer.ts';
import type { WorkerDeps } from '../platform/worker-deps.ts';
import { COURSE_MOMENT, followMoments, meetMoment } from './moments.ts';
import { publishCentreFeed, publishCourse, publishLists } from './publish.tsx';
import { currentCourseIds } from './see.ts';

const ANYTHING: readonly DomainEvent['kind'][] = [
  'course_created',
  'course_edited',
  'course_called_off',
  'course_moved',
  'registration_confirmed',
  'registration_waitlisted',
  'registration_offered',
  'registration_accepted',
  'registration_cancelled',
  'registration_declined',
  'registration_lapsed',
  'lottery_drawn',
  'lottery_settled',
];
const HURTS = '講座のページや残りの席が古いままで、申し込もうとする保護者が困ります。';

export const courseReactions: readonly Reaction<DomainEvent, WorkerDeps>[] = [
  {
    name: 'follow_moments',
    on: ['lottery_drawn'],
    hurts: '抽選で残った席の受付の終わりが、講座のページに出ません。',
    async run(event, deps) {
      if ('courseId' in event) await followMoments(deps, event.courseId);
    },
  },
];

export const courseRefreshes: readonly Refresh<DomainEvent, WorkerDeps>[] = [
  // The status first: a page that is already newer would be put back by its own script.
  {
    name: 'publish_lists',
    on: ANYTHING,
    hurts: HURTS,
    keys: () => ['all'],
    all: async () => ['all'],
    run: (_key, deps) => publishLists(deps),
  },
  {
    name: 'publish_course',
    on: ANYTHING,
    hurts: HURTS,
    keys: (event) => ('courseId' in event ? [event.courseId] : []),
    all: currentCourseIds,
    run: (courseId, deps) => publishCourse(deps, courseId),
  },
  {
    name: 'publish_centre_feed',
    on: ['course_created', 'course_edited'],
    hurts: '保護者の購読しているカレンダーで、講座の日時や中止が古いままです。',
    keys: () => ['all'],
    all: async () => ['all'],
    run: (_key, deps) => publishCentreFeed(deps),
  },
];

export const courseDeadlines: readonly DeadlineHandler<WorkerDeps>[] = [
  {
    kind: COURSE_MOMENT,
    hurts: HURTS,
    async run(courseId, deps) {
      await meetMoment(deps, courseId);
      await publishLists(deps);
      await publishCourse(deps, courseId);
      await publishCentreFeed(deps);
    },
  },
];
