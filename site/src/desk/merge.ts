/**
 * What a colleague saved and what is typed here, brought together field by field: whoever touched a
 * field alone has it, and what was touched on both sides stays as it is typed here, and is told.
 */
import type { CourseEdit, CourseWithSeats } from '../rules.ts';

type Publication = CourseWithSeats['course']['publication'];

/** Fields by name, as their inputs hold them: `publication`, and two for each pool. */
export type Draft = Readonly<Record<string, string>>;

/** A draft and the version it began from. */
export interface Form {
  readonly courseId: string;
  readonly version: number;
  readonly base: Draft;
  readonly draft: Draft;
  /** Fields that colleagues have changed since this form was opened or saved. */
  readonly colleagues: readonly string[];
}

export const PUBLICATION = 'publication';

export function poolField(poolKey: string, part: 'capacity' | 'waitlistCapacity'): string {
  return `${poolKey}.${part}`;
}

export function draftOf({ course, pools }: CourseWithSeats): Draft {
  return Object.fromEntries([
    ...pools.flatMap(({ key, capacity, waitlistCapacity }) => [
      [poolField(key, 'capacity'), String(capacity)],
      [poolField(key, 'waitlistCapacity'), String(waitlistCapacity)],
    ]),
    [PUBLICATION, course.publication],
  ]);
}

/** A form in which nothing has been touched. */
export function formOf(seen: CourseWithSeats): Form {
  const { courseId, version } = seen.course;
  const base = draftOf(seen);
  return { courseId, version, base, draft: base, colleagues: [] };
}

/** Fields that the person has changed and not yet saved. */
export function touchedFields({ base, draft }: Pick<Form, 'base' | 'draft'>): readonly string[] {
  return Object.keys(base).filter((field) => draft[field] !== base[field]);
}

/** The draft upon `latest`: touched fields as they are typed, all others as they are there. */
export function mergeDraft(base: Draft, typed: Draft, latest: Draft): Draft {
  const touched = new Set(touchedFields({ base, draft: typed }));
  return Object.fromEntries(
    Object.entries(latest).map(([field, value]) => [
      field,
      touched.has(field) ? (typed[field] ?? value) : value,
    ]),
  );
}

/** The form upon a newer version of its course; an older one changes nothing. */
export function mergeForm(form: Form, seen: CourseWithSeats): Form {
  const { version } = seen.course;
  if (version <= form.version) return form;
  const latest = draftOf(seen);
  const news = Object.keys(latest).filter(
    // Whoever typed the very same has nothing to be told: it may be their own save, seen early.
    (field) => latest[field] !== form.base[field] && latest[field] !== form.draft[field],
  );
  return {
    ...form,
    version,
    base: latest,
    draft: mergeDraft(form.base, form.draft, latest),
    colleagues: Object.keys(latest).filter(
      (field) => form.colleagues.includes(field) || news.includes(field),
    ),
  };
}

/** The form after `sent` was saved: what was typed while it was on its way is still there. */
export function savedForm(form: Form, sent: Draft, saved: CourseWithSeats): Form {
  const fresh = formOf(saved);
  return { ...fresh, draft: mergeDraft(sent, form.draft, fresh.base) };
}

/** Only what was touched; undefined when that is nothing. A pool is sent as the pair it is. */
export function editOf({ version, base, draft }: Form): CourseEdit | undefined {
  const touched = touchedFields({ base, draft });
  if (touched.length === 0) return undefined;
  const poolKeys = new Set(
    touched.filter((field) => field !== PUBLICATION).map((field) => field.split('.')[0] ?? ''),
  );
  const pools = [...poolKeys].map((key) => ({
    key,
    capacity: Number(draft[poolField(key, 'capacity')]),
    waitlistCapacity: Number(draft[poolField(key, 'waitlistCapacity')]),
  }));
  return {
    version,
    ...(touched.includes(PUBLICATION) ? { publication: draft[PUBLICATION] as Publication } : {}),
    ...(pools.length === 0 ? {} : { pools }),
  };
}

/** A list that has just arrived, except where a newer version of a course is already here. */
export function newestOf(
  here: readonly CourseWithSeats[] | undefined,
  arrived: readonly CourseWithSeats[],
): readonly CourseWithSeats[] {
  return arrived.map((each) => {
    const known = here?.find(({ course }) => course.courseId === each.course.courseId);
    return known && known.course.version > each.course.version ? known : each;
  });
}
