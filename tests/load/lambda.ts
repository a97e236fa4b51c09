/** Size and cold start of each Lambda's bundle, beside a bare handler with a DynamoDB client. */
import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { build } from 'esbuild';
import { tables } from '../../functions/platform/tables.ts';
import { bundleOptions, entryOf } from '../../infra/bundling.ts';
import { lambdas } from '../../infra/lambdas.ts';
import { createTables } from '../../infra/local/create-tables.ts';
import { startEngine } from '../../infra/local/engine.ts';
import { type Figure, figure, median } from './figure.ts';

const root = join(import.meta.dirname, '../..');
const STARTS = 15;
const run = promisify(execFile);

/** The least a Lambda of this system could be: a client, and one read of the same table. */
const BASELINE = `
import { DynamoDBClient, QueryCommand } from '@aws-sdk/client-dynamodb';
const client = new DynamoDBClient({
  endpoint: process.env.DYNAMODB_ENDPOINT, region: 'ap-northeast-1',
  credentials: { accessKeyId: 'local', secretAccessKey: 'local' },
});
export const handler = () => client.send(new QueryCommand({
  TableName: 'hidamari-courses', KeyConditionExpression: 'pk = :pk',
  ExpressionAttributeValues: { ':pk': { S: 'COURSE#crs_none' } },
}));`;

/** Runs in a fresh process: imports the bundle, makes the first call, prints the milliseconds. */
const STARTER = `
const event = JSON.parse(process.argv[3]);
const write = process.stdout.write.bind(process.stdout);
process.stdout.write = () => true;
const began = performance.now();
const { handler } = await import(process.argv[2]);
await handler(event, {});
write(String(performance.now() - began));
process.exit(0);`;

const get = (path: string) => ({
  version: '2.0',
  rawPath: path,
  headers: { accept: 'application/json' },
  requestContext: { requestId: 'bench', http: { method: 'GET', path } },
});

/** A first call that reaches the engine once, as the baseline's does. */
const FIRST_CALL: Readonly<Record<string, unknown>> = {
  'public-api': get('/api/courses/crs_none'),
  'staff-api': get('/api/staff/courses'),
  worker: { Records: [] },
  clock: {},
};

export async function* lambdaFigures(): AsyncGenerator<Figure> {
  const folder = mkdtempSync(join(tmpdir(), 'hidamari-bench-'));
  const engine = await startEngine();
  try {
    await createTables(engine.endpoint, 'hidamari-', tables);
    const names = Object.keys(lambdas) as (keyof typeof lambdas)[];
    const files = new Map<string, string>();
    for (const name of names) {
      const outfile = join(folder, `${name}.mjs`);
      await build({
        ...bundleOptions,
        entryPoints: [entryOf(name)],
        outfile,
      });
      files.set(name, outfile);
      yield figure(
        `lambda.${name}.bundle_kb`,
        statSync(outfile).size / 1000,
        'kB',
        'minified, not compressed, SDK included',
      );
    }
    const baseline = join(folder, 'baseline.mjs');
    await build({
      ...bundleOptions,
      stdin: { contents: BASELINE, resolveDir: root },
      outfile: baseline,
    });
    files.set('baseline', baseline);
    const starter = join(folder, 'starter.mjs');
    writeFileSync(starter, STARTER);
    const env = {
      PATH: process.env['PATH'],
      STAGE: 'local',
      DYNAMODB_ENDPOINT: engine.endpoint,
      MAIL_FROM: 'hidamari@hidamari.example.jp',
      SITE_ORIGIN: 'http://localhost:8080',
      SITE_FOLDER: folder,
      LETTERS_FOLDER: folder,
      TEMPLATES_FOLDER: join(root, 'tests/support/templates'),
      FORM_KEY: 'a key that is only used by the bench, 32 characters or more',
      OIDC_ISSUER: 'http://localhost:8080/oidc',
      OIDC_CLIENT_ID: 'hidamari-desk',
    };
    const times = new Map<string, number[]>();
    // In turn, so that a slow moment of the machine slows all of them.
    for (let start = 0; start < STARTS; start += 1) {
      for (const [name, file] of files) {
        const event = JSON.stringify(FIRST_CALL[name] ?? {});
        const { stdout } = await run(process.execPath, [starter, file, event], { env });
        times.set(name, [...(times.get(name) ?? []), Number(stdout)]);
      }
    }
    const bare = median(times.get('baseline') ?? []);
    for (const [name, samples] of times) {
      const cold = median(samples);
      yield figure(
        `lambda.${name}.cold_ms`,
        cold,
        'ms',
        `import and first call, median of ${STARTS} processes; ${(cold / bare).toFixed(2)} × baseline`,
      );
    }
  } finally {
    await engine.stop();
    rmSync(folder, { recursive: true, force: true });
  }
}
