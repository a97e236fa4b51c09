/** The audit (記録): who saw or changed what about families, and when. Ids and counts, nobody's data. */
import * as z from 'zod';
import { Instant } from '../calendar/model.ts';
import { LetterDesk } from '../letters/model.ts';

/** What was done. Reading the audit is itself a line of it. */
export const AuditAction = z.enum([
  'roster_read',
  'roster_exported',
  'attendance_read',
  'attendance_marked',
  'call_list_read',
  'call_made',
  'draw_read',
  'search',
  'booking_read',
  'booking_entered',
  'booking_cancelled',
  'booking_accepted',
  'booking_declined',
  'booking_moved',
  'booking_noted',
  'audit_read',
  'letters_listed',
  'letter_read',
  'letter_opened',
  'letter_picture_read',
  'letter_drafted',
  'letter_answered',
  'letter_reviewed',
  'letter_noted',
  'letter_closed',
  'letter_assigned',
  'letter_reported',
  'reports_read',
  'keys_changed',
]);
export type AuditAction = z.infer<typeof AuditAction>;

/** One line. Never a name, a number of a telephone or what was searched for. */
export const AuditRow = z.strictObject({
  at: Instant,
  action: AuditAction,
  /** Subject of the token that did it. */
  actor: z.string(),
  /**
   * Id of the course, the registration or the mailbox that it was about; a search is about none. Of letters, a
   * reader is shown the number of the conversation.
   */
  subject: z.string().optional(),
  /** How many people were shown. */
  people: z.int().nonnegative(),
});
export type AuditRow = z.infer<typeof AuditRow>;

/** A page of a day. */
export const Audit = z.strictObject({
  /** Desks about whose letters the caller may read lines. */
  desks: z.array(LetterDesk),
  rows: z.array(AuditRow),
  next: z.string().optional(),
});
export type Audit = z.infer<typeof Audit>;
