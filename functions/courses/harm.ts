/**
 * Whom an edit would hurt, in sentences for the person who is about to save it: what cannot be done
 * while families have seats or wait, and what can, once it was read. Pure.
 */
import type { Participant } from '../persons/model.ts';
import type { Place, Registration } from '../registrations/model.ts';
import { isHeld, isLive, isQueued } from '../registrations/places.ts';
import { ageProblem, bookingNumberName, childcareProblem } from '../registrations/rules.ts';
import { isSame, sessionName } from './drafts.ts';
import type { Course, SeatPool, Session } from './model.ts';
import { endsAt, judgingDay, takesSeats } from './rules.ts';

/** What stands against an edit (`refused`), and what must be read before it is saved (`warned`). */
export interface Harm {
  readonly refused: readonly string[];
  readonly warned: readonly string[];
}

const NO_HARM: Harm = { refused: [], warned: [] };

/** Booking numbers in one sentence; the rest is counted. */
const MOST_NUMBERS = 8;

/** Parts of a course that nobody with a seat is hurt by. */
const HARMLESS: ReadonlySet<string> = new Set([
  'version',
  'updatedAt',
  'title',
  'titleKana',
  'category',
  'summary',
  'audience',
  'bring',
  'accessibility',
  'notes',
  'asks',
  'surveyUrl',
  'listed',
]);

/** Whether registrations must be looked at before this edit is saved. */
export function mayHurt(before: Course, after: Course): boolean {
  const names = new Set([...Object.keys(before), ...Object.keys(after)]) as Set<keyof Course>;
  return [...names].some((name) => !HARMLESS.has(name) && !isSame(before[name], after[name]));
}

/**
 * Whether what was read of registrations is what the pools say: registrations come from an index
 * that may lag behind a booking of this very moment.
 */
export function agrees(
  registrations: readonly Registration[],
  pools: readonly SeatPool[],
): boolean {
  const places = registrations.flatMap((registration) => registration.places);
  return pools.every(({ key, capacity, free, waiting }) => {
    const here = places.filter(({ poolKey }) => poolKey === key);
    const held = here.filter(isHeld).reduce((sum, { count }) => sum + count, 0);
    return held === capacity - free && here.filter(isQueued).length === waiting;
  });
}

/** Whether an edit changes what a seat is: the pools of what stays must be as they were seen. */
export function isStructural(before: Course, after: Course): boolean {
  return (
    rebuilt(before, after).length > 0 ||
    droppedSessions(before, after).length > 0 ||
    (before.childcare !== undefined && after.childcare === undefined)
  );
}

/** Sessions whose date, time or place is another, and those that are gone, as they were. */
export function movedSessions(before: Course, after: Course, now: Date): readonly Session[] {
  return before.sessions.filter((session) => {
    if (endsAt(session) <= now) return false;
    const later = after.sessions.find(({ key }) => key === session.key);
    if (!later) return before.sessionChoice === 'all';
    return !isSame(whenAndWhere(before, session), whenAndWhere(after, later));
  });
}

function whenAndWhere(course: Course, { date, start, end, venue }: Session) {
  return { date, start, end, venue: venue ?? course.venue };
}

function droppedSessions(before: Course, after: Course): readonly Session[] {
  if (before.sessionChoice === 'all') return [];
  return before.sessions.filter(({ key }) => !after.sessions.some((one) => one.key === key));
}

/** In words, what is built in another way: nothing of it can change under who has a seat. */
function rebuilt(before: Course, after: Course): readonly string[] {
  const isLottery =
    before.application.method === 'lottery' && after.application.method === 'lottery';
  return [
    ...(before.application.method === after.application.method ? [] : ['申し込みのしかた']),
    ...(before.sessionChoice === after.sessionChoice ? [] : ['回の選びかた']),
    ...(before.capacity.perSession === after.capacity.perSession ? [] : ['回ごとの定員かどうか']),
    ...(before.capacity.countedBy === after.capacity.countedBy ? [] : ['定員の数えかた']),
    ...(takesSeats(before) === takesSeats(after) ||
    before.application.method !== after.application.method
      ? []
      : ['定員のありなし']),
    ...(isLottery && !isSame(before.lottery, after.lottery) ? ['抽選のしかた'] : []),
  ];
}

/** Whom the edit from one version to the next would hurt. */
export function harmOf(
  before: Course,
  after: Course,
  registrations: readonly Registration[],
  now: Date,
): Harm {
  const live = registrations.filter(({ places }) => places.some(isLive));
  const parts = [
    harmOfRebuilding(before, after, live, now),
    harmOfDropping(before, after, live),
    harmOfChildcare(before, after, live),
    harmOfPublication(before, after, live),
    harmOfMoving(before, after, live, now),
    harmOfAges(before, after, live, now),
    harmOfPromises(before, after, live),
  ];
  return {
    refused: parts.flatMap(({ refused }) => refused),
    warned: parts.flatMap(({ warned }) => warned),
  };
}

const refusing = (...refused: readonly string[]): Harm => ({ refused, warned: [] });
const warning = (...warned: readonly string[]): Harm => ({ refused: [], warned });

function harmOfRebuilding(
  before: Course,
  after: Course,
  live: readonly Registration[],
  now: Date,
): Harm {
  const what = rebuilt(before, after);
  if (what.length === 0) return NO_HARM;
  if (live.length > 0) {
    return refusing(`申し込みが ${live.length}件 あるので、${what.join('と')}は変えられません。`);
  }
  return lotteryRuns(before, now)
    ? refusing(`抽選の申し込みが始まっているので、${what.join('と')}は変えられません。`)
    : NO_HARM;
}

/** From its opening on, what a lottery has promised stands, also while nobody has applied. */
function lotteryRuns({ publication, application, drawnAt }: Course, now: Date): boolean {
  const { method, opensAt } = application;
  if (method !== 'lottery' || publication !== 'published') return false;
  return drawnAt !== undefined || opensAt === undefined || opensAt <= now.toISOString();
}

function harmOfDropping(before: Course, after: Course, live: readonly Registration[]): Harm {
  return refusing(
    ...droppedSessions(before, after).flatMap((session) => {
      const here = live.filter((registration) => isFor(registration, session.key));
      if (here.length === 0) return [];
      const counts = countsOf(here, ({ sessionKey }) => sessionKey === session.key);
      return [
        `${sessionName(session)}は消せません。${counts}あります。先に、ほかの回へ移すか、取り消してください。`,
      ];
    }),
  );
}

/** Whether something of a registration is for this session, also as a later preference in a draw. */
function isFor({ places, sessionKeys }: Registration, key: string): boolean {
  return places.some(
    (place) =>
      isLive(place) &&
      (place.sessionKey === key || (place.status === 'applied' && sessionKeys.includes(key))),
  );
}

/** 「参加が決まっている申し込みが 5件、待っている申し込みが 2件 」. */
function countsOf(
  registrations: readonly Registration[],
  isMeant: (place: Place) => boolean,
): string {
  const having = (is: (place: Place) => boolean) =>
    registrations.filter(({ places }) => places.some((place) => isMeant(place) && is(place)))
      .length;
  const held = having(isHeld);
  const waiting = registrations.filter(
    ({ places }) =>
      !places.some((place) => isMeant(place) && isHeld(place)) &&
      places.some((place) => isMeant(place) && place.status === 'waiting'),
  ).length;
  const rest = registrations.length - held - waiting;
  return `${[
    ...(held > 0 ? [`参加が決まっている申し込みが ${held}件`] : []),
    ...(waiting > 0 ? [`待っている申し込みが ${waiting}件`] : []),
    ...(rest > 0 ? [`抽選を待つ申し込みが ${rest}件`] : []),
  ].join('、')} `;
}

function harmOfChildcare(before: Course, after: Course, live: readonly Registration[]): Harm {
  if (!before.childcare || after.childcare) return NO_HARM;
  const isChildcare = (place: Place) => place.kind === 'childcare' && isLive(place);
  const here = live.filter(({ places }) => places.some(isChildcare));
  return here.length === 0
    ? NO_HARM
    : refusing(`保育をなくすことはできません。${countsOf(here, isChildcare)}あります。`);
}

function harmOfPublication(before: Course, after: Course, live: readonly Registration[]): Harm {
  const [was, is] = [before.publication, after.publication];
  if (was === is || live.length === 0) return NO_HARM;
  const many = `${live.length}件`;
  switch (is) {
    case 'draft':
    case 'template':
      return refusing(
        `申し込みが ${many} あるので、${is === 'draft' ? '下書き' : 'ひな形'}にはできません。`,
      );
    case 'cancelled':
      return warning(`中止にすると、申し込みずみの ${many} に知らせます。${withoutMail(live)}`);
    case 'hidden':
      return warning(`サイトから下げても、申し込みずみの ${many} の予約は残ります。`);
    case 'published':
      return was === 'cancelled'
        ? warning(
            `中止を知らせた ${many} の申し込みが、またそのまま生きます。開くことは、お電話などで知らせてください。`,
          )
        : NO_HARM;
  }
}

function harmOfMoving(
  before: Course,
  after: Course,
  live: readonly Registration[],
  now: Date,
): Harm {
  if (after.publication === 'cancelled') return NO_HARM;
  const moved = movedSessions(before, after, now);
  const isAll = before.sessionChoice === 'all';
  const grown = isAll && after.sessions.length > before.sessions.length;
  if (moved.length === 0 && !grown) return NO_HARM;
  const told = live.filter(
    (registration) => isAll || moved.some(({ key }) => isFor(registration, key)),
  );
  if (told.length === 0) return NO_HARM;
  return moved.length > 0
    ? warning(
        `日時や会場を変えると、申し込みずみの ${told.length}件 に知らせます。${withoutMail(told)}`,
      )
    : warning(
        `回がふえます。申し込みずみの ${told.length}件 には自動で知らせないので、お電話などで知らせてください。`,
      );
}

function withoutMail(registrations: readonly Registration[]): string {
  const count = registrations.filter(({ applicant }) => applicant.email === undefined).length;
  return count === 0 ? '' : `うち ${count}件 はメールがないので、「電話連絡」に出します。`;
}

function harmOfAges(before: Course, after: Course, live: readonly Registration[], now: Date): Harm {
  const ages = live.filter((registration) =>
    registration.participants.some(
      (person) =>
        fits(before, registration, person, now) && !fits(after, registration, person, now),
    ),
  );
  const inCare = live.filter(({ childcare, sessionKeys }) =>
    childcare.some(
      (child) =>
        takesInCare(before, sessionKeys, child, now) &&
        after.childcare !== undefined &&
        !takesInCare(after, sessionKeys, child, now),
    ),
  );
  return warning(
    ...(ages.length === 0
      ? []
      : [
          `対象や日にちを変えても、申し込みずみの方はそのままです。新しい対象に合わない申し込みが ${ages.length}件 あります（受付番号 ${numbers(ages)}）。`,
        ]),
    ...(inCare.length === 0
      ? []
      : [
          `保育の月齢に合わなくなるお子さんの申し込みが ${inCare.length}件 あります（受付番号 ${numbers(inCare)}）。`,
        ]),
  );
}

function fits(
  course: Course,
  { sessionKeys }: Registration,
  person: Participant,
  now: Date,
): boolean {
  if (course.eligibility.who === 'anyone') return true;
  return judgingDays(course, sessionKeys).every(
    (day) => ageProblem(course.eligibility, person.birthDate, day, now) === undefined,
  );
}

function takesInCare(
  course: Course,
  sessionKeys: readonly string[],
  child: Participant,
  now: Date,
): boolean {
  const { childcare } = course;
  if (!childcare) return false;
  return judgingDays(course, sessionKeys).every(
    (day) => childcareProblem(childcare, child.birthDate, day, now) === undefined,
  );
}

function judgingDays(course: Course, sessionKeys: readonly string[]): string[] {
  const keys = sessionKeys.length === 0 ? [undefined] : sessionKeys;
  return [...new Set(keys.map((key) => judgingDay(course, key)))];
}

function numbers(registrations: readonly Registration[]): string {
  const all = registrations.map(({ registrationId }) => bookingNumberName(registrationId));
  return `${all.slice(0, MOST_NUMBERS).join('、')}${all.length > MOST_NUMBERS ? ' ほか' : ''}`;
}

/** What families were told when they applied, and would no longer be so. */
function harmOfPromises(before: Course, after: Course, live: readonly Registration[]): Harm {
  if (live.length === 0) return NO_HARM;
  const told = `申し込みずみの ${live.length}件 に案内した内容とちがってきます。お電話などで知らせてください。`;
  const awaiting = live.some(({ places }) => places.some(({ status }) => status === 'applied'));
  return warning(
    ...(before.fee.yen === after.fee.yen ? [] : [`費用を変えると、${told}`]),
    ...(awaiting && before.application.drawAt !== after.application.drawAt
      ? [`抽選の日時を変えると、${told}`]
      : []),
  );
}
