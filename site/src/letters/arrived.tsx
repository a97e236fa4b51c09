/** A letter has arrived: its number, when to look again, and the words once more. */
import { useId } from 'preact/hooks';
import { type CrisisKind, lookAgainSentence, readingSentence } from '../rules.ts';
import type { PostedLetter } from '../sealing.ts';
import { CheckWords } from './check-words.tsx';
import { Calls } from './crisis.tsx';
import { UNTIL_ANSWERED } from './crisis-texts.ts';
import type { KnownWords } from './kana.ts';
import { Notice, type ScreenProps, Title } from './parts.tsx';
import { Ruby } from './ruby.tsx';
import { Spell } from './show-words.tsx';

export function Arrived({
  config,
  say,
  posted: { conversation, reading },
  dangers,
  words,
  lexicon,
  onRead,
  onEnd,
}: ScreenProps & {
  readonly posted: PostedLetter;
  /** Whom to call is said where this is there, even if it is empty. */
  readonly dangers: readonly CrisisKind[] | undefined;
  /** Empty after a further letter: whoever wrote it has typed them. */
  readonly words: readonly string[];
  readonly lexicon: KnownWords;
  readonly onRead: () => void;
  readonly onEnd: () => void;
}) {
  const title = useId();
  return (
    <section class="letters__stack">
      <Title text={say.arrivedTitle} />
      <Notice>
        <p>
          <Ruby text={lookAgainSentence(reading)} />
        </p>
        <p>
          <Ruby text={readingSentence(reading)} />
        </p>
      </Notice>
      {dangers && (
        <section class="crisis__panel" aria-labelledby={title}>
          <h3 class="crisis__title" id={title}>
            <Ruby text={UNTIL_ANSWERED} />
          </h3>
          <Calls kinds={dangers} desk={config.desk} reading={reading} />
        </section>
      )}
      <dl class="letters__number">
        <dt>
          <Ruby text={say.number} />
        </dt>
        <dd>{conversation}</dd>
      </dl>
      <p class="note">
        <Ruby text={say.numberNote} />
      </p>
      {words.length > 0 && (
        <>
          <CheckWords config={config} say={say} words={words} lexicon={lexicon} />
          <details class="more">
            <summary>
              <Ruby text={say.wordsAgain} />
            </summary>
            <Spell words={words} />
          </details>
        </>
      )}
      <div class="actions">
        <button class="button" data-kind="second" type="button" onClick={onRead}>
          <Ruby text={say.toConversation} />
        </button>
        <button class="button" data-kind="plain" type="button" onClick={onEnd}>
          <Ruby text={say.end} />
        </button>
      </div>
    </section>
  );
}
