/** One measured figure, and the arithmetic that turns samples into one. */

export interface Figure {
  readonly name: string;
  readonly value: number;
  readonly unit: string;
  readonly note: string;
}

/** A value rounded to what the measurement can tell. */
export function figure(name: string, value: number, unit: string, note: string): Figure {
  const digits = Math.abs(value) >= 100 ? 0 : Math.abs(value) >= 1 ? 1 : 3;
  return { name, value: Number(value.toFixed(digits)), unit, note };
}

/** @param part 0.95 for the 95th percentile */
export function percentile(samples: readonly number[], part: number): number {
  const sorted = [...samples].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.ceil(sorted.length * part) - 1)] ?? Number.NaN;
}

export const median = (samples: readonly number[]): number => percentile(samples, 0.5);
