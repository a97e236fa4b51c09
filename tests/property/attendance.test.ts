/** What holds for any marks in any order: sums add up, and phones that send again agree in the end. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Mark, MarkRequest, MarkView } from '../../functions/attendance/model.ts';
import { decideMark, isSameMark, summaryOf } from '../../functions/attendance/rules.ts';

const ids = Array.from({ length: 6 }, (_, index) => `reg_10000000${index}`);
const status = fc.constantFrom('unmarked', 'present', 'late', 'absent');
const persons = fc.dictionary(
  fc.constantFrom('p0', 'p1', 'p2', 'c0', 'c1'),
  fc.constantFrom('present', 'late', 'absent'),
);
const family = fc.record({
  registrationId: fc.constantFrom(...ids),
  counts: fc.record({ participants: fc.nat(4), adults: fc.nat(3), childcare: fc.nat(3) }),
});
const families = fc.uniqueArray(family, { selector: ({ registrationId }) => registrationId });
const marks = fc.uniqueArray(
  fc.record({
    registrationId: fc.constantFrom(...ids),
    status,
    persons,
    version: fc.integer({ min: 1, max: 9 }),
  }) as fc.Arbitrary<MarkView>,
  { selector: ({ registrationId }) => registrationId },
);
const walkIns = fc.array(
  fc.record({
    counts: fc.record({
      adults: fc.nat(3),
      age0: fc.nat(3),
      age1: fc.nat(3),
      age2: fc.nat(3),
      age3: fc.nat(3),
      primary: fc.nat(3),
      teens: fc.nat(3),
    }),
  }),
);

test('every expected family is counted once, and nobody is counted who was not expected', () => {
  fc.assert(
    fc.property(families, marks, walkIns, (expected, made, others) => {
      const summary = summaryOf(expected, made, others);
      const { present, late, absent, unmarked } = summary;
      expect(present + late + absent + unmarked).toBe(expected.length);
      const most = expected.reduce(
        (sum, { counts }) => sum + counts.participants + counts.adults + counts.childcare,
        summary.walkIns,
      );
      expect(summary.people).toBeGreaterThanOrEqual(summary.walkIns);
      expect(summary.people).toBeLessThanOrEqual(most);
    }),
  );
});

test('when all came, everybody is counted; when all are absent, only who came without a booking', () => {
  fc.assert(
    fc.property(families, walkIns, (expected, others) => {
      const all = (state: 'present' | 'absent') =>
        expected.map(({ registrationId }) => ({
          registrationId,
          status: state,
          persons: {},
          version: 1,
        }));
      const everybody = expected.reduce(
        (sum, { counts }) => sum + counts.participants + counts.adults + counts.childcare,
        0,
      );
      const came = summaryOf(expected, all('present'), others);
      expect(came.people - came.walkIns).toBe(everybody);
      const absent = summaryOf(expected, all('absent'), others);
      expect(absent.people).toBe(absent.walkIns);
    }),
  );
});

/** What a server does with a mark, by the rule alone. */
function arrive(stored: Mark | undefined, request: MarkRequest): Mark | undefined {
  if (decideMark(stored, request) !== 'write') return stored;
  return { ...request, version: (stored?.version ?? 0) + 1, at: '2026-12-10T01:00:00.000Z' };
}

test('one phone’s last mark holds, however often and in whatever order its marks arrive', () => {
  const aRequest = fc.record({ status, persons });
  fc.assert(
    fc.property(
      fc.array(aRequest, { minLength: 1, maxLength: 8 }),
      fc.infiniteStream(fc.nat()),
      (made, chance) => {
        const requests = made.map(
          (each, index) =>
            ({
              ...each,
              registrationId: 'reg_100000000',
              version: 0,
              device: 'device-mine-1',
              sequence: index,
            }) as MarkRequest,
        );
        // Every request at least once, some twice, shuffled.
        const arriving = [...requests, ...requests]
          .map((request) => ({ request, at: chance.next().value }))
          .sort((a, b) => a.at - b.at)
          .map(({ request }) => request);
        const end = arriving.reduce<Mark | undefined>(arrive, undefined);
        const last = requests.at(-1);
        if (!end || !last) throw new Error('Nothing was kept');
        expect(isSameMark(end, last)).toBe(true);
      },
    ),
  );
});

test('no phone replaces another’s mark that it has not seen', () => {
  fc.assert(
    fc.property(status, status, fc.nat(5), (hers, mine, seen) => {
      const stored = {
        registrationId: 'reg_100000000',
        status: hers,
        persons: {},
        version: 3,
        at: '2026-12-10T01:00:00.000Z',
        device: 'device-hers-1',
        sequence: 9,
      } as Mark;
      const request = {
        registrationId: 'reg_100000000',
        status: mine,
        persons: {},
        version: seen,
        device: 'device-mine-1',
        sequence: 1,
      } as MarkRequest;
      const decision = decideMark(stored, request);
      if (seen === 3) expect(decision).toBe('write');
      else expect(decision).toBe(hers === mine ? 'known' : 'conflict');
    }),
  );
});
