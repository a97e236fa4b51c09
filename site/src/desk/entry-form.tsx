/**
 * 電話の申し込みを入れる: the fields that the course asks, in the order in which a call goes, the same
 * refusals at the fields as a family sees, and at the end the booking number to read aloud.
 */
import type { ComponentChildren } from 'preact';
import { useEffect, useRef, useState } from 'preact/hooks';
import {
  ageInMonths,
  ageName,
  type Course,
  type CourseWithSeats,
  clockName,
  courseStatus,
  type Entered,
  judgingDay,
  type Problem,
  readDateText,
  readPhoneNumber,
  shortDayName,
  statusEntry,
  statusName,
  takesApplications,
} from '../rules.ts';
import { LoggedOutError, listCourses, RefusedError } from './api.ts';
import { enterApplication } from './applications-api.ts';
import {
  asksParticipants,
  bodyOf,
  type People,
  rowsOf,
  type Typed,
  withoutEmptyRows,
} from './entry.ts';
import type { Session } from './log-in.ts';

const MOST_PARTICIPANTS = 6;
const MOST_CHILDCARE = 4;

const idOf = (field: string) => `entry-${field.replaceAll('.', '-')}`;

export function EntryForm({
  session,
  courseId,
  onChoose,
  onOpen,
  onFind,
  onLoggedOut,
}: {
  readonly session: Session;
  /** The course that the address names; empty before one is chosen. */
  readonly courseId: string;
  readonly onChoose: (courseId: string) => void;
  readonly onOpen: (registrationId: string) => void;
  /** Looks for what the household has already. */
  readonly onFind: (phone: string) => void;
  readonly onLoggedOut: () => void;
}) {
  const [courses, setCourses] = useState<readonly CourseWithSeats[]>([]);
  const [typed, setTyped] = useState<Typed>({});
  const [problems, setProblems] = useState<readonly Problem[]>([]);
  const [refusal, setRefusal] = useState<RefusedError | undefined>();
  const [isSending, setIsSending] = useState(false);
  const [entered, setEntered] = useState<Entered | undefined>();
  const key = useRef<{ readonly value: string; readonly body: string } | undefined>(undefined);
  const done = useRef<HTMLHeadingElement>(null);
  const summary = useRef<HTMLDivElement>(null);

  useEffect(() => {
    listCourses(session.accessToken).then(setCourses, (error) => {
      if (error instanceof LoggedOutError) onLoggedOut();
      else setRefusal(new RefusedError('', '講座を読みこめませんでした。開き直してください。'));
    });
  }, [session, onLoggedOut]);
  useEffect(() => done.current?.focus(), [entered]);

  const open = courses.filter(isOpenToCalls);
  const course = open.find((each) => each.course.courseId === courseId)?.course;
  const set = (field: string, value: string) => setTyped((all) => ({ ...all, [field]: value }));
  const form: FormState = { typed, problems, set };

  async function send(event: Event) {
    event.preventDefault();
    if (!course || isSending) return;
    const compact = withoutEmptyRows(typed);
    setTyped(compact);
    const body = bodyOf(course, compact);
    const text = JSON.stringify(body);
    // The same text keeps its key, so that a second press after a silence enters nothing twice.
    if (key.current?.body !== text) key.current = { value: crypto.randomUUID(), body: text };
    setIsSending(true);
    setRefusal(undefined);
    try {
      const answer = await enterApplication(session.accessToken, body, key.current.value);
      setProblems([]);
      setTyped({});
      key.current = undefined;
      setEntered(answer);
    } catch (error) {
      if (error instanceof LoggedOutError) return onLoggedOut();
      const refused =
        error instanceof RefusedError
          ? error
          : new RefusedError(
              '',
              '送れませんでした。入力は残っています。もう一度押しても、二重には入りません。',
            );
      setProblems(refused.fields);
      setRefusal(refused);
      requestAnimationFrame(() => {
        const [first] = refused.fields.map(({ field }) => controlOf(field)).filter(Boolean);
        (first ?? summary.current)?.focus();
      });
    } finally {
      setIsSending(false);
    }
  }

  if (entered) {
    return (
      <article class="item entered" aria-labelledby="item-title">
        <h2 id="item-title" tabindex={-1} ref={done}>
          申し込みを受け付けました
        </h2>
        <p>{entered.title}</p>
        <p class="entered__label">受付番号（読み上げて、書きとめていただいてください）</p>
        <p class="entered__number">{entered.bookingNumber}</p>
        <ul class="entered__lines" role="list">
          {entered.lines.map((line) => (
            <li key={line}>{line}</li>
          ))}
        </ul>
        <p class="actions">
          <button class="button" type="button" onClick={() => setEntered(undefined)}>
            次の申し込みを入れる
          </button>
          <button
            class="button"
            data-kind="second"
            type="button"
            onClick={() => onOpen(entered.registrationId)}
          >
            この申し込みを開く
          </button>
        </p>
      </article>
    );
  }
  const phone = readPhoneNumber(typed['applicant.phone'] ?? '');
  return (
    <article class="item" aria-labelledby="item-title">
      <h2 id="item-title" tabindex={-1}>
        電話の申し込みを入れる
      </h2>
      <form class="entry" novalidate onSubmit={send}>
        <Field form={form} field="courseId" label="講座">
          <select
            class="select"
            id={idOf('courseId')}
            value={courseId}
            onChange={(event) => onChoose(event.currentTarget.value)}
          >
            <option value="">選んでください</option>
            {open.map((each) => (
              <option key={each.course.courseId} value={each.course.courseId}>
                {optionName(each)}
              </option>
            ))}
          </select>
        </Field>
        {course && (
          <>
            <fieldset class="entry__group">
              <legend class="entry__legend">受付のしかた</legend>
              <div class="entry__ticks">
                {(
                  [
                    ['phone', '電話'],
                    ['counter', '窓口'],
                  ] as const
                ).map(([value, name]) => (
                  <label class="entry__tick" key={value}>
                    <input
                      type="radio"
                      name="channel"
                      checked={(typed['channel'] ?? 'phone') === value}
                      onChange={() => set('channel', value)}
                    />
                    {name}
                  </label>
                ))}
              </div>
            </fieldset>
            <SessionFields form={form} course={course} />
            <ApplicantFields form={form} />
            {asksParticipants(course) && (
              <PeopleFields
                form={form}
                people="participants"
                title={course.eligibility.who === 'self' ? '参加する方' : '参加するお子さん'}
                most={course.eligibility.who === 'self' ? 1 : MOST_PARTICIPANTS}
                judgedOn={judgingDay(course, typed['sessionKeys.0'])}
              />
            )}
            <QuestionFields form={form} course={course} />
            {course.childcare && (
              <>
                <PeopleFields
                  form={form}
                  people="childcare"
                  title="保育を希望するお子さん"
                  most={MOST_CHILDCARE}
                  judgedOn={judgingDay(course, typed['sessionKeys.0'])}
                />
                <Tick
                  form={form}
                  field="courseWithoutChildcare"
                  label="保育の席がなくても参加する"
                />
              </>
            )}
            <Field form={form} field="needs" label="配慮してほしいこと">
              <textarea
                class="textarea"
                rows={2}
                maxlength={500}
                {...controlAttributes(form, 'needs')}
              />
            </Field>
            <div role="alert" tabindex={-1} ref={summary}>
              {refusal && (
                <div class="notice" data-kind="alert">
                  <p>{sentenceOf(refusal)}</p>
                  {refusal.code === 'already_applied' && phone !== undefined && (
                    <button
                      class="button"
                      data-kind="second"
                      type="button"
                      onClick={() => onFind(phone)}
                    >
                      この電話番号の申し込みを探す
                    </button>
                  )}
                </div>
              )}
            </div>
            <div class="item__save">
              <button class="button" type="submit" aria-disabled={isSending}>
                {isSending ? '送っています…' : 'この内容で申し込みを入れる'}
              </button>
            </div>
          </>
        )}
      </form>
    </article>
  );
}

interface FormState {
  readonly typed: Typed;
  readonly problems: readonly Problem[];
  readonly set: (field: string, value: string) => void;
}

function isOpenToCalls({ course, pools }: CourseWithSeats): boolean {
  if (course.publication !== 'published' || !takesApplications(course)) return false;
  return courseStatus(statusEntry(course, pools), new Date()) !== 'closed';
}

/** 「12月10日（木） ゼロ歳さんの日（申込受付中）」. */
function optionName({ course, pools }: CourseWithSeats): string {
  const [first] = course.sessions;
  const status = courseStatus(statusEntry(course, pools), new Date());
  return `${first ? `${shortDayName(first.date)} ` : ''}${course.title}（${statusName[status]}）`;
}

/** The words for a family that reads them alone are too many for who has it on the telephone. */
function sentenceOf({ code, message, fields }: RefusedError): string {
  if (code === 'already_applied') {
    return 'この電話番号かメールアドレスで、この講座にはもう申し込みがあります。';
  }
  if (code === 'idempotency_key_reused') return 'もう一度、ボタンを押してください。';
  return fields.length > 1 ? `${message}（${fields.length}か所）` : message;
}

/** The control to which a problem belongs; a date or a group has one for all its parts. */
function controlOf(field: string): HTMLElement | null {
  const parts = field.split('.');
  for (let length = parts.length; length > 0; length -= 1) {
    const found = document.getElementById(idOf(parts.slice(0, length).join('.')));
    if (found) return found;
  }
  return null;
}

function problemOf({ problems }: FormState, field: string): string | undefined {
  return problems.find(
    (problem) => problem.field === field || problem.field.startsWith(`${field}.`),
  )?.sentence;
}

function controlAttributes(form: FormState, field: string) {
  const { typed, set } = form;
  return {
    id: idOf(field),
    autocomplete: 'off' as const,
    value: typed[field] ?? '',
    'aria-invalid': problemOf(form, field) === undefined ? undefined : ('true' as const),
    'aria-describedby': `${idOf(field)}-error`,
    onInput: (event: { readonly currentTarget: { readonly value: string } }) =>
      set(field, event.currentTarget.value),
  };
}

function Field({
  form,
  field,
  label,
  hint,
  children,
}: {
  readonly form: FormState;
  readonly field: string;
  readonly label: ComponentChildren;
  /** What is worked out from what is typed. */
  readonly hint?: string | undefined;
  readonly children: ComponentChildren;
}) {
  const problem = problemOf(form, field);
  return (
    <div class="entry__field">
      <label class="entry__label" for={idOf(field)}>
        {label}
      </label>
      <div class="entry__control">
        {children}
        {hint !== undefined && <span class="entry__hint">{hint}</span>}
        <p class="field__error" id={`${idOf(field)}-error`} hidden={problem === undefined}>
          {problem === undefined ? '' : `＊${problem}`}
        </p>
      </div>
    </div>
  );
}

function TextField({
  form,
  field,
  label,
  hint,
  kind = 'text',
  size,
}: {
  readonly form: FormState;
  readonly field: string;
  readonly label: ComponentChildren;
  readonly hint?: string | undefined;
  readonly kind?: 'text' | 'tel' | 'email';
  readonly size?: 'short';
}) {
  const control = { class: 'input', 'data-size': size, ...controlAttributes(form, field) };
  return (
    <Field form={form} field={field} label={label} hint={hint}>
      {kind === 'text' && <input type="text" {...control} />}
      {kind === 'tel' && <input type="tel" {...control} />}
      {kind === 'email' && <input type="email" {...control} />}
    </Field>
  );
}

function Tick({
  form,
  field,
  label,
}: {
  readonly form: FormState;
  readonly field: string;
  readonly label: string;
}) {
  const problem = problemOf(form, field);
  return (
    <div>
      <label class="entry__tick">
        <input
          type="checkbox"
          id={idOf(field)}
          checked={form.typed[field] === 'on'}
          aria-describedby={`${idOf(field)}-error`}
          onChange={(event) => form.set(field, event.currentTarget.checked ? 'on' : '')}
        />
        {label}
      </label>
      <p class="field__error" id={`${idOf(field)}-error`} hidden={problem === undefined}>
        {problem === undefined ? '' : `＊${problem}`}
      </p>
    </div>
  );
}

const RANKS = ['第1希望', '第2希望', '第3希望'] as const;

function SessionFields({ form, course }: { readonly form: FormState; readonly course: Course }) {
  const { sessions, sessionChoice } = course;
  if (sessionChoice === 'all') return null;
  const name = ({ date, start }: Course['sessions'][number]) =>
    `${shortDayName(date)} ${clockName(start)}`;
  const problem = problemOf(form, 'sessionKeys');
  return (
    <fieldset class="entry__group">
      <legend class="entry__legend">参加する回</legend>
      {sessionChoice === 'each' ? (
        <div class="entry__ticks" id={idOf('sessionKeys')} tabindex={-1}>
          {sessions.map((session) => (
            <label class="entry__tick" key={session.key}>
              <input
                type="checkbox"
                checked={form.typed[`session.${session.key}`] === 'on'}
                onChange={(event) =>
                  form.set(`session.${session.key}`, event.currentTarget.checked ? 'on' : '')
                }
              />
              {name(session)}
            </label>
          ))}
        </div>
      ) : (
        RANKS.slice(0, sessions.length).map((rank, index) => (
          <div class="entry__field" key={rank}>
            <label class="entry__label" for={idOf(`sessionKeys.${index}`)}>
              {rank}
            </label>
            <div class="entry__control">
              <select
                class="select"
                id={idOf(`sessionKeys.${index}`)}
                value={form.typed[`sessionKeys.${index}`] ?? ''}
                onChange={(event) => form.set(`sessionKeys.${index}`, event.currentTarget.value)}
              >
                <option value="">{index === 0 ? '選んでください' : 'なし'}</option>
                {sessions.map((session) => (
                  <option key={session.key} value={session.key}>
                    {name(session)}
                  </option>
                ))}
              </select>
            </div>
          </div>
        ))
      )}
      <p class="field__error" hidden={problem === undefined}>
        {problem === undefined ? '' : `＊${problem}`}
      </p>
    </fieldset>
  );
}

function ApplicantFields({ form }: { readonly form: FormState }) {
  return (
    <fieldset class="entry__group">
      <legend class="entry__legend">申し込む方</legend>
      <TextField form={form} field="applicant.name" label="お名前" />
      <TextField form={form} field="applicant.kana" label="ふりがな" />
      <TextField form={form} field="applicant.phone" label="電話番号" kind="tel" size="short" />
      <TextField form={form} field="applicant.email" label="メール（あれば）" kind="email" />
      {(form.typed['applicant.email'] ?? '') !== '' && (
        <Tick form={form} field="mailWithoutLink" label="リンクの入っていないメールを送る" />
      )}
    </fieldset>
  );
}

function PeopleFields({
  form,
  people,
  title,
  most,
  judgedOn,
}: {
  readonly form: FormState;
  readonly people: People;
  readonly title: string;
  readonly most: number;
  /** The day on which ages count. */
  readonly judgedOn: string;
}) {
  const rows = Math.max(1, rowsOf(form.typed, people));
  return (
    <fieldset class="entry__group">
      <legend class="entry__legend">{title}</legend>
      {Array.from({ length: rows }, (_, row) => {
        const at = `${people}.${row}`;
        const whose = rows > 1 ? `${row + 1}人目の` : '';
        const day = readDateText(form.typed[`${at}.birthDate`] ?? '');
        return (
          <div class="entry__person" key={at}>
            <TextField form={form} field={`${at}.name`} label={`${whose}お名前`} />
            <TextField form={form} field={`${at}.kana`} label={`${whose}ふりがな`} />
            <TextField
              form={form}
              field={`${at}.birthDate`}
              label={`${whose}生年月日`}
              size="short"
              hint={
                day === undefined
                  ? '令和8年6月1日、R8.6.1、2026/6/1 のように'
                  : day <= judgedOn
                    ? `${shortDayName(judgedOn)}に ${ageName(ageInMonths(day, judgedOn))}`
                    : undefined
              }
            />
          </div>
        );
      })}
      {rows < most && (
        <p>
          <button
            class="button"
            data-kind="plain"
            type="button"
            onClick={() => {
              form.set(`${people}.${rows}.name`, '');
              requestAnimationFrame(() =>
                document.getElementById(idOf(`${people}.${rows}.name`))?.focus(),
              );
            }}
          >
            もう一人書く
          </button>
        </p>
      )}
    </fieldset>
  );
}

/** What only some courses ask. */
function QuestionFields({ form, course }: { readonly form: FormState; readonly course: Course }) {
  const { eligibility, capacity, lottery, asks, application } = course;
  return (
    <>
      {capacity.countedBy === 'person' && (
        <Field form={form} field="adults" label="来られるおとなの人数">
          <select
            class="select entry__short"
            id={idOf('adults')}
            value={form.typed['adults'] ?? ''}
            aria-describedby={`${idOf('adults')}-error`}
            onChange={(event) => form.set('adults', event.currentTarget.value)}
          >
            <option value="">選んでください</option>
            {[1, 2, 3, 4, 5, 6].map((adults) => (
              <option key={adults} value={String(adults)}>
                {adults}人
              </option>
            ))}
          </select>
        </Field>
      )}
      {eligibility.expecting && (
        <fieldset class="entry__group">
          <legend class="entry__legend">出産予定の月（{eligibility.expecting.label}）</legend>
          <div id={idOf('dueMonth')} tabindex={-1}>
            <TextField form={form} field="dueMonth.year" label="年" size="short" />
            <TextField form={form} field="dueMonth.month" label="月" size="short" />
          </div>
          <p class="field__error" hidden={problemOf(form, 'dueMonth') === undefined}>
            ＊{problemOf(form, 'dueMonth')}
          </p>
        </fieldset>
      )}
      {eligibility.conditions.length > 0 && (
        <Tick
          form={form}
          field="meetsConditions"
          label={`「${eligibility.conditions.join('・')}」にあてはまることを確かめた`}
        />
      )}
      {lottery && application.method === 'lottery' && lottery.tiers.length > 0 && (
        <fieldset class="entry__group">
          <legend class="entry__legend">優先（あてはまるもの）</legend>
          {lottery.tiers.map((tier) => (
            <Tick key={tier.key} form={form} field={`tiers.${tier.key}`} label={tier.label} />
          ))}
        </fieldset>
      )}
      {asks.includes('allergy') && (
        <TextField
          form={form}
          field="allergy"
          label="アレルギー"
          hint="ないときは「なし」と書きます。"
        />
      )}
      {asks.includes('guardian') && (
        <fieldset class="entry__group">
          <legend class="entry__legend">保護者</legend>
          <TextField form={form} field="guardian.name" label="お名前" />
          <TextField
            form={form}
            field="guardian.phone"
            label="つながる電話番号"
            kind="tel"
            size="short"
          />
        </fieldset>
      )}
    </>
  );
}
