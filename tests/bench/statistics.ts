/** A sample in short. Milliseconds. */
export interface Distribution {
  readonly count: number;
  readonly p50: number;
  readonly p99: number;
}

export function distribution(values: readonly number[]): Distribution {
  const sorted = values.toSorted((a, b) => a - b);
  return { count: sorted.length, p50: percentile(sorted, 50), p99: percentile(sorted, 99) };
}

/** The middle one of an unsorted sample; robust where single rounds were disturbed. */
export function median(values: readonly number[]): number {
  return percentile(values.toSorted((a, b) => a - b), 50);
}

/** Nearest rank (the smallest value that at least `percent` of the sample do not exceed); NaN for an empty sample. */
function percentile(sorted: readonly number[], percent: number): number {
  return sorted[Math.max(0, Math.ceil((sorted.length * percent) / 100) - 1)] ?? NaN;
}
