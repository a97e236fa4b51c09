/** Copies keep their rhythm, and edits keep seats: for any course, and whatever is changed of it. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { addDays } from '../../functions/calendar/rules.ts';
import {
  changesBetween,
  copyOf,
  decideEdit,
  draftOf,
  withChanges,
} from '../../functions/courses/drafts.ts';
import type { CourseDraft, SeatPool, Session } from '../../functions/courses/model.ts';
import { firstSession, poolsOf } from '../../functions/courses/rules.ts';
import { anyCourse } from '../support/arbitraries.ts';
import { aCourse } from '../support/world.ts';

const day = fc.integer({ min: 0, max: 2_000 }).map((days) => addDays('2026-01-01', days));
const aSession = (key: string): fc.Arbitrary<Session> =>
  fc.record({
    key: fc.constant(key),
    date: day,
    start: fc.constant('10:00'),
    end: fc.constant('11:00'),
  });
const sessions = fc
  .uniqueArray(fc.constantFrom('1', '2', '3', 'A', 'B'), { minLength: 1 })
  .chain((keys) => fc.tuple(...keys.map(aSession)));

test('a copy moves everything by the same days, and coming back is the course itself', () => {
  fc.assert(
    fc.property(sessions, day, (all, firstDate) => {
      const course = aCourse({ sessions: all, publication: 'draft' });
      const copy = copyOf(course, firstDate);
      expect(firstSession(copy.sessions).date).toBe(firstDate);
      const daysFrom = (list: readonly Session[]) =>
        list.map(({ date }) => Date.parse(date) - Date.parse(firstSession(list).date));
      expect(daysFrom(copy.sessions)).toEqual(daysFrom(all));
      const lead = (draft: CourseDraft) =>
        Date.parse(firstSession(draft.sessions).date) - Date.parse(draft.application.opensAt ?? '');
      expect(lead(copy)).toBe(lead(draftOf(course)));
      expect(copyOf(copy, firstSession(all).date)).toEqual(draftOf(course));
    }),
  );
});

test('what the desk sends of two drafts makes the one of the other, for any two courses', () => {
  fc.assert(
    fc.property(anyCourse, anyCourse, (before, after) => {
      const changes = changesBetween(draftOf(before), draftOf(after));
      // As it travels.
      const sent = JSON.parse(JSON.stringify(changes));
      expect(draftOf(withChanges(before, sent))).toEqual(draftOf(after));
    }),
    { numRuns: 200 },
  );
});

/** A course with several dates to choose from, seats by date, and childcare or none. */
const aChoice = fc
  .record({
    sessions,
    seats: fc.integer({ min: 1, max: 9 }),
    waitlist: fc.nat(9),
    perSession: fc.boolean(),
    childcare: fc.option(fc.integer({ min: 1, max: 9 }), { nil: undefined }),
  })
  .map(({ sessions: all, seats, waitlist, perSession, childcare }) =>
    aCourse({
      courseId: 'crs_any',
      version: 1,
      sessions: all,
      sessionChoice: 'one_of',
      application: { method: 'first_come' },
      capacity: { unit: '組', countedBy: 'application', seats, waitlist, perSession },
      ...(childcare === undefined ? {} : { childcare: { places: childcare, minMonths: 0 } }),
    }),
  );

test('an edit that is made leaves the pools as the notice says, with everything taken still taken', () => {
  let made = 0;
  fc.assert(
    fc.property(
      aChoice,
      aChoice,
      fc.array(fc.nat(9), { minLength: 20 }),
      (before, after, taken) => {
        const pools: SeatPool[] = poolsOf(before).map((pool, index) => ({
          ...pool,
          courseId: 'crs_any',
          free: pool.capacity - Math.min(pool.capacity, taken[index] ?? 0),
          waiting: 0,
          waitingNumbers: [],
        }));
        const changes = changesBetween(draftOf(before), draftOf(after));
        const plan = decideEdit({ course: before, pools }, { version: 1, changes }, new Date(0));
        if ('refused' in plan) {
          expect(plan.refused).toBe('capacity_below_taken');
          return;
        }
        made += 1;
        const left = pools
          .filter((pool) => !plan.removed.includes(pool))
          .map((pool) => {
            const size = plan.resized.find((resized) => resized.pool === pool);
            return {
              key: pool.key,
              capacity: size?.capacity ?? pool.capacity,
              waitlistCapacity: size?.waitlistCapacity ?? pool.waitlistCapacity,
              taken: pool.capacity - pool.free,
            };
          });
        for (const { capacity, taken: many } of left) expect(many).toBeLessThanOrEqual(capacity);
        const sizes = [...left, ...plan.added].map(
          ({ key, capacity, waitlistCapacity }) => `${key} ${capacity} ${waitlistCapacity}`,
        );
        expect(sizes.sort()).toEqual(
          poolsOf(plan.course)
            .map(({ key, capacity, waitlistCapacity }) => `${key} ${capacity} ${waitlistCapacity}`)
            .sort(),
        );
      },
    ),
    { numRuns: 500 },
  );
  expect(made).toBeGreaterThan(100);
});
