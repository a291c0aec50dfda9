import { deny, ok, type Outcome } from '../../domain/denial';
import { tooDeep, tooMany } from './jsonScan';
import type { IngressLimits } from './limits';

/** Keys that reach an object's prototype when somebody merges it carelessly. No sender needs them. */
const PROTOTYPE_KEYS: ReadonlySet<string> = new Set(['__proto__', 'constructor', 'prototype']);

/**
 * A copy of parsed JSON made of plain values only: prototype keys are dropped, `-0` is 0.
 * Denies INVALID_FIELD, with the field's path, for numbers that JSON or a double can not hold exactly (`1e999`, NaN, integers beyond 2^53),
 * and MALFORMED_BODY for anything that is too deep, too large or no JSON at all.
 */
export function cleanJson(value: unknown, limits: Pick<IngressLimits, 'maxDepth' | 'maxValues'>): Outcome<unknown> {
  let left = limits.maxValues;

  function clean(input: unknown, path: string, depth: number): Outcome<unknown> {
    if (input === null || typeof input === 'string' || typeof input === 'boolean') return ok(input);
    if (typeof input === 'number') return cleanNumber(input, path);
    if (typeof input !== 'object') return deny('MALFORMED_BODY', `${path} is no JSON value.`, { field: path });
    if (depth >= limits.maxDepth) return tooDeep(limits.maxDepth);
    const members = Array.isArray(input) ? input.map((entry: unknown, index) => [String(index), entry] as const) : Object.entries(input).filter(([key]) => !PROTOTYPE_KEYS.has(key));
    left -= members.length;
    if (left < 0) return tooMany(limits.maxValues);
    const cleaned: [string, unknown][] = [];
    for (const [key, member] of members) {
      const result = clean(member, path === '' ? key : `${path}.${key}`, depth + 1);
      if (!result.ok) return result;
      cleaned.push([key, result.value]);
    }
    return ok(Array.isArray(input) ? cleaned.map(([, member]) => member) : Object.fromEntries(cleaned));
  }

  return clean(value, '', 0);
}

function cleanNumber(value: number, path: string): Outcome<number> {
  if (Number.isFinite(value) && (!Number.isInteger(value) || Number.isSafeInteger(value))) return ok(value === 0 ? 0 : value);
  return deny('INVALID_FIELD', `${path.slice(0, 60)} is a number that can not be held exactly.`, { field: path.slice(0, 60), remedy: 'Send it as text in quotes, or send an ordinary number.' });
}
