/** The Lambdas as they are delivered: they start, they find their templates, they stay small. */
import { execFile } from 'node:child_process';
import { cpSync, mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { promisify } from 'node:util';
import { build } from 'esbuild';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { tables } from '../../functions/platform/tables.ts';
import { bundleOptions, entryOf } from '../../infra/bundling.ts';
import { LAMBDAS, type LambdaName } from '../../infra/grants.ts';
import { createTables } from '../../infra/local/create-tables.ts';
import { type Engine, startEngine } from '../../infra/local/engine.ts';
import { root } from './support/cloud.ts';

const PREFIX = 'hidamari-demo-trial-';
let engine: Engine;
const folder = mkdtempSync(join(tmpdir(), 'hidamari-bundle-'));
const bundleOf = (name: LambdaName) => join(folder, `${name}.mjs`);

beforeAll(async () => {
  engine = await startEngine();
  await createTables(engine.endpoint, PREFIX, tables);
  cpSync(join(root, 'tests/support/templates'), join(folder, 'templates'), { recursive: true });
  for (const name of LAMBDAS) {
    await build({
      ...bundleOptions,
      entryPoints: [entryOf(name)],
      outfile: bundleOf(name),
      logLevel: 'silent',
    });
  }
});
afterAll(async () => {
  await engine.stop();
  rmSync(folder, { recursive: true, force: true });
});

/** As Lambda would start it: its variables, and nothing else of ours. */
async function call(name: LambdaName, event: unknown): Promise<string> {
  const code = `
    const { handler } = await import(${JSON.stringify(pathToFileURL(bundleOf(name)).href)});
    const answer = await handler(${JSON.stringify(event)}, {});
    process.stdout.write('\\n' + JSON.stringify(answer ?? null));
    process.exit(0);`;
  const { stdout } = await promisify(execFile)(
    process.execPath,
    ['--input-type=module', '-e', code],
    {
      cwd: folder,
      env: {
        AWS_REGION: 'ap-northeast-1',
        AWS_ACCESS_KEY_ID: 'test',
        AWS_SECRET_ACCESS_KEY: 'test',
        AWS_SESSION_TOKEN: 'test',
        // The SDK's own variables, so that the code takes the way that it takes in the cloud.
        AWS_ENDPOINT_URL_DYNAMODB: engine.endpoint,
        AWS_ENDPOINT_URL_S3: 'http://127.0.0.1:9',
        AWS_ENDPOINT_URL_SES: 'http://127.0.0.1:9',
        STAGE: 'cloud',
        TABLE_PREFIX: PREFIX,
        MAIL_FROM: 'hidamari@mail.example.jp',
        SITE_ORIGIN: 'https://hidamari.example.jp',
        SITE_BUCKET: 'hidamari-demo-trial-site',
        LETTERS_BUCKET: 'hidamari-demo-trial-letters',
        TEMPLATES_FOLDER: join(folder, 'templates'),
        FORM_KEY: 'a key that is only used in tests, 32 characters or more',
        OIDC_ISSUER: 'https://issuer.example.jp/pool',
        OIDC_CLIENT_ID: 'desk',
      },
    },
  );
  return stdout.slice(stdout.lastIndexOf('\n') + 1);
}

const get = (path: string, accept: string) => ({
  version: '2.0',
  rawPath: path,
  headers: { accept },
  requestContext: { requestId: 'r', http: { method: 'GET', path } },
});

test('public-api answers in a page where there is nothing, from its own templates', async () => {
  const answer = JSON.parse(await call('public-api', get('/nothing-here', 'text/html')));
  expect(answer.statusCode).toBe(404);
  expect(answer.body).toContain('ページが見つかりませんでした');
});

test('staff-api refuses who shows no token', async () => {
  const answer = JSON.parse(await call('staff-api', get('/api/staff/courses', 'application/json')));
  expect(answer.statusCode).toBe(401);
});

test('worker takes an empty batch', async () => {
  expect(JSON.parse(await call('worker', { Records: [] }))).toEqual({ batchItemFailures: [] });
});

test('clock reads what is due, with the credentials of its environment', async () => {
  expect(JSON.parse(await call('clock', {}))).toBeNull();
});

test('bounces looks for the event of a mail that came back', async () => {
  const headers = [{ name: 'X-Hidamari-Message', value: 'evt_1.registration_confirmed' }];
  const Message = JSON.stringify({ eventType: 'Bounce', mail: { headers } });
  const answer = await call('bounces', { Records: [{ Sns: { Message } }] });
  expect(JSON.parse(answer)).toBeNull();
});

test('public-api reads courses, with the credentials of its environment', async () => {
  const answer = JSON.parse(await call('public-api', get('/api/courses', 'application/json')));
  expect(answer).toMatchObject({ statusCode: 200, body: '{"courses":[]}' });
});

test('public-api stays below 520 kB', () => {
  expect(statSync(bundleOf('public-api')).size).toBeLessThan(520_000);
  for (const name of LAMBDAS) expect(statSync(bundleOf(name)).size).toBeLessThan(1_100_000);
});
