/** Choosing photos for a letter: what each will look like, how to take it out again, and what did not work. */
import { useEffect, useId, useRef, useState } from 'preact/hooks';
import {
  type ChosenPhoto,
  MOST_PHOTOS,
  type PhotoFault,
  photoFaultSentence,
  preparePhoto,
} from './photo.ts';
import { PictureCanvas } from './picture-canvas.tsx';
import { decodePicture } from './picture-work.ts';
import { PlainText, type Say, withoutReadings } from './plain-text.tsx';

const WORDS = {
  choose: '{写真|しゃしん}を えらぶ',
  note: '4{枚|まい}まで。{小|ちい}さく{作|つく}り{直|なお}すので、とった{場所|ばしょ}や{日時|にちじ}の{記録|きろく}は{消|き}えます。{写|うつ}っているもの（{顔|かお}、{名札|なふだ}、{窓|まど}の{外|そと}）は そのままです。',
  preparing: '{写真|しゃしん}の{準備|じゅんび}をしています。',
  full: '{写真|しゃしん}は4{枚|まい}までです。かえるときは、どれかを とりのぞいてください。',
  photo: '{写真|しゃしん}',
  remove: 'とりのぞく',
} as const;

export function PhotoPicker({
  photos,
  onAdd,
  onRemove,
  onComing,
  onFault,
  Text = PlainText,
  isOff = false,
}: {
  /** As chosen so far; kept by the page, so that they last as long as its text. */
  readonly photos: readonly ChosenPhoto[];
  readonly onAdd: (photo: ChosenPhoto) => void;
  readonly onRemove: (key: string) => void;
  /** Whether photos that were chosen are still being made ready. */
  readonly onComing?: (isComing: boolean) => void;
  /** One of them cannot be sent; why is said here. */
  readonly onFault?: () => void;
  readonly Text?: Say;
  /** While the letter is being sent. */
  readonly isOff?: boolean;
}) {
  const id = useId();
  const input = useRef<HTMLInputElement>(null);
  const [waiting, setWaiting] = useState(0);
  const [fault, setFault] = useState<PhotoFault | 'full' | undefined>();
  const coming = useRef(0);
  const isHere = useRef(true);
  useEffect(() => {
    isHere.current = true;
    return () => {
      isHere.current = false;
    };
  }, []);

  const take = async (files: readonly File[]) => {
    const room = Math.max(0, MOST_PHOTOS - photos.length - waiting);
    setFault(files.length > room ? 'full' : undefined);
    const taken = files.slice(0, room);
    setWaiting((count) => count + taken.length);
    coming.current += taken.length;
    if (taken.length > 0) onComing?.(true);
    // One after the other: four at once are too much for the memory of a small telephone.
    for (const file of taken) {
      const prepared = await preparePhoto(file);
      if (!isHere.current) return;
      if ('fault' in prepared) {
        setFault(prepared.fault);
        onFault?.();
      } else onAdd(prepared);
      setWaiting((count) => count - 1);
      coming.current -= 1;
      if (coming.current === 0) onComing?.(false);
    }
  };
  const isFull = photos.length + waiting >= MOST_PHOTOS;
  return (
    <div class="photos">
      <p class="field__support" id={`${id}-note`}>
        <Text text={WORDS.note} />
      </p>
      <ul class="photos__list" role="list">
        {photos.map((photo, index) => (
          <li class="photos__item" key={photo.key}>
            <Preview photo={photo} label={`${withoutReadings(WORDS.photo)} ${index + 1}`} />
            <button
              class="button"
              data-kind="plain"
              type="button"
              disabled={isOff}
              aria-label={`${withoutReadings(WORDS.photo)} ${index + 1} を${WORDS.remove}`}
              onClick={() => {
                setFault(undefined);
                onRemove(photo.key);
                input.current?.focus();
              }}
            >
              <Text text={WORDS.remove} />
            </button>
          </li>
        ))}
      </ul>
      <label class="photos__choose button" data-kind="second" aria-disabled={isFull || isOff}>
        <Text text={WORDS.choose} />
        <input
          class="photos__input"
          ref={input}
          type="file"
          // Named one by one, a telephone turns what only it can read (HEIC) into a JPEG by itself.
          accept="image/jpeg,image/png,image/webp"
          multiple
          disabled={isFull || isOff}
          aria-describedby={`${id}-note ${id}-fault`}
          onChange={({ currentTarget }) => {
            const files = [...(currentTarget.files ?? [])];
            // The same file can be chosen again, and the page forgets which one it was.
            currentTarget.value = '';
            void take(files);
          }}
        />
      </label>
      <p class="form-status" role="status">
        {waiting > 0 && <Text text={WORDS.preparing} />}
      </p>
      <p class="field__error" id={`${id}-fault`} role="alert">
        {fault && <Text text={fault === 'full' ? WORDS.full : photoFaultSentence[fault]} />}
      </p>
    </div>
  );
}

/** What will be sent, decoded again from the very bytes. */
function Preview({ photo, label }: { readonly photo: ChosenPhoto; readonly label: string }) {
  const [bitmap, setBitmap] = useState<ImageBitmap | undefined>();
  const { bytes, type } = photo.picture;
  useEffect(() => {
    let isHere = true;
    void decodePicture({ do: 'show', bytes: new Uint8Array(bytes), type }).then((shown) => {
      if (isHere && 'bitmap' in shown) setBitmap(shown.bitmap);
    });
    return () => {
      isHere = false;
    };
  }, [bytes, type]);
  useEffect(() => () => bitmap?.close(), [bitmap]);
  return (
    <span class="photos__preview">{bitmap && <PictureCanvas bitmap={bitmap} label={label} />}</span>
  );
}
