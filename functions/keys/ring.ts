/** What a member of staff gets to work with: the signed list, their own sealed keys, and their colleagues. */
import type { ApiDeps } from '../platform/deps.ts';
import type { KeyRing } from './model.ts';
import { getCentre, getList, listGrants, listMembers } from './store.ts';

export async function readKeyRing(
  { database }: Pick<ApiDeps, 'database'>,
  member: string,
): Promise<KeyRing> {
  // First, so that a revision never vouches for what was there before it.
  const { lines, revision } = await getList(database);
  const [members, centre, grants] = await Promise.all([
    listMembers(database),
    getCentre(database),
    listGrants(database, member),
  ]);
  const granted = await Promise.all(
    members.map((each) => listGrants(database, each.member).then((rows) => ({ each, rows }))),
  );
  const newest = new Map<string, number>();
  for (const { desk, epoch } of granted.flatMap(({ rows }) => rows)) {
    newest.set(desk, Math.max(epoch, newest.get(desk) ?? 0));
  }
  const mine = members.find((each) => each.member === member);
  const isKeyholder = (each: string) => centre?.keyholders.includes(each) ?? false;
  return {
    me: member,
    revision,
    lines,
    grants,
    ...(mine?.vault === undefined ? {} : { vault: mine.vault }),
    ...(centre && isKeyholder(member) ? { centre: centre.sealed } : {}),
    members: granted.map(({ each: { member: id, name, recipient, vault }, rows }) => ({
      member: id,
      name,
      recipient,
      hasKey: vault !== undefined,
      desks: rows.filter(({ desk, epoch }) => newest.get(desk) === epoch).map(({ desk }) => desk),
      isKeyholder: isKeyholder(id),
    })),
  };
}
