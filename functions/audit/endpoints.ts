/** The HTTP face of the audit: declarations only. */
import * as z from 'zod';
import { IsoDate } from '../calendar/model.ts';
import { endpoint } from '../platform/endpoint.ts';
import { rolesThatMay } from '../platform/rights.ts';
import { AuditRow } from './model.ts';
import { readAudit } from './see.ts';

const listAudit = endpoint({
  operation: 'listAudit',
  method: 'GET',
  path: '/api/staff/audit',
  access: { roles: rolesThatMay('audit') },
  summary: 'Who saw or changed what about families on a day in Tokyo, the newest first',
  query: z.strictObject({
    day: IsoDate,
    /** Where the page before ended. */
    from: z
      .string()
      .regex(/^[\dTZ:.-]{24}#[\w-]{22}$/)
      .optional(),
  }),
  output: z.strictObject({ rows: z.array(AuditRow), next: z.string().optional() }),
  refuses: [],
  async handle({ query }, { deps, now, actor }) {
    if (!actor) throw new Error('A staff endpoint without an actor');
    const { rows, next } = await readAudit(deps, actor, query, now);
    return { json: { rows: [...rows], ...(next === undefined ? {} : { next }) } };
  },
});

export const auditEndpoints = [listAudit];
