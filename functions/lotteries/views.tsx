/** The page of a draw: in plain words how it is kept fair, and what came out. Pure markup. */
import type { ComponentChildren } from 'preact';
import { clockName, dayInTokyo, momentName, shortDayName } from '../calendar/rules.ts';
import type { Centre } from '../centre/model.ts';
import type { Course } from '../courses/model.ts';
import { coursePath } from '../courses/views.tsx';
import type { DrawFile, DrawnFile } from './model.ts';
import { publicDigits, SCHEME } from './rules.ts';
import { drawFilePath, resultName, sessionName, stateSentence } from './words.ts';

interface Seen<File extends DrawFile = DrawFile> {
  readonly course: Course;
  readonly file: File;
  readonly centre: Centre;
}

export function DrawView({ course, file, centre }: Seen) {
  return (
    <div class="page prose" data-draw={file.state}>
      <nav class="breadcrumb" aria-label="いまいる場所">
        <ol class="breadcrumb__list" role="list">
          <li class="breadcrumb__item">
            <a href="/">ホーム</a>
          </li>
          <li class="breadcrumb__item">
            <a href="/courses/">講座・行事</a>
          </li>
          <li class="breadcrumb__item">
            <a href={coursePath(course)}>{course.title}</a>
          </li>
          <li class="breadcrumb__item">
            <span aria-current="page">抽選</span>
          </li>
        </ol>
      </nav>
      <header class="page__head">
        <h1>{course.title}の抽選</h1>
        <p class="page__lead">{stateSentence(file)}</p>
      </header>
      {file.state === 'drawn' && <Results course={course} file={file} centre={centre} />}
      <Explanation course={course} file={file} centre={centre} />
      <Seals file={file} />
    </div>
  );
}

function Results({ course, file }: Seen<DrawnFile>) {
  const results = [...file.results].sort((a, b) => a.number - b.number);
  const tiers = new Map(file.entries.map((entry) => [entry.number, entry.tier]));
  const hasTiers = file.tiers.length > 0;
  const countOf = (outcome: string) =>
    file.results.filter(({ result }) => result === outcome).length;
  return (
    <>
      <section>
        <h2>あなたの番号</h2>
        <form class="draw__find" data-part="find" hidden>
          <div class="field">
            <label class="field__label" for="draw-number">
              抽選番号
            </label>
            <p class="field__support" id="draw-number-support">
              お申し込みの控えにある番号です。
            </p>
            <input
              class="input"
              id="draw-number"
              data-size="short"
              inputmode="numeric"
              autocomplete="off"
              aria-describedby="draw-number-support"
            />
          </div>
          <button class="button" type="submit">
            番号をさがす
          </button>
        </form>
        <p class="draw__own" role="status" data-part="own" />
        <p>
          申し込み {file.count} 件のうち、当選 {countOf('won')} 件、補欠 {countOf('reserve')}{' '}
          件、落選 {countOf('lost')} 件です。
        </p>
        <p>
          当選した方には、参加するかどうかを伺います。期限までにお返事がないときは、補欠の方に順番にご案内します。
        </p>
      </section>
      <section>
        <h2>すべての番号の結果</h2>
        {file.choice !== 'all' && (
          <ul role="list">
            {course.sessions.map(({ key, date, start }) => (
              <li key={key}>
                {sessionName(key)}は、
                <span class="unbroken">
                  {shortDayName(date)}
                  {clockName(start)}
                </span>
                からです。
              </li>
            ))}
          </ul>
        )}
        {hasTiers && <p>優先の数字は、この下の「優先の順」の番号です。</p>}
        <table class="draw__table">
          <thead>
            <tr>
              <th scope="col">番号</th>
              {hasTiers && <th scope="col">優先</th>}
              <th scope="col">順番</th>
              <th scope="col">結果</th>
            </tr>
          </thead>
          <tbody>
            {results.map((result) => (
              <tr key={result.number} id={`n${result.number}`}>
                <th scope="row">{result.number}</th>
                {hasTiers && <td>{(tiers.get(result.number) ?? 0) + 1}</td>}
                <td>{result.rank}</td>
                <td>{resultName(result, sessionName)}</td>
              </tr>
            ))}
          </tbody>
        </table>
        <p class="note">
          番号がとんでいるところは、締め切りの前に取り消された申し込みです。お名前は、どこにも載せていません。
        </p>
      </section>
      <section data-part="again" hidden>
        <h2>もういちど計算する</h2>
        <p>
          公開されている一覧とたねを使って、お手もとの機械で抽選をはじめからやり直し、同じ結果になるかを確かめます。数秒で終わります。
        </p>
        <p>
          <button class="button" type="button" data-kind="second" data-part="recompute">
            もういちど計算する
          </button>
        </p>
        <div role="status" data-part="findings" />
      </section>
    </>
  );
}

function Explanation({ course, file, centre }: Seen) {
  const { drawAt } = course.application;
  return (
    <section>
      <h2>だれにも結果を選べない、抽選のしくみ</h2>
      <ol class="draw__steps">
        <Step name="「抽選のたね」に封をします">
          受付を始めるときに、機械がくじで長い数を一つ決めます。これが「抽選のたね」です。たねは見せずに、たねから計算した「封の印」だけを、このページに載せます。たねをあとから取りかえると、印が合わなくなります。
        </Step>
        <Step name="番号をお渡しします" isNow={file.state === 'open'}>
          申し込みの順に、1 から番号がつきます。番号が早くても遅くても、当たりやすさは変わりません。
        </Step>
        <Step name="申し込みの一覧に封をします">
          受付を締め切ったら、番号の一覧と、定員にも封をして、印を載せます。あとから、申し込みを足すことも、消すことも、書きかえることもできません。
        </Step>
        <Step name={`「${file.publicValueName}」を待ちます`} isNow={file.state === 'closed'}>
          締め切りのあとに、センターの外で決まる数字です。締め切りのときには、まだだれも知りません。
        </Step>
        <Step name="計算して、すべてを公開します" isNow={file.state === 'drawn'}>
          たねとこの数字を合わせて、番号をならべる順番を計算します。
          {drawAt !== undefined && file.state !== 'drawn' && (
            <>
              <span class="unbroken">{momentName(new Date(drawAt))}</span>の予定です。
            </>
          )}
          結果といっしょに、たねと一覧を公開するので、だれでも同じ計算をやり直せます。
        </Step>
      </ol>
      <p>
        職員はたねを知ることができても、あとから決まる数字を知りません。数字が決まったときには、たねも一覧も、もう変えられません。だから、だれにも結果を選べません。
      </p>
      {file.tiers.length > 0 && (
        <>
          <h3>優先の順</h3>
          <p>上の方から先にならべ、同じ優先の中では、どの番号も同じ当たりやすさです。</p>
          <ol>
            {file.tiers.map((tier) => (
              <li key={tier}>{tier}</li>
            ))}
            <li>そのほかの方</li>
          </ol>
        </>
      )}
      <h3>この計算でわからないこと</h3>
      <p>
        申し込みが一覧から漏れていないかは、計算ではわかりません。結果が出たら、ご自分の番号を一覧でお確かめください。見つからないときは、お電話ください。
        <br />
        <span class="phone">
          <a class="phone__number" href={`tel:${centre.phones.main}`}>
            {centre.phones.main}
          </a>
          <span class="note">{centre.hoursNote}</span>
        </span>
      </p>
    </section>
  );
}

function Step({
  name,
  isNow = false,
  children,
}: {
  readonly name: string;
  readonly isNow?: boolean;
  readonly children: ComponentChildren;
}) {
  return (
    <li aria-current={isNow ? 'step' : undefined}>
      <strong>{name}</strong>
      {isNow && <span class="draw__now">いま、ここです</span>}
      <br />
      {children}
    </li>
  );
}

function Seals({ file }: { readonly file: DrawFile }) {
  return (
    <details class="more">
      <summary>封の印と、計算に使う数</summary>
      <p>
        このページを、いま保存したり印刷したりしておくと、あとで印が変わっていないことも確かめられます。
      </p>
      <dl class="facts">
        <Seal name="たねの封の印" at={file.openedAt} value={file.commitment} />
        {file.state !== 'open' && (
          <Seal name="一覧の封の印" at={file.closedAt} value={file.listHash} />
        )}
        {file.state === 'drawn' && (
          <>
            <Seal name="抽選のたね" at={file.drawnAt} value={file.seed} />
            <div class="facts__row">
              <dt>{file.publicValueName}</dt>
              <dd>
                {file.publicValue}
                <p class="note">
                  計算には、数字だけをつないで、頭の 0 を除いた {publicDigits(file.publicValue)}{' '}
                  を使います。
                </p>
              </dd>
            </div>
          </>
        )}
        <div class="facts__row">
          <dt>計算の決まり</dt>
          <dd>
            {SCHEME}
            <p class="note">
              印は SHA-256、順番は HMAC-SHA-256 です。機械で読むためのファイルは
              <a href={drawFilePath(file.courseId)}>draw.json</a>
              です。プログラムを書ける方は、ひだまりのソースコードにある npm run replay-draw
              でも確かめられます。
            </p>
          </dd>
        </div>
      </dl>
    </details>
  );
}

function Seal({
  name,
  at,
  value,
}: {
  readonly name: string;
  readonly at: string;
  readonly value: string;
}) {
  return (
    <div class="facts__row">
      <dt>{name}</dt>
      <dd>
        <code class="draw__hash">{value}</code>
        <p class="note">
          <time dateTime={at}>{shortDayName(dayInTokyo(new Date(at)))}</time>に公開しました。
        </p>
      </dd>
    </div>
  );
}
