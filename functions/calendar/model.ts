/** Days, times and instants as schemas: what is stored, and what an expiry must look like. */
import * as z from 'zod';
import { isDay } from './rules.ts';

/** A calendar day in Tokyo, `YYYY-MM-DD`. */
export const IsoDate = z.string().refine(isDay, { error: '暦にない日付です。' });
export type IsoDate = z.infer<typeof IsoDate>;

/** A time of day in Tokyo, `HH:MM`. */
export const ClockTime = z
  .string()
  .regex(/^([01]\d|2[0-3]):[0-5]\d$/, { error: '時刻を確認してください。' });
export type ClockTime = z.infer<typeof ClockTime>;

/** An instant, RFC 3339 in UTC with milliseconds, so that text order is time order. */
export const Instant = z.string().regex(/^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}\.\d{3}Z$/);
export type Instant = z.infer<typeof Instant>;

/**
 * Seconds since 1970, the only unit DynamoDB's TTL understands. Branded, so that milliseconds
 * cannot slip in: they would mean the year 50,000 and nothing would ever expire.
 */
export const EpochSeconds = z.int().min(1_500_000_000).max(9_999_999_999).brand('EpochSeconds');
export type EpochSeconds = z.infer<typeof EpochSeconds>;

/** Expiry for TTL: whole seconds, `days` after `from`. */
export function expiryAfter(from: Date, days: number): EpochSeconds {
  return EpochSeconds.parse(Math.floor(from.getTime() / 1000) + Math.round(days * 86_400));
}
