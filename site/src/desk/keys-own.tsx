/**
 * A member makes their own key (はじめての鍵): a name for colleagues, six words that are drawn and never chosen,
 * written down and proved, then a key that leaves this page only sealed with them.
 */
import { useEffect, useMemo, useRef, useState } from 'preact/hooks';
import type { KeyRing } from '../rules.ts';
import { drawWords, newMemberKey, readKana, sealVault, toBase64 } from '../sealing.ts';
import { LoggedOutError, RefusedError } from './api.ts';
import { saveVault } from './keys-api.ts';
import { letterConfig } from './letter-config.ts';
import type { ScreenProps } from './sections.tsx';
import { open } from './vault.ts';

/** Which of the six are asked for: enough to see that they stand on paper. */
const ASKED = 2;

type Stage = 'name' | 'words' | 'proof';

export function OwnKey({
  session,
  onLoggedOut,
  ring,
  onMade,
}: Pick<ScreenProps, 'session' | 'onLoggedOut'> & {
  readonly ring: KeyRing;
  readonly onMade: (ring: KeyRing) => void;
}) {
  const known = ring.members.find(({ member }) => member === ring.me);
  const [stage, setStage] = useState<Stage>('name');
  const [name, setName] = useState(known?.name ?? '');
  const [fault, setFault] = useState<string | undefined>();
  const [isBusy, setIsBusy] = useState(false);
  const [typed, setTyped] = useState<readonly string[]>(Array(ASKED).fill(''));
  const words = useMemo(
    () => drawWords((count) => crypto.getRandomValues(new Uint8Array(count))),
    [],
  );
  const asked = useMemo(() => drawPlaces(words.length), [words]);
  const heading = useRef<HTMLHeadingElement>(null);
  useEffect(() => heading.current?.focus(), [stage]);

  const go = (next: Stage) => {
    setFault(undefined);
    setStage(next);
  };

  const make = async () => {
    if (isBusy) return;
    const isProved = asked.every((place, index) => readKana(typed[index] ?? '') === words[place]);
    if (!isProved) {
      setFault('紙のことばと合いません。何番目のことばかを確かめて、もう一度入れてください。');
      return;
    }
    setIsBusy(true);
    setFault(undefined);
    try {
      const key = await newMemberKey();
      const vault = toBase64(await sealVault(words, key.identity));
      const saved = await saveVault(session.accessToken, {
        name: name.trim(),
        recipient: key.recipient,
        vault,
      });
      await open(key, saved, letterConfig().pinned);
      onMade(saved);
    } catch (error) {
      if (error instanceof LoggedOutError) return onLoggedOut();
      setFault(
        error instanceof RefusedError
          ? error.message
          : '鍵を保存できませんでした。通信を確かめて、もう一度押してください。',
      );
    } finally {
      setIsBusy(false);
    }
  };

  return (
    <section class="ceremony" aria-labelledby="own-title">
      <h2 id="own-title" ref={heading} tabIndex={-1}>
        {stage === 'name' && 'あなたの鍵を作ります'}
        {stage === 'words' && '6つのことばを、紙に書いてください'}
        {stage === 'proof' && '紙を見て、2つ入れてください'}
      </h2>
      <form
        class="ceremony__form"
        autocomplete="off"
        onSubmit={(event) => {
          event.preventDefault();
          if (stage === 'proof') void make();
          else go(stage === 'name' ? 'words' : 'proof');
        }}
      >
        {stage === 'name' && (
          <>
            {known?.hasKey && (
              <p class="notice" data-kind="alert">
                新しい鍵を作ると、いまの鍵では、どの窓口も開けなくなります。もう一度、鍵の預かり役に署名と許可をしてもらいます。手紙はなくなりません。
                {known.isKeyholder &&
                  '鍵の預かり役からも外れます。つづけるときは、署名のあとで、ほかの預かり役にもう一度してもらってください。'}
              </p>
            )}
            <p>
              手紙を開くための鍵です。この画面の中で作り、6つのことばで鍵をかけてから預けます。ログインとは別のものなので、ログインを盗まれても手紙は読めません。
            </p>
            <label class="ceremony__label" for="own-name">
              まわりの職員に見える名前
            </label>
            <input
              class="input"
              id="own-name"
              type="text"
              value={name}
              required
              maxlength={30}
              onInput={(event) => setName(event.currentTarget.value)}
            />
            <p>
              <button class="button" type="submit">
                ことばを引く
              </button>
            </p>
          </>
        )}
        {stage === 'words' && (
          <>
            <p>
              まわりから画面が見えない所で、順番どおりに書いてください。鍵を作ったあとは、二度と表示されません。写真にとったり、パソコンやスマホに保存したりしないでください。
            </p>
            <ol class="ceremony__words" lang="ja">
              {words.map((word) => (
                <li key={word}>{word}</li>
              ))}
            </ol>
            <p>紙は、鍵のかかる所に、ひとりで持っていてください。</p>
            <p class="ceremony__buttons">
              <button class="button" type="submit">
                紙に書きました
              </button>
              <button class="button" data-kind="plain" type="button" onClick={() => go('name')}>
                もどる
              </button>
            </p>
          </>
        )}
        {stage === 'proof' && (
          <>
            {asked.map((place, index) => (
              <p key={place}>
                <label class="ceremony__label" for={`own-word-${place}`}>
                  {place + 1}番目のことば
                </label>
                <input
                  class="input"
                  id={`own-word-${place}`}
                  type="text"
                  lang="ja"
                  autocomplete="off"
                  autocapitalize="off"
                  spellcheck={false}
                  maxlength={20}
                  value={typed[index]}
                  aria-describedby="own-fault"
                  onInput={(event) => setTyped(typed.with(index, event.currentTarget.value))}
                />
              </p>
            ))}
            <p class="ceremony__buttons">
              <button class="button" type="submit" aria-disabled={isBusy ? 'true' : undefined}>
                {isBusy ? '作っています…' : '鍵を作る'}
              </button>
              <button class="button" data-kind="plain" type="button" onClick={() => go('words')}>
                ことばをもう一度見る
              </button>
            </p>
          </>
        )}
        <p class="ceremony__fault" id="own-fault" role="alert">
          {fault}
        </p>
      </form>
    </section>
  );
}

/** Two different places of the words, in order. */
function drawPlaces(count: number): readonly number[] {
  const places = new Set<number>();
  while (places.size < ASKED) {
    const [value = 0] = crypto.getRandomValues(new Uint8Array(1));
    if (value < count * Math.floor(256 / count)) places.add(value % count);
  }
  return [...places].sort((a, b) => a - b);
}
