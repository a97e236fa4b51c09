/** What a deployment is to be told of the centre's key: at the set-up, and when the key was changed. */
import { fingerprintOf, type Pinned } from '../sealing.ts';
import { pinFigures, pinnedText } from './keys-words.ts';

/** What pages are to trust from now on. */
export type Pin = Required<Pinned>;

/** At the set-up. @param isOwn whether it was made in this page, and not only told by the server */
export function PinNote({ pin, isOwn }: { readonly pin: Pin; readonly isOwn: boolean }) {
  return (
    <section class="ceremony" aria-labelledby="pin-title">
      <h2 id="pin-title">センターの鍵ができました</h2>
      <p>
        次の行を、設定のファイル（functions/letters/settings.ts）に書いて、配りなおしてください。それまで、手紙は受け取れません。ポスターにも、この鍵を印刷します。
      </p>
      <PinLines pin={pin} />
      {isOwn ? (
        <p>
          紙にも数字を書いて、2人で見くらべてください。設定に書かれた鍵が違うと、にせの名簿を信じてしまいます。
        </p>
      ) : (
        <p class="notice" data-kind="alert">
          これは、サーバーが出した名簿の鍵です。準備のときに紙に書いたものと同じか、かならず見くらべてください。
        </p>
      )}
    </section>
  );
}

/** Where pages still pin a key that has handed over: until they are deployed anew, its owner can fool them. */
export function ChangedPinNote({ pin }: { readonly pin: Pin }) {
  return (
    <section class="step notice" data-kind="alert" aria-labelledby="pin-title">
      <h3 id="pin-title">センターの鍵が替わりました。配りなおすまでが、替える作業です</h3>
      <p>
        設定のファイル（functions/letters/settings.ts）の pinned
        を次の行に替えて、すぐに配りなおしてください。配りなおすまで、ページは前の鍵も信じます。手紙は、そのあいだも届きます。
      </p>
      <PinLines pin={pin} />
      <p>
        替えた人は、この数字を紙に書いてください。設定に書く人は、書く前に、紙の数字と見くらべてください。違うときは配らずに、センター長に知らせてください。
      </p>
      <p>配りなおしたら、鍵をのせたポスターも、新しく印刷します。</p>
    </section>
  );
}

function PinLines({ pin }: { readonly pin: Pin }) {
  return (
    <>
      <pre class="pin">{pinnedText(pin)}</pre>
      <p class="figures">{fingerprintOf(pinFigures(pin))}</p>
    </>
  );
}
