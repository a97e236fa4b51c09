/** Which keys a screen of the desk knows, and the switch that turns single keys off. */
import { useEffect, useRef, useState } from 'preact/hooks';

/** The keys of the courses. */
export const courseHints = [
  ['↑ ↓', '一覧の中を動く（J・K でも）'],
  ['Enter', '選んだ講座を開いて、右の欄に移る'],
  ['/', '検索の欄に移る'],
  ['N', '新しい講座を作る'],
  ['Ctrl + S', '書いている講座を保存する（⌘ + S でも）'],
  ['Esc', '一覧にもどる'],
  ['?', 'この案内を開く・閉じる'],
] as const;

const KEYS = 'hidamari.desk.keys';

/** Whether this browser's user wants keys of a single letter. */
export function useSingleKeys(): readonly [boolean, (uses: boolean) => void] {
  const [uses, setUses] = useState(localStorage.getItem(KEYS) !== 'off');
  return [
    uses,
    (next) => {
      localStorage.setItem(KEYS, next ? 'on' : 'off');
      setUses(next);
    },
  ];
}

export function Hints({
  hints,
  single,
  isOpen,
  onClose,
  usesKeys,
  onUsesKeys,
}: {
  readonly hints: readonly (readonly [key: string, what: string])[];
  /** Names of the keys that are a single letter. */
  readonly single: string;
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
        <span>文字ひとつのキー（{single}）を使う</span>
      </label>
      <button class="button" type="button" onClick={onClose}>
        閉じる
      </button>
    </dialog>
  );
}
