/** The folder that one running Hidamari keeps its data in, and the mark that says it is running. */

import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { PlainError } from './plain-error.ts';
import { isAlive, markProcess, type ProcessMark, readMarks } from './process-mark.ts';

/** Where `npm start` keeps its data; tests name another folder. */
export const dataFolder = process.env.HIDAMARI_DATA ?? join(import.meta.dirname, '../../.data');

export interface DataFolder {
  file(name: string): string;
  /** Takes the mark away. */
  release(): void;
}

/** @throws PlainError with one sentence in Japanese when another Hidamari is using the folder. */
export function openDataFolder(folder: string): DataFolder {
  const other = runningIn(folder);
  if (other) {
    throw new PlainError(
      `ひだまりはもう動いています（プロセス ${other.pid}）。止めてから、もう一度始めてください。`,
    );
  }
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const mark = join(folder, 'running.json');
  writeFileSync(mark, JSON.stringify(markProcess(process.pid)));
  return {
    file: (name) => join(folder, name),
    release: () => rmSync(mark, { force: true }),
  };
}

/** The process that is using the folder now. */
export function runningIn(folder: string): ProcessMark | undefined {
  const mark = readMarks<ProcessMark>(join(folder, 'running.json'));
  return mark && isAlive(mark) ? mark : undefined;
}
