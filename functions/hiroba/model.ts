/** ひろば: places that open on fixed hours without booking, and how many people came to them. */
import * as z from 'zod';
import { ClockTime, Instant, IsoDate } from '../calendar/model.ts';

export const SiteId = z.string().regex(/^[a-z][a-z0-9-]{1,30}$/);
export type SiteId = z.infer<typeof SiteId>;

/** A month, `2026-12`. */
export const Month = z.string().regex(/^(19|20|21)\d{2}-(0[1-9]|1[0-2])$/);
export type Month = z.infer<typeof Month>;

/**
 * Hours that come again each week, or with `weeks` only on the nth such weekday of a month
 * (第2・第4金曜 = `weekdays: [5], weeks: [2, 4]`).
 */
export const HirobaHours = z
  .strictObject({
    /** 0 = Sunday … 6 = Saturday. */
    weekdays: z.array(z.int().min(0).max(6)).min(1).max(7),
    weeks: z.array(z.int().min(1).max(5)).min(1).max(5).optional(),
    opens: ClockTime,
    closes: ClockTime,
  })
  .refine(({ opens, closes }) => opens < closes, { error: '開く時刻は、閉じる時刻より前です。' });
export type HirobaHours = z.infer<typeof HirobaHours>;

/** One ひろば as a city states it. */
export const HirobaSite = z.strictObject({
  siteId: SiteId,
  name: z.string().min(1).max(40),
  /** What it is called in the city's plan: 地域子育て支援拠点, 民設のひろば. */
  kind: z.string().max(40),
  /** Whether the centre runs it; then it is closed when the centre is. */
  runBy: z.enum(['centre', 'others']),
  operator: z.string().max(60),
  place: z.string().max(60),
  audience: z.string().max(100),
  capacity: z
    .strictObject({ families: z.int().positive(), note: z.string().max(100).optional() })
    .optional(),
  hours: z.array(HirobaHours).min(1).max(7),
  /** Closed once (臨時休み), besides holidays and the turn of the year. */
  closedDays: z.array(IsoDate),
  /** When families may eat there. */
  lunch: z.strictObject({ from: ClockTime, to: ClockTime }).optional(),
  fee: z.string().max(40),
  reservation: z.string().max(80),
  amenities: z.array(z.string().max(30)).max(12),
  programmes: z
    .array(
      z.strictObject({
        title: z.string().max(40),
        when: z.string().max(40),
        text: z.string().max(120),
      }),
    )
    .max(8),
  notes: z.array(z.string().max(160)).max(4),
  /** Whether visitors are counted for the morning and the afternoon, or for the whole day. */
  countedBy: z.enum(['half_day', 'day']),
});
export type HirobaSite = z.infer<typeof HirobaSite>;

/** What a page's script needs to say whether a site is open: its coming openings, as instants. */
export const HirobaStatusFile = z.strictObject({
  sites: z.record(SiteId, z.array(z.strictObject({ opensAt: Instant, closesAt: Instant }))),
});
export type HirobaStatusFile = z.infer<typeof HirobaStatusFile>;

/** 午前 · 午後 · 一日. */
export const VisitSlot = z.enum(['am', 'pm', 'day']);
export type VisitSlot = z.infer<typeof VisitSlot>;

const Count = z.int().min(0).max(999);

/** How many came (来所数), and nothing about who. */
export const VisitCounts = z.strictObject({
  families: Count,
  adults: Count,
  /** Of the adults: 参加した父親. */
  fathers: Count,
  /** Of the families: for the first time. */
  firstVisits: Count,
  /** Children by age: 0歳, 1歳, 2歳, 3歳から就学前, 小学生, 中高生. */
  age0: Count,
  age1: Count,
  age2: Count,
  age3: Count,
  primary: Count,
  teens: Count,
});
export type VisitCounts = z.infer<typeof VisitCounts>;

const VisitSlots = z
  .strictObject({
    am: VisitCounts.optional(),
    pm: VisitCounts.optional(),
    day: VisitCounts.optional(),
  })
  .refine((slots) => !(slots.day && (slots.am ?? slots.pm)), {
    error: '一日の数と、午前・午後の数は、どちらか一方だけにしてください。',
  });

/** The counts of one day at one site. `version` is raised by one with every change. */
export const VisitDay = z.strictObject({
  siteId: SiteId,
  date: IsoDate,
  version: z.int().positive(),
  slots: VisitSlots,
  updatedAt: Instant,
});
export type VisitDay = z.infer<typeof VisitDay>;

/** What the desk sends for a day: the version it has seen, 0 when there was none. */
export const VisitEntry = z.strictObject({
  date: IsoDate,
  version: z.int().nonnegative(),
  slots: VisitSlots,
});
export type VisitEntry = z.infer<typeof VisitEntry>;

/** A place whose visitors are counted: a ひろば, or all dates of the 出張ひろば together. */
export const CountedPlace = z.strictObject({
  siteId: SiteId,
  name: z.string(),
  countedBy: HirobaSite.shape.countedBy,
});
export type CountedPlace = z.infer<typeof CountedPlace>;

/** What happens at a ひろば. `actor` is the subject of the token that did it. */
export const HirobaEvent = z.strictObject({
  eventId: z.string(),
  kind: z.enum(['visits_recorded']),
  at: Instant,
  siteId: SiteId,
  date: IsoDate,
  actor: z.string(),
});
export type HirobaEvent = z.infer<typeof HirobaEvent>;
