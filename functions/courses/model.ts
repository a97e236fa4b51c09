/** Courses and events (講座・行事): what staff publish, and the seats that bookings share. */
import * as z from 'zod';
import { ClockTime, Instant, IsoDate } from '../calendar/model.ts';

export const CourseId = z.string().regex(/^crs_[a-z0-9][a-z0-9-]{1,60}$/);
export type CourseId = z.infer<typeof CourseId>;

/** One date of a course (回). `key` names it inside the course: `1`, `2`, or `A`, `B`. */
export const Session = z.strictObject({
  key: z.string().regex(/^[A-Za-z0-9]{1,4}$/),
  date: IsoDate,
  start: ClockTime,
  end: ClockTime,
  venue: z.string().max(80).optional(),
  /** Seats of this session, where they differ from the course's (`perSession` only). */
  seats: z.int().positive().max(1000).optional(),
});
export type Session = z.infer<typeof Session>;

/**
 * Who may take part. `who` says whose birth date is asked: the children's who attend, that of a
 * child whose `parent` attends, the participant's own (`self`), or nobody's (`anyone`). Ages are judged on `judgedOn`: the first session attended
 * unless a day is given. `expecting` opens the course to pregnant people as well; `conditions` are
 * things that only the applicant knows (多胎, 第2子以降) and confirms with a tick.
 */
export const Eligibility = z.strictObject({
  who: z.enum(['child', 'parent', 'self', 'anyone']),
  minMonths: z.int().nonnegative().optional(),
  maxMonthsExclusive: z.int().positive().optional(),
  minSchoolYear: z.int().min(1).max(12).optional(),
  maxSchoolYear: z.int().min(0).max(12).optional(),
  judgedOn: z.union([z.literal('first_session'), IsoDate]),
  expecting: z.strictObject({ label: z.string().max(60) }).optional(),
  conditions: z.array(z.string().max(60)).max(4),
});
export type Eligibility = z.infer<typeof Eligibility>;

/**
 * Seats. `unit` is the notice's word (定員15組); `countedBy` says what takes a seat: the
 * application (組, 家族, an adult), each participant on it (人, for children), or each `person`
 * with the adults who come along, where the room is the limit. `seats` null: no limit.
 * `perSession`: the limit holds for each session, not for the course.
 */
export const Capacity = z.strictObject({
  unit: z.enum(['組', '人', '家族']),
  countedBy: z.enum(['application', 'participant', 'person']),
  seats: z.int().positive().max(1000).nullable(),
  waitlist: z.int().nonnegative().max(300),
  perSession: z.boolean(),
});
export type Capacity = z.infer<typeof Capacity>;

/** 先着 · 抽選 · 申込不要 · 職員受付. */
export const ApplicationMethod = z.enum(['first_come', 'lottery', 'none', 'staff']);
export type ApplicationMethod = z.infer<typeof ApplicationMethod>;

/** How and until when to apply. Instants in UTC; absent where nothing is applied for. */
export const ApplicationWindow = z.strictObject({
  method: ApplicationMethod,
  opensAt: Instant.optional(),
  closesAt: Instant.optional(),
  drawAt: Instant.optional(),
  /** Until when seats that a draw left over can be booked; set when the results are published. */
  leftoverClosesAt: Instant.optional(),
  note: z.string().max(200).optional(),
});
export type ApplicationWindow = z.infer<typeof ApplicationWindow>;

/**
 * 保育席: places for children who are looked after while the parent takes part, with an age rule of
 * their own: from `minMonths` to the last day before school. Where a session is chosen, each
 * session has as many places.
 */
export const ChildcareOffer = z.strictObject({
  places: z.int().positive().max(100),
  minMonths: z.int().nonnegative(),
  note: z.string().max(100).optional(),
});
export type ChildcareOffer = z.infer<typeof ChildcareOffer>;

/**
 * 抽選: how the draw is made checkable. `tiers` in order of priority (優先): who ticks none belongs
 * to the last, unnamed one. `publicValueName` says which number, fixed by others after closing,
 * goes into the draw (「年末ジャンボ宝くじ 1等の番号」). Winners confirm within `confirmDays`.
 */
export const LotteryRules = z.strictObject({
  tiers: z
    .array(z.strictObject({ key: z.string().regex(/^[a-z]{1,12}$/), label: z.string().max(60) }))
    .max(4),
  publicValueName: z.string().min(1).max(80),
  confirmDays: z.int().min(1).max(14),
});
export type LotteryRules = z.infer<typeof LotteryRules>;

/** What the form asks besides: アレルギー, 保護者の同意と緊急連絡先. */
export const ExtraQuestion = z.enum(['allergy', 'guardian']);
export type ExtraQuestion = z.infer<typeof ExtraQuestion>;

/** 下書き · 公開 · 非公開 · 中止 · ひな形 (a pattern to make courses from, never shown). */
export const Publication = z.enum(['draft', 'published', 'hidden', 'cancelled', 'template']);
export type Publication = z.infer<typeof Publication>;

/** `all`: one application is for every session (連続講座, or a single date); 1回を選ぶ; 各回. */
export const SessionChoice = z.enum(['all', 'one_of', 'each']);
export type SessionChoice = z.infer<typeof SessionChoice>;

export const Course = z.strictObject({
  courseId: CourseId,
  /** Raised by one with every edit; an edit names the version it was made from. */
  version: z.int().positive(),
  title: z.string().min(1).max(80),
  titleKana: z.string().max(120),
  category: z.string().max(30),
  summary: z.string().max(400),
  audience: z.string().max(120),
  eligibility: Eligibility,
  sessions: z
    .array(Session)
    .min(1)
    .max(30)
    .refine((sessions) => new Set(sessions.map(({ key }) => key)).size === sessions.length, {
      error: '同じ記号の回が二つあります。',
    })
    .refine((sessions) => sessions.every(({ key }) => key !== 'all'), {
      error: '回の記号に all は使えません。',
    }),
  sessionChoice: SessionChoice,
  venue: z.string().max(80),
  capacity: Capacity,
  childcare: ChildcareOffer.optional(),
  fee: z.strictObject({ yen: z.int().nonnegative(), detail: z.string().max(100).optional() }),
  bring: z.array(z.string().max(40)).max(12),
  accessibility: z.array(z.string().max(40)).max(8),
  notes: z.array(z.string().max(200)).max(8),
  application: ApplicationWindow,
  /** Present when the method is 抽選. */
  lottery: LotteryRules.optional(),
  asks: z.array(ExtraQuestion).max(2).default([]),
  /** Where who took part is asked how it was; mailed after the last session. */
  surveyUrl: z
    .url({ protocol: /^https$/ })
    .max(300)
    .optional(),
  /** When the results of the draw were published; leftover seats are first-come from then on. */
  drawnAt: Instant.optional(),
  publication: Publication,
  /** An unlisted course is for those who were told of it (案内した方だけ): in no list, its page
   * only for who has the address. */
  listed: z.boolean(),
  updatedAt: Instant,
});
export type Course = z.infer<typeof Course>;

/** Seats of the course, or places for children who are looked after meanwhile. */
export const PoolKind = z.enum(['seat', 'childcare']);
export type PoolKind = z.infer<typeof PoolKind>;

/**
 * The seats that bookings compete for: one for a course, or one for each session when the limit
 * is by session; and the childcare places likewise. `free` = capacity − seats taken or on offer; it
 * is stored, because DynamoDB's conditions cannot subtract. `key` is `all` or the session's key;
 * `childcare` or `childcare-` and the session's key.
 */
export const SeatPool = z.strictObject({
  courseId: CourseId,
  key: z.string(),
  kind: PoolKind.default('seat'),
  capacity: z.int().nonnegative(),
  free: z.int().nonnegative(),
  waitlistCapacity: z.int().nonnegative(),
  /**
   * Registrations that wait (待ち): how many, and their numbers in order. A position is counted
   * from them without a look at anybody's data.
   */
  waiting: z.int().nonnegative(),
  waitingNumbers: z.array(z.int().positive()),
});
export type SeatPool = z.infer<typeof SeatPool>;

/** A course with its pools, as every page and decision sees it. */
export const CourseWithSeats = z.strictObject({ course: Course, pools: z.array(SeatPool) });
export type CourseWithSeats = z.infer<typeof CourseWithSeats>;

/**
 * One course in /courses/status.json: all that a browser needs to say the truth at nine o'clock.
 * `pools` by key: seats free, waitlist places free, and how many wait.
 */
export const CourseStatusEntry = z.strictObject({
  publication: Publication,
  method: ApplicationMethod,
  bookable: z.boolean(),
  opensAt: Instant.optional(),
  closesAt: Instant.optional(),
  lastEndsAt: Instant,
  pools: z.record(
    z.string(),
    z.strictObject({
      free: z.int(),
      waitlistFree: z.int(),
      waiting: z.int(),
      /** When its session begins and it counts no more, where a session is chosen. */
      startsAt: Instant.optional(),
    }),
  ),
  /** Childcare places by the key of their pool. */
  childcare: z.record(z.string(), z.strictObject({ free: z.int(), waiting: z.int() })).optional(),
  /** The draw is over: seats that are left go to whoever comes first. */
  drawn: z.literal(true).optional(),
});
export type CourseStatusEntry = z.infer<typeof CourseStatusEntry>;

/** A course as the public interface shows it: counts of seats, nothing of who waits. */
export const PublicCourse = z.strictObject({ course: Course, status: CourseStatusEntry });
export type PublicCourse = z.infer<typeof PublicCourse>;

export const CourseStatusFile = z.strictObject({
  courses: z.record(CourseId, CourseStatusEntry),
});
export type CourseStatusFile = z.infer<typeof CourseStatusFile>;

/** What the desk may change in this release, from a version it has seen. */
export const CourseEdit = z.strictObject({
  version: z.int().positive(),
  publication: Publication.optional(),
  pools: z
    .array(
      z.strictObject({
        key: z.string().max(16),
        capacity: z.int().min(1).max(1000),
        waitlistCapacity: z.int().min(0).max(300),
      }),
    )
    .max(30)
    .refine((pools) => new Set(pools.map(({ key }) => key)).size === pools.length, {
      error: '同じ回が二度書かれています。',
    })
    .optional(),
});
export type CourseEdit = z.infer<typeof CourseEdit>;

/**
 * What happens to a course. `actor` is the subject of the token that did it, `system` else. Every
 * edit is a `course_edited`; one that calls the course off, or moves dates to which families come,
 * says so by a second event beside it. `was`: the sessions that moved, as they were before.
 */
export const CourseEvent = z.strictObject({
  eventId: z.string(),
  kind: z.enum(['course_created', 'course_edited', 'course_called_off', 'course_moved']),
  at: Instant,
  courseId: CourseId,
  actor: z.string(),
  was: z.array(Session).optional(),
});
export type CourseEvent = z.infer<typeof CourseEvent>;
