/** One of several, or none: large pieces that a thumb can press. */
import type { Choice } from '../rules.ts';
import { Ruby } from './ruby.tsx';

export function Chips<Value extends string>({
  legend,
  name,
  choices,
  none,
  chosen,
  onChoose,
}: {
  readonly legend: string;
  readonly name: string;
  readonly choices: readonly Choice<Value>[];
  /** Label of the piece that takes a choice back; absent: one is always chosen. */
  readonly none?: string;
  readonly chosen: Value | undefined;
  readonly onChoose: (value: Value | undefined) => void;
}) {
  const piece = (value: Value | undefined, label: string) => (
    <label class="letters__chip">
      <input
        type="radio"
        name={name}
        checked={chosen === value}
        autocomplete="off"
        onChange={() => onChoose(value)}
      />
      <span>
        <Ruby text={label} />
      </span>
    </label>
  );
  return (
    <fieldset class="letters__chips">
      <legend class="field__legend">
        <Ruby text={legend} />
      </legend>
      {choices.map(({ value, label }) => piece(value, label))}
      {none !== undefined && piece(undefined, none)}
    </fieldset>
  );
}
