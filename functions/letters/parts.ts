/** Sealed pictures, in parts: put away before their letter, and swept when no letter ever names them. */
import type { ApiDeps } from '../platform/deps.ts';
import { type Refused, refuse } from '../platform/refusals.ts';
import type { MailboxId, SentAttachment } from './model.ts';

const MISSING = refuse(
  'attachment_missing',
  '写真がまだ全部とどいていません。もう一度、送るボタンを押してください。',
);

/** Whether every part that a letter names has arrived. */
export async function missingParts(
  _deps: ApiDeps,
  _mailbox: MailboxId,
  attachments: readonly SentAttachment[],
): Promise<Refused | undefined> {
  return attachments.length > 0 ? MISSING : undefined;
}
