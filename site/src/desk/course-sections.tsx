/** The sections of the course form, in the words of a notice. */
import {
  addDays,
  type Course,
  type CourseWithSeats,
  clockName,
  isDay,
  shortDayName,
} from '../rules.ts';
import {
  ChoiceField,
  controlId,
  DateField,
  type FormFace,
  LinesField,
  MomentField,
  ProblemAt,
  SchoolYearField,
  TextField,
  TickField,
} from './course-fields.tsx';
import {
  childcareIn,
  childcareText,
  choiceName,
  countedByName,
  freeKey,
  lotteryIn,
  lotteryText,
  methodName,
  publicationName,
  type SectionKey,
  sessionField,
  sessionIn,
  sessionKeys,
  sessionText,
  type TypedSession,
  whoName,
} from './course-form.ts';
import type { Draft } from './merge.ts';

type Publication = Course['publication'];

const publicationNote: Readonly<Record<Publication, string>> = {
  draft: 'サイトには出ません。',
  published: 'サイトに出て、申し込みを受け付けます。',
  hidden: 'サイトから下げます。申し込みずみの方の予約は残ります。',
  cancelled: 'サイトに「中止」と出て、申し込みずみの方に知らせます。',
  template: 'サイトには出ません。これをもとに、新しい講座を作れます。',
};

/** What a section is given: the form, the version it stands on, and the seats as they are now. */
export interface SectionProps {
  readonly face: FormFace;
  readonly base: Draft;
  readonly seen: CourseWithSeats | undefined;
  readonly now: Date;
}

export const sectionViews: Readonly<
  Record<SectionKey, (props: SectionProps) => preact.JSX.Element>
> = {
  basic: Basic,
  audience: Audience,
  dates: Dates,
  seats: Seats,
  apply: Applying,
  cost: Cost,
  site: OnSite,
};

const entries = (names: Readonly<Record<string, string>>) => Object.entries(names);

function Basic({ face }: SectionProps) {
  return (
    <>
      <TextField face={face} field="title" label="講座の名前" />
      <TextField face={face} field="titleKana" label="よみ（カタカナ）" />
      <TextField face={face} field="category" label="種類" help="親子あそび、子育て講座 など" />
      <LinesField face={face} field="summary" label="紹介" help="一覧とページの初めに出ます。" />
    </>
  );
}

function Audience({ face }: SectionProps) {
  const judges = face.draft['eligibility.who'] !== 'anyone';
  return (
    <>
      <TextField
        face={face}
        field="audience"
        label="対象（サイトに出すことば）"
        help="0歳の子どもと保護者 など"
      />
      <ChoiceField
        face={face}
        field="eligibility.who"
        label="だれの年齢で決めるか"
        options={entries(whoName)}
      />
      {judges && (
        <>
          <div class="entries">
            <TextField
              face={face}
              field="eligibility.minMonths"
              label="月齢・から（か月）"
              inputMode="numeric"
              size="short"
            />
            <TextField
              face={face}
              field="eligibility.maxMonthsExclusive"
              label="月齢・これより前（か月）"
              help="12 と書くと、1歳の誕生日の前まで"
              inputMode="numeric"
              size="short"
            />
          </div>
          <div class="entries">
            <SchoolYearField
              face={face}
              field="eligibility.minSchoolYear"
              label="学年・から"
              isLower
            />
            <SchoolYearField
              face={face}
              field="eligibility.maxSchoolYear"
              label="学年・まで"
              isLower={false}
            />
          </div>
          <DateField
            face={face}
            field="eligibility.judgedOn"
            label="年齢を数える日"
            help="空けておくと、最初に参加する日で数えます。"
          />
          <TextField
            face={face}
            field="eligibility.expecting"
            label="妊娠中の方も参加できるとき、そのことば"
            help="出産を控えた方 など。参加できないときは空けておきます。"
          />
        </>
      )}
      <LinesField
        face={face}
        field="eligibility.conditions"
        label="申し込む人に確かめること"
        help="多胎、第2子以降 など。1行に一つ。"
        rows={2}
      />
    </>
  );
}

function Dates({ face, seen }: SectionProps) {
  const keys = sessionKeys(face.draft);
  const bySession = face.draft['capacity.perSession'] === 'yes';
  const set = (key: string, change: Partial<TypedSession>) => {
    const typed = sessionIn(face.draft[sessionField(key)] ?? '{}');
    face.onType(sessionField(key), sessionText({ ...typed, ...change }));
  };
  const add = () => {
    const last = keys.at(-1);
    const typed = last === undefined ? undefined : sessionIn(face.draft[sessionField(last)] ?? '');
    const key = freeKey(face.draft);
    face.onType(
      sessionField(key),
      sessionText({
        start: '10:00',
        end: '11:30',
        venue: '',
        seats: '',
        ...typed,
        date: typed && isDay(typed.date) ? addDays(typed.date, 7) : '',
      }),
    );
    requestAnimationFrame(() => document.getElementById(`session-${key}-date`)?.focus());
  };
  return (
    <>
      {keys.map((key, index) => {
        const field = sessionField(key);
        const typed = sessionIn(face.draft[field] ?? '{}');
        const id = `session-${key}`;
        const problem = face.problemAt(field);
        const pool = seen?.pools.find((candidate) => candidate.key === key);
        const describedBy = problem === undefined ? undefined : `${controlId(field)}-problem`;
        return (
          <fieldset class="date" key={key} id={controlId(field)} tabindex={-1}>
            <legend class="date__title">
              {isDay(typed.date)
                ? `${shortDayName(typed.date)} ${typed.start === '' ? '' : clockName(typed.start)}`
                : `${index + 1}つめの回`}
            </legend>
            <div class="entries">
              <Part id={`${id}-date`} label="日にち">
                <input
                  class="input"
                  id={`${id}-date`}
                  type="date"
                  aria-describedby={describedBy}
                  value={typed.date}
                  onInput={(event) => set(key, { date: event.currentTarget.value })}
                />
              </Part>
              <Part id={`${id}-start`} label="始まり">
                <input
                  class="input"
                  id={`${id}-start`}
                  type="time"
                  value={typed.start}
                  onInput={(event) => set(key, { start: event.currentTarget.value })}
                />
              </Part>
              <Part id={`${id}-end`} label="終わり">
                <input
                  class="input"
                  id={`${id}-end`}
                  type="time"
                  aria-describedby={describedBy}
                  value={typed.end}
                  onInput={(event) => set(key, { end: event.currentTarget.value })}
                />
              </Part>
              <Part id={`${id}-venue`} label="会場（この回だけ）">
                <input
                  class="input"
                  id={`${id}-venue`}
                  autocomplete="off"
                  value={typed.venue}
                  onInput={(event) => set(key, { venue: event.currentTarget.value })}
                />
              </Part>
              {bySession && (
                <Part id={`${id}-seats`} label="定員（この回だけ）">
                  <input
                    class="input"
                    id={`${id}-seats`}
                    inputmode="numeric"
                    autocomplete="off"
                    value={typed.seats}
                    onInput={(event) => set(key, { seats: event.currentTarget.value })}
                  />
                </Part>
              )}
            </div>
            {pool && <SeatsNow pool={pool} />}
            <ProblemAt face={face} field={field} />
            {keys.length > 1 && (
              <button
                class="button date__remove"
                data-kind="plain"
                type="button"
                onClick={() => face.onType(field, undefined)}
              >
                この回を消す
              </button>
            )}
          </fieldset>
        );
      })}
      <p>
        <button class="button" data-kind="second" type="button" onClick={add}>
          回を足す
        </button>
      </p>
      <ChoiceField
        face={face}
        field="sessionChoice"
        label="回の選びかた"
        options={entries(choiceName)}
      />
      <TextField face={face} field="venue" label="会場" />
    </>
  );
}

function Part({
  id,
  label,
  children,
}: {
  readonly id: string;
  readonly label: string;
  readonly children: preact.ComponentChildren;
}) {
  return (
    <div class="ask">
      <label class="ask__label" for={id}>
        {label}
      </label>
      {children}
    </div>
  );
}

function SeatsNow({ pool }: { readonly pool: CourseWithSeats['pools'][number] }) {
  const [seats, place] = pool.kind === 'childcare' ? ['人分', '保育'] : ['席', ''];
  return (
    <p class="ask__help">
      いま {place}
      {pool.capacity - pool.free}
      {seats}がうまり、{pool.waiting}件が待っています。
    </p>
  );
}

function Seats({ face, seen }: SectionProps) {
  const { draft } = face;
  const whole = seen?.pools.find(({ key }) => key === 'all');
  const inCare = seen?.pools.find(({ key }) => key === 'childcare');
  const childcare = draft['childcare'] ?? '';
  const typed = childcareIn(childcare);
  const setCare = (change: Partial<typeof typed>) =>
    face.onType('childcare', childcareText({ ...typed, ...change }));
  return (
    <>
      {whole && <SeatsNow pool={whole} />}
      <TickField face={face} field="capacity.unlimited" label="定員を決めない" />
      {draft['capacity.unlimited'] !== 'yes' && (
        <div class="entries">
          <TextField
            face={face}
            field="capacity.seats"
            label={`定員（${draft['capacity.unit']}）`}
            inputMode="numeric"
            size="short"
          />
          <TextField
            face={face}
            field="capacity.waitlist"
            label="キャンセル待ちの数"
            inputMode="numeric"
            size="short"
          />
        </div>
      )}
      <div class="entries">
        <ChoiceField
          face={face}
          field="capacity.unit"
          label="単位"
          options={['組', '人', '家族'].map((unit) => [unit, unit] as const)}
        />
        <ChoiceField
          face={face}
          field="capacity.countedBy"
          label="数えかた"
          options={entries(countedByName)}
        />
      </div>
      <TickField
        face={face}
        field="capacity.perSession"
        label="回ごとに、この定員にする"
        help="参加する回を選ぶ講座のとき。回によって定員がちがうときは「日時」に書けます。"
      />
      <div class="ask">
        <label class="choice" data-plain for={controlId('childcare')}>
          <input
            id={controlId('childcare')}
            type="checkbox"
            checked={childcare !== ''}
            onChange={(event) =>
              face.onType(
                'childcare',
                event.currentTarget.checked
                  ? childcareText({ places: '4', minMonths: '6', note: '' })
                  : '',
              )
            }
          />
          <span>保育がある</span>
        </label>
        {inCare && <SeatsNow pool={inCare} />}
        {childcare !== '' && (
          <div class="entries">
            <Part id="childcare-places" label="保育の席（人）">
              <input
                class="input"
                id="childcare-places"
                inputmode="numeric"
                autocomplete="off"
                value={typed.places}
                onInput={(event) => setCare({ places: event.currentTarget.value })}
              />
            </Part>
            <Part id="childcare-months" label="何か月から">
              <input
                class="input"
                id="childcare-months"
                inputmode="numeric"
                autocomplete="off"
                value={typed.minMonths}
                onInput={(event) => setCare({ minMonths: event.currentTarget.value })}
              />
            </Part>
            <Part id="childcare-note" label="ひとこと">
              <input
                class="input"
                id="childcare-note"
                autocomplete="off"
                value={typed.note}
                onInput={(event) => setCare({ note: event.currentTarget.value })}
              />
            </Part>
          </div>
        )}
        <ProblemAt face={face} field="childcare" />
      </div>
    </>
  );
}

function Applying({ face, base, seen, now }: SectionProps) {
  const method = face.draft['application.method'];
  const closesAt = face.draft['application.closesAt'] ?? '';
  const opensAt = base['application.opensAt'] ?? '';
  const at = now.toISOString();
  const canClose =
    seen?.course.publication === 'published' &&
    method !== 'none' &&
    opensAt <= at &&
    (closesAt === '' || closesAt > at);
  const lottery = lotteryIn(face.draft['lottery'] ?? '');
  const setLottery = (change: Partial<typeof lottery>) =>
    face.onType('lottery', lotteryText({ ...lottery, ...change }));
  return (
    <>
      <ChoiceField
        face={face}
        field="application.method"
        label="申し込みのしかた"
        options={entries(methodName)}
      />
      {method !== 'none' && (
        <div class="entries">
          <MomentField face={face} field="application.opensAt" label="受付の始まり" />
          <MomentField face={face} field="application.closesAt" label="締め切り" />
          {method === 'lottery' && (
            <MomentField face={face} field="application.drawAt" label="抽選の日時" />
          )}
        </div>
      )}
      {canClose && (
        <p>
          <button
            class="button"
            data-kind="second"
            type="button"
            onClick={() => face.onType('application.closesAt', new Date().toISOString())}
          >
            いま締め切る
          </button>
        </p>
      )}
      {method === 'lottery' && (
        <fieldset class="date" id={controlId('lottery')} tabindex={-1}>
          <legend class="date__title">抽選のしかた</legend>
          <Part id="lottery-value" label="公正さのために使う、あとで決まる番号の名前">
            <input
              class="input"
              id="lottery-value"
              autocomplete="off"
              placeholder="締め切り後に決まる、宝くじ1等の番号 など"
              value={lottery.publicValueName}
              onInput={(event) => setLottery({ publicValueName: event.currentTarget.value })}
            />
          </Part>
          <Part id="lottery-days" label="当選した方のお返事を待つ日数">
            <input
              class="input"
              data-size="short"
              id="lottery-days"
              inputmode="numeric"
              autocomplete="off"
              value={lottery.confirmDays}
              onInput={(event) => setLottery({ confirmDays: event.currentTarget.value })}
            />
          </Part>
          <Part id="lottery-tiers" label="優先する方（1行に一つ、上が先）">
            <textarea
              class="textarea"
              id="lottery-tiers"
              rows={2}
              value={lottery.tiers}
              onInput={(event) => setLottery({ tiers: event.currentTarget.value })}
            />
          </Part>
          <ProblemAt face={face} field="lottery" />
        </fieldset>
      )}
      <TextField
        face={face}
        field="application.note"
        label="申し込みのひとこと"
        help="はじめての方は事前に15分ほどお話をうかがいます など"
      />
      <TickField face={face} field="asks.allergy" label="アレルギーをたずねる" />
      <TickField
        face={face}
        field="asks.guardian"
        label="保護者の名前と、緊急のときの電話番号をたずねる"
      />
    </>
  );
}

function Cost({ face }: SectionProps) {
  return (
    <>
      <div class="entries">
        <TextField
          face={face}
          field="fee.yen"
          label="費用（円）"
          help="無料のときは 0"
          inputMode="numeric"
          size="short"
        />
        <TextField face={face} field="fee.detail" label="費用の説明" help="材料費として など" />
      </div>
      <LinesField face={face} field="bring" label="持ちもの" help="1行に一つ" />
      <LinesField
        face={face}
        field="accessibility"
        label="会場のつくり"
        help="エレベーター、おむつ替えの台 など。1行に一つ"
        rows={2}
      />
      <LinesField face={face} field="notes" label="ご案内" help="1行に一つ" />
    </>
  );
}

const PUBLICATIONS: Readonly<Record<Publication, readonly Publication[]>> = {
  draft: ['draft', 'published', 'template'],
  template: ['template', 'draft'],
  published: ['published', 'hidden', 'cancelled'],
  hidden: ['published', 'hidden', 'cancelled'],
  cancelled: ['published', 'hidden', 'cancelled'],
};

function OnSite({ face, base }: SectionProps) {
  const is = face.draft['publication'];
  const possible = PUBLICATIONS[(base['publication'] ?? 'draft') as Publication];
  return (
    <>
      <fieldset class="ask">
        <legend class="ask__label">サイトへの公開</legend>
        <div class="choices">
          {possible.map((name) => (
            <label class="choice" key={name}>
              <input
                type="radio"
                name="publication"
                value={name}
                checked={is === name}
                onChange={() => face.onType('publication', name)}
              />
              <span>{publicationName[name]}</span>
              <span class="choice__note">{publicationNote[name]}</span>
            </label>
          ))}
        </div>
      </fieldset>
      <TickField
        face={face}
        field="listed"
        label="講座の一覧に出す"
        help="出さないときは、アドレスを知っている方だけがページを見られます。"
      />
      <TextField
        face={face}
        field="surveyUrl"
        label="アンケートのアドレス"
        help="終わったあと、参加した方にお送りします。なければ空けておきます。"
        inputMode="url"
      />
    </>
  );
}
