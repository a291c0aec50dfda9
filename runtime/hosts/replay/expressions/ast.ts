/** A value that a parameter is made of, read from either editor's expression or property rule. Never evaluated by the host language: see evaluate.ts. */
export type Expression =
  | { readonly kind: 'literal'; readonly value: Json }
  /** The item: n8n's `$json`, Node-RED's `msg.payload`. */
  | { readonly kind: 'item' }
  /** Node-RED's whole message, `msg`. */
  | { readonly kind: 'message' }
  /** What the item was when another node put it out: n8n's `$('Name').item.json`. */
  | { readonly kind: 'nodeItem'; readonly node: string }
  /** A value that Node-RED keeps beside the messages. */
  | { readonly kind: 'kept'; readonly where: 'flow' | 'global'; readonly path: readonly (string | number)[] }
  | { readonly kind: 'member'; readonly of: Expression; readonly key: Expression; readonly optional: boolean }
  | { readonly kind: 'unary'; readonly operator: '!' | '-' | '+'; readonly of: Expression }
  | { readonly kind: 'binary'; readonly operator: BinaryOperator; readonly left: Expression; readonly right: Expression }
  | { readonly kind: 'either'; readonly test: Expression; readonly yes: Expression; readonly no: Expression }
  /** Text with values in it: n8n's `Buy {{ $json.symbol }} now`. */
  | { readonly kind: 'text'; readonly parts: readonly Expression[] }
  /** One of the few methods and functions of `calls.ts`; `of` is absent for a function. */
  | { readonly kind: 'call'; readonly name: string; readonly of?: Expression; readonly optional: boolean; readonly arguments: readonly Expression[] };

export type BinaryOperator = '+' | '-' | '*' | '/' | '%' | '**' | '==' | '!=' | '===' | '!==' | '<' | '<=' | '>' | '>=' | '&&' | '||' | '??';

export type Json = string | number | boolean | null | undefined | readonly Json[] | { readonly [name: string]: Json };
