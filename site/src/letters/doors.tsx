/** The two doors: a first letter, or the words of one that was written before. */
import type { ScreenProps } from './parts.tsx';
import { Ruby } from './ruby.tsx';

export function Doors({
  say,
  onWrite,
  onRead,
}: ScreenProps & { readonly onWrite: () => void; readonly onRead: () => void }) {
  return (
    <div class="letters__doors">
      <button class="letters__door" type="button" onClick={onWrite}>
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
