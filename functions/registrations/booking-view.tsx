/** A booking's own page, also the result of applying: what is, what comes next, what can be done. */
import type { ComponentChildren } from 'preact';
import { formalDayName, momentName, shortDayName } from '../calendar/rules.ts';
import type { Centre } from '../centre/model.ts';
import type { Course, Session } from '../courses/model.ts';
import { cancelDeadline, endsAt, lastSession } from '../courses/rules.ts';
import { coursePath } from '../courses/views.tsx';
import { hoursName, sessionName } from '../courses/words.ts';
import type { Participant } from '../persons/model.ts';
import { phoneNumberName } from '../persons/rules.ts';
import { Phone } from './form-parts.tsx';
import type { Place, Registration } from './model.ts';
import { isLive, statusOf } from './places.ts';
import { bookingNumberName, confirmedSessions } from './rules.ts';
import {
  type BookedPart,
  bookedParts,
  bookingWords,
  type Happened,
  isPartLive,
  partStateName,
} from './words.ts';

interface Seen {
  readonly registration: Registration;
  readonly course: Course;
  /** By pool, 1 for the next in line. */
  readonly waitPositions: Readonly<Record<string, number>>;
  readonly centre: Centre;
  readonly now: Date;
}

export function BookingView({
  happened,
  ...seen
}: Omit<Seen, 'waitPositions'> & {
  readonly waitPositions?: Seen['waitPositions'];
  readonly happened?: Happened | undefined;
}) {
  const all: Seen = { ...seen, waitPositions: seen.waitPositions ?? {} };
  const { registration, course, waitPositions, centre, now } = all;
  const { applicant, entry } = registration;
  const told = bookingWords({ registration, course, waitPositions, happened, now });
  const parts = bookedParts(course, registration.places);
  const [only] = parts;
  const isSingle = parts.length === 1;
  const isOver =
    course.publication === 'cancelled' ||
    !parts.some((part) => isPartLive(part) && now < endsAt(lastSession(part.sessions)));
  const path = `/bookings/${registration.secret}`;
  const position = only && isSingle ? waitPositions[only.main.poolKey] : undefined;
  return (
    <div class="page booking" data-status={statusOf(registration.places)}>
      <header class="page__head">
        <p class="course__kind">{course.title}</p>
        <h1>{told.title}</h1>
        <p class="page__lead booking__sentence">{told.next}</p>
      </header>
      {!isOver && isSingle && only && <Answer part={only} path={path} isNamed={false} />}
      <div class="booking__number">
        <p class="booking__number-label">受付番号</p>
        <p class="booking__number-value">{bookingNumberName(registration.registrationId)}</p>
        {!isOver && position !== undefined && (
          <p class="booking__waiting">
            {entry === undefined ? 'キャンセル待ち' : '補欠'} {position} 番目
          </p>
        )}
        {entry !== undefined && (
          <p class="booking__waiting">
            抽選番号 {entry.number} 番
            <br />
            <a class="booking__draw" href={`${coursePath(course)}draw/#n${entry.number}`}>
              {course.drawnAt === undefined ? '抽選のしくみを見る' : '抽選の結果を見る'}
            </a>
          </p>
        )}
        <p class="booking__number-note">
          {isOver
            ? 'お問い合わせのときに、お知らせください。'
            : applicant.email !== undefined && happened === 'applied'
              ? '同じ内容を、メールでもお送りします。'
              : '書きとめるか、このページを印刷しておいてください。電話番号といっしょに使うと、この内容をまた見られます。'}
        </p>
      </div>
      {!isOver && confirmedSessions(course, registration.places).length > 0 && (
        <p class="actions no-print">
          <a class="button" data-kind="second" href={`${path}/calendar.ics`}>
            カレンダーに入れる
          </a>
        </p>
      )}
      {!isSingle && (
        <section class="booking__part" aria-labelledby="booking-dates">
          <h2 id="booking-dates">回ごとの申し込み</h2>
          <ul class="dates" role="list">
            {parts.map((part) => (
              <DatePart key={part.main.poolKey} part={part} path={path} {...all} />
            ))}
          </ul>
        </section>
      )}
      <section class="booking__part" aria-labelledby="booking-facts">
        <h2 id="booking-facts">申し込みの内容</h2>
        <Facts {...all} isSingle={isSingle} />
      </section>
      {!isOver && isSingle && only && <Cancelling part={only} path={path} {...all} />}
      <section class="booking__part" aria-labelledby="booking-help">
        <h2 id="booking-help">困ったときは</h2>
        <p>
          内容を変えたいとき、わからないことがあるときは、受付番号をそえてお電話ください。
          <br />
          <Phone centre={centre} />
        </p>
        {isOver && (
          <p>
            <a class="onward" href="/courses/">
              ほかの講座を見る
            </a>
          </p>
        )}
      </section>
    </div>
  );
}

/** A button as a form of its own; `pool` says which part is meant. */
function Press({
  path,
  action,
  pool,
  kind,
  children,
}: {
  readonly path: string;
  readonly action: 'accept' | 'decline' | 'cancel';
  readonly pool: Place | undefined;
  readonly kind?: 'second' | 'grave';
  readonly children: ComponentChildren;
}) {
  return (
    <form method="post" action={`${path}/${action}`}>
      {pool && <input type="hidden" name="poolKey" value={pool.poolKey} />}
      <button class="button" data-kind={kind} type="submit">
        {children}
      </button>
    </form>
  );
}

/** The answer to an offer: of a seat with what is beside it, or of childcare beside a seat. */
function Answer({
  part: { main, childcare },
  path,
  isNamed,
}: {
  readonly part: BookedPart;
  readonly path: string;
  /** One of several dates: the button names the pool that it means. */
  readonly isNamed: boolean;
}) {
  const isMain = main.status === 'offered';
  const isBeside = !isMain && childcare?.status === 'offered';
  if (!isMain && !isBeside) return null;
  const pool = isBeside ? childcare : isNamed ? main : undefined;
  const isForChildcare = isBeside || main.kind === 'childcare';
  return (
    <div class="actions">
      <Press path={path} action="accept" pool={pool}>
        {isForChildcare ? '保育をたのみます' : '参加します'}
      </Press>
      <Press path={path} action="decline" pool={pool} kind="second">
        {isForChildcare ? '保育は見送ります' : '今回は見送ります'}
      </Press>
    </div>
  );
}

/** One of several dates: its state and its own buttons. */
function DatePart({
  part,
  path,
  ...seen
}: Seen & { readonly part: BookedPart; readonly path: string }) {
  const { waitPositions, now, course } = seen;
  const { main, sessions } = part;
  const isOver = course.publication === 'cancelled' || now >= endsAt(lastSession(sessions));
  return (
    <li class="dates__item" data-status={main.status}>
      <h3 class="dates__name">
        {sessions.map((session) => (
          <span class="apply__session" key={session.key}>
            {sessionName(course, session)}
          </span>
        ))}
      </h3>
      <p class="dates__state">{partStateName(part, waitPositions, now)}</p>
      {main.offerExpiresAt !== undefined && !isOver && (
        <p class="note">
          {momentName(new Date(main.offerExpiresAt))}までに、お返事をお願いします。
        </p>
      )}
      {!isOver && <Answer part={part} path={path} isNamed />}
      {!isOver && <CancelButtons part={part} path={path} isNamed {...seen} />}
    </li>
  );
}

/** What to do when one cannot come: by whom, until when, and what of it can be given up alone. */
function Cancelling(seen: Seen & { readonly part: BookedPart; readonly path: string }) {
  const { part, course, centre, now } = seen;
  const { main } = part;
  if (main.status === 'offered') return null;
  const deadline = deadlineOf(seen);
  return (
    <section class="booking__part no-print" aria-labelledby="booking-cancel">
      <h2 id="booking-cancel">
        {main.status === 'waiting'
          ? 'キャンセル待ちをやめるとき'
          : main.status === 'applied'
            ? '抽選の申し込みをやめるとき'
            : '来られなくなったとき'}
      </h2>
      {main.status === 'confirmed' && now <= deadline && (
        <p>
          {momentName(deadline)}
          まで、ここで取り消せます。空いた席は、待っている方にご案内します。
        </p>
      )}
      {main.status === 'applied' && course.application.closesAt !== undefined && (
        <p>
          締め切り（{momentName(new Date(course.application.closesAt))}
          ）まで、ここで取り消せます。
        </p>
      )}
      <CancelButtons {...seen} isNamed={false} />
      {main.status === 'confirmed' && now > deadline && (
        <p>
          <Phone centre={centre} />
        </p>
      )}
    </section>
  );
}

function deadlineOf({ part, centre }: Pick<Seen, 'centre'> & { readonly part: BookedPart }): Date {
  return cancelDeadline(part.sessions, centre.booking.cancelUntil);
}

/** Cancelling a part, and the childcare beside it alone. */
function CancelButtons({
  isNamed,
  ...seen
}: Seen & { readonly part: BookedPart; readonly path: string; readonly isNamed: boolean }) {
  const { part, path, now } = seen;
  const { main, childcare } = part;
  if (!isLive(main) || main.status === 'offered') return null;
  const deadline = deadlineOf(seen);
  if (main.status === 'confirmed' && now > deadline) {
    return (
      <p>このページで取り消せるのは{momentName(deadline)}まででした。お電話でお知らせください。</p>
    );
  }
  const words = CANCEL_WORDS[main.kind === 'childcare' ? 'childcare' : main.status] ?? SEAT_WORDS;
  return (
    <>
      {childcare && (childcare.status === 'confirmed' || childcare.status === 'waiting') && (
        <details class="more">
          <summary>保育だけ取り消す</summary>
          <p>
            {main.status === 'confirmed'
              ? '講座の席は、そのままです。保育は、もとにもどせません。'
              : '講座のキャンセル待ちは、そのままです。保育は、もとにもどせません。'}
          </p>
          <div class="booking__confirm">
            <Press path={path} action="cancel" pool={childcare} kind="grave">
              保育だけ取り消します
            </Press>
          </div>
        </details>
      )}
      <details class="more">
        <summary>{isNamed ? words.ofDate : words.summary}</summary>
        <p>{childcare && isLive(childcare) ? words.withChildcare : words.sentence}</p>
        <div class="booking__confirm">
          <Press path={path} action="cancel" pool={isNamed ? main : undefined} kind="grave">
            {isNamed ? words.buttonOfDate : words.button}
          </Press>
        </div>
      </details>
    </>
  );
}

interface CancelWords {
  readonly summary: string;
  readonly ofDate: string;
  readonly sentence: string;
  readonly withChildcare: string;
  readonly button: string;
  readonly buttonOfDate: string;
}

const SEAT_WORDS: CancelWords = {
  summary: 'この申し込みを取り消す',
  ofDate: 'この回を取り消す',
  sentence: '取り消すと、席はもとにもどせません。',
  withChildcare: '保育も、いっしょに取り消します。席はもとにもどせません。',
  button: '申し込みを取り消します',
  buttonOfDate: 'この回を取り消します',
};
const CANCEL_WORDS: Readonly<Record<string, CancelWords>> = {
  confirmed: SEAT_WORDS,
  waiting: {
    summary: 'キャンセル待ちをやめる',
    ofDate: 'この回のキャンセル待ちをやめる',
    sentence: 'やめると、順番はもとにもどせません。',
    withChildcare: '保育も、いっしょにやめます。順番はもとにもどせません。',
    button: 'キャンセル待ちをやめます',
    buttonOfDate: 'キャンセル待ちをやめます',
  },
  applied: {
    summary: '抽選の申し込みを取り消す',
    ofDate: '抽選の申し込みを取り消す',
    sentence: '取り消すと、この抽選番号はなくなります。',
    withChildcare: '保育も、いっしょに取り消します。この抽選番号はなくなります。',
    button: '申し込みを取り消します',
    buttonOfDate: 'この回を取り消します',
  },
  childcare: {
    summary: '保育の申し込みを取り消す',
    ofDate: 'この回の保育を取り消す',
    sentence: '取り消すと、保育の席はもとにもどせません。',
    withChildcare: '取り消すと、保育の席はもとにもどせません。',
    button: '申し込みを取り消します',
    buttonOfDate: 'この回を取り消します',
  },
};

/** Everything that was sent, with what to bring and where to come. */
function Facts({ registration, course, isSingle }: Seen & { readonly isSingle: boolean }) {
  const { applicant, participants, childcare, places, guardian, counts } = registration;
  const sessions = bookedParts(course, places).flatMap((part) => part.sessions);
  const venues = [...new Set(sessions.map((session) => session.venue ?? course.venue))];
  const wishes = course.sessionChoice === 'one_of' ? wishesOf(course, registration) : [];
  return (
    <dl class="facts">
      <BookingFact name="講座">
        {course.publication === 'published' ? (
          <a href={coursePath(course)}>{course.title}</a>
        ) : (
          course.title
        )}
      </BookingFact>
      {isSingle && wishes.length === 0 && (
        <BookingFact name="日時">
          <ul class="sessions" role="list">
            {sessions.map((session) => (
              <li class="sessions__item" key={session.key}>
                <time dateTime={session.date}>{formalDayName(session.date)}</time>
                <span class="unbroken">{hoursName(session)}</span>
              </li>
            ))}
          </ul>
        </BookingFact>
      )}
      {wishes.map((session, index) => (
        <BookingFact key={session.key} name={`第${index + 1}希望`}>
          {shortDayName(session.date)} {hoursName(session)}
          {session.venue !== undefined && ` ${session.venue}`}
        </BookingFact>
      ))}
      {wishes.length === 0 && <BookingFact name="会場">{venues.join('、')}</BookingFact>}
      {course.bring.length > 0 && (
        <BookingFact name="持ちもの">{course.bring.join('、')}</BookingFact>
      )}
      <BookingFact name="費用">
        {course.fee.yen === 0 ? '無料' : `${course.fee.yen.toLocaleString('ja-JP')}円`}
        {course.fee.detail !== undefined && `（${course.fee.detail}）`}
      </BookingFact>
      <BookingFact name="申し込んだ方">
        {applicant.name} さん（{phoneNumberName(applicant.phone)}）
        {applicant.email !== undefined && (
          <>
            <br />
            {applicant.email}
          </>
        )}
      </BookingFact>
      {participants.length > 0 && (
        <BookingFact name={course.eligibility.who === 'parent' ? 'お子さん' : '参加する方'}>
          <Names people={participants} />
        </BookingFact>
      )}
      {course.capacity.countedBy === 'person' && (
        <BookingFact name="おとなの人数">{counts.adults}人</BookingFact>
      )}
      {childcare.length > 0 && (
        <BookingFact name="保育のお子さん">
          <Names people={childcare} />
        </BookingFact>
      )}
      {registration.dueMonth !== undefined && (
        <BookingFact name="出産予定の月">
          {Number(registration.dueMonth.slice(0, 4))}年{Number(registration.dueMonth.slice(5))}月
        </BookingFact>
      )}
      {guardian !== undefined && (
        <BookingFact name="保護者の方">
          {guardian.name} さん（{phoneNumberName(guardian.phone)}）
        </BookingFact>
      )}
      {registration.allergy !== undefined && (
        <BookingFact name="食べもののアレルギー">{registration.allergy}</BookingFact>
      )}
      {registration.needs !== undefined && (
        <BookingFact name="配慮してほしいこと">{registration.needs}</BookingFact>
      )}
    </dl>
  );
}

/** The wishes in their order, while it is open which of them comes true. */
function wishesOf(course: Course, { sessionKeys, places }: Registration): readonly Session[] {
  if (sessionKeys.length < 2 || statusOf(places) !== 'applied') return [];
  return sessionKeys.flatMap((key) => course.sessions.find((session) => session.key === key) ?? []);
}

function Names({ people }: { readonly people: readonly Participant[] }) {
  return people.map(({ name, birthDate }) => <p key={`${name}${birthDate}`}>{name} さん</p>);
}

function BookingFact({
  name,
  children,
}: {
  readonly name: string;
  readonly children: ComponentChildren;
}) {
  return (
    <div class="facts__row">
      <dt>{name}</dt>
      <dd>{children}</dd>
    </div>
  );
}
