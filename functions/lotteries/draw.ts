/**
 * Staff type the public value, look at what would come out, and publish. Until they publish nobody
 * sees anything, and the value can be corrected; what comes out was fixed when the list was sealed.
 */
import type { CourseId } from '../courses/model.ts';
import type { TransactWrite } from '../platform/database.ts';
import type { ApiDeps } from '../platform/deps.ts';
import { appendEvent } from '../platform/events-store.ts';
import { type Refused, refuse } from '../platform/refusals.ts';
import type { DrawResult, Lottery, LotteryEvent } from './model.ts';
import { draw, sealedList } from './rules.ts';
import { getLottery, listNumbers, markDrawn, setPublicValue } from './store.ts';

type Deps = Pick<ApiDeps, 'database' | 'ids'>;

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
  if (!lottery) return NOT_FOUND;
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
  if (!lottery) return NOT_FOUND;
  if (!lottery.sealed) {
    return notNow('受付を締め切って一覧に封をしてから、入れられます。もうしばらくお待ちください。');
  }
  if (lottery.drawnAt !== undefined) return notNow('抽選の結果は、もう公開されています。');
  return commit(deps, lottery, version, 'lottery_value_set', actor, now, (database) =>
    setPublicValue(database, lottery, publicValue.trim()),
  );
}

/** The results go out: from here on the file holds the seed, the list and all results. */
export async function publishResults(
  deps: Deps,
  courseId: CourseId,
  { version }: { readonly version: number },
  actor: string,
  now: Date,
): Promise<SeenDraw | LotteryRefusal> {
  const lottery = await getLottery(deps.database, courseId);
  if (!lottery) return NOT_FOUND;
  if (lottery.drawnAt !== undefined) return notNow('抽選の結果は、もう公開されています。');
  if (lottery.publicValue === undefined) {
    return notNow(`先に「${lottery.publicValueName}」を入れてください。`);
  }
  return commit(deps, lottery, version, 'lottery_drawn', actor, now, (database) =>
    markDrawn(database, lottery, now),
  );
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
  const { database, ids } = deps;
  if (lottery.version !== version) return CONFLICT;
  const { courseId } = lottery;
  const outcome = await database.transact([
    change(database),
    appendEvent(database, {
      eventId: ids.event(now),
      kind,
      at: now.toISOString(),
      courseId,
      actor,
    } satisfies LotteryEvent),
  ]);
  return outcome.committed ? seeDraw(deps, courseId) : CONFLICT;
}

const NOT_FOUND: LotteryRefusal = {
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
