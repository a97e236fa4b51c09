/**
 * A course was called off or moved: every family that it concerns gets an event of its own, whose
 * id follows from the course's event. Running this again, or after a crash in the middle, therefore
 * tells nobody twice; how each is told is the matter of the one reaction that sends mail.
 */
import { CourseEvent } from '../courses/model.ts';
import { getCourse } from '../courses/store.ts';
import { putDeadline } from '../platform/agenda.ts';
import type { Database } from '../platform/database.ts';
import type { ApiDeps } from '../platform/deps.ts';
import { appendEvent, getEvent } from '../platform/events-store.ts';
import type { Registration, RegistrationEvent } from './model.ts';
import { isLive } from './places.ts';
import { allRegistrationsOfCourse } from './store.ts';

/** Kind of the deadline that looks a second time; its subject is the course's event. */
export const TELL_AGAIN = 'tell_again';

/** A registration of the very last moment may be missing from the index that is read first. */
const AGAIN_AFTER_MS = 2 * 60_000;
const AT_ONCE = 20;

const TOLD_AS: Partial<Record<CourseEvent['kind'], RegistrationEvent['kind']>> = {
  course_called_off: 'registration_course_called_off',
  course_moved: 'registration_course_moved',
};

/** Tells everybody, and once more in two minutes whoever applied in this very moment. */
export async function announce(deps: ApiDeps, event: CourseEvent): Promise<void> {
  const { eventId } = event;
  const dueAt = new Date(deps.clock.now().getTime() + AGAIN_AFTER_MS).toISOString();
  await putDeadline(deps.database, {
    key: `tell ${eventId}`,
    kind: TELL_AGAIN,
    subject: eventId,
    dueAt,
  });
  await tellEach(deps, event);
}

/** The second look. */
export async function announceAgain(deps: ApiDeps, eventId: string): Promise<void> {
  const event = CourseEvent.safeParse(await getEvent(deps.database, eventId));
  if (event.success) await tellEach(deps, event.data);
}

async function tellEach({ database, clock }: ApiDeps, event: CourseEvent): Promise<void> {
  const { eventId, courseId, was } = event;
  const kind = TOLD_AS[event.kind];
  const course = await getCourse(database, courseId);
  if (!course || !kind) return;
  const at = clock.now().toISOString();
  const told = (await allRegistrationsOfCourse(database, courseId)).flatMap((registration) => {
    // Who applied after the course was moved has seen its new dates.
    if (kind === 'registration_course_moved' && registration.acceptedAt > event.at) return [];
    const mine = was?.filter(({ key }) => isFor(registration, course.sessionChoice, key));
    if (mine?.length === 0) return [];
    const live = registration.places.filter(isLive);
    const meant = live.filter(
      ({ sessionKey }) =>
        mine === undefined ||
        sessionKey === undefined ||
        mine.some(({ key }) => key === sessionKey),
    );
    if (live.length === 0) return [];
    return {
      eventId: `evt_${event.kind}_${eventId}_${registration.registrationId}`,
      kind,
      at,
      courseId,
      poolKeys: (meant.length > 0 ? meant : live).map(({ poolKey }) => poolKey),
      registrationId: registration.registrationId,
      ...(mine === undefined ? {} : { was: mine }),
    };
  });
  await appendOnce(database, told);
}

/** Whether a session is one that the family may come to: of a lottery, also a later preference. */
function isFor(
  { places, sessionKeys }: Pick<Registration, 'places' | 'sessionKeys'>,
  sessionChoice: 'all' | 'one_of' | 'each',
  key: string,
): boolean {
  if (sessionChoice === 'all') return true;
  const live = places.filter(isLive);
  return (
    live.some(({ sessionKey }) => sessionKey === key) ||
    (live.some(({ status }) => status === 'applied') && sessionKeys.includes(key))
  );
}

/** Appends events whose ids follow from what they tell; those that are there already stay. */
export async function appendOnce(
  database: Database,
  events: readonly RegistrationEvent[],
): Promise<void> {
  for (let from = 0; from < events.length; from += AT_ONCE) {
    await Promise.all(
      events
        .slice(from, from + AT_ONCE)
        .map((event) => database.transact([appendEvent(database, event)])),
    );
  }
}
