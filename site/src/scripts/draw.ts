/**
 * On the page of a draw: finds one's own number in the table, and repeats the whole draw in this
 * browser from the published file. Without it the table is there to be read.
 */
import {
  type DrawnFile,
  findingSentence,
  ownResultSentence,
  verdictSentence,
  verifyDraw,
} from '../rules.ts';

const page = document.querySelector<HTMLElement>('[data-draw="drawn"]');
if (page) help(page);

function part<E extends HTMLElement>(page: HTMLElement, name: string): E | null {
  return page.querySelector<E>(`[data-part="${name}"]`);
}

function help(page: HTMLElement): void {
  const find = part<HTMLFormElement>(page, 'find');
  const again = part(page, 'again');
  const button = part<HTMLButtonElement>(page, 'recompute');
  const findings = part(page, 'findings');
  if (!find || !again || !button || !findings) return;
  find.hidden = false;
  again.hidden = false;
  find.addEventListener('submit', (event) => {
    event.preventDefault();
    showOwn(page, find.querySelector('input')?.value ?? '');
  });
  button.addEventListener('click', async () => {
    button.disabled = true;
    findings.textContent = '計算しています…';
    findings.replaceChildren(...(await recompute()));
    button.disabled = false;
  });
}

/** Says what became of the typed number, and marks its row. */
function showOwn(page: HTMLElement, typed: string): void {
  const own = part(page, 'own');
  if (!own) return;
  for (const row of page.querySelectorAll('tr[data-own]')) row.removeAttribute('data-own');
  const digits = typed.normalize('NFKC').replace(/\D/g, '');
  if (digits === '') {
    own.textContent = '番号を、数字で入れてください。';
    return;
  }
  const number = Number(digits);
  const row = document.getElementById(`n${number}`);
  row?.setAttribute('data-own', '');
  own.textContent = ownResultSentence(number, row?.lastElementChild?.textContent ?? undefined);
}

async function recompute(): Promise<readonly HTMLElement[]> {
  try {
    const response = await fetch('../draw.json', { cache: 'no-cache', credentials: 'omit' });
    if (!response.ok) throw new Error(String(response.status));
    const found = verifyDraw((await response.json()) as DrawnFile);
    const list = document.createElement('ul');
    list.className = 'draw__findings';
    list.setAttribute('role', 'list');
    for (const finding of found) {
      const item = document.createElement('li');
      item.dataset['holds'] = String(finding.holds);
      item.textContent = `${finding.holds ? '✓' : '×'} ${findingSentence(finding)}`;
      list.append(item);
    }
    const verdict = document.createElement('p');
    verdict.className = 'draw__verdict';
    verdict.textContent = verdictSentence(found);
    return [list, verdict];
  } catch {
    const trouble = document.createElement('p');
    trouble.textContent =
      'ファイルを読みこめませんでした。電波のよいところで、もう一度お試しください。';
    return [trouble];
  }
}
