import { z } from 'zod';
import { deny } from '../../runtime/domain/denial';
import { describeControls } from '../../runtime/hosts/controls';
import type { Meaning } from '../../runtime/hosts/meaning';
import { ResultRow, resultsOf } from './rows';
import { describeResult } from './values';

const Rows = z.object({ results: z.array(z.record(z.string(), z.unknown())) });

/** The results of a half-filled form: one line for each value, or the first thing that is wrong. */
export function meaningOfRows(values: Readonly<Record<string, unknown>>): Meaning {
  const raw = Rows.safeParse(values);
  if (!raw.success || raw.data.results.length === 0) return { ok: true, lines: [] };
  const rows: ResultRow[] = [];
  for (const [index, row] of raw.data.results.entries()) {
    const read = ResultRow.safeParse(filled(row));
    if (!read.success) return deny('INVALID_PARAMETER', `Row ${index + 1}: ${read.error.issues[0]?.message ?? 'is not readable'}`, { field: 'results' });
    rows.push(read.data);
  }
  const results = resultsOf(rows);
  return results.ok ? { ok: true, lines: results.value.map((result) => `indicators.${describeResult(result)}`) } : results;
}

/** Without empty texts: they mean that nothing was given. */
function filled(row: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> {
  const known = new Set(describeControls(ResultRow).map(({ name }) => name));
  return Object.fromEntries(Object.entries(row).filter(([name, value]) => known.has(name) && value !== '' && value !== null));
}
