/**
 * For the list of courses: besides keeping status true, says how many match, and keeps the chosen
 * filters in the address so that going back and passing on work. The filtering itself is CSS.
 */
import { watchStatus } from './status.ts';

const list = document.querySelector<HTMLElement>('[data-course-list]');
const form = list?.querySelector('form') ?? null;

if (list && form) {
  const controls = [...form.querySelectorAll<HTMLSelectElement | HTMLInputElement>('[name]')];
  const asked = new URLSearchParams(location.search);
  for (const control of controls) {
    const value = asked.get(control.name);
    if (value === null) continue;
    if (control instanceof HTMLInputElement) control.checked = true;
    else if ([...control.options].some((option) => option.value === value)) control.value = value;
  }
  form.addEventListener('submit', (event) => event.preventDefault());
  form.addEventListener('change', () => {
    const chosen = new URLSearchParams();
    for (const control of controls) {
      if (control instanceof HTMLInputElement) {
        if (control.checked) chosen.set(control.name, '1');
      } else if (control.value !== '') chosen.set(control.name, control.value);
    }
    const query = chosen.toString();
    history.replaceState(null, '', query === '' ? location.pathname : `?${query}`);
    answer(list, form);
  });
  answer(list, form);
}
watchStatus(() => list && form && answer(list, form));

function answer(list: HTMLElement, form: HTMLFormElement): void {
  const place = list.querySelector<HTMLElement>('[data-part="answer"]');
  if (!place) return;
  const isFiltered = [...new FormData(form).values()].some((value) => value !== '');
  const count = [...list.querySelectorAll<HTMLElement>('.card')].filter(
    (card) => getComputedStyle(card).display !== 'none',
  ).length;
  const text = !isFiltered
    ? ''
    : count === 0
      ? 'あてはまる講座は、いまありません。'
      : `あてはまる講座は ${count}件です。`;
  if (place.textContent !== text) place.textContent = text;
}
