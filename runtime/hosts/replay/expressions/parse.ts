import { ok, type Denial, type Outcome } from '../../../domain/denial';
import type { BinaryOperator, Expression } from './ast';
import { FUNCTIONS, METHODS } from './calls';
import { notReadable, tokensOf, type Token } from './tokens';

/** How deep parentheses and operators may nest. */
const MAX_DEPTH = 100;

/** Weakest first. `**` is apart: it binds to the right. */
const LEVELS: readonly (readonly BinaryOperator[])[] = [['??'], ['||'], ['&&'], ['==', '!=', '===', '!=='], ['<', '<=', '>', '>='], ['+', '-'], ['*', '/', '%']];

/** Reads the inside of `{{ }}`: a small part of JavaScript, never run as such. Columns count from `offset` in the saved text. */
export function parseExpression(code: string, offset = 0): Outcome<Expression> {
  const tokens = tokensOf(code, offset);
  if (!tokens.ok) return tokens;
  const parser = new Parser(tokens.value);
  try {
    return ok(parser.whole());
  } catch (error) {
    if (error instanceof Refused) return { ok: false, denial: error.denial };
    throw error;
  }
}

/** Leaves the parser's depth; never leaves this file. */
class Refused extends Error {
  constructor(readonly denial: Denial) {
    super(denial.message);
  }
}

const CLOCK = 'The host\'s clock is not the one of a replay: use signal.at or candle.time of the item.';
const FIRST = 'Use $(\'Node\').item.json, the item that this one was made of.';

class Parser {
  #next = 0;
  #depth = 0;

  constructor(private readonly tokens: readonly Token[]) {}

  whole(): Expression {
    const expression = this.either();
    if (this.peek().kind !== 'end') this.refuse();
    return expression;
  }

  private either(): Expression {
    this.#depth += 1;
    if (this.#depth > MAX_DEPTH) this.refuse('so deep a nesting');
    const test = this.binary(0);
    let result = test;
    if (this.take('?')) {
      const yes = this.either();
      this.expect(':');
      result = { kind: 'either', test, yes, no: this.either() };
    }
    this.#depth -= 1;
    return result;
  }

  private binary(level: number): Expression {
    const operators = LEVELS[level];
    if (operators === undefined) return this.power();
    let left = this.binary(level + 1);
    for (;;) {
      const operator = operators.find((candidate) => this.isSign(candidate));
      if (operator === undefined) return left;
      this.#next += 1;
      left = { kind: 'binary', operator, left, right: this.binary(level + 1) };
    }
  }

  private power(): Expression {
    const base = this.unary();
    if (!this.isSign('**')) return base;
    if (base.kind === 'unary') this.refuse('a sign before **');
    this.#next += 1;
    return { kind: 'binary', operator: '**', left: base, right: this.power() };
  }

  private unary(): Expression {
    const operator = (['!', '-', '+'] as const).find((candidate) => this.isSign(candidate));
    if (operator === undefined) return this.chain(this.primary());
    this.#depth += 1;
    if (this.#depth > MAX_DEPTH) this.refuse('so deep a nesting');
    this.#next += 1;
    const of = this.unary();
    this.#depth -= 1;
    return { kind: 'unary', operator, of };
  }

  private chain(start: Expression): Expression {
    let of = start;
    for (;;) {
      const optional = this.take('?.');
      if (this.take('[')) {
        const key = this.either();
        this.expect(']');
        of = { kind: 'member', of, key, optional };
      } else if (optional || this.take('.')) {
        of = this.named(of, optional);
      } else {
        return of;
      }
    }
  }

  private named(of: Expression, optional: boolean): Expression {
    const token = this.peek();
    const name = this.name();
    if (!this.isSign('(')) return { kind: 'member', of, key: { kind: 'literal', value: name }, optional };
    if (!METHODS.has(name)) this.refuse(`.${name}()`, undefined, token);
    return { kind: 'call', name, of, optional, arguments: this.arguments() };
  }

  private primary(): Expression {
    const token = this.peek();
    if (token.kind === 'number' || token.kind === 'string') {
      this.#next += 1;
      return { kind: 'literal', value: token.value };
    }
    if (token.kind === 'name') return this.word(token);
    if (!this.take('(')) this.refuse();
    const inner = this.either();
    this.expect(')');
    return inner;
  }

  private word(token: Token & { readonly kind: 'name' }): Expression {
    this.#next += 1;
    const { value } = token;
    if (value in CONSTANTS) return { kind: 'literal', value: CONSTANTS[value] };
    if (value === '$json') return { kind: 'item' };
    if (value === '$input') return this.path(['item', 'json'], { kind: 'item' });
    if (value === '$') return this.otherNode();
    if (value === '$now' || value === '$today') this.refuse(value, CLOCK, token);
    const name = value === 'Math' && this.take('.') ? `Math.${this.name()}` : value;
    if (!FUNCTIONS.has(name) || !this.isSign('(')) this.refuse(`"${name}"`, undefined, token);
    return { kind: 'call', name, optional: false, arguments: this.arguments() };
  }

  private otherNode(): Expression {
    this.expect('(');
    const token = this.peek();
    if (token.kind !== 'string') this.refuse('a node that is not named by a text');
    this.#next += 1;
    this.expect(')');
    return this.path(['item', 'json'], { kind: 'nodeItem', node: token.value });
  }

  private path(names: readonly string[], value: Expression): Expression {
    for (const name of names) {
      this.expect('.');
      const token = this.peek();
      const found = this.name();
      if (found !== name) this.refuse(`.${found}`, FIRST, token);
    }
    return value;
  }

  private arguments(): readonly Expression[] {
    this.expect('(');
    const list: Expression[] = [];
    while (!this.take(')')) {
      if (list.length > 0) this.expect(',');
      list.push(this.either());
    }
    return list;
  }

  private name(): string {
    const token = this.peek();
    if (token.kind !== 'name') this.refuse();
    this.#next += 1;
    return token.value;
  }

  private peek(): Token {
    const token = this.tokens[Math.min(this.#next, this.tokens.length - 1)];
    if (token === undefined) throw new Error('Tokens end with an end.');
    return token;
  }

  private isSign(value: string): boolean {
    const token = this.peek();
    return token.kind === 'sign' && token.value === value;
  }

  private take(value: string): boolean {
    const found = this.isSign(value);
    if (found) this.#next += 1;
    return found;
  }

  private expect(value: string): void {
    if (!this.take(value)) this.refuse();
  }

  private refuse(what?: string, remedy?: string, token = this.peek()): never {
    const said = what ?? (token.kind === 'end' ? 'an expression that ends here' : `"${String(token.value)}" here`);
    throw new Refused(notReadable(said, token.at, remedy).denial);
  }
}

const CONSTANTS: Readonly<Record<string, string | number | boolean | null | undefined>> = { true: true, false: false, null: null, undefined: undefined, NaN: Number.NaN };
