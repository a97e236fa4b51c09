/** What must hold of the source text itself, where lint and the import rules cannot look. */
import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join, posix } from 'node:path';
import { expect, test } from 'vitest';
import { publicEndpoints, staffEndpoints } from '../../functions/api.ts';

const root = join(import.meta.dirname, '../..');
const tracked = listTracked();

function listTracked(): string[] {
  try {
    const listed = execFileSync('git', ['ls-files', '-z', '-co', '--exclude-standard'], {
      cwd: root,
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'ignore'],
    });
    return listed.split('\0').filter((file) => file !== '' && existsSync(join(root, file)));
  } catch {
    return []; // An unpacked archive has no history to look at.
  }
}

function read(file: string): string {
  return readFileSync(join(root, file), 'utf8');
}

function linesOf(pattern: RegExp, files: string[]): string[] {
  return files.flatMap((file) =>
    read(file)
      .split('\n')
      .flatMap((line, i) => (pattern.test(line) ? [`${file}:${i + 1}: ${line.trim()}`] : [])),
  );
}

/** Every module that a page names, as a path from the root of the project. */
function importsOf(file: string): string[] {
  const named = /(?:from|import)\s*\(?\s*['"](\.[^'"]+)['"]|<script[^>]*\ssrc=['"](\.[^'"]+)['"]/g;
  return [...read(file).matchAll(named)].map(([, from, src]) =>
    posix.join(posix.dirname(file), from ?? src ?? ''),
  );
}

const pages = tracked.filter((file) => /^site\/.*\.astro$/.test(file));

test.skipIf(tracked.length === 0)('a page reaches functions/ only through its doors', () => {
  expect(pages.length).toBeGreaterThan(0);
  const reached = pages.flatMap((page) => importsOf(page).map((to) => ({ page, to })));
  expect(reached.filter(({ to }) => /^(functions|infra|tests)\//.test(to))).toEqual([]);
});

test.skipIf(tracked.length === 0)('a script written into a page loads no zod', () => {
  const offenders = pages.filter((page) =>
    [...read(page).matchAll(/<script[^>]*>([\s\S]*?)<\/script>/g)].some(([, code]) =>
      /models\.ts|['"]zod/.test(code ?? ''),
    ),
  );
  expect(offenders).toEqual([]);
});

test.skipIf(tracked.length === 0)('only entries, configuration and tools read process.env', () => {
  const files = tracked.filter(
    (file) => /^functions\/.*\.tsx?$/.test(file) && !file.startsWith('functions/entry/'),
  );
  expect(linesOf(/\bprocess\.env\b/, files)).toEqual([]);
});

test.skipIf(tracked.length === 0)('no file of functions/ is imported for what it does', () => {
  const files = tracked.filter((file) => /^functions\/.*\.tsx?$/.test(file));
  expect(linesOf(/^import ['"]/, files)).toEqual([]);
});

test.skipIf(tracked.length === 0)('every source file says first what it is responsible for', () => {
  const files = tracked.filter((file) => /\.(ts|tsx|mjs|cjs)$/.test(file));
  const silent = files.filter((file) => !/^(#!.*\n)?\s*(\/\*\*|\/\/)/.test(read(file)));
  expect(silent).toEqual([]);
});

test.skipIf(tracked.length === 0)(
  'no file names the machine or the registry it was made on',
  () => {
    const hosts =
      /\b(registry|npm|artifactory|nexus|mirror)\.[a-z0-9-]+(\.[a-z0-9-]+)*\.?(org|com|net|io|dev|jp|internal|local)\b/i;
    const folders = /(^|[\s"'`(=:])\/(work|home|Users|root)\/[a-z0-9]/i;
    const texts = tracked.filter((file) => !/\.(png|jpg|ico|woff2|webp)$/.test(file));
    expect(linesOf(hosts, texts)).toEqual([]);
    expect(linesOf(folders, texts)).toEqual([]);
  },
);

test('no test replaces a module', () => {
  const replaces = new RegExp('\\bvi\\.(do)?' + 'mock\\(');
  expect(
    linesOf(
      replaces,
      tracked.filter((file) => file.startsWith('tests/')),
    ),
  ).toEqual([]);
});

test('each Lambda carries its own endpoints only: public ones for families, the others for the desk', () => {
  expect(publicEndpoints.every(({ access }) => access === 'public')).toBe(true);
  expect(staffEndpoints.some(({ access }) => access === 'public')).toBe(false);
});
