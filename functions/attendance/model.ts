/** 出欠: who came to a session, who came late or not at all, and who came without a booking. */
import * as z from 'zod';
import { Instant, IsoDate } from '../calendar/model.ts';
import { ApplicationMethod, CourseId, Publication, Session } from '../courses/model.ts';
import { VisitCounts } from '../hiroba/model.ts';
import { RegistrationId } from '../registrations/model.ts';

export const SessionKey = Session.shape.key;

/** 未確認 · 出席 · 遅刻 · 欠席. */
export const AttendanceStatus = z.enum(['unmarked', 'present', 'late', 'absent']);
export type AttendanceStatus = z.infer<typeof AttendanceStatus>;

/** 体調不良 · 都合 · 連絡なし · その他. */
export const AbsenceReason = z.enum(['unwell', 'plans', 'no_notice', 'other']);
export type AbsenceReason = z.infer<typeof AbsenceReason>;

/** One person of a family by the place on the form: `p0` the first participant, `c1` the second
 * child in childcare. */
export const PersonKey = z.string().regex(/^[pc]\d$/);
/** Those of a family who are otherwise than the family; nobody else is in it. */
const Persons = z
  .record(PersonKey, AttendanceStatus.exclude(['unmarked']))
  .refine((persons) => Object.keys(persons).length <= 10, { error: '人数が多すぎます。' });

/** Which phone at the door it came from, a chance text of its own; says nothing about who holds it. */
const Device = z.string().regex(/^[\w-]{10,40}$/);

const whatIsMarked = {
  status: AttendanceStatus,
  reason: AbsenceReason.optional(),
  note: z
    .string()
    .trim()
    .max(40, { error: '40文字までで書いてください。' })
    .refine((text) => !/\p{Cc}/u.test(text), { error: '使えない文字が入っています。' })
    .optional(),
  persons: Persons,
};

/** The mark of one family in one session, as kept. */
export const Mark = z.strictObject({
  registrationId: RegistrationId,
  ...whatIsMarked,
  /** Raised by one with every change. */
  version: z.int().positive(),
  at: Instant,
  /** The subject of the token; goes when the family's names go. */
  by: z.string().optional(),
  /** From which phone, and which of its marks: one that was sent twice is the same one. */
  device: Device,
  sequence: z.int().nonnegative(),
});
export type Mark = z.infer<typeof Mark>;

/** What a phone at the door sends: its mark, and the version that it saw (0 when there was none). */
export const MarkRequest = z
  .strictObject({
    registrationId: RegistrationId,
    ...whatIsMarked,
    version: z.int().nonnegative(),
    device: Device,
    sequence: z.int().nonnegative(),
  })
  .refine(({ status, reason }) => (status === 'absent') === (reason !== undefined), {
    error: '欠席のときだけ、理由を選んでください。',
    path: ['reason'],
  })
  .refine(({ note, reason }) => note === undefined || reason === 'other', {
    error: 'メモは「その他」のときだけ書けます。',
    path: ['note'],
  })
  .refine(
    ({ status, persons }) =>
      status === 'present' || status === 'late' || Object.keys(persons).length === 0,
    { error: '一人ずつ付けられるのは、出席か遅刻の家族だけです。', path: ['persons'] },
  );
export type MarkRequest = z.infer<typeof MarkRequest>;

/** A mark as the phones see it. */
export const MarkView = Mark.omit({ at: true, by: true, device: true, sequence: true });
export type MarkView = z.infer<typeof MarkView>;

/** Who came without a booking: how many, by age as the ひろば counts them, and nothing about who. */
export const WalkInCounts = VisitCounts.pick({
  adults: true,
  age0: true,
  age1: true,
  age2: true,
  age3: true,
  primary: true,
  teens: true,
}).refine((counts) => Object.values(counts).some((count) => count > 0), {
  error: '一人以上にしてください。',
});
export type WalkInCounts = z.infer<typeof WalkInCounts>;

export const WalkInId = z.string().regex(/^wlk_[A-Za-z0-9_-]{16,40}$/);

/** 飛び入り: one family or group. Its id is made where it is typed, so that twice sent is once kept. */
export const WalkInRequest = z.strictObject({ walkInId: WalkInId, counts: WalkInCounts });
export type WalkInRequest = z.infer<typeof WalkInRequest>;

export const WalkIn = z.strictObject({
  walkInId: WalkInId,
  counts: WalkInCounts,
  at: Instant,
  by: z.string().optional(),
});
export type WalkIn = z.infer<typeof WalkIn>;

export const WalkInView = WalkIn.omit({ by: true });
export type WalkInView = z.infer<typeof WalkInView>;

/** Somebody who can be marked alone. */
export const ExpectedPerson = z.strictObject({
  key: PersonKey,
  name: z.string(),
  kana: z.string(),
  /** Age in months on the day of the session; for children. */
  months: z.int().optional(),
});
export type ExpectedPerson = z.infer<typeof ExpectedPerson>;

/** A family with a confirmed place in the session. */
export const ExpectedFamily = z.strictObject({
  registrationId: RegistrationId,
  name: z.string(),
  kana: z.string(),
  /** For the roles that call families. */
  phone: z.string().optional(),
  people: z.array(ExpectedPerson),
  /** How many of them; stays when the names are gone. */
  counts: z.strictObject({
    participants: z.int().nonnegative(),
    adults: z.int().nonnegative(),
    childcare: z.int().nonnegative(),
  }),
  /** 配慮あり: a wish or an allergy is written in the roster. */
  hasNeeds: z.boolean(),
  /** Its names are gone: 保存期間. */
  isPurged: z.boolean(),
});
export type ExpectedFamily = z.infer<typeof ExpectedFamily>;

export const AttendanceSummary = z.strictObject({
  /** Families. */
  expected: z.int(),
  present: z.int(),
  late: z.int(),
  absent: z.int(),
  unmarked: z.int(),
  /** People without a booking. */
  walkIns: z.int(),
  /** Everybody who came. */
  people: z.int(),
});
export type AttendanceSummary = z.infer<typeof AttendanceSummary>;

/** The marks alone, with nobody's name: what the phones ask for again and again. */
export const AttendanceMarks = z.strictObject({
  marks: z.array(MarkView),
  walkIns: z.array(WalkInView),
  /** Seats that nobody has booked; null where no seats are counted. */
  seatsFree: z.int().nullable(),
});
export type AttendanceMarks = z.infer<typeof AttendanceMarks>;

export const AttendanceSheet = z.strictObject({
  courseId: CourseId,
  title: z.string(),
  venue: z.string(),
  session: Session,
  publication: Publication,
  families: z.array(ExpectedFamily),
  ...AttendanceMarks.shape,
  summary: AttendanceSummary,
});
export type AttendanceSheet = z.infer<typeof AttendanceSheet>;

const Places = z.strictObject({
  taken: z.int(),
  capacity: z.int(),
  waiting: z.int(),
});

/** A session on the board of the day; counts, and no person. */
export const BoardSession = z.strictObject({
  courseId: CourseId,
  sessionKey: SessionKey,
  title: z.string(),
  category: z.string(),
  date: IsoDate,
  start: z.string(),
  end: z.string(),
  venue: z.string(),
  publication: Publication,
  method: ApplicationMethod,
  seats: Places.optional(),
  childcare: Places.optional(),
});
export type BoardSession = z.infer<typeof BoardSession>;

const BoardCourse = z.strictObject({ courseId: CourseId, title: z.string(), at: Instant });

/** 今日と今週: what is on, and what asks for somebody. */
export const Board = z.strictObject({
  today: IsoDate,
  sessions: z.array(BoardSession),
  /** Applications that close today. */
  closingToday: z.array(BoardCourse),
  /** Lotteries that are closed and not drawn. */
  drawsDue: z.array(BoardCourse),
  /** Offers of free seats that wait for a family's answer, and when the first of them ends. */
  offersOpen: z.strictObject({ count: z.int(), firstEndsAt: Instant.optional() }),
  /** Calls that nobody has made yet; one that is not needed any more leaves the list by itself. */
  callsOpen: z.int(),
});
export type Board = z.infer<typeof Board>;

/** What happens at the door. `actor` is the subject of the token that did it. */
export const AttendanceEvent = z.strictObject({
  eventId: z.string(),
  kind: z.enum(['attendance_marked', 'walk_in_recorded', 'walk_in_removed']),
  at: Instant,
  courseId: CourseId,
  sessionKey: SessionKey,
  registrationId: RegistrationId.optional(),
  actor: z.string(),
});
export type AttendanceEvent = z.infer<typeof AttendanceEvent>;
