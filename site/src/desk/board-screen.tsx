/** 今日と今週: what is on, who is still missing, what asks for somebody. Counts only, nobody's name. */
import { useCallback, useEffect, useState } from 'preact/hooks';
import { type Board, type BoardSession, daysOf, momentName, shortDayName } from '../rules.ts';
import { LoggedOutError } from './api.ts';
import { loadBoard } from './attendance-api.ts';
import { nextSession } from './next-session.ts';
import type { ScreenProps } from './sections.tsx';

export function BoardScreen({ session, onLoggedOut }: ScreenProps) {
  const [board, setBoard] = useState<Board | undefined>();
  const [fault, setFault] = useState<string | undefined>();
  const [now, setNow] = useState(() => new Date());

  const reload = useCallback(async () => {
    try {
      setBoard(await loadBoard(session.accessToken));
      setFault(undefined);
    } catch (error) {
      if (error instanceof LoggedOutError) onLoggedOut();
      else setFault('今日の予定を読みこめませんでした。');
    }
  }, [session, onLoggedOut]);

  useEffect(() => {
    const reloadIfSeen = () => {
      setNow(new Date());
      if (document.visibilityState === 'visible') void reload();
    };
    void reload();
    const everyMinute = setInterval(reloadIfSeen, 60_000);
    addEventListener('focus', reloadIfSeen);
    return () => {
      clearInterval(everyMinute);
      removeEventListener('focus', reloadIfSeen);
    };
  }, [reload]);

  const calls = session.groups.some((group) => group !== 'hiroba_staff');
  return (
    <div class="board">
      {fault !== undefined && (
        <div class="notice att__fault" data-kind="alert" role="alert">
          <p>{fault}</p>
          <button class="button" type="button" onClick={() => void reload()}>
            もう一度読みこむ
          </button>
        </div>
      )}
      {board ? (
        <>
          <Strip board={board} now={now} />
          <div class="board__panes">
            <section aria-labelledby="board-sessions">
              <h2 class="visually-hidden" id="board-sessions">
                今日と今週の回
              </h2>
              {daysOf(board).map(({ date, sessions }) => (
                <section class="board__day" key={date}>
                  <h3 class="board__date">
                    {date === board.today && <strong>今日</strong>} {shortDayName(date)}
                  </h3>
                  {sessions.length === 0 ? (
                    <p class="board__none">
                      この日の講座はありません。ひろばの来所数は「ひろば」で数えられます。
                    </p>
                  ) : (
                    <ul class="board__sessions" role="list">
                      {sessions.map((each) => (
                        <SessionCard
                          key={`${each.courseId} ${each.sessionKey}`}
                          session={each}
                          now={now}
                        />
                      ))}
                    </ul>
                  )}
                </section>
              ))}
            </section>
            <Duties board={board} seesCourses={calls} />
          </div>
        </>
      ) : (
        fault === undefined && (
          <div aria-busy="true">
            <p class="visually-hidden">今日の予定を読みこんでいます。</p>
            {[1, 2, 3].map((row) => (
              <span class="skeleton list__skeleton" key={row} />
            ))}
          </div>
        )
      )}
    </div>
  );
}

function Strip({ board, now }: { readonly board: Board; readonly now: Date }) {
  const next = nextSession(board, now);
  return (
    <div class="strip">
      {next ? (
        <p class="strip__due">
          <svg class="strip__dial" viewBox="0 0 36 36" aria-hidden="true">
            <circle class="strip__dial-ground" cx="18" cy="18" r="14" />
            <circle
              class="strip__dial-gone"
              cx="18"
              cy="18"
              r="14"
              pathLength={100}
              stroke-dasharray={`${Math.round(next.gone * 100)} 100`}
              transform="rotate(-90 18 18)"
            />
          </svg>
          <strong>{next.left}</strong>
          <a
            class="strip__what"
            href={`#attendance/${next.session.courseId}/${next.session.sessionKey}`}
          >
            {next.what}
          </a>
        </p>
      ) : (
        <p class="strip__due">今日これからの講座は、ありません。</p>
      )}
    </div>
  );
}

function SessionCard({ session, now }: { readonly session: BoardSession; readonly now: Date }) {
  const { courseId, sessionKey, title, seats, childcare, venue, publication } = session;
  const next = nextSession({ today: session.date, sessions: [session] }, now);
  return (
    <li class="board__session" data-on={next?.isOn ? '' : undefined}>
      <p class="board__time">
        {session.start}
        <span class="board__until">〜{session.end}</span>
      </p>
      <div class="board__what">
        <h4 class="board__title">{title}</h4>
        <p class="board__place">{venue}</p>
        <p class="board__counts">
          {publication === 'cancelled' && (
            <span class="chip" data-status="cancelled">
              中止
            </span>
          )}
          {seats ? (
            <span>
              席 {seats.taken}／{seats.capacity}
            </span>
          ) : (
            <span>席の数は決まっていません</span>
          )}
          {seats && seats.waiting > 0 && <span>待ち {seats.waiting}組</span>}
          {childcare && (
            <span>
              保育 {childcare.taken}／{childcare.capacity}
            </span>
          )}
          {childcare && childcare.waiting > 0 && <span>保育待ち {childcare.waiting}組</span>}
        </p>
      </div>
      <p class="board__links">
        <a class="button" data-kind="second" href={`#attendance/${courseId}/${sessionKey}`}>
          出欠<span class="visually-hidden">：{title}</span>
        </a>
        <a class="button" data-kind="plain" href={`#roster/${courseId}/${sessionKey}`}>
          名簿<span class="visually-hidden">：{title}</span>
        </a>
      </p>
    </li>
  );
}

function Duties({
  board,
  seesCourses,
}: {
  readonly board: Board;
  /** Whether this log-in has the screens that these lead to. */
  readonly seesCourses: boolean;
}) {
  const { closingToday, drawsDue, offersOpen, callsOpen } = board;
  const course = ({ courseId, title }: Board['closingToday'][number]) =>
    seesCourses ? <a href={`#courses/${courseId}`}>{title}</a> : title;
  const isQuiet = closingToday.length + drawsDue.length + offersOpen.count + callsOpen === 0;
  return (
    <section class="board__duties" aria-labelledby="board-duties">
      <h2 id="board-duties">気にかけること</h2>
      {isQuiet && <p class="board__none">いま、急ぎのことはありません。</p>}
      <dl class="board__list">
        {callsOpen > 0 && (
          <div>
            <dt>電話連絡</dt>
            <dd>{seesCourses ? <a href="#calls">{callsOpen}件</a> : `${callsOpen}件`}</dd>
          </div>
        )}
        {closingToday.length > 0 && (
          <div>
            <dt>今日で締め切り</dt>
            {closingToday.map((each) => (
              <dd key={each.courseId}>
                {momentName(new Date(each.at))}　{course(each)}
              </dd>
            ))}
          </div>
        )}
        {drawsDue.length > 0 && (
          <div>
            <dt>抽選を待っています</dt>
            {drawsDue.map((each) => (
              <dd key={each.courseId}>{course(each)}</dd>
            ))}
          </div>
        )}
        {offersOpen.count > 0 && (
          <div>
            <dt>空席のご案内</dt>
            <dd>
              返事待ち {offersOpen.count}件
              {offersOpen.firstEndsAt !== undefined &&
                `（いちばん早い期限は ${momentName(new Date(offersOpen.firstEndsAt))}）`}
            </dd>
          </div>
        )}
      </dl>
    </section>
  );
}
