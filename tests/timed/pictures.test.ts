/**
 * Pictures in a real browser under the desk's headers: hostile ones never run, navigate or hang it; chosen
 * ones leave without what the telephone wrote into them.
 */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { generateX25519Identity, identityToRecipient } from 'age-encryption';
import { build } from 'esbuild';
import type { Browser, BrowserContextOptions, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest';
import {
  type PictureType,
  sealPicture,
  splitSealed,
} from '../../functions/letters/picture-sealing.ts';
import { toBase64 } from '../../functions/letters/signing.ts';
import { startWebServer, type WebServer } from '../../infra/local/web-server.ts';
import { launchChromium } from '../support/browser.ts';
import { complaints } from '../support/complaints.ts';
import {
  A_SCRIPT,
  anExif,
  anXmp,
  aPng,
  HTML,
  markersOf,
  PDF,
  SVG,
  withSegments,
} from '../support/pictures.ts';
import type { GivenPicture, PicturesPage } from '../support/pictures-page.tsx';
import { letThrough } from '../support/trusted-types.ts';
import { foreignTo, type Seen, watch } from '../support/watch.ts';

declare const pictures: PicturesPage;

const folder = mkdtempSync(join(tmpdir(), 'hidamari-pictures-'));
const root = join(import.meta.dirname, '../..');
let browser: Browser;
let web: WebServer;
let origin: string;
let jpeg: Buffer;

const of = (path: string) => join(root, path);

beforeAll(async () => {
  const built = { bundle: true, format: 'esm', platform: 'browser', logLevel: 'silent' } as const;
  const { outputFiles } = await build({
    ...built,
    entryPoints: [of('tests/support/pictures-page.tsx')],
    jsx: 'automatic',
    jsxImportSource: 'preact',
    write: false,
  });
  const assets = join(folder, '_astro');
  mkdirSync(assets, { recursive: true });
  // What the site's own build does with the address of a worker.
  const page = outputFiles[0]?.text.replaceAll('./picture-worker.ts', './picture-worker.js') ?? '';
  writeFileSync(join(assets, 'page.js'), page);
  await build({
    ...built,
    entryPoints: [of('site/src/letters/picture-worker.ts')],
    outfile: join(assets, 'picture-worker.js'),
  });
  await build({
    ...built,
    entryPoints: [of('site/src/styles/desk.css')],
    outfile: join(assets, 'page.css'),
  });
  mkdirSync(join(folder, 'staff'));
  writeFileSync(
    join(folder, 'staff/index.html'),
    `<!doctype html><html lang="ja"><head><meta charset="utf-8"><title>写真</title>
    <meta name="viewport" content="width=device-width, initial-scale=1">
    <link rel="icon" href="/favicon.svg"><link rel="stylesheet" href="/_astro/page.css"></head><body><main><h1>写真</h1>
    <section id="letters" aria-label="手紙"></section><section id="picker" aria-label="えらぶ"></section></main>
    <script type="module" src="/_astro/page.js"></script></body></html>`,
  );
  web = await startWebServer({ port: 0 });
  origin = `http://localhost:${web.port}`;
  const nothing = async () => ({ statusCode: 404 });
  web.open({
    stage: 'local',
    publicApi: nothing,
    lettersApi: nothing,
    staffApi: nothing,
    folders: [folder, of('site/public')],
  });
  browser = await launchChromium();
  jpeg = await aJpeg(1_200, 900);
});
afterAll(async () => {
  await browser?.close();
  await web?.stop();
  rmSync(folder, { recursive: true, force: true });
});

/** A JPEG by the browser's own hand: left half red, right half blue. */
async function aJpeg(width: number, height: number): Promise<Buffer> {
  const page = await browser.newPage();
  const address = await page.evaluate(
    ([w, h]) => {
      const canvas = Object.assign(document.createElement('canvas'), { width: w, height: h });
      const context = canvas.getContext('2d') as CanvasRenderingContext2D;
      context.fillStyle = 'red';
      context.fillRect(0, 0, w, h);
      context.fillStyle = 'blue';
      context.fillRect(w / 2, 0, w, h);
      return canvas.toDataURL('image/jpeg', 0.9);
    },
    [width, height] as const,
  );
  await page.close();
  return Buffer.from(address.slice(address.indexOf(',') + 1), 'base64');
}

async function visit(options: BrowserContextOptions = {}, prepare?: (page: Page) => Promise<void>) {
  const context = await browser.newContext({
    viewport: { width: 390, height: 844 },
    reducedMotion: 'reduce',
    ...options,
  });
  onTestFinished(() => context.close());
  const page = await context.newPage();
  const seen = await watch(page);
  const dialogs: string[] = [];
  page.on('dialog', (dialog) => {
    dialogs.push(dialog.message());
    void dialog.dismiss();
  });
  await prepare?.(page);
  await page.goto(`${origin}/staff/`);
  await page.getByText('を えらぶ').waitFor();
  return { page, seen, dialogs };
}

/** Seals bytes as somebody with a changed page could: whatever they are, under any type. */
async function given(bytes: Uint8Array, type: PictureType = 'image/jpeg'): Promise<GivenPicture> {
  const identity = await generateX25519Identity();
  const recipient = await identityToRecipient(identity);
  const picture = { name: '窓.jpg', type, bytes: new Uint8Array(bytes) };
  const { attachment, sealed } = await sealPicture(picture, [recipient, undefined]);
  return { attachment, parts: splitSealed(sealed).map(toBase64), identity };
}

/** Looks at the pictures one after the other, and says what came of each. */
async function look(page: Page, shown: readonly GivenPicture[]): Promise<string[]> {
  await page.evaluate((all) => pictures.show(all), shown);
  const outcomes: string[] = [];
  for (let index = 0; index < shown.length; index += 1) {
    const place = page.locator('#letters .picture').nth(index);
    await place.getByRole('button').click();
    await place.locator('canvas, .picture__fault').waitFor({ timeout: 20_000 });
    const isShown = (await place.locator('canvas').count()) === 1;
    outcomes.push(isShown ? 'shown' : await place.locator('.picture__fault').innerText());
  }
  return outcomes;
}

/** Nothing ran, nothing was asked for, the page is where it was and could always be used. */
async function expectUnharmed(
  { page, seen, dialogs }: { page: Page; seen: Seen; dialogs: string[] },
  mostPause = 1_500,
): Promise<void> {
  expect(await page.evaluate(() => 'ran' in globalThis)).toBe(false);
  expect(page.url()).toBe(`${origin}/staff/`);
  expect(page.context().pages()).toHaveLength(1);
  expect(dialogs).toEqual([]);
  expect(seen.addresses.filter((address) => /blob:|data:|\/ran|%3C/.test(address))).toEqual([]);
  expect(foreignTo(origin, seen)).toEqual([]);
  expect(seen.complaints).toEqual([]);
  const loose = 'img, a, iframe, object, embed, svg, video, audio, link[rel~="prefetch"]';
  expect(await page.locator('#letters').locator(loose).count()).toBe(0);
  expect(await page.evaluate(() => pictures.longestPause())).toBeLessThan(mostPause);
}

const OTHER = /別の形式です/;
const UNREADABLE = /写真として読み取れませんでした/;
const TOO_LARGE = /大きすぎる写真です/;

describe('a picture that came with a letter', () => {
  test('is drawn on a canvas, with words for who does not see it, and can be put away again', async () => {
    const visited = await visit();
    const { page } = visited;
    expect(await look(page, [await given(jpeg)])).toEqual(['shown']);
    const canvas = page.getByRole('img', { name: '写真 1' });
    expect(await canvas.evaluate((each) => each.tagName)).toBe('CANVAS');
    const colours = await canvas.evaluate((each) => {
      const { width } = each as HTMLCanvasElement;
      const context = (each as HTMLCanvasElement).getContext('2d') as CanvasRenderingContext2D;
      const { data } = context.getImageData(0, 10, width, 1);
      return [[...data.slice(40, 43)], [...data.slice(-44, -41)]];
    });
    expect(colours[0]?.[0]).toBeGreaterThan(200);
    expect(colours[1]?.[2]).toBeGreaterThan(200);
    expect(await complaints(page)).toEqual([]);
    await page.getByRole('button', { name: 'しまう' }).click();
    expect(await page.locator('#letters canvas').count()).toBe(0);
    await expectUnharmed(visited, 5_000);
  });

  test('and is something else as well is refused in a sentence, or is only its pixels', async () => {
    const visited = await visit();
    const png = aPng(20, 10);
    const outcomes = await look(visited.page, [
      await given(SVG),
      await given(SVG, 'image/png'),
      await given(HTML, 'image/webp'),
      // A picture with a page in its comment, behind its end, and before its beginning.
      await given(aPng(20, 10, { text: HTML.toString('latin1') }), 'image/png'),
      await given(Buffer.concat([png, HTML]), 'image/png'),
      await given(Buffer.concat([HTML, png]), 'image/png'),
      await given(withSegments(jpeg, [[0xfe, PDF]])),
      await given(Buffer.concat([jpeg, PDF])),
      await given(Buffer.concat([PDF, jpeg])),
      await given(PDF),
      // True pictures under another type.
      await given(png, 'image/jpeg'),
      await given(jpeg, 'image/png'),
      await given(Buffer.from(`GIF89a/*${A_SCRIPT}*/=1;${A_SCRIPT}`)),
    ]);
    const S = 'shown';
    expect(outcomes.map((each) => (each === S ? S : OTHER.test(each) ? 'other' : each))).toEqual([
      ...['other', 'other', 'other'],
      ...[S, S, 'other'],
      ...[S, S, 'other', 'other'],
      ...['other', 'other', 'other'],
    ]);
    await expectUnharmed(visited);
  });

  test('and would unfold to gigabytes is not unfolded, and the desk stays usable', async () => {
    const visited = await visit();
    const huge = Buffer.from(jpeg);
    const frame = huge.findIndex(
      (byte, at) => byte === 0xff && [0xc0, 0xc2].includes(huge[at + 1] ?? 0),
    );
    huge.writeUInt16BE(65_000, frame + 5);
    huge.writeUInt16BE(65_000, frame + 7);
    const began = Date.now();
    const outcomes = await look(visited.page, [
      await given(aPng(30_000, 30_000, { rows: 30_000 }), 'image/png'),
      await given(huge),
      await given(aPng(0xffff_ffff, 0xffff_ffff, { rows: 1 }).subarray(0), 'image/png'),
      // Small by its header, with a hundred megabytes of rows behind it.
      await given(aPng(16, 16, { rows: 30_000_000 }), 'image/png'),
      // As large as may be.
      await given(aPng(7_000, 7_000), 'image/png'),
      await given(aPng(0, 10, { rows: 1 }), 'image/png'),
    ]);
    expect(outcomes[0]).toMatch(TOO_LARGE);
    expect(outcomes[1]).toMatch(TOO_LARGE);
    expect(outcomes[2]).toMatch(TOO_LARGE);
    expect(outcomes[3]).toMatch(/shown|読み取れませんでした/);
    expect(outcomes[4]).toBe('shown');
    expect(outcomes[5]).toMatch(OTHER);
    expect(Date.now() - began).toBeLessThan(40_000);
    const largest = visited.page.locator('#letters canvas').last();
    expect(await largest.evaluate((each) => (each as HTMLCanvasElement).width)).toBe(2_048);
    await expectUnharmed(visited, 3_000);
  });

  test('and is broken is said to be broken: cut, empty, noise, and parts that are missing or changed', async () => {
    const visited = await visit();
    const good = await given(jpeg);
    const first = good.parts[0] ?? '';
    const changed = `${first.slice(0, -9)}${first.at(-9) === 'A' ? 'B' : 'A'}${first.slice(-8)}`;
    const outcomes = await look(visited.page, [
      await given(jpeg.subarray(0, 30)),
      await given(Buffer.alloc(1)),
      await given(Buffer.alloc(5_000)),
      await given(Buffer.concat([jpeg.subarray(0, 600), Buffer.alloc(100, 0xff)])),
      await given(aPng(20, 10).subarray(0, 45), 'image/png'),
      { ...good, parts: [null] },
      { ...good, attachment: { ...good.attachment, id: 'B'.repeat(22) }, parts: [changed] },
      {
        ...good,
        attachment: { ...good.attachment, id: 'C'.repeat(22) },
        identity: await generateX25519Identity(),
      },
    ]);
    for (const outcome of outcomes.slice(0, 3)) expect(outcome).toMatch(OTHER);
    expect(outcomes[3]).toMatch(/shown|読み取れませんでした|別の形式/);
    expect(outcomes[4]).toMatch(UNREADABLE);
    expect(outcomes[5]).toMatch(/そろっていません/);
    expect(outcomes[6]).toMatch(/送られたものと違っています/);
    expect(outcomes[7]).toMatch(/いまの鍵では開けませんでした/);
    await expectUnharmed(visited);
  });

  test('and takes too long is given up, and the next one is decoded as if nothing had been', async () => {
    const visited = await visit();
    const decode = (bytes: Buffer, type: string, seconds: number) =>
      visited.page.evaluate(([b, t, s]) => pictures.decode(b, t, s), [
        toBase64(new Uint8Array(bytes)),
        type,
        seconds,
      ] as const);
    expect(await decode(aPng(7_000, 7_000), 'image/png', 0.001)).toBe('too_slow');
    expect(await decode(jpeg, 'image/jpeg', 10)).toBe('shown');
    await expectUnharmed(visited, 3_000);
  });
});

describe('a photo that somebody chooses', () => {
  const choose = (
    page: Page,
    files: readonly { name: string; mimeType: string; buffer: Buffer }[],
  ) => page.locator('input[type=file]').setInputFiles([...files]);
  const chosen = async (page: Page) =>
    (await page.evaluate(() => pictures.chosen())).map((each) => ({
      ...each,
      bytes: Buffer.from(each.bytes, 'base64'),
    }));
  const preview = (page: Page, nth: number) => page.getByRole('img', { name: `写真 ${nth}` });
  const photo = (buffer: Buffer, name = 'IMG_0001.jpg', mimeType = 'image/jpeg') => ({
    name,
    mimeType,
    buffer,
  });

  test('leaves without camera, date and place, upright, and no larger than it must be', async () => {
    const visited = await visit();
    const { page } = visited;
    const large = await aJpeg(3_000, 2_000);
    const marked = withSegments(large, [
      [0xe1, anExif({ orientation: 6, canary: 'CANARY' })],
      [0xe1, anXmp('CANARY')],
      [0xfe, Buffer.from('CANARY-COMMENT')],
      [0xed, Buffer.from('Photoshop 3.0\0CANARY-IPTC')],
    ]);
    const withTail = Buffer.concat([marked, Buffer.from('CANARY-TAIL')]);
    expect(withTail.includes('CANARY')).toBe(true);
    await choose(page, [photo(withTail, 'CANARY-NAME.jpg')]);
    await preview(page, 1).waitFor();
    const [sent] = await chosen(page);
    const bytes = sent?.bytes ?? Buffer.alloc(0);
    expect(bytes.subarray(0, 3)).toEqual(Buffer.from([0xff, 0xd8, 0xff]));
    for (const word of ['CANARY', 'Exif', 'xmp', 'Photoshop', 'ns.adobe']) {
      expect(bytes.includes(word), word).toBe(false);
    }
    // Tables, the frame and JFIF; no segment that could hold anything else.
    const allowed = [0xe0, 0xdb, 0xc0, 0xc2, 0xc4, 0xda, 0xdd];
    const markers = markersOf(bytes);
    expect(markers.length).toBeGreaterThan(3);
    // A profile of colours may be there (0xe2); it is the browser's own.
    expect(markers.filter((marker) => ![...allowed, 0xe2].includes(marker))).toEqual([]);
    // It lay on its side by its Exif, and stands upright by its pixels.
    expect([sent?.width, sent?.height]).toEqual([1_365, 2_048]);
    expect(bytes.length).toBeLessThan(large.length);
    expect(await page.locator('#picker').innerText()).not.toContain('CANARY');
    await expectUnharmed(visited);
  });

  test('that is no picture is refused in a kind sentence, and nothing of it is kept', async () => {
    const visited = await visit();
    const { page } = visited;
    const told = page.locator('#picker').getByRole('alert');
    for (const [file, words] of [
      [photo(SVG), /読み取れませんでした/],
      [photo(SVG, 'a.svg', 'image/svg+xml'), /読み取れませんでした/],
      [photo(HTML), /読み取れませんでした/],
      [photo(PDF, 'a.pdf', 'application/pdf'), /読み取れませんでした/],
      [photo(Buffer.alloc(0)), /読み取れませんでした/],
      [photo(Buffer.alloc(1_000)), /読み取れませんでした/],
      [photo(aPng(30_000, 30_000), 'a.png', 'image/png'), /大きすぎて送れません/],
    ] as const) {
      await choose(page, [file]);
      await expect.poll(() => told.innerText(), { timeout: 15_000 }).toMatch(words);
      await choose(page, [photo(jpeg)]);
      await preview(page, 1).waitFor();
      expect(await told.innerText()).toBe('');
      await page.getByRole('button', { name: '写真 1 をとりのぞく' }).click();
      await expect.poll(async () => (await chosen(page)).length).toBe(0);
    }
    // By its place on the disk, because the browser is busy when a test hands it so many bytes.
    const large = join(folder, 'large.jpg');
    writeFileSync(large, Buffer.alloc(30_000_001));
    await page.locator('input[type=file]').setInputFiles(large);
    await expect.poll(() => told.innerText()).toMatch(/30MBより小さい/);
    await expectUnharmed(visited, 3_000);
  });

  test('may be one of four; each can be taken out, by keyboard, and the page says so', async () => {
    const visited = await visit();
    const { page } = visited;
    const five = Array.from({ length: 5 }, () => photo(jpeg));
    await choose(page, five);
    await preview(page, 4).waitFor();
    expect(await page.locator('#picker').getByRole('alert').innerText()).toContain('4枚まで');
    expect(await page.locator('input[type=file]').isDisabled()).toBe(true);
    expect(await complaints(page)).toEqual([]);
    await page.getByRole('button', { name: '写真 2 をとりのぞく' }).focus();
    await page.keyboard.press('Enter');
    await expect.poll(async () => (await chosen(page)).length).toBe(3);
    expect(await page.locator('input[type=file]').isDisabled()).toBe(false);
    await expectUnharmed(visited, 5_000);
  });

  test('that can be seen through gets a white ground; a screenshot becomes a JPEG as well', async () => {
    const { page } = await visit();
    const clear = aPng(64, 64);
    // Colour type 4 (grey with alpha) would need two bytes; one bit of black is enough for the format.
    await choose(page, [photo(clear, 'screen.png', 'image/png')]);
    await preview(page, 1).waitFor();
    const [sent] = await chosen(page);
    expect(sent?.bytes.subarray(0, 2)).toEqual(Buffer.from([0xff, 0xd8]));
    expect([sent?.width, sent?.height]).toEqual([64, 64]);
  });

  test('is made ready in a browser without workers that draw, too', async () => {
    const visited = await visit({}, async (page) => {
      await page.addInitScript(() => Reflect.deleteProperty(globalThis, 'OffscreenCanvas'));
    });
    await choose(visited.page, [photo(withSegments(jpeg, [[0xe1, anExif()]]))]);
    await preview(visited.page, 1).waitFor();
    const [sent] = await chosen(visited.page);
    expect(sent?.bytes.includes('CANARY')).toBe(false);
    expect([sent?.width, sent?.height]).toEqual([1_200, 900]);
  });
});

test('under the desk’s headers no text becomes markup or a script, and no worker but ours starts', async () => {
  const { page } = await visit();
  expect(await letThrough(page)).toEqual([]);
});
