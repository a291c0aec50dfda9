/** What a spreadsheet would read as a formula, in either width, or skip to come to one. */
const FORMULA = /^[=+\-@＝＋－＠\t\r\n]/;

/**
 * One record of RFC 4180, without its end: cells that need it are quoted, quotes doubled, absent ones empty. A text that a spreadsheet would run as a formula gets an
 * apostrophe in front (OWASP, "CSV Injection"); a number is a number.
 */
export function csvLine(cells: readonly (string | number | null)[]): string {
  return cells.map(csvCell).join(',');
}

/** What ends a record. */
export const CSV_END = '\r\n';

function csvCell(value: string | number | null): string {
  if (value === null) return '';
  if (typeof value === 'number') return String(value);
  const safe = FORMULA.test(value) ? `'${value}` : value;
  return /[",\r\n]/.test(safe) || safe !== safe.trim() ? `"${safe.replaceAll('"', '""')}"` : safe;
}
