/**
 * A household applies for a first-come course (先着): load what the decision needs, decide, and
 * commit seat, registration, household rows, idempotency key and event in one transaction.
 */
import { expiryAfter } from '../calendar/model.ts';
import { dayInTokyo } from '../calendar/rules.ts';
import type { Course, SeatPool } from '../courses/model.ts';
import { poolKey } from '../courses/rules.ts';
import { getCourse, getCourseWithSeats, takeSeats, takeWaitPlace } from '../courses/store.ts';
import { emailAddressKey } from '../persons/rules.ts';
import { Unavailable } from '../platform/database.ts';
import type { ApiDeps } from '../platform/deps.ts';
import { appendEvent } from '../platform/events-store.ts';
import { keyedHash, sameText } from '../platform/keyed-hash.ts';
import { type Refused, refuse } from '../platform/refusals.ts';
import type {
  Registration,
  RegistrationEvent,
  RegistrationId,
  RegistrationRequest,
} from './model.ts';
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
  getHousehold,
  getRegistration,
  putNewRegistration,
  type RequestKey,
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

/** A registration with the course it is for. */
export interface SeenRegistration {
  readonly registration: Registration;
  readonly course: Course;
}

export type RegisterRefusal =
  | RegistrationRefusal
  | (Refused & { readonly refused: 'already_applied' | 'idempotency_key_reused' });

/** @returns the booking, the same one for a repeated request; or why not. */
export async function register(
  deps: ApiDeps,
  request: RegistrationRequest,
  identity: RequestIdentity,
  now: Date,
): Promise<SeenRegistration | RegisterRefusal> {
  const { database } = deps;
  const key = requestKeyOf(deps, request, identity);
  let replaces: RegistrationId | undefined;

  // Decided again whenever the world changed between the look and the commit.
  for (let tries = 0; tries < TRIES; tries += 1) {
    const seen = await getCourseWithSeats(database, request.courseId);
    const course = seen?.course;
    const pool =
      course && seen.pools.find(({ key }) => key === poolKey(course, request.sessionKey));
    const plan = decideRegistration({ course, pool }, request, now);
    if ('refused' in plan) {
      // Full for newcomers; but this very request may have got the last seat a moment ago.
      const before = await answeredBefore(deps, key, now);
      return before && !('over' in before) ? before : plan;
    }
    if (!course || !pool) throw new Error('A plan without a course');

    const waitNumber = deps.ids.waitNumber(now);
    const registration = newRegistration(deps, request, course, pool, plan, waitNumber, now);
    const { registrationId, householdKeys, expiresAt } = registration;
    const writes = [
      plan.take === 'seats'
        ? takeSeats(database, course.courseId, pool.key, plan.seats)
        : takeWaitPlace(database, course.courseId, pool.key, plan.seats, waitNumber),
      rememberRequest(database, { ...key, registrationId }, now, replaces),
      putNewRegistration(database, registration),
      appendEvent(database, eventOf(deps, registration, now)),
      ...householdKeys.map((household) =>
        claimHousehold(database, household, registrationId, expiresAt),
      ),
    ];
    const outcome = await database.transact(writes);
    if (outcome.committed) return { registration, course };

    const [REQUEST, FIRST_HOUSEHOLD] = [1, writes.length - householdKeys.length];
    if (outcome.failed.includes(REQUEST)) {
      const before = await answeredBefore(deps, key, now);
      if (before && !('over' in before)) return before;
      replaces = before?.over;
    } else if (outcome.failed.some((index) => index >= FIRST_HOUSEHOLD)) {
      await sendLinkAgain(deps, householdKeys, now);
      return alreadyApplied(deps);
    }
    // Otherwise seats or the waitlist moved, or the number was taken: look again.
  }
  throw new Unavailable('The course changed too often while this request was decided');
}

/** The key of a request and the hash of its body. Neither tells anything about a person. */
function requestKeyOf(
  { config }: ApiDeps,
  { courseId }: RegistrationRequest,
  { scriptKey, rawBody }: RequestIdentity,
): RequestKey {
  const bodyHash = keyedHash(config.formKey, 'body', `${courseId}\n${rawBody}`);
  return scriptKey === undefined
    ? { key: keyedHash(config.formKey, 'form', bodyHash), bodyHash, validMinutes: FORM_KEY_MINUTES }
    : {
        key: keyedHash(config.formKey, 'script', scriptKey),
        bodyHash,
        validMinutes: SCRIPT_KEY_MINUTES,
      };
}

/**
 * What this request was answered with before: its booking; a refusal when the key came with
 * another body; `over` when it was a form without script whose booking is over, and may book again.
 */
async function answeredBefore(
  { database }: ApiDeps,
  { key, bodyHash, validMinutes }: RequestKey,
  now: Date,
): Promise<SeenRegistration | typeof KEY_REUSED | { readonly over: RegistrationId } | undefined> {
  const answered = await getAnsweredRequest(database, key, now);
  const registration = answered && (await getRegistration(database, answered.registrationId));
  if (!answered || !registration) return undefined;
  if (!sameText(answered.bodyHash, bodyHash)) return KEY_REUSED;
  if (validMinutes === FORM_KEY_MINUTES && !isLive(registration.status)) {
    return { over: registration.registrationId };
  }
  const course = await getCourse(database, registration.courseId);
  if (!course) throw new Error('A registration without its course');
  return { registration, course };
}

/**
 * The household has applied before: the link to that booking goes once a day to the address stored
 * with it, and to nobody else. Whoever typed this learns nothing of it.
 */
async function sendLinkAgain(
  { database }: ApiDeps,
  householdKeys: readonly string[],
  now: Date,
): Promise<void> {
  for (const key of householdKeys) {
    const registrationId = await getHousehold(database, key);
    const earlier = registrationId && (await getRegistration(database, registrationId));
    if (!earlier) continue;
    await database.transact([
      appendEvent(database, {
        eventId: `evt_again_${registrationId}_${dayInTokyo(now)}`,
        kind: 'registration_applied_again',
        at: now.toISOString(),
        courseId: earlier.courseId,
        poolKey: earlier.poolKey,
        registrationId,
      } satisfies RegistrationEvent),
    ]);
    return;
  }
}

const alreadyApplied = ({ centre }: ApiDeps) => ({
  ...refuse(
    'already_applied',
    `この電話番号かメールアドレスで、この講座にはもうお申し込みいただいています。内容を見る・取り消すページのご案内は、お申し込みのときのメールアドレスにお送りします。メールがない方は、お電話（${centre.phones.main}）ください。`,
  ),
  refused: 'already_applied' as const,
});

const KEY_REUSED = {
  ...refuse('idempotency_key_reused', 'ページを開き直して、もう一度お申し込みください。'),
  refused: 'idempotency_key_reused' as const,
};

function newRegistration(
  { ids, config, centre }: ApiDeps,
  request: RegistrationRequest,
  course: Course,
  pool: SeatPool,
  plan: RegistrationPlan,
  waitNumber: number,
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
    ...(plan.take === 'wait' ? { waitNumber } : {}),
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
