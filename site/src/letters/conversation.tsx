/** The whole conversation: who wrote what when, what is wrong with it, and what can be done from here. */
import { conversationFaultSentence, letterFaultSentence, momentSince } from '../rules.ts';
import type { Attachment } from '../sealing.ts';
import type { Trouble } from './machine.ts';
import type { OpenConversation, ShownLetter } from './open-mailbox.ts';
import { Notice, Phone, type ScreenProps, Title, TroubleNotice } from './parts.tsx';
import { PictureView } from './picture-view.tsx';
import { Ruby } from './ruby.tsx';

type FetchPicture = (attachment: Attachment) => Promise<readonly (Uint8Array | undefined)[]>;

export function ConversationScreen({
  config,
  say,
  conversation,
  trouble,
  now,
  onWrite,
  onLook,
  onOlder,
  onPicture,
  onHelped,
  onHide,
  onEnd,
}: ScreenProps & {
  readonly conversation: OpenConversation;
  readonly trouble: Trouble | undefined;
  /** By the server's clock, as it was known last. */
  readonly now: Date;
  readonly onWrite: () => void;
  readonly onLook: () => void;
  readonly onOlder: () => void;
  readonly onPicture: FetchPicture;
  readonly onHelped: (helped: 'yes' | 'no') => void;
  readonly onHide: () => void;
  readonly onEnd: () => void;
}) {
  const { letters, faults, from, counts, helped } = conversation;
  const isOdd = faults.length > 0 || letters.some(({ fault }) => fault !== undefined);
  // An answer that could not be opened cannot have helped.
  const isAnswerRead = letters.some(({ direction, content }) => direction === 'out' && content);
  return (
    <section class="letters__stack">
      <Title text={say.conversationTitle} />
      <TroubleNotice config={config} say={say} trouble={trouble} />
      <p role="status" class="form-status">
        {trouble?.kind === 'no_answer' && <Ruby text={say.noAnswerReading} />}
      </p>
      {isOdd && (
        <Notice kind="alert">
          <p class="notice__title">
            <Ruby text={say.odd} />
          </p>
          <ul class="letters__list">
            {faults.map((fault) => (
              <li key={`${fault.fault}${fault.direction}${fault.number}`}>
                <Ruby text={conversationFaultSentence(fault)} />
              </li>
            ))}
          </ul>
          <p>
            <Ruby text={say.oddCall} />
          </p>
          <Phone config={config} say={say} />
        </Notice>
      )}
      {(from.in > 1 || from.out > 1) && (
        <div class="actions">
          <button class="button" data-kind="second" type="button" onClick={onOlder}>
            <Ruby text={say.older} />
          </button>
        </div>
      )}
      <ol class="letters__conversation" role="list">
        {letters.map((letter) => (
          <li key={`${letter.direction}${letter.number}`}>
            <Letter
              say={say}
              letter={letter}
              conversation={conversation}
              now={now}
              onPicture={onPicture}
            />
          </li>
        ))}
      </ol>
      {counts.out === 0 && (
        <p>
          <Ruby text={say.noReply} />
        </p>
      )}
      {isAnswerRead && (
        <fieldset class="letters__helped">
          <legend class="field__legend">
            <Ruby text={say.helpedAsk} />
          </legend>
          <div class="actions">
            {(['yes', 'no'] as const).map((value) => (
              <button
                key={value}
                class="button"
                data-kind="second"
                type="button"
                aria-pressed={helped === value}
                onClick={() => onHelped(value)}
              >
                <Ruby text={value === 'yes' ? say.helpedYes : say.helpedNo} />
              </button>
            ))}
          </div>
          <p role="status" class="form-status">
            {helped && <Ruby text={say.helpedThanks} />}
          </p>
        </fieldset>
      )}
      <div class="actions">
        <button class="button" type="button" onClick={onWrite}>
          <Ruby text={say.writeOn} />
        </button>
        <button class="button" data-kind="second" type="button" onClick={onLook}>
          <Ruby text={say.look} />
        </button>
      </div>
      <p class="note">
        <Ruby text={say.withheld} />
      </p>
      <div class="actions">
        <button class="button" data-kind="plain" type="button" onClick={onEnd}>
          <Ruby text={say.end} />
        </button>
        <button class="button" data-kind="plain" type="button" onClick={onHide}>
          <Ruby text={say.hide} />
        </button>
      </div>
    </section>
  );
}

function Letter({
  say,
  letter,
  conversation: { readThrough, unopenable, mailbox },
  now,
  onPicture,
}: {
  readonly say: ScreenProps['say'];
  readonly letter: ShownLetter;
  readonly conversation: OpenConversation;
  readonly now: Date;
  readonly onPicture: FetchPicture;
}) {
  const { direction, number, at } = letter;
  const isOwn = direction === 'in';
  const isUnopenable = isOwn && unopenable.includes(number);
  return (
    <article class="letters__letter" data-from={isOwn ? 'me' : 'desk'}>
      <h3 class="letters__from">
        <Ruby text={isOwn ? say.me : say.fromDesk} />
      </h3>
      <p class="letters__when">
        <time dateTime={at}>
          <Ruby text={momentSince(now, new Date(at))} />
        </time>
      </p>
      <Body say={say} letter={letter} identities={[mailbox.identity]} onPicture={onPicture} />
      {isUnopenable && (
        <p class="letters__mark" data-kind="alert">
          <Ruby text={say.unopenable} />
        </p>
      )}
      {isOwn && !isUnopenable && (
        <p class="letters__mark">
          <Ruby text={number <= readThrough ? say.read : say.notRead} />
        </p>
      )}
    </article>
  );
}

/** Words of a letter, only where it is certain whose they are. */
function Body({
  say,
  letter,
  identities,
  onPicture,
}: {
  readonly say: ScreenProps['say'];
  readonly letter: ShownLetter;
  readonly identities: readonly string[];
  readonly onPicture: FetchPicture;
}) {
  const { content, fault, closed } = letter;
  if (closed) {
    return (
      <p class="letters__mark">
        <Ruby text={say.closedLetter} />
      </p>
    );
  }
  if (fault || !content) {
    return (
      <p class="letters__mark" data-kind="alert">
        <Ruby text={letterFaultSentence[fault ?? 'malformed']} />
      </p>
    );
  }
  const reach = content.direction === 'in' ? content.reach : undefined;
  return (
    <>
      <p class="letters__body">{content.text}</p>
      {content.attachments.length > 0 && (
        <ul
          class="letter__pictures"
          role="list"
          aria-label={`写真 ${content.attachments.length}枚`}
        >
          {content.attachments.map((attachment, at) => (
            <li key={attachment.id}>
              <PictureView
                attachment={attachment}
                nth={at + 1}
                identities={identities}
                fetchParts={onPicture}
                Text={Ruby}
              />
            </li>
          ))}
        </ul>
      )}
      {reach && (
        <p class="letters__body">
          <strong>
            <Ruby text={say.urgentReach} />
          </strong>
          ：{[reach.where, reach.who].filter(Boolean).join('・')}
        </p>
      )}
    </>
  );
}
