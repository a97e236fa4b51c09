/** The function at the edge that makes a folder show its page. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { runInNewContext } from 'node:vm';
import { expect, test } from 'vitest';
import { root } from './support/cloud.ts';

interface Answer {
  readonly uri?: string;
  readonly statusCode?: number;
  readonly headers?: { readonly location?: { readonly value: string } };
}

const code = readFileSync(join(root, 'infra/folder-index.js'), 'utf8');
const handle = runInNewContext(`${code};handler`) as (event: unknown) => Answer;
const visit = (uri: string, querystring: object = {}) => handle({ request: { uri, querystring } });

test.each([
  ['/', '/index.html'],
  ['/courses/', '/courses/index.html'],
  ['/bookings/', '/bookings/index.html'],
  ['/courses/status.json', '/courses/status.json'],
  ['/_astro/page.abc.css', '/_astro/page.abc.css'],
])('%s is the file %s', (uri, file) => {
  expect(visit(uri)).toMatchObject({ uri: file });
});

test('an address without its last slash is led to it, query included', () => {
  const answer = visit('/courses', { age: { value: '8' }, open: { value: '' } });
  expect(answer.statusCode).toBe(308);
  expect(answer.headers?.location?.value).toBe('/courses/?age=8&open');
});

test('a query with one name twice keeps both', () => {
  const age = { value: '1', multiValue: [{ value: '1' }, { value: '2' }] };
  expect(visit('/courses', { age }).headers?.location?.value).toBe('/courses/?age=1&age=2');
});

test('nobody is led to another host', () => {
  expect(visit('//evil.example').uri).toBe('//evil.example');
  expect(visit('//evil').headers?.location?.value).toBe('/evil/');
  expect(visit('/\\evil').headers?.location?.value).not.toMatch(/^\/[\\/]/);
});

test('it fits into what CloudFront takes', () => {
  expect(Buffer.byteLength(code)).toBeLessThan(10_240);
});
