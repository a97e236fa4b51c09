/**
 * Letters (手紙) as the server has them: sealed boxes with a plain header. What is inside is in content.ts,
 * and no code that runs on a server reads it.
 */
import * as z from 'zod';
import { Instant } from '../calendar/model.ts';

/** Sealed bytes on their way, base64url. @param most characters */
const sealedText = (most: number) =>
  z
    .string()
    .max(most)
    .regex(/^[A-Za-z0-9_-]+$/);

/** SHA-256 of desk and the mailbox's two public keys, base64url (signing.ts). */
export const MailboxId = z.string().regex(/^[A-Za-z0-9_-]{43}$/);
export type MailboxId = z.infer<typeof MailboxId>;

/** Desks that letters can be written to: ティーンズ相談室 · 子育ての相談. */
export const LetterDesk = z.enum(['teens', 'general']);
export type LetterDesk = z.infer<typeof LetterDesk>;

/** How old the writer is, roughly (年代); a parent's letter says how old the child is. */
export const AgeBand = z.enum([
  'elementary',
  'junior_high',
  'high_school',
  'to_19',
  'older',
  'unborn',
  'age_0_2',
  'age_3_5',
  'age_6_12',
  'age_13_18',
]);
export type AgeBand = z.infer<typeof AgeBand>;

/** In the writer's words; which ones a desk offers, and what the statistics call them: settings.ts. */
export const Topic = z.enum([
  'friends',
  'school',
  'family',
  'hurt_at_home',
  'body_mind',
  'love',
  'net_money',
  'future',
  'care_for_family',
  'baby_care',
  'development',
  'discipline',
  'routine',
  'not_attending',
  'family_relations',
  'parent_tired',
  'parent_harsh',
  'child_care_place',
  'pregnancy',
  'delinquency',
  'other_child',
  'other',
]);
export type Topic = z.infer<typeof Topic>;

/** いつでもいい · できるだけ早く · いますぐ. */
export const Urgency = z.enum(['anytime', 'soon', 'now']);
export type Urgency = z.infer<typeof Urgency>;

/** Longest sealed text, base64url of a letter of the largest size. */
export const SealedLetter = sealedText(90_000);

/** A picture that was sent before the letter: in how many parts. */
export const SentAttachment = z.strictObject({
  id: z.string().regex(/^[A-Za-z0-9_-]{22}$/),
  parts: z.int().min(1).max(32),
});
export type SentAttachment = z.infer<typeof SentAttachment>;

/** The pictures of one letter, each once. */
export const SentAttachments = z
  .array(SentAttachment)
  .max(4)
  .refine((all) => new Set(all.map(({ id }) => id)).size === all.length);

/**
 * What is kept of a picture besides its parts: it waits for its letter, or a letter of this round names it.
 */
export const StoredAttachment = z.discriminatedUnion('state', [
  z.strictObject({ state: z.literal('waiting'), until: Instant }),
  z.strictObject({
    state: z.literal('named'),
    parts: z.int().positive(),
    round: z.int().positive(),
  }),
]);
export type StoredAttachment = z.infer<typeof StoredAttachment>;

/** What the writer shows the machines: for the queue, the clocks and the statistics. */
export const LetterHeader = z.strictObject({
  topic: Topic.optional(),
  ageBand: AgeBand.optional(),
  urgency: Urgency,
});
export type LetterHeader = z.infer<typeof LetterHeader>;

/** The head of a mailbox: everything about it that is not sealed. */
export const MailboxHead = z.strictObject({
  mailbox: MailboxId,
  desk: LetterDesk,
  /** Counts up when the writer hides what is there and begins anew (回). */
  round: z.int().positive(),
  /** Letters of this round from the writer, and from the desk. */
  letters: z.strictObject({ in: z.int().nonnegative(), out: z.int().nonnegative() }),
  topic: Topic.optional(),
  ageBand: AgeBand.optional(),
  urgency: Urgency,
  firstAt: Instant,
  /** Of the newest letter from the writer; the only instant that deadlines count from. */
  receivedAt: Instant,
  /** The oldest letter that nobody has answered came then; absent: nothing waits. */
  waitingSince: Instant.optional(),
  /** Number of the writer's newest letter in this round that a member of the desk has opened. */
  openedThrough: z.int().nonnegative(),
  /** The oldest letter that nobody at the desk has opened came then; also when its writer hid it. */
  unopenedSince: Instant.optional(),
  /** Letters that the desk could not open; the writer is told. */
  unopenable: z.array(z.int().positive()).max(50),
  /** It came as a new mailbox among unusually many. */
  burst: z.boolean(),
  /** 助けになった · ならなかった, as the writer said of the newest answer. */
  helped: z.enum(['yes', 'no']).optional(),
  /** A reply is being written, or lies here for a second member. */
  draft: z.enum(['writing', 'proposed']).optional(),
  /** An answer went out by one member, and nobody else has looked at it yet. */
  reviewDue: z.boolean(),
  /** Subject of the member who looks after it (担当). */
  assignee: z.string().optional(),
  closed: z.strictObject({ at: Instant, by: z.string(), outcome: z.string().max(30) }).optional(),
  /** The newest report (通告) that was received from it: its 48 hours run elsewhere. */
  reported: z.strictObject({ at: Instant, by: z.string() }).optional(),
  /** Counts every change, so that nothing is written over what somebody else has just done. */
  revision: z.int().positive(),
});
export type MailboxHead = z.infer<typeof MailboxHead>;

/** A letter as it is kept. `sealed`: bytes of the age file. */
export const StoredLetter = z.strictObject({
  direction: z.enum(['in', 'out']),
  round: z.int().positive(),
  number: z.int().positive(),
  at: Instant,
  sealed: z.custom<Uint8Array>((value) => value instanceof Uint8Array),
  /** Of the sealed bytes. */
  hash: z.string(),
  attachments: z.array(SentAttachment),
  urgency: Urgency.optional(),
  /** Of an answer: who wrote it, who sent it, and whether somebody must still look at it. */
  author: z.string().optional(),
  sender: z.string().optional(),
  alone: z.string().max(30).optional(),
  reviewedBy: z.string().optional(),
});
export type StoredLetter = z.infer<typeof StoredLetter>;

/** A letter on its way to a browser. */
export const SealedBox = z.strictObject({
  direction: z.enum(['in', 'out']),
  number: z.int().positive(),
  at: Instant,
  sealed: SealedLetter,
});
export type SealedBox = z.infer<typeof SealedBox>;

/** The server's question, which a browser signs with, and solves before it sends (altcha). */
export const Challenge = z.strictObject({
  parameters: z.strictObject({
    algorithm: z.literal('PBKDF2/SHA-256'),
    cost: z.int().min(1).max(100_000),
    data: z.strictObject({ at: Instant, level: z.int().nonnegative().max(9) }),
    keyLength: z.literal(32),
    keyPrefix: z.string().regex(/^[0-9a-f]{1,64}$/),
    keySignature: z.string().regex(/^[0-9a-f]{64}$/),
    nonce: z.string().regex(/^[0-9a-f]{16,64}$/),
    salt: z.string().regex(/^[0-9a-f]{16,64}$/),
  }),
  signature: z.string().regex(/^[0-9a-f]{64}$/),
});
export type Challenge = z.infer<typeof Challenge>;

/** When somebody reads, by the server's clock. */
export const ReadingTimes = z.strictObject({
  now: Instant,
  /** Somebody is there and reads now. */
  isOpen: z.boolean(),
  /** When somebody reads next; the same as `now` while it is open. */
  nextReadingAt: Instant,
  /** By when a letter that arrives now is answered. */
  answerBy: Instant,
});
export type ReadingTimes = z.infer<typeof ReadingTimes>;

export const ChallengeReply = z.strictObject({
  challenge: Challenge,
  /** Tries that the solution takes at most. */
  tries: z.int().positive(),
  /** Whether one can be told by mail that an answer is there. */
  tellsByMail: z.boolean(),
  reading: ReadingTimes,
});
export type ChallengeReply = z.infer<typeof ChallengeReply>;

/** Every request of a mailbox: signed by its key over action, challenge and the exact payload. */
export const SignedRequest = z.strictObject({
  keys: z.strictObject({
    desk: LetterDesk,
    verify: z.string().regex(/^[A-Za-z0-9_-]{43}$/),
    recipient: z.string().regex(/^age1[a-z0-9]{58}$/),
  }),
  challenge: Challenge,
  solution: z
    .strictObject({
      counter: z.int().nonnegative(),
      derivedKey: z.string().regex(/^[0-9a-f]{64}$/),
    })
    .optional(),
  signature: z.string().regex(/^[A-Za-z0-9_-]{86}$/),
  /** JSON text. */
  payload: z.string().max(1_200_000),
});
export type SignedRequest = z.infer<typeof SignedRequest>;

/** A number of each side. */
export const Places = z.strictObject({ in: z.int().positive(), out: z.int().positive() });

/** Payload of `open`: the newest letters, or those before these numbers. */
export const OpenPayload = z.strictObject({ before: Places.optional() });

export const OpenedMailbox = z.strictObject({
  letters: z.array(SealedBox),
  counts: z.strictObject({ in: z.int().nonnegative(), out: z.int().nonnegative() }),
  /** The first letters of each side that are in this answer. */
  from: Places,
  /** Newest letter of the writer that the desk has read. */
  readThrough: z.int().nonnegative(),
  unopenable: z.array(z.int().positive()),
  helped: z.enum(['yes', 'no']).optional(),
});
export type OpenedMailbox = z.infer<typeof OpenedMailbox>;

/** Payload of `post`. */
export const PostPayload = z.strictObject({
  number: z.int().min(1).max(100_000),
  header: LetterHeader,
  sealed: SealedLetter,
  attachments: SentAttachments,
  /** Where to say once that an answer is there; kept apart and deleted after one mail. */
  notice: z.email().max(254).optional(),
});
export type PostPayload = z.infer<typeof PostPayload>;

export const PostedLetter = z.strictObject({
  /** Number of the letter in its mailbox. */
  number: z.int().positive(),
  /** Number of the conversation, to be quoted (相談番号). */
  conversation: z.string(),
  receivedAt: Instant,
  reading: ReadingTimes,
});
export type PostedLetter = z.infer<typeof PostedLetter>;

export const HelpedPayload = z.strictObject({ helped: z.enum(['yes', 'no']) });
export const HidePayload = z.strictObject({ hide: z.literal(true) });

export const PartPlace = z.strictObject({
  attachment: SentAttachment.shape.id,
  part: z.int().min(1).max(32),
});
export type PartPlace = z.infer<typeof PartPlace>;
/** Payload of `upload`: one part of a sealed picture. */
export const UploadPayload = PartPlace.extend({ sealed: sealedText(1_048_600) });
export type UploadPayload = z.infer<typeof UploadPayload>;
export const SealedPart = z.strictObject({ sealed: sealedText(1_048_600) });
export type SealedPart = z.infer<typeof SealedPart>;

/** What happened to a mailbox. Ids only; `desk` says who may know. */
export const LetterEvent = z.strictObject({
  eventId: z.string(),
  kind: z.enum([
    'letter_received',
    'letter_answered',
    'letter_opened',
    'letter_closed',
    'letter_reported',
  ]),
  at: Instant,
  mailbox: MailboxId,
  desk: LetterDesk,
  round: z.int().positive(),
  number: z.int().nonnegative(),
  urgency: Urgency.optional(),
  /** Of a record that a letter was copied into. */
  reportId: z.string().optional(),
});
export type LetterEvent = z.infer<typeof LetterEvent>;
