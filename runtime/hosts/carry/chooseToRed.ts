import type { Branch, Comparison, Doing, DocumentNode, Expression, Test } from '../replay';
import { fenced } from './ownToRed';
import { dropped, type NewNode, type NewWire, type Piece, type Tail } from './piece';
import { toTyped } from './values';

type Choose = Extract<Doing, { readonly kind: 'choose' }>;
type Rule = Readonly<Record<string, unknown>>;

/** One comparison as a rule of Node-RED's Switch; `not` where the rule says the contrary. */
interface Ruled { readonly property: string; readonly rule: Rule; readonly not: boolean }

/** IF, Filter and Switch of n8n as Switch nodes: one where all branches compare the same property, else a chain of single comparisons. */
export function chooseToRed(of: DocumentNode, doing: Choose, outputs: readonly string[]): Piece {
  const ruled = doing.branches.map(({ when }) => comparisonIn(when)).map((comparison) => (comparison === undefined ? undefined : ruleOf(comparison)));
  const same = ruled.every((each) => each !== undefined && !each.not && each.property === ruled[0]?.property);
  return same && ruled.length > 0 ? oneSwitch(of, doing, outputs, ruled.flatMap((each) => each ?? [])) : chain(of, doing, outputs);
}

function oneSwitch(of: DocumentNode, { branches, first, otherwise }: Choose, outputs: readonly string[], rules: readonly Ruled[]): Piece {
  const all = [...rules.map(({ rule }) => rule), ...(otherwise === undefined ? [] : [{ t: 'else' }])];
  const node: NewNode = { key: of.id, name: of.name, outputs: all.length, entry: switchEntry(of, rules[0]?.property ?? 'payload', all, first) };
  const ports = [...branches.map(({ port }) => port), ...(otherwise === undefined ? [] : [otherwise])];
  const tails = new Map(outputs.map((port, output): readonly [number, readonly Tail[]] => [output, ports.flatMap((each, index) => (each === port ? [{ key: of.id, output: index }] : []))]));
  return { of, nodes: [node], wires: [], head: of.id, through: false, tails, report: [] };
}

function switchEntry(of: DocumentNode, property: string, rules: readonly Rule[], first: boolean): Rule {
  return { type: 'switch', property, propertyType: 'msg', rules, checkall: first ? 'false' : 'true', repair: false, ...(of.notes === '' ? {} : { info: of.notes }), ...(of.disabled ? { d: true } : {}) };
}

/** A chain of nodes, each with one comparison and its contrary. */
class Chain {
  readonly nodes: NewNode[] = [];
  readonly wires: NewWire[] = [];
  constructor(readonly of: DocumentNode) {}

  /** Adds a test behind `from`; gives the ways out where it holds and where it does not. Undefined where Node-RED can not say it. */
  add(test: Test, from: readonly Tail[]): { readonly yes: readonly Tail[]; readonly no: readonly Tail[] } | undefined {
    if (test.kind === 'compare') return this.#compare(test, from);
    let open = from;
    const done: Tail[] = [];
    for (const each of test.tests) {
      const ways = this.add(each, open);
      if (ways === undefined) return undefined;
      done.push(...(test.kind === 'all' ? ways.no : ways.yes));
      open = test.kind === 'all' ? ways.yes : ways.no;
    }
    return test.kind === 'all' ? { yes: open, no: done } : { yes: done, no: open };
  }

  #compare(comparison: Comparison, from: readonly Tail[]): { readonly yes: readonly Tail[]; readonly no: readonly Tail[] } | undefined {
    const ruled = ruleOf(comparison);
    if (ruled === undefined) return undefined;
    const key = `${this.of.id} ${this.nodes.length}`;
    const name = this.nodes.length === 0 ? this.of.name : `${this.of.name} (${this.nodes.length + 1})`;
    this.nodes.push({ key, name, outputs: 2, step: this.nodes.length, entry: switchEntry(this.of, ruled.property, [ruled.rule, { t: 'else' }], true) });
    this.wires.push(...from.map((tail) => ({ ...tail, to: key })));
    const [yes, no] = [{ key, output: ruled.not ? 1 : 0 }, { key, output: ruled.not ? 0 : 1 }];
    return { yes: [yes], no: [no] };
  }
}

function chain(of: DocumentNode, { branches, first, otherwise }: Choose, outputs: readonly string[]): Piece {
  const made = new Chain(of);
  const byPort = new Map<string, Tail[]>();
  let open: readonly Tail[] = [];
  for (const { port, when } of first ? branches : branches.slice(0, 1)) {
    const ways = made.add(when, open);
    if (ways === undefined) return notSaid(of);
    byPort.set(port, [...(byPort.get(port) ?? []), ...ways.yes]);
    open = ways.no;
  }
  // Several branches that may all hold need a chain each, side by side.
  if (!first && branches.length > 1) return notSaid(of);
  if (otherwise !== undefined) byPort.set(otherwise, [...(byPort.get(otherwise) ?? []), ...open]);
  const [head] = made.nodes;
  if (head === undefined) return notSaid(of);
  const tails = new Map(outputs.map((port, output): readonly [number, readonly Tail[]] => [output, byPort.get(port) ?? []]));
  const report = made.nodes.length === 1 ? [] : [{ kind: 'changed' as const, node: of.name, text: `It is ${made.nodes.length} Switch nodes in a row: one compares one property.` }];
  return { of, nodes: made.nodes, wires: made.wires, head: head.key, through: false, tails, report };
}

function notSaid(of: DocumentNode): Piece {
  return dropped(of, `Its comparisons have no counterpart in Node-RED's Switch. What stood behind it is not reached.\n\n${fenced(of.saved)}`);
}

function comparisonIn(test: Branch['when']): Comparison | undefined {
  if (test.kind === 'compare') return test;
  const [only, ...more] = test.tests;
  return only === undefined || more.length > 0 ? undefined : comparisonIn(only);
}

const ORDERED: Readonly<Record<string, string>> = { equals: 'eq', notEquals: 'neq', gt: 'gt', gte: 'gte', lt: 'lt', lte: 'lte' };

function ruleOf({ operator, left, right, ignoreCase }: Comparison): Ruled | undefined {
  const property = toTyped(left);
  if (property?.type !== 'msg') return undefined;
  const [type = '', operation = ''] = operator.split(':');
  const plain = (t: string, not = false): Ruled => ({ property: property.value, rule: { t }, not });
  if (operation === 'exists') return plain('nnull');
  if (operation === 'notExists') return plain('null');
  if (type === 'boolean' && (operation === 'true' || operation === 'false')) return plain(operation);
  if (right === undefined) return undefined;
  if (type === 'string') return textRule(operation, right, ignoreCase, property.value);
  const word = Object.hasOwn(ORDERED, operation) && (type === 'number' || type === 'boolean') ? ORDERED[operation] : undefined;
  const value = toTyped(right);
  return word === undefined || value === undefined ? undefined : { property: property.value, rule: { t: word, v: value.value, vt: value.type }, not: false };
}

/** Texts are compared by patterns where case does not matter: Switch has it for patterns alone. */
function textRule(operation: string, right: Expression, ignoreCase: boolean, property: string): Ruled | undefined {
  const value = toTyped(right);
  if (value === undefined) return undefined;
  const not = operation.startsWith('not');
  const positive = { notEquals: 'equals', notContains: 'contains', notStartsWith: 'startsWith', notEndsWith: 'endsWith', notRegex: 'regex' }[operation] ?? operation;
  if (!ignoreCase && (positive === 'equals' || positive === 'contains')) return { property, rule: { t: positive === 'equals' ? 'eq' : 'cont', v: value.value, vt: value.type }, not };
  if (value.type !== 'str') return undefined;
  const escaped = value.value.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&');
  const pattern = { equals: `^${escaped}$`, contains: escaped, startsWith: `^${escaped}`, endsWith: `${escaped}$`, regex: value.value }[positive];
  return pattern === undefined ? undefined : { property, rule: { t: 'regex', v: pattern, vt: 'str', case: ignoreCase }, not };
}
