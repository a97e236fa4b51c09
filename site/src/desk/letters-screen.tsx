/** 手紙 at the desk: the queue on the left, one conversation on the right, what is due next above. */
import { useCallback, useEffect, useRef, useState } from 'preact/hooks';
import {
  type LetterView,
  letterViewName,
  type Queue,
  type QueueItem,
  readConversationNumber,
} from '../rules.ts';
import { LoggedOutError, RefusedError } from './api.ts';
import { Dial } from './dial.tsx';
import { Hints, useSingleKeys } from './hints.tsx';
import { letterConfig } from './letter-config.ts';
import { findConversation, readQueue } from './letters-api.ts';
import { ConversationPane } from './letters-conversation.tsx';
import { dueName, firstDue } from './letters-due.ts';
import { QueueList } from './letters-queue.tsx';
import { LookUpNotice } from './look-up-notice.tsx';
import type { ScreenProps } from './sections.tsx';
import { readKeyRing, renew, type Vault } from './vault.ts';
import { LockButton, VaultGate } from './vault-gate.tsx';

const POLL_MS = 30_000;
/** Of an address that asks for a number: `#letters/number/7K2P-Q8MD-3A`. */
const NUMBER = 'number/';

const HINTS = [
  ['↑ ↓', '一覧の中を動く（J・K でも）'],
  ['Enter', '選んだ手紙を開いて、右の欄に移る'],
  ['/', '相談番号の欄に移る'],
  ['R', '返事の欄に移る'],
  ['Esc', '一覧にもどる'],
  ['?', 'この案内を開く・閉じる'],
] as const;

const EMPTY: Readonly<Record<LetterView, string>> = {
  waiting: 'いま、返事を待っている手紙はありません。届くと、ここに載ります。',
  answered: '返事をした手紙は、まだありません。',
  closed: '終わりにしたやりとりは、まだありません。',
};

export function LettersScreen(props: ScreenProps) {
  return (
    <VaultGate session={props.session} onLoggedOut={props.onLoggedOut} title="手紙">
      {(vault) => <LettersDesk {...props} vault={vault} />}
    </VaultGate>
  );
}

function LettersDesk({
  session,
  rest,
  onGo,
  onLoggedOut,
  vault,
}: ScreenProps & { readonly vault: Vault }) {
  const [desk, setDesk] = useState<string | undefined>();
  const [view, setView] = useState<LetterView>('waiting');
  const [queue, setQueue] = useState<Queue | undefined>();
  const [pages, setPages] = useState(1);
  const [found, setFound] = useState<readonly QueueItem[] | undefined>();
  const [number, setNumber] = useState('');
  const [told, setTold] = useState('');
  const [fault, setFault] = useState<string | undefined>();
  const [now, setNow] = useState(() => new Date());
  const [showsHints, setShowsHints] = useState(false);
  const [usesKeys, setUsesKeys] = useSingleKeys();
  const list = useRef<HTMLDivElement>(null);
  const field = useRef<HTMLInputElement>(null);
  const asked = useRef(0);
  const chosen = rest.startsWith(NUMBER) ? '' : rest;
  const { deskNames } = letterConfig();

  const reload = useCallback(async () => {
    asked.current += 1;
    const mine = asked.current;
    try {
      let all: Queue | undefined;
      for (let page = 0; page < pages; page += 1) {
        const next: Queue = await readQueue(session.accessToken, { desk, view, after: all?.next });
        all = all ? { ...next, items: [...all.items, ...next.items] } : next;
        if (all.next === undefined) break;
      }
      // The answer to a question that was asked before another is too late.
      if (mine !== asked.current) return;
      setQueue(all);
      setNow(new Date());
      setFault(undefined);
    } catch (error) {
      if (error instanceof LoggedOutError) onLoggedOut();
      else if (mine === asked.current) {
        setFault('手紙の一覧を読みこめませんでした。通信を確かめてください。');
      }
    }
  }, [session, onLoggedOut, desk, view, pages]);

  useEffect(() => {
    const reloadIfSeen = () => {
      if (document.visibilityState === 'visible') void reload();
    };
    void reload();
    const timer = setInterval(reloadIfSeen, POLL_MS);
    addEventListener('focus', reloadIfSeen);
    return () => {
      clearInterval(timer);
      removeEventListener('focus', reloadIfSeen);
    };
  }, [reload]);
  useEffect(() => {
    const halfMinutes = setInterval(() => setNow(new Date()), 30_000);
    return () => clearInterval(halfMinutes);
  }, []);

  // A desk that was granted since the keys were unlocked.
  const lacking = (queue?.desks ?? []).filter(
    (each) => !vault.secrets.some((secrets) => secrets.desk === each),
  );
  useEffect(() => {
    if (lacking.length === 0) return;
    void readKeyRing(session.accessToken)
      .then((ring) => renew(ring, letterConfig().pinned))
      .catch(() => undefined);
  }, [lacking.join(' ')]);

  const find = useCallback(
    async (typed: string) => {
      const wanted = readConversationNumber(typed);
      if (wanted === undefined) {
        setTold('相談番号は「7K2P-Q8MD-3A」のような、英字と数字の10文字です。');
        return;
      }
      setTold('探しています…');
      try {
        const { items } = await findConversation(session.accessToken, wanted);
        const [item] = items;
        setFound(items);
        setTold(
          item
            ? `${wanted} が見つかりました。`
            : `${wanted} は見つかりませんでした。あなたの窓口の手紙だけを探しています。`,
        );
        if (item) onGo(item.mailbox);
      } catch (error) {
        if (error instanceof LoggedOutError) onLoggedOut();
        else setTold(error instanceof RefusedError ? error.message : '探せませんでした。');
      }
    },
    [session, onGo, onLoggedOut],
  );
  useEffect(() => {
    if (rest.startsWith(NUMBER)) void find(rest.slice(NUMBER.length));
  }, [rest, find]);

  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      if (document.querySelector('dialog[open]')) return;
      const isTyping =
        event.target instanceof HTMLElement && event.target.matches('input, select, textarea');
      if (event.key === 'Escape' && !event.isComposing) {
        list.current?.querySelector<HTMLElement>('[aria-current]')?.focus();
      }
      if (isTyping || event.ctrlKey || event.metaKey || event.altKey) return;
      const step = stepOf(event.key, usesKeys);
      const isInList = list.current?.contains(document.activeElement) ?? false;
      if (step !== 0 && (isInList || document.activeElement === document.body)) {
        event.preventDefault();
        const links = [...(list.current?.querySelectorAll<HTMLElement>(LINKS) ?? [])];
        const at = links.indexOf(document.activeElement as HTMLElement);
        links[Math.min(links.length - 1, Math.max(0, at + step))]?.focus();
      }
      if (!usesKeys) return;
      if (event.key === '/') {
        event.preventDefault();
        field.current?.focus();
      }
      if (event.key === 'r') {
        event.preventDefault();
        document.getElementById('answer')?.focus();
      }
      if (event.key === '?') setShowsHints(true);
    };
    addEventListener('keydown', onKey);
    return () => removeEventListener('keydown', onKey);
  }, [usesKeys]);

  const desks = queue?.desks ?? [];
  const here = desk ?? desks[0];
  const items = found ?? queue?.items ?? [];
  const first = view === 'waiting' ? firstDue(queue?.items ?? [], now) : undefined;
  const show = (next: Partial<{ desk: string; view: LetterView }>) => {
    setFound(undefined);
    setTold('');
    setPages(1);
    setQueue((before) => before && { ...before, items: [] });
    if (next.desk !== undefined) setDesk(next.desk);
    if (next.view !== undefined) setView(next.view);
  };
  const isLoading = queue === undefined && fault === undefined;
  const onChanged = useCallback(
    (head: QueueItem) => {
      // What was found by its number is not asked for again: each such look is a line of the audit.
      setFound((before) => before?.map((item) => (item.mailbox === head.mailbox ? head : item)));
      void reload();
    },
    [reload],
  );

  return (
    <>
      <LookUpNotice now={now} />
      <div class="strip">
        {first && (
          <p class="strip__due" data-late={first.due.isLate ? '' : undefined}>
            <Dial gone={first.due.gone} />
            <strong>{first.due.left}</strong>
            <a class="strip__what" href={`#letters/${first.item.mailbox}`}>
              {dueName[first.due.what]}：相談 {first.item.conversation}
            </a>
          </p>
        )}
        <span class="strip__keys">
          <LockButton />
          <button
            class="button"
            data-kind="plain"
            type="button"
            onClick={() => setShowsHints(true)}
          >
            キーの案内 <kbd>?</kbd>
          </button>
        </span>
      </div>
      <div class="panes" data-chosen={chosen === '' ? undefined : ''}>
        <section class="list" aria-labelledby="list-title">
          <h2 class="visually-hidden" id="list-title">
            手紙の一覧
          </h2>
          <div class="list__tools letters__tools">
            {desks.length > 1 && (
              <fieldset class="switch">
                <legend class="visually-hidden">窓口</legend>
                {desks.map((each) => (
                  <button
                    class="switch__way"
                    type="button"
                    key={each}
                    aria-pressed={each === here}
                    onClick={() => show({ desk: each })}
                  >
                    {deskNames[each] ?? each}
                  </button>
                ))}
              </fieldset>
            )}
            <fieldset class="switch">
              <legend class="visually-hidden">どの手紙</legend>
              {(Object.keys(letterViewName) as LetterView[]).map((each) => (
                <button
                  class="switch__way"
                  type="button"
                  key={each}
                  aria-pressed={found === undefined && each === view}
                  onClick={() => show({ view: each })}
                >
                  {letterViewName[each]}
                </button>
              ))}
            </fieldset>
            <search>
              <form
                class="letters__find"
                onSubmit={(event) => {
                  event.preventDefault();
                  void find(number);
                }}
              >
                <label class="list__tool" for="find-number">
                  <span>相談番号</span>
                  <input
                    class="input"
                    id="find-number"
                    type="search"
                    ref={field}
                    value={number}
                    maxLength={24}
                    autocomplete="off"
                    spellcheck={false}
                    onInput={(event) => setNumber(event.currentTarget.value)}
                  />
                </label>
                <button class="button" data-kind="second" type="submit">
                  探す
                </button>
              </form>
            </search>
          </div>
          <p class="hits__told letters__told" role="status">
            {told}
          </p>
          {fault !== undefined && (
            <div class="notice" data-kind="alert" role="alert">
              <p>{fault}</p>
              <button class="button" type="button" onClick={() => void reload()}>
                もう一度読みこむ
              </button>
            </div>
          )}
          {isLoading && (
            <div aria-busy="true">
              <p class="visually-hidden">手紙の一覧を読みこんでいます。</p>
              {[1, 2, 3, 4].map((row) => (
                <span class="skeleton list__skeleton" key={row} />
              ))}
            </div>
          )}
          {queue && desks.length === 0 && (
            <p class="list__empty">
              まだ、どの窓口の手紙も開けません。鍵をあずかる人に、窓口の許可を頼んでください。
              <a href="#keys">鍵の画面を開く</a>
            </p>
          )}
          {queue && desks.length > 0 && items.length === 0 && (
            <p class="list__empty">{found ? '見つかった手紙はありません。' : EMPTY[view]}</p>
          )}
          <QueueList
            items={items}
            chosen={chosen}
            vault={vault}
            now={now}
            list={list}
            onChoose={onGo}
          />
          {found ? (
            <p class="letters__more">
              <button class="button" data-kind="plain" type="button" onClick={() => show({})}>
                一覧にもどる
              </button>
            </p>
          ) : (
            queue?.next !== undefined && (
              <p class="letters__more">
                <button
                  class="button"
                  data-kind="second"
                  type="button"
                  onClick={() => setPages(pages + 1)}
                >
                  つづきを読みこむ
                </button>
              </p>
            )
          )}
        </section>
        <section class="pane" aria-label="選んだ手紙">
          {chosen === '' ? (
            <p class="pane__empty">
              左の一覧から手紙を選んでください。<kbd>J</kbd> と <kbd>K</kbd> で動き、
              <kbd>Enter</kbd> で開きます。
            </p>
          ) : (
            <>
              <p class="hits__back">
                <button
                  class="button item__back"
                  data-kind="plain"
                  type="button"
                  onClick={() => onGo('')}
                >
                  一覧にもどる
                </button>
              </p>
              <ConversationPane
                key={chosen}
                session={session}
                onLoggedOut={onLoggedOut}
                vault={vault}
                mailbox={chosen}
                revision={
                  [...(queue?.items ?? []), ...(found ?? [])].find(
                    ({ mailbox }) => mailbox === chosen,
                  )?.revision
                }
                now={now}
                onChanged={onChanged}
              />
            </>
          )}
        </section>
      </div>
      <Hints
        hints={HINTS}
        single="J・K・R・/・?"
        isOpen={showsHints}
        onClose={() => setShowsHints(false)}
        usesKeys={usesKeys}
        onUsesKeys={setUsesKeys}
      />
    </>
  );
}

/** Lines that can be gone to; those of a folded group only while it is open. */
const LINKS = '.letters > .letter-line > .letter-line__link, .burst__name';

function stepOf(key: string, usesKeys: boolean): number {
  if (key === 'ArrowDown' || (usesKeys && key === 'j')) return 1;
  if (key === 'ArrowUp' || (usesKeys && key === 'k')) return -1;
  return 0;
}
