/** Plays EventBridge Scheduler for the clock Lambda: one call after another, never two at once. */
import { randomUUID } from 'node:crypto';
import type { Context, ScheduledEvent } from 'aws-lambda';
import { makeLambdaContext } from './lambda-context.ts';

export type ScheduledHandler = (event: ScheduledEvent, context: Context) => Promise<unknown>;

export interface Schedule {
  /** Waits for the call that is under way. */
  stop(): Promise<void>;
}

export interface ScheduleOptions {
  handler: ScheduledHandler;
  everyMs?: number;
  now?: () => Date;
  log?: (sentence: string) => void;
}

/** Calls every second here; in the cloud the same handler is called every minute. */
export function startSchedule(options: ScheduleOptions): Schedule {
  const { handler, everyMs = 1_000, now = () => new Date(), log = () => {} } = options;
  let timer: NodeJS.Timeout | undefined;
  let stopping = false;
  let failing = false;

  async function tick(): Promise<void> {
    try {
      await handler(scheduledEvent(now()), makeLambdaContext('clock', 60_000));
      failing = false;
    } catch (error) {
      if (!failing)
        log(`時刻の処理ができませんでした（${(error as Error)?.name}）。続けて試みます。`);
      failing = true;
    }
    if (!stopping) timer = setTimeout(next, everyMs);
  }

  let underWay = tick();
  function next(): void {
    underWay = tick();
  }

  return {
    async stop() {
      stopping = true;
      clearTimeout(timer);
      await underWay;
    },
  };
}

function scheduledEvent(at: Date): ScheduledEvent {
  return {
    version: '0',
    id: randomUUID(),
    'detail-type': 'Scheduled Event',
    source: 'aws.events',
    account: '123456789012',
    time: `${at.toISOString().slice(0, 19)}Z`,
    region: 'ap-northeast-1',
    resources: ['arn:aws:events:ap-northeast-1:123456789012:rule/clock'],
    detail: {},
  };
}
