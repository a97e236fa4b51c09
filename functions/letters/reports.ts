/** The records of reports (通告), the newest first, for who may see them. */
import { recordRead } from '../audit/store.ts';
import type { ApiDeps } from '../platform/deps.ts';
import type { Reports } from './desk-model.ts';
import { listReports } from './store.ts';

export async function readReports(deps: ApiDeps, actor: string, now: Date): Promise<Reports> {
  const reports = await listReports(deps.database);
  await recordRead(deps, { action: 'reports_read', actor, people: reports.length }, now);
  return { reports };
}
