/** Telephone calls at the desk: whom to call until when, why, and how it went. */
import { useCallback, useEffect, useRef, useState } from 'preact/hooks';
import {
  type CallResult,
  type CallToMake,
  callReasonName,
  callResultName,
  momentName,
  phoneNumberName,
} from '../rules.ts';
import { call, LoggedOutError, RefusedError } from './api.ts';
import { leftName } from './due.ts';
import type { ScreenProps } from './sections.tsx';

const BUTTONS: readonly { readonly result: CallResult; readonly kind?: string }[] = [
  { result: 'reached' },
  { result: 'left_message', kind: 'second' },
  { result: 'not_reached', kind: 'second' },
  { result: 'not_needed', kind: 'plain' },
];

const COULD_NOT = '書きとめられませんでした。通信を確かめて、もう一度押してください。';

export function CallsScreen({
  session,
  onLoggedOut,
}: Pick<ScreenProps, 'session' | 'onLoggedOut'>) {
  const [calls, setCalls] = useState<readonly CallToMake[] | undefined>();
  const [fault, setFault] = useState<string | undefined>();
  const [told, setTold] = useState('');
  const [now, setNow] = useState(() => new Date());
  const title = useRef<HTMLHeadingElement>(null);

  const reload = useCallback(async () => {
    try {
      const arrived = await call<{ calls: readonly CallToMake[] }>(
        session.accessToken,
        'GET',
        '/api/staff/calls',
      );
      setCalls(arrived.calls);
      setFault(undefined);
    } catch (error) {
      if (error instanceof LoggedOutError) onLoggedOut();
      else setFault('電話連絡を読みこめませんでした。');
    }
  }, [session, onLoggedOut]);

  // Each look is written down, so the list is read when somebody comes to it, not every minute.
  useEffect(() => {
    const reloadIfSeen = () => {
      if (document.visibilityState === 'visible') void reload();
    };
    void reload();
    addEventListener('focus', reloadIfSeen);
    return () => removeEventListener('focus', reloadIfSeen);
  }, [reload]);
  useEffect(() => {
    const halfMinutes = setInterval(() => setNow(new Date()), 30_000);
    return () => clearInterval(halfMinutes);
  }, []);

  /** @returns the sentence for the person when it was not written down */
  const record = async (
    { callId, name }: CallToMake,
    result: CallResult,
    note: string,
  ): Promise<string | undefined> => {
    try {
      await call(session.accessToken, 'POST', `/api/staff/calls/${callId}`, { result, note });
    } catch (error) {
      if (error instanceof LoggedOutError) onLoggedOut();
      if (!(error instanceof RefusedError)) return COULD_NOT;
      if (error.code !== 'call_not_found') return error.message;
      setTold(error.message);
      await reload();
      return undefined;
    }
    setTold(`${name} 様：「${callResultName[result]}」と書きとめました。`);
    await reload();
    // The card may be gone, and the focus with it.
    if (result !== 'not_reached') title.current?.focus();
    return undefined;
  };

  return (
    <section class="calls" aria-labelledby="calls-title">
      <div class="calls__head">
        <h2 id="calls-title" tabIndex={-1} ref={title}>
          電話連絡
        </h2>
        <p class="list__count">{calls === undefined ? '' : `${calls.length}件`}</p>
        <button class="button" data-kind="second" type="button" onClick={() => void reload()}>
          読みこむ
        </button>
      </div>
      <p class="calls__told" role="status">
        {told}
      </p>
      {fault !== undefined && (
        <div class="notice" data-kind="alert" role="alert">
          <p>{fault}</p>
          <button class="button" type="button" onClick={() => void reload()}>
            もう一度読みこむ
          </button>
        </div>
      )}
      {calls === undefined && fault === undefined && (
        <div aria-busy="true">
          <p class="visually-hidden">電話連絡を読みこんでいます。</p>
          <span class="skeleton list__skeleton" />
          <span class="skeleton list__skeleton" />
        </div>
      )}
      {calls?.length === 0 && (
        <p class="list__empty">
          いま、電話する方はいません。メールがない方へのお知らせや、届かなかったメールがあると、ここに載ります。
        </p>
      )}
      <ul class="calls__list" role="list">
        {calls?.map((each) => (
          <li key={each.callId}>
            <CallCard toMake={each} now={now} onRecord={record} />
          </li>
        ))}
      </ul>
    </section>
  );
}

function CallCard({
  toMake,
  now,
  onRecord,
}: {
  readonly toMake: CallToMake;
  readonly now: Date;
  readonly onRecord: (
    toMake: CallToMake,
    result: CallResult,
    note: string,
  ) => Promise<string | undefined>;
}) {
  const { callId, reason, sentence, dueAt, tries, name, kana, phone, bookingNumber } = toMake;
  const [note, setNote] = useState('');
  const [problem, setProblem] = useState<string | undefined>();
  const [isSending, setIsSending] = useState(false);
  const due = new Date(dueAt);
  const left = due.getTime() - now.getTime();

  const press = async (result: CallResult) => {
    if (isSending) return;
    setIsSending(true);
    const refused = await onRecord(toMake, result, note);
    setProblem(refused);
    if (refused === undefined) setNote('');
    setIsSending(false);
  };

  return (
    <article class="call" aria-labelledby={`call-${callId}`} data-late={left <= 0 ? '' : undefined}>
      <p class="call__due">
        <span class="chip">{callReasonName[reason]}</span>
        <strong>{left > 0 ? leftName(left) : '期限を過ぎました'}</strong>
        <span class="call__until">{momentName(due)}まで</span>
      </p>
      <h3 class="call__name" id={`call-${callId}`}>
        {name} 様<span class="call__kana">{kana}</span>
      </h3>
      <a class="call__phone" href={`tel:${phone}`}>
        {phoneNumberName(phone)}
      </a>
      <p class="call__sentence">{sentence}</p>
      <dl class="call__facts">
        <div>
          <dt>講座</dt>
          <dd>
            {toMake.title}
            {toMake.sessions.map((line) => (
              <span class="call__session" key={line}>
                {line}
              </span>
            ))}
          </dd>
        </div>
        <div>
          <dt>受付番号</dt>
          <dd>{bookingNumber}</dd>
        </div>
        {tries.length > 0 && (
          <div>
            <dt>これまで</dt>
            <dd>
              {tries.map((tried) => (
                <span class="call__session" key={tried.at}>
                  {momentName(new Date(tried.at))}　{callResultName[tried.result]}
                  {tried.note === undefined ? '' : `　${tried.note}`}
                </span>
              ))}
            </dd>
          </div>
        )}
      </dl>
      <label class="call__note">
        <span>メモ（なくてもかまいません）</span>
        <input
          class="input"
          type="text"
          maxLength={200}
          autocomplete="off"
          value={note}
          onInput={(event) => setNote(event.currentTarget.value)}
        />
      </label>
      <div class="actions">
        {BUTTONS.map(({ result, kind }) => (
          <button
            key={result}
            class="button"
            data-kind={kind}
            type="button"
            aria-disabled={isSending ? 'true' : undefined}
            onClick={() => void press(result)}
          >
            {callResultName[result]}
          </button>
        ))}
      </div>
      {problem !== undefined && (
        <p class="call__problem" role="alert">
          {problem}
        </p>
      )}
    </article>
  );
}
