import { deny, ok, type Denial, type Outcome } from '../../../domain/denial';
import type { Host, Scope, Trail } from '../graph';
import type { BinaryOperator, Expression } from './ast';
import { FUNCTIONS, isPrimitive, METHODS } from './calls';
import { isTruthy, looselyEqual, operate } from './operators';
import { propertyOf, valueAt } from './path';

/** A value for one item. */
export type Evaluate = (scope: Scope) => Outcome<unknown>;
type Raw = (scope: Scope) => unknown;

/**
 * Makes an expression a function of the item. Where JavaScript would raise a TypeError (a property of nothing, a method that a value has not)
 * n8n reads the whole expression as no value, and so does this. What can not be known here is refused.
 */
export function compileExpression(expression: Expression, host: Host = 'n8n'): Evaluate {
  const raw = compile(expression, host);
  return (scope) => {
    try {
      return ok(raw(scope));
    } catch (error) {
      if (error instanceof NoValue) return ok(undefined);
      if (error instanceof Unknowable) return { ok: false, denial: error.denial };
      throw error;
    }
  };
}

/** JavaScript's TypeError. Never leaves this file. */
class NoValue extends Error {}
/** Never leaves this file. */
class Unknowable extends Error {
  constructor(readonly denial: Denial) {
    super(denial.message);
  }
}

function compile(expression: Expression, host: Host): Raw {
  const inner = (part: Expression): Raw => compile(part, host);
  switch (expression.kind) {
    case 'literal': return () => expression.value;
    case 'item': return host === 'n8n' ? ({ carried }) => carried.data : ({ carried }) => carried.data['payload'];
    case 'message': return ({ carried }) => carried.data;
    case 'nodeItem': return ({ carried }) => itemOf(carried.trail, expression.node);
    case 'kept': return ({ state }) => valueAt(state[expression.where], expression.path);
    case 'member': return member(inner(expression.of), inner(expression.key), expression.optional);
    case 'unary': return unary(expression.operator, inner(expression.of));
    case 'binary': return binary(expression.operator, inner(expression.left), inner(expression.right));
    case 'either': return either(inner(expression.test), inner(expression.yes), inner(expression.no));
    case 'text': return text(expression.parts.map((part) => compileExpression(part, host)));
    case 'call': return call(expression, inner);
  }
}

function member(of: Raw, key: Raw, optional: boolean): Raw {
  return (scope) => {
    const owner = of(scope);
    if (owner === null || owner === undefined) {
      if (optional) return undefined;
      throw new NoValue();
    }
    return propertyOf(owner, key(scope));
  };
}

function unary(operator: '!' | '-' | '+', of: Raw): Raw {
  if (operator === '!') return (scope) => !isTruthy(of(scope));
  return operator === '-' ? (scope) => -Number(primitive(of(scope))) : (scope) => Number(primitive(of(scope)));
}

function binary(operator: BinaryOperator, left: Raw, right: Raw): Raw {
  switch (operator) {
    case '&&': return (scope) => { const value = left(scope); return isTruthy(value) ? right(scope) : value; };
    case '||': return (scope) => { const value = left(scope); return isTruthy(value) ? value : right(scope); };
    case '??': return (scope) => left(scope) ?? right(scope);
    case '===': return (scope) => left(scope) === right(scope);
    case '!==': return (scope) => left(scope) !== right(scope);
    case '==': return (scope) => looselyEqual(primitive(left(scope)), primitive(right(scope)));
    case '!=': return (scope) => !looselyEqual(primitive(left(scope)), primitive(right(scope)));
    case '<': case '<=': case '>': case '>=': case '+': case '-': case '*': case '/': case '%': case '**':
      return (scope) => operate(operator, primitive(left(scope)), primitive(right(scope)));
  }
}

function either(test: Raw, yes: Raw, no: Raw): Raw {
  return (scope) => (isTruthy(test(scope)) ? yes(scope) : no(scope));
}

/** Text around values: what is nothing is written as nothing. */
function text(parts: readonly Evaluate[]): Raw {
  return (scope) => parts.map((part) => {
    const value = part(scope);
    if (!value.ok) throw new Unknowable(value.denial);
    return value.value === null || value.value === undefined || Number.isNaN(value.value) ? '' : String(primitive(value.value));
  }).join('');
}

function call({ name, of, optional, arguments: args }: Expression & { readonly kind: 'call' }, inner: (part: Expression) => Raw): Raw {
  const compiled = args.map(inner);
  const values = (scope: Scope): readonly ReturnType<typeof primitive>[] => compiled.map((arg) => primitive(arg(scope)));
  if (of === undefined) {
    const run = FUNCTIONS.get(name);
    if (run === undefined) throw new Error(`${name} is not among the functions.`);
    return (scope) => run(...values(scope));
  }
  const method = METHODS.get(name);
  if (method === undefined) throw new Error(`${name} is not among the methods.`);
  const owner = inner(of);
  return (scope) => {
    const value = owner(scope);
    if (optional && (value === null || value === undefined)) return undefined;
    const result = method(value, values(scope));
    if (result === undefined) throw new NoValue();
    return result.value;
  };
}

/** Lists and objects have no arithmetic here: JavaScript would make a text of them that nobody means. */
function primitive(value: unknown): string | number | boolean | null | undefined {
  if (isPrimitive(value)) return value;
  throw new Unknowable(deny('NOT_SUPPORTED', 'An expression calculates with a list or an object.', { remedy: 'Name the field of it that is meant.' }).denial);
}

/** What the item was when that node put it out. */
function itemOf(trail: Trail | undefined, node: string): unknown {
  for (let step = trail; step !== undefined; step = step.before) {
    if (step.node === node) return step.data;
    if (step.beside !== undefined) return besideOf([step.before, ...step.beside], node);
  }
  throw new Unknowable(deny('NOT_FOUND', `The item was not made of one of "${node}".`, { remedy: 'Name a node that the item has passed.' }).denial);
}

function besideOf(ways: readonly (Trail | undefined)[], node: string): unknown {
  const found = new Set(ways.flatMap((way) => (passed(way, node) ? [itemOf(way, node)] : [])));
  const [only] = found;
  if (found.size === 1) return only;
  throw new Unknowable(deny('NOT_FOUND', `The item was made of ${found.size === 0 ? 'none' : 'several'} of "${node}".`, { remedy: 'Name a node that one of its parts alone has passed.' }).denial);
}

function passed(trail: Trail | undefined, node: string): boolean {
  for (let step = trail; step !== undefined; step = step.before) {
    if (step.node === node || (step.beside?.some((way) => passed(way, node)) ?? false)) return true;
  }
  return false;
}
