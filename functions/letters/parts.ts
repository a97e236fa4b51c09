/**
 * Sealed pictures, in parts: put away before their letter, counted when it comes, handed out to who wrote it
 * or was answered. The server sees boxes of few sizes in the folder of a mailbox.
 */
import { setDeadline } from '../platform/agenda.ts';
import type { TransactWrite } from '../platform/database.ts';
import type { ApiDeps } from '../platform/deps.ts';
import { isRefused, type Refused, refuse } from '../platform/refusals.ts';
import { checkSolved } from './challenge.ts';
import {
  type MailboxId,
  PartPlace,
  type SealedPart,
  type SentAttachment,
  type SignedRequest,
  UploadPayload,
} from './model.ts';
import { readRequest } from './request.ts';
import { headerProblem, isPictureSize, PART_BYTES } from './sealed-form.ts';
import { fromBase64, hashOf, toBase64 } from './signing.ts';
import { getAttachments, getHead, putNamed, putWaiting, spend } from './store.ts';

/** Kind of the deadline after which a picture that no letter names goes. */
export const UNNAMED = 'letter_picture_unnamed';
const unnamedKey = (mailbox: string, id: string) => `unnamed ${mailbox} ${id}`;

/** Hours that a picture waits for its letter; at the desk it may wait for a second member to look. */
export const HOURS = { mailbox: 24, desk: 30 * 24 } as const;

const MISSING = refuse(
  'attachment_missing',
  '写真がまだ全部とどいていません。もう一度、送るボタンを押してください。',
);
/** Nothing is said of why: a picture that never was, and one that its reader may not see, are the same. */
export const NOT_THERE = refuse('attachment_missing', 'この写真は見つかりませんでした。');
const TAKEN = refuse(
  'part_taken',
  'この写真は、もうとどいています。写真を選び直してから、送ってください。',
);
const USED = refuse(
  'challenge_used',
  '送る準備をやり直しています。もう一度、送るボタンを押してください。',
);
const FORM = {
  not_age: '写真に鍵がかかっていません。ページを開き直して、もう一度お試しください。',
  wrong_stanzas: '写真の宛先が正しくありません。ページを開き直して、もう一度お試しください。',
  wrong_size: '写真の大きさが正しくありません。ページを開き直して、もう一度お試しください。',
} as const;

export const keyOf = (mailbox: MailboxId, id: string, part: number) =>
  `${mailbox}/${id}/${String(part).padStart(2, '0')}`;

/** It lies there: now, or since the first time that it was sent. */
export interface StoredPart {
  readonly done: true;
}
const STORED: StoredPart = { done: true };

/** A part of a picture from who writes a letter. The same bytes again are answered before any work. */
export async function uploadPart(
  deps: ApiDeps,
  request: SignedRequest,
  now: Date,
): Promise<StoredPart | Refused> {
  const asked = await readRequest(deps, 'upload', UploadPayload, request, now);
  if (isRefused(asked)) return asked;
  const { mailbox, payload } = asked;
  const sealed = readPart(payload);
  if (isRefused(sealed)) return sealed;
  const known = await look(deps, mailbox, payload, sealed);
  if (known) return known;
  const unsolved = await checkSolved(deps, request);
  if (unsolved) return unsolved;
  const { nonce, data } = request.challenge.parameters;
  const spent = spend(deps.database, { nonce, askedAt: data.at }, now);
  return store(deps, mailbox, payload, sealed, { now, hours: HOURS.mailbox, spent });
}

/** The bytes of a part, or what is wrong with them. */
export function readPart({ part, sealed: text }: UploadPayload): Uint8Array | Refused {
  let sealed: Uint8Array;
  try {
    sealed = fromBase64(text);
  } catch {
    return refuse('not_age', FORM.not_age);
  }
  if (sealed.length > PART_BYTES) return refuse('wrong_size', FORM.wrong_size);
  const problem = part === 1 ? headerProblem(sealed) : undefined;
  return problem ? refuse(problem, FORM[problem]) : sealed;
}

/** @returns the answer, where nothing has to be stored */
export async function look(
  { blobs }: ApiDeps,
  mailbox: MailboxId,
  { attachment, part }: PartPlace,
  sealed: Uint8Array,
): Promise<StoredPart | Refused | undefined> {
  const there = await blobs.head(keyOf(mailbox, attachment, part));
  if (!there) return undefined;
  return there.hash === hashOf(sealed) ? STORED : TAKEN;
}

interface Storing {
  readonly now: Date;
  readonly hours: number;
  /** Of a mailbox: its question is used up in the same transaction. */
  readonly spent?: TransactWrite;
}

/** The row and its deadline go first: a part that nobody would ever sweep cannot come to lie there. */
export async function store(
  { database, blobs }: ApiDeps,
  mailbox: MailboxId,
  { attachment, part }: PartPlace,
  sealed: Uint8Array,
  { now, hours, spent }: Storing,
): Promise<StoredPart | Refused> {
  const until = new Date(now.getTime() + hours * 3_600_000).toISOString();
  const outcome = await database.transact([
    putWaiting(database, mailbox, attachment, until),
    setDeadline(database, {
      key: unnamedKey(mailbox, attachment),
      kind: UNNAMED,
      subject: `${mailbox} ${attachment}`,
      dueAt: until,
    }),
    ...(spent ? [spent] : []),
  ]);
  if (!outcome.committed) {
    // A picture that a letter names has all its parts.
    return outcome.failed.includes(0) ? TAKEN : USED;
  }
  const put = await blobs.put(keyOf(mailbox, attachment, part), sealed);
  return put === 'other' ? TAKEN : STORED;
}

/** Whether every part that a letter names has arrived, and can be a picture. */
export async function missingParts(
  { database, blobs }: Pick<ApiDeps, 'database' | 'blobs'>,
  mailbox: MailboxId,
  attachments: readonly SentAttachment[],
): Promise<Refused | undefined> {
  if (attachments.length === 0) return undefined;
  const rows = await getAttachments(
    database,
    mailbox,
    attachments.map(({ id }) => id),
  );
  if (!attachments.every(({ id }) => rows.has(id))) return MISSING;
  const problems = await Promise.all(
    attachments.map(async ({ id, parts }) => {
      const heads = await Promise.all(
        Array.from({ length: parts }, (_, index) => blobs.head(keyOf(mailbox, id, index + 1))),
      );
      const sizes = heads.flatMap((head) => (head ? [head.size] : []));
      if (sizes.length < parts) return MISSING;
      const isCut = sizes.slice(0, -1).some((size) => size !== PART_BYTES);
      const whole = sizes.reduce((sum, size) => sum + size, 0);
      return isCut || !isPictureSize(whole) ? refuse('wrong_size', FORM.wrong_size) : undefined;
    }),
  );
  return problems.find((problem) => problem !== undefined);
}

/**
 * What a letter's transaction says of its pictures: from now on they stay as long as it does. Fails when one
 * was swept since `missingParts` looked.
 */
export function nameParts(
  { database }: Pick<ApiDeps, 'database'>,
  mailbox: MailboxId,
  attachments: readonly SentAttachment[],
  round: number,
): readonly TransactWrite[] {
  return attachments.map((attachment) => putNamed(database, mailbox, attachment, round));
}

/** A part for who wrote or was answered: of what their page still shows, and of nothing else. */
export async function downloadPart(
  deps: ApiDeps,
  request: SignedRequest,
  now: Date,
): Promise<SealedPart | Refused> {
  const asked = await readRequest(deps, 'download', PartPlace, request, now);
  if (isRefused(asked)) return asked;
  const { mailbox, payload } = asked;
  const [head, rows] = await Promise.all([
    getHead(deps.database, mailbox),
    getAttachments(deps.database, mailbox, [payload.attachment]),
  ]);
  const row = rows.get(payload.attachment);
  const isShown = row?.state === 'named' && row.round === (head?.round ?? 1);
  if (!isShown || payload.part > row.parts) return NOT_THERE;
  return partOf(deps, mailbox, payload);
}

/** What lies there. */
export async function partOf(
  { blobs }: Pick<ApiDeps, 'blobs'>,
  mailbox: MailboxId,
  { attachment, part }: PartPlace,
): Promise<SealedPart | Refused> {
  const sealed = await blobs.get(keyOf(mailbox, attachment, part));
  return sealed ? { sealed: toBase64(sealed) } : NOT_THERE;
}
