/**
 * The letters of /teens and /letters: one screen at a time, drawn from the state of the machine. What seals
 * is loaded when somebody goes through a door, and everything is dropped when they leave.
 */
import { render } from 'preact';
import { useEffect, useReducer, useRef, useState } from 'preact/hooks';
import { crisisIn, LIST_NOT_BELIEVED } from '../rules.ts';
import { Arrived } from './arrived.tsx';
import { ComeBack } from './come-back.tsx';
import { type LettersConfig, readConfig } from './config.ts';
import { ConversationScreen } from './conversation.tsx';
import { Doors } from './doors.tsx';
import type { Errands } from './errands.ts';
import { Hidden, Hide } from './hide.tsx';
import { loadErrands, PageOutdated } from './load.ts';
import { BEGINNING, type Draft, next } from './machine.ts';
import { Notice, Phone, Title } from './parts.tsx';
import { Ruby } from './ruby.tsx';
import { Sending } from './sending.tsx';
import { sentencesFor } from './sentences.ts';
import { ShowWords } from './show-words.tsx';
import { Write } from './write.tsx';

/** Seconds until the code that seals is asked for again. */
const LOAD_AGAIN = 5;

function Letters({ config }: { readonly config: LettersConfig }) {
  const [state, dispatch] = useReducer(next, BEGINNING);
  const [errands, setErrands] = useState<Errands | undefined>();
  const [hindrance, setHindrance] = useState<'no_network' | 'outdated' | undefined>();
  const say = sentencesFor(config.desk);
  const { step, draft, words, slots, keys, reading, trouble, posted, conversation } = state;
  const isFirst = conversation === undefined;
  const isInside = step !== 'doors' && step !== 'hidden';

  const hasBeenInside = useRef(false);
  if (isInside) hasBeenInside.current = true;

  // The code that seals comes with the first step through a door, and what it holds goes with the last.
  useEffect(() => {
    if (!isInside) return;
    let mine: Errands | undefined;
    let timer: ReturnType<typeof setTimeout> | undefined;
    let isOver = false;
    const load = async () => {
      try {
        const makeErrands = await loadErrands();
        if (isOver) return;
        mine = makeErrands(config, dispatch);
        setErrands(mine);
        setHindrance(undefined);
      } catch (error) {
        if (isOver) return;
        setHindrance(error instanceof PageOutdated ? 'outdated' : 'no_network');
        timer = setTimeout(load, LOAD_AGAIN * 1_000);
      }
    };
    void load();
    return () => {
      isOver = true;
      setHindrance(undefined);
      clearTimeout(timer);
      mine?.forget();
      setErrands(undefined);
    };
  }, [isInside, config]);

  useEffect(() => {
    if (step === 'writing') errands?.prepare(isFirst);
    if (step === 'typing_words') errands?.prepare(false);
  }, [errands, step, isFirst]);

  const screen = { config, say };
  const end = () => dispatch({ is: 'end' });
  const back = () => dispatch({ is: 'back' });
  const send = (letter: Draft) => {
    const { kinds } = crisisIn(letter.text, config.desk);
    const isAlarming = kinds.length > 0 || letter.urgency === 'now';
    dispatch({ is: 'sent', dangers: isAlarming ? kinds : undefined });
    void errands?.send(letter, conversation);
  };
  const finish = (letter: Draft) => (isFirst ? dispatch({ is: 'finished' }) : send(letter));
  const open = (typed: readonly string[]) => {
    dispatch({ is: 'opening' });
    void errands?.open(typed);
  };
  const look = () => {
    dispatch({ is: 'opening' });
    void errands?.look(conversation);
  };

  if (!config.pinned) {
    return (
      <Notice>
        <p>
          <Ruby text={say.notTaken} />
        </p>
        <Phone {...screen} />
      </Notice>
    );
  }
  if (isInside && keys === 'not_believed') {
    return (
      <section class="letters__stack">
        <Title text={say.notBelievedTitle} />
        <Notice kind="alert">
          <p>
            <Ruby text={LIST_NOT_BELIEVED} />
          </p>
          <Phone {...screen} />
        </Notice>
        {draft.text !== '' && <p class="letters__body">{draft.text}</p>}
        <div class="actions">
          <button class="button" data-kind="second" type="button" onClick={end}>
            <Ruby text={say.end} />
          </button>
        </div>
      </section>
    );
  }
  return (
    <>
      {isInside && keys === 'for_practice' && (
        <p class="letters__practice">
          <Ruby text={say.forPractice} />
        </p>
      )}
      {isInside && hindrance && (
        <Notice kind="warm">
          <p role="alert">
            <Ruby text={hindrance === 'outdated' ? say.outdated : say.notLoaded} />
          </p>
          {hindrance === 'outdated' && (
            <button
              class="button"
              data-kind="second"
              type="button"
              onClick={() => location.reload()}
            >
              <Ruby text={say.loadAnew} />
            </button>
          )}
          <Phone {...screen} />
        </Notice>
      )}
      {step === 'doors' && (
        <Doors
          {...screen}
          isBack={hasBeenInside.current}
          onWrite={() => dispatch({ is: 'write' })}
          onRead={() => dispatch({ is: 'come_back' })}
        />
      )}
      {step === 'writing' && (
        <Write
          {...screen}
          state={state}
          isReady={errands !== undefined && (!isFirst || words.length > 0)}
          isHindered={hindrance !== undefined}
          onType={(changes) => dispatch({ is: 'typed', changes })}
          onFinish={finish}
          onBack={back}
        />
      )}
      {step === 'showing_words' && (
        <ShowWords {...screen} words={words} onSend={() => send(draft)} onBack={back} />
      )}
      {step === 'sending' && (
        <Sending
          {...screen}
          text={draft.text}
          uploaded={state.uploaded}
          trouble={trouble}
          onTryNow={() => errands?.tryNow()}
        />
      )}
      {step === 'arrived' && posted && errands && (
        <Arrived
          {...screen}
          posted={posted}
          dangers={state.dangers}
          words={isFirst ? words : []}
          lexicon={errands.lexicon}
          onRead={look}
          onEnd={end}
        />
      )}
      {step === 'typing_words' && (
        <ComeBack
          {...screen}
          slots={slots}
          trouble={trouble}
          known={errands?.lexicon}
          isHindered={hindrance !== undefined}
          onType={(typed) => dispatch({ is: 'slots', slots: typed })}
          onOpen={open}
          onWrite={() => dispatch({ is: 'write' })}
          onBack={back}
        />
      )}
      {step === 'opening' && (
        <section class="letters__stack">
          <Title text={say.openingTitle} />
          <p role="status">
            <Ruby text={trouble?.kind === 'no_answer' ? say.noAnswerReading : say.opening} />
          </p>
          {trouble?.kind === 'no_answer' && <Phone {...screen} />}
          <div class="actions">
            {conversation && (
              <button class="button" data-kind="second" type="button" onClick={back}>
                <Ruby text={say.back} />
              </button>
            )}
            <button class="button" data-kind="plain" type="button" onClick={end}>
              <Ruby text={say.end} />
            </button>
          </div>
        </section>
      )}
      {step === 'conversation' && conversation && (
        <ConversationScreen
          {...screen}
          conversation={conversation}
          trouble={trouble}
          now={reading ? new Date(reading.now) : new Date()}
          onWrite={() => dispatch({ is: 'write' })}
          onLook={look}
          onOlder={() => void errands?.showOlder(conversation)}
          onPicture={(attachment) =>
            errands ? errands.fetchPicture(conversation, attachment) : Promise.resolve([])
          }
          onHelped={(helped) => void errands?.sayWhetherHelped(conversation, helped)}
          onHide={() => dispatch({ is: 'hide' })}
          onEnd={end}
        />
      )}
      {step === 'hiding' && conversation && (
        <Hide
          {...screen}
          trouble={trouble}
          onHide={() => void errands?.hide(conversation)}
          onBack={() => {
            errands?.keep();
            back();
          }}
        />
      )}
      {step === 'hidden' && <Hidden {...screen} onEnd={end} />}
    </>
  );
}

const place = document.querySelector<HTMLElement>('#letters');
if (place) {
  place.replaceChildren();
  render(<Letters config={readConfig(place)} />, place);
  addEventListener('hidamari:leave', () => render(null, place));
}
