/**
 * Pages of a conversation put together, still sealed: a desk is given the newest letters and notes, and asks
 * for older ones. Pure.
 */
import type { Conversation } from '../rules.ts';

type Round = Conversation['rounds'][number];
type Span = readonly Pick<Round, 'round' | 'from'>[];

/** The first place that was fetched; undefined: there is nothing before it. */
export function olderThan([oldest]: Span): string | undefined {
  if (!oldest) return undefined;
  const { round, from } = oldest;
  return round > 1 || from.in > 1 || from.out > 1 ? `${round}.${from.in}.${from.out}` : undefined;
}

/** The first note that was fetched; undefined: there is none before it. */
export function notesOlderThan({
  notes: [first],
  hasOlderNotes,
}: {
  readonly notes: readonly Pick<Conversation['notes'][number], 'at' | 'noteId'>[];
  readonly hasOlderNotes: boolean;
}): string | undefined {
  return hasOlderNotes && first ? `${first.at}#${first.noteId}` : undefined;
}

/** The conversation as it now is, with what was fetched of older letters and notes before. */
export function withNewest(held: Conversation | undefined, newest: Conversation): Conversation {
  if (!held) return newest;
  // An answer that was overtaken by a later one must not put the clock back.
  if (held.head.revision > newest.head.revision) return held;
  return {
    ...newest,
    // With a gap in between, letters would be missed that nobody took away: they are asked for again.
    ...(isReached(newest.rounds, held.rounds)
      ? { rounds: joined(held.rounds, newest.rounds) }
      : {}),
    ...notesOf(held, newest),
  };
}

/** @param asked place, or note, that the page was asked to lie before: it must still be the first */
export function withOlder(
  held: Conversation,
  page: Conversation,
  asked: { readonly before?: string | undefined; readonly notesBefore?: string | undefined },
): Conversation {
  const isNext = asked.before !== undefined && asked.before === olderThan(held.rounds);
  const isNextOfNotes =
    asked.notesBefore !== undefined && asked.notesBefore === notesOlderThan(held);
  // Of the rest the page knows more than was seen here: a letter that came meanwhile is not in it.
  return {
    ...held,
    ...(isNext ? { rounds: joined(page.rounds, held.rounds) } : {}),
    ...(isNextOfNotes
      ? { notes: [...page.notes, ...held.notes], hasOlderNotes: page.hasOlderNotes }
      : {}),
  };
}

/** Somebody has looked at an answer that went out by one, wherever it is. */
export function withReviewed(
  held: Conversation,
  { round, number, by }: { readonly round: number; readonly number: number; readonly by: string },
): Conversation {
  return {
    ...held,
    rounds: held.rounds.map((each) =>
      each.round === round
        ? {
            ...each,
            letters: each.letters.map((letter) =>
              letter.direction === 'out' && letter.number === number
                ? { reviewedBy: by, ...letter }
                : letter,
            ),
          }
        : each,
    ),
  };
}

/** Whether nothing lies between the end of `older` and the beginning of `newer`. */
function isReached([first]: readonly Round[], older: readonly Round[]): boolean {
  const last = older.at(-1);
  if (!first || !last) return false;
  if (first.round !== last.round) return first.round < last.round;
  return (['in', 'out'] as const).every((side) => {
    const numbers = last.letters
      .filter(({ direction }) => direction === side)
      .map(({ number }) => number);
    return first.from[side] <= Math.max(last.from[side] - 1, ...numbers) + 1;
  });
}

/** Where both have a letter, it is as `newer` says. */
function joined(older: readonly Round[], newer: readonly Round[]): Round[] {
  const rounds = new Map(older.map((each) => [each.round, each]));
  for (const each of newer) {
    const before = rounds.get(each.round);
    rounds.set(each.round, before ? joinedRound(before, each) : each);
  }
  return [...rounds.values()].sort((a, b) => a.round - b.round);
}

function joinedRound(older: Round, newer: Round): Round {
  const has = ({ direction, number }: Round['letters'][number]) =>
    newer.letters.some((each) => each.direction === direction && each.number === number);
  return {
    round: newer.round,
    from: {
      in: Math.min(older.from.in, newer.from.in),
      out: Math.min(older.from.out, newer.from.out),
    },
    letters: [...older.letters.filter((each) => !has(each)), ...newer.letters],
  };
}

function notesOf(
  held: Conversation,
  { notes, hasOlderNotes }: Conversation,
): Pick<Conversation, 'notes' | 'hasOlderNotes'> {
  const at = held.notes.findIndex(({ noteId }) => noteId === notes[0]?.noteId);
  return at > 0
    ? { notes: [...held.notes.slice(0, at), ...notes], hasOlderNotes: held.hasOlderNotes }
    : { notes, hasOlderNotes };
}
