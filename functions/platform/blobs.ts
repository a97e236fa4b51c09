/** The store of blobs that the configuration names. */
import type { BlobStore } from './blob-store.ts';
import type { Config } from './config.ts';
import { makeFolderBlobs } from './folder-blobs.ts';
import { makeS3Blobs } from './s3-blobs.ts';

/** @throws when the configuration names neither a bucket nor a folder. */
export function makeBlobs({ lettersBucket, lettersFolder }: Config): BlobStore {
  if (lettersBucket !== undefined) return makeS3Blobs(lettersBucket);
  if (lettersFolder !== undefined) return makeFolderBlobs(lettersFolder);
  throw new Error('LETTERS_BUCKET or LETTERS_FOLDER must say where sealed pictures are kept');
}
