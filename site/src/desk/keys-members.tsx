/** Who can open which desk, and the buttons of a keyholder about a member, a desk or the centre. */
import { momentName } from '../rules.ts';
import {
  ableTo,
  currentEpoch,
  desksOf,
  epochBeganAt,
  fingerprintOf,
  keyholdersOf,
  keylessDesks,
  LEAST_ABLE,
  standingOf,
  thinDesks,
} from '../sealing.ts';
import {
  centrePlans,
  deskNameIn,
  epochPlan,
  type Member,
  memberPlans,
  newDeskPlans,
  type Plan,
  type Seen,
} from './keys-plans.ts';
import { peopleName, standingName } from './keys-words.ts';

/** Absent: this member only looks. */
type OnPlan = ((plan: Plan) => void) | undefined;

/** Desks and keys that hang on one person. */
export function Alarms({ seen }: { readonly seen: Seen }) {
  const thin = thinDesks(seen);
  const holders = keyholdersOf(seen).length;
  const keyless = keylessDesks(seen.list, Object.keys(seen.deskNames));
  if (thin.length === 0 && keyless.length === 0 && holders >= LEAST_ABLE) return null;
  return (
    <div class="notice" data-kind="alert" role="alert">
      {thin.map((desk) => (
        <p key={desk}>
          {deskNameIn(seen, desk)}の手紙を開ける人が、{ableTo(seen, desk).length}
          人しかいません。休むと、だれも読めません。もう1人に許可してください。
        </p>
      ))}
      {keyless.map((desk) => (
        <p key={desk}>
          {deskNameIn(seen, desk)}
          の鍵が、まだありません。手紙を受け取れるように、鍵の預かり役が下の「窓口」で作ってください。
        </p>
      ))}
      {holders < LEAST_ABLE && (
        <p>鍵の預かり役が{holders}人しかいません。もう1人を預かり役にしてください。</p>
      )}
    </div>
  );
}

/** Each desk: since when its key is used, and who can open it. */
export function Desks({ seen, onPlan }: { readonly seen: Seen; readonly onPlan: OnPlan }) {
  const nameOf = (member: string) =>
    seen.ring.members.find((each) => each.member === member)?.name ?? member;
  const newPlans = newDeskPlans(seen);
  return (
    <section aria-labelledby="key-desks">
      <h3 id="key-desks">窓口</h3>
      <ul class="keys" role="list">
        {desksOf(seen.list).map((desk) => {
          const began = epochBeganAt(seen.ring.lines, desk);
          return (
            <li class="keys__item" key={desk}>
              <h4>{deskNameIn(seen, desk)}</h4>
              <p>開けられる人：{peopleName(ableTo(seen, desk).map(nameOf))}</p>
              <p class="keys__note">
                第{currentEpoch(seen.list, desk)?.epoch}期の鍵
                {began !== undefined && `（${momentName(new Date(began))}から）`}
              </p>
              {onPlan && (
                <PlanButtons
                  plans={[epochPlan(seen, desk)]}
                  of={deskNameIn(seen, desk)}
                  onPlan={onPlan}
                />
              )}
            </li>
          );
        })}
        {newPlans.map((plan) => (
          <li class="keys__item" key={plan.desk}>
            <h4>{deskNameIn(seen, plan.desk)}</h4>
            <p>まだ鍵がありません。鍵を作るまで、手紙を受け取れません。</p>
            {onPlan && (
              <PlanButtons plans={[plan]} of={deskNameIn(seen, plan.desk)} onPlan={onPlan} />
            )}
          </li>
        ))}
      </ul>
    </section>
  );
}

/** The keys that all the others hang on; for keyholders. */
export function CentreKeys({
  seen,
  onPlan,
}: {
  readonly seen: Seen;
  readonly onPlan: NonNullable<OnPlan>;
}) {
  const { recovery } = seen.list;
  return (
    <section aria-labelledby="key-centre">
      <h3 id="key-centre">センターと控えの鍵</h3>
      <div class="keys">
        <div class="keys__item">
          <p>
            鍵の預かり役がよくない形で離れたとき、鍵を写されたかもしれないとき、控えの紙をなくしたときに、ここで替えます。
          </p>
          {recovery !== undefined && (
            <>
              <p class="keys__note">いまの復旧の控えの数字</p>
              <p class="figures" data-size="small">
                {fingerprintOf(recovery)}
              </p>
            </>
          )}
          <PlanButtons plans={centrePlans(seen)} onPlan={onPlan} />
        </div>
      </div>
    </section>
  );
}

function PlanButtons({
  plans,
  of,
  onPlan,
}: {
  readonly plans: readonly Plan[];
  /** Whom or what they are about, where the same buttons stand more than once. */
  readonly of?: string;
  readonly onPlan: NonNullable<OnPlan>;
}) {
  return (
    <p class="keys__buttons">
      {plans.map((plan) => (
        <button
          class="button"
          data-kind={plan.isGrave ? 'plain' : 'second'}
          type="button"
          key={plan.title}
          onClick={() => onPlan(plan)}
        >
          {plan.label}
          {of !== undefined && <span class="visually-hidden">：{of}</span>}
        </button>
      ))}
    </p>
  );
}

export function Members({ seen, onPlan }: { readonly seen: Seen; readonly onPlan: OnPlan }) {
  const standing = (each: Member) => standingOf(seen, each);
  const present = seen.ring.members.filter((each) => standing(each) !== 'gone');
  const gone = seen.ring.members.filter((each) => standing(each) === 'gone');
  return (
    <section aria-labelledby="key-members">
      <h3 id="key-members">職員</h3>
      <ul class="keys" role="list">
        {present.map((each) => (
          <MemberItem key={each.member} seen={seen} member={each} onPlan={onPlan} />
        ))}
      </ul>
      {gone.length > 0 && (
        <p class="keys__note">離れた職員：{gone.map(({ name }) => name).join('、')}</p>
      )}
    </section>
  );
}

function MemberItem({
  seen,
  member,
  onPlan,
}: {
  readonly seen: Seen;
  readonly member: Member;
  readonly onPlan: OnPlan;
}) {
  const standing = standingOf(seen, member);
  const isMe = member.member === seen.ring.me;
  return (
    <li class="keys__item">
      <h4>
        {member.name}
        {isMe && '（あなた）'}
      </h4>
      <p class="figures" data-size="small">
        {fingerprintOf(member.recipient)}
      </p>
      <p class="keys__chips">
        <span class="chip" data-status={standing === 'signed' ? 'open' : 'soon'}>
          {standingName[standing]}
        </span>
        {member.isKeyholder && (
          <span class="chip" data-status="open">
            鍵の預かり役
          </span>
        )}
        {member.desks.map((desk) => (
          <span class="chip" data-status="open" key={desk}>
            {deskNameIn(seen, desk)}
          </span>
        ))}
      </p>
      {onPlan && <PlanButtons plans={memberPlans(seen, member)} of={member.name} onPlan={onPlan} />}
    </li>
  );
}
