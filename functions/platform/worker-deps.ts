/** What reactions and the clock are given besides: mail, the place for pages, holidays. */
import { isNationalHoliday } from '../centre/holidays.ts';
import type { IsHoliday } from '../centre/rules.ts';
import { makeBlobs } from './blobs.ts';
import type { Config } from './config.ts';
import { type ApiDeps, makeApiDeps } from './deps.ts';
import { makeFolderStore } from './folder-store.ts';
import { type Mailer, makeMailer } from './mailer.ts';
import type { ObjectStore } from './object-store.ts';
import { makeS3Store } from './s3-store.ts';

export interface WorkerDeps extends ApiDeps {
  readonly mailer: Mailer;
  readonly pages: ObjectStore;
  readonly isHoliday: IsHoliday;
}

/** @throws when the configuration names neither a bucket nor a folder for pages. */
export function makeWorkerDeps(config: Config, overrides: Partial<WorkerDeps> = {}): WorkerDeps {
  return {
    ...makeApiDeps(config, overrides),
    mailer: makeMailer(config),
    pages: overrides.pages ?? makePages(config),
    blobs: overrides.blobs ?? makeBlobs(config),
    isHoliday: isNationalHoliday,
    ...overrides,
  };
}

function makePages({ siteBucket, siteFolder }: Config): ObjectStore {
  if (siteBucket !== undefined) return makeS3Store(siteBucket);
  if (siteFolder !== undefined) return makeFolderStore(siteFolder);
  throw new Error('SITE_BUCKET or SITE_FOLDER must say where pages are published');
}
