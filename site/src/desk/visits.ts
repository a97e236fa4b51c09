/**
 * The counts of a day as they are typed at the desk, and the calls that read and save them. What a
 * colleague saves meanwhile is not replaced: what was counted here is added to it.
 */
import {
  addedTo,
  COUNT_KEYS,
  type CountedPlace,
  NOBODY,
  type VisitCounts,
  type VisitDay,
  type VisitEntry,
  type VisitSlot,
} from '../rules.ts';
import { call } from './api.ts';

export function listPlaces(accessToken: string): Promise<{
  readonly today: string;
  readonly places: readonly CountedPlace[];
}> {
  return call(accessToken, 'GET', '/api/staff/hiroba');
}

export async function listVisits(
  accessToken: string,
  siteId: string,
  month: string,
): Promise<readonly VisitDay[]> {
  const path = `/api/staff/hiroba/${siteId}/visits?month=${month}`;
  return (await call<{ days: readonly VisitDay[] }>(accessToken, 'GET', path)).days;
}

export function saveVisits(
  accessToken: string,
  siteId: string,
  entry: VisitEntry,
): Promise<VisitDay> {
  return call(accessToken, 'POST', `/api/staff/hiroba/${siteId}/visits`, entry);
}

type Slots = VisitDay['slots'];

/** What is typed for a day, and what it was typed over. */
export interface Draft {
  readonly version: number;
  readonly base: Slots;
  readonly slots: Slots;
  /** A colleague saved in between, and what was counted here has been added to it. */
  readonly wasAdded: boolean;
}

export function draftOf(stored: VisitDay | undefined): Draft {
  const slots = stored?.slots ?? {};
  return { version: stored?.version ?? 0, base: slots, slots, wasAdded: false };
}

export function countsIn(draft: Draft, slot: VisitSlot): VisitCounts {
  return draft.slots[slot] ?? NOBODY;
}

export function withCounts(draft: Draft, slot: VisitSlot, counts: VisitCounts): Draft {
  return { ...draft, slots: { ...draft.slots, [slot]: counts } };
}

/** Whether anything differs from what it was typed over. */
export function isChanged({ base, slots }: Draft): boolean {
  return (['am', 'pm', 'day'] as const).some((slot) =>
    COUNT_KEYS.some((key) => (slots[slot] ?? NOBODY)[key] !== (base[slot] ?? NOBODY)[key]),
  );
}

/** The draft over what is stored now: older news changes nothing, newer has this count added. */
export function overNewer(draft: Draft, stored: VisitDay | undefined): Draft {
  if (!stored || stored.version <= draft.version) return draft;
  if (!isChanged(draft)) return draftOf(stored);
  const slots: Slots = { ...stored.slots };
  for (const slot of ['am', 'pm', 'day'] as const) {
    const mine = draft.slots[slot];
    if (!mine) continue;
    slots[slot] = addedTo(stored.slots[slot] ?? NOBODY, draft.base[slot] ?? NOBODY, mine);
  }
  return { version: stored.version, base: stored.slots, slots, wasAdded: true };
}

/** What was saved, with what was counted on while it was being saved. */
export function afterSaving(typed: Draft, sent: Draft, saved: VisitDay): Draft {
  return {
    ...overNewer({ ...typed, base: sent.slots, version: sent.version }, saved),
    wasAdded: false,
  };
}

/** The days of a month as they are known: an answer that was slow brings no older counts back. */
export function newestDays(
  here: readonly VisitDay[] | undefined,
  arrived: readonly VisitDay[],
): readonly VisitDay[] {
  const newer = (here ?? []).filter(
    (known) => !arrived.some(({ date, version }) => date === known.date && version > known.version),
  );
  return [
    ...newer,
    ...arrived.filter(({ date }) => !newer.some((known) => known.date === date)),
  ].sort((a, b) => (a.date < b.date ? -1 : 1));
}

/** `2026-12` and so many months on. */
export function monthFrom(month: string, by: number): string {
  const at = new Date(Date.UTC(Number(month.slice(0, 4)), Number(month.slice(5)) - 1 + by, 1));
  return at.toISOString().slice(0, 7);
}

/** 「2026年12月」. */
export function monthName(month: string): string {
  return `${Number(month.slice(0, 4))}年${Number(month.slice(5))}月`;
}
