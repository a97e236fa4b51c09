/** The pages that Astro built with places left open, filled with a noun's view. */
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

const NAMES = ['home', 'page', 'courses', 'course', 'apply', 'booking', 'hiroba', 'draw'] as const;
export type TemplateName = (typeof NAMES)[number];

export interface Filling {
  readonly title: string;
  readonly description?: string;
  /** HTML of our own views. */
  readonly main: string;
}

export interface Templates {
  /** The whole page. */
  fill(name: TemplateName, filling: Filling): string;
  /** Changes when a deployment changes any of them, or the code that fills them. */
  version(): string;
}

/** @param folder with `<name>/index.html`, as `site/dist/templates` has them. */
export function makeTemplates(folder: string): Templates {
  const known = new Map<TemplateName, string>();
  const read = (name: TemplateName) => {
    const template = known.get(name) ?? readFileSync(join(folder, name, 'index.html'), 'utf8');
    known.set(name, template);
    return template;
  };
  return {
    version: () =>
      createHash('sha256')
        .update(NAMES.map(read).join('\0'))
        // In a Lambda this is the whole bundle, so that a corrected sentence counts as well.
        .update(readFileSync(new URL(import.meta.url)))
        .digest('base64url'),
    fill(name, { title, description = '', main }) {
      return read(name)
        .replaceAll('<!--slot:title-->', () => escapeHtml(title))
        .replaceAll('<!--slot:description-->', () => escapeHtml(description))
        .replace('<!--slot:main-->', () => main);
    },
  };
}

export function escapeHtml(text: string): string {
  return text
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;')
    .replaceAll("'", '&#39;');
}
