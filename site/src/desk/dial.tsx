/** A ring that fills as time runs; the words beside it say the same. */

/** @param gone 0 … 1 of the time that there was */
export function Dial({ gone }: { readonly gone: number }) {
  return (
    <svg class="strip__dial" viewBox="0 0 36 36" aria-hidden="true">
      <circle class="strip__dial-ground" cx="18" cy="18" r="14" />
      <circle
        class="strip__dial-gone"
        cx="18"
        cy="18"
        r="14"
        pathLength={100}
        stroke-dasharray={`${Math.round(gone * 100)} 100`}
        transform="rotate(-90 18 18)"
      />
    </svg>
  );
}
