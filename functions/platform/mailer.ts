/** Mail out: MIME composed by nodemailer, handed to SES raw; on one machine to a local SES. */
import { SESClient, SendRawEmailCommand } from '@aws-sdk/client-ses';
import MailComposer from 'nodemailer/lib/mail-composer/index.js';
import { type Config, endpointSettings } from './config.ts';

/** Names our own message id, in a mail and in what SES tells of it. */
export const MESSAGE_HEADER = 'X-Hidamari-Message';

export interface Mail {
  readonly to: string;
  readonly fromName: string;
  /** Another address than the usual one; nothing in the mail then names this system. */
  readonly from?: string;
  readonly subject: string;
  readonly text: string;
  /**
   * The same for every attempt at the same mail, so that a mailbox can drop a second copy. SES
   * replaces Message-ID by its own, therefore it is repeated in a header that SES keeps.
   */
  readonly messageId: string;
  readonly calendar?: { readonly filename: string; readonly content: string };
}

export interface Mailer {
  /** @throws when SES does not take the mail; the reaction is then tried again later. */
  send(mail: Mail): Promise<void>;
}

export function makeMailer(config: Pick<Config, 'region' | 'sesEndpoint' | 'mailFrom'>): Mailer {
  const client = new SESClient({
    region: config.region,
    maxAttempts: 1,
    // Without the last of these the SDK only warns, and waits as long as an endpoint that hangs.
    requestHandler: {
      connectionTimeout: 2_000,
      requestTimeout: 8_000,
      throwOnRequestTimeout: true,
    },
    ...endpointSettings(config.sesEndpoint),
  });
  return {
    async send(mail) {
      await client.send(
        new SendRawEmailCommand({ RawMessage: { Data: await compose(mail, config.mailFrom) } }),
      );
    },
  };
}

/**
 * The MIME message. nodemailer quotes local parts that RFC 5321 forbids and Japanese carriers
 * once sold (`"a..b"@docomo.ne.jp`); recipients are read from the header by SES.
 */
export function compose(mail: Mail, mailFrom: string): Promise<Buffer> {
  const address = mail.from ?? mailFrom;
  const domain = address.slice(address.indexOf('@') + 1);
  return new MailComposer({
    from: { name: mail.fromName, address },
    to: { name: '', address: mail.to },
    subject: mail.subject,
    text: mail.text,
    textEncoding: 'base64',
    messageId: `<${mail.messageId}@${domain}>`,
    headers: {
      ...(mail.from === undefined ? { [MESSAGE_HEADER]: mail.messageId } : {}),
      // Tells holiday responders and list software not to answer a machine.
      'Auto-Submitted': 'auto-generated',
    },
    ...(mail.calendar
      ? {
          attachments: [
            {
              filename: mail.calendar.filename,
              content: mail.calendar.content,
              contentType: 'text/calendar; charset=utf-8; method=PUBLISH',
            },
          ],
        }
      : {}),
  })
    .compile()
    .build();
}
