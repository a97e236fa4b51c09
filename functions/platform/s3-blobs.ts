/** The store of blobs in the cloud: a bucket of its own, with S3's conditional writes. */
import { setTimeout as sleep } from 'node:timers/promises';
import {
  DeleteObjectCommand,
  GetObjectCommand,
  HeadObjectCommand,
  PutObjectCommand,
  S3Client,
} from '@aws-sdk/client-s3';
import { type BlobStore, blobHash } from './blob-store.ts';

const PATIENCE = { connectionTimeout: 2_000, requestTimeout: 8_000, throwOnRequestTimeout: true };
/** Another write of the same key is under way: it is over in a moment. */
const TRIES = 4;

export function makeS3Blobs(
  bucket: string,
  client: S3Client = new S3Client({ maxAttempts: 2, requestHandler: PATIENCE }),
): BlobStore {
  const head: BlobStore['head'] = async (key) => {
    try {
      const found = await client.send(new HeadObjectCommand({ Bucket: bucket, Key: key }));
      return { size: found.ContentLength ?? 0, hash: found.Metadata?.['hash'] ?? '' };
    } catch (error) {
      if (isAbsent(error)) return undefined;
      throw error;
    }
  };
  return {
    head,
    async put(key, bytes) {
      const hash = blobHash(bytes);
      for (let tries = 1; ; tries += 1) {
        try {
          await client.send(
            new PutObjectCommand({
              Bucket: bucket,
              Key: key,
              Body: bytes,
              ContentType: 'application/octet-stream',
              Metadata: { hash },
              IfNoneMatch: '*',
            }),
          );
          return 'stored';
        } catch (error) {
          const status = statusOf(error);
          if (status !== 412 && status !== 409) throw error;
          const there = await head(key);
          if (there) return there.hash === hash ? 'there' : 'other';
          if (tries === TRIES) throw error;
          await sleep(50 * tries);
        }
      }
    },
    async get(key) {
      try {
        const found = await client.send(new GetObjectCommand({ Bucket: bucket, Key: key }));
        return await found.Body?.transformToByteArray();
      } catch (error) {
        if (isAbsent(error)) return undefined;
        throw error;
      }
    },
    async remove(key) {
      await client.send(new DeleteObjectCommand({ Bucket: bucket, Key: key }));
    },
  };
}

function statusOf(error: unknown): number | undefined {
  return (error as { $metadata?: { httpStatusCode?: number } }).$metadata?.httpStatusCode;
}

/**
 * Who may not list a bucket is told 403 of a key that is not there, and ours may not: a list would name
 * every mailbox. A permission that is really missing shows in the next write, which then fails aloud.
 */
function isAbsent(error: unknown): boolean {
  const status = statusOf(error);
  return status === 404 || status === 403;
}
