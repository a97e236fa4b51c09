/**
 * The right-hand pane: one course to write, new or known. It stands on a version; a colleague's
 * newer one is brought together with what is typed here, and whom a change hurts is asked before.
 */
import { useEffect, useLayoutEffect, useMemo, useRef, useState } from 'preact/hooks';
import {
  type CourseDraft,
  type CourseEdit,
  type CourseWithSeats,
  changesBetween,
  draftOf,
  isSame,
  momentName,
} from '../rules.ts';
import { RefusedError } from './api.ts';
import { controlId, type FormFace } from './course-fields.tsx';
import {
  fieldAt,
  fieldName,
  fieldsOf,
  makeRoom,
  readForm,
  sectionOf,
  sections,
  sessionKeys,
  valueName,
} from './course-form.ts';
import { sectionViews } from './course-sections.tsx';
import {
  choose,
  type Form,
  formOf,
  mergeForm,
  type Side,
  savedForm,
  touchedFields,
  typeInto,
  undecided,
} from './merge.ts';

/** What stands in the place of a course's id while it has none. */
export const NEW = 'new';

const keptKey = (courseId: string) => `hidamari.desk.draft.${courseId}`;

/** What was being written when this course was last open in this tab. */
export function keptForm(courseId: string): Form | undefined {
  const kept = sessionStorage.getItem(keptKey(courseId));
  return kept === null ? undefined : (JSON.parse(kept) as Form);
}

export function forgetForm(courseId: string): void {
  sessionStorage.removeItem(keptKey(courseId));
}

interface Told {
  readonly kind: 'saved' | 'busy' | 'refused';
  readonly sentence: string;
  readonly details?: readonly string[];
}

/** A known course, or what a new one begins with. */
export type Subject =
  | { readonly seen: CourseWithSeats; readonly starter?: undefined }
  | { readonly seen?: undefined; readonly starter: CourseDraft };

function freshForm({ seen, starter }: Subject): Form {
  if (seen) {
    const { courseId, version } = seen.course;
    return formOf(courseId, version, fieldsOf(draftOf(seen.course)));
  }
  return { ...formOf(NEW, 0, {}), draft: fieldsOf(starter) };
}

export function CourseEditor({
  seen,
  starter,
  isMade = false,
  now,
  onSave,
  onMake,
  onReload,
  onClose,
  onCopy,
}: Subject & {
  /** It was made a moment ago. */
  readonly isMade?: boolean;
  readonly now: Date;
  /** @throws RefusedError */
  readonly onSave: (courseId: string, edit: CourseEdit) => Promise<CourseWithSeats>;
  /** @throws RefusedError */
  readonly onMake: (course: CourseDraft) => Promise<CourseWithSeats>;
  readonly onReload: () => Promise<void>;
  /** Back to the list, where there is room for one of the two only. */
  readonly onClose: () => void;
  /** A new course from this one. */
  readonly onCopy: () => void;
}) {
  const course = seen?.course;
  const id = course?.courseId ?? NEW;
  const subject: Subject = seen ? { seen } : { starter: starter as CourseDraft };
  const [form, setForm] = useState<Form>(() => keptForm(id) ?? freshForm(subject));
  const [told, setTold] = useState<Told | undefined>(() =>
    seen && isMade ? { kind: 'saved', sentence: savedSentence(seen) } : undefined,
  );
  const [refused, setRefused] = useState<Readonly<Record<string, string>>>({});
  const [harm, setHarm] = useState<readonly string[] | undefined>();
  const { draft } = form;
  const touched = touchedFields(form);
  const isChanged = touched.length > 0;
  const waiting = undecided(form);
  const clashing = Object.keys(form.clashes);
  const mergeView = useRef<HTMLDivElement>(null);
  const article = useRef<HTMLElement>(null);

  // The pane stays where the last course was read.
  useEffect(() => article.current?.scrollIntoView(), []);

  // Until this has run, a save goes out with the old version, and is refused as it should be.
  useEffect(() => {
    if (!seen) return;
    const latest = fieldsOf(draftOf(seen.course));
    setForm((typed) =>
      mergeForm(
        { ...typed, draft: makeRoom(typed.base, typed.draft, latest) },
        seen.course.version,
        latest,
      ),
    );
  }, [seen]);

  // A log-in that ends, a reload or a look at another course loses nothing that was typed.
  useEffect(() => {
    if (isChanged || clashing.length > 0) sessionStorage.setItem(keptKey(id), JSON.stringify(form));
    else forgetForm(id);
  }, [form, id, isChanged, clashing.length]);

  const problems = useMemo(() => {
    const known = seen ? readForm(form.base).problems : [];
    return readForm(draft).problems.filter(
      (problem) => !known.some((before) => isSame(before, problem)),
    );
  }, [draft, form.base, seen]);

  const type = (field: string, value: string | undefined) => {
    setForm((typed) => typeInto(typed, field, value));
    setTold((before) => (before?.kind === 'saved' ? undefined : before));
    setRefused(({ [field]: _, ...others }) => others);
  };
  const face: FormFace = {
    draft,
    onType: type,
    problemAt: (field) => refused[field],
  };

  /** Shows sentences at their fields and goes to the first of them. */
  const showAt = (sentences: readonly { field: string; sentence: string }[]) => {
    setRefused(Object.fromEntries(sentences.map(({ field, sentence }) => [field, sentence])));
    const order = sections.flatMap(({ key }) =>
      sentences.filter(({ field }) => sectionOf(field) === key),
    );
    const [first] = order;
    if (first) {
      requestAnimationFrame(() => document.getElementById(controlId(first.field))?.focus());
    }
  };

  async function save(confirmed: boolean) {
    if (told?.kind === 'busy') return;
    setHarm(undefined);
    if (waiting.length > 0) {
      setTold({
        kind: 'refused',
        sentence:
          'ほかの職員の変更と重なったところがあります。どちらにするか、上で選んでから保存してください。',
      });
      mergeView.current?.querySelector('input')?.focus();
      return;
    }
    if (!isChanged) {
      setForm((typed) => ({ ...typed, news: [], clashes: {} }));
      setTold({ kind: 'saved', sentence: '変わったところはありません。' });
      return;
    }
    if (problems.length > 0) {
      showAt(problems);
      setTold({
        kind: 'refused',
        sentence: `まだ保存していません。${problems.length}か所を確かめてください。`,
      });
      return;
    }
    setRefused({});
    setTold({ kind: 'busy', sentence: '保存しています…' });
    const written = readForm(draft).course;
    try {
      if (!course) {
        await onMake(written);
        forgetForm(NEW);
        return;
      }
      const changes = changesBetween(readForm(form.base).course, written);
      const saved = await onSave(course.courseId, {
        version: form.version,
        changes,
        ...(confirmed ? { confirmed } : {}),
      });
      const { version } = saved.course;
      setForm((typed) => savedForm(typed, draft, version, fieldsOf(draftOf(saved.course))));
      setTold({ kind: 'saved', sentence: savedSentence(saved) });
    } catch (error) {
      await explain(error, written);
    }
  }

  async function explain(error: unknown, written: CourseDraft) {
    if (!(error instanceof RefusedError)) {
      setTold({
        kind: 'refused',
        sentence: '保存できませんでした。入力は残っています。少し待って、もう一度お試しください。',
      });
      return;
    }
    const { code, message, details, fields } = error;
    if (code === 'edit_needs_confirmation') {
      setHarm(details);
      setTold({ kind: 'refused', sentence: 'まだ保存していません。' });
      return;
    }
    setTold({ kind: 'refused', sentence: message, details });
    if (code === 'version_conflict') await onReload();
    if (fields.length > 0) {
      showAt(fields.map(({ field, sentence }) => ({ field: fieldAt(field, written), sentence })));
    }
  }

  // With the layout, not after the paint: the keys must save what was typed a moment before.
  useLayoutEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      if (event.key !== 's' || !(event.ctrlKey || event.metaKey)) return;
      event.preventDefault();
      if (!event.repeat && harm === undefined) void save(false);
    };
    addEventListener('keydown', onKey);
    return () => removeEventListener('keydown', onKey);
  });

  const hasPage = course?.publication === 'published' || course?.publication === 'cancelled';
  return (
    <article class="item" ref={article} aria-labelledby="item-title">
      <header class="item__head">
        <button class="button item__back" data-kind="plain" type="button" onClick={onClose}>
          一覧にもどる
        </button>
        <p class="item__kind">
          {course ? (
            <>
              <span>{course.category}</span>
              <span>第{course.version}版</span>
              <span>{momentName(new Date(course.updatedAt))}に更新</span>
            </>
          ) : (
            <span>まだ保存していません</span>
          )}
        </p>
        <h2 id="item-title" tabindex={-1}>
          {course?.title ?? '新しい講座'}
        </h2>
        {course && (
          <p class="item__ways">
            <a href={`#roster/${course.courseId}`}>名簿を見る</a>
            {hasPage && (
              <a href={`/courses/${course.courseId}/`} target="_blank" rel="noopener">
                サイトのページを開く（新しい画面）
              </a>
            )}
            {course.application.method === 'lottery' && (
              <a href={`#lottery/${course.courseId}`}>抽選の画面を開く</a>
            )}
            <button class="button" data-kind="plain" type="button" onClick={onCopy}>
              {course.publication === 'template' ? 'このひな形から作る' : 'この講座をまねて作る'}
            </button>
          </p>
        )}
        <nav class="item__jumps" aria-label="この講座の欄">
          {sections.map(({ key, name }) => {
            const isTouched =
              course !== undefined && touched.some((field) => sectionOf(field) === key);
            const isWrong = Object.keys(refused).some((field) => sectionOf(field) === key);
            return (
              <button
                class="item__jump"
                key={key}
                type="button"
                onClick={() => {
                  const heading = document.getElementById(`section-${key}`);
                  heading?.scrollIntoView();
                  heading?.focus();
                }}
              >
                {name}
                {isWrong && (
                  <span class="item__mark" data-kind="wrong">
                    要確認
                  </span>
                )}
                {!isWrong && isTouched && <span class="item__mark">変更あり</span>}
              </button>
            );
          })}
        </nav>
      </header>
      <form
        class="item__form"
        noValidate
        onSubmit={(event) => {
          event.preventDefault();
          void save(false);
        }}
      >
        <div role="status" ref={mergeView}>
          <MergeView form={form} onChoose={(field, side) => setForm(choose(form, field, side))} />
        </div>
        {sections.map(({ key, name }) => {
          const View = sectionViews[key];
          return (
            <section class="part" key={key} aria-labelledby={`section-${key}`}>
              <h3 class="part__title" id={`section-${key}`} tabindex={-1}>
                {name}
              </h3>
              <View face={face} base={form.base} seen={seen} now={now} />
            </section>
          );
        })}
        <div class="item__save">
          <button class="button" type="submit" aria-disabled={told?.kind === 'busy'}>
            {course ? '変更を保存する' : '保存する'}
          </button>
          {course && isChanged && (
            <button
              class="button"
              data-kind="plain"
              type="button"
              onClick={() => {
                setForm(freshForm(subject));
                setTold(undefined);
                setRefused({});
              }}
            >
              もとにもどす
            </button>
          )}
          <div class="item__told" role="status" data-kind={told?.kind}>
            <p>{told?.sentence ?? (isChanged ? '保存していない変更があります。' : '')}</p>
            {told?.kind === 'refused' && told.details && told.details.length > 0 && (
              <ul>
                {told.details.map((sentence) => (
                  <li key={sentence}>{sentence}</li>
                ))}
              </ul>
            )}
          </div>
        </div>
      </form>
      <HarmDialog harm={harm} onGo={() => void save(true)} onBack={() => setHarm(undefined)} />
    </article>
  );
}

function savedSentence({ course }: CourseWithSeats): string {
  return course.publication === 'draft' || course.publication === 'template'
    ? '保存しました。サイトには出していません。'
    : '保存しました。サイトには、数秒で出ます。';
}

/** What colleagues have changed meanwhile, and where the two have to be decided between. */
function MergeView({
  form,
  onChoose,
}: {
  readonly form: Form;
  readonly onChoose: (field: string, side: Side) => void;
}) {
  const clashes = Object.entries(form.clashes);
  if (clashes.length === 0 && form.news.length === 0) return null;
  // Dates that were added by both have got keys of their own; their order stays as typed.
  const known = new Set([...sessionKeys(form.base), ...sessionKeys(form.draft)]);
  const mine = touchedFields(form).filter((field) => form.clashes[field] === undefined);
  return (
    <div class="notice merge" data-kind={clashes.length > 0 ? 'warm' : undefined}>
      {form.news.map((field) => (
        <p key={field}>
          ほかの職員が {fieldName(field, form.base[field])} を {valueName(field, form.base[field])}{' '}
          に変えました。
        </p>
      ))}
      {clashes.length > 0 && (
        <>
          <p class="merge__lead">
            同じところを、ほかの職員も変えています。どちらにするか選んでください。
          </p>
          {clashes.map(([field, { mine: typed, theirs, chosen }]) => (
            <fieldset class="merge__clash" key={field}>
              <legend>{fieldName(field, theirs, typed)}</legend>
              {(
                [
                  ['mine', 'あなた', typed],
                  ['theirs', 'ほかの職員', theirs],
                ] as const
              ).map(([side, who, value]) => (
                <label class="choice" key={side}>
                  <input
                    type="radio"
                    name={`clash ${field}`}
                    checked={chosen === side}
                    onChange={() => onChoose(field, side)}
                  />
                  <span>
                    <b>{who}</b>　{valueName(field, value)}
                  </span>
                </label>
              ))}
            </fieldset>
          ))}
        </>
      )}
      {mine.length > 0 && known.size > 0 && (
        <p>
          あなたの変更は残っています：
          {mine
            .map(
              (field) =>
                `${fieldName(field, form.draft[field], form.base[field])} ${valueName(field, form.draft[field])}`,
            )
            .join('、')}
        </p>
      )}
    </div>
  );
}

/** Whom the edit touches, before it is saved. */
function HarmDialog({
  harm,
  onGo,
  onBack,
}: {
  readonly harm: readonly string[] | undefined;
  readonly onGo: () => void;
  readonly onBack: () => void;
}) {
  const dialog = useRef<HTMLDialogElement>(null);
  useEffect(() => {
    if (harm && !dialog.current?.open) dialog.current?.showModal();
    if (!harm && dialog.current?.open) dialog.current.close();
  }, [harm]);
  return (
    <dialog
      class="hints"
      ref={dialog}
      aria-labelledby="harm-title"
      onCancel={(event) => {
        event.preventDefault();
        onBack();
      }}
    >
      <h2 id="harm-title">申し込みずみの方に関わる変更です</h2>
      <ul class="harm">
        {(harm ?? []).map((sentence) => (
          <li key={sentence}>{sentence}</li>
        ))}
      </ul>
      <div class="actions">
        {/* The safe way first: Enter on an opened dialog must not save. */}
        <button class="button" data-kind="second" type="button" onClick={onBack}>
          もどる
        </button>
        <button class="button" type="button" onClick={onGo}>
          このまま保存する
        </button>
      </div>
    </dialog>
  );
}
