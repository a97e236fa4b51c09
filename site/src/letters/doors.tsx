/** The two doors: a first letter, or the words of one that was written before. */
import { useEffect, useRef } from 'preact/hooks';
import { arriveAt, type ScreenProps } from './parts.tsx';
import { Ruby } from './ruby.tsx';

export function Doors({
  say,
  isBack,
  onWrite,
  onRead,
}: ScreenProps & {
  /** Somebody has come back to them: the screen that they left was longer, and is gone with its focus. */
  readonly isBack: boolean;
  readonly onWrite: () => void;
  readonly onRead: () => void;
}) {
  const first = useRef<HTMLButtonElement>(null);
  useEffect(() => {
    if (isBack) arriveAt(first.current);
  }, [isBack]);
  return (
    <div class="letters__doors">
      <button class="letters__door" type="button" ref={first} onClick={onWrite}>
        <strong>
          <Ruby text={say.doorFirst} />
        </strong>
        <span>
          <Ruby text={say.doorFirstNote} />
        </span>
      </button>
      <button class="letters__door" data-kind="second" type="button" onClick={onRead}>
        <strong>
          <Ruby text={say.doorBack} />
        </strong>
        <span>
          <Ruby text={say.doorBackNote} />
        </span>
      </button>
    </div>
  );
}
