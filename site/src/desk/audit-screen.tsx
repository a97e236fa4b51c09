/** 記録 for the head of the centre: who at the desk saw or changed what about families, day by day. */
import { useCallback, useEffect, useState } from 'preact/hooks';
import {
  type AuditRow,
  auditActionName,
  bookingNumberName,
  dayInTokyo,
  dayName,
  timeInTokyo,
} from '../rules.ts';
import { LoggedOutError, listCourses } from './api.ts';
import { auditOf } from './applications-api.ts';
import type { ScreenProps } from './sections.tsx';

export function AuditScreen({ session, rest, onGo, onLoggedOut }: ScreenProps) {
  const day = rest === '' ? dayInTokyo(new Date()) : rest;
  const [rows, setRows] = useState<readonly AuditRow[]>([]);
  const [next, setNext] = useState<string | undefined>();
  const [sentence, setSentence] = useState('');
  const [titles, setTitles] = useState<Readonly<Record<string, string>>>({});

  const read = useCallback(
    async (from?: string) => {
      setSentence('読みこんでいます…');
      try {
        const page = await auditOf(session.accessToken, day, from);
        setRows((before) => (from === undefined ? page.rows : [...before, ...page.rows]));
        setNext(page.next);
        setSentence('');
      } catch (error) {
        if (error instanceof LoggedOutError) return onLoggedOut();
        setSentence('記録を読みこめませんでした。日付を確かめて、もう一度お試しください。');
      }
    },
    [session, day, onLoggedOut],
  );
  useEffect(() => void read(), [read]);
  useEffect(() => {
    // Without titles the ids are shown: the audit is complete without them.
    listCourses(session.accessToken).then(
      (courses) =>
        setTitles(Object.fromEntries(courses.map(({ course }) => [course.courseId, course.title]))),
      () => undefined,
    );
  }, [session]);

  return (
    <section class="roster" aria-labelledby="audit-title">
      <h2 id="audit-title">{dayName(day)}の記録</h2>
      <p class="note">
        申し込みを見たり変えたりすると、ここに一行ずつ残ります。書きかえることも、消すこともできません。お名前や電話番号は残りません。
      </p>
      <div class="list__tools">
        <label class="list__tool" for="audit-day">
          <span>日</span>
          <input
            class="input"
            id="audit-day"
            type="date"
            value={day}
            onChange={(event) => event.currentTarget.value && onGo(event.currentTarget.value)}
          />
        </label>
        <p class="list__count" role="status">
          {sentence === ''
            ? `${rows.length}件${next === undefined ? '' : '（続きがあります）'}`
            : sentence}
        </p>
      </div>
      <table class="rows audit">
        <thead>
          <tr>
            <th scope="col">時刻</th>
            <th scope="col">したこと</th>
            <th scope="col">何について</th>
            <th scope="col" class="rows__number">
              人数
            </th>
            <th scope="col">だれが（ログインの番号）</th>
          </tr>
        </thead>
        <tbody>
          {rows.map(({ at, action, subject, people, actor }, index) => (
            <tr class="row" key={`${at}${index}`}>
              <td class="row__day">{timeInTokyo(new Date(at))}</td>
              <th scope="row">{auditActionName[action]}</th>
              <td>{subjectName(subject, titles)}</td>
              <td class="rows__number">{people}</td>
              <td class="audit__actor">{actor}</td>
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

function subjectName(
  subject: string | undefined,
  titles: Readonly<Record<string, string>>,
): string {
  if (subject === undefined) return '';
  if (subject.startsWith('reg_')) return `受付番号 ${bookingNumberName(subject)}`;
  return titles[subject] ?? subject;
}
