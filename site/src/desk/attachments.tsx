/** The place of pictures in a letter: which there are, by what stands inside the seal. */
import type { DeskSecrets, LetterContent } from '../sealing.ts';

export function Attachments({
  letter: { attachments },
}: {
  readonly letter: LetterContent;
  /** With which they are opened. */
  readonly keys: readonly DeskSecrets[];
}) {
  return (
    <p class="letter__pictures">
      写真 {attachments.length}枚（{attachments.map(({ name }) => name).join('、')}
      ）。この画面では、まだ見られません。
    </p>
  );
}
