/**
 * Where published pages go: S3 in the cloud, a folder on one machine. A page is written only over
 * the version that was there before its facts were read, so that a slow writer never puts an older
 * page over a newer one.
 */

export interface StoredObject {
  readonly body: string;
  readonly contentType: string;
  readonly cacheControl: string;
}

export interface ObjectStore {
  /** Tag of the stored version, or undefined when there is none. `hash` is of its content. */
  head(key: string): Promise<{ readonly tag: string; readonly hash: string } | undefined>;
  /** Writes when the stored version is still `tag` (undefined: nothing there); tells if it did. */
  putIf(key: string, object: StoredObject, tag: string | undefined): Promise<boolean>;
  /** Removes; no error when there is nothing. */
  remove(key: string): Promise<void>;
}
