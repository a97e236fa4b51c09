/**
 * Plays SES's mailbox simulator: what is sent to `bounce@simulator.example.jp` (or `bounce+…@`) is
 * taken and then comes back, as the notice that the topic would hand to the Lambda.
 */
import { randomUUID } from 'node:crypto';
import type { SNSEvent } from 'aws-lambda';

/** Whether a mail to these addresses comes back. */
export function comesBack(to: readonly string[]): boolean {
  return to.some((address) => /\bbounce(\+[^@\s<>]*)?@simulator\.example\.jp\b/.test(address));
}

/** The notice of a mail that came back. @param raw the whole message */
export function bounceNotice(raw: Buffer, to: readonly string[], at: string): SNSEvent {
  const message = {
    eventType: 'Bounce',
    bounce: {
      bounceType: 'Permanent',
      bounceSubType: 'General',
      bouncedRecipients: to.map((emailAddress) => ({ emailAddress, status: '5.1.1' })),
      timestamp: at,
    },
    mail: {
      timestamp: at,
      messageId: randomUUID(),
      destination: to,
      headersTruncated: false,
      headers: headersOf(raw.toString('utf8')),
    },
  };
  return {
    Records: [
      {
        EventVersion: '1.0',
        EventSource: 'aws:sns',
        EventSubscriptionArn: 'arn:aws:sns:local:123456789012:mail-notices:local',
        Sns: {
          Type: 'Notification',
          MessageId: randomUUID(),
          TopicArn: 'arn:aws:sns:local:123456789012:mail-notices',
          Subject: 'Amazon SES Email Event Notification',
          Message: JSON.stringify(message),
          Timestamp: at,
          SignatureVersion: '1',
          Signature: '',
          SigningCertUrl: '',
          UnsubscribeUrl: '',
          MessageAttributes: {},
        },
      },
    ],
  };
}

function headersOf(raw: string): { name: string; value: string }[] {
  const [head = ''] = raw.split(/\r?\n\r?\n/, 1);
  return head
    .replace(/\r?\n[ \t]+/g, ' ')
    .split(/\r?\n/)
    .flatMap((line) => {
      const at = line.indexOf(':');
      return at > 0 ? [{ name: line.slice(0, at), value: line.slice(at + 1).trim() }] : [];
    });
}
