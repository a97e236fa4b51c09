/** Shows a month after the other, beginning with this one. */
import { addDays, dayInTokyo } from '../rules.ts';

const title = document.querySelector('h1');
const table = document.querySelector('table');
const body = document.querySelector('tbody');
const turn = document.querySelector<HTMLElement>('.calendar__turn');
const today = dayInTokyo(new Date());
let shown = today.slice(0, 7);

function show(): void {
  if (!title || !table || !body || !turn) return;
  const [year, month] = shown.split('-').map(Number);
  title.textContent = `${year}年${month}月`;
  const first = `${shown}-01`;
  let day = addDays(first, -new Date(`${first}T00:00:00Z`).getUTCDay());
  body.replaceChildren();
  do {
    const row = body.insertRow();
    for (let weekday = 0; weekday < 7; weekday += 1) {
      const cell = row.insertCell();
      if (day.startsWith(shown)) cell.textContent = String(Number(day.slice(8)));
      if (day === today) cell.setAttribute('aria-current', 'date');
      day = addDays(day, 1);
    }
  } while (day.startsWith(shown));
  table.hidden = false;
  turn.hidden = false;
}

function go(months: number): void {
  const [year = 0, month = 0] = shown.split('-').map(Number);
  shown = new Date(Date.UTC(year, month - 1 + months, 1)).toISOString().slice(0, 7);
  show();
}

document.querySelector('[data-part="before"]')?.addEventListener('click', () => go(-1));
document.querySelector('[data-part="after"]')?.addEventListener('click', () => go(1));
show();
