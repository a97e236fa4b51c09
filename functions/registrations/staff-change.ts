/** Staff cancel, accept or decline for a household that called: the same change, and who made it. */
import type { AuditAction } from '../audit/model.ts';
import { auditWrite } from '../audit/store.ts';
import type { ApiDeps } from '../platform/deps.ts';
import type { Actor } from '../platform/endpoint.ts';
import { changeRegistration } from './change.ts';
import type { OpenedRegistration } from './desk-model.ts';
import { peopleOn } from './desk-rules.ts';
import type { RegistrationId } from './model.ts';
import { opened } from './open.ts';
import type { ChangeRefusal, OwnersAction } from './places.ts';
import { BOOKING_NOT_FOUND } from './shown.ts';
import { getRegistration } from './store.ts';

const AUDITED = {
  cancel: 'booking_cancelled',
  accept: 'booking_accepted',
  decline: 'booking_declined',
} as const satisfies Record<OwnersAction, AuditAction>;

export async function changeByStaff(
  deps: ApiDeps,
  actor: Actor,
  registrationId: RegistrationId,
  { action, poolKey }: { readonly action: OwnersAction; readonly poolKey?: string | undefined },
  now: Date,
): Promise<OpenedRegistration | ChangeRefusal | typeof BOOKING_NOT_FOUND> {
  const registration = await getRegistration(deps.database, registrationId);
  if (!registration) return BOOKING_NOT_FOUND;
  const row = {
    action: AUDITED[action],
    actor: actor.subject,
    subject: registrationId,
    people: peopleOn(registration),
  };
  const changed = await changeRegistration(
    deps,
    registrationId,
    { action, poolKey, by: 'staff', also: [auditWrite(deps, row, now)] },
    now,
  );
  return 'refused' in changed ? changed : opened(deps, actor, changed, now);
}
