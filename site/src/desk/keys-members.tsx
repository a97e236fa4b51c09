/** Who can open which desk, and the steps of a keyholder about a member or a desk. */
import { momentName } from '../rules.ts';
import {
  ableTo,
  beginEpoch,
  currentEpoch,
  desksOf,
  endKeyholder,
  epochBeganAt,
  fingerprintOf,
  grantDesk,
  type Hand,
  keyholdersOf,
  LEAST_ABLE,
  makeKeyholder,
  memberLeaves,
  signMember,
  standingOf,
  thinDesks,
  withdrawDesk,
} from '../sealing.ts';
import type { Plan } from './keys-step.tsx';
import { peopleName, standingName } from './keys-words.ts';
import { letterConfig } from './letter-config.ts';

/** What everybody with a key sees; `hand` where this member holds the centre's key. */
export type Seen = Pick<Hand, 'ring' | 'list'>;
type Member = Hand['ring']['members'][number];

const deskName = (desk: string) => letterConfig().deskNames[desk] ?? desk;

/** Desks and keys that hang on one person. */
export function Alarms({ seen }: { readonly seen: Seen }) {
  const thin = thinDesks(seen);
  const holders = keyholdersOf(seen).length;
  if (thin.length === 0 && holders >= LEAST_ABLE) return null;
  return (
    <div class="notice" data-kind="alert" role="alert">
      {thin.map((desk) => (
        <p key={desk}>
          {deskName(desk)}の手紙を開ける人が、{ableTo(seen, desk).length}
          人しかいません。休むと、だれも読めません。もう1人に許可してください。
        </p>
      ))}
      {holders < LEAST_ABLE && (
        <p>鍵の預かり役が{holders}人しかいません。もう1人を預かり役にしてください。</p>
      )}
    </div>
  );
}

/** Each desk: since when its key is used, and who can open it. */
export function Desks({
  seen,
  onPlan,
}: {
  readonly seen: Seen;
  /** Absent: this member only looks. */
  readonly onPlan: ((plan: Plan) => void) | undefined;
}) {
  const nameOf = namesIn(seen);
  return (
    <section aria-labelledby="key-desks">
      <h3 id="key-desks">窓口</h3>
      <ul class="keys" role="list">
        {desksOf(seen.list).map((desk) => {
          const began = epochBeganAt(seen.ring.lines, desk);
          const able = ableTo(seen, desk).map(nameOf);
          return (
            <li class="keys__item" key={desk}>
              <h4>{deskName(desk)}</h4>
              <p>開けられる人：{peopleName(able)}</p>
              <p class="keys__note">
                第{currentEpoch(seen.list, desk)?.epoch}期の鍵
                {began !== undefined && `（${momentName(new Date(began))}から）`}
              </p>
              {onPlan && (
                <p class="keys__buttons">
                  <button
                    class="button"
                    data-kind="second"
                    type="button"
                    onClick={() =>
                      onPlan({
                        title: `${deskName(desk)}を、新しい鍵にする`,
                        says: [
                          `これからの手紙は新しい鍵で封をされます。開けられるのは、${peopleName(able)}です。`,
                          '前の手紙は、前の鍵でこれまでどおり開けます。年に一度、してください。',
                        ],
                        button: '新しい鍵にする',
                        take: (hand) => beginEpoch(hand, desk),
                      })
                    }
                  >
                    新しい鍵にする<span class="visually-hidden">：{deskName(desk)}</span>
                  </button>
                </p>
              )}
            </li>
          );
        })}
      </ul>
    </section>
  );
}

const namesIn =
  ({ ring }: Seen) =>
  (member: string) =>
    ring.members.find((each) => each.member === member)?.name ?? member;

export function Members({
  seen,
  onPlan,
}: {
  readonly seen: Seen;
  readonly onPlan: ((plan: Plan) => void) | undefined;
}) {
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
  readonly onPlan: ((plan: Plan) => void) | undefined;
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
        {member.isKeyholder && <span class="chip">鍵の預かり役</span>}
        {member.desks.map((desk) => (
          <span class="chip" key={desk}>
            {deskName(desk)}
          </span>
        ))}
      </p>
      {onPlan && (
        <p class="keys__buttons">
          {plansFor(seen, member).map((plan) => (
            <button
              class="button"
              data-kind={plan.isGrave ? 'plain' : 'second'}
              type="button"
              key={plan.title}
              onClick={() => onPlan(plan)}
            >
              {plan.label}
              <span class="visually-hidden">：{member.name}</span>
            </button>
          ))}
        </p>
      )}
    </li>
  );
}

/** What a keyholder can do about a member now. */
function plansFor(seen: Seen, each: Member): (Plan & { readonly label: string })[] {
  const { member, recipient, name } = each;
  const nameOf = namesIn(seen);
  const others = (desk: string) =>
    ableTo(seen, desk)
      .filter((able) => able !== member)
      .map(nameOf);
  const leaves = {
    label: '離れる',
    title: `${name}が、ここを離れる`,
    isGrave: true,
    says: [
      '名簿から外し、どの窓口も開けなくします。開けられた窓口は、ほかの人のために、新しい鍵で始めます。',
      ...each.desks.map(
        (desk) => `${deskName(desk)}を開けられるのは、${peopleName(others(desk))}になります。`,
      ),
      'これまでに本人が写したものは、取りもどせません。',
      ...(each.isKeyholder
        ? [
            '鍵の預かり役だったので、センターの鍵の写しを持っているおそれがあります。心配なときは、このしくみの担当者に、センターの鍵を替える相談をしてください。',
          ]
        : []),
    ],
    button: '離れることを保存する',
    take: (hand: Hand) => memberLeaves(hand, member),
  };
  if (standingOf(seen, each) !== 'signed') {
    return [
      {
        label: '署名する',
        title: `${name}の鍵に署名する`,
        figures: fingerprintOf(recipient),
        says: [
          `${name}の画面に出ている数字と、ひとつずつ声に出して見くらべてください。電話やメールではなく、となりで。`,
          'ひとつでも違うときは、署名しないでください。',
        ],
        button: '署名する',
        take: (hand: Hand) => signMember(hand, { member, recipient }),
      },
      ...(each.desks.length > 0 || seen.list.members.has(member) ? [leaves] : []),
    ];
  }
  return [
    ...desksOf(seen.list).map((desk) =>
      each.desks.includes(desk)
        ? {
            label: `${deskName(desk)}をやめる`,
            title: `${name}の、${deskName(desk)}の許可をやめる`,
            isGrave: true,
            says: [
              `これからの手紙は新しい鍵で封をされ、開けられるのは、${peopleName(others(desk))}になります。`,
              '前の手紙も、本人はここから開けなくなります。これまでに写したものは、取りもどせません。',
            ],
            button: '許可をやめる',
            take: (hand: Hand) => withdrawDesk(hand, member, desk),
          }
        : {
            label: `${deskName(desk)}を許可する`,
            title: `${name}に、${deskName(desk)}を許可する`,
            says: [
              `${name}が、${deskName(desk)}のこれまでの手紙と、これからの手紙を開けるようになります。`,
            ],
            button: '許可する',
            take: (hand: Hand) => grantDesk(hand, member, desk),
          },
    ),
    each.isKeyholder
      ? {
          label: '預かり役を降りる',
          title: `${name}が、鍵の預かり役を降りる`,
          isGrave: true,
          says: [
            `預かり役は、${peopleName(
              keyholdersOf(seen)
                .filter((one) => one !== member)
                .map(nameOf),
            )}になります。`,
          ],
          button: '保存する',
          take: (hand: Hand) => endKeyholder(hand, member),
        }
      : {
          label: '預かり役にする',
          title: `${name}を、鍵の預かり役にする`,
          says: [
            '預かり役は、ひとりで職員に署名し、窓口を許可できます。ふだん顔を合わせる、2人か3人にしてください。',
          ],
          button: '預かり役にする',
          take: (hand: Hand) => makeKeyholder(hand, member),
        },
    leaves,
  ];
}
