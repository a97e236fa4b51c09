/**
 * Runs what must hold, in order, and ends with the one line `N passed, N failed`.
 * `run.ts check` is the fast loop of a developer, `run.ts all` is everything.
 * A step that is not made of tests (lint, types, synth …) counts as one test.
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';

interface Outcome {
  passed: number;
  failed: number;
  skipped: number;
  /** What a reader needs to see when something failed. */
  output: string;
}

interface Step {
  title: string;
  run: () => Promise<Outcome>;
  /** The title of an earlier step without which this one says nothing. */
  needs?: string;
}

const root = join(import.meta.dirname, '../..');
const scratch = mkdtempSync(join(tmpdir(), 'hidamari-tests-'));
const timeLimitMs = 20 * 60_000;
const running = new Set<ChildProcess>();

// The second run of tsc looks only at what changed.
const rememberedTypes = ['--incremental', '--tsBuildInfoFile', 'node_modules/.cache/tsc.json'];
const lint = program('format and lint', [
  'biome',
  'ci',
  '--colors=off',
  '--error-on-warnings',
  '--max-diagnostics=200',
]);
const types = program('types', ['tsc', '--pretty', 'false', ...rememberedTypes]);
const imports = program('who may import whom', ['depcruise', '--output-type=err-long', '.']);
const unused = program('unused code', ['knip', '--no-progress']);
const siteBuild = program('site build', ['tsx', 'infra/build-site.ts']);
const pageTypes = program('types of pages', ['astro', 'check', '--root', 'site']);
const synth = program('synth', ['npm', 'run', '--silent', 'synth']);
const browser = program('browser', ['tsx', 'tests/support/find-browser.ts']);

// Steps of one group run side by side, as far as two cores make that pay.
const checkGroups: Step[][] = [[lint, types], [imports, unused], [vitest('unit', 'property')]];
const allGroups: Step[][] = [
  [lint, types],
  [imports, unused],
  [siteBuild],
  [pageTypes, vitest('unit')],
  [vitest('property')],
  [{ ...vitest('integration'), needs: siteBuild.title }],
  [vitest('infra')],
  [synth],
  [browser],
  [{ ...vitest('e2e'), needs: browser.title }],
  [{ ...vitest('timed'), needs: browser.title }],
];

function program(title: string, [command = '', ...args]: string[]): Step {
  return {
    title,
    run: async () => {
      const { ok, output } = await execute(command, args);
      return { passed: ok ? 1 : 0, failed: ok ? 0 : 1, skipped: 0, output };
    },
  };
}

function vitest(...projects: string[]): Step {
  return { title: `${projects.join(' and ')} tests`, run: () => runVitest(projects) };
}

async function runVitest(projects: string[]): Promise<Outcome> {
  if (!projects.some(hasTests)) return { passed: 0, failed: 0, skipped: 0, output: '' };
  const report = join(scratch, `${projects.join('-')}.json`);
  const { ok, output } = await execute('vitest', [
    'run',
    ...projects.map((project) => `--project=${project}`),
    '--reporter=default',
    '--reporter=json',
    `--outputFile.json=${report}`,
    '--silent=passed-only',
  ]);
  const counts = readCounts(report);
  // A file that does not load, a crash and an unhandled rejection fail without any failed test.
  const failed = Math.max(counts.failed, ok ? 0 : 1);
  return { ...counts, failed, output };
}

interface VitestReport {
  numPassedTests: number;
  numFailedTests: number;
  numPendingTests: number;
  numTodoTests: number;
  testResults: { status: string; assertionResults: unknown[] }[];
}

function readCounts(report: string): Omit<Outcome, 'output'> {
  try {
    const read = JSON.parse(readFileSync(report, 'utf8')) as VitestReport;
    const notLoaded = read.testResults.filter(
      (file) => file.status === 'failed' && file.assertionResults.length === 0,
    );
    return {
      passed: read.numPassedTests,
      failed: read.numFailedTests + notLoaded.length,
      skipped: read.numPendingTests + read.numTodoTests,
    };
  } catch {
    return { passed: 0, failed: 1, skipped: 0 };
  }
}

function hasTests(project: string): boolean {
  if (!existsSync(join(root, 'tests', project))) return false;
  const files = readdirSync(join(root, 'tests', project), { recursive: true, encoding: 'utf8' });
  return files.some((file) => /\.test\.tsx?$/.test(file));
}

function execute(command: string, args: string[]): Promise<{ ok: boolean; output: string }> {
  return new Promise((resolve) => {
    const child = spawn(command, args, {
      cwd: root,
      stdio: ['ignore', 'pipe', 'pipe'],
      // A group of its own, so that whatever a test leaves behind ends with it.
      detached: true,
      env: {
        ...process.env,
        PATH: `${join(root, 'node_modules/.bin')}${delimiter}${process.env.PATH}`,
        NO_COLOR: '1',
        ASTRO_TELEMETRY_DISABLED: '1',
      },
    });
    running.add(child);
    let output = '';
    const collect = (chunk: Buffer) => {
      output += chunk.toString();
    };
    child.stdout.on('data', collect);
    child.stderr.on('data', collect);
    const limit = setTimeout(() => {
      output += `\nstopped after ${timeLimitMs / 60_000} minutes`;
      endGroup(child);
    }, timeLimitMs);
    const finish = (ok: boolean) => {
      clearTimeout(limit);
      running.delete(child);
      endGroup(child);
      resolve({ ok, output });
    };
    child.on('error', (error) => {
      output += error.message;
      finish(false);
    });
    // Not 'close': a process left behind may hold the pipes open for ever.
    child.on('exit', (code) => setTimeout(finish, 100, code === 0));
  });
}

function endGroup(child: ChildProcess): void {
  if (child.pid === undefined) return;
  try {
    process.kill(-child.pid, 'SIGKILL');
  } catch {
    // Nobody is left in the group.
  }
}

async function runStep(step: Step, failedTitles: Set<string>): Promise<Outcome> {
  if (step.needs && failedTitles.has(step.needs)) {
    console.log(`✗ ${step.title}: not run, because "${step.needs}" failed`);
    return { passed: 0, failed: 1, skipped: 0, output: '' };
  }
  const began = performance.now();
  const seconds = () => `${((performance.now() - began) / 1000).toFixed(1)} s`;
  const patience = setInterval(() => console.log(`  … ${step.title}, ${seconds()}`), 30_000);
  const outcome = await step
    .run()
    .catch((error: Error) => ({ passed: 0, failed: 1, skipped: 0, output: String(error.stack) }));
  clearInterval(patience);
  const { passed, failed, skipped } = outcome;
  const counts = passed + failed + skipped === 1 ? '' : `, ${sentence(outcome)}`;
  console.log(`${failed === 0 ? '✓' : '✗'} ${step.title} (${seconds()}${counts})`);
  if (failed > 0) {
    failedTitles.add(step.title);
    console.log(`\n${outcome.output.trim()}\n`);
  }
  return outcome;
}

function sentence({ passed, failed, skipped }: Omit<Outcome, 'output'>): string {
  return `${passed} passed, ${failed} failed${skipped > 0 ? `, ${skipped} skipped` : ''}`;
}

function stop(): void {
  for (const child of running) endGroup(child);
  rmSync(scratch, { recursive: true, force: true });
  process.exit(130);
}
process.on('SIGINT', stop);
process.on('SIGTERM', stop);

const groups = process.argv[2] === 'check' ? checkGroups : allGroups;
const total = { passed: 0, failed: 0, skipped: 0 };
const failedTitles = new Set<string>();
for (const group of groups) {
  for (const outcome of await Promise.all(group.map((step) => runStep(step, failedTitles)))) {
    total.passed += outcome.passed;
    total.failed += outcome.failed;
    total.skipped += outcome.skipped;
  }
}
rmSync(scratch, { recursive: true, force: true });
console.log(sentence(total));
process.exitCode = total.failed === 0 ? 0 : 1;
