/** While a letter is on its way, and while nobody knows whether it has arrived. */
import { useEffect, useState } from 'preact/hooks';
import type { State } from './machine.ts';
import { Notice, Phone, type ScreenProps, Title } from './parts.tsx';
import { Ruby } from './ruby.tsx';

export function Sending({
  config,
  say,
  text,
  trouble,
  uploaded,
  onTryNow,
}: ScreenProps & {
  readonly text: string;
  readonly trouble: State['trouble'];
  readonly uploaded: State['uploaded'];
  readonly onTryNow: () => void;
}) {
  const isUnanswered = trouble?.kind === 'no_answer';
  const [isTrying, setIsTrying] = useState(false);
  // Every try that fails is told of anew.
  useEffect(() => {
    if (trouble) setIsTrying(false);
  }, [trouble]);
  const tryNow = () => {
    if (isTrying) return;
    setIsTrying(true);
    onTryNow();
  };
  return (
    <section class="letters__stack">
      <Title text={say.sendingTitle} />
      <div role="status">
        {isUnanswered ? (
          <Notice kind="warm">
            <p class="notice__title">
              <Ruby text={say.noAnswerTitle} />
            </p>
            <p>
              <Ruby text={say.noAnswer} />
            </p>
            <p>
              <Ruby text={say.noAnswerClose} />
            </p>
          </Notice>
        ) : (
          <p>
            <Ruby text={uploaded ? say.sendingPhotos : say.sending} />
            {uploaded && ` ${uploaded.sent}／${uploaded.parts}`}
          </p>
        )}
      </div>
      {isUnanswered && (
        <>
          <div class="actions">
            <button class="button" type="button" aria-disabled={isTrying} onClick={tryNow}>
              <Ruby text={isTrying ? say.sendingAgain : say.sendAgain} />
            </button>
          </div>
          <Phone config={config} say={say} />
          <details class="more">
            <summary>
              <Ruby text={say.written} />
            </summary>
            <p class="letters__body">{text}</p>
          </details>
        </>
      )}
    </section>
  );
}
