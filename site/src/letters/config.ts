/** What the page around the letters knows from its build: the desk, its telephone, the key it trusts. */
import type { Pinned } from '../sealing.ts';

export interface LettersConfig {
  readonly desk: 'teens' | 'general';
  /** Salt of every mailbox. */
  readonly centreId: string;
  readonly phone: string;
  /** Absent: the centre takes no letters yet. */
  readonly pinned: Pinned | undefined;
}

/** Reads the attributes of `<div id="letters">`. */
export function readConfig({ dataset }: HTMLElement): LettersConfig {
  const { desk, centre = '', phone = '', pinned } = dataset;
  return {
    desk: desk === 'general' ? 'general' : 'teens',
    centreId: centre,
    phone,
    pinned: pinned ? (JSON.parse(pinned) as Pinned) : undefined,
  };
}
