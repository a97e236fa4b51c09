/** What is due next among the courses, in words, and how much of the wait has gone by. */
import { type CourseWithSeats, momentName } from '../rules.ts';

export interface Due {
  readonly courseId: string;
  readonly what: string;
  readonly at: Date;
  /** 「あと 5時間20分」. */
  readonly left: string;
  /** 0 … 1 of the last day before it. */
  readonly gone: number;
}

const DAY_MS = 86_400_000;

/** The next opening or closing of applications among published courses. */
export function nextDue(courses: readonly CourseWithSeats[], now: Date): Due | undefined {
  const moments = courses
    .filter(({ course }) => course.publication === 'published')
    .flatMap(({ course: { courseId, title, application } }) => [
      { courseId, instant: application.opensAt, what: `「${title}」の申し込み開始` },
      { courseId, instant: application.closesAt, what: `「${title}」の申し込み締め切り` },
    ])
    .flatMap(({ instant, ...rest }) =>
      instant === undefined ? [] : [{ ...rest, at: new Date(instant) }],
    )
    .filter(({ at }) => at > now)
    .sort((a, b) => a.at.getTime() - b.at.getTime());
  const [first] = moments;
  if (!first) return undefined;
  const wait = first.at.getTime() - now.getTime();
  return {
    ...first,
    what: `${momentName(first.at)}　${first.what}`,
    left: leftName(wait),
    gone: Math.min(1, Math.max(0, 1 - wait / DAY_MS)),
  };
}

/** 「あと 3日」「あと 5時間20分」「あと 4分」. */
export function leftName(milliseconds: number): string {
  const minutes = Math.ceil(milliseconds / 60_000);
  if (minutes >= 2 * 24 * 60) return `あと ${Math.floor(minutes / (24 * 60))}日`;
  const hours = Math.floor(minutes / 60);
  const rest = minutes % 60;
  if (hours === 0) return `あと ${rest}分`;
  return rest === 0 ? `あと ${hours}時間` : `あと ${hours}時間${rest}分`;
}
