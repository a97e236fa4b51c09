/** Conversations as the desk's screen has them once they were opened, without a key or a seal. */

import { centre } from '../../functions/centre/settings.ts';
import type { MailboxHead } from '../../functions/letters/model.ts';
import { queueItem } from '../../functions/letters/queue.ts';
import { letterSettings } from '../../functions/letters/settings.ts';
import type { OpenedConversation } from '../../site/src/desk/letters-open.ts';

/** A letter of its writer, readable or not. */
export interface Fake {
  readonly round: number;
  readonly number: number;
  readonly at: string;
  readonly isFaulty: boolean;
}

const NOTHING = new Uint8Array();

/** @param fetched the newest letters, oldest first */
export function anOpened(
  head: MailboxHead,
  fetched: readonly Fake[],
  {
    lacksEpochs = false,
    knowsKeys = true,
  }: { readonly lacksEpochs?: boolean; readonly knowsKeys?: boolean } = {},
): Pick<OpenedConversation, 'head' | 'rounds' | 'recipient' | 'lacksEpochs'> {
  const first = fetched[0]?.round ?? head.round;
  const rounds = Array.from({ length: head.round - first + 1 }, (_, index) => {
    const round = first + index;
    const mine = fetched.filter((each) => each.round === round);
    const from = mine[0]?.number ?? (round === head.round ? head.letters.in + 1 : 1);
    return {
      round,
      from: { in: from, out: 1 },
      faults: [],
      newest: { in: null, out: null },
      letters: mine.map(({ number, at, isFaulty }) => ({
        kept: { direction: 'in' as const, number, at, sealed: '' },
        read: {
          direction: 'in' as const,
          number,
          sealed: NOTHING,
          ...(isFaulty ? { fault: 'cannot_open' as const } : {}),
        },
      })),
    };
  });
  return {
    head: queueItem({ centre, letters: letterSettings }, head),
    rounds,
    recipient: knowsKeys ? 'age1' : undefined,
    lacksEpochs,
  };
}
