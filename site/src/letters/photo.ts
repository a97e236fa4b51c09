/**
 * A photo that somebody wants to send: made small and plain in the browser, sealed, and sent in parts before
 * its letter. The file itself, with its name, its camera and its place, never leaves the telephone.
 */
import type { Attachment, Mailbox, Picture, SealedPicture } from '../sealing.ts';
import type { Client } from './client.ts';
import { decodePicture, type PictureWorkFault } from './picture-work.ts';

export const MOST_PHOTOS = 4;
const MOST_BYTES = 30_000_000;

/** A photo as it will be sent. */
export interface ChosenPhoto {
  /** Tells it from others in a list. */
  readonly key: string;
  readonly picture: Picture;
  readonly width: number;
  readonly height: number;
}

export type PhotoFault = PictureWorkFault | 'too_large';

/** What is said of a file that cannot be sent, with readings as `{漢字|かな}`. */
export const photoFaultSentence: Readonly<Record<PhotoFault, string>> = {
  no_picture:
    'この{写真|しゃしん}は{読|よ}み{取|と}れませんでした。ほかの{写真|しゃしん}か、スクリーンショットを えらんでみてください。',
  other_format:
    'この{写真|しゃしん}は{読|よ}み{取|と}れませんでした。ほかの{写真|しゃしん}か、スクリーンショットを えらんでみてください。',
  too_large:
    'この{写真|しゃしん}は{大|おお}きすぎて{送|おく}れません。30MBより{小|ちい}さい{写真|しゃしん}を えらんでください。',
  too_many_pixels:
    'この{写真|しゃしん}は{大|おお}きすぎて{送|おく}れません。スクリーンショットにすると{送|おく}れます。',
  no_answer:
    'つながらなかったので、この{写真|しゃしん}の{準備|じゅんび}ができませんでした。{電波|でんぱ}のあるところで、もう{一度|いちど}えらんでください。',
  too_slow:
    '{写真|しゃしん}の{準備|じゅんび}に{時間|じかん}がかかりすぎました。もう{一度|いちど}えらぶか、ほかの{写真|しゃしん}を えらんでください。',
};

let chosen = 0;

/** Makes a chosen file ready. Only what can be decoded as a picture passes, as new pixels. */
export async function preparePhoto(
  file: Blob,
): Promise<ChosenPhoto | { readonly fault: PhotoFault }> {
  if (file.size > MOST_BYTES) return { fault: 'too_large' };
  const shrunk = await decodePicture({ do: 'shrink', file });
  if ('fault' in shrunk) return shrunk;
  chosen += 1;
  const { bytes, type, width, height } = shrunk;
  // A file's own name can say who took it, where and when.
  return { key: `photo-${chosen}`, picture: { name: '写真.jpg', type, bytes }, width, height };
}

export interface SentPhotos {
  /** For the letter's content, inside the seal. */
  readonly attachments: readonly Attachment[];
  readonly sealed: readonly SealedPicture[];
}

/**
 * Seals photos for the desk and the mailbox; once for each letter, so that what is sent again is the same.
 * @param recipients as of the letter
 */
export async function sealPhotos(
  photos: readonly ChosenPhoto[],
  recipients: readonly [desk: string, mailbox: string | undefined],
): Promise<SentPhotos> {
  const { sealPicture } = await import('../sealing.ts');
  const sealed: SealedPicture[] = [];
  for (const [index, { picture }] of photos.entries()) {
    const name = `写真${index + 1}.jpg`;
    sealed.push(await sealPicture({ ...picture, name }, recipients));
  }
  return { attachments: sealed.map(({ attachment }) => attachment), sealed };
}

/** How far the photos of a letter are: kept by the page between tries. */
export type PhotoProgress = Map<string, Set<number>>;

/**
 * Sends what the server does not have yet; after a failure it is called again with the same arguments.
 * @param onPart told of parts sent and parts there are
 */
export async function uploadPhotos(
  client: Client,
  mailbox: Mailbox,
  { sealed }: SentPhotos,
  progress: PhotoProgress,
  onPart: (sent: number, parts: number) => void = () => {},
): Promise<void> {
  const parts = sealed.reduce((sum, { attachment }) => sum + attachment.parts, 0);
  const count = () => [...progress.values()].reduce((sum, sent) => sum + sent.size, 0);
  for (const picture of sealed) {
    const { id } = picture.attachment;
    const sent = progress.get(id) ?? new Set<number>();
    progress.set(id, sent);
    await client.upload(mailbox, picture, { sent, onPart: () => onPart(count(), parts) });
  }
}
