/** How hard sending is: set from the letters of the last minute, by the clock, and eased by it again. */
import { putDeadline } from '../platform/agenda.ts';
import type { WorkerDeps } from '../platform/worker-deps.ts';
import { levelFor } from './rules.ts';
import { countSpent, getLevel, putLevel } from './store.ts';

export const SET_LEVEL = 'letters_level';
const PAUSE_MS = 60_000;

/** Looks again in a minute for as long as it is not easy. */
export async function setLevel({ database, clock }: WorkerDeps): Promise<void> {
  const now = clock.now();
  const level = levelFor(await countSpent(database, now));
  if (level !== (await getLevel(database))) await putLevel(database, level);
  if (level === 0) return;
  const dueAt = new Date(now.getTime() + PAUSE_MS).toISOString();
  await putDeadline(database, { key: SET_LEVEL, kind: SET_LEVEL, subject: 'level', dueAt });
}
