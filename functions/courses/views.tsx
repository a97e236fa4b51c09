/** How courses look: the list, one course, today's openings on the home page. Pure markup. */
import type { ComponentChildren } from 'preact';
import {
  ageName,
  type Day,
  dayInTokyo,
  formalDayName,
  momentName,
  partsOf,
  shortDayName,
  weekdayOf,
} from '../calendar/rules.ts';
import { SubscribeView } from '../calendar/views.tsx';
import type { Centre } from '../centre/model.ts';
import { eligibilityName } from '../registrations/rules.ts';
import type { Course, CourseStatusEntry, CourseWithSeats, Session } from './model.ts';
import {
  CENTRE_FEED,
  type CourseStatus,
  cancelDeadline,
  childcareKey,
  courseStatus,
  endsAt,
  monthsOf,
  startsAt,
  statusEntry,
  statusName,
} from './rules.ts';
import {
  callsFor,
  callUntilName,
  childcareLeftName,
  childcareName,
  drawLinkName,
  drawSentence,
  formLinkName,
  hoursName,
  judgedName,
  poolChildcareName,
  poolSeatsName,
  seatsName,
  sessionName,
  statusSentence,
} from './words.ts';

interface Seen {
  readonly course: Course;
  readonly entry: CourseStatusEntry;
  readonly status: CourseStatus;
}

function see({ course, pools }: CourseWithSeats, now: Date): Seen {
  const entry = statusEntry(course, pools);
  return { course, entry, status: courseStatus(entry, now) };
}

/** The address of a course's page. */
export function coursePath(course: Pick<Course, 'courseId'>): string {
  return `/courses/${course.courseId}/`;
}

/** Whether the list shows it: published or called off, listed, and not over. */
function isShown(course: Course, now: Date): boolean {
  return (
    course.listed &&
    (course.publication === 'published' || course.publication === 'cancelled') &&
    sessionsToCome(course, now).length > 0
  );
}

function sessionsToCome(course: Course, now: Date): readonly Session[] {
  return [...course.sessions]
    .sort((a, b) => (`${a.date}${a.start}` < `${b.date}${b.start}` ? -1 : 1))
    .filter((session) => endsAt(session) > now);
}

function inOrder(a: Course, b: Course, now: Date): number {
  const key = (course: Course) => {
    const [next] = sessionsToCome(course, now);
    return next ? `${next.date}${next.start}` : '9';
  };
  return key(a) < key(b) ? -1 : 1;
}

export function StatusChip({ status }: { readonly status: CourseStatus }) {
  return (
    <span class="chip" data-status={status} data-part="chip">
      {statusName[status]}
    </span>
  );
}

/**
 * Ages that the list can be narrowed to. A course belongs to every group that its own range of
 * ages touches; `expecting` and `adult` are not ages of a child.
 */
export const ageGroups = [
  { key: 'expecting', name: '妊娠中' },
  { key: 'm0', name: '0〜2か月', from: 0, to: 3 },
  { key: 'm3', name: '3〜5か月', from: 3, to: 6 },
  { key: 'm6', name: '6〜11か月', from: 6, to: 12 },
  { key: 'y1', name: '1歳〜1歳5か月', from: 12, to: 18 },
  { key: 'y15', name: '1歳6か月〜1歳11か月', from: 18, to: 24 },
  { key: 'y2', name: '2歳', from: 24, to: 36 },
  { key: 'y3', name: '3歳から入学前', from: 36, to: 84 },
  { key: 'primary', name: '小学生', from: 72, to: 156 },
  { key: 'teens', name: '中学生・高校生', from: 144, to: 228 },
  { key: 'adult', name: 'おとなだけで' },
] as const;

/** Keys of the age groups that a course is for; one that asks nobody's age is for all of them. */
export function ageGroupsOf({ eligibility }: Pick<Course, 'eligibility'>): readonly string[] {
  const { who, minMonths, maxMonthsExclusive, minSchoolYear, maxSchoolYear } = eligibility;
  // School year n begins at 5 + n years; the groups need no more than that.
  const from = minMonths ?? (minSchoolYear === undefined ? 0 : (minSchoolYear + 5) * 12);
  const to = maxMonthsExclusive ?? (maxSchoolYear === undefined ? 1200 : (maxSchoolYear + 7) * 12);
  return ageGroups
    .filter((group) => {
      if (who === 'anyone') return true;
      if (group.key === 'expecting') return eligibility.expecting !== undefined;
      if (group.key === 'adult') return who === 'parent' || (who === 'self' && to > 240);
      // At six a child is before school or in it: what counts is what the course says.
      if (group.key === 'y3' && (minSchoolYear ?? 0) >= 1) return false;
      if (group.key === 'primary' && maxSchoolYear === 0) return false;
      return from < group.to && group.from < to;
    })
    .map((group) => group.key);
}

function DayTile({ day, more }: { readonly day: Day; readonly more: number }) {
  const { month, day: number } = partsOf(day);
  return (
    <p class="day">
      <time class="day__date" dateTime={day}>
        <span class="day__month">{month}月</span>
        <span class="day__number">
          {number}
          <span class="visually-hidden">日</span>
        </span>
        <span class="day__weekday">（{'日月火水木金土'.charAt(weekdayOf(day))}）</span>
      </time>
      {more > 0 && <span class="day__more">ほか{more}回</span>}
    </p>
  );
}

function CourseCard({
  seen: { course, entry, status },
  now,
  heading: Heading,
}: {
  readonly seen: Seen;
  readonly now: Date;
  readonly heading: 'h2' | 'h3';
}) {
  const coming = sessionsToCome(course, now);
  const [next] = coming.length > 0 ? coming : course.sessions;
  if (!next) return null;
  return (
    <li
      class="card"
      data-course-id={course.courseId}
      data-months={monthsOf(course)
        .map((month) => `month-${Number(month.slice(5))}`)
        .join(' ')}
      data-ages={ageGroupsOf(course).join(' ')}
      data-childcare={course.childcare ? '' : undefined}
      data-status={status}
    >
      <DayTile day={next.date} more={coming.length - 1} />
      <div class="card__body">
        <Heading class="card__title">
          <a class="card__link" href={coursePath(course)}>
            {course.title}
          </a>
        </Heading>
        <p class="card__state">
          <StatusChip status={status} />
          <span class="seats" data-part="seats">
            {seatsName(entry, status, now)}
          </span>
        </p>
        <dl class="card__facts">
          <div>
            <dt>対象</dt>
            <dd>{course.audience}</dd>
          </div>
          <div>
            <dt>時間</dt>
            <dd>{hoursName(next)}</dd>
          </div>
          <div>
            <dt>会場</dt>
            <dd>{next.venue ?? course.venue}</dd>
          </div>
          {course.childcare && (
            <div>
              <dt>保育</dt>
              <dd data-part="childcare-left">{childcareLeftName(entry, now)}</dd>
            </div>
          )}
        </dl>
      </div>
    </li>
  );
}

/** The list of everything to come, with filters that work without script (styles read them). */
export function CourseListView({
  courses,
  centre,
  now,
  origin,
}: {
  readonly courses: readonly CourseWithSeats[];
  readonly centre: Centre;
  readonly now: Date;
  /** Of the site, for the address of the calendar. */
  readonly origin: string;
}) {
  const seen = courses
    .filter(({ course }) => isShown(course, now))
    .map((each) => see(each, now))
    .sort((a, b) => inOrder(a.course, b.course, now));
  const months = [...new Set(seen.flatMap(({ course }) => monthsOf(course)))]
    .filter((month) => month >= dayInTokyo(now).slice(0, 7))
    .sort()
    .slice(0, 12);
  return (
    <div class="page">
      <nav class="breadcrumb" aria-label="いまいる場所">
        <ol class="breadcrumb__list" role="list">
          <li class="breadcrumb__item">
            <a href="/">ホーム</a>
          </li>
          <li class="breadcrumb__item">
            <span aria-current="page">講座・行事</span>
          </li>
        </ol>
      </nav>
      <header class="page__head">
        <h1>講座・行事</h1>
        <p class="page__lead">{centre.booking.audienceNote}</p>
      </header>
      {seen.length === 0 ? (
        <NothingOpen />
      ) : (
        <div class="course-list page__wide" data-course-list>
          <form class="filters" aria-labelledby="filters-title">
            <h2 class="filters__title" id="filters-title">
              条件でさがす
            </h2>
            <div class="filters__grid">
              <div class="field">
                <label class="field__label" for="filter-age">
                  お子さんの月齢・年齢
                </label>
                <select class="select" id="filter-age" name="age" autocomplete="off">
                  <option value="">すべて</option>
                  {ageGroups.map((group) => (
                    <option key={group.key} value={group.key}>
                      {group.name}
                    </option>
                  ))}
                </select>
              </div>
              <div class="field">
                <label class="field__label" for="filter-month">
                  月
                </label>
                <select class="select" id="filter-month" name="month" autocomplete="off">
                  <option value="">すべて</option>
                  {months.map((month) => (
                    <option key={month} value={`month-${Number(month.slice(5))}`}>
                      {Number(month.slice(0, 4))}年{Number(month.slice(5))}月
                    </option>
                  ))}
                </select>
              </div>
              <div class="choices">
                <label class="choice" data-plain>
                  <input id="filter-open" type="checkbox" name="open" autocomplete="off" />
                  <span>いま申し込めるもの</span>
                </label>
                <label class="choice" data-plain>
                  <input
                    id="filter-childcare"
                    type="checkbox"
                    name="childcare"
                    autocomplete="off"
                  />
                  <span>保育のあるもの</span>
                </label>
              </div>
            </div>
          </form>
          <div>
            <p class="filters__answer" role="status" data-part="answer"></p>
            <ul class="cards">
              {seen.map((each) => (
                <CourseCard key={each.course.courseId} seen={each} now={now} heading="h2" />
              ))}
            </ul>
            <div class="empty course-list__end">
              <p class="empty__title">
                <strong>ちょうどよいものが見つからないときは</strong>
              </p>
              <p>条件を減らしてみてください。ひろばは、予約なしで来られます。</p>
              <p>
                <a class="onward" href="/hiroba/">
                  ひろばを見る
                </a>
              </p>
            </div>
          </div>
        </div>
      )}
      <section class="hiroba__more no-print" aria-labelledby="subscribe-title">
        <h2 id="subscribe-title">講座・行事を、カレンダーで見る</h2>
        <SubscribeView origin={origin} feeds={[{ name: '講座・行事', path: CENTRE_FEED }]} />
      </section>
    </div>
  );
}

function NothingOpen() {
  return (
    <div class="empty">
      <p class="empty__title">
        <strong>いま申し込める講座はありません</strong>
      </p>
      <p>新しい講座は、決まりしだいここに出ます。ひろばは、予約なしで来られます。</p>
      <p>
        <a class="onward" href="/hiroba/">
          ひろばを見る
        </a>
      </p>
    </div>
  );
}

/** How near each status is to something a parent can do now. */
const openingRank: Partial<Record<CourseStatus, number>> = {
  open: 0,
  lottery_open: 1,
  soon: 2,
  full_waitlist: 3,
};

/** Today's openings for the home page: at most six, bookable ones first. */
export function OpeningsView({
  courses,
  now,
}: {
  readonly courses: readonly CourseWithSeats[];
  readonly now: Date;
}) {
  const seen = courses
    .filter(({ course }) => isShown(course, now))
    .map((each) => see(each, now))
    .filter(({ status }) => openingRank[status] !== undefined)
    .sort((a, b) => {
      const rank = (openingRank[a.status] ?? 9) - (openingRank[b.status] ?? 9);
      return rank === 0 ? inOrder(a.course, b.course, now) : rank;
    })
    .slice(0, 6);
  if (seen.length === 0) return <NothingOpen />;
  return (
    <ul class="cards">
      {seen.map((each) => (
        <CourseCard key={each.course.courseId} seen={each} now={now} heading="h3" />
      ))}
    </ul>
  );
}

/** What can be taken, and how: the one thing on a course's page that changes by the minute. */
function TakePart({
  seen: { course, entry, status },
  centre,
  now,
}: {
  readonly seen: Seen;
  readonly centre: Centre;
  readonly now: Date;
}) {
  const link = formLinkName(entry, status, now);
  const drawLink = drawLinkName(entry, now);
  const tiers = course.lottery?.tiers ?? [];
  return (
    <section class="course__take" data-status={status} aria-label="申し込み">
      <p class="course__state">
        <StatusChip status={status} />
        <span class="seats course__seats" data-part="seats" role="status">
          {seatsName(entry, status, now)}
        </span>
      </p>
      {course.childcare && status !== 'cancelled' && (
        <p class="course__childcare" data-part="childcare">
          {childcareName(entry, now)}
        </p>
      )}
      <p data-part="sentence">{statusSentence(entry, status, now)}</p>
      {course.application.method === 'lottery' && status !== 'cancelled' && (
        <>
          {course.drawnAt === undefined && <p>{drawSentence(course)}</p>}
          {course.drawnAt === undefined && tiers.length > 0 && (
            <p>
              優先される方：{tiers.map(({ label }) => label).join('、')}（この順に、先に抽選します）
            </p>
          )}
          <p class="no-print" data-part="draw-link" hidden={drawLink === undefined}>
            <a class="onward" href={`${coursePath(course)}draw/`}>
              {drawLink ?? '抽選のしくみを見る'}
            </a>
          </p>
        </>
      )}
      {entry.bookable && (
        <p class="no-print" data-part="form-link" hidden={link === undefined}>
          <a
            class="button"
            data-wide
            data-kind={status === 'soon' ? 'second' : undefined}
            href={`${coursePath(course)}apply/`}
          >
            {link ?? '申し込みに進む'}
          </a>
        </p>
      )}
      <p data-part="call" hidden={!callsFor(status)}>
        <a class="phone__number" href={`tel:${centre.phones.main}`}>
          {centre.phones.main}
        </a>
        <br />
        <span class="note">{centre.hoursNote}</span>
      </p>
    </section>
  );
}

function Fact({ name, children }: { readonly name: string; readonly children: ComponentChildren }) {
  return (
    <div class="facts__row">
      <dt>{name}</dt>
      <dd>{children}</dd>
    </div>
  );
}

/** One course: everything a parent asks, in the order in which it is asked. */
export function CourseView({
  course,
  pools,
  centre,
  now,
}: CourseWithSeats & { readonly centre: Centre; readonly now: Date }) {
  const seen = see({ course, pools }, now);
  const { entry } = seen;
  const link = formLinkName(entry, seen.status, now);
  const [first] = course.sessions;
  const isOneTime = new Set(course.sessions.map(({ date, start }) => `${date}${start}`)).size === 1;
  const isOneDay = course.sessions.every(({ date }) => date === first?.date);
  const isCalledOff = seen.status === 'cancelled';
  const { application, eligibility, childcare, fee } = course;
  const asksAge =
    eligibility.who !== 'anyone' &&
    (eligibility.minMonths !== undefined ||
      eligibility.maxMonthsExclusive !== undefined ||
      eligibility.minSchoolYear !== undefined ||
      eligibility.maxSchoolYear !== undefined);
  return (
    <div class="page" data-course-id={course.courseId}>
      <nav class="breadcrumb" aria-label="いまいる場所">
        <ol class="breadcrumb__list" role="list">
          <li class="breadcrumb__item">
            <a href="/">ホーム</a>
          </li>
          <li class="breadcrumb__item">
            <a href="/courses/">講座・行事</a>
          </li>
          <li class="breadcrumb__item">
            <span aria-current="page">{course.title}</span>
          </li>
        </ol>
      </nav>
      <article class="course page__wide">
        <header class="course__head">
          <p class="course__kind">{course.category}</p>
          <h1>{course.title}</h1>
          {first && (
            <p class="course__when">
              {isOneTime ? (
                <>
                  <span class="unbroken">{shortDayName(first.date)}</span>{' '}
                  <span class="unbroken">{hoursName(first)}</span>
                </>
              ) : (
                <>
                  <span class="unbroken">{shortDayName(first.date)}</span>
                  {isOneDay ? ' ' : 'から'}
                  {course.sessionChoice === 'all' ? '全' : ''}
                  {course.sessions.length}回{course.sessionChoice === 'one_of' && 'のうち1回'}
                </>
              )}
            </p>
          )}
          <p class="course__summary">{course.summary}</p>
        </header>
        <TakePart seen={seen} centre={centre} now={now} />
        <div class="course__details">
          <section class="course__section">
            <h2>参加する前に知りたいこと</h2>
            <dl class="facts">
              <Fact name="どなたが">
                {course.audience}
                {asksAge && (
                  <p class="note">
                    {eligibility.who === 'self' ? '年齢' : 'お子さんの年齢'}は{judgedName(course)}
                    数えます（
                    <span class="unbroken">{eligibilityName(eligibility)}</span>）。
                  </p>
                )}
                {eligibility.expecting && (
                  <p class="note">{eligibility.expecting.label}の方も参加できます。</p>
                )}
              </Fact>
              <Fact name="いつ">
                <Sessions course={course} entry={entry} now={now} />
              </Fact>
              <Fact name="どこで">{course.venue}</Fact>
              <Fact name="持ちもの">
                {course.bring.length === 0 ? '特にありません。' : course.bring.join('、')}
              </Fact>
              <Fact name="費用">
                {fee.yen === 0 ? '無料' : `${fee.yen.toLocaleString('ja-JP')}円`}
                {fee.detail !== undefined && `（${fee.detail}）`}
              </Fact>
              <Fact name="定員">{capacityName(course)}</Fact>
              <Fact name="保育">
                {childcare ? (
                  <>
                    {childcare.places}人まで
                    {course.sessionChoice !== 'all' && '（1回ごと）'}。
                    {ageName(childcare.minMonths)}から小学校に入る前まで。
                    {childcare.note !== undefined && `${childcare.note}。`}
                    <p class="note">{centre.booking.childcareRule}</p>
                  </>
                ) : (
                  'この講座に保育はありません。'
                )}
              </Fact>
              {course.accessibility.length > 0 && (
                <Fact name="用意があります">{course.accessibility.join('、')}</Fact>
              )}
              {course.notes.length > 0 && (
                <Fact name="お知らせ">
                  {course.notes.map((note) => (
                    <p key={note}>{note}</p>
                  ))}
                </Fact>
              )}
            </dl>
          </section>
          <section class="course__section">
            <h2>{isCalledOff ? '問い合わせ' : '申し込みと取り消し'}</h2>
            <dl class="facts">
              {!isCalledOff && (
                <>
                  <Fact name="申し込み方">
                    {howToApply(course)}
                    {entry.bookable && (
                      <p class="no-print" data-part="form-link" hidden={link === undefined}>
                        <a class="onward" href={`${coursePath(course)}apply/`}>
                          {link ?? '申し込みに進む'}
                        </a>
                      </p>
                    )}
                    {application.note !== undefined && <p class="note">{application.note}</p>}
                  </Fact>
                  {(application.opensAt !== undefined || application.closesAt !== undefined) && (
                    <Fact
                      name={application.method === 'none' ? '保育の申し込み' : '申し込みの期間'}
                    >
                      {application.opensAt !== undefined && (
                        <>
                          <time class="unbroken" dateTime={application.opensAt}>
                            {momentName(new Date(application.opensAt))}
                          </time>
                          から、
                        </>
                      )}
                      {application.closesAt !== undefined && (
                        <>
                          <time class="unbroken" dateTime={application.closesAt}>
                            {entry.bookable
                              ? momentName(new Date(application.closesAt))
                              : callUntilName(new Date(application.closesAt))}
                          </time>
                          まで{!entry.bookable && '（電話の受付時間内）'}
                        </>
                      )}
                    </Fact>
                  )}
                  {application.drawAt !== undefined && (
                    <Fact name="抽選">
                      {momentName(new Date(application.drawAt))}に抽選します。
                    </Fact>
                  )}
                  {(application.method !== 'none' || childcare) && (
                    <Fact name="取り消し">
                      {centre.booking.cancelRule}
                      {entry.bookable && (
                        <p class="note">
                          <a href="/bookings/">予約の確認</a>のページから、
                          {course.sessionChoice === 'all'
                            ? momentName(
                                cancelDeadline(course.sessions, centre.booking.cancelUntil),
                              )
                            : '参加する日の前日の17時'}
                          まで取り消せます。
                        </p>
                      )}
                    </Fact>
                  )}
                </>
              )}
              <Fact name="問い合わせ">
                <a class="phone__number" href={`tel:${centre.phones.main}`}>
                  {centre.phones.main}
                </a>
                <p class="note">{centre.hoursNote}</p>
              </Fact>
            </dl>
          </section>
        </div>
      </article>
      <p class="page__updated">
        {formalDayName(dayInTokyo(new Date(course.updatedAt)))}に更新しました。
      </p>
    </div>
  );
}

function Sessions({
  course,
  entry,
  now,
}: {
  readonly course: Course;
  readonly entry: CourseStatusEntry;
  readonly now: Date;
}) {
  const numbered = course.sessionChoice === 'all' && course.sessions.length > 1;
  return (
    <ul class="sessions" role="list">
      {sessionsByDay(course).map((sessions, index) => {
        const [first] = sessions;
        return (
          first && (
            <li class="sessions__item" key={first.key}>
              {numbered && <span class="sessions__number">第{index + 1}回</span>}
              <time dateTime={first.date}>{formalDayName(first.date)}</time>
              {sessions.map((session) => (
                <span class="sessions__hours" key={session.key}>
                  <span class="unbroken">{hoursName(session)}</span>
                  {session.venue !== undefined && <span>{session.venue}</span>}
                  <SessionSeats course={course} entry={entry} session={session} now={now} />
                </span>
              ))}
            </li>
          )
        );
      })}
    </ul>
  );
}

/** From so many on, the sessions of a day are told together. */
const MANY_SESSIONS = 9;

function sessionsByDay({ sessions }: Course): readonly (readonly Session[])[] {
  if (sessions.length < MANY_SESSIONS) return sessions.map((session) => [session]);
  const days = [...new Set(sessions.map(({ date }) => date))];
  return days.map((day) => sessions.filter(({ date }) => date === day));
}

/** What is left of a session that can be chosen. */
function SessionSeats({
  course,
  entry,
  session,
  now,
}: {
  readonly course: Course;
  readonly entry: CourseStatusEntry;
  readonly session: Session;
  readonly now: Date;
}) {
  const pool = course.capacity.perSession ? entry.pools[session.key] : undefined;
  const key = childcareKey(course, session.key);
  const childcare = course.sessionChoice === 'all' ? undefined : entry.childcare?.[key];
  if (!entry.bookable || (!pool && !childcare)) return null;
  if (now >= startsAt(session)) return <span class="note">終わりました</span>;
  return (
    <>
      {pool && (
        <span class="seats" data-part="pool-seats" data-pool={session.key}>
          {poolSeatsName(pool, entry)}
        </span>
      )}
      {childcare && (
        <span data-part="pool-childcare" data-pool={key}>
          {poolChildcareName(childcare, entry)}
        </span>
      )}
    </>
  );
}

/** 「15組」「6組（1回ごと）」「研修室 20人、オンライン 30人」. */
function capacityName(course: Course): string {
  const { seats, unit, perSession } = course.capacity;
  if (seats === null) return '決まっていません。';
  if (!perSession) return `${seats}${unit}`;
  return course.sessions.every((session) => (session.seats ?? seats) === seats)
    ? `${seats}${unit}（1回ごと）`
    : course.sessions
        .map((session) => `${sessionName(course, session)} ${session.seats ?? seats}${unit}`)
        .join('、');
}

function howToApply({ application, childcare, drawnAt }: Course): string {
  switch (application.method) {
    case 'none':
      return childcare
        ? '参加の申し込みはいりません。保育を希望する方だけ、申し込んでください。このサイト、お電話、窓口で受け付けます。'
        : '申し込みはいりません。当日、そのままお越しください。';
    case 'staff':
      return '担当の職員が受け付けます。参加したい方は、職員かお電話でお申し出ください。';
    case 'lottery':
      return drawnAt === undefined
        ? '抽選です。早く申し込んでも、当たりやすさは変わりません。このサイト、お電話、窓口で受け付けます。'
        : '抽選のあとに残った席は、先着順です。このサイト、お電話、窓口で受け付けます。';
    case 'first_come':
      return '先着順です。このサイト、お電話、窓口で受け付けます。';
  }
}
