/**
 * Finds a Chromium for the tests, or installs the system's own where nobody needs to be asked
 * (root on Debian or Ubuntu); otherwise says in one sentence what to run.
 */
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { type Browser, chromium, type LaunchOptions } from 'playwright-core';
import { canInstall, installPackages } from './apt-get.ts';

/**
 * Debian's Chromium without a window. The same engine, but a context of it costs a third (15 contexts with a
 * page each: 1.4 s instead of 3.9 s), and every test opens several.
 */
const SHELL = '/usr/bin/chromium-headless-shell';

/** Where systems keep a Chromium or Chrome. `CHROMIUM_PATH` goes before all of them. */
const knownPlaces = [
  SHELL,
  '/usr/bin/chromium',
  '/usr/bin/chromium-browser',
  '/usr/bin/google-chrome',
  '/usr/bin/google-chrome-stable',
  '/snap/bin/chromium',
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
  '/Applications/Chromium.app/Contents/MacOS/Chromium',
  join(homedir(), 'Applications/Google Chrome.app/Contents/MacOS/Google Chrome'),
];

let found: string | undefined;

/** The path of a Chromium that starts. Throws an error whose message is one sentence. */
export function findOrInstallChromium(): string {
  found ??= find() ?? install();
  return found;
}

/** For machines that run all tests, every time anew. Where it cannot be had, the usual one does as well. */
export function installShell(): void {
  if (!process.env.CHROMIUM_PATH && canInstall() && !existsSync(SHELL)) {
    installPackages('chromium-headless-shell', 'fonts-noto-cjk');
  }
}

/** A headless browser with the settings that the tests need; the caller closes it. */
export async function launchChromium(options: LaunchOptions = {}): Promise<Browser> {
  const args = [
    '--disable-background-networking',
    '--disable-component-update',
    '--disable-sync',
    '--no-first-run',
    '--disable-quic',
    // Containers give /dev/shm 64 MB, on which a page with many images crashes.
    '--disable-dev-shm-usage',
  ];
  // Chromium refuses its sandbox to root, and root is what a container is.
  if (process.getuid?.() === 0) args.push('--no-sandbox');
  return chromium.launch({
    ...options,
    executablePath: findOrInstallChromium(),
    args: [...args, ...(options.args ?? [])],
    // Without a locale, a file with a Japanese name is saved as "download".
    env: { ...process.env, LC_ALL: 'C.UTF-8', ...options.env },
  });
}

function find(): string | undefined {
  const wished = process.env.CHROMIUM_PATH;
  if (wished) {
    if (starts(wished)) return wished;
    throw new Error(
      `CHROMIUM_PATH is ${wished}, but no browser starts there; correct or unset it.`,
    );
  }
  return [...knownPlaces, chromium.executablePath()].find(starts);
}

// Ubuntu's /usr/bin/chromium-browser is a script that only tells people about snap, so existing
// is not enough.
function starts(path: string): boolean {
  return existsSync(path) && spawnSync(path, ['--version'], { timeout: 30_000 }).status === 0;
}

function install(): string {
  if (canInstall()) {
    console.log('ブラウザーが見つからないので、システムの Chromium を入れています…');
    installPackages('chromium', 'fonts-noto-cjk');
    const path = find();
    if (path) return path;
  }
  throw new Error(`The browser tests need Chromium: ${advice()}`);
}

function advice(): string {
  if (process.platform === 'darwin') {
    return 'run `brew install --cask google-chrome`, or set CHROMIUM_PATH to a browser.';
  }
  if (existsSync('/usr/bin/apt-get')) {
    return 'run `sudo apt-get install chromium fonts-noto-cjk`, or set CHROMIUM_PATH to a browser.';
  }
  return 'install Chromium or Google Chrome, or set CHROMIUM_PATH to its program file.';
}
