/** The courses at the desk: the list on the left, one course on the right, what is due next above. */
import { useCallback, useEffect, useMemo, useRef, useState } from 'preact/hooks';
import {
  type CourseDraft,
  type CourseEdit,
  type CourseWithSeats,
  changesBetween,
  courseStatus,
  dayInTokyo,
  draftOf,
  shortDayName,
  statusEntry,
  statusName,
} from '../rules.ts';
import { createCourse, editCourse, LoggedOutError, listCourses } from './api.ts';
import { CourseEditor, forgetForm, keptForm, NEW } from './course-editor.tsx';
import { publicationName, starterFrom } from './course-form.ts';
import { Dial } from './dial.tsx';
import { nextDue } from './due.ts';
import { courseHints, Hints, useSingleKeys } from './hints.tsx';
import { newestOf } from './merge.ts';
import { NewCourse } from './new-course.tsx';
import type { ScreenProps } from './sections.tsx';

export function CoursesScreen({ session, rest: chosen, onGo, onLoggedOut }: ScreenProps) {
  const [courses, setCourses] = useState<readonly CourseWithSeats[] | undefined>();
  const [fault, setFault] = useState<string | undefined>();
  const [search, setSearch] = useState('');
  const [publication, setPublication] = useState('');
  const [now, setNow] = useState(() => new Date());
  const [showsHints, setShowsHints] = useState(false);
  const [beginning, setBeginning] = useState<{ readonly from: CourseWithSeats | undefined }>();
  const [starter, setStarter] = useState<{ course: CourseDraft; key: string } | undefined>();
  const [madeId, setMadeId] = useState('');
  const [spareKey] = useState(() => crypto.randomUUID());
  const [usesKeys, setUsesKeys] = useSingleKeys();
  const searchField = useRef<HTMLInputElement>(null);
  const list = useRef<HTMLDivElement>(null);

  const reload = useCallback(async () => {
    try {
      const arrived = await listCourses(session.accessToken);
      setCourses((here) => newestOf(here, arrived));
      setFault(undefined);
    } catch (error) {
      if (error instanceof LoggedOutError) onLoggedOut();
      else setFault('講座を読みこめませんでした。');
    }
  }, [session, onLoggedOut]);

  // Families book while the desk is open: its numbers must not stand still.
  useEffect(() => {
    const reloadIfSeen = () => {
      if (document.visibilityState === 'visible') void reload();
    };
    void reload();
    const everyMinute = setInterval(reloadIfSeen, 60_000);
    addEventListener('focus', reloadIfSeen);
    return () => {
      clearInterval(everyMinute);
      removeEventListener('focus', reloadIfSeen);
    };
  }, [reload]);
  useEffect(() => {
    const halfMinutes = setInterval(() => setNow(new Date()), 30_000);
    return () => clearInterval(halfMinutes);
  }, []);

  const shown = useMemo(
    () =>
      (courses ?? [])
        .filter(
          ({ course }) =>
            (publication === '' || course.publication === publication) &&
            `${course.title}${course.titleKana}${course.category}`.includes(search.trim()),
        )
        // Patterns have no date that means anything.
        .sort((a, b) => Number(isPattern(a)) - Number(isPattern(b))),
    [courses, publication, search],
  );
  const item = courses?.find(({ course }) => course.courseId === chosen);
  const due = nextDue(courses ?? [], now);

  const save = async (courseId: string, edit: CourseEdit) => {
    try {
      const saved = await editCourse(session.accessToken, courseId, edit);
      setCourses((all) => all?.map((each) => (each.course.courseId === courseId ? saved : each)));
      return saved;
    } catch (error) {
      if (error instanceof LoggedOutError) onLoggedOut();
      throw error;
    }
  };

  const make = async (course: CourseDraft) => {
    const { accessToken } = session;
    try {
      const first = await createCourse(accessToken, course, starter?.key ?? spareKey);
      // Made by an earlier try whose answer was lost; what was typed since is an edit of it.
      const { courseId, version } = first.course;
      const changes = changesBetween(draftOf(first.course), course);
      const made =
        Object.keys(changes).length === 0
          ? first
          : await editCourse(accessToken, courseId, { version, changes });
      setCourses((all) => [
        ...(all ?? []).filter((each) => each.course.courseId !== courseId),
        made,
      ]);
      setStarter(undefined);
      setMadeId(courseId);
      onGo(made.course.courseId);
      requestAnimationFrame(() => document.getElementById('item-title')?.focus());
      void reload();
      return made;
    } catch (error) {
      if (error instanceof LoggedOutError) onLoggedOut();
      throw error;
    }
  };
  const begin = (from: CourseWithSeats | undefined, firstDate: string) => {
    forgetForm(NEW);
    setStarter({ course: starterFrom(from?.course, firstDate, now), key: crypto.randomUUID() });
    setBeginning(undefined);
    onGo(NEW);
    requestAnimationFrame(() => document.getElementById('item-title')?.focus());
  };
  const isWriting = chosen === NEW && (starter !== undefined || keptForm(NEW) !== undefined);

  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      const isTyping =
        event.target instanceof HTMLElement && event.target.matches('input, select, textarea');
      if (document.querySelector('dialog[open]')) return;
      if (event.key === 'Escape') {
        list.current?.querySelector<HTMLElement>('[aria-current]')?.focus();
      }
      if (isTyping || event.ctrlKey || event.metaKey || event.altKey) return;
      const step = stepOf(event.key, usesKeys);
      const isInList = list.current?.contains(document.activeElement) ?? false;
      if (step !== 0 && (isInList || document.activeElement === document.body)) {
        event.preventDefault();
        const links = [...(list.current?.querySelectorAll<HTMLElement>('.row__link') ?? [])];
        const at = links.indexOf(document.activeElement as HTMLElement);
        links[Math.min(links.length - 1, Math.max(0, at + step))]?.focus();
      }
      if (!usesKeys) return;
      if (event.key === '/') {
        event.preventDefault();
        searchField.current?.focus();
      }
      if (event.key === '?') setShowsHints(true);
      if (event.key === 'n') {
        event.preventDefault();
        setBeginning({ from: undefined });
      }
    };
    addEventListener('keydown', onKey);
    return () => removeEventListener('keydown', onKey);
  }, [usesKeys]);

  const editing = {
    now,
    onSave: save,
    onMake: make,
    onReload: reload,
    onClose: () => onGo(''),
  };

  return (
    <>
      <div class="strip">
        {due && (
          <p class="strip__due">
            <Dial gone={due.gone} />
            <strong>{due.left}</strong>
            <a class="strip__what" href={`#courses/${due.courseId}`}>
              {due.what}
            </a>
          </p>
        )}
        <button
          class="button strip__keys"
          data-kind="plain"
          type="button"
          onClick={() => setShowsHints(true)}
        >
          キーの案内 <kbd>?</kbd>
        </button>
      </div>
      <div class="panes" data-chosen={item || isWriting ? '' : undefined}>
        <section class="list" aria-labelledby="list-title">
          <h2 class="visually-hidden" id="list-title">
            講座の一覧
          </h2>
          <div class="list__tools">
            <label class="list__tool" for="search">
              <span>さがす</span>
              <input
                class="input"
                id="search"
                type="search"
                ref={searchField}
                value={search}
                autocomplete="off"
                onInput={(event) => setSearch(event.currentTarget.value)}
              />
            </label>
            <label class="list__tool" for="publication">
              <span>公開</span>
              <select
                class="select"
                id="publication"
                value={publication}
                onChange={(event) => setPublication(event.currentTarget.value)}
              >
                <option value="">すべて</option>
                {Object.entries(publicationName).map(([key, name]) => (
                  <option key={key} value={key}>
                    {name}
                  </option>
                ))}
              </select>
            </label>
            <button class="button" type="button" onClick={() => setBeginning({ from: undefined })}>
              新しく作る
            </button>
            <p class="list__count" role="status">
              {courses === undefined ? '' : `${shown.length}件`}
            </p>
          </div>
          {fault !== undefined && (
            <div class="notice" data-kind="alert" role="alert">
              <p>{fault}</p>
              <button class="button" type="button" onClick={() => void reload()}>
                もう一度読みこむ
              </button>
            </div>
          )}
          {courses === undefined && fault === undefined ? (
            <div aria-busy="true">
              <p class="visually-hidden">講座を読みこんでいます。</p>
              {[1, 2, 3, 4, 5, 6].map((row) => (
                <span class="skeleton list__skeleton" key={row} />
              ))}
            </div>
          ) : (
            <div ref={list}>
              <table class="rows">
                <thead>
                  <tr>
                    <th scope="col">初回</th>
                    <th scope="col">講座</th>
                    <th scope="col">状態</th>
                    <th scope="col" class="rows__number">
                      席／定員
                    </th>
                    <th scope="col" class="rows__number">
                      待ち
                    </th>
                  </tr>
                </thead>
                <tbody>
                  {shown.map((seen) => (
                    <Row
                      key={seen.course.courseId}
                      seen={seen}
                      now={now}
                      isChosen={seen.course.courseId === chosen}
                      onChoose={onGo}
                    />
                  ))}
                </tbody>
              </table>
              {shown.length === 0 && courses !== undefined && (
                <p class="list__empty">
                  {courses.length === 0
                    ? '講座は、まだありません。「新しく作る」から始めてください。'
                    : 'あてはまる講座はありません。検索の言葉か、公開の条件を変えてみてください。'}
                </p>
              )}
            </div>
          )}
        </section>
        <section class="pane" aria-label="選んだ講座">
          {item && (
            <CourseEditor
              key={item.course.courseId}
              seen={item}
              isMade={item.course.courseId === madeId}
              {...editing}
              onCopy={() => setBeginning({ from: item })}
            />
          )}
          {isWriting && (
            <CourseEditor
              key={starter?.key ?? NEW}
              starter={starter?.course ?? starterFrom(undefined, dayInTokyo(now), now)}
              {...editing}
              onCopy={() => {}}
            />
          )}
          {!item && !isWriting && (
            <p class="pane__empty">左の一覧から講座を選ぶか、「新しく作る」から始めてください。</p>
          )}
        </section>
      </div>
      <NewCourse
        isOpen={beginning !== undefined}
        source={beginning?.from}
        courses={courses ?? []}
        now={now}
        onBegin={begin}
        onClose={() => setBeginning(undefined)}
      />
      <Hints
        hints={courseHints}
        single="J・K・N・/・?"
        isOpen={showsHints}
        onClose={() => setShowsHints(false)}
        usesKeys={usesKeys}
        onUsesKeys={setUsesKeys}
      />
    </>
  );
}

function isPattern({ course }: CourseWithSeats): boolean {
  return course.publication === 'template';
}

function stepOf(key: string, usesKeys: boolean): number {
  if (key === 'ArrowDown' || (usesKeys && key === 'j')) return 1;
  if (key === 'ArrowUp' || (usesKeys && key === 'k')) return -1;
  return 0;
}

function Row({
  seen: { course, pools },
  now,
  isChosen,
  onChoose,
}: {
  readonly seen: CourseWithSeats;
  readonly now: Date;
  readonly isChosen: boolean;
  readonly onChoose: (courseId: string) => void;
}) {
  const [first] = course.sessions;
  const isOnline = course.publication === 'published' || course.publication === 'cancelled';
  const status = courseStatus(statusEntry(course, pools), now);
  const sum = (of: (pool: CourseWithSeats['pools'][number]) => number) =>
    pools.reduce((total, pool) => total + of(pool), 0);
  return (
    <tr class="row" data-chosen={isChosen ? '' : undefined}>
      <td class="row__day">
        {first && course.publication !== 'template' ? shortDayName(first.date) : ''}
      </td>
      <th scope="row" class="row__title">
        <a
          class="row__link"
          href={`#courses/${course.courseId}`}
          aria-current={isChosen ? 'true' : undefined}
          onClick={(event) => {
            event.preventDefault();
            onChoose(course.courseId);
            // The pane is drawn first, then read from its title.
            requestAnimationFrame(() => document.getElementById('item-title')?.focus());
          }}
        >
          {course.title}
        </a>
        {!course.listed && <span class="row__unlisted">一覧に出さない</span>}
      </th>
      <td>
        {isOnline ? (
          <span class="chip" data-status={status}>
            {statusName[status]}
          </span>
        ) : (
          <span class="chip" data-status={course.publication}>
            {publicationName[course.publication]}
          </span>
        )}
      </td>
      <td class="rows__number">
        {pools.length === 0
          ? '—'
          : `${sum((pool) => pool.capacity - pool.free)}／${sum((pool) => pool.capacity)}`}
      </td>
      <td class="rows__number">{pools.length === 0 ? '—' : sum((pool) => pool.waiting)}</td>
    </tr>
  );
}
