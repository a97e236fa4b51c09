/** Small things that every screen of the app uses: its heading, a telephone number, what went wrong. */
import type { ComponentChildren } from 'preact';
import { useEffect, useRef } from 'preact/hooks';
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

/** The heading of a screen; whoever cannot see the screen change is taken to it. */
export function Title({ text }: { readonly text: string }) {
  const heading = useRef<HTMLHeadingElement>(null);
  useEffect(() => {
    heading.current?.focus({ preventScroll: true });
    // From its very top, below the bar with the way out.
    heading.current?.closest('.letters')?.scrollIntoView({ block: 'start' });
  }, []);
  return (
    <h2 class="letters__title" tabIndex={-1} ref={heading}>
      <Ruby text={text} />
    </h2>
  );
}

export function Phone({ config, say }: ScreenProps) {
  return (
    <p class="phone">
      <span>
        <Ruby text={say.phone} />
      </span>
      <a class="phone__number" href={`tel:${config.phone}`}>
        {config.phone}
      </a>
    </p>
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
