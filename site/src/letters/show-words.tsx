/** The six words of a new mailbox, large, before anything is sent (ふっかつのじゅもん). */
import { type ScreenProps, Title } from './parts.tsx';
import { Ruby } from './ruby.tsx';

export function Spell({ words }: { readonly words: readonly string[] }) {
  return (
    <ol class="letters__spell" role="list">
      {words.map((word, at) => (
        <li key={at}>
          <span class="letters__spell-number">{at + 1}</span>
          <span class="letters__spell-word">{word}</span>
        </li>
      ))}
    </ol>
  );
}

export function ShowWords({
  say,
  words,
  onSend,
  onBack,
}: ScreenProps & {
  readonly words: readonly string[];
  readonly onSend: () => void;
  readonly onBack: () => void;
}) {
  return (
    <section class="letters__stack">
      <Title text={say.wordsTitle} />
      <p>
        <Ruby text={say.wordsLead} />
      </p>
      <Spell words={words} />
      <div>
        <h3>
          <Ruby text={say.wordsKeep} />
        </h3>
        <ul class="letters__list">
          {say.wordsKeepList.map((text) => (
            <li key={text}>
              <Ruby text={text} />
            </li>
          ))}
        </ul>
      </div>
      <div class="actions">
        <button class="button" type="button" onClick={onSend}>
          <Ruby text={say.wordsSend} />
        </button>
        <button class="button" data-kind="plain" type="button" onClick={onBack}>
          <Ruby text={say.wordsBack} />
        </button>
      </div>
    </section>
  );
}
