/**
 * The steps that a keyholder can choose in 「鍵」: what each says before it is taken, whom it asks for, and what
 * has to be done first. Pure; the steps themselves are those of the ceremony.
 */
import {
  ableTo,
  beginEpoch,
  changeCentre,
  changeRecovery,
  endKeyholder,
  fingerprintOf,
  grantDesk,
  type Hand,
  keyholdersOf,
  keylessDesks,
  LEAST_ABLE,
  makeKeyholder,
  memberLeaves,
  onlyAbleAt,
  type Step,
  signMember,
  standingOf,
  withdrawDesk,
} from '../sealing.ts';
import { peopleName, readRecipient } from './keys-words.ts';

/** What everybody with a key sees. */
export type Seen = Pick<Hand, 'ring' | 'list'> & {
  /** Of the desks in the settings, in their order. */
  readonly deskNames: Readonly<Record<string, string>>;
};
export type Member = Hand['ring']['members'][number];

/** What was told before a step. */
export interface Told {
  readonly picked: readonly string[];
  readonly pasted: string;
}

export interface Plan {
  readonly label: string;
  readonly title: string;
  readonly says: readonly string[];
  /** Figures that two people compare side by side before this step. */
  readonly figures?: string;
  /** Members of whom some are chosen for this step. */
  readonly picks?: {
    readonly label: string;
    readonly from: readonly Pick<Member, 'member' | 'name'>[];
    readonly least: number;
  };
  /** Where a public key from another machine goes; its figures are compared too. */
  readonly pastes?: { readonly label: string };
  /** What has to be done before: the step cannot be taken now. */
  readonly before?: string;
  readonly button: string;
  readonly isGrave?: boolean;
  readonly take: (hand: Hand, told: Told) => Step | Promise<Step>;
}

/** What is still missing for a step, as a sentence; undefined: it can be taken. */
export function missingFor(
  { figures, picks, pastes, before }: Plan,
  { picked, pasted, isCompared }: Told & { readonly isCompared: boolean },
): string | undefined {
  if (before !== undefined) return before;
  if (pastes && readRecipient(pasted) === undefined) {
    return '宛先（age1で始まる62文字）を、そのまま貼ってください。';
  }
  if (picks && picked.length < picks.least) {
    return `${picks.least}人以上を選んでください。`;
  }
  if ((figures !== undefined || pastes) && !isCompared) {
    return '数字を見くらべて、しるしを付けてください。';
  }
  return undefined;
}

export const deskNameIn = ({ deskNames }: Seen, desk: string): string => deskNames[desk] ?? desk;

const namesIn =
  ({ ring }: Seen) =>
  (member: string) =>
    ring.members.find((each) => each.member === member)?.name ?? member;

const signedIn = (seen: Seen): readonly Member[] =>
  seen.ring.members.filter((each) => standingOf(seen, each) === 'signed');

const desksIn = (seen: Seen): string[] => [...new Set(seen.list.epochs.map(({ desk }) => desk))];

/** A desk of the settings that has no keys yet: it takes no letters until somebody makes them. */
export function newDeskPlans(seen: Seen): (Plan & { readonly desk: string })[] {
  const from = signedIn(seen);
  return keylessDesks(seen.list, Object.keys(seen.deskNames)).map((desk) => ({
    desk,
    label: 'この窓口の鍵を作る',
    title: `${deskNameIn(seen, desk)}の、はじめの鍵を作る`,
    says: [
      '選んだ人が、この窓口の手紙を開けるようになります。あとから、ほかの人にも許可できます。',
    ],
    picks: { label: '手紙を開ける人', from, least: Math.min(LEAST_ABLE, from.length) },
    button: '鍵を作る',
    take: (hand, { picked }) => beginEpoch(hand, desk, picked),
  }));
}

export function epochPlan(seen: Seen, desk: string): Plan {
  const name = deskNameIn(seen, desk);
  const able = ableTo(seen, desk).map(namesIn(seen));
  const plan = {
    label: '新しい鍵にする',
    title: `${name}を、新しい鍵にする`,
    button: '新しい鍵にする',
  };
  if (able.length === 0) {
    return {
      ...plan,
      says: [
        'いまは、だれもこの窓口を開けません。選んだ人が、これからの手紙を開けるようになります。',
        '前の手紙は、復旧の控えでだけ開けます。',
      ],
      picks: { label: 'これからの手紙を開ける人', from: signedIn(seen), least: 1 },
      take: (hand, { picked }) => beginEpoch(hand, desk, picked),
    };
  }
  return {
    ...plan,
    says: [
      `これからの手紙は新しい鍵で封をされます。開けられるのは、${peopleName(able)}です。`,
      '前の手紙は、前の鍵でこれまでどおり開けます。年に一度、してください。',
    ],
    take: (hand) => beginEpoch(hand, desk),
  };
}

/** What a keyholder can do about a member now. */
export function memberPlans(seen: Seen, each: Member): Plan[] {
  const { member, recipient, name } = each;
  const leaves = leavePlan(seen, each);
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
        take: (hand) => signMember(hand, { member, recipient }),
      },
      ...(each.desks.length > 0 || seen.list.members.has(member) ? [leaves] : []),
    ];
  }
  return [
    ...desksIn(seen).map((desk) =>
      each.desks.includes(desk) ? withdrawPlan(seen, each, desk) : grantPlan(seen, each, desk),
    ),
    each.isKeyholder ? endKeyholderPlan(seen, each) : keyholderPlan(each),
    leaves,
  ];
}

function grantPlan(seen: Seen, { member, name }: Member, desk: string): Plan {
  const deskName = deskNameIn(seen, desk);
  return {
    label: `${deskName}を許可する`,
    title: `${name}に、${deskName}を許可する`,
    says: [`${name}が、${deskName}のこれまでの手紙と、これからの手紙を開けるようになります。`],
    button: '許可する',
    take: (hand) => grantDesk(hand, member, desk),
  };
}

function withdrawPlan(seen: Seen, each: Member, desk: string): Plan {
  const { member, name } = each;
  const deskName = deskNameIn(seen, desk);
  const isOnly = onlyAbleAt(seen, member).includes(desk);
  return {
    label: `${deskName}の許可を取り消す`,
    title: `${name}の、${deskName}の許可を取り消す`,
    isGrave: true,
    says: [
      ...(isOnly
        ? heirSays(each, deskName)
        : [
            `これからの手紙は新しい鍵で封をされ、開けられるのは、${peopleName(othersAt(seen, member, desk))}になります。`,
          ]),
      '前の手紙も、本人はここから開けなくなります。これまでに写したものは、取りもどせません。',
    ],
    ...(isOnly && heirs(seen, member)),
    button: '取り消す',
    take: (hand, { picked }) => withdrawDesk(hand, member, desk, picked),
  };
}

const othersAt = (seen: Seen, member: string, desk: string) =>
  ableTo(seen, desk)
    .filter((able) => able !== member)
    .map(namesIn(seen));

/** Said where a desk would be nobody's, before anybody presses. */
const heirSays = ({ name, isKeyholder }: Member, desks: string) => [
  `${desks}を開けられるのは、${name}だけです。できれば、先に${name}の画面で、ほかの人に許可してください${
    isKeyholder ? '' : `（${name}を預かり役にすると、できます）`
  }。そうすれば、前の手紙も読みつづけられます。`,
  'それができないときは、これからの手紙を開ける人を、ここで選んでください。前の手紙は、復旧の控えでだけ開けるようになります。',
];

function heirs(seen: Seen, member: string): Pick<Plan, 'picks' | 'before'> {
  const from = signedIn(seen).filter((each) => each.member !== member);
  if (from.length > 0) return { picks: { label: 'これからの手紙を開ける人', from, least: 1 } };
  return { before: '署名ずみの職員が、ほかにいません。先に、ほかの人の鍵に署名してください。' };
}

function leavePlan(seen: Seen, each: Member): Plan {
  const { member, name } = each;
  const alone = onlyAbleAt(seen, member);
  return {
    label: '名簿から外す',
    title: `${name}を、名簿から外す`,
    isGrave: true,
    says: [
      '名簿から外し、どの窓口も開けなくします。開けられた窓口は、ほかの人のために、新しい鍵で始めます。',
      ...each.desks
        .filter((desk) => !alone.includes(desk))
        .map(
          (desk) =>
            `${deskNameIn(seen, desk)}を開けられるのは、${peopleName(othersAt(seen, member, desk))}になります。`,
        ),
      ...(alone.length > 0
        ? heirSays(each, alone.map((desk) => deskNameIn(seen, desk)).join('と'))
        : []),
      'これまでに本人が写したものは、取りもどせません。',
      ...(each.isKeyholder
        ? [
            '鍵の預かり役だったので、センターの鍵の写しを持っているおそれがあります。心配なときは、このあと、下の「センターの鍵を替える」もしてください。',
          ]
        : []),
    ],
    ...(alone.length > 0 && heirs(seen, member)),
    ...lastKeyholder(seen, each),
    button: '名簿から外す',
    take: (hand, { picked }) => memberLeaves(hand, member, picked),
  };
}

function lastKeyholder(seen: Seen, { member, isKeyholder }: Member): Pick<Plan, 'before'> {
  const isLast = isKeyholder && keyholdersOf(seen).every((each) => each === member);
  return isLast
    ? { before: '鍵の預かり役が、ほかにいません。先に、ほかの人を預かり役にしてください。' }
    : {};
}

function endKeyholderPlan(seen: Seen, each: Member): Plan {
  const { member, name } = each;
  const others = keyholdersOf(seen).filter((one) => one !== member);
  return {
    label: '預かり役から外す',
    title: `${name}を、鍵の預かり役から外す`,
    isGrave: true,
    says: [`預かり役は、${peopleName(others.map(namesIn(seen)))}になります。`],
    ...lastKeyholder(seen, each),
    button: '保存する',
    take: (hand) => endKeyholder(hand, member),
  };
}

function keyholderPlan({ member, name }: Member): Plan {
  return {
    label: '預かり役にする',
    title: `${name}を、鍵の預かり役にする`,
    says: [
      '預かり役は、ひとりで職員に署名し、窓口を許可できます。ふだん顔を合わせる、2人か3人にしてください。',
    ],
    button: '預かり役にする',
    take: (hand) => makeKeyholder(hand, member),
  };
}

/** What a keyholder can do about the keys that all the others hang on. */
export function centrePlans(seen: Seen): Plan[] {
  return [centrePlan(seen), recoveryPlan(seen)];
}

function centrePlan(seen: Seen): Plan {
  const nameOf = namesIn(seen);
  const signed = new Set(signedIn(seen).map(({ member }) => member));
  const listed = [...seen.list.members.keys()].map((member) =>
    signed.has(member) ? nameOf(member) : `${nameOf(member)}（名簿と違う鍵）`,
  );
  return {
    label: 'センターの鍵を替える',
    title: 'センターの鍵を替える',
    isGrave: true,
    says: [
      '鍵の預かり役がよくない形で離れたときや、鍵を写されたかもしれないときに、替えます。窓口も、すべて新しい鍵で始めます。前の手紙は、これまでどおり開けます。',
      `いまの名簿にいるのは、${peopleName(listed)}です。替えたあとも、この名簿がそのまま信じられます。知らない人や、もういない人がいるときは、ここでやめて、先に「名簿から外す」を選んでください。`,
      `新しい鍵を預かるのは、${peopleName(keyholdersOf(seen).map(nameOf))}です。復旧の控えでも開けます。`,
      '替えたあと、このしくみを配りなおすまでは、前の鍵の写しを持つ人がサーバーも動かせると、にせの名簿を見せられます。すぐに配りなおせる日に、替えてください。',
    ],
    button: 'センターの鍵を替える',
    take: (hand) => changeCentre(hand),
  };
}

function recoveryPlan(seen: Seen): Plan {
  const { list, ring } = seen;
  const isWhole = list.epochs.every(({ desk, epoch }) =>
    ring.grants.some((grant) => grant.desk === desk && grant.epoch === epoch),
  );
  return {
    label: '控えの鍵を替える',
    title: '控えの鍵を替える',
    isGrave: true,
    says: [
      '控えの紙をなくしたときや、持っている人がよくない形で離れたときに、替えます。窓口の鍵とセンターの鍵を、新しい控えで開けるように封をしなおします。',
      'ネットにつながない機械で npm run letters-recovery -- make を動かし、3枚の控えを印刷してから、表示された宛先をここに貼ってください。',
      '前の控えは、新しい控えで開く練習をしてから、3枚とも集めて処分してください。前に書き出した手紙は、前の控えでだけ開きます。',
      '前の控えが2枚、ほかの人の手にあるかもしれないときは、つづけて「センターの鍵を替える」もしてください。',
    ],
    ...(isWhole
      ? {}
      : {
          before:
            'すべての窓口を、はじめの鍵から開ける人だけができます。開ける人に許可してもらうか、その人に頼んでください。',
        }),
    pastes: { label: '新しい復旧の鍵の宛先' },
    button: '控えの鍵を替える',
    take: (hand, { pasted }) => changeRecovery(hand, readRecipient(pasted) ?? ''),
  };
}
