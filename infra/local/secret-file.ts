/**
 * Secrets of one machine: made on the first run, kept in the data folder, readable by their owner only.
 */

import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { PlainError } from './plain-error.ts';

/** The JSON value kept in the file, made now when there is none; in memory only without a file. */
export async function keepSecret<T>(
  file: string | undefined,
  make: () => T | Promise<T>,
): Promise<T> {
  if (file) {
    try {
      return JSON.parse(readFileSync(file, 'utf8')) as T;
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw unreadable(file);
    }
  }
  const secret = await make();
  if (file) {
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, JSON.stringify(secret), { mode: 0o600, flag: 'wx' });
  }
  return secret;
}

function unreadable(file: string): PlainError {
  return new PlainError(`${file} を読めません。npm run reset で初めからやり直せます。`);
}
