/** Told to whoever reads letters: nobody has looked up the numbers for people in need for a year. */
import { CHECK_AGAIN_BY, dayName, isLookUpDue } from '../rules.ts';

export function LookUpNotice({ now }: { readonly now: Date }) {
  if (!isLookUpDue(now)) return null;
  return (
    <p class="notice" data-kind="alert">
      急ぐ人に見せている電話番号を、{dayName(CHECK_AGAIN_BY)}
      までに確かめ直すことになっています。まだのようです。センター長に知らせてください。
    </p>
  );
}
