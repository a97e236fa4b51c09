/**
 * Brings the code that seals. Browsers remember a failed import for as long as a page lives, and nothing of
 * a page may be kept over a reload; a failed fetch they simply try again. So every file is fetched before the
 * first is imported: the import then finds all of them in the browser's cache.
 */
import type { Errands } from './errands.ts';

type Arguments = Parameters<typeof import('./errands.ts').makeErrands>;

/** Addresses of the files that the import needs; the build writes them here (files-of-sealing.mjs). */
declare const FILES_OF_SEALING: readonly string[] | undefined;
const files = typeof FILES_OF_SEALING === 'undefined' ? [] : FILES_OF_SEALING;

/** Waiting does not help: the site has newer files than this page, or the browser will not try again. */
export class PageOutdated extends Error {
  override readonly name = 'PageOutdated';
}

/** @throws PageOutdated; anything else may pass by itself */
export async function loadErrands(): Promise<(...given: Arguments) => Errands> {
  await Promise.all(files.map(bring));
  try {
    return (await import('./errands.ts')).makeErrands;
  } catch {
    throw new PageOutdated();
  }
}

async function bring(file: string): Promise<void> {
  const response = await fetch(file);
  if (response.status === 404 || response.status === 403) throw new PageOutdated();
  if (!response.ok) throw new Error('The file cannot be had now');
  // To its end: what broke off is not in the cache.
  await response.arrayBuffer();
}
