/** What the page of the desk was built with about letters: names of desks, and the centre's key. */
import type { Pinned } from '../sealing.ts';

export interface LetterConfig {
  /** Id of the centre, which its list of keys names. */
  readonly centreId: string;
  /** Names of the desks that letters can be written to, in their order. */
  readonly deskNames: Readonly<Record<string, string>>;
  /** Absent: this centre has not set up its keys yet. */
  readonly pinned?: Pinned;
}

/** From the page itself and not from an API, so that who runs the servers cannot exchange the key. */
export function letterConfig(): LetterConfig {
  const text = document.getElementById('desk')?.dataset['letters'];
  return text === undefined ? { centreId: '', deskNames: {} } : (JSON.parse(text) as LetterConfig);
}
