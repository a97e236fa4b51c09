/** Starts the desk: who is here, then the desk itself or the door. */
import '../trusted-scripts.ts';
import { render } from 'preact';
import { useEffect, useState } from 'preact/hooks';
import { Desk } from './desk.tsx';
import {
  beginLogIn,
  canLogIn,
  currentSession,
  type DeskConfig,
  finishLogIn,
  loadDeskConfig,
  logOut,
  type Session,
} from './log-in.ts';

const INSECURE =
  'この画面は、https のアドレスか、この機械の localhost のアドレスで開いてください。ほかのアドレスでは、安全にログインできません。';

function Door() {
  const [config, setConfig] = useState<DeskConfig | undefined>();
  const [session, setSession] = useState<Session | undefined>();
  const [sentence, setSentence] = useState<string | undefined>();
  const [isReady, setIsReady] = useState(false);

  useEffect(() => {
    const open = async () => {
      if (!canLogIn()) {
        setSentence(INSECURE);
        return;
      }
      try {
        const loaded = await loadDeskConfig();
        setConfig(loaded);
        setSession((await finishLogIn(loaded)) ?? currentSession());
      } catch {
        setSentence('ログインを終えられませんでした。もう一度ログインしてください。');
      }
    };
    void open().finally(() => setIsReady(true));
  }, []);

  if (session && config) {
    return (
      <Desk
        session={session}
        onLogOut={() => logOut(config)}
        onLoggedOut={() => {
          setSession(undefined);
          setSentence(
            'ログインの期限が切れました。もう一度ログインすると、書きかけの変更から続けられます。',
          );
        }}
      />
    );
  }
  return (
    <main class="door" id="main">
      <img src="/favicon.svg" alt="" width="48" height="48" />
      <h1>職員の机</h1>
      <p>講座やひろばを受け持つ、職員のための画面です。</p>
      <p role="alert">{sentence}</p>
      <p>
        <button
          class="button"
          type="button"
          disabled={!isReady || config === undefined}
          onClick={() => config && void beginLogIn(config)}
        >
          ログインする
        </button>
      </p>
      <p>
        <a href="/">サイトのホームへ</a>
      </p>
    </main>
  );
}

const place = document.getElementById('desk');
if (place) {
  place.replaceChildren();
  render(<Door />, place);
}
