/**
 * The draft of an answer while it is written: sealed and saved a moment after each pause, kept sealed in this
 * tab until then, and never written over what a colleague has written meanwhile.
 */
import { useEffect, useRef, useState } from 'preact/hooks';
import type { Conversation } from '../rules.ts';
import type { Attachment } from '../sealing.ts';
import { LoggedOutError, RefusedError } from './api.ts';
import { changeConversation } from './letters-api.ts';
import { type OpenedConversation, type OpenedDraft, sealForColleagues } from './letters-open.ts';
import type { ScreenProps } from './sections.tsx';
import { useKept } from './use-kept.ts';
import { beforeLock, type Vault } from './vault.ts';

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

  // Until the server has it, this tab has: when it is locked, logged out or without a network.
  const kept = useKept({ what: 'draft', head, vault, seen }, isDirty ? body : undefined, found);

  function found(mine: DraftBody, over: number) {
    if (isSame(mine, now.current.body) || !isHere.current) return;
    const other = now.current.conversation.draft;
    setBody(mine);
    if (over !== (other?.version ?? 0)) setTheirs(other);
    else setState('unsaved');
  }

  async function put(as: 'writing' | 'proposed'): Promise<number | undefined> {
    const at = now.current;
    // The one before has sent it.
    if (as === 'writing' && isSame(at.body, at.saved)) return at.seen;
    const { text, attachments } = at.body;
    try {
      const sealed = await sealForColleagues(at.conversation.head, at.vault, {
        kind: 'draft',
        text,
        attachments: [...attachments],
        round: at.conversation.head.round,
        number: at.conversation.head.letters.out + 1,
      });
      if (sealed === undefined) return undefined;
      if (isHere.current) setState('saving');
      const next = await changeConversation(at.session.accessToken, mailbox, {
        what: 'draft',
        seen: at.seen,
        state: as,
        sealed,
      });
      if (isSame(now.current.body, at.body)) kept.forget();
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
  useEffect(() => {
    const saveLast = async () => {
      const { body: mine, saved: before, theirs: other } = now.current;
      if (!isSame(mine, before) && !other) await save('writing');
    };
    const withdraw = beforeLock(saveLast);
    return () => {
      withdraw();
      isHere.current = false;
      void saveLast();
    };
  }, []);

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
      setTheirs(undefined);
      setState('saved');
    },
  };
}
