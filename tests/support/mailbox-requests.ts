/** A good request for every endpoint of who writes letters, for tests that loop over all endpoints. */
import type { KeyList } from '../../functions/keys/key-list.ts';
import type { MailboxAction } from '../../functions/letters/signing.ts';
import { aPayload, aRequest } from './letter-requests.ts';
import { aMailbox, clientOf, write } from './letters.ts';
import type { World } from './world.ts';

interface Good {
  readonly path: string;
  readonly body?: unknown;
}

/** @param list the signed list of the world; by operation, and each call is about another mailbox */
export function mailboxRequests(
  world: () => World,
  list: () => Promise<KeyList>,
): Record<string, () => Promise<Good>> {
  const ofMailbox = async (path: string, action: MailboxAction, payload: object) => {
    const mailbox = await aMailbox();
    await write(clientOf(world().origin), mailbox, await list(), 'きいてください。');
    return { path, body: await aRequest(world().origin, mailbox, action, payload) };
  };
  return {
    readKeyList: async () => {
      await list();
      return { path: '/api/letters/keys' };
    },
    askForChallenge: async () => ({ path: '/api/letters/challenge?desk=teens' }),
    postLetter: async () => {
      const mailbox = await aMailbox();
      const payload = await aPayload(mailbox, await list());
      return {
        path: '/api/letters',
        body: await aRequest(world().origin, mailbox, 'post', payload),
      };
    },
    openMailbox: () => ofMailbox('/api/letters/open', 'open', {}),
    hideLetters: () => ofMailbox('/api/letters/hide', 'hide', { hide: true }),
    sayWhetherHelped: () => ofMailbox('/api/letters/helped', 'helped', { helped: 'yes' }),
  };
}
