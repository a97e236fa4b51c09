/** 申し込み at the desk: one box to find them by, what was found, and one of them or a new one beside. */
import { useCallback, useEffect, useRef, useState } from 'preact/hooks';
import { phoneNumberName, type SearchHits } from '../rules.ts';
import { LoggedOutError, RefusedError } from './api.ts';
import { ApplicationDetail } from './application-detail.tsx';
import { searchApplications } from './applications-api.ts';
import { EntryForm } from './entry-form.tsx';
import type { ScreenProps } from './sections.tsx';

const NEW = 'new';

export function ApplicationsScreen({ session, rest, onGo, onLoggedOut }: ScreenProps) {
  const [text, setText] = useState('');
  const [found, setFound] = useState<SearchHits | undefined>();
  const [sentence, setSentence] = useState('');
  const field = useRef<HTMLInputElement>(null);
  const list = useRef<HTMLDivElement>(null);
  const [where, courseId = ''] = rest.split('/');

  const find = useCallback(
    async (wanted: string) => {
      setSentence('探しています…');
      try {
        const hits = await searchApplications(session.accessToken, wanted);
        setFound(hits);
        setSentence(
          hits.hits.length === 0
            ? '見つかりませんでした。入れたばかりの申し込みは、少し待つと出ます。'
            : `${hits.hits.length}件${hits.hasMore ? '（ほかにもあります。ふりがなを続けて書くと、しぼれます）' : ''}`,
        );
      } catch (error) {
        if (error instanceof LoggedOutError) return onLoggedOut();
        setFound(undefined);
        setSentence(
          error instanceof RefusedError
            ? (error.fields[0]?.sentence ?? error.message)
            : '探せませんでした。少し待って、もう一度お試しください。',
        );
      }
    },
    [session, onLoggedOut],
  );

  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      const isTyping =
        event.target instanceof HTMLElement && event.target.matches('input, select, textarea');
      const links = [...(list.current?.querySelectorAll<HTMLElement>('.hit__link') ?? [])];
      const at = links.indexOf(document.activeElement as HTMLElement);
      const step = event.key === 'ArrowDown' ? 1 : event.key === 'ArrowUp' ? -1 : 0;
      const isInBox = document.activeElement === field.current;
      if (step !== 0 && links.length > 0 && (at >= 0 || (isInBox && step === 1))) {
        event.preventDefault();
        if (at + step < 0) field.current?.focus();
        else links[Math.min(links.length - 1, at + step)]?.focus();
      }
      if (isTyping || event.ctrlKey || event.metaKey || event.altKey) return;
      if (event.key === '/') {
        event.preventDefault();
        field.current?.focus();
      }
    };
    addEventListener('keydown', onKey);
    return () => removeEventListener('keydown', onKey);
  }, []);

  return (
    <div class="panes" data-chosen={rest === '' ? undefined : ''}>
      <section class="list" aria-labelledby="list-title">
        <h2 class="visually-hidden" id="list-title">
          申し込みを探す
        </h2>
        <search>
          <form
            class="list__tools"
            onSubmit={(event) => {
              event.preventDefault();
              void find(text);
            }}
          >
            <label class="hits__box" for="find">
              <span>受付番号・電話番号・ふりがな</span>
              <input
                class="input"
                id="find"
                type="search"
                ref={field}
                value={text}
                maxlength={80}
                autocomplete="off"
                onInput={(event) => setText(event.currentTarget.value)}
              />
            </label>
            <button class="button" data-kind="second" type="submit">
              探す
            </button>
            <a class="button hits__new" href={`#applications/${NEW}`}>
              電話の申し込みを入れる
            </a>
          </form>
        </search>
        <p class="hits__told" role="status">
          {sentence}
        </p>
        <div ref={list}>
          <ul class="hits" role="list">
            {(found?.hits ?? []).map(({ registration, bookingNumber, lines, course }) => {
              const { applicant, registrationId } = registration;
              return (
                <li
                  class="hit"
                  key={registrationId}
                  data-chosen={registrationId === where ? '' : undefined}
                >
                  <a
                    class="hit__link"
                    href={`#applications/${registrationId}`}
                    aria-current={registrationId === where ? 'true' : undefined}
                  >
                    {applicant?.name}
                    <span class="hit__kana">{applicant?.kana}</span>
                  </a>
                  <span class="hit__course">{course.title}</span>
                  <span class="hit__state">{lines.join('、')}</span>
                  <span class="hit__numbers">
                    {bookingNumber}
                    {applicant?.phone ? `　${phoneNumberName(applicant.phone)}` : ''}
                  </span>
                </li>
              );
            })}
          </ul>
        </div>
      </section>
      <section class="pane" aria-label={where === NEW ? '電話の申し込み' : '選んだ申し込み'}>
        {rest !== '' && (
          <p class="hits__back">
            <button
              class="button item__back"
              data-kind="plain"
              type="button"
              onClick={() => onGo('')}
            >
              さがす画面にもどる
            </button>
          </p>
        )}
        {where === NEW ? (
          <EntryForm
            session={session}
            courseId={courseId}
            onChoose={(chosen) => onGo(chosen === '' ? NEW : `${NEW}/${chosen}`)}
            onOpen={onGo}
            onFind={(phone) => {
              setText(phoneNumberName(phone));
              void find(phone);
              onGo('');
              field.current?.focus();
            }}
            onLoggedOut={onLoggedOut}
          />
        ) : where ? (
          <ApplicationDetail
            key={where}
            session={session}
            registrationId={where}
            onLoggedOut={onLoggedOut}
          />
        ) : (
          <p class="pane__empty">
            探して選ぶと、ここに出ます。<kbd>/</kbd> で検索の欄へ、<kbd>↓</kbd>{' '}
            で見つかった申し込みへ動けます。
          </p>
        )}
      </section>
    </div>
  );
}
