import type { Expression, Json } from '../replay';

/** A path of keys from the item, where an expression is nothing else. */
export function pathOf(expression: Expression): readonly (string | number)[] | undefined {
  if (expression.kind === 'item') return [];
  if (expression.kind !== 'member' || expression.key.kind !== 'literal') return undefined;
  const { value } = expression.key;
  const before = pathOf(expression.of);
  return before === undefined || (typeof value !== 'string' && typeof value !== 'number') ? undefined : [...before, value];
}

/** `a.b[0]["c d"]`, as both editors read it. */
export function pathText(path: readonly (string | number)[]): string {
  return path.map((key, index) => {
    if (typeof key === 'number') return `[${key}]`;
    if (!/^[A-Za-z_$][\w$]*$/.test(key)) return `["${key.replaceAll('"', '\\"')}"]`;
    return index === 0 ? key : `.${key}`;
  }).join('');
}

/** A value in the form of Node-RED's typed inputs. */
export interface Typed { readonly value: string; readonly type: 'str' | 'num' | 'bool' | 'json' | 'msg' }

/** Undefined where only JSONata or a Function could say it. `root` is where the item stands in the message. */
export function toTyped(expression: Expression, root = 'payload'): Typed | undefined {
  if (expression.kind === 'literal') return literal(expression.value);
  const path = pathOf(expression);
  return path === undefined ? undefined : { value: pathText([root, ...path]), type: 'msg' };
}

function literal(value: Json): Typed | undefined {
  if (typeof value === 'string') return { value, type: 'str' };
  if (typeof value === 'number') return { value: String(value), type: 'num' };
  if (typeof value === 'boolean') return { value: String(value), type: 'bool' };
  return value === undefined ? undefined : { value: JSON.stringify(value), type: 'json' };
}

/** As n8n saves it: a plain value, or `={{ … }}`. Undefined for what n8n has nothing like: properties beside the payload, context, another node's item. */
export function toN8n(expression: Expression): Json | undefined {
  if (expression.kind === 'literal') {
    const { value } = expression;
    return typeof value === 'string' && value.startsWith('=') ? `=${value}` : value;
  }
  const path = pathOf(expression);
  if (path === undefined) return undefined;
  return path.length === 0 ? '={{ $json }}' : `={{ $json${typeof path[0] === 'string' && /^[A-Za-z_$]/.test(path[0]) ? '.' : ''}${pathText(path)} }}`;
}
