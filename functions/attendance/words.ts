/** 出欠 in words: marks, reasons, age bands. Pure and without zod. */
import { countName } from '../hiroba/rules.ts';
import type { AbsenceReason, AttendanceStatus, MarkView, WalkInCounts } from './model.ts';

export const attendanceName: Readonly<Record<AttendanceStatus, string>> = {
  unmarked: 'まだ',
  present: '出席',
  late: '遅刻',
  absent: '欠席',
};

export const absenceReasonName: Readonly<Record<AbsenceReason, string>> = {
  unwell: '体調不良',
  plans: '都合がつかない',
  no_notice: '連絡なし',
  other: 'その他',
};

/** Age bands of a walk-in as the ひろば counts them, in the order of the form. */
export const walkInCountName: Readonly<Record<keyof WalkInCounts, string>> = {
  adults: countName.adults,
  age0: countName.age0,
  age1: countName.age1,
  age2: countName.age2,
  age3: countName.age3,
  primary: countName.primary,
  teens: countName.teens,
};

/** 「欠席（体調不良）」. */
export function markName({ status, reason, note }: Pick<MarkView, 'status' | 'reason' | 'note'>) {
  if (reason === undefined) return attendanceName[status];
  const why = note === undefined || note === '' ? absenceReasonName[reason] : note;
  return `${attendanceName[status]}（${why}）`;
}

/** 「おとな 1人、0歳 2人」. */
export function walkInName(counts: WalkInCounts): string {
  return Object.entries(walkInCountName)
    .map(([key, name]) => ({ name, count: counts[key as keyof WalkInCounts] }))
    .filter(({ count }) => count > 0)
    .map(({ name, count }) => `${name} ${count}人`)
    .join('、');
}
