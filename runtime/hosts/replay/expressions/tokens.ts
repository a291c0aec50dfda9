import { deny, ok, type Outcome } from '../../../domain/denial';

/** `at` is the position in the saved text, from 0. */
export type Token = { readonly at: number } & (
  | { readonly kind: 'number'; readonly value: number }
  | { readonly kind: 'string'; readonly value: string }
  | { readonly kind: 'name'; readonly value: string }
  | { readonly kind: 'sign'; readonly value: string }
  | { readonly kind: 'end' }
);

const SIGNS = ['===', '!==', '**', '==', '!=', '<=', '>=', '&&', '||', '??', '?.', '<', '>', '+', '-', '*', '/', '%', '!', '?', ':', '(', ')', '[', ']', '.', ','];
const SPACE = /\s+/y;
const NUMBER = /(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?/y;
const NAME = /[A-Za-z_$][\w$]*/y;
const STRING = /'(?:[^'\\\n]|\\.)*'|"(?:[^"\\\n]|\\.)*"/y;

/** The words of an expression. `offset` is where it begins in the saved text, for messages. */
export function tokensOf(code: string, offset: number): Outcome<readonly Token[]> {
  const tokens: Token[] = [];
  let at = 0;
  const match = (pattern: RegExp): string | undefined => {
    pattern.lastIndex = at;
    return pattern.exec(code)?.[0];
  };
  while (at < code.length) {
    const space = match(SPACE);
    if (space !== undefined) {
      at += space.length;
      continue;
    }
    const token = tokenAt(match, code, at, offset);
    if (token === undefined) return notReadable(`"${code.charAt(at)}"`, offset + at);
    tokens.push(token.token);
    at += token.length;
  }
  return ok([...tokens, { kind: 'end', at: offset + code.length }]);
}

function tokenAt(match: (pattern: RegExp) => string | undefined, code: string, at: number, offset: number): { readonly token: Token; readonly length: number } | undefined {
  const number = match(NUMBER);
  if (number !== undefined) return { token: { kind: 'number', value: Number(number), at: offset + at }, length: number.length };
  const name = match(NAME);
  if (name !== undefined) return { token: { kind: 'name', value: name, at: offset + at }, length: name.length };
  const text = match(STRING);
  if (text !== undefined) return { token: { kind: 'string', value: unescaped(text.slice(1, -1)), at: offset + at }, length: text.length };
  const sign = SIGNS.find((candidate) => code.startsWith(candidate, at));
  return sign === undefined ? undefined : { token: { kind: 'sign', value: sign, at: offset + at }, length: sign.length };
}

const ESCAPES: Readonly<Record<string, string>> = { n: '\n', t: '\t', r: '\r', b: '\b', f: '\f', v: '\v', 0: '\0' };

function unescaped(text: string): string {
  return text.replace(/\\u([\da-fA-F]{4})|\\x([\da-fA-F]{2})|\\([^])/g, (_all, long?: string, short?: string, letter?: string) => {
    const code = long ?? short;
    return code === undefined ? ESCAPES[letter ?? ''] ?? letter ?? '' : String.fromCharCode(parseInt(code, 16));
  });
}

/** A refusal of something in an expression, with its column. */
export function notReadable(what: string, at: number, remedy?: string): ReturnType<typeof deny> {
  return deny('NOT_SUPPORTED', `Column ${at + 1}: ${what} can not be replayed.`, {
    remedy: remedy ?? 'An expression may use $json, $(\'Node\').item.json, numbers, texts, arithmetic, comparison, logic and a ? b : c; leave the rest to a node of Bellwether.',
  });
}
