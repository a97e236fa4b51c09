/** Puts a rendered page into the object store, never an older one over a newer one. */
import { createHash } from 'node:crypto';
import type { ObjectStore, StoredObject } from './object-store.ts';

const TRIES = 8;

/** Hash by which two versions of a page are told apart. */
export function contentHash(object: StoredObject): string {
  return createHash('sha256')
    .update(`${object.contentType}\n${object.cacheControl}\n${object.body}`)
    .digest('base64url');
}

/**
 * Publishes what `render` makes of facts that it reads itself, after the stored version was seen;
 * undefined removes the page. @throws when others keep writing the same key.
 */
export async function publish(
  store: ObjectStore,
  key: string,
  render: () => Promise<StoredObject | undefined>,
): Promise<void> {
  for (let tries = 0; tries < TRIES; tries += 1) {
    const stored = await store.head(key);
    const object = await render();
    if (!object && !stored) return;
    if (!object) {
      await store.remove(key);
      // Somebody may have published again in between, and that page is now gone: look once more.
      continue;
    }
    if (stored?.hash === contentHash(object)) return;
    if (await store.putIf(key, object, stored?.tag)) return;
  }
  throw new Error('Others keep publishing the same page');
}
