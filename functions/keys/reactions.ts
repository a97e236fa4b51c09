/** What follows from keys: an alarm when a desk hangs on one person. */
import type { DomainEvent } from '../events.ts';
import type { Reaction } from '../platform/consumer.ts';
import type { WorkerDeps } from '../platform/worker-deps.ts';
import { KeyEvent } from './model.ts';

export const keyReactions: readonly Reaction<DomainEvent, WorkerDeps>[] = [
  {
    name: 'warn_of_thin_desks',
    on: ['keys_changed'],
    hurts: '手紙を開ける職員が2人に満たない相談室があることが、知らされていません。',
    async run(event, { log }) {
      const { thin } = KeyEvent.parse(event);
      if (thin.length === 0) return;
      log.metric('desk_thin', {
        count: thin.length,
        hurts:
          '手紙を開ける職員が2人に満たない相談室があります。1人が休むと、手紙を読めません。「鍵」の画面で、もう1人に許可してください。',
      });
    },
  },
];
