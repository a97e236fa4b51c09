/**
 * A household applies, on the site or through staff: load what the decision needs, decide, and
 * commit seats, childcare places, registration, household rows, idempotency key and event in one
 * transaction. A lottery takes no seats: it gives a number.
 */
import { expiryAfter } from '../calendar/model.ts';
import { dayInTokyo } from '../calendar/rules.ts';
import type { Course } from '../courses/model.ts';
import { getCourse, getCourseWithSeats } from '../courses/store.ts';
import { getLottery, takeNumber } from '../lotteries/store.ts';
import { type TransactWrite, Unavailable } from '../platform/database.ts';
import type { ApiDeps } from '../platform/deps.ts';
import { appendEvent } from '../platform/events-store.ts';
import { keyedHash, sameText } from '../platform/keyed-hash.ts';
import { type Refused, refuse } from '../platform/refusals.ts';
import { enterDraw } from './entry.ts';
import { householdsOf } from './households.ts';
import type {
  Channel,
  Registration,
  RegistrationEvent,
  RegistrationId,
  RegistrationRequest,
  RegistrationStatus,
} from './model.ts';
import { isLive, statusOf } from './places.ts';
import {
  attending,
  decideRegistration,
  type RegistrationPlan,
  type RegistrationRefusal,
  retentionEnd,
} from './rules.ts';
import {
  claimHousehold,
  getAnsweredRequest,
  getHousehold,
  getRegistration,
  movePlaces,
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

/**
 * @param channel how it came in; what came by telephone or at the counter was typed by staff, by
 *   the same rules and into the same queue
 * @param also what else belongs into the transaction: the row of the audit, when staff do it
 * @returns the booking, the same one for a repeated request; or why not.
 */
export async function register(
  deps: ApiDeps,
  request: RegistrationRequest,
  identity: RequestIdentity,
  now: Date,
  channel: Channel = 'web',
  also: (registration: Registration) => readonly TransactWrite[] = () => [],
): Promise<SeenRegistration | RegisterRefusal> {
  const { database } = deps;
  const key = requestKeyOf(deps, request, identity);
  const by = channel === 'web' ? 'family' : 'staff';
  let replaces: RegistrationId | undefined;
  let number: number | undefined;

  // Decided again whenever the world changed between the look and the commit.
  for (let tries = 0; tries < TRIES; tries += 1) {
    const seen = await getCourseWithSeats(database, request.courseId);
    const course = seen?.course;
    const waitNumber = deps.ids.waitNumber(now);
    const plan = decideRegistration({ course, pools: seen?.pools ?? [] }, request, {
      by,
      waitNumber,
      now,
    });
    if ('refused' in plan) {
      // Full for newcomers; but this very request may have got the last seat a moment ago.
      const before = await answeredBefore(deps, key, now);
      return before && !('over' in before) ? before : plan;
    }
    if (!course) throw new Error('A plan without a course');
    let registration = newRegistration(deps, request, course, plan, number, channel, now);
    if (plan.tier !== undefined && number === undefined) {
      // Whoever was here before takes no second number.
      const before = await answeredBefore(deps, key, now);
      if (before && !('over' in before)) return before;
      replaces = before?.over;
      if (await sendLinkAgain(deps, registration.households, now)) return alreadyApplied(deps);
      const turn = await takeTurn(deps, course);
      if (typeof turn !== 'number') return turn;
      number = turn;
      registration = newRegistration(deps, request, course, plan, number, channel, now);
    }
    const { registrationId, households, expiresAt } = registration;
    const entry = enterDraw(deps, course, registration);
    const writes = [
      ...entry,
      rememberRequest(database, { ...key, registrationId }, now, replaces),
      ...households.map((household) =>
        claimHousehold(database, household.key, registrationId, expiresAt),
      ),
      ...movePlaces(database, registration, [], registration.places),
      putNewRegistration(database, registration),
      appendEvent(database, eventOf(deps, registration, now)),
      ...also(registration),
    ];
    const outcome = await database.transact(writes);
    if (outcome.committed) return { registration, course };

    const [LIST_IS_OPEN, REQUEST] = [0, entry.length];
    const FIRST_HOUSEHOLD = REQUEST + 1;
    const isHousehold = (index: number) =>
      index >= FIRST_HOUSEHOLD && index < FIRST_HOUSEHOLD + households.length;
    if (outcome.failed.includes(REQUEST)) {
      const before = await answeredBefore(deps, key, now);
      if (before && !('over' in before)) return before;
      replaces = before?.over;
    } else if (outcome.failed.some(isHousehold)) {
      await sendLinkAgain(deps, households, now);
      return alreadyApplied(deps);
    } else if (entry.length > 0 && outcome.failed.includes(LIST_IS_OPEN)) {
      return LIST_IS_SHUT;
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
  if (validMinutes === FORM_KEY_MINUTES && !registration.places.some(isLive)) {
    return { over: registration.registrationId };
  }
  const course = await getCourse(database, registration.courseId);
  if (!course) throw new Error('A registration without its course');
  return { registration, course };
}

/**
 * The household has applied before: the link to that booking goes once a day to the address stored
 * with it, and to nobody else. Whoever typed this learns nothing of it.
 * @returns false when it has not
 */
async function sendLinkAgain(
  { database }: ApiDeps,
  households: Registration['households'],
  now: Date,
): Promise<boolean> {
  for (const { key } of households) {
    const registrationId = await getHousehold(database, key);
    const earlier = registrationId && (await getRegistration(database, registrationId));
    if (!earlier) continue;
    await database.transact([
      appendEvent(database, {
        eventId: `evt_again_${registrationId}_${dayInTokyo(now)}`,
        kind: 'registration_applied_again',
        at: now.toISOString(),
        courseId: earlier.courseId,
        poolKeys: earlier.places.map(({ poolKey }) => poolKey),
        registrationId,
      } satisfies RegistrationEvent),
    ]);
    return true;
  }
  return false;
}

/** The next number of the draw; or why there is none. @throws Unavailable before it is open */
async function takeTurn(
  { database }: ApiDeps,
  { courseId, lottery }: Course,
): Promise<number | RegistrationRefusal> {
  if (!lottery) return LOTTERY_BY_PHONE;
  const number = await takeNumber(database, courseId);
  if (number !== undefined) return number;
  // It opens within seconds of the publication of its notice; the family tries again.
  if (!(await getLottery(database, courseId))) throw new Unavailable('The lottery is not open yet');
  return LIST_IS_SHUT;
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

const LIST_IS_SHUT: RegistrationRefusal = {
  refused: 'window_closed',
  sentence: '抽選の申し込みは、締め切りました。',
};

/** A notice that does not say how it draws lots. */
const LOTTERY_BY_PHONE: RegistrationRefusal = {
  refused: 'course_not_bookable_online',
  sentence: 'この講座は、このサイトからは申し込めません。お電話でお申し込みください。',
};

function newRegistration(
  { ids, config, centre }: ApiDeps,
  request: RegistrationRequest,
  course: Course,
  plan: RegistrationPlan,
  number: number | undefined,
  channel: Channel,
  now: Date,
): Registration {
  const registrationId = ids.registration();
  const { phone, email } = request.applicant;
  const { adults, dueMonth, allergy, guardian, needs, participants, childcare } = request;
  const sessionKeys = course.sessionChoice === 'all' ? [] : request.sessionKeys;
  // Dates that are booked one by one may be added later: the household is known for each of them.
  const claimed = course.sessionChoice === 'each' ? sessionKeys : [undefined];
  return {
    registrationId,
    secret: `${registrationId.slice('reg_'.length)}-${ids.secret()}`,
    courseId: course.courseId,
    sessionKeys,
    places: [...plan.places],
    ...(plan.tier === undefined || number === undefined
      ? {}
      : { entry: { number, tier: plan.tier } }),
    applicant: {
      name: request.applicant.name,
      kana: request.applicant.kana,
      phone,
      ...(email === undefined ? {} : { email }),
    },
    participants,
    childcare,
    courseWithoutChildcare: request.courseWithoutChildcare,
    ...(dueMonth === undefined ? {} : { dueMonth }),
    ...(allergy === undefined ? {} : { allergy }),
    ...(guardian === undefined ? {} : { guardian }),
    ...(needs === undefined ? {} : { needs }),
    mailWithoutLink: request.mailWithoutLink,
    channel,
    notes: [],
    counts: {
      participants: attending(course, request),
      adults: adults ?? 1,
      childcare: childcare.length,
    },
    acceptedAt: now.toISOString(),
    households: claimed.flatMap((sessionKey) =>
      householdsOf(config, course.courseId, { phone, email }, sessionKey),
    ),
    revision: 1,
    expiresAt: expiryAfter(retentionEnd(course, centre.booking.countsDays), 0),
  };
}

const EVENT_KIND: Partial<Record<RegistrationStatus, RegistrationEvent['kind']>> = {
  confirmed: 'registration_confirmed',
  waiting: 'registration_waitlisted',
  applied: 'registration_entered',
};

function eventOf(deps: ApiDeps, registration: Registration, now: Date): RegistrationEvent {
  const kind = EVENT_KIND[statusOf(registration.places)];
  if (kind === undefined) throw new Error('A new registration that is over');
  return {
    eventId: deps.ids.event(now),
    kind,
    at: now.toISOString(),
    courseId: registration.courseId,
    poolKeys: registration.places.map(({ poolKey }) => poolKey),
    registrationId: registration.registrationId,
  };
}
