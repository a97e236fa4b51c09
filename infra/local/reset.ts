/** `npm run reset`: removes everything that this machine keeps, so that the next start begins anew. */
import { existsSync, rmSync } from 'node:fs';
import { dataFolder, runningIn } from './data-folder.ts';

const running = runningIn(dataFolder);
if (running) {
  console.error(
    `ひだまりが動いている間は消せません（プロセス ${running.pid}）。Ctrl+C で止めてから、もう一度お試しください。`,
  );
  process.exitCode = 1;
} else if (existsSync(dataFolder)) {
  rmSync(dataFolder, { recursive: true });
  console.log('保存したデータを消しました。npm start で初めから始まります。');
} else {
  console.log('消すデータはありません。');
}
