/** One step of a keyholder before it is taken: what happens, for whom, and what was compared. */
import { useEffect, useRef, useState } from 'preact/hooks';
import { fingerprintOf } from '../sealing.ts';
import { missingFor, type Plan, type Told } from './keys-plans.ts';
import { readRecipient } from './keys-words.ts';

export function StepForm({
  plan,
  isBusy,
  fault,
  onTake,
  onLeave,
}: {
  readonly plan: Plan;
  readonly isBusy: boolean;
  readonly fault: string | undefined;
  readonly onTake: (told: Told) => void;
  readonly onLeave: () => void;
}) {
  const [isCompared, setIsCompared] = useState(false);
  const [picked, setPicked] = useState<readonly string[]>([]);
  const [pasted, setPasted] = useState('');
  const [missing, setMissing] = useState<string | undefined>();
  const heading = useRef<HTMLHeadingElement>(null);
  useEffect(() => heading.current?.focus(), []);
  const { picks, pastes, before } = plan;
  const isReady = missingFor(plan, { picked, pasted, isCompared }) === undefined;
  const recipient = readRecipient(pasted);
  const figures = plan.figures ?? (pastes && recipient && fingerprintOf(recipient));
  return (
    <form
      class="step notice"
      data-kind={plan.isGrave ? 'alert' : undefined}
      aria-labelledby="step-title"
      autocomplete="off"
      onSubmit={(event) => {
        event.preventDefault();
        if (isBusy) return;
        const wanted = missingFor(plan, { picked, pasted, isCompared });
        setMissing(wanted);
        if (wanted === undefined) onTake({ picked, pasted });
      }}
    >
      <h3 id="step-title" ref={heading} tabIndex={-1}>
        {plan.title}
      </h3>
      {plan.figures !== undefined && <p class="figures">{plan.figures}</p>}
      {plan.says.map((sentence) => (
        <p key={sentence}>{sentence}</p>
      ))}
      {before === undefined && picks && (
        <fieldset class="step__picks">
          <legend>
            {picks.label}（{picks.least}人以上）
          </legend>
          {picks.from.map(({ member, name }) => (
            <label class="step__tick" key={member}>
              <input
                type="checkbox"
                checked={picked.includes(member)}
                onChange={(event) =>
                  setPicked(
                    event.currentTarget.checked
                      ? [...picked, member]
                      : picked.filter((each) => each !== member),
                  )
                }
              />
              {name}
            </label>
          ))}
        </fieldset>
      )}
      {before === undefined && pastes && (
        <>
          <label class="ceremony__label" for="step-pasted">
            {pastes.label}
          </label>
          <input
            class="input"
            id="step-pasted"
            type="text"
            autocomplete="off"
            spellcheck={false}
            value={pasted}
            onInput={(event) => {
              setPasted(event.currentTarget.value);
              // What was compared is what stood there before.
              setIsCompared(false);
            }}
          />
          {recipient !== undefined && <p class="figures">{figures}</p>}
        </>
      )}
      {before === undefined && figures && (
        <label class="step__tick">
          <input
            type="checkbox"
            checked={isCompared}
            onChange={(event) => setIsCompared(event.currentTarget.checked)}
          />
          {pastes
            ? '控えを作った機械に出た数字と見くらべました'
            : 'となりで、本人の画面の数字と見くらべました'}
        </label>
      )}
      {before !== undefined && <p class="step__before">{before}</p>}
      <p class="ceremony__buttons">
        {before === undefined && (
          <button
            class="button"
            type="submit"
            aria-disabled={isReady && !isBusy ? undefined : 'true'}
          >
            {isBusy ? '保存しています…' : plan.button}
          </button>
        )}
        <button class="button" data-kind="plain" type="button" onClick={onLeave}>
          {before === undefined ? '保存しないで もどる' : 'とじる'}
        </button>
      </p>
      <p class="ceremony__fault" role="alert">
        {(isReady ? undefined : missing) ?? fault}
      </p>
    </form>
  );
}
