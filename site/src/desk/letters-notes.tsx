/** Notes between staff about a conversation, sealed for the desk; the writer never sees them. */
import { useState } from 'preact/hooks';
import { momentName } from '../rules.ts';
import { LONGEST_TEXT } from '../sealing.ts';
import type { OpenedConversation, OpenedNote } from './letters-open.ts';
import { useKept } from './use-kept.ts';
import { memberName, type Vault } from './vault.ts';

export function StaffNotes({
  head,
  notes,
  onOlder,
  vault,
  mayWrite,
  onNote,
}: Pick<OpenedConversation, 'head'> & {
  readonly notes: readonly OpenedNote[];
  /** Undefined: these are all. */
  readonly onOlder: (() => void) | undefined;
  readonly vault: Vault;
  readonly mayWrite: boolean;
  /** @returns whether it was kept */
  readonly onNote: (text: string) => Promise<boolean>;
}) {
  const [text, setText] = useState('');
  const [isBusy, setIsBusy] = useState(false);
  const kept = useKept(
    { what: 'note', head, vault },
    text.trim() === '' ? undefined : text,
    (found) => setText((typed) => (typed === '' ? found : typed)),
  );
  const press = async () => {
    if (isBusy || text.trim() === '') return;
    setIsBusy(true);
    if (await onNote(text.trim())) {
      // The keys may have been locked meanwhile, and the note must not come back a second time.
      kept.forget();
      setText('');
    }
    setIsBusy(false);
  };
  return (
    <section class="part" aria-labelledby="notes-title">
      <h3 id="notes-title">職員どうしのメモ</h3>
      {notes.length > 0 && (
        <ol class="notes" role="list">
          {[...notes].reverse().map(({ noteId, author, at, text: written }) => (
            <li class="notes__item" key={noteId}>
              <p class="notes__at">
                {memberName(vault, author)}　<time dateTime={at}>{momentName(new Date(at))}</time>
              </p>
              <p class="notes__text">{written ?? 'このメモは開けませんでした。'}</p>
            </li>
          ))}
        </ol>
      )}
      {onOlder && (
        <p>
          <button class="button" data-kind="second" type="button" onClick={onOlder}>
            前のメモも出す
          </button>
        </p>
      )}
      {mayWrite && (
        <form
          class="note-form"
          onSubmit={(event) => {
            event.preventDefault();
            void press();
          }}
        >
          <label for="note">書いた人には見えません。この窓口の人だけが開けます。</label>
          <textarea
            class="textarea"
            id="note"
            rows={3}
            maxLength={LONGEST_TEXT}
            autocomplete="off"
            value={text}
            onInput={(event) => setText(event.currentTarget.value)}
          />
          <p>
            <button
              class="button"
              data-kind="second"
              type="submit"
              aria-disabled={isBusy ? 'true' : undefined}
            >
              メモを残す
            </button>
          </p>
        </form>
      )}
    </section>
  );
}
