/**
 * The decisions about registrations: who may take part, seat or waitlist or refusal, what may
 * happen to a registration next, and what a waitlist offer promises. Pure: what was seen, the
 * application and the time come in; a plan or a refusal goes out.
 */
import {
  ageInMonths,
  ageName,
  type Day,
  dayInTokyo,
  momentName,
  schoolYear,
  schoolYearName,
  shortDayName,
} from '../calendar/rules.ts';
import type { Course, SeatPool } from '../courses/model.ts';
import {
  bookedSessions,
  cancelDeadline,
  endsAt,
  firstSession,
  isBookableOnline,
  judgingDay,
  lastSession,
  startsAt,
} from '../courses/rules.ts';
import type { Registration, RegistrationRequest, RegistrationStatus } from './model.ts';

/** Why an application is not taken, with the sentence that explains it. */
export interface Refusal<Code extends string = string> {
  readonly refused: Code;
  readonly sentence: string;
  /** Path of the field it is about (`participants.0.birthDate`), when there is one. */
  readonly field?: string;
}

export type RegistrationRefusal = Refusal<
  | 'course_not_found'
  | 'course_not_bookable_online'
  | 'course_cancelled'
  | 'window_not_open'
  | 'window_closed'
  | 'session_required'
  | 'not_eligible'
  | 'course_full'
>;

/** What the transaction will do: take seats, or take a place in the waitlist. */
export type RegistrationPlan =
  | { readonly take: 'seats'; readonly seats: number }
  | { readonly take: 'wait'; readonly seats: number };

type Application = Pick<
  RegistrationRequest,
  'sessionKey' | 'participants' | 'dueMonth' | 'meetsConditions'
>;

/** Seats that an application takes: one, or one for each participant. */
export function seatsNeeded(
  course: Course,
  application: Pick<Application, 'participants'>,
): number {
  return course.capacity.countedBy === 'participant'
    ? Math.max(1, application.participants.length)
    : 1;
}

/** Everything that does not depend on seats: is it bookable here, now, by these people? */
export function decideEligibility(
  course: Course | undefined,
  application: Application,
  now: Date,
): RegistrationRefusal | undefined {
  if (!course || (course.publication !== 'published' && course.publication !== 'cancelled')) {
    return {
      refused: 'course_not_found',
      sentence: 'この講座は見つかりませんでした。一覧からもう一度お選びください。',
    };
  }
  if (course.publication === 'cancelled') {
    return { refused: 'course_cancelled', sentence: 'この講座は中止になりました。' };
  }
  if (!isBookableOnline(course)) {
    return {
      refused: 'course_not_bookable_online',
      sentence: 'この講座は、このサイトからは申し込めません。お電話でお申し込みください。',
    };
  }
  const { opensAt, closesAt } = course.application;
  const at = now.toISOString();
  if (opensAt !== undefined && at < opensAt) {
    return {
      refused: 'window_not_open',
      sentence: `申し込みは ${momentName(new Date(opensAt))} から始まります。`,
    };
  }
  if (closesAt !== undefined && at >= closesAt) {
    return {
      refused: 'window_closed',
      sentence: `申し込みは ${momentName(new Date(closesAt))} に終わりました。`,
    };
  }
  const sessions = bookedSessions(course, application.sessionKey);
  if (sessions.length === 0) {
    return {
      refused: 'session_required',
      sentence: '参加する回を選んでください。',
      field: 'sessionKey',
    };
  }
  if (now >= startsAt(firstSession(sessions))) {
    return { refused: 'window_closed', sentence: 'この回は、すでに始まっています。' };
  }
  return decideAge(course, application, now);
}

/** Ages, school years, due months and conditions on the day that the course says. */
function decideAge(
  course: Course,
  application: Application,
  now: Date,
): RegistrationRefusal | undefined {
  const { eligibility } = course;
  const refuse = (sentence: string, field: string): RegistrationRefusal => ({
    refused: 'not_eligible',
    sentence,
    field,
  });
  if (eligibility.conditions.length > 0 && !application.meetsConditions) {
    return refuse(
      `この講座は「${eligibility.conditions.join('・')}」の方が対象です。あてはまるときは、確認の欄にチェックを入れてください。`,
      'meetsConditions',
    );
  }
  if (eligibility.who === 'anyone') return undefined;
  const day = judgingDay(course, application.sessionKey);
  if (application.participants.length === 0) {
    if (eligibility.expecting && application.dueMonth !== undefined) {
      return application.dueMonth >= day.slice(0, 7)
        ? undefined
        : refuse(
            `出産予定の月を確認してください。${shortDayName(day)} に妊娠中の方が対象です。`,
            'dueMonth',
          );
    }
    return refuse(
      eligibility.who === 'self'
        ? '参加する方のお名前と生年月日を書いてください。'
        : eligibility.expecting
          ? 'お子さんの生年月日か、出産予定の月を書いてください。'
          : 'お子さんのお名前と生年月日を書いてください。',
      'participants.0.name',
    );
  }
  if (eligibility.who === 'self' && application.participants.length > 1) {
    return refuse('参加する方お一人ずつ申し込んでください。', 'participants.1.name');
  }
  for (const [index, participant] of application.participants.entries()) {
    const problem = ageProblem(eligibility, participant.birthDate, day, now);
    if (problem) return refuse(problem, `participants.${index}.birthDate`);
  }
  return undefined;
}

/** The sentence for a birth date that does not fit, with the age worked out; else undefined. */
export function ageProblem(
  eligibility: Course['eligibility'],
  birthDate: Day,
  day: Day,
  now: Date,
): string | undefined {
  const whose = eligibility.who === 'self' ? '参加する方' : 'お子さん';
  const check = `${whose}の生年月日を確認してください。`;
  if (birthDate > dayInTokyo(now)) return `${check}これから先の日付になっています。`;
  const months = ageInMonths(birthDate, day);
  const year = schoolYear(birthDate, day);
  const { minMonths, maxMonthsExclusive, minSchoolYear, maxSchoolYear } = eligibility;
  const fits =
    (minMonths === undefined || months >= minMonths) &&
    (maxMonthsExclusive === undefined || months < maxMonthsExclusive) &&
    (minSchoolYear === undefined || year >= minSchoolYear) &&
    (maxSchoolYear === undefined || year <= maxSchoolYear);
  if (fits) return undefined;
  if (birthDate > day) return `${check}${shortDayName(day)} より後の日付になっています。`;
  const bySchool = minSchoolYear !== undefined || (maxSchoolYear !== undefined && year > 0);
  const is = bySchool && year > 0 ? schoolYearName(year) : ageName(months);
  return `${check}${shortDayName(day)} に ${eligibilityName(eligibility)} の方が対象です。入力された日付では ${is} になります。`;
}

/** 「2か月〜5か月未満」「1歳6か月〜就学前」「小学5年生以上」「12歳〜18歳」. */
export function eligibilityName(eligibility: Course['eligibility']): string {
  const { minMonths, maxMonthsExclusive, minSchoolYear, maxSchoolYear } = eligibility;
  if (minSchoolYear !== undefined && minSchoolYear === maxSchoolYear) {
    return schoolYearName(minSchoolYear);
  }
  const from =
    minSchoolYear !== undefined
      ? schoolYearName(minSchoolYear)
      : minMonths === undefined || minMonths === 0
        ? undefined
        : ageName(minMonths);
  const wholeYears = maxMonthsExclusive !== undefined && maxMonthsExclusive % 12 === 0;
  const to =
    maxSchoolYear !== undefined
      ? schoolYearName(maxSchoolYear)
      : maxMonthsExclusive === undefined
        ? undefined
        : wholeYears && maxMonthsExclusive > 12
          ? ageName(maxMonthsExclusive - 12)
          : `${ageName(maxMonthsExclusive)}未満`;
  if (from === undefined && to === undefined) return 'すべて';
  if (to === undefined) return `${from}以上`;
  if (from === undefined) {
    if (minMonths === 0) return `0か月〜${to}`;
    return to.endsWith('未満') ? to : `${to}まで`;
  }
  return `${from}〜${to}`;
}

/**
 * Seat, waitlist place or refusal. Whoever comes while others wait joins the wait: nobody
 * overtakes the waitlist, also not in the second between a cancellation and the offer.
 */
export function decideRegistration(
  seen: { readonly course: Course | undefined; readonly pool: SeatPool | undefined },
  application: Application,
  now: Date,
): RegistrationPlan | RegistrationRefusal {
  const refusal = decideEligibility(seen.course, application, now);
  if (refusal) return refusal;
  const { course, pool } = seen;
  if (!course || !pool) {
    return { refused: 'course_not_found', sentence: 'この講座は見つかりませんでした。' };
  }
  const seats = seatsNeeded(course, application);
  if (pool.waiting === 0 && pool.free >= seats) return { take: 'seats', seats };
  if (pool.waiting < pool.waitlistCapacity && seats <= pool.capacity) {
    return { take: 'wait', seats };
  }
  return {
    refused: 'course_full',
    sentence:
      pool.waiting === 0 && pool.free > 0
        ? `残りの席は ${pool.free} です。人数を変えるか、お電話でご相談ください。`
        : '席もキャンセル待ちも、いっぱいになりました。',
  };
}

/** The states that hold a seat, and those that are over. */
export function holdsSeat(status: RegistrationStatus): boolean {
  return status === 'confirmed' || status === 'offered';
}
export function isLive(status: RegistrationStatus): boolean {
  return holdsSeat(status) || status === 'waiting';
}

/** What can happen to a registration, and what it then is. Nothing else is legal. */
export type RegistrationAction = 'cancel' | 'offer' | 'accept' | 'decline' | 'lapse';
const TRANSITIONS: Readonly<
  Record<RegistrationAction, { from: readonly RegistrationStatus[]; to: RegistrationStatus }>
> = {
  cancel: { from: ['confirmed', 'waiting'], to: 'cancelled' },
  offer: { from: ['waiting'], to: 'offered' },
  accept: { from: ['offered'], to: 'confirmed' },
  decline: { from: ['offered'], to: 'declined' },
  lapse: { from: ['offered'], to: 'lapsed' },
};

/** The state after an action, or undefined when the action is not legal from here. */
export function nextStatus(
  from: RegistrationStatus,
  action: RegistrationAction,
): RegistrationStatus | undefined {
  const transition = TRANSITIONS[action];
  return transition.from.includes(from) ? transition.to : undefined;
}

export type ChangeRefusal = Refusal<
  'not_possible_now' | 'cancel_deadline_passed' | 'offer_expired'
>;

/** What the owner of a registration asks for on its page, judged at an instant. */
export function decideChange(
  seen: { readonly registration: Registration; readonly course: Course },
  action: 'cancel' | 'accept' | 'decline',
  rules: { readonly cancelUntil: string },
  now: Date,
): { readonly to: RegistrationStatus; readonly freesSeats: number } | ChangeRefusal {
  const { registration, course } = seen;
  const to = nextStatus(registration.status, action);
  if (to === undefined) {
    return {
      refused: 'not_possible_now',
      sentence: 'この申し込みは、いまは変更できません。今の状態をご確認ください。',
    };
  }
  if (action === 'accept' && course.publication === 'cancelled') {
    return { refused: 'not_possible_now', sentence: 'この講座は中止になりました。' };
  }
  if (
    registration.status === 'offered' &&
    registration.offerExpiresAt !== undefined &&
    now.toISOString() >= registration.offerExpiresAt
  ) {
    return {
      refused: 'offer_expired',
      sentence: `お返事の期限（${momentName(new Date(registration.offerExpiresAt))}）を過ぎました。席は、ほかの方にご案内することがあります。`,
    };
  }
  const deadline = cancelDeadline(
    bookedSessions(course, registration.sessionKey),
    rules.cancelUntil,
  );
  if (registration.status === 'confirmed' && now > deadline) {
    return {
      refused: 'cancel_deadline_passed',
      sentence: `このページで取り消せるのは ${momentName(deadline)} まででした。お電話でお知らせください。`,
    };
  }
  return {
    to,
    freesSeats: holdsSeat(registration.status) && !holdsSeat(to) ? registration.seats : 0,
  };
}

/**
 * The next offer from a waitlist: the first in order whose seats are free and who still has time to
 * answer, so that neither a family of three nor somebody who waits for a date that is too near
 * keeps seats empty. Undefined: nobody fits, or it is too late to ask.
 * @param answerBy the deadline, from what is wished and the latest there can be
 */
export function decideOffer(
  seen: {
    readonly course: Course;
    readonly pool: Pick<SeatPool, 'free'>;
    readonly waiting: readonly Registration[];
  },
  rules: { readonly offerHours: number; readonly offerMinimumHours: number },
  answerBy: (wished: Date, latest: Date) => Date,
  now: Date,
): { readonly registration: Registration; readonly expiresAt: string } | undefined {
  const { course, pool, waiting } = seen;
  if (course.publication !== 'published') return undefined;
  const least = rules.offerMinimumHours * 3_600_000;
  const wished = new Date(now.getTime() + rules.offerHours * 3_600_000);
  return [...waiting]
    .filter(({ status, seats }) => status === 'waiting' && seats <= pool.free)
    .sort((a, b) => (a.waitNumber ?? 0) - (b.waitNumber ?? 0))
    .map((registration) => {
      const start = startsAt(firstSession(bookedSessions(course, registration.sessionKey)));
      const latest = new Date(start.getTime() - least);
      return { registration, expiresAt: answerBy(wished, latest).toISOString() };
    })
    .find(({ expiresAt }) => Date.parse(expiresAt) - now.getTime() >= least);
}

/** Position in the queue as people count: 1 for the next in line. */
export function waitPosition(
  registration: Pick<Registration, 'waitNumber'>,
  waitingNumbers: readonly number[],
): number {
  return waitingNumbers.filter((number) => number < (registration.waitNumber ?? 0)).length + 1;
}

/** When the personal data of a booking is deleted. */
export function retentionEnd(course: Course, retentionDays: number): Date {
  return new Date(endsAt(lastSession(course.sessions)).getTime() + retentionDays * 86_400_000);
}

/** 「482-103-937」. */
export function bookingNumberName(registrationId: string): string {
  return registrationId.replace(/^reg_(\d{3})(\d{3})(\d{3})$/, '$1-$2-$3');
}
