/** The ひろば at the desk: who came today, counted with a thumb, and the sums of the month. */
import { useCallback, useEffect, useRef, useState } from 'preact/hooks';
import {
  CHILD_KEYS,
  COUNT_KEYS,
  type CountedPlace,
  type CountKey,
  childrenIn,
  countName,
  oddCounts,
  shortDayName,
  slotName,
  slotsOf,
  stepCount,
  sumOfCounts,
  sumOfDay,
  timeInTokyo,
  type VisitDay,
  type VisitSlot,
} from '../rules.ts';
import { LoggedOutError, RefusedError } from './api.ts';
import type { ScreenProps } from './sections.tsx';
import {
  afterSaving,
  countsIn,
  type Draft,
  draftOf,
  isChanged,
  listPlaces,
  listVisits,
  monthFrom,
  monthName,
  newestDays,
  overNewer,
  saveVisits,
  withCounts,
} from './visits.ts';

const DRAFTS = 'hidamari.desk.visits';
const SITE = 'hidamari.desk.hiroba';
/** Before this time of day, the morning is what one counts. */
const NOON = '12:30';
const FAMILY_KEYS = COUNT_KEYS.filter((key) => !CHILD_KEYS.includes(key as 'age0'));

type Drafts = Readonly<Record<string, Draft>>;
interface Told {
  readonly kind: 'saved' | 'busy' | 'refused';
  readonly sentence: string;
}

const draftKey = (siteId: string, date: string) => `${siteId} ${date}`;

/** Counts that were not saved when this screen was last closed, by the end of a log-in for instance. */
function keptDrafts(): Drafts {
  return JSON.parse(sessionStorage.getItem(DRAFTS) ?? '{}') as Drafts;
}

export function HirobaScreen({
  session,
  onLoggedOut,
}: Pick<ScreenProps, 'session' | 'onLoggedOut'>) {
  const { accessToken } = session;
  const [places, setPlaces] = useState<readonly CountedPlace[]>([]);
  const [today, setToday] = useState('');
  const [siteId, setSiteId] = useState(localStorage.getItem(SITE) ?? '');
  /** Undefined: today, whatever day that becomes. */
  const [chosenDate, setChosenDate] = useState<string | undefined>();
  const [chosenMonth, setChosenMonth] = useState<string | undefined>();
  const [days, setDays] = useState<Readonly<Record<string, readonly VisitDay[]>>>({});
  const [drafts, setDrafts] = useState<Drafts>(keptDrafts);
  const [slot, setSlot] = useState<VisitSlot>(timeInTokyo(new Date()) < NOON ? 'am' : 'pm');
  const [told, setTold] = useState<Told | undefined>();
  const [fault, setFault] = useState<string | undefined>();

  const place = places.find((each) => each.siteId === siteId) ?? places[0];
  const date = chosenDate ?? today;
  const month = chosenMonth ?? date.slice(0, 7);
  const monthOf = (of: string) => days[`${place?.siteId} ${of}`];
  const stored = monthOf(date.slice(0, 7))?.find((day) => day.date === date);
  const key = draftKey(place?.siteId ?? '', date);
  const draft = overNewer(drafts[key] ?? draftOf(stored), stored);
  const changed = isChanged(draft);
  const slots = place ? slotsOf(place, stored) : [];
  const at = slots.includes(slot) ? slot : (slots[0] ?? 'day');
  const counts = countsIn(draft, at);

  const guarded = useCallback(
    async (work: () => Promise<void>) => {
      try {
        await work();
        setFault(undefined);
      } catch (error) {
        if (error instanceof LoggedOutError) onLoggedOut();
        else setFault('来所数を読みこめませんでした。');
      }
    },
    [onLoggedOut],
  );
  const loadMonth = useCallback(
    async (of: CountedPlace, wanted: string) => {
      const arrived = await listVisits(accessToken, of.siteId, wanted);
      const name = `${of.siteId} ${wanted}`;
      setDays((known) => ({ ...known, [name]: newestDays(known[name], arrived) }));
    },
    [accessToken],
  );
  const reload = useCallback(
    () =>
      guarded(async () => {
        const here = await listPlaces(accessToken);
        setPlaces(here.places);
        setToday(here.today);
      }),
    [accessToken, guarded],
  );
  useEffect(() => void reload(), [reload]);
  // Colleagues count at the same door: what is shown must not stand still.
  useEffect(() => {
    if (!place || date === '') return;
    const wanted = [...new Set([date.slice(0, 7), month])];
    const look = () =>
      void guarded(async () => {
        for (const each of wanted) await loadMonth(place, each);
      });
    const lookIfSeen = () => {
      if (document.visibilityState !== 'visible') return;
      void reload();
      look();
    };
    look();
    const everyMinute = setInterval(lookIfSeen, 60_000);
    addEventListener('focus', lookIfSeen);
    return () => {
      clearInterval(everyMinute);
      removeEventListener('focus', lookIfSeen);
    };
  }, [place?.siteId, date, month, guarded, loadMonth, reload]);

  useEffect(() => {
    const unsaved = Object.entries(drafts).filter(([, each]) => isChanged(each));
    sessionStorage.setItem(DRAFTS, JSON.stringify(Object.fromEntries(unsaved)));
  }, [drafts]);

  const setCounts = (next: (before: Draft) => Draft) => {
    setDrafts((all) => ({ ...all, [key]: next(overNewer(all[key] ?? draftOf(stored), stored)) }));
    setTold(undefined);
  };
  const choose = (next: { readonly siteId?: string; readonly date?: string | undefined }) => {
    if (next.siteId !== undefined) {
      setSiteId(next.siteId);
      localStorage.setItem(SITE, next.siteId);
    }
    if ('date' in next) {
      setChosenDate(next.date === today ? undefined : next.date);
      setChosenMonth(undefined);
    }
    setTold(undefined);
  };

  async function save(event: Event) {
    event.preventDefault();
    if (!place || told?.kind === 'busy') return;
    if (!changed) {
      setTold({ kind: 'saved', sentence: '変わったところはありません。' });
      return;
    }
    setTold({ kind: 'busy', sentence: '保存しています…' });
    try {
      const entry = { date, version: draft.version, slots: draft.slots };
      const saved = await saveVisits(accessToken, place.siteId, entry);
      setDays((known) => {
        const of = `${place.siteId} ${date.slice(0, 7)}`;
        return { ...known, [of]: newestDays(known[of], [saved]) };
      });
      setDrafts((all) => ({ ...all, [key]: afterSaving(all[key] ?? draft, draft, saved) }));
      setTold({ kind: 'saved', sentence: '保存しました。' });
    } catch (error) {
      if (error instanceof LoggedOutError) {
        onLoggedOut();
        return;
      }
      if (error instanceof RefusedError && error.code === 'version_conflict') {
        await guarded(() => loadMonth(place, date.slice(0, 7)));
        setTold({ kind: 'refused', sentence: 'まだ保存していません。' });
        return;
      }
      const sentence =
        error instanceof RefusedError
          ? error.message
          : '保存できませんでした。数は残っています。少し待って、もう一度お試しください。';
      setTold({ kind: 'refused', sentence });
    }
  }

  const unsaved = Object.entries(drafts).filter(([name, each]) => name !== key && isChanged(each));
  const sum = sumOfDay({ slots: draft.slots });
  const odd = oddCounts(counts);

  if (!place) {
    return (
      <div class="visits">
        {fault === undefined ? (
          <p class="visits__wait" aria-busy="true">
            ひろばを読みこんでいます。
          </p>
        ) : (
          <Fault sentence={fault} onRetry={reload} />
        )}
      </div>
    );
  }
  return (
    <div class="visits">
      <form class="visits__count" aria-labelledby="visits-title" onSubmit={save}>
        <h2 id="visits-title">
          {date === today ? '今日の来所数' : `${shortDayName(date)}の来所数`}
        </h2>
        {fault !== undefined && <Fault sentence={fault} onRetry={reload} />}
        <div class="visits__where">
          <label class="visits__field" for="visits-site">
            <span>ひろば</span>
            <select
              class="select"
              id="visits-site"
              value={place.siteId}
              onChange={(event) => choose({ siteId: event.currentTarget.value })}
            >
              {places.map((each) => (
                <option key={each.siteId} value={each.siteId}>
                  {each.name}
                </option>
              ))}
            </select>
          </label>
          <label class="visits__field" for="visits-date">
            <span>日</span>
            <input
              class="input"
              id="visits-date"
              type="date"
              required
              max={today}
              value={date}
              onChange={({ currentTarget: { value } }) => {
                if (value !== '' && value <= today) choose({ date: value });
              }}
            />
          </label>
        </div>
        {slots.length > 1 && (
          <fieldset class="visits__slots">
            <legend class="visually-hidden">時間帯</legend>
            {slots.map((each) => (
              <label class="visits__slot" key={each}>
                <input
                  type="radio"
                  name="slot"
                  checked={each === at}
                  onChange={() => setSlot(each)}
                />
                <span>{slotName[each]}</span>
              </label>
            ))}
          </fieldset>
        )}
        {[
          { name: '家族とおとな', keys: FAMILY_KEYS },
          { name: '子ども', keys: CHILD_KEYS },
        ].map((group) => (
          <fieldset class="visits__group" key={group.name}>
            <legend>{group.name}</legend>
            {group.keys.map((each) => (
              <Counter
                key={each}
                name={each}
                value={counts[each]}
                onStep={(by) =>
                  setCounts((before) =>
                    withCounts(before, at, stepCount(countsIn(before, at), each, by)),
                  )
                }
              />
            ))}
          </fieldset>
        ))}
        <p class="visits__sum" role="status">
          {slots.length > 1 ? 'この日あわせて、' : 'あわせて、'}
          {sum.families}組・おとな{sum.adults}人・子ども{childrenIn(sum)}人
        </p>
        {odd !== undefined && <p class="visits__odd">{odd}確かめてください。</p>}
        <div role="status">
          {draft.wasAdded && (
            <div class="notice">
              <p>
                ほかの職員が先に保存しました。その数に、あなたが数えた分を足してあります。確かめて、保存してください。
              </p>
            </div>
          )}
        </div>
        {unsaved.length > 0 && (
          <div class="notice">
            <p>ほかにも、保存していない数があります。</p>
            <ul class="visits__unsaved" role="list">
              {unsaved.map(([name]) => {
                const [of = '', day = ''] = name.split(' ');
                return (
                  <li key={name}>
                    <button
                      class="button"
                      data-kind="plain"
                      type="button"
                      onClick={() => choose({ siteId: of, date: day })}
                    >
                      {shortDayName(day)}　{places.find((each) => each.siteId === of)?.name}
                    </button>
                  </li>
                );
              })}
            </ul>
          </div>
        )}
        <div class="visits__save">
          <button class="button" type="submit" aria-disabled={told?.kind === 'busy'}>
            保存する
          </button>
          {changed && (
            <button
              class="button"
              data-kind="plain"
              type="button"
              onClick={() => setCounts(() => draftOf(stored))}
            >
              もとにもどす
            </button>
          )}
          <p class="item__told" role="status" data-kind={told?.kind}>
            {told?.sentence ?? (changed ? '保存していない数があります。' : '')}
          </p>
        </div>
      </form>
      <MonthTable
        place={place}
        month={month}
        lastMonth={today.slice(0, 7)}
        days={monthOf(month)}
        onMonth={setChosenMonth}
        onDay={(day) => {
          choose({ date: day });
          document.getElementById('visits-title')?.scrollIntoView();
        }}
      />
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
    <div class="notice" data-kind="alert" role="alert">
      <p>{sentence}</p>
      <button class="button" type="button" onClick={() => void onRetry()}>
        もう一度読みこむ
      </button>
    </div>
  );
}

/** One number between two buttons that a thumb finds. A large number can be typed. */
function Counter({
  name,
  value,
  onStep,
}: {
  readonly name: CountKey;
  readonly value: number;
  /** By how many more or fewer. */
  readonly onStep: (by: number) => void;
}) {
  const id = `count-${name}`;
  const field = useRef<HTMLInputElement>(null);
  return (
    <div class="counter">
      <label class="counter__name" for={id}>
        {countName[name]}
      </label>
      <button
        class="counter__step"
        type="button"
        aria-label={`${countName[name]}を1減らす`}
        aria-disabled={value === 0}
        onClick={() => onStep(-1)}
      >
        −
      </button>
      <input
        class="input counter__value"
        id={id}
        ref={field}
        type="number"
        inputmode="numeric"
        required
        min={0}
        max={999}
        value={value}
        onFocus={(event) => event.currentTarget.select()}
        onChange={({ currentTarget }) => {
          const typed = Number(currentTarget.value);
          if (currentTarget.value !== '' && Number.isInteger(typed)) onStep(typed - value);
          // What cannot be a count is put back; a number too large becomes the largest.
          requestAnimationFrame(() => {
            if (field.current?.matches(':invalid')) field.current.value = String(value);
          });
        }}
      />
      <button
        class="counter__step"
        data-kind="more"
        type="button"
        aria-label={`${countName[name]}を1増やす`}
        onClick={() => onStep(1)}
      >
        ＋
      </button>
    </div>
  );
}

const columns: readonly (readonly [string, (day: VisitDay['slots']) => number])[] = [
  ...COUNT_KEYS.map(
    (key) => [countName[key], (slots: VisitDay['slots']) => sumOfDay({ slots })[key]] as const,
  ),
  ['子どもあわせて', (slots) => childrenIn(sumOfDay({ slots }))],
];

function MonthTable({
  place,
  month,
  lastMonth,
  days,
  onMonth,
  onDay,
}: {
  readonly place: CountedPlace;
  readonly month: string;
  /** The month that it is now: there is nothing after it. */
  readonly lastMonth: string;
  readonly days: readonly VisitDay[] | undefined;
  readonly onMonth: (month: string) => void;
  readonly onDay: (date: string) => void;
}) {
  const total = sumOfCounts((days ?? []).map(sumOfDay));
  return (
    <section class="visits__month" aria-labelledby="month-title">
      <header class="visits__head">
        <h2 id="month-title">
          {monthName(month)}の来所数<span class="visits__of">　{place.name}</span>
        </h2>
        <p class="visits__moves">
          <button
            class="button"
            data-kind="second"
            type="button"
            onClick={() => onMonth(monthFrom(month, -1))}
          >
            前の月
          </button>
          <button
            class="button"
            data-kind="second"
            type="button"
            disabled={month >= lastMonth}
            onClick={() => onMonth(monthFrom(month, 1))}
          >
            次の月
          </button>
          <button class="button" data-kind="second" type="button" onClick={() => print()}>
            印刷する
          </button>
        </p>
      </header>
      {days === undefined ? (
        <p class="visits__wait" aria-busy="true">
          来所数を読みこんでいます。
        </p>
      ) : days.length === 0 ? (
        <p class="visits__wait">この月は、まだ数をつけた日がありません。</p>
      ) : (
        <table class="month">
          <thead>
            <tr>
              <th scope="col">日</th>
              {columns.map(([name]) => (
                <th scope="col" key={name}>
                  {name}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {days.map((day) => (
              <tr key={day.date}>
                <th scope="row">
                  <button class="month__day" type="button" onClick={() => onDay(day.date)}>
                    {shortDayName(day.date)}
                  </button>
                </th>
                {columns.map(([name, of]) => (
                  <td key={name} data-name={name}>
                    {of(day.slots)}
                  </td>
                ))}
              </tr>
            ))}
          </tbody>
          <tfoot>
            <tr>
              <th scope="row">合計（{days.length}日）</th>
              {columns.map(([name, of]) => (
                <td key={name} data-name={name}>
                  {of({ day: total })}
                </td>
              ))}
            </tr>
          </tfoot>
        </table>
      )}
    </section>
  );
}
