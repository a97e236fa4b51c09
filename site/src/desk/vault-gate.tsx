/** The door in front of everything that is sealed: six words, or a way to the page that makes them. */
import type { ComponentChildren } from 'preact';
import { useCallback, useEffect, useRef, useState } from 'preact/hooks';
import type { KeyRing } from '../rules.ts';
import { RECEIPT_WORDS } from '../sealing.ts';
import { LoggedOutError, RefusedError } from './api.ts';
import { letterConfig } from './letter-config.ts';
import type { ScreenProps } from './sections.tsx';
import {
  IDLE_MINUTES,
  lock,
  lockedByItself,
  readKeyRing,
  unlock,
  useVault,
  type Vault,
  type VaultFault,
} from './vault.ts';
import { complete, readTyped } from './vault-words.ts';

export const VAULT_FAULTS: Readonly<Record<VaultFault, string>> = {
  wrong_words:
    'この6つのことばでは、開きませんでした。紙に書いたものと、順番と文字を見くらべてください。',
  no_vault: 'あなたの鍵は、まだ作られていません。',
  other_centre:
    '鍵の名簿が、このセンターのものではありません。手紙は開かずに、センター長に知らせてください。',
  broken: '鍵の名簿が書きかえられています。手紙は開かずに、センター長に知らせてください。',
  too_old:
    '鍵の名簿が、古いものに置きかえられています。手紙は開かずに、センター長に知らせてください。',
};

/** Shows its children while the vault is open, with the button that locks it; else asks for the words. */
export function VaultGate({
  session,
  onLoggedOut,
  title,
  children,
}: Pick<ScreenProps, 'session' | 'onLoggedOut'> & {
  readonly title: string;
  readonly children: (vault: Vault) => ComponentChildren;
}) {
  const vault = useVault();
  if (!vault) return <Unlock session={session} onLoggedOut={onLoggedOut} title={title} />;
  return (
    <>
      {vault.list?.demonstration && (
        <p class="practice" role="note">
          練習用の鍵です。ほんとうの相談には使えません。
        </p>
      )}
      {children(vault)}
    </>
  );
}

/** Forgets the keys at once. */
export function LockButton() {
  return (
    <button class="button" data-kind="plain" type="button" onClick={() => void lock()}>
      鍵をかける
    </button>
  );
}

function Unlock({
  session,
  onLoggedOut,
  title,
}: Pick<ScreenProps, 'session' | 'onLoggedOut'> & { readonly title: string }) {
  const [ring, setRing] = useState<KeyRing | undefined>();
  const [isAway, setIsAway] = useState(false);
  const [text, setText] = useState('');
  const [fault, setFault] = useState<string | undefined>();
  const [isBusy, setIsBusy] = useState(false);
  const field = useRef<HTMLInputElement>(null);
  const typed = readTyped(text);

  const load = useCallback(async () => {
    setIsAway(false);
    try {
      setRing(await readKeyRing(session.accessToken));
    } catch (error) {
      if (error instanceof LoggedOutError) onLoggedOut();
      else if (error instanceof RefusedError) setFault(error.message);
      else setIsAway(true);
    }
  }, [session, onLoggedOut]);
  useEffect(() => void load(), [load]);
  useEffect(() => {
    if (ring?.vault !== undefined) field.current?.focus();
  }, [ring]);

  const press = async () => {
    if (isBusy || !ring) return;
    if (!typed.words) {
      setFault(
        typed.unknown === undefined
          ? `ことばは ${RECEIPT_WORDS} つです。いま ${typed.count} つ読めています。`
          : `「${typed.unknown}」は、ことばの一覧にありません。文字を確かめてください。`,
      );
      field.current?.focus();
      return;
    }
    setIsBusy(true);
    setFault(undefined);
    try {
      const wrong = await unlock(typed.words, ring, letterConfig().pinned);
      if (wrong) setFault(VAULT_FAULTS[wrong]);
    } catch {
      setFault('鍵を開ける用意ができませんでした。通信を確かめて、もう一度押してください。');
    } finally {
      setIsBusy(false);
      field.current?.focus();
    }
  };

  return (
    <section class="unlock" aria-labelledby="unlock-title">
      <h2 id="unlock-title">{title}</h2>
      {lockedByItself() && (
        <p class="notice" role="status">
          {IDLE_MINUTES}分のあいだ動きがなかったので、鍵をかけました。
        </p>
      )}
      {isAway && (
        <div class="notice" data-kind="alert" role="alert">
          <p>鍵を読みこめませんでした。通信を確かめて、もう一度お試しください。</p>
          <button class="button" type="button" onClick={() => void load()}>
            もう一度読みこむ
          </button>
        </div>
      )}
      {ring?.vault === undefined && fault !== undefined && (
        <p class="unlock__fault" role="alert">
          {fault}
        </p>
      )}
      {ring && ring.vault === undefined && (
        <div class="unlock__none">
          <p>
            手紙を開くには、あなたの鍵がいります。まだ作られていません。はじめに一度だけ、鍵を作ります。
          </p>
          <p>
            <a class="onward" href="#keys">
              自分の鍵を作る
            </a>
          </p>
        </div>
      )}
      {ring?.vault !== undefined && (
        <form
          class="unlock__form"
          autocomplete="off"
          onSubmit={(event) => {
            event.preventDefault();
            void press();
          }}
        >
          <p>
            手紙は、書いた人の手もとで鍵がかけられています。あなたの6つのことばで、この画面の中だけで開きます。ことばは、どこにも送られません。
          </p>
          <label class="unlock__label" for="vault-words">
            6つのことば
          </label>
          <p class="unlock__help" id="vault-help">
            ひらがなで、順番どおりに。間は空けても空けなくてもかまいません。まわりから画面が見えない所で入れてください。
          </p>
          <input
            class="input"
            id="vault-words"
            ref={field}
            type="text"
            lang="ja"
            value={text}
            autocomplete="off"
            autocapitalize="off"
            spellcheck={false}
            maxlength={120}
            aria-describedby="vault-help vault-told"
            aria-invalid={fault === undefined ? undefined : 'true'}
            onInput={(event) => {
              setText(event.currentTarget.value);
              setFault(undefined);
            }}
          />
          <p
            class="unlock__told"
            id="vault-told"
            data-kind={fault ? 'wrong' : undefined}
            role="status"
          >
            {fault ??
              (typed.unknown === undefined
                ? `${typed.count} ／ ${RECEIPT_WORDS} ことば`
                : `「${typed.unknown}」は、一覧にないことばです。`)}
          </p>
          {typed.completions.length > 0 && (
            <ul class="unlock__words" role="list" aria-label="つづきの候補">
              {typed.completions.map((word) => (
                <li key={word}>
                  <button
                    class="item__jump"
                    type="button"
                    onClick={() => {
                      setText(complete(text, word));
                      field.current?.focus();
                    }}
                  >
                    {word}
                  </button>
                </li>
              ))}
            </ul>
          )}
          <p>
            <button class="button" type="submit" aria-disabled={isBusy ? 'true' : undefined}>
              {isBusy ? '開けています…' : '鍵を開ける'}
            </button>
          </p>
          <p class="unlock__help">
            {IDLE_MINUTES}分のあいだ動きがないと、ひとりでに鍵がかかります。
            <a href="#keys">ことばをなくしたとき</a>
          </p>
        </form>
      )}
    </section>
  );
}
