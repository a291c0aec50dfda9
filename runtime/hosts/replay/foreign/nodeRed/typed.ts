import { ok, type Outcome } from '../../../../domain/denial';
import type { Expression, Json } from '../../expressions/ast';
import type { Path } from '../../expressions/path';
import type { FlowState } from '../../graph';
import type { Place } from '../doing';
import { propertyPath, readProperty } from './property';
import { onlyNodeRed, type Surroundings } from './saved';

/** Where a value is read from: a constant, a property of the message, or Node-RED's context. */
export type Source =
  | { readonly kind: 'constant'; readonly value: Json }
  | { readonly kind: 'message' | 'flow' | 'global'; readonly path: Path };

/** A value that a Node-RED form saves as text and type. What needs the host's clock, JSONata or the machine's environment is not read. */
export function readTyped(value: unknown, type: string, { env }: Surroundings): Outcome<Source> {
  const text = typeof value === 'string' ? value : JSON.stringify(value ?? '');
  switch (type) {
    case 'str': return ok({ kind: 'constant', value: text });
    case 'num': return ok({ kind: 'constant', value: Number(text) });
    case 'bool': return ok({ kind: 'constant', value: /^true$/i.test(text) });
    case 'json': return constantJson(text);
    case 'env': return env.has(text) ? ok({ kind: 'constant', value: jsonOf(env.get(text)) }) : onlyNodeRed(`The environment variable ${text}, which its tab does not set,`, 'Set it in the tab\'s environment, or write the value.');
    case 'msg': case 'flow': case 'global': return readPath(text, type);
    case 'date': return onlyNodeRed('The host\'s clock', 'Use msg.payload.signal.at or msg.payload.candle.time: the time of the market.');
    case 'jsonata': return onlyNodeRed('JSONata');
    default: return onlyNodeRed(`A value of type "${type}"`);
  }
}

function readPath(text: string, type: 'msg' | 'flow' | 'global'): Outcome<Source> {
  if (text.startsWith('#:')) return onlyNodeRed('A context store of its own', 'Use the default store.');
  const path = propertyPath(text);
  if (path === undefined) return onlyNodeRed(`The property "${text}"`);
  return ok({ kind: type === 'msg' ? 'message' : type, path });
}

function constantJson(text: string): Outcome<Source> {
  try {
    return ok({ kind: 'constant', value: jsonOf(JSON.parse(text)) });
  } catch (error) {
    if (error instanceof SyntaxError) return onlyNodeRed(`"${text}", which is no JSON,`, 'Correct it.');
    throw error;
  }
}

function jsonOf(value: unknown): Json {
  if (value === null || typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean') return value;
  if (Array.isArray(value)) return value.map(jsonOf);
  return typeof value === 'object' ? Object.fromEntries(Object.entries(value).map(([name, each]) => [name, jsonOf(each)])) : undefined;
}

/** The value now. A constant is copied: nobody writes into the flow's own. */
export function valueOf(source: Source, message: object, state: FlowState): { readonly value: unknown } | 'missing' {
  if (source.kind === 'constant') return { value: structuredClone(source.value) };
  return readProperty(source.kind === 'message' ? message : state[source.kind], source.path);
}

/** The same for conversion. `msg.payload` is the item. */
export function expressionOf(source: Source): Expression {
  if (source.kind === 'constant') return { kind: 'literal', value: source.value };
  if (source.kind !== 'message') return { kind: 'kept', where: source.kind, path: source.path };
  const [first, ...rest] = source.path;
  const root: Expression = first === 'payload' ? { kind: 'item' } : { kind: 'message' };
  return (first === 'payload' ? rest : source.path).reduce<Expression>((of, key) => ({ kind: 'member', of, key: { kind: 'literal', value: key }, optional: false }), root);
}

export function placeOf(kind: 'message' | 'flow' | 'global', path: Path): Place {
  if (kind !== 'message') return { of: kind, path };
  return path[0] === 'payload' ? { of: 'item', path: path.slice(1) } : { of: 'message', path };
}

/** A value as JavaScript makes a text or a number of it: a list by its parts, an object by its kind. */
export function primitiveOf(value: unknown): string | number | boolean | null | undefined {
  if (value === null || value === undefined || typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean') return value;
  if (Array.isArray(value)) return value.map((each) => { const part = primitiveOf(each); return part === null || part === undefined ? '' : String(part); }).join(',');
  return '[object Object]';
}

export function textOf(value: unknown): string {
  return String(primitiveOf(value));
}
