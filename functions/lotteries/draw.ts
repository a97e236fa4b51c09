/**
 * Staff type the public value, look at what would come out, and publish. Until they publish nobody
 * sees anything, and the value can be corrected; what comes out was fixed when the list was sealed.
 */
import type { Course, CourseId } from '../courses/model.ts';
import { cancelDeadline, firstSession, startsAt } from '../courses/rules.ts';
import { getCourse, replaceCourse, takeDrawnPlaces } from '../courses/store.ts';
import { type TransactWrite, Unavailable } from '../platform/database.ts';
import type { ApiDeps } from '../platform/deps.ts';
import { appendEvent } from '../platform/events-store.ts';
import { type Refused, refuse } from '../platform/refusals.ts';
import type { DrawResult, Lottery, LotteryEvent } from './model.ts';
import { draw, drawnFromPools, sealedList } from './rules.ts';
import { getLottery, listNumbers, markDrawn, setPublicValue } from './store.ts';

type Deps = Pick<ApiDeps, 'database' | 'ids'>;

const TRIES = 10;

export type LotteryRefusal = Refused & {
  readonly refused: 'course_not_found' | 'not_possible_now' | 'version_conflict';
};

/** What would come out, for each number, with the registration behind it. */
export interface SeenDraw {
  readonly lottery: Lottery;
  /** In the order of the draw; empty without a public value. */
  readonly results: readonly (DrawResult & { readonly registrationId: string })[];
}

/** The draw as it would be published; the same before and after. */
export async function seeDraw(
  { database }: Pick<Deps, 'database'>,
  courseId: CourseId,
): Promise<SeenDraw | LotteryRefusal> {
  const lottery = await getLottery(database, courseId);
  if (!lottery) return NO_LOTTERY;
  const { sealed, seed, publicValue } = lottery;
  if (!sealed || publicValue === undefined) return { lottery, results: [] };
  const applications = await listNumbers(database, courseId);
  const behind = new Map(applications.map((each) => [each.number, each.registrationId]));
  const results = draw(sealedList(lottery, applications), { seed, publicValue });
  return {
    lottery,
    results: results.map((result) => ({
      ...result,
      registrationId: behind.get(result.number) ?? '',
    })),
  };
}

/** @param version the lottery's version that was seen @returns the preview with this value */
export async function typePublicValue(
  deps: Deps,
  courseId: CourseId,
  { publicValue, version }: { readonly publicValue: string; readonly version: number },
  actor: string,
  now: Date,
): Promise<SeenDraw | LotteryRefusal> {
  const lottery = await getLottery(deps.database, courseId);
  if (!lottery) return NO_LOTTERY;
  if (!lottery.sealed) {
    return notNow('受付を締め切って一覧に封をしてから、入れられます。もうしばらくお待ちください。');
  }
  if (lottery.drawnAt !== undefined) return notNow('抽選の結果は、もう公開されています。');
  return commit(deps, lottery, version, 'lottery_value_set', actor, now, (database) =>
    setPublicValue(database, lottery, publicValue.trim()),
  );
}

/**
 * The results go out: from here on the file holds the seed, the list and all results. In the same
 * transaction the winners' seats and the queues of the reserve are taken, so that nobody books what
 * somebody has won and not heard of yet; that each family is told follows from the event.
 */
export async function publishResults(
  deps: Deps & Pick<ApiDeps, 'centre'>,
  courseId: CourseId,
  { version }: { readonly version: number },
  actor: string,
  now: Date,
): Promise<SeenDraw | LotteryRefusal> {
  const { database, centre } = deps;
  for (let tries = 0; tries < TRIES; tries += 1) {
    const seen = await seeDraw(deps, courseId);
    if ('refused' in seen) return seen;
    const { lottery, results } = seen;
    if (lottery.drawnAt !== undefined) return notNow('抽選の結果は、もう公開されています。');
    if (lottery.publicValue === undefined) {
      return notNow(`先に「${lottery.publicValueName}」を入れてください。`);
    }
    if (lottery.version !== version) return CONFLICT;
    const course = await getCourse(database, courseId);
    if (!course) return NO_LOTTERY;
    const obstacle = obstacleTo(course, centre.booking.offerMinimumHours, now);
    if (obstacle !== undefined) return notNow(obstacle);
    const writes = [
      markDrawn(database, lottery, now),
      replaceCourse(database, drawnCourse(course, centre.booking.cancelUntil, now), course.version),
      eventOf(deps, courseId, 'lottery_drawn', actor, now),
      ...drawnFromPools(results).map((pool) => takeDrawnPlaces(database, courseId, pool.key, pool)),
    ];
    const outcome = await database.transact(writes);
    if (outcome.committed) return seeDraw(deps, courseId);
    const [LOTTERY, COURSE] = [0, 1];
    if (outcome.failed.includes(LOTTERY)) return CONFLICT;
    // Somebody edited the notice in this very moment: look at it again.
    if (outcome.failed.includes(COURSE)) continue;
    return notNow(
      '締め切りのあとに、定員が減ったか、席がほかで使われています。講座の定員を、締め切りのときの数にもどしてから、発表してください。',
    );
  }
  throw new Unavailable('The course changed too often while its draw was published');
}

/** Why the results cannot go out now, in a sentence. */
function obstacleTo(course: Course, hoursToAnswer: number, now: Date): string | undefined {
  if (course.publication === 'cancelled') return '中止になった講座なので、発表できません。';
  if (course.publication !== 'published') return '先に講座を公開してください。';
  const latest = startsAt(firstSession(course.sessions)).getTime() - hoursToAnswer * 3_600_000;
  return now.getTime() < latest
    ? undefined
    : `はじめの回まで${hoursToAnswer}時間を切ったので、当選した方にお返事をいただけません。お電話でお知らせください。`;
}

/** From the draw on, what is left can be booked until the day before the first session. */
function drawnCourse(course: Course, cancelUntil: string, now: Date): Course {
  return {
    ...course,
    version: course.version + 1,
    updatedAt: now.toISOString(),
    drawnAt: now.toISOString(),
    application: {
      ...course.application,
      leftoverClosesAt: cancelDeadline(course.sessions, cancelUntil).toISOString(),
    },
  };
}

async function commit(
  deps: Deps,
  lottery: Lottery,
  version: number,
  kind: LotteryEvent['kind'],
  actor: string,
  now: Date,
  change: (database: Deps['database']) => TransactWrite,
): Promise<SeenDraw | LotteryRefusal> {
  if (lottery.version !== version) return CONFLICT;
  const { courseId } = lottery;
  const outcome = await deps.database.transact([
    change(deps.database),
    eventOf(deps, courseId, kind, actor, now),
  ]);
  return outcome.committed ? seeDraw(deps, courseId) : CONFLICT;
}

function eventOf(
  { database, ids }: Deps,
  courseId: CourseId,
  kind: LotteryEvent['kind'],
  actor: string,
  now: Date,
): TransactWrite {
  const event: LotteryEvent = {
    eventId: ids.event(now),
    kind,
    at: now.toISOString(),
    courseId,
    actor,
  };
  return appendEvent(database, event);
}

export const NO_LOTTERY: LotteryRefusal = {
  ...refuse('course_not_found', 'この講座には、抽選がありません。'),
  refused: 'course_not_found',
};

const CONFLICT: LotteryRefusal = {
  ...refuse(
    'version_conflict',
    'ほかの職員が先に変更しました。いまの内容を確かめてから、もう一度お願いします。',
  ),
  refused: 'version_conflict',
};

const notNow = (sentence: string): LotteryRefusal => ({
  ...refuse('not_possible_now', sentence),
  refused: 'not_possible_now',
});
