import { textOf } from './typed';

/** What a rule "change" looks for: text or number or boolean, as it was typed, or a regular expression. */
export interface Sought {
  readonly type: string;
  readonly text: string;
}

/**
 * The value with what was found replaced; undefined where nothing is to be written. In a text every place is replaced, unless the whole of it is what was
 * sought: then it becomes the new value with its type. A number or boolean is replaced as a whole, by a search of its own type only.
 */
export function replaced(current: unknown, { type, text }: Sought, by: unknown, asBoolean: boolean): { readonly value: unknown } | undefined {
  if (typeof current === 'string') {
    if (type !== 're' && current === text) return { value: by };
    const next = current.replace(new RegExp(type === 're' ? text : escaped(text), 'g'), textOf(by));
    return { value: asBoolean && next === textOf(by) ? by : next };
  }
  if (typeof current === 'number') return type === 'num' && current === Number(text) ? { value: by } : undefined;
  if (typeof current === 'boolean') return type === 'bool' && String(current) === text ? { value: by } : undefined;
  return undefined;
}

function escaped(text: string): string {
  return text.replace(/[-[\]{}()*+?.,\\^$|#\s]/g, '\\$&');
}
