/**
 * Says which ひろば are open now: reads their coming openings once and tells the time by the server's
 * Date header. Without it, the page says the hours of the week.
 */
import {
  HIROBA_STATUS_FILE,
  type HirobaStatusFile,
  openingsOfFile,
  stateAmong,
  stateName,
  stateSentence,
} from '../rules.ts';

/** Chip styles of the courses say the same by shape: open, soon, over. */
const chipStatus = { open: 'open', later: 'soon', over: 'closed', closed: 'closed' } as const;

let file: HirobaStatusFile = { sites: {} };
let clockOffset = 0;

async function refresh(): Promise<void> {
  if (document.visibilityState === 'hidden') return;
  const response = await fetch(HIROBA_STATUS_FILE, { cache: 'no-cache', credentials: 'omit' });
  if (!response.ok) return;
  const date = Date.parse(response.headers.get('date') ?? '');
  const age = Number(response.headers.get('age') ?? 0);
  file = (await response.json()) as HirobaStatusFile;
  if (!Number.isNaN(date)) clockOffset = date + age * 1000 - Date.now();
  update();
}

function update(): void {
  const now = new Date(Date.now() + clockOffset);
  for (const place of document.querySelectorAll<HTMLElement>('[data-site-id]')) {
    const entries = file.sites[place.dataset['siteId'] ?? ''] ?? [];
    const last = entries.at(-1);
    // A file that has grown too old to know about today says nothing.
    if (last === undefined || new Date(last.closesAt) < now) continue;
    const state = stateAmong(openingsOfFile(entries), now);
    const chip = place.querySelector<HTMLElement>('[data-part="chip"]');
    const sentence = place.querySelector<HTMLElement>('[data-part="sentence"]');
    if (!chip || !sentence) continue;
    chip.hidden = false;
    chip.dataset['status'] = chipStatus[state.state];
    for (const [element, text] of [
      [chip, stateName[state.state]],
      [sentence, stateSentence(state)],
    ] as const) {
      if (element.textContent !== text) element.textContent = text;
    }
  }
}

if (document.querySelector('[data-site-id]') !== null) {
  const quietly = () => void refresh().catch(() => {});
  quietly();
  setInterval(update, 20_000);
  document.addEventListener('visibilitychange', quietly);
}
