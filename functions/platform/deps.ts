/** What use cases are given: settings, time, chance, the database, pages and the log. */

import type { Centre } from '../centre/model.ts';
import { centre } from '../centre/settings.ts';
import type { HirobaSite } from '../hiroba/model.ts';
import { hirobaSites } from '../hiroba/settings.ts';
import { letterSettings } from '../letters/settings.ts';
import type { LetterSettings } from '../letters/settings-model.ts';
import { type Authenticate, makeAuthenticate } from './auth.ts';
import { type BlobStore, noBlobs } from './blob-store.ts';
import { type Clock, type Ids, randomIds, systemClock } from './clock.ts';
import type { Config } from './config.ts';
import { type Database, makeDatabase } from './database.ts';
import { type Log, makeLog } from './log.ts';
import { makeTemplates, type Templates } from './templates.ts';

export interface ApiDeps {
  readonly config: Config;
  readonly centre: Centre;
  readonly hirobaSites: readonly HirobaSite[];
  readonly letters: LetterSettings;
  readonly clock: Clock;
  readonly ids: Ids;
  readonly database: Database;
  /** Sealed pictures; of the Lambdas that see any. */
  readonly blobs: BlobStore;
  readonly templates: Templates;
  readonly authenticate: Authenticate;
  readonly log: Log;
}

/** @param overrides for tests and the one-machine runner: a clock that stands still, a quiet log. */
export function makeApiDeps(config: Config, overrides: Partial<ApiDeps> = {}): ApiDeps {
  return {
    config,
    centre,
    hirobaSites,
    letters: letterSettings,
    clock: systemClock,
    ids: randomIds,
    database: overrides.database ?? makeDatabase(config),
    // Given by the entries that need it: the SDK for S3 would slow down every start of the others.
    blobs: noBlobs,
    templates: makeTemplates(config.templatesFolder),
    authenticate: makeAuthenticate(config.oidc),
    log: makeLog((line) => process.stdout.write(`${line}\n`)),
    ...overrides,
  };
}
