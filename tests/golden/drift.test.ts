import type { BarColumns } from '../../runtime/domain/indicators/core/bar';
import { sliceColumns } from '../../runtime/domain/indicators/core/columns';
import { indicatorNamed } from '../../runtime/domain/indicators/indicators';
import { runBatch } from '../../runtime/domain/indicators/run';
import { generator } from './randomBars';

const LENGTH = 1_000_000;
const SAMPLE_EVERY = 1_009;
const PERIOD = 20;

/** The value at `index` from its definition alone. */
type Definition = (columns: BarColumns, index: number) => number;

const windowOf = (column: Float64Array, index: number, size = PERIOD): Float64Array => column.subarray(index - size + 1, index + 1);
const sum = (values: Iterable<number>): number => [...values].reduce((total, value) => total + value, 0);

const typical = (columns: BarColumns, index: number): number => ((columns.high[index] ?? NaN) + (columns.low[index] ?? NaN) + (columns.close[index] ?? NaN)) / 3;

function deviation(columns: BarColumns, index: number): number {
  const window = windowOf(columns.close, index);
  const mean = sum(window) / PERIOD;
  return Math.sqrt(sum(window.map((x) => (x - mean) ** 2)) / PERIOD);
}

function commodityChannel(columns: BarColumns, index: number): number {
  const window = Array.from({ length: PERIOD }, (_, ago) => typical(columns, index - ago));
  const mean = sum(window) / PERIOD;
  return (typical(columns, index) - mean) / (0.015 * (sum(window.map((x) => Math.abs(x - mean))) / PERIOD));
}

function moneyFlow(columns: BarColumns, index: number): number {
  const flows = Array.from({ length: PERIOD }, (_, ago) => Math.sign(typical(columns, index - ago) - typical(columns, index - ago - 1)) * typical(columns, index - ago) * (columns.volume[index - ago] ?? NaN));
  const inflow = sum(flows.filter((flow) => flow > 0));
  return (100 * inflow) / sum(flows.map(Math.abs));
}

const CASES: readonly { readonly name: string; readonly output: string; readonly definition: Definition; readonly length?: number }[] = [
  { name: 'sma', output: 'value', definition: (columns, index) => sum(windowOf(columns.close, index)) / PERIOD },
  { name: 'wma', output: 'value', definition: (columns, index) => sum(windowOf(columns.close, index).map((x, place) => x * (place + 1))) / ((PERIOD * (PERIOD + 1)) / 2) },
  { name: 'stddev', output: 'value', definition: deviation },
  { name: 'bbands', output: 'upper', definition: (columns, index) => sum(windowOf(columns.close, index)) / PERIOD + 2 * deviation(columns, index) },
  // The test runner's own globals make its window scan a hundred times slower.
  { name: 'cci', output: 'value', definition: commodityChannel, length: 200_000 },
  { name: 'mfi', output: 'value', definition: moneyFlow },
  { name: 'highest', output: 'value', definition: (columns, index) => Math.max(...windowOf(columns.high, index)) },
];

/** A random walk, straight into columns: a million candle objects would take longer than the test. */
function walk(): BarColumns {
  const random = generator(5);
  const column = (): Float64Array => new Float64Array(LENGTH);
  const columns = { length: LENGTH, time: column(), open: column(), high: column(), low: column(), close: column(), volume: column(), session: column() };
  let last = 20_000;
  for (let index = 0; index < LENGTH; index += 1) {
    columns.open[index] = last;
    last += (random() - 0.5) * 10;
    columns.close[index] = last;
    columns.high[index] = last + random() * 5;
    columns.low[index] = last - random() * 5;
    columns.volume[index] = random() * 90_000;
  }
  return columns;
}

const columns = walk();

test.each(CASES)('$name $output is within 1e-9 of its definition after a million candles', ({ name, output, definition, length = LENGTH }) => {
  const spec = indicatorNamed(name);
  const values = spec === undefined ? undefined : runBatch(spec, sliceColumns(columns, 0, length), { period: PERIOD })[output];
  let worst = 0;
  for (let index = PERIOD; index < length; index += SAMPLE_EVERY) {
    const exact = definition(columns, index);
    const error = Math.abs((values?.[index] ?? NaN) - exact) / Math.max(1, Math.abs(exact));
    if (!(error <= worst)) worst = error;
  }
  expect(worst).toBeLessThan(1e-9);
});
