/**
 * One token. `number` keeps its value; `span` is a number with letters behind it (`15m`); `bad` can begin nothing and says why;
 * `end` closes every list. `column` starts at 1.
 */
export type Token =
  | { readonly kind: 'number'; readonly text: string; readonly value: number; readonly column: number }
  | { readonly kind: 'word' | 'span' | 'symbol' | 'end'; readonly text: string; readonly column: number }
  | { readonly kind: 'bad'; readonly text: string; readonly column: number; readonly message: string; readonly remedy?: string };

const SPACE = /\s+/y;
const NUMBER = /(?:\d+(?:\.\d+)?|\.\d+)(?:[eE][+-]?\d+(?![A-Za-z0-9_]))?/y;
const WORD = /[A-Za-z_][A-Za-z0-9_]*/y;
const SLIP = /=>|=<|==|<>|&&?|\|\|?|≥|≤|≠|×|÷|−|–|!(?!=)/y;
const SYMBOL = /<=|>=|!=|[()[\],.@+\-*/%<>=]/y;

/** What people type from other languages, and how it is written here. */
const SLIPS: Readonly<Record<string, string>> = {
  '=>': '>=', '=<': '<=', '==': '=', '<>': '!=', '&': 'and', '&&': 'and', '|': 'or', '||': 'or', '!': 'not', '≥': '>=', '≤': '<=', '≠': '!=', '×': '*', '÷': '/', '−': '-', '–': '-',
};

/** Splits a text; never fails: what can not be read becomes a `bad` token, so that the first problem of the text is the one that is told. */
export function tokenize(text: string): readonly Token[] {
  const tokens: Token[] = [];
  let index = 0;
  while (index < text.length) {
    index += matchAt(SPACE, text, index).length;
    if (index >= text.length) break;
    const token = tokenAt(text, index);
    tokens.push(token);
    index += token.text.length;
  }
  tokens.push({ kind: 'end', text: '', column: text.length + 1 });
  return tokens;
}

function tokenAt(text: string, index: number): Token {
  const column = index + 1;
  const number = matchAt(NUMBER, text, index);
  if (number !== '') return numberAt(number, matchAt(WORD, text, index + number.length), column);
  const word = matchAt(WORD, text, index);
  if (word !== '') return { kind: 'word', text: word, column };
  const slip = matchAt(SLIP, text, index);
  if (slip !== '') return { kind: 'bad', text: slip, column, message: `"${slip}" is not part of the language`, remedy: `Write ${SLIPS[slip] ?? ''} instead.` };
  const symbol = matchAt(SYMBOL, text, index);
  if (symbol !== '') return { kind: 'symbol', text: symbol, column };
  const character = String.fromCodePoint(text.codePointAt(index) ?? 0xfffd);
  return { kind: 'bad', text: character, column, message: `the character "${character}" has no meaning here` };
}

function numberAt(digits: string, letters: string, column: number): Token {
  if (letters !== '') return { kind: 'span', text: digits + letters, column };
  const value = Number(digits);
  if (!Number.isFinite(value)) return { kind: 'bad', text: digits, column, message: 'the number is too large' };
  return { kind: 'number', text: digits, value, column };
}

function matchAt(pattern: RegExp, text: string, index: number): string {
  pattern.lastIndex = index;
  return pattern.exec(text)?.[0] ?? '';
}
