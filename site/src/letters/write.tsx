/** Writing a letter, the first or a further one. Nothing is needed but its text. */
import { useEffect, useId, useRef, useState } from 'preact/hooks';
import {
  ageBandsOf,
  LONGEST_LETTER,
  readEmailAddress,
  readingSentence,
  topicsOf,
  urgencies,
} from '../rules.ts';
import { Chips } from './chips.tsx';
import { Crisis } from './crisis.tsx';
import { Line, Switch, Wish } from './lines.tsx';
import type { Draft, State } from './machine.ts';
import { type ScreenProps, Title, TroubleNotice, UNKEPT } from './parts.tsx';
import { PhotoPicker } from './photo-picker.tsx';
import { Ruby } from './ruby.tsx';

type Problem = 'text' | 'quotes' | 'notice';

/** 相談番号 as it is read aloud; '' for none, undefined when it is something else. */
function readNumber(text: string): string | undefined {
  const letters = text
    .normalize('NFKC')
    .toUpperCase()
    .replace(/[\s\-‐－ー]/g, '');
  if (letters === '') return '';
  const parts = /^([2-9A-HJ-NP-Z]{4})([2-9A-HJ-NP-Z]{4})([2-9A-HJ-NP-Z]{2})$/.exec(letters);
  return parts ? parts.slice(1).join('-') : undefined;
}

export function Write({
  config,
  say,
  state,
  isReady,
  isHindered,
  onType,
  onFinish,
  onBack,
}: ScreenProps & {
  readonly state: State;
  /** The words are drawn, and the code that seals is here. */
  readonly isReady: boolean;
  /** It cannot be fetched now; what the page says of it stands far above the button. */
  readonly isHindered: boolean;
  readonly onType: (changes: Partial<Draft>) => void;
  /** @param draft as it is to be sent, which may be tidier than what was typed */
  readonly onFinish: (draft: Draft) => void;
  readonly onBack: () => void;
}) {
  const { draft, reading, trouble, conversation } = state;
  const [problem, setProblem] = useState<Problem | undefined>();
  const [isWaiting, setIsWaiting] = useState(false);
  /** A letter does not leave without the photos that were chosen for it. */
  const [hasPhotosComing, setHasPhotosComing] = useState(false);
  const isAllHere = isReady && !hasPhotosComing;
  // Photos are made ready one after the other: each is added to what is there by then.
  const photosNow = useRef(draft.photos);
  photosNow.current = draft.photos;
  const form = useRef<HTMLFormElement>(null);
  const id = useId();
  const isFirst = conversation === undefined;
  const tooMany = draft.text.trim().length - LONGEST_LETTER;

  const complain = (what: Problem) => {
    setProblem(what);
    const field = form.current?.querySelector<HTMLElement>(`[name="${what}"]`);
    field?.closest('details')?.setAttribute('open', '');
    field?.focus();
  };
  /** What was complained of is being mended: the complaint goes, and comes back if it must. */
  const mend = (changes: Partial<Draft>) => {
    setProblem(undefined);
    onType(changes);
  };
  const finish = (event: Event) => {
    event.preventDefault();
    setProblem(undefined);
    const quotes = readNumber(draft.quotes);
    const notice = draft.notice.trim() === '' ? '' : readEmailAddress(draft.notice);
    if (draft.text.trim() === '' || tooMany > 0) return complain('text');
    if (quotes === undefined) return complain('quotes');
    if (notice === undefined) return complain('notice');
    onType({ quotes, notice });
    if (isAllHere) onFinish({ ...draft, quotes, notice });
    else setIsWaiting(true);
  };

  // Pressed before everything was here: it goes on by itself.
  useEffect(() => {
    if (isAllHere && isWaiting) onFinish(draft);
  }, [isAllHere, isWaiting, onFinish, draft]);

  return (
    <form class="letters__form" ref={form} onSubmit={finish} {...UNKEPT} noValidate>
      <Title text={isFirst ? say.writeTitle : say.writeOnTitle} />
      <TroubleNotice config={config} say={say} trouble={trouble} />
      {reading && (
        <p class="note">
          <Ruby text={readingSentence(reading)} />
        </p>
      )}
      <div class="field">
        <label class="field__label" for={`${id}-text`}>
          <Ruby text={say.text} />
        </label>
        <p class="field__support" id={`${id}-note`}>
          <Ruby text={say.textNote} />
        </p>
        <textarea
          class="textarea letters__text"
          id={`${id}-text`}
          name="text"
          rows={5}
          value={draft.text}
          aria-describedby={`${id}-note ${id}-problem`}
          aria-invalid={problem === 'text'}
          onInput={({ currentTarget }) => onType({ text: currentTarget.value })}
          {...UNKEPT}
        />
        <p class="field__error" id={`${id}-problem`} role="alert">
          {problem === 'text' && draft.text.trim() === '' && <Ruby text={say.textMissing} />}
          {tooMany > 0 && (
            <>
              <Ruby text={say.tooLong} /> <Ruby text={say.tooLongBy} />
              {tooMany}
            </>
          )}
        </p>
        <Crisis
          desk={config.desk}
          text={draft.text}
          urgency={draft.urgency}
          reading={reading}
          reach={draft.reach}
          onUrgent={() => onType({ urgency: 'now' })}
          onReach={(reach) => onType({ reach })}
        />
      </div>
      {isFirst && (
        <>
          <p class="note">
            <Ruby text={say.envelope} />
          </p>
          <Chips
            legend={say.topic}
            name="topic"
            choices={topicsOf[config.desk]}
            none={say.topicNone}
            chosen={draft.topic}
            onChoose={(topic) => onType({ topic })}
          />
          <Chips
            legend={say.age}
            name="ageBand"
            choices={ageBandsOf[config.desk]}
            none={say.topicNone}
            chosen={draft.ageBand}
            onChoose={(ageBand) => onType({ ageBand })}
          />
        </>
      )}
      <Chips
        legend={say.urgency}
        name="urgency"
        choices={urgencies}
        chosen={draft.urgency}
        onChoose={(urgency) => onType({ urgency: urgency ?? 'soon' })}
      />
      <details class="more">
        <summary>
          <Ruby text={say.photos} />
        </summary>
        <div class="letters__more">
          <PhotoPicker
            photos={draft.photos}
            onAdd={(photo) => onType({ photos: [...photosNow.current, photo] })}
            onRemove={(key) => onType({ photos: draft.photos.filter((each) => each.key !== key) })}
            onComing={setHasPhotosComing}
            onFault={() => setIsWaiting(false)}
            Text={Ruby}
          />
        </div>
      </details>
      <details class="more">
        <summary>
          <Ruby text={say.more} />
        </summary>
        <div class="letters__more">
          <Switch
            label={say.closed}
            note={say.closedNote}
            isOn={draft.isClosed}
            onSwitch={(isClosed) => onType({ isClosed })}
          />
          {isFirst && (
            <Line
              label={say.quotes}
              note={say.quotesNote}
              problem={problem === 'quotes' ? say.quotesWrong : ''}
              name="quotes"
              keyboard="text"
              value={draft.quotes}
              onType={(quotes) => mend({ quotes })}
            />
          )}
          <Wish
            label={say.notice}
            note={say.noticeNote}
            isOnFirst={draft.notice !== ''}
            onOff={() => onType({ notice: '' })}
          >
            <Line
              label={say.noticeAddress}
              problem={problem === 'notice' ? say.noticeWrong : ''}
              name="notice"
              keyboard="email"
              value={draft.notice}
              onType={(notice) => mend({ notice })}
            />
          </Wish>
        </div>
      </details>
      <p role="status" class="form-status">
        {isWaiting && !isAllHere && <Ruby text={isHindered ? say.notReady : say.preparing} />}
      </p>
      <div class="actions">
        <button class="button" type="submit" aria-disabled={isWaiting && !isAllHere}>
          <Ruby text={isFirst ? say.toWords : say.sendNow} />
        </button>
        <button class="button" data-kind="plain" type="button" onClick={onBack}>
          <Ruby text={say.back} />
        </button>
      </div>
    </form>
  );
}
