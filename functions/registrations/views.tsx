/** The look-up form and plain messages. Pure markup. */
import type { Centre } from '../centre/model.ts';
import { fieldAttributes } from './attributes.ts';
import { type FormState, Phone, type Problem, TextField, typedFields } from './form-parts.tsx';

/** The form that finds a booking by its number and the telephone number given with it. */
export function LookupView({
  centre,
  typed: sent,
  problems = [],
  refusal,
}: {
  readonly centre: Centre;
  readonly typed?: unknown;
  readonly problems?: readonly Problem[];
  readonly refusal?: string | undefined;
}) {
  const state: FormState = {
    typed: typedFields(sent),
    problems: new Map(problems.map(({ field, sentence }) => [field, sentence])),
  };
  return (
    <div class="page">
      <nav class="breadcrumb" aria-label="いまいる場所">
        <ol class="breadcrumb__list" role="list">
          <li class="breadcrumb__item">
            <a href="/">ホーム</a>
          </li>
          <li class="breadcrumb__item">
            <span aria-current="page">予約の確認</span>
          </li>
        </ol>
      </nav>
      <header class="page__head">
        <h1>予約の確認</h1>
        <p class="page__lead">
          申し込んだ内容を見る、取り消す、空席のお知らせに返事をする。どれもここからできます。
        </p>
      </header>
      {refusal !== undefined && (
        <div class="error-summary" role="alert">
          <h2 class="error-summary__title">見つけられませんでした</h2>
          <p>{refusal}</p>
        </div>
      )}
      <form class="form lookup" method="post" action="/api/bookings/find" accept-charset="utf-8">
        <div class="fields">
          <TextField
            state={state}
            field="bookingNumber"
            label="受付番号"
            support="9けたの数字です。メールか、申し込みのあとの画面にあります。例：482-103-937"
            attributes={{ required: true, maxlength: 40 }}
            inputmode="numeric"
            autocomplete="off"
            size="code"
          />
          <TextField
            state={state}
            field="phone"
            label="電話番号"
            support="申し込みのときに書いた番号です。"
            attributes={fieldAttributes.phone}
            kind="tel"
            autocomplete="tel"
            size="code"
          />
        </div>
        <div>
          <button class="button" type="submit">
            予約を見る
          </button>
        </div>
      </form>
      <section class="booking__part" aria-labelledby="lookup-help">
        <h2 id="lookup-help">受付番号がわからないとき</h2>
        <p>
          メールが届いていないときは、<a href="/mail-help/">メールが届かないとき</a>
          をごらんください。お電話でもお調べします。
          <br />
          <Phone centre={centre} />
        </p>
      </section>
    </div>
  );
}

/** A plain message: what happened, what to do, whom to call. */
export function MessageView({
  title,
  sentence,
  centre,
}: {
  readonly title: string;
  readonly sentence: string;
  readonly centre: Centre;
}) {
  return (
    <div class="page">
      <header class="page__head">
        <h1>{title}</h1>
        <p class="page__lead">{sentence}</p>
      </header>
      <p>
        お困りのときは、お電話ください。
        <br />
        <Phone centre={centre} />
      </p>
      <p>
        <a class="onward" href="/bookings/">
          予約の確認へ
        </a>
        <br />
        <a class="onward" href="/courses/">
          講座・行事の一覧へ
        </a>
      </p>
    </div>
  );
}
