/** The right-hand pane: one course's facts, and its seats and publication to change. */
import { useEffect, useRef, useState } from 'preact/hooks';
import {
  type CourseEdit,
  type CourseWithSeats,
  clockName,
  formalDayName,
  momentName,
  shortDayName,
} from '../rules.ts';
import { RefusedError } from './api.ts';
import {
  editOf,
  type Form,
  formOf,
  mergeForm,
  PUBLICATION,
  poolField,
  savedForm,
  touchedFields,
} from './merge.ts';

type Publication = CourseWithSeats['course']['publication'];

export const publicationName: Readonly<Record<Publication, string>> = {
  draft: '下書き',
  published: '公開',
  hidden: '非公開',
  cancelled: '中止',
  template: 'ひな形',
};

const publicationNote: Readonly<Record<Publication, string>> = {
  draft: 'サイトには出ません。',
  published: 'サイトに出て、申し込みを受け付けます。',
  hidden: 'サイトから下げます。申し込みずみの方の予約は残ります。',
  cancelled: 'サイトに「中止」と出ます。申し込みずみの方へは、お電話でお知らせください。',
  template: 'サイトには出ません。これをもとに、新しい講座を作れます。',
};

const DRAFT = 'hidamari.desk.draft';

/** What was being changed when this pane was last closed, by the end of a log-in for instance. */
function keptForm({ course }: CourseWithSeats): Form | undefined {
  const kept = JSON.parse(sessionStorage.getItem(DRAFT) ?? 'null') as Form | null;
  if (kept?.courseId !== course.courseId) return undefined;
  sessionStorage.removeItem(DRAFT);
  return kept;
}

/** 「定員」, or with its session before it where there are several. */
function fieldName({ course }: CourseWithSeats, field: string): string {
  if (field === PUBLICATION) return '公開';
  const [key, part] = field.split('.');
  const name = part === 'capacity' ? '定員' : 'キャンセル待ちの数';
  const session = course.sessions.find((candidate) => candidate.key === key);
  return session && course.capacity.perSession
    ? `${shortDayName(session.date)} ${clockName(session.start)}の回の${name}`
    : name;
}

function valueName(field: string, value = ''): string {
  return field === PUBLICATION ? publicationName[value as Publication] : value;
}

type Told =
  | { readonly kind: 'saved' | 'busy'; readonly sentence: string }
  | { readonly kind: 'refused'; readonly sentence: string };

export function CourseEditor({
  seen,
  onSave,
  onReload,
  onClose,
}: {
  readonly seen: CourseWithSeats;
  /** @throws RefusedError */
  readonly onSave: (courseId: string, edit: CourseEdit) => Promise<CourseWithSeats>;
  readonly onReload: () => Promise<void>;
  /** Back to the list, where there is room for one of the two only. */
  readonly onClose: () => void;
}) {
  const { course, pools } = seen;
  const [form, setForm] = useState<Form>(() => keptForm(seen) ?? formOf(seen));
  const [told, setTold] = useState<Told | undefined>();
  const { draft } = form;
  const touched = touchedFields(form);
  const isChanged = touched.length > 0;

  // Until this has run, a save goes out with the old version, and is refused as it should be.
  useEffect(() => setForm((typed) => mergeForm(typed, seen)), [seen]);

  const last = useRef(form);
  last.current = form;
  useEffect(
    () => () => {
      if (touchedFields(last.current).length > 0) {
        sessionStorage.setItem(DRAFT, JSON.stringify(last.current));
      }
    },
    [],
  );

  const setField = (field: string, value: string) => {
    setForm((typed) => ({ ...typed, draft: { ...typed.draft, [field]: value } }));
    setTold((before) => (before?.kind === 'saved' ? undefined : before));
  };

  async function save(event: Event) {
    event.preventDefault();
    if (told?.kind === 'busy') return;
    const edit = editOf(form);
    if (edit === undefined) {
      setTold({ kind: 'saved', sentence: '変わったところはありません。' });
      return;
    }
    setTold({ kind: 'busy', sentence: '保存しています…' });
    try {
      const saved = await onSave(course.courseId, edit);
      setForm((typed) => savedForm(typed, draft, saved));
      setTold({ kind: 'saved', sentence: '保存しました。サイトには、数秒で出ます。' });
    } catch (error) {
      if (!(error instanceof RefusedError)) {
        setTold({
          kind: 'refused',
          sentence:
            '保存できませんでした。入力は残っています。少し待って、もう一度お試しください。',
        });
        return;
      }
      setTold({ kind: 'refused', sentence: error.message });
      if (error.code === 'version_conflict') await onReload();
    }
  }

  return (
    <article class="item" aria-labelledby="item-title">
      <header class="item__head">
        <button class="button item__back" data-kind="plain" type="button" onClick={onClose}>
          一覧にもどる
        </button>
        <p class="item__kind">
          <span>{course.category}</span>
          <span>第{course.version}版</span>
          <span>{momentName(new Date(course.updatedAt))}に更新</span>
        </p>
        <h2 id="item-title" tabindex={-1}>
          {course.title}
        </h2>
        <p>
          <a href={`#roster/${course.courseId}`}>名簿を見る</a>
        </p>
        {course.publication === 'published' && course.listed && (
          <p>
            <a href={`/courses/${course.courseId}/`} target="_blank" rel="noopener">
              サイトのページを開く（新しい画面）
            </a>
          </p>
        )}
      </header>
      <dl class="facts">
        <div class="facts__row">
          <dt>日時</dt>
          <dd>
            {course.sessions.map((session) => (
              <div key={session.key}>
                {formalDayName(session.date)} {clockName(session.start)}から
                {clockName(session.end)}
              </div>
            ))}
          </dd>
        </div>
        <div class="facts__row">
          <dt>会場</dt>
          <dd>{course.venue}</dd>
        </div>
        <div class="facts__row">
          <dt>対象</dt>
          <dd>{course.audience}</dd>
        </div>
        {course.application.opensAt !== undefined && (
          <div class="facts__row">
            <dt>申し込み</dt>
            <dd>
              {momentName(new Date(course.application.opensAt))}から
              {course.application.closesAt !== undefined &&
                `、${momentName(new Date(course.application.closesAt))}まで`}
            </dd>
          </div>
        )}
      </dl>
      <form class="item__form" onSubmit={save}>
        {pools.length === 0 ? (
          <p class="note">この講座は、定員を決めていません。</p>
        ) : (
          pools.map((pool) => {
            const session = course.sessions.find(({ key }) => key === pool.key);
            const capacity = poolField(pool.key, 'capacity');
            const waitlist = poolField(pool.key, 'waitlistCapacity');
            const taken = pool.capacity - pool.free;
            const at = `pool-${pool.key}`;
            return (
              <fieldset class="pool" key={pool.key}>
                <legend class="pool__title">
                  {session && course.capacity.perSession
                    ? `${shortDayName(session.date)} ${clockName(session.start)}の回`
                    : '席'}
                </legend>
                <p class="pool__now">
                  いま {taken}席がうまり、{pool.waiting}
                  {course.capacity.unit}が待っています。
                </p>
                <div class="pool__fields">
                  <label class="pool__field" for={`${at}-capacity`}>
                    <span>定員（{course.capacity.unit}）</span>
                    <input
                      class="input"
                      id={`${at}-capacity`}
                      type="number"
                      required
                      min={Math.max(1, taken)}
                      max={1000}
                      value={draft[capacity]}
                      onInput={(event) => setField(capacity, event.currentTarget.value)}
                    />
                  </label>
                  <label class="pool__field" for={`${at}-waitlist`}>
                    <span>キャンセル待ちの数</span>
                    <input
                      class="input"
                      id={`${at}-waitlist`}
                      type="number"
                      required
                      min={0}
                      max={300}
                      value={draft[waitlist]}
                      onInput={(event) => setField(waitlist, event.currentTarget.value)}
                    />
                  </label>
                </div>
              </fieldset>
            );
          })
        )}
        <fieldset class="pool">
          <legend class="pool__title">サイトへの公開</legend>
          <div class="choices">
            {(Object.keys(publicationName) as Publication[])
              .filter((name) => name !== 'draft' || course.publication === 'draft')
              .map((name) => (
                <label class="choice" key={name}>
                  <input
                    type="radio"
                    name="publication"
                    value={name}
                    checked={draft[PUBLICATION] === name}
                    onChange={() => setField(PUBLICATION, name)}
                  />
                  <span>{publicationName[name]}</span>
                  <span class="choice__note">{publicationNote[name]}</span>
                </label>
              ))}
          </div>
        </fieldset>
        <div role="status">
          {form.colleagues.length > 0 && (
            <div class="notice">
              {form.colleagues.map((field) => (
                <p key={field}>
                  ほかの職員が {fieldName(seen, field)} を {valueName(field, form.base[field])}{' '}
                  に変えました。
                </p>
              ))}
              {isChanged && (
                <p>
                  あなたの変更は残っています：
                  {touched
                    .map((field) => `${fieldName(seen, field)} ${valueName(field, draft[field])}`)
                    .join('、')}
                </p>
              )}
            </div>
          )}
        </div>
        <div class="item__save">
          <button class="button" type="submit" aria-disabled={told?.kind === 'busy'}>
            変更を保存する
          </button>
          {isChanged && (
            <button
              class="button"
              data-kind="plain"
              type="button"
              onClick={() => {
                setForm(formOf(seen));
                setTold(undefined);
              }}
            >
              もとにもどす
            </button>
          )}
          <p class="item__told" role="status" data-kind={told?.kind}>
            {told?.sentence ?? (isChanged ? '保存していない変更があります。' : '')}
          </p>
        </div>
      </form>
    </article>
  );
}
