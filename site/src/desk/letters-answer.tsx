/**
 * The answer to a letter: written as a draft that only the desk can open, looked at by a second member where
 * the desk's rule says so, sealed for its reader and signed at the moment of sending.
 */
import type { ComponentChildren } from 'preact';
import { useEffect, useRef, useState } from 'preact/hooks';
import {
  type AloneReason,
  aloneReasonName,
  type Conversation,
  cannedParagraphs,
  momentName,
} from '../rules.ts';
import { LONGEST_TEXT, TooLong } from '../sealing.ts';
import { AnswerPictures } from './answer-pictures.tsx';
import { LoggedOutError, RefusedError } from './api.ts';
import { letterConfig } from './letter-config.ts';
import { LetterPictures } from './letter-picture.tsx';
import { changeConversation } from './letters-api.ts';
import { type OpenedConversation, type SealedReply, sealReply } from './letters-open.ts';
import { insertParagraph, openGap } from './letters-text.ts';
import type { ScreenProps } from './sections.tsx';
import { type DraftState, useDraft } from './use-draft.ts';
import { memberName, openVaultNow, readKeyRing, renew, type Vault } from './vault.ts';

const STATES: Readonly<Record<DraftState, string>> = {
  saved: '下書きは、封をして保存してあります。',
  unsaved: '書いています…',
  saving: '下書きを保存しています…',
  away: '下書きを保存できていません。書いたものは、この画面に残っています。',
};

const AWAY =
  '送れたかどうか、わかりません。通信を確かめて、もう一度押してください。二重には送られません。';

export function Answer({
  session,
  onLoggedOut,
  conversation,
  vault,
  onChange,
  onStale,
  onTold,
}: Pick<ScreenProps, 'session' | 'onLoggedOut'> & {
  readonly conversation: OpenedConversation;
  readonly vault: Vault;
  readonly onChange: (conversation: Conversation) => void;
  /** Something here is older than what the server has. */
  readonly onStale: () => void;
  readonly onTold: (sentence: string) => void;
}) {
  const { head, draft, approval } = conversation;
  const hand = useDraft({ session, onLoggedOut }, conversation, vault, onChange, onStale);
  const [isEditing, setIsEditing] = useState(false);
  const [problem, setProblem] = useState<string | undefined>();
  const [isBusy, setIsBusy] = useState(false);
  const [alone, setAlone] = useState<AloneReason | ''>('');
  const field = useRef<HTMLTextAreaElement>(null);
  /** The same bytes again when an answer got lost: stored once, however often they are sent. */
  const last = useRef<{ readonly of: string; readonly reply: SealedReply } | undefined>(undefined);

  const isMine = draft === undefined || draft.author === vault.me;
  const isProposed = draft?.state === 'proposed' && !isEditing && !hand.theirs;
  const needsTwo = approval === 'two';
  const reasons: readonly AloneReason[] =
    head.urgency === 'now' ? ['life_at_risk', 'asked_now', 'nobody_else'] : ['life_at_risk'];
  const mayAlone = needsTwo && isMine;

  useEffect(() => setProblem(undefined), [hand.text]);

  /** Whether the text can go out as it stands. */
  function isReady(): boolean {
    const gap = openGap(hand.text);
    if (hand.text.trim() === '') setProblem('返事がまだ書かれていません。');
    else if (hand.text.length > LONGEST_TEXT) {
      setProblem(`${LONGEST_TEXT.toLocaleString('ja-JP')}文字までにしてください。`);
    } else if (gap !== undefined) {
      setProblem(`「${gap}」が残っています。書きかえるか、消してください。`);
    } else return true;
    field.current?.focus();
    return false;
  }

  async function propose() {
    if (isBusy || !isReady()) return;
    setIsBusy(true);
    const version = await hand.save('proposed');
    setIsBusy(false);
    if (version === undefined) return;
    setIsEditing(false);
    onTold('確認をお願いしました。ほかの担当が読んで、送ります。');
  }

  async function send(reason?: AloneReason) {
    if (isBusy || !isReady()) return;
    setIsBusy(true);
    setProblem(undefined);
    try {
      const isSaved = hand.state === 'saved' && hand.version > 0;
      const version = isSaved ? hand.version : await hand.save('writing');
      if (version === undefined) {
        setProblem('下書きを保存できなかったので、送っていません。もう一度お試しください。');
        return;
      }
      const reply = await sealOnce(version);
      if (!reply) return;
      const next = await changeConversation(session.accessToken, head.mailbox, {
        what: 'replies',
        ...reply,
        attachments: hand.attachments.map(({ id, parts }) => ({ id, parts })),
        receivedAt: head.receivedAt,
        draft: version,
        ...(reason === undefined ? {} : { alone: reason }),
      });
      last.current = undefined;
      setIsEditing(false);
      setAlone('');
      onChange(next);
      onTold('返事を送りました。書いた人が、つぎに開いたときに読めます。');
    } catch (error) {
      if (error instanceof LoggedOutError) onLoggedOut();
      else if (error instanceof TooLong)
        setProblem('長すぎて封に入りません。少し短くしてください。');
      else if (error instanceof RefusedError) {
        setProblem(error.message);
        // It was not taken: what is sent next is sealed for the conversation as it is then.
        last.current = undefined;
        if (['draft_changed', 'number_taken', 'letter_not_found'].includes(error.code)) onStale();
      } else setProblem(AWAY);
    } finally {
      setIsBusy(false);
    }
  }

  /** Sealed with the newest keys of the signed list, since a colleague may have gone a minute ago. */
  async function sealOnce(version: number): Promise<SealedReply | undefined> {
    const of = `${head.round} ${head.receivedAt} ${version} ${head.letters.out}`;
    if (last.current?.of === of) return last.current.reply;
    const fault = await renew(await readKeyRing(session.accessToken), letterConfig().pinned);
    const current = openVaultNow();
    if (fault || !current) {
      setProblem(
        '鍵の名簿を確かめられなかったので、送っていません。センター長に知らせてください。',
      );
      return undefined;
    }
    const content = { text: hand.text, attachments: hand.attachments };
    const reply = await sealReply(conversation, current, content, new Date());
    if (!reply) setProblem('この窓口のいまの鍵を、あなたはまだ持っていません。');
    else last.current = { of, reply };
    return reply;
  }

  const put = (paragraph: string) => {
    const at = field.current?.selectionStart ?? hand.text.length;
    const next = insertParagraph(hand.text, at, paragraph);
    hand.write({ text: next.text });
    requestAnimationFrame(() => {
      field.current?.focus();
      field.current?.setSelectionRange(next.cursor, next.cursor);
    });
  };

  const pictures = {
    accessToken: session.accessToken,
    mailbox: head.mailbox,
    identities: vault.secrets
      .filter(({ desk }) => desk === head.desk)
      .map(({ identity }) => identity),
    onLoggedOut,
  };

  if (!conversation.recipient) {
    return (
      <Frame>
        <p>
          開けた手紙がひとつもないので、返事を封じる相手の鍵がわかりません。書いた人が次に書いたときに、返事ができます。
        </p>
      </Frame>
    );
  }
  if (!conversation.writing) {
    return (
      <Frame>
        <p>この窓口のいまの鍵を、あなたはまだ持っていません。鍵をあずかる人に頼んでください。</p>
      </Frame>
    );
  }
  const author = draft ? memberName(vault, draft.author) : '';
  return (
    <Frame>
      {hand.theirs && (
        <div class="notice clash" data-kind="alert" role="alert">
          <p>
            あなたが書いている間に、{memberName(vault, hand.theirs.author)}
            さんが下書きを書きかえました。あなたの文は、下に残っています。
          </p>
          <blockquote class="letter__text">{hand.theirs.content?.text}</blockquote>
          <div class="actions">
            <button class="button" type="button" onClick={() => hand.settle('theirs')}>
              この文を使う
            </button>
            <button
              class="button"
              data-kind="second"
              type="button"
              onClick={() => hand.settle('mine')}
            >
              自分の文で書きかえる
            </button>
          </div>
        </div>
      )}
      {draft && !draft.content && (
        <p class="notice" data-kind="alert">
          下書きを開けませんでした。書きなおすと、上書きされます。
        </p>
      )}
      {isProposed && (
        <>
          <p class="answer__who">
            {isMine
              ? `${momentName(new Date(draft.at))}に、確認をお願いしました。ほかの担当が読んで、送ります。`
              : `${author}さんが、${momentName(new Date(draft.at))}に確認をお願いしています。`}
          </p>
          <blockquote class="letter__text answer__proposed">{hand.text}</blockquote>
          <LetterPictures {...pictures} attachments={hand.attachments} />
          <div class="actions">
            {!isMine && (
              <button
                class="button"
                type="button"
                aria-disabled={isBusy ? 'true' : undefined}
                onClick={() => void send()}
              >
                {isBusy ? '送っています…' : 'この内容で送る'}
              </button>
            )}
            <button
              class="button"
              data-kind="second"
              type="button"
              onClick={() => {
                setIsEditing(true);
                requestAnimationFrame(() => field.current?.focus());
              }}
            >
              {isMine ? '書きなおす' : '直す'}
            </button>
          </div>
        </>
      )}
      {!isProposed && (
        <>
          {draft && !isMine && !hand.theirs && (
            <p class="answer__who">
              {author}さんの下書きです。
              {needsTwo && 'あなたが直すと、あなたが書いた人になり、ほかの担当が確かめます。'}
            </p>
          )}
          <label class="visually-hidden" for="answer">
            返事
          </label>
          <textarea
            class="textarea answer__field"
            id="answer"
            ref={field}
            rows={10}
            value={hand.text}
            autocomplete="off"
            aria-describedby="answer-count answer-state"
            onInput={(event) => hand.write({ text: event.currentTarget.value })}
          />
          <p class="answer__below">
            <span id="answer-state" role="status" data-kind={hand.state}>
              {hand.text === '' && !draft ? '' : STATES[hand.state]}
            </span>
            <span id="answer-count" data-late={hand.text.length > LONGEST_TEXT ? '' : undefined}>
              {hand.text.length.toLocaleString('ja-JP')}／{LONGEST_TEXT.toLocaleString('ja-JP')}文字
            </span>
          </p>
          <Canned desk={head.desk} onPut={put} />
          <AnswerPictures
            {...pictures}
            attachments={hand.attachments}
            recipients={[conversation.writing.epoch.recipient, conversation.recipient]}
            onChange={(attachments) => hand.write({ attachments })}
          />
          <div class="actions">
            {needsTwo ? (
              <button
                class="button"
                type="button"
                aria-disabled={isBusy || hand.theirs ? 'true' : undefined}
                onClick={() => !hand.theirs && void propose()}
              >
                確認をお願いする
              </button>
            ) : (
              <button
                class="button"
                type="button"
                aria-disabled={isBusy || hand.theirs ? 'true' : undefined}
                onClick={() => !hand.theirs && void send()}
              >
                {isBusy ? '送っています…' : 'この内容で送る'}
              </button>
            )}
          </div>
        </>
      )}
      {problem !== undefined && (
        <p class="answer__problem" role="alert">
          {problem}
        </p>
      )}
      {mayAlone && hand.text.trim() !== '' && (
        <details class="alone" open={head.urgency === 'now' && !isProposed}>
          <summary>急ぐので、ひとりで送る</summary>
          <fieldset class="alone__reasons">
            <legend>
              理由を選んでください。記録に残り、送ったあとで、ほかの担当が読んで確かめます。
            </legend>
            {reasons.map((reason) => (
              <label class="choice" data-plain key={reason}>
                <input
                  type="radio"
                  name="alone"
                  checked={alone === reason}
                  onChange={() => setAlone(reason)}
                />
                <span>{aloneReasonName[reason]}</span>
              </label>
            ))}
          </fieldset>
          <button
            class="button"
            data-kind="grave"
            type="button"
            aria-disabled={isBusy ? 'true' : undefined}
            onClick={() => {
              if (alone === '') setProblem('ひとりで送る理由を選んでください。');
              else void send(alone);
            }}
          >
            ひとりで送る
          </button>
        </details>
      )}
    </Frame>
  );
}

function Frame({ children }: { readonly children: ComponentChildren }) {
  return (
    <section class="part answer" aria-labelledby="answer-title">
      <h3 id="answer-title">返事</h3>
      {children}
    </section>
  );
}

/** Paragraphs to begin from. What stands in 〔 〕 must be changed before it goes out. */
function Canned({
  desk,
  onPut,
}: {
  readonly desk: string;
  readonly onPut: (paragraph: string) => void;
}) {
  const paragraphs = cannedParagraphs[desk] ?? [];
  if (paragraphs.length === 0) return null;
  return (
    <details class="canned">
      <summary>よく使う文を入れる</summary>
      <ul class="canned__list" role="list">
        {paragraphs.map(({ key, name, text }) => (
          <li key={key}>
            <button class="canned__put" type="button" onClick={() => onPut(text)}>
              <strong>{name}</strong>
              <span>{text}</span>
            </button>
          </li>
        ))}
      </ul>
    </details>
  );
}
