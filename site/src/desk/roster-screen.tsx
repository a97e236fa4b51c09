/**
 * 名簿 at the desk: which course, who comes, to be looked at on a screen or taken along on paper (A4,
 * large, with space to write), or saved for a spreadsheet. Fields that a role may not see do not come.
 */
import { useEffect, useState } from 'preact/hooks';
import {
  birthDayName,
  type CourseWithSeats,
  momentName,
  PURGED,
  phoneNumberName,
  type Roster,
  type RosterRow,
  shortDayName,
  takesApplications,
} from '../rules.ts';
import { LoggedOutError, listCourses, RefusedError } from './api.ts';
import { saveRoster, wholeRoster } from './applications-api.ts';
import type { ScreenProps } from './sections.tsx';

export function RosterScreen(props: ScreenProps) {
  return props.rest === '' ? <CourseChoice {...props} /> : <RosterOf key={props.rest} {...props} />;
}

function CourseChoice({ session, onGo, onLoggedOut }: ScreenProps) {
  const [courses, setCourses] = useState<readonly CourseWithSeats[] | undefined>();
  const [fault, setFault] = useState('');
  useEffect(() => {
    listCourses(session.accessToken).then(setCourses, (error) => {
      if (error instanceof LoggedOutError) onLoggedOut();
      else setFault('講座を読みこめませんでした。開き直してください。');
    });
  }, [session, onLoggedOut]);
  return (
    <section class="roster" aria-labelledby="roster-title">
      <h2 id="roster-title">名簿を見る講座</h2>
      <p role="alert">{fault}</p>
      <table class="rows">
        <thead>
          <tr>
            <th scope="col">初回</th>
            <th scope="col">講座</th>
          </tr>
        </thead>
        <tbody>
          {(courses ?? [])
            .filter(({ course }) => takesApplications(course) && course.publication !== 'template')
            .map(({ course: { courseId, title, sessions } }) => (
              <tr class="row" key={courseId}>
                <td class="row__day">{sessions[0] ? shortDayName(sessions[0].date) : ''}</td>
                <th scope="row" class="row__title">
                  <a
                    class="row__link"
                    href={`#roster/${courseId}`}
                    onClick={(event) => {
                      event.preventDefault();
                      onGo(courseId);
                    }}
                  >
                    {title}
                  </a>
                </th>
              </tr>
            ))}
        </tbody>
      </table>
    </section>
  );
}

const LIVE: ReadonlySet<RosterRow['status']> = new Set([
  'applied',
  'confirmed',
  'waiting',
  'offered',
]);

function RosterOf({ session, rest, onGo, onLoggedOut }: ScreenProps) {
  const [courseId = '', sessionKey] = rest.split('/');
  const [roster, setRoster] = useState<Roster | undefined>();
  const [readAt, setReadAt] = useState(new Date());
  const [sentence, setSentence] = useState('読みこんでいます…');
  const [showsOver, setShowsOver] = useState(false);

  useEffect(() => {
    wholeRoster(session.accessToken, courseId, sessionKey).then(
      (whole) => {
        setRoster(whole);
        setReadAt(new Date());
        setSentence('');
      },
      (error) => {
        if (error instanceof LoggedOutError) onLoggedOut();
        else if (error instanceof RefusedError) setSentence(error.message);
        else setSentence('名簿を読みこめませんでした。開き直してください。');
      },
    );
  }, [session, courseId, sessionKey, onLoggedOut]);

  if (!roster) return <p class="pane__empty">{sentence}</p>;
  const { course, may } = roster;
  const rows = roster.rows.filter(({ status }) => showsOver || LIVE.has(status));
  const comes = rows.filter(({ status }) => status === 'confirmed').length;
  const sessions =
    sessionKey === undefined
      ? course.sessions
      : course.sessions.filter(({ key }) => key === sessionKey);

  async function save() {
    setSentence('保存しています…');
    try {
      await saveRoster(session.accessToken, courseId, sessionKey);
      setSentence('保存しました。個人情報が入っています。使い終わったら消してください。');
    } catch (error) {
      if (error instanceof LoggedOutError) return onLoggedOut();
      setSentence('保存できませんでした。少し待って、もう一度お試しください。');
    }
  }

  return (
    <article class="roster" aria-labelledby="roster-title">
      <header class="roster__head">
        <p class="roster__mark">個人情報・取扱注意</p>
        <h2 id="roster-title">{course.title}　名簿</h2>
        <p class="roster__when">
          {sessions.map(({ key, name }) => (
            <span class="unbroken" key={key}>
              {name}
            </span>
          ))}
          <span>{course.venue}</span>
        </p>
        <p class="roster__sum">
          参加確定 {comes}件・ぜんぶで {rows.length}件
          <span class="roster__printed">　{momentName(readAt)}のようす</span>
        </p>
      </header>
      <div class="list__tools roster__tools">
        <button class="button" data-kind="plain" type="button" onClick={() => onGo('')}>
          ほかの講座
        </button>
        {course.isBySession && (
          <label class="list__tool" for="roster-session">
            <span>回</span>
            <select
              class="select"
              id="roster-session"
              value={sessionKey ?? ''}
              onChange={(event) => {
                const { value } = event.currentTarget;
                onGo(value === '' ? courseId : `${courseId}/${value}`);
              }}
            >
              <option value="">すべての回</option>
              {course.sessions.map(({ key, name }) => (
                <option key={key} value={key}>
                  {name}
                </option>
              ))}
            </select>
          </label>
        )}
        <label class="entry__tick">
          <input
            type="checkbox"
            checked={showsOver}
            onChange={(event) => setShowsOver(event.currentTarget.checked)}
          />
          取り消しなども出す
        </label>
        <button class="button" data-kind="second" type="button" onClick={() => print()}>
          印刷する
        </button>
        <button class="button" data-kind="second" type="button" onClick={() => void save()}>
          表（CSV）に保存
        </button>
        <p class="item__told" role="status">
          {sentence}
        </p>
      </div>
      {rows.length === 0 ? (
        <p class="pane__empty">申し込みは、まだありません。</p>
      ) : (
        <table class="rows roster__table">
          <thead>
            <tr>
              <th scope="col">№</th>
              <th scope="col">申し込んだ方</th>
              <th scope="col">状態</th>
              <th scope="col">参加する方</th>
              {may.includes('contacts') && <th scope="col">電話番号</th>}
              {may.includes('care') && <th scope="col">配慮・メモ</th>}
              <th scope="col" class="roster__space">
                書きこみ
              </th>
            </tr>
          </thead>
          <tbody>
            {rows.map((row, index) => (
              <RosterLine
                key={row.registration.registrationId}
                row={row}
                number={index + 1}
                may={may}
              />
            ))}
          </tbody>
        </table>
      )}
    </article>
  );
}

/** A cell that says its column's name where the table has become a list of pairs. */
function Name({ children }: { readonly children: string }) {
  return (
    <span class="roster__name" aria-hidden="true">
      {children}
    </span>
  );
}

function RosterLine({
  row: { registration, lines, bookingNumber },
  number,
  may,
}: {
  readonly row: RosterRow;
  readonly number: number;
  readonly may: Roster['may'];
}) {
  const { applicant, participants = [], childcare = [], counts, registrationId } = registration;
  const care = [
    ...(registration.allergy ? [`アレルギー：${registration.allergy}`] : []),
    ...(registration.needs ? [registration.needs] : []),
    ...(registration.notes ?? []).map(({ text }) => text),
  ];
  const people = (rows: typeof participants, mark: string) =>
    rows.map((person) => (
      <div class="roster__person" key={`${mark}${person.name}${person.birthDate}`}>
        {mark}
        {person.name}
        <span class="roster__kana">
          <span class="unbroken">{person.kana}</span>
          {person.birthDate && <span class="unbroken">{birthDayName(person.birthDate)}</span>}
        </span>
      </div>
    ));
  return (
    <tr class="roster__row">
      <td class="roster__number">{number}</td>
      <th scope="row">
        {may.includes('applications') ? (
          <a class="roster__who" href={`#applications/${registrationId}`}>
            {applicant?.name || PURGED}
          </a>
        ) : (
          <span class="roster__who">{applicant?.name || PURGED}</span>
        )}
        <span class="roster__kana">{applicant?.kana}</span>
        <span class="roster__booking">{bookingNumber}</span>
      </th>
      <td>
        <Name>状態</Name>
        <div>
          {lines.map((line) => (
            <div key={line}>{line}</div>
          ))}
        </div>
      </td>
      <td>
        <Name>参加する方</Name>
        <div>
          {people(participants, '')}
          {people(childcare, '保育 ')}
          {counts.adults > 1 && <div>おとな {counts.adults}人</div>}
          {registration.dueMonth && <div>出産予定 {registration.dueMonth}</div>}
        </div>
      </td>
      {may.includes('contacts') && (
        <td class="roster__phone">
          <Name>電話番号</Name>
          {applicant?.phone && (
            <a href={`tel:${applicant.phone}`}>{phoneNumberName(applicant.phone)}</a>
          )}
        </td>
      )}
      {may.includes('care') && (
        <td>
          {care.length > 0 && <Name>配慮・メモ</Name>}
          <div>
            {care.map((text) => (
              <div key={text}>{text}</div>
            ))}
          </div>
        </td>
      )}
      <td class="roster__space" />
    </tr>
  );
}
