/**
 * The application form, the booking's own page, the look-up form and plain messages. Pure markup,
 * rendered by the worker (published form) and by public-api (a form that was refused, a result).
 */
import type { ComponentChildren } from 'preact';
import { clockName, formalDayName, momentName, shortDayName } from '../calendar/rules.ts';
import type { Centre } from '../centre/model.ts';
import type { Course, CourseWithSeats, Session } from '../courses/model.ts';
import {
  calendarPath,
  cancelDeadline,
  courseStatus,
  endsAt,
  judgingDay,
  lastSession,
  statusEntry,
} from '../courses/rules.ts';
import { coursePath, StatusChip } from '../courses/views.tsx';
import { poolSeatsName, seatsName, statusSentence } from '../courses/words.ts';
import { phoneNumberName } from '../persons/rules.ts';
import { type FieldAttributes, fieldAttributes } from './attributes.ts';
import { MAX_PARTICIPANTS, type Registration } from './model.ts';
import { statusOf } from './places.ts';
import { bookingNumberName, eligibilityName, sessionsOf } from './rules.ts';

/** What is wrong with one field (`participants.0.birthDate`), in a sentence that says what to do. */
export interface Problem {
  readonly field: string;
  readonly sentence: string;
}

/** Everything typed, by the dotted name of its field. */
type Typed = Readonly<Record<string, string>>;

/** Flattens what a form sent; empty rows of participants go, as they go before it is judged. */
export function typedFields(typed: unknown): Typed {
  const flat: Record<string, string> = {};
  const walk = (value: unknown, path: string) => {
    if (typeof value === 'string') flat[path] = value;
    else if (typeof value === 'boolean') flat[path] = value ? 'on' : '';
    else if (Array.isArray(value)) {
      const rows = value.filter((row) => !isEmpty(row));
      for (const [index, row] of rows.entries()) walk(row, `${path}.${index}`);
    } else if (typeof value === 'object' && value !== null) {
      for (const [name, inner] of Object.entries(value)) {
        walk(inner, path === '' ? name : `${path}.${name}`);
      }
    }
  };
  walk(typed, '');
  return flat;
}

function isEmpty(value: unknown): boolean {
  if (typeof value === 'string') return value.trim() === '';
  return typeof value === 'object' && value !== null && Object.values(value).every(isEmpty);
}

/** The id of the control that a problem's link leads to. */
function controlId(field: string): string {
  return field.replaceAll('.', '-');
}

interface FormState {
  readonly typed: Typed;
  readonly problems: ReadonlyMap<string, string>;
}

/** What a mark says; `with_child` where expecting people may leave the child's fields empty. */
type Need = boolean | 'with_child';

function Mark({ required }: { readonly required: Need }) {
  return (
    <span class="field__mark" data-required={required === false ? undefined : ''}>
      {required === 'with_child' ? '※お子さんがいる方は必須' : required ? '※必須' : '※任意'}
    </span>
  );
}

/** A label that says whose it is to those who hear it, where the frame around says it to the eye. */
function Whose({ whose, what }: { readonly whose: string | undefined; readonly what: string }) {
  return (
    <>
      {whose !== undefined && <span class="visually-hidden">{whose}の</span>}
      {what}
    </>
  );
}

function ErrorText({
  id,
  sentence,
}: {
  readonly id: string;
  readonly sentence: string | undefined;
}) {
  return (
    <p class="field__error" id={`${id}-error`} data-part="error" hidden={sentence === undefined}>
      {sentence === undefined ? '' : `＊${sentence}`}
    </p>
  );
}

/** One line of text with the Design System's anatomy. */
function TextField({
  state,
  field,
  label,
  whose,
  support,
  attributes,
  isNeeded = attributes.required === true,
  kind = 'text',
  check,
  size,
  inputmode,
  autocomplete,
}: {
  readonly state: FormState;
  readonly field: string;
  readonly label: string;
  readonly whose?: string;
  readonly support?: ComponentChildren;
  readonly attributes: FieldAttributes;
  /** What the mark says, where it is more than the browser may enforce. */
  readonly isNeeded?: Need;
  readonly kind?: 'text' | 'tel' | 'email';
  /** The reader by which the form's script looks at the field when it is left. */
  readonly check?: 'kana' | 'phone' | 'email';
  readonly size?: 'code';
  readonly inputmode?: 'numeric';
  readonly autocomplete: 'name' | 'tel' | 'email' | 'off';
}) {
  const id = controlId(field);
  const problem = state.problems.get(field);
  const control = {
    class: 'input',
    id,
    name: field,
    ...attributes,
    ...(inputmode === undefined ? {} : { inputmode }),
    autocomplete,
    'data-size': size,
    value: state.typed[field] ?? '',
    'aria-invalid': problem === undefined ? undefined : ('true' as const),
    'aria-describedby': `${support === undefined ? '' : `${id}-support `}${id}-error`,
  };
  return (
    <div class="field" data-field={field} data-check={check}>
      <label class="field__label" for={id}>
        <Whose whose={whose} what={label} />
        <Mark required={isNeeded} />
      </label>
      {support !== undefined && (
        <p class="field__support" id={`${id}-support`}>
          {support}
        </p>
      )}
      {kind === 'tel' && <input type="tel" {...control} />}
      {kind === 'email' && <input type="email" {...control} />}
      {kind === 'text' && <input type="text" {...control} />}
      <ErrorText id={id} sentence={problem} />
    </div>
  );
}

/** A birth date as three fields; the year western or Japanese. */
function BirthDateField({
  state,
  field,
  whose,
  required,
  isNeeded,
}: {
  readonly state: FormState;
  readonly field: string;
  readonly whose: string;
  readonly required: boolean;
  readonly isNeeded: Need;
}) {
  const id = controlId(field);
  const problem = ['', '.year', '.month', '.day']
    .map((part) => state.problems.get(`${field}${part}`))
    .find((sentence) => sentence !== undefined);
  const parts = [
    { part: 'year', unit: '年', name: '年（西暦または令和など）', length: 10 },
    { part: 'month', unit: '月', name: '月', length: 6 },
    { part: 'day', unit: '日', name: '日', length: 6 },
  ] as const;
  return (
    <fieldset
      class="field"
      data-field={field}
      data-check="birthDate"
      aria-describedby={`${id}-support ${id}-error`}
    >
      <legend class="field__legend">
        <Whose whose={whose} what="生年月日" />
        <Mark required={isNeeded} />
      </legend>
      <p class="field__support" id={`${id}-support`}>
        西暦でも和暦でも書けます。例：2026年6月1日、令和8年6月1日
      </p>
      <div class="date-fields">
        {parts.map(({ part, unit, name, length }) => (
          <span class="date-fields__part" data-part={part} key={part}>
            <input
              class="input"
              id={part === 'year' ? id : `${id}-${part}`}
              name={`${field}.${part}`}
              type="text"
              inputmode={part === 'year' ? undefined : 'numeric'}
              autocomplete="off"
              maxlength={length}
              required={required}
              aria-label={`${whose}の生まれた${name}`}
              aria-invalid={problem === undefined ? undefined : 'true'}
              value={state.typed[`${field}.${part}`] ?? ''}
            />
            <span aria-hidden="true">{unit}</span>
          </span>
        ))}
      </div>
      <p class="field__worked-out" data-part="age" hidden></p>
      <ErrorText id={id} sentence={problem} />
    </fieldset>
  );
}

function ParticipantFields({
  state,
  index,
  who,
  required,
  isNeeded,
}: {
  readonly state: FormState;
  readonly index: number;
  readonly who: string;
  readonly required: boolean;
  readonly isNeeded: Need;
}) {
  const at = `participants.${index}`;
  const asked = (attributes: FieldAttributes) => ({ ...attributes, required });
  return (
    <>
      <TextField
        state={state}
        field={`${at}.name`}
        label="お名前"
        whose={who}
        attributes={asked(fieldAttributes.name)}
        isNeeded={isNeeded}
        autocomplete="off"
      />
      <TextField
        state={state}
        field={`${at}.kana`}
        label="ふりがな"
        whose={who}
        attributes={asked(fieldAttributes.kana)}
        isNeeded={isNeeded}
        autocomplete="off"
        check="kana"
      />
      <BirthDateField
        state={state}
        field={`${at}.birthDate`}
        whose={who}
        required={required}
        isNeeded={isNeeded}
      />
    </>
  );
}

function Section({
  number,
  title,
  lead,
  children,
}: {
  readonly number: number;
  readonly title: string;
  readonly lead?: ComponentChildren;
  readonly children: ComponentChildren;
}) {
  return (
    <section class="form-section" aria-labelledby={`step-${number}`}>
      <h2 class="form-section__title" id={`step-${number}`}>
        <span class="form-section__number">{number}</span>
        {title}
      </h2>
      {lead !== undefined && <p class="form-section__lead">{lead}</p>}
      <div class="fields">{children}</div>
    </section>
  );
}

function hoursName(session: Session): string {
  return `${clockName(session.start)}から${clockName(session.end)}`;
}

/** How many rows a form without script shows, beside those that were filled in. */
const SPARE_ROWS = 4;

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
  const { eligibility } = course;
  const asksWho = eligibility.who !== 'anyone';
  const who = eligibility.who === 'self' ? '参加する方' : 'お子さん';
  const mayBeNone = eligibility.expecting !== undefined;
  const filled = Object.keys(state.typed).filter((name) => /^participants\.\d+\.name$/.test(name));
  const rows =
    eligibility.who === 'self'
      ? 1
      : Math.min(MAX_PARTICIPANTS, Math.max(SPARE_ROWS, filled.length + 1));
  const asked = [
    ...(course.sessionChoice === 'one_of' ? (['session'] as const) : []),
    ...(asksWho ? (['who'] as const) : []),
    'applicant' as const,
    'needs' as const,
  ];
  const step = (name: (typeof asked)[number]) => asked.indexOf(name) + 1;
  const closed = status !== 'open' && status !== 'full_waitlist' && status !== 'soon';
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
        <p class="course__kind">申し込み</p>
        <h1>{course.title}</h1>
        <p class="course__when">
          {course.sessions.slice(0, 3).map((session) => (
            <span class="apply__session" key={session.key}>
              <span class="unbroken">{shortDayName(session.date)}</span>{' '}
              <span class="unbroken">{hoursName(session)}</span>
            </span>
          ))}
          {course.sessions.length > 3 && <span>ほか {course.sessions.length - 3}回</span>}
        </p>
        <p class="course__state apply__state">
          <StatusChip status={status} />
          <span class="seats" data-part="seats" role="status">
            {seatsName(entry, status)}
          </span>
        </p>
        <p data-part="sentence">{statusSentence(entry, status)}</p>
      </header>
      <ProblemSummary
        problems={problems.map((problem) => ({
          field: controlOf(problem.field),
          sentence: summarySentence(problem, eligibility.who, filled.length > 1),
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
        data-judged-on={JSON.stringify(
          Object.fromEntries(
            ['', ...course.sessions.map(({ key }) => key)].map((key) => [
              key,
              judgingDay(course, key === '' ? undefined : key),
            ]),
          ),
        )}
      >
        <input type="hidden" name="courseId" value={course.courseId} />
        {course.sessionChoice === 'one_of' && (
          <Section number={step('session')} title="参加する回をえらぶ">
            <SessionChoice state={state} course={course} pools={entry.pools} />
          </Section>
        )}
        {asksWho && (
          <Section
            number={step('who')}
            title={eligibility.who === 'self' ? '参加する方' : '参加するお子さん'}
            lead={
              <>
                対象は、{course.audience}です。
                {eligibilityName(eligibility) !== 'すべて' && (
                  <span class="note">
                    {shortDayName(judgingDay(course, undefined))}の時点で
                    <span class="unbroken">{eligibilityName(eligibility)}</span>の方です。
                  </span>
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
            <div class="children" data-children>
              <fieldset class="child" data-child>
                <legend class="visually-hidden">
                  {eligibility.who === 'self' ? '参加する方' : '1人目のお子さん'}
                </legend>
                {rows > 1 && (
                  <p class="child__title" aria-hidden="true">
                    1人目
                  </p>
                )}
                <ParticipantFields
                  state={state}
                  index={0}
                  who={who}
                  required={!mayBeNone}
                  isNeeded={mayBeNone ? 'with_child' : true}
                />
              </fieldset>
              {Array.from({ length: rows - 1 }, (_, at) => at + 1).map((index) => (
                <details
                  class="more child-more"
                  key={index}
                  open={index < filled.length}
                  data-child
                >
                  <summary>{index + 1}人目のお子さんも参加する</summary>
                  <fieldset class="child">
                    <legend class="visually-hidden">{index + 1}人目のお子さん</legend>
                    <p class="child__title" aria-hidden="true">
                      {index + 1}人目
                    </p>
                    <ParticipantFields
                      state={state}
                      index={index}
                      who={who}
                      required={false}
                      isNeeded={true}
                    />
                  </fieldset>
                </details>
              ))}
            </div>
            {eligibility.expecting && (
              <DueMonthField state={state} label={eligibility.expecting.label} />
            )}
            {eligibility.conditions.length > 0 && (
              <ConditionsField state={state} conditions={eligibility.conditions} />
            )}
          </Section>
        )}
        <Section
          number={step('applicant')}
          title="申し込む方"
          lead={
            eligibility.who === 'self'
              ? '参加する方が申し込むときは、同じお名前を書いてください。'
              : undefined
          }
        >
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
        </Section>
        <Section number={step('needs')} title="お知らせいただきたいこと">
          <div class="field" data-field="needs">
            <label class="field__label" for="needs">
              配慮してほしいこと
              <Mark required={false} />
            </label>
            <p class="field__support" id="needs-support">
              アレルギー、車いす、ことば、手話、授乳の場所など、何でもお書きください。
            </p>
            <textarea
              class="textarea"
              id="needs"
              name="needs"
              rows={4}
              {...fieldAttributes.needs}
              autocomplete="off"
              aria-describedby="needs-support needs-error"
              aria-invalid={state.problems.has('needs') ? 'true' : undefined}
              value={state.typed['needs'] ?? ''}
            />
            <ErrorText id="needs" sentence={state.problems.get('needs')} />
          </div>
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
          {closed ? (
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

function isTicked(value: string | undefined): boolean {
  return value === 'on' || value === 'true';
}

function SessionChoice({
  state,
  course,
  pools,
}: {
  readonly state: FormState;
  readonly course: Course;
  readonly pools: ReturnType<typeof statusEntry>['pools'];
}) {
  const problem = state.problems.get('sessionKeys.0');
  return (
    <fieldset class="field" data-field="sessionKeys.0" aria-describedby="sessionKeys-0-error">
      <legend class="field__legend">
        参加する回
        <Mark required={true} />
      </legend>
      <div class="choices">
        {course.sessions.map((session, index) => {
          const pool = pools[session.key];
          return (
            <label class="choice" key={session.key}>
              <input
                type="radio"
                id={index === 0 ? 'sessionKeys-0' : undefined}
                name="sessionKeys.0"
                value={session.key}
                required
                checked={state.typed['sessionKeys.0'] === session.key}
              />
              <span>
                {shortDayName(session.date)} {hoursName(session)}
              </span>
              {pool && (
                <span class="choice__note" data-part="pool-seats" data-pool={session.key}>
                  {poolSeatsName(pool)}
                </span>
              )}
            </label>
          );
        })}
      </div>
      <ErrorText id="sessionKeys-0" sentence={problem} />
    </fieldset>
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
  const problem = state.problems.get('meetsConditions');
  return (
    <div class="field" data-field="meetsConditions">
      <label class="choice">
        <input
          id="meetsConditions"
          type="checkbox"
          name="meetsConditions"
          value="on"
          checked={isTicked(state.typed['meetsConditions'])}
          aria-invalid={problem === undefined ? undefined : 'true'}
          aria-describedby="meetsConditions-error"
        />
        <span>「{conditions.join('・')}」にあてはまります</span>
        <span class="choice__note">この講座は、あてはまる方のための講座です。</span>
      </label>
      <ErrorText id="meetsConditions" sentence={problem} />
    </div>
  );
}

function Phone({ centre }: { readonly centre: Centre }) {
  return (
    <span class="phone">
      <a class="phone__number" href={`tel:${centre.phones.main}`}>
        {centre.phones.main}
      </a>
      <span class="note">{centre.hoursNote}</span>
    </span>
  );
}

/** The parts of a date are mended at one place. */
function controlOf(field: string): string {
  return field.replace(/\.(?:year|month|day)$/, '');
}

function oncePerField(problems: readonly Problem[]): readonly Problem[] {
  return [...new Map([...problems].reverse().map((each) => [each.field, each])).values()].reverse();
}

const FIELD_NAMES: Readonly<Record<string, string>> = {
  'sessionKeys.0': '参加する回',
  'applicant.name': '申し込む方のお名前',
  'applicant.kana': '申し込む方のふりがな',
  'applicant.phone': '電話番号',
  'applicant.email': 'メールアドレス',
  dueMonth: '出産予定の月',
  needs: '配慮してほしいこと',
};
const PARTICIPANT_FIELDS: Readonly<Record<string, string>> = {
  name: 'お名前',
  kana: 'ふりがな',
  birthDate: '生年月日',
};

/** A sentence as the summary says it: away from its field, it has to name the field. */
function summarySentence(
  { field, sentence }: Problem,
  who: Course['eligibility']['who'],
  areMany: boolean,
): string {
  const [, index, part = ''] = /^participants\.(\d+)\.(\w+)/.exec(field) ?? [];
  const whose =
    who === 'self' ? '参加する方' : areMany ? `${Number(index) + 1}人目のお子さん` : 'お子さん';
  const what = PARTICIPANT_FIELDS[part];
  const name = what === undefined ? FIELD_NAMES[controlOf(field)] : `${whose}の${what}`;
  return name === undefined || sentence.startsWith(name) ? sentence : `${name}：${sentence}`;
}

/** Everything that must be mended, once, at the top; each entry leads to its field. */
function ProblemSummary({
  problems,
  refusal,
  centre,
}: {
  readonly problems: readonly Problem[];
  readonly refusal: string | undefined;
  readonly centre: Centre;
}) {
  if (problems.length === 0 && refusal === undefined) return null;
  return (
    <div class="error-summary" role="alert" tabindex={-1} data-part="summary">
      <h2 class="error-summary__title">
        {problems.length > 0 ? 'まだ申し込みは終わっていません' : '受け付けられませんでした'}
      </h2>
      {refusal !== undefined && <p>{refusal}</p>}
      {problems.length > 0 && (
        <ul class="error-summary__list">
          {oncePerField(problems).map(({ field, sentence }) => (
            <li key={field}>
              <a href={`#${controlId(field)}`}>{sentence}</a>
            </li>
          ))}
        </ul>
      )}
      <p class="note">書いていただいた内容は、下にそのまま残っています。</p>
      <p>
        うまくいかないときは、お電話ください。
        <br />
        <Phone centre={centre} />
      </p>
    </div>
  );
}

/** What has just happened, so that the page can say it first. */
export type Happened = 'applied' | 'cancelled' | 'accepted' | 'declined';

interface Told {
  readonly title: string;
  readonly next: string;
}

/** The state of a booking in a title, and what happens next in one sentence. */
export function bookingWords(
  registration: Registration,
  course: Course,
  waitPositions: Readonly<Record<string, number>>,
  happened: Happened | undefined,
  now: Date,
): Told {
  const { places } = registration;
  const sessions = sessionsOf(course, places);
  const status = statusOf(places);
  const [waitPosition] = Object.values(waitPositions);
  const [expiresAt] = places.flatMap((place) => place.offerExpiresAt ?? []).sort();
  const byMail = registration.applicant.email !== undefined;
  if (course.publication === 'cancelled') {
    return {
      title: 'この講座は中止になりました',
      next: 'お越しいただかなくて大丈夫です。ご不明なことは、お電話ください。',
    };
  }
  if (status === 'confirmed' && now >= endsAt(lastSession(sessions))) {
    return { title: 'この講座は終わりました', next: 'ご参加ありがとうございました。' };
  }
  const [first] = sessions;
  switch (status) {
    case 'confirmed': {
      const day = first ? `${shortDayName(first.date)} ${clockName(first.start)}` : '当日';
      return {
        title: happened === 'accepted' ? '参加が決まりました' : '申し込みができました',
        next: `席は確保してあります。${day}に、そのままお越しください。`,
      };
    }
    case 'waiting':
      return {
        title: 'キャンセル待ちに入りました',
        next: `${waitPosition === undefined ? '' : `いまは ${waitPosition} 番目です。`}${
          byMail
            ? '席が空いたら、メールでお知らせします。'
            : 'メールがない方には自動でお知らせできません。この「予約の確認」のページか、お電話で、ときどきお確かめください。'
        }`,
      };
    case 'offered':
      return {
        title: '席が空きました',
        next: `${
          expiresAt === undefined ? '' : `${momentName(new Date(expiresAt))}までに、`
        }参加するかどうかをお知らせください。お返事がないときは、次の方にご案内します。`,
      };
    case 'applied':
      return {
        title: '抽選に申し込みました',
        next: `抽選番号は ${registration.entry?.number ?? '—'} 番です。${
          byMail ? '結果は、メールでお知らせします。' : '結果は、このページでごらんください。'
        }`,
      };
    case 'lost':
      return {
        title: '今回は、抽選にはずれました',
        next: 'たくさんのお申し込みをいただきました。ほかの講座も、ごらんください。',
      };
    case 'cancelled':
      // Who once waited may have held a seat in the end: what is kept does not tell.
      if (places.some(({ waitNumber }) => waitNumber !== undefined)) {
        return {
          title: 'キャンセル待ち（お申し込み）を取り消しました',
          next: 'お知らせくださり、ありがとうございました。',
        };
      }
      return {
        title: happened === 'cancelled' ? '取り消しました' : '取り消した申し込みです',
        next: '空いた席は、ほかの方にご案内することがあります。お知らせくださり、ありがとうございました。',
      };
    case 'declined':
      return {
        title: 'ご案内を見送りました',
        next: '空いた席は、ほかの方にご案内することがあります。お知らせくださり、ありがとうございました。',
      };
    case 'lapsed':
      return {
        title: 'お返事の期限が過ぎました',
        next: '席は、ほかの方にご案内することがあります。参加したいときは、もう一度お申し込みいただくか、お電話ください。',
      };
  }
}

/** A booking's own page, also the result of applying: one sentence, the number, the facts. */
export function BookingView({
  registration,
  course,
  waitPositions = {},
  happened,
  centre,
  now,
}: {
  readonly registration: Registration;
  readonly course: Course;
  /** By pool, 1 for the next in line. */
  readonly waitPositions?: Readonly<Record<string, number>>;
  readonly happened?: Happened | undefined;
  readonly centre: Centre;
  readonly now: Date;
}) {
  const { applicant, participants } = registration;
  const status = statusOf(registration.places);
  const [waitPosition] = Object.values(waitPositions);
  const told = bookingWords(registration, course, waitPositions, happened, now);
  const sessions = sessionsOf(course, registration.places);
  const path = `/bookings/${registration.secret}`;
  const isOver =
    course.publication === 'cancelled' ||
    now >= endsAt(lastSession(sessions)) ||
    status === 'cancelled' ||
    status === 'declined' ||
    status === 'lapsed' ||
    status === 'lost';
  const deadline = cancelDeadline(sessions, centre.booking.cancelUntil);
  return (
    <div class="page booking" data-status={status}>
      <header class="page__head">
        <p class="course__kind">{course.title}</p>
        <h1>{told.title}</h1>
        <p class="page__lead booking__sentence">{told.next}</p>
      </header>
      {status === 'offered' && !isOver && (
        <div class="actions">
          <form method="post" action={`${path}/accept`}>
            <button class="button" type="submit">
              参加します
            </button>
          </form>
          <form method="post" action={`${path}/decline`}>
            <button class="button" data-kind="second" type="submit">
              今回は見送ります
            </button>
          </form>
        </div>
      )}
      <div class="booking__number">
        <p class="booking__number-label">受付番号</p>
        <p class="booking__number-value">{bookingNumberName(registration.registrationId)}</p>
        {status === 'waiting' && !isOver && waitPosition !== undefined && (
          <p class="booking__waiting">キャンセル待ち {waitPosition} 番目</p>
        )}
        <p class="booking__number-note">
          {isOver
            ? 'お問い合わせのときに、お知らせください。'
            : applicant.email !== undefined && happened === 'applied'
              ? '同じ内容を、メールでもお送りします。'
              : '書きとめるか、このページを印刷しておいてください。電話番号といっしょに使うと、この内容をまた見られます。'}
        </p>
      </div>
      {!isOver && status === 'confirmed' && (
        <p class="actions no-print">
          <a
            class="button"
            data-kind="second"
            href={calendarPath(course.courseId, registration.places[0]?.sessionKey)}
          >
            カレンダーに入れる
          </a>
        </p>
      )}
      <section class="booking__part" aria-labelledby="booking-facts">
        <h2 id="booking-facts">申し込みの内容</h2>
        <dl class="facts">
          <BookingFact name="講座">
            {course.publication === 'published' ? (
              <a href={coursePath(course)}>{course.title}</a>
            ) : (
              course.title
            )}
          </BookingFact>
          <BookingFact name="日時">
            <ul class="sessions" role="list">
              {sessions.map((session) => (
                <li class="sessions__item" key={session.key}>
                  <time dateTime={session.date}>{formalDayName(session.date)}</time>
                  <span class="unbroken">{hoursName(session)}</span>
                </li>
              ))}
            </ul>
          </BookingFact>
          <BookingFact name="会場">{sessions[0]?.venue ?? course.venue}</BookingFact>
          {course.bring.length > 0 && (
            <BookingFact name="持ちもの">{course.bring.join('、')}</BookingFact>
          )}
          <BookingFact name="費用">
            {course.fee.yen === 0 ? '無料' : `${course.fee.yen.toLocaleString('ja-JP')}円`}
            {course.fee.detail !== undefined && `（${course.fee.detail}）`}
          </BookingFact>
          <BookingFact name="申し込んだ方">
            {applicant.name} さん（{phoneNumberName(applicant.phone)}）
            {applicant.email !== undefined && (
              <>
                <br />
                {applicant.email}
              </>
            )}
          </BookingFact>
          {participants.length > 0 && (
            <BookingFact name="参加する方">
              {participants.map((participant) => (
                <p key={`${participant.name}${participant.birthDate}`}>{participant.name} さん</p>
              ))}
            </BookingFact>
          )}
          {registration.dueMonth !== undefined && (
            <BookingFact name="出産予定の月">
              {Number(registration.dueMonth.slice(0, 4))}年{Number(registration.dueMonth.slice(5))}
              月
            </BookingFact>
          )}
          {registration.needs !== undefined && (
            <BookingFact name="配慮してほしいこと">{registration.needs}</BookingFact>
          )}
        </dl>
      </section>
      {!isOver && status !== 'offered' && (
        <section class="booking__part no-print" aria-labelledby="booking-cancel">
          <h2 id="booking-cancel">
            {status === 'waiting' ? 'キャンセル待ちをやめるとき' : '来られなくなったとき'}
          </h2>
          {status === 'confirmed' && now > deadline ? (
            <p>
              このページで取り消せるのは{momentName(deadline)}まででした。お電話でお知らせください。
              <br />
              <Phone centre={centre} />
            </p>
          ) : (
            <>
              {status === 'confirmed' && (
                <p>
                  {momentName(deadline)}
                  まで、ここで取り消せます。空いた席は、待っている方にご案内します。
                </p>
              )}
              <details class="more">
                <summary>
                  {status === 'waiting' ? 'キャンセル待ちをやめる' : 'この申し込みを取り消す'}
                </summary>
                <form method="post" action={`${path}/cancel`}>
                  <p>
                    {status === 'waiting'
                      ? 'やめると、順番はもとにもどせません。'
                      : '取り消すと、席はもとにもどせません。'}
                  </p>
                  <p class="booking__confirm">
                    <button class="button" data-kind="grave" type="submit">
                      {status === 'waiting' ? 'キャンセル待ちをやめます' : '申し込みを取り消します'}
                    </button>
                  </p>
                </form>
              </details>
            </>
          )}
        </section>
      )}
      <section class="booking__part" aria-labelledby="booking-help">
        <h2 id="booking-help">困ったときは</h2>
        <p>
          内容を変えたいとき、わからないことがあるときは、受付番号をそえてお電話ください。
          <br />
          <Phone centre={centre} />
        </p>
        {isOver && (
          <p>
            <a class="onward" href="/courses/">
              ほかの講座を見る
            </a>
          </p>
        )}
      </section>
    </div>
  );
}

function BookingFact({
  name,
  children,
}: {
  readonly name: string;
  readonly children: ComponentChildren;
}) {
  return (
    <div class="facts__row">
      <dt>{name}</dt>
      <dd>{children}</dd>
    </div>
  );
}

/** The form that finds a booking by its number and the telephone number given with it. */
export function LookupView({
  centre,
  typed: sent,
  problems = [],
  refusal,
}: {
  readonly centre: Centre;
  readonly typed?: unknown;
  readonly problems?: readonly Problem[];
  readonly refusal?: string | undefined;
}) {
  const state: FormState = {
    typed: typedFields(sent),
    problems: new Map(problems.map(({ field, sentence }) => [field, sentence])),
  };
  return (
    <div class="page">
      <nav class="breadcrumb" aria-label="いまいる場所">
        <ol class="breadcrumb__list" role="list">
          <li class="breadcrumb__item">
            <a href="/">ホーム</a>
          </li>
          <li class="breadcrumb__item">
            <span aria-current="page">予約の確認</span>
          </li>
        </ol>
      </nav>
      <header class="page__head">
        <h1>予約の確認</h1>
        <p class="page__lead">
          申し込んだ内容を見る、取り消す、空席のお知らせに返事をする。どれもここからできます。
        </p>
      </header>
      {refusal !== undefined && (
        <div class="error-summary" role="alert">
          <h2 class="error-summary__title">見つけられませんでした</h2>
          <p>{refusal}</p>
        </div>
      )}
      <form class="form lookup" method="post" action="/api/bookings/find" accept-charset="utf-8">
        <div class="fields">
          <TextField
            state={state}
            field="bookingNumber"
            label="受付番号"
            support="9けたの数字です。メールか、申し込みのあとの画面にあります。例：482-103-937"
            attributes={{ required: true, maxlength: 40 }}
            inputmode="numeric"
            autocomplete="off"
            size="code"
          />
          <TextField
            state={state}
            field="phone"
            label="電話番号"
            support="申し込みのときに書いた番号です。"
            attributes={fieldAttributes.phone}
            kind="tel"
            autocomplete="tel"
            size="code"
          />
        </div>
        <div>
          <button class="button" type="submit">
            予約を見る
          </button>
        </div>
      </form>
      <section class="booking__part" aria-labelledby="lookup-help">
        <h2 id="lookup-help">受付番号がわからないとき</h2>
        <p>
          メールが届いていないときは、<a href="/mail-help/">メールが届かないとき</a>
          をごらんください。お電話でもお調べします。
          <br />
          <Phone centre={centre} />
        </p>
      </section>
    </div>
  );
}

/** A plain message: what happened, what to do, whom to call. */
export function MessageView({
  title,
  sentence,
  centre,
}: {
  readonly title: string;
  readonly sentence: string;
  readonly centre: Centre;
}) {
  return (
    <div class="page">
      <header class="page__head">
        <h1>{title}</h1>
        <p class="page__lead">{sentence}</p>
      </header>
      <p>
        お困りのときは、お電話ください。
        <br />
        <Phone centre={centre} />
      </p>
      <p>
        <a class="onward" href="/bookings/">
          予約の確認へ
        </a>
        <br />
        <a class="onward" href="/courses/">
          講座・行事の一覧へ
        </a>
      </p>
    </div>
  );
}
