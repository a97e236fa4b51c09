/** The store of blobs on one machine: a file for each key, written whole or not at all, and never over. */
import { randomUUID } from 'node:crypto';
import { link, mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { dirname, join, normalize, sep } from 'node:path';
import { type BlobStore, blobHash } from './blob-store.ts';

export function makeFolderBlobs(folder: string): BlobStore {
  const pathOf = (key: string) => {
    const path = normalize(join(folder, key));
    if (!path.startsWith(normalize(folder) + sep)) throw new Error('A key outside the folder');
    return path;
  };
  const get = async (key: string) => {
    try {
      return new Uint8Array(await readFile(pathOf(key)));
    } catch (error) {
      if (codeOf(error) === 'ENOENT') return undefined;
      throw error;
    }
  };
  return {
    get,
    async put(key, bytes) {
      const path = pathOf(key);
      await mkdir(dirname(path), { recursive: true, mode: 0o700 });
      const draft = `${path}.${randomUUID()}.draft`;
      await writeFile(draft, bytes, { mode: 0o600 });
      try {
        // Unlike a rename, a link never replaces what is there.
        await link(draft, path);
        return 'stored';
      } catch (error) {
        if (codeOf(error) !== 'EEXIST') throw error;
        const there = await get(key);
        return there && blobHash(there) === blobHash(bytes) ? 'there' : 'other';
      } finally {
        await rm(draft, { force: true });
      }
    },
    async head(key) {
      const bytes = await get(key);
      return bytes && { size: bytes.length, hash: blobHash(bytes) };
    },
    async remove(key) {
      await rm(pathOf(key), { force: true });
    },
  };
}

function codeOf(error: unknown): unknown {
  return (error as { code?: unknown }).code;
}
