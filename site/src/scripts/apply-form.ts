/**
 * Helps while an application is written: looks at each field when it is left, works out ages,
 * shows what will be sent, and sends it in a way that books once however often it is tried. The
 * form is complete without this script; whenever this script is unsure, the plain form goes.
 */
import {
  ageInMonths,
  ageName,
  ageProblem,
  birthDayName,
  type Course,
  childcareProblem,
  readDate,
  readEmailAddress,
  readKana,
  readPhoneNumber,
  schoolYear,
  schoolYearName,
  shortDayName,
} from '../rules.ts';
import { watchStatus } from './status.ts';

const form = document.querySelector<HTMLFormElement>('[data-apply-form]');
if (form) help(form);
watchStatus();

interface Problem {
  readonly field: string;
  readonly sentence: string;
}

interface Refusal {
  readonly detail?: string;
  readonly code?: string;
  readonly field?: string;
  readonly fields?: readonly Problem[];
}

function help(form: HTMLFormElement): void {
  const eligibility = JSON.parse(form.dataset['eligibility'] ?? '{}') as Course['eligibility'];
  const offer = readOffer(form.dataset['childcare']);
  const judgedOn = JSON.parse(form.dataset['judgedOn'] ?? '{}') as Record<string, string>;
  const phone = form.dataset['phone'] ?? '';
  const fields = () => [...form.querySelectorAll<HTMLElement>('[data-field]')];

  form.noValidate = true;
  for (const rows of form.querySelectorAll<HTMLElement>('[data-children]')) foldChildren(rows);
  addGiveUp(form);
  if (eligibility.who === 'parent') addSameChild(form);

  form.addEventListener('focusout', (event) => {
    const field = fieldOf(event.target);
    // Moving on to the next part of the same date is not leaving it.
    if (!field || field.contains(event.relatedTarget as Node | null)) return;
    const problem = check(field, { isLeaving: true });
    // Nobody is told off for a field they only passed through.
    if (problem !== undefined || field.querySelector('[aria-invalid]')) showProblem(field, problem);
  });
  form.addEventListener('input', () => review());
  form.addEventListener('change', (event) => {
    review();
    // A choice is finished with one press: what was wrong with it is over.
    if (event.target instanceof HTMLInputElement && /radio|checkbox/.test(event.target.type)) {
      const field = fieldOf(event.target);
      if (field) showProblem(field, undefined);
    }
  });
  review();

  let sending = false;
  let key: { readonly value: string; readonly body: string } | undefined;
  const button = form.querySelector<HTMLButtonElement>('[data-part="submit"]');
  const buttonName = button?.textContent ?? '';

  form.addEventListener('submit', (event) => {
    // Without a secure context there are no good keys: the server makes one for a plain form.
    if (typeof crypto.randomUUID !== 'function') return;
    event.preventDefault();
    if (sending) return;
    const problems = fields().flatMap((field) => {
      const sentence = check(field, { isLeaving: false });
      showProblem(field, sentence);
      return sentence === undefined ? [] : [{ field: field.dataset['field'] ?? '', sentence }];
    });
    summarise(problems, undefined);
    if (problems.length === 0) void send();
  });
  // Coming back by the browser's own button: the page is as it was left, and can send again.
  addEventListener('pageshow', () => setSending(false));

  function setSending(value: boolean): void {
    sending = value;
    if (!button) return;
    button.setAttribute('aria-disabled', String(value));
    button.textContent = value ? '送っています…' : buttonName;
  }

  async function send(): Promise<void> {
    const body = JSON.stringify(nested(new FormData(form)));
    // The same text keeps its key, so that trying again after a silence cannot book twice.
    if (key?.body !== body) key = { value: crypto.randomUUID(), body };
    setSending(true);
    tell('');
    try {
      const response = await post(key.value, body);
      if (response.ok) {
        const { path } = (await response.json()) as { path: string };
        location.assign(path);
        return;
      }
      const refusal = (await response.json()) as Refusal;
      if (response.status >= 500) {
        fail(refusal.detail ?? '');
        return;
      }
      key = undefined;
      const named = refusal.fields ?? [];
      const problems =
        refusal.field === undefined
          ? named
          : [{ field: refusal.field, sentence: refusal.detail ?? '' }, ...named];
      for (const field of fields()) {
        const at = field.dataset['field'] ?? '';
        showProblem(
          field,
          problems.find((problem) => problem.field === at || problem.field.startsWith(`${at}.`))
            ?.sentence,
        );
      }
      summarise(problems, problems.length === 0 ? refusal.detail : undefined);
      setSending(false);
    } catch {
      fail('');
    }
  }

  async function post(idempotencyKey: string, body: string): Promise<Response> {
    const attempt = () =>
      fetch(form.action, {
        method: 'POST',
        headers: {
          accept: 'application/json',
          'content-type': 'application/json',
          'idempotency-key': idempotencyKey,
        },
        body,
        signal: AbortSignal.timeout(20_000),
      });
    const first = await attempt();
    if (first.status !== 503) return first;
    const wait = Math.min(Number(first.headers.get('retry-after') ?? 2), 8);
    tell('混み合っています。このまま、少しお待ちください。');
    await new Promise((resolve) => setTimeout(resolve, (wait + Math.random() * 2) * 1000));
    return attempt();
  }

  function fail(detail: string): void {
    setSending(false);
    const reason = detail === '' ? '電波が届かないのか、うまく送れませんでした。' : detail;
    tell(
      `${reason}書いた内容は残っています。もう一度押しても、二重に申し込まれることはありません。お電話でもどうぞ。`,
      phone,
    );
  }

  /** A sentence beside the button, with the telephone number when something failed. */
  function tell(sentence: string, number = ''): void {
    const place = form.querySelector<HTMLElement>('[data-part="form-status"]');
    if (!place) return;
    place.replaceChildren();
    if (sentence === '') return;
    const notice = make('div', 'notice');
    if (number !== '') notice.dataset['kind'] = 'alert';
    notice.append(make('p', '', sentence));
    if (number !== '') {
      const link = make('a', 'phone__number', number);
      link.setAttribute('href', `tel:${number}`);
      notice.append(link);
    }
    place.append(notice);
  }

  /** The days on which ages count: of every session that is chosen. */
  function judgingDays(): readonly string[] {
    const days = [...new FormData(form)]
      .filter(([name, value]) => name.startsWith('sessionKeys.') && value !== '')
      .map(([, value]) => judgedOn[String(value)]);
    const chosen = [...new Set(days.filter((day) => day !== undefined))].sort();
    return chosen.length > 0 ? chosen : [judgedOn[''] ?? ''];
  }

  /** The sentence for what is wrong with a field, or undefined. */
  function check(field: HTMLElement, { isLeaving }: { isLeaving: boolean }): string | undefined {
    const inputs = controlsOf(field);
    const [input] = inputs;
    if (!input) return undefined;
    const label = labelOf(field);
    if (field.dataset['check'] === 'sessions') {
      const missing = !inputs.some((each) => each.checked);
      return missing && !isLeaving ? '参加する回を選んでください。' : undefined;
    }
    if (field.dataset['check'] === 'second') {
      const first = new FormData(form).get('sessionKeys.0');
      return input.value !== '' && input.value === first
        ? '第1希望と同じ回です。ちがう回を選ぶか、「えらばない」にしてください。'
        : undefined;
    }
    if (input.type === 'radio') {
      const missing = input.required && !inputs.some((each) => each.checked);
      return missing && !isLeaving ? `${label}を選んでください。` : undefined;
    }
    if (input.id === 'meetsConditions') {
      return input.checked || isLeaving
        ? undefined
        : 'あてはまることを確かめて、チェックを入れてください。';
    }
    if (input.type === 'checkbox') return undefined;
    const values = inputs.map((each) => each.value.trim());
    const isEmpty = values.every((value) => value === '');
    const isNeeded = input.required || (isInUsedRow(field) && field.dataset['field'] !== undefined);
    if (isEmpty) return isNeeded && !isLeaving ? `${label}を書いてください。` : undefined;
    const [text = ''] = values;
    switch (field.dataset['check']) {
      case 'kana':
        return readKana(text) === undefined
          ? 'ふりがなは、ひらがなかカタカナで書いてください。'
          : undefined;
      case 'phone':
        return readPhoneNumber(text) === undefined
          ? '電話番号を確認してください。市外局番から書くと確実です。'
          : undefined;
      case 'email':
        return readEmailAddress(text) === undefined
          ? 'メールアドレスを確認してください。「@」の前後が抜けていないでしょうか。'
          : undefined;
      case 'birthDate':
        return checkBirthDate(field, values);
      default:
        return undefined;
    }
  }

  function checkBirthDate(field: HTMLElement, values: readonly string[]): string | undefined {
    const [year = '', month = '', day = ''] = values;
    const place = field.querySelector<HTMLElement>('[data-part="age"]');
    const birth = readDate(year, month, day);
    if (place) place.hidden = true;
    if (birth === undefined) {
      return '生年月日を確認してください。例：2024年6月1日、令和6年6月1日';
    }
    const [on = ''] = judgingDays();
    const isLookedAfter = field.closest('[data-field^="childcare."]') !== null;
    const problemOn = (day: string) =>
      isLookedAfter && offer
        ? childcareProblem(offer, birth, day, new Date())
        : ageProblem(eligibility, birth, day, new Date());
    const problem = judgingDays()
      .map(problemOn)
      .find((sentence) => sentence !== undefined);
    if (problem === undefined && place) {
      place.textContent = `${birthDayName(birth)}生まれ。${shortDayName(on)}に${ageOn(birth, on)}です。`;
      place.hidden = false;
    }
    return problem;
  }

  function ageOn(birth: string, on: string): string {
    const year = schoolYear(birth, on);
    return year > 0 ? schoolYearName(year) : ageName(Math.max(0, ageInMonths(birth, on)));
  }

  /** Everything typed, as pairs to look over once more before it is sent. */
  function review(): void {
    const box = form.querySelector<HTMLElement>('[data-part="review"]');
    const facts = box?.querySelector('[data-part="review-facts"]');
    if (!box || !facts) return;
    const rows = fields().flatMap((field) => {
      const value = typedIn(field);
      return value === '' ? [] : [{ field, value }];
    });
    box.hidden = rows.length < 3;
    facts.replaceChildren(
      ...rows.map(({ field, value }) => {
        const row = make('div', 'facts__row');
        const fact = make('dd', '', value);
        const mend = make('a', 'review__mend', '直す');
        mend.setAttribute('href', `#${controlOf(field)?.id ?? ''}`);
        mend.setAttribute('aria-label', `${labelOf(field)}を直す`);
        fact.append(' ', mend);
        row.append(make('dt', '', labelOf(field)), fact);
        return row;
      }),
    );
  }

  function typedIn(field: HTMLElement): string {
    const inputs = controlsOf(field);
    const [first] = inputs;
    if (first?.type === 'radio' || field.dataset['check'] === 'sessions') {
      return inputs
        .filter((each) => each.checked)
        .map((each) => each.closest('label')?.querySelector('span')?.textContent ?? '')
        .join('、');
    }
    if (first instanceof HTMLSelectElement) {
      return first.value === '' ? '' : (first.selectedOptions[0]?.textContent ?? '');
    }
    if (first?.type === 'checkbox') return first.checked ? 'はい' : '';
    const values = inputs.map((each) => each.value.trim());
    if (field.dataset['check'] === 'birthDate') {
      const [year = '', month = '', day = ''] = values;
      const birth = readDate(year, month, day);
      if (birth !== undefined)
        return `${birthDayName(birth)}（${ageOn(birth, judgingDays()[0] ?? '')}）`;
    }
    const units = ['年', '月', '日'];
    return values.length === 1
      ? (values[0] ?? '')
      : values.map((value, index) => (value === '' ? '' : `${value}${units[index]}`)).join('');
  }

  function showProblem(field: HTMLElement, sentence: string | undefined): void {
    const place = field.querySelector<HTMLElement>('[data-part="error"]');
    if (!place) return;
    place.textContent = sentence === undefined ? '' : `＊${sentence}`;
    place.hidden = sentence === undefined;
    for (const control of controlsOf(field)) {
      if (sentence === undefined) control.removeAttribute('aria-invalid');
      else control.setAttribute('aria-invalid', 'true');
    }
    if (sentence !== undefined) unfold(field);
  }

  /** The list at the top of what must be mended; focus goes there so that it is read first. */
  function summarise(problems: readonly Problem[], refusal: string | undefined): void {
    document.querySelector('[data-part="summary"]')?.remove();
    if (problems.length === 0 && refusal === undefined) return;
    const heading =
      problems.length > 0 ? 'まだ申し込みは終わっていません' : '受け付けられませんでした';
    const box = make('div', 'error-summary');
    box.dataset['part'] = 'summary';
    box.tabIndex = -1;
    box.append(make('h2', 'error-summary__title', heading));
    if (refusal !== undefined) {
      box.append(make('p', '', refusal), make('p', '', 'お困りのときは、お電話ください。'));
      const link = make('a', 'phone__number', phone);
      link.setAttribute('href', `tel:${phone}`);
      box.append(link);
    }
    if (problems.length > 0) {
      const list = make('ul', 'error-summary__list');
      for (const { field, sentence } of problems) {
        const place = fields().find((each) => {
          const at = each.dataset['field'] ?? '';
          return field === at || field.startsWith(`${at}.`);
        });
        const item = make('li');
        const link = make('a', '', sentence);
        link.setAttribute('href', `#${(place && controlOf(place)?.id) ?? ''}`);
        item.append(link);
        list.append(item);
      }
      box.append(list);
    }
    form.before(box);
    box.focus();
  }
}

function fieldOf(target: EventTarget | null): HTMLElement | undefined {
  return target instanceof Element
    ? (target.closest<HTMLElement>('[data-field]') ?? undefined)
    : undefined;
}

/** What can be typed into or chosen from; text areas and lists do what inputs do here. */
function controlsOf(place: HTMLElement): HTMLInputElement[] {
  return [...place.querySelectorAll<HTMLInputElement>('input, textarea, select')];
}

function controlOf(field: HTMLElement): HTMLElement | undefined {
  return controlsOf(field)[0];
}

/** Opens everything that a field is folded into. */
function unfold(field: HTMLElement): void {
  for (
    let row = field.closest('details');
    row;
    row = row.parentElement?.closest('details') ?? null
  ) {
    row.open = true;
  }
}

function readOffer(text: string | undefined): Course['childcare'] {
  return text === undefined ? undefined : (JSON.parse(text) as Course['childcare']);
}

function labelOf(field: HTMLElement): string {
  const label = field.querySelector('.field__label, .field__legend, .choice > span');
  const mark = label?.querySelector('.field__mark')?.textContent ?? '';
  return (label?.textContent ?? '').replace(mark, '').trim();
}

/** Whether anything was typed for this child: then all of the child's fields are needed. */
function isInUsedRow(field: HTMLElement): boolean {
  const row = field.closest('.child');
  return (
    row !== null &&
    [...row.querySelectorAll<HTMLInputElement>('input')].some((input) => input.value.trim() !== '')
  );
}

/** One further child at a time: the next one appears when the one before is open. */
function foldChildren(children: HTMLElement): void {
  const rows = [...children.querySelectorAll<HTMLDetailsElement>('details[data-child]')];
  const fold = () => {
    for (const [index, row] of rows.entries()) {
      const before = rows[index - 1];
      row.hidden = !row.open && before !== undefined && !before.open;
    }
  };
  for (const row of rows) {
    row.addEventListener('toggle', fold);
    row.querySelector('.child')?.append(emptier('このお子さんの欄を消す', row));
  }
  fold();
}

/** Childcare that was begun by mistake goes with one press. */
function addGiveUp(form: HTMLFormElement): void {
  const part = form.querySelector<HTMLDetailsElement>('[data-childcare-part]');
  part?.append(emptier('保育をたのまない', part));
}

/** The child who was named for the age is often the one to look after: nobody types that twice. */
function addSameChild(form: HTMLFormElement): void {
  const row = form.querySelector('[data-childcare-part] .child');
  const button = make('button', 'button', '上に書いたお子さんの保育をたのむ');
  button.setAttribute('type', 'button');
  button.dataset['kind'] = 'plain';
  button.addEventListener('click', () => {
    for (const from of form.querySelectorAll<HTMLInputElement>('[name^="participants.0."]')) {
      const name = from.name.replace('participants', 'childcare');
      const to = form.querySelector<HTMLInputElement>(`[name="${name}"]`);
      if (to) to.value = from.value;
    }
    form.dispatchEvent(new Event('input'));
  });
  row?.prepend(button);
}

/** A button that empties and folds a part of the form. */
function emptier(name: string, part: HTMLDetailsElement): HTMLElement {
  const button = make('button', 'button', name);
  button.setAttribute('type', 'button');
  button.dataset['kind'] = 'plain';
  button.addEventListener('click', () => {
    for (const input of part.querySelectorAll('input')) {
      if (input.type === 'checkbox') input.checked = false;
      else input.value = '';
    }
    for (const inner of part.querySelectorAll('details')) inner.open = false;
    part.open = false;
    part.querySelector('summary')?.focus();
    part.dispatchEvent(new Event('input', { bubbles: true }));
  });
  return button;
}

/** Names with dots become nested values, as the server reads a plain form. */
function nested(data: FormData): Record<string, unknown> {
  const root: Record<string, unknown> = {};
  for (const [name, value] of data) {
    const path = name.split('.');
    const last = path.pop() ?? '';
    let place = root;
    for (const part of path) {
      place[part] ??= {};
      place = place[part] as Record<string, unknown>;
    }
    place[last] = value === 'on' ? true : value;
  }
  for (const name of ['participants', 'childcare', 'sessionKeys']) {
    if (root[name] !== undefined) root[name] = Object.values(root[name] as object);
  }
  return root;
}

function make(tag: string, className = '', text = ''): HTMLElement {
  const element = document.createElement(tag);
  if (className !== '') element.className = className;
  if (text !== '') element.textContent = text;
  return element;
}
