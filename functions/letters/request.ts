/** From a mailbox's request to what it says: asked by us, signed by its key, and of the right shape. */
import type * as z from 'zod';
import type { ApiDeps } from '../platform/deps.ts';
import { type Refused, refuse } from '../platform/refusals.ts';
import { checkAsked } from './challenge.ts';
import type { LetterDesk, MailboxId, SignedRequest } from './model.ts';
import { type MailboxAction, signerOf } from './signing.ts';

const UNSIGNED = refuse(
  'signature_wrong',
  'あいことばの確認ができませんでした。ページを開き直して、もう一度お試しください。',
);
const MALFORMED = refuse('invalid_input', '送られた内容を読み取れませんでした。');

export interface Asked<Payload> {
  readonly mailbox: MailboxId;
  /** Part of the mailbox's id, so that it cannot be another than the one of its letters. */
  readonly desk: LetterDesk;
  readonly payload: Payload;
}

/** @returns whose request it is and what it says, or why it is refused */
export async function readRequest<Payload>(
  deps: Pick<ApiDeps, 'config'>,
  action: MailboxAction,
  schema: z.ZodType<Payload>,
  request: SignedRequest,
  now: Date,
): Promise<Asked<Payload> | Refused> {
  const stale = await checkAsked(deps, request, now);
  if (stale) return stale;
  const { keys, challenge, payload, signature } = request;
  const mailbox = signerOf(keys, action, challenge.parameters.nonce, payload, signature);
  if (mailbox === undefined) return UNSIGNED;
  const parsed = schema.safeParse(parseJson(payload));
  return parsed.success ? { mailbox, desk: keys.desk, payload: parsed.data } : MALFORMED;
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
