/**
 * What a course's status means to a parent, in sentences. Pure and without zod: the published page
 * and the script that keeps it true say the same words.
 */
import { dayInTokyo, momentName, shortDayName, timeInTokyo } from '../calendar/rules.ts';
import type { CourseStatusEntry } from './model.ts';
import { type CourseStatus, seatsLeft } from './rules.ts';

/** From this hour of the day a window outlasts the telephone, whose hours the page states. */
const PHONE_CLOSES = '17:00';

/** 「残り 3 席」, when it opens, or the place that the next applicant would get; else empty. */
export function seatsName(entry: CourseStatusEntry, status: CourseStatus): string {
  if (status === 'open') {
    const left = seatsLeft(entry);
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

/** Seats of one session, where the limit is by session. */
export function poolSeatsName(pool: CourseStatusEntry['pools'][string]): string {
  if (pool.free > 0) return `残り ${pool.free} 席`;
  return pool.waitlistFree > 0 ? 'キャンセル待ち可' : '満員';
}

/** Until when a call is taken: the last day, unless it ends before the telephone does. */
export function callUntilName(closesAt: Date): string {
  const isEarly = timeInTokyo(closesAt) < PHONE_CLOSES;
  return isEarly ? momentName(closesAt) : shortDayName(dayInTokyo(closesAt));
}

/** What can be done now, in one or two sentences. */
export function statusSentence(entry: CourseStatusEntry, status: CourseStatus): string {
  const until = entry.closesAt === undefined ? '' : `${momentName(new Date(entry.closesAt))}まで`;
  const callUntil =
    entry.closesAt === undefined ? '' : `${callUntilName(new Date(entry.closesAt))}まで、`;
  switch (status) {
    case 'open':
      return `先着順です。${until}申し込めます。`;
    case 'soon': {
      const from = entry.opensAt === undefined ? '' : `${momentName(new Date(entry.opensAt))}から`;
      return entry.bookable
        ? `${from}申し込めます。先着順です。`
        : `申し込みは、${from === '' ? 'これから' : from}始まります。お電話で受け付けます。`;
    }
    case 'full_waitlist':
      return `席はいっぱいです。キャンセル待ちは、${until}申し込めます。空いたら、メールで順番にお知らせします。`;
    case 'full':
      return '席もキャンセル待ちも、いっぱいです。空きが出ることもあります。お電話でお尋ねください。';
    case 'lottery_open':
      return `抽選です。${callUntil}お電話で受け付けています（電話の受付時間内）。`;
    case 'closed':
      return '申し込みは終わりました。';
    case 'cancelled':
      return 'この講座は中止になりました。お申し込みの方は、お電話でお確かめください。';
    case 'no_application':
      return '申し込みはいりません。当日、そのままお越しください。';
    case 'phone_only':
      return `お電話でお申し込みください。${
        callUntil === '' ? '' : `${callUntil}受け付けています（電話の受付時間内）。`
      }`;
  }
}

/** Words of the link to the form; undefined when there is nothing to apply for on this site. */
export function formLinkName(entry: CourseStatusEntry, status: CourseStatus): string | undefined {
  if (!entry.bookable) return undefined;
  switch (status) {
    case 'open':
      return '申し込みに進む';
    case 'full_waitlist':
      return 'キャンセル待ちに申し込む';
    case 'soon':
      return '申し込みフォームを先に見る';
    default:
      return undefined;
  }
}

/** Whether a call is the way on: what cannot be done here is done by phone. */
export function callsFor(entry: CourseStatusEntry, status: CourseStatus): boolean {
  if (['full', 'lottery_open', 'phone_only', 'cancelled'].includes(status)) return true;
  return status === 'soon' && !entry.bookable;
}
