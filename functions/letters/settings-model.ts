/** The shape of a centre's letter settings, with the limits that no setting may exceed. */
import * as z from 'zod';
import { ClockTime } from '../calendar/model.ts';

/** Members of staff who may hold the key of a desk, by their roles at the desk. */
export const Reader = z.enum(['teens_worker', 'family_worker', 'center_head']);
export type Reader = z.infer<typeof Reader>;

export const DeskSettings = z.strictObject({
  name: z.string(),
  phone: z.string(),
  openWeekdays: z.array(z.int().min(0).max(6)).min(1),
  opens: ClockTime,
  closes: ClockTime,
  /** Hours from receipt until somebody must have opened a letter, nights and holidays included. */
  unopenedHours: z.number().positive().max(24),
  /** Whether a second member must look at an answer before it goes out. */
  approval: z.enum(['one', 'two']),
  /** Who is granted this desk. Pages say it to whoever writes, so it must be what the keyholders do. */
  readers: z.array(Reader).min(1),
});
export type DeskSettings = z.infer<typeof DeskSettings>;

export const LetterSettings = z.strictObject({
  /** Salt of every mailbox: changing it loses all of them. */
  centreId: z.string().min(8).max(40),
  desks: z.strictObject({ teens: DeskSettings, general: DeskSettings }),
  /** Hours until an urgent letter that nobody opened is told of again. */
  urgentHours: z.number().positive().max(3),
  /** Mailbox of the telephone on duty (当番). Never told what a letter says. */
  dutyMail: z.email(),
  /** Sender's name of the one mail that says an answer is there; does not name the centre. */
  noticeFromName: z.string(),
  /** Days after the last letter that a conversation is kept. */
  retentionDays: z.int().positive(),
  /** The centre's key, and a line that the signed list must hold; absent: letters are not taken yet. */
  pinned: z
    .strictObject({
      centreKey: z.string().regex(/^[A-Za-z0-9_-]{43}$/),
      line: z.strictObject({ seq: z.int().positive(), hash: z.string() }).optional(),
    })
    .optional(),
});
export type LetterSettings = z.infer<typeof LetterSettings>;
