/**
 * Staff take down an application for a household that called or came: the rules of everybody, a place
 * in the same queue at this very moment, and a row of the audit in the same transaction.
 */
import { auditWrite } from '../audit/store.ts';
import { getCourseWithSeats } from '../courses/store.ts';
import type { ApiDeps } from '../platform/deps.ts';
import type { Actor } from '../platform/endpoint.ts';
import type { Entered } from './desk-model.ts';
import { peopleOn } from './desk-rules.ts';
import type { Channel, RegistrationRequest } from './model.ts';
import { type RegisterRefusal, type RequestIdentity, register } from './register.ts';
import { rowFor } from './shown.ts';

export async function enterApplication(
  deps: ApiDeps,
  { subject: actor, roles }: Actor,
  { channel, ...request }: RegistrationRequest & { readonly channel: Channel },
  identity: RequestIdentity,
  now: Date,
): Promise<Entered | RegisterRefusal> {
  const entered = await register(deps, request, identity, now, channel, (registration) => [
    auditWrite(
      deps,
      {
        action: 'booking_entered',
        actor,
        subject: registration.registrationId,
        people: peopleOn(registration),
      },
      now,
    ),
  ]);
  if ('refused' in entered) return entered;
  const { registration, course } = entered;
  const seen = await getCourseWithSeats(deps.database, course.courseId);
  const { bookingNumber, status, lines } = rowFor(
    roles,
    registration,
    seen ?? { course, pools: [] },
  );
  return {
    registrationId: registration.registrationId,
    bookingNumber,
    status,
    lines,
    title: course.title,
  };
}
