/** One contract for both stores of blobs: the folder on one machine, and S3 as it answers over HTTP. */
import { randomBytes } from 'node:crypto';
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { type BlobStore, blobHash, noBlobs } from '../../../functions/platform/blob-store.ts';
import { makeBlobs } from '../../../functions/platform/blobs.ts';
import type { Config } from '../../../functions/platform/config.ts';
import { makeFolderBlobs } from '../../../functions/platform/folder-blobs.ts';
import { makeS3Blobs } from '../../../functions/platform/s3-blobs.ts';
import { type StandInS3, startS3 } from '../../support/s3.ts';

const folder = mkdtempSync(join(tmpdir(), 'hidamari-blobs-'));
let s3: StandInS3;
let listed: StandInS3;
beforeAll(async () => {
  s3 = await startS3();
  listed = await startS3({ mayList: true });
});
afterAll(async () => {
  await s3.stop();
  await listed.stop();
  rmSync(folder, { recursive: true, force: true });
});

const stores: Record<string, () => BlobStore> = {
  'a folder': () => makeFolderBlobs(folder),
  'S3 without permission to list': () => makeS3Blobs('letters', s3.client),
  'S3 with permission to list': () => makeS3Blobs('letters', listed.client),
};

describe.each(Object.keys(stores))('%s', (name) => {
  let store: BlobStore;
  let key: string;
  beforeEach(() => {
    store = (stores[name] as () => BlobStore)();
    key = `${randomBytes(8).toString('hex')}/part-01`;
  });

  test('gives back exactly the bytes, of every kind', async () => {
    for (const bytes of [
      Uint8Array.from({ length: 256 }, (_, index) => index),
      new Uint8Array(randomBytes(768 * 1024)),
      new Uint8Array(),
    ]) {
      const each = `${key}-${bytes.length}`;
      expect(await store.put(each, bytes)).toBe('stored');
      const got = await store.get(each);
      expect(got && Buffer.compare(got, bytes)).toBe(0);
      expect(await store.head(each)).toEqual({ size: bytes.length, hash: blobHash(bytes) });
    }
  });

  test('keeps what was written first: the same again is there, other bytes are refused', async () => {
    const bytes = new Uint8Array(randomBytes(1_000));
    const other = new Uint8Array(randomBytes(1_000));
    expect(await store.put(key, bytes)).toBe('stored');
    expect(await store.put(key, bytes)).toBe('there');
    expect(await store.put(key, other)).toBe('other');
    expect(await store.head(key)).toEqual({ size: 1_000, hash: blobHash(bytes) });
  });

  test('twenty writers at once: one is first, and what lies there is whole and theirs', async () => {
    const writes = Array.from({ length: 20 }, () => new Uint8Array(randomBytes(50_000)));
    const answers = await Promise.all(writes.map((bytes) => store.put(key, bytes)));
    expect(answers.filter((answer) => answer === 'stored')).toHaveLength(1);
    expect(answers.filter((answer) => answer === 'other')).toHaveLength(19);
    const first = writes[answers.indexOf('stored')] as Uint8Array;
    expect((await store.head(key))?.hash).toBe(blobHash(first));
  });

  test('what is not there is nothing, and removing it is no error', async () => {
    expect(await store.get(key)).toBeUndefined();
    expect(await store.head(key)).toBeUndefined();
    await store.remove(key);
    await store.put(key, new Uint8Array([1]));
    await store.remove(key);
    expect(await store.get(key)).toBeUndefined();
    expect(await store.put(key, new Uint8Array([2]))).toBe('stored');
  });
});

test('S3 that is busy with the same key is asked again, and a permission that is missing is a fault', async () => {
  const store = makeS3Blobs('letters', s3.client);
  s3.conflict(2);
  expect(await store.put('busy/1', new Uint8Array([1]))).toBe('stored');
  s3.conflict(100);
  await expect(store.put('busy/2', new Uint8Array([1]))).rejects.toThrow();
  s3.conflict(0);
  s3.forbid(true);
  await expect(store.put('busy/3', new Uint8Array([1]))).rejects.toThrow();
  await expect(store.remove('busy/3')).rejects.toThrow();
  s3.forbid(false);
});

test('S3 is never asked for a list, and keeps nothing but the bytes and their hash', async () => {
  const store = makeS3Blobs('letters', s3.client);
  await store.put('mailbox/1', new Uint8Array([1, 2]));
  const kept = s3.objects.get('/letters/mailbox/1');
  expect(kept?.headers).toEqual({
    'content-type': 'application/octet-stream',
    'x-amz-meta-hash': blobHash(new Uint8Array([1, 2])),
  });
  expect(s3.requests.filter((each) => !/^(PUT|GET|HEAD|DELETE) \/letters\/.+/.test(each))).toEqual(
    [],
  );
});

test('a folder leaves no drafts behind, and no key leads out of it', async () => {
  const store = makeFolderBlobs(folder);
  const names = readdirSync(folder, { recursive: true }).map(String);
  expect(names.length).toBeGreaterThan(0);
  expect(names.filter((name) => name.endsWith('.draft'))).toEqual([]);
  for (const key of ['../outside', 'a/../../outside', '..']) {
    await expect(store.put(key, new Uint8Array([1]))).rejects.toThrow('outside');
    await expect(store.get(key)).rejects.toThrow('outside');
  }
});

test('a configuration that names no place is refused, and a Lambda without one cannot touch any', async () => {
  const config = { lettersBucket: undefined, lettersFolder: undefined } as Config;
  expect(() => makeBlobs(config)).toThrow('LETTERS_BUCKET or LETTERS_FOLDER');
  await expect(noBlobs.get('a')).rejects.toThrow('no store');
});
