/** The Lambda that runs every minute and does what is due. */
import { wiring } from '../events.ts';
import { loadConfig } from '../platform/config.ts';
import { makeClockHandler } from '../platform/consumer.ts';
import { makeWorkerDeps } from '../platform/worker-deps.ts';

export const handler = makeClockHandler(wiring, makeWorkerDeps(loadConfig(process.env)));
