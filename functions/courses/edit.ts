/**
 * The desk changes any part of the version that it has seen. Somebody else's change in between is
 * never lost: the edit is refused, and the desk brings the two together. Whom the edit would hurt is
 * said before it is saved; what would take a seat from somebody is not saved at all.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import { type Database, type TransactWrite, Unavailable } from '../platform/database.ts';
import type { ApiDeps } from '../platform/deps.ts';
import { appendEvent } from '../platform/events-store.ts';
import { allRegistrationsOfCourse } from '../registrations/store.ts';
import { decideEdit, type EditPlan, type EditRefusal } from './drafts.ts';
import { agrees, type Harm, harmOf, isStructural, mayHurt, movedSessions } from './harm.ts';
import type { Course, CourseEdit, CourseEvent, CourseId, CourseWithSeats } from './model.ts';
import { setMoments } from './moments.ts';
import { isCurrent } from './rules.ts';
import {
  checkPool,
  getCourseWithSeats,
  moveInCurrent,
  putNewPool,
  removeFromCurrent,
  removePool,
  replaceCourse,
  resizePool,
} from './store.ts';

const TRIES = 20;
/** How often an index that lags behind the pools is read again, and after how long. */
const LAGS = 5;
const LAG_MS = 100;

/** @returns the course after the edit, or why it was not made. */
export async function editCourse(
  deps: Pick<ApiDeps, 'database' | 'ids'>,
  courseId: CourseId,
  edit: CourseEdit,
  actor: string,
  now: Date,
): Promise<CourseWithSeats | EditRefusal> {
  const { database, ids } = deps;
  let lags = 0;
  for (let tries = 0; tries < TRIES; tries += 1) {
    const seen = await getCourseWithSeats(database, courseId);
    const plan = decideEdit(seen, edit, now);
    if ('refused' in plan) return plan;
    if (!seen) throw new Error('A plan without a course');
    if (mayHurt(seen.course, plan.course)) {
      const registrations = await allRegistrationsOfCourse(database, courseId);
      if (!agrees(registrations, seen.pools) && lags < LAGS) {
        lags += 1;
        await sleep(LAG_MS);
        continue;
      }
      const refusal = refusalOf(harmOf(seen.course, plan.course, registrations, now), edit);
      if (refusal) return refusal;
    }
    const writes: TransactWrite[] = [
      replaceCourse(database, plan.course, edit.version),
      ...poolWrites(database, seen, plan),
      ...currentWrites(database, seen.course, plan.course, now),
      ...setMoments(database, plan.course, now),
      ...kindsOf(seen.course, plan.course, now).map((kind) =>
        appendEvent(database, {
          eventId: ids.event(now),
          at: now.toISOString(),
          courseId,
          actor,
          ...kind,
        } satisfies CourseEvent),
      ),
    ];
    if ((await database.transact(writes)).committed) {
      const edited = await getCourseWithSeats(database, courseId);
      if (!edited) throw new Error('An edited course is gone');
      return edited;
    }
    // A booking took a seat meanwhile, or a colleague was quicker: look again.
  }
  throw new Unavailable('The course changed too often while it was edited');
}

function refusalOf({ refused, warned }: Harm, { confirmed }: CourseEdit): EditRefusal | undefined {
  if (refused.length > 0) {
    return {
      refused: 'edit_not_possible',
      sentence: '申し込みずみの方がいるので、この変更は保存できません。',
      details: refused,
    };
  }
  return warned.length > 0 && !confirmed
    ? {
        refused: 'edit_needs_confirmation',
        sentence: '申し込みずみの方に関わる変更です。確かめてから保存してください。',
        details: warned,
      }
    : undefined;
}

function poolWrites(
  database: Database,
  { course: before, pools }: CourseWithSeats,
  { course: after, added, removed, resized }: EditPlan,
): TransactWrite[] {
  const asSeen = isStructural(before, after);
  const isTouched = ({ key }: { readonly key: string }) =>
    removed.some((pool) => pool.key === key) || resized.some(({ pool }) => pool.key === key);
  const guarded = asSeen ? pools.filter((pool) => !isTouched(pool)) : [];
  return [
    ...added.map((pool) => putNewPool(database, after.courseId, pool)),
    ...removed.map((pool) => removePool(database, pool)),
    ...resized.map(({ pool, capacity, waitlistCapacity }) =>
      resizePool(database, pool, { capacity, waitlistCapacity }, asSeen),
    ),
    ...guarded.map((pool) => checkPool(database, pool)),
  ];
}

function currentWrites(
  database: Database,
  before: Course,
  after: Course,
  now: Date,
): TransactWrite[] {
  return isCurrent(after, now)
    ? moveInCurrent(database, before, after)
    : [removeFromCurrent(database, before)];
}

/** What happened, besides that the course was edited. */
function kindsOf(
  before: Course,
  after: Course,
  now: Date,
): readonly Pick<CourseEvent, 'kind' | 'was'>[] {
  const wasKnown = before.publication === 'published' || before.publication === 'hidden';
  if (wasKnown && after.publication === 'cancelled') {
    return [{ kind: 'course_edited' }, { kind: 'course_called_off' }];
  }
  const was = movedSessions(before, after, now);
  return wasKnown && was.length > 0
    ? [
        { kind: 'course_edited' },
        {
          kind: 'course_moved',
          // With its venue: what the course says of it is no longer what it said.
          was: was.map((session) => ({ ...session, venue: session.venue ?? before.venue })),
        },
      ]
    : [{ kind: 'course_edited' }];
}
