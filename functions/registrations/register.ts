/**
 * A household applies for a first-come course (先着): load what the decision needs, decide, and
 * commit seat, registration, household rows, idempotency key and event in one transaction.
 */
import { expiryAfter } from '../calendar/model.ts';
import type { Course, SeatPool } from '../courses/model.ts';
import { poolKey as keyOfPool } from '../courses/rules.ts';
import { getCourse, getPool, takeSeats, takeWaitPlace } from '../courses/store.ts';
import { emailAddressKey } from '../persons/rules.ts';
import type { TransactWrite } from '../platform/database.ts';
import { Unavailable } from '../platform/database.ts';
import type { ApiDeps } from '../platform/deps.ts';
import { appendEvent } from '../platform/events-store.ts';
import { keyedHash, sameText } from '../platform/keyed-hash.ts';
import { type Refused, refuse } from '../platform/refusals.ts';
import type { Registration, RegistrationEvent, RegistrationRequest } from './model.ts';
import {
  decideRegistration,
  isLive,
  type RegistrationPlan,
  type RegistrationRefusal,
  retentionEnd,
} from './rules.ts';
import {
  claimHousehold,
  getAnsweredRequest,
  getRegistration,
  putNewRegistration,
  rememberRequest,
} from './store.ts';

/** Where a repeated request is recognised by, and for how long. */
export interface RequestIdentity {
  /** The script's key; without one the course and the body stand for it. */
  readonly scriptKey: string | undefined;
  readonly rawBody: string;
}

const SCRIPT_KEY_MINUTES = 24 * 60;
const FORM_KEY_MINUTES = 10;
const TRIES = 40;

export type RegisterRefusal =
  | RegistrationRefusal
  | (Refused & { readonly refused: 'already_applied' | 'idempotency_key_reused' });

/** @returns the registration, the same one for a repeated request; or why not. */
export async function register(
  deps: ApiDeps,
  request: RegistrationRequest,
  identity: RequestIdentity,
  now: Date,
): Promise<Registration | RegisterRefusal> {
  const { database, config } = deps;
  const bodyHash = keyedHash(config.formKey, 'body', `${request.courseId}\n${identity.rawBody}`);
  const requestKey =
    identity.scriptKey === undefined
      ? keyedHash(config.formKey, 'form', bodyHash)
      : keyedHash(config.formKey, 'script', identity.scriptKey);

  // Decided again whenever the world changed between the look and the commit.
  for (let tries = 0; tries < TRIES; tries += 1) {
    const [course, answered] = await Promise.all([
      getCourse(database, request.courseId),
      getAnsweredRequest(database, requestKey, now),
    ]);
    const earlier = answered && (await getRegistration(database, answered.registrationId));
    if (answered && earlier) {
      if (!sameText(answered.bodyHash, bodyHash)) return KEY_REUSED;
      // A form without script may book again after its booking is over; a key of a script may not.
      if (identity.scriptKey !== undefined || isLive(earlier.status)) return earlier;
    }
    const pool = course && (await getPool(database, course.courseId, keyFor(course, request)));
    const plan = decideRegistration({ course, pool }, request, now);
    if ('refused' in plan) return plan;
    if (!course || !pool) throw new Error('A plan without a course');

    const registration = newRegistration(deps, request, course, pool, plan, now);
    const householdFrom = 1;
    const writes: TransactWrite[] = [
      plan.take === 'seats'
        ? takeSeats(database, course.courseId, pool.key, plan.seats)
        : takeWaitPlace(database, course.courseId, pool.key, plan.seats, plan.waitNumber),
      ...registration.householdKeys.map((key) =>
        claimHousehold(database, key, registration.registrationId, registration.expiresAt),
      ),
      putNewRegistration(database, registration),
      rememberRequest(
        database,
        requestKey,
        { registrationId: registration.registrationId, bodyHash },
        now,
        identity.scriptKey === undefined ? FORM_KEY_MINUTES : SCRIPT_KEY_MINUTES,
        earlier?.registrationId,
      ),
      appendEvent(database, eventOf(deps, registration, now)),
    ];
    const outcome = await database.transact(writes);
    if (outcome.committed) return registration;

    const householdUntil = householdFrom + registration.householdKeys.length;
    const requestAt = householdUntil + 1;
    // The same request in parallel: its answer is there now, the next round returns it.
    if (outcome.failed.includes(requestAt)) continue;
    if (outcome.failed.some((index) => index >= householdFrom && index < householdUntil)) {
      return ALREADY_APPLIED;
    }
    // Seats or the waitlist moved, or the number was taken: look again.
  }
  throw new Unavailable('The course changed too often while this request was decided');
}

const ALREADY_APPLIED = {
  ...refuse(
    'already_applied',
    'この電話番号かメールアドレスで、この講座にはもうお申し込みいただいています。内容を見る・取り消すページへのリンクは、お申し込みのときのメールにあります。メールがないときは、お電話ください。',
  ),
  refused: 'already_applied' as const,
};

const KEY_REUSED = {
  ...refuse('idempotency_key_reused', 'ページを開き直して、もう一度お申し込みください。'),
  refused: 'idempotency_key_reused' as const,
};

function keyFor(course: Course, request: RegistrationRequest): string {
  return keyOfPool(course, request.sessionKey);
}

function newRegistration(
  { ids, config, centre }: ApiDeps,
  request: RegistrationRequest,
  course: Course,
  pool: SeatPool,
  plan: RegistrationPlan,
  now: Date,
): Registration {
  const registrationId = ids.registration();
  const { phone, email } = request.applicant;
  const household = (kind: string, value: string) =>
    keyedHash(config.formKey, `household ${course.courseId} ${kind}`, value);
  return {
    registrationId,
    secret: `${registrationId.slice('reg_'.length)}-${ids.secret()}`,
    courseId: course.courseId,
    ...(request.sessionKey === undefined || course.sessionChoice === 'all'
      ? {}
      : { sessionKey: request.sessionKey }),
    poolKey: pool.key,
    status: plan.take === 'seats' ? 'confirmed' : 'waiting',
    seats: plan.seats,
    applicant: {
      name: request.applicant.name,
      kana: request.applicant.kana,
      phone,
      ...(email === undefined ? {} : { email }),
    },
    participants: request.participants,
    ...(request.dueMonth === undefined ? {} : { dueMonth: request.dueMonth }),
    ...(request.needs === undefined ? {} : { needs: request.needs }),
    mailWithoutLink: request.mailWithoutLink,
    acceptedAt: now.toISOString(),
    ...(plan.take === 'wait' ? { waitNumber: plan.waitNumber } : {}),
    householdKeys: [
      household('phone', phone),
      ...(email === undefined ? [] : [household('email', emailAddressKey(email))]),
    ],
    revision: 1,
    expiresAt: expiryAfter(retentionEnd(course, centre.booking.retentionDays), 0),
  };
}

function eventOf(deps: ApiDeps, registration: Registration, now: Date): RegistrationEvent {
  return {
    eventId: deps.ids.event(now),
    kind:
      registration.status === 'confirmed' ? 'registration_confirmed' : 'registration_waitlisted',
    at: now.toISOString(),
    courseId: registration.courseId,
    poolKey: registration.poolKey,
    registrationId: registration.registrationId,
  };
}
