/** What the bootstrap decides before anything is installed. */
import { expect, test } from 'vitest';
import { bringsItsOwnNode, explainFailure, installedMatches, isAtLeast } from '../../bootstrap.mjs';

const lock = {
  packages: {
    '': { version: '0.1.0' },
    'node_modules/zod': { version: '4.0.0', integrity: 'sha512-a' },
    'node_modules/other-platform': { version: '1.0.0', integrity: 'sha512-b', optional: true },
  },
};
const zod = { version: '4.0.0', integrity: 'sha512-a' };

test('a tree that holds what the lockfile says needs no installation', () => {
  expect(installedMatches(lock, { packages: { 'node_modules/zod': zod } })).toBe(true);
});

test.each([
  ['a missing package', {}],
  ['another version', { 'node_modules/zod': { ...zod, version: '4.0.1' } }],
  ['another content', { 'node_modules/zod': { ...zod, integrity: 'sha512-c' } }],
  ['a package too many', { 'node_modules/zod': zod, 'node_modules/left-over': zod }],
])('%s means installing again', (_, packages) => {
  expect(installedMatches(lock, { packages })).toBe(false);
});

test.each([
  ['20.0.0', true],
  ['20.20.2', true],
  ['19.9.0', false],
  ['8.17.0', false],
  ['26.1.0', true],
])('Node %s can install: %s', (version, enough) => {
  expect(isAtLeast(version, [20, 0])).toBe(enough);
});

test('Node 22.18 does not run the project, 22.19 does', () => {
  expect(isAtLeast('22.18.9', [22, 19])).toBe(false);
  expect(isAtLeast('22.19.0', [22, 19])).toBe(true);
});

test('Node comes along on Linux only', () => {
  expect(bringsItsOwnNode('linux', 'arm64')).toBe(true);
  expect(bringsItsOwnNode('darwin', 'arm64')).toBe(false);
});

test.each([
  ['npm error code ECONNREFUSED', 'network'],
  ['npm error code ENOSPC', 'disk'],
  ['npm error code EACCES', 'permissions'],
  ['npm error code EUSAGE\nnpm error package-lock.json … lock file', 'disagree'],
  ['npm error code E404', 'run npm ci'],
  ['', 'run npm ci'],
])('%j is explained in one line that says %s', (output, word) => {
  const sentence = explainFailure(output, 'npm start');
  expect(sentence).toContain(word);
  expect(sentence).not.toContain('\n');
});
