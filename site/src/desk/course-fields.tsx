/** The controls of the course form: a label, a word of help, the input, and what is wrong with it. */
import type { ComponentChildren } from 'preact';
import { dayInTokyo, instantInTokyo, schoolYearName, timeInTokyo } from '../rules.ts';
import type { Draft } from './merge.ts';

/** What every control needs of the form that it stands in. */
export interface FormFace {
  readonly draft: Draft;
  readonly onType: (field: string, value: string | undefined) => void;
  /** The sentence at a field, when there is one. */
  readonly problemAt: (field: string) => string | undefined;
}

export function controlId(field: string): string {
  return `course-${field.replaceAll(/[^A-Za-z0-9]+/g, '-')}`;
}

interface FieldProps {
  readonly face: FormFace;
  readonly field: string;
  readonly label: string;
  readonly help?: string;
}

function described({ face, field, help }: Omit<FieldProps, 'label'>) {
  const id = controlId(field);
  const problem = face.problemAt(field);
  const by = [...(help ? [`${id}-help`] : []), ...(problem ? [`${id}-problem`] : [])].join(' ');
  return {
    id,
    'aria-invalid': problem ? ('true' as const) : undefined,
    'aria-describedby': by === '' ? undefined : by,
  };
}

function Frame({
  face,
  field,
  label,
  help,
  children,
}: FieldProps & { children: ComponentChildren }) {
  const id = controlId(field);
  return (
    <div class="ask">
      <label class="ask__label" for={id}>
        {label}
      </label>
      {help && (
        <span class="ask__help" id={`${id}-help`}>
          {help}
        </span>
      )}
      {children}
      <ProblemAt face={face} field={field} />
    </div>
  );
}

/** What is wrong with a field, under it. */
export function ProblemAt({ face, field }: { readonly face: FormFace; readonly field: string }) {
  const problem = face.problemAt(field);
  return problem === undefined ? null : (
    <p class="field__error" id={`${controlId(field)}-problem`}>
      ＊{problem}
    </p>
  );
}

export function TextField({
  size,
  inputMode,
  ...field
}: FieldProps & { readonly size?: 'short'; readonly inputMode?: 'numeric' | 'url' }) {
  return (
    <Frame {...field}>
      <input
        {...described(field)}
        class="input"
        data-size={size}
        inputmode={inputMode}
        autocomplete="off"
        value={field.face.draft[field.field] ?? ''}
        onInput={(event) => field.face.onType(field.field, event.currentTarget.value)}
      />
    </Frame>
  );
}

export function LinesField({ rows = 3, ...field }: FieldProps & { readonly rows?: number }) {
  return (
    <Frame {...field}>
      <textarea
        {...described(field)}
        class="textarea"
        rows={rows}
        value={field.face.draft[field.field] ?? ''}
        onInput={(event) => field.face.onType(field.field, event.currentTarget.value)}
      />
    </Frame>
  );
}

export function ChoiceField({
  options,
  ...field
}: FieldProps & { readonly options: readonly (readonly [value: string, name: string])[] }) {
  return (
    <Frame {...field}>
      <select
        {...described(field)}
        class="select"
        value={field.face.draft[field.field] ?? ''}
        onChange={(event) => field.face.onType(field.field, event.currentTarget.value)}
      >
        {options.map(([value, name]) => (
          <option key={value} value={value}>
            {name}
          </option>
        ))}
      </select>
    </Frame>
  );
}

const SCHOOL_YEARS: readonly (readonly [string, string])[] = [
  ['', '決めない'],
  ...Array.from({ length: 13 }, (_, year) => [String(year), schoolYearName(year)] as const),
];

/** A school year; the lower end of a range begins with the first class. */
export function SchoolYearField({ isLower, ...field }: FieldProps & { readonly isLower: boolean }) {
  return (
    <ChoiceField
      {...field}
      options={isLower ? SCHOOL_YEARS.filter(([value]) => value !== '0') : SCHOOL_YEARS}
    />
  );
}

export function DateField(field: FieldProps) {
  return (
    <Frame {...field}>
      <input
        {...described(field)}
        class="input"
        data-size="short"
        type="date"
        value={field.face.draft[field.field] ?? ''}
        onInput={(event) => field.face.onType(field.field, event.currentTarget.value)}
      />
    </Frame>
  );
}

/** A moment on Tokyo's clock; the form keeps the instant. */
export function MomentField(field: FieldProps) {
  const value = field.face.draft[field.field] ?? '';
  const at = value === '' ? undefined : new Date(value);
  return (
    <Frame {...field}>
      <input
        {...described(field)}
        class="input"
        type="datetime-local"
        value={at ? `${dayInTokyo(at)}T${timeInTokyo(at)}` : ''}
        onInput={(event) => {
          const [day = '', time = ''] = event.currentTarget.value.split('T');
          const typed = day === '' ? '' : instantInTokyo(day, time.slice(0, 5)).toISOString();
          field.face.onType(field.field, typed);
        }}
      />
    </Frame>
  );
}

export function TickField({ face, field, label, help }: FieldProps) {
  return (
    <div class="ask">
      <label class="choice" data-plain for={controlId(field)}>
        <input
          {...described({ face, field, ...(help ? { help } : {}) })}
          type="checkbox"
          checked={face.draft[field] === 'yes'}
          onChange={(event) => face.onType(field, event.currentTarget.checked ? 'yes' : '')}
        />
        <span>{label}</span>
        {help && (
          <span class="choice__note" id={`${controlId(field)}-help`}>
            {help}
          </span>
        )}
      </label>
      <ProblemAt face={face} field={field} />
    </div>
  );
}
