/**
 * Keeps what is being written about a letter while it is written: sealed a moment after each pause, when the
 * tab is hidden, and before the keys are forgotten; opened again when a member comes back to it.
 */
import { useEffect, useRef } from 'preact/hooks';
import type { QueueItem } from '../rules.ts';
import { findKept, forget, type KeptPlace, keep, piecesOf, type Unfinished } from './kept.ts';
import { openKept, sealForColleagues } from './letters-open.ts';
import { beforeLock, type Vault } from './vault.ts';

/** Short: a browser that ends leaves no time to seal anything. */
const PAUSE_MS = 400;

export interface Keeping {
  /** It was sent, or is not wanted any more. Also after the screen was taken down. */
  forget(): void;
}

/**
 * @param value what is to be kept, as JSON; undefined: nothing is being written
 * @param onFound with what was kept before, once, if there was anything
 */
export function useKept<Value>(
  {
    what,
    head,
    vault,
    seen = 0,
  }: {
    readonly what: Unfinished;
    readonly head: Pick<QueueItem, 'mailbox' | 'desk'>;
    readonly vault: Vault;
    readonly seen?: number;
  },
  value: Value | undefined,
  onFound: (value: Value, seen: number) => void,
): Keeping {
  const text = value === undefined ? undefined : JSON.stringify(value);
  const place: KeptPlace = { member: vault.me, mailbox: head.mailbox, what };
  const now = useRef({ text, seen, place, head, vault });
  now.current = { text, seen, place, head, vault };
  /** What was last kept or found; it need not be sealed again. */
  const done = useRef<string | undefined>(undefined);
  /** Counts keepings, so that one that was overtaken while it was sealed is not put away. */
  const turn = useRef(0);
  const stateOf = () => `${now.current.seen} ${now.current.text}`;

  const drop = () => {
    turn.current += 1;
    done.current = undefined;
    forget(now.current.place);
  };

  async function keepNow(): Promise<void> {
    const { text: written, seen: over, ...at } = now.current;
    if (written === undefined || done.current === stateOf()) return;
    turn.current += 1;
    const mine = turn.current;
    done.current = stateOf();
    const sealed = await Promise.all(
      piecesOf(written).map((piece) =>
        sealForColleagues(at.head, at.vault, { kind: 'kept', text: piece }),
      ),
    );
    const whole = sealed.filter((each) => each !== undefined);
    if (mine === turn.current && whole.length === sealed.length) {
      keep(at.place, { seen: over, sealed: whole });
    }
  }
  const keeping = useRef(keepNow);
  keeping.current = keepNow;

  useEffect(() => {
    const kept = findKept(place);
    if (!kept || kept.sealed.length === 0) return;
    let isHere = true;
    const open = async () => {
      const pieces = await Promise.all(kept.sealed.map((each) => openKept(each, vault, head)));
      const whole = pieces.map((piece) => piece?.text).join('');
      // Sealed with keys that this member does not have any more, or changed: there is nothing to show.
      if (!isHere || pieces.some((piece) => piece?.kind !== 'kept')) return;
      done.current = `${kept.seen} ${whole}`;
      onFound(JSON.parse(whole) as Value, kept.seen);
    };
    void open();
    return () => {
      isHere = false;
    };
  }, [head.mailbox]);

  const was = useRef(text);
  useEffect(() => {
    const before = was.current;
    was.current = text;
    if (text === undefined) {
      if (before !== undefined) drop();
      return;
    }
    const timer = setTimeout(() => void keeping.current(), PAUSE_MS);
    return () => clearTimeout(timer);
  }, [text, seen]);

  useEffect(() => {
    const keepIfHidden = () => {
      if (document.visibilityState === 'hidden') void keeping.current();
    };
    document.addEventListener('visibilitychange', keepIfHidden);
    const withdraw = beforeLock(() => keeping.current());
    return () => {
      document.removeEventListener('visibilitychange', keepIfHidden);
      withdraw();
      // Another conversation is opened.
      void keeping.current();
    };
  }, []);

  return { forget: drop };
}
