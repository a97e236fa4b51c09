/** Registrations (申込み): what a household sends, what is kept, and every state it can be in. */
import * as z from 'zod';
import { EpochSeconds, Instant } from '../calendar/model.ts';
import { CourseId, PoolKind, Session } from '../courses/model.ts';
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

/**
 * 抽選待ち · 参加確定 · キャンセル待ち · 空席のご案内中 · 取消し · ご案内を辞退 · ご案内の期限切れ · 落選.
 */
export const RegistrationStatus = z.enum([
  'applied',
  'confirmed',
  'waiting',
  'offered',
  'cancelled',
  'declined',
  'lapsed',
  'lost',
]);
export type RegistrationStatus = z.infer<typeof RegistrationStatus>;

/**
 * What a registration has, or waits for, in one pool: seats of the course or of one session, or
 * childcare places. Seat and childcare places of the same session belong together; a childcare
 * place that waits without a `waitNumber` waits with its seat, not in a queue of its own.
 */
export const Place = z.strictObject({
  poolKey: z.string(),
  kind: PoolKind,
  /** The session it is for, where one is chosen. */
  sessionKey: z.string().optional(),
  /** Seats, or children. */
  count: z.int().positive(),
  status: RegistrationStatus,
  /** Orders the waitlist: grows with the time of applying; kept after the wait is over. */
  waitNumber: z.int().positive().optional(),
  /** Until when an offered place is held. */
  offerExpiresAt: Instant.optional(),
});
export type Place = z.infer<typeof Place>;

/** A participant as typed; rows left empty are dropped before this is asked. */
export const TypedParticipant = z.strictObject({
  name: PersonName,
  kana: PersonKana,
  birthDate: TypedDate,
});

/** How many participants one form takes: twins, and a sibling or two. */
export const MAX_PARTICIPANTS = 6;
/** How many children one household can have looked after. */
export const MAX_CHILDCARE = 4;
/** How many dates one application is for, where each date is booked. */
export const MAX_SESSIONS = 10;
/** How many notes staff can write beside one registration. */
export const MAX_NOTES = 30;

const people = (most: number, sentence: string) =>
  z.preprocess(dropEmptyRows, z.array(TypedParticipant).max(most, { error: sentence }));

const freeText = (longest: number) =>
  z
    .string()
    .max(longest, { error: `${longest}文字までで書いてください。` })
    .refine((text) => !/[^\P{Cc}\n\r\t]/u.test(text), { error: '使えない文字が入っています。' });

/** The body of POST /api/registrations. */
export const RegistrationRequest = z.strictObject({
  courseId: CourseId,
  /** Chosen sessions: one or more in order of preference, or every date to come to. */
  sessionKeys: z.preprocess(
    dropEmptyTexts,
    z.array(z.string().max(4)).max(MAX_SESSIONS, {
      error: `一度に申し込めるのは${MAX_SESSIONS}回までです。`,
    }),
  ),
  applicant: z.strictObject({
    name: PersonName,
    kana: PersonKana,
    phone: PhoneNumber,
    email: z.preprocess(emptyIsAbsent, EmailAddress.optional()),
  }),
  participants: people(MAX_PARTICIPANTS, `一度に申し込めるのは${MAX_PARTICIPANTS}人までです。`),
  /** Children who are looked after meanwhile (保育). */
  childcare: people(MAX_CHILDCARE, `保育は、一度に${MAX_CHILDCARE}人まで申し込めます。`),
  /** The parent comes also when no childcare place is to be had. */
  courseWithoutChildcare: z.preprocess(tick, z.boolean()),
  /** Adults who come, where they are counted. */
  adults: z.preprocess(
    numberOf,
    z
      .int({ error: '来られるおとなの人数を選んでください。' })
      .min(1, { error: '来られるおとなの人数を選んでください。' })
      .max(6, { error: 'おとなは6人までです。' })
      .optional(),
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
  /** Priorities of a lottery that the applicant ticks (`tiers.first=on` in a form). */
  tiers: z.preprocess(tickedKeys, z.array(z.string().max(12)).max(4)),
  allergy: z.preprocess(emptyIsAbsent, freeText(200).optional()),
  /** A guardian (保護者) who agrees, and can be called in an emergency. */
  guardian: z.preprocess(
    (value) => (isEmptyRow(value) ? undefined : value),
    z.strictObject({ name: PersonName, phone: PhoneNumber }).optional(),
  ),
  needs: z.preprocess(emptyIsAbsent, freeText(500).optional()),
  /** For phones whose carrier drops mails with links in them. */
  mailWithoutLink: z.preprocess(tick, z.boolean()),
});
export type RegistrationRequest = z.infer<typeof RegistrationRequest>;

/** How an application came in: ウェブ · 電話 · 窓口. */
export const Channel = z.enum(['web', 'phone', 'counter']);
export type Channel = z.infer<typeof Channel>;

/** A registration as kept in the bookings table. */
export const Registration = z.strictObject({
  registrationId: RegistrationId,
  secret: BookingSecret,
  courseId: CourseId,
  /** Sessions as chosen: in order of preference, or all that are meant; none for the whole course. */
  sessionKeys: z.array(z.string()),
  places: z.array(Place).min(1).max(20),
  /** The number in a lottery (抽選番号), and the priority: 0 is drawn first. */
  entry: z.strictObject({ number: z.int().positive(), tier: z.int().nonnegative() }).optional(),
  applicant: z.strictObject({
    name: z.string(),
    kana: z.string(),
    phone: z.string(),
    email: z.string().optional(),
  }),
  participants: z.array(Participant),
  childcare: z.array(Participant),
  courseWithoutChildcare: z.boolean(),
  dueMonth: z.string().optional(),
  allergy: z.string().optional(),
  guardian: z.strictObject({ name: z.string(), phone: z.string() }).optional(),
  needs: z.string().optional(),
  mailWithoutLink: z.boolean(),
  channel: Channel,
  /** What staff wrote beside it; `by` is the subject of a token. */
  notes: z.array(z.strictObject({ at: Instant, by: z.string(), text: z.string() })).max(MAX_NOTES),
  /** How many people; stays when their names are gone. */
  counts: z.strictObject({
    participants: z.int().nonnegative(),
    adults: z.int().nonnegative(),
    childcare: z.int().nonnegative(),
  }),
  acceptedAt: Instant,
  /** Keys of the household rows that make a second application impossible, by session if chosen. */
  households: z.array(z.strictObject({ key: z.string(), sessionKey: z.string().optional() })),
  /** What has been deleted of it: telephone and mail first, names later. */
  purged: z.enum(['contacts', 'names']).optional(),
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
    'registration_entered',
    'registration_offered',
    'registration_accepted',
    'registration_cancelled',
    'registration_declined',
    'registration_lapsed',
    'registration_applied_again',
    'registration_course_called_off',
    'registration_course_moved',
    'registration_reminder',
    'registration_survey',
    'registration_moved',
    'registration_won',
    'registration_reserve',
    'registration_lost',
  ]),
  at: Instant,
  courseId: CourseId,
  /** Pools that it is about. */
  poolKeys: z.array(z.string()),
  registrationId: RegistrationId,
  /** The session that a reminder is for. */
  sessionKey: z.string().optional(),
  /** Of a moved course: the sessions of this registration as they were, where that is known. */
  was: z.array(Session).optional(),
});
export type RegistrationEvent = z.infer<typeof RegistrationEvent>;

function emptyIsAbsent(value: unknown): unknown {
  return typeof value === 'string' && value.trim() === '' ? undefined : value;
}

function dropEmptyTexts(value: unknown): unknown {
  if (value === undefined) return [];
  return Array.isArray(value)
    ? value.filter((text) => typeof text !== 'string' || text.trim() !== '')
    : value;
}

/** A number as a form sends it. */
function numberOf(value: unknown): unknown {
  const text = emptyIsAbsent(value);
  return typeof text === 'string' && /^\d{1,3}$/.test(text) ? Number(text) : text;
}

/** `{ first: 'on' }` of a form becomes `['first']`; a script may send the array itself. */
function tickedKeys(value: unknown): unknown {
  if (value === undefined) return [];
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return value;
  return Object.entries(value)
    .filter(([, ticked]) => tick(ticked) === true)
    .map(([key]) => key);
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
  if (row === undefined) return true;
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
