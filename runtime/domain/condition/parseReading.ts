import type { Reading, Source } from './ast';
import type { Cursor } from './cursor';
import { LIMITS } from './limits';
import { parseArguments } from './parseArguments';
import { readTimeframe } from './timeframe';
import { unknownName } from './unknownName';
import { findField, findFunction, same, type FunctionSpec, type ValueType } from './vocabulary';

/** A reading and what it gives; a field's type is known when it is read only, so it is `any`. */
export interface TypedReading {
  readonly reading: Reading;
  readonly type: ValueType | 'any';
  readonly percent: boolean;
}

interface TypedSource {
  readonly source: Source;
  readonly type: TypedReading['type'];
  readonly percent: boolean;
}

/** `reading = source { "[" offset "]" | "@" timeframe }`, at a word. */
export function parseReading(cursor: Cursor): TypedReading | null {
  const typed = parseSource(cursor);
  if (typed === null) return null;
  const { source, type, percent } = typed;
  const place: { offset?: number; timeframe?: string } = {};
  for (;;) {
    if (cursor.isSymbol('[') && place.offset === undefined) {
      const offset = parseOffset(cursor);
      if (offset === null) return null;
      place.offset = offset;
    } else if (cursor.isSymbol('@') && place.timeframe === undefined) {
      const timeframe = parseTimeframe(cursor, source);
      if (timeframe === null) return null;
      place.timeframe = timeframe;
    } else return { reading: { kind: 'reading', source, offset: 0, ...place }, type, percent };
  }
}

/** Patterns first, the longest first: their words are free text. */
function parseSource(cursor: Cursor): TypedSource | null {
  const pattern = longestPattern(cursor);
  if (pattern !== undefined) {
    cursor.skip(pattern.split(' ').length);
    return { source: { kind: 'pattern', name: pattern }, type: 'boolean', percent: false };
  }
  const spec = findFunction(cursor.vocabulary, cursor.token.text);
  return spec === undefined ? parseField(cursor) : parseFunction(cursor, spec);
}

function longestPattern(cursor: Cursor): string | undefined {
  let longest: string | undefined;
  for (const pattern of cursor.vocabulary.patterns) {
    if (pattern.length <= (longest ?? '').length) continue;
    if (pattern.split(' ').every((word, ahead) => cursor.isWord(word, ahead))) longest = pattern;
  }
  return longest;
}

function parseFunction(cursor: Cursor, spec: FunctionSpec): TypedSource | null {
  const { column } = cursor.token;
  cursor.skip();
  const args = parseArguments(cursor, spec, column);
  if (args === null) return null;
  const percent = spec.unit === 'percent';
  if (!cursor.takeSymbol('.')) {
    if (spec.value === undefined) return cursor.expected(`one of ${outputsOf(spec)}`, `${spec.name} has several outputs: name the one that is meant.`);
    return { source: { kind: 'function', name: spec.name, args }, type: spec.value, percent };
  }
  const output = Object.entries(spec.outputs ?? {}).find(([name]) => cursor.token.kind === 'word' && same(name, cursor.token.text));
  if (output === undefined) {
    const known = outputsOf(spec);
    return known === '' ? cursor.expected(`no output: ${spec.name} gives one value`) : cursor.expected(`one of ${known}`);
  }
  cursor.skip();
  return { source: { kind: 'function', name: spec.name, args, output: output[0] }, type: output[1], percent };
}

function outputsOf({ outputs }: FunctionSpec): string {
  return Object.keys(outputs ?? {}).map((name) => `.${name}`).join(', ');
}

/** `field = word { "." word }`. */
function parseField(cursor: Cursor): TypedSource | null {
  const { column, text } = cursor.token;
  let path = text;
  let length = 1;
  while (cursor.isSymbol('.', length) && cursor.ahead(length + 1).kind === 'word') {
    path += `.${cursor.ahead(length + 1).text}`;
    length += 2;
  }
  const field = findField(cursor.vocabulary, path);
  if (field === undefined) {
    const { message, remedy } = unknownName(cursor, path);
    return cursor.fail(column, message, remedy);
  }
  cursor.skip(length);
  return { source: { kind: 'field', path: field }, type: 'any', percent: field.endsWith('Percent') };
}

function parseOffset(cursor: Cursor): number | null {
  const open = cursor.token.column;
  cursor.skip();
  if (cursor.isSymbol('-')) return cursor.fail(cursor.token.column, 'an offset looks back: candles to come can not be read', 'Write [1] for the candle before.');
  const { token } = cursor;
  if (token.kind !== 'number' || !Number.isInteger(token.value) || token.value > LIMITS.offset) return cursor.expected(`a whole number of candles from 0 to ${LIMITS.offset}`);
  cursor.skip();
  if (!cursor.takeSymbol(']')) return cursor.expected(`"]" for the "[" at column ${open}`);
  return token.value;
}

function parseTimeframe(cursor: Cursor, source: Source): string | null {
  if (source.kind === 'field') return cursor.fail(cursor.token.column, `${source.path} is a field of the item: it has no timeframe`);
  cursor.skip();
  const { token } = cursor;
  const timeframe = token.kind === 'span' ? readTimeframe(token.text) : undefined;
  if (timeframe === undefined) return cursor.expected('a timeframe such as 5m, 15m, 1h or 1d');
  cursor.skip();
  return timeframe;
}
