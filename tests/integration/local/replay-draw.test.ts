/** `npm run replay-draw` on a published draw, and on one that somebody has touched. */
import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { drawFile } from '../../../functions/lotteries/rules.ts';
import { aDrawnFile, aLottery, EXAMPLE } from '../../support/draws.ts';

const root = join(import.meta.dirname, '../../..');
const file = aDrawnFile(EXAMPLE);
let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'hidamari-draw-'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function saved(content: unknown): string {
  const path = join(folder, 'draw.json');
  writeFileSync(path, JSON.stringify(content));
  return path;
}

function replay(...words: string[]): Promise<{ code: number | null; said: string }> {
  return new Promise((resolve) => {
    const script = join(root, 'infra/local/replay-draw.ts');
    const child = spawn(process.execPath, ['--import', 'tsx', script, ...words], { cwd: root });
    let said = '';
    child.stdout.on('data', (chunk: Buffer) => {
      said += chunk.toString();
    });
    child.stderr.on('data', (chunk: Buffer) => {
      said += chunk.toString();
    });
    child.on('close', (code) => resolve({ code, said }));
  });
}

test('an honest draw holds, each step in words', async () => {
  const { code, said } = await replay(saved(file));
  expect(said.match(/^✓/gm)).toHaveLength(3);
  expect(said).toContain('約束どおり');
  expect(code).toBe(0);
});

test('a draw in which somebody was helped does not, and the exit code says so', async () => {
  const results = file.results.map((result) =>
    result.number === 1 ? { ...result, result: 'won' } : result,
  );
  const { code, said } = await replay(saved({ ...file, results }));
  expect(said).toContain('× 計算をやり直した結果が、公開された結果と違います（1 番など）。');
  expect(code).toBe(1);
});

test('a whole draw that was made up afterwards is told by the seals that somebody noted', async () => {
  const madeUp = saved(aDrawnFile(EXAMPLE, 'f'.repeat(64)));
  expect((await replay(madeUp)).code).toBe(0);
  const noted = ['--commitment', file.commitment, '--list-hash', file.listHash];
  const { code, said } = await replay(madeUp, ...noted);
  expect(said).toContain('× たねの封の印が、控えておいたものと違います。');
  expect(said).toContain('✓ 一覧の封の印は、控えておいたものと同じです。');
  expect(code).toBe(1);
});

test('the address of the page will do', async () => {
  const server = createServer((request, response) => {
    response.end(request.url === '/courses/crs_a/draw.json' ? JSON.stringify(file) : 'page');
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  const port = typeof address === 'object' ? address?.port : undefined;
  expect((await replay(`http://127.0.0.1:${port}/courses/crs_a/draw/`)).code).toBe(0);
  await new Promise((resolve) => server.close(resolve));
});

test('before the results, and without a file, there is nothing to check', async () => {
  const closed = drawFile(aLottery(EXAMPLE, 'closed'), 'ためしの講座', []);
  const { code, said } = await replay(saved(closed));
  expect(said).toContain('まだ公開されていない');
  expect(code).toBe(2);
  expect((await replay(join(folder, 'nowhere.json'))).code).toBe(2);
});
