/**
 * Keeps status and seats on a page true: reads the small status file, tells the time by the
 * server's Date header, and turns chips over at the very second without asking anybody.
 */
import {
  type CourseStatusEntry,
  type CourseStatusFile,
  callsFor,
  childcareLeftName,
  childcareName,
  courseStatus,
  drawLinkName,
  formLinkName,
  poolChildcareName,
  poolSeatsName,
  seatsName,
  statusName,
  statusSentence,
} from '../rules.ts';

const FILE = '/courses/status.json';
/** Longest wait between two looks at the file; shortened near an opening. */
const CALM_MS = 90_000;
const LIVELY_MS = 20_000;
const LONGEST_MS = 5 * 60_000;

let entries: Readonly<Record<string, CourseStatusEntry>> = {};
let clockOffset = 0;
let failures = 0;
let fetchTimer: number | undefined;
let turnTimer: number | undefined;
let afterUpdate: () => void = () => {};

/** The server's time, as far as this browser knows it. */
function now(): Date {
  return new Date(Date.now() + clockOffset);
}

/** @param onUpdate called whenever something on the page may have changed */
export function watchStatus(onUpdate: () => void = () => {}): void {
  afterUpdate = onUpdate;
  if (document.querySelector('[data-course-id]') === null) return;
  document.addEventListener('visibilitychange', () => {
    if (document.visibilityState === 'visible') void refresh();
  });
  void refresh();
}

async function refresh(): Promise<void> {
  clearTimeout(fetchTimer);
  if (document.visibilityState === 'hidden') return;
  try {
    const response = await fetch(FILE, { cache: 'no-cache', credentials: 'omit' });
    if (!response.ok) throw new Error(String(response.status));
    const date = Date.parse(response.headers.get('date') ?? '');
    const age = Number(response.headers.get('age') ?? 0);
    const file = (await response.json()) as CourseStatusFile;
    // The header has whole seconds, rounded down: never early, at most a second late.
    if (!Number.isNaN(date)) clockOffset = date + age * 1000 - Date.now();
    entries = file.courses;
    failures = 0;
  } catch {
    failures += 1;
  }
  update();
  const wait = failures > 0 ? CALM_MS * 2 ** failures : isLively() ? LIVELY_MS : CALM_MS;
  fetchTimer = window.setTimeout(refresh, spread(Math.min(wait, LONGEST_MS)));
}

/** Never all parents at once: between 75 % and 125 % of the wait. */
function spread(milliseconds: number): number {
  return milliseconds * (0.75 + Math.random() / 2);
}

function shown(): readonly { element: HTMLElement; entry: CourseStatusEntry }[] {
  return [...document.querySelectorAll<HTMLElement>('[data-course-id]')].flatMap((element) => {
    const entry = entries[element.dataset['courseId'] ?? ''];
    return entry ? [{ element, entry }] : [];
  });
}

/** Something here opens within minutes, or has seats that others are taking. */
function isLively(): boolean {
  const soon = now().getTime() + 5 * 60_000;
  return shown().some(({ entry }) => {
    const status = courseStatus(entry, now());
    if (status === 'soon') return Date.parse(entry.opensAt ?? '') < soon;
    return status === 'open' && document.querySelectorAll('[data-course-id]').length === 1;
  });
}

function update(): void {
  const at = now();
  for (const { element, entry } of shown()) show(element, entry, at);
  turnAtNextInstant(at);
  afterUpdate();
}

/** Turns the chips over when a window opens or closes; the file is asked again a little later. */
function turnAtNextInstant(at: Date): void {
  clearTimeout(turnTimer);
  const next = shown()
    .flatMap(({ entry: { opensAt, closesAt, lastEndsAt, pools } }) => [
      opensAt,
      closesAt,
      lastEndsAt,
      ...Object.values(pools).map(({ startsAt }) => startsAt),
    ])
    .map((instant) => Date.parse(instant ?? ''))
    .filter((instant) => instant > at.getTime())
    .sort((a, b) => a - b)[0];
  if (next === undefined) return;
  const wait = next - at.getTime() + 50;
  if (wait > 3_600_000) return;
  turnTimer = window.setTimeout(() => {
    update();
    clearTimeout(fetchTimer);
    fetchTimer = window.setTimeout(refresh, 500 + Math.random() * 3_500);
  }, wait);
}

function show(element: HTMLElement, entry: CourseStatusEntry, at: Date): void {
  const status = courseStatus(entry, at);
  const parts = (name: string) => element.querySelectorAll<HTMLElement>(`[data-part="${name}"]`);
  const stateful = element.matches('[data-status]')
    ? [element]
    : element.querySelectorAll<HTMLElement>('.course__take');
  for (const place of stateful) setStatus(place, status);
  for (const chip of parts('chip')) {
    setStatus(chip, status);
    setText(chip, statusName[status]);
  }
  for (const seats of parts('seats')) setText(seats, seatsName(entry, status, at));
  for (const sentence of parts('sentence')) setText(sentence, statusSentence(entry, status, at));
  for (const place of parts('childcare')) setText(place, childcareName(entry, at));
  for (const place of parts('childcare-left')) setText(place, childcareLeftName(entry, at));
  for (const call of parts('call')) call.hidden = !callsFor(status);
  const drawLink = drawLinkName(entry, at);
  for (const place of parts('draw-link')) {
    place.hidden = drawLink === undefined;
    const anchor = place.querySelector('a');
    if (anchor && drawLink !== undefined) setText(anchor, drawLink);
  }
  const link = formLinkName(entry, status, at);
  for (const place of parts('form-link')) {
    place.hidden = link === undefined;
    const anchor = place.querySelector('a');
    if (!anchor || link === undefined) continue;
    setText(anchor, link);
    if (!anchor.matches('.button')) continue;
    if (status === 'soon') anchor.dataset['kind'] = 'second';
    else delete anchor.dataset['kind'];
  }
  for (const place of parts('pool-seats')) {
    const pool = entry.pools[place.dataset['pool'] ?? ''];
    if (pool) setText(place, poolSeatsName(pool, entry));
  }
  for (const place of parts('pool-childcare')) {
    const pool = entry.childcare?.[place.dataset['pool'] ?? ''];
    if (pool) setText(place, poolChildcareName(pool, entry));
  }
}

/** Writes only what differs, so that nothing is read aloud without news. */
function setText(element: HTMLElement, text: string): void {
  if (element.textContent !== text) element.textContent = text;
}

function setStatus(element: HTMLElement, status: string): void {
  if (element.dataset['status'] !== status) element.dataset['status'] = status;
}
