/** Listens to a browser: everything that a page asks for, and whatever the browser complains about. */
import type { Page } from 'playwright-core';

export interface Seen {
  readonly addresses: string[];
  readonly referrers: string[];
  /** Errors, warnings, and violations of the page's policy. */
  readonly complaints: string[];
}

/** Begins with the page's next visit. */
export async function watch(page: Page): Promise<Seen> {
  const seen: Seen = { addresses: [], referrers: [], complaints: [] };
  page.on('request', (request) => {
    seen.addresses.push(request.url());
    const { referer } = request.headers();
    if (referer !== undefined) seen.referrers.push(referer);
  });
  page.on('pageerror', (error) => seen.complaints.push(error.message));
  page.on('console', (message) => {
    if (message.type() !== 'error' && message.type() !== 'warning') return;
    seen.complaints.push(`${message.text()} ${message.location().url}`);
  });
  // A violation is told to the console, but a page could hide it there; this one it cannot.
  await page.addInitScript(() => {
    document.addEventListener('securitypolicyviolation', ({ effectiveDirective, blockedURI }) => {
      console.error(`securitypolicyviolation ${effectiveDirective} ${blockedURI}`);
    });
  });
  return seen;
}

/** Addresses of another origin. */
export function foreignTo(origin: string, { addresses }: Seen): string[] {
  return addresses.filter(
    (address) => !address.startsWith('data:') && new URL(address).origin !== origin,
  );
}

/** Opens a page and waits for everything that it asks for by itself, the status file included. */
export async function openWhole(page: Page, path: string): Promise<void> {
  await page.goto(path);
  // Pages without courses never ask for it.
  if ((await page.locator('[data-course-id]').count()) === 0) return;
  await page.waitForFunction(() =>
    performance
      .getEntriesByType('resource')
      .some((entry) => entry.name.endsWith('/courses/status.json')),
  );
}
