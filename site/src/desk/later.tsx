/** Screens whose code is fetched when somebody comes to them: what seals letters weighs as much as the desk. */
import type { ComponentType } from 'preact';
import { useEffect, useState } from 'preact/hooks';
import type { ScreenProps } from './sections.tsx';

/** A screen that is loaded when it is first shown. */
export function later(load: () => Promise<ComponentType<ScreenProps>>): ComponentType<ScreenProps> {
  let loaded: ComponentType<ScreenProps> | undefined;
  return function Later(props: ScreenProps) {
    const [Screen, setScreen] = useState(() => loaded);
    const [tries, setTries] = useState(0);
    const [isAway, setIsAway] = useState(false);
    useEffect(() => {
      if (Screen) return;
      setIsAway(false);
      load().then(
        (arrived) => {
          loaded = arrived;
          setScreen(() => arrived);
        },
        () => setIsAway(true),
      );
    }, [Screen, tries]);
    if (Screen) return <Screen {...props} />;
    if (!isAway) {
      return (
        <p class="pane__empty" aria-busy="true">
          読みこんでいます…
        </p>
      );
    }
    return (
      <div class="notice" data-kind="alert" role="alert">
        <p>この画面を読みこめませんでした。通信を確かめて、もう一度お試しください。</p>
        <button class="button" type="button" onClick={() => setTries(tries + 1)}>
          もう一度読みこむ
        </button>
      </div>
    );
  };
}
