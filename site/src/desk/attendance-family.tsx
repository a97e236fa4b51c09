/** One family at the door: its names, three buttons, and whoever of it is otherwise. */
import {
  ageName,
  attendanceName,
  type ExpectedFamily,
  type MarkView,
  markName,
  PURGED,
  phoneNumberName,
  withPerson,
} from '../rules.ts';
import type { Job } from './attendance-queue.ts';
import type { Marking } from './attendance-screen.tsx';

const STATES = ['present', 'late', 'absent'] as const;

export function FamilyRow({
  family,
  mark,
  job,
  showsPhone,
  onPress,
  onMark,
}: {
  readonly family: ExpectedFamily;
  readonly mark: MarkView | undefined;
  /** Its mark that is still on its way, or that another phone was quicker than. */
  readonly job: Extract<Job, { kind: 'mark' }> | undefined;
  readonly showsPhone: boolean;
  readonly onPress: (status: 'present' | 'late' | 'absent') => void;
  readonly onMark: (made: Marking) => void;
}) {
  const status = mark?.status ?? 'unmarked';
  const isMissed = status === 'unmarked' || mark?.reason === 'no_notice';
  const came = status === 'present' || status === 'late';
  return (
    <li class="att__family" data-status={status}>
      <div class="att__who">
        {family.isPurged ? (
          <p class="att__name">{PURGED}</p>
        ) : (
          <p class="att__name">
            <span class="att__kana">{family.kana}</span>
            <span>{family.name}</span>
          </p>
        )}
        <p class="att__people">{peopleName(family)}</p>
        <p class="att__marks">
          {family.hasNeeds && (
            <span class="chip" data-status="soon">
              配慮あり
            </span>
          )}
          {mark?.status === 'absent' && <span class="att__is">{markName(mark)}</span>}
          {job && job.conflict === undefined && <span class="att__unsent">未送信</span>}
        </p>
        {family.phone !== undefined && showsPhone && isMissed && (
          <a class="att__phone" href={`tel:${family.phone}`}>
            電話 {phoneNumberName(family.phone)}
          </a>
        )}
      </div>
      {!family.isPurged && (
        <fieldset class="att__buttons">
          <legend class="visually-hidden">{family.name}の出欠</legend>
          {STATES.map((state) => (
            <button
              key={state}
              class="att__button"
              type="button"
              data-state={state}
              aria-pressed={status === state}
              onClick={() => onPress(state)}
            >
              {attendanceName[state]}
            </button>
          ))}
        </fieldset>
      )}
      {job?.conflict !== undefined && (
        <div class="notice att__conflict" data-kind="warm" role="alert">
          <p>{job.conflict}</p>
          <button
            class="button"
            data-kind="second"
            type="button"
            onClick={() => onMark(job.request)}
          >
            「{markName(job.request)}」に直す
          </button>
        </div>
      )}
      {came && mark && family.people.length > 1 && (
        <details class="att__persons">
          <summary>一人ずつ付ける</summary>
          <ul role="list">
            {family.people.map(({ key, name }) => (
              <li key={key}>
                <fieldset class="att__person">
                  <legend>{name}</legend>
                  {STATES.map((state) => (
                    <button
                      key={state}
                      class="att__button"
                      type="button"
                      data-state={state}
                      aria-pressed={(mark.persons[key] ?? status) === state}
                      onClick={() => onMark(withPerson(mark, key, state))}
                    >
                      {attendanceName[state]}
                    </button>
                  ))}
                </fieldset>
              </li>
            ))}
          </ul>
        </details>
      )}
    </li>
  );
}

/** 「光 6か月、おとな 1人」; only counts when the names are gone. */
function peopleName({ people, counts }: ExpectedFamily): string {
  const named = people.map(({ key, name, months }) => {
    const age = months === undefined ? '' : ` ${ageName(months)}`;
    return `${key.startsWith('c') ? '保育 ' : ''}${name}${age}`;
  });
  const unnamed =
    people.length === 0 && counts.participants + counts.childcare > 0
      ? [
          `参加 ${counts.participants}人`,
          ...(counts.childcare ? [`保育 ${counts.childcare}人`] : []),
        ]
      : [];
  const adults = counts.adults > 0 ? [`おとな ${counts.adults}人`] : [];
  return [...named, ...unnamed, ...adults].join('、');
}
