/** What follows from anything that changes a lottery: the page and the file that tell of it. */
import type { DomainEvent } from '../events.ts';
import type { Refresh } from '../platform/consumer.ts';
import type { WorkerDeps } from '../platform/worker-deps.ts';
import { publishDraw } from './publish.tsx';
import { lotteryCourseIds } from './see.ts';

export const lotteryRefreshes: readonly Refresh<DomainEvent, WorkerDeps>[] = [
  {
    name: 'publish_draw',
    on: ['lottery_opened', 'lottery_closed', 'lottery_drawn', 'course_edited'],
    hurts: '抽選のページが古いままで、申し込んだ保護者が結果を確かめられません。',
    keys: (event) => ('courseId' in event ? [event.courseId] : []),
    all: lotteryCourseIds,
    run: (courseId, deps) => publishDraw(deps, courseId),
  },
];
