/** Registrations as the desk of the staff sees them: by rights, in lists, found and changed. */
import * as z from 'zod';
import { CourseId } from '../courses/model.ts';
import { readSearchText, type SearchText } from './desk-rules.ts';
import {
  Place,
  Registration,
  RegistrationId,
  RegistrationRequest,
  RegistrationStatus,
} from './model.ts';

const whole = Registration.shape;
const ShownPerson = z
  .strictObject({ name: z.string(), kana: z.string(), birthDate: z.string() })
  .partial();

/** What of a registration leaves the API; which fields are there depends on who asks. */
export const ShownRegistration = z.strictObject({
  registrationId: RegistrationId,
  courseId: CourseId,
  sessionKeys: whole.sessionKeys,
  places: z.array(Place),
  entry: whole.entry,
  courseWithoutChildcare: z.boolean(),
  channel: whole.channel,
  counts: whole.counts,
  acceptedAt: whole.acceptedAt,
  purged: whole.purged,
  applicant: whole.applicant.partial().optional(),
  participants: z.array(ShownPerson).optional(),
  childcare: z.array(ShownPerson).optional(),
  guardian: z.strictObject({ name: z.string(), phone: z.string() }).partial().optional(),
  mailWithoutLink: z.boolean().optional(),
  dueMonth: whole.dueMonth,
  allergy: whole.allergy,
  needs: whole.needs,
  notes: whole.notes.optional(),
});
export type ShownRegistration = z.infer<typeof ShownRegistration>;

/** What whoever asks may do, so that the desk offers nothing that would be refused. */
const May = z.array(z.string());

/** A registration with its state in words. */
export const RosterRow = z.strictObject({
  registration: ShownRegistration,
  bookingNumber: z.string(),
  status: RegistrationStatus,
  /** One for each place: 「参加確定」「12月10日（木） 10時　キャンセル待ち 2 番目」. */
  lines: z.array(z.string()),
});
export type RosterRow = z.infer<typeof RosterRow>;

/** The course of a roster or a booking, as far as a list of people needs it. */
export const RosterCourse = z.strictObject({
  courseId: CourseId,
  title: z.string(),
  venue: z.string(),
  sessions: z.array(z.strictObject({ key: z.string(), name: z.string() })),
  /** Whether an application is for single sessions. */
  isBySession: z.boolean(),
});
export type RosterCourse = z.infer<typeof RosterCourse>;

/** One page of 名簿. */
export const Roster = z.strictObject({
  course: RosterCourse,
  rows: z.array(RosterRow),
  /** Where the next page begins; absent on the last one. */
  next: z.string().optional(),
  may: May,
});
export type Roster = z.infer<typeof Roster>;

/** Where a page of a roster begins: after this moment and registration. */
export const RosterFrom = z.string().regex(/^[\dTZ:.-]{24}#reg_[1-9]\d{8}$/);

/** One registration opened at the desk. */
export const OpenedRegistration = RosterRow.extend({
  course: RosterCourse,
  /** What can be done with it now. */
  can: z.array(z.enum(['cancel', 'accept', 'decline'])),
  /** From which session to which others it can be moved. */
  moves: z.array(z.strictObject({ from: z.string(), to: z.array(z.string()) })),
  may: May,
});
export type OpenedRegistration = z.infer<typeof OpenedRegistration>;

/** What is typed into the one search box; it travels in a body, never in an address. */
export const SearchRequest = z.strictObject({
  text: z
    .string()
    .max(80, { error: '80文字までで書いてください。' })
    .transform((text, context): SearchText => {
      const read = readSearchText(text);
      if (read) return read;
      context.addIssue({
        code: 'custom',
        message:
          '受付番号（9けた）、電話番号（市外局番から）、申し込んだ方のふりがなの、どれかを書いてください。漢字のお名前では探せません。',
      });
      return z.NEVER;
    }),
});

/** What was found. */
export const SearchHits = z.strictObject({
  hits: z.array(RosterRow.extend({ course: RosterCourse })),
  /** There are more than are shown: write more of the reading. */
  hasMore: z.boolean(),
});
export type SearchHits = z.infer<typeof SearchHits>;

/** An application as staff take it down, by telephone or at the counter. */
export const EntryRequest = RegistrationRequest.extend({ channel: z.enum(['phone', 'counter']) });

/** What is read aloud at the end of the call. */
export const Entered = z.strictObject({
  registrationId: RegistrationId,
  bookingNumber: z.string(),
  status: RegistrationStatus,
  lines: z.array(z.string()),
  title: z.string(),
});
export type Entered = z.infer<typeof Entered>;

export const StaffChange = z.strictObject({
  /** The pool that is meant; without one, everything. */
  poolKey: z.string().max(16).optional(),
});

export const MoveRequest = z.strictObject({
  from: z.string().max(4),
  to: z.string().max(4),
  /** Join the waitlist of the other session when it has no seat; else nothing is moved. */
  wait: z.boolean(),
});
export type MoveRequest = z.infer<typeof MoveRequest>;

export const NoteRequest = z.strictObject({
  text: z
    .string()
    .trim()
    .min(1, { error: 'メモを書いてください。' })
    .max(500, { error: '500文字までで書いてください。' })
    .refine((text) => !/[^\P{Cc}\n\r\t]/u.test(text), { error: '使えない文字が入っています。' }),
});
