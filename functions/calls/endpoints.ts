/** The HTTP face of calls: declarations only. */
import * as z from 'zod';
import { endpoint } from '../platform/endpoint.ts';
import { rolesThatMay } from '../platform/rights.ts';
import { CallId, CallRecord, CallToMake } from './model.ts';
import { recordCall } from './record.ts';
import { callsToMake } from './see.ts';

const listCalls = endpoint({
  operation: 'listCalls',
  method: 'GET',
  path: '/api/staff/calls',
  access: { roles: rolesThatMay('applications') },
  summary: 'Telephone calls that still have to be made, what is due first in front',
  output: z.strictObject({ calls: z.array(CallToMake) }),
  refuses: [],
  async handle(_input, { deps, now, actor }) {
    if (!actor) throw new Error('A staff endpoint without an actor');
    return { json: { calls: await callsToMake(deps, actor.subject, now) } };
  },
});

const makeCall = endpoint({
  operation: 'recordCall',
  method: 'POST',
  path: '/api/staff/calls/{callId}',
  access: { roles: rolesThatMay('applications') },
  summary: 'Write down how a call went; who was not reached stays in the list',
  params: z.strictObject({ callId: CallId }),
  body: CallRecord,
  output: z.strictObject({ isDone: z.boolean() }),
  refuses: ['call_not_found'],
  async handle({ params, body }, { deps, now, actor }) {
    if (!actor) throw new Error('A staff endpoint without an actor');
    const recorded = await recordCall(deps, params.callId, body, actor.subject, now);
    return 'refused' in recorded ? recorded : { json: recorded };
  },
});

export const callEndpoints = [listCalls, makeCall];
