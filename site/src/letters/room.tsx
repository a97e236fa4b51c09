/**
 * What surrounds the letters on both of their pages: the way out, the switch of the readings, links within
 * the page, and the time at which somebody reads next. Keeps nothing on the device.
 */
import { render } from 'preact';
import { answerSentence, type LetterDesk, readingSentence } from '../rules.ts';
import { startLeaving } from './leave.ts';
import { askReading } from './reading.ts';
import { Ruby } from './ruby.tsx';

function find<Found extends HTMLElement>(selector: string): Found | undefined {
  return document.querySelector<Found>(selector) ?? undefined;
}

/** Links that stay on the page move the reader without an entry in the history. */
function followWithoutTrace(): void {
  document.addEventListener('click', (event) => {
    const link = (event.target as Element).closest<HTMLAnchorElement>('a[href^="#"]');
    const place = link && find(link.hash);
    if (!place) return;
    event.preventDefault();
    place.scrollIntoView({ block: 'start' });
    place.focus({ preventScroll: true });
  });
}

function startSwitch(button: HTMLButtonElement): void {
  button.addEventListener('click', () => {
    const isOn = button.getAttribute('aria-pressed') !== 'true';
    button.setAttribute('aria-pressed', String(isOn));
    document.documentElement.setAttribute('data-furigana', isOn ? 'on' : 'off');
  });
}

async function sayWhen(place: HTMLElement, desk: LetterDesk): Promise<void> {
  const reading = await askReading(desk);
  if (!reading) return;
  place.replaceChildren();
  render(
    <>
      <Ruby text={readingSentence(reading)} />
      <br />
      <Ruby text={answerSentence(reading)} />
    </>,
    place,
  );
}

const exit = find<HTMLAnchorElement>('[data-part="exit"]');
const furigana = find<HTMLButtonElement>('[data-part="furigana"]');
const when = find('[data-part="reading"]');
const letters = find('#letters');
if (exit) startLeaving(exit);
if (furigana) startSwitch(furigana);
followWithoutTrace();
if (when && letters) void sayWhen(when, letters.dataset['desk'] as LetterDesk);
