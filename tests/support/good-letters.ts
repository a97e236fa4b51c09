/** A good request for every endpoint of letters, of keys and of the audit about them, for tests that loop over all endpoints. */
import { currentEpoch, type KeyList } from '../../functions/keys/key-list.ts';
import { getList, putCentre, putGrant } from '../../functions/keys/store.ts';
import { type MemberKey, newMemberKey, sealVault } from '../../functions/keys/vault.ts';
import { uploadFromDesk } from '../../functions/letters/desk-parts.ts';
import { sealLetter } from '../../functions/letters/sealing.ts';
import { toBase64 } from '../../functions/letters/signing.ts';
import { getHead, putDraft } from '../../functions/letters/store.ts';
import { makeDemoKeys } from '../../infra/local/demonstration/keys.ts';
import { aDesk, aMailbox, aReportId, clientOf, withDemoKeys, write } from './letters.ts';
import { mailboxRequests } from './mailbox-requests.ts';
import { aPart } from './picture-requests.ts';
import type { World } from './world.ts';

interface Good {
  readonly path: string;
  readonly body?: unknown;
}

/** Lets `subject` open letters of both desks and hold the centre's key, beside the demonstration's members. */
async function withMember(world: World, subject: string): Promise<KeyList> {
  const list = await withDemoKeys(world);
  const { grants, centre } = await makeDemoKeys();
  const { database } = world.deps;
  await database.transact([
    ...grants
      .filter(({ member }) => member === 'soudan')
      .map((grant) => putGrant(database, { ...grant, member: subject })),
    putCentre(database, { ...centre, keyholders: [...centre.keyholders, subject] }),
  ]);
  return list;
}

/**
 * @param world where the requests will be made, by a member of staff whose token names `subject`
 * @returns by operation; each call makes a new letter
 */
export function letterRequests(
  world: () => World,
  subject = 'staff-1',
): Record<string, () => Promise<Good>> {
  let ready: Promise<KeyList> | undefined;
  // Another key would end the grants that the other requests need.
  let ownKey: Promise<MemberKey> | undefined;
  const list = () => {
    ready ??= withMember(world(), subject);
    return ready;
  };
  // Seals what another member would; it asks nothing of the server.
  const sealer = () => aDesk(world(), 'teens_worker', 'teens');

  async function aConversation(): Promise<{ mailbox: string; path: string }> {
    const mailbox = await aMailbox();
    await write(clientOf(world().origin), mailbox, await list(), 'きいてください。');
    return { mailbox: mailbox.id, path: `/api/staff/letters/${mailbox.id}` };
  }
  const on = async (step: string, body: (mailbox: string) => unknown | Promise<unknown>) => {
    const { mailbox, path } = await aConversation();
    return { path: path + step, body: await body(mailbox) };
  };
  const receivedAt = () => world().clock.now().toISOString();

  return {
    ...mailboxRequests(world, list),
    readLetterQueue: async () => {
      await aConversation();
      return { path: '/api/staff/letters?desk=teens&view=waiting' };
    },
    openConversation: async () => ({ path: `${(await aConversation()).path}?before=1.2.1` }),
    noteOpening: () =>
      on('/opened', () => ({ round: 1, through: 1, receivedAt: receivedAt(), unopenable: [] })),
    saveDraft: () =>
      on('/draft', async (mailbox) => ({
        seen: 0,
        state: 'proposed',
        sealed: await sealer().sealed(mailbox, 'draft', '下書き'),
      })),
    sendReply: () => aReply(aConversation, world, list),
    reviewReply: () => on('/review', () => ({ round: 1, number: 1 })),
    noteLetter: () =>
      on('/notes', async (mailbox) => ({ sealed: await sealer().sealed(mailbox, 'note', 'メモ') })),
    assignLetter: () => on('/assign', () => ({ assignee: subject })),
    closeConversation: () => on('/close', () => ({ outcome: 'advised', seen: 1 })),
    receiveAsReport: () =>
      on('/report', () => ({
        reportId: aReportId(),
        round: 1,
        letters: [1],
        text: '写した文',
        reason: '傷がある',
      })),
    uploadPartFromDesk: () => on('/parts', () => aPart()),
    downloadPartForDesk: async () => {
      const { mailbox, path } = await aConversation();
      const part = await aPart();
      const { deps, clock } = world();
      await uploadFromDesk(deps, { subject, roles: [] }, mailbox, part, clock.now());
      return { path: `${path}/parts/${part.attachment}/1` };
    },
    listAudit: async () => {
      await list();
      return { path: '/api/staff/audit?day=2026-12-01&desk=teens' };
    },
    readReports: async () => ({ path: '/api/staff/reports' }),
    readKeyRing: async () => {
      await list();
      return { path: '/api/staff/keys' };
    },
    saveVault: async () => {
      await list();
      ownKey ??= newMemberKey();
      const { identity, recipient } = await ownKey;
      const vault = toBase64(await sealVault(['りんご', 'みなと'], identity));
      return { path: '/api/staff/keys/vault', body: { name: '見本', recipient, vault } };
    },
    changeKeys: async () => {
      await list();
      const { revision: seen } = await getList(world().deps.database);
      const none = { lines: [], grants: [], ends: [] };
      return { path: '/api/staff/keys/changes', body: { seen, ...none } };
    },
  };
}

/** An answer to a letter whose draft somebody else has written. */
async function aReply(
  aConversation: () => Promise<{ mailbox: string; path: string }>,
  world: () => World,
  list: () => Promise<KeyList>,
): Promise<Good> {
  const { mailbox, path } = await aConversation();
  const { database, clock } = world().deps;
  const desk = currentEpoch(await list(), 'teens');
  if (!desk) throw new Error('No such desk');
  const at = clock.now().toISOString();
  const head = await getHead(database, mailbox);
  await database.transact([
    putDraft(
      database,
      mailbox,
      { version: 1, state: 'proposed', author: 'teens', at, sealed: new Uint8Array(8) },
      0,
    ),
  ]);
  const sealed = await sealLetter(
    {
      v: 1,
      direction: 'out',
      mailbox,
      number: 1,
      statedAt: at,
      desk: 'teens',
      epoch: 1,
      before: { in: null, out: null },
      text: '返事',
      attachments: [],
    },
    new Uint8Array(32),
    [desk.recipient, undefined],
  );
  return {
    path: `${path}/replies`,
    body: {
      round: 1,
      number: 1,
      sealed: toBase64(sealed),
      attachments: [],
      receivedAt: head?.receivedAt ?? at,
      draft: 1,
    },
  };
}
