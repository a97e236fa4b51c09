/** What the places of a registration mean to a parent, in words. Pure and without zod. */
import { clockName, momentName, shortDayName } from '../calendar/rules.ts';
import type { Course, Session } from '../courses/model.ts';
import { bookedSessions, endsAt, firstSession, lastSession } from '../courses/rules.ts';
import type { Place, Registration, RegistrationStatus } from './model.ts';
import { childcareBeside, isLive, statusOf } from './places.ts';

/** A status is always a word. */
export const placeStatusName: Readonly<Record<RegistrationStatus, string>> = {
  applied: '抽選待ち',
  confirmed: '参加確定',
  waiting: 'キャンセル待ち',
  offered: '席のご案内中（お返事待ち）',
  cancelled: '取り消しずみ',
  declined: '見送り',
  lapsed: '期限切れ',
  lost: '落選',
};

const childcareStatusName: Readonly<Partial<Record<RegistrationStatus, string>>> = {
  confirmed: '保育あり',
  waiting: '保育はキャンセル待ち',
  offered: '保育の席のご案内中（お返事待ち）',
  applied: '保育も希望',
  cancelled: '保育は取り消しずみ',
  declined: '保育は見送り',
  lapsed: '保育は期限切れ',
  lost: '保育は落選',
};

/** 「参加確定」「保育はキャンセル待ち 2 番目」. */
export function placeName(place: Place, position: number | undefined): string {
  const name =
    place.kind === 'childcare'
      ? (childcareStatusName[place.status] ?? placeStatusName[place.status])
      : placeStatusName[place.status];
  return position === undefined ? name : `${name} ${position} 番目`;
}

/** One line for each session, with its seat and its childcare; the date where there are several. */
export function placeLines(
  course: Pick<Course, 'sessions'>,
  places: readonly Place[],
  waitPositions: Readonly<Record<string, number>>,
): readonly string[] {
  const keys = [...new Set(places.map(({ sessionKey }) => sessionKey))];
  return keys.flatMap((key) => {
    const session = course.sessions.find((candidate) => candidate.key === key);
    const date =
      session === undefined ? '' : `${shortDayName(session.date)} ${clockName(session.start)}　`;
    return places
      .filter(({ sessionKey }) => sessionKey === key)
      .map((place) => `${date}${placeName(place, waitPositions[place.poolKey])}`);
  });
}

/** What a booking is for: the course, or one of its dates, with the childcare beside it. */
export interface BookedPart {
  readonly sessions: readonly Session[];
  /** The seat; where no seats are counted, the childcare places themselves. */
  readonly main: Place;
  /** Childcare places beside a seat. */
  readonly childcare: Place | undefined;
}

/** The parts of a booking in the order of their dates; only where each date is booked, several. */
export function bookedParts(
  course: Pick<Course, 'sessions' | 'sessionChoice'>,
  places: readonly Place[],
): readonly BookedPart[] {
  const seats = places.filter(({ kind }) => kind === 'seat');
  const mains = seats.length > 0 ? seats : places;
  const parts = mains.map((main) => {
    const booked = bookedSessions(course, main.sessionKey);
    return {
      sessions: booked.length > 0 ? booked : course.sessions,
      main,
      childcare: main.kind === 'seat' ? childcareBeside(places, main) : undefined,
    };
  });
  const start = ({ sessions }: BookedPart) => {
    const { date, start } = firstSession(sessions);
    return `${date}${start}`;
  };
  return parts.sort((a, b) => (start(a) < start(b) ? -1 : 1));
}

/** Whether anything may still come of a part. */
export function isPartLive({ main, childcare }: BookedPart): boolean {
  return isLive(main) || (childcare !== undefined && isLive(childcare));
}

/** 「参加確定、保育はキャンセル待ち 2 番目」. */
export function partStateName(
  part: BookedPart,
  waitPositions: Readonly<Record<string, number>>,
  now: Date,
): string {
  if (part.main.status === 'confirmed' && now >= endsAt(lastSession(part.sessions))) {
    return '終わりました';
  }
  return [part.main, ...(part.childcare && isPartLive(part) ? [part.childcare] : [])]
    .map((place) => placeName(place, waitPositions[place.poolKey]))
    .join('、');
}

/** What has just happened, so that the page can say it first. */
export type Happened = 'applied' | 'cancelled' | 'accepted' | 'declined';

/** The state of a booking in a title, and what happens next in one or two sentences. */
export interface Told {
  readonly title: string;
  readonly next: string;
}

interface Facts {
  readonly registration: Registration;
  readonly course: Course;
  /** By pool, 1 for the next in line. */
  readonly waitPositions: Readonly<Record<string, number>>;
  readonly happened: Happened | undefined;
  readonly now: Date;
}

/** What a booking's page says first. */
export function bookingWords(facts: Facts): Told {
  const { registration, course, now } = facts;
  if (course.publication === 'cancelled') {
    return {
      title: 'この講座は中止になりました',
      next: 'お越しいただかなくて大丈夫です。ご不明なことは、お電話ください。',
    };
  }
  const parts = bookedParts(course, registration.places);
  const [only] = parts;
  const status = statusOf(registration.places);
  const last = lastSession(parts.flatMap(({ sessions }) => sessions));
  if (status === 'confirmed' && now >= endsAt(last)) {
    return { title: 'この講座は終わりました', next: 'ご参加ありがとうございました。' };
  }
  return parts.length === 1 && only ? partWords(only, facts) : manyWords(parts, facts);
}

const END_OF_PART: Readonly<Record<RegistrationStatus, string>> = {
  confirmed: '参加が決まっています',
  waiting: 'キャンセル待ちです',
  offered: '席が空き、お返事を待っています',
  applied: '抽選を待っています',
  cancelled: '取り消しました',
  declined: '見送りました',
  lapsed: 'お返事の期限が過ぎました',
  lost: '抽選にはずれました',
};

/** Several dates, perhaps in different states; each of them is told below. */
function manyWords(parts: readonly BookedPart[], { registration, happened }: Facts): Told {
  const groups = Object.entries(END_OF_PART)
    .map(([status, name]) => ({
      name,
      count: parts.filter(({ main }) => main.status === status).length,
    }))
    .filter(({ count }) => count > 0);
  const next =
    groups.length === 1
      ? `${parts.length}回とも、${groups[0]?.name}。`
      : `${parts.length}回のうち、${groups.map(({ name, count }) => `${count}回は${name}`).join('。')}。`;
  const isOffered = registration.places.some(({ status }) => status === 'offered');
  const status = statusOf(registration.places);
  const title = isOffered
    ? '席が空いた回があります'
    : !parts.some(isPartLive)
      ? status === 'lost'
        ? '今回は、抽選にはずれました'
        : '取り消した申し込みです'
      : happened === 'cancelled'
        ? '取り消しました'
        : happened === 'declined'
          ? 'ご案内を見送りました'
          : happened === 'accepted'
            ? '参加が決まりました'
            : groups.length > 1
              ? '申し込みを受け付けました'
              : status === 'waiting'
                ? 'キャンセル待ちに入りました'
                : status === 'applied'
                  ? '抽選に申し込みました'
                  : '申し込みができました';
  return {
    title,
    next: `${next}${isOffered ? '下の回ごとに、参加するかどうかをお知らせください。' : ''}`,
  };
}

/** One seat (and what is beside it), or childcare alone. */
function partWords(part: BookedPart, facts: Facts): Told {
  const { main } = part;
  const isChildcare = main.kind === 'childcare';
  const what = isChildcare ? '保育の席' : '席';
  switch (main.status) {
    case 'confirmed':
      return confirmedWords(part, facts);
    case 'waiting':
      return waitingWords(part, facts);
    case 'offered':
      return offeredWords(part, facts);
    case 'applied':
      return appliedWords(part, facts);
    case 'lost':
      return {
        title: '今回は、抽選にはずれました',
        next: 'たくさんのお申し込みをいただきました。ほかの講座も、ごらんください。',
      };
    case 'cancelled':
      // Who once waited may have held a seat in the end: what is kept does not tell.
      if (main.waitNumber !== undefined) {
        return {
          title: 'キャンセル待ち（お申し込み）を取り消しました',
          next: 'お知らせくださり、ありがとうございました。',
        };
      }
      return {
        title: facts.happened === 'cancelled' ? '取り消しました' : '取り消した申し込みです',
        next: `空いた${what}は、ほかの方にご案内することがあります。お知らせくださり、ありがとうございました。`,
      };
    case 'declined':
      return {
        title: 'ご案内を見送りました',
        next: `空いた${what}は、ほかの方にご案内することがあります。お知らせくださり、ありがとうございました。`,
      };
    case 'lapsed':
      return {
        title: 'お返事の期限が過ぎました',
        next: `${what}は、ほかの方にご案内することがあります。参加したいときは、もう一度お申し込みいただくか、お電話ください。`,
      };
  }
}

function confirmedWords({ main, childcare, sessions }: BookedPart, facts: Facts): Told {
  const { happened, registration } = facts;
  const { date, start } = firstSession(sessions);
  const come = `${shortDayName(date)} ${clockName(start)}に、そのままお越しください。`;
  const title = happened === 'accepted' ? '参加が決まりました' : '申し込みができました';
  if (main.kind === 'childcare') {
    return {
      title: happened === 'accepted' ? '保育が決まりました' : '保育の申し込みができました',
      next: `保育の席（${main.count}人）を確保してあります。${come}`,
    };
  }
  if (childcare === undefined) {
    return registration.childcare.length > 0
      ? {
          title,
          next: `講座の席は確保してあります。保育の席は、いっぱいでお取りできませんでした。${come}`,
        }
      : { title, next: `席は確保してあります。${come}` };
  }
  const kept = '講座の席は、そのまま確保してあります。';
  switch (childcare.status) {
    case 'confirmed':
      return {
        title: happened === 'accepted' ? '参加と保育が決まりました' : title,
        next: `講座の席と、保育の席（${childcare.count}人）を確保してあります。${come}`,
      };
    case 'offered':
      return {
        title: '保育の席が空きました',
        next: `${untilName(childcare)}保育をたのむかどうかをお知らせください。お返事がないときは、次の方にご案内します。${kept}`,
      };
    case 'waiting':
    case 'applied':
      return {
        title,
        next: `講座の席は確保してあります。保育は${queueName(childcare, facts)}です。${whenFree('保育の席が空いたら', facts)}`,
      };
    case 'cancelled':
      return {
        title: happened === 'cancelled' ? '保育を取り消しました' : title,
        next: `${kept}保育はありません。${come}`,
      };
    case 'declined':
      return {
        title: happened === 'declined' ? '保育のご案内を見送りました' : title,
        next: `${kept}保育はありません。${come}`,
      };
    case 'lapsed':
      return { title, next: `${kept}保育は、お返事の期限が過ぎました。${come}` };
    case 'lost':
      return {
        title,
        next: `講座の席は確保してあります。保育の席は、お取りできませんでした。${come}`,
      };
  }
}

function waitingWords({ main, childcare }: BookedPart, facts: Facts): Told {
  const { registration, waitPositions } = facts;
  const isReserve = registration.entry !== undefined;
  const position = waitPositions[main.poolKey];
  const now = position === undefined ? '' : `いまは ${position} 番目です。`;
  const together =
    childcare?.status !== 'waiting'
      ? ''
      : registration.courseWithoutChildcare
        ? '保育の席もあれば、いっしょにご案内します。'
        : '講座と保育の席がそろったら、いっしょにご案内します。';
  return {
    title: isReserve
      ? '抽選の結果、補欠になりました'
      : main.kind === 'childcare'
        ? '保育のキャンセル待ちに入りました'
        : 'キャンセル待ちに入りました',
    next: `${now}${whenFree('席が空いたら', facts)}${together}`,
  };
}

function offeredWords({ main, childcare }: BookedPart, { registration }: Facts): Told {
  const isWon = registration.entry !== undefined && main.waitNumber === undefined;
  const answer = `${untilName(main)}${
    main.kind === 'childcare' ? '保育をたのむかどうか' : '参加するかどうか'
  }をお知らせください。お返事がないときは、次の方にご案内します。`;
  const beside =
    childcare?.status === 'offered'
      ? `講座の席と、保育の席（${childcare.count}人）を、いっしょにお取りしています。`
      : childcare?.status === 'waiting'
        ? '保育の席は、まだ空いていません。参加すると、保育はキャンセル待ちになります。'
        : '';
  return {
    title: isWon
      ? '抽選に当選しました'
      : main.kind === 'childcare'
        ? '保育の席が空きました'
        : '席が空きました',
    next: `${beside}${answer}`,
  };
}

function appliedWords({ childcare }: BookedPart, { registration, course }: Facts): Told {
  const { drawAt } = course.application;
  const byMail = registration.applicant.email !== undefined;
  if (course.drawnAt !== undefined) {
    return { title: '抽選をしました', next: '結果をまとめています。数分お待ちください。' };
  }
  return {
    title: '抽選に申し込みました',
    next: `抽選番号は ${registration.entry?.number ?? '—'} 番です。${
      childcare === undefined ? '' : `保育（${childcare.count}人）も、いっしょに抽選します。`
    }${drawAt === undefined ? '' : `${momentName(new Date(drawAt))}に抽選します。`}${
      byMail ? '結果は、メールでお知らせします。' : '結果は、このページでごらんください。'
    }`,
  };
}

function queueName({ poolKey }: Place, { waitPositions }: Facts): string {
  const position = waitPositions[poolKey];
  return position === undefined ? 'キャンセル待ち' : `キャンセル待ち ${position} 番目`;
}

function untilName({ offerExpiresAt }: Place): string {
  return offerExpiresAt === undefined ? '' : `${momentName(new Date(offerExpiresAt))}までに、`;
}

/** How a family learns that something is free. */
function whenFree(when: string, { registration }: Facts): string {
  return registration.applicant.email !== undefined
    ? `${when}、メールでお知らせします。`
    : 'メールがない方には自動でお知らせできません。この「予約の確認」のページか、お電話で、ときどきお確かめください。';
}

/** Where a name or a number would stand, once its time is over. */
export const PURGED = '保存期間が過ぎたため、消しました';
