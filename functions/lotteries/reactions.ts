/**
 * What follows from a notice, and from anything that changes a lottery: it opens and closes in its
 * time, and the page and the file tell of it.
 */
import type { DomainEvent } from '../events.ts';
import type { DeadlineHandler, Reaction, Refresh } from '../platform/consumer.ts';
import type { WorkerDeps } from '../platform/worker-deps.ts';
import { closeWhenDue } from './close.ts';
import { followNotice, LOTTERY_CLOSES } from './open.ts';
import { publishDraw } from './publish.tsx';
import { lotteryCourseIds } from './see.ts';

export const lotteryReactions: readonly Reaction<DomainEvent, WorkerDeps>[] = [
  {
    name: 'open_lottery',
    on: ['course_created', 'course_edited'],
    hurts: '抽選の受付が始まらず、保護者が申し込めません。',
    async run(event, deps) {
      if ('courseId' in event) await followNotice(deps, event.courseId);
    },
  },
];

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

export const lotteryDeadlines: readonly DeadlineHandler<WorkerDeps>[] = [
  {
    kind: LOTTERY_CLOSES,
    hurts: '抽選の申し込みの一覧に封ができず、抽選ができません。',
    run: (courseId, deps) => closeWhenDue(deps, courseId),
  },
];
