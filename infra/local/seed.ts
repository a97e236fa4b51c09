/** Fills an empty engine with the demonstration centre, and tells when that has grown old. */

import { addDays, dayInTokyo } from '../../functions/calendar/rules.ts';
import { createCourse } from '../../functions/courses/create.ts';
import type { Course, CourseWithSeats } from '../../functions/courses/model.ts';
import {
  type CourseStatus,
  childcareStatus,
  courseStatus,
  firstSession,
  statusEntry,
} from '../../functions/courses/rules.ts';
import { listCurrentCourses } from '../../functions/courses/store.ts';
import type { ApiDeps } from '../../functions/platform/deps.ts';
import { RegistrationRequest } from '../../functions/registrations/model.ts';
import { register } from '../../functions/registrations/register.ts';
import { demonstrationCourses } from './demonstration/courses.ts';
import { seedKeys } from './demonstration/keys.ts';
import { seedLotteries } from './demonstration/lotteries.ts';

/** What a newcomer must be able to try, in the order in which it is named. */
const PROMISED: Readonly<Record<string, (offered: Offered) => boolean>> = {
  '申込受付中の講座（先着）': ({ status }) => status === 'open',
  満員でキャンセル待ちできる講座: ({ status }) => status === 'full_waitlist',
  まもなく申し込みが始まる講座: ({ status }) => status === 'soon',
  抽選の申込受付中の講座: ({ status }) => status === 'lottery_open',
  保育もいっしょに申し込める講座: ({ status, childcare }) =>
    status === 'open' && childcare === 'open',
  来たい回をえらんで申し込める講座: ({ status, course }) =>
    status === 'open' && course.sessionChoice === 'each',
  申し込みのいらない講座: ({ status }) => status === 'no_application',
  参加は申し込みなしで保育だけ申し込む講座: ({ status, childcare }) =>
    status === 'no_application' && childcare === 'open',
};

interface Offered {
  readonly course: Course;
  readonly status: CourseStatus;
  readonly childcare: ReturnType<typeof childcareStatus>;
}

const FULL = 'crs_zero-2026-12';
/**
 * Families that have already booked, by course: fictional, and without an address for mails. Where
 * there is childcare each of them brings a child to it.
 */
const BOOKED: Readonly<Record<string, number>> = { [FULL]: 17, 'crs_multiples-2026-12': 3 };

export interface SeedState {
  readonly isEmpty: boolean;
  /** What of the promised is no longer there; empty when the demonstration is fresh. */
  readonly missing: readonly string[];
}

/** Whether the stored demonstration still offers what it promises. */
export async function seedState(deps: Pick<ApiDeps, 'database' | 'clock'>): Promise<SeedState> {
  const courses = await listCurrentCourses(deps.database);
  return { isEmpty: courses.length === 0, missing: missingFrom(courses, deps.clock.now()) };
}

/** Names of what is promised and not among these courses at this instant. */
export function missingFrom(courses: readonly CourseWithSeats[], now: Date): readonly string[] {
  const offered = courses
    .filter(({ course }) => course.listed && course.publication === 'published')
    .map(({ course, pools }) => {
      const entry = statusEntry(course, pools);
      return {
        course,
        status: courseStatus(entry, now),
        childcare: childcareStatus(entry, now),
      };
    });
  return Object.entries(PROMISED)
    .filter(([, keeps]) => !offered.some(keeps))
    .map(([name]) => name);
}

/**
 * Stores the demonstration's courses and bookings through the very use cases that serve people.
 * @throws when the result does not offer what is promised.
 */
export async function seed(deps: ApiDeps): Promise<void> {
  const now = deps.clock.now();
  const courses = demonstrationCourses(now);
  for (const course of courses) await createCourse(deps, course, 'system', now);
  for (const [courseId, families] of Object.entries(BOOKED)) {
    const course = courses.find((candidate) => candidate.courseId === courseId);
    if (!course) throw new Error(`The demonstration has no course ${courseId}`);
    for (let family = 1; family <= families; family += 1) {
      await apply(deps, course, family, now);
    }
  }
  await seedKeys(deps.database);
  await seedLotteries(deps, courses, (course, family, at) => apply(deps, course, family, at));
  const { missing } = await seedState(deps);
  if (missing.length > 0) throw new Error(`The demonstration lacks: ${missing.join(', ')}`);
}

async function apply(deps: ApiDeps, course: Course, family: number, at: Date): Promise<void> {
  const { courseId } = course;
  const outcome = await register(
    deps,
    requestOf(course, family),
    { scriptKey: `demonstration ${courseId} ${family}`, rawBody: '' },
    at,
  );
  if ('refused' in outcome) throw new Error(`The demonstration was refused: ${outcome.refused}`);
}

function requestOf(course: Course, family: number): RegistrationRequest {
  const day = firstSession(course.sessions).date;
  const birth = new Date(Date.parse(`${day}T00:00:00Z`) - (100 + family * 9) * 86_400_000);
  return RegistrationRequest.parse({
    courseId: course.courseId,
    applicant: {
      name: `見本 家族${family}`,
      kana: 'ミホン カゾク',
      phone: `042-000-${String(2000 + family)}`,
    },
    participants: [{ name: `見本 子${family}`, kana: 'ミホン コ', birthDate: dayInTokyo(birth) }],
    childcare: course.childcare
      ? [
          {
            name: `見本 姉${family}`,
            kana: 'ミホン アネ',
            birthDate: addDays(day, -(course.childcare.minMonths + 12) * 31),
          },
        ]
      : [],
    // Every third family has a priority, where there is one; wishes are spread over the sessions.
    tiers: family % 3 === 0 ? (course.lottery?.tiers.map(({ key }) => key) ?? []) : [],
    sessionKeys: course.sessionChoice === 'all' ? [] : wishesOf(course, family),
    adults: 1,
    meetsConditions: true,
  });
}

/** The sessions in an order that differs from family to family. */
function wishesOf({ sessions }: Course, family: number): string[] {
  const keys = sessions.map(({ key }) => key);
  return family % 2 === 0 ? keys : keys.reverse();
}
