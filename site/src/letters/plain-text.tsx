/** Sentences with readings where nobody needs them: `{漢字|かな}` without its reading. */
import type { ComponentChildren } from 'preact';

/** How a component of letters shows its sentences; the young person's page gives one with ふりがな. */
export type Say = (props: { readonly text: string }) => ComponentChildren;

export const PlainText: Say = ({ text }) => withoutReadings(text);

export function withoutReadings(text: string): string {
  return text.replace(/\{([^|{}]+)\|[^|{}]+\}/g, '$1');
}
