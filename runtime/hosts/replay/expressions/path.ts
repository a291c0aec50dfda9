/** Keys from an object's root. */
export type Path = readonly (string | number)[];

/** A property of a value's own, or the length of a text; undefined where there is none. Nothing is ever read from a prototype. */
export function propertyOf(owner: unknown, key: unknown): unknown {
  if (typeof owner === 'string') return key === 'length' ? owner.length : typeof key === 'number' ? owner[key] : undefined;
  if (!isObject(owner) || (typeof key !== 'string' && typeof key !== 'number') || !Object.hasOwn(owner, key)) return undefined;
  return owner[key];
}

export function valueAt(root: unknown, path: Path): unknown {
  let value = root;
  for (const key of path) value = propertyOf(value, key);
  return value;
}

/** Whether each step of the way is there. */
export function hasPath(root: unknown, path: Path): boolean {
  const last = path.at(-1);
  const owner = valueAt(root, path.slice(0, -1));
  return last === undefined || (isObject(owner) && Object.hasOwn(owner, last));
}

/** A copy in which this path has that value; what is missing on the way is made: a list before a number, else an object. What is not touched is shared. */
export function withValue(root: unknown, path: Path, value: unknown): unknown {
  const [key, ...rest] = path;
  if (key === undefined) return value;
  if (isUnsafe(key)) return root;
  if (isList(root)) {
    const list = [...root];
    if (typeof key === 'number' || /^\d+$/.test(key)) list[Number(key)] = withValue(list[Number(key)], rest, value);
    return list;
  }
  if (isObject(root)) return { ...root, [key]: withValue(Object.hasOwn(root, key) ? root[key] : undefined, rest, value) };
  if (typeof key === 'number') {
    const list: unknown[] = [];
    list[key] = withValue(undefined, rest, value);
    return list;
  }
  return { [key]: withValue(undefined, rest, value) };
}

/** A copy without this path. */
export function withoutPath(root: unknown, path: Path): unknown {
  const [key, ...rest] = path;
  if (key === undefined || !isObject(root) || !Object.hasOwn(root, key)) return root;
  if (rest.length > 0) return withValue(root, [key], withoutPath(root[key], rest));
  return Object.fromEntries(Object.entries(root).filter(([name]) => name !== String(key)));
}

/** Keys that would reach a prototype; both editors refuse them too. */
function isUnsafe(key: string | number): boolean {
  return key === '__proto__' || key === 'constructor' || key === 'prototype';
}

function isList(value: unknown): value is readonly unknown[] {
  return Array.isArray(value);
}

function isObject(value: unknown): value is Record<string | number, unknown> {
  return typeof value === 'object' && value !== null;
}

/** The keys of `a.b[0].c` or `a["b c"]`; undefined where it is no such path. A number is a place in a list. */
export function parsePath(text: string): Path | undefined {
  const keys: (string | number)[] = [];
  let at = 0;
  while (at < text.length) {
    STEP.lastIndex = at;
    const found = STEP.exec(text);
    if (found === null) return undefined;
    const [all, name, index, quoted, quotedTwice] = found;
    if (name !== undefined && (at === 0) === all.startsWith('.')) return undefined;
    const key = name ?? quoted ?? quotedTwice;
    keys.push(key === undefined ? Number(index) : /^(0|[1-9]\d*)$/.test(key) && name !== undefined ? Number(key) : key);
    at += all.length;
  }
  return keys;
}

const STEP = /\.?([^.[\]]+)|\[(\d+)\]|\['([^']*)'\]|\["([^"]*)"\]/y;
