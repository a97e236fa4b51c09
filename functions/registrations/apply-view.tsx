/**
 * The application form of a household: one page, and on it only what this course asks. Pure markup,
 * rendered by the worker (published form) and by public-api (a form that was refused).
 */
import { ageName, clockName, type Day, shortDayName } from '../calendar/rules.ts';
import type { Centre } from '../centre/model.ts';
import type { Course, CourseStatusEntry, CourseWithSeats, Session } from '../courses/model.ts';
import {
  awaitsDraw,
  childcareKey,
  courseStatus,
  judgingDay,
  startsAt,
  statusEntry,
  takesSeats,
} from '../courses/rules.ts';
import { coursePath, StatusChip } from '../courses/views.tsx';
import {
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
} from '../courses/words.ts';
import { fieldAttributes } from './attributes.ts';
import {
  controlOf,
  ErrorText,
  type FormState,
  filledRows,
  isTicked,
  Mark,
  type Need,
  PersonFields,
  Phone,
  type Problem,
  ProblemSummary,
  Section,
  TextAreaField,
  TextField,
  TickField,
  typedFields,
} from './form-parts.tsx';
import { MAX_CHILDCARE, MAX_PARTICIPANTS } from './model.ts';
import { eligibilityName } from './rules.ts';

/** How many rows a form without script shows, beside those that were filled in. */
const SPARE_ROWS = 4;
/** Adults of one household who come along. */
const MOST_ADULTS = 6;

interface Asked {
  readonly course: Course;
  readonly entry: CourseStatusEntry;
  readonly state: FormState;
  readonly now: Date;
}

/** The application form; the same page again, with everything typed, after a refusal. */
export function ApplyView({
  course,
  pools,
  centre,
  now,
  typed: sent,
  problems = [],
  refusal,
}: CourseWithSeats & {
  readonly centre: Centre;
  readonly now: Date;
  /** What the form sent, nested as it was parsed. */
  readonly typed?: unknown;
  readonly problems?: readonly Problem[];
  /** A refusal that belongs to no field. */
  readonly refusal?: string | undefined;
}) {
  const entry = statusEntry(course, pools);
  const status = courseStatus(entry, now);
  const state: FormState = {
    typed: typedFields(sent),
    problems: new Map(problems.map(({ field, sentence }) => [field, sentence])),
  };
  const asked: Asked = { course, entry, state, now };
  const { eligibility } = course;
  const isForChildcareOnly = !takesSeats(course);
  const isChosen = course.sessionChoice !== 'all';
  const asksWho = eligibility.who !== 'anyone' && !isForChildcareOnly;
  const asksTiers = awaitsDraw(course) && (course.lottery?.tiers ?? []).length > 0;
  const steps = [
    ...(isChosen ? (['session'] as const) : []),
    ...(asksWho ? (['who'] as const) : []),
    ...(course.childcare ? (['childcare'] as const) : []),
    'applicant' as const,
    ...(course.asks.includes('guardian') ? (['guardian'] as const) : []),
    ...(asksTiers ? (['tiers'] as const) : []),
    'needs' as const,
  ];
  const step = (name: (typeof steps)[number]) => steps.indexOf(name) + 1;
  const isClosed = formLinkName(entry, status, now) === undefined;
  const kind = isForChildcareOnly
    ? '保育だけのお申し込み'
    : awaitsDraw(course)
      ? '抽選の申し込み'
      : '申し込み';
  return (
    <div class="page" data-course-id={course.courseId}>
      <nav class="breadcrumb" aria-label="いまいる場所">
        <ol class="breadcrumb__list" role="list">
          <li class="breadcrumb__item">
            <a href="/courses/">講座・行事</a>
          </li>
          <li class="breadcrumb__item">
            <a href={coursePath(course)}>{course.title}</a>
          </li>
          <li class="breadcrumb__item">
            <span aria-current="page">申し込み</span>
          </li>
        </ol>
      </nav>
      <header class="page__head">
        <p class="course__kind">{kind}</p>
        <h1>{course.title}</h1>
        {!isChosen && <When course={course} />}
        <p class="course__state apply__state">
          <StatusChip status={status} />
          <span class="seats" data-part="seats" role="status">
            {seatsName(entry, status, now)}
          </span>
        </p>
        <p data-part="sentence">{statusSentence(entry, status, now)}</p>
        {awaitsDraw(course) && <Draw course={course} entry={entry} now={now} />}
      </header>
      <ProblemSummary
        problems={problems.map((problem) => ({
          field: controlOf(problem.field),
          sentence: summarySentence(problem, course, state),
        }))}
        refusal={refusal}
        centre={centre}
      />
      <form
        class="form"
        method="post"
        action="/api/registrations"
        accept-charset="utf-8"
        novalidate={problems.length > 0 ? true : undefined}
        data-apply-form
        data-phone={centre.phones.main}
        data-eligibility={JSON.stringify(eligibility)}
        data-childcare={course.childcare && JSON.stringify(course.childcare)}
        data-judged-on={JSON.stringify(judgingDays(course))}
      >
        <input type="hidden" name="courseId" value={course.courseId} />
        {isChosen && (
          <Section
            number={step('session')}
            title="参加する回をえらぶ"
            lead={
              course.sessionChoice === 'each'
                ? '来たい回を、いくつでもえらべます。えらんだ回の席を、すべてお取りします。'
                : undefined
            }
          >
            {course.sessionChoice === 'each' ? (
              <SessionSet {...asked} />
            ) : (
              <SessionPreferences {...asked} />
            )}
          </Section>
        )}
        {asksWho && <Participants {...asked} number={step('who')} />}
        {course.childcare && (
          <Childcare
            {...asked}
            offer={course.childcare}
            number={step('childcare')}
            isAlone={isForChildcareOnly}
          />
        )}
        <Section
          number={step('applicant')}
          title="申し込む方"
          lead={
            asksWho && eligibility.who === 'self'
              ? '参加する方が申し込むときは、同じお名前を書いてください。'
              : undefined
          }
        >
          <Applicant state={state} />
          {course.capacity.countedBy === 'person' && !isForChildcareOnly && (
            <AdultsField state={state} />
          )}
          {!asksWho && eligibility.conditions.length > 0 && (
            <ConditionsField state={state} conditions={eligibility.conditions} />
          )}
        </Section>
        {course.asks.includes('guardian') && (
          <Section
            number={step('guardian')}
            title="保護者の方"
            lead="申し込む前に、保護者の方に話して、いいよと言ってもらってください。当日、急なときにお電話します。"
          >
            <TextField
              state={state}
              field="guardian.name"
              label="お名前"
              whose="保護者の方"
              attributes={fieldAttributes.name}
              autocomplete="off"
            />
            <TextField
              state={state}
              field="guardian.phone"
              label="当日つながる電話番号"
              whose="保護者の方"
              attributes={fieldAttributes.phone}
              kind="tel"
              autocomplete="off"
              size="code"
              check="phone"
            />
          </Section>
        )}
        {asksTiers && (
          <Section
            number={step('tiers')}
            title="優先のご確認"
            lead="あてはまるものにチェックを入れてください。上のものから先に抽選します。当日、確かめることがあります。"
          >
            <div class="choices">
              {course.lottery?.tiers.map(({ key, label }) => (
                <TickField key={key} state={state} field={`tiers.${key}`} label={label} />
              ))}
            </div>
          </Section>
        )}
        <Section number={step('needs')} title="お知らせいただきたいこと">
          {course.asks.includes('allergy') && (
            <TextAreaField
              state={state}
              field="allergy"
              label="食べもののアレルギー"
              support="食べものを扱います。ないときは「なし」と書いてください。例：卵、そば（少しでも食べられない）"
              attributes={fieldAttributes.allergy}
              rows={2}
            />
          )}
          <TextAreaField
            state={state}
            field="needs"
            label="配慮してほしいこと"
            support={
              course.asks.includes('allergy')
                ? '車いす、ことば、手話、授乳の場所など、何でもお書きください。'
                : 'アレルギー、車いす、ことば、手話、授乳の場所など、何でもお書きください。'
            }
            attributes={fieldAttributes.needs}
            rows={4}
          />
        </Section>
        <section class="review" data-part="review" hidden aria-labelledby="review-title">
          <h2 class="review__title" id="review-title">
            送る前に、お確かめください
          </h2>
          <dl class="facts" data-part="review-facts"></dl>
        </section>
        <div class="notice" data-kind="calm">
          <h2 class="notice__title">お書きいただいたことの使いみち</h2>
          <p class="note">
            {centre.booking.purposeNotice}
            <a href="/privacy/">個人情報の取り扱い</a>
          </p>
        </div>
        <div class="form-status" data-part="form-status" role="alert"></div>
        <div>
          {isClosed ? (
            <p>
              いまは、このページから申し込めません。お電話ください。
              <br />
              <Phone centre={centre} />
            </p>
          ) : (
            <button class="button" data-wide type="submit" data-part="submit">
              この内容で申し込む
            </button>
          )}
        </div>
      </form>
    </div>
  );
}

/** The days on which ages count, by session; the empty key is for nothing chosen yet. */
function judgingDays(course: Course): Readonly<Record<string, Day>> {
  const keys = course.sessionChoice === 'all' ? [] : course.sessions.map(({ key }) => key);
  return Object.fromEntries(
    ['', ...keys].map((key) => [key, judgingDay(course, key === '' ? undefined : key)]),
  );
}

function When({ course }: { readonly course: Course }) {
  return (
    <p class="course__when">
      {course.sessions.slice(0, 3).map((session) => (
        <span class="apply__session" key={session.key}>
          <span class="unbroken">{shortDayName(session.date)}</span>{' '}
          <span class="unbroken">{hoursName(session)}</span>
        </span>
      ))}
      {course.sessions.length > 3 && <span>ほか {course.sessions.length - 3}回</span>}
    </p>
  );
}

function Draw({ course, entry, now }: Pick<Asked, 'course' | 'entry' | 'now'>) {
  const name = drawLinkName(entry, now);
  return (
    <>
      <p>{drawSentence(course)}</p>
      <p data-part="draw-link" hidden={name === undefined}>
        <a class="onward" href={`${coursePath(course)}draw/`}>
          {name ?? '抽選のしくみを見る'}
        </a>
      </p>
    </>
  );
}

/** From so many on, choices are gathered by day, with their hours in a grid. */
const MANY_SESSIONS = 9;

/** Sessions that have not begun, by day where there are many. */
function sessionGroups({ course, now }: Pick<Asked, 'course' | 'now'>): {
  readonly day: Day | undefined;
  readonly sessions: readonly Session[];
}[] {
  const toCome = course.sessions.filter((session) => startsAt(session) > now);
  const days = [...new Set(toCome.map(({ date }) => date))];
  if (toCome.length < MANY_SESSIONS || days.length * 2 > toCome.length) {
    return [{ day: undefined, sessions: toCome }];
  }
  return days.map((day) => ({ day, sessions: toCome.filter(({ date }) => date === day) }));
}

/** What is left of a session, beside its name. */
function SessionSeats({ course, entry, session }: Asked & { readonly session: Session }) {
  const pool = course.capacity.perSession ? entry.pools[session.key] : undefined;
  const key = childcareKey(course, session.key);
  const childcare = entry.childcare?.[key];
  if (!pool && !childcare) return null;
  return (
    <span class="choice__note">
      {pool && (
        <span data-part="pool-seats" data-pool={session.key}>
          {poolSeatsName(pool, entry)}
        </span>
      )}
      {pool && childcare && '　'}
      {childcare && (
        <span data-part="pool-childcare" data-pool={key}>
          {poolChildcareName(childcare, entry)}
        </span>
      )}
    </span>
  );
}

/** What makes the control of a session: one of them, or as many as are wanted. */
interface Choice {
  readonly type: 'radio' | 'checkbox';
  readonly id: string;
  readonly name: string;
  readonly checked: boolean;
  readonly required?: boolean;
}

function SessionChoices({
  asked,
  choice,
}: {
  readonly asked: Asked;
  readonly choice: (session: Session, index: number) => Choice;
}) {
  const { course } = asked;
  const groups = sessionGroups(asked);
  const all = groups.flatMap(({ sessions }) => sessions);
  return groups.map(({ day, sessions }) => (
    <div key={day ?? ''} class="choices__group">
      {day !== undefined && (
        <p class="choices__day" aria-hidden="true">
          {shortDayName(day)}
        </p>
      )}
      <div class="choices" data-dense={day === undefined ? undefined : ''}>
        {sessions.map((session) => (
          <label class="choice" key={session.key}>
            <input value={session.key} {...choice(session, all.indexOf(session))} />
            <span>
              {day === undefined ? (
                sessionName(course, session)
              ) : (
                <>
                  <span class="visually-hidden">{shortDayName(day)} </span>
                  {clockName(session.start)}から
                </>
              )}
            </span>
            <SessionSeats {...asked} session={session} />
          </label>
        ))}
      </div>
    </div>
  ));
}

/** Each date is booked for itself: as many as are wanted. */
function SessionSet(asked: Asked) {
  const { course, state } = asked;
  const chosen = new Set(
    course.sessions.map((_, index) => state.typed[`sessionKeys.${index}`] ?? ''),
  );
  return (
    <fieldset
      class="field"
      data-field="sessionKeys.0"
      data-check="sessions"
      aria-describedby="sessionKeys-0-error"
    >
      <legend class="field__legend">
        参加する回
        <Mark required={true} />
      </legend>
      <SessionChoices
        asked={asked}
        choice={(session, index) => ({
          type: 'checkbox',
          id: `sessionKeys-${index}`,
          name: `sessionKeys.${index}`,
          checked: chosen.has(session.key),
        })}
      />
      <ErrorText id="sessionKeys-0" sentence={state.problems.get('sessionKeys.0')} />
    </fieldset>
  );
}

/** One of several: the first wish, and a second where it may help. */
function SessionPreferences(asked: Asked) {
  const { course, state } = asked;
  const second = state.problems.get('sessionKeys.1');
  const toCome = sessionGroups(asked).flatMap(({ sessions }) => sessions);
  const asksSecond = toCome.length > 1 && course.capacity.perSession;
  return (
    <>
      <fieldset class="field" data-field="sessionKeys.0" aria-describedby="sessionKeys-0-error">
        <legend class="field__legend">
          {asksSecond ? '第1希望' : '参加する回'}
          <Mark required={true} />
        </legend>
        <SessionChoices
          asked={asked}
          choice={(session, index) => ({
            type: 'radio',
            id: `sessionKeys-0${index === 0 ? '' : `-${session.key}`}`,
            name: 'sessionKeys.0',
            checked: state.typed['sessionKeys.0'] === session.key,
            required: true,
          })}
        />
        <ErrorText id="sessionKeys-0" sentence={state.problems.get('sessionKeys.0')} />
      </fieldset>
      {asksSecond && (
        <div class="field" data-field="sessionKeys.1" data-check="second">
          <label class="field__label" for="sessionKeys-1">
            第2希望
            <Mark required={false} />
          </label>
          <p class="field__support" id="sessionKeys-1-support">
            第1希望の席が{awaitsDraw(course) ? '当たらなかった' : 'いっぱいの'}
            とき、こちらでお取りします。
          </p>
          <select
            class="select"
            id="sessionKeys-1"
            name="sessionKeys.1"
            autocomplete="off"
            aria-describedby="sessionKeys-1-support sessionKeys-1-error"
            aria-invalid={second === undefined ? undefined : 'true'}
          >
            <option value="">えらばない</option>
            {toCome.map((session) => (
              <option
                key={session.key}
                value={session.key}
                selected={state.typed['sessionKeys.1'] === session.key}
              >
                {sessionName(course, session)}
              </option>
            ))}
          </select>
          <ErrorText id="sessionKeys-1" sentence={second} />
        </div>
      )}
    </>
  );
}

function nth(index: number, who: string): string {
  return index === 0 ? who : `${index + 1}人目の${who}`;
}

/** Who takes part; twins and siblings on one application. */
function Participants({ course, state, number }: Asked & { readonly number: number }) {
  const { eligibility, capacity } = course;
  const isSelf = eligibility.who === 'self';
  const isOfParent = eligibility.who === 'parent';
  const who = isSelf ? '参加する方' : 'お子さん';
  const mayBeNone = eligibility.expecting !== undefined;
  const filled = filledRows(state, 'participants');
  const rows =
    isSelf || isOfParent ? 1 : Math.min(MAX_PARTICIPANTS, Math.max(SPARE_ROWS, filled + 1));
  return (
    <Section
      number={number}
      title={isSelf ? '参加する方' : isOfParent ? 'お子さんのこと' : '参加するお子さん'}
      lead={
        <>
          対象は、{course.audience}です。
          {eligibilityName(eligibility) !== 'すべて' && (
            <span class="note">
              {judgedName(course)}
              <span class="unbroken">{eligibilityName(eligibility)}</span>の{who}です。
            </span>
          )}
          {isOfParent && (
            <>
              <br />
              年齢を確かめるために、お子さんお一人のことを書いてください。この講座に、お子さんは参加しません。
            </>
          )}
          {capacity.countedBy !== 'application' && !isSelf && !isOfParent && (
            <span class="note">席は、お子さん1人につき1つです。</span>
          )}
          {mayBeNone && (
            <>
              <br />
              妊娠中の方は、お子さんの欄を空けて、出産予定の月だけ書いてください。
            </>
          )}
        </>
      }
    >
      <People
        state={state}
        of="participants"
        who={who}
        rows={rows}
        filled={filled}
        required={!mayBeNone}
        isNeeded={mayBeNone ? 'with_child' : true}
        another={(count) => `${count}人目のお子さんも参加する`}
      />
      {eligibility.expecting && <DueMonthField state={state} label={eligibility.expecting.label} />}
      {eligibility.conditions.length > 0 && (
        <ConditionsField state={state} conditions={eligibility.conditions} />
      )}
    </Section>
  );
}

/** Rows for people: the first one open, the others folded until they are needed. */
function People({
  state,
  of,
  who,
  rows,
  filled,
  required,
  isNeeded,
  another,
}: {
  readonly state: FormState;
  readonly of: 'participants' | 'childcare';
  readonly who: string;
  readonly rows: number;
  readonly filled: number;
  /** Whether the browser insists on the first row. */
  readonly required: boolean;
  readonly isNeeded: Need;
  /** What opens a further row. */
  readonly another: (count: number) => string;
}) {
  return (
    <div class="children" data-children>
      <fieldset class="child" data-child>
        <legend class="visually-hidden">{rows > 1 ? `1人目の${who}` : who}</legend>
        {rows > 1 && (
          <p class="child__title" aria-hidden="true">
            1人目
          </p>
        )}
        <PersonFields
          state={state}
          at={`${of}.0`}
          who={who}
          required={required}
          isNeeded={isNeeded}
        />
      </fieldset>
      {Array.from({ length: rows - 1 }, (_, at) => at + 1).map((index) => (
        <details class="more child-more" key={index} open={index < filled} data-child>
          <summary>{another(index + 1)}</summary>
          <fieldset class="child">
            <legend class="visually-hidden">{nth(index, who)}</legend>
            <p class="child__title" aria-hidden="true">
              {index + 1}人目
            </p>
            <PersonFields
              state={state}
              at={`${of}.${index}`}
              who={nth(index, who)}
              required={false}
              isNeeded={true}
            />
          </fieldset>
        </details>
      ))}
    </div>
  );
}

/** 保育: children who are looked after meanwhile, and what to do when there is no place for them. */
function Childcare({
  course,
  entry,
  state,
  now,
  offer,
  number,
  isAlone,
}: Asked & {
  readonly offer: NonNullable<Course['childcare']>;
  readonly number: number;
  /** Nothing else is applied for. */
  readonly isAlone: boolean;
}) {
  const filled = filledRows(state, 'childcare');
  const isMeant =
    filled > 0 || [...state.problems.keys()].some((field) => field.startsWith('childcare.'));
  const rows = Math.min(MAX_CHILDCARE, Math.max(SPARE_ROWS, filled + 1));
  const people = (
    <People
      state={state}
      of="childcare"
      who="保育のお子さん"
      rows={rows}
      filled={filled}
      required={isAlone}
      isNeeded={true}
      another={(count) => `${count}人目の保育もたのむ`}
    />
  );
  return (
    <Section
      number={number}
      title={isAlone ? '保育をたのむお子さん' : '保育（ご希望の方だけ）'}
      lead={
        <>
          講座のあいだ、お子さんをお預かりします。
          <strong class="form-section__seats" data-part="childcare">
            {childcareName(entry, now)}
          </strong>
          <span class="note">
            {judgedName(course)}
            <span class="unbroken">{ageName(offer.minMonths)}から小学校に入る前まで</span>
            のお子さんです。
            {offer.note !== undefined && `${offer.note}。`}
          </span>
        </>
      }
    >
      {isAlone ? (
        people
      ) : (
        <details class="more childcare" open={isMeant} data-childcare-part>
          <summary>保育をたのむ</summary>
          <div class="fields">
            {people}
            <TickField
              state={state}
              field="courseWithoutChildcare"
              label="保育の席がなくても参加する"
            >
              {awaitsDraw(course)
                ? 'チェックを入れると、講座だけでも当選になり、保育はキャンセル待ちになります。入れないと、講座と保育がそろったときだけ当選になります。'
                : 'チェックを入れると、保育がいっぱいでも講座の席をお取りし、保育はキャンセル待ちになります。入れないと、講座と保育がそろったときだけお取りします。'}
            </TickField>
          </div>
        </details>
      )}
    </Section>
  );
}

function Applicant({ state }: { readonly state: FormState }) {
  return (
    <>
      <TextField
        state={state}
        field="applicant.name"
        label="お名前"
        whose="申し込む方"
        attributes={fieldAttributes.name}
        autocomplete="name"
      />
      <TextField
        state={state}
        field="applicant.kana"
        label="ふりがな"
        whose="申し込む方"
        support="ひらがなでもカタカナでもかまいません。"
        attributes={fieldAttributes.kana}
        autocomplete="off"
        check="kana"
      />
      <TextField
        state={state}
        field="applicant.phone"
        label="電話番号"
        support="当日に連絡のつく番号を書いてください。ハイフンは、あってもなくてもかまいません。"
        attributes={fieldAttributes.phone}
        kind="tel"
        autocomplete="tel"
        size="code"
        check="phone"
      />
      <TextField
        state={state}
        field="applicant.email"
        label="メールアドレス"
        support={
          <>
            申し込みの控えと、席が空いたときのお知らせをお送りします。なくても申し込めますが、メールがない方には自動でお知らせできません。申し込んだあと、
            <a href="/bookings/">予約の確認</a>
            のページか、お電話で、ときどきお確かめください。
            <a href="/mail-help/">メールを受け取る設定</a>
          </>
        }
        attributes={fieldAttributes.email}
        kind="email"
        autocomplete="email"
        check="email"
      />
      <label class="choice" data-plain>
        <input
          type="checkbox"
          name="mailWithoutLink"
          value="on"
          checked={isTicked(state.typed['mailWithoutLink'])}
        />
        <span>リンクの入っていないメールを受け取る</span>
        <span class="choice__note">
          携帯電話の設定で、リンクの入ったメールを断っている方はお選びください。
        </span>
      </label>
    </>
  );
}

/** How many adults come, where the room is the limit and each of them takes a seat. */
function AdultsField({ state }: { readonly state: FormState }) {
  const problem = state.problems.get('adults');
  return (
    <div class="field" data-field="adults">
      <label class="field__label" for="adults">
        来られるおとなの人数
        <Mark required={true} />
      </label>
      <p class="field__support" id="adults-support">
        会場の広さに限りがあるため、おとなの方の席も数えます。申し込む方も入れてください。
      </p>
      <select
        class="select"
        id="adults"
        name="adults"
        data-size="short"
        autocomplete="off"
        aria-describedby="adults-support adults-error"
        aria-invalid={problem === undefined ? undefined : 'true'}
      >
        {Array.from({ length: MOST_ADULTS }, (_, at) => String(at + 1)).map((count) => (
          <option key={count} value={count} selected={(state.typed['adults'] ?? '1') === count}>
            {count}人
          </option>
        ))}
      </select>
      <ErrorText id="adults" sentence={problem} />
    </div>
  );
}

function DueMonthField({ state, label }: { readonly state: FormState; readonly label: string }) {
  const problem = state.problems.get('dueMonth');
  return (
    <fieldset class="field" data-field="dueMonth" aria-describedby="dueMonth-error">
      <legend class="field__legend">
        {label}：出産予定の月
        <Mark required={false} />
      </legend>
      <div class="date-fields">
        <span class="date-fields__part" data-part="year">
          <input
            class="input"
            id="dueMonth"
            name="dueMonth.year"
            type="text"
            autocomplete="off"
            maxlength={10}
            aria-label="出産予定の年（西暦または令和）"
            aria-invalid={problem === undefined ? undefined : 'true'}
            value={state.typed['dueMonth.year'] ?? ''}
          />
          <span aria-hidden="true">年</span>
        </span>
        <span class="date-fields__part" data-part="month">
          <input
            class="input"
            id="dueMonth-month"
            name="dueMonth.month"
            type="text"
            inputmode="numeric"
            autocomplete="off"
            maxlength={6}
            aria-label="出産予定の月"
            aria-invalid={problem === undefined ? undefined : 'true'}
            value={state.typed['dueMonth.month'] ?? ''}
          />
          <span aria-hidden="true">月</span>
        </span>
      </div>
      <ErrorText id="dueMonth" sentence={problem} />
    </fieldset>
  );
}

function ConditionsField({
  state,
  conditions,
}: {
  readonly state: FormState;
  readonly conditions: readonly string[];
}) {
  return (
    <TickField
      state={state}
      field="meetsConditions"
      label={`「${conditions.join('・')}」にあてはまります`}
    >
      この講座は、あてはまる方のための講座です。
    </TickField>
  );
}

const FIELD_NAMES: Readonly<Record<string, string>> = {
  'sessionKeys.0': '参加する回',
  'sessionKeys.1': '第2希望',
  'applicant.name': '申し込む方のお名前',
  'applicant.kana': '申し込む方のふりがな',
  'applicant.phone': '電話番号',
  'applicant.email': 'メールアドレス',
  'guardian.name': '保護者の方のお名前',
  'guardian.phone': '保護者の方の電話番号',
  adults: 'おとなの人数',
  dueMonth: '出産予定の月',
  allergy: '食べもののアレルギー',
  needs: '配慮してほしいこと',
};
const PERSON_FIELDS: Readonly<Record<string, string>> = {
  name: 'お名前',
  kana: 'ふりがな',
  birthDate: '生年月日',
};

/** A sentence as the summary says it: away from its field, it has to name the field. */
function summarySentence(
  { field, sentence }: Problem,
  { eligibility }: Course,
  state: FormState,
): string {
  const [, of = '', index = '0', part = ''] =
    /^(participants|childcare)\.(\d+)\.(\w+)/.exec(field) ?? [];
  const what = PERSON_FIELDS[part];
  const child = filledRows(state, of) > 1 ? `${Number(index) + 1}人目のお子さん` : 'お子さん';
  const whose =
    of === 'childcare' ? `保育の${child}` : eligibility.who === 'self' ? '参加する方' : child;
  const name = what === undefined ? FIELD_NAMES[controlOf(field)] : `${whose}の${what}`;
  return name === undefined || sentence.startsWith(name) ? sentence : `${name}：${sentence}`;
}
