/**
 * One picture of a letter, for whoever may read it: fetched when it is asked for, opened, held against what
 * the letter says, decoded apart from the page, and drawn on a canvas. It never becomes an address.
 */
import { useEffect, useState } from 'preact/hooks';
import type { Attachment, PictureFault } from '../sealing.ts';
import { PictureCanvas } from './picture-canvas.tsx';
import { decodePicture, type PictureWorkFault } from './picture-work.ts';
import { PlainText, type Say, withoutReadings } from './plain-text.tsx';

export type ViewFault = PictureFault | PictureWorkFault;

const NOT_READ = 'この{写真|しゃしん}は、{写真|しゃしん}として{読|よ}み{取|と}れませんでした。';
const OTHER =
  '{別|べつ}の{形式|けいしき}です。{写真|しゃしん}ではないものかもしれないので、{開|ひら}きません。';

const faultSentence: Readonly<Record<ViewFault, string>> = {
  incomplete: 'この{写真|しゃしん}は、ここには{全部|ぜんぶ}そろっていません。',
  altered:
    'この{写真|しゃしん}は、{送|おく}られたものと{違|ちが}っています。{途中|とちゅう}で{変|か}えられたかもしれないので、{開|ひら}きません。',
  cannot_open: 'この{写真|しゃしん}は、いまの{鍵|かぎ}では{開|ひら}けませんでした。',
  malformed: NOT_READ,
  no_picture: NOT_READ,
  not_as_named: OTHER,
  other_format: OTHER,
  too_many_pixels:
    '{大|おお}きすぎる{写真|しゃしん}です。{画面|がめん}が{止|と}まらないように、{開|ひら}きません。',
  too_slow:
    '{読|よ}み{取|と}りに{時間|じかん}がかかりすぎたので、とちゅうで やめました。{画面|がめん}は そのまま{使|つか}えます。',
  no_answer: 'つながりませんでした。もう{一度|いちど}お{試|ため}しください。',
};

/** Faults after which the same might work. */
const MAY_PASS: readonly ViewFault[] = ['incomplete', 'no_answer', 'too_slow'];

const WORDS = {
  photo: '{写真|しゃしん}',
  look: 'を{見|み}る',
  looking: '{写真|しゃしん}を{開|ひら}いています。',
  hide: '{写真|しゃしん}を しまう',
} as const;

type Seen =
  | { readonly is: 'away' | 'coming' }
  | { readonly is: 'here'; readonly bitmap: ImageBitmap }
  | { readonly is: 'refused'; readonly fault: ViewFault };

export function PictureView({
  attachment,
  nth,
  identities,
  fetchParts,
  onError,
  Text = PlainText,
}: {
  /** As an opened and checked letter names it. */
  readonly attachment: Attachment;
  /** Counted from 1 within its letter. */
  readonly nth: number;
  readonly identities: readonly string[];
  readonly fetchParts: (attachment: Attachment) => Promise<readonly (Uint8Array | undefined)[]>;
  /** Told of what fetching threw, such as a log-in that has ended; the picture says `no_answer`. */
  readonly onError?: (error: unknown) => void;
  readonly Text?: Say;
}) {
  const [seen, setSeen] = useState<Seen>({ is: 'away' });
  const bitmap = seen.is === 'here' ? seen.bitmap : undefined;
  // Pixels do not wait in memory for a collector of garbage.
  useEffect(() => () => bitmap?.close(), [bitmap]);

  const look = async () => {
    setSeen({ is: 'coming' });
    let parts: readonly (Uint8Array | undefined)[];
    try {
      parts = await fetchParts(attachment);
    } catch (error) {
      onError?.(error);
      setSeen({ is: 'refused', fault: 'no_answer' });
      return;
    }
    setSeen(await lookInto(parts, attachment, identities));
  };

  const name = `${withoutReadings(WORDS.photo)} ${nth}`;
  return (
    <div class="picture">
      {seen.is === 'here' && <PictureCanvas bitmap={seen.bitmap} label={name} />}
      <p class="form-status" role="status">
        {seen.is === 'coming' && <Text text={WORDS.looking} />}
      </p>
      {seen.is === 'refused' && (
        <p class="picture__fault" role="note">
          <Text text={WORDS.photo} /> {nth}：
          <Text text={faultSentence[seen.fault]} />
        </p>
      )}
      {seen.is === 'here' && (
        <button
          class="button"
          data-kind="plain"
          type="button"
          onClick={() => setSeen({ is: 'away' })}
        >
          <Text text={WORDS.hide} />
        </button>
      )}
      {(seen.is === 'away' ||
        seen.is === 'coming' ||
        (seen.is === 'refused' && MAY_PASS.includes(seen.fault))) && (
        <button
          class="button"
          data-kind="second"
          type="button"
          aria-disabled={seen.is === 'coming'}
          onClick={() => seen.is !== 'coming' && void look()}
        >
          <Text text={WORDS.photo} /> {nth} <Text text={WORDS.look} />
        </button>
      )}
    </div>
  );
}

/** Opens, checks and decodes. */
async function lookInto(
  parts: readonly (Uint8Array | undefined)[],
  attachment: Attachment,
  identities: readonly string[],
): Promise<Seen> {
  try {
    // What opens is as heavy as what seals: whoever looks at a picture has it already.
    const { openPicture } = await import('../sealing.ts');
    const { picture, fault } = await openPicture(parts, attachment, identities);
    if (!picture) return { is: 'refused', fault: fault ?? 'malformed' };
    const bytes = new Uint8Array(picture.bytes);
    const shown = await decodePicture({ do: 'show', bytes, type: picture.type });
    return 'bitmap' in shown
      ? { is: 'here', bitmap: shown.bitmap }
      : { is: 'refused', fault: shown.fault };
  } catch {
    return { is: 'refused', fault: 'no_answer' };
  }
}
