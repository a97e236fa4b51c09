/**
 * Where this tab keeps what a member is writing about a letter, sealed for the desk: it is there again after
 * the keys were locked, the log-in ran out or the page was left. What was typed itself lies nowhere.
 */

/** An answer, a note between staff, a report (通告). */
export type Unfinished = 'draft' | 'note' | 'report';

/** Whose it is and what it is about. A colleague who logs in to the same tab is not given it. */
export interface KeptPlace {
  /** Subject of the log-in. */
  readonly member: string;
  readonly mailbox: string;
  readonly what: Unfinished;
}

export interface Kept {
  /** Version of the draft that it was written over; 0 where there are no versions. */
  readonly seen: number;
  /** One after the other they are one text. */
  readonly sealed: readonly string[];
}

const KEPT = 'hidamari.desk.letters.';
const nameOf = ({ member, mailbox, what }: KeptPlace) => `${KEPT}${member}.${mailbox}.${what}`;

export function keep(place: KeptPlace, kept: Kept): void {
  try {
    sessionStorage.setItem(nameOf(place), JSON.stringify(kept));
  } catch {
    // No room left: it still stands in the page.
  }
}

export function findKept(place: KeptPlace): Kept | undefined {
  const text = sessionStorage.getItem(nameOf(place));
  return text === null ? undefined : (JSON.parse(text) as Kept);
}

export function forget(place: KeptPlace): void {
  sessionStorage.removeItem(nameOf(place));
}

/** For a log-out: of all that this tab has put away, only what nobody can read without keys stays. */
export function forgetAllButSealed(): void {
  for (const name of Object.keys(sessionStorage)) {
    if (!name.startsWith(KEPT)) sessionStorage.removeItem(name);
  }
}

/** As long as one seal takes, with room to spare; in code points, so that no letter is cut in two. */
const PIECE = /[\s\S]{1,7500}/gu;

/** A text in parts, each of which fits into a seal. */
export function piecesOf(text: string): readonly string[] {
  return text.match(PIECE) ?? [];
}
