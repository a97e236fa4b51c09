/**
 * 「鍵」: a member's own key, and for keyholders who may open which desk. Everything is made and sealed in this
 * page; the server is sent what is sealed, signed, or public.
 */
import { useCallback, useEffect, useState } from 'preact/hooks';
import type { KeyRing } from '../rules.ts';
import { claimedPin, fingerprintOf, type Hand, newPin, openHand, standingOf } from '../sealing.ts';
import { LoggedOutError, RefusedError } from './api.ts';
import { changeKeys } from './keys-api.ts';
import { Alarms, CentreKeys, Desks, Members } from './keys-members.tsx';
import { OwnKey } from './keys-own.tsx';
import { ChangedPinNote, type Pin, PinNote } from './keys-pin.tsx';
import type { Plan, Seen, Told } from './keys-plans.ts';
import { SetUp } from './keys-set-up.tsx';
import { StepForm } from './keys-step.tsx';
import { stepFaultSentence } from './keys-words.ts';
import { letterConfig } from './letter-config.ts';
import type { ScreenProps } from './sections.tsx';
import { readKeyRing, renew, type Vault } from './vault.ts';
import { LockButton, VAULT_FAULTS, VaultGate } from './vault-gate.tsx';

type Props = Pick<ScreenProps, 'session' | 'onLoggedOut'>;

const AWAY = '鍵を読みこめませんでした。通信を確かめて、もう一度お試しください。';

export function KeysScreen({ session, onLoggedOut }: Props) {
  const [ring, setRing] = useState<KeyRing | undefined>();
  const [fault, setFault] = useState<string | undefined>();
  const [isRenewing, setIsRenewing] = useState(false);
  const [pin, setPin] = useState<Pin | undefined>();

  /** The vault with it: a step is made from both. @param isAsked whether somebody waits for it */
  const load = useCallback(
    async (isAsked = true) => {
      if (isAsked) setFault(undefined);
      try {
        const fresh = await readKeyRing(session.accessToken);
        const wrong = await renew(fresh, letterConfig().pinned);
        if (wrong && wrong !== 'no_vault') return setFault(VAULT_FAULTS[wrong]);
        // What says the same stays the same: nothing is drawn anew under somebody's finger.
        setRing((seen) => (seen?.revision === fresh.revision ? seen : fresh));
      } catch (error) {
        if (error instanceof LoggedOutError) onLoggedOut();
        else if (isAsked) setFault(AWAY);
      }
    },
    [session, onLoggedOut],
  );
  useEffect(() => void load(), [load]);

  if (fault !== undefined) {
    return (
      <div class="notice" data-kind="alert" role="alert">
        <p>{fault}</p>
        <button class="button" type="button" onClick={() => void load()}>
          もう一度読みこむ
        </button>
      </div>
    );
  }
  if (!ring) {
    return (
      <p class="pane__empty" aria-busy="true">
        読みこんでいます…
      </p>
    );
  }
  if (ring.vault === undefined || isRenewing) {
    return (
      <OwnKey
        session={session}
        onLoggedOut={onLoggedOut}
        ring={ring}
        onMade={(made) => {
          setRing(made);
          setIsRenewing(false);
        }}
      />
    );
  }
  return (
    <>
      <VaultGate session={session} onLoggedOut={onLoggedOut} title="鍵">
        {(vault) => (
          <Keys
            session={session}
            onLoggedOut={onLoggedOut}
            ring={ring}
            vault={vault}
            pin={pin}
            onRing={setRing}
            onPin={setPin}
            onReload={load}
          />
        )}
      </VaultGate>
      <details class="ceremony keys__lost">
        <summary>ことばをなくしたとき</summary>
        <p>
          新しい鍵を作れます。いまの鍵はすぐに使えなくなり、鍵の預かり役に、もう一度署名と許可をしてもらいます。手紙はなくなりません。ことばを見られたかもしれないときも、同じようにしてください。
        </p>
        {isOnlyKeyholder(ring) ? (
          <>
            <p>
              ただ、いまは鍵の預かり役が、あなたのほかにいません。新しい鍵にすると、署名や許可のできる人がいなくなるので、まだ作れません。先に、ほかの人を預かり役にしてください。
            </p>
            <p>
              ことばが見つからないときは、復旧の控えを持つ人に知らせてください。それまでの手紙は、窓口を開けるほかの職員が、いままでどおり読めます。
            </p>
          </>
        ) : (
          <p>
            <button
              class="button"
              data-kind="second"
              type="button"
              onClick={() => setIsRenewing(true)}
            >
              新しい鍵を作る
            </button>
          </p>
        )}
      </details>
    </>
  );
}

/** Nobody could sign a new key of theirs, and the centre's key would open with paper only. */
function isOnlyKeyholder({ me, members }: KeyRing): boolean {
  const holders = members.filter(({ isKeyholder }) => isKeyholder);
  return holders.length === 1 && holders[0]?.member === me;
}

function Keys({
  session,
  onLoggedOut,
  ring,
  vault,
  pin,
  onRing,
  onPin,
  onReload,
}: Props & {
  readonly ring: KeyRing;
  readonly vault: Vault;
  readonly pin: Pin | undefined;
  readonly onRing: (ring: KeyRing) => void;
  readonly onPin: (pin: Pin) => void;
  readonly onReload: (isAsked?: boolean) => Promise<void>;
}) {
  const [hand, setHand] = useState<Hand | undefined>();
  const [plan, setPlan] = useState<Plan | undefined>();
  const [fault, setFault] = useState<string | undefined>();
  const [done, setDone] = useState('');
  const [isBusy, setIsBusy] = useState(false);
  const { list } = vault;
  const me = ring.members.find(({ member }) => member === ring.me);

  useEffect(() => {
    let isCurrent = true;
    setHand(undefined);
    if (list) {
      void openHand(ring, { ...vault, list }, '').then((opened) => {
        if (isCurrent) setHand(opened);
      });
    }
    return () => {
      isCurrent = false;
    };
  }, [ring, vault, list]);

  // Whoever comes back from another window sees what colleagues did meanwhile; not under a step that is read.
  const isIdle = plan === undefined;
  useEffect(() => {
    if (!isIdle) return;
    const look = () => void onReload(false);
    addEventListener('focus', look);
    return () => removeEventListener('focus', look);
  }, [isIdle, onReload]);

  const take = async (told: Told) => {
    if (!plan || !hand) return;
    setIsBusy(true);
    setFault(undefined);
    try {
      const step = await plan.take({ ...hand, at: new Date().toISOString() }, told);
      if ('fault' in step) return setFault(stepFaultSentence[step.fault]);
      const next = await changeKeys(session.accessToken, step);
      const wrong = await renew(next, letterConfig().pinned);
      if (wrong) return setFault(VAULT_FAULTS[wrong]);
      onRing(next);
      setDone(`保存しました：${plan.title}`);
      setPlan(undefined);
    } catch (error) {
      if (error instanceof LoggedOutError) return onLoggedOut();
      if (error instanceof RefusedError && error.code === 'keys_changed') {
        // What the step said of whom it is for was true before: it is chosen anew.
        setPlan(undefined);
        await onReload();
      }
      setFault(
        error instanceof RefusedError
          ? error.message
          : '保存できませんでした。通信を確かめて、もう一度押してください。',
      );
    } finally {
      setIsBusy(false);
    }
  };

  if (!list) {
    const claimed = pin ?? claimedPin(ring.lines);
    if (claimed) return <PinNote pin={claimed} isOwn={pin !== undefined} />;
    return session.groups.includes('center_head') ? (
      <SetUp
        session={session}
        onLoggedOut={onLoggedOut}
        ring={ring}
        onReload={() => void onReload()}
        onDone={(next, made) => {
          onPin(made);
          onRing(next);
        }}
      />
    ) : (
      <section class="ceremony">
        <h2>あなたの鍵ができました</h2>
        <p>センター長の画面で、次の数字を見くらべてもらってください。</p>
        {me && <p class="figures">{fingerprintOf(me.recipient)}</p>}
      </section>
    );
  }
  const { deskNames, pinned } = letterConfig();
  const seen: Seen = { ring, list, deskNames };
  const changed = newPin(list, pinned);
  const choose = (next: Plan) => {
    setFault(undefined);
    setDone('');
    setPlan(next);
  };
  return (
    <div class="ceremony">
      <div class="calls__head">
        <h2>鍵</h2>
        <LockButton />
        <button class="button" data-kind="second" type="button" onClick={() => void onReload()}>
          読みこむ
        </button>
      </div>
      <p role="status">{done}</p>
      <p class="ceremony__fault" role="alert">
        {!plan && fault}
      </p>
      {changed && <ChangedPinNote pin={changed} />}
      <Alarms seen={seen} />
      {me && standingOf(seen, me) === 'waiting' && (
        <div class="notice" role="note">
          <p>
            鍵の預かり役に、となりで次の数字を見くらべてもらってください。署名がすむと、窓口の許可を受けられます。
          </p>
          <p class="figures">{fingerprintOf(me.recipient)}</p>
        </div>
      )}
      {plan && (
        <StepForm
          key={plan.title}
          plan={plan}
          isBusy={isBusy}
          fault={fault}
          onTake={(told) => void take(told)}
          onLeave={() => setPlan(undefined)}
        />
      )}
      <Members seen={seen} onPlan={hand && choose} />
      <Desks seen={seen} onPlan={hand && choose} />
      {hand && <CentreKeys seen={seen} onPlan={choose} />}
    </div>
  );
}
