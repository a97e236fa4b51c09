/** The Lambda that reads the events table's stream. */
import { wiring } from '../events.ts';
import { loadConfig } from '../platform/config.ts';
import { makeWorker } from '../platform/consumer.ts';
import { makeWorkerDeps } from '../platform/worker-deps.ts';

export const handler = makeWorker(wiring, makeWorkerDeps(loadConfig(process.env)));
