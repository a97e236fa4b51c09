/** The Lambda that SES's notices of undelivered mails reach: it sees events and single bookings. */
import { loadConfig } from '../platform/config.ts';
import { makeApiDeps } from '../platform/deps.ts';
import { makeNoticeHandler } from '../platform/mail-notices.ts';
import { callAfterBounce } from '../registrations/bounce.ts';

export const handler = makeNoticeHandler(callAfterBounce, makeApiDeps(loadConfig(process.env)));
