/**
 * Keys change: a member puts a sealed key of their own here, and keyholders sign, grant and withdraw. The
 * server checks what it can (the signatures, who is a keyholder) and cannot open anything of it.
 */
import { auditWrite } from '../audit/store.ts';
import { isDemonstrationKey } from '../letters/rules.ts';
import { type TransactWrite, Unavailable } from '../platform/database.ts';
import type { ApiDeps } from '../platform/deps.ts';
import type { Actor } from '../platform/endpoint.ts';
import { appendEvent } from '../platform/events-store.ts';
import { isRefused, type Refused, refuse } from '../platform/refusals.ts';
import {
  currentEpoch,
  type KeyList,
  readKeyList,
  type SignedLine,
  type Statement,
} from './key-list.ts';
import type { Grant, KeyChange, KeyEvent, KeyRing, MemberRow, VaultRequest } from './model.ts';
import { readKeyRing } from './ring.ts';
import {
  deleteGrant,
  getCentre,
  getList,
  listGrants,
  listMembers,
  putCentre,
  putGrant,
  putList,
  putMember,
  removeVault,
} from './store.ts';

/** A desk that fewer can open is one illness away from letters that nobody reads. */
export const LEAST_MEMBERS = 2;

/** A team makes its keys side by side; nobody is told to come again for that. */
const TRIES = 8;

const CHANGED = refuse(
  'keys_changed',
  'ほかの職員が先に鍵を変えました。開き直してから、もう一度お試しください。',
);
const UNBELIEVED = refuse(
  'keys_not_believed',
  '鍵の名簿の署名が合いません。この操作は保存されていません。',
);
const FOR_PRACTICE = refuse(
  'letters_not_ready',
  'これは練習用の鍵です。だれでも開けるので、ここでは使えません。センターの鍵を、新しく作ってください。',
);
const NO_KEYHOLDER = refuse('role_missing', 'この操作は、センターの鍵を預かる職員だけができます。');

const LAST_KEYHOLDER = refuse(
  'last_keyholder',
  '鍵の預かり役が、あなたのほかにいません。新しい鍵にすると、署名や許可のできる人がいなくなるので、鍵は前のままにしました。前の6つのことばで開けて、先に、ほかの人を預かり役にしてください。ことばが見つからないときは、復旧の控えを持つ人に知らせてください。',
);

/** A member's own key. Made anew (words lost), it waits for a keyholder to sign and grant it again. */
export async function saveVault(
  deps: ApiDeps,
  { subject }: Actor,
  request: VaultRequest,
  now: Date,
): Promise<KeyRing | Refused> {
  const { database } = deps;
  for (let tries = 0; tries < TRIES; tries += 1) {
    const { lines, revision } = await getList(database);
    const before = (await listMembers(database)).find(({ member }) => member === subject);
    const isOther = before !== undefined && before.recipient !== request.recipient;
    const ends = isOther ? await endOfOldKey(deps, subject, lines, now) : [];
    if (isRefused(ends)) return ends;
    const { committed } = await database.transact([
      // A step that was made before this key seals for the old one: it must be stale.
      putList(database, lines, revision),
      putMember(database, { member: subject, ...request, at: now.toISOString() }),
      ...ends,
      auditWrite(deps, { action: 'keys_changed', actor: subject, people: 1 }, now),
    ]);
    if (committed) return readKeyRing(deps, subject);
    // A keyholder was quicker in this very moment, perhaps with a grant for the old key.
  }
  throw new Unavailable('The keys changed too often while one was saved');
}

/**
 * What was sealed for a key that is given up: no grant, no part in the centre's key. Another keyholder gives them
 * back, each by a step that seals for the new one. The centre's key itself stays sealed as it is.
 * @returns a refusal for the only keyholder: nobody could sign the new key, and the old one may still be found
 */
async function endOfOldKey(
  deps: ApiDeps,
  member: string,
  lines: readonly SignedLine[],
  now: Date,
): Promise<TransactWrite[] | Refused> {
  const { database, ids } = deps;
  const [grants, centre] = await Promise.all([listGrants(database, member), getCentre(database)]);
  const others = centre?.keyholders.filter((each) => each !== member) ?? [];
  const isKeyholder = centre?.keyholders.includes(member) ?? false;
  if (isKeyholder && others.length === 0) return LAST_KEYHOLDER;
  const list = believedList(deps, lines);
  return [
    ...grants.map((grant) => deleteGrant(database, grant)),
    ...(centre && isKeyholder ? [putCentre(database, { ...centre, keyholders: others })] : []),
    appendEvent(database, {
      eventId: ids.event(now),
      kind: 'keys_changed',
      at: now.toISOString(),
      actor: member,
      // Before the set-up there is no desk.
      thin: isRefused(list) ? [] : await thinDesks(deps, list, [], grants),
    } satisfies KeyEvent),
  ];
}

/** One step of a keyholder, all or nothing. */
export async function changeKeys(
  deps: ApiDeps,
  actor: Actor,
  change: KeyChange,
  now: Date,
): Promise<KeyRing | Refused> {
  const { config, database, letters } = deps;
  const isPractice = (key: string) => config.stage === 'cloud' && isDemonstrationKey(key);
  if (letters.pinned && isPractice(letters.pinned.centreKey)) return FOR_PRACTICE;
  const { lines, revision } = await getList(database);
  if (revision !== change.seen) return CHANGED;
  const isSetUp = lines.length > 0;
  const centre = await getCentre(database);
  const may = isSetUp
    ? (centre?.keyholders.includes(actor.subject) ?? false)
    : actor.roles.includes('center_head');
  if (!may) return NO_KEYHOLDER;
  const list = believedList(deps, [...lines, ...change.lines]);
  if (isRefused(list)) return list;
  if ([...list.formerKeys, list.centreKey].some(isPractice)) return FOR_PRACTICE;
  // A key of the centre that is in force from now on and sealed for nobody would be nobody's.
  if (list.centreLine.seq > lines.length && !change.centre) return UNBELIEVED;
  if (!change.grants.every((grant) => isFor(list, grant))) return UNBELIEVED;

  const ended = await endedGrants(deps, change);
  const left = await membersWhoLeft(deps, change);
  const writes: TransactWrite[] = [
    putList(database, [...lines, ...change.lines], revision),
    ...ended
      .filter((end) => !change.grants.some((grant) => isSame(grant, end)))
      .map((grant) => deleteGrant(database, grant)),
    ...change.grants.map((grant) => putGrant(database, grant)),
    ...(change.centre ? [putCentre(database, change.centre)] : []),
    ...left.map((row) => removeVault(database, row)),
    auditWrite(deps, { action: 'keys_changed', actor: actor.subject, people: 0 }, now),
    appendEvent(database, {
      eventId: deps.ids.event(now),
      kind: 'keys_changed',
      at: now.toISOString(),
      actor: actor.subject,
      thin: await thinDesks(deps, list, change.grants, ended),
    } satisfies KeyEvent),
  ];
  const outcome = await database.transact(writes);
  return outcome.committed ? readKeyRing(deps, actor.subject) : CHANGED;
}

/** Before a key is pinned, the first list is taken as it says itself; pages take no letters until then. */
function believedList({ letters }: ApiDeps, lines: readonly SignedLine[]): KeyList | Refused {
  const pinned = letters.pinned ?? { centreKey: ownKeyOf(lines[0]) };
  const list = readKeyList(lines, {
    centreKey: pinned.centreKey,
    ...(letters.pinned?.line ? { line: letters.pinned.line } : {}),
  });
  return 'fault' in list ? UNBELIEVED : list;
}

function ownKeyOf(line: SignedLine | undefined): string {
  try {
    return String(JSON.parse(line?.text ?? '')?.statement?.verify);
  } catch {
    return '';
  }
}

/** A grant is for a member of the list or for the recovery key, and of an epoch that the list names. */
function isFor(list: KeyList, { member, desk, epoch }: Grant): boolean {
  const isKnown = member === 'recovery' || list.members.has(member);
  return isKnown && list.epochs.some((each) => each.desk === desk && each.epoch === epoch);
}

type Named = Pick<Grant, 'member' | 'desk' | 'epoch'>;
const isSame = (a: Named, b: Named) =>
  a.member === b.member && a.desk === b.desk && a.epoch === b.epoch;

async function endedGrants({ database }: ApiDeps, { ends }: KeyChange): Promise<Grant[]> {
  const rows = await Promise.all(ends.map(({ member }) => listGrants(database, member)));
  return rows.flatMap((grants, index) => grants.filter(({ desk }) => desk === ends[index]?.desk));
}

/** Whose last word in this step is that they go. @param change believed, so that its lines are JSON */
async function membersWhoLeft({ database }: ApiDeps, { lines }: KeyChange): Promise<MemberRow[]> {
  const said = lines.map(({ text }) => (JSON.parse(text) as { statement: Statement }).statement);
  const isGone = (member: string) =>
    said.findLast((each) => 'member' in each && each.member === member)?.says === 'member_gone';
  if (!said.some(({ says }) => says === 'member_gone')) return [];
  return (await listMembers(database)).filter(({ member }) => isGone(member));
}

/** Desks that fewer than two members can open in their newest epoch, once the change is made. */
async function thinDesks(
  { database }: ApiDeps,
  list: KeyList,
  granted: readonly Grant[],
  ended: readonly Grant[],
): Promise<string[]> {
  const rows = await Promise.all(
    [...list.members.keys()].map((member) => listGrants(database, member)),
  );
  const kept = rows.flat().filter((grant) => !ended.some((end) => isSame(grant, end)));
  const all = [...kept, ...granted].filter(({ member }) => list.members.has(member));
  const desks = [...new Set(list.epochs.map(({ desk }) => desk))];
  return desks.filter((desk) => {
    const epoch = currentEpoch(list, desk)?.epoch;
    const able = all.filter((grant) => grant.desk === desk && grant.epoch === epoch);
    return new Set(able.map(({ member }) => member)).size < LEAST_MEMBERS;
  });
}
