import type { Argument } from './ast';

/** A parameter of a function. Optional ones come last; their defaults are the function's business. */
export type ParameterSpec = { readonly name: string; readonly optional?: boolean } & (
  | { readonly kind: 'number'; readonly integer?: boolean; readonly min?: number; readonly max?: number }
  | { readonly kind: 'duration' }
  | { readonly kind: 'word'; readonly words: readonly string[] }
);

export type ValueType = 'number' | 'boolean';

/** A price (`close`, no parameters) or an indicator. Names are letters, digits and `_`, and none of the language's own words. */
export interface FunctionSpec {
  readonly name: string;
  /** Other words for it; a condition that was read keeps `name` alone. */
  readonly aliases?: readonly string[];
  readonly parameters: readonly ParameterSpec[];
  /** Says in words what is wrong with arguments that are right one by one, such as a fast average slower than the slow one. */
  readonly check?: (args: readonly Argument[]) => string | undefined;
  /** What the bare name gives, as in `rsi(14)`. Absent where an output must be named. */
  readonly value?: ValueType;
  /** Named outputs, as in `macd(12,26,9).signal`. */
  readonly outputs?: Readonly<Record<string, ValueType>>;
  /** Set where the value is in percent, so that `roc(10) > 2%` means something. */
  readonly unit?: 'percent';
}

/**
 * The names that a text may use. The parser knows no indicator by itself.
 * `fields` are dotted paths of the item; one that ends in `.*` allows any path below it. A last part that ends in `Percent` is in percent.
 */
export interface Vocabulary {
  readonly functions: readonly FunctionSpec[];
  readonly patterns: readonly string[];
  readonly fields: readonly string[];
}

export function findFunction({ functions }: Vocabulary, word: string): FunctionSpec | undefined {
  return functions.find(({ name, aliases = [] }) => same(name, word) || aliases.some((alias) => same(alias, word)));
}

/** The path in its canonical spelling: listed paths as listed, those below `.*` as written. */
export function findField({ fields }: Vocabulary, path: string): string | undefined {
  for (const field of fields) {
    if (!field.endsWith('.*')) {
      if (same(field, path)) return field;
      continue;
    }
    const root = field.slice(0, -1);
    if (path.length > root.length && same(path.slice(0, root.length), root)) return root + path.slice(root.length);
  }
  return undefined;
}

export function same(left: string, right: string): boolean {
  return left.toLowerCase() === right.toLowerCase();
}

/** How a function is written: `macd(fast, slow, signal)`, `ema(period[, source])`. */
export function signatureOf({ name, parameters }: FunctionSpec): string {
  if (parameters.length === 0) return name;
  const required = parameters.filter(({ optional }) => optional !== true).map((parameter) => parameter.name).join(', ');
  const optional = parameters.filter((parameter) => parameter.optional === true).map((parameter) => parameter.name).join(', ');
  if (optional === '') return `${name}(${required})`;
  return `${name}(${required}[${required === '' ? '' : ', '}${optional}])`;
}
