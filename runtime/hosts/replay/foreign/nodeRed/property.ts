import type { Path } from '../../expressions/path';

/** The keys of `payload.a[0]["b c"]`, by Node-RED's rules; undefined for what is no such path, or refers to the message within brackets. */
export function propertyPath(text: string): Path | undefined {
  const bare = text.startsWith('msg.') ? text.slice('msg.'.length) : text;
  const keys: (string | number)[] = [];
  let at = 0;
  while (at < bare.length) {
    STEP.lastIndex = at;
    const found = STEP.exec(bare);
    if (found === null) return undefined;
    const [all, dot, name, index, quoted, quotedTwice] = found;
    if (name !== undefined && (at === 0) !== (dot === '')) return undefined;
    at += all.length;
    // A number between dots is a place in a list; at the end, or before a bracket, it stays a name.
    if (name !== undefined) keys.push(/^\d+$/.test(name) && bare.charAt(at) === '.' ? Number(name) : name);
    else keys.push(index === undefined ? quoted ?? quotedTwice ?? '' : Number(index));
  }
  return keys.length === 0 ? undefined : keys;
}

const STEP = /(\.?)([A-Za-z0-9$_][^.[\]\s'"]*)|\[(\d+)\]|\['([^']+)'\]|\["([^"]+)"\]/y;

/** A property of a message; `missing` where a step before the last has nothing to read from: Node-RED raises an error there. */
export function readProperty(root: unknown, path: Path): { readonly value: unknown } | 'missing' {
  let value = root;
  for (const key of path) {
    if (value === undefined || value === null) return 'missing';
    value = own(value, key);
  }
  return { value };
}

function own(owner: unknown, key: string | number): unknown {
  if (typeof owner === 'string') return key === 'length' ? owner.length : owner[Number(key)];
  return isObject(owner) && Object.hasOwn(owner, key) ? owner[key] : undefined;
}

/** Writes into a message as Node-RED does: objects and lists on the way are made; below a plain value nothing is written; undefined deletes. */
export function writeProperty(root: object, path: Path, value: unknown): void {
  const last = path.at(-1);
  let owner: unknown = root;
  for (const [index, key] of path.slice(0, -1).entries()) {
    if (!isObject(owner)) return;
    const next = Object.hasOwn(owner, key) ? owner[key] : undefined;
    if (next === undefined && !Object.hasOwn(owner, key)) {
      if (value === undefined) return;
      owner[key] = typeof path[index + 1] === 'string' ? {} : [];
    } else if (typeof next !== 'object' || next === null) {
      return;
    }
    owner = owner[key];
  }
  if (last === undefined || !isObject(owner)) return;
  if (value !== undefined) owner[last] = value;
  else if (typeof last === 'number' && Array.isArray(owner)) owner.splice(last, 1);
  else Reflect.deleteProperty(owner, last);
}

function isObject(value: unknown): value is Record<string | number, unknown> {
  return typeof value === 'object' && value !== null;
}
