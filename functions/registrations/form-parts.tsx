/**
 * Parts of the forms that families fill in, with the Design System's anatomy: label and mark in
 * words, support text, control, and a sentence that says what to do. Pure markup.
 */
import type { ComponentChildren } from 'preact';
import type { Centre } from '../centre/model.ts';
import { type FieldAttributes, fieldAttributes } from './attributes.ts';

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
export function controlId(field: string): string {
  return field.replaceAll('.', '-');
}

export interface FormState {
  readonly typed: Typed;
  readonly problems: ReadonlyMap<string, string>;
}

/** What a mark says; `with_child` where expecting people may leave the child's fields empty. */
export type Need = boolean | 'with_child';

export function Mark({ required }: { readonly required: Need }) {
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

export function ErrorText({
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
export function TextField({
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
export function BirthDateField({
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

/** Name, reading and birth date of somebody who takes part or is looked after. */
export function PersonFields({
  state,
  at,
  who,
  required,
  isNeeded,
}: {
  readonly state: FormState;
  /** The path before the fields: `participants.0`. */
  readonly at: string;
  readonly who: string;
  readonly required: boolean;
  readonly isNeeded: Need;
}) {
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

/** How many rows have been filled in: `participants.0.name`, `participants.1.name` … */
export function filledRows({ typed }: FormState, of: string): number {
  const name = new RegExp(`^${of}\\.\\d+\\.name$`);
  return Object.keys(typed).filter((field) => name.test(field)).length;
}

/** A box to tick, with what it means below it. */
export function TickField({
  state,
  field,
  label,
  children,
}: {
  readonly state: FormState;
  readonly field: string;
  readonly label: ComponentChildren;
  readonly children?: ComponentChildren;
}) {
  const id = controlId(field);
  const problem = state.problems.get(field);
  return (
    <div class="field" data-field={field}>
      <label class="choice">
        <input
          id={id}
          type="checkbox"
          name={field}
          value="on"
          checked={isTicked(state.typed[field])}
          aria-invalid={problem === undefined ? undefined : 'true'}
          aria-describedby={`${id}-error`}
        />
        <span>{label}</span>
        {children !== undefined && <span class="choice__note">{children}</span>}
      </label>
      <ErrorText id={id} sentence={problem} />
    </div>
  );
}

/** A longer text. */
export function TextAreaField({
  state,
  field,
  label,
  support,
  attributes,
  rows,
}: {
  readonly state: FormState;
  readonly field: string;
  readonly label: string;
  readonly support: string;
  readonly attributes: FieldAttributes;
  readonly rows: number;
}) {
  const id = controlId(field);
  const problem = state.problems.get(field);
  return (
    <div class="field" data-field={field}>
      <label class="field__label" for={id}>
        {label}
        <Mark required={attributes.required === true} />
      </label>
      <p class="field__support" id={`${id}-support`}>
        {support}
      </p>
      <textarea
        class="textarea"
        id={id}
        name={field}
        rows={rows}
        {...attributes}
        autocomplete="off"
        aria-describedby={`${id}-support ${id}-error`}
        aria-invalid={problem === undefined ? undefined : 'true'}
        value={state.typed[field] ?? ''}
      />
      <ErrorText id={id} sentence={problem} />
    </div>
  );
}

/** A numbered part of the form. */
export function Section({
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

export function isTicked(value: string | undefined): boolean {
  return value === 'on' || value === 'true';
}

/** The number to call, with its hours. */
export function Phone({ centre }: { readonly centre: Centre }) {
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
export function controlOf(field: string): string {
  return field.replace(/\.(?:year|month|day)$/, '');
}

function oncePerField(problems: readonly Problem[]): readonly Problem[] {
  return [...new Map([...problems].reverse().map((each) => [each.field, each])).values()].reverse();
}

/** Everything that must be mended, once, at the top; each entry leads to its field. */
export function ProblemSummary({
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
