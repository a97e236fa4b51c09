/** What the places of a registration mean to a parent, in words. Pure and without zod. */
import { clockName, shortDayName } from '../calendar/rules.ts';
import type { Course } from '../courses/model.ts';
import type { Place, RegistrationStatus } from './model.ts';

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
