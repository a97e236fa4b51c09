/** The right-hand pane: one course's facts, and its seats and publication to change. */
import { useEffect, useState } from 'preact/hooks';
import {
  type CourseEdit,
  type CourseWithSeats,
  clockName,
  formalDayName,
  momentName,
  shortDayName,
} from '../rules.ts';
import { RefusedError } from './api.ts';

type Publication = CourseWithSeats['course']['publication'];

export const publicationName: Readonly<Record<Publication, string>> = {
  draft: '下書き',
  published: '公開',
  hidden: '非公開',
  cancelled: '中止',
};

const publicationNote: Readonly<Record<Publication, string>> = {
  draft: 'サイトには出ません。',
  published: 'サイトに出て、申し込みを受け付けます。',
  hidden: 'サイトから下げます。申し込みずみの方の予約は残ります。',
  cancelled: 'サイトに「中止」と出ます。申し込みずみの方へは、お電話でお知らせください。',
};

interface PoolDraft {
  readonly capacity: string;
  readonly waitlistCapacity: string;
}

interface Draft {
  readonly courseId: string;
  readonly version: number;
  readonly publication: Publication;
  readonly pools: Readonly<Record<string, PoolDraft>>;
}

const DRAFT = 'hidamari.desk.draft';

function draftOf({ course, pools }: CourseWithSeats): Draft {
  return {
    courseId: course.courseId,
    version: course.version,
    publication: course.publication,
    pools: Object.fromEntries(
      pools.map(({ key, capacity, waitlistCapacity }) => [
        key,
        { capacity: String(capacity), waitlistCapacity: String(waitlistCapacity) },
      ]),
    ),
  };
}

/** What was being changed when the log-in ran out, so that it is there again afterwards. */
function keptDraft(seen: CourseWithSeats): Draft | undefined {
  const kept = JSON.parse(sessionStorage.getItem(DRAFT) ?? 'null') as Draft | null;
  sessionStorage.removeItem(DRAFT);
  return kept?.courseId === seen.course.courseId && kept.version === seen.course.version
    ? kept
    : undefined;
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
  const [draft, setDraft] = useState<Draft>(() => keptDraft(seen) ?? draftOf(seen));
  const [told, setTold] = useState<Told | undefined>();

  // A newer version has arrived: what is typed stays, and will be saved over what is now seen.
  useEffect(() => {
    setDraft((typed) => ({ ...typed, version: course.version }));
  }, [course.version]);

  const before = draftOf(seen);
  const isChanged =
    JSON.stringify({ ...draft, version: 0 }) !== JSON.stringify({ ...before, version: 0 });

  const setPool = (key: string, change: Partial<PoolDraft>) =>
    setDraft((typed) => {
      const pool = typed.pools[key] ?? { capacity: '', waitlistCapacity: '' };
      return { ...typed, pools: { ...typed.pools, [key]: { ...pool, ...change } } };
    });

  async function save(event: Event) {
    event.preventDefault();
    const edit: CourseEdit = {
      version: draft.version,
      ...(draft.publication === course.publication ? {} : { publication: draft.publication }),
      ...(pools.length === 0
        ? {}
        : {
            pools: pools.map(({ key }) => ({
              key,
              capacity: Number(draft.pools[key]?.capacity),
              waitlistCapacity: Number(draft.pools[key]?.waitlistCapacity),
            })),
          }),
    };
    setTold({ kind: 'busy', sentence: '保存しています…' });
    sessionStorage.setItem(DRAFT, JSON.stringify(draft));
    try {
      const saved = await onSave(course.courseId, edit);
      sessionStorage.removeItem(DRAFT);
      setDraft(draftOf(saved));
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
      sessionStorage.removeItem(DRAFT);
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
            const typed = draft.pools[pool.key];
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
                      value={typed?.capacity}
                      onInput={(event) =>
                        setPool(pool.key, { capacity: event.currentTarget.value })
                      }
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
                      value={typed?.waitlistCapacity}
                      onInput={(event) =>
                        setPool(pool.key, { waitlistCapacity: event.currentTarget.value })
                      }
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
                    checked={draft.publication === name}
                    onChange={() => setDraft((typed) => ({ ...typed, publication: name }))}
                  />
                  <span>{publicationName[name]}</span>
                  <span class="choice__note">{publicationNote[name]}</span>
                </label>
              ))}
          </div>
        </fieldset>
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
                setDraft(before);
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
