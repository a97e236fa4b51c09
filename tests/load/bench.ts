/**
 * `npm run bench [group …]`: one JSON line a figure. Machines are noisy: compare figures of one run
 * with each other, or with a baseline of the same run, never with another day's.
 */
import { bookingFigures, rushFigures } from './booking.ts';
import { drawFigures } from './draw.ts';
import type { Figure } from './figure.ts';
import { lambdaFigures } from './lambda.ts';
import { letterFigures } from './letters.ts';
import { pageFigures } from './page.ts';
import { scaleFigures } from './scale.ts';

const groups: Readonly<Record<string, () => AsyncIterable<Figure>>> = {
  booking: bookingFigures,
  draw: drawFigures,
  rush: rushFigures,
  lambda: lambdaFigures,
  letters: letterFigures,
  page: pageFigures,
  scale: scaleFigures,
};

const wanted = process.argv.slice(2);
const unknown = wanted.filter((name) => !(name in groups));
if (unknown.length > 0) {
  console.error(
    `No such group: ${unknown.join(', ')}. There are: ${Object.keys(groups).join(', ')}`,
  );
  process.exit(2);
}
for (const [name, figures] of Object.entries(groups)) {
  // Filling a table with a million rows takes minutes: only for who asks for it.
  if (wanted.length > 0 ? !wanted.includes(name) : name === 'scale') continue;
  for await (const figure of figures()) console.log(JSON.stringify(figure));
}
process.exit(0);
