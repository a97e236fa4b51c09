/** Hands over the signed list as it is kept. Whether it can be believed is decided where it is read. */
import { isKeyReady, notReadySentence } from '../letters/rules.ts';
import type { ApiDeps } from '../platform/deps.ts';
import { type Refused, refuse } from '../platform/refusals.ts';
import type { PublicKeys } from './model.ts';
import { getList } from './store.ts';

export async function showKeyList({
  centre,
  config,
  database,
  letters,
}: Pick<ApiDeps, 'centre' | 'config' | 'database' | 'letters'>): Promise<PublicKeys | Refused> {
  if (!isKeyReady(letters, config.stage)) {
    return refuse('letters_not_ready', notReadySentence(centre.phones.main));
  }
  const { lines } = await getList(database);
  return { lines };
}
