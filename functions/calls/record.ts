/** Staff write down how a call went. Who was not reached stays in the list, with the try counted. */
import { auditWrite } from '../audit/store.ts';
import { Unavailable } from '../platform/database.ts';
import type { ApiDeps } from '../platform/deps.ts';
import { appendEvent } from '../platform/events-store.ts';
import { type Refused, refuse } from '../platform/refusals.ts';
import { type Call, type CallEvent, type CallId, type CallRecord, MOST_TRIES } from './model.ts';
import { getOpenCall, moveToDone, replaceOpenCall } from './store.ts';

const TRIES = 10;

const NOT_FOUND = {
  ...refuse(
    'call_not_found',
    'この電話連絡は、もう一覧にありません。ほかの職員が終えたのかもしれません。',
  ),
  refused: 'call_not_found' as const,
};

/** @returns whether the call is done, or that somebody else has finished it. */
export async function recordCall(
  deps: Pick<ApiDeps, 'database' | 'ids' | 'centre'>,
  callId: CallId,
  { result, note }: CallRecord,
  actor: string,
  now: Date,
): Promise<
  { readonly isDone: boolean } | (Refused & { readonly refused: typeof NOT_FOUND.refused })
> {
  const { database, ids, centre } = deps;
  const at = now.toISOString();
  for (let attempt = 0; attempt < TRIES; attempt += 1) {
    const seen = await getOpenCall(database, callId);
    if (!seen) return NOT_FOUND;
    const { registrationId, courseId } = seen;
    const thisTry = { at, by: actor, result, ...(note === undefined ? {} : { note }) };
    const call: Call = { ...seen, tries: [...seen.tries, thisTry] };
    const isDone = result !== 'not_reached' || call.tries.length >= MOST_TRIES;
    const keepDays = centre.booking.retentionDays;
    const outcome = await database.transact([
      ...(isDone
        ? moveToDone(database, call, seen, { at, keepDays })
        : [replaceOpenCall(database, call, seen)]),
      auditWrite(deps, { action: 'call_made', actor, subject: registrationId, people: 1 }, now),
      appendEvent(database, {
        eventId: ids.event(now),
        kind: 'call_made',
        at,
        courseId,
        registrationId,
        callId,
        result,
        actor,
      } satisfies CallEvent),
    ]);
    if (outcome.committed) return { isDone };
    // A colleague wrote something down in this very moment: look again.
  }
  throw new Unavailable('The call changed too often while this was written down');
}
