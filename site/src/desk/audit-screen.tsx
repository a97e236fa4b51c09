/**
 * 記録 for the head of the centre: who at the desk saw or changed what, day by day. Lines about letters are
 * read apart, by whoever was granted their desk.
 */
import { useCallback, useEffect, useRef, useState } from 'preact/hooks';
import {
  type AuditRow,
  auditActionName,
  bookingNumberName,
  dayInTokyo,
  dayName,
  isDay,
  type KeyRing,
  timeInTokyo,
} from '../rules.ts';
import { LoggedOutError, listCourses } from './api.ts';
import { auditOf } from './applications-api.ts';
import { letterConfig } from './letter-config.ts';
import type { ScreenProps } from './sections.tsx';
import { memberName, readKeyRing } from './vault.ts';

const NUMBER = /^[2-9A-HJ-NP-Z]{4}-[2-9A-HJ-NP-Z]{4}-[2-9A-HJ-NP-Z]{2}$/;

/** What `#audit/…` names: a day, and the desk whose letters it is about. */
function placeOf(rest: string): { readonly day: string; readonly desk: string | undefined } {
  const [day = '', desk] = rest.split('/');
  return { day: isDay(day) ? day : dayInTokyo(new Date()), desk };
}

export function AuditScreen({ session, rest, onGo, onLoggedOut }: ScreenProps) {
  const { day, desk } = placeOf(rest);
  const [rows, setRows] = useState<readonly AuditRow[]>([]);
  const [desks, setDesks] = useState<readonly string[]>([]);
  const [next, setNext] = useState<string | undefined>();
  const [sentence, setSentence] = useState('');
  const [titles, setTitles] = useState<Readonly<Record<string, string>>>({});
  const [members, setMembers] = useState<KeyRing['members']>([]);
  const asked = useRef(0);
  const { deskNames } = letterConfig();

  const read = useCallback(
    async (from?: string) => {
      asked.current += 1;
      const mine = asked.current;
      setSentence('読みこんでいます…');
      if (from === undefined) {
        setRows([]);
        setNext(undefined);
      }
      try {
        const page = await auditOf(session.accessToken, {
          day,
          ...(desk === undefined ? {} : { desk }),
          ...(from === undefined ? {} : { from }),
        });
        // Another day or desk was chosen meanwhile.
        if (mine !== asked.current) return;
        setDesks(page.desks);
        setRows((before) => (from === undefined ? page.rows : [...before, ...page.rows]));
        setNext(page.next);
        setSentence('');
      } catch (error) {
        if (error instanceof LoggedOutError) return onLoggedOut();
        if (mine !== asked.current) return;
        setSentence('記録を読みこめませんでした。日付を確かめて、もう一度お試しください。');
      }
    },
    [session, day, desk, onLoggedOut],
  );
  useEffect(() => void read(), [read]);
  useEffect(() => {
    // Without titles and names the ids are shown: the audit is complete without them.
    if (desk === undefined) {
      listCourses(session.accessToken).then(
        (courses) =>
          setTitles(
            Object.fromEntries(courses.map(({ course }) => [course.courseId, course.title])),
          ),
        () => undefined,
      );
    } else {
      readKeyRing(session.accessToken).then(
        (ring) => setMembers(ring.members),
        () => undefined,
      );
    }
  }, [session, desk]);

  const ways = [undefined, ...desks];
  const isOfLetters = desk !== undefined;
  return (
    <section class="roster" aria-labelledby="audit-title">
      <h2 id="audit-title">{dayName(day)}の記録</h2>
      <p class="note">
        {isOfLetters
          ? '手紙を見たり、返事をしたりすると、ここに一行ずつ残ります。一覧を見たことは、1時間に一行です。書きかえることも、消すこともできません。手紙の中身は残りません。'
          : '申し込みを見たり変えたりすると、ここに一行ずつ残ります。書きかえることも、消すこともできません。お名前や電話番号は残りません。'}
      </p>
      <div class="list__tools">
        {desks.length > 0 && (
          <fieldset class="switch">
            <legend class="visually-hidden">何の記録</legend>
            {ways.map((each) => (
              <button
                class="switch__way"
                type="button"
                key={each ?? ''}
                aria-pressed={each === desk}
                onClick={() => onGo(each === undefined ? day : `${day}/${each}`)}
              >
                {each === undefined ? '講座と申し込み' : `${deskNames[each] ?? each}の手紙`}
              </button>
            ))}
          </fieldset>
        )}
        <label class="list__tool" for="audit-day">
          <span>日</span>
          <input
            class="input"
            id="audit-day"
            type="date"
            value={day}
            onChange={({ currentTarget: { value } }) =>
              value && onGo(desk === undefined ? value : `${value}/${desk}`)
            }
          />
        </label>
        <p class="list__count" role="status">
          {sentence === ''
            ? `${rows.length}件${next === undefined ? '' : '（続きがあります）'}`
            : sentence}
        </p>
      </div>
      {sentence === '' && rows.length === 0 && (
        <p class="list__empty">この日の記録は、まだ一行もありません。</p>
      )}
      <table class="rows audit" hidden={rows.length === 0}>
        <thead>
          <tr>
            <th scope="col">時刻</th>
            <th scope="col">したこと</th>
            <th scope="col">何について</th>
            <th scope="col" class="rows__number">
              {isOfLetters ? '件数' : '人数'}
            </th>
            <th scope="col">{isOfLetters ? 'だれが' : 'だれが（ログインの番号）'}</th>
          </tr>
        </thead>
        <tbody>
          {rows.map(({ at, action, subject, people, actor }, index) => (
            <tr class="row" key={`${at}${index}`}>
              <td class="row__day">{timeInTokyo(new Date(at))}</td>
              <th scope="row">{auditActionName[action]}</th>
              <td>
                <Subject subject={subject} titles={titles} />
              </td>
              <td class="rows__number">
                {people > 0 && people}
                {people > 0 && <span class="audit__unit">{isOfLetters ? '件' : '人'}</span>}
              </td>
              <td class="audit__actor">{isOfLetters ? memberName({ members }, actor) : actor}</td>
            </tr>
          ))}
        </tbody>
      </table>
      {next !== undefined && (
        <p>
          <button class="button" data-kind="second" type="button" onClick={() => void read(next)}>
            続きを読みこむ
          </button>
        </p>
      )}
    </section>
  );
}

function Subject({
  subject = '',
  titles,
}: {
  readonly subject: string | undefined;
  readonly titles: Readonly<Record<string, string>>;
}) {
  if (subject.startsWith('reg_')) return <>受付番号 {bookingNumberName(subject)}</>;
  if (NUMBER.test(subject)) return <a href={`#letters/number/${subject}`}>相談 {subject}</a>;
  return <>{isDay(subject) ? `${dayName(subject)}の記録` : (titles[subject] ?? subject)}</>;
}
