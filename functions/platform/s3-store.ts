/** The object store in the cloud: the site's bucket, with S3's conditional writes. */
import {
  DeleteObjectCommand,
  HeadObjectCommand,
  PutObjectCommand,
  S3Client,
} from '@aws-sdk/client-s3';
import type { ObjectStore } from './object-store.ts';
import { contentHash } from './publish.ts';

/** A bucket that hangs must not hold up mails and offers: the refresh is tried again later. */
const PATIENCE = { connectionTimeout: 2_000, requestTimeout: 8_000, throwOnRequestTimeout: true };

export function makeS3Store(
  bucket: string,
  client: S3Client = new S3Client({ maxAttempts: 2, requestHandler: PATIENCE }),
): ObjectStore {
  return {
    async head(key) {
      try {
        const found = await client.send(new HeadObjectCommand({ Bucket: bucket, Key: key }));
        return found.ETag ? { tag: found.ETag, hash: found.Metadata?.['hash'] ?? '' } : undefined;
      } catch (error) {
        if (error instanceof Error && error.name === 'NotFound') return undefined;
        throw error;
      }
    },
    async putIf(key, object, tag) {
      try {
        await client.send(
          new PutObjectCommand({
            Bucket: bucket,
            Key: key,
            Body: object.body,
            ContentType: object.contentType,
            CacheControl: object.cacheControl,
            Metadata: { hash: contentHash(object) },
            ...(tag === undefined ? { IfNoneMatch: '*' } : { IfMatch: tag }),
          }),
        );
        return true;
      } catch (error) {
        const status = (error as { $metadata?: { httpStatusCode?: number } }).$metadata
          ?.httpStatusCode;
        // 412: another version is there; 409: another conditional write is under way.
        if (status === 412 || status === 409) return false;
        throw error;
      }
    },
    async remove(key) {
      await client.send(new DeleteObjectCommand({ Bucket: bucket, Key: key }));
    },
  };
}
