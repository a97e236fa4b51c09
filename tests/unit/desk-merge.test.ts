/** Two people at one course of the desk: who touched what, what is kept, and what is sent. */
import { expect, test } from 'vitest';
import {
  editOf,
  type Form,
  formOf,
  mergeForm,
  newestOf,
  savedForm,
  touchedFields,
} from '../../site/src/desk/merge.ts';
import type { CourseWithSeats } from '../../site/src/rules.ts';
import { aCourse } from '../support/world.ts';

/** A course of two pools with 15 seats and 5 places to wait each; `capacity` is that of the first. */
function seen(
  version: number,
  publication: CourseWithSeats['course']['publication'] = 'published',
  capacity = 15,
  free = 3,
): CourseWithSeats {
  const pool = (key: string, seats: number) => ({
    courseId: 'crs_two',
    key,
    capacity: seats,
    free,
    waitlistCapacity: 5,
    waiting: 0,
    waitingNumbers: [],
    kind: 'seat' as const,
  });
  const course = { ...aCourse(), courseId: 'crs_two', version, publication };
  return { course, pools: [pool('s1', capacity), pool('s2', 15)] };
}

const typed = (form: Form, draft: Record<string, string>): Form => ({
  ...form,
  draft: { ...form.draft, ...draft },
});

test('an untouched form takes everything from the newer version, and says what was changed', () => {
  const form = mergeForm(formOf(seen(1)), seen(2, 'cancelled', 20));
  expect(form).toEqual({
    ...formOf(seen(2, 'cancelled', 20)),
    colleagues: ['s1.capacity', 'publication'],
  });
  expect(editOf(form)).toBeUndefined();
});

test('a colleague cancels while seats are changed here: the save says nothing of publication', () => {
  const form = mergeForm(typed(formOf(seen(1)), { 's1.capacity': '20' }), seen(2, 'cancelled'));
  expect(form.draft['publication']).toBe('cancelled');
  expect(form.colleagues).toEqual(['publication']);
  expect(touchedFields(form)).toEqual(['s1.capacity']);
  expect(editOf(form)).toEqual({
    version: 2,
    pools: [{ key: 's1', capacity: 20, waitlistCapacity: 5 }],
  });
});

test('what both have changed stays as typed here, is told, and can be given up', () => {
  const form = mergeForm(
    typed(formOf(seen(1)), { publication: 'hidden' }),
    seen(2, 'cancelled', 20),
  );
  expect(form.draft).toMatchObject({ publication: 'hidden', 's1.capacity': '20' });
  expect(form.colleagues).toEqual(['s1.capacity', 'publication']);
  expect(editOf(form)).toEqual({ version: 2, publication: 'hidden' });
  expect(editOf(typed(form, { publication: 'cancelled' }))).toBeUndefined();
  // Back to how it was before the colleague is a change like any other.
  expect(editOf(typed(form, { publication: 'published' }))?.publication).toBe('published');
});

test('the same change on both sides is nothing to tell and nothing to send', () => {
  const form = mergeForm(
    typed(formOf(seen(1)), { publication: 'cancelled' }),
    seen(2, 'cancelled'),
  );
  expect(form.colleagues).toEqual([]);
  expect(editOf(form)).toBeUndefined();
});

test('news of several versions add up, and an older version changes nothing', () => {
  const form = mergeForm(
    mergeForm(formOf(seen(1)), seen(2, 'cancelled')),
    seen(3, 'cancelled', 20),
  );
  expect(form.colleagues).toEqual(['s1.capacity', 'publication']);
  expect(mergeForm(form, seen(2, 'hidden'))).toBe(form);
  expect(mergeForm(form, seen(3, 'cancelled', 20, 0))).toBe(form);
});

test('what is typed while a save is on its way is there after it', () => {
  const sent = typed(formOf(seen(1)), { publication: 'hidden' });
  const later = typed(sent, { 's2.waitlistCapacity': '9' });
  const form = savedForm(later, sent.draft, seen(2, 'hidden'));
  expect(touchedFields(form)).toEqual(['s2.waitlistCapacity']);
  expect(form).toMatchObject({ version: 2, colleagues: [] });
  expect(editOf(form)).toEqual({
    version: 2,
    pools: [{ key: 's2', capacity: 15, waitlistCapacity: 9 }],
  });
});

test('a list that arrives late does not bring an older version back, but newer numbers', () => {
  expect(newestOf(undefined, [seen(1)])).toEqual([seen(1)]);
  expect(newestOf([seen(2, 'cancelled')], [seen(1)])).toEqual([seen(2, 'cancelled')]);
  const [fuller] = newestOf([seen(2)], [seen(2, 'published', 15, 0)]);
  expect(fuller?.pools[0]?.free).toBe(0);
});
