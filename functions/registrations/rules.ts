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
import type { Course, SeatPool, Session } from '../courses/model.ts';
import {
  awaitsDraw,
  bookedSessions,
  closingOf,
  endsAt,
  firstSession,
  isBookableOnline,
  judgingDay,
  lastSession,
  startsAt,
  takesApplications,
  takesSeats,
} from '../courses/rules.ts';
import type { Place, Registration, RegistrationRequest } from './model.ts';
import { decidePlaces, mainPlaces, offerPlaces, placesOfEntry, type Wish } from './places.ts';

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
  | 'answer_missing'
  | 'course_full'
  | 'childcare_full'
>;

/** What the registration will have; `tier` when it takes part in a draw (0 is drawn first). */
export interface RegistrationPlan {
  readonly places: readonly Place[];
  readonly tier?: number;
}

type Application = Pick<
  RegistrationRequest,
  | 'sessionKeys'
  | 'participants'
  | 'childcare'
  | 'courseWithoutChildcare'
  | 'adults'
  | 'tiers'
  | 'dueMonth'
  | 'meetsConditions'
  | 'allergy'
  | 'guardian'
>;

/** Who applies: a family on the site, or staff for a family that called or came. */
export type AppliedBy = 'family' | 'staff';

/** Children, or people, who take part themselves; where a parent attends, the child does not. */
export function attending(
  { eligibility }: Pick<Course, 'eligibility'>,
  { participants }: Pick<Application, 'participants'>,
): number {
  return eligibility.who === 'parent' ? 0 : participants.length;
}

/** Seats that an application takes: one, one for each participant, or one for each person. */
export function seatsNeeded(
  course: Pick<Course, 'capacity' | 'eligibility'>,
  application: Pick<Application, 'participants' | 'adults'>,
): number {
  const participants = attending(course, application);
  switch (course.capacity.countedBy) {
    case 'application':
      return 1;
    case 'participant':
      return Math.max(1, participants);
    case 'person':
      return Math.max(1, participants + (application.adults ?? 1));
  }
}

/** What the household asks for in seats and places. */
export function wishOf(course: Course, application: Application): Wish {
  return {
    sessionKeys: course.sessionChoice === 'all' ? [] : application.sessionKeys,
    seats: seatsNeeded(course, application),
    childcare: application.childcare.length,
    courseWithoutChildcare: application.courseWithoutChildcare,
  };
}

/** The priority of an application: the first that it ticks, else the one after all of them. */
export function tierOf(course: Pick<Course, 'lottery'>, tiers: readonly string[]): number {
  const named = course.lottery?.tiers ?? [];
  const first = named.findIndex(({ key }) => tiers.includes(key));
  return first === -1 ? named.length : first;
}

/** Everything that does not depend on seats: is it bookable here, now, by these people? */
export function decideEligibility(
  course: Course | undefined,
  application: Application,
  by: AppliedBy,
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
  if (!takesApplications(course)) {
    return {
      refused: 'course_not_bookable_online',
      sentence: 'この講座は、申し込みがいりません。当日、そのままお越しください。',
    };
  }
  if (by === 'family' && !isBookableOnline(course)) {
    return {
      refused: 'course_not_bookable_online',
      sentence: 'この講座は、このサイトからは申し込めません。お電話でお申し込みください。',
    };
  }
  const { opensAt } = course.application;
  const closesAt = closingOf(course);
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
  return (
    decideSessions(course, application, now) ??
    decideAge(course, application, now) ??
    decideChildcare(course, application, now) ??
    decideAnswers(course, application)
  );
}

/** Sessions that exist, are chosen as the course says, and have not begun. */
function decideSessions(
  course: Course,
  { sessionKeys }: Application,
  now: Date,
): RegistrationRefusal | undefined {
  const refuse = (sentence: string): RegistrationRefusal => ({
    refused: 'session_required',
    sentence,
    field: 'sessionKeys.0',
  });
  const chosen =
    course.sessionChoice === 'all'
      ? course.sessions
      : sessionKeys.map((key) => course.sessions.find((session) => session.key === key));
  if (chosen.length === 0 || chosen.some((session) => session === undefined)) {
    return refuse('参加する回を選んでください。');
  }
  if (course.sessionChoice !== 'all' && new Set(sessionKeys).size < sessionKeys.length) {
    return refuse('同じ回が二度選ばれています。希望する回を、一つずつ選んでください。');
  }
  const sessions = chosen.filter((session) => session !== undefined);
  const begun =
    course.sessionChoice === 'all'
      ? now >= startsAt(firstSession(sessions))
      : sessions.some((session) => now >= startsAt(session));
  return begun
    ? { refused: 'window_closed', sentence: 'この回は、すでに始まっています。' }
    : undefined;
}

/** 保育: offered at all, within its own ages, and nobody twice. */
function decideChildcare(
  course: Course,
  application: Application,
  now: Date,
): RegistrationRefusal | undefined {
  const { childcare: children } = application;
  const offer = course.childcare;
  const refuse = (sentence: string, field: string): RegistrationRefusal => ({
    refused: 'not_eligible',
    sentence,
    field,
  });
  if (children.length === 0) {
    return takesSeats(course)
      ? undefined
      : refuse('保育を希望するお子さんのお名前と生年月日を書いてください。', 'childcare.0.name');
  }
  if (!offer) return refuse('この講座には、保育がありません。', 'childcare.0.name');
  for (const [index, child] of children.entries()) {
    const field = `childcare.${index}.birthDate`;
    const problem = judgingDays(course, application)
      .map((day) => childcareProblem(offer, child.birthDate, day, now))
      .find((sentence) => sentence !== undefined);
    if (problem) return refuse(problem, field);
    // Where a parent attends alone, the child who is named may well be the one to look after.
    const isParticipant =
      course.eligibility.who === 'child' &&
      application.participants.some(
        ({ kana, birthDate }) => kana === child.kana && birthDate === child.birthDate,
      );
    if (isParticipant) {
      return refuse(
        'このお子さんは、参加するお子さんの欄にも書かれています。参加するか、保育をたのむか、どちらかに書いてください。',
        `childcare.${index}.name`,
      );
    }
  }
  return undefined;
}

/** The sentence for a child whom the childcare (保育) does not take; else undefined. */
export function childcareProblem(
  offer: NonNullable<Course['childcare']>,
  birthDate: Day,
  day: Day,
  now: Date,
): string | undefined {
  const eligibility = {
    who: 'child' as const,
    minMonths: offer.minMonths,
    maxSchoolYear: 0,
    judgedOn: day,
    conditions: [],
  };
  return ageProblem(eligibility, birthDate, day, now);
}

/** The questions that this course asks besides. */
function decideAnswers(
  course: Course,
  { allergy, guardian, adults }: Application,
): RegistrationRefusal | undefined {
  const missing = (sentence: string, field: string): RegistrationRefusal => ({
    refused: 'answer_missing',
    sentence,
    field,
  });
  if (course.capacity.countedBy === 'person' && adults === undefined) {
    return missing('来られるおとなの人数を選んでください。', 'adults');
  }
  if (course.asks.includes('allergy') && allergy === undefined) {
    return missing(
      '食べもののアレルギーについて書いてください。ないときは「なし」と書いてください。',
      'allergy',
    );
  }
  if (course.asks.includes('guardian') && guardian === undefined) {
    return missing('保護者のお名前と、つながる電話番号を書いてください。', 'guardian.name');
  }
  return undefined;
}

/** The days on which ages count: for every session that may be attended. */
function judgingDays(course: Course, { sessionKeys }: Pick<Application, 'sessionKeys'>): Day[] {
  const keys = course.sessionChoice === 'all' ? [undefined] : sessionKeys;
  return [...new Set(keys.map((key) => judgingDay(course, key)))];
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
  if (eligibility.who === 'anyone' || !takesSeats(course)) return undefined;
  const [day = judgingDay(course, undefined), ...otherDays] = judgingDays(course, application);
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
    const problem = [day, ...otherDays]
      .map((each) => ageProblem(eligibility, participant.birthDate, each, now))
      .find((sentence) => sentence !== undefined);
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
 * Seats, waitlist places, a part in a draw, or a refusal. Whoever comes while others wait joins the
 * wait: nobody overtakes the waitlist, also not in the second between a cancellation and the offer.
 */
export function decideRegistration(
  seen: { readonly course: Course | undefined; readonly pools: readonly SeatPool[] },
  application: Application,
  {
    by,
    waitNumber,
    now,
  }: { readonly by: AppliedBy; readonly waitNumber: number; readonly now: Date },
): RegistrationPlan | RegistrationRefusal {
  const { course, pools } = seen;
  const refusal = decideEligibility(course, application, by, now);
  if (refusal || !course) return refusal ?? NOT_FOUND;
  const wish = wishOf(course, application);
  if (awaitsDraw(course)) {
    return { places: placesOfEntry(course, wish), tier: tierOf(course, application.tiers) };
  }
  const places = decidePlaces({ course, pools }, wish, waitNumber);
  return 'refused' in places ? places : { places };
}

const NOT_FOUND: RegistrationRefusal = {
  refused: 'course_not_found',
  sentence: 'この講座は見つかりませんでした。',
};

/**
 * The next offer from a waitlist: the first in order whose seats are free (with the childcare that
 * goes with them) and who still has time to answer, so that neither a family of three nor somebody
 * who waits for a date that is too near keeps seats empty. Undefined: nobody fits, or it is too
 * late to ask.
 * @param answerBy the deadline, from what is wished and the latest there can be
 */
export function decideOffer(
  seen: SeenWaitlist,
  rules: OfferRules,
  answerBy: AnswerBy,
  now: Date,
): Offer | undefined {
  return offersThatFit(seen, rules, answerBy, now).find(({ hasTime }) => hasTime);
}

/**
 * Who is called when no offer could be made for want of time: the first in order whose seats are
 * free, as long as the session has not begun.
 */
export function firstWithoutTime(
  seen: SeenWaitlist,
  rules: OfferRules,
  answerBy: AnswerBy,
  now: Date,
): Pick<Offer, 'registration' | 'startsAt'> | undefined {
  return offersThatFit(seen, rules, answerBy, now).find(({ startsAt: start }) => now < start);
}

/** A waitlist, and what is free for it. */
interface SeenWaitlist {
  readonly course: Course;
  readonly pools: readonly SeatPool[];
  readonly poolKey: string;
  readonly waiting: readonly Registration[];
}

interface OfferRules {
  readonly offerHours: number;
  readonly offerMinimumHours: number;
}

type AnswerBy = (wished: Date, latest: Date) => Date;

interface Offer {
  readonly registration: Registration;
  readonly places: readonly Place[];
  readonly expiresAt: string;
  readonly startsAt: Date;
  /** Enough is left to answer. */
  readonly hasTime: boolean;
}

/** Everybody on the waitlist whose seats are free now, in order, with the offer there could be. */
function offersThatFit(
  { course, pools, poolKey, waiting }: SeenWaitlist,
  rules: OfferRules,
  answerBy: AnswerBy,
  now: Date,
): readonly Offer[] {
  if (course.publication !== 'published') return [];
  const least = rules.offerMinimumHours * 3_600_000;
  const wished = new Date(now.getTime() + rules.offerHours * 3_600_000);
  const numberOf = ({ places }: Registration) =>
    places.find((place) => place.poolKey === poolKey)?.waitNumber ?? 0;
  const inOrder = [...waiting].sort((a, b) => numberOf(a) - numberOf(b));
  return inOrder.flatMap((registration) => {
    const place = registration.places.find((candidate) => candidate.poolKey === poolKey);
    const start = startsAt(firstSession(bookedSessions(course, place?.sessionKey)));
    const latest = new Date(start.getTime() - least);
    const expiresAt = answerBy(wished, latest).toISOString();
    const { courseWithoutChildcare } = registration;
    const places = offerPlaces(
      registration.places,
      poolKey,
      { pools, courseWithoutChildcare },
      expiresAt,
    );
    const hasTime = Date.parse(expiresAt) - now.getTime() >= least;
    return places ? [{ registration, places, expiresAt, startsAt: start, hasTime }] : [];
  });
}

/** Position in the queue as people count: 1 for the next in line. */
export function waitPosition(
  place: Pick<Place, 'waitNumber'>,
  waitingNumbers: readonly number[],
): number {
  return waitingNumbers.filter((number) => number < (place.waitNumber ?? 0)).length + 1;
}

/** The sessions that a registration is for, by its places; all of them for a whole course. */
export function sessionsOf(course: Course, places: readonly Place[]): readonly Session[] {
  if (course.sessionChoice === 'all') return course.sessions;
  const chosen = course.sessions.filter(({ key }) =>
    places.some(({ sessionKey }) => sessionKey === key),
  );
  // The date of a registration that is over may have been taken out of the course.
  return chosen.length > 0 ? chosen : course.sessions;
}

/** The sessions to which a family comes for certain. */
export function confirmedSessions(course: Course, places: readonly Place[]): readonly Session[] {
  const confirmed = mainPlaces(places).filter(({ status }) => status === 'confirmed');
  return confirmed.length === 0 ? [] : sessionsOf(course, confirmed);
}

/** When the personal data of a booking is deleted. */
export function retentionEnd(course: Course, retentionDays: number): Date {
  return new Date(endsAt(lastSession(course.sessions)).getTime() + retentionDays * 86_400_000);
}

/** 「482-103-937」. */
export function bookingNumberName(registrationId: string): string {
  return registrationId.replace(/^reg_(\d{3})(\d{3})(\d{3})$/, '$1-$2-$3');
}
