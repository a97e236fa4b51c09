/** Pictures of every kind, byte by byte: good ones, those that are something else as well, and bombs. */
import { crc32, deflateSync } from 'node:zlib';

const ascii = (text: string) => Buffer.from(text, 'latin1');

function chunk(kind: string, content: Buffer): Buffer {
  const body = Buffer.concat([ascii(kind), content]);
  const whole = Buffer.alloc(body.length + 8);
  whole.writeUInt32BE(content.length, 0);
  body.copy(whole, 4);
  whole.writeUInt32BE(crc32(body), body.length + 4);
  return whole;
}

/**
 * A PNG of one bit for each pixel, all of them black.
 * @param rows of pixels that are really inside; more than `height` is a bomb in another way
 */
export function aPng(width: number, height: number, { rows = height, text = '' } = {}): Buffer {
  const header = Buffer.alloc(13);
  header.writeUInt32BE(width, 0);
  header.writeUInt32BE(height, 4);
  header.set([1, 0, 0, 0, 0], 8);
  const line = 1 + Math.ceil(width / 8);
  return Buffer.concat([
    Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]),
    chunk('IHDR', header),
    ...(text === '' ? [] : [chunk('tEXt', ascii(`Comment\0${text}`))]),
    chunk('IDAT', deflateSync(Buffer.alloc(line * rows))),
    chunk('IEND', Buffer.alloc(0)),
  ]);
}

/** The same JPEG with segments put behind its first marker. */
export function withSegments(
  jpeg: Buffer,
  segments: readonly (readonly [number, Buffer])[],
): Buffer {
  return Buffer.concat([
    jpeg.subarray(0, 2),
    ...segments.map(([marker, content]) => {
      const head = Buffer.from([0xff, marker, 0, 0]);
      head.writeUInt16BE(content.length + 2, 2);
      return Buffer.concat([head, content]);
    }),
    jpeg.subarray(2),
  ]);
}

/** Exif as a telephone writes it: lying on its side, with a camera, a date, and where it was taken. */
export function anExif({ orientation = 1, canary = 'CANARY' } = {}): Buffer {
  const entry = (tag: number, type: number, count: number, value: number) => {
    const bytes = Buffer.alloc(12);
    bytes.writeUInt16BE(tag, 0);
    bytes.writeUInt16BE(type, 2);
    bytes.writeUInt32BE(count, 4);
    if (type === 3) bytes.writeUInt16BE(value, 8);
    else bytes.writeUInt32BE(value, 8);
    return bytes;
  };
  const make = ascii(`${canary}-CAMERA\0`);
  const name = ascii(`${canary}-PLACE 35.6580 139.7016\0`);
  // Header 8; IFD0 2 + 3 × 12 + 4 = 42; GPS IFD 2 + 12 + 4 = 18.
  const [gpsAt, makeAt] = [8 + 42, 8 + 42 + 18];
  return Buffer.concat([
    ascii('Exif\0\0MM\0*\0\0\0\x08'),
    Buffer.from([0, 3]),
    entry(0x010f, 2, make.length, makeAt),
    entry(0x0112, 3, 1, orientation),
    entry(0x8825, 4, 1, gpsAt),
    Buffer.alloc(4),
    Buffer.from([0, 1]),
    entry(0x001d, 2, name.length, makeAt + make.length),
    Buffer.alloc(4),
    make,
    name,
  ]);
}

export const anXmp = (canary: string) =>
  ascii(`http://ns.adobe.com/xap/1.0/\0<x:xmpmeta>${canary}-XMP</x:xmpmeta>`);

/** Markers of the segments of a JPEG before its pixels. */
export function markersOf(jpeg: Buffer): number[] {
  const markers: number[] = [];
  for (let at = 2; at < jpeg.length && jpeg[at] === 0xff; at += 2 + jpeg.readUInt16BE(at + 2)) {
    markers.push(jpeg[at + 1] ?? 0);
    if (jpeg[at + 1] === 0xda) break;
  }
  return markers;
}

export const A_SCRIPT = 'globalThis.ran=true;location.href="/ran"';
export const SVG = ascii(
  `<svg xmlns="http://www.w3.org/2000/svg" width="10" height="10" onload='${A_SCRIPT}'><script>${A_SCRIPT}</script></svg>`,
);
export const HTML = ascii(
  `<!doctype html><meta http-equiv="refresh" content="0;url=/ran"><script>${A_SCRIPT}</script><img src=x onerror='${A_SCRIPT}'>`,
);
export const PDF = ascii(
  '%PDF-1.7\n1 0 obj<</Type/Catalog/OpenAction<</S/JavaScript/JS(app.alert(1))>>>>endobj\n',
);
