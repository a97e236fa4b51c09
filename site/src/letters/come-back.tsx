/** Coming back: six words, typed with any keyboard, on the pad of the page, or pasted all at once. */
import { useId, useRef, useState } from 'preact/hooks';
import { withoutReadings } from '../rules.ts';
import { type KnownWords, placed, proposalsFor, type WordProblem, wordProblem } from './kana.ts';
import { KanaPad } from './kana-pad.tsx';
import type { Trouble } from './machine.ts';
import { Notice, type ScreenProps, Title, TroubleNotice, UNKEPT } from './parts.tsx';
import { Ruby } from './ruby.tsx';

export function ComeBack({
  config,
  say,
  slots,
  trouble,
  known,
  isHindered,
  onType,
  onOpen,
  onWrite,
  onBack,
}: ScreenProps & {
  /** What stands in the six places. */
  readonly slots: readonly string[];
  readonly trouble: Trouble | undefined;
  /** Absent until the list has come. */
  readonly known: KnownWords | undefined;
  /** It cannot be fetched now. */
  readonly isHindered: boolean;
  readonly onType: (slots: readonly string[]) => void;
  readonly onOpen: (words: readonly string[]) => void;
  readonly onWrite: () => void;
  readonly onBack: () => void;
}) {
  const [active, setActive] = useState(0);
  /** Places that were left: there, a word that is not finished is said to be so. */
  const [left, setLeft] = useState<ReadonlySet<number>>(new Set());
  const [hasPad, setHasPad] = useState(false);
  /** Pressed before the list was there. */
  const [isWaiting, setIsWaiting] = useState(false);
  const inputs = useRef<(HTMLInputElement | null)[]>([]);
  const id = useId();
  const isNotFound = trouble?.kind === 'not_found';
  const problems = slots.map((slot, at) => known && wordProblem(slot, left.has(at), known));
  const proposals = known ? proposalsFor(slots[active] ?? '', known) : [];

  const goTo = (at: number) => {
    const place = Math.min(at, slots.length - 1);
    setActive(place);
    inputs.current[place]?.focus({ preventScroll: hasPad });
  };
  // Not on blur: a sentence that appears would push the button away from under a thumb.
  const focus = (at: number) => {
    if (at !== active && slots[active] !== '') setLeft(new Set([...left, active]));
    setActive(at);
  };
  const type = (at: number, text: string) => {
    setLeft((before) => new Set([...before].filter((place) => place !== at)));
    onType(known ? placed(slots, at, text, known) : slots.map((s, i) => (i === at ? text : s)));
  };
  const take = (word: string) => {
    type(active, word);
    goTo(active + 1);
  };
  const open = (event?: Event) => {
    event?.preventDefault();
    setIsWaiting(!known);
    if (!known) return;
    const bad = slots.findIndex((slot) => !known.isWord(slot));
    setLeft(new Set(slots.keys()));
    if (bad === -1) onOpen(slots.map(known.readKana));
    else goTo(bad);
  };
  const onEnter = (event: KeyboardEvent, at: number) => {
    if (event.key !== 'Enter' || event.isComposing) return;
    event.preventDefault();
    const [only, another] = proposals;
    if (only !== undefined && another === undefined) take(only);
    else if (at < slots.length - 1) goTo(at + 1);
    else open();
  };

  const problem = (at: number) => (
    <p class="field__error" id={`${id}-${at}-problem`}>
      {problems[at] && <Ruby text={sentenceFor(problems[at], say)} />}
    </p>
  );

  return (
    <form class="letters__stack" onSubmit={open} {...UNKEPT} noValidate>
      <Title text={isNotFound ? say.notFound : say.openTitle} />
      <TroubleNotice config={config} say={say} trouble={trouble} />
      {isNotFound ? (
        <Notice kind="warm">
          <ul class="letters__list">
            {say.notFoundList.map((text) => (
              <li key={text}>
                <Ruby text={text} />
              </li>
            ))}
          </ul>
        </Notice>
      ) : (
        <p>
          <Ruby text={say.openLead} />
        </p>
      )}
      <ol class="letters__slots" role="list">
        {slots.map((slot, at) => (
          <li key={at} class="letters__slot" data-active={at === active}>
            <label class="letters__slot-label" for={`${id}-${at}`}>
              <span>
                {at + 1}
                <Ruby text={say.nthWord} />
              </span>
              {known?.isWord(slot) && (
                <span class="letters__right">
                  <span class="visually-hidden">{say.wordRight}</span>
                </span>
              )}
            </label>
            <input
              class="input letters__slot-input"
              id={`${id}-${at}`}
              ref={(input) => {
                inputs.current[at] = input;
              }}
              value={slot}
              inputMode={hasPad ? 'none' : 'text'}
              lang="ja"
              enterkeyhint="next"
              aria-invalid={problems[at] !== undefined}
              aria-describedby={`${id}-${at}-problem`}
              onFocus={() => focus(at)}
              onInput={({ currentTarget }) => type(at, currentTarget.value)}
              onKeyDown={(event) => onEnter(event, at)}
              {...UNKEPT}
            />
            {at === active && !hasPad && <Proposals words={proposals} onTake={take} />}
            {!(at === active && hasPad) && problem(at)}
          </li>
        ))}
      </ol>
      <p class="visually-hidden" role="status">
        {proposals.join('、')}
        <Ruby text={sentenceFor(problems[active], say)} />
      </p>
      <button
        class="button"
        data-kind="second"
        type="button"
        aria-expanded={hasPad}
        onClick={() => setHasPad(!hasPad)}
      >
        <Ruby text={hasPad ? say.padClose : say.pad} />
      </button>
      {hasPad && (
        <>
          {/* What comes and goes while one types has its place here: the keys stay under the thumb. */}
          <div class="letters__beside-pad">
            <Proposals words={proposals} onTake={take} />
            {problem(active)}
          </div>
          <KanaPad
            value={slots[active] ?? ''}
            label={`${active + 1}${withoutReadings(say.nthWord)}`}
            onChange={(value) => type(active, value)}
          />
        </>
      )}
      <p role="status" class="form-status">
        {!known && isWaiting && <Ruby text={isHindered ? say.notReady : say.preparing} />}
      </p>
      <div class="actions">
        <button class="button" type="submit" aria-disabled={!known}>
          <Ruby text={say.openPress} />
        </button>
        {isNotFound && (
          <button class="button" data-kind="second" type="button" onClick={onWrite}>
            <Ruby text={say.notFoundWrite} />
          </button>
        )}
        <button class="button" data-kind="plain" type="button" onClick={onBack}>
          <Ruby text={say.back} />
        </button>
      </div>
    </form>
  );
}

function Proposals({
  words,
  onTake,
}: {
  readonly words: readonly string[];
  readonly onTake: (word: string) => void;
}) {
  return (
    <>
      {words.map((word) => (
        <button
          key={word}
          class="button letters__proposal"
          data-kind="second"
          type="button"
          onPointerDown={(event) => event.preventDefault()}
          onClick={() => onTake(word)}
        >
          {word}
        </button>
      ))}
    </>
  );
}

function sentenceFor(problem: WordProblem | undefined, say: ScreenProps['say']): string {
  if (problem === 'not_kana') return say.wordNotKana;
  if (problem === 'unknown') return say.wordUnknown;
  return problem === 'unfinished' ? say.wordUnfinished : '';
}
