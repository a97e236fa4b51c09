/** The pages that Astro built with places left open, filled with a noun's view. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

export type TemplateName = 'home' | 'page' | 'courses' | 'course' | 'apply' | 'booking';

export interface Filling {
  readonly title: string;
  readonly description?: string;
  /** HTML of our own views. */
  readonly main: string;
}

export interface Templates {
  /** The whole page. */
  fill(name: TemplateName, filling: Filling): string;
}

/** @param folder with `<name>/index.html`, as `site/dist/templates` has them. */
export function makeTemplates(folder: string): Templates {
  const read = new Map<TemplateName, string>();
  return {
    fill(name, { title, description = '', main }) {
      const template = read.get(name) ?? readFileSync(join(folder, name, 'index.html'), 'utf8');
      read.set(name, template);
      return template
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
