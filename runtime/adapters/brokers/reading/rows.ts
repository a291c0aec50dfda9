import type { z } from 'zod';
import type { Log } from '../../../domain/ports';

/** Rows of a list that can be read; the others are left out, counted and logged. */
export function readRows<T>(rows: readonly unknown[], schema: z.ZodType<T>, { source, log }: { readonly source: string; readonly log: Log }): T[] {
  const read = rows.map((row) => schema.safeParse(row));
  const wrong = read.flatMap((entry) => (entry.success ? [] : [entry.error.issues[0]?.path.join('.') ?? '']));
  if (wrong.length > 0) log.warn({ source, count: wrong.length, field: wrong[0] }, 'rows of the broker\'s lists can not be read and are left out');
  return read.flatMap((entry) => (entry.success ? [entry.data] : []));
}
