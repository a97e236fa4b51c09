/** The ひろば page and the calendars to subscribe to: made at a deployment, each morning, and when a course changes. */
import { afterEach, expect, test } from 'vitest';
import { editCourse } from '../../../functions/courses/edit.ts';
import type { Course } from '../../../functions/courses/model.ts';
import { startWorld, type World } from '../../support/world.ts';

let world: World;
afterEach(() => world?.stop());

const get = async (path: string) => {
  const response = await fetch(world.origin + path);
  return {
    status: response.status,
    type: response.headers.get('content-type'),
    text: await response.text(),
  };
};
const unfolded = async (path: string) =>
  (await get(path)).text.replaceAll('\r\n ', '').split('\r\n');
const addOutreach = () =>
  world.addCourse({
    courseId: 'crs_outreach',
    title: '出張ひろば',
    category: '出張ひろば',
    sessions: [
      { key: '1', date: '2026-11-26', start: '10:00', end: '11:30', venue: '東地区センター 和室' },
      { key: '2', date: '2026-12-10', start: '10:00', end: '11:30', venue: '西町集会所' },
    ],
    application: { method: 'none' },
  });
const edit = (course: Course, publication: Course['publication']) =>
  editCourse(
    world.deps,
    course.courseId,
    { version: 1, changes: { publication } },
    'test',
    world.clock.now(),
  );

test('a deployment publishes the page, what is open, and every calendar', async () => {
  world = await startWorld();
  await world.runClock();
  await world.runClock();
  const page = await get('/hiroba/');
  expect(page.status).toBe(200);
  expect(page.text).toContain('第2・第4金曜日');
  expect(page.text.replaceAll(/<[^>]+>/g, '')).toContain('12月11日（金）、12月25日（金）');
  expect(page.text).toMatch(/webcal:\/\/[^"]+\/feeds\/hiroba-komorebi\.ics/);
  for (const feed of [
    'centre',
    'hiroba',
    'hiroba-komorebi',
    'hiroba-donguri',
    'hiroba-hinata',
    'hiroba-yukkuri',
  ]) {
    const { status, type, text } = await get(`/feeds/${feed}.ics`);
    expect([feed, status, type]).toEqual([feed, 200, 'text/calendar; charset=utf-8']);
    expect(text).toMatch(/^BEGIN:VCALENDAR\r\n/);
  }
  // What others run is in its own calendar only.
  expect(await unfolded('/feeds/hiroba.ics')).not.toContain('SUMMARY:つどいの家「ひなた」');
  expect(await unfolded('/feeds/hiroba-hinata.ics')).toContain('SUMMARY:つどいの家「ひなた」');
  const { sites } = JSON.parse((await get('/hiroba/status.json')).text);
  expect(sites.komorebi[0]).toEqual({
    opensAt: '2026-12-01T00:30:00.000Z',
    closesAt: '2026-12-01T07:00:00.000Z',
  });
});

test('every morning at four the calendars look a day further, and the next morning is set', async () => {
  world = await startWorld({ stream: false });
  await world.runClock();
  await world.runClock();
  const lastDay = async () =>
    (await unfolded('/feeds/hiroba-komorebi.ics')).filter((line) => line.startsWith('UID:')).at(-1);
  expect(await lastDay()).toBe('UID:hiroba-komorebi-2027-01-29-0930@hidamari');
  world.clock.set('2026-12-02T03:59:59+09:00');
  await world.runClock();
  expect(await lastDay()).toContain('2027-01-29');
  world.clock.set('2026-12-02T04:00:00+09:00');
  await world.runClock();
  expect(await lastDay()).toContain('2027-01-30');
  // A clock that was away for a day: one morning makes up for all, and sets the next one.
  world.clock.set('2026-12-04T04:00:30+09:00');
  await world.runClock();
  expect(await lastDay()).toContain('2027-02-01');
  world.clock.set('2026-12-05T04:00:30+09:00');
  await world.runClock();
  expect(await lastDay()).toContain('2027-02-02');
});

test('dates of the 出張ひろば come and go with their course', async () => {
  world = await startWorld();
  const course = await addOutreach();
  await world.settle();
  const page = await get('/hiroba/');
  expect(page.text).toContain('西町集会所');
  // What is over is not announced any more.
  expect(page.text).not.toContain('東地区センター');
  expect(await unfolded('/feeds/hiroba.ics')).toContain('UID:crs_outreach-2@hidamari');
  expect(await unfolded('/feeds/centre.ics')).toContain('UID:crs_outreach-2@hidamari');

  await edit(course, 'cancelled');
  await world.settle();
  expect((await get('/hiroba/')).text).toContain('中止');
  for (const feed of ['centre', 'hiroba']) {
    expect(await unfolded(`/feeds/${feed}.ics`)).toContain('STATUS:CANCELLED');
  }
  await editCourse(
    world.deps,
    course.courseId,
    { version: 2, changes: { publication: 'hidden' } },
    'test',
    world.clock.now(),
  );
  await world.settle();
  expect((await get('/hiroba/')).text).not.toContain('西町集会所');
  expect((await get('/feeds/hiroba.ics')).text).not.toContain('crs_outreach');
});

test('the calendar of all courses holds what is listed and not over', async () => {
  world = await startWorld();
  const shown = await world.addCourse();
  const unlisted = await world.addCourse({ listed: false });
  const draft = await world.addCourse({ publication: 'draft' });
  await world.settle();
  const lines = await unfolded('/feeds/centre.ics');
  expect(lines).toContain(`UID:${shown.courseId}-1@hidamari`);
  expect(lines.join()).not.toContain(`${unlisted.courseId}-`);
  expect(lines.join()).not.toContain(`${draft.courseId}-`);
  world.clock.set('2026-12-10T11:30:00+09:00');
  await world.runClock();
  await world.runClock();
  expect((await get('/feeds/centre.ics')).text).not.toContain(shown.courseId);
});
