/** Small things that every screen of the app uses: its heading, a telephone number, what went wrong. */
import type { ComponentChildren } from 'preact';
import { useEffect, useRef } from 'preact/hooks';
import { contacts } from '../rules.ts';
import type { LettersConfig } from './config.ts';
import type { Trouble } from './machine.ts';
import { Ruby } from './ruby.tsx';
import type { Sentences } from './sentences.ts';

/** What every screen is given. */
export interface ScreenProps {
  readonly config: LettersConfig;
  readonly say: Sentences;
}

/** What a browser or a keyboard might keep or look up is switched off. */
export const UNKEPT = {
  autocomplete: 'off',
  autocorrect: 'off',
  autocapitalize: 'off',
  spellcheck: false,
} as const;

/** Takes the focus to where a screen begins, and shows the screen from its very top, below the way out. */
export function arriveAt(place: HTMLElement | null): void {
  place?.focus({ preventScroll: true });
  place?.closest('.letters')?.scrollIntoView({ block: 'start' });
}

/** The heading of a screen; whoever cannot see the screen change is taken to it. */
export function Title({ text }: { readonly text: string }) {
  const heading = useRef<HTMLHeadingElement>(null);
  useEffect(() => arriveAt(heading.current), []);
  return (
    <h2 class="letters__title" tabIndex={-1} ref={heading}>
      <Ruby text={text} />
    </h2>
  );
}

/** The desk's own number with its hours; it may be closed for days, so a young person is given one that never is. */
export function Phone({ config, say }: ScreenProps) {
  const { teens, consultation, kodomoSos } = contacts;
  const line = (name: string, tel: string, when: string) => (
    <p class="phone">
      <span>
        <Ruby text={name} />
      </span>
      <a class="phone__number" href={`tel:${tel}`}>
        {tel}
      </a>
      <span class="note">
        <Ruby text={when} />
      </span>
    </p>
  );
  if (config.desk === 'general') return line(say.phone, config.phone, consultation.when);
  return (
    <div>
      {line(say.phone, config.phone, teens.when)}
      {line(kodomoSos.name, kodomoSos.tel, kodomoSos.when)}
    </div>
  );
}

export function Notice({
  kind = 'calm',
  children,
}: {
  readonly kind?: 'calm' | 'warm' | 'alert';
  readonly children: ComponentChildren;
}) {
  return (
    <div class="notice" data-kind={kind}>
      {children}
    </div>
  );
}

/** What went wrong with sending or opening, and what can be done. Says nothing of what mends itself. */
export function TroubleNotice({
  config,
  say,
  trouble,
}: ScreenProps & { readonly trouble: Trouble | undefined }) {
  if (!trouble || trouble.kind === 'no_answer' || trouble.kind === 'not_found') return null;
  const needsPhone = trouble.kind === 'refused' || trouble.kind === 'failed';
  return (
    <Notice kind="warm">
      <p>
        {trouble.kind === 'refused' && (
          <>
            <Ruby text={say.refused} />
            {trouble.sentence}
          </>
        )}
        {trouble.kind === 'overtaken' && <Ruby text={say.overtaken} />}
        {trouble.kind === 'too_long' && <Ruby text={say.tooLong} />}
        {trouble.kind === 'failed' && <Ruby text={say.failed} />}
      </p>
      {needsPhone && <Phone config={config} say={say} />}
    </Notice>
  );
}
