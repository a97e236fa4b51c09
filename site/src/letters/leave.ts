/**
 * The way out (すぐ出る): by the button, or by Esc three times. What was written is cleared first, then the
 * page is replaced, so that the back button finds neither the words nor the page.
 */

/** Whoever holds anything that was written drops it at once when this is heard on `window`. */
const LEAVE = 'hidamari:leave';
const PRESSES = 3;
const WITHIN_MS = 2_000;

/** Nothing of what was written is left in this page. */
function forget(): void {
  // Fields first: an app that hears the event may take its fields out of the page.
  const fields = document.querySelectorAll<HTMLInputElement | HTMLTextAreaElement>(
    'input, textarea',
  );
  for (const field of fields) field.value = '';
  window.dispatchEvent(new CustomEvent(LEAVE));
}

function leave(to: string): void {
  forget();
  // The next page may take seconds to come; nobody shall read over a shoulder meanwhile.
  document.body.replaceChildren();
  document.documentElement.setAttribute('data-left', '');
  location.replace(to);
}

/** @param exit the link that leads out: it works before this script has come, and without it */
export function startLeaving(exit: HTMLAnchorElement): void {
  const { href } = exit;
  exit.addEventListener('click', (event) => {
    event.preventDefault();
    leave(href);
  });

  let pressed: number[] = [];
  window.addEventListener(
    'keydown',
    (event) => {
      if (event.key !== 'Escape') {
        pressed = [];
        return;
      }
      // Esc also takes back what a Japanese keyboard proposes; that is no wish to leave.
      if (event.isComposing || event.keyCode === 229 || event.repeat) return;
      pressed = [...pressed, event.timeStamp].slice(-PRESSES);
      const [first = 0] = pressed;
      if (pressed.length === PRESSES && event.timeStamp - first <= WITHIN_MS) leave(href);
    },
    { capture: true },
  );

  // Gone by any other way (an address typed, the back button): a page kept for going back would show
  // what was written to whoever presses the button next.
  window.addEventListener('pagehide', forget);
  window.addEventListener('pageshow', ({ persisted }) => {
    if (persisted) location.reload();
  });
}
