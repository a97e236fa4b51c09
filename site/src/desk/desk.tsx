/** The frame of the desk: its sections, who is here, and the screen that the address names. */
import { useCallback, useEffect, useMemo, useState } from 'preact/hooks';
import type { Session } from './log-in.ts';
import { placeIn, roleName, sectionsFor } from './sections.tsx';
import { lock } from './vault.ts';

/** No network keeps anybody at the desk for longer. */
const LEAVE_MS = 2_000;

export function Desk({
  session,
  onLogOut,
  onLoggedOut,
}: {
  readonly session: Session;
  readonly onLogOut: () => void;
  /** The session has run out. */
  readonly onLoggedOut: () => void;
}) {
  const [hash, setHash] = useState(location.hash);
  const [isLeaving, setIsLeaving] = useState(false);
  const open = useMemo(() => sectionsFor(session), [session]);
  const { section, rest } = placeIn(open, hash);
  const key = section?.key;
  const here = section?.within ?? key;

  // However this desk is left, the keys of letters do not stay behind.
  useEffect(() => () => void lock(), []);
  useEffect(() => {
    const onHash = () => setHash(location.hash);
    addEventListener('hashchange', onHash);
    return () => removeEventListener('hashchange', onHash);
  }, []);
  const go = useCallback(
    (next: string) => {
      const address = next === '' ? `#${key}` : `#${key}/${next}`;
      history.replaceState(null, '', address);
      setHash(address);
    },
    [key],
  );

  return (
    <>
      <header class="bar">
        <h1 class="bar__name">職員の机</h1>
        <nav aria-label="机の画面">
          <ul class="sections" role="list">
            {open
              .filter(({ within }) => within === undefined)
              .map((each) => (
                <li key={each.key}>
                  <a
                    class="sections__link"
                    href={`#${each.key}`}
                    aria-current={here === each.key ? 'page' : undefined}
                  >
                    {each.name}
                  </a>
                </li>
              ))}
          </ul>
        </nav>
        <p class="bar__who">
          {/* No name: with e-mail log-ins a token holds nothing that a person would know. */}
          {session.groups.flatMap((group) => roleName[group] ?? []).join('・')}
        </p>
        <button
          class="button"
          data-kind="second"
          type="button"
          aria-disabled={isLeaving ? 'true' : undefined}
          onClick={() => {
            if (isLeaving) return;
            setIsLeaving(true);
            // The keys are gone at once; the last words of an answer need a moment to be sealed and sent.
            const late = new Promise((resolve) => setTimeout(resolve, LEAVE_MS));
            void Promise.race([lock(), late]).then(onLogOut);
          }}
        >
          {isLeaving ? 'ログアウトしています…' : 'ログアウト'}
        </button>
      </header>
      <main class="screen" id="main">
        {section ? (
          <section.Screen
            key={section.key}
            session={session}
            rest={rest}
            onGo={go}
            onLoggedOut={onLoggedOut}
          />
        ) : (
          <p class="pane__empty">
            このログインで使える画面が、まだありません。センター長にお尋ねください。
          </p>
        )}
      </main>
    </>
  );
}
