/** While a letter is on its way, and while nobody knows whether it has arrived. */
import type { State } from './machine.ts';
import { Notice, Phone, type ScreenProps, Title } from './parts.tsx';
import { Ruby } from './ruby.tsx';

export function Sending({
  config,
  say,
  text,
  isUnanswered,
  uploaded,
  onTryNow,
}: ScreenProps & {
  readonly text: string;
  readonly isUnanswered: boolean;
  readonly uploaded: State['uploaded'];
  readonly onTryNow: () => void;
}) {
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
            <button class="button" type="button" onClick={onTryNow}>
              <Ruby text={say.sendAgain} />
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
