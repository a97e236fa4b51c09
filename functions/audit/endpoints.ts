/** The HTTP face of the audit: declarations only. */
import * as z from 'zod';
import { IsoDate } from '../calendar/model.ts';
import { LetterDesk } from '../letters/model.ts';
import { endpoint } from '../platform/endpoint.ts';
import { rolesThatMay } from '../platform/rights.ts';
import { Audit } from './model.ts';
import { readAudit } from './see.ts';

const listAudit = endpoint({
  operation: 'listAudit',
  method: 'GET',
  path: '/api/staff/audit',
  access: { roles: rolesThatMay('audit') },
  summary:
    'Who saw or changed what about families, or a granted desk’s letters, on a day in Tokyo, the newest first',
  query: z.strictObject({
    day: IsoDate,
    /** Where the page before ended. */
    from: z
      .string()
      .regex(/^[\dTZ:.-]{24}#[\w-]{22}$/)
      .optional(),
    /** Lines about the letters of this desk; of one that was not granted there are none. */
    desk: LetterDesk.optional(),
  }),
  output: Audit,
  refuses: [],
  async handle({ query }, { deps, now, actor }) {
    if (!actor) throw new Error('A staff endpoint without an actor');
    return { json: await readAudit(deps, actor, query, now) };
  },
});

export const auditEndpoints = [listAudit];
