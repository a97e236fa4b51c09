/** Telephone calls that staff have to make (電話連絡): where no mail reaches a family in time. */
import * as z from 'zod';
import { Instant } from '../calendar/model.ts';
import { CourseId } from '../courses/model.ts';
import { RegistrationEvent, RegistrationId } from '../registrations/model.ts';

/** Derived from what it is about, so that the same call is never asked for twice. */
export const CallId = z.string().regex(/^[A-Za-z0-9_-]{1,160}$/);
export type CallId = z.infer<typeof CallId>;

/**
 * Why a mail does not do: no address (for an offer, a course called off or moved, a draw that was
 * won) · the mail came back · too little time is left for an offer · too many mails to one address.
 */
export const CallReason = z.enum([
  'no_mail_offer',
  'no_mail_called_off',
  'no_mail_moved',
  'no_mail_won',
  'bounce',
  'offer_too_late',
  'mail_limit',
]);
export type CallReason = z.infer<typeof CallReason>;

/** つながった · 留守番電話に残した · つながらない · 連絡はいらなくなった. */
export const CallResult = z.enum(['reached', 'left_message', 'not_reached', 'not_needed']);
export type CallResult = z.infer<typeof CallResult>;

/** One try, by the subject of a token. */
export const CallTry = z.strictObject({
  at: Instant,
  by: z.string(),
  result: CallResult,
  note: z.string().optional(),
});

/** How often a call is tried and written down; more is no help to anybody. */
export const MOST_TRIES = 30;

/** A call as kept in the bookings table: ids only, name and number are looked up when it is read. */
export const Call = z.strictObject({
  callId: CallId,
  registrationId: RegistrationId,
  courseId: CourseId,
  reason: CallReason,
  /** What the family should be told. */
  about: RegistrationEvent.shape.kind,
  /** Pools that it is about. */
  poolKeys: z.array(z.string()),
  /** Until when it helps: the end of an offer, or the beginning of a session. */
  dueAt: Instant,
  createdAt: Instant,
  tries: z.array(CallTry).max(MOST_TRIES),
});
export type Call = z.infer<typeof Call>;

/** A call with what the caller needs: whom, what to say, and what was tried before. */
export const CallToMake = z.strictObject({
  callId: CallId,
  reason: CallReason,
  /** Why, and what to say or ask, in words. */
  sentence: z.string(),
  dueAt: Instant,
  tries: z.array(CallTry.omit({ by: true })),
  bookingNumber: z.string(),
  name: z.string(),
  kana: z.string(),
  /** Digits. */
  phone: z.string(),
  courseId: CourseId,
  title: z.string(),
  /** One line for each session that it is about, with its venue. */
  sessions: z.array(z.string()),
});
export type CallToMake = z.infer<typeof CallToMake>;

/** What staff write down after a call. */
export const CallRecord = z.strictObject({
  result: CallResult,
  note: z
    .string()
    .trim()
    .max(200, { error: 'メモは200文字までで書いてください。' })
    .transform((text) => (text === '' ? undefined : text))
    .optional(),
});
export type CallRecord = z.infer<typeof CallRecord>;

/** Somebody called. `actor` is the subject of the token. */
export const CallEvent = z.strictObject({
  eventId: z.string(),
  kind: z.enum(['call_made']),
  at: Instant,
  courseId: CourseId,
  registrationId: RegistrationId,
  callId: CallId,
  result: CallResult,
  actor: z.string(),
});
export type CallEvent = z.infer<typeof CallEvent>;
