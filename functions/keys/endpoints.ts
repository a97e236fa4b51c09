/** The HTTP face of keys for who writes letters: the signed list, which anybody may check. */
import { endpoint } from '../platform/endpoint.ts';
import { PublicKeys } from './model.ts';
import { showKeyList } from './show.ts';

const keyList = endpoint({
  operation: 'readKeyList',
  method: 'GET',
  path: '/api/letters/keys',
  access: 'public',
  summary: 'The signed list of the centre’s keys, which the reader’s browser checks',
  output: PublicKeys,
  refuses: [],
  async handle(_input, { deps }) {
    return { json: await showKeyList(deps) };
  },
});

export const keyEndpoints = [keyList];
