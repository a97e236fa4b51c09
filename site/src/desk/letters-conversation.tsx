/** A conversation at the desk: its letters opened, what to do with it, the answer, notes between staff. */
import { useCallback, useEffect, useRef, useState } from 'preact/hooks';
import {
  type CloseOutcome,
  type Conversation,
  closeOutcomeName,
  momentName,
  type QueueItem,
} from '../rules.ts';
import { LoggedOutError, RefusedError } from './api.ts';
import { Dial } from './dial.tsx';
import { Answer } from './letters-answer.tsx';
import {
  changeConversation,
  fetchConversation,
  type LetterStep,
  type WantedPage,
} from './letters-api.ts';
import { dueName, duesOf } from './letters-due.ts';
import { Letter } from './letters-letter.tsx';
import { StaffNotes } from './letters-notes.tsx';
import {
  needsOlder,
  type OpenedConversation,
  type OpenedRound,
  openConversation,
  openingOf,
  sealForColleagues,
} from './letters-open.ts';
import { notesOlderThan, olderThan, withNewest, withOlder, withReviewed } from './letters-pages.ts';
import { aboutName, Marks, UrgencyChip } from './letters-queue.tsx';
import { type Chosen, chosenIn, Reporting } from './letters-report.tsx';
import { conversationFaultSentence } from './letters-words.ts';
import type { ScreenProps } from './sections.tsx';
import { memberName, type Vault } from './vault.ts';

const COULD_NOT = 'うまくいきませんでした。通信を確かめて、もう一度お試しください。';

export function ConversationPane({
  session,
  onLoggedOut,
  vault,
  mailbox,
  revision,
  now,
  onChanged,
}: Pick<ScreenProps, 'session' | 'onLoggedOut'> & {
  readonly vault: Vault;
  readonly mailbox: string;
  /** Of the line in the queue: a greater one than is shown here means that something is new. */
  readonly revision: number | undefined;
  readonly now: Date;
  /** Its head as it now is. */
  readonly onChanged: (head: QueueItem) => void;
}) {
  const [seen, setSeen] = useState<OpenedConversation | undefined>();
  const [fault, setFault] = useState<string | undefined>();
  const [told, setTold] = useState<{ readonly kind: string; readonly sentence: string }>();
  const [chosen, setChosen] = useState<Chosen | undefined>();
  const [isClosing, setIsClosing] = useState(false);
  const [isBusy, setIsBusy] = useState(false);
  const title = useRef<HTMLHeadingElement>(null);
  const isHere = useRef(true);
  /** All that was fetched, sealed as it came. */
  const held = useRef<Conversation | undefined>(undefined);
  // Another view of the list must not open the conversation anew: each opening is a line of the audit.
  const onChange = useRef(onChanged);
  onChange.current = onChanged;
  useEffect(() => {
    isHere.current = true;
    return () => {
      isHere.current = false;
    };
  }, []);

  const show = useCallback(
    async (join: (held: Conversation | undefined) => Conversation) => {
      const joined = join(held.current);
      held.current = joined;
      const opened = await openConversation(joined, vault);
      // More may have come while this was being opened, and is shown by who fetched it.
      if (isHere.current && held.current === joined) setSeen(opened);
      return opened;
    },
    [vault],
  );

  const fetchOlder = useCallback(
    async (asked: WantedPage) => {
      const page = await fetchConversation(session.accessToken, mailbox, asked);
      return show((before) => (before ? withOlder(before, page, asked) : page));
    },
    [session, mailbox, show],
  );

  const load = useCallback(async () => {
    try {
      const newest = await fetchConversation(session.accessToken, mailbox);
      let opened = await show((before) => withNewest(before, newest));
      setFault(undefined);
      // No letter waits unopened out of sight, however many were put on top of it.
      for (let before = olderThan(opened.rounds); before && needsOlder(opened); ) {
        if (!isHere.current) return;
        opened = await fetchOlder({ before });
        const next = olderThan(opened.rounds);
        if (next === before) break;
        before = next;
      }
      const opening = openingOf(opened);
      if (!opening || !isHere.current) return;
      const step = { what: 'opened', ...opening } as const;
      const after = await changeConversation(session.accessToken, mailbox, step);
      await show((before) => withNewest(before, after));
      onChange.current(after.head);
    } catch (error) {
      if (error instanceof LoggedOutError) onLoggedOut();
      else if (isHere.current) setFault(error instanceof RefusedError ? error.message : COULD_NOT);
    }
  }, [session, mailbox, show, fetchOlder, onLoggedOut]);
  useEffect(() => void load(), [load]);
  useEffect(() => {
    if (seen) title.current?.focus({ preventScroll: true });
  }, [seen === undefined]);
  const isStale = seen !== undefined && revision !== undefined && revision > seen.head.revision;
  useEffect(() => {
    if (isStale) void load();
  }, [isStale, load]);

  const changed = (conversation: Conversation) => {
    void show((before) => withNewest(before, conversation));
    onChanged(conversation.head);
  };

  async function turnBack(asked: WantedPage): Promise<void> {
    if (isBusy) return;
    setIsBusy(true);
    try {
      const { rounds, hasOlderNotes } = await fetchOlder(asked);
      setFault(undefined);
      // The button that was pressed is gone.
      const isGone = asked.before ? olderThan(rounds) === undefined : !hasOlderNotes;
      if (isGone) title.current?.focus({ preventScroll: true });
    } catch (error) {
      if (error instanceof LoggedOutError) onLoggedOut();
      else setTold({ kind: 'refused', sentence: COULD_NOT });
    } finally {
      setIsBusy(false);
    }
  }

  async function review(round: number, number: number): Promise<void> {
    const step = { what: 'review', round, number } as const;
    if (!(await make(step, '確かめたことを、書きとめました。'))) return;
    // The answer to a step has the newest letters only.
    const { current } = held;
    if (current) await show(() => withReviewed(current, { round, number, by: vault.me }));
  }

  /** @returns whether it was done */
  async function make(step: LetterStep, sentence: string): Promise<boolean> {
    if (isBusy) return false;
    setIsBusy(true);
    setTold(undefined);
    try {
      changed(await changeConversation(session.accessToken, mailbox, step));
      setTold({ kind: 'saved', sentence });
      return true;
    } catch (error) {
      if (error instanceof LoggedOutError) onLoggedOut();
      else {
        const isRefused = error instanceof RefusedError;
        setTold({ kind: 'refused', sentence: isRefused ? error.message : COULD_NOT });
        if (isRefused) void load();
      }
      return false;
    } finally {
      setIsBusy(false);
    }
  }

  if (!seen) {
    if (fault === undefined) {
      return (
        <p class="pane__empty" aria-busy="true">
          手紙を開いています…
        </p>
      );
    }
    return (
      <div class="notice" data-kind="alert" role="alert">
        <p>{fault}</p>
        <button class="button" type="button" onClick={() => void load()}>
          もう一度読みこむ
        </button>
      </div>
    );
  }

  const { head, rounds, notes, lacksEpochs } = seen;
  const before = olderThan(rounds);
  const notesBefore = notesOlderThan(seen);
  const isMine = head.assignee === vault.me;
  return (
    <article class="item conversation" aria-labelledby="item-title">
      <p class="conversation__mark">
        取扱注意　匿名の相談の写しです。ファイルにとじ、決められた人だけが見て、期限が来たら裁断してください。印刷{' '}
        {momentName(now)}　{memberName(vault, vault.me)}
      </p>
      <header class="item__head">
        <p class="item__kind">
          <UrgencyChip urgency={head.urgency} />
          <span>{aboutName(head)}</span>
          <span>{momentName(new Date(head.firstAt))} から</span>
          <Marks item={head} vault={vault} />
        </p>
        <h2 id="item-title" tabindex={-1} ref={title}>
          相談 {head.conversation}
        </h2>
        <p class="conversation__dues">
          {duesOf(head, now).map((due) => (
            <span class="conversation__due" key={due.what} data-late={due.isLate ? '' : undefined}>
              <Dial gone={due.gone} />
              <strong>
                {dueName[due.what]} {due.left}
              </strong>
              {momentName(due.at)}まで
            </span>
          ))}
        </p>
      </header>
      <div class="actions conversation__doing">
        <button
          class="button"
          data-kind="second"
          type="button"
          onClick={() =>
            void make(
              { what: 'assign', assignee: isMine ? null : vault.me },
              isMine ? '担当をはずれました。' : 'あなたが担当になりました。',
            )
          }
        >
          {isMine ? '担当をはずれる' : '自分が担当する'}
        </button>
        <button
          class="button"
          data-kind="second"
          type="button"
          onClick={() => {
            const next = chosenIn(seen);
            if (next) setChosen(next);
            else setTold({ kind: 'refused', sentence: '書き写せる手紙が、まだ開けていません。' });
          }}
        >
          通告として受理
        </button>
        {head.closed === undefined && (
          <button
            class="button"
            data-kind="second"
            type="button"
            aria-expanded={isClosing}
            onClick={() => setIsClosing(!isClosing)}
          >
            終わりにする
          </button>
        )}
        <button class="button" data-kind="plain" type="button" onClick={() => print()}>
          印刷する
        </button>
      </div>
      {isClosing && head.closed === undefined && (
        <CloseForm
          isWaiting={head.waitingSince !== undefined}
          onClose={async (outcome) => {
            const step = { what: 'close', outcome, seen: head.revision } as const;
            if (await make(step, 'やりとりを終わりにしました。手紙が来れば、また始まります。')) {
              setIsClosing(false);
            }
          }}
        />
      )}
      <p class="item__told" role="status" data-kind={told?.kind}>
        {told?.sentence}
      </p>
      {fault !== undefined && (
        <p class="answer__problem" role="alert">
          {fault}
        </p>
      )}
      <Reporting
        session={session}
        onLoggedOut={onLoggedOut}
        conversation={seen}
        vault={vault}
        now={now}
        asked={chosen}
        onAsk={setChosen}
        onDone={(sentence) => {
          setChosen(undefined);
          setTold({ kind: 'saved', sentence });
          // Not before the dialog is gone, which keeps everything else from being reached.
          requestAnimationFrame(() => title.current?.focus());
          void load();
        }}
      />
      {head.closed && (
        <p class="notice">
          {momentName(new Date(head.closed.at))}に{memberName(vault, head.closed.by)}
          さんが終わりにしました（
          {closeOutcomeName[head.closed.outcome as CloseOutcome] ?? head.closed.outcome}
          ）。手紙が来れば、また始まります。
        </p>
      )}
      <section class="conversation__letters" aria-label="やりとり">
        {before !== undefined && (
          <div class="notice">
            <p>これより前の手紙は、まだ出していません。</p>
            <button
              class="button"
              data-kind="second"
              type="button"
              aria-disabled={isBusy ? 'true' : undefined}
              onClick={() => void turnBack({ before })}
            >
              前の手紙も出す
            </button>
          </div>
        )}
        {rounds.map((each) => (
          <Round
            session={session}
            onLoggedOut={onLoggedOut}
            key={each.round}
            round={each}
            isHidden={each.round !== head.round}
            vault={vault}
            lacksEpochs={lacksEpochs}
            onReview={(number) => void review(each.round, number)}
          />
        ))}
      </section>
      <Answer
        session={session}
        onLoggedOut={onLoggedOut}
        conversation={seen}
        vault={vault}
        onChange={changed}
        onStale={() => void load()}
        onTold={(sentence) => {
          setTold({ kind: 'saved', sentence });
          // The button that was pressed is gone, and the sentence stands at the top.
          title.current?.focus();
        }}
      />
      <StaffNotes
        head={head}
        notes={notes}
        onOlder={notesBefore === undefined ? undefined : () => void turnBack({ notesBefore })}
        vault={vault}
        mayWrite={seen.writing !== undefined}
        onNote={async (text) => {
          const sealed = await sealForColleagues(head, vault, { kind: 'note', text });
          return sealed !== undefined && make({ what: 'notes', sealed }, 'メモを残しました。');
        }}
      />
    </article>
  );
}

function Round({
  session,
  onLoggedOut,
  round: { round, letters, faults },
  isHidden,
  vault,
  lacksEpochs,
  onReview,
}: Pick<ScreenProps, 'session' | 'onLoggedOut'> & {
  readonly round: OpenedRound;
  readonly isHidden: boolean;
  readonly vault: Vault;
  readonly lacksEpochs: boolean;
  readonly onReview: (number: number) => void;
}) {
  if (letters.length === 0 && faults.length === 0) {
    return isHidden ? null : (
      <p class="notice">
        本人は前の手紙を見えなくしました。そのあとの手紙は、まだありません。いま返事を送ると、つぎに同じあいことばで開いた人に見えます。
      </p>
    );
  }
  return (
    <section class="round" data-hidden={isHidden ? '' : undefined}>
      <h3 class={isHidden ? 'round__title' : 'visually-hidden'}>
        {isHidden ? '本人が見えなくした手紙' : 'いまのやりとり'}
      </h3>
      {faults.length > 0 && (
        <div class="notice" data-kind="alert">
          <p>やりとりのつじつまが合いません。センター長に知らせてください。</p>
          <ul>
            {faults.map((each) => (
              <li key={`${each.fault}${each.direction}${each.number}`}>
                {conversationFaultSentence(each)}
              </li>
            ))}
          </ul>
        </div>
      )}
      {letters.map((letter) => (
        <Letter
          session={session}
          onLoggedOut={onLoggedOut}
          key={`${letter.kept.direction}${letter.kept.number}`}
          letter={letter}
          round={round}
          vault={vault}
          lacksEpochs={lacksEpochs}
          mayReview={letter.kept.sender !== vault.me}
          onReview={() => onReview(letter.kept.number)}
        />
      ))}
    </section>
  );
}

function CloseForm({
  isWaiting,
  onClose,
}: {
  readonly isWaiting: boolean;
  readonly onClose: (outcome: CloseOutcome) => Promise<void>;
}) {
  const [outcome, setOutcome] = useState<CloseOutcome | ''>('');
  const first = useRef<HTMLSelectElement>(null);
  useEffect(() => first.current?.focus(), []);
  return (
    <form
      class="application__form no-print"
      onSubmit={(event) => {
        event.preventDefault();
        if (outcome !== '') void onClose(outcome);
      }}
    >
      {isWaiting && <p>返事を待っている手紙があります。終わりにすると、待ちの一覧から消えます。</p>}
      <label class="entry__field">
        <span class="entry__label">どう終わったか</span>
        <select
          class="select"
          ref={first}
          required
          value={outcome}
          onChange={(event) => setOutcome(event.currentTarget.value as CloseOutcome)}
        >
          <option value="">選んでください</option>
          {Object.entries(closeOutcomeName).map(([key, name]) => (
            <option key={key} value={key}>
              {name}
            </option>
          ))}
        </select>
      </label>
      <p>
        <button class="button" type="submit">
          終わりにします
        </button>
      </p>
    </form>
  );
}
