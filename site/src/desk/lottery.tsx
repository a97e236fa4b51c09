/**
 * Lotteries at the desk, in the steps in which they happen: applications close, the public value is
 * typed, the results are looked at, and then they go out to everybody at once.
 */
import { useCallback, useEffect, useState } from 'preact/hooks';
import {
  type CourseWithSeats,
  type DeskLottery,
  drawPath,
  isPublicValue,
  momentName,
} from '../rules.ts';
import { call, LoggedOutError, listCourses, RefusedError } from './api.ts';
import type { ScreenProps } from './sections.tsx';

const AWAY = 'うまくいきませんでした。少し待って、もう一度お試しください。';

export function LotteryScreen(props: ScreenProps) {
  return props.rest === '' ? (
    <LotteryList {...props} />
  ) : (
    <OneLottery key={props.rest} {...props} courseId={props.rest} />
  );
}

/** The courses that draw lots, by first date. */
function LotteryList({ session, onGo, onLoggedOut }: ScreenProps) {
  const [courses, setCourses] = useState<readonly CourseWithSeats[] | undefined>();
  const [fault, setFault] = useState<string | undefined>();
  useEffect(() => {
    listCourses(session.accessToken).then(
      (all) => setCourses(all.filter(({ course }) => course.application.method === 'lottery')),
      (error) => {
        if (error instanceof LoggedOutError) onLoggedOut();
        else setFault(AWAY);
      },
    );
  }, [session, onLoggedOut]);
  return (
    <section class="lottery" aria-labelledby="lottery-title">
      <h2 id="lottery-title">抽選</h2>
      {fault !== undefined && <Fault sentence={fault} />}
      {courses?.length === 0 && <p class="note">抽選の講座は、いまありません。</p>}
      {courses !== undefined && courses.length > 0 && (
        <table class="lottery__table">
          <thead>
            <tr>
              <th scope="col">講座</th>
              <th scope="col">締め切り</th>
              <th scope="col">抽選</th>
            </tr>
          </thead>
          <tbody>
            {courses.map(({ course: { courseId, title, application, drawnAt } }) => (
              <tr key={courseId}>
                <th scope="row">
                  <a
                    href={`#lottery/${courseId}`}
                    onClick={(event) => {
                      event.preventDefault();
                      onGo(courseId);
                    }}
                  >
                    {title}
                  </a>
                </th>
                <td>
                  {application.closesAt === undefined
                    ? 'まだ決まっていません'
                    : momentName(new Date(application.closesAt))}
                </td>
                <td>{drawnAt === undefined ? 'まだです' : '発表しました'}</td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
    </section>
  );
}

function OneLottery({
  session,
  courseId,
  onGo,
  onLoggedOut,
}: ScreenProps & { readonly courseId: string }) {
  const [seen, setSeen] = useState<DeskLottery | undefined>();
  const [told, setTold] = useState<string | undefined>();
  const [isBusy, setIsBusy] = useState(false);
  const path = `/api/staff/courses/${courseId}/lottery`;

  /** One call; what it answers is shown, and what it refuses is said. */
  const ask = useCallback(
    async (method: 'GET' | 'POST', to: string, body?: unknown): Promise<boolean> => {
      setIsBusy(true);
      try {
        setSeen(await call<DeskLottery>(session.accessToken, method, to, body));
        setTold(undefined);
        return true;
      } catch (error) {
        if (error instanceof LoggedOutError) onLoggedOut();
        else setTold(error instanceof RefusedError ? error.message : AWAY);
        return false;
      } finally {
        setIsBusy(false);
      }
    },
    [session, onLoggedOut],
  );
  useEffect(() => {
    void ask('GET', path);
  }, [ask, path]);

  return (
    <article class="lottery" aria-labelledby="lottery-title">
      <p>
        <button class="button" data-kind="plain" type="button" onClick={() => onGo('')}>
          抽選の一覧にもどる
        </button>
      </p>
      <h2 id="lottery-title">{seen === undefined ? '抽選' : `${seen.title}の抽選`}</h2>
      {seen && (
        <>
          <Steps state={seen.state} />
          <Now
            seen={seen}
            isBusy={isBusy}
            onType={(publicValue) =>
              ask('POST', `${path}/value`, { version: seen.version, publicValue })
            }
            onPublish={() => ask('POST', `${path}/publish`, { version: seen.version })}
          />
        </>
      )}
      <div role="status">
        {told !== undefined && (
          <>
            <Fault sentence={told} />
            <button class="button" type="button" onClick={() => void ask('GET', path)}>
              いまの内容を読みこむ
            </button>
          </>
        )}
      </div>
      {seen && (
        <>
          <Counts seen={seen} />
          {seen.results.length > 0 && <Results seen={seen} />}
          <Seals seen={seen} />
        </>
      )}
    </article>
  );
}

function Fault({ sentence }: { readonly sentence: string }) {
  return (
    <p class="notice" data-kind="alert">
      {sentence}
    </p>
  );
}

const STEPS: readonly { readonly state: DeskLottery['state']; readonly name: string }[] = [
  { state: 'open', name: '受け付けています' },
  { state: 'closed', name: '番号を入れる' },
  { state: 'previewed', name: '下見をして、発表する' },
  { state: 'drawn', name: '発表しました' },
];

function Steps({ state }: Pick<DeskLottery, 'state'>) {
  return (
    <ol class="lottery__steps" role="list" aria-label="抽選の進みぐあい">
      {STEPS.map((step, index) => (
        <li
          class="lottery__step"
          key={step.state}
          aria-current={step.state === state ? 'step' : undefined}
        >
          {index + 1}．{step.name}
        </li>
      ))}
    </ol>
  );
}

interface NowProps {
  readonly seen: DeskLottery;
  readonly isBusy: boolean;
  readonly onType: (publicValue: string) => Promise<boolean>;
  readonly onPublish: () => Promise<boolean>;
}

/** What is to be done in this state, and nothing else. */
function Now(props: NowProps) {
  const { seen } = props;
  switch (seen.state) {
    case 'open':
      return (
        <p>
          いま {seen.applications} 件の申し込みがあります。
          {seen.closesAt !== undefined &&
            `${momentName(new Date(seen.closesAt))}に締め切り、一覧に封をします。`}
          することは、まだありません。
        </p>
      );
    case 'closed':
      return (
        <>
          <p>
            締め切りました。{seen.applications} 件の一覧に、封をしました。 「{seen.publicValueName}
            」が決まったら、ここに入れてください。入れても、まだどこにも出ません。
          </p>
          <ValueForm {...props} />
        </>
      );
    case 'previewed':
      return (
        <>
          <p>
            下の表は、発表するとこうなる、という下見です。まだだれにも知らせていません。番号にまちがいがあれば、入れなおせます。
          </p>
          <ValueForm {...props} />
          <Publish {...props} />
        </>
      );
    case 'drawn':
      return (
        <p>
          {seen.drawnAt !== undefined && `${momentName(new Date(seen.drawnAt))}に`}発表しました。
          {seen.settled < seen.applications
            ? `申し込んだ方に、順にお知らせしています（${seen.applications} 件のうち ${seen.settled} 件）。`
            : 'すべての方に、お知らせを出しました。'}
          当選した方のお返事は、{seen.confirmDays} 日後までです。
          <a href={drawPath(seen.courseId)} target="_blank" rel="noopener">
            公開した結果のページを開く（新しい画面）
          </a>
        </p>
      );
  }
}

function ValueForm({ seen, isBusy, onType }: NowProps) {
  const [typed, setTyped] = useState(seen.publicValue ?? '');
  const [isWrong, setIsWrong] = useState(false);
  return (
    <form
      class="lottery__form"
      onSubmit={(event) => {
        event.preventDefault();
        setIsWrong(!isPublicValue(typed));
        if (!isBusy && isPublicValue(typed)) void onType(typed);
      }}
    >
      <label class="field__label" for="public-value">
        {seen.publicValueName}
      </label>
      <p class="field__support" id="public-value-support">
        数字だけを使います。「12組 123456番」のように、発表されたとおりに入れてください。
      </p>
      <p class="field__error" id="public-value-error" role="status">
        {isWrong ? '＊公表された番号を、4けた以上の数字で入れてください。' : ''}
      </p>
      <div class="lottery__line">
        <input
          class="input"
          id="public-value"
          required
          maxlength={60}
          autocomplete="off"
          aria-describedby="public-value-support public-value-error"
          aria-invalid={isWrong ? 'true' : undefined}
          value={typed}
          onInput={(event) => setTyped(event.currentTarget.value)}
        />
        <button class="button" type="submit" aria-disabled={isBusy}>
          {seen.state === 'closed' ? '入れて下見をする' : '入れなおして下見をする'}
        </button>
      </div>
    </form>
  );
}

/** In two presses: what goes out cannot be called back. */
function Publish({ seen, isBusy, onPublish }: NowProps) {
  const [isAsking, setIsAsking] = useState(false);
  const count = (outcome: string) => seen.results.filter(({ result }) => result === outcome).length;
  if (!isAsking) {
    return (
      <p>
        <button class="button" type="button" onClick={() => setIsAsking(true)}>
          この結果を発表する
        </button>
      </p>
    );
  }
  return (
    <section class="notice" data-kind="alert" aria-labelledby="publish-title">
      <p class="notice__title" id="publish-title">
        発表すると、取り消せません
      </p>
      <p>
        番号「{seen.publicValue}」で、当選 {count('won')} 件、補欠 {count('reserve')} 件、落選{' '}
        {count('lost')}{' '}
        件です。申し込んだ方みなさんに、いちどにお知らせします。番号を、発表された紙や画面ともう一度くらべてください。
      </p>
      <p class="lottery__line">
        <button
          class="button"
          data-kind="grave"
          type="button"
          aria-disabled={isBusy}
          onClick={() => {
            if (!isBusy) void onPublish();
          }}
        >
          くらべました。発表します
        </button>
        <button class="button" data-kind="plain" type="button" onClick={() => setIsAsking(false)}>
          まだ発表しない
        </button>
      </p>
    </section>
  );
}

/** Applications by priority, with what would come out where it is known. */
function Counts({ seen }: { readonly seen: DeskLottery }) {
  const isKnown = seen.results.length > 0;
  return (
    <section aria-labelledby="lottery-counts">
      <h3 id="lottery-counts">優先ごとの数</h3>
      <table class="lottery__table">
        <thead>
          <tr>
            <th scope="col">優先</th>
            <th scope="col">申し込み</th>
            {isKnown && (
              <>
                <th scope="col">当選</th>
                <th scope="col">補欠</th>
                <th scope="col">落選</th>
              </>
            )}
          </tr>
        </thead>
        <tbody>
          {seen.tiers.map((tier) => (
            <tr key={tier.name}>
              <th scope="row">{tier.name}</th>
              <td>{tier.applications}</td>
              {isKnown && (
                <>
                  <td>{tier.won}</td>
                  <td>{tier.reserve}</td>
                  <td>{tier.lost}</td>
                </>
              )}
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}

function Results({ seen }: { readonly seen: DeskLottery }) {
  return (
    <section aria-labelledby="lottery-results">
      <h3 id="lottery-results">{seen.state === 'drawn' ? '結果' : '下見'}</h3>
      <table class="lottery__table">
        <thead>
          <tr>
            <th scope="col">順番</th>
            <th scope="col">抽選番号</th>
            <th scope="col">結果</th>
            <th scope="col">申し込んだ方</th>
            <th scope="col">受付番号</th>
          </tr>
        </thead>
        <tbody>
          {seen.results.map((each) => (
            <tr key={each.number} data-result={each.result}>
              <td>{each.rank}</td>
              <th scope="row">{each.number}</th>
              <td>{each.said}</td>
              <td>
                {each.name ?? ''}
                {each.isWithdrawn && (
                  <span class="lottery__mark">
                    締め切りのあとに取り消されました。席は次の方にまわります。
                  </span>
                )}
              </td>
              <td>{each.bookingNumber}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}

function Seals({ seen }: { readonly seen: DeskLottery }) {
  return (
    <details class="more">
      <summary>封の印</summary>
      <dl class="facts">
        <div class="facts__row">
          <dt>たねの封の印</dt>
          <dd>
            <code class="lottery__hash">{seen.commitment}</code>
            <p class="note">{momentName(new Date(seen.openedAt))}に公開しました。</p>
          </dd>
        </div>
        {seen.listHash !== undefined && (
          <div class="facts__row">
            <dt>一覧の封の印</dt>
            <dd>
              <code class="lottery__hash">{seen.listHash}</code>
            </dd>
          </div>
        )}
      </dl>
      <p class="note">
        たね（抽選に使う長い数）は、発表するまで、職員にも見えません。だれにも結果を選べないようにするためです。
      </p>
    </details>
  );
}
