/** A pad of kana on the page (五十音), for phones whose keyboard remembers, or is hard to type on. */
import { KANA_MARKS, KANA_ROWS, withMark } from './kana.ts';

export function KanaPad({
  value,
  label,
  onChange,
}: {
  /** The word that the pad types into. */
  readonly value: string;
  /** Its place, to be read aloud with it. */
  readonly label: string;
  readonly onChange: (value: string) => void;
}) {
  const key = (text: string, name: string, press: () => void) => (
    <button
      class="letters__key"
      type="button"
      aria-label={name}
      // The field that is typed into keeps the focus.
      onPointerDown={(event) => event.preventDefault()}
      onClick={press}
    >
      {text}
    </button>
  );
  return (
    <fieldset class="letters__pad" aria-label="五十音">
      <p class="letters__pad-line" aria-hidden="true">
        {label}
        <span class="letters__pad-word">{value}</span>
      </p>
      <div class="letters__keys">
        {KANA_ROWS.flat().map((kana, at) =>
          kana === '' ? <span key={at} /> : key(kana, kana, () => onChange(value + kana)),
        )}
        {KANA_MARKS.map((mark) =>
          key(mark, MARK_NAMES[mark], () => onChange(withMark(value, mark))),
        )}
        <span />
        {key('消す', '一文字消す', () => onChange(value.slice(0, -1)))}
      </div>
    </fieldset>
  );
}

const MARK_NAMES = { ゛: 'てんてん', ゜: 'まる', 小: '小さい文字' } as const;
