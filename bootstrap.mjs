// Makes a fresh clone runnable before anything is installed: checks the machine's Node, runs
// `npm ci` when node_modules does not match package-lock.json, and ends in one sentence when it
// cannot. Plain JavaScript for Node 20 and later; it must not import any package.
import { spawn, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import {
  existsSync,
  readFileSync,
  realpathSync,
  rmSync,
  statfsSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';

const OLDEST_TO_INSTALL_WITH = [20, 0];
const OLDEST_TO_RUN_WITH = [22, 19];

/** Is `version` (`22.19.0`) at least `[major, minor]`? */
export function isAtLeast(version, [major, minor]) {
  const [haveMajor = 0, haveMinor = 0] = version.split('.').map(Number);
  return haveMajor > major || (haveMajor === major && haveMinor >= minor);
}

/** Node 24 comes as an ordinary package on these; elsewhere the user's own Node runs everything. */
export function bringsItsOwnNode(platform, arch) {
  return platform === 'linux' && (arch === 'x64' || arch === 'arm64');
}

/**
 * Does the tree that npm wrote down (`node_modules/.package-lock.json`) hold what the lockfile
 * says? Compared by content, because a fresh clone gives every file a new time. Optional packages
 * of other platforms may be absent.
 */
export function installedMatches(lock, installed) {
  const wanted = lock.packages ?? {};
  const present = installed.packages ?? {};
  for (const [path, entry] of Object.entries(wanted)) {
    if (path === '') continue;
    const found = present[path];
    if (!found) {
      if (entry.optional || entry.devOptional) continue;
      return false;
    }
    if (found.version !== entry.version || found.integrity !== entry.integrity) return false;
  }
  return Object.keys(present).every((path) => path in wanted);
}

/** One sentence in Japanese and English about why `npm ci` failed, from what it printed. */
export function explainFailure(output, command) {
  const said = (pattern) => pattern.test(output);
  if (said(/ENOSPC/)) {
    return both(
      `ディスクの空きが足りず、パッケージを入れられませんでした。空きを作ってから、もう一度 ${command} を実行してください。`,
      `The disk is full; free some space and run ${command} again.`,
    );
  }
  if (said(/EACCES|EPERM|EROFS/)) {
    return both(
      `このフォルダーに書き込めず、パッケージを入れられませんでした。フォルダーの権限を確かめて、もう一度 ${command} を実行してください。`,
      `This folder cannot be written to; check its permissions and run ${command} again.`,
    );
  }
  if (
    said(
      /ENOTFOUND|EAI_AGAIN|ECONNREFUSED|ECONNRESET|ETIMEDOUT|ENETUNREACH|EHOSTUNREACH|ERR_SOCKET_TIMEOUT|network/i,
    )
  ) {
    return both(
      `パッケージの配布元につながらず、入れられませんでした。ネットワークを確かめて、もう一度 ${command} を実行してください。`,
      `The package registry cannot be reached; check the network and run ${command} again.`,
    );
  }
  if (said(/SELF_SIGNED|UNABLE_TO_(GET|VERIFY)|CERT_/)) {
    return both(
      `パッケージの配布元の証明書を確かめられませんでした。npm の cafile の設定を確かめてください。`,
      `The certificate of the package registry is not trusted here; check npm's cafile setting.`,
    );
  }
  if (said(/EUSAGE/) && said(/lock ?file/i)) {
    return both(
      `package.json と package-lock.json が合っていないため、パッケージを入れられませんでした。npm install で直してください。`,
      `package.json and package-lock.json disagree; repair them with npm install.`,
    );
  }
  if (said(/npm error code ENOENT_NPM/)) {
    return both(
      `npm が見つかりません。npm の付いた Node.js を入れて、もう一度お試しください。`,
      `npm was not found; install a Node.js that comes with npm and try again.`,
    );
  }
  const code = /npm (?:error|ERR!) code (\S+)/.exec(output)?.[1];
  const reason = code ? `（${code}）` : '';
  return both(
    `パッケージを入れられませんでした${reason}。詳しくは npm ci を実行して確かめてください。`,
    `The packages could not be installed; run npm ci to see why.`,
  );
}

/** The same for what went wrong here: a full disk or a folder nobody may write to, or a mistake. */
function explainFault(error) {
  if (/^(ENOSPC|EACCES|EPERM|EROFS)$/.test(error.code))
    return explainFailure(error.code, 'npm start');
  const [reason] = String(error.message).split('\n');
  return both(`準備の途中で止まりました（${reason}）。`, `The preparation stopped.`);
}

function both(japanese, english) {
  return `${japanese} / ${english}`;
}

class CannotGoOn extends Error {}

async function main() {
  const command = process.argv[2] === 'test' ? 'npm test' : 'npm start';
  const folder = dirname(fileURLToPath(import.meta.url));
  checkNode();

  const lockText = readFileSync(join(folder, 'package-lock.json'), 'utf8');
  const modules = join(folder, 'node_modules');
  const stampFile = join(modules, '.hidamari-lock');
  const hash = createHash('sha256').update(lockText).digest('hex');
  // The platform is part of the stamp because a folder may be carried into a container.
  const stamp = `${hash} ${process.platform} ${process.arch}\n`;
  const installedFile = join(modules, '.package-lock.json');
  if (existsSync(installedFile)) {
    const lastStamp = existsSync(stampFile) ? readFileSync(stampFile, 'utf8') : undefined;
    const samePlatform = lastStamp === undefined || lastStamp.endsWith(stamp.slice(hash.length));
    const linked =
      !bringsItsOwnNode(process.platform, process.arch) ||
      existsSync(join(modules, '.bin', 'node'));
    if (lastStamp === stamp && linked) return;
    // Somebody ran npm themselves, and rightly.
    if (samePlatform && existsSync(ownNode(modules)) && matchesOnDisk(lockText, installedFile)) {
      linkOwnNode(modules);
      writeFileSync(stampFile, stamp);
      return;
    }
  }

  await install(folder, command);
  linkOwnNode(modules);
  writeFileSync(stampFile, stamp);
}

function matchesOnDisk(lockText, installedFile) {
  try {
    return installedMatches(JSON.parse(lockText), JSON.parse(readFileSync(installedFile, 'utf8')));
  } catch {
    return false;
  }
}

function checkNode() {
  const have = process.versions.node;
  const packaged = bringsItsOwnNode(process.platform, process.arch);
  const oldest = packaged ? OLDEST_TO_INSTALL_WITH : OLDEST_TO_RUN_WITH;
  if (isAtLeast(have, oldest)) return;
  const needed = packaged ? '20' : oldest.join('.');
  throw new CannotGoOn(
    both(
      `Node.js ${needed} 以上が必要です（いまは ${have}）。新しい Node.js を入れてから、もう一度お試しください。`,
      `Node.js ${needed} or later is needed (this is ${have}); install it and try again.`,
    ),
  );
}

/** The Node that will run the project: the packaged one, or the one that runs this file. */
function ownNode(modules) {
  return bringsItsOwnNode(process.platform, process.arch)
    ? join(modules, `node-linux-${process.arch}`, 'bin', 'node')
    : process.execPath;
}

/**
 * Puts the packaged Node where npm scripts look first. npm 10 leaves the link out, because the
 * package of the other processor, which it skips, claims the same name.
 */
function linkOwnNode(modules) {
  if (!bringsItsOwnNode(process.platform, process.arch)) return;
  const packaged = ownNode(modules);
  const link = join(modules, '.bin', 'node');
  rmSync(link, { force: true });
  if (spawnSync(packaged, ['--version']).status === 0) {
    symlinkSync(relative(dirname(link), packaged), link);
    return;
  }
  // Built for glibc, it does not start on Alpine; the user's own may do.
  if (isAtLeast(process.versions.node, OLDEST_TO_RUN_WITH)) return;
  const needed = OLDEST_TO_RUN_WITH.join('.');
  throw new CannotGoOn(
    both(
      `この環境では同梱の Node.js が動かないため、Node.js ${needed} 以上を入れてください（いまは ${process.versions.node}）。`,
      `The Node.js that comes as a package does not run here; install Node.js ${needed} or later.`,
    ),
  );
}

async function install(folder, command) {
  if (!bringsItsOwnNode(process.platform, process.arch)) {
    const version = process.versions.node;
    console.log(
      both(
        `この環境では、お使いの Node.js（${version}）で動かします。`,
        `Your own Node.js (${version}) is used on this platform.`,
      ),
    );
  }
  const began = Date.now();
  const announce = setTimeout(() => {
    console.log(
      both(
        'パッケージを入れています（30秒から1分ほどかかります）…',
        'Installing packages (half a minute to a minute)…',
      ),
    );
  }, 2000);
  const { status, output } = await npmCi(folder).finally(() => clearTimeout(announce));
  if (status !== 0) throw new CannotGoOn(explainFailure(output, command));
  // On a full disk npm leaves cut-off files, says nothing and exits with 0.
  if (!existsSync(join(folder, 'node_modules', '.package-lock.json'))) {
    const { bavail, bsize } = statfsSync(folder);
    throw new CannotGoOn(explainFailure(bavail * bsize < 2 ** 26 ? 'ENOSPC' : '', command));
  }
  const seconds = Math.round((Date.now() - began) / 1000);
  console.log(
    both(`パッケージを入れました（${seconds}秒）。`, `Packages installed (${seconds} s).`),
  );
}

function npmCi(folder) {
  const flags = [
    'ci',
    // No package here needs its install script, and npm releases differ in whether they run it.
    '--ignore-scripts',
    // Whatever NODE_ENV or the user's npm settings say, both kinds are needed.
    '--include=dev',
    '--include=optional',
    '--no-engine-strict',
    '--no-audit',
    '--no-fund',
    '--no-progress',
    '--loglevel=error',
    // npm's own waits (10 s, then 60 s) make a missing network look like a hang.
    '--fetch-retry-mintimeout=1000',
    '--fetch-retry-maxtimeout=5000',
  ];
  return new Promise((resolve) => {
    const windows = process.platform === 'win32';
    const npm = spawn('npm', flags, {
      cwd: folder,
      stdio: ['ignore', 'pipe', 'pipe'],
      shell: windows,
    });
    let output = '';
    const collect = (chunk) => {
      output += chunk;
    };
    npm.stdout.on('data', collect);
    npm.stderr.on('data', collect);
    npm.on('error', (error) => {
      const code = error.code === 'ENOENT' ? 'ENOENT_NPM' : error.code;
      resolve({ status: 1, output: `npm error code ${code}` });
    });
    npm.on('close', (status) => resolve({ status: status ?? 1, output }));
  });
}

if (process.argv[1] && fileURLToPath(import.meta.url) === realpathSync(process.argv[1])) {
  main().catch((error) => {
    console.error(error instanceof CannotGoOn ? error.message : explainFault(error));
    if (process.argv[2] === 'test') console.log('0 passed, 1 failed');
    process.exitCode = 1;
  });
}
