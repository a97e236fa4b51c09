/** Staff write a note beside a registration; notes are added and never changed. */
import { auditWrite } from '../audit/store.ts';
import { Unavailable } from '../platform/database.ts';
import type { ApiDeps } from '../platform/deps.ts';
import type { Actor } from '../platform/endpoint.ts';
import { type Refused, refuse } from '../platform/refusals.ts';
import type { OpenedRegistration } from './desk-model.ts';
import { peopleOn } from './desk-rules.ts';
import { MAX_NOTES, type Registration, type RegistrationId } from './model.ts';
import { opened } from './open.ts';
import { BOOKING_NOT_FOUND } from './shown.ts';
import { getRegistration, replaceRegistration } from './store.ts';
import { PURGED } from './words.ts';

const TRIES = 10;

const FULL = {
  ...refuse('not_possible_now', `メモは、一つの申し込みに${MAX_NOTES}件までです。`),
  refused: 'not_possible_now' as const,
} satisfies Refused;

const GONE = {
  ...refuse('not_possible_now', `連絡先とメモは、${PURGED}。新しいメモは書けません。`),
  refused: 'not_possible_now' as const,
} satisfies Refused;

export async function noteRegistration(
  deps: ApiDeps,
  actor: Actor,
  registrationId: RegistrationId,
  text: string,
  now: Date,
): Promise<OpenedRegistration | typeof FULL | typeof BOOKING_NOT_FOUND> {
  const { database } = deps;
  const { subject } = actor;
  for (let tries = 0; tries < TRIES; tries += 1) {
    const registration = await getRegistration(database, registrationId);
    if (!registration) return BOOKING_NOT_FOUND;
    if (registration.purged) return GONE;
    if (registration.notes.length >= MAX_NOTES) return FULL;
    const changed: Registration = {
      ...registration,
      notes: [...registration.notes, { at: now.toISOString(), by: subject, text }],
      revision: registration.revision + 1,
    };
    // No event: nothing follows from a note.
    const { committed } = await database.transact([
      replaceRegistration(database, changed, registration.revision),
      auditWrite(
        deps,
        {
          action: 'booking_noted',
          actor: subject,
          subject: registrationId,
          people: peopleOn(registration),
        },
        now,
      ),
    ]);
    if (committed) return opened(deps, actor, changed, now);
  }
  throw new Unavailable('The registration changed too often while a note was added');
}
