/** Mails come from the very domain that the built page /mail-help/ tells families to let in. */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/**
 * Reads the page that is about to be deployed, so that what families read is what is compared.
 * @throws a sentence when the page names another domain, or none
 */
export function checkMailDomain(mailFrom: string, siteDist: string): void {
  const file = join(siteDist, 'mail-help/index.html');
  const html = existsSync(file) ? readFileSync(file, 'utf8') : '';
  const told = /<p class="domain"[^>]*>([^<]+)<\/p>/.exec(html)?.[1]?.trim().toLowerCase();
  const used = mailFrom.slice(mailFrom.lastIndexOf('@') + 1).toLowerCase();
  if (told === used) return;
  throw new Error(
    told === undefined
      ? `mailFrom sends from ${used}, but the built page /mail-help/ names no domain that families could let in`
      : `mailFrom sends from ${used}, but the page /mail-help/ tells families to let in ${told}: ` +
          'give mailFrom the domain of `email` in functions/centre/settings.ts, or change that one',
  );
}
