/**
 * What a course's status means to a parent, in sentences. Pure and without zod: the published page
 * and the script that keeps it true say the same words.
 */
import { clockName, dayInTokyo, momentName, shortDayName, timeInTokyo } from '../calendar/rules.ts';
import type { Course, CourseStatusEntry, Session } from './model.ts';
import { type CourseStatus, childcareStatus, hasDrawPage, judgingDay, seatsLeft } from './rules.ts';

/** From this hour of the day a window outlasts the telephone, whose hours the page states. */
const PHONE_CLOSES = '17:00';

/** 「10時から11時30分」. */
export function hoursName(session: Pick<Session, 'start' | 'end'>): string {
  return `${clockName(session.start)}から${clockName(session.end)}`;
}

/**
 * A session among the others of its course: only what tells them apart, so that 「研修室」 and
 * 「オンライン」 are two words and not two dates.
 */
export function sessionName(course: Pick<Course, 'sessions' | 'venue'>, session: Session): string {
  const venueOf = (each: Session) => each.venue ?? course.venue;
  const differ = (of: (each: Session) => string) => new Set(course.sessions.map(of)).size > 1;
  const when = `${shortDayName(session.date)} ${hoursName(session)}`;
  if (!differ(venueOf)) return when;
  return differ((each) => `${each.date}${each.start}`)
    ? `${when} ${venueOf(session)}`
    : venueOf(session);
}

/** 「12月10日（木）の時点で」, or on whichever day is chosen. */
export function judgedName(course: Course): string {
  return course.sessionChoice !== 'all' && course.eligibility.judgedOn === 'first_session'
    ? '参加する日の時点で'
    : `${shortDayName(judgingDay(course, undefined))}の時点で`;
}

/** 「残り 3 席」, when it opens, or the place that the next applicant would get; else empty. */
export function seatsName(entry: CourseStatusEntry, status: CourseStatus, now: Date): string {
  if (status === 'open') {
    const left = seatsLeft(entry, now);
    return left === undefined ? '' : `残り ${left} 席`;
  }
  if (status === 'soon') {
    return entry.opensAt === undefined ? '' : `${momentName(new Date(entry.opensAt))}から`;
  }
  const pools = Object.values(entry.pools);
  const [only] = pools;
  return status === 'full_waitlist' && only && pools.length === 1
    ? `いま申し込むと ${only.waiting + 1} 番目`
    : '';
}

/** Seats of one session, where the limit is by session; before a draw nothing is taken. */
export function poolSeatsName(
  pool: CourseStatusEntry['pools'][string],
  entry: Pick<CourseStatusEntry, 'method' | 'drawn'>,
): string {
  if (isBeforeDraw(entry)) return `定員 ${pool.free} 席`;
  if (pool.free > 0) return `残り ${pool.free} 席`;
  return pool.waitlistFree > 0 ? 'キャンセル待ち可' : '満員';
}

/** Childcare places of one pool: 「保育 あと 3 人」. */
export function poolChildcareName(
  pool: { readonly free: number },
  entry: Pick<CourseStatusEntry, 'method' | 'drawn'>,
): string {
  if (isBeforeDraw(entry)) return `保育 ${pool.free} 人まで`;
  return pool.free > 0 ? `保育 あと ${pool.free} 人` : '保育はキャンセル待ち';
}

/** The same for a course; where a session is chosen each of them has its own, so only that. */
export function childcareName(entry: CourseStatusEntry, now: Date): string {
  const status = childcareStatus(entry, now);
  const pools = Object.values(entry.childcare ?? {});
  const [only] = pools;
  if (status === undefined || only === undefined) return '';
  return status === 'closed' || pools.length > 1
    ? '保育があります'
    : poolChildcareName(only, entry);
}

/** The same beside the word 保育: 「あと 3 人」. */
export function childcareLeftName(entry: CourseStatusEntry, now: Date): string {
  return childcareName(entry, now).replace(/^保育(?:が|は| )/, '');
}

function isBeforeDraw({ method, drawn }: Pick<CourseStatusEntry, 'method' | 'drawn'>): boolean {
  return method === 'lottery' && !drawn;
}

/** Until when a call is taken: the last day, unless it ends before the telephone does. */
export function callUntilName(closesAt: Date): string {
  const isEarly = timeInTokyo(closesAt) < PHONE_CLOSES;
  return isEarly ? momentName(closesAt) : shortDayName(dayInTokyo(closesAt));
}

const SAME_CHANCE = '早く申し込んでも、当たりやすさは変わりません。';

/** What can be done now, in one or two sentences. */
export function statusSentence(entry: CourseStatusEntry, status: CourseStatus, now: Date): string {
  const until = entry.closesAt === undefined ? '' : `${momentName(new Date(entry.closesAt))}まで`;
  switch (status) {
    case 'open':
      return entry.drawn
        ? `抽選のあとに残った席です。先着順で、${until}申し込めます。`
        : `先着順です。${until}申し込めます。`;
    case 'soon': {
      const from = entry.opensAt === undefined ? '' : `${momentName(new Date(entry.opensAt))}から`;
      return isBeforeDraw(entry)
        ? `${from}申し込めます。抽選です。${SAME_CHANCE}`
        : `${from}申し込めます。先着順です。`;
    }
    case 'full_waitlist':
      return `席はいっぱいです。キャンセル待ちは、${until}申し込めます。空いたら、メールで順番にお知らせします。`;
    case 'full':
      return '席もキャンセル待ちも、いっぱいです。空きが出ることもあります。お電話でお尋ねください。';
    case 'lottery_open':
      return `抽選です。${until}申し込めます。${SAME_CHANCE}`;
    case 'closed':
      return isBeforeDraw(entry) && now.toISOString() < entry.lastEndsAt
        ? '申し込みは終わりました。抽選の結果をお待ちください。'
        : '申し込みは終わりました。';
    case 'cancelled':
      return 'この講座は中止になりました。お申し込みの方は、お電話でお確かめください。';
    case 'no_application':
      return `申し込みはいりません。当日、そのままお越しください。${childcareAlone(entry, now)}`;
    case 'phone_only':
      return '担当の職員が受け付けます。参加したい方は、職員かお電話でお申し出ください。';
  }
}

/** When lots are drawn, and what winners are asked for. */
export function drawSentence({ application, lottery }: Course): string {
  const drawn =
    application.drawAt === undefined
      ? ''
      : `${momentName(new Date(application.drawAt))}に抽選して、結果をお知らせします。`;
  return lottery === undefined
    ? drawn
    : `${drawn}当選した方は、お知らせから${lottery.confirmDays}日以内に、参加のお返事をお願いします。`;
}

/** Where only childcare is applied for: whether it still can be. */
function childcareAlone(entry: CourseStatusEntry, now: Date): string {
  const moment = (instant: string | undefined, particle: string) =>
    instant === undefined ? '' : `${momentName(new Date(instant))}${particle}`;
  switch (childcareStatus(entry, now)) {
    case 'open':
      return `保育を希望する方だけ、${moment(entry.closesAt, 'まで')}申し込めます。`;
    case 'waiting':
      return `保育の席はいっぱいです。保育のキャンセル待ちは、${moment(entry.closesAt, 'まで')}申し込めます。`;
    case 'soon':
      return `保育を希望する方は、${moment(entry.opensAt, 'から')}申し込めます。`;
    case 'closed':
      return '保育の申し込みは終わりました。';
    case undefined:
      return '';
  }
}

/** Words of the link to the form; undefined when there is nothing to apply for on this site. */
export function formLinkName(
  entry: CourseStatusEntry,
  status: CourseStatus,
  now: Date,
): string | undefined {
  if (!entry.bookable) return undefined;
  switch (status) {
    case 'open':
      return '申し込みに進む';
    case 'full_waitlist':
      return 'キャンセル待ちに申し込む';
    case 'lottery_open':
      return '抽選に申し込む';
    case 'soon':
      return '申し込みフォームを先に見る';
    case 'no_application':
      switch (childcareStatus(entry, now)) {
        case 'open':
          return '保育だけ申し込む';
        case 'waiting':
          return '保育のキャンセル待ちに申し込む';
        case 'soon':
          return '申し込みフォームを先に見る';
        default:
          return undefined;
      }
    default:
      return undefined;
  }
}

/** Words of the link to the page of the draw; undefined while there is none. */
export function drawLinkName(entry: CourseStatusEntry, now: Date): string | undefined {
  if (!hasDrawPage(entry, now)) return undefined;
  return entry.drawn ? '抽選の結果を見る' : '抽選のしくみを見る';
}

/** Whether a call is the way on: what cannot be done here is done by phone. */
export function callsFor(status: CourseStatus): boolean {
  return ['full', 'phone_only', 'cancelled'].includes(status);
}
