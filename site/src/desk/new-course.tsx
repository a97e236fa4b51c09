/** How a new course begins: empty, from a pattern (ひな形), or like a course that is there. */
import { useEffect, useRef, useState } from 'preact/hooks';
import { type CourseWithSeats, isDay, shortDayName } from '../rules.ts';
import { blankCourse, proposedDay } from './course-form.ts';

const ways = [
  ['blank', '空から', '何も書いていないところから始めます。'],
  ['template', 'ひな形から', 'よく開く講座の、決まったところが入っています。'],
  ['copy', 'ある講座をまねて', '前に開いた講座と同じ内容で、日にちだけを移します。'],
] as const;
type Way = (typeof ways)[number][0];

export function NewCourse({
  isOpen,
  source,
  courses,
  now,
  onBegin,
  onClose,
}: {
  readonly isOpen: boolean;
  /** The course that is to be copied, where one was chosen already. */
  readonly source: CourseWithSeats | undefined;
  readonly courses: readonly CourseWithSeats[];
  readonly now: Date;
  readonly onBegin: (from: CourseWithSeats | undefined, firstDate: string) => void;
  readonly onClose: () => void;
}) {
  const dialog = useRef<HTMLDialogElement>(null);
  const [way, setWay] = useState<Way>('blank');
  const [chosen, setChosen] = useState('');
  const [day, setDay] = useState('');
  const [told, setTold] = useState('');

  const patterns = courses.filter(({ course }) => course.publication === 'template');
  const others = courses.filter(({ course }) => course.publication !== 'template');
  const offered = way === 'template' ? patterns : others;
  const from =
    way === 'blank' ? undefined : offered.find(({ course }) => course.courseId === chosen);

  useEffect(() => {
    if (!isOpen) {
      dialog.current?.close();
      return;
    }
    const isPattern = source?.course.publication === 'template';
    setWay(source === undefined ? 'blank' : isPattern ? 'template' : 'copy');
    setChosen(source?.course.courseId ?? '');
    setDay(proposedDay(source?.course ?? blankCourse(now), now));
    setTold('');
    if (!dialog.current?.open) dialog.current?.showModal();
  }, [isOpen, source]);

  const take = (courseId: string) => {
    setChosen(courseId);
    const course = courses.find((each) => each.course.courseId === courseId)?.course;
    if (course) setDay(proposedDay(course, now));
    setTold('');
  };

  return (
    <dialog class="hints" ref={dialog} onClose={onClose} aria-labelledby="new-title">
      <h2 id="new-title">新しい講座を作る</h2>
      {isOpen && (
        <form
          class="new"
          onSubmit={(event) => {
            event.preventDefault();
            if (way !== 'blank' && !from) setTold('もとになる講座を選んでください。');
            else if (!isDay(day)) setTold('最初の日を書いてください。');
            else onBegin(from, day);
          }}
        >
          <fieldset class="ask">
            <legend class="ask__label">はじめかた</legend>
            <div class="choices">
              {ways.map(([key, name, note]) => (
                <label class="choice" key={key}>
                  <input
                    type="radio"
                    name="way"
                    checked={way === key}
                    onChange={() => {
                      setWay(key);
                      setTold('');
                    }}
                  />
                  <span>{name}</span>
                  <span class="choice__note">{note}</span>
                </label>
              ))}
            </div>
          </fieldset>
          {way !== 'blank' &&
            (offered.length === 0 ? (
              <p class="note">
                {way === 'template'
                  ? 'ひな形は、まだありません。新しい講座の「公開」で「ひな形」を選んで保存すると、ここに出ます。'
                  : '講座は、まだありません。'}
              </p>
            ) : (
              <div class="ask">
                <label class="ask__label" for="new-from">
                  {way === 'template' ? 'ひな形' : 'まねる講座'}
                </label>
                <select
                  class="select"
                  id="new-from"
                  value={chosen}
                  onChange={(event) => take(event.currentTarget.value)}
                >
                  <option value="">選んでください</option>
                  {offered.map(({ course }) => (
                    <option key={course.courseId} value={course.courseId}>
                      {course.title}
                      {way === 'copy' && course.sessions[0]
                        ? `（${shortDayName(course.sessions[0].date)}）`
                        : ''}
                    </option>
                  ))}
                </select>
              </div>
            ))}
          <div class="ask">
            <label class="ask__label" for="new-day">
              最初の日{isDay(day) ? `　${shortDayName(day)}` : ''}
            </label>
            <span class="ask__help" id="new-day-help">
              ほかの回も、受付の始まりと締め切りも、同じだけ移ります。
            </span>
            <input
              class="input"
              data-size="short"
              id="new-day"
              type="date"
              aria-describedby="new-day-help"
              value={day}
              onInput={(event) => setDay(event.currentTarget.value)}
            />
          </div>
          <p class="field__error" role="status">
            {told}
          </p>
          <div class="actions">
            <button class="button" type="submit">
              書きはじめる
            </button>
            <button class="button" data-kind="plain" type="button" onClick={onClose}>
              やめる
            </button>
          </div>
        </form>
      )}
    </dialog>
  );
}
