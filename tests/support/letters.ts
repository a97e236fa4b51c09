/** Writers, desks and their keys for tests: everything real, and six words that differ each time. */
import { randomBytes } from 'node:crypto';
import { currentEpoch, type KeyList, readKeyList } from '../../functions/keys/key-list.ts';
import type { Attachment, DeskContent, LetterContent } from '../../functions/letters/content.ts';
import type { Conversation, Queue, ReplyRequest } from '../../functions/letters/desk-model.ts';
import type { LetterHeader, SentAttachment } from '../../functions/letters/model.ts';
import { type Mailbox, mailboxOfRoot } from '../../functions/letters/receipt.ts';
import {
  type DeskKeys,
  type Newest,
  type ReadConversation,
  readConversation,
  sealForDesk,
  sealLetter,
} from '../../functions/letters/sealing.ts';
import { fromBase64, toBase64 } from '../../functions/letters/signing.ts';
import type { Role } from '../../functions/platform/endpoint.ts';
import { demoCentreKey, demoDesk, seedKeys } from '../../infra/local/demonstration/keys.ts';
import { type Client, type LetterToPost, makeClient } from '../../site/src/letters/client.ts';
import { solve } from '../../site/src/letters/solve.ts';
import type { World } from './world.ts';

/** A mailbox without the quarter of a second that its words cost. */
export function aMailbox(desk = 'teens'): Promise<Mailbox> {
  return mailboxOfRoot(new Uint8Array(randomBytes(32)), desk);
}

/** As a browser draws it. @param name the same name, the same report */
export const aReportId = (name: string = randomBytes(8).toString('hex')) =>
  `rep_${name.padEnd(22, '0')}`;

export const aHeader: LetterHeader = { urgency: 'soon' };

/** What a first letter says. */
export function aLetter(
  mailbox: Mailbox,
  changes: Partial<Extract<LetterContent, { direction: 'in' }>> = {},
): LetterContent {
  return {
    v: 1,
    mailbox: mailbox.id,
    direction: 'in',
    number: 1,
    statedAt: '2026-12-01T03:00:00.000Z',
    desk: 'teens',
    before: { in: null, out: null },
    keys: { verify: mailbox.verify, recipient: mailbox.recipient },
    text: 'はじめて書きます。',
    attachments: [],
    ...changes,
  };
}

/** Seals a letter from its writer for a desk of a list. */
export async function sealFrom(
  mailbox: Mailbox,
  content: LetterContent,
  deskRecipient: string,
): Promise<Uint8Array> {
  return sealLetter(content, mailbox.signing, [deskRecipient, mailbox.recipient]);
}

/** Writes and sends the next letter of a mailbox. */
export async function write(
  client: Client,
  mailbox: Mailbox,
  keys: KeyList,
  text: string,
  {
    number = 1,
    newest = { in: null, out: null },
    header = aHeader,
    attachments = [],
    ...more
  }: WriteOptions = {},
) {
  const desk = currentEpoch(keys, mailbox.desk);
  if (!desk) throw new Error('No such desk');
  const content = aLetter(mailbox, {
    number,
    text,
    before: newest,
    desk: mailbox.desk,
    attachments: [...attachments],
  });
  const sealed = await sealFrom(mailbox, content, desk.recipient);
  const named = attachments.map(({ id, parts }) => ({ id, parts }));
  const letter: LetterToPost = { number, header, sealed, attachments: named, ...more };
  return client.post(mailbox, letter, await client.ask(mailbox.desk));
}

interface WriteOptions {
  readonly number?: number;
  readonly newest?: Newest;
  readonly header?: LetterHeader;
  readonly notice?: string;
  /** Pictures that were sent before. */
  readonly attachments?: readonly Attachment[];
}

/** A client of a world, with the work done in this process. */
export function clientOf(origin: string): Client {
  return makeClient(origin, solve);
}

/** What staff-api is asked by: role and subject in the place of a token. */
export const asMember = (role: Role, subject: string) => ({
  authorization: `Bearer ${role}:${subject}`,
});

/** For `startWorld({ overrides })`: believes `asMember`. */
export const believesMembers = () => ({
  authenticate: async (authorization: string | undefined) => {
    const [role = '', subject = ''] = (authorization ?? '').replace('Bearer ', '').split(':');
    return { subject, roles: [role as Role] };
  },
});

/** Stores the demonstration's keys in a world, and reads the list as a page would. */
export async function withDemoKeys(world: World): Promise<KeyList> {
  await seedKeys(world.deps.database);
  const { lines } = await (await fetch(`${world.origin}/api/letters/keys`)).json();
  const list = readKeyList(lines, { centreKey: demoCentreKey });
  if ('fault' in list) throw new Error(list.fault);
  return list;
}

export const deskKeysOf =
  (list: KeyList): DeskKeys =>
  (desk, epoch) =>
    list.epochs.find((each) => each.desk === desk && each.epoch === epoch)?.verify;

/** Opens what a mailbox holds, as its owner's page does. */
export async function readMailbox(
  client: Client,
  mailbox: Mailbox,
  list: KeyList,
): Promise<ReadConversation> {
  const opened = await client.open(mailbox);
  return readConversation(
    opened.letters.map((letter) => ({ ...letter, sealed: fromBase64(letter.sealed) })),
    {
      mailbox: mailbox.id,
      identities: [mailbox.identity],
      desk: mailbox.desk,
      deskKeys: deskKeysOf(list),
      own: true,
      from: opened.from,
    },
  );
}

/** A member's browser: opens a conversation with the desk's keys, and seals what it sends. */
export function aDesk(world: World, role: Role, member: string, desk = 'teens') {
  const headers = { ...asMember(role, member), 'content-type': 'application/json' };
  const ask = async <T>(method: string, path: string, body?: unknown) => {
    const response = await fetch(world.origin + path, {
      method,
      headers,
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    return { status: response.status, json: (await response.json()) as T };
  };
  const path = (mailbox: string, step = '') => `/api/staff/letters/${mailbox}${step}`;
  const keysOf = async () => {
    const { secrets, published } = await demoDesk(desk);
    return { ...secrets, signing: fromBase64(secrets.signing), recipient: published.recipient };
  };
  return {
    ask,
    open: (mailbox: string) => ask<Conversation>('GET', path(mailbox)),
    queue: (view = 'waiting') => ask<Queue>('GET', `/api/staff/letters?desk=${desk}&view=${view}`),
    /** The letters of the newest round, opened. */
    async read(conversation: Conversation): Promise<ReadConversation> {
      const { identity, recipient: _, ...keys } = await keysOf();
      const { verify } = (await demoDesk(desk)).published;
      const newest = conversation.rounds.at(-1);
      return readConversation(
        (newest?.letters ?? []).map((letter) => ({
          ...letter,
          sealed: fromBase64(letter.sealed),
        })),
        {
          mailbox: conversation.head.mailbox,
          identities: [identity],
          desk,
          deskKeys: (name, epoch) => (name === desk && epoch === keys.epoch ? verify : undefined),
          ...(newest ? { from: newest.from } : {}),
        },
      );
    },
    async sealed(mailbox: string, kind: DeskContent['kind'], text: string): Promise<string> {
      const { epoch, signing, recipient } = await keysOf();
      const content: DeskContent = { v: 1, kind, mailbox, desk, epoch, text };
      return toBase64(await sealForDesk(content, signing, recipient));
    },
    async draft(
      mailbox: string,
      text: string,
      seen = 0,
      state: 'writing' | 'proposed' = 'proposed',
    ) {
      const sealed = await this.sealed(mailbox, 'draft', text);
      return ask<Conversation>('POST', path(mailbox, '/draft'), { seen, state, sealed });
    },
    /** Seals an answer for who wrote the first letter, and sends it. */
    async reply(
      conversation: Conversation,
      text: string,
      more: {
        readonly alone?: string;
        readonly sealed?: string;
        readonly attachments?: readonly SentAttachment[];
      } = {},
    ) {
      return ask<Conversation>('POST', path(conversation.head.mailbox, '/replies'), {
        ...(await this.sealedReply(conversation, text)),
        ...more,
      });
    },
    async sealedReply(conversation: Conversation, text: string): Promise<ReplyRequest> {
      const { head } = conversation;
      const { letters, newest } = await this.read(conversation);
      const first = letters.find(({ content }) => content?.direction === 'in')?.content;
      if (first?.direction !== 'in') throw new Error('No letter that could be opened');
      const { epoch, signing, recipient } = await keysOf();
      const number = head.letters.out + 1;
      const sealed = await sealLetter(
        {
          v: 1,
          direction: 'out',
          mailbox: head.mailbox,
          number,
          statedAt: '2026-12-01T04:00:00.000Z',
          desk,
          epoch,
          before: newest,
          text,
          attachments: [],
        },
        signing,
        [recipient, first.keys.recipient],
      );
      return {
        round: head.round,
        number,
        sealed: toBase64(sealed),
        attachments: [],
        receivedAt: head.receivedAt,
        draft: conversation.draft?.version ?? 1,
      };
    },
  };
}
