/**
 * The writer opens their mailbox: two reads and no hashing. A mailbox that nobody has written to, and one
 * that its owner has hidden, cost the same and answer the same.
 */
import type { ApiDeps } from '../platform/deps.ts';
import { isRefused, type Refused } from '../platform/refusals.ts';
import { type OpenedMailbox, OpenPayload, type SignedRequest } from './model.ts';
import { readRequest } from './request.ts';
import { newestNumbers } from './rules.ts';
import { toBase64 } from './signing.ts';
import { getHead, getLetters, type LetterPlace } from './store.ts';

const FIRST: readonly LetterPlace[] = [
  { direction: 'in', number: 1 },
  { direction: 'out', number: 1 },
];

export async function openMailbox(
  deps: ApiDeps,
  request: SignedRequest,
  now: Date,
): Promise<OpenedMailbox | Refused> {
  const asked = await readRequest(deps, 'open', OpenPayload, request, now);
  if (isRefused(asked)) return asked;
  const { mailbox, payload } = asked;
  const head = await getHead(deps.database, mailbox);
  const counts = head?.letters ?? { in: 0, out: 0 };
  const numbers = {
    in: newestNumbers(counts.in, payload.before?.in),
    out: newestNumbers(counts.out, payload.before?.out),
  };
  const places = (['in', 'out'] as const).flatMap((direction) =>
    numbers[direction].map((number) => ({ direction, number })),
  );
  const found = await getLetters(
    deps.database,
    mailbox,
    head?.round ?? 1,
    places.length > 0 ? places : FIRST,
  );
  const letters = places.length > 0 ? found : [];
  return {
    letters: letters
      .sort((a, b) => a.direction.localeCompare(b.direction) || a.number - b.number)
      .map(({ direction, number, at, sealed }) => ({
        direction,
        number,
        at,
        sealed: toBase64(sealed),
      })),
    counts,
    from: { in: numbers.in[0] ?? 1, out: numbers.out[0] ?? 1 },
    readThrough: head?.openedThrough ?? 0,
    unopenable: head?.unopenable ?? [],
    ...(head?.helped === undefined ? {} : { helped: head.helped }),
  };
}
