/**
 * One JSON line for each thing that happened. Only the fields listed here can be written, and none
 * of them can hold what a person typed: that is how no personal value reaches a log.
 */

/** Everything a log line may carry. Ids, kinds, numbers and codes of our own. */
export interface LogFields {
  readonly requestId?: string;
  readonly route?: string;
  readonly status?: number;
  readonly code?: string;
  readonly reaction?: string;
  readonly eventId?: string;
  readonly kind?: string;
  readonly attempt?: number;
  readonly durationMs?: number;
  readonly count?: number;
  readonly deadline?: string;
  /** Name of an error's class, never its message: messages quote values. */
  readonly error?: string;
  /** Where in our own code it was thrown: function and line, no values. */
  readonly at?: string;
  /** For alarms: who is hurt, as a sentence of ours. */
  readonly hurts?: string;
}

export interface Log {
  info(message: string, fields?: LogFields): void;
  error(message: string, fields?: LogFields): void;
  /** Counts something for an alarm (CloudWatch embedded metric format). */
  metric(name: string, fields?: LogFields): void;
}

const ALLOWED = [
  'requestId',
  'route',
  'status',
  'code',
  'reaction',
  'eventId',
  'kind',
  'attempt',
  'durationMs',
  'count',
  'deadline',
  'error',
  'at',
  'hurts',
] as const satisfies readonly (keyof LogFields)[];

/** Builds a log that writes lines with `write`. */
export function makeLog(write: (line: string) => void, now: () => Date = () => new Date()): Log {
  const line = (level: string, message: string, fields: LogFields = {}, extra: object = {}) => {
    const picked: Record<string, unknown> = {};
    for (const name of ALLOWED) if (fields[name] !== undefined) picked[name] = fields[name];
    write(JSON.stringify({ time: now().toISOString(), level, message, ...picked, ...extra }));
  };
  return {
    info: (message, fields) => line('info', message, fields),
    error: (message, fields) => line('error', message, fields),
    metric: (name, fields) =>
      line('info', name, fields, {
        [name]: 1,
        _aws: {
          Timestamp: now().getTime(),
          CloudWatchMetrics: [
            { Namespace: 'Hidamari', Dimensions: [[]], Metrics: [{ Name: name, Unit: 'Count' }] },
          ],
        },
      }),
  };
}

/** An error as log fields: its class and the first place in our code, without its message. */
export function errorFields(error: unknown): LogFields {
  if (!(error instanceof Error)) return { error: typeof error };
  // The stack repeats the message, in which a line of somebody's text may look like a place.
  const place = error.stack
    ?.replace(error.message, '')
    .split('\n')
    .find((frame) => /^\s+at /.test(frame))
    ?.trim()
    .replace(/\(?(?:file:\/\/)?[^\s()]*\/([^/\s()]+:\d+):\d+\)?$/, '$1');
  return { error: error.name, ...(place ? { at: place } : {}) };
}
