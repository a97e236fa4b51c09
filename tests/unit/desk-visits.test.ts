/** Counts that are typed while a colleague saves: nothing of either is lost. */
import { expect, test } from 'vitest';
import { NOBODY } from '../../functions/hiroba/rules.ts';
import {
  afterSaving,
  countsIn,
  draftOf,
  isChanged,
  monthFrom,
  monthName,
  newestDays,
  overNewer,
  withCounts,
} from '../../site/src/desk/visits.ts';

const families = (count: number) => ({ ...NOBODY, families: count });
const day = (version: number, am: number, pm?: number) => ({
  siteId: 'komorebi',
  date: '2026-12-08',
  version,
  slots: { am: families(am), ...(pm === undefined ? {} : { pm: families(pm) }) },
  updatedAt: '2026-12-08T01:00:00.000Z',
});

test('a count that comes back to what it was is no change', () => {
  const draft = draftOf(day(1, 3));
  const more = withCounts(draft, 'am', families(4));
  expect(isChanged(draft)).toBe(false);
  expect(isChanged(more)).toBe(true);
  expect(isChanged(withCounts(more, 'am', families(3)))).toBe(false);
  expect(isChanged(withCounts(draftOf(undefined), 'pm', NOBODY))).toBe(false);
});

test('what was counted here is added to what a colleague saved, and it is told', () => {
  const mine = withCounts(draftOf(day(1, 3)), 'am', families(5));
  const over = overNewer(mine, day(2, 10, 4));
  expect(over.version).toBe(2);
  expect(over.wasAdded).toBe(true);
  expect(countsIn(over, 'am').families).toBe(12);
  expect(countsIn(over, 'pm').families).toBe(4);
});

test('what nobody touched here follows the colleague in silence; older news changes nothing', () => {
  const mine = draftOf(day(1, 3));
  expect(overNewer(mine, day(2, 10))).toEqual(draftOf(day(2, 10)));
  const changed = withCounts(draftOf(day(2, 10)), 'am', families(11));
  expect(overNewer(changed, day(1, 3))).toBe(changed);
  expect(overNewer(changed, undefined)).toBe(changed);
});

test('what is counted on while it is being saved is not lost', () => {
  const sent = withCounts(draftOf(day(1, 3)), 'am', families(5));
  const typed = withCounts(sent, 'am', families(6));
  const after = afterSaving(typed, sent, day(2, 5));
  expect(countsIn(after, 'am').families).toBe(6);
  expect([after.version, isChanged(after), after.wasAdded]).toEqual([2, true, false]);
  expect(isChanged(afterSaving(sent, sent, day(2, 5)))).toBe(false);
});

test('a slow answer brings no older counts back, and days stay in order', () => {
  const early = { ...day(1, 1), date: '2026-12-01' };
  expect(newestDays(undefined, [day(1, 3)])).toEqual([day(1, 3)]);
  expect(newestDays([day(2, 5)], [early, day(1, 3)])).toEqual([early, day(2, 5)]);
  expect(newestDays([day(1, 3)], [day(2, 5), early])).toEqual([early, day(2, 5)]);
});

test('months go on over New Year', () => {
  expect(monthFrom('2026-12', 1)).toBe('2027-01');
  expect(monthFrom('2027-01', -1)).toBe('2026-12');
  expect(monthName('2027-01')).toBe('2027年1月');
});
