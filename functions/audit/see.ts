/**
 * Who may read what the desk saw and did: a day of it, and the reading is written down as well. Lines about
 * letters are for who was granted their desk; to everybody else they read as those of a desk without any.
 */
import type { Day } from '../calendar/rules.ts';
import { type LetterDesk, MailboxId } from '../letters/model.ts';
import { conversationNumber } from '../letters/signing.ts';
import { listDesks } from '../letters/store.ts';
import type { ApiDeps } from '../platform/deps.ts';
import type { Actor } from '../platform/endpoint.ts';
import type { Audit, AuditRow } from './model.ts';
import { auditOfDay, recordRead } from './store.ts';

export interface WantedAudit {
  readonly day: Day;
  /** Where the page before ended. */
  readonly from?: string | undefined;
  /** Lines about its letters; absent: about everything else. */
  readonly desk?: LetterDesk | undefined;
}

export async function readAudit(
  deps: Pick<ApiDeps, 'database' | 'ids'>,
  { subject: actor }: Actor,
  { day, from, desk }: WantedAudit,
  now: Date,
): Promise<Audit> {
  const desks = [...(await listDesks(deps.database, actor))];
  const granted = desk !== undefined && desks.includes(desk) ? desk : undefined;
  const reading = { action: 'audit_read', actor, subject: day, people: 0 } as const;
  await recordRead(deps, reading, now, granted);
  if (desk !== granted) return { desks, rows: [] };
  const { rows, next } = await auditOfDay(deps.database, day, from, granted);
  return {
    desks,
    rows: rows.map(withNumber),
    ...(next === undefined ? {} : { next }),
  };
}

/** A conversation by the number that people tell each other: the id of a mailbox says nothing to anybody. */
function withNumber(row: AuditRow): AuditRow {
  const mailbox = MailboxId.safeParse(row.subject);
  return mailbox.success ? { ...row, subject: conversationNumber(mailbox.data) } : row;
}
