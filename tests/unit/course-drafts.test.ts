/** A course as the desk writes it: what fits together, what a copy is, and what an edit becomes. */
import { describe, expect, test } from 'vitest';
import {
  changesBetween,
  copyOf,
  decideEdit,
  draftOf,
  problemsOf,
  withChanges,
} from '../../functions/courses/drafts.ts';
import {
  type Course,
  CourseDraft,
  CourseEdit,
  type SeatPool,
} from '../../functions/courses/model.ts';
import { isCurrent, poolsOf } from '../../functions/courses/rules.ts';
import { demonstrationCourses } from '../../infra/local/demonstration/courses.ts';
import { aCourse } from '../support/world.ts';

const NOW = new Date('2026-12-01T03:00:00.000Z');
const A = { key: 'A', date: '2026-12-10', start: '10:00', end: '11:00' };
const B = { key: 'B', date: '2026-12-17', start: '10:00', end: '11:00' };
const capacity = aCourse().capacity;
const bySession: Partial<Course> = {
  sessions: [A, B],
  sessionChoice: 'one_of',
  capacity: { ...capacity, perSession: true },
};

/** A course as it is seen, of whose pools so much is taken. */
function seen(changes: Partial<Course> = {}, taken: Readonly<Record<string, number>> = {}) {
  const course = aCourse({ version: 4, ...changes });
  const pools: SeatPool[] = poolsOf(course).map((pool) => ({
    ...pool,
    courseId: course.courseId,
    free: pool.capacity - (taken[pool.key] ?? 0),
    waiting: 0,
    waitingNumbers: [],
  }));
  return { course, pools };
}

const decide = (at: ReturnType<typeof seen>, changes: CourseEdit['changes']) =>
  decideEdit(at, { version: 4, changes }, NOW);

const fieldsOf = (changes: Partial<Course>) =>
  problemsOf(draftOf(aCourse(changes))).map(({ field }) => field);

describe('what does not fit together is said at its field', () => {
  const window = aCourse().application;
  test.each<[string, Partial<Course>]>([
    ['sessions.1.end', { sessions: [A, { ...B, end: '09:00' }] }],
    ['capacity.seats', { capacity: { ...capacity, seats: null } }],
    ['capacity.perSession', { ...bySession, sessionChoice: 'all' }],
    ['capacity.perSession', { sessions: [A, B], sessionChoice: 'each' }],
    ['application.closesAt', { application: { ...window, closesAt: window.opensAt } }],
    ['application.closesAt', { application: { ...window, closesAt: '2026-12-10T02:30:00.001Z' } }],
    ['lottery', { application: { ...window, method: 'lottery' } }],
    [
      'application.drawAt',
      {
        application: { ...window, method: 'lottery', drawAt: window.opensAt },
        lottery: { tiers: [], publicValueName: '宝くじの番号', confirmDays: 3 },
      },
    ],
    [
      'eligibility.maxMonthsExclusive',
      { eligibility: { ...aCourse().eligibility, minMonths: 12, maxMonthsExclusive: 12 } },
    ],
    [
      'eligibility.maxSchoolYear',
      { eligibility: { ...aCourse().eligibility, minSchoolYear: 3, maxSchoolYear: 2 } },
    ],
  ])('%s', (field, changes) => {
    expect(fieldsOf(changes)).toEqual([field]);
    expect(decide(seen(), draftOf(aCourse(changes)))).toMatchObject({
      refused: 'invalid_input',
      fields: [{ field: `changes.${field}`, sentence: expect.stringMatching(/。$/) }],
    });
  });

  test('a course as the tests and the demonstration have it has no problem but a missing draw', () => {
    expect(fieldsOf({})).toEqual([]);
    expect(fieldsOf(bySession)).toEqual([]);
    for (const course of demonstrationCourses(NOW)) {
      const fields = problemsOf(draftOf(course)).map(({ field }) => field);
      expect(
        fields.filter((field) => field !== 'lottery'),
        course.courseId,
      ).toEqual([]);
    }
  });

  test('what was wrong before does not keep anybody from mending something else', () => {
    const odd = seen({ capacity: { ...capacity, seats: null } });
    expect(decide(odd, { title: '別の名前' })).toMatchObject({ course: { title: '別の名前' } });
  });
});

describe('an edit', () => {
  test('of a version that is no longer the newest is refused, whatever it would change', () => {
    for (const version of [3, 5]) {
      expect(decideEdit(seen(), { version, changes: { title: 'x' } }, NOW)).toMatchObject({
        refused: 'version_conflict',
      });
    }
    expect(decideEdit(undefined, { version: 4, changes: {} }, NOW)).toMatchObject({
      refused: 'course_not_found',
    });
  });

  test('raises the version by one and keeps everything that it does not name', () => {
    const before = seen();
    expect(decide(before, { publication: 'hidden' })).toEqual({
      course: {
        ...before.course,
        version: 5,
        publication: 'hidden',
        updatedAt: '2026-12-01T03:00:00.000Z',
      },
      added: [],
      removed: [],
      resized: [],
    });
  });

  test('takes away what may be absent by null, and only that', () => {
    const before = seen({
      childcare: { places: 2, minMonths: 6 },
      surveyUrl: 'https://survey.example.jp/',
    });
    expect(decide(before, { childcare: null })).toMatchObject({ removed: [{ key: 'childcare' }] });
    const { course } = before;
    expect(withChanges(course, { childcare: null })).not.toHaveProperty('childcare');
    expect(withChanges(course, { childcare: null }).surveyUrl).toBe(course.surveyUrl);
    expect(withChanges(course, { surveyUrl: null })).not.toHaveProperty('surveyUrl');
    expect(withChanges(course, {})).toEqual(course);
  });

  test('never touches until when left-over seats of a draw are booked', () => {
    const leftoverClosesAt = '2026-12-09T00:00:00.000Z';
    const course = aCourse({ application: { ...aCourse().application, leftoverClosesAt } });
    const { application } = draftOf(course);
    expect(application).not.toHaveProperty('leftoverClosesAt');
    expect(withChanges(course, { application }).application).toEqual(course.application);
  });

  test('may take away free seats, but none that is taken, and says how many are', () => {
    const before = seen({}, { all: 15 });
    const sized = (seats: number) => decide(before, { capacity: { ...capacity, seats } });
    expect(sized(14)).toMatchObject({
      refused: 'capacity_below_taken',
      sentence: '定員を 14 にできません。すでに 15 席がうまっています。',
      fields: [{ field: 'changes.capacity.seats' }],
    });
    expect(sized(15)).toMatchObject({ resized: [{ capacity: 15, waitlistCapacity: 10 }] });
  });

  test('sizes the seats of one session, and says of which one too many are taken', () => {
    const before = seen(bySession, { B: 5 });
    const sessions = (seats: number) => [A, { ...B, seats }];
    expect(decide(before, { sessions: sessions(5) })).toMatchObject({
      resized: [{ pool: { key: 'B' }, capacity: 5 }],
    });
    expect(decide(before, { sessions: sessions(4) })).toMatchObject({
      sentence: '12月17日（木）の回の定員を 4 にできません。すでに 5 席がうまっています。',
      fields: [{ field: 'changes.sessions.1.seats' }],
    });
  });

  test('gives a new session seats and childcare, and takes those of one that is gone', () => {
    const before = seen({ ...bySession, childcare: { places: 3, minMonths: 6 } });
    const C = { ...B, key: 'C', date: '2026-12-24' };
    expect(decide(before, { sessions: [A, C] })).toMatchObject({
      added: [{ key: 'C' }, { key: 'childcare-C' }],
      removed: [{ key: 'B' }, { key: 'childcare-B' }],
      resized: [],
    });
  });

  test('a course with other pools than its notice says is not resized by an edit of its words', () => {
    const before = seen();
    const [pool] = before.pools;
    if (!pool) throw new Error('No pool');
    const odd = { ...before, pools: [{ ...pool, capacity: 30, free: 30 }] };
    expect(decide(odd, { title: '別の名前' })).toMatchObject({ resized: [] });
  });

  test('that would touch more rows than one commit holds is refused', () => {
    const sessions = (letter: string) =>
      Array.from({ length: 30 }, (_, index) => ({ ...A, key: `${letter}${index}` }));
    const before = seen({
      ...bySession,
      sessions: sessions('X'),
      childcare: { places: 3, minMonths: 6 },
    });
    expect(decide(before, { sessions: sessions('Y') })).toMatchObject({
      refused: 'edit_not_possible',
    });
  });

  test('names parts of a course and nothing that the system keeps', () => {
    const good = (changes: unknown) => CourseEdit.safeParse({ version: 4, changes }).success;
    expect(good({ title: 'x', asks: ['allergy'] })).toBe(true);
    for (const changes of [
      { drawnAt: null },
      { version: 5 },
      { courseId: 'crs_x' },
      { pools: [] },
    ]) {
      expect(good(changes)).toBe(false);
    }
    expect(CourseEdit.parse({ version: 4, changes: {} }).changes).toEqual({});
  });
});

describe('a copy', () => {
  const course = aCourse({
    sessions: [B, { ...A, seats: 3 }],
    childcare: { places: 2, minMonths: 6 },
    drawnAt: '2026-12-05T00:00:00.000Z',
    publication: 'template',
  });

  test('begins on the day that is named, keeps its rhythm, and is a draft', () => {
    const copy = copyOf(course, '2027-01-14');
    expect(copy.sessions).toEqual([
      { ...B, date: '2027-01-21' },
      { ...A, date: '2027-01-14', seats: 3 },
    ]);
    expect(copy.application).toEqual({
      method: 'first_come',
      opensAt: '2026-12-29T00:00:00.000Z',
      closesAt: '2027-01-13T08:00:00.000Z',
    });
    expect(copy.publication).toBe('draft');
    expect(copy.childcare).toEqual(course.childcare);
    expect(CourseDraft.parse(copy)).toEqual(copy);
  });

  test('counts a fixed day of ages in the school year of the copy', () => {
    const fixed = { ...course, eligibility: { ...course.eligibility, judgedOn: '2026-04-01' } };
    expect(copyOf(fixed, '2027-03-31').eligibility.judgedOn).toBe('2026-04-01');
    expect(copyOf(fixed, '2027-04-01').eligibility.judgedOn).toBe('2027-04-01');
    const leap = { ...course, eligibility: { ...course.eligibility, judgedOn: '2028-02-29' } };
    expect(copyOf(leap, '2027-12-09').eligibility.judgedOn).toBe('2029-02-28');
  });

  test('of the same day differs from the course by nothing but its publication', () => {
    expect(changesBetween(draftOf(course), copyOf(course, A.date))).toEqual({
      publication: 'draft',
    });
  });
});

test('a pattern stays with the current courses when its dates are over, a course does not', () => {
  const later = new Date('2027-12-01T00:00:00.000Z');
  expect(isCurrent(aCourse(), NOW)).toBe(true);
  expect(isCurrent(aCourse(), later)).toBe(false);
  expect(isCurrent(aCourse({ publication: 'template' }), later)).toBe(true);
});
