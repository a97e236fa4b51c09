/** One step of a keyholder before it is taken: what happens, for whom, and what was compared. */
import { useEffect, useRef, useState } from 'preact/hooks';
import type { Hand, Step } from '../sealing.ts';

export interface Plan {
  readonly title: string;
  readonly says: readonly string[];
  /** Figures that two people compare side by side before this step. */
  readonly figures?: string;
  readonly button: string;
  readonly isGrave?: boolean;
  readonly take: (hand: Hand) => Step | Promise<Step>;
}

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
  readonly onTake: () => void;
  readonly onLeave: () => void;
}) {
  const [isCompared, setIsCompared] = useState(false);
  const heading = useRef<HTMLHeadingElement>(null);
  useEffect(() => heading.current?.focus(), []);
  const isReady = plan.figures === undefined || isCompared;
  return (
    <form
      class="step notice"
      data-kind={plan.isGrave ? 'alert' : undefined}
      aria-labelledby="step-title"
      onSubmit={(event) => {
        event.preventDefault();
        if (isReady && !isBusy) onTake();
      }}
    >
      <h3 id="step-title" ref={heading} tabIndex={-1}>
        {plan.title}
      </h3>
      {plan.figures !== undefined && <p class="figures">{plan.figures}</p>}
      {plan.says.map((sentence) => (
        <p key={sentence}>{sentence}</p>
      ))}
      {plan.figures !== undefined && (
        <label class="step__tick">
          <input
            type="checkbox"
            checked={isCompared}
            onChange={(event) => setIsCompared(event.currentTarget.checked)}
          />
          となりで、本人の画面の数字と見くらべました
        </label>
      )}
      <p class="ceremony__buttons">
        <button
          class="button"
          type="submit"
          aria-disabled={isReady && !isBusy ? undefined : 'true'}
        >
          {isBusy ? '保存しています…' : plan.button}
        </button>
        <button class="button" data-kind="plain" type="button" onClick={onLeave}>
          やめる
        </button>
      </p>
      <p class="ceremony__fault" role="alert">
        {fault}
      </p>
    </form>
  );
}
