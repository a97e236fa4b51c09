/** What follows from anything that changes a course or its seats: pages that tell the truth. */
import type { DomainEvent } from '../events.ts';
import type { DeadlineHandler, Refresh } from '../platform/consumer.ts';
import type { WorkerDeps } from '../platform/worker-deps.ts';
import { COURSE_MOMENT } from './moments.ts';
import { publishCourse, publishLists } from './publish.tsx';
import { endsAt, lastSession } from './rules.ts';
import { getCourse, removeFromCurrent } from './store.ts';

const ANYTHING: readonly DomainEvent['kind'][] = [
  'course_created',
  'course_edited',
  'registration_confirmed',
  'registration_waitlisted',
  'registration_offered',
  'registration_accepted',
  'registration_cancelled',
  'registration_declined',
  'registration_lapsed',
];
const HURTS = '講座のページや残りの席が古いままで、申し込もうとする保護者が困ります。';

export const courseRefreshes: readonly Refresh<DomainEvent, WorkerDeps>[] = [
  {
    name: 'publish_course',
    on: ANYTHING,
    hurts: HURTS,
    keys: (event) => [event.courseId],
    run: (courseId, deps) => publishCourse(deps, courseId),
  },
  {
    name: 'publish_lists',
    on: ANYTHING,
    hurts: HURTS,
    keys: () => ['all'],
    run: (_key, deps) => publishLists(deps),
  },
];

export const courseDeadlines: readonly DeadlineHandler<WorkerDeps>[] = [
  {
    kind: COURSE_MOMENT,
    hurts: HURTS,
    /** Applications opened or closed, or the course is over and leaves the list. */
    async run(courseId, deps) {
      const course = await getCourse(deps.database, courseId);
      if (course && endsAt(lastSession(course.sessions)) <= deps.clock.now()) {
        await deps.database.transact([removeFromCurrent(deps.database, course)]);
      }
      await publishCourse(deps, courseId);
      await publishLists(deps);
    },
  },
];
