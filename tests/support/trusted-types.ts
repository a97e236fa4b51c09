/** Tries to make markup and scripts out of text in a page that requires Trusted Types. */
import type { Page } from 'playwright-core';

/** @returns names of the tries that the page did not stop */
export function letThrough(page: Page): Promise<string[]> {
  return page.evaluate(() => {
    const tries: Record<string, () => unknown> = {
      markup: () => {
        document.body.innerHTML = '<b>x</b>';
      },
      code: () => setTimeout('globalThis.ran=true', 0),
      foreign: () => new Worker('https://example.invalid/_astro/x.js'),
      elsewhere: () => new Worker('/courses/x.js'),
      address: () => {
        const script = document.createElement('script');
        script.src = '/elsewhere.js';
      },
      second: () =>
        (
          globalThis as unknown as { trustedTypes: { createPolicy(name: string): unknown } }
        ).trustedTypes.createPolicy('another'),
    };
    return Object.entries(tries)
      .filter(([, attempt]) => {
        try {
          attempt();
          return true;
        } catch {
          return false;
        }
      })
      .map(([name]) => name);
  });
}
