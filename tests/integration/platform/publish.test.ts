/** Publishing into a real folder: never older over newer, never gone while it should be there. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { makeFolderStore } from '../../../functions/platform/folder-store.ts';
import { publish } from '../../../functions/platform/publish.ts';

const folder = mkdtempSync(join(tmpdir(), 'hidamari-pages-'));
const store = makeFolderStore(folder);
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const page = (body: string) => ({ body, contentType: 'text/html', cacheControl: 'no-cache' });
const stored = async (key: string) => (await store.head(key))?.hash;

test('a writer that read old facts and is slow does not write over a newer page', async () => {
  let facts = 'old';
  let isFirst = true;
  await publish(store, 'slow.html', async () => {
    const read = facts;
    if (isFirst) {
      isFirst = false;
      facts = 'new';
      await publish(store, 'slow.html', async () => page(facts));
    }
    return page(read);
  });
  const after = await stored('slow.html');
  await publish(store, 'expected.html', async () => page('new'));
  expect(after).toBe(await stored('expected.html'));
});

test('a page that is published again while another removes it is there at the end', async () => {
  await publish(store, 'hidden.html', async () => page('first'));
  let isHidden = true;
  await publish(store, 'hidden.html', async () => {
    if (!isHidden) return page('again');
    isHidden = false;
    await publish(store, 'hidden.html', async () => page('again'));
    return undefined;
  });
  expect(await stored('hidden.html')).toBeDefined();
});

test('forty writers at once end with the newest facts', async () => {
  let count = 0;
  await Promise.all(
    Array.from({ length: 40 }, async () => {
      count += 1;
      // Whoever loses too often is tried again by the clock.
      await publish(store, 'busy.html', async () => page(String(count))).catch(() => undefined);
    }),
  );
  await publish(store, 'busy.html', async () => page(String(count)));
  await publish(store, 'forty.html', async () => page('40'));
  expect(await stored('busy.html')).toBe(await stored('forty.html'));
});

test('a key cannot lead out of the folder', async () => {
  await expect(store.putIf('../outside.html', page('x'), undefined)).rejects.toThrow();
});
