import type { Evaluation, Reason } from './evaluate';

/** A verdict in words, one line for each comparison: `rsi(14) < 70: true (rsi(14) = 55.2)`, `close > vwap: unknown (vwap: no value yet)`. */
export function explain({ truth, reasons }: Evaluation): string {
  return [truth, ...reasons.map((reason) => `${reason.text}: ${reason.truth}${details(reason)}`)].join('\n');
}

function details({ values, missing }: Reason): string {
  const known = values.filter(({ value }) => value !== null).map(({ text, value }) => `${text} = ${typeof value === 'number' ? short(value) : String(value)}`);
  const parts = [...known, ...missing.map(({ text, why }) => `${text}: ${why}`)];
  return parts.length === 0 ? '' : ` (${parts.join(', ')})`;
}

/** At most six digits behind the point: enough for a person, never used for a decision. */
function short(value: number): string {
  return String(Number(value.toFixed(6)));
}
