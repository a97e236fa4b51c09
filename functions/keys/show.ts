/** Hands over the signed list as it is kept. Whether it can be believed is decided where it is read. */
import type { ApiDeps } from '../platform/deps.ts';
import type { PublicKeys } from './model.ts';
import { getList } from './store.ts';

export async function showKeyList({ database }: Pick<ApiDeps, 'database'>): Promise<PublicKeys> {
  return { lines: await getList(database) };
}
