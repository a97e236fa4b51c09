/**
 * What appears under a letter that speaks of danger: whom to call now, an offer to mark the letter as
 * urgent, a place to say where one is, and when somebody reads next. It never takes the focus, can be
 * closed, and sends nothing anywhere: what it finds stays in this component.
 */
import type { RefObject } from 'preact';
import { useEffect, useId, useRef, useState } from 'preact/hooks';
import {
  answersAt,
  type Contact,
  type CrisisKind,
  contacts,
  contactsFor,
  crisisIn,
  type LetterDesk,
  type ReadingTimes,
  readingSentence,
  type Urgency,
} from '../rules.ts';
import * as texts from './crisis-texts.ts';
import { Nudge } from './nudge.tsx';
import { Ruby } from './ruby.tsx';

/** 来てほしいとき: where, and who; both may be empty. Travels inside the seal. */
export interface Reach {
  readonly where: string;
  readonly who: string;
}

export interface CrisisProps {
  readonly desk: LetterDesk;
  /** What has been written so far. */
  readonly text: string;
  readonly urgency: Urgency;
  /** When somebody reads, by the server's clock; undefined while it is not known. */
  readonly reading: ReadingTimes | undefined;
  readonly reach: Reach;
  readonly onUrgent: () => void;
  readonly onReach: (reach: Reach) => void;
}

/** Always mount it beside the text: while there is nothing to say it shows nothing. */
export function Crisis(props: CrisisProps) {
  const { desk, text, urgency, reading, reach, onUrgent, onReach } = props;
  const found = crisisIn(text, desk).kinds;
  // What was once found stays: a panel that comes and goes with each letter typed would be in the way.
  const [seen, setSeen] = useState<readonly CrisisKind[]>([]);
  const [closedAt, setClosedAt] = useState(0);
  const title = useId();
  const calls = useRef<HTMLHeadingElement>(null);

  const kinds = text.trim() === '' ? [] : [...new Set([...seen, ...found])];
  if (kinds.length !== seen.length) setSeen(kinds);
  const isUrgent = urgency === 'now';
  const isShown = kinds.length > 0;
  const isClosed = isShown && kinds.length <= closedAt;

  // What is pressed here goes away with its focus, which is then handed on to what came in its place.
  const next = useRef<'urgent' | 'again' | 'calls' | undefined>(undefined);
  const urgent = useRef<HTMLParagraphElement>(null);
  const again = useRef<HTMLButtonElement>(null);
  useEffect(() => {
    const place = { urgent, again, calls }[next.current ?? 'calls'].current;
    if (next.current) place?.focus();
    next.current = undefined;
  });
  const goToCalls = () => {
    calls.current?.scrollIntoView({ block: 'start' });
    calls.current?.focus({ preventScroll: true });
  };

  return (
    <div class="crisis">
      <p class="visually-hidden" role="status">
        {isShown && !isClosed && <Ruby text={texts.APPEARED} />}
      </p>
      {isClosed && (
        <button
          class="crisis__again"
          type="button"
          ref={again}
          onClick={() => {
            next.current = 'calls';
            setClosedAt(0);
          }}
        >
          <Ruby text={texts.REOPEN} />
        </button>
      )}
      {isShown && !isClosed && <Nudge place={calls} onPress={goToCalls} />}
      {isShown && !isClosed && (
        <section class="crisis__panel" aria-labelledby={title}>
          <h3 class="crisis__title" id={title}>
            <Ruby text={texts.HEADING[desk]} />
          </h3>
          <p>
            <Ruby text={openingFor(kinds, desk)} />
          </p>
          <Calls kinds={kinds} desk={desk} reading={reading} heading={calls} />
          {isUrgent ? (
            <p class="crisis__urgent" tabIndex={-1} ref={urgent}>
              <Ruby text={texts.IS_URGENT} />
            </p>
          ) : (
            <p class="crisis__offer">
              <button
                class="button"
                data-kind="second"
                type="button"
                onClick={() => {
                  next.current = 'urgent';
                  onUrgent();
                }}
              >
                <Ruby text={texts.URGENT_OFFER} />
              </button>
              <span class="note">
                <Ruby text={texts.URGENT_NOTE} />
              </span>
            </p>
          )}
          <NextReading reading={reading} />
          <WhereAndWho isOpen={isUrgent} reach={reach} onReach={onReach} />
          <button
            class="button crisis__close"
            data-kind="plain"
            type="button"
            onClick={() => {
              next.current = 'again';
              setClosedAt(kinds.length);
            }}
          >
            <Ruby text={texts.CLOSE} />
          </button>
        </section>
      )}
      {isUrgent && (!isShown || isClosed) && (
        <div class="crisis__panel">
          <NextReading reading={reading} />
          <WhereAndWho isOpen={isUrgent} reach={reach} onReach={onReach} />
        </div>
      )}
    </div>
  );
}

function openingFor(kinds: readonly CrisisKind[], desk: LetterDesk): string {
  const first = kinds.find((kind) => texts.OPENING[desk][kind] !== undefined);
  return (first && texts.OPENING[desk][first]) ?? texts.OPENING_FOR_ALL[desk];
}

/** Who answers now. Without the server's clock: everybody, with their hours. */
export function Calls(props: {
  readonly kinds: readonly CrisisKind[];
  readonly desk: LetterDesk;
  readonly reading: ReadingTimes | undefined;
  /** For whoever is to be taken there. */
  readonly heading?: RefObject<HTMLHeadingElement | null>;
}) {
  const { kinds, desk, reading, heading } = props;
  const all: Contact[] = contactsFor(kinds, desk).map((id) => contacts[id]);
  const now = reading && new Date(reading.now);
  const shown = all.filter((contact) => !now || answersAt(contact, now, reading.isOpen));
  return (
    <>
      <h4 class="crisis__calls-title" tabIndex={-1} {...(heading && { ref: heading })}>
        <Ruby text={texts.CALLS_TITLE} />
      </h4>
      <ul class="crisis__calls" role="list">
        {shown.map(({ tel, name, when }) => (
          <li key={tel}>
            <a class="crisis__call" href={`tel:${tel}`}>
              <span class="crisis__number">{tel}</span>
              <span class="crisis__name">
                <Ruby text={name} />{' '}
                <span class="crisis__when">
                  <Ruby text={when} />
                </span>
              </span>
            </a>
          </li>
        ))}
      </ul>
      <p class="crisis__life">
        <Ruby text={texts.LIFE} />{' '}
        {[contacts.police, contacts.ambulance].map(({ tel, name }) => (
          <a key={tel} href={`tel:${tel}`}>
            {tel}（<Ruby text={name} />）
          </a>
        ))}
      </p>
    </>
  );
}

function NextReading({ reading }: { readonly reading: ReadingTimes | undefined }) {
  if (!reading) return null;
  return (
    <p class="crisis__next">
      <Ruby text={readingSentence(reading)} />
    </p>
  );
}

/** Folded until it is wanted, or the letter is urgent. */
function WhereAndWho(props: {
  readonly isOpen: boolean;
  readonly reach: Reach;
  readonly onReach: (reach: Reach) => void;
}) {
  const { isOpen, reach, onReach } = props;
  const id = useId();
  const field = (name: keyof Reach, label: string, maxLength: number) => (
    <>
      <label class="field__label" for={`${id}-${name}`}>
        <Ruby text={label} />
      </label>
      <input
        class="input"
        id={`${id}-${name}`}
        aria-describedby={`${id}-note`}
        autocomplete="off"
        autocapitalize="off"
        autocorrect="off"
        spellcheck={false}
        maxLength={maxLength}
        value={reach[name]}
        onInput={({ currentTarget }) => onReach({ ...reach, [name]: currentTarget.value })}
      />
    </>
  );
  return (
    <details class="more crisis__reach" open={isOpen || reach.where !== '' || reach.who !== ''}>
      <summary>
        <Ruby text={texts.REACH_TITLE} />
      </summary>
      <p class="field__support" id={`${id}-note`}>
        <Ruby text={texts.REACH_NOTE} />
      </p>
      <div class="crisis__fields">
        {field('where', texts.REACH_WHERE, 500)}
        {field('who', texts.REACH_WHO, 200)}
      </div>
    </details>
  );
}
