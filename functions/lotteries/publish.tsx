/** Publishes a draw: the file that anybody can check, and the page that explains it. */
import renderToString from 'preact-render-to-string';
import type { CourseId } from '../courses/model.ts';
import { publish } from '../platform/publish.ts';
import type { WorkerDeps } from '../platform/worker-deps.ts';
import { publicDraw } from './see.ts';
import { DrawView } from './views.tsx';
import { drawFilePath, drawPath } from './words.ts';

/** A course without a lottery, or without a public page, has none of the two. */
export async function publishDraw(deps: WorkerDeps, courseId: CourseId): Promise<void> {
  const { pages, templates, centre } = deps;
  // The file first: the page offers it.
  await publish(pages, drawFilePath(courseId).slice(1), async () => {
    const seen = await publicDraw(deps, courseId);
    return (
      seen && {
        contentType: 'application/json; charset=utf-8',
        cacheControl: 'public, max-age=5',
        body: JSON.stringify(seen.file),
      }
    );
  });
  await publish(pages, `${drawPath(courseId).slice(1)}index.html`, async () => {
    const seen = await publicDraw(deps, courseId);
    return (
      seen && {
        contentType: 'text/html; charset=utf-8',
        cacheControl: 'public, max-age=5',
        body: templates.fill('draw', {
          title: `${seen.course.title}の抽選`,
          description: 'この抽選は、だれでも確かめられます。',
          main: renderToString(<DrawView course={seen.course} file={seen.file} centre={centre} />),
        }),
      }
    );
  });
}
