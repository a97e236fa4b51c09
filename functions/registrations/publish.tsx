/** The application form of a course as a page that is always there, published like the course. */
import renderToString from 'preact-render-to-string';
import type { CourseId } from '../courses/model.ts';
import { publish } from '../platform/publish.ts';
import type { WorkerDeps } from '../platform/worker-deps.ts';
import { ApplyView } from './apply-view.tsx';
import { courseToApplyFor } from './see.ts';

/** Only for courses that are booked on this site; for others the page goes. */
export async function publishApplicationForm(deps: WorkerDeps, courseId: CourseId): Promise<void> {
  const { pages, templates, centre, clock } = deps;
  await publish(pages, `courses/${courseId}/apply/index.html`, async () => {
    const seen = await courseToApplyFor(deps, courseId);
    if (!seen) return undefined;
    const view = (
      <ApplyView course={seen.course} pools={seen.pools} centre={centre} now={clock.now()} />
    );
    return {
      contentType: 'text/html; charset=utf-8',
      cacheControl: 'public, max-age=5',
      body: templates.fill('apply', {
        title: `${seen.course.title}の申し込み`,
        main: renderToString(view),
      }),
    };
  });
}
