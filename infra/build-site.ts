/**
 * Builds the site into site/dist when what it is made of has changed since the last build:
 * everything under site/, the modules that its single door reaches, and the lockfile.
 */
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { build } from 'esbuild';

const stampFile = 'site/dist/.stamp';
const door = 'site/src/models.ts';

process.chdir(join(import.meta.dirname, '..'));
const stamp = await hashOfInputs();
const last = existsSync(stampFile) ? readFileSync(stampFile, 'utf8') : '';
if (last !== stamp) buildSite();
// Made from the endpoints, not from the site: always written, so that it is never behind them.
await import('./write-openapi.ts');

function buildSite(): void {
  console.log('サイトを組み立てています…');
  const began = performance.now();
  const { status, stdout, stderr } = spawnSync('astro', ['build', '--root', 'site'], {
    encoding: 'utf8',
    env: { ...process.env, ASTRO_TELEMETRY_DISABLED: '1', NODE_ENV: 'production' },
  });
  if (status !== 0) {
    console.error(
      `${stdout}${stderr}\nサイトを組み立てられませんでした。 / The site did not build.`,
    );
    process.exit(1);
  }
  // Astro empties the folder before it builds, so a build cut short leaves no stamp.
  writeFileSync(stampFile, stamp);
  const seconds = ((performance.now() - began) / 1000).toFixed(1);
  console.log(`サイトを組み立てました（${seconds}秒）。`);
}

async function hashOfInputs(): Promise<string> {
  const files = [...filesOfSite(), ...(await filesBehindDoor()), 'package-lock.json'];
  const hash = createHash('sha256');
  for (const file of [...new Set(files)].sort()) {
    hash.update(`${file}\0`).update(readFileSync(file)).update('\0');
  }
  return hash.digest('hex');
}

function filesOfSite(): string[] {
  const made = /^(dist|\.astro|node_modules)([/\\]|$)/;
  return readdirSync('site', { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .filter((file) => !made.test(file.slice('site/'.length)));
}

async function filesBehindDoor(): Promise<string[]> {
  const { metafile } = await build({
    entryPoints: [door],
    bundle: true,
    write: false,
    metafile: true,
    packages: 'external',
    platform: 'node',
    format: 'esm',
    logLevel: 'silent',
  }).catch(() => ({ metafile: { inputs: {} } })); // Astro says better what is wrong.
  return Object.keys(metafile.inputs);
}
