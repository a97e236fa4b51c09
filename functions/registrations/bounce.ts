/** A mail came back: whoever it was for is called instead. */
import { bounceCallId, callBy } from '../calls/rules.ts';
import { openCall } from '../calls/store.ts';
import { getCourse } from '../courses/store.ts';
import type { ApiDeps } from '../platform/deps.ts';
import { getEvent } from '../platform/events-store.ts';
import { RegistrationEvent } from './model.ts';
import { isLive } from './places.ts';
import { getRegistration } from './store.ts';

/** @param messageId what the mail carries in X-Hidamari-Message: the event, a dot and its kind */
export async function callAfterBounce(
  { database, clock }: Pick<ApiDeps, 'database' | 'clock'>,
  messageId: string,
): Promise<void> {
  const eventId = messageId.slice(0, Math.max(0, messageId.lastIndexOf('.')));
  const event = RegistrationEvent.safeParse(eventId && (await getEvent(database, eventId)));
  // Not a mail of ours, or one that is three months old.
  if (!event.success) return;
  const { registrationId, courseId, kind, poolKeys, was = [] } = event.data;
  const callId = bounceCallId(event.data);
  const registration = await getRegistration(database, registrationId);
  const course = await getCourse(database, courseId);
  if (!callId || !registration || !course) return;
  const live = registration.places.filter(isLive);
  const meant = live.filter(({ poolKey }) => poolKeys.includes(poolKey));
  if (live.length === 0) return;
  const now = clock.now();
  await openCall(database, {
    callId,
    registrationId,
    courseId,
    reason: 'bounce',
    about: kind,
    poolKeys: (meant.length > 0 ? meant : live).map(({ poolKey }) => poolKey),
    dueAt: callBy(course, meant.length > 0 ? meant : live, was, now),
    createdAt: now.toISOString(),
    tries: [],
  });
}
