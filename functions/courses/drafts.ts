/**
 * A course as the desk writes it: what does not fit together, what a copy looks like, and what an
 * edit becomes of the version that was seen. Pure, so that the desk says the same before it asks.
 */
import {
  addDays,
  type Day,
  dayInTokyo,
  dayOf,
  instantInTokyo,
  partsOf,
  shortDayName,
  timeInTokyo,
} from '../calendar/rules.ts';
import type {
  Course,
  CourseChanges,
  CourseDraft,
  CourseEdit,
  CourseWithSeats,
  SeatPool,
  Session,
} from './model.ts';
import { endsAt, firstSession, lastSession, type NewPool, poolsOf } from './rules.ts';

const DAY_MS = 86_400_000;

/** A sentence about one field of a draft, by its path: `sessions.0.end`. */
export interface Problem {
  readonly field: string;
  readonly sentence: string;
}

/** What together makes no sense; what each field alone may say is for the schema. */
export function problemsOf(draft: CourseDraft): readonly Problem[] {
  return [
    ...problemsOfSessions(draft),
    ...problemsOfSeats(draft),
    ...problemsOfWindow(draft),
    ...problemsOfAges(draft),
  ];
}

function problemsOfSessions({ sessions }: CourseDraft): readonly Problem[] {
  return sessions.flatMap(({ start, end }, index) =>
    end <= start
      ? [{ field: `sessions.${index}.end`, sentence: '終わりは、始まりより後にしてください。' }]
      : [],
  );
}

function problemsOfSeats({
  application: { method },
  sessionChoice,
  capacity,
  childcare,
}: CourseDraft): readonly Problem[] {
  const { seats, perSession } = capacity;
  const takes = seats !== null && method !== 'none';
  const problems: Problem[] = [];
  if (seats === null && !childcare && (method === 'first_come' || method === 'lottery')) {
    problems.push({
      field: 'capacity.seats',
      sentence:
        '申し込みを受け付けるには、定員が要ります。定員のない講座は、申込不要にしてください。',
    });
  }
  if (perSession && takes && sessionChoice === 'all') {
    problems.push({
      field: 'capacity.perSession',
      sentence: '回ごとの定員は、参加する回を選ぶ講座だけにつけられます。',
    });
  }
  if (!perSession && takes && sessionChoice === 'each') {
    problems.push({
      field: 'capacity.perSession',
      sentence: '日にちごとに申し込む講座は、回ごとの定員にしてください。',
    });
  }
  return problems;
}

function problemsOfWindow({ application, lottery, sessions }: CourseDraft): readonly Problem[] {
  const { method, opensAt, closesAt, drawAt } = application;
  const problems: Problem[] = [];
  const say = (field: string, sentence: string) => problems.push({ field, sentence });
  const ends = sessions.length === 0 ? undefined : endsAt(lastSession(sessions)).toISOString();
  if (opensAt !== undefined && closesAt !== undefined && closesAt <= opensAt) {
    say('application.closesAt', '締め切りは、受付の始まりより後にしてください。');
  }
  if (method === 'none') return problems;
  if (closesAt !== undefined && ends !== undefined && closesAt > ends) {
    say('application.closesAt', '締め切りは、最後の回が終わるまでにしてください。');
  }
  if (method !== 'lottery') return problems;
  if (lottery === undefined) {
    say('lottery', '抽選のしかた（公正さのための番号と、お返事の日数）を書いてください。');
  }
  if (closesAt === undefined) {
    say('application.closesAt', '抽選には、締め切りが要ります。');
  } else if (drawAt !== undefined && drawAt < closesAt) {
    say('application.drawAt', '抽選は、締め切りより後にしてください。');
  }
  return problems;
}

function problemsOfAges({ eligibility }: CourseDraft): readonly Problem[] {
  const { minMonths, maxMonthsExclusive, minSchoolYear, maxSchoolYear } = eligibility;
  const problems: Problem[] = [];
  if (minMonths !== undefined && maxMonthsExclusive !== undefined) {
    if (maxMonthsExclusive <= minMonths) {
      problems.push({
        field: 'eligibility.maxMonthsExclusive',
        sentence: '上の月齢は、下の月齢より大きくしてください。',
      });
    }
  }
  if (minSchoolYear !== undefined && maxSchoolYear !== undefined && maxSchoolYear < minSchoolYear) {
    problems.push({
      field: 'eligibility.maxSchoolYear',
      sentence: '上の学年は、下の学年と同じか、それより上にしてください。',
    });
  }
  return problems;
}

/** A course without what the system keeps beside it. */
export function draftOf(course: Course): CourseDraft {
  const { courseId: _id, version: _version, drawnAt: _drawn, updatedAt: _at, ...written } = course;
  const { leftoverClosesAt: _leftover, ...application } = course.application;
  return { ...written, application };
}

/**
 * A course like this one that begins on another day. Dates and windows move by whole days and keep
 * their rhythm and their times; an age that counts on a fixed day counts as many school years later.
 */
export function copyOf(course: Course | CourseDraft, firstDate: Day): CourseDraft {
  const { sessions, application, eligibility, ...rest } =
    'courseId' in course ? draftOf(course) : course;
  const from = firstSession(sessions).date;
  const days = (Date.parse(firstDate) - Date.parse(from)) / DAY_MS;
  const { opensAt, closesAt, drawAt, ...kept } = application;
  const { judgedOn } = eligibility;
  return {
    ...rest,
    sessions: sessions.map((session) => ({ ...session, date: addDays(session.date, days) })),
    application: {
      ...kept,
      ...(opensAt === undefined ? {} : { opensAt: moved(opensAt, days) }),
      ...(closesAt === undefined ? {} : { closesAt: moved(closesAt, days) }),
      ...(drawAt === undefined ? {} : { drawAt: moved(drawAt, days) }),
    },
    eligibility: {
      ...eligibility,
      judgedOn:
        judgedOn === 'first_session'
          ? judgedOn
          : yearsLater(judgedOn, fiscalYear(firstDate) - fiscalYear(from)),
    },
    publication: 'draft',
  };
}

function moved(instant: string, days: number): string {
  const at = new Date(instant);
  return instantInTokyo(addDays(dayInTokyo(at), days), timeInTokyo(at)).toISOString();
}

/** 年度, from April. */
function fiscalYear(day: Day): number {
  const { year, month } = partsOf(day);
  return month >= 4 ? year : year - 1;
}

function yearsLater(day: Day, years: number): Day {
  const { year, month, day: d } = partsOf(day);
  return dayOf(year + years, month, d) ?? dayOf(year + years, month, d - 1) ?? day;
}

/** The course with these parts written anew. */
export function withChanges(course: Course, changes: CourseChanges): Course {
  const { childcare, lottery, surveyUrl, application, ...rest } = changes;
  const { leftoverClosesAt } = course.application;
  const { childcare: hadChildcare, lottery: hadLottery, surveyUrl: hadSurvey, ...kept } = course;
  const written = Object.fromEntries(
    Object.entries(rest).filter(([, value]) => value !== undefined),
  ) as Partial<CourseDraft>;
  return {
    ...kept,
    ...written,
    ...optional('childcare', childcare, hadChildcare),
    ...optional('lottery', lottery, hadLottery),
    ...optional('surveyUrl', surveyUrl, hadSurvey),
    ...(application === undefined
      ? {}
      : {
          application: {
            ...application,
            ...(leftoverClosesAt === undefined ? {} : { leftoverClosesAt }),
          },
        }),
  };
}

/** Written anew, taken away (null), or as it was. */
function optional<Name extends string, Value>(
  name: Name,
  changed: Value | null | undefined,
  had: Value | undefined,
): { readonly [N in Name]?: Value } {
  const value = changed === undefined ? had : changed;
  return (value === undefined || value === null ? {} : { [name]: value }) as {
    readonly [N in Name]?: Value;
  };
}

/** Two values that say the same, whatever the order of their keys. */
export function isSame(a: unknown, b: unknown): boolean {
  if (a === b) return true;
  if (typeof a !== 'object' || typeof b !== 'object' || a === null || b === null) return false;
  const names = new Set([...Object.keys(a), ...Object.keys(b)]);
  return [...names].every((name) =>
    isSame((a as Record<string, unknown>)[name], (b as Record<string, unknown>)[name]),
  );
}

/** What an edit has to say to make one draft of the other: the parts that differ. */
export function changesBetween(before: CourseDraft, after: CourseDraft): CourseChanges {
  const names = new Set([...Object.keys(before), ...Object.keys(after)]) as Set<keyof CourseDraft>;
  return Object.fromEntries(
    [...names]
      .filter((name) => !isSame(before[name], after[name]))
      .map((name) => [name, after[name] ?? null]),
  ) as CourseChanges;
}

/** 「12月10日（木）の回」. */
export function sessionName(session: Pick<Session, 'date'>): string {
  return `${shortDayName(session.date)}の回`;
}

export interface EditRefusal {
  readonly refused:
    | 'course_not_found'
    | 'version_conflict'
    | 'capacity_below_taken'
    | 'invalid_input'
    | 'edit_not_possible'
    | 'edit_needs_confirmation';
  readonly sentence: string;
  readonly fields?: readonly Problem[];
  /** Whom it would hurt, a sentence each. */
  readonly details?: readonly string[];
}

/** A pool and its new size. */
export interface ResizedPool {
  readonly pool: SeatPool;
  readonly capacity: number;
  readonly waitlistCapacity: number;
}

/** What becomes of the seats and places of a course. */
export interface PoolChanges {
  readonly added: readonly NewPool[];
  /** Nothing may be taken of them, and nobody may wait. */
  readonly removed: readonly SeatPool[];
  readonly resized: readonly ResizedPool[];
}

export interface EditPlan extends PoolChanges {
  readonly course: Course;
}

/** The most writes that one transaction takes, less those that every edit has. */
const MOST_POOL_WRITES = 80;

/** What an edit of the desk becomes: a new version, and the pools that its size and dates ask for. */
export function decideEdit(
  seen: CourseWithSeats | undefined,
  edit: Pick<CourseEdit, 'version' | 'changes'>,
  now: Date,
): EditPlan | EditRefusal {
  if (!seen) return { refused: 'course_not_found', sentence: 'この講座は見つかりませんでした。' };
  const { course: before, pools } = seen;
  if (before.version !== edit.version) {
    return {
      refused: 'version_conflict',
      sentence:
        'ほかの職員が先に変更しました。いまの内容を読みこんだので、確かめてからもう一度保存してください。',
    };
  }
  const course: Course = {
    ...withChanges(before, edit.changes),
    version: before.version + 1,
    updatedAt: now.toISOString(),
  };
  // What was wrong before may be mended later: an edit answers for what it writes.
  const old = problemsOf(draftOf(before));
  const problems = problemsOf(draftOf(course)).filter(
    (problem) => !old.some((known) => isSame(known, problem)),
  );
  if (problems.length > 0) return invalid(problems.map(asChange));

  const changes = poolChanges(before, course, pools);
  const tooSmall = changes.resized.find(
    ({ pool, capacity }) => capacity < pool.capacity - pool.free,
  );
  if (tooSmall) return belowTaken(course, tooSmall);
  const writes = changes.added.length + changes.removed.length + changes.resized.length;
  if (writes > MOST_POOL_WRITES) {
    return {
      refused: 'edit_not_possible',
      sentence: '一度に変えられる回の数を超えました。いくつかに分けて保存してください。',
    };
  }
  return { course, ...changes };
}

/** Problems of an edit or a new course as one refusal. */
export function invalid(fields: readonly Problem[]): EditRefusal {
  return { refused: 'invalid_input', sentence: '入力を確認してください。', fields };
}

const asChange = ({ field, sentence }: Problem): Problem => ({
  field: `changes.${field}`,
  sentence,
});

function poolChanges(before: Course, after: Course, pools: readonly SeatPool[]): PoolChanges {
  const wanted = poolsOf(after);
  const sized = poolsOf(before);
  return {
    added: wanted.filter(({ key }) => !pools.some((pool) => pool.key === key)),
    removed: pools.filter(({ key }) => !wanted.some((pool) => pool.key === key)),
    resized: pools.flatMap((pool) => {
      const size = wanted.find(({ key }) => key === pool.key);
      const was = sized.find(({ key }) => key === pool.key);
      // Only what this edit changes: a pool is resized where its notice says another size.
      if (!size || (was && isSame(size, was))) return [];
      const { capacity, waitlistCapacity } = size;
      return capacity === pool.capacity && waitlistCapacity === pool.waitlistCapacity
        ? []
        : [{ pool, capacity, waitlistCapacity }];
    }),
  };
}

function belowTaken(course: Course, { pool, capacity }: ResizedPool): EditRefusal {
  const taken = pool.capacity - pool.free;
  const index = course.sessions.findIndex(
    ({ key }) => key === pool.key || `childcare-${key}` === pool.key,
  );
  const session = course.sessions[index];
  const whose = session ? `${sessionName(session)}の` : '';
  const isChildcare = pool.kind === 'childcare';
  const sentence = isChildcare
    ? `${whose}保育の席を ${capacity} にできません。すでに ${taken} 人分がうまっています。`
    : `${whose}定員を ${capacity} にできません。すでに ${taken} 席がうまっています。`;
  const field = isChildcare
    ? 'changes.childcare.places'
    : session?.seats === undefined
      ? 'changes.capacity.seats'
      : `changes.sessions.${index}.seats`;
  return { refused: 'capacity_below_taken', sentence, fields: [{ field, sentence }] };
}
