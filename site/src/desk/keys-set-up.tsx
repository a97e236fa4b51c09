/**
 * A new centre begins (鍵の準備): the recovery key's public part, two members side by side, the desks' first
 * keys; at the end what goes into the settings. And the recovery sheets, where nobody has a second machine.
 */
import { useState } from 'preact/hooks';
import type { KeyRing } from '../rules.ts';
import {
  drawSet,
  fingerprintOf,
  LEAST_ABLE,
  newMemberKey,
  setUp,
  writeShares,
} from '../sealing.ts';
import { LoggedOutError, RefusedError } from './api.ts';
import { changeKeys } from './keys-api.ts';
import type { Pin } from './keys-pin.tsx';
import { peopleName, readRecipient, stepFaultSentence } from './keys-words.ts';
import { letterConfig } from './letter-config.ts';
import type { ScreenProps } from './sections.tsx';

export function SetUp({
  session,
  onLoggedOut,
  ring,
  onReload,
  onDone,
}: Pick<ScreenProps, 'session' | 'onLoggedOut'> & {
  readonly ring: KeyRing;
  readonly onReload: () => void;
  readonly onDone: (ring: KeyRing, pin: Pin) => void;
}) {
  const [recipientText, setRecipientText] = useState('');
  /** By key and not by name: who makes another one meanwhile is compared again. */
  const [compared, setCompared] = useState<readonly string[]>([]);
  const [fault, setFault] = useState<string | undefined>();
  const [isBusy, setIsBusy] = useState(false);
  const recovery = readRecipient(recipientText);
  const me = ring.members.find(({ member }) => member === ring.me);
  const others = ring.members.filter(({ member }) => member !== ring.me);
  const { centreId, deskNames } = letterConfig();
  const first = [
    ...(me ? [me] : []),
    ...others.filter(({ recipient }) => compared.includes(recipient)),
  ];

  const press = async () => {
    if (isBusy) return;
    if (!recovery)
      return setFault('復旧の鍵の宛先（age1で始まる文字）を、そのまま貼ってください。');
    if (first.length < LEAST_ABLE) {
      return setFault('もう1人の職員と、数字を見くらべてください。');
    }
    setIsBusy(true);
    setFault(undefined);
    try {
      const made = await setUp({
        centre: centreId,
        recovery,
        members: first,
        desks: Object.keys(deskNames),
        seen: ring.revision,
        at: new Date().toISOString(),
      });
      if ('fault' in made) return setFault(stepFaultSentence[made.fault]);
      onDone(await changeKeys(session.accessToken, made.change), made.pinned);
    } catch (error) {
      if (error instanceof LoggedOutError) return onLoggedOut();
      if (error instanceof RefusedError && error.code === 'keys_changed') onReload();
      setFault(
        error instanceof RefusedError
          ? error.message
          : '保存できませんでした。通信を確かめて、もう一度押してください。',
      );
    } finally {
      setIsBusy(false);
    }
  };

  return (
    <section class="ceremony" aria-labelledby="setup-title">
      <h2 id="setup-title">センターの鍵を用意します</h2>
      <p>
        手紙を受け取れるようにする、最初の一度だけの準備です。2人でとなりに並び、20分ほどかけて行います。
      </p>
      <form
        class="ceremony__form"
        onSubmit={(event) => {
          event.preventDefault();
          void press();
        }}
      >
        <h3>1. 復旧の鍵</h3>
        <p>
          だれも窓口を開けなくなったときに、手紙を取りもどす鍵です。ネットにつながない機械で
          <code>npm run letters-recovery -- make</code>
          を動かし、3枚の控えを印刷して、3人がべつべつの所にしまってください。表示された宛先を、ここに貼ります。
        </p>
        <label class="ceremony__label" for="setup-recovery">
          復旧の鍵の宛先
        </label>
        <input
          class="input"
          id="setup-recovery"
          type="text"
          autocomplete="off"
          spellcheck={false}
          value={recipientText}
          onInput={(event) => setRecipientText(event.currentTarget.value)}
        />
        {recovery !== undefined && (
          <>
            <p>控えを作った機械に出た数字と、見くらべてください。</p>
            <p class="figures">{fingerprintOf(recovery)}</p>
          </>
        )}
        <Sheets onMade={setRecipientText} />

        <h3>2. はじめの職員</h3>
        <p>
          それぞれの画面の数字を、声に出して見くらべてください。ここに名前のある人は、どの窓口も開け、鍵の預かり役になります。
        </p>
        {others.length === 0 && (
          <p class="notice" role="status">
            もう1人の職員が、まだ自分の鍵を作っていません。その人がログインして「鍵」で作ったら、読みこんでください。
          </p>
        )}
        <ul class="keys" role="list">
          {ring.members.map(({ member, name, recipient }) => (
            <li class="keys__item" key={member}>
              <h4>
                {name}
                {member === ring.me && '（あなた）'}
              </h4>
              <p class="figures">{fingerprintOf(recipient)}</p>
              {member !== ring.me && (
                <label class="step__tick">
                  <input
                    type="checkbox"
                    checked={compared.includes(recipient)}
                    onChange={(event) =>
                      setCompared(
                        event.currentTarget.checked
                          ? [...compared, recipient]
                          : compared.filter((each) => each !== recipient),
                      )
                    }
                  />
                  となりで、{name}の画面の数字と見くらべました
                </label>
              )}
            </li>
          ))}
        </ul>
        <p>
          <button class="button" data-kind="second" type="button" onClick={onReload}>
            職員を読みこむ
          </button>
        </p>

        <h3>3. 始める</h3>
        <p>
          {Object.values(deskNames).join('と')}の、はじめの鍵を作ります。開けられるのは、
          {peopleName(first.map(({ name }) => name))}と、復旧の控え2枚です。
        </p>
        <p>
          <button class="button" type="submit" aria-disabled={isBusy ? 'true' : undefined}>
            {isBusy ? '作っています…' : 'センターの鍵を作る'}
          </button>
        </p>
        <p class="ceremony__fault" role="alert">
          {fault}
        </p>
      </form>
    </section>
  );
}

/** For a centre with one machine only. The key is in this page's memory until the sheets are put away. */
function Sheets({ onMade }: { readonly onMade: (recipient: string) => void }) {
  const [sheets, setSheets] = useState<readonly string[] | undefined>();
  const [recipient, setRecipient] = useState('');
  const make = async () => {
    const key = await newMemberKey();
    const set = drawSet((count) => crypto.getRandomValues(new Uint8Array(count)));
    setSheets(await writeShares(key.identity, set));
    setRecipient(key.recipient);
  };
  return (
    <details class="sheets">
      <summary>ほかの機械がないときは、この画面で作る</summary>
      <p>
        この画面を動かしている機械が、鍵を一度だけ見ます。できるだけ、ネットにつながない機械で作ってください。
      </p>
      {!sheets && (
        <p>
          <button class="button" data-kind="second" type="button" onClick={() => void make()}>
            復旧の控えを作る
          </button>
        </p>
      )}
      {sheets && (
        <>
          <p class="ceremony__buttons">
            <button class="button" type="button" onClick={() => print()}>
              3枚を印刷する
            </button>
            <button
              class="button"
              data-kind="second"
              type="button"
              onClick={() => {
                onMade(recipient);
                setSheets(undefined);
              }}
            >
              3枚とも印刷したので、画面から消して次へ
            </button>
          </p>
          {sheets.map((sheet, index) => (
            <section class="sheet" key={sheet} aria-label={`復旧の控え ${index + 1}`}>
              <h4>
                ひだまり 復旧の控え {index + 1}枚目（全{sheets.length}枚）
              </h4>
              <pre class="sheet__code">{sheet}</pre>
              <p>
                どれか2枚がそろうと、すべての手紙を開けます。1枚だけでは何も開きません。3枚を、べつべつの人が、べつべつの鍵のかかる場所で保管してください。写真にとらないでください。
              </p>
              <p>宛先：{recipient}</p>
            </section>
          ))}
        </>
      )}
    </details>
  );
}
