import type { IndicatorSpec } from './core/define';

/** Parameters that are named, never given by position. */
const BY_NAME_ONLY: ReadonlySet<string> = new Set(['source', 'convention']);

/** Names of an indicator's numbers, in the order in which a text gives them: `macd(12, 26, 9)`. */
export function positionalNames(spec: IndicatorSpec): readonly string[] {
  return Object.keys(spec.parameters.shape).filter((name) => !BY_NAME_ONLY.has(name));
}

/** Positional numbers as parameters. Throws RangeError for more numbers than the indicator has; ranges are checked by `create`. */
export function namedArguments(spec: IndicatorSpec, numbers: readonly number[]): Readonly<Record<string, number>> {
  const names = positionalNames(spec);
  if (numbers.length > names.length) throw new RangeError(`${spec.name} takes at most ${names.length} numbers, not ${numbers.length}`);
  return Object.fromEntries(numbers.map((value, index) => [names[index] ?? '', value]));
}
