/** A lottery on the real engine: numbers, seal, public value, results, and what is published when. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Course } from '../../functions/courses/model.ts';
import { closeLottery } from '../../functions/lotteries/close.ts';
import { publishResults, seeDraw, typePublicValue } from '../../functions/lotteries/draw.ts';
import { DrawFile, type LotteryEntry } from '../../functions/lotteries/model.ts';
import { openLottery } from '../../functions/lotteries/open.ts';
import { verifyDraw } from '../../functions/lotteries/rules.ts';
import {
  getLottery,
  listNumbers,
  putNumber,
  removeNumber,
  takeNumber,
} from '../../functions/lotteries/store.ts';
import { isRefused } from '../../functions/platform/refusals.ts';
import { anEntry, LOTTERY, PUBLIC_VALUE } from '../support/draws.ts';
import { inParallel, startWorld, type World } from '../support/world.ts';

let world: World;
beforeAll(async () => {
  world = await startWorld();
});
afterAll(() => world?.stop());

async function openedCourse(): Promise<Course> {
  const course = await world.addCourse(LOTTERY);
  await world.settle();
  return course;
}

/** Takes a number and puts an application under it. */
async function apply({ courseId }: Course, changes: Partial<LotteryEntry> = {}): Promise<number> {
  const { database } = world.deps;
  const number = await takeNumber(database, courseId);
  if (number === undefined) throw new Error('No number is given out any more');
  const application = {
    ...anEntry(number, changes),
    registrationId: `reg_${100_000_000 + number}`,
  };
  const outcome = await database.transact(putNumber(database, courseId, application));
  expect(outcome).toEqual({ committed: true });
  return number;
}

async function published({ courseId }: Course): Promise<{ file: DrawFile; page: string }> {
  await world.settle();
  const file = await fetch(`${world.origin}/courses/${courseId}/draw.json`);
  const page = await fetch(`${world.origin}/courses/${courseId}/draw/`);
  return { file: DrawFile.parse(await file.json()), page: await page.text() };
}

async function versionOf({ courseId }: Course): Promise<number> {
  return (await getLottery(world.deps.database, courseId))?.version ?? 0;
}

test('from the commitment to the results, each thing is published in its time', async () => {
  const { deps, clock } = world;
  const course = await openedCourse();
  const { courseId } = course;
  const seed = (await getLottery(deps.database, courseId))?.seed ?? '';
  const opened = await published(course);
  expect(opened.file.state).toBe('open');
  expect(opened.page).toContain(opened.file.commitment);

  for (let i = 0; i < 8; i += 1) await apply(course, { tier: i % 2 });
  await closeLottery(deps, courseId, clock.now());
  const closed = await published(course);
  expect(closed.file).toMatchObject({ state: 'closed', count: 8 });
  expect(closed.file.commitment).toBe(opened.file.commitment);
  expect(closed.page).toContain('8 件の申し込み');

  const seen = await typePublicValue(
    deps,
    courseId,
    { publicValue: PUBLIC_VALUE, version: await versionOf(course) },
    'staff',
    clock.now(),
  );
  if (isRefused(seen)) throw new Error(seen.sentence);
  expect(seen.results.map(({ result }) => result)).toEqual([
    ...['won', 'won', 'won'],
    ...['reserve', 'reserve'],
    ...['lost', 'lost', 'lost'],
  ]);
  const previewed = await published(course);
  expect(previewed).toEqual(closed);
  expect(JSON.stringify(previewed)).not.toContain(seed);

  const drawn = await publishResults(
    deps,
    courseId,
    { version: seen.lottery.version },
    'staff',
    clock.now(),
  );
  if (isRefused(drawn)) throw new Error(drawn.sentence);
  expect(drawn.results).toEqual(seen.results);
  const { file, page } = await published(course);
  if (file.state !== 'drawn') throw new Error('Not drawn');
  expect(file).toMatchObject({ seed, publicValue: PUBLIC_VALUE });
  expect(closed.file).toMatchObject({ commitment: file.commitment, listHash: file.listHash });
  expect(verifyDraw(file).every(({ holds }) => holds)).toBe(true);
  expect(JSON.stringify(file)).not.toContain('reg_');
  expect(page).toContain('すべての番号の結果');
});

describe('numbers', () => {
  test('are given out once each, however many apply at the same moment', async () => {
    const course = await openedCourse();
    const numbers = await inParallel(
      20,
      Array.from({ length: 60 }, () => () => apply(course)),
    );
    expect([...numbers].sort((a, b) => a - b)).toEqual(Array.from({ length: 60 }, (_, i) => i + 1));
    const listed = await listNumbers(world.deps.database, course.courseId);
    expect(listed.map(({ number }) => number)).toEqual(Array.from({ length: 60 }, (_, i) => i + 1));
  });

  test('leave a gap when they are withdrawn, and stay once the list is shut', async () => {
    const { database } = world.deps;
    const course = await openedCourse();
    const { courseId } = course;
    for (let i = 0; i < 3; i += 1) await apply(course);
    expect(await database.transact(removeNumber(database, courseId, 2))).toEqual({
      committed: true,
    });
    await closeLottery(world.deps, courseId, world.clock.now());
    const outcome = await database.transact(removeNumber(database, courseId, 3));
    expect(outcome).toMatchObject({ committed: false });
    expect((await listNumbers(database, courseId)).map(({ number }) => number)).toEqual([1, 3]);
    expect((await published(course)).file).toMatchObject({ state: 'closed', count: 2 });
  });

  test('are not given out after closing, nor used when they were taken before', async () => {
    const { database } = world.deps;
    const course = await openedCourse();
    const { courseId } = course;
    const number = await takeNumber(database, courseId);
    await closeLottery(world.deps, courseId, world.clock.now());
    expect(await takeNumber(database, courseId)).toBeUndefined();
    const late = { ...anEntry(number ?? 0), registrationId: 'reg_100000001' };
    expect(await database.transact(putNumber(database, courseId, late))).toMatchObject({
      committed: false,
    });
    expect(await listNumbers(database, courseId)).toEqual([]);
  });
});

test('a second opening or closing changes nothing', async () => {
  const { deps, clock } = world;
  const course = await openedCourse();
  const { courseId } = course;
  expect(await openLottery(deps, course, clock.now())).toBe(false);
  await apply(course);
  await closeLottery(deps, courseId, clock.now());
  const once = await getLottery(deps.database, courseId);
  await closeLottery(deps, courseId, new Date(clock.now().getTime() + 60_000));
  expect(await getLottery(deps.database, courseId)).toEqual(once);
});

test('staff can do each step only in its time, and from the version that they saw', async () => {
  const { deps, clock } = world;
  const course = await openedCourse();
  const { courseId } = course;
  const type = (publicValue: string, version: number) =>
    typePublicValue(deps, courseId, { publicValue, version }, 'staff', clock.now());
  const go = (version: number) => publishResults(deps, courseId, { version }, 'staff', clock.now());
  await apply(course);
  expect(await type(PUBLIC_VALUE, 1)).toMatchObject({ refused: 'not_possible_now' });
  await closeLottery(deps, courseId, clock.now());
  const version = await versionOf(course);
  expect(await go(version)).toMatchObject({ refused: 'not_possible_now' });
  await type('12組 000000番', version);
  expect(await type(PUBLIC_VALUE, version)).toMatchObject({ refused: 'version_conflict' });
  expect(await type(PUBLIC_VALUE, version + 1)).toMatchObject({
    lottery: { publicValue: PUBLIC_VALUE },
  });
  expect(await go(version + 1)).toMatchObject({ refused: 'version_conflict' });
  expect(await go(version + 2)).toMatchObject({ lottery: { drawnAt: expect.any(String) } });
  expect(await go(version + 3)).toMatchObject({ refused: 'not_possible_now' });
  expect(await type('1234', version + 3)).toMatchObject({ refused: 'not_possible_now' });
  expect(await seeDraw(deps, 'crs_nowhere')).toMatchObject({ refused: 'course_not_found' });
});

test('a course without a lottery, and one that is hidden, has no page of a draw', async () => {
  const course = await world.addCourse();
  expect(await openLottery(world.deps, course, world.clock.now())).toBe(false);
  const hidden = await world.addCourse({ ...LOTTERY, publication: 'hidden' });
  await openLottery(world.deps, hidden, world.clock.now());
  await world.settle();
  for (const { courseId } of [course, hidden]) {
    expect((await fetch(`${world.origin}/courses/${courseId}/draw/`)).status).toBe(404);
    expect((await fetch(`${world.origin}/courses/${courseId}/draw.json`)).status).toBe(404);
  }
});
