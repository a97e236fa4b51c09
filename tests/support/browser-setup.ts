/** Makes sure of a browser and a built site once, before any journey starts. */
import { spawnSync } from 'node:child_process';
import { delimiter, join } from 'node:path';
import { findOrInstallChromium } from './browser.ts';

const root = join(import.meta.dirname, '../..');

export function setup(): void {
  findOrInstallChromium();
  // Quick when nothing has changed, and then nobody tests a site of yesterday.
  const programs = join(root, 'node_modules/.bin');
  const { status } = spawnSync(join(programs, 'tsx'), ['infra/build-site.ts'], {
    cwd: root,
    stdio: 'inherit',
    env: { ...process.env, PATH: `${programs}${delimiter}${process.env.PATH}` },
  });
  if (status !== 0) throw new Error('The site does not build.');
}
