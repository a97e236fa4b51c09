/**
 * A roster as CSV for a spreadsheet. One row for each application, its participants joined in one
 * cell: the desk calls, seats and ticks off families, and a row that is cut into people loses who
 * belongs together. Excel reads it by a double click: UTF-8 with a byte order mark, CRLF, telephone
 * numbers with hyphens so that their zero stays; what would be a formula is text.
 */
import { stringify } from 'csv-stringify/sync';
import { dayInTokyo, partsOf, shortDayName, timeInTokyo } from '../calendar/rules.ts';
import type { Course } from '../courses/model.ts';
import { firstSession } from '../courses/rules.ts';
import { phoneNumberName } from '../persons/rules.ts';
import type { Right } from '../platform/rights.ts';
import type { RosterRow, ShownRegistration } from './desk-model.ts';
import { channelName } from './desk-words.ts';

type Cell = (row: RosterRow) => string;
type People = NonNullable<ShownRegistration['participants']>;

/** The columns, each with the right without which it is not there at all. */
const COLUMNS: readonly { readonly name: string; readonly right: Right; readonly cell: Cell }[] = [
  { name: '受付番号', right: 'rosters', cell: ({ bookingNumber }) => bookingNumber },
  { name: '状態', right: 'rosters', cell: ({ lines }) => joined(lines) },
  { name: '申し込んだ日時', right: 'rosters', cell: ({ registration }) => moment(registration) },
  {
    name: '受付のしかた',
    right: 'rosters',
    cell: ({ registration }) => channelName[registration.channel],
  },
  {
    name: '抽選番号',
    right: 'rosters',
    cell: ({ registration }) => String(registration.entry?.number ?? ''),
  },
  { name: '申し込んだ方', right: 'names', cell: (row) => row.registration.applicant?.name ?? '' },
  {
    name: '申し込んだ方のふりがな',
    right: 'names',
    cell: (row) => row.registration.applicant?.kana ?? '',
  },
  {
    name: '電話番号',
    right: 'contacts',
    cell: ({ registration: { applicant } }) =>
      applicant?.phone ? phoneNumberName(applicant.phone) : '',
  },
  { name: 'メール', right: 'contacts', cell: (row) => row.registration.applicant?.email ?? '' },
  {
    name: '参加する方の人数',
    right: 'rosters',
    cell: ({ registration }) => String(registration.counts.participants),
  },
  {
    name: 'おとなの人数',
    right: 'rosters',
    cell: ({ registration }) => String(registration.counts.adults),
  },
  ...columnsOf('参加する方', (registration) => registration.participants),
  {
    name: '保育の人数',
    right: 'rosters',
    cell: ({ registration }) => String(registration.counts.childcare),
  },
  ...columnsOf('保育の子', (registration) => registration.childcare),
  {
    name: '出産予定の月',
    right: 'births',
    cell: ({ registration }) => registration.dueMonth ?? '',
  },
  { name: 'アレルギー', right: 'care', cell: ({ registration }) => registration.allergy ?? '' },
  {
    name: '配慮してほしいこと',
    right: 'care',
    cell: ({ registration }) => registration.needs ?? '',
  },
  { name: '保護者', right: 'names', cell: (row) => row.registration.guardian?.name ?? '' },
  {
    name: '保護者の電話番号',
    right: 'contacts',
    cell: ({ registration: { guardian } }) =>
      guardian?.phone ? phoneNumberName(guardian.phone) : '',
  },
  {
    name: 'メモ',
    right: 'care',
    cell: ({ registration }) => joined((registration.notes ?? []).map(({ text }) => text)),
  },
];

function columnsOf(who: string, people: (of: ShownRegistration) => People | undefined) {
  const cell =
    (part: keyof People[number]): Cell =>
    ({ registration }) =>
      joined((people(registration) ?? []).map((person) => person[part] ?? ''));
  return [
    { name: who, right: 'names' as const, cell: cell('name') },
    { name: `${who}のふりがな`, right: 'names' as const, cell: cell('kana') },
    { name: `${who}の生年月日`, right: 'births' as const, cell: cell('birthDate') },
  ];
}

/** @param rows as they are shown to whoever saves the file */
export function rosterFile(
  { course, session }: { readonly course: Course; readonly session?: string | undefined },
  rows: readonly RosterRow[],
  rights: readonly Right[],
): { readonly name: string; readonly text: string } {
  const columns = COLUMNS.filter(({ right }) => rights.includes(right));
  const text = stringify(
    rows.map((row) => columns.map(({ cell }) => cell(row).trim())),
    {
      header: true,
      columns: columns.map(({ name }) => name),
      bom: true,
      record_delimiter: 'windows',
      escape_formulas: true,
    },
  );
  const meant = course.sessions.find(({ key }) => key === session) ?? firstSession(course.sessions);
  const { year } = partsOf(meant.date);
  // Characters that a file's name may not have on one system or another.
  const title = course.title.replace(/[\\/:*?"<>|\p{Cc}]/gu, ' ').trim();
  return { name: `名簿_${title}_${year}年${shortDayName(meant.date)}.csv`, text };
}

function joined(texts: readonly string[]): string {
  return texts.join('、');
}

function moment({ acceptedAt }: ShownRegistration): string {
  const at = new Date(acceptedAt);
  return `${dayInTokyo(at)} ${timeInTokyo(at)}`;
}
