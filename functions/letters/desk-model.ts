/** Letters as the desk has them: the queue, a conversation, drafts, notes between staff, reports. */
import * as z from 'zod';
import { Instant } from '../calendar/model.ts';
import {
  LetterDesk,
  MailboxHead,
  MailboxId,
  Places,
  SealedBox,
  SealedLetter,
  SentAttachments,
} from './model.ts';

export const LetterView = z.enum(['waiting', 'answered', 'closed']);
export type LetterView = z.infer<typeof LetterView>;

/** A line of the queue. */
export const QueueItem = MailboxHead.extend({
  /** 相談番号 */
  conversation: z.string(),
  /** By when somebody must have opened it, while nobody has. */
  openBy: Instant.optional(),
  /** By when it is promised to be answered, while it is not. */
  answerBy: Instant.optional(),
});
export type QueueItem = z.infer<typeof QueueItem>;

export const Queue = z.strictObject({
  desks: z.array(LetterDesk),
  items: z.array(QueueItem),
  next: z.string().optional(),
});
export type Queue = z.infer<typeof Queue>;

/** A reply that is being written, sealed for the desk. One for each conversation. */
export const Draft = z.strictObject({
  version: z.int().positive(),
  state: z.enum(['writing', 'proposed']),
  /** Subject of who wrote this version; whoever changes it becomes its author. */
  author: z.string(),
  at: Instant,
  sealed: SealedLetter,
});
export type Draft = z.infer<typeof Draft>;

/** Between staff, sealed for the desk. */
export const StaffNote = z.strictObject({
  noteId: z.string(),
  author: z.string(),
  at: Instant,
  sealed: SealedLetter,
});
export type StaffNote = z.infer<typeof StaffNote>;

export const DeskLetter = SealedBox.extend({
  author: z.string().optional(),
  sender: z.string().optional(),
  alone: z.string().optional(),
  reviewedBy: z.string().optional(),
});
export type DeskLetter = z.infer<typeof DeskLetter>;

/** A conversation as a member opens it. */
export const Conversation = z.strictObject({
  head: QueueItem,
  /** Whether a second member must send what one has written. */
  approval: z.enum(['one', 'two']),
  /**
   * A page of it: the newest letters, or those before a place. Earlier rounds are those that the writer has
   * hidden from their own page; those before the first of these are on pages before this one.
   */
  rounds: z.array(
    z.strictObject({
      round: z.int().positive(),
      /** Letters of each side before these numbers are on pages before this one. */
      from: Places,
      letters: z.array(DeskLetter),
    }),
  ),
  draft: Draft.optional(),
  /** The newest, or those before one. */
  notes: z.array(StaffNote),
  hasOlderNotes: z.boolean(),
});
export type Conversation = z.infer<typeof Conversation>;

/** Which page of a conversation: letters before `回.来た手紙.返事`, notes before `instant#id`; else the newest. */
export const ConversationPage = z.strictObject({
  before: z
    .string()
    .regex(/^\d{1,6}\.\d{1,6}\.\d{1,6}$/)
    .transform((text) => {
      const [round, ...numbers] = text.split('.').map(Number);
      return { round, in: numbers[0], out: numbers[1] };
    })
    .pipe(Places.extend({ round: z.int().positive() }))
    .optional(),
  notesBefore: z
    .string()
    .regex(/^[\dT:.Z-]{10,30}#[\w-]{1,64}$/)
    .optional(),
});
export type ConversationPage = z.infer<typeof ConversationPage>;

/** A member has opened letters up to this one; these could not be opened. */
export const OpenedRequest = z.strictObject({
  round: z.int().positive(),
  through: z.int().nonnegative(),
  /** `receivedAt` of the head that was seen: a letter that came meanwhile stays unopened. */
  receivedAt: Instant,
  unopenable: z.array(z.int().positive()).max(50),
  /** Letters that waited and that their writer has hidden were opened too. Who does not say so has not. */
  hiddenOpened: z.boolean().optional(),
});
export type OpenedRequest = z.infer<typeof OpenedRequest>;

export const DraftRequest = z.strictObject({
  /** The version that was seen; 0: there was none. */
  seen: z.int().nonnegative(),
  state: Draft.shape.state,
  sealed: SealedLetter,
});
export type DraftRequest = z.infer<typeof DraftRequest>;

/** Why an answer goes out by one member: 命や体があぶない · いますぐの返事を求めている · ほかの人がいない. */
export const AloneReason = z.enum(['life_at_risk', 'asked_now', 'nobody_else']);
export type AloneReason = z.infer<typeof AloneReason>;

export const ReplyRequest = z.strictObject({
  round: z.int().positive(),
  number: z.int().min(1).max(100_000),
  sealed: SealedLetter,
  attachments: SentAttachments,
  /** `receivedAt` of the head that was seen: what came meanwhile is not answered by this. */
  receivedAt: Instant,
  /** Version of the draft that is sent; the server requires the latest, and another author. */
  draft: z.int().positive(),
  alone: AloneReason.optional(),
});
export type ReplyRequest = z.infer<typeof ReplyRequest>;

export const NoteRequest = z.strictObject({ sealed: SealedLetter });
export const ReviewRequest = z.strictObject({
  round: z.int().positive(),
  number: z.int().positive(),
});
/** 助言して終わり · 続けて会う · ほかの機関につないだ · 通告として受理した · 返事がいらない. */
export const CloseOutcome = z.enum(['advised', 'meets', 'referred', 'reported', 'no_reply_needed']);
export type CloseOutcome = z.infer<typeof CloseOutcome>;
export const CloseRequest = z.strictObject({ outcome: CloseOutcome, seen: z.int().positive() });
export const AssignRequest = z.strictObject({ assignee: z.string().max(64).nullable() });

const ReportId = z.string().regex(/^rep_[A-Za-z0-9_-]{22}$/);

/** 通告として受理: what a member copies out of letters, on their own decision. */
export const ReportRequest = z.strictObject({
  /** Drawn by the browser: the same report again, after an answer that was lost, is one record. */
  reportId: ReportId,
  round: z.int().positive(),
  /** Numbers of the writer's letters that the text is from. */
  letters: z.array(z.int().positive()).min(1).max(20),
  text: z
    .string()
    .trim()
    .min(1, { error: '書き写す文を選んでください。' })
    .max(20_000, { error: '2万文字までで書いてください。' }),
  /** Why it is received as a report. */
  reason: z
    .string()
    .trim()
    .min(1, { error: '通告として受理する理由を書いてください。' })
    .max(1_000, { error: '理由は1000文字までで書いてください。' }),
});
export type ReportRequest = z.infer<typeof ReportRequest>;

/** 虐待通告の記録 for the abuse desk. Plain, under KMS, in a table that no public Lambda reads. */
export const Report = z.strictObject({
  reportId: ReportId,
  source: z.strictObject({
    channel: z.literal('web_letter'),
    mailbox: MailboxId,
    conversation: z.string(),
    round: z.int().positive(),
    letters: z.array(z.int().positive()),
  }),
  text: z.string(),
  reason: z.string(),
  /** Who read it: subject of the token (聴取者). */
  reader: z.string(),
  /** When the first of these letters reached the centre (受理日時): the 48 hours count from here. */
  receivedAt: Instant,
  /** When a member saw that it is a report (認知日時). */
  recognisedAt: Instant,
  /** A parent may ask for this record as the child's legal representative: look before disclosing. */
  disclosureWarning: z.literal(true),
});
export type Report = z.infer<typeof Report>;

export const Reports = z.strictObject({ reports: z.array(Report) });
export type Reports = z.infer<typeof Reports>;
export type NoteRequest = z.infer<typeof NoteRequest>;
export type ReviewRequest = z.infer<typeof ReviewRequest>;
export type CloseRequest = z.infer<typeof CloseRequest>;

/** A draft as it is kept. */
export const StoredDraft = Draft.extend({
  sealed: z.custom<Uint8Array>((value) => value instanceof Uint8Array),
});
export type StoredDraft = z.infer<typeof StoredDraft>;

export const StoredNote = StaffNote.extend({
  sealed: z.custom<Uint8Array>((value) => value instanceof Uint8Array),
});
export type StoredNote = z.infer<typeof StoredNote>;
