import type { Argument } from './ast';
import type { Cursor } from './cursor';
import { readTimeframe } from './timeframe';
import { same, signatureOf, type FunctionSpec, type ParameterSpec } from './vocabulary';

/** `arguments = [ "(" [ argument { "," argument } ] ")" ]`, right behind the name of `spec`, which stands at `column`. */
export function parseArguments(cursor: Cursor, spec: FunctionSpec, column: number): readonly Argument[] | null {
  const open = cursor.token.column;
  if (!cursor.takeSymbol('(')) return enough(cursor, spec, 0, column) ? [] : null;
  const args: Argument[] = [];
  while (!cursor.isSymbol(')')) {
    if (args.length > 0 && !cursor.takeSymbol(',')) return cursor.expected(`"," or ")" for the "(" at column ${open}`);
    const parameter = spec.parameters[args.length];
    if (parameter === undefined) return tooMany(cursor, spec);
    const argument = parseArgument(cursor, spec, parameter);
    if (argument === null) return null;
    args.push(argument);
  }
  const close = cursor.token.column;
  cursor.skip();
  return enough(cursor, spec, args.length, close) ? args : null;
}

function enough(cursor: Cursor, spec: FunctionSpec, given: number, column: number): boolean {
  const missing = spec.parameters[given];
  if (missing === undefined || missing.optional === true) return true;
  cursor.fail(column, `${spec.name} lacks its ${missing.name}`, `Write ${signatureOf(spec)}.`);
  return false;
}

function tooMany(cursor: Cursor, spec: FunctionSpec): null {
  const count = spec.parameters.length;
  if (cursor.token.kind === 'end' || cursor.token.kind === 'bad') return cursor.expected('")"');
  return cursor.fail(cursor.token.column, count === 0 ? `${spec.name} takes nothing in parentheses` : `${spec.name} takes at most ${count} arguments`, `Write ${signatureOf(spec)}.`);
}

function parseArgument(cursor: Cursor, spec: FunctionSpec, parameter: ParameterSpec): Argument | null {
  const of = `the ${parameter.name} of ${spec.name}`;
  switch (parameter.kind) {
    case 'number': return parseNumber(cursor, parameter, of);
    case 'duration': return parseDuration(cursor, of);
    case 'word': return parseWord(cursor, parameter.words, of);
  }
}

function parseNumber(cursor: Cursor, parameter: ParameterSpec & { readonly kind: 'number' }, of: string): number | null {
  const { column } = cursor.token;
  const negative = cursor.takeSymbol('-');
  const { token } = cursor;
  if (token.kind !== 'number') return cursor.expected(`${of}, a number`);
  // 0 - x, because -0 would not survive JSON.
  const value = negative ? 0 - token.value : token.value;
  const { integer, min = -Infinity, max = Infinity } = parameter;
  if (integer === true && !Number.isInteger(value)) return cursor.fail(column, `${of} is a whole number, not ${value}`);
  if (value < min || value > max) return cursor.fail(column, `${of} is ${boundsText(min, max)}, not ${value}`);
  cursor.skip();
  return value;
}

function boundsText(min: number, max: number): string {
  if (max === Infinity) return `at least ${min}`;
  return min === -Infinity ? `at most ${max}` : `from ${min} to ${max}`;
}

function parseDuration(cursor: Cursor, of: string): string | null {
  const { token } = cursor;
  const duration = token.kind === 'span' ? readTimeframe(token.text) : undefined;
  if (duration === undefined) return cursor.expected(`${of}, such as 15m or 1h`);
  cursor.skip();
  return duration;
}

function parseWord(cursor: Cursor, words: readonly string[], of: string): string | null {
  const { token } = cursor;
  const word = token.kind === 'word' ? words.find((each) => same(each, token.text)) : undefined;
  if (word === undefined) return cursor.expected(`${of}, one of ${words.join(', ')}`);
  cursor.skip();
  return word;
}
