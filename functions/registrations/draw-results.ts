/**
 * The published results of a draw reach the registrations: who has won is offered the place and
 * confirms it, the reserve waits, the others hear that it was nothing. The pools have it so already
 * since the publication; here each registration follows, in the order of the draw, each exactly
 * once, whoever begins again after whatever interruption.
 */

import { expiryAfter } from '../calendar/model.ts';
import { dayInTokyo, instantInTokyo } from '../calendar/rules.ts';
import { answerDeadline, firstOpenDay } from '../centre/rules.ts';
import type { Course, CourseId } from '../courses/model.ts';
import { bookedSessions, firstSession, startsAt } from '../courses/rules.ts';
import { getCourse } from '../courses/store.ts';
import type { DrawResult, LotteryEvent, NumberedApplication } from '../lotteries/model.ts';
import { confirmDays, draw, sealedList } from '../lotteries/rules.ts';
import { getLottery, listNumbers, settleNumber } from '../lotteries/store.ts';
import { putDeadline } from '../platform/agenda.ts';
import { type TransactWrite, Unavailable } from '../platform/database.ts';
import { appendEvent } from '../platform/events-store.ts';
import type { WorkerDeps } from '../platform/worker-deps.ts';
import { changeOfPlaces } from './commit.ts';
import type { Place, Registration, RegistrationEvent, RegistrationStatus } from './model.ts';
import { placesAfterDraw, placesOfDraw, statusOf } from './places.ts';
import { retentionEnd } from './rules.ts';
import { getRegistration, movePlaces } from './store.ts';

/** Kind of the deadline that goes on where the time was too short; its subject is the course. */
export const DRAW_RESULTS = 'draw_results';

/** A Lambda has a minute; the rest is done by the clock, which comes each minute. */
const WORK_MS = 20_000;
const AT_ONCE = 10;
const TRIES = 10;

/** @param workMs for how long to begin new ones; what is left is done when the clock comes */
export async function applyResults(
  deps: WorkerDeps,
  courseId: CourseId,
  workMs = WORK_MS,
): Promise<void> {
  const { database, clock } = deps;
  const lottery = await getLottery(database, courseId);
  const course = await getCourse(database, courseId);
  if (!course || lottery?.drawnAt === undefined || lottery.publicValue === undefined) return;
  const { seed, publicValue, drawnAt } = lottery;
  const applications = await listNumbers(database, courseId);
  const open = new Map(
    applications.filter(({ settled }) => !settled).map((each) => [each.number, each]),
  );
  const left = draw(sealedList(lottery, applications), { seed, publicValue }).flatMap((result) => {
    const application = open.get(result.number);
    return application ? [{ application, result }] : [];
  });
  const stopAt = performance.now() + workMs;
  for (let from = 0; from < left.length; from += AT_ONCE) {
    if (performance.now() > stopAt) {
      await putDeadline(database, {
        key: `results ${courseId}`,
        kind: DRAW_RESULTS,
        subject: courseId,
        dueAt: clock.now().toISOString(),
      });
      return;
    }
    await Promise.all(
      left.slice(from, from + AT_ONCE).map((each) => settle(deps, course, drawnAt, each)),
    );
  }
  // Once: what was given back is offered, and the pages are brought up to date, after the last.
  await database.transact([
    appendEvent(database, {
      eventId: `evt_settled_${courseId}`,
      kind: 'lottery_settled',
      at: clock.now().toISOString(),
      courseId,
      actor: 'system',
    } satisfies LotteryEvent),
  ]);
}

interface Drawn {
  readonly application: NumberedApplication;
  readonly result: DrawResult;
}

/** One application gets its result, in one transaction with the mark that it has it. */
async function settle(
  deps: WorkerDeps,
  course: Course,
  drawnAt: string,
  { application, result }: Drawn,
): Promise<void> {
  const { database } = deps;
  const { registrationId, number } = application;
  const drawn = placesOfDraw(result.places, result.rank, (sessionKey) =>
    confirmBy(deps, course, sessionKey, drawnAt),
  );
  for (let tries = 0; tries < TRIES; tries += 1) {
    const registration = await getRegistration(database, registrationId);
    const outcome = await database.transact([
      settleNumber(database, course.courseId, number),
      ...writesFor(deps, course, registrationId, registration, drawn),
    ]);
    const [NUMBER] = [0];
    if (outcome.committed || outcome.failed.includes(NUMBER)) return;
    // The family cancelled in this very moment: look again.
  }
  throw new Unavailable('A registration changed too often while it got its result');
}

const EVENT_KIND: Partial<Record<RegistrationStatus, RegistrationEvent['kind']>> = {
  offered: 'registration_won',
  waiting: 'registration_reserve',
  lost: 'registration_lost',
};

function writesFor(
  deps: WorkerDeps,
  course: Course,
  registrationId: string,
  registration: Registration | undefined,
  drawn: readonly Place[],
): TransactWrite[] {
  const { database, centre, clock } = deps;
  const places = registration ? placesAfterDraw(course, registration.places, drawn) : [];
  const kind = EVENT_KIND[statusOf(places)];
  if (registration?.places.some(({ status }) => status === 'applied') && kind !== undefined) {
    return changeOfPlaces(deps, registration, places, kind, clock.now(), {}, drawn).writes;
  }
  // Nobody is there any more who wants it: everything goes back, and nobody is told.
  const expiresAt = expiryAfter(retentionEnd(course, centre.booking.retentionDays), 0);
  const { courseId } = course;
  return movePlaces(database, { registrationId, courseId, expiresAt }, drawn, []);
}

/**
 * Until when a winner confirms: the end of an opening day, `confirmDays` after the results or later,
 * and never so late that the next of the reserve could not be asked.
 */
function confirmBy(
  { centre, isHoliday }: WorkerDeps,
  course: Course,
  sessionKey: string | undefined,
  drawnAt: string,
): string {
  const drawnOn = dayInTokyo(new Date(drawnAt));
  const day = firstOpenDay(centre, isHoliday, drawnOn, confirmDays(course));
  const start = startsAt(firstSession(bookedSessions(course, sessionKey)));
  const latest = new Date(start.getTime() - centre.booking.offerMinimumHours * 3_600_000);
  const by = answerDeadline(centre, isHoliday, instantInTokyo(day, centre.closes), latest);
  // Where only a closed day lies between: rather at night than before the results.
  return (by.toISOString() > drawnAt ? by : latest).toISOString();
}
