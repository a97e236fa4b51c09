/**
 * Decoding of pictures, of one's own before they are sealed and of strangers after they were opened: to
 * pixels, never to anything that a browser would follow, run or keep.
 */
import { isMarkup, MOST_PIXELS, readHeader } from './picture-header.ts';

/** Longest side of what is sent and of what is shown. */
const LONGEST_SIDE = 2_048;
const QUALITY = 0.8;

/**
 * Make a chosen file small and plain: pixels of it and nothing else · make sealed bytes visible, if they are
 * what their letter said.
 */
export type PictureTask =
  | { readonly do: 'shrink'; readonly file: Blob }
  | { readonly do: 'show'; readonly bytes: Uint8Array<ArrayBuffer>; readonly type: string };

/** It is no picture that can be read · another format than was said · unfolds to too much. */
export type DecodingFault = 'no_picture' | 'other_format' | 'too_many_pixels';

export interface Shrunk {
  readonly bytes: Uint8Array<ArrayBuffer>;
  readonly type: 'image/jpeg';
  readonly width: number;
  readonly height: number;
}

interface Results {
  readonly shrink: Shrunk;
  readonly show: { readonly bitmap: ImageBitmap };
}
export type TaskResult<Task extends PictureTask> =
  | Results[Task['do']]
  | { readonly fault: DecodingFault };

export async function perform(task: PictureTask): Promise<TaskResult<PictureTask>> {
  return task.do === 'shrink' ? shrink(task.file) : show(task.bytes, task.type);
}

async function shrink(file: Blob): Promise<Shrunk | { readonly fault: DecodingFault }> {
  const bytes = new Uint8Array(await file.arrayBuffer());
  if (/svg|xml|html|pdf/.test(file.type) || isMarkup(bytes)) return { fault: 'no_picture' };
  const header = readHeader(bytes);
  if (header && header.width * header.height > MOST_PIXELS) return { fault: 'too_many_pixels' };
  // Other formats are left to the browser: whatever it can decode becomes a JPEG here.
  const bitmap = await decode(new Blob([bytes], { type: header?.type ?? file.type }));
  if (!(bitmap instanceof ImageBitmap)) return bitmap;
  const canvas = draw(bitmap, 'white');
  const { width, height } = canvas;
  const blob = await toJpeg(canvas);
  // What a canvas gives has no camera, no place and no date: it never knew them.
  return { bytes: new Uint8Array(await blob.arrayBuffer()), type: 'image/jpeg', width, height };
}

async function show(
  bytes: Uint8Array<ArrayBuffer>,
  type: string,
): Promise<{ readonly bitmap: ImageBitmap } | { readonly fault: DecodingFault }> {
  const header = readHeader(bytes);
  if (header?.type !== type) return { fault: 'other_format' };
  if (header.width * header.height > MOST_PIXELS) return { fault: 'too_many_pixels' };
  const bitmap = await decode(new Blob([bytes], { type: header.type }));
  if (!(bitmap instanceof ImageBitmap)) return bitmap;
  if (Math.max(bitmap.width, bitmap.height) <= LONGEST_SIDE) return { bitmap };
  return { bitmap: await createImageBitmap(draw(bitmap)) };
}

async function decode(blob: Blob): Promise<ImageBitmap | { readonly fault: DecodingFault }> {
  let bitmap: ImageBitmap;
  try {
    bitmap = await createImageBitmap(blob);
  } catch {
    return { fault: 'no_picture' };
  }
  // A format that we cannot read the header of, or a header that was not true.
  if (bitmap.width * bitmap.height <= MOST_PIXELS) return bitmap;
  bitmap.close();
  return { fault: 'too_many_pixels' };
}

type Canvas = OffscreenCanvas | HTMLCanvasElement;

/** Draws as large as it may be, and lets the bitmap go. @param ground for pictures that are see-through */
function draw(bitmap: ImageBitmap, ground?: string): Canvas {
  const scale = Math.min(1, LONGEST_SIDE / Math.max(bitmap.width, bitmap.height));
  const width = Math.max(1, Math.round(bitmap.width * scale));
  const height = Math.max(1, Math.round(bitmap.height * scale));
  const canvas = makeCanvas(width, height);
  const context = canvas.getContext('2d') as CanvasRenderingContext2D | null;
  if (!context) throw new Error('No canvas');
  if (ground !== undefined) {
    context.fillStyle = ground;
    context.fillRect(0, 0, width, height);
  }
  context.imageSmoothingQuality = 'high';
  context.drawImage(bitmap, 0, 0, width, height);
  bitmap.close();
  return canvas;
}

function makeCanvas(width: number, height: number): Canvas {
  if (typeof OffscreenCanvas !== 'undefined') return new OffscreenCanvas(width, height);
  return Object.assign(document.createElement('canvas'), { width, height });
}

function toJpeg(canvas: Canvas): Promise<Blob> {
  const options = { type: 'image/jpeg', quality: QUALITY };
  if (!('toBlob' in canvas)) return canvas.convertToBlob(options);
  return new Promise((done, fail) =>
    canvas.toBlob(
      (blob) => (blob ? done(blob) : fail(new Error('No picture'))),
      options.type,
      options.quality,
    ),
  );
}
