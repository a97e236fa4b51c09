/**
 * The application that staff take down, as plain data: which fields a course asks for, and how what
 * was typed becomes the body that the site's own form sends too.
 */
import type { Course } from '../rules.ts';
import { takesSeats } from '../rules.ts';

/** Everything typed, by the dotted name of its field (`participants.0.name`). */
export type Typed = Readonly<Record<string, string>>;

export const PERSON_PARTS = ['name', 'kana', 'birthDate'] as const;
export type People = 'participants' | 'childcare';

/** Whether participants are asked for by name. */
export function asksParticipants(course: Course): boolean {
  return course.eligibility.who !== 'anyone' && takesSeats(course);
}

export function rowsOf(typed: Typed, people: People): number {
  const rows = Object.keys(typed).flatMap((field) => {
    const [, row] = new RegExp(`^${people}\\.(\\d+)\\.`).exec(field) ?? [];
    return row === undefined ? [] : [Number(row)];
  });
  return Math.max(0, ...rows.map((row) => row + 1));
}

/** Rows in which nothing is written go, so that a sentence about the first row stands at the first. */
export function withoutEmptyRows(typed: Typed): Typed {
  const kept = Object.entries(typed).filter(
    ([field]) => !/^(participants|childcare)\./.test(field),
  );
  for (const people of ['participants', 'childcare'] as const) {
    let to = 0;
    for (let row = 0; row < rowsOf(typed, people); row += 1) {
      const texts = PERSON_PARTS.map((part) => typed[`${people}.${row}.${part}`] ?? '');
      if (texts.every((text) => text.trim() === '')) continue;
      PERSON_PARTS.forEach((part, index) => {
        kept.push([`${people}.${to}.${part}`, texts[index] ?? '']);
      });
      to += 1;
    }
  }
  return Object.fromEntries(kept);
}

/** Only what this course asks: what was typed for another one stays behind. */
export function bodyOf(course: Course, typed: Typed): Record<string, unknown> {
  const text = (field: string) => typed[field] ?? '';
  const isTicked = (field: string) => text(field) === 'on';
  const rows = (people: People) =>
    Array.from({ length: rowsOf(typed, people) }, (_, row) =>
      Object.fromEntries(PERSON_PARTS.map((part) => [part, text(`${people}.${row}.${part}`)])),
    );
  const keys = course.sessions.map(({ key }) => key);
  const sessionKeys =
    course.sessionChoice === 'each'
      ? keys.filter((key) => isTicked(`session.${key}`))
      : [0, 1, 2].map((rank) => text(`sessionKeys.${rank}`)).filter((key) => key !== '');
  const { eligibility, capacity, childcare, lottery, asks } = course;
  return {
    courseId: course.courseId,
    channel: text('channel') === 'counter' ? 'counter' : 'phone',
    applicant: {
      name: text('applicant.name'),
      kana: text('applicant.kana'),
      phone: text('applicant.phone'),
      email: text('applicant.email'),
    },
    needs: text('needs'),
    mailWithoutLink: isTicked('mailWithoutLink'),
    ...(course.sessionChoice === 'all' ? {} : { sessionKeys }),
    ...(asksParticipants(course) ? { participants: rows('participants') } : {}),
    ...(childcare
      ? {
          childcare: rows('childcare'),
          courseWithoutChildcare: isTicked('courseWithoutChildcare'),
        }
      : {}),
    ...(capacity.countedBy === 'person' ? { adults: text('adults') } : {}),
    ...(eligibility.expecting
      ? { dueMonth: { year: text('dueMonth.year'), month: text('dueMonth.month') } }
      : {}),
    ...(eligibility.conditions.length > 0 ? { meetsConditions: isTicked('meetsConditions') } : {}),
    ...(lottery && course.application.method === 'lottery'
      ? { tiers: lottery.tiers.map(({ key }) => key).filter((key) => isTicked(`tiers.${key}`)) }
      : {}),
    ...(asks.includes('allergy') ? { allergy: text('allergy') } : {}),
    ...(asks.includes('guardian')
      ? { guardian: { name: text('guardian.name'), phone: text('guardian.phone') } }
      : {}),
  };
}
