import { deny, ok, type Outcome } from '../../../../domain/denial';
import { isType, toText, toType, wrong, type FieldType } from './coerce';

/** How one condition of n8n compares. `rightType` may differ from the left's: the length of a list is a number. */
export interface Operator {
  readonly type: FieldType;
  readonly operation: string;
  readonly rightType?: FieldType | 'any';
  readonly singleValue: boolean;
}

/** `version` is that of n8n's conditions (1 to 3): later ones read texts as booleans and empty texts as no number. */
export interface CompareOptions {
  readonly ignoreCase: boolean;
  readonly loose: boolean;
  readonly version: number;
}

type Compare = (left: unknown, right: unknown, options: CompareOptions) => boolean;

const exists = (value: unknown): boolean => value !== undefined && value !== null && !Number.isNaN(value);
const texts = (compare: (left: string, right: string) => boolean): Compare => (left, right, { ignoreCase }) => compare(folded(left, ignoreCase), folded(right, ignoreCase));
const patterns = (wanted: boolean): Compare => (left, right, { ignoreCase }) => patternOf(right).test(folded(left, ignoreCase)) === wanted;
/** Both are numbers, or missing: then JavaScript's own rules for null and undefined hold. */
const numbers = (compare: (left: number, right: number) => boolean): Compare => (left, right) => compare(asNumber(left), asNumber(right));
const lengths = (compare: (length: number, right: unknown) => boolean): Compare => (left, right) => compare(asList(left).length, right);
const objects = (isEmpty: boolean): Compare => (left) => (left === null || left === undefined || Object.keys(left).length === 0) === isEmpty;

const OPERATIONS: Readonly<Record<FieldType, Readonly<Record<string, Compare>>>> = {
  string: {
    empty: texts((left) => left === ''), notEmpty: texts((left) => left !== ''),
    equals: texts((left, right) => left === right), notEquals: texts((left, right) => left !== right),
    contains: texts((left, right) => left.includes(right)), notContains: texts((left, right) => !left.includes(right)),
    startsWith: texts((left, right) => left.startsWith(right)), notStartsWith: texts((left, right) => !left.startsWith(right)),
    endsWith: texts((left, right) => left.endsWith(right)), notEndsWith: texts((left, right) => !left.endsWith(right)),
    regex: patterns(true), notRegex: patterns(false),
  },
  number: {
    empty: (left) => !exists(left), notEmpty: exists, equals: (left, right) => left === right, notEquals: (left, right) => left !== right,
    gt: numbers((left, right) => left > right), lt: numbers((left, right) => left < right), gte: numbers((left, right) => left >= right), lte: numbers((left, right) => left <= right),
  },
  boolean: {
    empty: (left) => !exists(left), notEmpty: exists, true: Boolean, false: (left) => !left, equals: (left, right) => left === right, notEquals: (left, right) => left !== right,
  },
  array: {
    empty: lengths((length) => length === 0), notEmpty: lengths((length) => length !== 0),
    contains: (left, right, { ignoreCase }) => contains(asList(left), right, ignoreCase), notContains: (left, right, { ignoreCase }) => !contains(asList(left), right, ignoreCase),
    lengthEquals: lengths((length, right) => length === right), lengthNotEquals: lengths((length, right) => length !== right),
    lengthGt: lengths((length, right) => length > asNumber(right)), lengthLt: lengths((length, right) => length < asNumber(right)),
    lengthGte: lengths((length, right) => length >= asNumber(right)), lengthLte: lengths((length, right) => length <= asNumber(right)),
  },
  object: { empty: objects(true), notEmpty: objects(false) },
};

/** The comparison, or undefined where n8n knows it and we do not. A value of a wrong type is refused, as n8n fails there. */
export function comparisonOf(operator: Operator, options: CompareOptions): ((left: unknown, right: unknown) => Outcome<boolean>) | undefined {
  const { type, operation, rightType = type, singleValue } = operator;
  const compare = operation === 'exists' ? exists : operation === 'notExists' ? (value: unknown) => !exists(value) : OPERATIONS[type][operation];
  if (compare === undefined) return undefined;
  return (left, right) => {
    const first = readAs(left, type, options);
    if (!first.ok) return first;
    const second = readAs(right, rightType, options);
    if (!second.ok && !singleValue) return second;
    try {
      return ok(compare(first.value, second.ok ? second.value : undefined, options));
    } catch (error) {
      if (error instanceof SyntaxError) return deny('INVALID_PARAMETER', error.message);
      throw error;
    }
  };
}

function readAs(value: unknown, type: FieldType | 'any', { loose, version }: CompareOptions): Outcome<unknown> {
  if (type === 'any' || value === null || value === undefined || (type === 'number' && Number.isNaN(value))) return ok(value);
  if (type === 'number' && version >= 3 && isEmpty(value)) return ok(null);
  if (!loose && !isType(value, type)) return wrong(value, type);
  const converted = toType(value, type);
  if (type !== 'boolean' || !loose) return converted;
  return version >= 2 && converted.ok ? converted : ok(Boolean(value));
}

function isEmpty(value: unknown): boolean {
  return typeof value === 'string' ? value.trim() === '' : Array.isArray(value) && value.length === 0;
}

function folded(value: unknown, ignoreCase: boolean): string {
  const text = value === null ? '' : toText(value);
  return ignoreCase ? text.toLocaleLowerCase() : text;
}

/** `/up|down/i`, or a pattern without slashes. Its case is not folded. */
function patternOf(value: unknown): RegExp {
  const text = value === null ? '' : toText(value);
  const literal = /^\/(.*?)\/([gimusy]*)$/.exec(text);
  return new RegExp(literal?.[1] ?? text, literal?.[2] ?? '');
}

function contains(list: readonly unknown[], value: unknown, ignoreCase: boolean): boolean {
  if (!ignoreCase || typeof value !== 'string') return list.includes(value);
  return list.some((each) => typeof each === 'string' && each.toLocaleLowerCase() === value.toLocaleLowerCase());
}

/** JavaScript compares null as 0 and undefined as no number. */
function asNumber(value: unknown): number {
  return Number(value);
}

function asList(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}
