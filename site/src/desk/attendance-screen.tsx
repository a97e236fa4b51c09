/**
 * 出欠 at the door, for a phone in one hand: big names, three big buttons, counts that stay in sight.
 * What is marked holds here at once and is sent when there is a network.
 */
import { useState } from 'preact/hooks';
import {
  type AttendanceSheet,
  attendanceName,
  clockName,
  type ExpectedFamily,
  instantInTokyo,
  type MarkRequest,
  type MarkView,
  markName,
  shortDayName,
  summaryOf,
} from '../rules.ts';
import { FamilyRow } from './attendance-family.tsx';
import type { Job } from './attendance-queue.ts';
import { ReasonSheet } from './attendance-reason.tsx';
import { WalkIns } from './attendance-walk-ins.tsx';
import type { ScreenProps } from './sections.tsx';
import { nextSequence, thisDevice, useAttendance } from './use-attendance.ts';

/** What somebody marks; the rest of a mark follows from where it is made. */
export type Marking = Pick<MarkRequest, 'status' | 'reason' | 'note' | 'persons'>;

interface Last {
  readonly registrationId: string;
  readonly name: string;
  readonly made: Marking;
  readonly before: Marking;
}

const UNMARKED: Marking = { status: 'unmarked', persons: {} };

export function AttendanceScreen({ session, rest, onLoggedOut }: ScreenProps) {
  const [courseId = '', sessionKey = ''] = rest.split('/');
  return courseId === '' || sessionKey === '' ? (
    <p class="pane__empty">
      <a href="#board">今日の予定</a>から、出欠を付ける回を選んでください。
    </p>
  ) : (
    <Sheet
      key={rest}
      session={session}
      courseId={courseId}
      sessionKey={sessionKey}
      onLoggedOut={onLoggedOut}
    />
  );
}

function Sheet({
  session,
  courseId,
  sessionKey,
  onLoggedOut,
}: Pick<ScreenProps, 'session' | 'onLoggedOut'> & {
  readonly courseId: string;
  readonly sessionKey: string;
}) {
  const state = useAttendance(session, courseId, sessionKey, onLoggedOut);
  const { sheet, known, jobs, unsent, fault } = state;
  const [asking, setAsking] = useState<ExpectedFamily | undefined>();
  const [last, setLast] = useState<Last | undefined>();

  if (!sheet) {
    return (
      <div class="att">
        {fault === undefined ? (
          <div aria-busy="true">
            <p class="visually-hidden">名簿を読みこんでいます。</p>
            {[1, 2, 3, 4].map((row) => (
              <span class="skeleton list__skeleton" key={row} />
            ))}
          </div>
        ) : (
          <Fault sentence={fault} onRetry={state.reload} />
        )}
      </div>
    );
  }

  const markOf = (registrationId: string): MarkView | undefined =>
    sheet.marks.find((mark) => mark.registrationId === registrationId);
  const send = (family: Pick<ExpectedFamily, 'registrationId'>, made: Marking) => {
    const seen = known.find((mark) => mark.registrationId === family.registrationId);
    const { status, reason, note, persons } = made;
    state.add({
      kind: 'mark',
      courseId,
      sessionKey,
      request: {
        registrationId: family.registrationId,
        status,
        ...(reason === undefined ? {} : { reason }),
        ...(note === undefined || note === '' ? {} : { note }),
        persons,
        version: seen?.version ?? 0,
        device: thisDevice(),
        sequence: nextSequence(),
      },
    });
  };
  const mark = (family: ExpectedFamily, made: Marking) => {
    const { registrationId, name } = family;
    setLast({ registrationId, name, made, before: markOf(registrationId) ?? UNMARKED });
    send(family, made);
  };
  const press = (family: ExpectedFamily, status: 'present' | 'late' | 'absent') => {
    const now = markOf(family.registrationId)?.status;
    if (now === status && status !== 'absent') mark(family, UNMARKED);
    else if (status === 'absent') setAsking(family);
    else mark(family, { status, persons: {} });
  };
  const jobOf = (registrationId: string) =>
    jobs.find(
      (job): job is Extract<Job, { kind: 'mark' }> =>
        job.kind === 'mark' &&
        job.courseId === courseId &&
        job.sessionKey === sessionKey &&
        job.request.registrationId === registrationId,
    );

  return (
    <div class="att">
      <Head sheet={sheet} unsent={unsent} onSend={state.sendNow} />
      {fault !== undefined && <Fault sentence={fault} onRetry={state.reload} />}
      <div class="att__panes">
        <section class="att__list" aria-labelledby="att-list">
          <div class="att__list-head">
            <h3 id="att-list">予定の方</h3>
            <button
              class="button"
              data-kind="plain"
              type="button"
              onClick={() => void state.reload()}
            >
              名簿を読み直す
            </button>
          </div>
          {sheet.families.length === 0 ? (
            <p class="pane__empty">この回に参加が決まっている方は、まだいません。</p>
          ) : (
            <ul class="att__families" role="list" onKeyDown={moveByArrow}>
              {sheet.families.map((family) => (
                <FamilyRow
                  key={family.registrationId}
                  family={family}
                  mark={markOf(family.registrationId)}
                  job={jobOf(family.registrationId)}
                  showsPhone={hasBegun(sheet)}
                  onPress={(status) => press(family, status)}
                  onMark={(made) => mark(family, made)}
                />
              ))}
            </ul>
          )}
        </section>
        <WalkIns
          walkIns={sheet.walkIns}
          jobs={jobs}
          seatsFree={sheet.seatsFree}
          courseId={courseId}
          sessionKey={sessionKey}
          onAdd={state.add}
        />
      </div>
      <div class="att__last" role="status">
        {last && (
          <>
            <span>
              {last.name}：{markName(last.made)}
            </span>
            <button
              class="button"
              data-kind="second"
              type="button"
              onClick={() => {
                send(last, last.before);
                setLast(undefined);
              }}
            >
              元にもどす
            </button>
          </>
        )}
      </div>
      {asking && (
        <ReasonSheet
          name={asking.name}
          mark={markOf(asking.registrationId)}
          onChoose={(made) => {
            setAsking(undefined);
            mark(asking, made);
          }}
          onClose={() => setAsking(undefined)}
        />
      )}
    </div>
  );
}

function hasBegun({ session }: Pick<AttendanceSheet, 'session'>): boolean {
  return new Date() >= instantInTokyo(session.date, session.start);
}

/** Title, counts and what is not sent yet: always in sight. */
function Head({
  sheet,
  unsent,
  onSend,
}: {
  readonly sheet: AttendanceSheet;
  readonly unsent: number;
  readonly onSend: () => void;
}) {
  const { session } = sheet;
  const summary = summaryOf(sheet.families, sheet.marks, sheet.walkIns);
  const counts = [
    ['予定', summary.expected],
    [attendanceName.present, summary.present],
    [attendanceName.late, summary.late],
    [attendanceName.absent, summary.absent],
    [attendanceName.unmarked, summary.unmarked],
    ['来た人', summary.people],
  ] as const;
  return (
    <div class="att__head">
      <p class="att__when">
        <a href="#board">今日</a>
        <a href={`#roster/${sheet.courseId}/${session.key}`}>名簿</a>
        <span>
          {shortDayName(session.date)} {clockName(session.start)}から{clockName(session.end)}
        </span>
      </p>
      <h2 class="att__title">{sheet.title}</h2>
      {sheet.publication === 'cancelled' && (
        <p class="chip" data-status="cancelled">
          中止
        </p>
      )}
      <dl class="att__counts">
        {counts.map(([name, count]) => (
          <div key={name}>
            <dt>{name}</dt>
            <dd>{count}</dd>
          </div>
        ))}
      </dl>
      <p class="att__net" role="status" data-unsent={unsent > 0 ? '' : undefined}>
        {unsent > 0 && (
          <>
            <span>未送信 {unsent}件（つながると送ります）</span>
            <button class="button" data-kind="second" type="button" onClick={onSend}>
              いま送る
            </button>
          </>
        )}
      </p>
    </div>
  );
}

function Fault({
  sentence,
  onRetry,
}: {
  readonly sentence: string;
  readonly onRetry: () => Promise<void>;
}) {
  return (
    <div class="notice att__fault" data-kind="alert" role="alert">
      <p>{sentence}</p>
      <button class="button" type="button" onClick={() => void onRetry()}>
        もう一度読みこむ
      </button>
    </div>
  );
}

/** ↑ ↓ go to the same button of the next family, ← → to the next button of this one. */
function moveByArrow(event: KeyboardEvent): void {
  const list = event.currentTarget;
  const here = event.target;
  if (!(list instanceof HTMLElement) || !(here instanceof HTMLElement)) return;
  if (!here.matches('.att__button')) return;
  const rows = [...list.querySelectorAll<HTMLElement>('.att__family')];
  const row = here.closest<HTMLElement>('.att__family');
  const buttonsIn = (each: HTMLElement | undefined | null) => [
    ...(each?.querySelectorAll<HTMLElement>('.att__buttons > .att__button') ?? []),
  ];
  const at = buttonsIn(row).indexOf(here);
  const next: Readonly<Record<string, HTMLElement | undefined>> = {
    ArrowDown: buttonsIn(rows[rows.indexOf(row ?? here) + 1])[at],
    ArrowUp: buttonsIn(rows[rows.indexOf(row ?? here) - 1])[at],
    ArrowRight: buttonsIn(row)[at + 1],
    ArrowLeft: buttonsIn(row)[at - 1],
  };
  const target = next[event.key];
  if (!target) return;
  event.preventDefault();
  target.focus();
}
