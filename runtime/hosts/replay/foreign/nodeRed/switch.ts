import { z } from 'zod';
import { deny, ok, type Outcome } from '../../../../domain/denial';
import { looselyEqual, operate } from '../../expressions/operators';
import type { Emitted, FlowState } from '../../graph';
import type { Branch, Comparison } from '../doing';
import { onlyNodeRed, type RedTranslator, type SavedRedNode, type Surroundings } from './saved';
import { expressionOf, primitiveOf, readTyped, textOf, valueOf, type Source } from './typed';

const Rule = z.looseObject({ t: z.string(), v: z.unknown().optional(), vt: z.string().optional(), v2: z.unknown().optional(), v2t: z.string().optional(), case: z.boolean().default(false) });
const Saved = z.looseObject({ property: z.string().default('payload'), propertyType: z.string().default('msg'), rules: z.array(Rule).default([]), checkall: z.union([z.string(), z.boolean()]).default('true'), repair: z.boolean().default(false) });
type Rule = z.infer<typeof Rule>;

type Test = (property: unknown, first: unknown, second: unknown, ignoreCase: boolean) => boolean;

const ordered = (operator: '<' | '<=' | '>' | '>='): Test => (property, first) => operate(operator, primitiveOf(property), primitiveOf(first)) === true;
const isEmpty = (wanted: boolean): Test => (property) => {
  if (typeof property === 'string' || Array.isArray(property)) return (property.length === 0) === wanted;
  return typeof property === 'object' && property !== null && (Object.keys(property).length === 0) === wanted;
};
const between = (property: unknown, low: unknown, high: unknown): boolean => ordered('>=')(property, low, undefined, false) && ordered('<=')(property, high, undefined, false);

const TESTS: Readonly<Record<string, Test>> = {
  eq: (property, first) => areEqual(property, first),
  neq: (property, first) => !areEqual(property, first),
  lt: ordered('<'), lte: ordered('<='), gt: ordered('>'), gte: ordered('>='),
  btwn: (property, first, second) => between(property, first, second) || between(property, second, first),
  cont: (property, first) => textOf(property).includes(textOf(first)),
  regex: (property, first, _second, ignoreCase) => new RegExp(textOf(first), ignoreCase ? 'i' : '').test(textOf(property)),
  true: (property) => property === true,
  false: (property) => property === false,
  null: (property) => property === null || property === undefined,
  nnull: (property) => property !== null && property !== undefined,
  empty: isEmpty(true), nempty: isEmpty(false),
  istype: (property, first) => isOfType(property, textOf(first)),
  hask: (property, first) => typeof property === 'object' && property !== null && typeof first !== 'object' && Object.hasOwn(property, textOf(first)),
};

/** Two objects are equal where they are the same one; anything else by JavaScript's `==`. */
function areEqual(left: unknown, right: unknown): boolean {
  const isObject = (value: unknown): boolean => typeof value === 'object' && value !== null;
  return isObject(left) && isObject(right) ? left === right : looselyEqual(primitiveOf(left), primitiveOf(right));
}

function isOfType(value: unknown, type: string): boolean {
  if (type === 'array') return Array.isArray(value);
  if (type === 'null') return value === null;
  if (type === 'number') return typeof value === 'number' && !Number.isNaN(value);
  return typeof value === type && !Array.isArray(value) && value !== null;
}

interface ReadRule {
  readonly type: string;
  readonly first: Source | 'previous';
  readonly second: Source | 'previous' | undefined;
  readonly ignoreCase: boolean;
}

/** Node-RED's Switch, without JSONata and without the rules about sequences. */
export const translateSwitch: RedTranslator = (node, surroundings) => {
  const parsed = Saved.safeParse(node);
  if (!parsed.success) return onlyNodeRed('A Switch saved in this way');
  const { property, propertyType, rules, checkall, repair } = parsed.data;
  if (repair) return onlyNodeRed('"Recreate message sequences"');
  const source = readTyped(property, propertyType, surroundings);
  if (!source.ok) return source;
  const read: ReadRule[] = [];
  for (const rule of rules) {
    const one = readRule(rule, surroundings);
    if (!one.ok) return one;
    read.push(one.value);
  }
  const first = String(checkall) === 'false';
  return ok({
    doing: { kind: 'choose', branches: read.filter(({ type }) => type !== 'else').map((rule): Branch => ({ port: String(read.indexOf(rule)), when: comparisonOf(rule, source.value) })), first, ...otherwise(read) },
    inputs: 1,
    outputs: read.map((_rule, index) => String(index)),
    run: ({ inputs }, state) => run(node, source.value, read, first, inputs[0]?.[0], state),
  });
};

/** The port of an "otherwise" that stands last; elsewhere it means something else, and no branch says it. */
function otherwise(rules: readonly ReadRule[]): { readonly otherwise?: string } {
  return rules.at(-1)?.type === 'else' ? { otherwise: String(rules.length - 1) } : {};
}

function readRule({ t, v, vt, v2, v2t, case: ignoreCase }: Rule, surroundings: Surroundings): Outcome<ReadRule> {
  if (t !== 'else' && !(t in TESTS)) return onlyNodeRed(`The rule "${t}"`);
  if (t === 'istype' && (v === 'json' || v === 'buffer')) return onlyNodeRed(`The type "${v}" in a rule`);
  // The type that is asked for stands where other rules have a value.
  const first: Outcome<Source | 'previous'> = t === 'istype' ? ok({ kind: 'constant', value: textOf(v) }) : readOperand(v, vt, surroundings);
  if (!first.ok) return first;
  if (v2 === undefined) return ok({ type: t, first: first.value, second: undefined, ignoreCase });
  const second = readOperand(v2, v2t, surroundings);
  return second.ok ? ok({ type: t, first: first.value, second: second.value, ignoreCase }) : second;
}

function readOperand(value: unknown, savedType: string | undefined, surroundings: Surroundings): Outcome<Source | 'previous'> {
  const type = savedType ?? (Number.isNaN(Number(value ?? Number.NaN)) ? 'str' : 'num');
  if (type === 'prev') return ok('previous');
  // Node-RED compares with these words, whatever was written.
  if (type === 'null' || type === 'json') return ok({ kind: 'constant', value: type });
  return readTyped(value, type, surroundings);
}

function run(node: SavedRedNode, source: Source, rules: readonly ReadRule[], first: boolean, carried: Emitted['carried'] | undefined, state: FlowState): Outcome<readonly Emitted[]> {
  if (carried === undefined) return ok([]);
  const read = (from: Source | 'previous' | undefined): unknown => {
    if (from === undefined) return undefined;
    if (from === 'previous') return state.nodes.get(node.id) ?? null;
    const found = valueOf(from, carried.data, state);
    return found === 'missing' ? undefined : found.value;
  };
  const property = read(source);
  const emitted: Emitted[] = [];
  let none = true;
  for (const [index, { type, first: one, second, ignoreCase }] of rules.entries()) {
    const matches = type === 'else' ? ok(none) : judge(type, property, read(one), read(second), ignoreCase);
    if (!matches.ok) return matches;
    if (type === 'else') none = true;
    if (!matches.value) continue;
    emitted.push({ port: String(index), carried });
    none = false;
    if (first) break;
  }
  if (rules.length > 0) state.nodes.set(node.id, property);
  return ok(emitted);
}

function judge(type: string, property: unknown, first: unknown, second: unknown, ignoreCase: boolean): Outcome<boolean> {
  try {
    return ok(TESTS[type]?.(property, first, second, ignoreCase) ?? false);
  } catch (error) {
    if (error instanceof SyntaxError) return deny('INVALID_PARAMETER', error.message);
    throw error;
  }
}

function comparisonOf({ type, first, second, ignoreCase }: ReadRule, source: Source): Comparison {
  const side = (from: Source | 'previous' | undefined) => (from === undefined || from === 'previous' ? undefined : expressionOf(from));
  const [right, upTo] = [side(first), side(second)];
  const operator = first === 'previous' || second === 'previous' ? `${type} previous` : type;
  return { kind: 'compare', as: 'node-red', operator, left: expressionOf(source), ...(right === undefined ? {} : { right }), ...(upTo === undefined ? {} : { upTo }), ignoreCase, loose: true };
}
