/** What keeps the ひろば page and its calendars true: each morning, and when a course changes. */
import type { DomainEvent } from '../events.ts';
import type { DeadlineHandler, Refresh } from '../platform/consumer.ts';
import type { WorkerDeps } from '../platform/worker-deps.ts';
import { HIROBA_MORNING, publishHiroba } from './publish.tsx';

const HURTS =
  'ひろばのページやカレンダーの、開く日が古いままです。閉まっている日に、保護者が来てしまいます。';

export const hirobaRefreshes: readonly Refresh<DomainEvent, WorkerDeps>[] = [
  {
    name: 'publish_hiroba',
    // Dates of the 出張ひろば are courses.
    on: ['course_created', 'course_edited'],
    hurts: HURTS,
    keys: () => ['all'],
    all: async () => ['all'],
    run: (_key, deps) => publishHiroba(deps),
  },
];

export const hirobaDeadlines: readonly DeadlineHandler<WorkerDeps>[] = [
  { kind: HIROBA_MORNING, hurts: HURTS, run: (_subject, deps) => publishHiroba(deps) },
];
