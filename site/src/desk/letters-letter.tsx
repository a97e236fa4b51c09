/** One letter of a conversation as the desk reads it: text as text, faults as sentences. */
import { aloneReasonName, momentName } from '../rules.ts';
import { LetterPictures } from './letter-picture.tsx';
import type { OpenedLetter } from './letters-open.ts';
import { letterFaultSentence } from './letters-words.ts';
import type { ScreenProps } from './sections.tsx';
import { memberName, type Vault } from './vault.ts';

export function Letter({
  session,
  onLoggedOut,
  letter: { kept, read },
  round,
  vault,
  lacksEpochs,
  mayReview,
  onReview,
}: Pick<ScreenProps, 'session' | 'onLoggedOut'> & {
  readonly letter: OpenedLetter;
  readonly round: number;
  readonly vault: Vault;
  readonly lacksEpochs: boolean;
  readonly mayReview: boolean;
  readonly onReview: () => void;
}) {
  const { direction, number, at } = kept;
  const isIn = direction === 'in';
  const { content, fault } = read;
  const id = `letter-${round}-${direction}-${number}`;
  return (
    <article
      class="letter"
      data-direction={direction}
      data-round={round}
      data-number={number}
      aria-labelledby={id}
    >
      <h4 class="letter__head" id={id}>
        {isIn ? `書いた人から ${number}通目` : `こちらの返事 ${number}通目`}
        <time class="letter__at" dateTime={at}>
          {momentName(new Date(at))}
          {isIn ? ' に届いた' : ' に送った'}
        </time>
      </h4>
      {content?.direction === 'in' && content.reach && <Reach {...content.reach} />}
      {content?.direction === 'in' && content.quotes !== undefined && (
        <p class="letter__quotes">
          前の相談番号：<a href={`#letters/number/${content.quotes}`}>{content.quotes}</a>
          （あいことばをなくした、と書いた人が伝えています。同じ人とはかぎりません）
        </p>
      )}
      {content && <p class="letter__text">{content.text}</p>}
      {fault && (
        <p class="letter__fault" role="note">
          {fault === 'cannot_open' && lacksEpochs
            ? 'この手紙のころの鍵を、あなたは持っていません。ほかの担当なら開けることがあります。'
            : letterFaultSentence[fault]}
        </p>
      )}
      {content && content.attachments.length > 0 && (
        <LetterPictures
          accessToken={session.accessToken}
          mailbox={content.mailbox}
          attachments={content.attachments}
          identities={vault.secrets
            .filter(({ desk }) => desk === content.desk)
            .map(({ identity }) => identity)}
          onLoggedOut={onLoggedOut}
        />
      )}
      {!isIn && (
        <p class="letter__by">
          {kept.author !== undefined && <span>書いた人 {memberName(vault, kept.author)}</span>}
          {kept.sender !== undefined && <span>送った人 {memberName(vault, kept.sender)}</span>}
          {kept.alone !== undefined && (
            <span>
              ひとりで送信（
              {(aloneReasonName as Readonly<Record<string, string>>)[kept.alone] ?? kept.alone}）
            </span>
          )}
          {kept.reviewedBy !== undefined && (
            <span>あとから確認 {memberName(vault, kept.reviewedBy)}</span>
          )}
        </p>
      )}
      {kept.alone !== undefined && kept.reviewedBy === undefined && (
        <p class="letter__review">
          <span class="chip" data-status="soon">
            あとから確認
          </span>
          {mayReview ? (
            <button class="button" data-kind="second" type="button" onClick={onReview}>
              読んで、確かめました
            </button>
          ) : (
            <span>ほかの担当が読んで確かめます。</span>
          )}
        </p>
      )}
    </article>
  );
}

/** 来てほしいとき: before everything else. */
function Reach({ where, who }: { readonly where: string; readonly who: string }) {
  return (
    <div class="reach">
      <p class="reach__title">「来てほしい」と書いています</p>
      <dl class="reach__facts">
        <div>
          <dt>どこ</dt>
          <dd>{where.trim() === '' ? '書いていません' : where}</dd>
        </div>
        <div>
          <dt>だれ</dt>
          <dd>{who.trim() === '' ? '書いていません' : who}</dd>
        </div>
      </dl>
    </div>
  );
}
