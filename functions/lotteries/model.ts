/** Lotteries (抽選): the stored secret, the numbers given out, and the file that anyone can check. */
import * as z from 'zod';
import { Instant } from '../calendar/model.ts';
import { CourseId, PoolKind, SessionChoice } from '../courses/model.ts';
import { isPublicValue, SCHEME } from './rules.ts';

/** 256 bits in hexadecimal digits: a seed, or a hash. */
const Hex = z.string().regex(/^[0-9a-f]{64}$/);

/** As staff type it; only its digits count. */
export const PublicValue = z
  .string()
  .max(60)
  .refine(isPublicValue, { error: '公表された番号を、4けた以上の数字で入れてください。' });

/**
 * One application as the draw sees it, without a person. Numbers run from 1 in the order of
 * applying; those that are missing were withdrawn. `tier` 0 comes first. `sessionKeys`: the sessions
 * in order of preference, or all that are wanted (`each`); empty for a whole course. `childcare`:
 * places wanted; `courseWithoutChildcare`: the family takes part even if there is none.
 */
export const LotteryEntry = z.strictObject({
  number: z.int().positive(),
  tier: z.int().nonnegative(),
  seats: z.int().positive(),
  sessionKeys: z.array(z.string().max(8)).max(30),
  childcare: z.int().nonnegative(),
  courseWithoutChildcare: z.boolean(),
});
export type LotteryEntry = z.infer<typeof LotteryEntry>;

/** An entry with the registration behind it; this stays inside. */
export const NumberedApplication = LotteryEntry.extend({
  registrationId: z.string(),
  /** The published result has reached the registration, once and for all. */
  settled: z.literal(true).optional(),
});
export type NumberedApplication = z.infer<typeof NumberedApplication>;

/** Places to be drawn, fixed when the list is sealed; `reserve`: how many may wait for one. */
export const DrawPool = z.strictObject({
  key: z.string(),
  kind: PoolKind,
  capacity: z.int().nonnegative(),
  reserve: z.int().nonnegative(),
});
export type DrawPool = z.infer<typeof DrawPool>;

/** Everything that the draw depends on, besides the seed and the public value. */
export interface DrawList {
  readonly courseId: string;
  readonly choice: SessionChoice;
  readonly publicValueName: string;
  readonly pools: readonly DrawPool[];
  readonly entries: readonly LotteryEntry[];
}

/** 当選 · 補欠 · 落選. */
export const DrawOutcome = z.enum(['won', 'reserve', 'lost']);
export type DrawOutcome = z.infer<typeof DrawOutcome>;

/**
 * What becomes of one place. `position` counts those who wait in the pool's reserve, from 1; a
 * childcare place in reserve without one waits with its seat.
 */
export const DrawnPlace = z.strictObject({
  poolKey: z.string(),
  kind: PoolKind,
  sessionKey: z.string().optional(),
  count: z.int().positive(),
  result: DrawOutcome,
  position: z.int().positive().optional(),
});
export type DrawnPlace = z.infer<typeof DrawnPlace>;

/** What becomes of one application; `rank` is its place in the order of the whole draw. */
export const DrawResult = z.strictObject({
  number: z.int().positive(),
  rank: z.int().positive(),
  result: DrawOutcome,
  places: z.array(DrawnPlace).readonly(),
});
export type DrawResult = z.infer<typeof DrawResult>;

const OpenFile = z.strictObject({
  scheme: z.literal(SCHEME),
  state: z.literal('open'),
  courseId: CourseId,
  title: z.string(),
  choice: SessionChoice,
  /** Names of the priorities, first one first; who has none comes after them. */
  tiers: z.array(z.string()),
  publicValueName: z.string(),
  openedAt: Instant,
  commitment: Hex,
});

/** What is fixed, and published, when the window has closed. */
export const SealedList = z.strictObject({
  closedAt: Instant,
  listHash: Hex,
  count: z.int().nonnegative(),
  pools: z.array(DrawPool),
});
export type SealedList = z.infer<typeof SealedList>;

const ClosedFile = OpenFile.extend({ state: z.literal('closed'), ...SealedList.shape });

export const DrawnFile = ClosedFile.extend({
  state: z.literal('drawn'),
  drawnAt: Instant,
  seed: Hex,
  publicValue: z.string(),
  entries: z.array(LotteryEntry),
  /** In the order of the draw. */
  results: z.array(DrawResult),
});
export type DrawnFile = z.infer<typeof DrawnFile>;

/** /courses/<id>/draw.json: what is public of a draw, by how far it is. */
export const DrawFile = z.discriminatedUnion('state', [OpenFile, ClosedFile, DrawnFile]);
export type DrawFile = z.infer<typeof DrawFile>;

/**
 * The stored lottery. `seed` is a secret until `drawnAt`. What the notice promised (`tiers`,
 * `publicValueName`) is copied when the window opens and stays, whatever becomes of the notice.
 * `shutAt`: no number is given out and none withdrawn any more; the list can be sealed.
 */
export const Lottery = z.strictObject({
  courseId: CourseId,
  version: z.int().positive(),
  seed: Hex,
  commitment: Hex,
  openedAt: Instant,
  choice: SessionChoice,
  tiers: z.array(z.string()),
  publicValueName: z.string(),
  lastNumber: z.int().nonnegative(),
  shutAt: Instant.optional(),
  sealed: SealedList.optional(),
  publicValue: PublicValue.optional(),
  drawnAt: Instant.optional(),
});
export type Lottery = z.infer<typeof Lottery>;

/** What happens to a lottery. `actor` is the subject of the token that did it, `system` else. */
export const LotteryEvent = z.strictObject({
  eventId: z.string(),
  kind: z.enum([
    'lottery_opened',
    'lottery_closed',
    'lottery_value_set',
    'lottery_drawn',
    /** Every registration has its result. */
    'lottery_settled',
  ]),
  at: Instant,
  courseId: CourseId,
  actor: z.string(),
});
export type LotteryEvent = z.infer<typeof LotteryEvent>;

const TierCount = z.strictObject({
  name: z.string(),
  applications: z.int().nonnegative(),
  won: z.int().nonnegative(),
  reserve: z.int().nonnegative(),
  lost: z.int().nonnegative(),
});

/** One line of the preview, in the order of the draw. */
const DeskResult = z.strictObject({
  number: z.int().positive(),
  rank: z.int().positive(),
  tier: z.int().nonnegative(),
  result: DrawOutcome,
  /** 「当選（A の回）」, as the public page says it. */
  said: z.string(),
  bookingNumber: z.string(),
  /** For roles that may see names. */
  name: z.string().optional(),
  /** Given up since the list was sealed: what is drawn for it goes to the next. */
  isWithdrawn: z.boolean(),
});

/** A lottery as the desk sees it: how far it is and, once the value is typed, what would come out. */
export const DeskLottery = z.strictObject({
  courseId: CourseId,
  title: z.string(),
  version: z.int().positive(),
  state: z.enum(['open', 'closed', 'previewed', 'drawn']),
  openedAt: Instant,
  closesAt: Instant.optional(),
  commitment: Hex,
  closedAt: Instant.optional(),
  listHash: Hex.optional(),
  publicValueName: z.string(),
  publicValue: z.string().optional(),
  drawnAt: Instant.optional(),
  /** Days that a winner has to confirm. */
  confirmDays: z.int().positive(),
  applications: z.int().nonnegative(),
  /** How many of them have their result. */
  settled: z.int().nonnegative(),
  tiers: z.array(TierCount),
  results: z.array(DeskResult),
});
export type DeskLottery = z.infer<typeof DeskLottery>;
