/** The handlers of the four Lambdas, made from given parts instead of the environment. */
import { publicEndpoints, staffEndpoints } from '../../functions/api.ts';
import { wiring } from '../../functions/events.ts';
import { makeClockHandler, makeWorker } from '../../functions/platform/consumer.ts';
import { makeApi } from '../../functions/platform/http.ts';
import type { WorkerDeps } from '../../functions/platform/worker-deps.ts';
import { messagePage } from '../../functions/registrations/endpoints.tsx';
import type { ApiHandler } from './api-gateway.ts';
import type { ScheduledHandler } from './schedule.ts';
import type { StreamConsumer } from './stream.ts';

export interface Handlers {
  publicApi: ApiHandler;
  staffApi: ApiHandler;
  worker: StreamConsumer;
  clock: ScheduledHandler;
}

export function makeHandlers(deps: WorkerDeps): Handlers {
  return {
    publicApi: makeApi(publicEndpoints, deps, messagePage),
    staffApi: makeApi(staffEndpoints, deps, messagePage),
    worker: makeWorker(wiring, deps),
    clock: makeClockHandler(wiring, deps),
  };
}
