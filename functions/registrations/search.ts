/** The one search box: by booking number, telephone number or the beginning of a reading. */
import { recordRead } from '../audit/store.ts';
import { getCourseWithSeats } from '../courses/store.ts';
import type { Database } from '../platform/database.ts';
import type { ApiDeps } from '../platform/deps.ts';
import type { Actor } from '../platform/endpoint.ts';
import type { SearchHits } from './desk-model.ts';
import { peopleOn, type SearchText } from './desk-rules.ts';
import type { Registration } from './model.ts';
import { rosterCourse, rowFor } from './shown.ts';
import { getRegistration, registrationsByKana, registrationsByPhone } from './store.ts';

/** More than a screen holds: who finds this many writes more of the reading. */
const MOST = 30;

/** The newest first under a telephone number, else in the order of readings. */
export async function searchRegistrations(
  deps: ApiDeps,
  { subject: actor, roles }: Actor,
  text: SearchText,
  now: Date,
): Promise<SearchHits> {
  const { database } = deps;
  const { rows, next } = await find(database, text);
  const courseIds = [...new Set(rows.map(({ courseId }) => courseId))];
  const courses = await Promise.all(courseIds.map((id) => getCourseWithSeats(database, id)));
  const hits = rows.flatMap((registration) => {
    const seen = courses.find((each) => each?.course.courseId === registration.courseId);
    if (!seen) return [];
    return [{ ...rowFor(roles, registration, seen), course: rosterCourse(seen.course) }];
  });
  const people = rows.reduce((sum, registration) => sum + peopleOn(registration), 0);
  await recordRead(deps, { action: 'search', actor, people }, now);
  return { hits, hasMore: next !== undefined };
}

async function find(
  database: Database,
  text: SearchText,
): Promise<{ readonly rows: readonly Registration[]; readonly next?: string | undefined }> {
  switch (text.by) {
    case 'number': {
      const found = await getRegistration(database, text.registrationId);
      return { rows: found ? [found] : [] };
    }
    case 'phone':
      return registrationsByPhone(database, text.phone, MOST);
    case 'kana':
      return registrationsByKana(database, text.kana, MOST);
  }
}
