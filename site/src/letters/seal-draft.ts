/** From what somebody wrote to the sealed letter that is sent. After this, its bytes never change. */
import {
  currentEpoch,
  type KeyList,
  type LetterContent,
  type Mailbox,
  type Newest,
  sealLetter,
} from '../sealing.ts';
import type { LetterToPost } from './client.ts';
import type { Draft } from './machine.ts';
import { type SentPhotos, sealPhotos } from './photo.ts';

export interface Sealing {
  readonly list: KeyList;
  readonly mailbox: Mailbox;
  /** The newest letter seen from each side; none before the first. */
  readonly newest: Newest;
  readonly now: Date;
}

export interface SealedDraft {
  readonly letter: LetterToPost;
  /** Sent before it. */
  readonly photos: SentPhotos;
}

/** @throws TooLong */
export async function sealDraft(
  draft: Draft,
  { list, mailbox, newest, now }: Sealing,
): Promise<SealedDraft> {
  const { desk, verify, recipient } = mailbox;
  const epoch = currentEpoch(list, desk);
  if (!epoch) throw new Error('The list names no key for this desk');
  const number = (newest.in?.number ?? 0) + 1;
  // Photos of a letter that shall not be shown again are not shown either.
  const readers = [epoch.recipient, draft.isClosed ? undefined : recipient] as const;
  const photos = await sealPhotos(draft.photos, readers);
  const where = draft.reach.where.trim();
  const who = draft.reach.who.trim();
  const content: LetterContent = {
    v: 1,
    mailbox: mailbox.id,
    direction: 'in',
    number,
    statedAt: now.toISOString(),
    desk,
    before: newest,
    keys: { verify, recipient },
    text: draft.text.trim(),
    attachments: [...photos.attachments],
    ...(draft.quotes !== '' && { quotes: draft.quotes }),
    ...((where || who) && { reach: { where, who } }),
  };
  const letter = {
    number,
    header: {
      urgency: draft.urgency,
      ...(draft.topic && { topic: draft.topic }),
      ...(draft.ageBand && { ageBand: draft.ageBand }),
    },
    sealed: await sealLetter(content, mailbox.signing, readers),
    attachments: photos.attachments.map(({ id, parts }) => ({ id, parts })),
    ...(draft.notice !== '' && { notice: draft.notice }),
  };
  return { letter, photos };
}
