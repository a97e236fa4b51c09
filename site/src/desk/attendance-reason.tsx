/** Why somebody is absent: one tap for each reason, a short note for any other. */
import { useEffect, useRef, useState } from 'preact/hooks';
import { absenceReasonName, type MarkView } from '../rules.ts';
import type { Marking } from './attendance-screen.tsx';

const REASONS = ['unwell', 'plans', 'no_notice'] as const;

export function ReasonSheet({
  name,
  mark,
  onChoose,
  onClose,
}: {
  readonly name: string;
  readonly mark: MarkView | undefined;
  readonly onChoose: (made: Marking) => void;
  readonly onClose: () => void;
}) {
  const dialog = useRef<HTMLDialogElement>(null);
  const [note, setNote] = useState(mark?.note ?? '');
  useEffect(() => {
    dialog.current?.showModal();
  }, []);
  const isAbsent = mark?.status === 'absent';
  return (
    <dialog class="att__sheet" ref={dialog} onClose={onClose} aria-labelledby="reason-title">
      <h3 id="reason-title">{name}さん：欠席の理由</h3>
      <div class="att__reasons">
        {REASONS.map((reason) => (
          <button
            key={reason}
            class="att__button"
            type="button"
            aria-pressed={mark?.reason === reason}
            onClick={() => onChoose({ status: 'absent', reason, persons: {} })}
          >
            {absenceReasonName[reason]}
          </button>
        ))}
      </div>
      <form
        class="att__other"
        onSubmit={(event) => {
          event.preventDefault();
          onChoose({ status: 'absent', reason: 'other', note: note.trim(), persons: {} });
        }}
      >
        <label for="reason-note">そのほかの理由（短く。書かなくてもかまいません）</label>
        <input
          class="input"
          id="reason-note"
          maxLength={40}
          autocomplete="off"
          value={note}
          onInput={(event) => setNote(event.currentTarget.value)}
        />
        <button class="button" data-kind="second" type="submit">
          「{absenceReasonName.other}」で欠席にする
        </button>
      </form>
      <div class="att__sheet-end">
        {isAbsent && (
          <button
            class="button"
            data-kind="second"
            type="button"
            onClick={() => onChoose({ status: 'unmarked', persons: {} })}
          >
            欠席を取り消す
          </button>
        )}
        <button class="button" data-kind="plain" type="button" onClick={onClose}>
          やめる
        </button>
      </div>
    </dialog>
  );
}
