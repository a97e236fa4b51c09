/**
 * The system's own program `age`, which must open everything that we seal: found, or installed where nobody
 * needs to be asked; otherwise one sentence says what to run.
 */
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { canInstall, installPackages } from './apt-get.ts';

/** How long a hook waits for an installation. */
export const AGE_TIMEOUT_MS = 600_000;

/** @throws an error whose message is one sentence, when there is no `age` and none can be installed */
export function findOrInstallAge(): void {
  if (isThere()) return;
  if (canInstall()) {
    console.log('age が見つからないので、システムの age を入れています…');
    installPackages('age');
    if (isThere()) return;
  }
  throw new Error(`The tests of letters need the program age: ${advice()}`);
}

const isThere = () => spawnSync('age', ['--version'], { timeout: 30_000 }).status === 0;

function advice(): string {
  if (process.platform === 'darwin') return 'run `brew install age`.';
  if (existsSync('/usr/bin/apt-get')) return 'run `sudo apt-get install age`.';
  return 'install it from your system’s packages (https://age-encryption.org).';
}

/** Runs `age`. @returns what it wrote; undefined when it refused */
export function age(words: readonly string[], input: string | Uint8Array = ''): Buffer | undefined {
  const { status, stdout } = spawnSync('age', words, { input, timeout: 30_000 });
  return status === 0 ? stdout : undefined;
}

/**
 * Runs a command line with `age` as somebody would who sits before it: a passphrase is asked of a terminal
 * and nothing else, so `script` gives it one.
 */
export function ageTyped(command: string, ...typed: readonly string[]): void {
  const words =
    process.platform === 'darwin'
      ? ['-q', '/dev/null', 'sh', '-c', command]
      : ['-qefc', command, '/dev/null'];
  const input = typed.map((line) => `${line}\n`).join('');
  const { status, stdout } = spawnSync('script', words, { input, timeout: 60_000 });
  if (status !== 0) throw new Error(`age refused: ${stdout?.toString('utf8')}`);
}
