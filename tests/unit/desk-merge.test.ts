/** Two people at one course: what a colleague saved and what is typed here, field by field. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { draftOf } from '../../functions/courses/drafts.ts';
import { CourseDraft } from '../../functions/courses/model.ts';
import { demonstrationCourses } from '../../infra/local/demonstration/courses.ts';
import {
  fieldName,
  fieldsOf,
  freeKey,
  makeRoom,
  readForm,
  sectionOf,
  sections,
  sessionField,
  sessionIn,
  sessionKeys,
  sessionText,
  valueName,
} from '../../site/src/desk/course-form.ts';
import {
  choose,
  type Draft,
  type Form,
  formOf,
  mergeForm,
  newestOf,
  savedForm,
  touchedFields,
  typeInto,
  undecided,
} from '../../site/src/desk/merge.ts';
import { aCourse } from '../support/world.ts';

const BASE: Draft = { title: 'あ', seats: '15', 'session:A': 'x' };
const opened = () => formOf('crs_two', 1, BASE);
const typed = (form: Form, draft: Record<string, string | undefined>) =>
  Object.entries(draft).reduce((all, [field, value]) => typeInto(all, field, value), form);

describe('a newer version arrives', () => {
  test('an untouched form takes everything from it, and says what was changed', () => {
    const latest = { title: 'い', seats: '15' };
    expect(mergeForm(opened(), 2, latest)).toEqual({
      ...formOf('crs_two', 2, latest),
      news: ['title', 'session:A'],
    });
  });

  test('each keeps what only one of the two has changed', () => {
    const form = mergeForm(typed(opened(), { seats: '20' }), 2, { ...BASE, title: 'い' });
    expect(form.draft).toEqual({ ...BASE, title: 'い', seats: '20' });
    expect(form.news).toEqual(['title']);
    expect(touchedFields(form)).toEqual(['seats']);
    expect(undecided(form)).toEqual([]);
  });

  test('what both have changed waits for a decision, which can be made anew', () => {
    const form = mergeForm(typed(opened(), { title: 'う' }), 2, { ...BASE, title: 'い' });
    expect(form.clashes).toEqual({ title: { mine: 'う', theirs: 'い' } });
    expect(undecided(form)).toEqual(['title']);
    const theirs = choose(form, 'title', 'theirs');
    expect(theirs.draft).toMatchObject({ title: 'い' });
    expect(touchedFields(theirs)).toEqual([]);
    const mine = choose(theirs, 'title', 'mine');
    expect(mine.draft).toMatchObject({ title: 'う' });
    expect(touchedFields(mine)).toEqual(['title']);
    expect(undecided(mine)).toEqual([]);
    // Typing into the field is a decision as well.
    expect(typeInto(form, 'title', 'え').clashes['title']).toMatchObject({ chosen: 'mine' });
    expect(typeInto(form, 'title', 'い').clashes['title']).toMatchObject({ chosen: 'theirs' });
  });

  test('who takes a date out that a colleague has moved is asked, and the other way round', () => {
    const out = mergeForm(typed(opened(), { 'session:A': undefined }), 2, {
      ...BASE,
      'session:A': 'y',
    });
    expect(out.clashes).toEqual({ 'session:A': { mine: undefined, theirs: 'y' } });
    expect(choose(out, 'session:A', 'theirs').draft).toMatchObject({ 'session:A': 'y' });
    const { 'session:A': _, ...without } = BASE;
    const moved = mergeForm(typed(opened(), { 'session:A': 'y' }), 2, without);
    expect(moved.clashes).toEqual({ 'session:A': { mine: 'y', theirs: undefined } });
    expect(choose(moved, 'session:A', 'theirs').draft).toEqual(without);
  });

  test('the same change on both sides is nothing to tell, and an older version changes nothing', () => {
    const form = mergeForm(typed(opened(), { title: 'い' }), 2, { ...BASE, title: 'い' });
    expect([form.news, form.clashes]).toEqual([[], {}]);
    expect(mergeForm(form, 2, { title: 'x' })).toBe(form);
    expect(mergeForm(form, 1, { title: 'x' })).toBe(form);
  });

  test('a colleague who changes it again asks again', () => {
    const first = mergeForm(typed(opened(), { title: 'う' }), 2, { ...BASE, title: 'い' });
    const again = mergeForm(choose(first, 'title', 'mine'), 3, { ...BASE, title: 'お' });
    expect(again.clashes).toEqual({ title: { mine: 'う', theirs: 'お' } });
    const other = mergeForm(choose(first, 'title', 'mine'), 3, {
      ...BASE,
      title: 'い',
      seats: '9',
    });
    expect(other.clashes).toEqual({ title: { mine: 'う', theirs: 'い', chosen: 'mine' } });
  });

  test('what is typed while a save is on its way is there after it', () => {
    const sent = typed(opened(), { title: 'い' });
    const form = savedForm(typed(sent, { seats: '9' }), sent.draft, 2, { ...BASE, title: 'い' });
    expect(touchedFields(form)).toEqual(['seats']);
    expect(form).toMatchObject({ version: 2, news: [], clashes: {} });
  });
});

describe('whatever two people do', () => {
  const field = fc.constantFrom('a', 'b', 'c', 'd');
  const aDraft: fc.Arbitrary<Draft> = fc.dictionary(field, fc.constantFrom('1', '2', '3'));
  const FIELDS = ['a', 'b', 'c', 'd'];

  test('no change of either is lost without being shown', () => {
    fc.assert(
      fc.property(aDraft, aDraft, fc.array(aDraft, { minLength: 1 }), (base, mine, versions) => {
        let form: Form = { ...formOf('crs_two', 1, base), draft: mine };
        let before = base;
        versions.forEach((theirs, index) => {
          form = mergeForm(form, index + 2, theirs);
          for (const name of FIELDS) {
            const shown = form.clashes[name];
            const isTheirs = theirs[name] !== before[name];
            if (isTheirs && form.draft[name] !== theirs[name]) {
              expect(shown).toMatchObject({ theirs: theirs[name] });
            }
          }
          before = theirs;
        });
        for (const name of FIELDS) {
          const isMine = mine[name] !== base[name];
          const wasAgreed = versions.some((theirs) => theirs[name] === mine[name]);
          if (isMine && !wasAgreed) {
            expect(form.draft[name]).toBe(mine[name]);
          }
          const latest = versions.at(-1) ?? {};
          // What would be saved over a colleague's change was decided by somebody.
          if (isMine && !wasAgreed && latest[name] !== base[name]) {
            expect(undecided(form)).toContain(name);
          }
        }
        expect(form.base).toEqual(versions.at(-1));
      }),
      { numRuns: 1_000 },
    );
  });

  test('after every decision the draft is what was chosen, field by field', () => {
    fc.assert(
      fc.property(aDraft, aDraft, aDraft, fc.boolean(), (base, mine, theirs, takesMine) => {
        const merged = mergeForm({ ...formOf('crs_two', 1, base), draft: mine }, 2, theirs);
        const side = takesMine ? 'mine' : 'theirs';
        const decided = undecided(merged).reduce((form, name) => choose(form, name, side), merged);
        expect(undecided(decided)).toEqual([]);
        for (const name of FIELDS) {
          const isMine = mine[name] !== base[name];
          const isTheirs = theirs[name] !== base[name];
          const expected =
            isMine && isTheirs ? (takesMine ? mine : theirs)[name] : (isMine ? mine : theirs)[name];
          expect(decided.draft[name]).toBe(expected);
        }
      }),
      { numRuns: 1_000 },
    );
  });
});

describe('a course as fields', () => {
  test('comes back as it was, for every course of the demonstration', () => {
    for (const course of demonstrationCourses(new Date('2026-12-01T03:00:00.000Z'))) {
      const draft = draftOf(course);
      const read = readForm(fieldsOf(draft));
      const sessions = [...draft.sessions].sort((a, b) =>
        `${a.date}${a.start}${a.key}`.localeCompare(`${b.date}${b.start}${b.key}`),
      );
      expect(CourseDraft.parse(read.course)).toEqual(CourseDraft.parse({ ...draft, sessions }));
    }
  });

  test('has a name and a section for every field, and says every value', () => {
    const fields = fieldsOf(
      draftOf(
        aCourse({
          childcare: { places: 2, minMonths: 6, note: 'きょうだい児のみ' },
          lottery: {
            tiers: [{ key: 'first', label: 'はじめての方' }],
            publicValueName: '宝くじの番号',
            confirmDays: 3,
          },
        }),
      ),
    );
    for (const [name, value] of Object.entries(fields)) {
      expect(fieldName(name, value), name).toMatch(/[\p{Script=Han}\p{Script=Hiragana}]/u);
      expect(valueName(name, value), name).not.toMatch(/[{}"]|undefined|first_/);
    }
    expect(valueName('childcare', fields['childcare'])).toBe('2人、6か月から（きょうだい児のみ）');
    expect(valueName('session:1', fields['session:1'])).toBe('12月10日（木） 10時〜11時30分');
    expect(valueName('session:1', undefined)).toBe('なし（消す）');
    const keys = Object.keys(fields).map(sectionOf);
    expect(new Set(keys)).toEqual(new Set(sections.map(({ key }) => key)));
    expect(sectionOf('capacity.seats')).toBe('seats');
    expect(sectionOf('session:A')).toBe('dates');
  });

  test('says at its field what is no number and what is not written', () => {
    const fields: Record<string, string> = {
      ...fieldsOf(draftOf(aCourse())),
      title: ' ',
      'capacity.seats': '１５人',
    };
    expect(readForm(fields).problems.map(({ field }) => field)).toEqual([
      'title',
      'capacity.seats',
    ]);
    expect(readForm({ ...fields, 'capacity.seats': '１５' }).course.capacity.seats).toBe(15);
    const when = sessionIn(fields['session:1'] ?? '');
    const early = { ...fields, title: 'あ', 'capacity.seats': '1' };
    expect(
      readForm({ ...early, 'session:1': sessionText({ ...when, end: '09:00' }) }).problems,
    ).toEqual([{ field: 'session:1', sentence: '終わりは、始まりより後にしてください。' }]);
    expect(
      readForm({ ...early, 'session:1': sessionText({ ...when, date: '' }) }).problems,
    ).toEqual([{ field: 'session:1', sentence: '日にちを書いてください。' }]);
  });

  test('a new date gets a key that is free', () => {
    expect(freeKey({ 'session:1': 'x', 'session:3': 'x' })).toBe('2');
    expect(freeKey({ 'session:A': 'x' }, { 'session:B': 'x' })).toBe('C');
    expect(freeKey({})).toBe('1');
  });

  test('two people who add a date each add two dates', () => {
    const [base, mine, theirs] = [
      { 'session:1': 'x' },
      { 'session:1': 'x', 'session:2': 'mine' },
      { 'session:1': 'x', 'session:2': 'theirs' },
    ];
    const draft = makeRoom(base, mine, theirs);
    expect(draft).toEqual({ 'session:1': 'x', 'session:3': 'mine' });
    const form = mergeForm({ ...formOf('crs_two', 1, base), draft }, 2, theirs);
    expect([...sessionKeys(form.draft)].sort()).toEqual(['1', '2', '3']);
    expect(form.clashes).toEqual({});
    expect(makeRoom(base, theirs, theirs)).toBe(theirs);
    expect(sessionField('3')).toBe('session:3');
  });
});

test('a list that arrives late does not bring an older version back, but newer numbers', () => {
  const seen = (version: number, free: number) => ({
    course: { ...aCourse(), courseId: 'crs_two', version },
    pools: [
      {
        courseId: 'crs_two',
        key: 'all',
        kind: 'seat' as const,
        capacity: 15,
        free,
        waitlistCapacity: 5,
        waiting: 0,
        waitingNumbers: [],
      },
    ],
  });
  expect(newestOf(undefined, [seen(1, 3)])).toMatchObject([{ course: { version: 1 } }]);
  expect(newestOf([seen(2, 3)], [seen(1, 3)])).toMatchObject([{ course: { version: 2 } }]);
  expect(newestOf([seen(2, 3)], [seen(2, 0)])).toMatchObject([{ pools: [{ free: 0 }] }]);
});
