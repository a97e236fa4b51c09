/**
 * Publishes the ひろば page, the small file that says what is open, and the calendars to subscribe
 * to. All of them look some weeks ahead, so they are made anew every morning: each time, the next
 * morning becomes a deadline of the one clock. A deployment starts it.
 */
import renderToString from 'preact-render-to-string';
import { dayInTokyo, instantInTokyo } from '../calendar/rules.ts';
import type { Course } from '../courses/model.ts';
import { endsAt, lastSession } from '../courses/rules.ts';
import { listCurrentCourses } from '../courses/store.ts';
import { putDeadline } from '../platform/agenda.ts';
import { publish } from '../platform/publish.ts';
import type { WorkerDeps } from '../platform/worker-deps.ts';
import { hirobaCalendar } from './calendar-file.ts';
import type { HirobaStatusFile } from './model.ts';
import {
  feedPath,
  isOutreach,
  LOOK_AHEAD_DAYS,
  nextMorning,
  openingEnds,
  openingStarts,
  openingsFrom,
  STATUS_FILE,
} from './rules.ts';
import { HirobaView } from './views.tsx';

/** Kind of the deadline that comes again every morning. */
export const HIROBA_MORNING = 'hiroba_morning';

/** Days that the calendars look ahead. */
const FEED_DAYS = 60;

/** Openings of a site that its page's script is given: today, tomorrow, and some days to spare. */
const STATUS_OPENINGS = 6;

const HTML = { contentType: 'text/html; charset=utf-8', cacheControl: 'public, max-age=60' };
const JSON_FILE = {
  contentType: 'application/json; charset=utf-8',
  cacheControl: 'public, max-age=60',
};
const CALENDAR = {
  contentType: 'text/calendar; charset=utf-8',
  cacheControl: 'public, max-age=300',
};

export async function publishHiroba(deps: WorkerDeps): Promise<void> {
  const { pages, templates, centre, hirobaSites, isHoliday, clock, database } = deps;
  const ahead = (days: number) => {
    const today = dayInTokyo(clock.now());
    return hirobaSites.map((site) => ({
      site,
      openings: openingsFrom(site, centre, isHoliday, today, days),
    }));
  };
  const stamp = () => instantInTokyo(dayInTokyo(clock.now()), '00:00');

  await publish(pages, STATUS_FILE.slice(1), async () => {
    const sites = ahead(LOOK_AHEAD_DAYS).map(({ site, openings }) => [
      site.siteId,
      openings.slice(0, STATUS_OPENINGS).map((opening) => ({
        opensAt: openingStarts(opening).toISOString(),
        closesAt: openingEnds(opening).toISOString(),
      })),
    ]);
    const file: HirobaStatusFile = { sites: Object.fromEntries(sites) };
    return { ...JSON_FILE, body: JSON.stringify(file) };
  });
  await publish(pages, 'hiroba/index.html', async () => {
    const outreach = await outreachCourses(deps);
    const view = (
      <HirobaView
        sites={ahead(LOOK_AHEAD_DAYS)}
        outreach={outreach}
        centre={centre}
        now={clock.now()}
        origin={deps.config.siteOrigin}
      />
    );
    return {
      ...HTML,
      body: templates.fill('hiroba', {
        title: 'ひろば',
        description:
          '予約なしで来られる、子どもと保護者の場所です。開く日と時間、出張ひろばの日程がわかります。',
        main: renderToString(view),
      }),
    };
  });
  await publish(pages, feedPath(undefined).slice(1), async () => ({
    ...CALENDAR,
    body: hirobaCalendar(
      `${centre.name}のひろば`,
      ahead(FEED_DAYS).filter(({ site }) => site.runBy === 'centre'),
      await outreachCourses(deps),
      centre,
      stamp(),
    ),
  }));
  for (const { siteId, name } of hirobaSites) {
    await publish(pages, feedPath(siteId).slice(1), async () => ({
      ...CALENDAR,
      body: hirobaCalendar(
        name,
        ahead(FEED_DAYS).filter(({ site }) => site.siteId === siteId),
        [],
        centre,
        stamp(),
      ),
    }));
  }
  await putDeadline(database, {
    key: HIROBA_MORNING,
    kind: HIROBA_MORNING,
    subject: 'all',
    dueAt: nextMorning(clock.now()).toISOString(),
  });
}

/** Listed dates of the 出張ひろば that are not over, called-off ones included. */
async function outreachCourses({
  database,
  clock,
}: Pick<WorkerDeps, 'database' | 'clock'>): Promise<Course[]> {
  const now = clock.now();
  return (await listCurrentCourses(database))
    .map(({ course }) => course)
    .filter(
      (course) =>
        isOutreach(course) &&
        course.listed &&
        (course.publication === 'published' || course.publication === 'cancelled') &&
        endsAt(lastSession(course.sessions)) > now,
    );
}
