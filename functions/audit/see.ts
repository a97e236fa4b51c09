/** Who may read what the desk saw and did: a day of it, and the reading is written down as well. */
import type { Day } from '../calendar/rules.ts';
import type { ApiDeps } from '../platform/deps.ts';
import type { Actor } from '../platform/endpoint.ts';
import { auditOfDay, recordRead } from './store.ts';

export async function readAudit(
  deps: Pick<ApiDeps, 'database' | 'ids'>,
  { subject: actor }: Actor,
  { day, from }: { readonly day: Day; readonly from?: string | undefined },
  now: Date,
): ReturnType<typeof auditOfDay> {
  await recordRead(deps, { action: 'audit_read', actor, subject: day, people: 0 }, now);
  return auditOfDay(deps.database, day, from);
}
