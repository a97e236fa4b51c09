/**
 * Text with readings above its kanji (ふりがな). Whether they are seen is the page's switch and a matter of
 * styles (`data-furigana` of the page): components need not know.
 */
import { readFurigana } from '../rules.ts';

/** @param props.text with readings, `{漢字|かんじ}` */
export function Ruby({ text }: { readonly text: string }) {
  return (
    // One element, so that a button that spaces its parts out leaves the sentence whole.
    <span>
      {readFurigana(text).map((part, at) =>
        typeof part === 'string' ? (
          part
        ) : (
          <ruby key={at}>
            {part.base}
            <rp>（</rp>
            <rt>{part.reading}</rt>
            <rp>）</rp>
          </ruby>
        ),
      )}
    </span>
  );
}
