/**
 * A page of the desk that holds nothing but the two components of pictures, for hostile ones: the very code,
 * the very headers, and sealed bytes handed over by a test.
 */
import '../../site/src/trusted-scripts.ts';
import { render } from 'preact';
import { useState } from 'preact/hooks';
import type { ChosenPhoto } from '../../site/src/letters/photo.ts';
import { PhotoPicker } from '../../site/src/letters/photo-picker.tsx';
import { PictureView } from '../../site/src/letters/picture-view.tsx';
import { decodePicture } from '../../site/src/letters/picture-work.ts';
import { type Attachment, fromBase64 } from '../../site/src/sealing.ts';

export interface GivenPicture {
  readonly attachment: Attachment;
  /** Base64url; null: not handed over. */
  readonly parts: readonly (string | null)[];
  readonly identity: string;
}

export interface PicturesPage {
  show(pictures: readonly GivenPicture[]): void;
  /** Bytes that would be sent, base64. */
  chosen(): readonly { readonly bytes: string; readonly width: number; readonly height: number }[];
  decode(bytes: string, type: string, seconds: number): Promise<string>;
  /** The longest time in which the page could do nothing else, in milliseconds. */
  longestPause(): number;
}

let photosNow: readonly ChosenPhoto[] = [];

function Picker() {
  const [photos, setPhotos] = useState<readonly ChosenPhoto[]>([]);
  photosNow = photos;
  return (
    <PhotoPicker
      photos={photos}
      onAdd={(photo) => setPhotos((before) => [...before, photo])}
      onRemove={(key) => setPhotos((before) => before.filter((each) => each.key !== key))}
    />
  );
}

const toText = (bytes: Uint8Array) => {
  let text = '';
  for (const byte of bytes) text += String.fromCharCode(byte);
  return btoa(text);
};

let last = performance.now();
let longest = 0;
setInterval(() => {
  longest = Math.max(longest, performance.now() - last);
  last = performance.now();
}, 10);

const page: PicturesPage = {
  show(pictures) {
    render(
      pictures.map(({ attachment, parts, identity }, index) => (
        <PictureView
          key={attachment.id}
          attachment={attachment}
          nth={index + 1}
          identities={[identity]}
          fetchParts={async () =>
            parts.map((part) => (part === null ? undefined : fromBase64(part)))
          }
        />
      )),
      document.getElementById('letters') as HTMLElement,
    );
  },
  chosen: () =>
    photosNow.map(({ picture, width, height }) => ({
      bytes: toText(picture.bytes),
      width,
      height,
    })),
  async decode(bytes, type, seconds) {
    const task = { do: 'show', bytes: new Uint8Array(fromBase64(bytes)), type } as const;
    const result = await decodePicture(task, seconds);
    return 'fault' in result ? result.fault : 'shown';
  },
  longestPause() {
    const was = longest;
    longest = 0;
    return was;
  },
};
(globalThis as { pictures?: PicturesPage }).pictures = page;
render(<Picker />, document.getElementById('picker') as HTMLElement);
