/** 通告 at the desk: what was received as a report, when it was received, and how much of 48 hours is left. */
import { useCallback, useEffect, useState } from 'preact/hooks';
import { type KeyRing, momentName, type Report } from '../rules.ts';
import { LoggedOutError } from './api.ts';
import { Dial } from './dial.tsx';
import { readReports } from './letters-api.ts';
import { reportDue } from './letters-due.ts';
import type { ScreenProps } from './sections.tsx';
import { memberName, readKeyRing } from './vault.ts';

export function ReportsScreen({
  session,
  onLoggedOut,
}: Pick<ScreenProps, 'session' | 'onLoggedOut'>) {
  const [reports, setReports] = useState<readonly Report[] | undefined>();
  const [ring, setRing] = useState<Pick<KeyRing, 'members' | 'grants'>>({
    members: [],
    grants: [],
  });
  const [isAway, setIsAway] = useState(false);
  const [now, setNow] = useState(() => new Date());

  const reload = useCallback(async () => {
    setIsAway(false);
    try {
      const [arrived, read] = await Promise.all([
        readReports(session.accessToken),
        readKeyRing(session.accessToken),
      ]);
      setRing(read);
      setReports(arrived);
    } catch (error) {
      if (error instanceof LoggedOutError) onLoggedOut();
      else setIsAway(true);
    }
  }, [session, onLoggedOut]);
  // Each look is written down, so it is read when somebody comes to it.
  useEffect(() => void reload(), [reload]);
  useEffect(() => {
    const halfMinutes = setInterval(() => setNow(new Date()), 30_000);
    return () => clearInterval(halfMinutes);
  }, []);

  return (
    <section class="calls" aria-labelledby="reports-title">
      <div class="calls__head">
        <h2 id="reports-title">通告</h2>
        <p class="list__count">{reports === undefined ? '' : `${reports.length}件`}</p>
        <button class="button" data-kind="second" type="button" onClick={() => void reload()}>
          読みこむ
        </button>
      </div>
      <p class="notice" data-kind="alert">
        保護者が、子どもの代理人としてこの記録を見せるように求めることがあります。開示の前に、かならず確かめてください。
      </p>
      {isAway && (
        <p class="call__problem" role="alert">
          通告の記録を読みこめませんでした。通信を確かめて、「読みこむ」を押してください。
        </p>
      )}
      {reports === undefined && !isAway && (
        <p class="list__empty" aria-busy="true">
          読みこんでいます…
        </p>
      )}
      {reports?.length === 0 && (
        <p class="list__empty">
          受理した通告はありません。手紙の画面で「通告として受理」を押すと、ここに載ります。
        </p>
      )}
      <ul class="calls__list" role="list">
        {reports?.map((report) => (
          <li key={report.reportId}>
            <ReportCard
              report={report}
              reader={memberName(ring, report.reader)}
              canOpen={ring.grants.length > 0}
              now={now}
            />
          </li>
        ))}
      </ul>
    </section>
  );
}

function ReportCard({
  report,
  reader,
  canOpen,
  now,
}: {
  readonly report: Report;
  /** What colleagues call who read it. */
  readonly reader: string;
  /** Letters are for who was granted a desk; the record is for those of the abuse desk as well. */
  readonly canOpen: boolean;
  readonly now: Date;
}) {
  const { reportId, source, text, reason, receivedAt, recognisedAt } = report;
  const since = new Date(receivedAt);
  const due = reportDue(since, now);
  return (
    <article
      class="call"
      aria-labelledby={`report-${reportId}`}
      data-late={due.isLate ? '' : undefined}
    >
      <p class="call__due">
        <Dial gone={due.gone} />
        <strong>48時間まで {due.left}</strong>
        <span class="call__until">{momentName(due.at)}まで</span>
      </p>
      <h3 class="call__name" id={`report-${reportId}`}>
        相談 {source.conversation}
        <span class="call__kana">手紙 {source.letters.join('・')}通目から</span>
      </h3>
      <dl class="call__facts">
        <div>
          <dt>受理日時</dt>
          <dd>{momentName(since)}（手紙がとどいた時刻）</dd>
        </div>
        <div>
          <dt>認知日時</dt>
          <dd>{momentName(new Date(recognisedAt))}</dd>
        </div>
        <div>
          <dt>聴取者</dt>
          <dd>{reader}</dd>
        </div>
        <div>
          <dt>理由</dt>
          <dd class="notes__text">{reason}</dd>
        </div>
      </dl>
      <details class="report__text">
        <summary>書き写した文</summary>
        <p class="letter__text">{text}</p>
      </details>
      {canOpen && (
        <p>
          <a href={`#letters/${source.mailbox}`}>やりとりを開く</a>
        </p>
      )}
    </article>
  );
}
