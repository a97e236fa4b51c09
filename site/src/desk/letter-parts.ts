/** The desk's calls about sealed pictures: an answer's, put away in parts; a conversation's, fetched. */
import {
  type Attachment,
  fromBase64,
  type SealedPart,
  type SealedPicture,
  splitSealed,
  toBase64,
} from '../sealing.ts';
import { call, RefusedError } from './api.ts';

/**
 * Sends a sealed picture before the draft that names it. The same parts again lie there once, so that it can
 * be called again after a lost answer.
 * @param sent parts that the server has; kept by the caller between tries
 */
export async function uploadPicture(
  accessToken: string,
  mailbox: string,
  { attachment, sealed }: SealedPicture,
  sent: Set<number> = new Set(),
): Promise<void> {
  for (const [index, bytes] of splitSealed(sealed).entries()) {
    const part = index + 1;
    if (sent.has(part)) continue;
    const body = { attachment: attachment.id, part, sealed: toBase64(bytes) };
    await call(accessToken, 'POST', `/api/staff/letters/${mailbox}/parts`, body);
    sent.add(part);
  }
}

/** The parts of a picture, for `openPicture`; undefined: not there. */
export async function downloadPicture(
  accessToken: string,
  mailbox: string,
  { id, parts }: Pick<Attachment, 'id' | 'parts'>,
): Promise<readonly (Uint8Array | undefined)[]> {
  const found: (Uint8Array | undefined)[] = [];
  for (let part = 1; part <= parts; part += 1) {
    const path = `/api/staff/letters/${mailbox}/parts/${id}/${part}`;
    const answer = await call<SealedPart>(accessToken, 'GET', path).catch((error: unknown) => {
      if (error instanceof RefusedError && error.code === 'attachment_missing') return undefined;
      throw error;
    });
    found.push(answer && fromBase64(answer.sealed));
  }
  return found;
}
