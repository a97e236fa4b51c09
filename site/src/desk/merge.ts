/**
 * What colleagues saved and what is typed here, brought together field by field. Whoever touched a
 * field alone has it; what was touched on both sides is a clash, which a person decides before
 * anything is saved. Nothing of either side goes without being shown.
 */
import type { CourseWithSeats } from '../rules.ts';

/** Fields by name, as their inputs hold them. A field that is not there is undefined: a date that
 * was taken out, for instance. */
export type Draft = Readonly<Record<string, string>>;

/** A field that was changed on both sides, and in which way. */
export interface Clash {
  readonly mine: string | undefined;
  readonly theirs: string | undefined;
  /** Whose it is to be; undefined until somebody has decided. */
  readonly chosen?: Side;
}
export type Side = 'mine' | 'theirs';

/** A draft and the version it stands on. */
export interface Form {
  readonly courseId: string;
  readonly version: number;
  /** The newest version that is known here. */
  readonly base: Draft;
  readonly draft: Draft;
  /** Fields that colleagues alone have changed since this form was opened or saved. */
  readonly news: readonly string[];
  readonly clashes: Readonly<Record<string, Clash>>;
}

/** A form in which nothing has been touched. */
export function formOf(courseId: string, version: number, base: Draft): Form {
  return { courseId, version, base, draft: base, news: [], clashes: {} };
}

function fieldsOf(...drafts: readonly Draft[]): readonly string[] {
  return [...new Set(drafts.flatMap((draft) => Object.keys(draft)))];
}

/** A draft of these fields, without those that are not there. */
function draftFrom(
  fields: readonly string[],
  valueIn: (field: string) => string | undefined,
): Draft {
  return Object.fromEntries(
    fields.flatMap((field) => {
      const value = valueIn(field);
      return value === undefined ? [] : [[field, value]];
    }),
  );
}

/** Fields that the person has changed and not yet saved. */
export function touchedFields({ base, draft }: Pick<Form, 'base' | 'draft'>): readonly string[] {
  return fieldsOf(base, draft).filter((field) => draft[field] !== base[field]);
}

/** Clashes that nobody has decided. */
export function undecided({ clashes }: Pick<Form, 'clashes'>): readonly string[] {
  return Object.keys(clashes).filter((field) => clashes[field]?.chosen === undefined);
}

/** The form upon a newer version of its course; an older one changes nothing. */
export function mergeForm(form: Form, version: number, latest: Draft): Form {
  if (version <= form.version) return form;
  const { base, draft } = form;
  const fields = fieldsOf(latest, draft, base);
  const isNew = (field: string) => latest[field] !== base[field];
  const isTouched = (field: string) => draft[field] !== base[field];
  const isAgreed = (field: string) => draft[field] === latest[field];
  const clashes = fields.flatMap((field): [string, Clash][] => {
    const known = form.clashes[field];
    if (!isNew(field)) return known ? [[field, known]] : [];
    return isTouched(field) && !isAgreed(field)
      ? [[field, { mine: draft[field], theirs: latest[field] }]]
      : [];
  });
  return {
    ...form,
    version,
    base: latest,
    draft: draftFrom(fields, (field) => (isTouched(field) ? draft[field] : latest[field])),
    // Whoever typed the very same has nothing to be told: it may be their own save, seen early.
    news: fields.filter(
      (field) =>
        !clashes.some(([clashing]) => clashing === field) &&
        (form.news.includes(field) || (isNew(field) && !isAgreed(field))),
    ),
    clashes: Object.fromEntries(clashes),
  };
}

/** Types into a field; undefined takes it out. In a clash, what is typed last is meant. */
export function typeInto(form: Form, field: string, value: string | undefined): Form {
  const clash = form.clashes[field];
  const { [field]: _, ...others } = form.draft;
  return {
    ...form,
    draft: value === undefined ? others : { ...form.draft, [field]: value },
    clashes: clash
      ? {
          ...form.clashes,
          [field]:
            value === clash.theirs
              ? { ...clash, chosen: 'theirs' }
              : { ...clash, mine: value, chosen: 'mine' },
        }
      : form.clashes,
  };
}

/** Decides a clash; it can be decided anew until it is saved. */
export function choose(form: Form, field: string, side: Side): Form {
  const clash = form.clashes[field];
  if (!clash) return form;
  const { clashes } = form;
  const typed = typeInto({ ...form, clashes: {} }, field, clash[side]);
  return { ...typed, clashes: { ...clashes, [field]: { ...clash, chosen: side } } };
}

/** The form after `sent` was saved: what was typed while it was on its way is still there. */
export function savedForm(form: Form, sent: Draft, version: number, saved: Draft): Form {
  const fields = fieldsOf(saved, form.draft, sent);
  return {
    ...formOf(form.courseId, version, saved),
    draft: draftFrom(fields, (field) =>
      form.draft[field] === sent[field] ? saved[field] : form.draft[field],
    ),
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
