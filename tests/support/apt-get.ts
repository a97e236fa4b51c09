/** Installs what tests need from the system's own packages, where nobody needs to be asked. */
import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';

/** Root on Debian or Ubuntu. */
export function canInstall(): boolean {
  return process.getuid?.() === 0 && existsSync('/usr/bin/apt-get');
}

/** Whether it worked is judged by looking for the program: one broken source may do no harm. */
export function installPackages(...names: readonly string[]): void {
  try {
    aptGet('update');
    aptGet('install', '--yes', '--no-install-recommends', ...names);
  } catch {
    // See above.
  }
}

function aptGet(...args: string[]): void {
  execFileSync('apt-get', ['-qq', '-o', 'DPkg::Lock::Timeout=120', ...args], {
    stdio: ['ignore', 'ignore', 'ignore'],
    env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' },
    timeout: 600_000,
  });
}
