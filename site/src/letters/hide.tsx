/** Hiding everything, with what that means and does not mean, and a step to think. */

import { useEffect, useState } from 'preact/hooks';
import type { Trouble } from './machine.ts';
import { Notice, type ScreenProps, Title, TroubleNotice } from './parts.tsx';
import { Ruby } from './ruby.tsx';

export function Hide({
  config,
  say,
  trouble,
  onHide,
  onBack,
}: ScreenProps & {
  readonly trouble: Trouble | undefined;
  readonly onHide: () => void;
  readonly onBack: () => void;
}) {
  const [isHiding, setIsHiding] = useState(false);
  useEffect(() => {
    if (trouble && trouble.kind !== 'no_answer') setIsHiding(false);
  }, [trouble]);
  const hide = () => {
    if (isHiding) return;
    setIsHiding(true);
    onHide();
  };
  return (
    <section class="letters__stack">
      <Title text={say.hideTitle} />
      <Notice kind="warm">
        <p>
          <Ruby text={say.hideMeans} />
        </p>
        <p>
          <Ruby text={say.hideAgain} />
        </p>
      </Notice>
      <TroubleNotice config={config} say={say} trouble={trouble} />
      <p role="status" class="form-status">
        {isHiding && <Ruby text={trouble ? say.noAnswerReading : say.hiding} />}
      </p>
      <div class="actions">
        <button
          class="button"
          data-kind="grave"
          type="button"
          aria-disabled={isHiding}
          onClick={hide}
        >
          <Ruby text={say.hidePress} />
        </button>
        <button class="button" data-kind="second" type="button" onClick={onBack}>
          <Ruby text={say.hideNot} />
        </button>
      </div>
    </section>
  );
}

export function Hidden({ say, onEnd }: ScreenProps & { readonly onEnd: () => void }) {
  return (
    <section class="letters__stack">
      <Title text={say.hiddenTitle} />
      <p>
        <Ruby text={say.hidden} />
      </p>
      <div class="actions">
        <button class="button" data-kind="second" type="button" onClick={onEnd}>
          <Ruby text={say.toDoors} />
        </button>
      </div>
    </section>
  );
}
