/** What axe finds wrong with a page as it stands, by day and by night. */
import axe, { type AxeResults, type RunOptions } from 'axe-core';
import type { Page } from 'playwright-core';

const runOnly = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'];

/** One line for each complaint: scheme, rule, element, why. */
export async function complaints(page: Page): Promise<string[]> {
  // Whatever is folded away is looked at too.
  await page.evaluate(() => {
    for (const each of document.querySelectorAll('details')) each.open = true;
  });
  // Through the debugger, because the page itself may run no script that is not its own.
  await page.evaluate(axe.source);
  const found: string[] = [];
  for (const colorScheme of ['light', 'dark'] as const) {
    await page.emulateMedia({ colorScheme });
    const { violations } = await page.evaluate(run, { runOnly });
    for (const { id, nodes } of violations) {
      for (const { html, any, all, none } of nodes) {
        const why = [...any, ...all, ...none].map(({ message }) => message).join(' ');
        found.push(`${colorScheme} ${id}: ${html.slice(0, 160)} ${why}`);
      }
    }
  }
  return found;
}

/** Runs in the page, where axe has been put a moment ago. */
async function run(options: RunOptions): Promise<AxeResults> {
  // Colours change with the next picture, not at once.
  for (const _picture of [1, 2]) await new Promise(requestAnimationFrame);
  const { axe } = globalThis as unknown as {
    axe: { run(options: RunOptions): Promise<AxeResults> };
  };
  return axe.run(options);
}
