/** How the ひろば look: every site with its hours, and the dates of the 出張ひろば. Pure markup. */
import type { ComponentChildren } from 'preact';
import { dayInTokyo, formalDayName, shortDayName } from '../calendar/rules.ts';
import { SubscribeView } from '../calendar/views.tsx';
import type { Centre } from '../centre/model.ts';
import type { Course } from '../courses/model.ts';
import { endsAt } from '../courses/rules.ts';
import { coursePath, StatusChip } from '../courses/views.tsx';
import type { HirobaSite } from './model.ts';
import { feedPath, type Opening } from './rules.ts';
import { hoursLines, hoursName } from './words.ts';

/** A site that does not open every week names its next days, at most so many. */
const NEXT_DAYS = 3;

function Fact({ name, children }: { readonly name: string; readonly children: ComponentChildren }) {
  return (
    <div class="facts__row">
      <dt>{name}</dt>
      <dd>{children}</dd>
    </div>
  );
}

/** Where a script says whether the site is open today; empty without one. */
function HirobaNow({ siteId }: { readonly siteId: string }) {
  return (
    <p class="place__now" data-site-id={siteId}>
      <span class="chip" data-part="chip" hidden />
      <span data-part="sentence" />
    </p>
  );
}

function Site({ site, openings }: { site: HirobaSite; openings: readonly Opening[] }) {
  const isRare = site.hours.every(({ weeks }) => weeks !== undefined);
  return (
    <section class="place" id={site.siteId} aria-labelledby={`${site.siteId}-name`}>
      <h2 class="place__name" id={`${site.siteId}-name`}>
        {site.name}
      </h2>
      <HirobaNow siteId={site.siteId} />
      <dl class="facts">
        <Fact name="開く日">
          {hoursLines(site).map(([days, hours]) => (
            <p key={days}>
              {days}
              <br />
              {hours}
            </p>
          ))}
          {isRare && openings.length > 0 && (
            <p>
              つぎは、
              {openings.slice(0, NEXT_DAYS).map(({ date }, index) => (
                <span class="unbroken" key={date}>
                  {shortDayName(date)}
                  {index + 1 < Math.min(NEXT_DAYS, openings.length) && '、'}
                </span>
              ))}
              です。
            </p>
          )}
        </Fact>
        <Fact name="場所">{site.place}</Fact>
        <Fact name="どなたが">{site.audience}</Fact>
        <Fact name="予約">{site.reservation}</Fact>
        <Fact name="お金">{site.fee}</Fact>
        {site.capacity && (
          <Fact name="広さ">
            {site.capacity.families}家族くらいまで
            {site.capacity.note !== undefined && <p>{site.capacity.note}</p>}
          </Fact>
        )}
        {site.amenities.length > 0 && <Fact name="あるもの">{site.amenities.join('、')}</Fact>}
        {site.programmes.length > 0 && (
          <Fact name="いつもの遊び">
            {site.programmes.map(({ title, when, text }) => (
              <p key={title}>
                <strong>{title}</strong>（{when}）　{text}
              </p>
            ))}
          </Fact>
        )}
        <Fact name="どんな所">
          {site.kind}。{site.operator}。
          {site.notes.map((note) => (
            <p key={note}>{note}</p>
          ))}
        </Fact>
      </dl>
    </section>
  );
}

function Outreach({ course, now }: { readonly course: Course; readonly now: Date }) {
  const isCalledOff = course.publication === 'cancelled';
  const coming = course.sessions.filter((session) => endsAt(session) > now);
  return (
    <div class="outreach">
      <h3 class="outreach__name">
        <a href={coursePath(course)}>{course.title}</a>
        {isCalledOff && <StatusChip status="cancelled" />}
      </h3>
      <p>{course.summary}</p>
      <ul class="sessions" role="list">
        {coming.map((session) => (
          <li class="sessions__item" key={session.key}>
            <time dateTime={session.date}>{formalDayName(session.date)}</time>
            <span class="unbroken">{hoursName({ opens: session.start, closes: session.end })}</span>
            <span>{session.venue ?? course.venue}</span>
          </li>
        ))}
      </ul>
      {course.notes.map((note) => (
        <p key={note}>{note}</p>
      ))}
    </div>
  );
}

/** The page of all ひろば. */
export function HirobaView({
  sites,
  outreach,
  centre,
  now,
  origin,
}: {
  readonly sites: readonly {
    readonly site: HirobaSite;
    readonly openings: readonly Opening[];
  }[];
  readonly outreach: readonly Course[];
  readonly centre: Centre;
  readonly now: Date;
  readonly origin: string;
}) {
  return (
    <div class="page">
      <nav class="breadcrumb" aria-label="いまいる場所">
        <ol class="breadcrumb__list" role="list">
          <li class="breadcrumb__item">
            <a href="/">ホーム</a>
          </li>
          <li class="breadcrumb__item">
            <span aria-current="page">ひろば</span>
          </li>
        </ol>
      </nav>
      <header class="page__head">
        <h1>ひろば</h1>
        <p class="page__lead">
          手ぶらでだいじょうぶです。泣いても、すぐ帰っても、かまいません。お休みは、
          {centre.closedNote}
          です。
        </p>
      </header>
      <div class="page__wide places">
        {sites.map(({ site, openings }) => (
          <Site key={site.siteId} site={site} openings={openings} />
        ))}
      </div>
      <section class="hiroba__more" id="outreach" aria-labelledby="outreach-title">
        <h2 id="outreach-title">近くへ出かける、出張ひろば</h2>
        {outreach.length === 0 ? (
          <p>次の日程は、決まりしだいここに出ます。上のひろばは、いつでもお待ちしています。</p>
        ) : (
          outreach.map((course) => <Outreach key={course.courseId} course={course} now={now} />)
        )}
      </section>
      <section class="hiroba__more no-print" aria-labelledby="subscribe-title">
        <h2 id="subscribe-title">開く日を、カレンダーで見る</h2>
        <SubscribeView
          origin={origin}
          feeds={[{ name: 'センターのひろばと出張ひろば', path: feedPath(undefined) }]}
          others={{
            name: 'ひろばごとにつなぐ',
            feeds: sites.map(({ site }) => ({ name: site.name, path: feedPath(site.siteId) })),
          }}
        />
      </section>
      <p class="page__updated">{formalDayName(dayInTokyo(now))}に更新しました。</p>
    </div>
  );
}
