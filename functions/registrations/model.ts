/** Registrations (申込み): what a household sends, what is kept, and every state it can be in. */
import * as z from 'zod';
import { EpochSeconds, Instant } from '../calendar/model.ts';
import { CourseId } from '../courses/model.ts';
import {
  EmailAddress,
  Participant,
  PersonKana,
  PersonName,
  PhoneNumber,
  TypedDate,
} from '../persons/model.ts';

/** `reg_` and the nine digits of the booking number (受付番号), read aloud as 482-103-937. */
export const RegistrationId = z.string().regex(/^reg_[1-9]\d{8}$/);
export type RegistrationId = z.infer<typeof RegistrationId>;

/** The number as people type it: with any hyphens, spaces and full-width digits. */
export const BookingNumber = z
  .string()
  .max(40)
  .transform((text, context) => {
    const digits = text.normalize('NFKC').replace(/\D/g, '');
    if (!/^[1-9]\d{8}$/.test(digits)) {
      context.addIssue({ code: 'custom', message: '受付番号は9けたの数字です。' });
      return z.NEVER;
    }
    return `reg_${digits}` as RegistrationId;
  });

/** What the link in the mail carries: the number and 128 random bits. */
export const BookingSecret = z.string().regex(/^[1-9]\d{8}-[A-Za-z0-9_-]{22}$/);
export type BookingSecret = z.infer<typeof BookingSecret>;

/** 参加確定 · キャンセル待ち · 空席のご案内中 · 取消し · ご案内を辞退 · ご案内の期限切れ. */
export const RegistrationStatus = z.enum([
  'confirmed',
  'waiting',
  'offered',
  'cancelled',
  'declined',
  'lapsed',
]);
export type RegistrationStatus = z.infer<typeof RegistrationStatus>;

/** A participant as typed; rows left empty are dropped before this is asked. */
export const TypedParticipant = z.strictObject({
  name: PersonName,
  kana: PersonKana,
  birthDate: TypedDate,
});

/** How many participants one form takes: twins, and a sibling or two. */
export const MAX_PARTICIPANTS = 6;

/** The body of POST /api/registrations. */
export const RegistrationRequest = z.strictObject({
  courseId: CourseId,
  sessionKey: z.preprocess(emptyIsAbsent, z.string().max(4).optional()),
  applicant: z.strictObject({
    name: PersonName,
    kana: PersonKana,
    phone: PhoneNumber,
    email: z.preprocess(emptyIsAbsent, EmailAddress.optional()),
  }),
  participants: z.preprocess(
    dropEmptyRows,
    z
      .array(TypedParticipant)
      .max(MAX_PARTICIPANTS, { error: `一度に申し込めるのは${MAX_PARTICIPANTS}人までです。` }),
  ),
  /** Month in which the baby is due (出産予定月), for courses that are open to expecting people. */
  dueMonth: z.preprocess(
    dueMonthOf,
    z
      .string()
      .regex(/^\d{4}-(0[1-9]|1[0-2])$/, { error: '出産予定の年と月を確認してください。' })
      .optional(),
  ),
  /** The ticks for what only the applicant knows (多胎 …). */
  meetsConditions: z.preprocess(tick, z.boolean()),
  needs: z.preprocess(
    emptyIsAbsent,
    z
      .string()
      .max(500, { error: '500文字までで書いてください。' })
      .refine((text) => !/[^\P{Cc}\n\r\t]/u.test(text), {
        error: '使えない文字が入っています。',
      })
      .optional(),
  ),
  /** For phones whose carrier drops mails with links in them. */
  mailWithoutLink: z.preprocess(tick, z.boolean()),
});
export type RegistrationRequest = z.infer<typeof RegistrationRequest>;

/** A registration as kept in the bookings table. */
export const Registration = z.strictObject({
  registrationId: RegistrationId,
  secret: BookingSecret,
  courseId: CourseId,
  sessionKey: z.string().optional(),
  poolKey: z.string(),
  status: RegistrationStatus,
  seats: z.int().positive(),
  applicant: z.strictObject({
    name: z.string(),
    kana: z.string(),
    phone: z.string(),
    email: z.string().optional(),
  }),
  participants: z.array(Participant),
  dueMonth: z.string().optional(),
  needs: z.string().optional(),
  mailWithoutLink: z.boolean(),
  acceptedAt: Instant,
  /** Orders the waitlist: grows with the time of applying; kept after the wait is over. */
  waitNumber: z.int().positive().optional(),
  /** Until when an offered seat is held. */
  offerExpiresAt: Instant.optional(),
  /** Keys of the household rows that make a second application impossible. */
  householdKeys: z.array(z.string()),
  /** Raised with every change of state. */
  revision: z.int().positive(),
  expiresAt: EpochSeconds,
});
export type Registration = z.infer<typeof Registration>;

/** A registration as its own page and the API show it: nothing that was not typed by its owner. */
export const RegistrationSummary = z.strictObject({
  bookingNumber: z.string(),
  status: RegistrationStatus,
  courseId: CourseId,
  title: z.string(),
  /** Path of the booking's page. */
  path: z.string(),
});
export type RegistrationSummary = z.infer<typeof RegistrationSummary>;

/** What happens to a registration. Kinds and ids only: events are read by every reaction. */
export const RegistrationEvent = z.strictObject({
  eventId: z.string(),
  kind: z.enum([
    'registration_confirmed',
    'registration_waitlisted',
    'registration_offered',
    'registration_accepted',
    'registration_cancelled',
    'registration_declined',
    'registration_lapsed',
    'registration_applied_again',
  ]),
  at: Instant,
  courseId: CourseId,
  poolKey: z.string(),
  registrationId: RegistrationId,
});
export type RegistrationEvent = z.infer<typeof RegistrationEvent>;

function emptyIsAbsent(value: unknown): unknown {
  return typeof value === 'string' && value.trim() === '' ? undefined : value;
}

/** A form without script sends a tick as `on` or not at all. */
function tick(value: unknown): unknown {
  if (value === undefined || value === '') return false;
  return value === 'on' || value === 'true' ? true : value;
}

/** Drops rows in which nothing was typed, so that three empty rows need no script to disappear. */
function dropEmptyRows(value: unknown): unknown {
  if (value === undefined) return [];
  return Array.isArray(value) ? value.filter((row) => !isEmptyRow(row)) : value;
}

function isEmptyRow(row: unknown): boolean {
  if (typeof row === 'string') return row.trim() === '';
  return (
    typeof row === 'object' &&
    row !== null &&
    !Array.isArray(row) &&
    Object.values(row).every(isEmptyRow)
  );
}

/** Two fields (year, month) or `YYYY-MM`; empty fields mean that nobody is expecting. */
function dueMonthOf(value: unknown): unknown {
  if (typeof value !== 'object' || value === null) return emptyIsAbsent(value);
  const { year, month } = value as { year?: unknown; month?: unknown };
  if (typeof year !== 'string' || typeof month !== 'string') return value;
  if (year.trim() === '' && month.trim() === '') return undefined;
  const day = TypedDate.safeParse({ year, month, day: '1' });
  return day.success ? day.data.slice(0, 7) : '';
}
