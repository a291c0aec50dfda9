import { LIMITS } from './limits';
import type { Problem } from './problem';
import type { Token } from './tokens';
import { same, type Vocabulary } from './vocabulary';

const END: Token = { kind: 'end', text: '', column: 1 };

/** A place in a list of tokens, and the first problem met. Parsing functions return null once there is one. */
export class Cursor {
  #index = 0;
  #nesting = 0;
  #problem: Problem | undefined;

  constructor(private readonly tokens: readonly Token[], readonly vocabulary: Vocabulary) {}

  get problem(): Problem | undefined {
    return this.#problem;
  }

  get token(): Token {
    return this.ahead(0);
  }

  ahead(count: number): Token {
    return this.tokens[this.#index + count] ?? this.tokens.at(-1) ?? END;
  }

  /** Consumes `count` tokens; the end is never passed. */
  skip(count = 1): void {
    this.#index = Math.min(this.#index + count, this.tokens.length - 1);
  }

  isSymbol(text: string, ahead = 0): boolean {
    const token = this.ahead(ahead);
    return token.kind === 'symbol' && token.text === text;
  }

  isWord(text: string, ahead = 0): boolean {
    const token = this.ahead(ahead);
    return token.kind === 'word' && same(token.text, text);
  }

  takeSymbol(text: string): boolean {
    const found = this.isSymbol(text);
    if (found) this.skip();
    return found;
  }

  takeWord(text: string): boolean {
    const found = this.isWord(text);
    if (found) this.skip();
    return found;
  }

  /** Records a problem unless there is one already. */
  fail(column: number, message: string, remedy?: string): null {
    this.#problem ??= { column, message, ...(remedy === undefined ? {} : { remedy }) };
    return null;
  }

  /** Records that something else was expected at `token`; a token that can not be read tells its own reason. */
  expected(what: string, remedy?: string, token: Token = this.token): null {
    if (token.kind === 'bad') return this.fail(token.column, token.message, token.remedy);
    return this.fail(token.column, `expected ${what}, found ${token.kind === 'end' ? 'the end' : `"${token.text}"`}`, remedy);
  }

  /** Runs `parse` one level deeper, within the limit. */
  nested<T>(parse: () => T | null): T | null {
    if (this.#nesting >= LIMITS.nesting) return this.fail(this.token.column, `nested more than ${LIMITS.nesting} levels deep`);
    this.#nesting += 1;
    const result = parse();
    this.#nesting -= 1;
    return result;
  }
}
