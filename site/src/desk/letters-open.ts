/**
 * Opens and seals what a conversation holds, with the keys of an unlocked member. Answers are sealed for the
 * keys that stand inside the writer's own letters, never for anything that a server says.
 */
import type { Conversation, DeskLetter, QueueItem } from '../rules.ts';
import {
  type Attachment,
  type ConversationFault,
  currentEpoch,
  type DeskContent,
  type DeskEpoch,
  type DeskSecrets,
  fromBase64,
  type LetterContent,
  type Newest,
  openForDesk,
  type ReadLetter,
  readConversation,
  sealForDesk,
  sealLetter,
  toBase64,
} from '../sealing.ts';
import { olderThan } from './letters-pages.ts';
import type { Vault } from './vault.ts';

export interface OpenedLetter {
  /** What the server says of it: when it came, who wrote and sent it. */
  readonly kept: DeskLetter;
  readonly read: ReadLetter;
}

export interface OpenedRound {
  readonly round: number;
  /** Letters of each side before these numbers were not fetched. */
  readonly from: { readonly in: number; readonly out: number };
  readonly letters: readonly OpenedLetter[];
  readonly faults: readonly ConversationFault[];
  readonly newest: Newest;
}

export interface OpenedDraft {
  readonly version: number;
  readonly state: 'writing' | 'proposed';
  readonly author: string;
  readonly at: string;
  /** Absent: it could not be opened, or the desk did not sign it. */
  readonly content: DeskContent | undefined;
}

export interface OpenedNote {
  readonly noteId: string;
  readonly author: string;
  readonly at: string;
  readonly text: string | undefined;
}

export interface OpenedConversation {
  readonly head: QueueItem;
  readonly approval: 'one' | 'two';
  readonly rounds: readonly OpenedRound[];
  readonly draft: OpenedDraft | undefined;
  readonly notes: readonly OpenedNote[];
  readonly hasOlderNotes: boolean;
  /** The writer's recipient, out of a letter that they signed; undefined: nothing can be answered. */
  readonly recipient: string | undefined;
  /** Keys with which this member can write; undefined: the newest epoch was not granted. */
  readonly writing: Writing | undefined;
  /** Some epoch of the desk was not granted: what stays closed here may be open to a colleague. */
  readonly lacksEpochs: boolean;
}

interface Writing {
  readonly epoch: DeskEpoch;
  readonly secrets: DeskSecrets;
}

/** The newest epoch of a desk, when this member was granted it. */
export function writingFor({ list, secrets }: Vault, desk: string): Writing | undefined {
  const epoch = list && currentEpoch(list, desk);
  const mine = secrets.find((each) => each.desk === desk && each.epoch === epoch?.epoch);
  return epoch && mine ? { epoch, secrets: mine } : undefined;
}

function readingFor({ list, secrets }: Vault, mailbox: string, desk: string) {
  return {
    mailbox,
    desk,
    identities: secrets.filter((each) => each.desk === desk).map(({ identity }) => identity),
    deskKeys: (name: string, epoch: number) =>
      list?.epochs.find((each) => each.desk === name && each.epoch === epoch)?.verify,
  };
}

export async function openConversation(
  { head, approval, rounds, draft, notes, hasOlderNotes }: Conversation,
  vault: Vault,
): Promise<OpenedConversation> {
  const reading = readingFor(vault, head.mailbox, head.desk);
  const opened = await Promise.all(
    rounds.map(async ({ round, from, letters }): Promise<OpenedRound> => {
      const held = letters.map((letter) => ({ ...letter, sealed: fromBase64(letter.sealed) }));
      const {
        letters: read,
        faults,
        newest,
      } = await readConversation(held, {
        ...reading,
        from,
      });
      return {
        round,
        from,
        faults,
        newest,
        letters: read.flatMap((each) => {
          const kept = letters.find(
            ({ direction, number }) => direction === each.direction && number === each.number,
          );
          return kept ? [{ kept, read: each }] : [];
        }),
      };
    }),
  );
  return {
    head,
    approval,
    rounds: opened,
    draft: draft && {
      ...draft,
      content: await openForDesk(fromBase64(draft.sealed), reading),
    },
    notes: await Promise.all(
      notes.map(async (note) => ({
        ...note,
        text: (await openForDesk(fromBase64(note.sealed), reading))?.text,
      })),
    ),
    hasOlderNotes,
    recipient: recipientIn(opened),
    writing: writingFor(vault, head.desk),
    lacksEpochs: lacksEpochs(vault, head.desk),
  };
}

function lacksEpochs({ list, secrets }: Vault, desk: string): boolean {
  const ofDesk = (list?.epochs ?? []).filter((each) => each.desk === desk);
  return (
    ofDesk.length === 0 ||
    ofDesk.some(({ epoch }) => !secrets.some((own) => own.desk === desk && own.epoch === epoch))
  );
}

/** Every letter was compared with the mailbox's id, so each of them names the same keys. */
function recipientIn(rounds: readonly OpenedRound[]): string | undefined {
  for (const { letters } of rounds) {
    for (const { read } of letters) {
      if (read.content?.direction === 'in') return read.content.keys.recipient;
    }
  }
  return undefined;
}

/**
 * Whether older letters must be fetched before anything else: some of them may wait unopened, however many
 * were put on top of them, or the keys that an answer is sealed for stand in them.
 */
export function needsOlder({
  head,
  rounds,
  recipient,
}: Pick<OpenedConversation, 'head' | 'rounds' | 'recipient'>): boolean {
  if (olderThan(rounds) === undefined) return false;
  return recipient === undefined || !reachesUnopened(head, rounds);
}

/** Every letter that waits unopened was fetched. */
function reachesUnopened(
  { round, openedThrough, unopenedSince }: QueueItem,
  rounds: readonly OpenedRound[],
): boolean {
  if (olderThan(rounds) === undefined) return true;
  const here = rounds.find((each) => each.round === round);
  if (!here || here.from.in > openedThrough + 1) return false;
  // Numbers begin anew in each round; the instant finds what its writer has hidden meanwhile.
  return (
    unopenedSince === undefined || theirsIn(rounds).some(({ kept }) => kept.at < unopenedSince)
  );
}

const theirsIn = (rounds: readonly OpenedRound[]) =>
  rounds.flatMap(({ letters }) => letters).filter(({ kept }) => kept.direction === 'in');

/**
 * What is to be told to the server once letters were opened; undefined: it knows already, or letters that
 * wait are not here yet, or this member lacks a key that a colleague may have.
 */
export function openingOf({
  head,
  rounds,
  lacksEpochs,
}: Pick<OpenedConversation, 'head' | 'rounds' | 'lacksEpochs'>) {
  const { round, unopenedSince } = head;
  if (!reachesUnopened(head, rounds)) return undefined;
  const here = rounds.filter((each) => each.round === round);
  const mine = theirsIn(here);
  const notHere = head.unopenable.filter((number) => number < (here[0]?.from.in ?? 1));
  const unopenable = [
    ...notHere,
    ...mine.filter(({ read }) => read.fault !== undefined).map(({ kept }) => kept.number),
  ]
    .sort((a, b) => a - b)
    .slice(-50);
  if (lacksEpochs && mine.some(({ read }) => read.fault === 'cannot_open')) return undefined;
  const through = Math.max(0, ...mine.map(({ kept }) => kept.number));
  const hiddenOpened = theirsIn(rounds.filter((each) => each.round < round)).every(
    ({ kept, read }) =>
      read.fault === undefined || unopenedSince === undefined || kept.at < unopenedSince,
  );
  const isKnown =
    through <= head.openedThrough &&
    (unopenedSince === undefined || unopenable.length > 0 || !hiddenOpened) &&
    String(unopenable) === String(head.unopenable);
  if (isKnown) return undefined;
  return { round, through, receivedAt: head.receivedAt, unopenable, hiddenOpened };
}

/** Where an answer goes, and what it names. */
function placeOfReply({ head, rounds }: OpenedConversation) {
  const newest = rounds.find(({ round }) => round === head.round)?.newest;
  return { number: head.letters.out + 1, before: newest ?? { in: null, out: null } };
}

export interface SealedReply {
  readonly round: number;
  readonly number: number;
  readonly sealed: string;
}

/** @returns undefined when there is nobody to seal it for, or no key to sign it with */
export async function sealReply(
  conversation: OpenedConversation,
  vault: Vault,
  { text, attachments }: { readonly text: string; readonly attachments: readonly Attachment[] },
  now: Date,
): Promise<SealedReply | undefined> {
  const { head, recipient } = conversation;
  const writing = writingFor(vault, head.desk);
  if (!recipient || !writing) return undefined;
  const { number, before } = placeOfReply(conversation);
  const content: LetterContent = {
    v: 1,
    mailbox: head.mailbox,
    direction: 'out',
    number,
    statedAt: now.toISOString(),
    desk: head.desk,
    epoch: writing.epoch.epoch,
    before,
    text,
    attachments: [...attachments],
  };
  const signing = fromBase64(writing.secrets.signing);
  const sealed = await sealLetter(content, signing, [writing.epoch.recipient, recipient]);
  return { round: head.round, number, sealed: toBase64(sealed) };
}

/** A draft, a note or what is to become one, for the desk alone. */
export async function sealForColleagues(
  { mailbox, desk }: Pick<QueueItem, 'mailbox' | 'desk'>,
  vault: Vault,
  content: Pick<DeskContent, 'kind' | 'text' | 'round' | 'number' | 'attachments'>,
): Promise<string | undefined> {
  const writing = writingFor(vault, desk);
  if (!writing) return undefined;
  const { epoch, secrets } = writing;
  const sealed = await sealForDesk(
    { v: 1, mailbox, desk, epoch: epoch.epoch, ...content },
    fromBase64(secrets.signing),
    epoch.recipient,
  );
  return toBase64(sealed);
}

/** What this tab kept, sealed, of something that is being written. */
export async function openKept(
  sealed: string,
  vault: Vault,
  { mailbox, desk }: Pick<QueueItem, 'mailbox' | 'desk'>,
): Promise<DeskContent | undefined> {
  return openForDesk(fromBase64(sealed), readingFor(vault, mailbox, desk));
}
