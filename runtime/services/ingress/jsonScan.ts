import { deny, type Denial, type Outcome } from '../../domain/denial';
import type { IngressLimits } from './limits';

/** What one look over a JSON text tells before anything is built from it. */
export interface JsonShape {
  /** The first key that one object holds twice: parsers disagree about which value counts. */
  readonly repeatedKey?: string;
}

/**
 * Walks the text once, without recursion, and bounds nesting and size before `JSON.parse` builds anything.
 * The text need not be valid: what the walk makes of an invalid one does not matter, because parsing it fails afterwards.
 * Denies MALFORMED_BODY beyond the limits.
 */
export function scanJson(text: string, limits: Pick<IngressLimits, 'maxDepth' | 'maxValues'>): Outcome<JsonShape> {
  /** Keys seen in each open object; undefined for a list. */
  const open: (Set<string> | undefined)[] = [];
  let values = 0;
  let repeatedKey: string | undefined;
  for (let at = 0; at < text.length; at += 1) {
    switch (text.charAt(at)) {
      case '{': case '[':
        open.push(text.charAt(at) === '{' ? new Set() : undefined);
        if (open.length > limits.maxDepth) return tooDeep(limits.maxDepth);
        break;
      case '}': case ']':
        open.pop();
        break;
      case ',':
        values += 1;
        if (values > limits.maxValues) return tooMany(limits.maxValues);
        break;
      case '"': {
        const end = endOfString(text, at);
        const keys = open.at(-1);
        if (keys !== undefined && isKey(text, end)) {
          const key = decoded(text.slice(at, end));
          if (keys.has(key)) repeatedKey ??= key;
          keys.add(key);
        }
        at = end - 1;
        break;
      }
      default:
        break;
    }
  }
  return { ok: true, value: repeatedKey === undefined ? {} : { repeatedKey } };
}

/** The position behind the closing quote, or the end of the text. */
function endOfString(text: string, start: number): number {
  for (let at = start + 1; at < text.length; at += 1) {
    if (text[at] === '\\') at += 1;
    else if (text[at] === '"') return at + 1;
  }
  return text.length;
}

function isKey(text: string, end: number): boolean {
  for (let at = end; at < text.length; at += 1) {
    const char = text[at];
    if (char === ':') return true;
    if (char !== ' ' && char !== '\t' && char !== '\n' && char !== '\r') return false;
  }
  return false;
}

/** `"\u0061ction"` and `"action"` are one key. */
function decoded(literal: string): string {
  if (!literal.includes('\\')) return literal.slice(1, -1);
  try {
    const key: unknown = JSON.parse(literal);
    return typeof key === 'string' ? key : literal;
  } catch {
    return literal;
  }
}

export function tooDeep(limit: number): { readonly ok: false; readonly denial: Denial } {
  return deny('MALFORMED_BODY', `The body is nested deeper than ${limit} levels.`, { field: 'body', limit, remedy: 'Send a flat object.' });
}

export function tooMany(limit: number): { readonly ok: false; readonly denial: Denial } {
  return deny('MALFORMED_BODY', `The body holds more than ${limit} values.`, { field: 'body', limit, remedy: 'Send fewer fields.' });
}
