import type { BinaryOperator } from './ast';

type Primitive = string | number | boolean | null | undefined;

/** JavaScript's truth of a value. */
export function isTruthy(value: unknown): boolean {
  return Boolean(value);
}

/** JavaScript's `==` of two values that are no objects. */
export function looselyEqual(left: Primitive, right: Primitive): boolean {
  if (left === null || left === undefined) return right === null || right === undefined;
  if (right === null || right === undefined) return false;
  return typeof left === typeof right ? left === right : Number(left) === Number(right);
}

/** Arithmetic and order of two values that are no objects: texts are joined and put in order by their letters, anything else counts as a number. */
export function operate(operator: Exclude<BinaryOperator, '&&' | '||' | '??' | '==' | '!=' | '===' | '!=='>, left: Primitive, right: Primitive): string | number | boolean {
  if (operator === '+' && (typeof left === 'string' || typeof right === 'string')) return `${String(left)}${String(right)}`;
  const isText = typeof left === 'string' && typeof right === 'string';
  switch (operator) {
    case '<': return isText ? left < right : Number(left) < Number(right);
    case '<=': return isText ? left <= right : Number(left) <= Number(right);
    case '>': return isText ? left > right : Number(left) > Number(right);
    case '>=': return isText ? left >= right : Number(left) >= Number(right);
    case '+': return Number(left) + Number(right);
    case '-': return Number(left) - Number(right);
    case '*': return Number(left) * Number(right);
    case '/': return Number(left) / Number(right);
    case '%': return Number(left) % Number(right);
    case '**': return Number(left) ** Number(right);
  }
}
