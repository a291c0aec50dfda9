import type { Bar, BarColumns } from './core/bar';
import type { IndicatorSpec, Study } from './core/define';

/** Room for an indicator's results over `length` candles. */
export function roomFor(spec: IndicatorSpec, length: number): Record<string, Float64Array> {
  return Object.fromEntries(spec.outputs.map((name) => [name, new Float64Array(length)]));
}

/** Results of an indicator over whole history, by output name; NaN where a value is not known. */
export function runBatch(spec: IndicatorSpec, columns: BarColumns, parameters: unknown = {}): Readonly<Record<string, Float64Array>> {
  const outputs = roomFor(spec, columns.length);
  spec.create(parameters).batch(columns, outputs);
  return outputs;
}

/** Feeds one candle and writes the results at `index`, NaN where not known: what `batch` writes, by way of `update`. */
export function updateInto(study: Study, bar: Bar, outputs: Readonly<Record<string, Float64Array>>, index: number): void {
  const value = study.update(bar);
  for (const [name, column] of Object.entries(outputs)) {
    column[index] = (typeof value === 'object' ? value[name] : value) ?? NaN;
  }
}
