/**
 * A household comes to another session of the same course: seats and childcare places are taken
 * there and given back here in one transaction, so that it never has both and never neither.
 */
import { auditWrite } from '../audit/store.ts';
import type { Course } from '../courses/model.ts';
import { getCourseWithSeats } from '../courses/store.ts';
import { Unavailable } from '../platform/database.ts';
import type { ApiDeps } from '../platform/deps.ts';
import type { Actor } from '../platform/endpoint.ts';
import { type Refused, refuse } from '../platform/refusals.ts';
import { changeOfPlaces } from './commit.ts';
import type { OpenedRegistration } from './desk-model.ts';
import { decideMove, type Move, type MoveRefusal, peopleOn } from './desk-rules.ts';
import { householdsOf } from './households.ts';
import { MAX_NOTES, type Registration, type RegistrationId } from './model.ts';
import { opened } from './open.ts';
import { BOOKING_NOT_FOUND, rosterCourse } from './shown.ts';
import { claimHousehold, getRegistration } from './store.ts';

const TRIES = 10;

const APPLIED_THERE = {
  ...refuse('already_applied', 'このご家庭は、移る先の回に、別の申し込みがあります。'),
  refused: 'already_applied' as const,
} satisfies Refused;

export async function moveRegistration(
  deps: ApiDeps,
  actor: Actor,
  registrationId: RegistrationId,
  move: Move,
  now: Date,
): Promise<OpenedRegistration | MoveRefusal | typeof APPLIED_THERE | typeof BOOKING_NOT_FOUND> {
  const { database, ids } = deps;
  for (let tries = 0; tries < TRIES; tries += 1) {
    const registration = await getRegistration(database, registrationId);
    if (!registration) return BOOKING_NOT_FOUND;
    const seen = await getCourseWithSeats(database, registration.courseId);
    if (!seen) throw new Error('A registration without its course');
    const plan = decideMove(seen, registration, move, ids.waitNumber(now), now);
    if ('refused' in plan) return plan;
    const claimed = newHouseholds(deps, registration, seen.course, move.to);
    const { changed, writes } = changeOfPlaces(
      deps,
      registration,
      plan.places,
      'registration_moved',
      now,
      {
        sessionKeys: [...plan.sessionKeys],
        households: [...registration.households, ...claimed],
        notes: noted(registration, seen.course, move, actor.subject, now),
      },
    );
    const claims = claimed.map(({ key }) =>
      claimHousehold(database, key, registrationId, registration.expiresAt),
    );
    const outcome = await database.transact([
      ...claims,
      ...writes,
      auditWrite(
        deps,
        {
          action: 'booking_moved',
          actor: actor.subject,
          subject: registrationId,
          people: peopleOn(registration),
        },
        now,
      ),
    ]);
    if (outcome.committed) return opened(deps, actor, changed, now);
    if (outcome.failed.some((index) => index < claims.length)) return APPLIED_THERE;
    // Otherwise seats or the waitlist moved, or the family did something itself: look again.
  }
  throw new Unavailable('The registration changed too often while it was moved');
}

/** Where dates are booked one by one, the household is known for the new one from now on. */
function newHouseholds(
  { config }: ApiDeps,
  { courseId, applicant }: Registration,
  { sessionChoice }: Course,
  to: string,
): Registration['households'] {
  return sessionChoice === 'each' ? householdsOf(config, courseId, applicant, to) : [];
}

/** A note that says so, for the colleague who takes the next call. */
function noted(
  { notes }: Registration,
  course: Course,
  { from, to }: Move,
  by: string,
  now: Date,
): Registration['notes'] {
  if (notes.length >= MAX_NOTES) return notes;
  const { sessions } = rosterCourse(course);
  const name = (wanted: string) => sessions.find(({ key }) => key === wanted)?.name ?? wanted;
  const text = `${name(from)}の回から、${name(to)}の回に移しました。`;
  return [...notes, { at: now.toISOString(), by, text }];
}
