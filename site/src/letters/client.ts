/**
 * What a mailbox says to the server: asks, signs, solves, sends. The same code in a browser and in tests;
 * nothing here keeps anything but what its caller holds.
 */
import {
  type Attachment,
  type ChallengeReply,
  fromBase64,
  type LetterHeader,
  type Mailbox,
  type MailboxAction,
  type OpenedMailbox,
  type PostedLetter,
  type SealedPart,
  type SealedPicture,
  type SignedLine,
  signRequest,
  splitSealed,
  toBase64,
} from '../sealing.ts';

/** The server's answer was a refusal: a code for programs, a sentence for the person. */
export class RefusedByServer extends Error {
  override readonly name = 'RefusedByServer';
  readonly code: string;
  readonly sentence: string;

  constructor(code: string, sentence: string) {
    super(code);
    this.code = code;
    this.sentence = sentence;
  }
}

/** Nothing came back: no network, or the centre's machines are away. Sending again is safe. */
export class NoAnswer extends Error {
  override readonly name = 'NoAnswer';
}

function ifMissing(error: unknown): undefined {
  if (error instanceof RefusedByServer && error.code === 'attachment_missing') return undefined;
  throw error;
}

/** Finds the answer to a question (`solve.ts`, in a Worker). */
export type Solve = (asked: ChallengeReply) => Promise<Solution>;
export interface Solution {
  readonly counter: number;
  readonly derivedKey: string;
}

export interface Client {
  /** The signed list, not yet checked. */
  keys(): Promise<readonly SignedLine[]>;
  /** A question that is good for five minutes. */
  ask(desk: string): Promise<ChallengeReply>;
  open(
    mailbox: Mailbox,
    before?: { readonly in: number; readonly out: number },
  ): Promise<OpenedMailbox>;
  /** The same sealed letter may be sent again and again: it is stored once. */
  post(mailbox: Mailbox, letter: LetterToPost, asked: ChallengeReply): Promise<PostedLetter>;
  hide(mailbox: Mailbox): Promise<void>;
  /**
   * Sends a sealed picture in parts, before its letter. After a failure it goes on where it stopped, with the
   * same progress; a part whose answer was lost is sent once more and still lies there once.
   */
  upload(mailbox: Mailbox, picture: SealedPicture, progress?: UploadProgress): Promise<void>;
  /** The parts of a picture that a letter names, for `openPicture`; undefined: not there. */
  download(
    mailbox: Mailbox,
    attachment: Pick<Attachment, 'id' | 'parts'>,
  ): Promise<readonly (Uint8Array | undefined)[]>;
  sayWhetherHelped(mailbox: Mailbox, helped: 'yes' | 'no'): Promise<void>;
}

/** What its caller keeps between tries. */
export interface UploadProgress {
  /** Parts that the server has. */
  readonly sent: Set<number>;
  /** Told after each. */
  readonly onPart?: (sent: number, parts: number) => void;
}

export interface LetterToPost {
  readonly number: number;
  readonly header: LetterHeader;
  readonly sealed: Uint8Array;
  readonly attachments: readonly { readonly id: string; readonly parts: number }[];
  readonly notice?: string;
}

/** Who waits longer is told so, and the same is sent again. */
const PATIENCE_MS = 45_000;
/** A part of a picture is a megabyte, and there are places with one bar of signal. */
const UPLOAD_PATIENCE_MS = 180_000;

/** @param origin '' in a browser */
export function makeClient(origin: string, solve: Solve): Client {
  async function call<Output>(
    path: string,
    init?: RequestInit,
    patience = PATIENCE_MS,
  ): Promise<Output> {
    let response: Response;
    try {
      response = await fetch(origin + path, {
        ...init,
        cache: 'no-store',
        credentials: 'omit',
        referrerPolicy: 'no-referrer',
        signal: AbortSignal.timeout(patience),
      });
    } catch {
      throw new NoAnswer();
    }
    const body: unknown = await response.json().catch(() => undefined);
    // An answer that breaks off says nothing.
    if (response.ok && body !== undefined) return body as Output;
    const { code, detail } = (body ?? {}) as { code?: string; detail?: string };
    if (code === undefined || code === 'busy') throw new NoAnswer();
    throw new RefusedByServer(code, detail ?? '');
  }

  const ask = (desk: string) =>
    call<ChallengeReply>(`/api/letters/challenge?desk=${encodeURIComponent(desk)}`);

  function send<Output>(
    path: string,
    action: MailboxAction,
    mailbox: Mailbox,
    { challenge }: ChallengeReply,
    payload: object,
    solution?: Solution,
  ): Promise<Output> {
    const text = JSON.stringify(payload);
    const { desk, verify, recipient } = mailbox;
    const { nonce } = challenge.parameters;
    const init = {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({
        keys: { desk, verify, recipient },
        challenge,
        ...(solution && { solution }),
        signature: signRequest(mailbox.signing, action, mailbox.id, nonce, text),
        payload: text,
      }),
    };
    return call<Output>(path, init, action === 'upload' ? UPLOAD_PATIENCE_MS : PATIENCE_MS);
  }

  return {
    ask,
    async keys() {
      const { lines } = await call<{ readonly lines: readonly SignedLine[] }>('/api/letters/keys');
      return lines;
    },
    async open(mailbox, before) {
      return send('/api/letters/open', 'open', mailbox, await ask(mailbox.desk), { before });
    },
    async post(mailbox, { sealed, ...letter }, asked) {
      const payload = { ...letter, sealed: toBase64(sealed) };
      const { counter, derivedKey } = await solve(asked);
      const solution = { counter, derivedKey };
      return send('/api/letters', 'post', mailbox, asked, payload, solution);
    },
    async hide(mailbox) {
      await send('/api/letters/hide', 'hide', mailbox, await ask(mailbox.desk), { hide: true });
    },
    async upload(mailbox, { attachment, sealed }, progress = { sent: new Set() }) {
      const parts = splitSealed(sealed);
      for (const [index, bytes] of parts.entries()) {
        const part = index + 1;
        if (progress.sent.has(part)) continue;
        const asked = await ask(mailbox.desk);
        const { counter, derivedKey } = await solve(asked);
        const payload = { attachment: attachment.id, part, sealed: toBase64(bytes) };
        const solution = { counter, derivedKey };
        await send('/api/letters/parts', 'upload', mailbox, asked, payload, solution);
        progress.sent.add(part);
        progress.onPart?.(progress.sent.size, parts.length);
      }
    },
    async download(mailbox, { id, parts }) {
      const found: (Uint8Array | undefined)[] = [];
      for (let part = 1; part <= parts; part += 1) {
        const place = { attachment: id, part };
        const answer = await send<SealedPart>(
          '/api/letters/parts/open',
          'download',
          mailbox,
          await ask(mailbox.desk),
          place,
        ).catch(ifMissing);
        found.push(answer && fromBase64(answer.sealed));
      }
      return found;
    },
    async sayWhetherHelped(mailbox, helped) {
      await send('/api/letters/helped', 'helped', mailbox, await ask(mailbox.desk), { helped });
    },
  };
}
