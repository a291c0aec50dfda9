import { z } from 'zod';
import { deny, ok, type Outcome } from '../denial';
import { instrumentKey, Exchange, type InstrumentKey } from '../market';
import { createCatalogue, type Catalogue } from './catalogue';
import type { DerivativeBase } from './data/derivatives';
import { parseKey } from './format';

/** The user's file of instruments, in the state directory. */
export const OVERRIDES_FILE = 'instruments.csv';

/**
 * A fact of the user's over the bundled ones: a share, an index, one contract by its full symbol, or all contracts of an underlying by its base
 * (`NFO`, `NIFTY`). Quantities in units, the tick in rupees. What is left out stays as it was.
 */
export const InstrumentOverride = z.strictObject({
  exchange: Exchange,
  symbol: z.string().regex(/^[A-Z0-9][A-Z0-9&.-]{0,59}$/, 'Use capitals, digits, & and -.'),
  lotSize: z.int().positive().max(1_000_000).optional(),
  tickSize: z.number().min(0.0001).max(1_000).optional(),
  freezeQuantity: z.int().positive().optional(),
});
export type InstrumentOverride = z.infer<typeof InstrumentOverride>;

/** Expiries of an underlying that only the user knows may lie this far ahead. */
const OWN_HORIZON_DAYS = 366;
const OWN_TICK_RUPEES = 0.05;

/** The catalogue with the user's rows over it; a later row goes before an earlier one. A new underlying needs a lot size, else its row is of no effect. */
export function withOverrides(catalogue: Catalogue, rows: readonly InstrumentOverride[]): Catalogue {
  const bases = new Map(catalogue.facts.bases);
  const corrections = new Map(catalogue.facts.corrections);
  for (const row of rows) {
    const key = instrumentKey(row.exchange, row.symbol);
    if (parseKey(key) !== undefined) corrections.set(key, { ...corrections.get(key), ...row });
    else correctBase(bases, key, row);
  }
  return createCatalogue({ plain: catalogue.facts.plain, bases, corrections });
}

function correctBase(bases: Map<InstrumentKey, DerivativeBase>, key: InstrumentKey, row: InstrumentOverride): void {
  const known = bases.get(key);
  const lots = row.lotSize === undefined ? known?.lots : [{ units: row.lotSize }];
  if (lots === undefined) return;
  const freezeQuantity = row.freezeQuantity ?? known?.freezeQuantity;
  const { futureTicks, ...rest } = known ?? { exchange: row.exchange, base: row.symbol, horizonDays: OWN_HORIZON_DAYS };
  bases.set(key, {
    ...rest, lots,
    // A tick that a person gives is that of all contracts.
    ...(row.tickSize !== undefined || futureTicks === undefined ? {} : { futureTicks }),
    tickSize: row.tickSize ?? known?.tickSize ?? OWN_TICK_RUPEES,
    ...(freezeQuantity === undefined ? {} : { freezeQuantity }),
  });
}

const COLUMNS = ['exchange', 'symbol', 'lotSize', 'tickSize', 'freezeQuantity'] as const;
const MAX_ROWS = 100_000;

/**
 * Reads the override file: a header line with `exchange`, `symbol` and any of `lotSize`, `tickSize`, `freezeQuantity` in any order, then a line a row;
 * blank lines and lines that begin with # are skipped. Denies INVALID_PARAMETER with the line.
 */
export function readOverrides(csv: string): Outcome<readonly InstrumentOverride[]> {
  const lines = csv.split(/\r?\n/).map((text, index) => ({ text: text.trim(), line: index + 1 })).filter(({ text }) => text !== '' && !text.startsWith('#'));
  const [header, ...body] = lines;
  if (header === undefined) return ok([]);
  const columns = header.text.split(',').map((name) => COLUMNS.find((column) => column === name.trim()));
  if (columns.includes(undefined)) return refused(header.line, `the columns are ${COLUMNS.join(', ')}`);
  if (body.length > MAX_ROWS) return refused(MAX_ROWS, `at most ${MAX_ROWS} rows`);
  const rows: InstrumentOverride[] = [];
  for (const { text, line } of body) {
    const cells = text.split(',').map((cell, index) => [columns[index] ?? `column ${index + 1}`, cell.trim()] as const);
    const row = InstrumentOverride.safeParse(Object.fromEntries(cells.filter(([, cell]) => cell !== '').map(([name, cell]) => [name, isNumeric(name) ? Number(cell) : cell])));
    if (!row.success) return refused(line, z.prettifyError(row.error));
    rows.push(row.data);
  }
  return ok(rows);
}

function isNumeric(column: string): boolean {
  return column !== 'exchange' && column !== 'symbol';
}

function refused(line: number, why: string): { readonly ok: false; readonly denial: ReturnType<typeof deny>['denial'] } {
  return deny('INVALID_PARAMETER', `${OVERRIDES_FILE}, line ${line}: ${why}`, { field: OVERRIDES_FILE, value: line, remedy: `Correct the line, e.g. NSE,EMCO or NFO,NIFTY,65,0.05,1800.` });
}
