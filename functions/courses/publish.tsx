/** Renders what families read about courses into the site's built pages and publishes it. */
import renderToString from 'preact-render-to-string';
import { publish } from '../platform/publish.ts';
import type { WorkerDeps } from '../platform/worker-deps.ts';
import { centreCalendar, courseCalendar } from './calendar-file.ts';
import type { CourseId, CourseStatusFile, CourseWithSeats } from './model.ts';
import {
  bookedSessions,
  CENTRE_FEED,
  calendarPath,
  endsAt,
  lastSession,
  statusEntry,
} from './rules.ts';
import { listedCourses, publicCourse } from './see.ts';
import { getCourseWithSeats } from './store.ts';
import { CourseListView, CourseView, OpeningsView } from './views.tsx';

const HTML = { contentType: 'text/html; charset=utf-8', cacheControl: 'public, max-age=5' };
const JSON_FILE = {
  contentType: 'application/json; charset=utf-8',
  // Not stale-while-revalidate: an open page would say for seconds what it knows to be over.
  cacheControl: 'public, max-age=2',
};
const CALENDAR = {
  contentType: 'text/calendar; charset=utf-8',
  cacheControl: 'public, max-age=60',
};

/** The pages of one course: its own, and its calendar files. A hidden course loses them. */
export async function publishCourse(deps: WorkerDeps, courseId: CourseId): Promise<void> {
  const { database, pages, templates, centre, clock } = deps;
  const read = () => publicCourse(deps, courseId);
  await publish(pages, `courses/${courseId}/index.html`, async () => {
    const seen = await read();
    return (
      seen && {
        ...HTML,
        body: templates.fill('course', {
          title: seen.course.title,
          description: seen.course.summary,
          main: renderToString(
            <CourseView
              course={seen.course}
              pools={seen.pools}
              centre={centre}
              now={clock.now()}
            />,
          ),
        }),
      }
    );
  });
  const seen = await getCourseWithSeats(database, courseId);
  if (!seen) return;
  const choices = seen.course.sessionChoice === 'all' ? [undefined] : seen.course.sessions;
  for (const choice of choices) {
    await publish(pages, calendarPath(courseId, choice?.key).slice(1), async () => {
      const now = await read();
      return (
        now && {
          ...CALENDAR,
          body: courseCalendar(now.course, bookedSessions(now.course, choice?.key), centre),
        }
      );
    });
  }
}

/** The list, the home page's openings, and the small file that keeps both true. */
export async function publishLists(deps: WorkerDeps): Promise<void> {
  const { pages, templates, centre, clock } = deps;

  await publish(pages, 'courses/status.json', async () => {
    const now = clock.now();
    const courses = (await listedCourses(deps)).filter(
      ({ course }) => endsAt(lastSession(course.sessions)) > now,
    );
    return { ...JSON_FILE, body: JSON.stringify(statusFile(courses)) };
  });
  await publish(pages, 'courses/index.html', async () => {
    const courses = await listedCourses(deps);
    const view = (
      <CourseListView
        courses={courses}
        centre={centre}
        now={clock.now()}
        origin={deps.config.siteOrigin}
      />
    );
    return {
      ...HTML,
      body: templates.fill('courses', {
        title: '講座・行事',
        description: '親子あそび、子育て講座、季節の行事。受付中の講座と残りの席がわかります。',
        main: renderToString(view),
      }),
    };
  });
  await publish(pages, 'index.html', async () => {
    const view = <OpeningsView courses={await listedCourses(deps)} now={clock.now()} />;
    return {
      ...HTML,
      body: templates.fill('home', {
        title: centre.name,
        description: centre.mission,
        main: renderToString(view),
      }),
    };
  });
}

/** The calendar that families subscribe to: every listed course that is not over. */
export async function publishCentreFeed(deps: WorkerDeps): Promise<void> {
  const { pages, centre, clock } = deps;
  await publish(pages, CENTRE_FEED.slice(1), async () => {
    const now = clock.now();
    const courses = (await listedCourses(deps)).map(({ course }) => course);
    const current = courses.filter(({ sessions }) => endsAt(lastSession(sessions)) > now);
    return { ...CALENDAR, body: centreCalendar(current, centre) };
  });
}

/** The status of every course; the same facts give the same text, so that nothing is rewritten. */
export function statusFile(courses: readonly CourseWithSeats[]): CourseStatusFile {
  return {
    courses: Object.fromEntries(
      courses.map(({ course, pools }) => [course.courseId, statusEntry(course, pools)]),
    ),
  };
}
