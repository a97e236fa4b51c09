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
  refuses: ['letters_not_ready'],
  async handle(_input, { deps }) {
    const list = await showKeyList(deps);
    return 'refused' in list ? list : { json: list };
  },
});

export const keyEndpoints = [keyList];
