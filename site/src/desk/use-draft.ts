/**
 * The draft of an answer while it is written: sealed and saved a moment after each pause, kept sealed in this
 * tab when it cannot be sent, and never written over what a colleague has written meanwhile.
 */
import { useEffect, useRef, useState } from 'preact/hooks';
import type { Conversation } from '../rules.ts';
import type { Attachment } from '../sealing.ts';
import { LoggedOutError, RefusedError } from './api.ts';
import { changeConversation } from './letters-api.ts';
import {
  type OpenedConversation,
  type OpenedDraft,
  openKept,
  sealForColleagues,
} from './letters-open.ts';
import { forgetDraft, keepDraft, keptDraft } from './letters-text.ts';
import type { ScreenProps } from './sections.tsx';
import type { Vault } from './vault.ts';

/** How long nobody types before it is saved. */
const PAUSE_MS = 2_000;
/** After which a failed saving is tried again. */
const RETRY_MS = 15_000;

export type DraftState = 'saved' | 'unsaved' | 'saving' | 'away';

/** What an answer is to say. Its pictures were put away, sealed, before they stand here. */
export interface DraftBody {
  readonly text: string;
  readonly attachments: readonly Attachment[];
}

const EMPTY: DraftBody = { text: '', attachments: [] };

const bodyOf = (draft: Pick<OpenedDraft, 'content'> | undefined): DraftBody =>
  draft?.content
    ? { text: draft.content.text, attachments: draft.content.attachments ?? [] }
    : EMPTY;

const isSame = (a: DraftBody, b: DraftBody): boolean =>
  a.text === b.text &&
  a.attachments.map(({ id }) => id).join() === b.attachments.map(({ id }) => id).join();

export interface DraftInHand extends DraftBody {
  readonly state: DraftState;
  /** Version on the server that this text was written over; 0: there is none. */
  readonly version: number;
  /** A colleague's version that is newer than the one under this text. */
  readonly theirs: OpenedDraft | undefined;
  write(changes: Partial<DraftBody>): void;
  /** @returns the version under which it now lies, or undefined when it could not be saved */
  save(state: 'writing' | 'proposed'): Promise<number | undefined>;
  /** Goes on with the colleague's text, or with one's own over it. */
  settle(choice: 'theirs' | 'mine'): void;
}

export function useDraft(
  { session, onLoggedOut }: Pick<ScreenProps, 'session' | 'onLoggedOut'>,
  conversation: OpenedConversation,
  vault: Vault,
  onChange: (conversation: Conversation) => void,
  onStale: () => void,
): DraftInHand {
  const { head, draft } = conversation;
  const { mailbox } = head;
  const [body, setBody] = useState(() => bodyOf(draft));
  const [saved, setSaved] = useState(() => bodyOf(draft));
  const [seen, setSeen] = useState(draft?.version ?? 0);
  const [state, setState] = useState<DraftState>('saved');
  const [theirs, setTheirs] = useState<OpenedDraft | undefined>();
  const saving = useRef<Promise<number | undefined>>(Promise.resolve(undefined));
  const isHere = useRef(true);
  const isDirty = !isSame(body, saved);

  /** The newest values, for what runs after the screen was drawn, or taken down. */
  const now = useRef({ body, saved, seen, theirs, conversation, vault, session });
  now.current = { body, saved, seen, theirs, conversation, vault, session };

  async function put(as: 'writing' | 'proposed'): Promise<number | undefined> {
    const at = now.current;
    const { text, attachments } = at.body;
    const content = { kind: 'draft' as const, text, attachments: [...attachments] };
    const place = {
      round: at.conversation.head.round,
      number: at.conversation.head.letters.out + 1,
    };
    const sealed = await sealForColleagues(at.conversation.head, at.vault, {
      ...content,
      ...place,
    });
    if (sealed === undefined) return undefined;
    keepDraft(mailbox, { seen: at.seen, sealed });
    if (isHere.current) setState('saving');
    try {
      const next = await changeConversation(at.session.accessToken, mailbox, {
        what: 'draft',
        seen: at.seen,
        state: as,
        sealed,
      });
      forgetDraft(mailbox);
      const version = next.draft?.version ?? 0;
      now.current = { ...now.current, saved: at.body, seen: version };
      if (isHere.current) {
        setSaved(at.body);
        setSeen(version);
        setState(isSame(now.current.body, at.body) ? 'saved' : 'unsaved');
        onChange(next);
      }
      return version;
    } catch (error) {
      if (!isHere.current) return undefined;
      setState('away');
      if (error instanceof LoggedOutError) onLoggedOut();
      else if (error instanceof RefusedError && error.code === 'draft_changed') onStale();
      return undefined;
    }
  }

  /** One after the other: each is written over the version that the one before has made. */
  function save(as: 'writing' | 'proposed'): Promise<number | undefined> {
    saving.current = saving.current.then(() => put(as));
    return saving.current;
  }

  // What this tab kept when it was locked, logged out or without a network.
  useEffect(() => {
    const kept = keptDraft(mailbox);
    if (!kept) return;
    void openKept(kept.sealed, vault, head).then((content) => {
      const mine = bodyOf({ content });
      if (!content || isSame(mine, now.current.body) || !isHere.current) return;
      setBody(mine);
      if (kept.seen !== (draft?.version ?? 0)) setTheirs(draft);
      else setState('unsaved');
    });
  }, [mailbox]);

  // Another version has come: a colleague's, unless it is the one that was just saved.
  useEffect(() => {
    if ((draft?.version ?? 0) === seen) return;
    const theirBody = bodyOf(draft);
    // Nothing of one's own is lost: what was sent away while one wrote on becomes a new draft.
    if (!isDirty || draft === undefined || isSame(theirBody, body)) {
      if (!isDirty) setBody(theirBody);
      setSaved(theirBody);
      setSeen(draft?.version ?? 0);
      setState('saved');
    } else setTheirs(draft);
  }, [draft?.version]);

  useEffect(() => {
    if (!isDirty || theirs) return;
    const wait = state === 'away' ? RETRY_MS : PAUSE_MS;
    const timer = setTimeout(() => void save('writing'), wait);
    return () => clearTimeout(timer);
  }, [body, isDirty, theirs, state]);

  // The last words before the keys are forgotten or another conversation is opened.
  useEffect(
    () => () => {
      isHere.current = false;
      const { body: mine, saved: kept, theirs: other } = now.current;
      if (!isSame(mine, kept) && !other) void save('writing');
    },
    [],
  );

  return {
    ...body,
    state: isDirty && state === 'saved' ? 'unsaved' : state,
    version: seen,
    theirs,
    write: (changes) => setBody((before) => ({ ...before, ...changes })),
    save,
    settle(choice) {
      if (!theirs) return;
      setSeen(theirs.version);
      setSaved(bodyOf(theirs));
      if (choice === 'theirs') setBody(bodyOf(theirs));
      forgetDraft(mailbox);
      setTheirs(undefined);
      setState('saved');
    },
  };
}
