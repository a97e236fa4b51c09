/** How long a large draw takes: hashes, order, places and the file, as a browser repeats it. */
import type { DrawList } from '../../functions/lotteries/model.ts';
import { verifyDraw } from '../../functions/lotteries/rules.ts';
import { aDrawnFile, anEntry } from '../support/draws.ts';
import { type Figure, figure, median } from './figure.ts';

const APPLICATIONS = 5_000;
const RUNS = 5;

export async function* drawFigures(): AsyncGenerator<Figure> {
  const list: DrawList = {
    courseId: 'crs_bench',
    choice: 'one_of',
    publicValueName: '年末ジャンボ宝くじ 1等の番号',
    pools: ['A', 'B', 'C'].flatMap((key) => [
      { key, kind: 'seat', capacity: 500, reserve: 300 } as const,
      { key: `childcare-${key}`, kind: 'childcare', capacity: 100, reserve: 300 } as const,
    ]),
    entries: Array.from({ length: APPLICATIONS }, (_, i) =>
      anEntry(i + 1, { tier: i % 3, sessionKeys: ['A', 'B', 'C'], childcare: i % 2 }),
    ),
  };
  const [draws, checks]: [number[], number[]] = [[], []];
  for (let run = 0; run < RUNS; run += 1) {
    const before = performance.now();
    const file = aDrawnFile(list);
    const drawn = performance.now();
    if (verifyDraw(file).some(({ holds }) => !holds)) throw new Error('A draw that does not hold');
    draws.push(drawn - before);
    checks.push(performance.now() - drawn);
  }
  const note = `median of ${RUNS}, three sessions with childcare`;
  yield figure('draw.5000.seconds', median(draws) / 1000, 's', `seals, order and places; ${note}`);
  yield figure('draw.5000.verify.seconds', median(checks) / 1000, 's', `all checks; ${note}`);
}
