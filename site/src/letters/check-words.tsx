/** An offer, after the letter has arrived: two of the six words, to see whether they were copied rightly. */
import { useId, useState } from 'preact/hooks';
import type { KnownWords } from './kana.ts';
import { type ScreenProps, UNKEPT } from './parts.tsx';
import { Ruby } from './ruby.tsx';

/** Two different places of six; chance need not be secret here. */
function twoPlaces(): readonly [number, number] {
  const first = Math.floor(Math.random() * 6);
  const second = (first + 1 + Math.floor(Math.random() * 5)) % 6;
  return first < second ? [first, second] : [second, first];
}

export function CheckWords({
  say,
  words,
  lexicon,
}: ScreenProps & { readonly words: readonly string[]; readonly lexicon: KnownWords }) {
  const [places] = useState(twoPlaces);
  const [typed, setTyped] = useState<readonly [string, string]>(['', '']);
  const [wrong, setWrong] = useState<readonly number[] | undefined>();
  const id = useId();
  const check = (event: Event) => {
    event.preventDefault();
    setWrong(places.filter((place, at) => lexicon.readKana(typed[at] ?? '') !== words[place]));
  };
  return (
    <details class="more">
      <summary>
        <Ruby text={say.checkTitle} />
      </summary>
      <form class="letters__stack" onSubmit={check} {...UNKEPT} noValidate>
        <p class="note">
          <Ruby text={say.checkNote} />
        </p>
        {places.map((place, at) => (
          <div class="field" key={place}>
            <label class="field__label" for={`${id}-${at}`}>
              {place + 1}
              <Ruby text={say.nthWord} />
            </label>
            <input
              class="input"
              id={`${id}-${at}`}
              value={typed[at] ?? ''}
              onInput={({ currentTarget: { value } }) =>
                setTyped(at === 0 ? [value, typed[1]] : [typed[0], value])
              }
              {...UNKEPT}
            />
          </div>
        ))}
        <div class="actions">
          <button class="button" data-kind="second" type="submit">
            <Ruby text={say.checkPress} />
          </button>
        </div>
        <p role="status" class="form-status">
          {wrong?.length === 0 && <Ruby text={say.checkRight} />}
          {wrong !== undefined && wrong.length > 0 && (
            <>
              <Ruby text={say.checkWrong} />
              {wrong.map((place) => (
                <span class="letters__copied" key={place}>
                  {place + 1}
                  <Ruby text={say.nthWord} />：<strong>{words[place]}</strong>
                </span>
              ))}
            </>
          )}
        </p>
      </form>
    </details>
  );
}
