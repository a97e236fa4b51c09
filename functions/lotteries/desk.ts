/** A lottery as staff see it before and after they publish it. The seed is not shown to them either. */
import { recordRead } from '../audit/store.ts';
import type { CourseId } from '../courses/model.ts';
import { getCourse } from '../courses/store.ts';
import type { ApiDeps } from '../platform/deps.ts';
import type { Actor } from '../platform/endpoint.ts';
import { rightsOf } from '../platform/rights.ts';
import { isLive } from '../registrations/places.ts';
import { bookingNumberName } from '../registrations/rules.ts';
import { getRegistrations } from '../registrations/store.ts';
import { type LotteryRefusal, NO_LOTTERY, type SeenDraw, seeDraw } from './draw.ts';
import type { DeskLottery, Lottery, NumberedApplication } from './model.ts';
import { confirmDays } from './rules.ts';
import { listNumbers } from './store.ts';
import { resultName, sessionName } from './words.ts';

export async function seeLottery(
  deps: Pick<ApiDeps, 'database' | 'ids'>,
  courseId: CourseId,
  actor: Actor,
  now: Date,
): Promise<DeskLottery | LotteryRefusal> {
  const seen = await seeDraw(deps, courseId);
  return 'refused' in seen ? seen : forDesk(deps, seen, actor, now);
}

/** The same for a draw that was just changed. That families were shown is written down first. */
export async function forDesk(
  deps: Pick<ApiDeps, 'database' | 'ids'>,
  { lottery, results }: SeenDraw,
  { subject, roles }: Actor,
  now: Date,
): Promise<DeskLottery | LotteryRefusal> {
  const { database } = deps;
  const { courseId, sealed, publicValue, drawnAt } = lottery;
  const course = await getCourse(database, courseId);
  if (!course) return NO_LOTTERY;
  const applications = await listNumbers(database, courseId);
  const tierOf = new Map(applications.map(({ number, tier }) => [number, tier]));
  // Nobody is looked up before there is something to see.
  const found = await getRegistrations(
    database,
    results.map(({ registrationId }) => registrationId),
  );
  const behind = new Map(found.map((each) => [each.registrationId, each]));
  if (results.length > 0) {
    const read = { action: 'draw_read', actor: subject, subject: courseId } as const;
    await recordRead(deps, { ...read, people: results.length }, now);
  }
  const seesNames = rightsOf(roles).includes('names');
  const { closesAt } = course.application;
  return {
    courseId,
    title: course.title,
    version: lottery.version,
    state: stateOf(lottery),
    openedAt: lottery.openedAt,
    ...(closesAt === undefined ? {} : { closesAt }),
    commitment: lottery.commitment,
    ...(sealed ? { closedAt: sealed.closedAt, listHash: sealed.listHash } : {}),
    publicValueName: lottery.publicValueName,
    ...(publicValue === undefined ? {} : { publicValue }),
    ...(drawnAt === undefined ? {} : { drawnAt }),
    confirmDays: confirmDays(course),
    applications: applications.length,
    settled: applications.filter(({ settled }) => settled).length,
    tiers: tierCounts(lottery, applications, results),
    results: results.map(({ number, rank, result, places, registrationId }) => {
      const registration = behind.get(registrationId);
      return {
        number,
        rank,
        tier: tierOf.get(number) ?? 0,
        result,
        said: resultName({ result, places }, sessionName),
        bookingNumber: bookingNumberName(registrationId),
        ...(registration && seesNames ? { name: registration.applicant.name } : {}),
        isWithdrawn: drawnAt === undefined && !registration?.places.some(isLive),
      };
    }),
  };
}

function stateOf({ sealed, publicValue, drawnAt }: Lottery): DeskLottery['state'] {
  if (drawnAt !== undefined) return 'drawn';
  if (publicValue !== undefined) return 'previewed';
  return sealed ? 'closed' : 'open';
}

/** One line for each priority, and one for those who have none. */
function tierCounts(
  { tiers }: Lottery,
  applications: readonly NumberedApplication[],
  results: SeenDraw['results'],
): DeskLottery['tiers'] {
  const outcomes = new Map(results.map(({ number, result }) => [number, result]));
  const names = tiers.length === 0 ? ['すべての方'] : [...tiers, 'そのほかの方'];
  return names.map((name, tier) => {
    const inTier = applications.filter((each) => each.tier === tier);
    const count = (outcome: string) =>
      inTier.filter(({ number }) => outcomes.get(number) === outcome).length;
    return {
      name,
      applications: inTier.length,
      won: count('won'),
      reserve: count('reserve'),
      lost: count('lost'),
    };
  });
}
