/** The handlers of the Lambdas, made from given parts instead of the environment. */
import type { SNSEvent } from 'aws-lambda';
import { letterEndpoints, publicEndpoints, staffEndpoints } from '../../functions/api.ts';
import { wiring } from '../../functions/events.ts';
import { makeClockHandler, makeWorker } from '../../functions/platform/consumer.ts';
import { makeApi } from '../../functions/platform/http.ts';
import { makeNoticeHandler } from '../../functions/platform/mail-notices.ts';
import type { WorkerDeps } from '../../functions/platform/worker-deps.ts';
import { callAfterBounce } from '../../functions/registrations/bounce.ts';
import { messagePage } from '../../functions/registrations/endpoints.tsx';
import type { ApiHandler } from './api-gateway.ts';
import type { ScheduledHandler } from './schedule.ts';
import type { StreamConsumer } from './stream.ts';

export interface Handlers {
  publicApi: ApiHandler;
  lettersApi: ApiHandler;
  staffApi: ApiHandler;
  worker: StreamConsumer;
  clock: ScheduledHandler;
  bounces: (notice: SNSEvent) => Promise<void>;
}

export function makeHandlers(deps: WorkerDeps): Handlers {
  return {
    publicApi: makeApi(publicEndpoints, deps, messagePage),
    lettersApi: makeApi(letterEndpoints, deps, messagePage),
    staffApi: makeApi(staffEndpoints, deps, messagePage),
    worker: makeWorker(wiring, deps),
    clock: makeClockHandler(wiring, deps),
    bounces: makeNoticeHandler(callAfterBounce, deps),
  };
}
