/** 飛び入り: who came without a booking, counted by age band and not named. */
import { useEffect, useRef, useState } from 'preact/hooks';
import {
  clockName,
  peopleIn,
  type WalkInCounts,
  type WalkInView,
  walkInCountName,
  walkInName,
} from '../rules.ts';
import type { Job } from './attendance-queue.ts';

const KEYS = Object.keys(walkInCountName) as (keyof WalkInCounts)[];
const NOBODY = Object.fromEntries(KEYS.map((key) => [key, 0])) as unknown as WalkInCounts;

export function WalkIns({
  walkIns,
  jobs,
  seatsFree,
  courseId,
  sessionKey,
  onAdd,
}: {
  readonly walkIns: readonly WalkInView[];
  readonly jobs: readonly Job[];
  readonly seatsFree: number | null;
  readonly courseId: string;
  readonly sessionKey: string;
  readonly onAdd: (job: Job) => void;
}) {
  const [isOpen, setIsOpen] = useState(false);
  const isUnsent = (walkInId: string) =>
    jobs.some((job) => job.kind === 'walk_in' && job.request.walkInId === walkInId);
  return (
    <section class="att__walk-ins" aria-labelledby="att-walk-ins">
      <h3 id="att-walk-ins">飛び入りの方</h3>
      <p class="att__free">
        {seatsFree === null
          ? '席の数は決まっていません。'
          : `空いている席 ${seatsFree}。飛び入りの方は、席の数に入りません。`}
      </p>
      {walkIns.length > 0 && (
        <ul class="att__walk-in-list" role="list">
          {walkIns.map(({ walkInId, counts, at }) => (
            <li key={walkInId}>
              <span>
                {clockName(timeOf(at))} {walkInName(counts)}
                {isUnsent(walkInId) && <span class="att__unsent">未送信</span>}
              </span>
              <button
                class="button"
                data-kind="plain"
                type="button"
                aria-label={`${clockName(timeOf(at))}の飛び入り（${walkInName(counts)}）を取り消す`}
                onClick={() => onAdd({ kind: 'removal', courseId, sessionKey, walkInId })}
              >
                取り消す
              </button>
            </li>
          ))}
        </ul>
      )}
      <button
        class="button"
        data-kind="second"
        data-wide
        type="button"
        onClick={() => setIsOpen(true)}
      >
        飛び入りの方を足す
      </button>
      {isOpen && (
        <CountSheet
          onClose={() => setIsOpen(false)}
          onDone={(counts) => {
            setIsOpen(false);
            onAdd({
              kind: 'walk_in',
              courseId,
              sessionKey,
              request: { walkInId: `wlk_${crypto.randomUUID()}`, counts },
              at: new Date().toISOString(),
            });
          }}
        />
      )}
    </section>
  );
}

/** The wall clock in Tokyo, wherever the phone thinks it is. */
function timeOf(at: string): string {
  return new Date(at).toLocaleTimeString('en-GB', {
    timeZone: 'Asia/Tokyo',
    hour: '2-digit',
    minute: '2-digit',
  });
}

function CountSheet({
  onDone,
  onClose,
}: {
  readonly onDone: (counts: WalkInCounts) => void;
  readonly onClose: () => void;
}) {
  const dialog = useRef<HTMLDialogElement>(null);
  const [counts, setCounts] = useState<WalkInCounts>({ ...NOBODY, adults: 1 });
  useEffect(() => {
    dialog.current?.showModal();
  }, []);
  const step = (key: keyof WalkInCounts, by: number) =>
    setCounts((before) => ({ ...before, [key]: Math.min(99, Math.max(0, before[key] + by)) }));
  const people = peopleIn(counts);
  return (
    <dialog class="att__sheet" ref={dialog} onClose={onClose} aria-labelledby="walk-in-title">
      <h3 id="walk-in-title">飛び入りの方の人数</h3>
      <p>お名前は書きません。</p>
      <ul class="att__steps" role="list">
        {KEYS.map((key) => (
          <li key={key}>
            <span>{walkInCountName[key]}</span>
            <button
              class="att__step"
              type="button"
              aria-label={`${walkInCountName[key]}を一人減らす`}
              onClick={() => step(key, -1)}
            >
              −
            </button>
            <output aria-label={`${walkInCountName[key]}の人数`}>{counts[key]}</output>
            <button
              class="att__step"
              type="button"
              aria-label={`${walkInCountName[key]}を一人増やす`}
              onClick={() => step(key, 1)}
            >
              ＋
            </button>
          </li>
        ))}
      </ul>
      <div class="att__sheet-end">
        <button
          class="button"
          type="button"
          aria-disabled={people === 0}
          onClick={() => people > 0 && onDone(counts)}
        >
          {people}人を足す
        </button>
        <button class="button" data-kind="plain" type="button" onClick={onClose}>
          やめる
        </button>
      </div>
    </dialog>
  );
}
