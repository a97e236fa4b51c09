/**
 * Where bytes go that are too large for a table: S3 in the cloud, a folder on one machine. A key is written
 * once: the same bytes again are the same answer, others are refused.
 */
import { createHash } from 'node:crypto';

export interface BlobStore {
  /** Writes. `there`: these very bytes lie there already; `other`: other bytes do, and stay. */
  put(key: string, bytes: Uint8Array): Promise<'stored' | 'there' | 'other'>;
  get(key: string): Promise<Uint8Array | undefined>;
  /** What is known of a key without its bytes. */
  head(key: string): Promise<BlobHead | undefined>;
  /** Removes; no error when there is nothing. */
  remove(key: string): Promise<void>;
}

export interface BlobHead {
  readonly size: number;
  /** As `blobHash` makes it. */
  readonly hash: string;
}

/** SHA-256, base64url. */
export function blobHash(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('base64url');
}

/** For Lambdas that have nothing to do with such bytes, and no permission either. */
export const noBlobs: BlobStore = {
  put: refuseToTouch,
  get: refuseToTouch,
  head: refuseToTouch,
  remove: refuseToTouch,
};

async function refuseToTouch(): Promise<never> {
  throw new Error('This Lambda has no store of blobs');
}
