/** Which calls are asked for, until when they help, and when nobody needs them any more. Pure. */
import type { Course, Session } from '../courses/model.ts';
import { startsAt } from '../courses/rules.ts';
import type { Place, Registration, RegistrationEvent } from '../registrations/model.ts';
import { isLive } from '../registrations/places.ts';
import { sessionsOf } from '../registrations/rules.ts';
import type { Call, CallReason } from './model.ts';

type EventKind = RegistrationEvent['kind'];

/** What asks for an answer or is bad news; everything else a family has heard when it applied. */
const WITHOUT_MAIL: Readonly<Partial<Record<EventKind, CallReason>>> = {
  registration_offered: 'no_mail_offer',
  registration_won: 'no_mail_won',
  registration_course_called_off: 'no_mail_called_off',
  registration_course_moved: 'no_mail_moved',
};

/** Why a family without an address is called after an event; undefined: it need not be. */
export function reasonWithoutMail(kind: EventKind): CallReason | undefined {
  return WITHOUT_MAIL[kind];
}

/** What a call after a mail that did not arrive is about. */
interface Undelivered {
  readonly eventId: string;
  readonly kind: EventKind;
  readonly registrationId: string;
}

/**
 * The call after a mail that came back. News and questions are told one by one; of everything else
 * it is enough to hear once that the address does not work, and a survey is not worth a call.
 */
export function bounceCallId({ eventId, kind, registrationId }: Undelivered): string | undefined {
  if (kind === 'registration_survey') return undefined;
  return WITHOUT_MAIL[kind] === undefined ? `bounce-${registrationId}` : `bounce-${eventId}`;
}

/**
 * The call for a mail that was one too many for its address. `addressDay` stands for the address
 * and the day: whoever fills a stranger's mailbox must not fill the list of calls instead.
 */
export function limitCallId({ eventId, kind }: Undelivered, addressDay: string): string {
  return WITHOUT_MAIL[kind] === undefined ? `limit-${addressDay}` : `limit-${eventId}`;
}

/** The call to the first in line when there is no time left for an offer: once for each pool. */
export function lateCallId(registrationId: string, poolKey: string): string {
  return `late-${registrationId}-${poolKey}`;
}

/**
 * Until when a call helps: the end of an offer, else the beginning of the next session.
 * @param meant the places that it is about
 * @param was sessions as they were before they were moved: who is not told comes then
 */
export function callBy(
  course: Course,
  meant: readonly Place[],
  was: readonly Session[],
  now: Date,
): string {
  const at = now.toISOString();
  const offers = meant.flatMap(({ offerExpiresAt }) => offerExpiresAt ?? []);
  const starts = [...sessionsOf(course, meant), ...was].map((each) => startsAt(each).toISOString());
  const [first] = (offers.length > 0 ? offers : starts).filter((each) => each > at).sort();
  return first ?? at;
}

/** Whether a call still helps: what it is about may be answered, cancelled or over meanwhile. */
export function isStillNeeded(
  call: Pick<Call, 'reason' | 'about' | 'poolKeys' | 'dueAt'>,
  registration: Pick<Registration, 'applicant' | 'places' | 'purged'> | undefined,
  course: Pick<Course, 'publication'> | undefined,
  now: Date,
): boolean {
  if (!registration || !course || registration.purged) return false;
  if (registration.applicant.phone === '') return false;
  const { places } = registration;
  const has = (status: Place['status']) =>
    places.some((place) => call.poolKeys.includes(place.poolKey) && place.status === status);
  const isOver = now.toISOString() > call.dueAt;
  if (call.reason === 'offer_too_late') {
    return has('waiting') && course.publication === 'published' && !isOver;
  }
  if (call.reason === 'no_mail_offer' || call.about === 'registration_offered') {
    return has('offered') && course.publication === 'published' && !isOver;
  }
  if (call.reason === 'no_mail_won') return has('offered') && !isOver;
  if (call.about === 'registration_course_called_off') {
    return course.publication === 'cancelled' && places.some(isLive);
  }
  return course.publication !== 'cancelled' && places.some(isLive);
}
