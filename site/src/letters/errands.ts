/**
 * What takes time for the app: everything about seals, keys and the network. It is loaded with the code
 * that seals when somebody goes through a door, and tells the machine what happened. Nothing here is kept
 * anywhere but in this memory, and `forget` empties it.
 */
import {
  type Attachment,
  completionsOf,
  currentEpoch,
  drawWords,
  isWord,
  type KeyList,
  type Mailbox,
  readKana,
  readKeyList,
  readWords,
  TooLong,
} from '../sealing.ts';
import { makeClient, NoAnswer, RefusedByServer } from './client.ts';
import type { LettersConfig } from './config.ts';
import { startHelper } from './helper.ts';
import type { KnownWords } from './kana.ts';
import { type Draft, type Happening, isEmpty } from './machine.ts';
import { type OpenConversation, openMailbox } from './open-mailbox.ts';
import { type PhotoProgress, uploadPhotos } from './photo.ts';
import { makeQuestions } from './questions.ts';
import { type SealedDraft, sealDraft } from './seal-draft.ts';

export interface Errands {
  /** The list of words, for whoever types them. */
  readonly lexicon: KnownWords;
  /** Makes ready what sending needs while somebody writes; for a first letter, draws its words. */
  prepare(isFirst: boolean): void;
  send(draft: Draft, conversation: OpenConversation | undefined): Promise<void>;
  /** Opens the mailbox of typed words. */
  open(words: readonly string[]): Promise<void>;
  /** Opens once more what is open, or the mailbox that has just been written to. */
  look(conversation: OpenConversation | undefined): Promise<void>;
  showOlder(conversation: OpenConversation): Promise<void>;
  /** The sealed parts of a picture in a letter. */
  fetchPicture(
    conversation: OpenConversation,
    attachment: Attachment,
  ): Promise<readonly (Uint8Array | undefined)[]>;
  sayWhetherHelped(conversation: OpenConversation, helped: 'yes' | 'no'): Promise<void>;
  hide(conversation: OpenConversation): Promise<void>;
  /** Whoever thought better of hiding is not hidden when the network comes back. */
  keep(): void;
  /** Does not wait for the next try. */
  tryNow(): void;
  /** Words, keys and letters are gone from here, and whatever was on its way is heard no more. */
  forget(): void;
}

/** The list of keys is not the centre's. */
class NotBelieved extends Error {}

/** Refusals that another question mends, or sending the photos once more. */
const RENEWABLE = new Set([
  'challenge_stale',
  'challenge_used',
  'challenge_unsolved',
  'attachment_missing',
]);
const MOST_RENEWALS = 4;
/** Refusals that say: the conversation has gone on elsewhere. */
const OVERTAKEN = new Set(['number_taken', 'number_skipped']);
/** Seconds until the next try; doubled each time. */
const FIRST_WAIT = 2;
const LONGEST_WAIT = 60;
const NOTHING_SEEN = { in: null, out: null };

export function makeErrands(config: LettersConfig, report: (event: Happening) => void): Errands {
  const { desk, centreId, pinned } = config;
  const helper = startHelper();
  const client = makeClient('', (asked) => questions.solve(asked));
  const questions = makeQuestions(async () => {
    const asked = await client.ask(desk);
    tell({ is: 'asked', reading: asked.reading });
    return asked;
  }, helper.solve);
  /** Words that were drawn here, and their mailbox. */
  let drawn: readonly string[] | undefined;
  let drawnMailbox: Promise<Mailbox> | undefined;
  let list: Promise<KeyList> | undefined;
  let isForgotten = false;
  let isHiding = false;
  let wake = () => {};

  const tell = (event: Happening) => {
    if (!isForgotten) report(event);
  };

  /** The signed list, checked; asked for again when nothing came back. */
  function keyList(): Promise<KeyList> {
    list ??= client.keys().then(
      (lines) => {
        const read = pinned && readKeyList(lines, pinned);
        const isBelieved = read && !('fault' in read) && currentEpoch(read, desk) !== undefined;
        if (!isBelieved) {
          tell({ is: 'keys_read', keys: 'not_believed' });
          throw new NotBelieved();
        }
        tell({ is: 'keys_read', keys: read.demonstration ? 'for_practice' : 'real' });
        return read;
      },
      (error: unknown) => {
        list = undefined;
        throw error;
      },
    );
    return list;
  }

  /** Tried again when its code could not be fetched. */
  function ownMailbox(): Promise<Mailbox> {
    if (!drawn) return Promise.reject(new Error('No words were drawn'));
    drawnMailbox ??= helper.mailboxOf(drawn, { centreId, desk }).catch((error: unknown) => {
      drawnMailbox = undefined;
      throw error;
    });
    return drawnMailbox;
  }

  function pause(seconds: number): Promise<void> {
    return new Promise((done) => {
      const timer = setTimeout(done, seconds * 1_000);
      wake = () => {
        clearTimeout(timer);
        // Whoever waited here waits for ever, and is swept up with the rest.
        if (!isForgotten) done();
      };
    });
  }

  /** Tries until something comes back: an answer or a refusal. */
  async function patiently<Value>(errand: () => Promise<Value>): Promise<Value> {
    for (let wait = FIRST_WAIT; ; wait = Math.min(wait * 2, LONGEST_WAIT)) {
      try {
        return await errand();
      } catch (error) {
        if (!(error instanceof NoAnswer)) throw error;
        tell({ is: 'trouble', trouble: { kind: 'no_answer' } });
        await pause(wait);
      }
    }
  }

  /**
   * Sends the same bytes until their arrival is known, the photos first; a question that grew old is
   * renewed in silence.
   */
  async function deliver(owner: Mailbox, { letter, photos }: SealedDraft): Promise<void> {
    const progress: PhotoProgress = new Map();
    const onPart = (sent: number, parts: number) => tell({ is: 'uploaded', sent, parts });
    for (let renewals = 0; ; renewals += 1) {
      try {
        await patiently(() => uploadPhotos(client, owner, photos, progress, onPart));
        const posted = await patiently(async () =>
          client.post(owner, letter, await questions.fresh()),
        );
        questions.drop();
        tell({ is: 'arrived', posted });
        return;
      } catch (error) {
        const canRenew = error instanceof RefusedByServer && RENEWABLE.has(error.code);
        if (!canRenew || renewals === MOST_RENEWALS) throw error;
        questions.drop();
        if (error.code === 'attachment_missing') progress.clear();
      }
    }
  }

  /** Whatever goes wrong becomes a sentence; what was written stays. */
  async function sayingWhy(errand: () => Promise<void>): Promise<void> {
    try {
      await errand();
    } catch (error) {
      if (error instanceof NotBelieved) return; // It has been said.
      if (error instanceof TooLong) tell({ is: 'trouble', trouble: { kind: 'too_long' } });
      else if (error instanceof RefusedByServer) {
        tell({ is: 'trouble', trouble: { kind: 'refused', sentence: error.sentence } });
      } else tell({ is: 'trouble', trouble: { kind: 'failed' } });
    }
  }

  const openAgain = async (owner: Mailbox, shown?: OpenConversation) => {
    const keys = await keyList();
    const conversation = await openMailbox(client, owner, keys, shown);
    if (isEmpty(conversation)) {
      // Also words that were drawn here are not used a second time.
      drawn = undefined;
      drawnMailbox = undefined;
    }
    tell({ is: 'opened', conversation });
    return conversation;
  };

  const onOnline = () => wake();
  addEventListener('online', onOnline);
  // Both doors need the list, and whoever writes sees by the question when somebody reads.
  keyList().catch(() => {});

  return {
    lexicon: { completionsOf, isWord, readKana, readWords },
    prepare(isFirst) {
      questions.fresh().catch(() => {});
      if (!isFirst || drawn) return;
      drawn = drawWords((count) => crypto.getRandomValues(new Uint8Array(count)));
      // Whoever sends hears of it.
      ownMailbox().catch(() => {});
      tell({ is: 'words_drawn', words: drawn });
    },
    send: (draft, conversation) =>
      sayingWhy(async () => {
        const owner = conversation?.mailbox ?? (await patiently(ownMailbox));
        const newest = conversation?.newest ?? NOTHING_SEEN;
        const keys = await patiently(keyList);
        const now = new Date();
        const sealed = await sealDraft(draft, { list: keys, mailbox: owner, newest, now });
        try {
          await deliver(owner, sealed);
        } catch (error) {
          if (!(error instanceof RefusedByServer) || !OVERTAKEN.has(error.code)) throw error;
          const found = await patiently(() => openAgain(owner));
          if (!isEmpty(found)) tell({ is: 'trouble', trouble: { kind: 'overtaken' } });
        }
      }),
    open: (words) =>
      sayingWhy(async () => {
        const owner = await patiently(() => helper.mailboxOf(words, { centreId, desk }));
        await patiently(() => openAgain(owner));
      }),
    look: (conversation) =>
      sayingWhy(async () => {
        const owner = conversation?.mailbox ?? (await patiently(ownMailbox));
        await patiently(() => openAgain(owner));
      }),
    showOlder: (conversation) =>
      sayingWhy(async () => {
        await patiently(() => openAgain(conversation.mailbox, conversation));
      }),
    fetchPicture: ({ mailbox }, attachment) => client.download(mailbox, attachment),
    sayWhetherHelped: (conversation, helped) =>
      sayingWhy(async () => {
        await patiently(() => client.sayWhetherHelped(conversation.mailbox, helped));
        tell({ is: 'helped', helped });
      }),
    hide: (conversation) =>
      sayingWhy(async () => {
        isHiding = true;
        await patiently(async () => {
          if (isHiding) await client.hide(conversation.mailbox);
        });
        tell(isHiding ? { is: 'hidden' } : { is: 'trouble', trouble: undefined });
        isHiding = false;
      }),
    keep() {
      isHiding = false;
    },
    tryNow: () => wake(),
    forget() {
      isForgotten = true;
      helper.stop();
      questions.stop();
      wake();
      removeEventListener('online', onOnline);
      drawn = undefined;
      drawnMailbox = undefined;
    },
  };
}
