/**
 * 通告として受理: what a member copies out of letters into a record for the abuse desk, with the reason, and
 * the instant from which the 48 hours count.
 */
import { useEffect, useRef, useState } from 'preact/hooks';
import { momentName } from '../rules.ts';
import { toBase64 } from '../sealing.ts';
import { LoggedOutError, RefusedError } from './api.ts';
import { receiveAsReport } from './letters-api.ts';
import { reportDue } from './letters-due.ts';
import type { OpenedConversation, OpenedLetter } from './letters-open.ts';
import type { ScreenProps } from './sections.tsx';
import { useKept } from './use-kept.ts';
import { memberName, type Vault } from './vault.ts';

/** What was marked in the letters when the dialog was asked for. */
export interface Chosen {
  readonly round: number;
  readonly numbers: readonly number[];
  readonly text: string;
}

/** The writer's letters that can be copied from, of one round. */
function lettersOf({ rounds }: OpenedConversation, round: number): readonly OpenedLetter[] {
  const letters = rounds.find((each) => each.round === round)?.letters ?? [];
  return letters.filter(({ kept, read }) => kept.direction === 'in' && read.content !== undefined);
}

/** What is marked on the page inside letters of the writer, else the newest letter as a whole. */
export function chosenIn(conversation: OpenedConversation): Chosen | undefined {
  const marked = markedLetters();
  if (marked) return marked;
  for (const { round } of [...conversation.rounds].reverse()) {
    const last = lettersOf(conversation, round).at(-1);
    if (last) return { round, numbers: [last.kept.number], text: textOf([last]) };
  }
  return undefined;
}

function markedLetters(): Chosen | undefined {
  const selection = document.getSelection();
  const text = selection?.toString().trim() ?? '';
  if (!selection || text === '') return undefined;
  const touched = [...document.querySelectorAll<HTMLElement>('.letter[data-direction="in"]')]
    .filter((each) => selection.containsNode(each, true))
    .map(({ dataset }) => ({ round: Number(dataset['round']), number: Number(dataset['number']) }));
  const [first] = touched;
  if (!first) return undefined;
  const { round } = first;
  const numbers = touched.filter((each) => each.round === round).map(({ number }) => number);
  return { round, numbers, text };
}

function textOf(letters: readonly OpenedLetter[]): string {
  return letters
    .map(({ read: { content } }) => {
      if (content?.direction !== 'in') return '';
      const { reach, text } = content;
      return reach ? `${text}\n\n来てほしい所：${reach.where}\n名前：${reach.who}` : text;
    })
    .join('\n\n');
}

const drawReportId = () => `rep_${toBase64(crypto.getRandomValues(new Uint8Array(16)))}`;

/** A report while it is being written. */
interface ReportInHand extends Chosen {
  /** Stays the same until it is received: pressed twice, it is one record. */
  readonly reportId: string;
  /** A member has changed the text by hand. */
  readonly isOwnText: boolean;
  readonly reason: string;
}

/**
 * The report of a conversation: its dialog while it is asked for, else a line when one was begun. What a member
 * wrote of it outlasts the dialog, the keys and the log-in until it is received or thrown away.
 */
export function Reporting({
  asked,
  onAsk,
  ...rest
}: Pick<ScreenProps, 'session' | 'onLoggedOut'> & {
  readonly conversation: OpenedConversation;
  readonly vault: Vault;
  readonly now: Date;
  /** What was marked when it was asked for; undefined: nobody is asking. */
  readonly asked: Chosen | undefined;
  readonly onAsk: (asked: Chosen | undefined) => void;
  readonly onDone: (sentence: string) => void;
}) {
  const { conversation, vault, onDone } = rest;
  const [begun, setBegun] = useState<ReportInHand | undefined>();
  const [reportId, setReportId] = useState(drawReportId);
  const again = useRef<HTMLButtonElement>(null);
  const isWorthIt = begun !== undefined && (begun.isOwnText || begun.reason.trim() !== '');
  const kept = useKept(
    { what: 'report', head: conversation.head, vault },
    isWorthIt ? begun : undefined,
    (found) => setBegun((mine) => mine ?? found),
  );
  const hand = begun ?? (asked && { ...asked, reportId, isOwnText: false, reason: '' });

  if (asked && hand) {
    return (
      <ReportDialog
        {...rest}
        hand={hand}
        onWrite={setBegun}
        onClose={() => {
          if (!isWorthIt) setBegun(undefined);
          onAsk(undefined);
          if (isWorthIt) requestAnimationFrame(() => again.current?.focus());
        }}
        onDone={(sentence) => {
          // The keys may have been locked meanwhile, and it must not be received a second time.
          kept.forget();
          setBegun(undefined);
          setReportId(drawReportId());
          onDone(sentence);
        }}
      />
    );
  }
  if (!begun || !isWorthIt) return null;
  return (
    <div class="notice report__begun">
      <p>書きかけの通告があります。まだ受理していません。</p>
      <div class="actions">
        <button class="button" type="button" ref={again} onClick={() => onAsk(begun)}>
          つづきを書く
        </button>
        <button
          class="button"
          data-kind="plain"
          type="button"
          onClick={() => {
            kept.forget();
            setBegun(undefined);
            setReportId(drawReportId());
            document.getElementById('item-title')?.focus();
          }}
        >
          書きかけを消す
        </button>
      </div>
    </div>
  );
}

function ReportDialog({
  session,
  onLoggedOut,
  conversation,
  vault,
  hand,
  now,
  onWrite,
  onClose,
  onDone,
}: Pick<ScreenProps, 'session' | 'onLoggedOut'> & {
  readonly conversation: OpenedConversation;
  readonly vault: Vault;
  readonly hand: ReportInHand;
  readonly now: Date;
  readonly onWrite: (hand: ReportInHand) => void;
  readonly onClose: () => void;
  readonly onDone: (sentence: string) => void;
}) {
  const dialog = useRef<HTMLDialogElement>(null);
  const { reportId, round, numbers, text, isOwnText, reason } = hand;
  const { reported } = conversation.head;
  const letters = lettersOf(conversation, round);
  const write = (changes: Partial<ReportInHand>) => onWrite({ ...hand, ...changes });
  const [problem, setProblem] = useState<string | undefined>();
  const [isBusy, setIsBusy] = useState(false);
  useEffect(() => dialog.current?.showModal(), []);

  const picked = letters.filter(({ kept }) => numbers.includes(kept.number));
  const [receivedAt] = picked.map(({ kept }) => kept.at).sort();
  const since = new Date(receivedAt ?? now);
  const due = reportDue(since, now);

  const pick = (number: number, isPicked: boolean) => {
    const next = isPicked ? [...numbers, number] : numbers.filter((each) => each !== number);
    const all = letters.filter(({ kept }) => next.includes(kept.number));
    // What a member has changed by hand is not thrown away.
    write({ numbers: next, ...(isOwnText ? {} : { text: textOf(all) }) });
  };

  const press = async () => {
    if (isBusy) return;
    if (numbers.length === 0) return setProblem('どの手紙からか、選んでください。');
    if (text.trim() === '') return setProblem('書き写す文を入れてください。');
    if (reason.trim() === '') return setProblem('通告として受理する理由を書いてください。');
    setIsBusy(true);
    setProblem(undefined);
    try {
      const report = await receiveAsReport(session.accessToken, conversation.head.mailbox, {
        reportId,
        round,
        letters: [...numbers].sort((a, b) => a - b),
        text: text.trim(),
        reason: reason.trim(),
      });
      const counted = momentName(new Date(report.receivedAt));
      onDone(
        `通告として受理しました。48時間は、手紙がとどいた ${counted} から数えます。相談担当とセンター長の「通告」にのりました。`,
      );
    } catch (error) {
      if (error instanceof LoggedOutError) onLoggedOut();
      else if (error instanceof RefusedError) {
        setProblem(error.fields[0]?.sentence ?? error.message);
      } else
        setProblem(
          '受理できたかどうか、わかりません。通信を確かめて、もう一度押してください。二重にはなりません。',
        );
    } finally {
      setIsBusy(false);
    }
  };

  return (
    <dialog class="hints report" ref={dialog} onClose={onClose} aria-labelledby="report-title">
      <h2 id="report-title">通告として受理する</h2>
      <form
        class="report__form"
        onSubmit={(event) => {
          event.preventDefault();
          void press();
        }}
      >
        {reported && (
          <p class="notice">
            このやりとりからは、{momentName(new Date(reported.at))} に
            {memberName(vault, reported.by)}
            が通告を受理しています。新しいことが書かれているときだけ、もう一度受理してください。
          </p>
        )}
        <p class="notice" data-kind="alert">
          ここに書き写した文は、封をせずに記録します。保護者が、子どもの代理人として見せるように求めることがあります。開示の前に、かならず確かめてください。
        </p>
        <fieldset class="report__letters">
          <legend>どの手紙から</legend>
          {letters.map(({ kept }) => (
            <label class="choice" data-plain key={kept.number}>
              <input
                type="checkbox"
                checked={numbers.includes(kept.number)}
                onChange={(event) => pick(kept.number, event.currentTarget.checked)}
              />
              <span>
                {kept.number}通目（{momentName(new Date(kept.at))} に届いた）
              </span>
            </label>
          ))}
        </fieldset>
        <p class="report__when">
          受理の時刻は、手紙がとどいた <strong>{momentName(since)}</strong>{' '}
          です。48時間は、この時刻から数えます（{momentName(due.at)}まで。
          <strong data-late={due.isLate ? '' : undefined}>{due.left}</strong>）。
        </p>
        <label class="ask__label" for="report-text">
          書き写す文
        </label>
        <textarea
          class="textarea"
          id="report-text"
          rows={7}
          maxLength={20_000}
          value={text}
          autocomplete="off"
          onInput={(event) => write({ isOwnText: true, text: event.currentTarget.value })}
        />
        <label class="ask__label" for="report-reason">
          通告として受理する理由
        </label>
        <textarea
          class="textarea"
          id="report-reason"
          rows={3}
          maxLength={1_000}
          value={reason}
          autocomplete="off"
          onInput={(event) => write({ reason: event.currentTarget.value })}
        />
        {problem !== undefined && (
          <p class="answer__problem" role="alert">
            {problem}
          </p>
        )}
        <div class="actions">
          <button class="button" type="submit" aria-disabled={isBusy ? 'true' : undefined}>
            通告として受理する
          </button>
          <button
            class="button"
            data-kind="plain"
            type="button"
            onClick={() => dialog.current?.close()}
          >
            あとにする
          </button>
        </div>
      </form>
    </dialog>
  );
}
