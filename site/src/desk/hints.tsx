/** Which keys the desk knows, and the switch that turns single keys off. */
import { useEffect, useRef } from 'preact/hooks';

const hints = [
  ['↑ ↓', '一覧の中を動く（J・K でも）'],
  ['Enter', '選んだ講座を開いて、右の欄に移る'],
  ['/', '検索の欄に移る'],
  ['N', '新しい講座を作る'],
  ['Ctrl + S', '書いている講座を保存する（⌘ + S でも）'],
  ['Esc', '一覧にもどる'],
  ['?', 'この案内を開く・閉じる'],
] as const;

export function Hints({
  isOpen,
  onClose,
  usesKeys,
  onUsesKeys,
}: {
  readonly isOpen: boolean;
  readonly onClose: () => void;
  readonly usesKeys: boolean;
  readonly onUsesKeys: (uses: boolean) => void;
}) {
  const dialog = useRef<HTMLDialogElement>(null);
  useEffect(() => {
    if (isOpen && !dialog.current?.open) dialog.current?.showModal();
    if (!isOpen && dialog.current?.open) dialog.current.close();
  }, [isOpen]);
  return (
    <dialog class="hints" ref={dialog} onClose={onClose} aria-labelledby="hints-title">
      <h2 id="hints-title">キーボードでの使い方</h2>
      <dl class="hints__list">
        {hints.map(([key, what]) => (
          <div key={key}>
            <dt>
              <kbd>{key}</kbd>
            </dt>
            <dd>{what}</dd>
          </div>
        ))}
      </dl>
      <label class="choice" data-plain>
        <input
          type="checkbox"
          checked={usesKeys}
          onChange={(event) => onUsesKeys(event.currentTarget.checked)}
        />
        <span>文字ひとつのキー（J・K・N・/・?）を使う</span>
      </label>
      <button class="button" type="button" onClick={onClose}>
        閉じる
      </button>
    </dialog>
  );
}
