/**
 * Whatever families type, the file of a roster is one that a spreadsheet reads back as it was meant:
 * a row for each application, no cell that is run as a formula, no telephone number that loses its zero.
 */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { RIGHTS, rightsOf } from '../../functions/platform/rights.ts';
import type { RosterRow } from '../../functions/registrations/desk-model.ts';
import { rosterFile } from '../../functions/registrations/roster-file.ts';
import { aCourse } from '../support/world.ts';

const course = aCourse();

/** Reads CSV (RFC 4180) back: a reader of the test's own. */
function read(text: string): string[][] {
  const rows: string[][] = [[]];
  let cell = '';
  let isQuoted = false;
  for (let at = text.startsWith('\uFEFF') ? 1 : 0; at < text.length; at += 1) {
    const character = text[at];
    if (isQuoted) {
      if (character === '"' && text[at + 1] === '"') {
        cell += '"';
        at += 1;
      } else if (character === '"') isQuoted = false;
      else cell += character;
    } else if (character === '"') isQuoted = true;
    else if (character === ',') {
      rows.at(-1)?.push(cell);
      cell = '';
    } else if (character === '\r' && text[at + 1] === '\n') {
      rows.at(-1)?.push(cell);
      cell = '';
      rows.push([]);
      at += 1;
    } else cell += character;
  }
  expect(rows.pop(), 'the file ends with a line').toEqual([]);
  return rows;
}

const aText = fc.oneof(
  fc.string({ unit: 'grapheme', maxLength: 20 }),
  fc
    .tuple(
      fc.constantFrom('=', '+', '-', '@', '＝', '＋', '\t', '\r', '\n', ' =', '"', ','),
      fc.string(),
    )
    .map(([first, rest]) => first + rest),
);
const aPhone = fc.integer({ min: 0, max: 9_999 }).map((n) => `042000${String(n).padStart(4, '0')}`);

const aRow: fc.Arbitrary<RosterRow> = fc
  .record({ name: aText, needs: aText, note: aText, child: aText, phone: aPhone })
  .map(({ name, needs, note, child, phone }) => ({
    registration: {
      registrationId: 'reg_482103937',
      courseId: course.courseId,
      sessionKeys: [],
      places: [],
      courseWithoutChildcare: false,
      channel: 'web',
      counts: { participants: 1, adults: 1, childcare: 0 },
      acceptedAt: '2026-12-01T03:00:00.000Z',
      applicant: { name, kana: 'ミホン', phone },
      participants: [{ name: child, kana: 'ミホン', birthDate: '2026-06-01' }],
      childcare: [],
      needs,
      notes: [{ at: '2026-12-01T03:00:00.000Z', by: 'staff-1', text: note }],
    },
    bookingNumber: '482-103-937',
    status: 'confirmed',
    lines: ['参加確定'],
  }));

test('a row for each application, whatever is in it, and as many cells in each', () => {
  fc.assert(
    fc.property(fc.array(aRow, { maxLength: 5 }), (rows) => {
      const { text } = rosterFile({ course }, rows, RIGHTS);
      expect(text.startsWith('\uFEFF')).toBe(true);
      const [head = [], ...read_] = read(text);
      expect(read_).toHaveLength(rows.length);
      for (const cells of read_) expect(cells).toHaveLength(head.length);
      const needs = head.indexOf('配慮してほしいこと');
      for (const [index, cells] of read_.entries()) {
        const typed = rows[index]?.registration.needs?.trim() ?? '';
        expect([typed, `'${typed}`]).toContain(cells[needs]);
      }
    }),
  );
});

test('no cell is run as a formula', () => {
  fc.assert(
    fc.property(aRow, (row) => {
      const { text } = rosterFile({ course }, [row], RIGHTS);
      for (const cell of read(text)[1] ?? []) expect(cell).not.toMatch(/^\s*[=+\-@＝＋－＠]/);
    }),
  );
});

test('a telephone number is no number: its first zero stays', () => {
  fc.assert(
    fc.property(aRow, (row) => {
      const [head = [], cells = []] = read(rosterFile({ course }, [row], RIGHTS).text);
      const cell = cells[head.indexOf('電話番号')] ?? '';
      expect(Number.isNaN(Number(cell))).toBe(true);
      expect(cell.replaceAll('-', '')).toBe(row.registration.applicant?.phone);
    }),
  );
});

test('a column that a role may not see is not there', () => {
  const { text } = rosterFile({ course }, [], rightsOf(['hiroba_staff']));
  expect(text).toContain('申し込んだ方');
  expect(text).not.toMatch(/電話番号|メール|生年月日|アレルギー|配慮|メモ|出産/);
});
