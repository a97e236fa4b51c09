/** The ひろば at the desk: who came today, by site and slot, and the month's sums. */
import type { ScreenProps } from './sections.tsx';

export function HirobaScreen(_props: Pick<ScreenProps, 'session' | 'onLoggedOut'>) {
  return <p class="pane__empty">ひろばの来所数</p>;
}
