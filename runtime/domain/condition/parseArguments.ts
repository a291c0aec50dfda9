import type { Argument } from './ast';
import type { Cursor } from './cursor';
import { readTimeframe } from './timeframe';
import { same, signatureOf, type FunctionSpec, type ParameterSpec } from './vocabulary';

/**
 * `arguments = [ "(" [ argument { "," argument } ] ")" ]`, right behind the name of `spec`, which stands at `column`. A word may stand anywhere,
 * `sma(volume, 20)`: the arguments come back in the order of the parameters.
 */
export function parseArguments(cursor: Cursor, spec: FunctionSpec, column: number): readonly Argument[] | null {
  const given = new Map<ParameterSpec, Argument>();
  let close = column;
  const open = cursor.token.column;
  if (cursor.takeSymbol('(')) {
    while (!cursor.isSymbol(')')) {
      if (given.size > 0 && !cursor.takeSymbol(',')) return cursor.expected(`"," or ")" for the "(" at column ${open}`);
      const parameter = nextParameter(cursor, spec, given);
      if (parameter === undefined) return tooMany(cursor, spec);
      const argument = parseArgument(cursor, spec, parameter);
      if (argument === null) return null;
      given.set(parameter, argument);
    }
    close = cursor.token.column;
    cursor.skip();
  }
  const args = spec.parameters.flatMap((parameter) => given.get(parameter) ?? []);
  return isComplete(cursor, spec, given, close) && isSensible(cursor, spec, args, column) ? args : null;
}

/** The parameter that the argument at the cursor is for: that of its word, or the first that has none yet. */
function nextParameter({ token }: Cursor, { parameters }: FunctionSpec, given: ReadonlyMap<ParameterSpec, Argument>): ParameterSpec | undefined {
  const free = parameters.filter((parameter) => !given.has(parameter));
  return free.find((parameter) => parameter.kind === 'word' && token.kind === 'word' && parameter.words.some((word) => same(word, token.text))) ?? free[0];
}

function isComplete(cursor: Cursor, spec: FunctionSpec, given: ReadonlyMap<ParameterSpec, Argument>, column: number): boolean {
  const missing = spec.parameters.find((parameter) => parameter.optional !== true && !given.has(parameter));
  if (missing === undefined) return true;
  cursor.fail(column, `${spec.name} lacks its ${missing.name}`, `Write ${signatureOf(spec)}.`);
  return false;
}

function isSensible(cursor: Cursor, spec: FunctionSpec, args: readonly Argument[], column: number): boolean {
  const objection = spec.check?.(args);
  if (objection !== undefined) cursor.fail(column, `${spec.name} can not be computed so: ${objection}`, `Write ${signatureOf(spec)}.`);
  return objection === undefined;
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
