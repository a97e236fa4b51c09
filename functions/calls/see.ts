/** The list of calls for whoever makes them, with names and numbers of this moment. */
import { recordRead } from '../audit/store.ts';
import { formalDayName } from '../calendar/rules.ts';
import type { Course } from '../courses/model.ts';
import { getCourse } from '../courses/store.ts';
import type { ApiDeps } from '../platform/deps.ts';
import type { Registration } from '../registrations/model.ts';
import { isLive } from '../registrations/places.ts';
import { bookingNumberName, sessionsOf } from '../registrations/rules.ts';
import { getRegistrations } from '../registrations/store.ts';
import type { Call, CallToMake } from './model.ts';
import { isStillNeeded } from './rules.ts';
import { listOpenCalls } from './store.ts';
import { callSentence } from './words.ts';

/**
 * Calls that still help, what is due first in front.
 * That they were seen is written down before anybody sees them.
 */
export async function callsToMake(
  deps: Pick<ApiDeps, 'database' | 'ids'>,
  actor: string,
  now: Date,
): Promise<CallToMake[]> {
  const { database } = deps;
  const open = await listOpenCalls(database, now);
  const ids = [...new Set(open.map(({ registrationId }) => registrationId))];
  const registrations = await getRegistrations(database, ids);
  const courses = await Promise.all(
    [...new Set(open.map(({ courseId }) => courseId))].map((id) => getCourse(database, id)),
  );
  const calls = open.flatMap((call) => {
    const registration = registrations.find((each) => each.registrationId === call.registrationId);
    const course = courses.find((each) => each?.courseId === call.courseId);
    if (!registration || !course || !isStillNeeded(call, registration, course, now)) return [];
    return [callToMake(call, registration, course)];
  });
  const people = new Set(calls.map(({ bookingNumber }) => bookingNumber)).size;
  await recordRead(deps, { action: 'call_list_read', actor, people }, now);
  return calls;
}

function callToMake(call: Call, registration: Registration, course: Course): CallToMake {
  const { callId, reason, dueAt, tries, registrationId } = call;
  const { name, kana, phone } = registration.applicant;
  const meant = registration.places.filter(
    (place) => isLive(place) && call.poolKeys.includes(place.poolKey),
  );
  return {
    callId,
    reason,
    sentence: callSentence(call),
    dueAt,
    tries: tries.map(({ by: _, ...each }) => each),
    bookingNumber: bookingNumberName(registrationId),
    name,
    kana,
    phone,
    courseId: course.courseId,
    title: course.title,
    sessions: sessionsOf(course, meant).map(
      ({ date, start, end, venue }) =>
        `${formalDayName(date)} ${start}〜${end}　${venue ?? course.venue}`,
    ),
  };
}
