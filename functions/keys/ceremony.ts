/**
 * The steps of the keyholders (鍵の預かり役) as functions: from what the keyholder has open and what the server
 * says of the others, to the one change that is sent. Nothing here talks to a server; a screen only calls it.
 *
 * Secrets are sealed for recipients of the signed list alone. Who has which desk is the server's word, so a
 * screen names everybody whom a step seals for before it is taken.
 */
import { fromBase64, publicKeyOf, toBase64 } from '../letters/signing.ts';
import {
  append,
  currentEpoch,
  type KeyList,
  type Pinned,
  readKeyList,
  type SignedLine,
  type Statement,
} from './key-list.ts';
import type { Grant, KeyChange, KeyRing } from './model.ts';
import {
  type CentreSecret,
  type DeskSecrets,
  newDeskSecrets,
  openCentre,
  sealCentre,
  sealGrant,
} from './vault.ts';

/** A desk that fewer can open is one illness away from letters that nobody reads. */
export const LEAST_ABLE = 2;
const RECOVERY = 'recovery';

/** What a keyholder works with. */
export interface Hand {
  readonly ring: KeyRing;
  readonly list: KeyList;
  readonly centre: CentreSecret;
  /** Of each desk and epoch that this keyholder can open. */
  readonly secrets: readonly DeskSecrets[];
  /** The instant of the step, RFC 3339. */
  readonly at: string;
}

/**
 * Why a step cannot be taken: the member is not in the list with this key · this keyholder cannot open the
 * desk · there is no recovery key · nobody would be left who can open the desk, or holds the centre's key.
 */
export type StepFault = 'not_signed' | 'desk_closed' | 'no_recovery' | 'nobody_left';
export type Step = KeyChange | { readonly fault: StepFault };
type Member = KeyRing['members'][number];

/** @returns undefined when this member does not hold the centre's key, or what was handed out is not it */
export async function openHand(
  ring: KeyRing,
  opened: {
    readonly identity: string;
    readonly list: KeyList;
    readonly secrets: readonly DeskSecrets[];
  },
  at: string,
): Promise<Hand | undefined> {
  if (ring.centre === undefined) return undefined;
  const { identity, list, secrets } = opened;
  const centre = await openCentre(fromBase64(ring.centre), identity, list.centreKey);
  return centre && { ring, list, centre, secrets, at };
}

/** 署名ずみ · まだ署名していない（鍵が新しい）· 離れた. */
export type Standing = 'signed' | 'waiting' | 'gone';

export function standingOf(
  { list }: Pick<Hand, 'list'>,
  { member, recipient, hasKey }: Pick<Member, 'member' | 'recipient' | 'hasKey'>,
): Standing {
  if (list.members.get(member) === recipient) return 'signed';
  return hasKey ? 'waiting' : 'gone';
}

/** The key and line that a list claims for itself, before any page knows it: to be compared by people. */
export function claimedPin(lines: readonly SignedLine[]): Required<Pinned> | undefined {
  const [first] = lines;
  if (!first) return undefined;
  try {
    const { statement } = JSON.parse(first.text) as { statement: { verify?: unknown } };
    const list = readKeyList(lines, { centreKey: String(statement.verify) });
    return 'fault' in list ? undefined : { centreKey: list.centreKey, line: list.head };
  } catch {
    return undefined;
  }
}

/**
 * What pages are to pin, where the list has handed over to another key than theirs. The line is that of the
 * handover, so that it is the same for everybody who compares it, whenever they do.
 */
export function newPin(
  { centreKey, centreLine }: KeyList,
  pinned: Pinned | undefined,
): Required<Pinned> | undefined {
  return centreKey === pinned?.centreKey ? undefined : { centreKey, line: centreLine };
}

/** When the newest epoch of a desk began. */
export function epochBeganAt(lines: readonly SignedLine[], desk: string): string | undefined {
  const said = lines.map(({ text }) => JSON.parse(text) as { at: string; statement: Statement });
  return said.findLast(({ statement }) => statement.says === 'desk' && statement.desk === desk)?.at;
}

export const desksOf = ({ epochs }: Pick<KeyList, 'epochs'>): readonly string[] => [
  ...new Set(epochs.map(({ desk }) => desk)),
];

/** Members of the list who can open the newest letters of a desk, as the server says. */
export function ableTo({ ring, list }: Pick<Hand, 'ring' | 'list'>, desk: string): string[] {
  return ring.members
    .filter((each) => standingOf({ list }, each) === 'signed' && each.desks.includes(desk))
    .map(({ member }) => member);
}

/** Desks that nobody but this member can open: without heirs, nobody could from now on. */
export function onlyAbleAt(seen: Pick<Hand, 'ring' | 'list'>, member: string): string[] {
  return desksOf(seen.list).filter((desk) => {
    const able = ableTo(seen, desk);
    return able.length === 1 && able[0] === member;
  });
}

/** Desks of the settings for which there are no keys yet: nobody can write to them. */
export const keylessDesks = ({ epochs }: Pick<KeyList, 'epochs'>, desks: readonly string[]) =>
  desks.filter((desk) => currentEpoch({ epochs }, desk) === undefined);

/** Desks that fewer than two members can open. */
export function thinDesks(seen: Pick<Hand, 'ring' | 'list'>): readonly string[] {
  return desksOf(seen.list).filter((desk) => ableTo(seen, desk).length < LEAST_ABLE);
}

export const keyholdersOf = ({ ring, list }: Pick<Hand, 'ring' | 'list'>): string[] =>
  ring.members
    .filter((each) => each.isKeyholder && standingOf({ list }, each) === 'signed')
    .map(({ member }) => member);

/** A member whose figures were compared. @param recipient the one that was compared, and no other */
export function signMember(
  hand: Hand,
  { member, recipient }: { readonly member: string; readonly recipient: string },
): Step {
  const shown = hand.ring.members.find((each) => each.member === member);
  if (shown?.recipient !== recipient) return { fault: 'not_signed' };
  return changeOf(hand, { says: [{ says: 'member', member, recipient }] });
}

/** All epochs of a desk that this keyholder can open, so that old letters are read too. */
export async function grantDesk(hand: Hand, member: string, desk: string): Promise<Step> {
  if (!isSigned(hand, member)) return { fault: 'not_signed' };
  const held = hand.secrets.filter((each) => each.desk === desk);
  const newest = currentEpoch(hand.list, desk)?.epoch;
  if (!held.some(({ epoch }) => epoch === newest)) return { fault: 'desk_closed' };
  const grants = await Promise.all(held.map((secrets) => grantTo(hand.list, secrets, member)));
  return changeOf(hand, { grants: grants.flatMap((grant) => grant ?? []) });
}

/**
 * 年に一度: new secrets for who can open the desk now. Old letters stay readable with the old ones.
 * @param also members of the list who get the new ones besides: at a new desk, or where nobody is left
 */
export async function beginEpoch(
  hand: Hand,
  desk: string,
  also: readonly string[] = [],
): Promise<Step> {
  if (!also.every((member) => isSigned(hand, member))) return { fault: 'not_signed' };
  const begun = await begin(hand, [desk], { also });
  return 'fault' in begun ? begun : changeOf(hand, begun);
}

/**
 * The member keeps nothing of the desk, and a new epoch begins for the others.
 * @param heirs who can open the new epoch where nobody else can; what came before opens for recovery only
 */
export async function withdrawDesk(
  hand: Hand,
  member: string,
  desk: string,
  heirs: readonly string[] = [],
): Promise<Step> {
  if (!heirs.every((heir) => isSigned(hand, heir))) return { fault: 'not_signed' };
  const begun = await begin(hand, [desk], { heirs, without: member });
  return 'fault' in begun ? begun : changeOf(hand, { ...begun, ends: [{ member, desk }] });
}

/**
 * A member goes: out of the list, without any grant, each of their desks in a new epoch, and the centre's
 * key sealed anew without them. What they may have copied until now stays copied.
 * @param heirs who can open the new epochs of desks that nobody else can
 */
export async function memberLeaves(
  hand: Hand,
  member: string,
  heirs: readonly string[] = [],
): Promise<Step> {
  if (!heirs.every((heir) => isSigned(hand, heir))) return { fault: 'not_signed' };
  const shown = hand.ring.members.find((each) => each.member === member);
  const desks = (shown?.desks ?? []).filter((desk) => desksOf(hand.list).includes(desk));
  const begun = await begin(hand, desks, { heirs, without: member });
  if ('fault' in begun) return begun;
  const holders = keyholdersOf(hand).filter((each) => each !== member);
  const centre = shown?.isKeyholder ? await centreFor(hand, holders) : undefined;
  if (centre && 'fault' in centre) return centre;
  const isListed = hand.list.members.has(member);
  return changeOf(hand, {
    says: [...(isListed ? [{ says: 'member_gone' as const, member }] : []), ...begun.says],
    grants: begun.grants,
    // Of old epochs of any desk as well: the server ends what there is.
    ends: desksOf(hand.list).map((desk) => ({ member, desk })),
    ...(centre && { centre }),
  });
}

export async function makeKeyholder(hand: Hand, member: string): Promise<Step> {
  if (!isSigned(hand, member)) return { fault: 'not_signed' };
  const centre = await centreFor(hand, [...new Set([...keyholdersOf(hand), member])]);
  return 'fault' in centre ? centre : changeOf(hand, { centre });
}

export async function endKeyholder(hand: Hand, member: string): Promise<Step> {
  const centre = await centreFor(
    hand,
    keyholdersOf(hand).filter((each) => each !== member),
  );
  return 'fault' in centre ? centre : changeOf(hand, { centre });
}

/**
 * Another recovery key, because a sheet was lost or its owner left badly: everything is sealed for it anew.
 * Only who can open every epoch of every desk can do it.
 */
export async function changeRecovery(hand: Hand, recipient: string): Promise<Step> {
  const isWhole = hand.list.epochs.every(({ desk, epoch }) =>
    hand.secrets.some((each) => each.desk === desk && each.epoch === epoch),
  );
  if (!isWhole) return { fault: 'desk_closed' };
  const list = { ...hand.list, recovery: recipient };
  const centre = await centreFor({ ...hand, list }, keyholdersOf(hand));
  if ('fault' in centre) return centre;
  const grants = await Promise.all(hand.secrets.map((secrets) => grantTo(list, secrets, RECOVERY)));
  return changeOf(hand, {
    says: [{ says: 'recovery', recipient }],
    grants: grants.flatMap((grant) => grant ?? []),
    centre,
  });
}

/**
 * Another key of the centre, because a keyholder left badly or somebody may have a copy. Every desk that
 * somebody can open begins a new epoch in the same step: who held the centre's key may hold theirs.
 *
 * The handover is the last line, so that its hash is all that the old key ever said; once pages pin it, that
 * key says nothing any more. Until then they believe whatever it signs.
 */
export async function changeCentre(hand: Hand): Promise<Step> {
  const open = desksOf(hand.list).filter((desk) => ableTo(hand, desk).length > 0);
  const begun = await begin(hand, open);
  if ('fault' in begun) return begun;
  const signing = crypto.getRandomValues(new Uint8Array(32));
  const fresh: CentreSecret = { centre: hand.centre.centre, signing: toBase64(signing) };
  const centre = await centreFor({ ...hand, centre: fresh }, keyholdersOf(hand));
  if ('fault' in centre) return centre;
  return changeOf(hand, {
    ...begun,
    says: [...begun.says, { says: 'handover', verify: publicKeyOf(signing) }],
    centre,
  });
}

/** What a new centre starts with. */
export interface SetUp {
  /** Id of the centre, as its settings have it. */
  readonly centre: string;
  /** Made offline, and on paper. */
  readonly recovery: string;
  /** The first members, figures compared; all of them hold the centre's key and open every desk. */
  readonly members: readonly { readonly member: string; readonly recipient: string }[];
  readonly desks: readonly string[];
  /** Revision of the ring in which these members' keys stand. */
  readonly seen: number;
  readonly at: string;
}

/** The first list of a centre. @returns the step, and the key and line that its pages are to trust */
export async function setUp({ centre, recovery, members, desks, seen, at }: SetUp): Promise<
  | { readonly fault: StepFault }
  | {
      readonly change: KeyChange;
      readonly pinned: Required<Pinned>;
    }
> {
  if (members.length < LEAST_ABLE) return { fault: 'nobody_left' };
  const signing = crypto.getRandomValues(new Uint8Array(32));
  const centreKey = publicKeyOf(signing);
  const secret: CentreSecret = { centre, signing: toBase64(signing) };
  const made = await Promise.all(desks.map((desk) => newDeskSecrets(desk, 1)));
  const statements: Statement[] = [
    { says: 'centre', centre, verify: centreKey, demonstration: false },
    { says: 'recovery', recipient: recovery },
    ...made.map(({ published }) => ({ says: 'desk' as const, ...published })),
    ...members.map(({ member, recipient }) => ({ says: 'member' as const, member, recipient })),
  ];
  const lines = append(undefined, statements, signing, at);
  const list = readKeyList(lines, { centreKey });
  if ('fault' in list) throw new Error(`A list that was just written: ${list.fault}`);
  const names = members.map(({ member }) => member);
  const grants = await grantsFor(
    list,
    made.map(({ secrets }) => ({ secrets, names })),
  );
  const sealed = await sealCentre(secret, [...members.map((each) => each.recipient), recovery]);
  return {
    change: {
      seen,
      lines,
      grants,
      ends: [],
      centre: { sealed: toBase64(sealed), keyholders: names },
    },
    pinned: { centreKey, line: list.head },
  };
}

interface Parts {
  readonly says?: readonly Statement[];
  readonly grants?: readonly Grant[];
  readonly ends?: KeyChange['ends'];
  readonly centre?: NonNullable<KeyChange['centre']>;
}

function changeOf({ ring, list, centre, at }: Hand, parts: Parts): KeyChange {
  const seed = fromBase64(centre.signing);
  return {
    seen: ring.revision,
    lines: append(list.head, parts.says ?? [], seed, at),
    grants: [...(parts.grants ?? [])],
    ends: [...(parts.ends ?? [])],
    ...(parts.centre && { centre: parts.centre }),
  };
}

const isSigned = (hand: Hand, member: string) =>
  hand.ring.members.some((each) => each.member === member && standingOf(hand, each) === 'signed');

/**
 * New epochs of desks for who can open them, and for whom besides, but for one who is left out. Heirs get
 * what would be nobody's.
 */
async function begin(
  hand: Hand,
  desks: readonly string[],
  {
    also = [],
    heirs = [],
    without,
  }: {
    readonly also?: readonly string[];
    readonly heirs?: readonly string[];
    readonly without?: string;
  } = {},
): Promise<{ readonly fault: StepFault } | Required<Pick<Parts, 'says' | 'grants'>>> {
  if (hand.list.recovery === undefined) return { fault: 'no_recovery' };
  const begun = await Promise.all(
    desks.map(async (desk) => {
      const epoch = (currentEpoch(hand.list, desk)?.epoch ?? 0) + 1;
      const but = (members: readonly string[]) => members.filter((each) => each !== without);
      const able = but([...new Set([...ableTo(hand, desk), ...also])]);
      const names = able.length > 0 ? able : but(heirs);
      return { names, ...(await newDeskSecrets(desk, epoch)) };
    }),
  );
  if (begun.some(({ names }) => names.length === 0)) return { fault: 'nobody_left' };
  return {
    says: begun.map(({ published }) => ({ says: 'desk' as const, ...published })),
    grants: await grantsFor(hand.list, begun),
  };
}

/** For each member and for recovery: sealed one by one, so that each can be taken away by itself. */
async function grantsFor(
  list: KeyList,
  desks: readonly { readonly secrets: DeskSecrets; readonly names: readonly string[] }[],
): Promise<Grant[]> {
  const grants = await Promise.all(
    desks.flatMap(({ secrets, names }) =>
      [...names, RECOVERY].map((member) => grantTo(list, secrets, member)),
    ),
  );
  return grants.flatMap((grant) => grant ?? []);
}

async function grantTo(
  list: KeyList,
  secrets: DeskSecrets,
  member: string,
): Promise<Grant | undefined> {
  const recipient = member === RECOVERY ? list.recovery : list.members.get(member);
  if (recipient === undefined) return undefined;
  const { desk, epoch } = secrets;
  return { member, desk, epoch, sealed: toBase64(await sealGrant(secrets, [recipient])) };
}

async function centreFor(
  { list, centre }: Pick<Hand, 'list' | 'centre'>,
  keyholders: readonly string[],
): Promise<{ readonly fault: StepFault } | NonNullable<KeyChange['centre']>> {
  if (list.recovery === undefined) return { fault: 'no_recovery' };
  if (keyholders.length === 0) return { fault: 'nobody_left' };
  const recipients = keyholders.flatMap((member) => list.members.get(member) ?? []);
  const sealed = await sealCentre(centre, [...recipients, list.recovery]);
  return { sealed: toBase64(sealed), keyholders: [...keyholders] };
}
