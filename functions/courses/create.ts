/** A course is made, with its seats, the deadlines of its window, and an event. */
import { createHash } from 'node:crypto';
import type { ApiDeps } from '../platform/deps.ts';
import { appendEvent } from '../platform/events-store.ts';
import { type EditRefusal, invalid, problemsOf } from './drafts.ts';
import type { Course, CourseDraft, CourseEvent, CourseWithSeats } from './model.ts';
import { setMoments } from './moments.ts';
import { firstSession, isCurrent } from './rules.ts';
import { getCourseWithSeats, putNewCourse } from './store.ts';

/** @returns false when a course with this id exists; then nothing is changed. */
export async function createCourse(
  deps: Pick<ApiDeps, 'database' | 'ids'>,
  course: Course,
  actor: string,
  now: Date,
): Promise<boolean> {
  const { database, ids } = deps;
  const outcome = await database.transact([
    ...putNewCourse(database, course),
    ...setMoments(database, course, now),
    appendEvent(database, {
      eventId: ids.event(now),
      kind: 'course_created',
      at: now.toISOString(),
      courseId: course.courseId,
      actor,
    } satisfies CourseEvent),
  ]);
  return outcome.committed;
}

/**
 * A new course of the desk, under an id of its own.
 * @param key of the request: the same key is the same course, so that a save whose answer was lost
 *   can be repeated
 */
export async function writeCourse(
  deps: Pick<ApiDeps, 'database' | 'ids'>,
  draft: CourseDraft,
  key: string | undefined,
  actor: string,
  now: Date,
): Promise<CourseWithSeats | EditRefusal> {
  const problems = problemsOf(draft);
  if (problems.length > 0) return invalid(problems);
  if (!isCurrent(draft, now)) {
    const sentence = '過ぎた日です。これからの日にちにしてください。';
    return invalid([{ field: `sessions.${draft.sessions.length - 1}.date`, sentence }]);
  }
  const course: Course = {
    ...draft,
    courseId: idOf(draft, `${actor} ${key ?? deps.ids.secret()}`),
    version: 1,
    updatedAt: now.toISOString(),
  };
  // When it is there already, this very request was answered before.
  await createCourse(deps, course, actor, now);
  const made = await getCourseWithSeats(deps.database, course.courseId);
  if (!made) throw new Error('A new course is gone');
  return made;
}

/** Month and eight hexadecimal digits: an address that can be read aloud. */
function idOf({ sessions }: CourseDraft, seed: string): string {
  const digits = createHash('sha256').update(seed).digest('hex').slice(0, 8);
  return `crs_${firstSession(sessions).date.slice(0, 7)}-${digits}`;
}
