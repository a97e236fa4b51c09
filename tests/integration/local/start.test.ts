/** The one-machine cloud starts, refuses, survives and stops as a whole, in this process and as npm runs it. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, expect, test, vi } from 'vitest';
import { makeMailer } from '../../../functions/platform/mailer.ts';
import { seed } from '../../../infra/local/seed.ts';
import { type Hidamari, startHidamari } from '../../../infra/local/start.ts';

const folder = mkdtempSync(join(tmpdir(), 'hidamari-start-'));
const siteDist = join(folder, 'dist');
cpSync('tests/support/templates', join(siteDist, 'templates'), { recursive: true });
writeFileSync(join(siteDist, 'index.html'), '<p>ひだまり</p>');
mkdirSync(join(siteDist, 'api'));
writeFileSync(join(siteDist, 'api/openapi.json'), '{}');
const running: Hidamari[] = [];
const processes: ChildProcess[] = [];

afterEach(async () => {
  for (const hidamari of running.splice(0)) await hidamari.stop();
  for (const child of processes.splice(0)) child.kill('SIGKILL');
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

async function start(dataDir: string | null = null): Promise<Hidamari> {
  const hidamari = await startHidamari({ dataDir, siteDist });
  running.push(hidamari);
  return hidamari;
}

/** Runs a script of infra/local as npm would. */
function run(script: string, dataDir: string, env: Record<string, string> = {}) {
  const child = spawn('tsx', [`infra/local/${script}.ts`], {
    env: { ...process.env, HIDAMARI_DATA: dataDir, ...env },
  });
  processes.push(child);
  const said = { text: '' };
  for (const stream of [child.stdout, child.stderr]) {
    stream.on('data', (chunk) => {
      said.text += chunk;
    });
  }
  return { child, said, exit: once(child, 'exit').then(([code]) => code as number | null) };
}

test('in memory, everything answers on one port and nothing is left afterwards', async () => {
  const hidamari = await start();
  const status = async (path: string) => (await fetch(hidamari.origin + path)).status;
  expect(await status('/')).toBe(200);
  expect(await status('/mail/')).toBe(200);
  expect(await status('/oidc/.well-known/openid-configuration')).toBe(200);
  expect(await status('/desk-config.json')).toBe(200);
  expect(await status('/api/openapi.json')).toBe(200);
  expect(await status('/api/nothing')).toBe(404);
  expect(await status('/api/staff/nothing')).toBe(404);
  const pid = hidamari.enginePid() as number;
  const { siteFolder } = hidamari.deps.config;
  await hidamari.stop();
  expect(() => process.kill(pid, 0)).toThrow();
  expect(existsSync(siteFolder as string)).toBe(false);
  await expect(fetch(hidamari.origin)).rejects.toThrow();
});

test('mails and keys are there after a restart, secrets for their owner only', async () => {
  const dataDir = join(folder, 'kept');
  const first = await start(dataDir);
  await makeMailer(first.deps.config).send({
    to: 'a@example.jp',
    fromName: 'ひだまり',
    subject: '残るメール',
    text: '',
    messageId: 'm1',
  });
  const { formKey } = first.deps.config;
  await first.stop();
  for (const secret of ['form-key.json', 'identity.json', 'mail.jsonl']) {
    expect(statSync(join(dataDir, secret)).mode & 0o777).toBe(0o600);
  }
  const second = await start(dataDir);
  expect(second.deps.config.formKey).toBe(formKey);
  expect(await (await fetch(`${second.origin}/mail/`)).text()).toContain('残るメール');
});

test('a second one on the same data is refused, and the first goes on', async () => {
  const dataDir = join(folder, 'shared');
  const first = await start(dataDir);
  await expect(start(dataDir)).rejects.toThrow('もう動いています');
  expect((await fetch(first.origin)).status).toBe(200);
});

test('a start that fails leaves nothing running', async () => {
  let engine = '';
  let site = '';
  const failing = startHidamari({
    siteDist,
    async seed({ config }) {
      engine = config.dynamodbEndpoint ?? '';
      site = config.siteOrigin;
      throw new Error('種がありません。');
    },
  });
  await expect(failing).rejects.toThrow('種がありません。');
  await expect(fetch(engine)).rejects.toThrow('fetch failed');
  await expect(fetch(site)).rejects.toThrow('fetch failed');
});

test('npm start prints where to look, keeps reset away, and ends when told to', async () => {
  const dataDir = join(folder, 'npm');
  const { child, said, exit } = run('main', dataDir, { PORT: '0' });
  await vi.waitFor(() => expect(said.text).toContain('/mail/'), { timeout: 60_000 });
  expect(said.text).toMatch(/http:\/\/localhost:\d+\/staff\//);
  expect(said.text).toContain('center / tanpopo');
  expect(said.text).toContain('手紙の6つのことば: とけい ゆびわ こおり まつり すいか なわとび');
  const kit = [1, 2, 3].map((number) => join(dataDir, 'recovery-kit', `sheet-${number}.txt`));
  expect(kit.map((sheet) => statSync(sheet).mode & 0o777)).toEqual([0o600, 0o600, 0o600]);
  const refused = run('reset', dataDir);
  expect(await refused.exit).toBe(1);
  expect(refused.said.text).toContain('動いている間は消せません');
  child.kill('SIGINT');
  expect(await exit).toBe(0);
  expect(said.text).not.toMatch(/^\s+at /m);
  const reset = run('reset', dataDir);
  expect(await reset.exit).toBe(0);
  expect(existsSync(dataDir)).toBe(false);
});

test('npm start says in one sentence that its port is in use or is none', async () => {
  const other = await start();
  const taken = run('main', join(folder, 'taken'), { PORT: new URL(other.origin).port });
  expect(await taken.exit).toBe(1);
  expect(taken.said.text.trim()).toMatch(/^ポート \d+ はほかのプログラムが使っています。.*$/);
  const wrong = run('main', join(folder, 'wrong'), { PORT: 'eighty' });
  expect(await wrong.exit).toBe(1);
  expect(wrong.said.text.trim()).toBe('PORT には 1 から 65535 までの数を指定してください。');
});

test('npm start says in one sentence that another engine cannot be used', async () => {
  const { origin } = await start();
  const none = run('main', join(folder, 'none'), { PORT: '0', DYNAMODB_ENDPOINT: origin });
  expect(await none.exit).toBe(1);
  expect(none.said.text.trim()).toMatch(/^DYNAMODB_ENDPOINT=\S+ のデータベースに.*。$/);
});

test('npm start offers a fresh seed when the demonstration has aged, and keeps bookings that exist', async () => {
  const dataDir = join(folder, 'aged');
  const longAgo = { now: () => new Date(Date.now() - 60 * 86_400_000) };
  const aged = await startHidamari({ dataDir, siteDist, clock: longAgo, seed });
  running.push(aged);
  await aged.stop();
  const { said } = run('main', dataDir, { PORT: '0' });
  await vi.waitFor(() => expect(said.text).toContain('/mail/'), { timeout: 60_000 });
  expect(said.text).toContain('見本の日付が古くなり');
  expect(said.text).toContain('npm run reset');
});

test('a fresh demonstration is not offered again at the next start', async () => {
  const dataDir = join(folder, 'fresh');
  const first = await startHidamari({ dataDir, siteDist, seed });
  running.push(first);
  await first.stop();
  const { said } = run('main', dataDir, { PORT: '0' });
  await vi.waitFor(() => expect(said.text).toContain('/mail/'), { timeout: 60_000 });
  expect(said.text).not.toContain('見本の日付が古くなり');
});
