/** Decodes one picture apart from the page, so that the page can end it. */
import { type PictureTask, perform } from './picture-tasks.ts';

self.addEventListener('message', async ({ data }: MessageEvent<PictureTask>) => {
  try {
    const result = await perform(data);
    const moved = 'bitmap' in result ? [result.bitmap] : [];
    self.postMessage(result, { transfer: moved });
  } catch {
    // Out of memory, most of all. Why is never said: it could hold something of the picture.
    self.postMessage({ fault: 'no_picture' });
  }
});
