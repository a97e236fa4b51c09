/**
 * Runs the embedded DynamoDB-compatible engine as a child that never outlives us, comes back on the
 * same port and file when it dies, and never shares its database file with another engine.
 */

import { spawn } from 'node:child_process';
import { rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { createServer } from 'node:net';
import { dirname, join, resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { PlainError } from './plain-error.ts';
import { isAlive, markProcess, type ProcessMark, readMarks } from './process-mark.ts';

export interface Engine {
  endpoint: string;
  /** Pid of the engine itself, undefined while it is down. */
  pid(): number | undefined;
  stop(): Promise<void>;
}

export interface EngineOptions {
  /** Database file; without one the data lives in memory and dies with the engine. */
  dbFile?: string;
  port?: number;
  log?: (sentence: string) => void;
}

interface Child {
  pid: number;
  exited: Promise<string>;
}

interface EngineMarks {
  owner: ProcessMark;
  engine: ProcessMark;
  endpoint: string;
}

/** Where the engine that is using this database file answers; undefined while none does. */
export function runningEndpoint(dbFile: string): string | undefined {
  const marks = readMarks<EngineMarks>(`${resolve(dbFile)}.pid`);
  return marks?.engine && isAlive(marks.engine) ? marks.endpoint : undefined;
}

// A shell stands between us and the engine: it holds the other end of our pipe, so that the engine
// is stopped even when we are killed with -9 and cannot say goodbye.
const watchdog = `
exec 3<&0
"$@" </dev/null >/dev/null 3<&- & engine=$!
echo $engine
(cat <&3; kill $engine) >/dev/null 2>&1 & reader=$!
wait $engine; code=$?
kill $reader 2>/dev/null
exit $code`;

/** @throws PlainError with one sentence in Japanese when the engine cannot run on this machine. */
export async function startEngine(options: EngineOptions = {}): Promise<Engine> {
  const log = options.log ?? (() => {});
  const binary = findBinary();
  const dbFile = options.dbFile && resolve(options.dbFile);
  const markFile = dbFile && `${dbFile}.pid`;
  if (markFile) await stopStaleEngine(markFile);

  const port = options.port ?? (await freePort());
  const endpoint = `http://127.0.0.1:${port}`;
  let child: Child | undefined;
  let stopping = false;

  async function launch(): Promise<Child> {
    const args = ['serve', '--host', '127.0.0.1', '--port', String(port)];
    if (dbFile) args.push('--db-path', dbFile);
    const next = await spawnWatched(binary, args);
    const engine = markProcess(next.pid);
    const owner = markProcess(process.pid);
    if (markFile && engine && owner) {
      const marks: EngineMarks = { owner, engine, endpoint };
      writeFileSync(markFile, JSON.stringify(marks));
    }
    await untilReady(endpoint, next);
    child = next;
    return next;
  }

  async function watch(current: Child): Promise<void> {
    let backoffMs = 25;
    for (let running = current; ; ) {
      const startedAt = Date.now();
      const last = await running.exited;
      child = undefined;
      if (stopping) return;
      log(`データベースが止まったので、起動し直します。${last}`);
      if (Date.now() - startedAt > 10_000) backoffMs = 25;
      for (;;) {
        await sleep(backoffMs);
        backoffMs = Math.min(backoffMs * 2, 2_000);
        if (stopping) return;
        try {
          running = await launch();
          break;
        } catch (error) {
          log((error as Error).message);
        }
      }
    }
  }

  const watching = watch(await launch());
  return {
    endpoint,
    pid: () => child?.pid,
    async stop() {
      stopping = true;
      if (child) await endProcess(child.pid, child.exited);
      await watching;
      // A launch that was under way when we were told to stop has finished by now.
      if (child) await endProcess(child.pid, child.exited);
      if (markFile) rmSync(markFile, { force: true });
    },
  };
}

function findBinary(): string {
  try {
    const manifest = createRequire(import.meta.url).resolve('@dynoxide/linux-x64/package.json');
    return join(dirname(manifest), 'dynoxide');
  } catch {
    throw new PlainError(
      'この機種用の組み込みデータベース（@dynoxide/linux-x64）がありません。環境変数 DYNAMODB_ENDPOINT に DynamoDB 互換エンジンの URL を設定してください。',
    );
  }
}

async function stopStaleEngine(markFile: string): Promise<void> {
  const marks = readMarks<EngineMarks>(markFile);
  if (!marks?.engine || !isAlive(marks.engine)) return;
  if (isAlive(marks.owner)) {
    throw new PlainError(
      `このデータは、動いている別のひだまり（プロセス ${marks.owner.pid}）が使っています。`,
    );
  }
  const gone = (async () => {
    while (isAlive(marks.engine)) await sleep(10);
  })();
  await endProcess(marks.engine.pid, gone);
}

async function endProcess(pid: number, gone: Promise<unknown>): Promise<void> {
  for (const signal of ['SIGTERM', 'SIGKILL'] as const) {
    try {
      process.kill(pid, signal);
    } catch {
      // Already gone.
    }
    const left = await Promise.race([gone.then(() => false), sleep(3_000, true, { ref: false })]);
    if (!left) return;
  }
}

function spawnWatched(binary: string, args: string[]): Promise<Child> {
  return new Promise((done, fail) => {
    // Detached: Ctrl-C in a terminal must reach us only, and we stop the engine last.
    const shell = spawn('/bin/sh', ['-c', watchdog, 'sh', binary, ...args], { detached: true });
    let complaint = '';
    shell.stdin.on('error', () => {});
    shell.stderr.on('data', (chunk) => {
      complaint = `${complaint}${chunk}`.slice(-500);
    });
    const exited = new Promise<string>((gone) => {
      shell.once('exit', () => {
        shell.stdin.destroy();
        gone(/^error: (.*)/m.exec(complaint)?.[1] ?? '');
      });
    });
    shell.once('error', fail);
    shell.stdout.once('data', (line) => done({ pid: Number(line), exited }));
  });
}

/** Ready means that it answers ListTables, whoever else may be holding the port. */
async function untilReady(endpoint: string, child: Child): Promise<void> {
  let dead: string | undefined;
  child.exited.then((last) => {
    dead = last;
  });
  for (const deadline = Date.now() + 15_000; Date.now() < deadline; await sleep(10)) {
    if (dead !== undefined) throw new PlainError(`データベースを起動できません。${dead}`);
    if (await answers(endpoint)) return;
  }
  await endProcess(child.pid, child.exited);
  throw new PlainError('データベースが 15 秒たっても応えません。');
}

async function answers(endpoint: string): Promise<boolean> {
  try {
    const response = await fetch(endpoint, {
      method: 'POST',
      headers: {
        'content-type': 'application/x-amz-json-1.0',
        'x-amz-target': 'DynamoDB_20120810.ListTables',
        'x-amz-date': '20200101T000000Z',
        // The engine wants to see a signature and does not check it.
        authorization:
          'AWS4-HMAC-SHA256 Credential=local/20200101/us-east-1/dynamodb/aws4_request, SignedHeaders=host, Signature=0',
      },
      body: '{}',
      signal: AbortSignal.timeout(1_000),
    });
    await response.arrayBuffer();
    return response.ok;
  } catch {
    return false;
  }
}

function freePort(): Promise<number> {
  return new Promise((done, fail) => {
    const probe = createServer();
    probe.once('error', fail);
    probe.listen(0, '127.0.0.1', () => {
      const { port } = probe.address() as { port: number };
      probe.close(() => done(port));
    });
  });
}
