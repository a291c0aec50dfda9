type Primitive = string | number | boolean | null | undefined;

/** What a method of a value gives; `undefined` where the value has no such method (JavaScript would raise an error, which n8n reads as no value). */
type Method = (of: unknown, args: readonly Primitive[]) => { readonly value: unknown } | undefined;

const ofText = (run: (text: string, args: readonly Primitive[]) => unknown): Method => (of, args) => (typeof of === 'string' ? { value: run(of, args) } : undefined);
const index = (value: Primitive): number | undefined => (value === undefined ? undefined : Number(value));

/** The methods of texts, numbers and lists that expressions may call, as JavaScript has them. */
export const METHODS: ReadonlyMap<string, Method> = new Map<string, Method>([
  ['toUpperCase', ofText((text) => text.toUpperCase())],
  ['toLowerCase', ofText((text) => text.toLowerCase())],
  ['trim', ofText((text) => text.trim())],
  ['startsWith', ofText((text, [part]) => text.startsWith(String(part)))],
  ['endsWith', ofText((text, [part]) => text.endsWith(String(part)))],
  ['slice', (of, [from, until]) => (typeof of === 'string' || isList(of) ? { value: of.slice(index(from), index(until)) } : undefined)],
  ['includes', (of, [part]) => (typeof of === 'string' ? { value: of.includes(String(part)) } : isList(of) ? { value: of.includes(part) } : undefined)],
  ['toFixed', (of, [digits]) => (typeof of === 'number' && inRange(digits) ? { value: of.toFixed(index(digits)) } : undefined)],
  ['toString', (of) => (isPrimitive(of) && of !== null && of !== undefined ? { value: String(of) } : undefined)],
]);

type Func = (...args: readonly Primitive[]) => Primitive;
const ofNumber = (run: (value: number) => number): Func => (value) => run(Number(value));

/** The functions that expressions may call. */
export const FUNCTIONS: ReadonlyMap<string, Func> = new Map<string, Func>([
  ['Math.abs', ofNumber(Math.abs)], ['Math.ceil', ofNumber(Math.ceil)], ['Math.floor', ofNumber(Math.floor)], ['Math.round', ofNumber(Math.round)],
  ['Math.sign', ofNumber(Math.sign)], ['Math.sqrt', ofNumber(Math.sqrt)], ['Math.trunc', ofNumber(Math.trunc)], ['Math.log', ofNumber(Math.log)], ['Math.exp', ofNumber(Math.exp)],
  ['Math.max', (...values) => Math.max(...values.map(Number))],
  ['Math.min', (...values) => Math.min(...values.map(Number))],
  ['Math.pow', (base, exponent) => Number(base) ** Number(exponent)],
  ['Number', (...values) => (values.length === 0 ? 0 : Number(values[0]))],
  ['String', (...values) => (values.length === 0 ? '' : String(values[0]))],
  ['Boolean', (value) => Boolean(value)],
  ['parseFloat', (value) => parseFloat(String(value))],
  ['parseInt', (value, radix) => parseInt(String(value), index(radix))],
  ['isNaN', (value) => isNaN(Number(value))],
]);

export function isPrimitive(value: unknown): value is Primitive {
  return value === null || (typeof value !== 'object' && typeof value !== 'function' && typeof value !== 'symbol' && typeof value !== 'bigint');
}

function isList(value: unknown): value is readonly unknown[] {
  return Array.isArray(value);
}

function inRange(digits: Primitive): boolean {
  const count = digits === undefined ? 0 : Math.trunc(Number(digits));
  return Number.isNaN(count) || (count >= 0 && count <= 100);
}
