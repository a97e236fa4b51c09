/**
 * A line at the lower edge of what is seen, as long as the numbers stand below it: on a phone they open
 * under the keyboard, where nobody looks. It takes no focus and no room in the page.
 */
import type { RefObject } from 'preact';
import { useEffect, useLayoutEffect, useState } from 'preact/hooks';
import { REOPEN } from './crisis-texts.ts';
import { Ruby } from './ruby.tsx';

/** Pixels of the list of numbers, its heading among them, that must be seen before the line goes. */
const ENOUGH = 96;

export function Nudge({
  place,
  onPress,
}: {
  /** Where the numbers begin. */
  readonly place: RefObject<HTMLHeadingElement | null>;
  readonly onPress: () => void;
}) {
  /** Lower edge of what is seen, in pixels of the page's window; absent while the numbers are seen. */
  const [edge, setEdge] = useState<number | undefined>();
  const look = () => {
    // Not an IntersectionObserver: it takes what lies behind a phone's keyboard for seen.
    const view = visualViewport;
    const bottom = view ? view.offsetTop + view.height : innerHeight;
    const top = place.current?.getBoundingClientRect().top;
    setEdge(top !== undefined && top + ENOUGH > bottom ? bottom : undefined);
  };
  // Whatever is typed may move the numbers.
  useLayoutEffect(look);
  useEffect(() => {
    const places = [window, visualViewport];
    for (const each of places) {
      each?.addEventListener('scroll', look);
      each?.addEventListener('resize', look);
    }
    return () => {
      for (const each of places) {
        each?.removeEventListener('scroll', look);
        each?.removeEventListener('resize', look);
      }
    };
  }, []);

  if (edge === undefined) return null;
  return (
    <button class="crisis__nudge" type="button" style={{ '--edge': `${edge}px` }} onClick={onPress}>
      <Ruby text={REOPEN} />
      <span aria-hidden="true">↓</span>
    </button>
  );
}
