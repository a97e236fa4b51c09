/**
 * What the first bytes of a picture say of it: its format, and how many pixels a decoder would unfold. Read
 * before anything is decoded, so that a small file cannot become a gigabyte.
 */

export interface PictureHeader {
  readonly type: 'image/jpeg' | 'image/png' | 'image/webp';
  readonly width: number;
  readonly height: number;
}

/** Some 7,000 by 7,000: more than any telephone's camera gives to a browser. */
export const MOST_PIXELS = 50_000_000;

/** @returns undefined for whatever is not the beginning of a JPEG, PNG or WebP picture */
export function readHeader(bytes: Uint8Array): PictureHeader | undefined {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  try {
    const header = readPng(view) ?? readJpeg(view) ?? readWebp(view);
    return header && header.width > 0 && header.height > 0 ? header : undefined;
  } catch {
    // It ended before it had said everything.
    return undefined;
  }
}

/** Markup and documents, which no decoder of pictures is to see even if it could. */
export function isMarkup(bytes: Uint8Array): boolean {
  const text = new TextDecoder('latin1')
    .decode(bytes.subarray(0, 1_024))
    // Marks of UTF-8 and UTF-16, and what UTF-16 has between its letters.
    .replace(/^(ï»¿|ÿþ|þÿ)/, '')
    .replaceAll('\0', '')
    .trimStart();
  return /^(<|%PDF|%!PS)/.test(text);
}

function textAt(view: DataView, at: number, length: number): string {
  return String.fromCharCode(...new Uint8Array(view.buffer, view.byteOffset + at, length));
}

function readPng(view: DataView): PictureHeader | undefined {
  if (view.getUint32(0) !== 0x89504e47 || view.getUint32(4) !== 0x0d0a1a0a) return undefined;
  if (textAt(view, 12, 4) !== 'IHDR') return undefined;
  return { type: 'image/png', width: view.getUint32(16), height: view.getUint32(20) };
}

function readJpeg(view: DataView): PictureHeader | undefined {
  if (view.getUint16(0) !== 0xffd8) return undefined;
  for (let at = 2; ; ) {
    if (view.getUint8(at) !== 0xff) return undefined;
    const marker = view.getUint8(at + 1);
    // Filling before a marker, and markers without content.
    if (marker === 0xff) {
      at += 1;
      continue;
    }
    if (marker === 0x01 || (marker >= 0xd0 && marker <= 0xd7)) {
      at += 2;
      continue;
    }
    // The picture begins, or ends, and has not said how large it is.
    if (marker === 0xda || marker === 0xd9 || marker === 0xd8) return undefined;
    const isFrame =
      marker >= 0xc0 && marker <= 0xcf && marker !== 0xc4 && marker !== 0xc8 && marker !== 0xcc;
    if (isFrame) {
      return { type: 'image/jpeg', width: view.getUint16(at + 7), height: view.getUint16(at + 5) };
    }
    const length = view.getUint16(at + 2);
    if (length < 2) return undefined;
    at += 2 + length;
  }
}

function readWebp(view: DataView): PictureHeader | undefined {
  if (textAt(view, 0, 4) !== 'RIFF' || textAt(view, 8, 4) !== 'WEBP') return undefined;
  const of = (width: number, height: number) => ({ type: 'image/webp' as const, width, height });
  const kind = textAt(view, 12, 4);
  if (kind === 'VP8 ') {
    if (textAt(view, 23, 3) !== '\x9d\x01\x2a') return undefined;
    return of(view.getUint16(26, true) & 0x3fff, view.getUint16(28, true) & 0x3fff);
  }
  if (kind === 'VP8L') {
    if (view.getUint8(20) !== 0x2f) return undefined;
    const bits = view.getUint32(21, true);
    return of((bits & 0x3fff) + 1, ((bits >>> 14) & 0x3fff) + 1);
  }
  if (kind !== 'VP8X') return undefined;
  const uint24 = (at: number) => view.getUint16(at, true) + view.getUint8(at + 2) * 65_536;
  return of(uint24(24) + 1, uint24(27) + 1);
}
