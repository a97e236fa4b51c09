/** The object store on one machine: files in a folder, written whole or not at all. */
import { createHash, randomUUID } from 'node:crypto';
import { mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { dirname, join, normalize, sep } from 'node:path';
import type { ObjectStore, StoredObject } from './object-store.ts';
import { contentHash } from './publish.ts';

/** Beside each file lies its metadata, which S3 would keep with the object. */
export const METADATA_SUFFIX = '.meta.json';

/** @param folder where the files go; one process writes to it. */
export function makeFolderStore(folder: string): ObjectStore {
  const queues = new Map<string, Promise<unknown>>();
  const pathOf = (key: string) => {
    const path = normalize(join(folder, key));
    if (!path.startsWith(normalize(folder) + sep)) throw new Error('A key outside the folder');
    return path;
  };
  const head = async (key: string) => {
    try {
      const meta = JSON.parse(await readFile(pathOf(key) + METADATA_SUFFIX, 'utf8'));
      const body = await readFile(pathOf(key), 'utf8');
      return {
        tag: createHash('sha256').update(body).digest('base64url'),
        hash: contentHash({ ...meta, body }),
      };
    } catch {
      return undefined;
    }
  };
  /** One write at a time for a key, as S3's conditional writes are. */
  const inTurn = <T>(key: string, work: () => Promise<T>): Promise<T> => {
    const turn = (queues.get(key) ?? Promise.resolve()).then(work, work);
    const settled = turn.catch(() => undefined);
    queues.set(key, settled);
    settled.then(() => {
      if (queues.get(key) === settled) queues.delete(key);
    });
    return turn;
  };
  return {
    head,
    putIf: (key, { body, contentType, cacheControl }: StoredObject, tag) =>
      inTurn(key, async () => {
        if ((await head(key))?.tag !== tag) return false;
        const path = pathOf(key);
        await mkdir(dirname(path), { recursive: true });
        await writeWhole(path + METADATA_SUFFIX, JSON.stringify({ contentType, cacheControl }));
        await writeWhole(path, body);
        return true;
      }),
    remove: (key) =>
      inTurn(key, async () => {
        await rm(pathOf(key), { force: true });
        await rm(pathOf(key) + METADATA_SUFFIX, { force: true });
      }),
  };
}

async function writeWhole(path: string, text: string): Promise<void> {
  const draft = `${path}.${randomUUID()}.draft`;
  await writeFile(draft, text);
  await rename(draft, path);
}
