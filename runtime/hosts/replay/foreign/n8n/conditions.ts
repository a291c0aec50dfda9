import { z } from 'zod';
import { ok, type Outcome } from '../../../../domain/denial';
import { compileExpression, type Evaluate } from '../../expressions/evaluate';
import { parseTemplate } from '../../expressions/template';
import type { Expression, Json } from '../../expressions/ast';
import type { Scope } from '../../graph';
import type { Comparison, Test } from '../doing';
import { comparisonOf, type CompareOptions, type Operator } from './compare';
import { notAsSaved, notTranslated } from './saved';

const Type = z.enum(['string', 'number', 'boolean', 'array', 'object', 'dateTime']);

const Conditions = z.object({
  combinator: z.enum(['and', 'or']).default('and'),
  options: z.object({ caseSensitive: z.boolean().default(true), typeValidation: z.enum(['strict', 'loose']).default('strict'), version: z.number().default(1) }),
  conditions: z.array(z.object({
    leftValue: z.json().optional(), rightValue: z.json().optional(),
    operator: z.object({ type: Type, operation: z.string(), rightType: z.union([Type, z.literal('any')]).optional(), singleValue: z.boolean().default(false) }),
  })),
});

/** n8n's condition control, read once. */
export interface ReadConditions {
  readonly test: Test;
  readonly holds: (scope: Scope) => Outcome<boolean>;
}

/** Reads what n8n's condition control saves, as If, Filter and Switch have it. */
export function readConditions(saved: unknown): Outcome<ReadConditions> {
  const parsed = Conditions.safeParse(saved);
  if (!parsed.success) return notAsSaved(`${parsed.error.issues[0]?.path.join('.') ?? ''} ${parsed.error.issues[0]?.message ?? ''}`.trim());
  const { combinator, options: { caseSensitive, typeValidation, version }, conditions } = parsed.data;
  const options: CompareOptions = { ignoreCase: !caseSensitive, loose: typeValidation === 'loose', version };
  const read: Read[] = [];
  for (const [index, condition] of conditions.entries()) {
    const one = readCondition(condition, options, index + 1);
    if (!one.ok) return one;
    read.push(one.value);
  }
  const all = combinator === 'and';
  const holds = (scope: Scope): Outcome<boolean> => {
    for (const { holds: one } of read) {
      const result = one(scope);
      if (!result.ok || result.value !== all) return result;
    }
    return ok(all);
  };
  return ok({ test: { kind: all ? 'all' : 'any', tests: read.map(({ comparison }) => comparison) }, holds });
}

interface Read {
  readonly comparison: Comparison;
  readonly holds: (scope: Scope) => Outcome<boolean>;
}

type SavedCondition = z.infer<typeof Conditions>['conditions'][number];

function readCondition({ leftValue, rightValue, operator: saved }: SavedCondition, options: CompareOptions, number: number): Outcome<Read> {
  const operator = withoutDates(saved);
  const compare = operator === undefined ? undefined : comparisonOf(operator, options);
  if (operator === undefined || compare === undefined) return notTranslated(`Condition ${number} (${saved.type}: ${saved.operation})`, 'Compare numbers, texts, booleans or lists; times of the market are those of a Condition node of Bellwether.', 'conditions');
  const left = readValue(leftValue);
  if (!left.ok) return left;
  const right = readValue(rightValue);
  if (!right.ok) return right;
  const comparison: Comparison = { kind: 'compare', as: 'n8n', operator: `${operator.type}:${operator.operation}`, left: left.value.expression, right: right.value.expression, ignoreCase: options.ignoreCase, loose: options.loose };
  return ok({
    comparison,
    holds: (scope) => {
      const first = left.value.evaluate(scope);
      if (!first.ok) return first;
      const second = right.value.evaluate(scope);
      return second.ok ? compare(first.value, second.value) : second;
    },
  });
}

function withoutDates({ type, operation, rightType, singleValue }: SavedCondition['operator']): Operator | undefined {
  if (type === 'dateTime' || rightType === 'dateTime') return undefined;
  return { type, operation, singleValue, ...(rightType === undefined ? {} : { rightType }) };
}

/** A value as n8n saves it: a text may be an expression, anything else is what it is. */
export function readValue(saved: Json): Outcome<{ readonly expression: Expression; readonly evaluate: Evaluate }> {
  const expression = typeof saved === 'string' ? parseTemplate(saved) : ok<Expression>({ kind: 'literal', value: saved });
  return expression.ok ? ok({ expression: expression.value, evaluate: compileExpression(expression.value) }) : expression;
}
