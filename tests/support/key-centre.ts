/**
 * A centre whose keys are made and used over HTTP as its members would, with real letters: for rehearsals of
 * what happens to keys. haru and natsu hold the centre's key, aki has the desk of teens, fuyu is new.
 */
import { randomBytes } from 'node:crypto';
import { expect } from 'vitest';
import { grantDesk, type Step, setUp, signMember } from '../../functions/keys/ceremony.ts';
import {
  currentEpoch,
  type KeyList,
  type Pinned,
  readKeyList,
} from '../../functions/keys/key-list.ts';
import type { KeyChange, KeyRing } from '../../functions/keys/model.ts';
import { writeShares } from '../../functions/keys/shares.ts';
import {
  type DeskSecrets,
  type MemberKey,
  newMemberKey,
  sealVault,
} from '../../functions/keys/vault.ts';
import type { Conversation } from '../../functions/letters/desk-model.ts';
import { drawWords, type Mailbox } from '../../functions/letters/receipt.ts';
import { readConversation, sealForDesk, sealLetter } from '../../functions/letters/sealing.ts';
import { letterSettings } from '../../functions/letters/settings.ts';
import { fromBase64, toBase64 } from '../../functions/letters/signing.ts';
import type { Role } from '../../functions/platform/endpoint.ts';
import type { Engine } from '../../infra/local/engine.ts';
import type { Client } from '../../site/src/letters/client.ts';
import { handOf, type OpenedRing, openRing } from './keyholders.ts';
import { asMember, believesMembers, clientOf, deskKeysOf, readMailbox } from './letters.ts';
import { rowsOf } from './raw-tables.ts';
import { startWorld, type World } from './world.ts';

const ROLES: Readonly<Record<string, Role>> = {
  haru: 'center_head',
  natsu: 'family_worker',
  aki: 'teens_worker',
  fuyu: 'teens_worker',
};

/** A centre whose keys were made as its members would make them, over HTTP. */
export class KeyCentre {
  readonly world: World;
  readonly client: Client;
  readonly keys = new Map<string, MemberKey>();
  readonly words = new Map<string, readonly string[]>();
  pinned: Pinned = { centreKey: '' };
  sheets: readonly string[] = [];
  /** The centre writes the key into its settings and deploys. */
  pin: (pinned: Pinned) => void = () => {};

  private constructor(world: World) {
    this.world = world;
    this.client = clientOf(world.origin);
  }

  /** haru, natsu and aki have made their keys, and nobody has set anything up. */
  static async withMembers(engine: Engine): Promise<KeyCentre> {
    const { pinned: _, ...settings } = letterSettings;
    const letters: { pinned?: Pinned } & typeof settings = { ...settings };
    const world = await startWorld({
      engine,
      overrides: () => ({ ...believesMembers(), letters }),
    });
    const centre = new KeyCentre(world);
    centre.pin = (pinned) => {
      centre.pinned = pinned;
      letters.pinned = pinned;
    };
    for (const member of ['haru', 'natsu', 'aki']) await centre.makeKey(member);
    return centre;
  }

  /** haru and natsu set it up; aki is signed and granted the desk of teens. */
  static async start(engine: Engine): Promise<KeyCentre> {
    const centre = await KeyCentre.withMembers(engine);
    const { world } = centre;
    const recovery = await newMemberKey();
    centre.sheets = await writeShares(recovery.identity, 'K7WD');
    const made = await setUp({
      centre: 'hidamari',
      recovery: recovery.recipient,
      members: ['haru', 'natsu'].map((member) => ({ member, ...centre.keyOf(member) })),
      desks: ['teens', 'general'],
      seen: (await centre.ring('haru')).revision,
      at: world.clock.now().toISOString(),
    });
    if ('fault' in made) throw new Error(made.fault);
    expect((await centre.change('haru', made.change)).status).toBe(200);
    centre.pin(made.pinned);
    await centre.take('natsu', (hand) =>
      signMember(hand, { member: 'aki', ...centre.keyOf('aki') }),
    );
    await centre.take('natsu', (hand) => grantDesk(hand, 'aki', 'teens'));
    return centre;
  }

  keyOf(member: string): MemberKey {
    const key = this.keys.get(member);
    if (!key) throw new Error(`${member} has no key`);
    return key;
  }

  async ask<T>(member: string, method: string, path: string, body?: unknown) {
    const response = await fetch(this.world.origin + path, {
      method,
      headers: {
        ...asMember(ROLES[member] ?? 'teens_worker', member),
        'content-type': 'application/json',
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    return { status: response.status, json: (await response.json()) as T };
  }

  /** First log-in, or words that were lost. */
  async makeKey(member: string): Promise<void> {
    expect(await this.tryNewKey(member)).toMatchObject({ status: 200 });
  }

  /** The same, where it may be refused: then the member keeps the key that they had. */
  async tryNewKey(member: string) {
    const key = await newMemberKey();
    const words = drawWords((count) => new Uint8Array(randomBytes(count)));
    const vault = toBase64(await sealVault(words, key.identity));
    const body = { name: member, recipient: key.recipient, vault };
    const path = '/api/staff/keys/vault';
    const saved = await this.ask<KeyRing & { code?: string }>(member, 'POST', path, body);
    if (saved.status === 200) {
      this.keys.set(member, key);
      this.words.set(member, words);
    }
    return saved;
  }

  ring = async (member: string): Promise<KeyRing> =>
    (await this.ask<KeyRing>(member, 'GET', '/api/staff/keys')).json;

  change = (member: string, change: KeyChange) =>
    this.ask<KeyRing & { code?: string }>(member, 'POST', '/api/staff/keys/changes', change);

  async take(
    member: string,
    step: (hand: Awaited<ReturnType<typeof handOf>>) => Step | Promise<Step>,
  ): Promise<KeyChange> {
    const hand = await handOf(await this.ring(member), this.keyOf(member), this.pinned);
    const change = await step(hand);
    if ('fault' in change) throw new Error(change.fault);
    const { status, json } = await this.change(member, change);
    expect({ status, code: json.code }).toEqual({ status: 200, code: undefined });
    return change;
  }

  open = async (member: string): Promise<OpenedRing> =>
    openRing(await this.ring(member), this.keyOf(member), this.pinned);

  /** The list as the page of a young person reads it. */
  async list(): Promise<KeyList> {
    const { lines } = await (await fetch(`${this.world.origin}/api/letters/keys`)).json();
    const list = readKeyList(lines, this.pinned);
    if ('fault' in list) throw new Error(list.fault);
    return list;
  }

  async conversation(member: string, mailbox: Mailbox) {
    return this.ask<Conversation>(member, 'GET', `/api/staff/letters/${mailbox.id}`);
  }

  /** What a member reads with all that they were granted. */
  async read(member: string, mailbox: Mailbox): Promise<readonly (string | undefined)[]> {
    const { json } = await this.conversation(member, mailbox);
    const { secrets, list } = await this.open(member);
    const read = await readConversation(
      (json.rounds[0]?.letters ?? []).map((each) => ({ ...each, sealed: fromBase64(each.sealed) })),
      {
        mailbox: mailbox.id,
        identities: secrets.map(({ identity }) => identity),
        desk: 'teens',
        deskKeys: deskKeysOf(list),
      },
    );
    expect(read.faults).toEqual([]);
    return read.letters.map(({ content, fault }) => content?.text ?? fault);
  }

  /** One member writes, another sends; signed with the newest epoch. */
  async answer(author: string, sender: string, mailbox: Mailbox, text: string): Promise<void> {
    const { secrets, list } = await this.open(sender);
    const newest = newestOf(secrets, list);
    const { json } = await this.conversation(sender, mailbox);
    const recipient = currentEpoch(list, 'teens')?.recipient ?? '';
    const { head } = json;
    const { newest: seen } = await readMailbox(this.client, mailbox, list);
    const sealed = await sealLetter(
      {
        v: 1,
        direction: 'out',
        mailbox: mailbox.id,
        number: head.letters.out + 1,
        statedAt: '2026-12-01T04:00:00.000Z',
        desk: 'teens',
        epoch: newest.epoch,
        before: seen,
        text,
        attachments: [],
      },
      fromBase64(newest.signing),
      [recipient, mailbox.recipient],
    );
    const path = `/api/staff/letters/${mailbox.id}`;
    const draft = await this.ask<Conversation>(author, 'POST', `${path}/draft`, {
      seen: 0,
      state: 'proposed',
      sealed: toBase64(await sealDraft(secrets, list, mailbox, text)),
    });
    const sent = await this.ask(sender, 'POST', `${path}/replies`, {
      round: 1,
      number: head.letters.out + 1,
      sealed: toBase64(sealed),
      attachments: [],
      receivedAt: head.receivedAt,
      draft: draft.json.draft?.version,
    });
    expect(sent.status).toBe(200);
  }

  texts = async (mailbox: Mailbox) => {
    const read = await readMailbox(this.client, mailbox, await this.list());
    expect(read.faults).toEqual([]);
    return read.letters.map(({ content, fault }) => content?.text ?? fault);
  };

  /** Every sealed thing of one kind that the tables hold, whatever the server would hand out. */
  async sealedLetters(): Promise<Uint8Array[]> {
    const rows = await rowsOf(this.world, 'consultations');
    return rows.flatMap(({ sk, sealed }) =>
      sk.startsWith('LETTER#') && sealed instanceof Uint8Array ? [sealed] : [],
    );
  }
}

function newestOf(secrets: readonly DeskSecrets[], list: KeyList): DeskSecrets {
  const epoch = currentEpoch(list, 'teens')?.epoch;
  const newest = secrets.find((each) => each.desk === 'teens' && each.epoch === epoch);
  if (!newest) throw new Error('The newest epoch is not open');
  return newest;
}

async function sealDraft(
  secrets: readonly DeskSecrets[],
  list: KeyList,
  mailbox: Mailbox,
  text: string,
): Promise<Uint8Array> {
  const { epoch, signing } = newestOf(secrets, list);
  const recipient = currentEpoch(list, 'teens')?.recipient ?? '';
  const content = { v: 1, kind: 'draft', mailbox: mailbox.id, desk: 'teens', epoch, text } as const;
  return sealForDesk(content, fromBase64(signing), recipient);
}
