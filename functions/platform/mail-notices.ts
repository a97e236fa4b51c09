/**
 * What SES tells of a mail that it took and could not deliver. Of the notice, which names addresses,
 * nothing is read but its kind and our own message id; the rest is neither kept nor logged.
 */
import type { SNSEvent } from 'aws-lambda';
import * as z from 'zod';
import type { ApiDeps } from './deps.ts';
import { MESSAGE_HEADER } from './mailer.ts';

const Notice = z.object({
  eventType: z.string(),
  mail: z.object({
    headers: z.array(z.object({ name: z.string(), value: z.string() })).default([]),
  }),
});

/** Came back, or was thought dangerous and not sent. A complaint is about a mail that arrived. */
const UNDELIVERED: ReadonlySet<string> = new Set(['Bounce', 'Reject']);

/** The handler of the topic. What fails is delivered again, so `undelivered` must be safe to repeat. */
export function makeNoticeHandler<Deps extends ApiDeps>(
  undelivered: (deps: Deps, messageId: string) => Promise<void>,
  deps: Deps,
): (event: SNSEvent) => Promise<void> {
  return async ({ Records }) => {
    for (const { Sns } of Records) {
      const notice = read(Sns.Message);
      const messageId = notice?.mail.headers.find(
        ({ name }) => name.toLowerCase() === MESSAGE_HEADER.toLowerCase(),
      )?.value;
      if (!notice || messageId === undefined || !UNDELIVERED.has(notice.eventType)) continue;
      deps.log.info('A mail was not delivered', { kind: notice.eventType });
      await undelivered(deps, messageId.trim());
    }
  };
}

function read(message: string): z.infer<typeof Notice> | undefined {
  try {
    return Notice.safeParse(JSON.parse(message)).data;
  } catch {
    return undefined;
  }
}
