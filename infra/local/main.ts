/**
 * `npm start`: runs everything on this machine, says where to look, and stops cleanly when told to.
 * It builds nothing; the npm script has built the site before.
 */

import { appendFileSync, renameSync, rmSync, statSync } from 'node:fs';
import { join, relative } from 'node:path';
import { createInterface } from 'node:readline/promises';
import { dataFolder } from './data-folder.ts';
import { demoMembers } from './demonstration/keys.ts';
import { KIT_FOLDER, keepRecoveryKit } from './demonstration/recovery-kit.ts';
import { demoAccounts } from './identity.ts';
import { PlainError } from './plain-error.ts';
import { seed, seedState } from './seed.ts';
import { type Hidamari, isLoopback, startHidamari } from './start.ts';

const logFile = join(dataFolder, 'lambda.log');
const logLimit = 5_000_000;

const { DYNAMODB_ENDPOINT: dynamodbEndpoint } = process.env;
let running: Promise<Hidamari> | undefined;
let missing: readonly string[] = [];
let leaving = false;
let toldAt = 0;

process.on('SIGINT', () => void leave(0));
process.on('SIGTERM', () => void leave(0));
for (const fault of ['uncaughtException', 'unhandledRejection'] as const) {
  process.on(fault, (error) => {
    tell(error);
    void leave(1);
  });
}

try {
  const { port, host } = readAddress(process.env);
  running = start(port, host);
  let { origin, stop } = await running;
  if (missing.length > 0 && (await wantsFreshSeed())) {
    await stop();
    rmSync(dataFolder, { recursive: true });
    running = start(port, host);
    ({ origin, stop } = await running);
  }
  await keepRecoveryKit(dataFolder);
  if (!leaving) welcome(origin, host);
} catch (error) {
  tell(error);
  process.exitCode = 1;
}

function start(port: number, host: string): Promise<Hidamari> {
  return startHidamari({
    dataDir: dataFolder,
    port,
    host,
    siteDist: join(import.meta.dirname, '../../site/dist'),
    ...(dynamodbEndpoint && { dynamodbEndpoint }),
    async seed(deps) {
      const state = await seedState(deps);
      missing = state.isEmpty ? [] : state.missing;
      if (state.isEmpty) await seed(deps);
    },
    onStep: announceLate(2_000),
    log: (sentence) => console.log(sentence),
    writeLog,
  });
}

/** The demonstration's dates pass; whoever keeps data of their own may want it as it is. */
async function wantsFreshSeed(): Promise<boolean> {
  console.log(`見本の日付が古くなり、次のものがなくなりました: ${missing.join('、')}`);
  if (!process.stdin.isTTY || dynamodbEndpoint) {
    console.log('npm run reset をしてから npm start をすると、新しい見本で始まります。');
    return false;
  }
  const terminal = createInterface({ input: process.stdin, output: process.stdout });
  terminal.on('SIGINT', () => void leave(0));
  const reply = await terminal.question(
    '新しい見本で始めますか（いまの申込みなどは消えます）。 y/N: ',
  );
  terminal.close();
  return /^(y|yes|はい)$/i.test(reply.normalize('NFKC').trim());
}

function readAddress(env: NodeJS.ProcessEnv): { port: number; host: string } {
  const port = Number(env.PORT || 8080);
  if (!Number.isInteger(port) || port < 0 || port > 65_535) {
    throw new PlainError('PORT には 1 から 65535 までの数を指定してください。');
  }
  if (dynamodbEndpoint && !/^https?:$/.test(URL.parse(dynamodbEndpoint)?.protocol ?? '')) {
    throw new PlainError('DYNAMODB_ENDPOINT には http:// から始まる URL を指定してください。');
  }
  return { port, host: env.HOST || '127.0.0.1' };
}

function welcome(origin: string, host: string): void {
  const accounts = demoAccounts.flatMap(({ username, password, name }) => {
    const member = demoMembers.find((each) => each.member === username);
    return [
      `    ${name}: ${username} / ${password}`,
      ...(member ? [`      手紙の6つのことば: ${member.words.join(' ')}`] : []),
    ];
  });
  const lines = [
    '',
    'ひだまりが始まりました。',
    `  講座のページ      ${origin}/`,
    `  ティーンズ相談室  ${origin}/teens/`,
    `  子育ての相談      ${origin}/letters/`,
    `  職員用ページ      ${origin}/staff/`,
    ...accounts,
    `  届いたメール      ${origin}/mail/`,
    `  復旧の控え        ${shortPath(join(dataFolder, KIT_FOLDER))}`,
    '',
    '止めるには Ctrl+C を押してください。',
  ];
  if (!isLoopback(host)) {
    lines.push(
      '',
      `HOST=${host} では暗号化されない通信になり、ほかの機械からはログインなどが使えないことがあります。練習の外では使わないでください。`,
    );
  }
  console.log(lines.join('\n'));
}

/** As one would type it from here. */
function shortPath(path: string): string {
  const near = relative('', path);
  return near.startsWith('..') ? path : near;
}

/** Prints a step only when it takes longer than that. */
function announceLate(ms: number): (step: string) => void {
  let timer: NodeJS.Timeout | undefined;
  return (step) => {
    clearTimeout(timer);
    if (step) timer = setTimeout(() => console.log(`${step}…`), ms);
  };
}

async function leave(code: number): Promise<void> {
  // One Ctrl+C arrives twice, from the terminal and from npm; only a later one is impatience.
  if (leaving && performance.now() - toldAt > 500) process.exit(code);
  if (leaving) return;
  leaving = true;
  toldAt = performance.now();
  console.log('終了しています…');
  // The engine stops by itself when we are gone, so nothing is lost by not waiting longer.
  setTimeout(() => process.exit(code), 5_000).unref();
  await running?.then((hidamari) => hidamari.stop()).catch(() => {});
  process.exit(code);
}

function tell(error: unknown): void {
  if (error instanceof PlainError) {
    console.error(error.message);
    return;
  }
  const name = error instanceof Error ? error.name : typeof error;
  console.error(
    `思いがけないことが起きて、続けられません（${name}）。HIDAMARI_DEBUG=1 npm start とすると、くわしく表示します。`,
  );
  if (process.env.HIDAMARI_DEBUG) console.error(error);
}

/** The Lambdas' own lines go to a file that is turned over once, not to the terminal. */
function writeLog(line: string): void {
  try {
    if ((statSync(logFile, { throwIfNoEntry: false })?.size ?? 0) > logLimit) {
      renameSync(logFile, `${logFile}.1`);
    }
    appendFileSync(logFile, `${line}\n`);
  } catch {
    // A full disk must not stop a booking because of its log line.
  }
}
