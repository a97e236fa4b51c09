/**
 * The lockfile must name what it promises. A registry that does not serve a platform's package
 * leaves a hole when the lockfile is written, and npm 11 and later refuse to install from it.
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';

interface Entry {
  version?: string;
  link?: boolean;
  resolved?: string;
  integrity?: string;
  inBundle?: boolean;
  optionalDependencies?: Record<string, string>;
  dependencies?: Record<string, string>;
  devDependencies?: Record<string, string>;
}

const root = join(import.meta.dirname, '../..');
const read = (file: string) => JSON.parse(readFileSync(join(root, file), 'utf8'));
const packages: Record<string, Entry> = read('package-lock.json').packages;

/** Node's own look-up: nearest node_modules first, then outwards. */
function resolves(from: string, name: string): boolean {
  const parts = `/${from}`.split('/node_modules/');
  return parts.some((_, i) => {
    const folder = parts
      .slice(0, i + 1)
      .join('/node_modules/')
      .slice(1);
    return `${folder === '' ? '' : `${folder}/`}node_modules/${name}` in packages;
  });
}

test.each(['optionalDependencies', 'dependencies'] as const)('all %s have an entry', (kind) => {
  const missing = Object.entries(packages).flatMap(([from, entry]) =>
    Object.keys(entry[kind] ?? {})
      .filter((name) => !resolves(from, name))
      .map((name) => `${from} → ${name}`),
  );
  expect(missing).toEqual([]);
});

test('every entry has a version and a hash, and none names where it came from', () => {
  const incomplete = Object.entries(packages)
    .filter(([path]) => path !== '')
    .filter(([, entry]) => !entry.version || !(entry.integrity || entry.inBundle) || entry.resolved)
    .map(([path]) => path);
  expect(incomplete).toEqual([]);
});

test('every version in package.json is exact', () => {
  const { dependencies, devDependencies, optionalDependencies } = read('package.json');
  const all = { ...dependencies, ...devDependencies, ...optionalDependencies };
  const loose = Object.entries(all).filter(([, version]) => !/^\d+\.\d+\.\d+$/.test(`${version}`));
  expect(loose).toEqual([]);
});

test('package.json and the lockfile ask for the same packages', () => {
  const { dependencies, devDependencies, optionalDependencies } = read('package.json');
  expect(packages['']).toMatchObject({ dependencies, devDependencies, optionalDependencies });
});
