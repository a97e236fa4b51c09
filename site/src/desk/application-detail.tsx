/** One application at the desk: its facts and state, its notes, and what staff can do for the family. */
import type { ComponentChildren } from 'preact';
import { useEffect, useRef, useState } from 'preact/hooks';
import {
  birthDayName,
  channelName,
  momentName,
  type OpenedRegistration,
  PURGED,
  phoneNumberName,
  placeStatusName,
} from '../rules.ts';
import { LoggedOutError, RefusedError } from './api.ts';
import { changeApplication, type Deed, openApplication } from './applications-api.ts';
import type { Session } from './log-in.ts';

/** What is being done, before it is confirmed. */
type Doing = 'cancel' | 'move' | 'note' | undefined;

const DONE: Readonly<Record<Deed['what'], string>> = {
  cancel: '取り消しました。',
  accept: '「参加します」と答えました。',
  decline: '「見送ります」と答えました。',
  move: '回を移しました。',
  notes: 'メモを書きました。',
};

export function ApplicationDetail({
  session,
  registrationId,
  onLoggedOut,
}: {
  readonly session: Session;
  readonly registrationId: string;
  readonly onLoggedOut: () => void;
}) {
  const [seen, setSeen] = useState<OpenedRegistration | undefined>();
  const [doing, setDoing] = useState<Doing>();
  const [told, setTold] = useState<{ readonly kind: string; readonly sentence: string }>();
  const [isBusy, setIsBusy] = useState(false);
  const title = useRef<HTMLHeadingElement>(null);

  useEffect(() => {
    openApplication(session.accessToken, registrationId).then(
      (opened) => {
        setSeen(opened);
        requestAnimationFrame(() => title.current?.focus());
      },
      (error) => {
        if (error instanceof LoggedOutError) onLoggedOut();
        else setTold({ kind: 'refused', sentence: sentenceOf(error) });
      },
    );
  }, [session, registrationId, onLoggedOut]);

  async function make(deed: Deed) {
    if (isBusy) return;
    setIsBusy(true);
    setTold({ kind: 'busy', sentence: '送っています…' });
    try {
      setSeen(await changeApplication(session.accessToken, registrationId, deed));
      setTold({ kind: 'saved', sentence: DONE[deed.what] });
      setDoing(undefined);
    } catch (error) {
      if (error instanceof LoggedOutError) return onLoggedOut();
      setTold({ kind: 'refused', sentence: sentenceOf(error) });
    } finally {
      setIsBusy(false);
    }
  }

  if (!seen) return <p class="pane__empty">{told?.sentence ?? '読みこんでいます…'}</p>;
  const { course, can, moves } = seen;
  const canCancel = can.includes('cancel');
  return (
    <article class="item" aria-labelledby="item-title">
      <header class="item__head">
        <p class="item__kind">
          <a href={`#roster/${course.courseId}`}>{course.title}の名簿</a>
        </p>
        <h2 id="item-title" tabindex={-1} ref={title}>
          {seen.registration.applicant?.name ? `${seen.registration.applicant.name} さん` : PURGED}
        </h2>
        <ul class="application__state" role="list">
          {seen.lines.map((line) => (
            <li key={line}>{line}</li>
          ))}
        </ul>
      </header>
      <div class="actions application__doing">
        {can.includes('accept') && (
          <>
            <button class="button" type="button" onClick={() => void make({ what: 'accept' })}>
              ご案内に「参加します」と答える
            </button>
            <button
              class="button"
              data-kind="second"
              type="button"
              onClick={() => void make({ what: 'decline' })}
            >
              ご案内を見送る
            </button>
          </>
        )}
        {moves.length > 0 && (
          <Opener doing={doing} what="move" onOpen={setDoing}>
            回を移す
          </Opener>
        )}
        {!seen.registration.purged && (
          <Opener doing={doing} what="note" onOpen={setDoing}>
            メモを書く
          </Opener>
        )}
        {canCancel && (
          <Opener doing={doing} what="cancel" onOpen={setDoing}>
            取り消す
          </Opener>
        )}
      </div>
      <p class="item__told" role="status" data-kind={told?.kind}>
        {told?.sentence}
      </p>
      {doing === 'cancel' && canCancel && <CancelForm seen={seen} onMake={make} />}
      {doing === 'move' && moves.length > 0 && <MoveForm seen={seen} onMake={make} />}
      {doing === 'note' && <NoteForm onMake={make} />}
      <Facts seen={seen} />
      <Notes seen={seen} />
    </article>
  );
}

function sentenceOf(error: unknown): string {
  return error instanceof RefusedError
    ? (error.fields[0]?.sentence ?? error.message)
    : 'うまくいきませんでした。少し待って、もう一度お試しください。';
}

function Opener({
  doing,
  what,
  onOpen,
  children,
}: {
  readonly doing: Doing;
  readonly what: Exclude<Doing, undefined>;
  readonly onOpen: (doing: Doing) => void;
  readonly children: ComponentChildren;
}) {
  return (
    <button
      class="button"
      data-kind={what === 'cancel' ? 'grave' : 'second'}
      type="button"
      aria-expanded={doing === what}
      onClick={() => {
        onOpen(doing === what ? undefined : what);
        requestAnimationFrame(() => document.getElementById('doing')?.focus());
      }}
    >
      {children}
    </button>
  );
}

interface FormProps {
  readonly seen: OpenedRegistration;
  readonly onMake: (deed: Deed) => Promise<void>;
}

function sessionName({ course }: OpenedRegistration, key: string | undefined): string {
  return course.sessions.find((session) => session.key === key)?.name ?? '';
}

function CancelForm({ seen, onMake }: FormProps) {
  const [poolKey, setPoolKey] = useState('');
  const live = seen.registration.places.filter(({ status }) =>
    ['applied', 'confirmed', 'waiting', 'offered'].includes(status),
  );
  return (
    <form
      class="application__form"
      onSubmit={(event) => {
        event.preventDefault();
        void onMake({ what: 'cancel', ...(poolKey === '' ? {} : { poolKey }) });
      }}
    >
      {live.length > 1 && (
        <label class="entry__field">
          <span class="entry__label">取り消すもの</span>
          <select
            class="select"
            id="doing"
            value={poolKey}
            onChange={(event) => setPoolKey(event.currentTarget.value)}
          >
            <option value="">すべて</option>
            {live.map((place) => (
              <option key={place.poolKey} value={place.poolKey}>
                {[
                  sessionName(seen, place.sessionKey),
                  place.kind === 'seat' ? '参加の席' : '保育の席だけ',
                  `（${placeStatusName[place.status]}）`,
                ].join(' ')}
              </option>
            ))}
          </select>
        </label>
      )}
      <p>取り消すと、席も順番も、もとにもどせません。空いた席は、待っている方に案内されます。</p>
      <p>
        <button
          class="button"
          data-kind="grave"
          type="submit"
          id={live.length > 1 ? undefined : 'doing'}
        >
          取り消します
        </button>
      </p>
    </form>
  );
}

function MoveForm({ seen, onMake }: FormProps) {
  const [from, setFrom] = useState(seen.moves[0]?.from ?? '');
  const [to, setTo] = useState('');
  const [wait, setWait] = useState(false);
  const targets = seen.moves.find((move) => move.from === from)?.to ?? [];
  return (
    <form
      class="application__form"
      onSubmit={(event) => {
        event.preventDefault();
        void onMake({ what: 'move', from, to, wait });
      }}
    >
      {seen.moves.length > 1 && (
        <label class="entry__field">
          <span class="entry__label">いまの回</span>
          <select
            class="select"
            value={from}
            onChange={(event) => setFrom(event.currentTarget.value)}
          >
            {seen.moves.map((move) => (
              <option key={move.from} value={move.from}>
                {sessionName(seen, move.from)}
              </option>
            ))}
          </select>
        </label>
      )}
      <label class="entry__field">
        <span class="entry__label">移る先の回</span>
        <select
          class="select"
          id="doing"
          required
          value={to}
          onChange={(event) => setTo(event.currentTarget.value)}
        >
          <option value="">選んでください</option>
          {targets.map((key) => (
            <option key={key} value={key}>
              {sessionName(seen, key)}
            </option>
          ))}
        </select>
      </label>
      <label class="entry__tick">
        <input
          type="checkbox"
          checked={wait}
          onChange={(event) => setWait(event.currentTarget.checked)}
        />
        空きがなければ、キャンセル待ちに入る（もとの回の席は、なくなります）
      </label>
      <p>
        <button class="button" type="submit">
          この回に移します
        </button>
      </p>
    </form>
  );
}

function NoteForm({ onMake }: Pick<FormProps, 'onMake'>) {
  const [text, setText] = useState('');
  return (
    <form
      class="application__form"
      onSubmit={(event) => {
        event.preventDefault();
        void onMake({ what: 'notes', text });
      }}
    >
      <label class="entry__label" for="doing">
        メモ（ご家族には見えません。あとから消せません）
      </label>
      <textarea
        class="textarea"
        id="doing"
        rows={3}
        maxlength={500}
        required
        value={text}
        onInput={(event) => setText(event.currentTarget.value)}
      />
      <p>
        <button class="button" type="submit">
          メモを残す
        </button>
      </p>
    </form>
  );
}

function Fact({ name, children }: { readonly name: string; readonly children: ComponentChildren }) {
  return (
    <div class="facts__row">
      <dt>{name}</dt>
      <dd>{children}</dd>
    </div>
  );
}

function Facts({ seen }: { readonly seen: OpenedRegistration }) {
  const { registration, bookingNumber } = seen;
  const { applicant, participants = [], childcare = [], counts, guardian } = registration;
  const people = (rows: typeof participants) =>
    rows.map((person) => (
      <div key={`${person.name}${person.birthDate}`}>
        {person.name}
        {person.kana && `（${person.kana}）`}
        {person.birthDate && ` ${birthDayName(person.birthDate)}生`}
      </div>
    ));
  return (
    <dl class="facts">
      <Fact name="受付番号">{bookingNumber}</Fact>
      <Fact name="申し込み">
        {momentName(new Date(registration.acceptedAt))}　{channelName[registration.channel]}
      </Fact>
      {registration.entry && <Fact name="抽選番号">{registration.entry.number}</Fact>}
      {applicant?.kana && <Fact name="ふりがな">{applicant.kana}</Fact>}
      {applicant?.phone && (
        <Fact name="電話番号">
          <a href={`tel:${applicant.phone}`}>{phoneNumberName(applicant.phone)}</a>
        </Fact>
      )}
      {registration.purged && <Fact name="連絡先と配慮">{PURGED}</Fact>}
      {applicant && 'phone' in applicant && !registration.purged && (
        <Fact name="メール">{applicant.email ?? 'なし（電話でお知らせします）'}</Fact>
      )}
      {participants.length > 0 && <Fact name="参加する方">{people(participants)}</Fact>}
      {counts.adults > 1 && <Fact name="おとな">{counts.adults}人</Fact>}
      {childcare.length > 0 && (
        <Fact name="保育">
          {people(childcare)}
          {registration.courseWithoutChildcare && '保育の席がなくても参加する'}
        </Fact>
      )}
      {registration.dueMonth && <Fact name="出産予定">{registration.dueMonth}</Fact>}
      {registration.allergy && <Fact name="アレルギー">{registration.allergy}</Fact>}
      {registration.needs && <Fact name="配慮">{registration.needs}</Fact>}
      {guardian && (
        <Fact name="保護者">
          {guardian.name}
          {guardian.phone && (
            <>
              {' '}
              <a href={`tel:${guardian.phone}`}>{phoneNumberName(guardian.phone)}</a>
            </>
          )}
        </Fact>
      )}
    </dl>
  );
}

function Notes({ seen: { registration } }: { readonly seen: OpenedRegistration }) {
  const notes = registration.notes ?? [];
  if (notes.length === 0) return null;
  return (
    <section aria-labelledby="notes-title">
      <h3 id="notes-title">メモ</h3>
      <ol class="notes" role="list">
        {[...notes].reverse().map(({ at, text }) => (
          <li class="notes__item" key={`${at}${text}`}>
            <time class="notes__at" dateTime={at}>
              {momentName(new Date(at))}
            </time>
            <p class="notes__text">{text}</p>
          </li>
        ))}
      </ol>
    </section>
  );
}
