/** A line to type into, and a wish that opens one: the small fields below a letter. */
import type { ComponentChildren } from 'preact';
import { useId, useState } from 'preact/hooks';
import { UNKEPT } from './parts.tsx';
import { Ruby } from './ruby.tsx';

export function Line({
  label,
  note,
  problem,
  name,
  keyboard,
  value,
  onType,
}: {
  readonly label: string;
  readonly note?: string;
  /** What to mend; '': nothing. */
  readonly problem: string;
  readonly name: string;
  readonly keyboard: 'text' | 'email';
  readonly value: string;
  readonly onType: (value: string) => void;
}) {
  const id = useId();
  return (
    <div class="field">
      <label class="field__label" for={id}>
        <Ruby text={label} />
      </label>
      {note !== undefined && (
        <p class="field__support" id={`${id}-note`}>
          <Ruby text={note} />
        </p>
      )}
      <input
        class="input"
        id={id}
        name={name}
        inputMode={keyboard}
        value={value}
        aria-describedby={note === undefined ? `${id}-problem` : `${id}-note ${id}-problem`}
        aria-invalid={problem !== ''}
        onInput={({ currentTarget }) => onType(currentTarget.value)}
        {...UNKEPT}
      />
      <p class="field__error" id={`${id}-problem`} role="alert">
        {problem !== '' && <Ruby text={problem} />}
      </p>
    </div>
  );
}

/** A switch; what belongs to it is shown while it is on. */
export function Switch({
  label,
  note,
  isOn,
  onSwitch,
}: {
  readonly label: string;
  readonly note: string;
  readonly isOn: boolean;
  readonly onSwitch: (isOn: boolean) => void;
}) {
  const id = useId();
  return (
    <div class="field">
      <label class="letters__switch">
        <input
          type="checkbox"
          checked={isOn}
          autocomplete="off"
          aria-describedby={id}
          onChange={({ currentTarget }) => onSwitch(currentTarget.checked)}
        />
        <span>
          <Ruby text={label} />
        </span>
      </label>
      <p class="note" id={id}>
        <Ruby text={note} />
      </p>
    </div>
  );
}

/** A switch that shows a field; switched off, what was typed into it is gone. */
export function Wish({
  label,
  note,
  isOnFirst,
  onOff,
  children,
}: {
  readonly label: string;
  readonly note: string;
  readonly isOnFirst: boolean;
  readonly onOff: () => void;
  readonly children: ComponentChildren;
}) {
  const [isOn, setIsOn] = useState(isOnFirst);
  const flip = (on: boolean) => {
    setIsOn(on);
    if (!on) onOff();
  };
  return (
    <>
      <Switch label={label} note={note} isOn={isOn} onSwitch={flip} />
      {isOn && children}
    </>
  );
}
